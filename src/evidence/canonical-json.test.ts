import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("RFC 8785", () => {
  it("sorts keys by UTF-16 code units (RFC 8785 §3.2.3)", () => {
    const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\ud83d\ude00": 5, "\u0080": 6, "\u00f6": 7 };
    expect(canonicalJson(value)).toBe('{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\ud83d\ude00":5,"\ufb33":3}');
  });

  it("writes numbers as ECMAScript does (RFC 8785 §3.2.2.3)", () => {
    expect(canonicalJson([Number("333333333.33333329"), 1e30, 4.5, 2e-3, 1e-27, -0])).toBe("[333333333.3333333,1e+30,4.5,0.002,1e-27,0]");
  });

  it("refuses what JSON cannot say", () => {
    for (const bad of [Number.NaN, Infinity, "\ud800", { "\udc00": 1 }, 1n, undefined, () => 0]) {
      expect(() => canonicalJson(bad)).toThrow(RangeError);
    }
  });

  it("leaves out a member that is undefined, and keeps truth and nothing apart", () => {
    expect(canonicalJson({ a: undefined, b: true, c: false, d: null })).toBe('{"b":true,"c":false,"d":null}');
    expect(() => canonicalJson([undefined])).toThrow(RangeError);
  });

  it("nests up to a depth, in lists and in objects", () => {
    const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown =>
      Array.from({ length: depth }).reduce<unknown>((inner) => wrap(inner), 1);
    for (const wrap of [(inner: unknown) => [inner], (inner: unknown) => ({ a: inner })]) {
      expect(canonicalJson(nested(64, wrap))).toContain("1");
      expect(() => canonicalJson(nested(65, wrap))).toThrow("nested deeper than 64");
    }
  });

  it("does not depend on the order in which members were added, and reads back the same", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
