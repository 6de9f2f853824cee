import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TunnelEnd } from "#model/message.ts";
import { decodeGtpv2, looksLikeGtpv2 } from "./decode.ts";
import type { Gtpv2Ie, Gtpv2Message } from "./message.ts";
import { ieName, interfaceTypeName, messageName } from "./names.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

/** Create Session Request with Trace Information and a Private Extension, made by hand. */
const TRACED =
  "4820005300000000000001000100080062021021436587f956000d001862f210123462f21000abcd016000220062f21000002a" +
  "000000000000000000c001000000000000000000000000000a420607ff00040007dbdead";

function only(text: string): Gtpv2Message {
  const bytes = hex(text);
  const { messages, faults } = decodeGtpv2(bytes, 0, bytes.length);
  expect(faults).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0]!;
}

/** Header with TEID 1 and sequence 2 around elements. */
function message(type: number, elements: string): string {
  const length = (elements.replaceAll(/\s/g, "").length / 2 + 8).toString(16).padStart(4, "0");
  return `48${type.toString(16).padStart(2, "0")}${length}0000000100000200${elements}`;
}

/** A grouped element, instance 0. */
function group(type: string, elements: string): string {
  const octets = elements.replaceAll(/\s/g, "").length / 2;
  return `${type}${octets.toString(16).padStart(4, "0")}00${elements}`;
}

describe("agreement with tshark", () => {
  interface Reading {
    payload: string;
    types: number[];
    imsi?: string[];
    msisdn?: string[];
    imei?: string[];
    apn?: string[];
    ueAddresses?: string[];
    ipAddresses?: string[];
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
    const { messages, faults } = decodeGtpv2(bytes, 0, bytes.length);
    expect(faults).toEqual([]);
    expect(messages.flatMap((found) => found.faults)).toEqual([]);
    expect(messages.map((found) => found.type)).toEqual(reading.types);
    for (const list of ["imsi", "msisdn", "imei", "apn"] as const) {
      expect(distinct(messages.flatMap((found) => found[list]))).toEqual(reading[list] ?? []);
    }
    // tshark has one field for all IP Address elements; we say whose each is.
    const nodes = messages.flatMap((found) => found.otherAddresses.filter(({ ie }) => ie === 74).map(({ address }) => address));
    expect(distinct([...messages.flatMap((found) => found.ueAddresses), ...nodes])).toEqual(
      distinct([...(reading.ueAddresses ?? []), ...(reading.ipAddresses ?? [])]),
    );
    const ends: TunnelEnd[] = messages.flatMap((found) => found.teids);
    expect([...new Set(ends.map(({ teid }) => teid))].toSorted((a, b) => a - b)).toEqual(reading.teids ?? []);
    expect(distinct(ends.map(({ address }) => address))).toEqual(reading.teidAddresses ?? []);
    expect(looksLikeGtpv2(bytes, 0, bytes.length)).toBe(true);
  });
});

