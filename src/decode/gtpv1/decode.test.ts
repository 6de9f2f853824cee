import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodeGtpv1, looksLikeGtpv1 } from "./decode.ts";
import type { Gtpv1Message } from "./message.ts";
import { ieName, messageName } from "./names.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

function message(type: number, elements: string, optional = "00010000", flags = 0x32): string {
  const rest = (optional + elements).replaceAll(/\s/g, "");
  return `${flags.toString(16)}${type.toString(16).padStart(2, "0")}${(rest.length / 2).toString(16).padStart(4, "0")}00000007${rest}`;
}

function only(text: string): Gtpv1Message {
  const bytes = hex(text);
  const { messages, faults } = decodeGtpv1(bytes, 0, bytes.length);
  expect(faults).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0]!;
}

/** Create PDP Context Request with a trace (IEs 27, 28, 142, 143, 162), made by hand. */
const CREATE = message(
  16,
  `02 62021021436587f9  03 62f210 1234 56  0e 01  0f fc  10 00000a01  11 00000a02  14 05  1b 002a  1c 0001
   80 0002 f121  83 0009 08696e7465726e6574  85 0004 0a000001  85 0004 0a000002  86 0007 91 945123456709
   8e 0003 747267  8f 0005 6f6d632d31  97 0001 01  98 0008 00 62f210 1234 5678  9a 0008 5386001122334455
   a2 0009 000100020001020304  ff 0004 07db dead`,
);

