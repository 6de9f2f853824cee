/**
 * Evidence in bits: the formulas of docs/copies.md, and nothing else. All logarithms are to base 2.
 *
 * Two bounds, of which the smaller one counts:
 * - the **hash bound**: how improbable it is that prints of unrelated traffic collide this often, over all trials ever made;
 * - the **source bound**: how many bits in the matching octets belong to this session alone, less the choice among the trials.
 */
import type { CopyCredits, CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import type { ArithmeticStep } from "#model/finding.ts";
import type { MatchTable } from "#model/match.ts";
import { state, type Statement } from "#model/statement.ts";

/** Confidence of the background of plain content: its upper bound is exceeded with a chance of 2^-20. */
const BACKGROUND_ALPHA = 2 ** -20;
/** What all plain content together may give. */
const PLAIN_CAP = 40;
/** What is given for one flow's ciphertext, one flow's TLS random. */
const CIPHER_CAP = 256;
const RANDOM_CAP = 224;

/** log2 of n!, exact to double precision (sum up to 256, then Stirling's series). */
export function log2Factorial(n: number): number {
  if (n <= 256) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log2(i);
    return sum;
  }
  const ln = n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3);
  return ln / Math.LN2;
}

/**
 * -log2 of M * (n_a * n_b * 2^-w)^k / k!: the union bound over all trials; not below 0. `whole` of the k matches agreed in both prints, that of the
 * header and that of the payload, which are independent: their w is twice as large.
 */
export function hashBits(
  log2Trials: number,
  offeredA: number,
  offeredB: number,
  printBits: number,
  matches: number,
  whole: number = 0,
): number {
  if (matches <= 0) return 0;
  const each = printBits - Math.log2(Math.max(1, offeredA)) - Math.log2(Math.max(1, offeredB));
  return Math.max(0, matches * each + whole * printBits + log2Factorial(matches) - log2Trials);
}

/**
 * Upper Clopper–Pearson bound of a share of which `hits` in `trials` were seen: the p at which so few hits or fewer have a
 * chance of `alpha`. 1 where nothing was looked at.
 */
export function clopperPearsonUpper(hits: number, trials: number, alpha: number = BACKGROUND_ALPHA): number {
  if (trials <= 0 || hits >= trials) return 1;
  let low = hits / trials;
  let high = 1;
  for (let i = 0; i < 200; i++) {
    const mid = (low + high) / 2;
    // No number lies between them any more (after some 55 steps).
    if (mid === low || mid === high) break;
    if (binomialCdf(hits, trials, mid) > alpha) low = mid;
    else high = mid;
  }
  return high;
}

/** P(X <= k) of a binomial distribution, summed in logarithms. */
export function binomialCdf(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  let sum = 0;
  let ln = n * Math.log1p(-p);
  const odds = Math.log(p) - Math.log1p(-p);
  for (let i = 0; i <= k; i++) {
    if (i > 0) ln += Math.log(n - i + 1) - Math.log(i) + odds;
    sum += Math.exp(ln);
  }
  return Math.min(1, sum);
}

/** Bits of plain content: -log2 of the upper bound of the share of other subscribers' flows that hold it; not below 0. */
export function plainBits(credit: CopyCredits["plain"]): number {
  return credit === null ? 0 : Math.max(0, -Math.log2(clopperPearsonUpper(credit.holding, credit.others)));
}

/** Session-unique bits of one flow, plain content left out. */
export function uniqueBits(c: CopyCredits): number {
  return c.sequence + Math.min(CIPHER_CAP, c.cipher) + Math.min(RANDOM_CAP, c.random) + c.dns + c.ssrc;
}

export interface Score {
  /** floor(min(hash bound, source bound)); not below 0, not above what either gives. */
  readonly bits: number;
  readonly hash: number;
  readonly source: number;
  readonly steps: readonly ArithmeticStep[];
}

/**
 * The score of one subscriber on one carrier.
 *
 * The first flow pays for its choice among all trials, M = F_a * F_b * T. Every further flow of the same subscriber on the
 * same carrier is again a choice, but only among that subscriber's F_s flows. And each flow, the first too, pays log2(n_b):
 * that many packets of the carrier had a try at it. Without that charge, sixteen-bit DNS ids among thousands of unrelated
 * queries added up to 57 bits (measured; docs/copies.md §4). What a flow does not earn back is not counted, so many flows that
 * each prove nothing do not add up to one.
 */
