import { CLAIMS, GRADES, type Claim, type FindingDraft, type Grade, type Witness } from "#model/finding.ts";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";

/**
 * One act, one finding (`contract.md` §4): drafts that describe the same act become one, the first in the order of claims; the others are its witnesses.
 *
 * Two drafts describe the same act when they are of one claim, element and receiver; when they share a carrier (conversation) or evidence frames;
 * when one is the bare exchange (`undeclared-peer`, `ghost-tunnel`) between the same two ends; or when one is an order and the other its effect at the place the order names.
 */
export function mergeActs(drafts: readonly FindingDraft[]): FindingDraft[] {
  const same = sameFinding(drafts);
  const ordered = [...same].sort((a, b) => precedence(a.claim) - precedence(b.claim) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const merged: FindingDraft[] = [];
  const places = new Map<string, number[]>();
  for (const draft of ordered) {
    const at = candidates(places, draft).find((place) => describesSameAct(merged[place] as FindingDraft, draft));
    const place = at ?? merged.length;
    merged[place] = at === undefined ? draft : withWitness(merged[at] as FindingDraft, draft);
    for (const end of endsOf(draft)) {
      const known = places.get(end);
      if (known === undefined) places.set(end, [place]);
      else if (known.at(-1) !== place && known.length < MAX_CANDIDATES) known.push(place);
    }
  }
  return merged;
}

/** Findings at one element or receiver that a draft is compared with; past it, a flood of findings would be compared pair by pair. */
const MAX_CANDIDATES = 256;

function endsOf(draft: FindingDraft): string[] {
  return [...new Set([elementKey(draft), receiverKey(draft), receiverName(draft)])].filter((end) => end !== "");
}

/** Earlier findings that have an end in common with this one, first come first. */
function candidates(places: ReadonlyMap<string, readonly number[]>, draft: FindingDraft): number[] {
  return [...new Set(endsOf(draft).flatMap((end) => places.get(end) ?? []))].sort((a, b) => a - b);
}

export function precedence(claim: Claim): number {
  return CLAIMS.indexOf(claim);
}

function describesSameAct(first: FindingDraft, later: FindingDraft): boolean {
  if (first.claim === later.claim) return false;
  const sameReceiver =
    (receiverKey(first) !== "" && receiverKey(first) === receiverKey(later)) ||
    (receiverOf(first) !== null && receiverOf(first) === receiverOf(later));
  const sameElement = elementKey(first) === elementKey(later);
  // The bare exchange, or the tunnel that carries it, between the very two ends of an act.
  if (sameReceiver && sameElement && CLAIM_TRAITS[later.claim].carriage) return true;
  // The same exchange seen from its other end: who is the element is each claim's own question.
  const crossed = elementKey(first) === receiverName(later) && elementKey(later) === receiverName(first);
  if (crossed && later.claim === "undeclared-peer") return true;
  if (
    sameReceiver &&
    CLAIM_TRAITS[first.claim].deliveryOrder &&
    CLAIM_TRAITS[later.claim].effect &&
    (sameElement || first.act !== "effected")
  )
    return true;
  const carriers = new Set(first.carriers ?? []);
  if ((later.carriers ?? []).some((carrier) => carriers.has(carrier))) return true;
  // A frame may bundle messages of different acts (SCTP chunks): shared frames count only where an end is shared too.
  return (sameReceiver || sameElement) && later.claim !== "weakened-protection" && sharesFrames(first, later);
}

function sharesFrames(a: FindingDraft, b: FindingDraft): boolean {
  for (const mine of a.evidence) {
    const theirs = b.evidence.find((evidence) => evidence.capture === mine.capture);
    if (theirs === undefined) continue;
    const frames = new Set(mine.frames);
    if (theirs.frames.some((frame) => frames.has(frame))) return true;
  }
  return false;
}

function withWitness(finding: FindingDraft, other: FindingDraft): FindingDraft {
  const witness: Witness = { claim: other.claim, grade: other.grade, summary: other.summary, evidence: other.evidence };
  // An order whose effect is seen at its receiver has had its effect; what flowed before it was given is none.
  const effected = isEffectOf(finding, other) && other.lastMicros >= finding.firstMicros;
  return {
    ...finding,
    // An order that lacks nothing but its answer: the effect stands for it (`contract.md` §1).
    grade: effected && finding.lacksAnswer === true ? "proven" : jointGrade(finding, other),
    act: effected ? "effected" : finding.act,
    witnesses: [...(finding.witnesses ?? []), witness, ...(other.witnesses ?? [])],
    subscribers: union(finding.subscribers, other.subscribers),
    data: union(finding.data, other.data),
    carriers: union(finding.carriers ?? [], other.carriers ?? []),
    firstMicros: Math.min(finding.firstMicros, other.firstMicros),
    lastMicros: Math.max(finding.lastMicros, other.lastMicros),
    bits: Math.max(finding.bits, other.bits),
    chance: finding.chance ?? other.chance,
    ...(finding.arithmetic.length > 0 ? {} : arithmeticOf(other)),
    restsOn: union(finding.restsOn, other.restsOn),
  };
}

/** Traffic that the order would cause: packets that are more than a sign of life, and for duplication such as carry users' packets. */
function isEffectOf(order: FindingDraft, other: FindingDraft): boolean {
  if (!CLAIM_TRAITS[order.claim].deliveryOrder || !CLAIM_TRAITS[other.claim].effect || other.packets === 0) return false;
  if (other.claim !== "undeclared-peer") return true;
  const { layers } = other.transport;
  if (order.claim === "undeclared-duplication") return layers.includes("gtp-u") || layers.length > 1;
  return !layers.some((layer) => layer === "icmp" || layer === "icmpv6");
}

/** Without a declaration nobody says whose network this is and what it allows: all is an indication at most (`contract.md` §3), whoever agrees. */
export function withoutDeclaration(drafts: readonly FindingDraft[]): FindingDraft[] {
  return drafts.map((draft) => (draft.grade === "indication" ? draft : { ...draft, grade: "indication" }));
}

/**
 * A declaration that nobody reviewed (`unreviewed:`) is a machine's reading of the same traffic: what it decides is assumed and declared by
 * nobody. An explanation that only the declaration decides is then untested (`method.md` §2), so that no finding is more than corroborated,
 * whoever agrees.
 */
export function againstDraft(drafts: readonly FindingDraft[]): FindingDraft[] {
  return drafts.map((draft) => ({
    ...draft,
    grade: draft.grade === "proven" ? "corroborated" : draft.grade,
    premises: draft.premises.map((p) => (p.status === "declared" ? { ...p, status: "assumed" as const } : p)),
    ...(draft.witnesses === undefined
      ? {}
      : { witnesses: draft.witnesses.map((w) => (w.grade === "proven" ? { ...w, grade: "corroborated" as const } : w)) }),
  }));
}

/** Score, its table, and the packets side by side belong together. */
function arithmeticOf(other: FindingDraft): Pick<FindingDraft, "arithmetic" | "matchTable" | "matchedPairs"> {
  const { arithmetic, matchTable, matchedPairs } = other;
  return { arithmetic, ...(matchTable === undefined ? {} : { matchTable }), ...(matchedPairs === undefined ? {} : { matchedPairs }) };
}

/** The highest grade among them; two independent detectors that agree are `corroborated` (`contract.md` §1). */
function jointGrade(a: FindingDraft, b: FindingDraft): Grade {
  const higher = Math.max(GRADES.indexOf(a.grade), GRADES.indexOf(b.grade));
  if (higher > 0) return GRADES[higher] as Grade;
  const orderAndEffect = CLAIM_TRAITS[a.claim].deliveryOrder && CLAIM_TRAITS[b.claim].effect;
  const shared = new Set(a.restsOn);
  const independent = orderAndEffect || !b.restsOn.some((support) => shared.has(support));
  return independent ? "corroborated" : "indication";
}

/** One finding holds all subscribers and periods of a (claim, element, receiver). */
function sameFinding(drafts: readonly FindingDraft[]): FindingDraft[] {
  const byKey = new Map<string, FindingDraft>();
  for (const draft of drafts) {
    const key = keyOf(draft);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? draft : together(known, draft));
  }
  return [...byKey.values()];
}

