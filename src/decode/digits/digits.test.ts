import fc from "fast-check";
import { isIPv6 } from "node:net";
import { describe, expect, it } from "vitest";
import { readIpv4, readIpv6 } from "./address.ts";
import { readApn } from "./apn.ts";
import { append, appendText, appendTunnelEnd, isUnspecified, MAX_IDENTITIES, NONE } from "./identities.ts";
import { ownCopy } from "./own-copy.ts";
import { readPcoAddresses } from "./pco.ts";
import { readCgi, readEcgi, readNcgi, readRai, readTai, readTai5gs } from "./place.ts";
import { readPlmn } from "./plmn.ts";
import { readMobileIdentityDigits, readTbcd } from "./tbcd.ts";
import { readTraceReference } from "./trace.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe("TBCD (TS 29.002 §17.7.8)", () => {
  it.each([
    ["2021436587f9", "02123456789"],
    ["62021021436587f9", "262001123456789"],
    ["", ""],
    ["f0", "0"],
    ["ff12", ""],
    ["1f32", ""],
    ["a1cb", "1*#a"],
  ])("%s is %s", (octets, digits) => {
    expect(readTbcd(hex(octets), 0, octets.length / 2)).toBe(digits);
  });

  it("never reads beyond the buffer", () => {
    expect(readTbcd(hex("21"), 0, 9)).toBe("12");
  });

  it("reads back what was written", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{1,20}$/), (digits) => {
        const padded = digits.length % 2 ? `${digits}f` : digits;
        const swapped = padded.replaceAll(/(.)(.)/g, "$2$1");
        expect(readTbcd(hex(swapped), 0, swapped.length / 2)).toBe(digits);
      }),
    );
  });

  it("reads mobile identities that start in the high nibble (TS 24.008 §10.5.1.4)", () => {
    expect(readMobileIdentityDigits(hex("2926010000000010"), 0, 8)).toBe("262100000000001");
  });
});

describe("PLMN (TS 24.008 §10.5.1.3)", () => {
  it.each([
    ["62f210", "26201"],
    ["02f250", "20205"],
    ["130014", "310410"],
    ["02f810", "20801"],
  ])("%s is %s", (octets, plmn) => {
    expect(readPlmn(hex(octets), 0)).toBe(plmn);
  });
});

describe("APN (TS 23.003 §9.1)", () => {
  it.each([
    ["08696e7465726e6574", "internet"],
    ["03696d73 066d6e63303031 066d6363323038 0467707273", "ims.mnc001.mcc208.gprs"],
    ["0361626300", "abc"],
    ["", ""],
    ["09616263", "abc"],
    ["02e961", "\\xe9a"],
  ])("%s is %s", (octets, apn) => {
    const bytes = hex(octets);
    expect(readApn(bytes, 0, bytes.length)).toBe(apn);
  });
});

describe("addresses", () => {
  it.each([
    ["20010db8000000000000000000000001", "2001:db8::1"],
    ["00000000000000000000000000000000", "::"],
    ["00000000000000000000000000000001", "::1"],
    ["20010db8000000010001000100010001", "2001:db8:0:1:1:1:1:1"],
    ["20010000000000010000000000000001", "2001:0:0:1::1"],
    ["fe800000000000000000000000000000", "fe80::"],
    ["00000000000000000000ffff0a000001", "::ffff:10.0.0.1"],
    ["00010000000000020003000000000004", "1::2:3:0:0:4"],
  ])("%s is %s (RFC 5952)", (octets, text) => {
    expect(readIpv6(hex(octets), 0)).toBe(text);
  });

  it("writes what the platform's parser takes back", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
        (bytes, zero) => {
          const sparse = bytes.map((octet, index) => (zero[index >> 1] ? 0 : octet));
          const text = readIpv6(sparse, 0);
          expect(isIPv6(text)).toBe(true);
          // The WHATWG URL serializer follows RFC 5952 but for mapped addresses.
          if (!text.includes(".")) expect(new URL(`http://[${text}]/`).hostname).toBe(`[${text}]`);
        },
      ),
    );
  });

  it("writes IPv4 as a dotted quad", () => {
    expect(readIpv4(hex("0a000102"), 0)).toBe("10.0.1.2");
    expect(isUnspecified("0.0.0.0")).toBe(true);
    expect(isUnspecified("10.0.0.0")).toBe(false);
  });
});

