import fc from "fast-check";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { decodeNasEps } from "#decode/nas-eps/decode.ts";
import { limits } from "#decode/per/limits.ts";
import { isFault } from "#decode/per/pdu.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";
import { decodeX2ap } from "#decode/x2ap/decode.ts";
import { decodeS1ap } from "./decode.ts";
import { VECTORS } from "./vectors.ts";

const CODES = new Set(["short", "cut", "length", "value", "depth", "count", "encoding"]);

function faultsOf(result: DecodedMessage | Fault): readonly Fault[] {
  if (isFault(result)) return [result];
  // Every field is read, so that nothing lazy hides.
  expect(JSON.stringify(result, (_, value: unknown) => (value instanceof Uint8Array ? value.length : value)).length).toBeGreaterThan(0);
  for (const end of result.teids) expect(Number.isInteger(end.teid) && end.teid >= 0 && end.teid <= 0xffffffff).toBe(true);
  return [...result.faults, ...result.inner.flatMap(faultsOf)];
}

function decodeAll(octets: Uint8Array): readonly Fault[] {
  const faults = [...faultsOf(decodeS1ap(octets, 0, octets.length, decodeNasEps)), ...faultsOf(decodeX2ap(octets, 0, octets.length))];
  for (const fault of faults) expect(CODES.has(fault.code)).toBe(true);
  return faults;
}

/** A small generator of the same numbers everywhere (xorshift32). */
function seeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const corpus = (): Buffer[] => [
  ...Object.values(VECTORS).map((hex) => Buffer.from(hex, "hex")),
  ...["s1ap", "x2ap"].flatMap((protocol) => {
    const rows = JSON.parse(readFileSync(`src/decode/${protocol}/golden/pycrate.json`, "utf8")) as { readonly hex: string }[];
    return rows.map((row) => Buffer.from(row.hex, "hex"));
  }),
];

test("cut at every length: one fault at least, what came before stays", () => {
  for (const hex of Object.values(VECTORS)) {
    const whole = Buffer.from(hex, "hex");
    for (let length = 0; length < whole.length; length++) {
      const faults = faultsOf(decodeS1ap(whole, 0, length, undefined));
      expect(faults.length).toBeGreaterThan(0);
      expect(faults[0]?.offset).toBeLessThanOrEqual(length);
      const cut = decodeS1ap(whole, 0, length, undefined, true);
      if (!isFault(cut)) expect(cut.faults.some((fault) => fault.code === "cut")).toBe(true);
    }
  }
  const trace = Buffer.from(VECTORS.traceStart, "hex");
  // The collector's address is the last thing; its reference survives the loss of it.
  const cut = decodeS1ap(trace, 0, trace.length - 4, undefined, true);
  expect(!isFault(cut) && cut.mmeUeId).toBe(1);
  expect(!isFault(cut) && cut.trace?.reference).toBe("62f21000002a0001");
});

test("every PDU of the goldens cut at every fifth length, and with seeded octets changed", () => {
  const random = seeded(0x5eed);
  for (const whole of corpus()) {
    for (let length = 0; length < whole.length; length += 5) decodeAll(whole.subarray(0, length));
    for (let round = 0; round < 10; round++) {
      const copy = Buffer.from(whole);
      for (let flips = random(4); flips >= 0; flips--) copy[random(copy.length)] = random(256);
      decodeAll(copy);
    }
  }
});

test("any octets", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => void decodeAll(octets)),
    { numRuns: 3000, seed: 36413 },
  );
  const head = fc.tuple(
    fc.constantFrom(0x00, 0x20, 0x40),
    fc.integer({ min: 0, max: 66 }),
    fc.uint8Array({ minLength: 30, maxLength: 300 }),
  );
  fc.assert(
    fc.property(
      head,
      ([outcome, code, rest]) => void decodeAll(Uint8Array.from([outcome, code, 0x40, 0x81, 0x2c, 0, 0, rest[0]! & 7, ...rest])),
    ),
    { numRuns: 3000, seed: 36423 },
  );
});

test("the work grows with the octets, whatever they say, and stops at the limits", () => {
  // A paging whose tracking area list claims as many empty items as its length field can say.
  const elapsed = (octets: Uint8Array): number => {
    let best = Infinity;
    for (let i = 0; i < 5; i++) {
      const from = performance.now();
      decodeAll(octets);
      best = Math.min(best, performance.now() - from);
    }
    return best;
  };
  const fill = (length: number, octet: number): Uint8Array => {
    const octets = new Uint8Array(length).fill(octet);
    octets.set([0x00, 0x0a, 0x40, 0x80 | (((length - 5) >> 8) & 0x3f), (length - 5) & 0xff, 0x00, 0xff, 0xff]);
    return octets;
  };
  for (const octet of [0x00, 0x01, 0x2e, 0x40, 0x80, 0xff]) {
    elapsed(fill(16_000, octet));
    expect(elapsed(fill(16_000, octet))).toBeLessThan(200);
  }
  const many = fill(16_000, 0);
  const result = decodeS1ap(many, 0, many.length);
  expect(isFault(result) ? 0 : result.ies.length).toBeLessThanOrEqual(limits.values);
  expect(isFault(result) ? 0 : result.faults.length).toBeLessThanOrEqual(limits.faults);
});

test("a message after a broken one is read", () => {
  const whole = Buffer.from(VECTORS.traceStart, "hex");
  decodeAll(whole.subarray(0, 20));
  const message = decodeS1ap(whole, 0, whole.length);
  expect(!isFault(message) && message.faults).toEqual([]);
});
