import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { GRADES, type FindingDraft, type FrameEvidence, type Standing, type Witness } from "#model/finding.ts";
import type { Statement } from "#model/statement.ts";
import { microsToRfc3339 } from "#model/time.ts";
import { FINDINGS_SCHEMA, type EvidenceRecord, type FindingRecord } from "./document.ts";
import { counted, explanationRecord, premiseRecord, stepRecord, summaryRecord } from "./said.ts";
import { precedence, receiverOf } from "./merge.ts";

/** `contract.md` §4: at most so many frames a capture are listed. */
const LISTED_FRAMES = 1000;

export interface Assembly {
  readonly network: string | null;
  /** SHA-256 of the capture at an index of this run. */
  captureHash(capture: number): string;
  /** Secret of this run (or case) under which identities become pseudonyms. */
  readonly pseudonymKey: Uint8Array;
  /** Show identities in clear beside the pseudonyms. */
  readonly identities: boolean;
  /** All identities known of a subscriber key, as `imsi:…`, `msisdn:…`, `imei:…`, `ip:…`. */
  identitiesOf(subscriberKey: string): readonly string[];
  /** A subscriber's address: an identity like any other. */
  isUser(address: string): boolean;
  readonly standing: Standing;
}

/**
 * SHA-256 over the canonical JSON of what was asserted about whom (`contract.md` §4): never of frames, prints, keys or files, so that it is the
 * same at any sampling, order and machine.
 */
export function findingId(draft: FindingDraft, network: string | null): string {
  const { claim, element } = draft;
  const text = canonicalJson([FINDINGS_SCHEMA, claim, network, element.name ?? element.address, receiverOf(draft)]);
  return createHash("sha256").update(text).digest("hex");
}

/** Keys as the crypto module wants them: making one anew costs three times the hash itself. */
const secrets = new WeakMap<Uint8Array, KeyObject>();

/** A keyed hash: equal for equal identities within a run, useless without the key. 96 bits are far from colliding. */
export function pseudonym(key: Uint8Array, identity: string): string {
  let secret = secrets.get(key);
  if (secret === undefined) secrets.set(key, (secret = createSecretKey(key)));
  return `s:${createHmac("sha256", secret).update(identity).digest("base64url").slice(0, 16)}`;
}

/** Drafts (already merged) as records: strongest first, then by claim, then by id. */
export function assemble(drafts: readonly FindingDraft[], assembly: Assembly): FindingRecord[] {
  return drafts
    .map((draft) => record(draft, assembly))
    .sort(
      (a, b) => GRADES.indexOf(b.grade) - GRADES.indexOf(a.grade) || precedence(a.claim) - precedence(b.claim) || (a.id < b.id ? -1 : 1),
    );
}

/** Evidence names captures by their content: a file given twice, under two names, is one. */
function evidenceByContent(list: readonly FrameEvidence[], assembly: Assembly): EvidenceRecord[] {
  const byHash = new Map<string, EvidenceRecord>();
  for (const { capture: index, frames, framesTotal } of list) {
    const capture = assembly.captureHash(index);
    const known = byHash.get(capture);
    if (known === undefined) byHash.set(capture, { capture, frames, framesTotal });
    else {
      const joined = [...new Set([...known.frames, ...frames])].sort((a, b) => a - b);
      const total = Math.max(known.framesTotal, framesTotal, joined.length);
      byHash.set(capture, { capture, frames: joined.slice(0, LISTED_FRAMES), framesTotal: total });
    }
  }
  return [...byHash.values()].sort((a, b) => (a.capture < b.capture ? -1 : 1));
}

/** A receiver that is a subscriber's device goes by the pseudonym of its address, in sentences too, unless identities are asked for. */
function masked(draft: FindingDraft, assembly: Assembly): FindingDraft {
  const address = draft.receiver?.address ?? null;
  if (assembly.identities || draft.receiver === null || address === null || !assembly.isUser(address)) return draft;
  const hidden = pseudonym(assembly.pseudonymKey, `ip:${address}`);
  const said = (value: unknown): unknown => {
    if (typeof value === "string") return value.replaceAll(address, hidden);
    if (Array.isArray(value)) return value.map(said);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, said(inner)]));
  };
  const told = (statement: Statement): Statement => ({ ...statement, values: said(statement.values) as Statement["values"] });
  return {
    ...draft,
    summary: told(draft.summary),
    receiver: { ...draft.receiver, address: hidden },
    premises: draft.premises.map((premise) => ({ ...premise, statement: told(premise.statement) })),
    ruledOut: draft.ruledOut.map((one) => ({ ...one, explanation: told(one.explanation), because: told(one.because) })),
    ...(draft.witnesses === undefined ? {} : { witnesses: draft.witnesses.map((one) => ({ ...one, summary: told(one.summary) })) }),
    ...(draft.details === undefined ? {} : { details: said(draft.details) as NonNullable<FindingDraft["details"]> }),
  };
}

function record(whole: FindingDraft, assembly: Assembly): FindingRecord {
  const draft = masked(whole, assembly);
  const evidence = (list: readonly FrameEvidence[]): EvidenceRecord[] => evidenceByContent(list, assembly);
  const pseudonyms = draft.subscribers.map((key) => pseudonym(assembly.pseudonymKey, key)).sort();
  const clear = assembly.identities
    ? { identities: [...new Set(draft.subscribers.flatMap((key) => assembly.identitiesOf(key)))].sort() }
    : {};
  return {
    id: findingId(whole, assembly.network),
    claim: draft.claim,
    grade: draft.grade,
    ...summaryRecord(counted(draft.summary, pseudonyms.length, draft.packets)),
    element: draft.element,
    receiver: draft.receiver,
    act: draft.act,
    transport: draft.transport,
    subscribers: { count: pseudonyms.length, pseudonyms, ...clear },
    data: draft.data,
    packets: draft.packets,
    bytes: draft.bytes,
    first: microsToRfc3339(draft.firstMicros),
    last: microsToRfc3339(draft.lastMicros),
    bits: Math.floor(draft.bits),
    chance: draft.chance === null ? null : Math.max(draft.chance, 1e-300),
    standing: assembly.standing,
    premises: draft.premises.map(premiseRecord),
    evidence: evidence(draft.evidence),
    ruledOut: draft.ruledOut.map(explanationRecord),
    witnesses: (draft.witnesses ?? []).map((witness: Witness) => ({
      claim: witness.claim,
      grade: witness.grade,
      ...summaryRecord(witness.summary),
      evidence: evidence(witness.evidence),
    })),
    sources: draft.sources,
    arithmetic: draft.arithmetic.map(stepRecord),
    details: draft.details ?? {},
  };
}