function together(a: FindingDraft, b: FindingDraft): FindingDraft {
  const [strong, weak] = GRADES.indexOf(b.grade) > GRADES.indexOf(a.grade) || (b.grade === a.grade && b.bits > a.bits) ? [b, a] : [a, b];
  return {
    ...strong,
    subscribers: union(strong.subscribers, weak.subscribers),
    data: union(strong.data, weak.data),
    packets: strong.packets + weak.packets,
    bytes: strong.bytes + weak.bytes,
    firstMicros: Math.min(a.firstMicros, b.firstMicros),
    lastMicros: Math.max(a.lastMicros, b.lastMicros),
    evidence: joinEvidence(strong.evidence, weak.evidence),
    carriers: union(strong.carriers ?? [], weak.carriers ?? []),
    restsOn: union(strong.restsOn, weak.restsOn),
    sources: union(strong.sources, weak.sources),
    witnesses: [...(strong.witnesses ?? []), ...(weak.witnesses ?? [])],
  };
}

export function joinEvidence(a: FindingDraft["evidence"], b: FindingDraft["evidence"]): FindingDraft["evidence"] {
  const captures = [...new Set([...a, ...b].map((evidence) => evidence.capture))].sort((x, y) => x - y);
  return captures.map((capture) => {
    const parts = [...a, ...b].filter((evidence) => evidence.capture === capture);
    const frames = [...new Set(parts.flatMap((part) => part.frames))].sort((x, y) => x - y);
    const listed = parts.reduce((sum, part) => sum + part.frames.length, 0);
    const total = parts.reduce((sum, part) => sum + part.framesTotal, 0) - (listed - frames.length);
    return { capture, frames: frames.slice(0, 1000), framesTotal: total };
  });
}

function union<T>(a: readonly T[], b: readonly T[]): T[] {
  return [...new Set([...a, ...b])];
}

export function elementKey(draft: FindingDraft): string {
  return draft.element.name ?? draft.element.address ?? "";
}

export function receiverKey(draft: FindingDraft): string {
  return draft.receiver === null ? "" : (draft.receiver.address ?? draft.receiver.identity ?? draft.receiver.name ?? "");
}

/** The receiver as an element would be called: by its declared name, else its address. */
function receiverName(draft: FindingDraft): string {
  return draft.receiver === null ? "" : (draft.receiver.name ?? draft.receiver.address ?? "");
}

/** What a finding's id is computed over: two drafts of one key would bear one id. */
function keyOf(draft: FindingDraft): string {
  return `${draft.claim}\n${elementKey(draft)}\n${receiverOf(draft) ?? ""}`;
}

/** The receiver as ids name it (`contract.md` §4): several addresses of one declared name are one receiver. */
export function receiverOf({ receiver }: Pick<FindingDraft, "receiver">): string | null {
  return receiver === null ? null : (receiver.name ?? receiver.identity ?? receiver.address);
}
