import { describe, expect, it } from "vitest";
import { quantities } from "./quantity.ts";
import { Voice } from "#report/voice.ts";
import { bitsSaid, octetsSaid } from "#words/amounts.ts";

describe("one rounding", () => {
  it.each([
    [718, "718 bytes"],
    [9_999, "9,999 bytes"],
    [768_000, "768.0 kB"],
    [12_345_678, "12.3 MB"],
    [5e10, "50.0 GB"],
  ])("%d octets", (n, text) => {
    expect(octetsSaid(n, "en")).toBe(text);
    for (const language of ["en", "fr"] as const) {
      const plain = (said: string): string => said.replaceAll(/[\u00a0\u202f]/g, " ");
      expect(plain(new Voice(language).bytes(n))).toBe(plain(octetsSaid(n, language)));
      expect(plain(quantities(language).bytes(n))).toBe(plain(octetsSaid(n, language)));
    }
  });

  it("of bits goes down, on the page as in the report", () => {
    expect([1328.79, -3.11, 0, 64].map((bits) => bitsSaid(bits, "en"))).toEqual(["1,328.7", "−3.2", "0.0", "64.0"]);
    expect(quantities("en").bits(1328.79)).toBe("1,328.7");
    expect(new Voice("en").bits(1328.79)).toBe("1,328.7");
  });
});
