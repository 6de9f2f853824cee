import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EchoMeasure, isPattern } from "./echo.ts";

const octets = (length: number, of: (i: number) => number): Uint8Array => Uint8Array.from({ length }, (_, i) => of(i) & 0xff);
const random = (seed: number): (() => number) => {
  let state = seed >>> 0 || 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  };
};
const stamp = (n: number): number[] => [n >> 8, n, 7, 1, 0, 0, n * 3, n * 5, 0, 0, 0, 0, 0, 0, 0, 0];

describe("ordinary echo contents are no channel", () => {
  const programs: Readonly<Record<string, (n: number) => Uint8Array>> = {
    "time stamp and counting octets (BSD, Linux)": (n) => Uint8Array.from([...stamp(n), ...octets(40, (i) => 0x10 + i)]),
    "alphabet (Windows)": () => Uint8Array.from(Buffer.from("abcdefghijklmnopqrstuvwabcdefghi")),
    "time stamp and zeros (BusyBox)": (n) => Uint8Array.from([...stamp(n), ...octets(84, () => 0)]),
    "one octet": () => octets(1400, () => 0x58),
    "two octets (routers)": () => octets(100, (i) => (i % 2 === 0 ? 0xab : 0xcd)),
    "a set pattern of sixteen octets": () => octets(400, (i) => (i % 16) * (i % 16) + 3),
    "counting down": () => octets(300, (i) => 255 - i),
    "random once, the same each time": () => octets(400, random(5)),
    nothing: () => new Uint8Array(0),
    "a time stamp alone": (n) => Uint8Array.from(stamp(n)),
  };
  it.each(Object.keys(programs))("%s", (name) => {
    const measure = new EchoMeasure();
    for (let n = 0; n < 50; n++) {
      const data = programs[name]?.(n) ?? new Uint8Array(0);
      measure.request(data, 0, data.length, 0, n);
      expect(measure.reply(data, 0, data.length, 1, n)).toBe(false);
    }
    expect(measure.fresh.contents).toBe(0);
    expect(measure.whole.summary().uniform).toBeUndefined();
  });
});

describe("content", () => {
  it("new and random each time is content, from the second request on", () => {
    const measure = new EchoMeasure();
    const next = random(9);
    for (let n = 0; n < 40; n++) measure.request(octets(120, next), 0, 120, 0, n);
    const summary = measure.fresh.summary();
    expect(summary).toMatchObject({ contents: 39, distinct: 39, uniform: "octets" });
  });

  it("short and random is content where there is much of it", () => {
    const measure = new EchoMeasure();
    const next = random(3);
    for (let n = 0; n < 100; n++) measure.request(octets(16, next), 0, 16, 0, n);
    expect(measure.whole.summary()).toMatchObject({ contents: 100, distinct: 100, uniform: "octets" });
  });

  it("text that changes is content, and not random", () => {
    const measure = new EchoMeasure();
    for (let n = 0; n < 40; n++) {
      const line = Uint8Array.from(
        Buffer.from(`${"0".repeat(24)}user ${n * 7919} did this and that at ${n * 104_729} o'clock in the ${n}th room`),
      );
      measure.request(line, 0, line.length, 0, n);
    }
    expect(measure.fresh.summary()).toMatchObject({ uniform: undefined });
  });

  it("a reply that is cut short returns what was asked; one that says something else does not", () => {
    const measure = new EchoMeasure();
    const asked = octets(200, (i) => i);
    measure.request(asked, 0, 200, 0, 1);
    expect(measure.reply(asked, 0, 64, 1, 1)).toBe(false);
    measure.request(asked, 0, 200, 0, 2);
    expect(
      measure.reply(
        octets(200, (i) => i + 1),
        0,
        200,
        1,
        2,
      ),
    ).toBe(true);
    expect(
      measure.reply(
        octets(300, (i) => i),
        0,
        300,
        1,
        2,
      ),
    ).toBe(true);
    // A reply nobody asked for is another matter: the request may not have been seen.
    expect(
      measure.reply(
        octets(300, (i) => i),
        0,
        300,
        1,
        9,
      ),
    ).toBe(false);
  });

  it("never throws, whatever the octets and their order", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.uint8Array({ maxLength: 90 }), fc.boolean(), fc.nat(3)), { maxLength: 60 }), (packets) => {
        const measure = new EchoMeasure();
        for (const [data, request, key] of packets) {
          if (request) measure.request(data, 0, data.length, key & 1, key);
          else measure.reply(data, 0, data.length, key & 1, key);
          isPattern(data, 0, data.length);
        }
        expect(measure.requests + measure.replies).toBe(packets.length);
      }),
    );
  });
});
