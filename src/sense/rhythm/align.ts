/**
 * Rhythm: does a carrier that cannot be read follow a subscriber packet by packet, a moment later and longer by a constant?
 *
 * Which subscriber, which delay and which overhead is chosen on the first half of the carrier's events. The second half is the test: packets of
 * that subscriber are grouped where they come close together (one burst is one trial), and the share of bursts that the carrier follows is set
 * against the share it follows by chance. That share is measured on the same burst train shifted in time, and on the trains of everybody else
 * who was active; the larger of the two upper bounds counts. All pairs ever offered pay for the choice.
 *
 * Pure arithmetic over trains: no time of day, no addresses.
 */
import { log2BinomialTail, Shares } from "./chance.ts";
import { lowerBound, type Train } from "./events.ts";

export const limits = {
  /** Fewer events of a carrier, or bursts of a subscriber, say nothing. */
  leastEvents: 24,
  leastBursts: 10,
  /** Carriers judged at the end of an epoch, the busiest first. */
  carriers: 32,
  /** Events of a carrier that vote in the choice, and events of subscribers looked at for each. */
  votingEvents: 192,
  eventsPerVote: 512,
  /** Trains tested per carrier, trains that are their background, events of each. */
  candidates: 12,
  others: 32,
  trainEvents: 2048,
  /** Packets of a train from which delay and overhead are learned, and events of the carrier looked at for each. */
  learnedFrom: 512,
  looked: 192,
  carrierEvents: 8192,
  /** A pause of so many microseconds, or of twice the delay window, ends a burst. */
  pauseMicros: 3000,
  /** Shifts in time: the least, each a quarter longer than the one before, how many each way, and how many of them are near. */
  shiftMicros: 8000,
  shifts: 28,
  nearShifts: 8,
  /** Bursts of others, or far off, that say something of their own. */
  leastTrials: 100,
} as const;

/** A copy is looked for from this long before to this long after its original, microseconds. */
export const BEFORE = 300_000;
export const AFTER = 2_000_000;
/** Octets that wrapping may take off or add (a header stripped; ESP, TLS, WireGuard headers, padding, integrity values). */
export const LEAST_OVERHEAD = -48;
export const BUCKET = 16;
const BUCKETS = 18;
/** Windows of delay that are tried, microseconds. */
const WIDTHS = [1000, 4000, 16_000, 64_000, 256_000] as const;

/** How one train is followed by the carrier. */
export interface Followed {
  readonly train: Train;
  /** Second half: bursts, bursts followed, and the upper bound of the share followed by chance. */
  readonly bursts: number;
  readonly followed: number;
  readonly chanceShare: number;
  /** -log2 of the chance for this pair alone. */
  readonly pairBits: number;
  /** Microseconds after the original, and octets longer. */
  readonly delayLow: number;
  readonly delayHigh: number;
  readonly overheadLow: number;
  readonly overheadHigh: number;
  /** Indexes of carrier and train of the packets that agree, both halves. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Octets (IP) of those packets; distinct sizes among them. */
  readonly octets: number;
  readonly sizes: number;
}

interface Parameters {
  readonly delayLow: number;
  readonly delayHigh: number;
  readonly overheadLow: number;
  readonly overheadHigh: number;
}

/** Trains that `carrier` follows, strongest first. `all`: every train with events in the epoch; `log`: their events in order of time. */
export function followByTime(
  carrier: Train,
  all: ReadonlyMap<number, Train>,
  log: { readonly times: Float64Array; readonly owners: Int32Array; readonly sizes: Int32Array },
): Followed[] {
  const n = carrier.times.length;
  if (n < limits.leastEvents) return [];
  const middle = n >> 1;
  const candidates = chooseTrains(carrier, middle, all, log);
  const out: Followed[] = [];
  const tried = new Set(candidates.map((c) => c.train.owner));
  const learned = candidates.flatMap(({ train, bucket }) => {
    const p = refine(carrier, middle, train, bucket);
    return p === undefined ? [] : [{ train, p }];
  });
  const wrapping = wrappingOf(learned.map(({ p }) => p));
  for (const { train, p } of learned) {
    const followed = test(carrier, middle, train, wrapped(p, wrapping), all, tried);
    if (followed !== undefined) out.push(followed);
  }
  out.push(...opposites(carrier, middle, out, candidates, all, wrapping));
  return out.sort((a, b) => b.pairBits - a.pairBits);
}

