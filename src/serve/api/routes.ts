/** Every route of the web API: the server registers these and no others, `/api/openapi.json` describes these and no others. */
import { z } from "zod";
import * as s from "./schemas.ts";

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** Under `/api/v1`; `{name}` for parameters. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** The body is a stream of octets, taken as it comes. */
  readonly octets?: true;
  readonly response?: z.ZodType;
  /** The answer is a file of one of these media types, or a stream. */
  readonly file?: readonly string[];
  /** The right that a session needs; without one every session may ask. */
  readonly needs?: s.Right;
  /** What people wrote goes back as they wrote it, invisible characters and all: only where it is edited. */
  readonly verbatim?: true;
  /** Answered before anybody has logged in. */
  readonly open?: true;
}

const upload = z.object({ file: z.string().min(1).max(300) });
export const reportQuery = z.object({
  lang: z.enum(["en", "fr"]).optional(),
  format: z.enum(["html", "pdf", "stix", "case", "ocsf", "misp", "eve", "syslog", "zeek", "csv"]).optional(),
});

export const ROUTES = {
  getSession: { method: "GET", path: "/session", summary: "The session; begins one on loopback", response: s.session, open: true },
  putSession: {
    method: "PUT",
    path: "/session",
    summary: "Under which name casework is recorded",
    body: s.sessionChange,
    response: s.session,
  },
  login: {
    method: "POST",
    path: "/login",
    summary: "Begins a session with the server's token",
    body: s.login,
    response: s.session,
    open: true,
  },
  listCases: { method: "GET", path: "/cases", summary: "Cases that are open", response: s.caseList },
  newCase: {
    method: "POST",
    path: "/cases",
    summary: "A new case without a scan",
    body: s.newCase,
    needs: "scan",
    response: s.caseSummary,
  },
  getCase: { method: "GET", path: "/cases/{case}", summary: "A case in numbers", response: s.caseSummary },
  overview: {
    method: "GET",
    path: "/cases/{case}/overview",
    summary: "What is watched, what was found, and the network",
    response: s.overview,
  },
  elements: {
    method: "GET",
    path: "/cases/{case}/elements",
    summary: "Network functions, paged",
    query: s.elementQuery,
    response: s.elementPage,
  },
  findings: {
    method: "GET",
    path: "/cases/{case}/findings",
    summary: "The queue: filtered, sorted, paged; `all` joins the cases",
    query: s.findingQuery,
    response: s.findingPage,
  },
  comparison: {
    method: "GET",
    path: "/cases/{case}/comparison",
    summary: "What is new since another case of the same network, what has gone, what stands stronger or weaker",
    query: s.comparisonQuery,
    response: s.comparison,
  },
  finding: { method: "GET", path: "/cases/{case}/findings/{finding}", summary: "One finding", response: s.finding },
  timeline: {
    method: "GET",
    path: "/cases/{case}/findings/{finding}/timeline",
    summary: "Order, effect, subscribers, coverage on one axis",
    response: s.timeline,
  },
  packets: {
    method: "GET",
    path: "/cases/{case}/findings/{finding}/packets",
    summary: "Matched packets side by side, masked",
    response: s.packets,
  },
  carved: {
    method: "GET",
    path: "/cases/{case}/findings/{finding}/carved.pcapng",
    summary: "The carved packets, for Wireshark",
    file: ["application/x-pcapng"],
  },
  openIdentities: {
    method: "POST",
    path: "/cases/{case}/findings/{finding}/identities",
    summary: "Identities in clear, where the case holds them; who asked and why is recorded in the case's log first",
    body: s.openIdentities,
    needs: "identities",
    response: s.identities,
  },
  newComment: {
    method: "POST",
    path: "/cases/{case}/findings/{finding}/comments",
    summary: "A comment, recorded in the case's log",
    body: s.newComment,
    needs: "annotate",
    response: s.comment,
  },
  triage: {
    method: "POST",
    path: "/cases/{case}/triage",
    summary: "State and assignment of findings, recorded in the case's log",
    body: s.triageChange,
    needs: "annotate",
    response: s.triageResult,
  },
  explore: {
    method: "GET",
    path: "/cases/{case}/explore",
    summary: "Sessions, tunnels and flows by address, name, pseudonym or TEID, or around a finding",
    query: s.exploreQuery,
    response: s.explored,
  },
  messages: {
    method: "GET",
    path: "/cases/{case}/messages",
    summary: "Control messages in the order of time, of a subscriber, an address, or around a finding, paged",
    query: s.messageQuery,
    response: s.messagePage,
  },
  lookUp: {
    method: "POST",
    path: "/cases/{case}/explore/identity",
    summary: "The pseudonym of an identity that a finding is about; who asked and why is recorded in the case's log first",
    body: s.lookUp,
    needs: "identities",
    response: s.lookedUp,
  },
  exposure: { method: "GET", path: "/cases/{case}/exposure", summary: "Whose data, how much, to whom, where", response: s.exposure },
  register: {
    method: "GET",
    path: "/cases/{case}/register",
    summary: "Warrants and grants against what was observed",
    response: s.register,
    needs: "li-cleared",
  },
  vendors: { method: "GET", path: "/cases/{case}/vendors", summary: "Vendors, compared", response: s.vendorList },
  vendor: {
    method: "GET",
    path: "/cases/{case}/vendors/{vendor}",
    summary: "A vendor's dossier",
    query: s.vendorQuery,
    response: s.vendor,
  },
  evidence: { method: "GET", path: "/cases/{case}/evidence", summary: "Log, heads, witnesses, bundle", response: s.evidence },
  entries: {
    method: "GET",
    path: "/cases/{case}/evidence/entries",
    summary: "Entries of the log, newest first",
    query: s.pageQuery,
    response: s.entryPage,
  },
  record: {
    method: "GET",
    path: "/cases/{case}/evidence/records/{record}",
    summary: "A record as it stands in the case",
    response: z.record(z.string(), z.unknown()),
  },
  handsets: {
    method: "GET",
    path: "/cases/{case}/handsets",
    summary: "Device types, and services apart from those of elements",
    response: s.handsets,
  },
  declaration: {
    method: "GET",
    path: "/cases/{case}/declaration",
    summary: "The declaration as text, with what is wrong in it",
    response: s.declaration,
    verbatim: true,
  },
  putDeclaration: {
    method: "PUT",
    path: "/cases/{case}/declaration",
    summary: "Saves network.yaml in the case; refused while it is wrong",
    body: s.declarationText,
    needs: "declare",
    response: s.declaration,
    verbatim: true,
  },
  checkDeclaration: {
    method: "POST",
    path: "/cases/{case}/declaration/check",
    summary: "What is wrong in a text, and where it stands",
    body: s.declarationText,
    response: s.declarationCheck,
  },
  draftDeclaration: {
    method: "POST",
    path: "/cases/{case}/declaration/draft",
    summary: "A draft: from uploads by `learn`, else from what the case saw",
    body: s.declarationDraft,
    needs: "declare",
    response: s.declaration,
    verbatim: true,
  },
  uploads: { method: "GET", path: "/cases/{case}/uploads", summary: "Uploads that wait, and scans", response: s.uploadList },
  upload: {
    method: "POST",
    path: "/cases/{case}/uploads",
    summary: "One capture, as a stream of octets",
    query: upload,
    octets: true,
    needs: "scan",
    response: s.upload,
  },
  deleteUpload: {
    method: "DELETE",
    path: "/cases/{case}/uploads/{upload}",
    summary: "Throws an upload away",
    needs: "scan",
    response: s.uploadList,
  },
  newScan: {
    method: "POST",
    path: "/cases/{case}/scans",
    summary: "Scans uploads into the case, in a process of its own",
    body: s.newScan,
    needs: "scan",
    response: s.scanJob,
  },
  scan: { method: "GET", path: "/cases/{case}/scans/{scan}", summary: "How far a scan is", response: s.scanJob },
  stopScan: { method: "DELETE", path: "/cases/{case}/scans/{scan}", summary: "Stops a scan", needs: "scan", response: s.scanJob },
  bundle: {
    method: "GET",
    path: "/cases/{case}/bundle",
    summary: "The bundle that a third party verifies",
    file: ["application/vnd.tapproof.bundle"],
  },
  report: {
    method: "GET",
    path: "/cases/{case}/report",
    summary: "The case as report or export",
    query: reportQuery,
    file: ["text/html", "application/pdf", "application/json", "application/ld+json", "application/x-ndjson", "text/plain", "text/csv"],
  },
  verify: { method: "POST", path: "/verify", summary: "Verifies a bundle", query: s.verifyQuery, octets: true, response: s.verifyResult },
  queue: { method: "GET", path: "/queue", summary: "What of your own is being worked on or waits, and at which place", response: s.queue },
  events: { method: "GET", path: "/events", summary: "Server-sent events: what changed", file: ["text/event-stream"] },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof ROUTES;
