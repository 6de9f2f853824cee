import { BlockList, isIP } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalPrefix, formatV4, formatV6, parseAddress, parsePrefix, parseV4, PrefixTable } from "./address.ts";

const v4 = fc.ipV4();
const v6 = fc.ipV6();

describe("addresses as text", () => {
  it("takes exactly what node:net takes", () => {
    const noise = fc.oneof(v4, v6, fc.string({ maxLength: 20 }), fc.stringMatching(/^[0-9a-f:.]{0,30}$/));
    fc.assert(
      fc.property(noise, (text) => {
        expect(parseAddress(text) === null).toBe(isIP(text) === 0 || text.includes("%"));
      }),
      { numRuns: 5000 },
    );
  });

  it("writes IPv4 as read", () => {
    fc.assert(
      fc.property(v4, (text) => {
        expect(formatV4(parseV4(text))).toBe(text);
      }),
    );
  });

  it("writes IPv6 as RFC 5952 says", () => {
    const canonical = (text: string): string | null => canonicalPrefix(text);
    expect(canonical("2001:DB8:0:0:1:0:0:1")).toBe("2001:db8::1:0:0:1");
    expect(canonical("2001:db8:0:1:1:1:1:1")).toBe("2001:db8:0:1:1:1:1:1");
    expect(canonical("0:0:0:0:0:0:0:0")).toBe("::");
    expect(canonical("::ffff:192.0.2.1")).toBe("::ffff:c000:201");
    expect(canonical("2001:db8::1/64")).toBe("2001:db8::/64");
    expect(canonical("10.1.2.3/8")).toBe("10.0.0.0/8");
    expect(canonical("10.1.2.3/32")).toBe("10.1.2.3");
    fc.assert(
      fc.property(v6, (text) => {
        const w = parseAddress(text);
        if (w === null) throw new Error(text);
        const once = formatV6(w.w0, w.w1, w.w2, w.w3);
        expect(canonicalPrefix(once)).toBe(once);
        expect(new URL(`http://[${text}]/`).hostname).toBe(`[${once}]`);
      }),
    );
  });

  it.each([
    "10.0.0.0/33",
    "10.0.0.0/-1",
    "10.0.0.0/",
    "10.0.0.0/08",
    "::/129",
    "1.2.3",
    "01.2.3.4",
    "1:2",
    ":::",
    "1::2::3",
    "fe80::1%eth0",
  ])("refuses %s", (text) => expect(parsePrefix(text)).toBeNull());
});

describe("prefix table", () => {
  const prefix4 = fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([a, l]) => `${a}/${l}`);
  const prefix6 = fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([a, l]) => `${a}/${l}`);
  const addressNear = fc.tuple(fc.oneof(v4, v6), fc.array(fc.oneof(prefix4, prefix6), { maxLength: 40 }));

  it("agrees with node:net BlockList", () => {
    fc.assert(
      fc.property(addressNear, ([random, prefixes]) => {
        // node:net also finds IPv4 in IPv6 lists and the reverse (mapped addresses); on the wire they are different things
        const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
        for (const p of prefixes) {
          const [address = "", length = "0"] = p.split("/");
          const family = isIP(address) === 6 ? "ipv6" : "ipv4";
          lists[family].addSubnet(address, Number(length), family);
        }
        const table = new PrefixTable(prefixes.map((p) => [p, p] as const));
        for (const address of [random, ...prefixes.map((p) => p.split("/")[0] ?? "")]) {
          const family = isIP(address) === 6 ? "ipv6" : "ipv4";
          expect(table.text(address).length > 0).toBe(lists[family].check(address, family));
        }
      }),
      { numRuns: 500 },
    );
  });

  it("answers every containing prefix, most specific first, by text, int32 and octets alike", () => {
    const table = new PrefixTable([
      ["0.0.0.0/0", "all"],
      ["10.0.0.0/8", "ten"],
      ["10.1.0.0/16", "ten-one"],
      ["10.1.2.3", "host"],
      ["10.1.2.3", "other"],
      ["2001:db8::/32", "doc"],
      ["2001:db8::1", "doc-host"],
    ]);
    expect(table.text("10.1.2.3")).toEqual(["host", "other", "ten-one", "ten", "all"]);
    expect(table.v4(parseV4("10.1.9.9"))).toEqual(["ten-one", "ten", "all"]);
    expect(table.bytes(Uint8Array.of(9, 10, 200, 0, 1), 1, 4)).toEqual(["ten", "all"]);
    expect(table.bytes(Uint8Array.of(10, 0, 0), 0, 4)).toEqual([]);
    expect(table.text("2001:db8::1")).toEqual(["doc-host", "doc"]);
    expect(table.text("2001:db9::1")).toEqual([]);
    expect(table.text("nonsense")).toEqual([]);
  });

  it("holds many prefixes", () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => [formatV4(0x0a000000 + i * 16) + "/28", i] as const);
    const table = new PrefixTable(entries);
    for (let i = 0; i < 20_000; i += 97) expect(table.v4(0x0a000000 + i * 16 + 7)).toEqual([i]);
  });
});
