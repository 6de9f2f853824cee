import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toRfc3339 } from "#model/time.ts";
import { BER_LIMITS, childrenOf, EndFinder, isValue, readBer } from "./cursor.ts";
import { berInteger, berIntegerText, generalizedTime, oidText } from "./values.ts";

const hex = (s: string): Uint8Array => Uint8Array.from(Buffer.from(s.replaceAll(/\s/g, ""), "hex"));
const ascii = (s: string): Uint8Array => Uint8Array.from(Buffer.from(s));

describe("BER", () => {
  it("reads short, long and indefinite lengths, and high tag numbers", () => {
    expect(readBer(hex("020105"), 0, 3)).toMatchObject({ value: { tag: 2, content: 2, contentEnd: 3, end: 3 } });
    expect(readBer(hex("04820003aabbcc"), 0, 7)).toMatchObject({ value: { tag: 4, content: 4, end: 7 } });
    expect(readBer(hex("30800201050000"), 0, 7)).toMatchObject({ value: { tag: 16, indefinite: true, contentEnd: 5, end: 7 } });
    expect(readBer(hex("3080308002010100000000"), 0, 11)).toMatchObject({ value: { contentEnd: 9, end: 11 } });
    expect(readBer(hex("bf8148 03 020105"), 0, 7)).toMatchObject({ value: { tagClass: 2, constructed: true, tag: 200, content: 4 } });
  });

  it.each([
    ["", "more"],
    ["30", "more"],
    ["3005", "more"],
    ["3082", "more"],
    ["0480", "encoding"],
    ["3085 0000000001", "length"],
    ["1f80 01", "encoding"],
    ["1fffffffffff01", "encoding"],
    ["3080 0201", "more"],
  ])("says why %j cannot be read", (text, problem) => {
    const b = hex(text);
    expect(readBer(b, 0, b.length)).toMatchObject({ problem });
  });

  it("does not follow indefinite lengths without end", () => {
    const deep = hex("3080".repeat(BER_LIMITS.depth + 2));
    expect(readBer(deep, 0, deep.length)).toMatchObject({ problem: "depth" });
    const many = Uint8Array.from([0x30, 0x80, ...Array.from({ length: 3 * (BER_LIMITS.elements + 1) }, (_, i) => (i % 3 === 1 ? 1 : 5))]);
    expect(readBer(many, 0, many.length)).toMatchObject({ problem: "count" });
  });

  it("finds the end of a value that arrives octet by octet, once", () => {
    const whole = hex("3080 0403aabbcc 3080 0500 0000 0000");
    const finder = new EndFinder();
    for (let n = 2; n < whole.length; n += 1) expect(finder.advance(whole, 2, n)).toMatchObject({ problem: "more" });
    expect(finder.advance(whole, 2, whole.length)).toBe(whole.length - 2);
  });

  it("keeps the children before a broken one", () => {
    const b = hex("0201050403aa");
    const c = childrenOf(b, 0, b.length);
    expect(c.values.length).toBe(1);
    expect(c.problem).toBe("more");
  });

  it("reads no octet outside and never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (b) => {
        const r = readBer(b, 0, b.length);
        if (isValue(r)) expect(r.value.end).toBeLessThanOrEqual(b.length);
        childrenOf(b, 0, b.length);
        oidText(b, 0, b.length);
        generalizedTime(b, 0, b.length);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });

  it("reads integers, object identifiers, times", () => {
    expect(berInteger(hex("ff"), 0, 1)).toBe(-1);
    expect(berInteger(hex("00ff"), 0, 2)).toBe(255);
    expect(berIntegerText(hex("00ffffffffffffffff"), 0, 9)).toBe("18446744073709551615");
    expect(oidText(hex("04000202050111"), 0, 7)).toBe("0.4.0.2.2.5.1.17");
    expect(oidText(hex("05030a02"), 0, 4, true)).toBe("5.3.10.2");
    expect(oidText(hex("0580"), 0, 2, true)).toBeUndefined();
    const t = (s: string): string | undefined => {
      const r = generalizedTime(ascii(s), 0, s.length);
      return r === undefined ? undefined : `${toRfc3339(r.time)}${r.local ? " local" : ""}`;
    };
    expect(t("20260101000000.000Z")).toBe("2026-01-01T00:00:00.000000000Z");
    expect(t("20260101010203.5+0130")).toBe("2025-12-31T23:32:03.500000000Z");
    expect(t("202601010102.5Z")).toBe("2026-01-01T01:02:30.000000000Z");
    expect(t("20260101000000")).toBe("2026-01-01T00:00:00.000000000Z local");
    expect(t("20260230000000Z")).toBeUndefined();
    expect(t("20261301000000Z")).toBeUndefined();
  });
});
