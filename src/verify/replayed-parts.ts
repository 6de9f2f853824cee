/** The part of each record that captures, declaration and register determine: what is left out is keyed, a reference, or attested (`attested.ts`). */
import { ATTESTED_GAPS } from "./attested.ts";
import type { Json, JsonObject } from "./canonical.ts";
import { asNumber, asObject, asObjects, asText, asTexts } from "./records.ts";

export function without(record: JsonObject, ...left: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !left.includes(name)));
}

/** The standing follows from the seal, which `standing` judges (L2). */
export function findingPart(record: JsonObject): JsonObject {
  return {
    ...without(record, "match", "carved", "standing"),
    subscribers: { count: asNumber(asObject(record["subscribers"])["count"]) },
    identities: { count: asNumber(asObject(record["identities"])["count"]) },
  };
}

export function matchPart(record: JsonObject): JsonObject {
  return { ...record, pairs: asObjects(record["pairs"]).map((pair) => without(pair, "copyCommitment", "originalCommitment")) };
}

/** The file itself is compared octet for octet. */
export function carvedPart(record: JsonObject): JsonObject {
  return { ...record, frames: asObjects(record["frames"]).map((frame) => without(frame, "commitment")) };
}

/** Lines that tell how full the tables of the copy search were: with other keys they are a little fuller or emptier, and say so in other numbers. */
const TABLES: readonly unknown[] = ["unseen.copies-late", "unseen.copies-before"];
/** Packets that found no room: none at all, perhaps, with other keys. */
const NO_ROOM = "unseen.copies-ways";

/** References (what they name is compared itself), the place among the runs (L1), and the beacon, which is attested. */
const ELSEWHERE = ["sequence", "previous", "captures", "tapMap", "declaration", "register", "settings", "printKeys", "findings", "beacon"];

export function coveragePart(record: JsonObject, keyed: boolean): JsonObject {
  const part = without(record, ...ELSEWHERE, "notSeenCodes");
  const codes = record["notSeenCodes"] as readonly Json[] | undefined;
  const said = ((record["notSeen"] ?? []) as readonly Json[]).flatMap((line, i): Json[] => {
    const coded = codes?.[i] ?? null;
    const code = asObject(coded)["code"];
    if (!keyed && code === NO_ROOM) return [];
    return !keyed && TABLES.includes(code) ? ["how full the tables were"] : [[line, coded]];
  });
  return { ...part, gaps: asObjects(record["gaps"]).filter((gap) => !ATTESTED_GAPS.includes(asText(gap["kind"]))), notSeen: said };
}

/** Which findings (by their place) each subscriber is in, in an order that no key enters. */
export function groupsOf(findings: readonly JsonObject[]): Json {
  const places = new Map<string, number[]>();
  for (const [i, finding] of findings.entries()) {
    for (const one of asTexts(asObject(finding["subscribers"])["pseudonyms"])) {
      const known = places.get(one);
      if (known === undefined) places.set(one, [i]);
      else known.push(i);
    }
  }
  return [...places.values()].map((list) => list.join(" ")).sort();
}
