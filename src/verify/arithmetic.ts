/**
 * L2: `bits` of a finding computed again from its match table (docs/copies.md §4; `method.md` §2). All logarithms are to base 2.
 *
 * ```
 * M      = F_a * F_b * T
 * hash   = k * (w - log2 n_a - log2 n_b) + k_whole * w + log2 k! - log2 M,                     not below 0
 * source = -log2 M + sum over flows of (B_j - log2 n_b - [j > 1] log2 F_s), where positive
 *          + min(40, sum over the other flows of (plain_j - log2 n_b - log2 F_s), where positive),   not below 0
 * bits   = floor(min(hash, source))
 * ```
 */
import { isObject, type Json, type JsonObject } from "./canonical.ts";
import { asObject, asObjects } from "./records.ts";
import { Failure } from "./result.ts";

const CIPHER_CAP = 256;
/** RTP: SSRC 32, timestamp 28, sequence number 15. */
const RTP_CAP = 75;
const RANDOM_CAP = 224;
const PLAIN_CAP = 40;
const ALPHA = 2 ** -20;

interface Flow {
  readonly offered: number;
  readonly matches: number;
  readonly whole: number;
  readonly unique: number;
  readonly plain: number;
}

/** Reading a table: every number is a whole one within its bounds, or the table is refused. */
class Reader {
  private readonly object: JsonObject;
  private readonly part: string;
  constructor(value: Json | undefined, part: string) {
    if (!isObject(value)) throw new Failure("its match table is malformed", part);
    this.object = value;
    this.part = part;
  }
  count(name: string, most = Number.MAX_SAFE_INTEGER): number {
    const value = this.object[name];
    if (typeof value !== "number" || value < 0 || value > most) throw new Failure(`its match table has no valid ${name}`, this.part);
    return value;
  }
  object_(name: string): Reader {
    return new Reader(this.object[name], this.part);
  }
  raw(name: string): Json | undefined {
    return this.object[name];
  }
}

export interface Step {
  readonly code: string;
  readonly bits: number;
}

export interface Bounds {
  readonly hash: number;
  readonly source: number;
  /** Up to the bounds; the score is added by whoever rounds it. */
  readonly steps: readonly Step[];
}

/** Both bounds as real numbers, with the steps to them; the smaller one, rounded down, is the score. */
export function boundsOf(table: Json, part: string): Bounds {
  const t = new Reader(table, part);
  const trials = t.object_("trials");
  const logM = log2(trials.count("flows")) + log2(trials.count("carriers")) + log2(trials.count("transforms"));
  const logB = log2(t.count("offered"));
  const subscriber = t.object_("subscriber");
  const logS = log2(subscriber.count("flowsOffered"));
  const listed = subscriber.raw("flows");
  if (!Array.isArray(listed) || listed.length > MOST_FLOWS)
    throw new Failure(`its match table lists no flows, or more than ${MOST_FLOWS}`, part);
  const flows = (listed as readonly Json[]).map((f) => flowOf(f, part));
  const matches = flows.reduce((n, f) => n + f.matches, 0);
  const whole = flows.reduce((n, f) => n + f.whole, 0);
  const width = t.count("printBits", 64);
  const only = flows.length === 1 ? flows[0] : undefined;
  const offered = only === undefined ? Math.max(subscriber.count("printsOffered"), matches) : only.offered;
  const each = width - log2(offered) - logB;
  const hash = matches === 0 ? 0 : Math.max(0, matches * each + whole * width + log2Factorial(matches) - logM);

  let source = -logM;
  let plain = 0;
  let further = 0;
  const steps: Step[] = [{ code: "trials", bits: -logM }];
  const ranked = flows.filter((f) => f.matches > 0).sort((a, b) => b.unique - a.unique);
  for (const [i, flow] of ranked.entries()) {
    const choice = logB + (i === 0 ? 0 : logS);
    if (flow.unique > choice) {
      source += flow.unique - choice;
      if (i === 0) steps.push({ code: "first-flow", bits: flow.unique }, { code: "carrier-tries", bits: -choice });
      else further += flow.unique - choice;
    } else plain += Math.max(0, flow.plain - logB - logS);
  }
  if (further > 0) steps.push({ code: "further-flows", bits: further });
  const plainUsed = Math.min(PLAIN_CAP, plain);
  if (plainUsed > 0) steps.push({ code: "plain-content", bits: plainUsed });
  source = Math.max(0, source + plainUsed);
  steps.push({ code: "source-bound", bits: source }, { code: "hash-bound", bits: hash });
  return { hash, source, steps };
}