export function scoreSubscriber(o: CopyObservation, s: CopySubscriber): Score {
  const logM = Math.log2(o.trials.flows) + Math.log2(o.trials.carriers) + Math.log2(o.trials.transforms);
  const logS = Math.log2(Math.max(1, s.flowsOffered));
  const matches = s.flows.reduce((sum, f) => sum + f.matches, 0);
  const offeredA = s.flows.length === 1 ? (s.flows[0] as CopyFlow).offered : Math.max(s.printsOffered, matches);
  const logB = Math.log2(Math.max(1, o.offered));
  const whole = s.flows.reduce((sum, f) => sum + f.matches - f.byPayload - f.sliced, 0);
  const hash = hashBits(logM, offeredA, o.offered, o.printBits, matches, whole);

  const steps: ArithmeticStep[] = [
    {
      label: state("step.trials"),
      bits: -logM,
      because: state("copy.trials", { flows: o.trials.flows, carriers: o.trials.carriers, transforms: o.trials.transforms }),
    },
  ];
  const ranked = s.flows
    .filter((f) => f.matches > 0)
    .map((flow) => ({ flow, unique: uniqueBits(flow.credits) }))
    .sort((a, b) => b.unique - a.unique);
  let source = -logM;
  let plain = 0;
  let further = 0;
  let furtherBits = 0;
  for (const [i, { flow, unique }] of ranked.entries()) {
    const choice = logB + (i === 0 ? 0 : logS);
    if (i === 0 && unique > choice) {
      source += unique - choice;
      steps.push({ label: state("step.first-flow"), bits: unique, because: reasons(flow) });
      steps.push({ label: state("step.carrier-tries"), bits: -choice, because: state("copy.tries", { prints: o.offered }) });
    } else if (i > 0 && unique > choice) {
      source += unique - choice;
      further++;
      furtherBits += unique - choice;
    } else plain += Math.max(0, plainBits(flow.credits.plain) - logB - logS);
  }
  if (further > 0) {
    steps.push({
      label: state("step.further-flows"),
      bits: furtherBits,
      because: state("copy.further-flows", {
        flows: further,
        tenths: Math.round(10 * (logB + logS)),
        prints: o.offered,
        offered: s.flowsOffered,
      }),
    });
  }
  const plainUsed = Math.min(PLAIN_CAP, plain);
  if (plainUsed > 0) {
    source += plainUsed;
    steps.push({
      label: state("step.plain-content"),
      bits: plainUsed,
      because: state("copy.plain-content", { most: PLAIN_CAP }),
    });
  }
  source = Math.max(0, source);
  steps.push({ label: state("step.source-bound"), bits: source, because: state("copy.source-bound") });
  steps.push({
    label: state("step.hash-bound"),
    bits: hash,
    because: state("copy.hash-bound", { matches, ours: offeredA, theirs: o.offered, width: o.printBits, whole }),
  });
  const bits = Math.max(0, Math.floor(Math.min(hash, source)));
  steps.push({ label: state("step.score"), bits, because: state("copy.score") });
  return { bits, hash, source, steps };
}

/** What `scoreSubscriber` counted with, for a stranger who counts again. */
export function matchTableOf(o: CopyObservation, s: CopySubscriber): MatchTable {
  return {
    trials: o.trials,
    offered: o.offered,
    printBits: o.printBits,
    subscriber: {
      flowsOffered: s.flowsOffered,
      printsOffered: s.printsOffered,
      flows: s.flows.map(({ offered, matches, byPayload, sliced, credits }) => ({
        offered,
        matches,
        whole: matches - byPayload - sliced,
        credits,
      })),
    },
  };
}

function reasons(f: CopyFlow): Statement {
  const c = f.credits;
  const parts: Statement[] = [];
  if (c.sequence > 0) parts.push(state("copy.credit-sequence", { bits: c.sequence }));
  if (c.cipher > 0) parts.push(state("copy.credit-cipher", { bits: Math.min(CIPHER_CAP, c.cipher) }));
  if (c.random > 0) parts.push(state("copy.credit-random", { bits: Math.min(RANDOM_CAP, c.random) }));
  if (c.dns > 0) parts.push(state(c.dns > 16 ? "copy.credit-dns-id-port" : "copy.credit-dns-id", { bits: c.dns }));
  if (c.ssrc > 0) parts.push(state("copy.credit-ssrc", { bits: c.ssrc }));
  return state("copy.credits", { parts });
}

/** The chance that goes with a score: 2^-min(bits, 128), exact in a double; null for what earns no bits (plain content): there is none to tell. */
export function chanceOf(bits: number): number | null {
  return bits === 0 ? null : 2 ** -Math.min(bits, 128);
}