describe("places (TS 23.003)", () => {
  it("reads areas and cells", () => {
    expect(readTai(hex("62f2101234"), 0)).toEqual({ plmn: "26201", tac: 0x1234 });
    expect(readTai5gs(hex("62f210123456"), 0)).toEqual({ plmn: "26201", tac: 0x123456 });
    expect(readEcgi(hex("62f210f1234567"), 0)).toEqual({ plmn: "26201", eci: 0x1234567 });
    expect(readNcgi(hex("62f210f123456789"), 0)).toEqual({ plmn: "26201", nci: 0x123456789 });
    expect(readCgi(hex("62f21012345678"), 0)).toEqual({ plmn: "26201", lac: 0x1234, ci: 0x5678 });
    expect(readRai(hex("62f210123456"), 0)).toEqual({ plmn: "26201", lac: 0x1234, rac: 0x56 });
    expect(readTraceReference(hex("62f21000002a"), 0)).toEqual({ plmn: "26201", traceId: 42 });
  });
});

describe("PCO (TS 24.008 §10.5.6.3)", () => {
  it("names DNS servers and P-CSCFs", () => {
    const bytes = hex("80 000d04 08080808 000c04 0a000001 8021100300001081060a00000283060a000003 0003 10 20010db8000000000000000000000001");
    expect(readPcoAddresses(bytes, 0, bytes.length, false)).toEqual([
      { what: "DNS", address: "8.8.8.8" },
      { what: "P-CSCF", address: "10.0.0.1" },
      { what: "DNS", address: "10.0.0.2" },
      { what: "DNS", address: "10.0.0.3" },
      { what: "DNS", address: "2001:db8::1" },
    ]);
  });

  it("never throws and never reads beyond its end", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.boolean(), (bytes, extended) => {
        readPcoAddresses(bytes, 0, bytes.length, extended);
      }),
    );
  });
});

describe("identity lists", () => {
  it("keeps the order, drops duplicates and empty texts, and leaves the shared empty list alone", () => {
    let list = appendText(NONE, "a");
    list = appendText(list, "");
    list = appendText(list, "b");
    list = appendText(list, "a");
    expect(list).toEqual(["a", "b"]);
    let ends = appendTunnelEnd(NONE, 1, "10.0.0.1");
    ends = appendTunnelEnd(ends, 1, "10.0.0.1");
    ends = appendTunnelEnd(ends, 1, "10.0.0.2");
    expect(ends).toHaveLength(2);
    expect(append(NONE, 1)).toEqual([1]);
    expect(NONE).toHaveLength(0);
  });

  it("is bounded", () => {
    let list: readonly string[] = NONE;
    for (let index = 0; index < MAX_IDENTITIES + 10; index++) list = appendText(list, String(index));
    expect(list).toHaveLength(MAX_IDENTITIES);
  });
});

describe("own copies", () => {
  it("do not change when the block is reused, and do not overlap", () => {
    const block = new Uint8Array(4096).fill(7);
    const copies = Array.from({ length: 200 }, (_, index) => {
      block.fill(index & 0xff);
      return ownCopy(block, 3, 3 + ((index * 37) % 3000));
    });
    block.fill(0xee);
    for (const [index, copy] of copies.entries()) {
      expect(copy.length).toBe((index * 37) % 3000);
      expect(copy.every((octet) => octet === (index & 0xff))).toBe(true);
    }
  });
});
