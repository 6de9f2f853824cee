/** The web API's types for the client: types alone, no code. What each field means stands in `schemas.ts`. */
import type { z } from "zod";
import type * as s from "./schemas.ts";

export type ApiError = z.infer<typeof s.errorBody>;
export type TriageState = z.infer<typeof s.triageState>;
export type ByGrade = z.infer<typeof s.byGrade>;
export type Session = z.infer<typeof s.session>;
export type SessionChange = z.infer<typeof s.sessionChange>;
export type Login = z.infer<typeof s.login>;

export type CaseSummary = z.infer<typeof s.caseSummary>;
export type CaseList = z.infer<typeof s.caseList>;
export type NewCase = z.infer<typeof s.newCase>;
export type Point = z.infer<typeof s.point>;
export type Tier = z.infer<typeof s.tier>;
export type Plane = z.infer<typeof s.plane>;
export type NetworkNode = z.infer<typeof s.networkNode>;
export type NetworkEdge = z.infer<typeof s.networkEdge>;
export type Overview = z.infer<typeof s.overview>;
export type Element = z.infer<typeof s.element>;
export type ElementPage = z.infer<typeof s.elementPage>;

export type FindingQuery = z.infer<typeof s.findingQuery>;
export type Triage = z.infer<typeof s.triage>;
export type FindingRow = z.infer<typeof s.findingRow>;
export type FindingPage = z.infer<typeof s.findingPage>;
export type EvidenceRef = z.infer<typeof s.evidenceRef>;
export type Proof = z.infer<typeof s.proof>;
export type WayStation = z.infer<typeof s.wayStation>;
export type Way = z.infer<typeof s.way>;
export type Comment = z.infer<typeof s.comment>;
export type HistoryEntry = z.infer<typeof s.historyEntry>;
export type Finding = z.infer<typeof s.finding>;
export type OpenIdentities = z.infer<typeof s.openIdentities>;
export type Identities = z.infer<typeof s.identities>;
export type MaskedPacket = z.infer<typeof s.maskedPacket>;
export type PacketPair = z.infer<typeof s.packetPair>;
export type Packets = z.infer<typeof s.packets>;
export type Span = z.infer<typeof s.span>;
export type Lane = z.infer<typeof s.lane>;
export type Timeline = z.infer<typeof s.timeline>;
export type TriageChange = z.infer<typeof s.triageChange>;
export type TriageResult = z.infer<typeof s.triageResult>;
export type NewComment = z.infer<typeof s.newComment>;

export type Exposure = z.infer<typeof s.exposure>;
export type Register = z.infer<typeof s.register>;
export type VendorSummary = z.infer<typeof s.vendorSummary>;
export type VendorList = z.infer<typeof s.vendorList>;
export type Condition = z.infer<typeof s.condition>;
export type Vendor = z.infer<typeof s.vendor>;
export type LogEntry = z.infer<typeof s.logEntry>;
export type Evidence = z.infer<typeof s.evidence>;
export type EntryPage = z.infer<typeof s.entryPage>;
export type Handsets = z.infer<typeof s.handsets>;

export type Problem = z.infer<typeof s.problem>;
export type DeclarationFunction = z.infer<typeof s.declarationFunction>;
export type Declaration = z.infer<typeof s.declaration>;
export type DeclarationText = z.infer<typeof s.declarationText>;
export type DeclarationCheck = z.infer<typeof s.declarationCheck>;
export type DeclarationDraft = z.infer<typeof s.declarationDraft>;
export type Upload = z.infer<typeof s.upload>;
export type UploadList = z.infer<typeof s.uploadList>;
export type NewScan = z.infer<typeof s.newScan>;
export type Queued = z.infer<typeof s.queued>;
export type ScanJob = z.infer<typeof s.scanJob>;
export type ServerEvent = z.infer<typeof s.event>;