interface Learned extends Parameters {
  /** Packets of the first half, and those that have an event of the carrier's. */
  readonly packets: number;
  readonly hits: number;
}

type Wrapping = Pick<Parameters, "overheadLow" | "overheadHigh"> | undefined;

/**
 * How the carrier wraps is its own affair, not a train's: a train of few lengths shows few of the lengths that padding gives. So what the trains
 * that are followed well have shown holds for all, where it is no wider than padding to 16 octets makes it.
 */
function wrappingOf(learned: readonly Learned[]): Wrapping {
  const well = learned.filter(({ packets, hits }) => hits >= 6 && hits * 2 >= packets);
  if (well.length === 0) return undefined;
  const overheadLow = Math.min(...well.map((p) => p.overheadLow));
  const overheadHigh = Math.max(...well.map((p) => p.overheadHigh));
  return overheadHigh - overheadLow < WIDEST_WRAPPING ? { overheadLow, overheadHigh } : undefined;
}
const WIDEST_WRAPPING = 24;

function wrapped(p: Learned, wrapping: Wrapping): Learned {
  if (wrapping === undefined || p.overheadHigh < wrapping.overheadLow || p.overheadLow > wrapping.overheadHigh) return p;
  return { ...p, ...wrapping };
}

/**
 * The other direction of subscribers who are followed, where it says nothing alone (acknowledgements follow one another at any shift): how much of it is
 * followed by events of the carrier that the first direction leaves over. 0 bits: it decides only whether the carrier holds both.
 */
function opposites(
  carrier: Train,
  middle: number,
  found: readonly Followed[],
  candidates: readonly { readonly train: Train; readonly bucket: number }[],
  all: ReadonlyMap<number, Train>,
  wrapping: Wrapping,
): Followed[] {
  const known = new Set(found.map((f) => f.train.owner));
  const out: Followed[] = [];
  for (const f of found) {
    // The same wrapping: the same overhead.
    const bucket = candidates.find((c) => c.train.owner === f.train.owner)?.bucket;
    const train = all.get(f.train.owner ^ 1);
    if (train === undefined || bucket === undefined || known.has(train.owner)) continue;
    const learned = refine(carrier, middle, train, bucket);
    if (learned === undefined) continue;
    const p = wrapped(learned, wrapping);
    const n = carrier.times.length;
    const used = new Uint8Array(n);
    for (const [k] of f.pairs) used[k] = 1;
    const begin = (carrier.times[0] as number) - p.delayLow;
    const end = (carrier.times[n - 1] as number) - p.delayHigh;
    const from = lowerBound(train.times, begin);
    const to = Math.min(lowerBound(train.times, end), from + 2 * limits.trainEvents);
    const pairs: (readonly [number, number])[] = [];
    const pause = Math.max(limits.pauseMicros, 2 * (p.delayHigh - p.delayLow));
    const { bursts: count, followed } = bursts(carrier, 0, n, train, from, to, 0, begin, end, p, pause, used, pairs);
    out.push({ train, bursts: count, followed, chanceShare: 1, pairBits: 0, ...parametersOf(p), pairs, ...lengths(train, pairs) });
  }
  return out;
}

function parametersOf({ delayLow, delayHigh, overheadLow, overheadHigh }: Parameters): Parameters {
  return { delayLow, delayHigh, overheadLow, overheadHigh };
}

function lengths(train: Train, pairs: readonly (readonly [number, number])[]): { octets: number; sizes: number } {
  const sizes = new Set<number>();
  let octets = 0;
  for (const [, i] of pairs) {
    const size = train.sizes[i] as number;
    sizes.add(size);
    octets += size;
  }
  return { octets, sizes: sizes.size };
}

