/**
 * What rhythm is judged by: when packets of subscribers passed and how long they were, and the same of carriers whose octets cannot be read. No
 * content, no addresses. Both are logs of bounded length, judged and begun anew when one of them is full (an epoch).
 */
export class EventLog {
  /** Microseconds since the epoch; nearly in order. */
  readonly times: Float64Array;
  /** Whose event: a train (see `Rhythm`), or a leg. */
  readonly owners: Int32Array;
  /** Octets: IP length of a subscriber's packet, payload of a carrier's. */
  readonly sizes: Int32Array;
  readonly frames: Int32Array;
  length = 0;

  constructor(capacity: number) {
    this.times = new Float64Array(capacity);
    this.owners = new Int32Array(capacity);
    this.sizes = new Int32Array(capacity);
    this.frames = new Int32Array(capacity);
  }

  get full(): boolean {
    return this.length >= this.times.length;
  }
  get bytes(): number {
    return this.times.length * 20;
  }

  add(owner: number, micros: number, size: number, frame: number): void {
    const n = this.length;
    if (n >= this.times.length) return;
    this.times[n] = micros;
    this.owners[n] = owner;
    this.sizes[n] = size;
    this.frames[n] = frame;
    this.length = n + 1;
  }

  clear(): void {
    this.length = 0;
  }
}

/** Events of one owner, in order of time. */
export interface Train {
  readonly owner: number;
  readonly times: Float64Array;
  readonly sizes: Int32Array;
  readonly frames: Int32Array;
}

/** Events by owner: one pass to count, one to place. Owners with fewer than `least` events are left out. */
export function trainsOf(log: EventLog, least: number): Map<number, Train> {
  const counts = new Map<number, number>();
  for (let i = 0; i < log.length; i++) {
    const owner = log.owners[i] as number;
    counts.set(owner, (counts.get(owner) ?? 0) + 1);
  }
  const trains = new Map<number, Train>();
  const used = new Map<number, number>();
  for (const [owner, count] of counts) {
    if (count < least) continue;
    trains.set(owner, { owner, times: new Float64Array(count), sizes: new Int32Array(count), frames: new Int32Array(count) });
    used.set(owner, 0);
  }
  for (let i = 0; i < log.length; i++) {
    const owner = log.owners[i] as number;
    const train = trains.get(owner);
    if (train === undefined) continue;
    // Insertion: events come nearly in order, so that next to nothing is moved.
    let at = used.get(owner) as number;
    used.set(owner, at + 1);
    const time = log.times[i] as number;
    for (let moved = 0; at > 0 && (train.times[at - 1] as number) > time && moved < MOST_MOVED; at--, moved++) {
      train.times[at] = train.times[at - 1] as number;
      train.sizes[at] = train.sizes[at - 1] as number;
      train.frames[at] = train.frames[at - 1] as number;
    }
    train.times[at] = time;
    train.sizes[at] = log.sizes[i] as number;
    train.frames[at] = log.frames[i] as number;
  }
  return trains;
}

/** Places that one late event may be moved: a hostile order must not cost more than this. */
const MOST_MOVED = 256;

/** First index whose time is not below `time`. */
export function lowerBound(times: Float64Array, time: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const mid = (low + high) >>> 1;
    if ((times[mid] as number) < time) low = mid + 1;
    else high = mid;
  }
  return low;
}