describe("typed fields", () => {
  it("reads an order to trace and a private extension", () => {
    const found = only(TRACED);
    expect(found).toMatchObject({
      protocol: "gtpv2",
      type: 32,
      name: "Create Session Request",
      header: { teid: 0, sequence: 1, spare: 0, piggybacked: false },
      imsi: ["262001123456789"],
      userLocation: { tai: { plmn: "26201", tac: 0x1234 }, ecgi: { plmn: "26201", eci: 0x00abcd01 } },
      trailingOctets: 0,
      uncoveredOctets: 0,
      faults: [],
    });
    expect(found.traces).toEqual([
      {
        reference: { plmn: "26201", traceId: 42 },
        extended: false,
        depth: 0,
        collector: "10.66.6.7",
        triggeringEvents: "000000000000000000",
        neTypes: "c001",
        interfaces: "000000000000000000000000",
      },
    ]);
    const extension = found.privateExtensions[0]!;
    expect(extension.enterprise).toBe(2011);
    expect(Buffer.from(found.bytes.subarray(extension.start, extension.start + extension.length)).toString("hex")).toBe("dead");
  });

  it("reads bearers, tunnel ends and causes where they stand", () => {
    const found = only(
      message(
        33,
        "02000200 1000  57000900 8b00000abc0a000002  5d 0018 00 49000100 05 02000200 1000 57000900 8100000abd0a000003" +
          "4f000500 01ac100001 03000100 2a",
      ),
    );
    expect(found.cause).toBe(16);
    expect(found.recovery).toBe(42);
    expect(found.fteids).toEqual([{ interfaceType: 11, teid: 0xabc, ipv4: "10.0.0.2", ipv6: undefined, instance: 0 }]);
    expect(found.bearers).toEqual([
      {
        instance: 0,
        ebi: 5,
        cause: 16,
        qci: undefined,
        chargingId: undefined,
        fteids: [{ interfaceType: 1, teid: 0xabd, ipv4: "10.0.0.3", ipv6: undefined, instance: 0 }],
      },
    ]);
    expect(found.teids).toEqual([
      { teid: 0xabc, address: "10.0.0.2" },
      { teid: 0xabd, address: "10.0.0.3" },
    ]);
    expect(found.ueAddresses).toEqual(["172.16.0.1"]);
    expect(interfaceTypeName(11)).toContain("S11");
  });

  it("gives two ends for an F-TEID with both addresses", () => {
    expect(only(message(33, "57001900 c100000001 0a000001 20010db8000000000000000000000001")).teids).toEqual([
      { teid: 1, address: "10.0.0.1" },
      { teid: 1, address: "2001:db8::1" },
    ]);
  });

  it("takes an address of zeros as the wish to be given one", () => {
    expect(only(message(32, "4f000500 0100000000")).ueAddresses).toEqual([]);
  });

  it("keeps unknown elements as views, in order, with their spare bits", () => {
    const found = only(message(32, "fa000300 aabbcc 01000800 62021021436587f9 fb000010"));
    expect(found.ies.map(({ type, instance, spare, start, length }) => ({ type, instance, spare, start, length }))).toEqual([
      { type: 250, instance: 0, spare: 0, start: 16, length: 3 },
      { type: 1, instance: 0, spare: 0, start: 23, length: 8 },
      { type: 251, instance: 0, spare: 1, start: 35, length: 0 },
    ]);
    expect(ieName(250)).toBe("IE 250");
    expect(messageName(250)).toBe("GTPv2 message 250");
    expect(found.imsi).toHaveLength(1);
  });

  it("reads the PDN connection that moves with a subscriber (Context Response)", () => {
    const bearer = group("5d", "49000100 05 57000901 85 0000000a 0a00000a");
    const elements = `47000900 08696e7465726e6574 4a000400 ac100001 49000100 05 57000901 87 00000009 0a000009 ${bearer}`;
    const found = only(message(131, group("6d", elements)));
    expect(found.pdnConnections).toHaveLength(1);
    expect(found.pdnConnections[0]).toMatchObject({ apn: "internet", ebi: 5, ueAddresses: ["172.16.0.1"] });
    expect(found.pdnConnections[0]!.bearers[0]!.fteids[0]!.teid).toBe(10);
    expect(found.ueAddresses).toEqual(["172.16.0.1"]);
    expect(found.apn).toEqual(["internet"]);
  });

  it("reads a private extension, spare bits and trailing octets of an echo", () => {
    const bytes = hex("4301 0011 000001 01 03000100 07 ff000300 1234ab 99");
    const { messages } = decodeGtpv2(bytes, 0, bytes.length);
    expect(messages[0]).toMatchObject({ type: 1, recovery: 7, trailingOctets: 1, header: { teid: undefined, octets: 8, spare: 3 } });
    expect(messages[0]!.privateExtensions[0]!.enterprise).toBe(0x1234);
  });
});