/** Terms of all sums of a bundle's tables, at most: more is asked by nobody who found it. */
const MOST_TERMS = 1_000_000;

/** Plain content of a table, counted by the terms that its sums have; throws where a bundle asks for too many. */
export class Work {
  private terms = 0;
  count(table: Json, part: string): void {
    for (const flow of asObjects(asObject(asObject(table)["subscriber"])["flows"])) {
      const { holding, others } = asObject(asObject(flow["credits"])["plain"]);
      if (Number(holding) < Number(others) && Number(holding) <= MOST_HITS) this.terms += Number(holding) + 1;
    }
    if (this.terms > MOST_TERMS) throw new Failure("asks for more sums than any finding needs", part);
  }
}

/** Distinct prints that agree are some of those that were offered, and a subscriber's flows some of all. */
export function refuseImpossible(table: Json, part: string): void {
  const t = new Reader(table, part);
  const trials = t.object_("trials");
  const subscriber = t.object_("subscriber");
  const flows = (subscriber.raw("flows") as readonly Json[]).map((f) => new Reader(f, part));
  const sum = (name: string): number => flows.reduce((n, f) => n + f.count(name), 0);
  const possible =
    flows.every((f) => f.count("matches") <= f.count("offered")) &&
    sum("matches") <= t.count("offered") &&
    flows.length <= subscriber.count("flowsOffered") &&
    subscriber.count("flowsOffered") <= trials.count("flows") &&
    sum("offered") <= subscriber.count("printsOffered") &&
    trials.count("carriers") >= 1 &&
    trials.count("transforms") >= 1;
  if (!possible) throw new Failure("its match table counts more than it has", part);
}

/** Two machines' logarithms may differ in the last place; a score is right where no such difference decides. */
const TOLERANCE = 1e-6;

export function isScore(bits: number, bounds: Pick<Bounds, "hash" | "source">): boolean {
  const exact = Math.min(bounds.hash, bounds.source);
  return bits <= exact + TOLERANCE && bits + 1 > exact - TOLERANCE;
}

function flowOf(value: Json, part: string): Flow {
  const f = new Reader(value, part);
  const c = f.object_("credits");
  const unique =
    c.count("sequence", 64) +
    Math.min(CIPHER_CAP, c.count("cipher")) +
    Math.min(RANDOM_CAP, c.count("random")) +
    c.count("dns", 30) +
    c.count("ssrc", RTP_CAP);
  const background = c.raw("plain");
  let plain = 0;
  if (background !== null) {
    const p = new Reader(background, part);
    plain = Math.max(0, -Math.log2(clopperPearson(p.count("holding"), p.count("others"))));
  }
  const matches = f.count("matches");
  return { offered: f.count("offered"), matches, whole: f.count("whole", matches), unique, plain };
}

function log2(n: number): number {
  return Math.log2(Math.max(1, n));
}

function log2Factorial(n: number): number {
  if (n <= 256) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log2(i);
    return sum;
  }
  return (n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3)) / Math.LN2;
}

/** Upper Clopper–Pearson bound at 1 - 2^-20 of a share of which `hits` of `trials` were seen. */
function clopperPearson(hits: number, trials: number): number {
  if (trials <= 0 || hits >= trials) return 1;
  if (hits > MOST_HITS) return 1;
  let low = hits / trials;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const mid = (low + high) / 2;
    if (mid === low || mid === high) break;
    if (atMost(hits, trials, mid) > ALPHA) low = mid;
    else high = mid;
  }
  return high;
}

/** Beyond it the sum below would take long, and the credit is next to nothing: none is given. */
const MOST_HITS = 1000;
/** Flows that a match table lists. */
const MOST_FLOWS = 64;

/** P(X <= k) of a binomial distribution. */
function atMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return 0;
  let sum = 0;
  let ln = n * Math.log1p(-p);
  for (let i = 0; i <= k; i++) {
    if (i > 0) ln += Math.log(n - i + 1) - Math.log(i) + Math.log(p) - Math.log1p(-p);
    sum += Math.exp(ln);
    // Only whether it is above the bound is asked.
    if (sum > ALPHA) return sum;
  }
  return sum;
}
