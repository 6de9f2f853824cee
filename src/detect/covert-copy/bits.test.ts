import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import { binomialCdf, chanceOf, clopperPearsonUpper, hashBits, log2Factorial, plainBits, scoreSubscriber } from "./bits.ts";

describe("hash bound", () => {
  test("the example of the method: M = 8e11, 1,000 prints a side, 64 bits", () => {
    const logM = Math.log2(8e11);
    expect(Math.floor(hashBits(logM, 1000, 1000, 64, 1))).toBe(4);
    expect(Math.floor(hashBits(logM, 1000, 1000, 64, 2))).toBe(49);
    expect(Math.floor(hashBits(logM, 1000, 1000, 64, 3))).toBe(95);
  });

  test("equals the exact rational number", () => {
    // -log2(M * (na * nb)^k / (2^(w k) * k!)) with exact integers: compare powers of two on either side.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 1e5 }),
        fc.integer({ min: 1, max: 1e5 }),
        fc.integer({ min: 1, max: 40 }),
        (m, a, b, k) => {
          let top = BigInt(m) * (BigInt(a) * BigInt(b)) ** BigInt(k);
          let bottom = 2n ** BigInt(64 * k);
          for (let i = 2n; i <= BigInt(k); i++) bottom *= i;
          const bits = hashBits(Math.log2(m), a, b, 64, k);
          // 2^bits * top <= bottom within 1e-6 relative: scale by 2^floor(bits)
          const whole = BigInt(Math.floor(bits));
          if (whole === 0n) return;
          top *= 2n ** whole;
          const ratio = Number((top * 1_000_000n) / bottom) / 1_000_000;
          expect(Math.abs(Math.log2(ratio) + (bits - Math.floor(bits)))).toBeLessThan(1e-4);
        },
      ),
    );
  });

  test("log2 of a factorial, on both sides of the series", () => {
    let exact = 0;
    for (let i = 2; i <= 600; i++) {
      exact += Math.log2(i);
      expect(Math.abs(log2Factorial(i) - exact)).toBeLessThan(1e-8);
    }
  });
});

describe("background", () => {
  test("a window unseen in N flows has an upper bound of 13.9 / N", () => {
    for (const n of [1000, 100_000, 10_000_000]) expect(clopperPearsonUpper(0, n) * n).toBeCloseTo(13.8, 0);
    expect(clopperPearsonUpper(0, 0)).toBe(1);
    expect(clopperPearsonUpper(5, 5)).toBe(1);
  });

  test("is the point at which so few hits have the chance alpha", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 16 }), fc.integer({ min: 17, max: 5000 }), (hits, trials) => {
        const p = clopperPearsonUpper(hits, trials);
        expect(binomialCdf(hits, trials, p)).toBeLessThanOrEqual(2 ** -20 * 1.000001);
        expect(binomialCdf(hits, trials, p * 0.999)).toBeGreaterThan(2 ** -20);
      }),
    );
  });

  test("content that everybody has is worth nothing", () => {
    expect(plainBits({ others: 100, holding: 100 })).toBe(0);
    expect(plainBits(null)).toBe(0);
    expect(plainBits({ others: 1_000_000, holding: 0 })).toBeCloseTo(16.1, 1);
  });
});

const flow = (over: Partial<CopyFlow>, credits: Partial<CopyFlow["credits"]> = {}): CopyFlow => ({
  uplink: true,
  protocol: 17,
  remoteAddress: "198.51.100.53",
  remotePort: 53,
  offered: 1,
  matches: 1,
  byPayload: 0,
  windows: 0,
  sliced: 0,
  weak: 0,
  packets: 1,
  bytes: 70,
  seenOnLink: true,
  seenInTunnel: true,
  answerSeen: true,
  ...over,
  credits: { sequence: 0, cipher: 0, random: 0, dns: 0, ssrc: 0, plain: null, ...credits },
});
const subscriber = (flows: CopyFlow[], flowsOffered: number): CopySubscriber => ({
  address: "100.64.0.1",
  packets: flows.length,
  bytes: 0,
  firstMicros: 0,
  lastMicros: 0,
  frames: { capture: 0, frames: [], total: 0 },
  flowsOffered,
  printsOffered: 1000,
  flows,
  flowsMatched: flows.length,
});
const carrier = { trials: { flows: 1e6, carriers: 1e5, transforms: 8 }, offered: 1000, printBits: 64 } as CopyObservation;

describe("score of a subscriber on a carrier", () => {
  test("one DNS query is nothing, five are a proof, three packets of one TLS flow are", () => {
    const dns = (n: number): number =>
      scoreSubscriber(
        carrier,
        subscriber(
          Array.from({ length: n }, () => flow({}, { dns: 30 })),
          1000,
        ),
      ).bits;
    expect(dns(1)).toBe(0);
    // On a carrier that carries little else: every packet it has is a try at a 30-bit match.
    const five = Array.from({ length: 5 }, () => flow({}, { dns: 30 }));
    expect(scoreSubscriber({ ...carrier, offered: 5 }, subscriber(five, 30)).bits).toBeGreaterThanOrEqual(64);
    expect(dns(5)).toBeLessThan(64);
    const tls = scoreSubscriber(
      carrier,
      subscriber([flow({ protocol: 6, matches: 3, offered: 1000 }, { sequence: 64, cipher: 256 })], 1000),
    );
    expect(tls.bits).toBeGreaterThanOrEqual(64);
  });

  test("plain content never carries a proof, however much of it there is", () => {
    const flows = Array.from({ length: 64 }, () => flow({ matches: 1000 }, { plain: { others: 1e9, holding: 0 } }));
    expect(
      scoreSubscriber({ ...carrier, trials: { flows: 1, carriers: 1, transforms: 1 } }, subscriber(flows, 64)).bits,
    ).toBeLessThanOrEqual(40);
  });

  test("short identifiers among many tries are worth nothing, however many agree", () => {
    const flows = Array.from({ length: 64 }, () => flow({}, { dns: 16 }));
    expect(scoreSubscriber({ ...carrier, offered: 20_000 }, subscriber(flows, 250)).bits).toBe(0);
  });

  test("flows that are each less than their choice add up to nothing", () => {
    const flows = Array.from({ length: 64 }, () => flow({}, { dns: 16 }));
    expect(scoreSubscriber(carrier, subscriber(flows, 100_000)).bits).toBe(0);
  });

  test("the steps add up to the source bound", () => {
    const flows = [
      flow({ protocol: 6, matches: 9 }, { sequence: 64, cipher: 256 }),
      flow({}, { dns: 30 }),
      flow({}, { plain: { others: 500, holding: 0 } }),
    ];
    const score = scoreSubscriber(carrier, subscriber(flows, 100));
    const sum = score.steps
      .slice(
        0,
        score.steps.findIndex((s) => s.label.code === "step.source-bound"),
      )
      .reduce((t, s) => t + s.bits, 0);
    expect(sum).toBeCloseTo(score.source, 9);
  });

  test("the chance is exact", () => {
    expect(chanceOf(64)).toBe(5.421010862427522e-20);
    expect(chanceOf(128)).toBe(2.9387358770557188e-39);
    expect(chanceOf(400)).toBe(2.9387358770557188e-39);
  });
});