describe("lengths", () => {
  it("reads piggybacked messages (§5.5.1)", () => {
    const first = message(33, "02000200 1000").replace(/^48/, "58");
    const bytes = hex(first + message(95, "49000100 05"));
    expect(decodeGtpv2(bytes, 0, bytes.length).messages.map((found) => found.type)).toEqual([33, 95]);
    expect(looksLikeGtpv2(bytes, 0, bytes.length)).toBe(true);
  });

  it.each([
    ["a length of zero", "4601000002790300c800c58bbda67337c83b", "length"],
    ["a length beyond the datagram", "48200020000000010000020002000200", "length"],
    ["a length that does not hold the header", "482000040000000100000200", "length"],
    ["another version", "302000080000000100000200", "version"],
    ["no whole header", "482000", "short"],
    ["nothing", "", "short"],
  ])("refuses %s and says why", (_what, text, code) => {
    const bytes = hex(text);
    const { messages, faults } = decodeGtpv2(bytes, 0, bytes.length);
    expect(messages).toEqual([]);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    expect(looksLikeGtpv2(bytes, 0, bytes.length)).toBe(false);
  });

  it("counts the octets that no length covers", () => {
    const bytes = hex(`${message(1, "03000100 07")}deadbeef`);
    const { messages } = decodeGtpv2(bytes, 0, bytes.length);
    expect(messages[0]).toMatchObject({ uncoveredOctets: 4, recovery: 7 });
    expect(messages[0]!.faults).toEqual([{ layer: "gtpv2", code: "length", field: "Length", offset: 2, needed: 17, had: 21 }]);
    expect(looksLikeGtpv2(bytes, 0, bytes.length)).toBe(false);
  });

  it("keeps what stands before an element that leaves the message", () => {
    const found = only(message(32, "01000800 62021021436587f9 47002000 0361"));
    expect(found.imsi).toEqual(["262001123456789"]);
    expect(found.faults).toEqual([{ layer: "gtpv2", code: "length", field: "APN", offset: 24, needed: 32, had: 2 }]);
    expect(found.trailingOctets).toBe(6);
  });

  it("bounds nesting and counts", () => {
    let nested = "49000100 05".replaceAll(" ", "");
    for (let depth = 0; depth < 40; depth++) nested = `5d${(nested.length / 2).toString(16).padStart(4, "0")}00${nested}`;
    expect(only(message(32, nested)).faults.map((fault) => fault.code)).toContain("depth");
    const many = only(message(32, "fa000000".repeat(9000)));
    expect(many.ies).toHaveLength(4096);
    expect(many.faults.map((fault) => fault.code)).toEqual(["count"]);
  });
});

describe("hostile input", () => {
  const whole = hex(TRACED);

  function everyView(found: Gtpv2Message): void {
    const inside = (ies: readonly Gtpv2Ie[]): void => {
      for (const ie of ies) {
        expect(ie.start + ie.length).toBeLessThanOrEqual(found.bytes.length);
        inside(ie.children);
      }
    };
    inside(found.ies);
    for (const view of [...found.privateExtensions, ...found.containers, ...found.mdt]) {
      expect(view.start + view.length).toBeLessThanOrEqual(found.bytes.length);
    }
  }

  it("cut at every length: refused where the datagram ends, read as far as it goes where the capture does", () => {
    for (let length = 0; length < whole.length; length++) {
      const asSent = decodeGtpv2(whole, 0, length);
      expect(asSent.messages).toEqual([]);
      expect(asSent.faults.map((fault) => fault.code)).toEqual([length < 4 ? "short" : "length"]);
      const { messages, faults } = decodeGtpv2(whole, 0, length, whole.length - length);
      if (length < 12) {
        expect(faults[0]!.code).toBe("cut");
        continue;
      }
      expect(messages[0]!.faults.at(-1)).toMatchObject({ code: "cut", needed: whole.length, had: length });
      if (length >= 24) expect(messages[0]!.imsi).toEqual(["262001123456789"]);
      everyView(messages[0]!);
    }
  });

  it("every single octet flipped in eight ways", () => {
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = whole.slice();
        bytes[at]! ^= 1 << bit;
        for (const found of decodeGtpv2(bytes, 0, bytes.length).messages) everyView(found);
      }
    }
  });

  it("anything after a header", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(255), (rest, type) => {
        const bytes = new Uint8Array(12 + rest.length);
        bytes.set([0x48, type, (rest.length + 8) >> 8, (rest.length + 8) & 0xff]);
        bytes.set(rest, 12);
        const { messages } = decodeGtpv2(bytes, 0, bytes.length);
        expect(messages).toHaveLength(1);
        everyView(messages[0]!);
      }),
      { numRuns: 500 },
    );
  });

  it("elements of every type and any length", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(255), fc.uint8Array({ maxLength: 40 })), { maxLength: 20 }), (elements) => {
        const body = elements.flatMap(([type, value]) => [type, 0, value.length, 0, ...value]);
        const bytes = Uint8Array.from([0x48, 32, (body.length + 8) >> 8, (body.length + 8) & 0xff, 0, 0, 0, 1, 0, 0, 1, 0, ...body]);
        const { messages } = decodeGtpv2(bytes, 0, bytes.length);
        expect(messages[0]!.ies).toHaveLength(elements.length);
        everyView(messages[0]!);
      }),
      { numRuns: 500 },
    );
  });

  it("takes time in proportion to its size", () => {
    const body = "57000900 8700000009 0a000009".replaceAll(" ", "");
    const elements = Array.from({ length: 5000 }, (_, index) => body.replace("00000009", index.toString(16).padStart(8, "0"))).join("");
    const bytes = hex(message(32, elements));
    const before = performance.now();
    decodeGtpv2(bytes, 0, bytes.length);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
