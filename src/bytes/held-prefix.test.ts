import { describe, expect, it } from "vitest";
import { heldPrefix, inOneHeldPrefix } from "./held-prefix.ts";

describe("the /64 of an address", () => {
  it("is its first four groups, however it is shortened", () => {
    const prefix = { high: 0x20010db8, low: 0x00010002 };
    for (const text of ["2001:db8:1:2::", "2001:db8:1:2::1", "2001:db8:1:2:a:b:c:d", "2001:db8:1:2:ffff::9"])
      expect(heldPrefix(text)).toEqual(prefix);
    expect(heldPrefix("2001:db8::1:2:3:4")).toEqual({ high: 0x20010db8, low: 0 });
  });
  it("is nobody's where the address is of IPv4, of one link, or none", () => {
    for (const text of ["10.0.0.1", "fe80::1", "febf::1", "::", "::1", "::ffff:10.0.0.1", "2001:db8:1:2::/64", "1:2:3", "2001:db8::g", ""])
      expect(heldPrefix(text)).toBeUndefined();
  });
  it("two addresses in one are one holder's", () => {
    expect(inOneHeldPrefix("2001:db8:1:2::1", "2001:db8:1:2:9c4f:1:2:3")).toBe(true);
    expect(inOneHeldPrefix("2001:db8:1:2::1", "2001:db8:1:3::1")).toBe(false);
    expect(inOneHeldPrefix("10.0.0.1", "10.0.0.1")).toBe(false);
  });
});
