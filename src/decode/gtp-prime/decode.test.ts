import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeGtpPrime, gtpPrimeLength, looksLikeGtpPrime } from "./decode.ts";
import type { GtpPrimeMessage } from "./message.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

function only(text: string): GtpPrimeMessage {
  const bytes = hex(text);
  const { messages, faults } = decodeGtpPrime(bytes, 0, bytes.length);
  expect(faults).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0]!;
}

/** One PGW record (TS 32.298): type 85, IMSI, MSISDN, IMEISV; made by hand. */
const RECORD = "bf4f 20 800155 8308 62021021436587f9 9607 91945123456709 9d08 5386001122334455".replaceAll(" ", "");
/** Data Record Transfer Request, version 2: send, one BER record. */
const TRANSFER = `4ef0 002e 0007 7e01 fc 0029 01 01 1c06 0023 ${RECORD}`.replaceAll(" ", "");

describe("GTP' (TS 32.295)", () => {
  it("reads a transfer and whose record it is", () => {
    expect(only(TRANSFER)).toMatchObject({
      protocol: "gtp-prime",
      type: 240,
      name: "Data Record Transfer Request",
      header: { version: 2, gtp: false, sequence: 7, octets: 6, tid: undefined },
      transferCommand: 1,
      records: { count: 1, octets: 37 },
      imsi: ["262001123456789"],
      msisdn: ["491532547690"],
      imei: ["3568001122334455"],
      faults: [],
    });
  });

  it("reads both header lengths of version 0", () => {
    expect(only("0f01 0002 0001 0e07".replaceAll(" ", ""))).toMatchObject({ type: 1, recovery: 7, header: { version: 0, octets: 6 } });
    expect(only(`0e01 0002 0001 ${"00".repeat(14)} 0e07`)).toMatchObject({ type: 1, recovery: 7, header: { version: 0, octets: 20 } });
  });

  it("reads node addresses, causes and private extensions", () => {
    expect(only("2e06 0012 0001 01 3f fb 0004 0a000001 fe 0004 0a000002 0e01".replaceAll(" ", ""))).toMatchObject({
      type: 6,
      name: "Redirection Request",
      cause: 63,
      nodeAddresses: ["10.0.0.1", "10.0.0.2"],
      recovery: 1,
    });
    expect(only("2e01 0007 0001 ff 0004 07db dead".replaceAll(" ", ""))).toMatchObject({
      privateExtensions: [{ enterprise: 2011, length: 2 }],
    });
  });

  it("reads GTPv0, which shares the port (TS 09.60)", () => {
    const found = only(
      `1e10 001a 1001 0000 ff ffffff 4200012143658709 06 0b921f 0e04 11 0001 80 0002 f121 83 0009 08696e7465726e6574`.replaceAll(" ", ""),
    );
    expect(found).toMatchObject({ type: 16, name: "GTPv0 Create PDP Context Request", recovery: 4, apn: ["internet"] });
    expect(found.header).toMatchObject({ gtp: true, tid: "2400101234567890", octets: 20 });
  });

  it("shows a probe that only looks like an echo: version 0 where no version 0 belongs, and octets that no length covers", () => {
    // The wake-up packet of a known implant; octet 2 alone makes it an Echo Request.
    const bytes = hex("00 01 00 00 00 00 00 00 01 02 03 04 05 06 07 08 09 72 1f 18 08 06 00 00");
    const { messages } = decodeGtpPrime(bytes, 0, bytes.length);
    expect(messages[0]).toMatchObject({
      type: 1,
      uncoveredOctets: 4,
      header: { version: 0 },
      faults: [{ code: "length", field: "Length" }],
    });
    expect(looksLikeGtpPrime(bytes, 0, bytes.length)).toBe(false);
  });

  it.each([
    ["a length beyond the datagram", "2e010004 0001", "length"],
    ["GTPv1", "3201000400000000", "version"],
    ["version 3", "6e0100000001", "version"],
    ["no whole header", "2e01", "short"],
    ["no whole long header", "0e0100000001", "length"],
  ])("refuses %s and says why", (_what, text, code) => {
    const bytes = hex(text);
    const { messages, faults } = decodeGtpPrime(bytes, 0, bytes.length);
    expect(messages).toEqual([]);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
  });

  it("says where the messages of a stream end", () => {
    const bytes = hex(`${TRANSFER}2e0100020001 0e07 2e01`);
    const first = gtpPrimeLength(bytes, 0, bytes.length);
    expect(first).toBe(TRANSFER.length / 2);
    expect(gtpPrimeLength(bytes, first, bytes.length)).toBe(8);
    expect(gtpPrimeLength(bytes, bytes.length - 2, bytes.length)).toBe(0);
    expect(gtpPrimeLength(hex("4e7f000200010000"), 0, 8)).toBe(-1);
  });
});

describe("hostile input", () => {
  const whole = hex(TRANSFER);

  function everyView(found: GtpPrimeMessage): void {
    for (const view of [...found.ies, ...found.privateExtensions]) expect(view.start + view.length).toBeLessThanOrEqual(found.bytes.length);
  }

  it("cut at every length", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(decodeGtpPrime(whole, 0, length).messages).toEqual([]);
      const { messages, faults } = decodeGtpPrime(whole, 0, length, whole.length - length);
      if (length < 6) expect(faults[0]!.code).toBe("cut");
      else {
        expect(messages[0]!.faults.at(-1)).toMatchObject({ code: "cut", needed: whole.length, had: length });
        everyView(messages[0]!);
      }
    }
  });

  it("every single octet flipped in eight ways", () => {
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = whole.slice();
        bytes[at]! ^= 1 << bit;
        for (const found of decodeGtpPrime(bytes, 0, bytes.length).messages) everyView(found);
        gtpPrimeLength(bytes, 0, bytes.length);
      }
    }
  });

  it("anything", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(0x0e, 0x0f, 0x1e, 0x2e, 0x4e), (rest, flags) => {
        const bytes = Uint8Array.from([flags, 240, rest.length >> 8, rest.length & 0xff, ...rest]);
        for (const found of decodeGtpPrime(bytes, 0, bytes.length).messages) everyView(found);
        for (const found of decodeGtpPrime(bytes, 0, bytes.length, 1000).messages) everyView(found);
        gtpPrimeLength(bytes, 0, bytes.length);
      }),
      { numRuns: 1000 },
    );
  });
});
