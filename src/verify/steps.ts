/**
 * L2: the steps of a finding's arithmetic are codes and numbers, so that no sentence of a bundle passes for the verifier's own: they are made again
 * from the match table, or, where rhythm spoke, follow from one another (docs/bundle-format.md §6).
 */
import { boundsOf, refuseImpossible, type Step } from "./arithmetic.ts";
import type { Bundle, LoggedRecord } from "./bundle.ts";
import type { Json, JsonObject } from "./canonical.ts";
import { asNumber, asObject, asObjects, asText } from "./records.ts";
import { Failure } from "./result.ts";

/** Microbits by which two machines' logarithms may differ, rounding included. */
const TOLERANCE = 10;
/** Bits that rhythm may state (docs/copies.md §7). */
const MOST_STATED = 40;

/** Number of steps of this finding. */
export function stepsOf(b: Bundle, f: LoggedRecord): number {
  const match = b.named(f.record["match"], "match", f);
  const stated = asObjects(match.record["arithmetic"]).map((s): Step => ({ code: asText(s["code"]), bits: Number(s["microbits"]) }));
  const bits = Number(f.record["bits"]);
  const copy = [f.record, ...asObjects(f.record["witnesses"])].some((r) => r["claim"] === "covert-copy");
  // One packet in several was looked at: said, and worth nothing.
  const sampled = stated.at(-1)?.code === "sampling" && stated.at(-1)?.bits === 0 ? stated.slice(0, -1) : stated;
  if (!copy) {
    if (stated.length > 0 || match.record["table"] !== null)
      throw new Failure("has steps of an arithmetic that its claim does not have", match.part);
    return 0;
  }
  const expected = match.record["table"] === null ? rhythm(sampled, f.record) : tableSteps(match.record["table"] as Json, match.part);
  const all = [...expected, { code: "score", bits }];
  const same =
    all.length === sampled.length &&
    all.every(({ code, bits: exact }, i) => sampled[i]?.code === code && Math.abs(sampled[i].bits - exact * 1e6) <= TOLERANCE);
  if (!same) throw new Failure("its steps are not those of its match table, or do not lead to its score", match.part);
  return stated.length;
}

function tableSteps(table: Json, part: string): readonly Step[] {
  const { steps } = boundsOf(table, part);
  refuseImpossible(table, part);
  return steps;
}

/** Bursts that were followed, less the pairs that were tried; how many those were, the finding says where it is one of rhythm itself. */
function rhythm(stated: readonly Step[], finding: JsonObject): Step[] {
  const [bursts, family] = stated.map((s) => s.bits / 1e6);
  const tried = asNumber(asObject(finding["details"])["pairsTried"]);
  if (bursts === undefined || family === undefined) return [];
  const exact = Number.isNaN(tried) ? Math.min(0, family) : -Math.log2(Math.max(1, tried));
  const score = Math.max(0, Math.min(MOST_STATED, bursts + exact));
  const bits = Number(finding["bits"]);
  const rounded = bits <= score + 1e-5 && (bits + 1 > score - 1e-5 || bits === MOST_STATED);
  return rounded
    ? [
        { code: "bursts", bits: bursts },
        { code: "family", bits: exact },
      ]
    : [];
}
