import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carriedContent } from "./content.ts";

const hex = (s: string): Uint8Array => Uint8Array.from(Buffer.from(s.replaceAll(/\s/g, ""), "hex"));
const IP = "4500001400010000401100000a0000010a000002";

describe("carried content", () => {
  it.each([
    ["ipv4", IP],
    ["ethernet", `020000000002 020000000001 0800 ${IP}`],
    ["ethernet", `020000000002 020000000001 8100 0005 0800 ${IP}`],
    ["gtp-u", `30ff0014 00000007 ${IP}`],
    ["gtp-u", `34ff001c 00000007 00000085 01100900 ${IP}`],
  ] as const)("finds the packet in %s", (kind, text) => {
    const b = hex(text);
    expect(carriedContent(kind, b, 0, b.length, 0)).toMatchObject({ src: "10.0.0.1", dst: "10.0.0.2", ipOctets: 20, length: b.length });
  });

  it("says that there is none, and reads no octet outside", () => {
    fc.assert(
      fc.property(fc.constantFrom("ipv4", "ipv6", "ethernet", "gtp-u", "rtp", "other"), fc.uint8Array({ maxLength: 70 }), (kind, b) => {
        const c = carriedContent(kind, b, 0, b.length, 0);
        expect(c.length).toBe(b.length);
      }),
      { seed: 9, numRuns: 1000 },
    );
  });
});