describe("agreement with tshark", () => {
  interface Reading {
    payload: string;
    types: number[];
    imsi?: string[];
    msisdn?: string[];
    imei?: string[];
    apn?: string[];
    ueAddresses?: string[];
    teids?: number[];
    teidAddresses?: string[];
  }
  const readings = readFileSync(new URL("testdata/tshark.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Reading);
  const distinct = (texts: Iterable<string>): string[] => [...new Set(texts)].toSorted();

  it.each(readings.map((reading, index) => [index + 1, reading] as const))("line %i", (_line, reading) => {
    const bytes = hex(reading.payload);
    const { messages, faults } = decodeGtpv1(bytes, 0, bytes.length);
    expect(faults).toEqual([]);
    expect(messages.flatMap((found) => found.faults)).toEqual([]);
    expect(messages.map((found) => found.type)).toEqual(reading.types);
    for (const list of ["imsi", "msisdn", "imei", "apn", "ueAddresses"] as const) {
      expect(distinct(messages.flatMap((found) => found[list]))).toEqual(reading[list] ?? []);
    }
    expect([...new Set(messages.flatMap((found) => found.teidElements.map(({ teid }) => teid)))].toSorted((a, b) => a - b)).toEqual(
      reading.teids ?? [],
    );
    expect(distinct(messages.flatMap((found) => found.gsnAddresses))).toEqual(reading.teidAddresses ?? []);
    expect(looksLikeGtpv1(bytes, 0, bytes.length)).toBe(true);
  });
});

describe("typed fields", () => {
  it("reads a session, its tunnel ends and an order to trace", () => {
    expect(only(CREATE)).toMatchObject({
      protocol: "gtpv1",
      type: 16,
      name: "Create PDP Context Request",
      header: { version: 1, teid: 7, sequence: 1, octets: 12, spare: 0, extensions: [] },
      imsi: ["262001123456789"],
      imei: ["3568001122334455"],
      apn: ["internet"],
      ueAddresses: [],
      recovery: 1,
      nsapis: [5],
      ratType: 1,
      rai: { plmn: "26201", lac: 0x1234, rac: 0x56 },
      userLocation: { cgi: { plmn: "26201", lac: 0x1234, ci: 0x5678 } },
      gsnAddresses: ["10.0.0.1", "10.0.0.2"],
      teids: [
        { teid: 0xa01, address: "10.0.0.2" },
        { teid: 0xa02, address: "10.0.0.1" },
      ],
      trace: { reference: 42, traceType: 1, triggerId: "trg", omcIdentity: "omc-1", additional: "000100020001020304" },
      privateExtensions: [{ enterprise: 2011, length: 2 }],
      faults: [],
      trailingOctets: 0,
    });
  });

  it("pairs an Error Indication's TEID with the peer's address (TS 29.281 §7.3.1)", () => {
    expect(only("321a001000000000 0000 00 00 10 a0f22350 85 0004 d4c8f540".replaceAll(" ", ""))).toMatchObject({
      type: 26,
      teids: [{ teid: 0xa0f22350, address: "212.200.245.64" }],
    });
  });

  it("pairs the control plane's TEID alone, and a single address with it only", () => {
    expect(only(message(50, "11 00000a02 85 0004 0a000001")).teids).toEqual([{ teid: 0xa02, address: "10.0.0.1" }]);
    expect(only(message(18, "10 00000a01 11 00000a02 85 0004 0a000001")).teids).toEqual([{ teid: 0xa02, address: "10.0.0.1" }]);
  });

  it("pairs alternative addresses in the same order (§7.3.2)", () => {
    const v6 = (last: string): string => `85 0010 20010db80000000000000000000000${last}`;
    expect(only(message(17, `10 00000001 11 00000002 85 0004 0a000001 85 0004 0a000002 ${v6("03")} ${v6("04")}`)).teids).toEqual([
      { teid: 1, address: "10.0.0.2" },
      { teid: 1, address: "2001:db8::4" },
      { teid: 2, address: "10.0.0.1" },
      { teid: 2, address: "2001:db8::3" },
    ]);
  });

  it.each([
    ["80 0006 f121 ac100001", ["172.16.0.1"]],
    ["80 0012 f157 20010db8000000000000000000000001", ["2001:db8::1"]],
    ["80 0016 f18d ac100001 20010db8000000000000000000000001", ["172.16.0.1", "2001:db8::1"]],
    ["80 0006 f121 00000000", []],
    ["80 0002 f001", []],
  ])("reads End User Address %s", (element, addresses) => {
    expect(only(message(17, element))).toMatchObject({ ueAddresses: addresses, faults: [] });
  });

  it("walks extension headers before the elements, and an End Marker with one (TS 29.281 §5.2)", () => {
    const marker = only("34fe0008 00000001 00000085 01 00 05 00".replaceAll(" ", ""));
    expect(marker).toMatchObject({ type: 254, header: { extensions: [0x85], octets: 16 }, faults: [], trailingOctets: 0 });
  });

  it("reads the one element whose length has a single octet", () => {
    expect(only(message(31, "8d 02 85c0"))).toMatchObject({ faults: [], ies: [{ type: 141, length: 2 }] });
  });

  it("shows what an echo carries beside Recovery", () => {
    expect(only(message(2, "0e 01 ff 0004 07db dead 63"))).toMatchObject({
      recovery: 1,
      trailingOctets: 1,
      privateExtensions: [{ enterprise: 2011, length: 2 }],
      faults: [{ code: "value", field: "IE 99" }],
    });
    expect(ieName(99)).toBe("IE 99");
    expect(messageName(99)).toBe("MBMS Notification Reject Response");
    expect(messageName(200)).toBe("GTPv1 message 200");
  });

  it("leaves user packets to the data plane", () => {
    const bytes = hex("30ff0004 00000001 45000000".replaceAll(" ", ""));
    expect(decodeGtpv1(bytes, 0, bytes.length)).toEqual({ messages: [], faults: [] });
  });
});

describe("lengths", () => {
  it.each([
    ["flags that ask for more than the length gives", "3703000042000000", "length"],
    ["a length beyond the datagram", "3201000800000000000100000e01", "length"],
    ["GTP'", "2201000400000000", "value"],
    ["another version", "4801000400000000", "version"],
    ["no whole header", "320100", "short"],
  ])("refuses %s and says why", (_what, text, code) => {
    const bytes = hex(text);
    const { messages, faults } = decodeGtpv1(bytes, 0, bytes.length);
    expect(messages).toEqual([]);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    expect(looksLikeGtpv1(bytes, 0, bytes.length)).toBe(false);
  });

  it("counts the octets that the length does not cover", () => {
    const bytes = hex(`${message(1, "0e 07")}deadbeef`);
    const { messages } = decodeGtpv1(bytes, 0, bytes.length);
    expect(messages[0]).toMatchObject({ uncoveredOctets: 4, recovery: 7, faults: [{ code: "length" }] });
  });

  it("bounds extension headers and elements", () => {
    const chain = `${"01000001".repeat(40)}0e07`;
    expect(only(message(1, chain, "00010001", 0x36)).faults.map((fault) => fault.code)).toContain("count");
    const many = only(message(1, "0e01".repeat(9000)));
    expect(many.ies).toHaveLength(4096);
    expect(many.faults.map((fault) => fault.code)).toEqual(["count"]);
  });
});

describe("hostile input", () => {
  const whole = hex(CREATE);

  function everyView(found: Gtpv1Message): void {
    for (const view of [...found.ies, ...found.privateExtensions]) expect(view.start + view.length).toBeLessThanOrEqual(found.bytes.length);
    expect(found.trailingOctets).toBeGreaterThanOrEqual(0);
  }

  it("cut at every length", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(decodeGtpv1(whole, 0, length).messages).toEqual([]);
      const { messages, faults } = decodeGtpv1(whole, 0, length, whole.length - length);
      if (length < 12) {
        expect(faults[0]!.code).toBe("cut");
        continue;
      }
      expect(messages[0]!.faults.at(-1)).toMatchObject({ code: "cut", needed: whole.length, had: length });
      if (length >= 21) expect(messages[0]!.imsi).toEqual(["262001123456789"]);
      everyView(messages[0]!);
    }
  });

  it("every single octet flipped in eight ways", () => {
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = whole.slice();
        bytes[at]! ^= 1 << bit;
        for (const found of decodeGtpv1(bytes, 0, bytes.length).messages) everyView(found);
      }
    }
  });

  it("anything after a header, with and without extension headers", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 4, maxLength: 300 }), fc.nat(7), fc.nat(254), (rest, flags, type) => {
        const bytes = Uint8Array.from([0x30 | flags, type, rest.length >> 8, rest.length & 0xff, 0, 0, 0, 1, ...rest]);
        everyView(decodeGtpv1(bytes, 0, bytes.length).messages[0]!);
      }),
      { numRuns: 1000 },
    );
  });

  it("elements with a length, of every type", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 128, max: 255 }), fc.uint8Array({ maxLength: 60 })), { maxLength: 12 }),
        (elements) => {
          const body = elements.flatMap(([type, value]) =>
            type === 141 ? [type, value.length, ...value] : [type, 0, value.length, ...value],
          );
          const bytes = Uint8Array.from([0x30, 51, body.length >> 8, body.length & 0xff, 0, 0, 0, 1, ...body]);
          const { messages } = decodeGtpv1(bytes, 0, bytes.length);
          expect(messages[0]!.ies).toHaveLength(elements.length);
          everyView(messages[0]!);
        },
      ),
      { numRuns: 500 },
    );
  });
});
