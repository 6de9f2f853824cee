import { createHash, createHmac, createSecretKey, type KeyObject } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { GRADES, type FindingDraft, type FrameEvidence, type Standing, type Witness } from "#model/finding.ts";
import { fromMicros, toRfc3339 } from "#model/time.ts";
import { FINDINGS_SCHEMA, type EvidenceRecord, type FindingRecord } from "./document.ts";
import { precedence } from "./merge.ts";

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
  readonly standing: Standing;
}

/**
 * SHA-256 over the canonical JSON of what was asserted about whom (`contract.md` §4): never of frames, prints, keys or files, so that it is the
 * same at any sampling, order and machine.
 */
export function findingId(draft: FindingDraft, network: string | null): string {
  const { claim, element, receiver } = draft;
  const to = receiver === null ? null : (receiver.name ?? receiver.identity ?? receiver.address);
  const text = canonicalJson([FINDINGS_SCHEMA, claim, network, element.name ?? element.address, to]);
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

function record(draft: FindingDraft, assembly: Assembly): FindingRecord {
  const evidence = (list: readonly FrameEvidence[]): EvidenceRecord[] =>
    list
      .map(({ capture, frames, framesTotal }) => ({ capture: assembly.captureHash(capture), frames, framesTotal }))
      .sort((a, b) => (a.capture < b.capture ? -1 : 1));
  const pseudonyms = draft.subscribers.map((key) => pseudonym(assembly.pseudonymKey, key)).sort();
  const clear = assembly.identities
    ? { identities: [...new Set(draft.subscribers.flatMap((key) => assembly.identitiesOf(key)))].sort() }
    : {};
  return {
    id: findingId(draft, assembly.network),
    claim: draft.claim,
    grade: draft.grade,
    summary: draft.summary,
    element: draft.element,
    receiver: draft.receiver,
    act: draft.act,
    transport: draft.transport,
    subscribers: { count: pseudonyms.length, pseudonyms, ...clear },
    data: draft.data,
    packets: draft.packets,
    bytes: draft.bytes,
    first: toRfc3339(fromMicros(draft.firstMicros)),
    last: toRfc3339(fromMicros(draft.lastMicros)),
    bits: Math.floor(draft.bits),
    chance: draft.chance === null ? null : Math.max(draft.chance, 1e-300),
    standing: assembly.standing,
    premises: draft.premises,
    evidence: evidence(draft.evidence),
    ruledOut: draft.ruledOut,
    witnesses: (draft.witnesses ?? []).map((witness: Witness) => ({ ...witness, evidence: evidence(witness.evidence) })),
    sources: draft.sources,
    arithmetic: draft.arithmetic,
    details: draft.details ?? {},
  };
}