/** Trains most of whose packets of the first half have one of the carrier's at a fitting distance in time and length. */
export function chooseTrains(
  carrier: Train,
  middle: number,
  all: ReadonlyMap<number, Train>,
  log: { readonly times: Float64Array; readonly owners: Int32Array; readonly sizes: Int32Array },
): { train: Train; bucket: number }[] {
  const slots = new Map<number, number>();
  for (const owner of all.keys()) slots.set(owner, slots.size);
  const votes = new Int32Array(slots.size * BUCKETS);
  const stamps = new Int32Array(slots.size * BUCKETS);
  const step = Math.max(1, Math.floor(middle / limits.votingEvents));
  let stamp = 0;
  for (let i = 0; i < middle; i += step) {
    stamp++;
    const time = carrier.times[i] as number;
    const size = carrier.sizes[i] as number;
    let from = lowerBound(log.times, time - AFTER);
    const to = lowerBound(log.times, time + BEFORE);
    // Where too many lie so near, those just before the event are the likeliest.
    if (to - from > limits.eventsPerVote) from = Math.max(from, lowerBound(log.times, time) - (limits.eventsPerVote * 3) / 4);
    for (let k = from; k < to && k < from + limits.eventsPerVote; k++) {
      const overhead = size - (log.sizes[k] as number) - LEAST_OVERHEAD;
      if (overhead < 0 || overhead >= BUCKET * BUCKETS) continue;
      const slot = slots.get(log.owners[k] as number);
      if (slot === undefined) continue;
      const at = slot * BUCKETS + (overhead >> 4);
      if (stamps[at] === stamp) continue;
      stamps[at] = stamp;
      votes[at] = (votes[at] as number) + 1;
    }
  }
  const ranked: { train: Train; bucket: number; votes: number }[] = [];
  for (const [owner, slot] of slots) {
    let bucket = 0;
    let most = 0;
    for (let b = 0; b + 1 < BUCKETS; b++) {
      const sum = (votes[slot * BUCKETS + b] as number) + (votes[slot * BUCKETS + b + 1] as number);
      if (sum > most) [most, bucket] = [sum, b];
    }
    if (most >= 4) ranked.push({ train: all.get(owner) as Train, bucket, votes: most });
  }
  return ranked.sort((a, b) => b.votes - a.votes).slice(0, limits.candidates);
}

/** Delay window and overhead, from the first half. */
function refine(carrier: Train, middle: number, train: Train, bucket: number): Learned | undefined {
  const low = LEAST_OVERHEAD + bucket * BUCKET;
  const high = low + 2 * BUCKET;
  const from = lowerBound(train.times, (carrier.times[0] as number) - AFTER);
  const to = Math.min(lowerBound(train.times, (carrier.times[middle - 1] as number) + BEFORE), from + limits.learnedFrom);
  // Distances in bins of 1 ms: by each packet once a bin.
  const bins = new Int32Array((BEFORE + AFTER) / 1000 + 2);
  const overheads = new Map<number, number>();
  for (let i = from; i < to; i++) {
    const time = train.times[i] as number;
    const size = train.sizes[i] as number;
    let last = -1;
    const end = time + AFTER;
    // Where the carrier is busier than this, what comes soonest after the packet counts.
    let k = lowerBound(carrier.times, time - BEFORE);
    const here = lowerBound(carrier.times, time);
    if (here - k > limits.looked >> 2) k = here - (limits.looked >> 2);
    for (let seen = 0; k < middle && (carrier.times[k] as number) < end && seen < limits.looked; k++, seen++) {
      const overhead = (carrier.sizes[k] as number) - size;
      if (overhead < low || overhead >= high) continue;
      const bin = Math.floor(((carrier.times[k] as number) - time + BEFORE) / 1000);
      if (bin === last) continue;
      last = bin;
      bins[bin] = (bins[bin] as number) + 1;
      overheads.set(overhead, (overheads.get(overhead) ?? 0) + 1);
    }
  }
  if (bins.reduce((x, y) => x + y, 0) < 6) return undefined;
  const used = new Uint8Array(carrier.times.length);
  let chosen: { readonly hits: number; readonly p: Parameters } | undefined;
  for (const width of WIDTHS) {
    const span = width / 1000;
    let sum = 0;
    let most = 0;
    let at = 0;
    for (let b = 0; b < bins.length; b++) {
      sum += (bins[b] as number) - (b >= span ? (bins[b - span] as number) : 0);
      if (sum > most) [most, at] = [sum, b];
    }
    // A window that ends at a bin's border would cut what lies beside it.
    const delayLow = (at - span + 1) * 1000 - BEFORE - 500;
    const delayHigh = (at + 1) * 1000 - BEFORE + 500;
    const p = { delayLow, delayHigh, ...overheadOf(carrier, middle, train, from, to, delayLow, delayHigh, low, high) };
    const pairs: (readonly [number, number])[] = [];
    used.fill(0);
    bursts(carrier, 0, middle, train, from, to, 0, -Infinity, Infinity, p, limits.pauseMicros, used, pairs);
    // A wider window must catch clearly more packets, each with one of the carrier's own.
    if (chosen === undefined || pairs.length > chosen.hits * 1.15 + 1) chosen = { hits: pairs.length, p };
  }
  return chosen === undefined ? undefined : { ...chosen.p, packets: to - from, hits: chosen.hits };
}

