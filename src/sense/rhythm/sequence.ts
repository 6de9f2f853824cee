/**
 * Rhythm by order: a stream delays packets unevenly, but keeps their order. So the lengths of its messages, one after another, are set against the
 * lengths of a subscriber's packets, both directions as they came.
 *
 * Where the two begin to agree, and by how many octets messages are longer, is found on the first half. The second half starts where the first one
 * ended: nothing is left to choose. How often messages agree by chance, after one that agreed and after one that did not, is measured with the start
 * moved by a dozen packets and more; the tail is that of such a chain, as agreements come in runs.
 */
import { AFTER, BEFORE, BUCKET, chooseTrains, LEAST_OVERHEAD, type Followed } from "./align.ts";
import { log2MarkovTail, upperShare } from "./chance.ts";
import { lowerBound, type Train } from "./events.ts";

export const limits = {
  /** Messages of a carrier, or packets of a train, below which no walk is tried. */
  leastEvents: 40,
  /** Subscribers (on one kind of way each) tried a carrier. */
  candidates: 6,
  /** Starts tried, and messages by which they are judged. */
  starts: 256,
  judgedBy: 24,
  /** A message is looked for among so many packets from the last one found on, and so many before it. */
  ahead: 4,
  behind: 2,
  /**
   * Share of either half that has to agree. Conversations look alike (full segments, acknowledgements): unrelated ones agreed in up to eight of ten
   * messages where the walk may skip packets; a copy agrees in all but a few.
   */
  leastShare: 0.9,
  /** Share of messages with the commonest overhead, from which it is taken to be constant. */
  constantShare: 0.6,
  /** Messages from which the overhead is learned, and packets looked at on either side of each. */
  learnedFrom: 256,
  near: 128,
  /** Messages of the second half that are tested, and least number of chance trials. */
  tested: 2000,
  leastTransitions: 200,
  /** Displaced starts each way. */
  displacements: 20,
} as const;
const LEAST_DISPLACEMENT = 12;

interface Walk {
  readonly matches: number;
  readonly trials: number;
  /** Packet after the last one found. */
  readonly next: number;
}

export function followByOrder(
  carrier: Train,
  all: ReadonlyMap<number, Train>,
  log: { readonly times: Float64Array; readonly owners: Int32Array; readonly sizes: Int32Array },
): Followed[] {
  const n = carrier.times.length;
  if (n < limits.leastEvents) return [];
  const middle = n >> 1;
  const seen = new Set<number>();
  const out: Followed[] = [];
  for (const { train, bucket } of chooseTrains(carrier, middle, all, log)) {
    // Both directions as one kind of way shows them.
    const way = train.owner >> 1;
    if (seen.has(way)) continue;
    seen.add(way);
    if (seen.size > limits.candidates) break;
    out.push(...one(carrier, middle, all.get(way << 1), all.get((way << 1) | 1), LEAST_OVERHEAD + bucket * BUCKET));
  }
  return out;
}

function one(carrier: Train, middle: number, up: Train | undefined, down: Train | undefined, low: number): Followed[] {
  const n = carrier.times.length;
  const both = merge(up, down);
  const used = new Uint8Array(both.times.length);
  const range = { low, high: low + 2 * BUCKET - 1 };

  // First half: the overhead that is commonest among neighbours, then the start that agrees best.
  const overhead = commonest(carrier, middle, both, range);
  if (overhead === undefined) return [];
  const first = lowerBound(both.times, (carrier.times[0] as number) - AFTER);
  // The carrier's first messages may be its own.
  const last = Math.min(lowerBound(both.times, (carrier.times[Math.min(8, middle - 1)] as number) + BEFORE), first + limits.starts);
  let start = -1;
  let most = 0;
  for (let s = first; s < last; s++) {
    used.fill(0);
    const { matches } = walk(carrier, 0, Math.min(middle, limits.judgedBy), both, s, overhead, used, undefined);
    if (matches > most) [most, start] = [matches, s];
  }
  if (start < 0) return [];
  const pairs: (readonly [number, number])[] = [];
  used.fill(0);
  const learned = walk(carrier, 0, middle, both, start, overhead, used, pairs);
  if (learned.matches < middle * limits.leastShare) return [];

  // Second half.
  used.fill(0);
  const to = Math.min(n, middle + limits.tested);
  const found: (readonly [number, number])[] = [];
  const tested = walk(carrier, middle, to, both, learned.next, overhead, used, found);
  const truth = new Map(found);
  const counts = [0, 0, 0, 0];
  for (let by = LEAST_DISPLACEMENT, k = 0; k < limits.displacements; by = Math.ceil(by * 1.15), k++) {
    for (const sign of [1, -1]) {
      const at = learned.next + sign * by;
      if (at < 0 || at >= both.times.length) continue;
      const there: (readonly [number, number])[] = [];
      used.fill(0);
      walk(carrier, middle, to, both, at, overhead, used, there);
      transitions(there, truth, middle, both.times.length, at, to, counts);
    }
  }
  const [missMiss, missHit, hitMiss, hitHit] = counts as [number, number, number, number];
  if (missMiss + missHit < limits.leastTransitions) return [];
  const afterMiss = upperShare(missHit, missMiss + missHit, 2 ** -20);
  // Runs too few to be measured are taken to be long.
  const afterHit = Math.max(afterMiss, hitMiss + hitHit === 0 ? 0.5 : upperShare(hitHit, hitMiss + hitHit, 2 ** -20));
  const chanceShare = afterMiss / Math.max(1e-9, 1 - afterHit + afterMiss);
  const pairBits = -log2MarkovTail(tested.matches, tested.trials, afterMiss, afterHit);
  if (pairBits <= 0 || tested.matches < limits.leastShare * tested.trials) return [];
  pairs.push(...found);
  return [up, down].flatMap((train) => {
    const mine = train === undefined ? [] : pairs.filter(([, i]) => both.owners[i] === train.owner);
    if (train === undefined || mine.length < 3) return [];
    const delays = mine.map(([k, i]) => (carrier.times[k] as number) - (both.times[i] as number)).sort((a, b) => a - b);
    const sizes = mine.map(([, i]) => both.sizes[i] as number);
    return [
      {
        train,
        bursts: tested.trials,
        followed: tested.matches,
        chanceShare,
        pairBits,
        delayLow: delays[0] as number,
        delayHigh: delays.at(-1) as number,
        overheadLow: overhead.low,
        overheadHigh: overhead.high,
        pairs: mine.map(([k, i]) => [k, both.index[i] as number] as const),
        octets: sizes.reduce((a, b) => a + b, 0),
        sizes: new Set(sizes).size,
      },
    ];
  });
}

