import fc from "fast-check";
import { expect, test } from "vitest";
import { ContentSearch, StreamTail, type WindowMatch } from "./content-search.ts";
import { ContentPrinter, SPACING, WINDOW } from "./windows.ts";

const key = new Uint8Array(16).fill(7);

function noise(length: number, seed: number): Uint8Array {
  const out = new Uint8Array(length);
  let x = seed | 1;
  for (let i = 0; i < length; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    out[i] = x >>> 11;
  }
  return out;
}

test("places are chosen by content: one in 128 of noise, the same at any offset", () => {
  const printer = new ContentPrinter(key);
  const b = noise(60_000, 3);
  const n = printer.select(b, 0, b.length);
  expect(Math.abs(n - b.length / SPACING)).toBeLessThan(100);
  const places = [...printer.places.subarray(0, n)];
  const moved = new Uint8Array(b.length + 5);
  moved.set(b, 5);
  const again = [...printer.places.subarray(0, printer.select(moved, 5, moved.length))];
  expect(again.map((p) => p - 5)).toEqual(places);
  for (const run of [0, 0xff, 0x20]) expect(printer.select(new Uint8Array(4096).fill(run), 0, 4096)).toBeLessThanOrEqual(4096 / 16);
});

test("a stream gives the windows of its octets, however it is cut", () => {
  const b = noise(8000, 9);
  const printer = new ContentPrinter(key);
  const prints = (parts: readonly Uint8Array[]): Set<string> => {
    const tail = new StreamTail();
    const out = new Set<string>();
    for (const part of parts)
      tail.next(part, 0, part.length, (bytes, start, end) => {
        const n = printer.select(bytes, start, end);
        for (const at of printer.places.slice(0, n)) {
          expect(at + WINDOW).toBeLessThanOrEqual(end);
          printer.print(bytes, at);
          out.add(`${printer.lo} ${printer.hi}`);
        }
      });
    return out;
  };
  const whole = prints([b]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 60 }), (cuts) => {
      const parts: Uint8Array[] = [];
      let at = 0;
      for (let i = 0; at < b.length; i++) {
        const size = cuts[i % cuts.length] ?? 1;
        parts.push(b.subarray(at, at + size));
        at += size;
      }
      const got = prints(parts);
      // Two places less than 16 octets apart may be told apart at a border: next to none.
      const missing = [...whole].filter((p) => !got.has(p)).length;
      expect(missing).toBeLessThanOrEqual(whole.size / 10);
    }),
    { numRuns: 50 },
  );
});

function search(found: WindowMatch[]): ContentSearch {
  return new ContentSearch(key, 1 << 20, 1 << 18, { match: (m) => found.push(structuredClone(m)) });
}

test("content is found before and after its original, once a leg, with its worth", () => {
  const b = noise(1400, 5);
  for (const first of ["original", "suspect"]) {
    const found: WindowMatch[] = [];
    const s = search(found);
    const kept = (): number => s.original(b, 0, b.length, 13, true, 1, 77, 10, 1e6, 1440);
    const piece = new Uint8Array(900);
    piece.set(b.subarray(300, 1190), 10);
    const tries = (): number => s.suspect(piece, 0, piece.length, 5, 20, 2e6);
    const fresh = first === "original" ? (kept(), tries()) : (tries(), kept());
    expect(fresh).toBeGreaterThan(0);
    expect(s.suspect(piece, 0, piece.length, 5, 21, 2e6)).toBe(0);
    expect(found.length).toBeGreaterThan(2);
    for (const m of found)
      expect(m).toMatchObject({ suspect: { leg: 5, frame: 20 }, original: { flow: 77, frame: 10, length: 1440 }, octets: 11 });
  }
});

test("other octets do not match: a million windows against ten thousand", () => {
  const found: WindowMatch[] = [];
  const s = new ContentSearch(key, 1 << 20, 1 << 20, { match: (m) => found.push(m) });
  for (let i = 0; i < 20; i++) s.original(noise(64_000, i + 1), 0, 64_000, 0, false, 1, i, i, 0, 1400);
  let tries = 0;
  for (let i = 0; i < 200; i++) tries += s.suspect(noise(64_000, 1000 + i * 7), 0, 64_000, 5, i, 0);
  expect(tries).toBeGreaterThan(50_000);
  expect(found).toEqual([]);
});

test("no octets make it read past their end", () => {
  const printer = new ContentPrinter(key);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(50), (b, from) => {
      const n = printer.select(b, Math.min(from, b.length), b.length);
      for (let i = 0; i < n; i++) expect((printer.places[i] ?? 0) + WINDOW).toBeLessThanOrEqual(b.length);
    }),
  );
});