/** Indexes of the carrier's events that follow anybody's packet, as `followed` do theirs: what share of it is explained, whoever's it is. */
export function explained(
  carrier: Train,
  log: { readonly times: Float64Array; readonly sizes: Int32Array },
  followed: readonly Followed[],
): Set<number> {
  const out = new Set(followed.flatMap((f) => f.pairs.map(([k]) => k)));
  // Trains of one carrier are delayed alike: the strongest few tell.
  for (const p of followed.slice(0, 6)) {
    if (p.delayHigh - p.delayLow > WIDEST_EXPLAINED) continue;
    for (let k = 0; k < carrier.times.length; k++) {
      const time = carrier.times[k] as number;
      const size = carrier.sizes[k] as number;
      const from = lowerBound(log.times, time - p.delayHigh);
      for (let i = from; i < log.times.length && i < from + 256 && (log.times[i] as number) <= time - p.delayLow; i++) {
        const overhead = size - (log.sizes[i] as number);
        if (overhead < p.overheadLow || overhead > p.overheadHigh) continue;
        out.add(k);
        break;
      }
    }
  }
  return out;
}
const WIDEST_EXPLAINED = 20_000;

/**
 * The overhead inside the delay window: constant, or with padding to 4, 8 or 16 octets; the first of these that catches nearly all that the last one does.
 * Each length of packet has one say in where the run lies: two lengths (full, acknowledgement) make up most of all packets, and pad alike.
 */
function overheadOf(
  carrier: Train,
  middle: number,
  train: Train,
  from: number,
  to: number,
  delayLow: number,
  delayHigh: number,
  low: number,
  high: number,
): { overheadLow: number; overheadHigh: number } {
  const counts = new Int32Array(high - low);
  const said = new Set<number>();
  for (let i = from; i < to; i++) {
    const time = train.times[i] as number;
    const size = train.sizes[i] as number;
    const end = time + delayHigh;
    let seen = 0;
    for (let k = lowerBound(carrier.times, time + delayLow); k < middle && (carrier.times[k] as number) <= end && seen < 64; k++, seen++) {
      const overhead = (carrier.sizes[k] as number) - size - low;
      if (overhead < 0 || overhead >= counts.length) continue;
      const key = size * 64 + overhead;
      if (said.has(key)) continue;
      said.add(key);
      counts[overhead] = (counts[overhead] as number) + 1;
    }
  }
  const used = new Uint8Array(carrier.times.length);
  const runs = [1, 4, 8, 16].map((block) => {
    let most = -1;
    let at = 0;
    for (let a = 0; a + block <= counts.length; a++) {
      let sum = 0;
      for (let b = a; b < a + block; b++) sum += counts[b] as number;
      if (sum > most) [most, at] = [sum, a];
    }
    const run = { overheadLow: low + at, overheadHigh: low + at + block - 1 };
    const pairs: (readonly [number, number])[] = [];
    used.fill(0);
    bursts(carrier, 0, middle, train, from, to, 0, -Infinity, Infinity, { delayLow, delayHigh, ...run }, limits.pauseMicros, used, pairs);
    return { run, hits: pairs.length };
  });
  const all = Math.max(...runs.map(({ hits }) => hits));
  return (runs.find(({ hits }) => hits >= 0.98 * all) ?? runs[3] ?? { run: { overheadLow: low, overheadHigh: high - 1 } }).run;
}