/**
 * Counts what follows what in a displaced walk: miss then miss, miss then hit, hit then miss, hit then hit. It ends where the walk has found its way back to
 * the start that is tested, and where packets ran out.
 */
function transitions(
  there: readonly (readonly [number, number])[],
  truth: ReadonlyMap<number, number>,
  from: number,
  packets: number,
  start: number,
  to: number,
  counts: number[],
): void {
  const hits = new Map(there);
  let before = 0;
  let next = start;
  for (let k = from; k < to && next < packets; k++) {
    const i = hits.get(k);
    if (i !== undefined && truth.get(k) === i) return;
    const now = i === undefined ? 0 : 1;
    counts[before * 2 + now] = (counts[before * 2 + now] as number) + 1;
    before = now;
    if (i !== undefined) next = i + 1;
  }
}

interface Both {
  readonly times: Float64Array;
  readonly sizes: Int32Array;
  readonly owners: Int32Array;
  /** Index in the train of its direction. */
  readonly index: Int32Array;
}

/** Both directions in order of time. */
function merge(up: Train | undefined, down: Train | undefined): Both {
  const a = up?.times.length ?? 0;
  const b = down?.times.length ?? 0;
  const both = {
    times: new Float64Array(a + b),
    sizes: new Int32Array(a + b),
    owners: new Int32Array(a + b),
    index: new Int32Array(a + b),
  };
  let i = 0;
  let k = 0;
  for (let at = 0; at < a + b; at++) {
    const takeUp = k >= b || (i < a && (up?.times[i] as number) <= (down?.times[k] as number));
    const from = takeUp ? up : down;
    const place = takeUp ? i++ : k++;
    both.times[at] = from?.times[place] as number;
    both.sizes[at] = from?.sizes[place] as number;
    both.owners[at] = from?.owner as number;
    both.index[at] = place;
  }
  return both;
}

/** The overhead that most messages of the first half have to some packet a little before; a span of padding where no single one has most. */
function commonest(
  carrier: Train,
  middle: number,
  both: Both,
  range: { readonly low: number; readonly high: number },
): { readonly low: number; readonly high: number } | undefined {
  const counts = new Int32Array(range.high - range.low + 1);
  const step = Math.max(1, Math.floor(middle / limits.learnedFrom));
  let asked = 0;
  for (let k = 0; k < middle; k += step) {
    asked++;
    const from = Math.max(
      lowerBound(both.times, (carrier.times[k] as number) - AFTER),
      lowerBound(both.times, carrier.times[k] as number) - limits.near,
    );
    const to = lowerBound(both.times, (carrier.times[k] as number) + BEFORE);
    const stamp = new Set<number>();
    for (let i = from; i < to && i < from + 2 * limits.near; i++) {
      const overhead = (carrier.sizes[k] as number) - (both.sizes[i] as number) - range.low;
      if (overhead < 0 || overhead >= counts.length || stamp.has(overhead)) continue;
      stamp.add(overhead);
      counts[overhead] = (counts[overhead] as number) + 1;
    }
  }
  let best = 0;
  for (let i = 1; i < counts.length; i++) if ((counts[i] as number) > (counts[best] as number)) best = i;
  const most = counts[best] as number;
  if (most >= asked * limits.constantShare) return { low: range.low + best, high: range.low + best };
  // Padding to 4 or 16 octets spreads it.
  for (const block of [4, 16]) {
    for (let i = 0; i + block <= counts.length; i++) {
      let sum = 0;
      for (let k = i; k < i + block; k++) sum += counts[k] as number;
      if (sum >= asked * 0.8) return { low: range.low + i, high: range.low + i + block - 1 };
    }
  }
  return undefined;
}

/** Walks messages and packets side by side from packet `start`: each message is looked for among the next few packets. */
function walk(
  carrier: Train,
  from: number,
  to: number,
  both: Both,
  start: number,
  overhead: { readonly low: number; readonly high: number },
  used: Uint8Array,
  pairs: (readonly [number, number])[] | undefined,
): Walk {
  let next = start;
  let matches = 0;
  for (let k = from; k < to; k++) {
    const time = carrier.times[k] as number;
    while (next < both.times.length && (both.times[next] as number) < time - AFTER) next++;
    for (let i = Math.max(0, next - limits.behind); i < both.times.length && i < next + limits.ahead; i++) {
      if (used[i] !== 0 || (both.times[i] as number) > time + BEFORE) continue;
      const more = (carrier.sizes[k] as number) - (both.sizes[i] as number);
      if (more < overhead.low || more > overhead.high) continue;
      used[i] = 1;
      matches++;
      pairs?.push([k, i]);
      if (i >= next) next = i + 1;
      break;
    }
  }
  return { matches, trials: to - from, next };
}
