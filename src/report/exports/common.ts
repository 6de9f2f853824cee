/** What all exports share: what may be told, deterministic identifiers, MITRE ATT&CK techniques, confidence. */
import { createHash } from "node:crypto";
import type { FindingRecord } from "#findings/document.ts";
import type { Claim, Grade } from "#model/finding.ts";
import { Voice } from "#report/voice.ts";
import { attributionText } from "#report/statements.ts";
import type { CaseData } from "#report/case-data.ts";
import { draftState, type CaseMetaWithReplies, type DraftState } from "#report/draft.ts";
import type { Reader } from "#report/reader.ts";
import { openData, select, type Selection } from "#report/selection.ts";

export interface ExportInput {
  readonly data: CaseData;
  readonly selection: Selection;
  readonly draft: DraftState;
  readonly voice: Voice;
}

export function exportInput(whole: CaseData, reader: Reader, nowMillis: number): ExportInput {
  const selection = select(whole, reader);
  const data = openData(whole, selection);
  return {
    data,
    selection,
    draft: draftState(data.meta as CaseMetaWithReplies, data.declaration, selection, nowMillis),
    voice: new Voice("en"),
  };
}

/** Our own namespace: UUIDv5 of the URL namespace and the project's name for itself. */
const NAMESPACE = uuid5("6ba7b811-9dad-11d1-80b4-00c04fd430c8", "urn:tapproof:exports:1");

/** RFC 9562 §5.5. */
export function uuid5(namespace: string, name: string): string {
  const hash = createHash("sha1")
    .update(Buffer.from(namespace.replaceAll("-", ""), "hex"))
    .update(name, "utf8")
    .digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** The same input gives the same id, on every machine and run. */
export function idOf(...parts: readonly (string | number | null)[]): string {
  return uuid5(NAMESPACE, JSON.stringify(parts));
}

export interface Technique {
  readonly id: string;
  readonly name: string;
  readonly domain: "enterprise" | "mobile";
  readonly tactic: string;
  readonly tacticId: string;
}

const technique = (id: string, name: string, tactic: string, tacticId: string, domain: Technique["domain"] = "enterprise"): Technique => ({
  id,
  name,
  domain,
  tactic,
  tacticId,
});
const DUPLICATION = technique("T1020.001", "Traffic Duplication", "Exfiltration", "TA0010");
const SNIFFING = technique("T1040", "Network Sniffing", "Collection", "TA0009");
const LOCATION = technique("T1430", "Location Tracking", "Collection", "TA0035", "mobile");

/** MITRE ATT&CK techniques that an act of this kind resembles. They sort findings; they say nothing about who acted. */
export const TECHNIQUES: Readonly<Record<Claim, readonly Technique[]>> = {
  "covert-copy": [DUPLICATION, SNIFFING],
  "unwarranted-interception": [DUPLICATION, SNIFFING],
  "undeclared-duplication": [DUPLICATION],
  "undeclared-trace": [LOCATION],
  "unreasoned-query": [LOCATION],
  "ghost-tunnel": [technique("T1572", "Protocol Tunneling", "Command and Control", "TA0011")],
  "undeclared-peer": [technique("T1071", "Application Layer Protocol", "Command and Control", "TA0011")],
  "ungranted-access": [technique("T1021", "Remote Services", "Lateral Movement", "TA0008")],
  "covert-channel": [technique("T1001", "Data Obfuscation", "Command and Control", "TA0011")],
  "weakened-protection": [technique("T1600", "Weaken Encryption", "Defense Evasion", "TA0005")],
};

export function techniqueUrl(t: Technique): string {
  return `https://attack.mitre.org/techniques/${t.id.replace(".", "/")}/`;
}

/** 0 to 100. How strong the evidence of the act is; not how sure anybody is of a culprit. */
export const CONFIDENCE: Readonly<Record<Grade, number>> = { indication: 30, corroborated: 70, proven: 95 };

/** Premises, attribution and standing as one text: travels with every exported finding. */
export function caveats(f: FindingRecord, { data, voice, draft }: ExportInput): string {
  const words = voice.words.report;
  const lead = data.document.declaration === null ? words.lead.ifNoDeclaration : f.standing === "given" ? words.lead.if : "";
  const premises = f.premises.map((p) => `${p.statement} (${p.status})`).join(" ");
  return [
    `${lead}${f.summary}`,
    attributionText(f, voice),
    words.attributionGeneral,
    `Standing: ${f.standing}. Grade: ${f.grade}. Premises: ${premises}`,
    draft.isDraft ? "Draft: the reply period of a vendor named here has not ended." : "",
  ]
    .filter((t) => t !== "")
    .join("\n");
}

/** Milliseconds, RFC 3339: the precision STIX and others take. */
export function millis(rfc3339: string): string {
  return new Date(Date.parse(rfc3339.replace(/(\.\d{3})\d+/, "$1"))).toISOString();
}

/** When the case was last added to: the exports' own time, so that the same case gives the same file. */
export function caseTime(data: CaseData): string {
  return millis(data.meta.runs.at(-1)?.at ?? data.meta.created);
}

export { isIPv4 as isIpv4, isIPv6 as isIpv6 } from "node:net";
