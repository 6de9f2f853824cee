import { describe, expect, it } from "vitest";
import { canonicalAddress, foldBareTarget, foldTarget, sameTarget } from "./target.ts";

describe("folding of target identifiers", () => {
  it.each([
    ["E164Number", "494012345678", "msisdn", "494012345678"],
    ["telUri", "tel:+49-40-12345678;phone-context=x", "msisdn", "494012345678"],
    ["supi", "imsi-262011234567890", "imsi", "262011234567890"],
    ["supiimsi", "262011234567890", "imsi", "262011234567890"],
    ["gpsi", "msisdn-494012345678", "msisdn", "494012345678"],
    ["gpsi", "User@Example.org", "nai", "user@example.org"],
    ["imei", "490154203237518", "imei", "49015420323751"],
    ["peiImeisv", "4901542032375101", "imei", "49015420323751"],
    ["sipUri", "sip:Alice:pw@Example.org:5060;transport=tcp", "sip", "alice@example.org"],
    ["ipv6Address", "2001:DB8:0:0::1", "ip", "2001:db8::1"],
    ["ipv6Cidr", "2001:db8::/56", "ip", "2001:db8::/56"],
    ["macAddress", "AA:BB", "other", "aa:bb"],
  ])("%s %s", (element, text, kind, value) => {
    expect(foldTarget(element, text)).toEqual({ element, kind, value, sent: text });
  });

  it.each(["constructor", "toString", "__proto__"])("an element called %s is no kind, whatever the language calls so", (name) => {
    expect(foldTarget(name, "1").kind).toBe("other");
    expect(foldBareTarget(`${name}:1`).kind).toBe("other");
  });

  it("does not guess what bare digits are, and matches them with any kind of digits", () => {
    const bare = foldBareTarget("262011234567890");
    expect(bare.kind).toBe("other");
    expect(sameTarget(bare, foldTarget("imsi", "262011234567890"))).toBe(true);
    expect(sameTarget(bare, foldTarget("imsi", "262011234567891"))).toBe(false);
    expect(foldBareTarget("imsi:262011234567890").kind).toBe("imsi");
    expect(foldBareTarget("+494012345678")).toMatchObject({ kind: "msisdn", value: "494012345678" });
    expect(foldBareTarget("10.0.0.1").kind).toBe("ip");
  });

  it("sees an address inside its prefix", () => {
    expect(sameTarget(foldTarget("ip", "2001:db8::7"), foldTarget("ipv6Cidr", "2001:db8::/64"))).toBe(true);
    expect(sameTarget(foldTarget("ip", "10.1.2.3"), foldTarget("ip", "10.1.0.0/16"))).toBe(true);
    expect(sameTarget(foldTarget("ip", "10.2.2.3"), foldTarget("ip", "10.1.0.0/16"))).toBe(false);
    expect(sameTarget(foldTarget("ip", "10.2.2.3"), foldTarget("ip", "2001:db8::/16"))).toBe(false);
    // A subscriber holds its /64 (TS 23.401 §5.3.1.2.2); a prefix that was stated is what it states.
    expect(sameTarget(foldTarget("ip", "2001:db8::7"), foldTarget("ip", "2001:db8::9c4f:1:2:3"))).toBe(true);
    expect(sameTarget(foldTarget("ip", "2001:db8::7"), foldTarget("ip", "2001:db8:0:1::7"))).toBe(false);
    expect(sameTarget(foldTarget("ip", "fe80::7"), foldTarget("ip", "fe80::8"))).toBe(false);
  });

  it("knows what is no address", () => {
    for (const t of ["", "1.2.3", "01.2.3.4", "1.2.3.256", ":::", "1::2::3", "12345::", "::1%eth0", "1:2:3:4:5:6:7:8:9"]) {
      expect(canonicalAddress(t), t).toBeUndefined();
    }
    expect(canonicalAddress("::ffff:1.2.3.4")).toBe("::ffff:1.2.3.4");
    expect(canonicalAddress("::")).toBe("::");
  });
});
