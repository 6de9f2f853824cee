import fc from "fast-check";
import { expect, test } from "vitest";
import { followByTime } from "./align.ts";
import { log2BinomialTail, log2MarkovTail, upperShare } from "./chance.ts";
import { EventLog, trainsOf, type Train } from "./events.ts";
import { MessageReader, Reading } from "./messages.ts";
import { followByOrder } from "./sequence.ts";

/** xorshift: the same numbers everywhere. */
function random(seed: number): () => number {
  let x = (seed * 2654435761) | 1;
  for (let i = 0; i < 8; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return () => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) / 2 ** 32;
  };
}

type Event = [time: number, size: number];

/** Requests and answers: bursts of full packets and acknowledgements, pauses between. `when`: moments at which everybody is busy. */
function web(r: () => number, seconds: number, when: readonly number[] = []): { up: Event[]; down: Event[] } {
  const up: Event[] = [];
  const down: Event[] = [];
  let t = r() * 1e6;
  let k = 0;
  while (t < seconds * 1e6) {
    up.push([t, 40 + Math.floor(r() * 400)]);
    let at = t + 2e4 + r() * 2e4;
    for (let left = Math.floor(r() * r() * 60); left > 0; left--) {
      down.push([at, left === 1 ? 60 + Math.floor(r() * 1200) : 1380]);
      if (left % 2 === 0) up.push([at + 500 + r() * 400, 40]);
      at += 100 + r() * 1500;
    }
    t = at + -Math.log(1 - r()) * 8e5;
    if (when.length > 0) {
      while (k < when.length && (when[k] ?? 0) < t) k++;
      t = (when[k] ?? t) + r() * 5e4;
      if (k >= when.length) break;
    }
  }
  return { up, down };
}

const wrapped = (r: () => number, events: readonly Event[], delay: number, jitter: number, pad: number): Event[] =>
  events.map(([t, s]) => [t + delay + r() * jitter, Math.ceil((s + 2) / pad) * pad + 32]);

function bulk(r: () => number, seconds: number): Event[] {
  const out: Event[] = [];
  let t = 0;
  while (t < seconds * 1e6) {
    out.push([t, r() < 0.02 ? 700 : 1424]);
    t += r() < 0.01 ? 3e5 : 600 + r() * 900;
  }
  return out;
}

interface World {
  readonly trains: ReadonlyMap<number, Train>;
  readonly log: { readonly times: Float64Array; readonly owners: Int32Array; readonly sizes: Int32Array };
}

function world(subscribers: readonly { up: Event[]; down: Event[] }[]): World {
  const all = subscribers.flatMap((s, i) => [
    ...s.up.map((e) => [...e, (i + 1) << 2] as const),
    ...s.down.map((e) => [...e, ((i + 1) << 2) | 1] as const),
  ]);
  all.sort((a, b) => a[0] - b[0]);
  const log = new EventLog(all.length + 1);
  for (const [t, s, owner] of all) log.add(owner, t, s, 1);
  return { trains: trainsOf(log, 8), log: { times: log.times.subarray(0, log.length), owners: log.owners, sizes: log.sizes } };
}

function carrier(events: readonly Event[]): Train {
  const sorted = events.toSorted((a, b) => a[0] - b[0]);
  return {
    owner: 0,
    times: Float64Array.from(sorted, ([t]) => t),
    sizes: Int32Array.from(sorted, ([, s]) => s),
    frames: new Int32Array(sorted.length),
  };
}

test("a sealed copy of one subscriber among thirty is found, and nobody else", () => {
  const r = random(11);
  const people = Array.from({ length: 30 }, () => web(r, 60));
  const w = world(people);
  const target = people[7]!;
  for (const [delay, jitter, pad] of [
    [500, 300, 4],
    [40_000, 2000, 16],
    [-20_000, 500, 16],
  ] as const) {
    const found = followByTime(carrier(wrapped(r, [...target.up, ...target.down], delay, jitter, pad)), w.trains, w.log);
    const owners = found.filter((f) => f.pairBits > 8 || f.followed > 0.7 * f.bursts).map((f) => f.train.owner);
    expect(owners.sort((a, b) => a - b)).toEqual([32, 33]);
    expect(found[0]?.pairBits).toBeGreaterThan(40);
  }
});

test("in a stream that delays unevenly the order tells", () => {
  const r = random(12);
  const people = Array.from({ length: 12 }, () => web(r, 40));
  const w = world(people);
  const both = [...people[3]!.up, ...people[3]!.down].sort((a, b) => a[0] - b[0]);
  let free = 0;
  const sent: Event[] = both.map(([t, s]) => {
    free = Math.max(free + 1500 + r() * 6000, t + 3000);
    return [free, s + 41];
  });
  const found = followByOrder(carrier(sent), w.trains, w.log);
  expect(found.map((f) => f.train.owner)).toEqual([16, 17]);
  expect(found[0]?.pairBits).toBeGreaterThan(30);
});