/** The test on the second half; undefined where there is too little of it, or it says nothing. */
function test(
  carrier: Train,
  middle: number,
  train: Train,
  p: Parameters,
  all: ReadonlyMap<number, Train>,
  tried: ReadonlySet<number>,
): Followed | undefined {
  const n = carrier.times.length;
  const begin = (carrier.times[middle] as number) - p.delayLow;
  const end = (carrier.times[n - 1] as number) - p.delayHigh;
  const from = lowerBound(train.times, begin);
  const to = Math.min(lowerBound(train.times, end), from + limits.trainEvents);
  if (to - from < limits.leastBursts) return undefined;
  const width = p.delayHigh - p.delayLow;
  const pause = Math.max(limits.pauseMicros, 2 * width);
  const used = new Uint8Array(n);
  const here = bursts(carrier, middle, n, train, from, to, 0, begin, end, p, pause, used, undefined);
  if (here.bursts < limits.leastBursts || here.followed * 4 < here.bursts) return undefined;

  // The same bursts at other times: a little off, where a carrier that is merely busy at the same time follows as well, and far off.
  const span = end - begin;
  const near = new Shares();
  const far = new Shares();
  for (let by = Math.max(limits.shiftMicros, 3 * width), k = 0; by < span / 2 && k < limits.shifts; by *= 1.25, k++) {
    for (const sign of [1, -1]) {
      used.fill(0);
      const there = bursts(carrier, middle, n, train, from, to, sign * by, begin, end, p, pause, used, undefined);
      (k < limits.nearShifts ? near : far).add(there.followed, there.bursts);
    }
  }
  if (near.count < 8) return undefined;
  // Everybody else who was active then.
  const others = new Shares();
  for (const other of all.values()) {
    if (others.count >= limits.others) break;
    if (tried.has(other.owner) || other.owner >> 2 === train.owner >> 2) continue;
    const a = lowerBound(other.times, begin);
    const b = Math.min(lowerBound(other.times, end), a + 512);
    if (b - a < 4) continue;
    used.fill(0);
    const there = bursts(carrier, middle, n, other, a, b, 0, begin, end, p, pause, used, undefined);
    others.add(there.followed, there.bursts);
  }
  const chanceShare = Math.max(
    near.upper(),
    far.trials >= limits.leastTrials ? far.upper() : far.share(),
    others.trials >= limits.leastTrials ? others.upper() : others.share(),
  );
  // Bursts follow one another less freely than coins: the spread between shifts says how many independent trials they are worth.
  const worth = Math.max(1, Math.min(here.bursts, near.independent(), far.count >= 8 ? far.independent() : Infinity));
  const share = here.followed / here.bursts;
  const pairBits = -log2BinomialTail(Math.floor(share * worth), Math.round(worth), chanceShare);
  if (pairBits <= 0 || share < 1.5 * chanceShare) return undefined;

  const pairs: (readonly [number, number])[] = [];
  used.fill(0);
  const first = Math.max(0, lowerBound(train.times, (carrier.times[0] as number) - p.delayHigh));
  bursts(
    carrier,
    0,
    n,
    train,
    first,
    Math.min(train.times.length, first + 4 * limits.trainEvents),
    0,
    -Infinity,
    Infinity,
    p,
    pause,
    used,
    pairs,
  );
  return { train, ...here, chanceShare, pairBits, ...parametersOf(p), pairs, ...lengths(train, pairs) };
}

/**
 * Bursts of `train` in [`from`, `to`), moved by `by`, and those that the carrier follows: at least three quarters of their packets have one of the carrier's, each
 * used once. Packets that the move takes out of [`begin`, `end`) are left out.
 */
function bursts(
  carrier: Train,
  carrierFrom: number,
  carrierTo: number,
  train: Train,
  from: number,
  to: number,
  by: number,
  begin: number,
  end: number,
  p: Parameters,
  pause: number,
  used: Uint8Array,
  pairs: (readonly [number, number])[] | undefined,
): { bursts: number; followed: number } {
  let count = 0;
  let followed = 0;
  let size = 0;
  let hits = 0;
  let last = Number.NEGATIVE_INFINITY;
  let low = carrierFrom;
  for (let i = from; i < to; i++) {
    const time = (train.times[i] as number) + by;
    if (time < begin || time >= end) continue;
    if (time - last > pause) {
      if (size > 0) {
        count++;
        if (hits * 4 >= size * 3) followed++;
      }
      size = 0;
      hits = 0;
    }
    last = time;
    size++;
    while (low < carrierTo && (carrier.times[low] as number) < time + p.delayLow) low++;
    for (let k = low, seen = 0; k < carrierTo && (carrier.times[k] as number) <= time + p.delayHigh && seen < 128; k++, seen++) {
      const overhead = (carrier.sizes[k] as number) - (train.sizes[i] as number);
      if (used[k] !== 0 || overhead < p.overheadLow || overhead > p.overheadHigh) continue;
      used[k] = 1;
      hits++;
      pairs?.push([k, i]);
      break;
    }
  }
  if (size > 0) {
    count++;
    if (hits * 4 >= size * 3) followed++;
  }
  return { bursts: count, followed };
}
