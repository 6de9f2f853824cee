import fc from "fast-check";
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { crc32 } from "node:zlib";
import { frameCheck } from "#sense/channels/frame-check.ts";
import { ContentMeasure, HashSet32, MEASURE_LIMITS } from "./content-measure.ts";

/** As random as one can tell, and the same in each run. */
const drawn = (n: number, length: number): Uint8Array => {
  const parts: Buffer[] = [];
  for (let i = 0; i * 32 < length; i++) parts.push(createHash("sha256").update(`${n} ${i}`).digest());
  return Uint8Array.from(Buffer.concat(parts).subarray(0, length));
};
const measured = (contents: Iterable<Uint8Array>): ReturnType<ContentMeasure["summary"]> => {
  const measure = new ContentMeasure();
  for (const content of contents) measure.add(content, 0, content.length);
  return measure.summary();
};
const many = (of: (n: number) => Uint8Array, count = 40): Uint8Array[] => Array.from({ length: count }, (_, n) => of(n));

describe("content that is spread as if drawn", () => {
  it.each([
    ["octets", (n: number) => drawn(n, 64)],
    ["hexadecimal", (n: number) => Uint8Array.from(Buffer.from(Buffer.from(drawn(n, 32)).toString("hex")))],
    ["base64", (n: number) => Uint8Array.from(Buffer.from(Buffer.from(drawn(n, 48)).toString("base64")))],
    ["base64", (n: number) => Uint8Array.from(Buffer.from(Buffer.from(drawn(n, 48)).toString("base64url")))],
  ] as const)("as %s", (alphabet, of) => {
    expect(measured(many(of))).toMatchObject({ uniform: alphabet, contents: 40, distinct: 40 });
  });

  it("few octets are at most spread, very few not even that", () => {
    expect(measured([drawn(1, 300)])).toMatchObject({ uniform: undefined, spread: true });
    expect(measured([drawn(1, 100)])).toMatchObject({ uniform: undefined, spread: false });
    const text = Uint8Array.from(Buffer.from("The quick brown fox jumps over the lazy dog, and the lazy dog sleeps. ".repeat(4)));
    expect(measured([text]).spread).toBe(false);
  });
});

describe("content behind a header that never changes", () => {
  const header = [...Buffer.from("VENDOR/1.0"), 0, 0, 0, 7];

  it("is measured without it", () => {
    expect(measured(many((n) => Uint8Array.from([...header, ...drawn(n, 40)])))).toMatchObject({ uniform: "octets", octets: 40 * 40 });
  });

  it("or in front of a trailer", () => {
    expect(measured(many((n) => Uint8Array.from([...drawn(n, 64), ...header]))).uniform).toBe("octets");
  });

  it("is left alone where only an identifier and a time stay", () => {
    expect(measured(many((n) => Uint8Array.from([...header, ...drawn(n, 16)]), 200)).uniform).toBeUndefined();
  });

  it("that takes turns is no header: positions that change are all measured", () => {
    const turns = many((n) => Uint8Array.from([...(n % 2 === 0 ? header : header.toReversed()), ...drawn(n, 24)]), 60);
    expect(measured(turns).uniform).toBeUndefined();
  });
});

describe("content that is not", () => {
  it.each([
    ["zeros", () => new Uint8Array(64)],
    ["counters", (n: number) => Uint8Array.from([0, 0, n >> 8, n, 0, 0, n * 7, 3, 1, 2, 3, 4, 5, 6, 7, 8])],
    ["text", (n: number) => Uint8Array.from(Buffer.from(`session ${n} of the day, served in ${n * 13} ms without any complaint`))],
    ["random octets behind a header", (n: number) => Uint8Array.from([1, 0, 0, 0, 0, 16, 0, 0, ...drawn(n, 16)])],
    ["time stamps", (n: number) => Uint8Array.from([0x65, 0x12, n, 0, 0, 0, 0, 0, 0, n, 0x3b, 0x9a, 0xca, 0, 0, 0])],
  ] as const)("%s", (_, of) => {
    expect(measured(many(of, 200)).uniform).toBeUndefined();
  });

  it("the same content again is not distinct", () => {
    expect(measured(many(() => drawn(1, 64)))).toMatchObject({ contents: 40, distinct: 1 });
  });
});

describe("limits", () => {
  it("contents past the limit are counted, not compared", () => {
    const summary = measured(many((n) => drawn(n, 8), MEASURE_LIMITS.compared + 100));
    expect(summary).toMatchObject({ contents: MEASURE_LIMITS.compared + 100, compared: MEASURE_LIMITS.compared });
    expect(summary.distinct).toBeGreaterThan(MEASURE_LIMITS.compared - 2);
  });

  it("a set holds what was added, up to its limit", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 300 }), (hashes) => {
        const set = new HashSet32(100);
        for (const hash of hashes) set.add(hash);
        // 0 and 1 count as the same: 0 marks an empty place.
        expect(set.size).toBe(Math.min(100, new Set(hashes.map((hash) => (hash === 0 ? 1 : hash))).size));
        for (const hash of hashes) expect(set.add(hash)).toBe(set.size < 100 && !hashes.includes(hash));
      }),
    );
  });
});

it("a frame check sequence is told from other octets", () => {
  const frame = drawn(3, 120);
  const check = new Uint8Array(4);
  new DataView(check.buffer).setUint32(0, crc32(frame), true);
  expect(frameCheck(Uint8Array.from([...frame, ...check]), 0, 124)).toBe(true);
  check[0] = (check[0] ?? 0) ^ 1;
  expect(frameCheck(Uint8Array.from([...frame, ...check]), 0, 124)).toBe(false);
});