test("chance: busy at the same moments, bulk, other people's traffic: bits are no larger than they may be", () => {
  const worst: number[] = [];
  let pairs = 0;
  for (let round = 0; round < 5; round++) {
    const r = random(100 + round);
    const moments = Array.from({ length: 80 }, () => r() * 6e7).sort((a, b) => a - b);
    const people = Array.from({ length: 20 }, (_, i) => web(r, 60, i % 2 === 0 ? moments : []));
    const w = world(people);
    const carriers: Event[][] = [];
    for (let i = 0; i < 6; i++) {
      const other = web(r, 60, i % 2 === 0 ? moments : []);
      carriers.push(wrapped(r, [...other.up, ...other.down], 500, 400, [4, 16][i % 2] ?? 4));
    }
    carriers.push(
      bulk(r, 60),
      bulk(r, 60).filter(([t]) => moments.some((m) => t > m && t < m + 2e5)),
    );
    // A record of 96 octets for each request of everybody.
    carriers.push(people.flatMap((p) => p.up.filter(([, s]) => s > 40).map(([t]): Event => [t + 1000, 96])));
    for (const c of carriers) {
      const train = carrier(c);
      pairs += w.trains.size * 2;
      for (const f of [...followByTime(train, w.trains, w.log), ...followByOrder(train, w.trains, w.log)]) worst.push(f.pairBits);
    }
  }
  worst.sort((a, b) => b - a);
  expect(pairs).toBeGreaterThan(3500);
  // Family-wise 14 bits are asked for: of so many pairs none comes near.
  expect(worst[0] ?? 0).toBeLessThan(Math.log2(pairs) + 7);
});

test("tails and bounds", () => {
  expect(log2BinomialTail(10, 10, 0.5)).toBeCloseTo(-10, 9);
  expect(log2BinomialTail(0, 10, 0.5)).toBe(0);
  expect(log2BinomialTail(1, 2, 0.5)).toBeCloseTo(Math.log2(0.75), 9);
  expect(log2BinomialTail(900, 1000, 0.01)).toBeLessThan(-5000);
  expect(upperShare(0, 1000, 2 ** -20)).toBeCloseTo(1 - 2 ** (-20 / 1000), 5);
  expect(upperShare(3, 3, 0.01)).toBe(1);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 0.99, noNaN: true }), (n, p) => {
      const k = Math.ceil(n / 2);
      expect(log2MarkovTail(k, n, p, p)).toBeCloseTo(log2BinomialTail(k, n, p), 6);
      expect(log2MarkovTail(k, n, p, Math.min(0.999, p * 1.1))).toBeGreaterThanOrEqual(log2BinomialTail(k, n, p) - 1e-6);
    }),
  );
});

test("TLS records are messages however they are cut; other streams give runs of full segments; nothing throws", () => {
  const record = (size: number, type = 23): number[] => [type, 3, 3, size >> 8, size & 255, ...Array.from({ length: size }, () => 7)];
  const stream = Uint8Array.from([...record(40, 22), ...record(100), ...record(1400), ...record(20)]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 5, max: 700 }), { minLength: 1 }), (cuts) => {
      const reader = new MessageReader();
      const sizes: number[] = [];
      let at = 0;
      for (let i = 0; at < stream.length; i++) {
        const end = Math.min(stream.length, at + (cuts[i % cuts.length] ?? 5));
        reader.data(stream, at, end, i * 1000, i, (_micros, size) => sizes.push(size));
        at = end;
      }
      expect(sizes).toEqual([100, 1400, 20]);
    }),
  );
  const reader = new MessageReader();
  const sizes: number[] = [];
  const tell = (_micros: number, size: number, _frame: number, reading: number): unknown => reading === Reading.MESSAGE && sizes.push(size);
  for (const [size, micros] of [
    [1400, 0],
    [1400, 500],
    [200, 900],
    [90, 1000],
    [80, 9000],
  ] as const)
    reader.data(new Uint8Array(size).fill(9), 0, size, micros, 1, tell);
  reader.end(tell);
  expect(sizes).toEqual([3000, 90, 80]);
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 }), (parts) => {
      const r = new MessageReader();
      for (const part of parts) r.data(part, 0, part.length, 0, 0, () => undefined);
      r.gap();
      r.end(() => undefined);
    }),
  );
});
