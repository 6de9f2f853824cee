import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decodePfcp, looksLikePfcp } from "./decode.ts";
import { ApplyAction, type PfcpIe, type PfcpMessage } from "./message.ts";
import { ieName, messageName } from "./names.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ""), "hex"));

/** Session Establishment: forward and duplicate to 10.66.6.6 as LI function, and a trace to 10.66.6.7. Made by hand. */
const DUPLICATING = `
  213200a1 0000000000000000 00000100
  003c0005 000a010101
  0039000d 02 0000000000000011 0a010101
  00010031 00380002 0001 001d0004 00000064 00020012 00140001 00 00150009 01 00001001 0a010102 005f0001 00 006c0004 00000001
  0003002e 006c0004 00000001 002c0002 1200 00040005 002a0001 01 00050013 002a0001 04 0054000a 0100 deadbeef 0a420606
  00980010 62f210 00002a 01 01 00 01 01 04 0a420607`;

function element(type: number, value: string): string {
  const octets = value.replaceAll(/\s/g, "").length / 2;
  return type.toString(16).padStart(4, "0") + octets.toString(16).padStart(4, "0") + value.replaceAll(/\s/g, "");
}

function session(type: number, elements: string, flags = 0x21): string {
  const length = (elements.replaceAll(/\s/g, "").length / 2 + 12).toString(16).padStart(4, "0");
  return `${flags.toString(16)}${type.toString(16).padStart(2, "0")}${length}000000000000001900000100${elements}`;
}

function only(text: string): PfcpMessage {
  const bytes = hex(text);
  const { messages, faults } = decodePfcp(bytes, 0, bytes.length);
  expect(faults).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0]!;
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
    const { messages, faults } = decodePfcp(bytes, 0, bytes.length);
    expect(faults).toEqual([]);
    expect(messages.flatMap((found) => found.faults)).toEqual([]);
    expect(messages.map((found) => found.type)).toEqual(reading.types);
    for (const list of ["imsi", "msisdn", "imei", "apn", "ueAddresses"] as const) {
      expect(distinct(messages.flatMap((found) => found[list]))).toEqual(reading[list] ?? []);
    }
    const ends = messages.flatMap((found) => found.teids);
    expect([...new Set(ends.map(({ teid }) => teid))].toSorted((a, b) => a - b)).toEqual(reading.teids ?? []);
    expect(distinct(ends.map(({ address }) => address))).toEqual(reading.teidAddresses ?? []);
    expect(looksLikePfcp(bytes, 0, bytes.length)).toBe(true);
  });
});

describe("the rule model", () => {
  it("reads a duplication to an LI function and a trace", () => {
    const found = only(DUPLICATING);
    expect(found).toMatchObject({
      protocol: "pfcp",
      type: 50,
      name: "PFCP Session Establishment Request",
      seid: "0000000000000000",
      nodeId: "10.1.1.1",
      cpFSeid: { seid: "0000000000000011", ipv4: "10.1.1.1", ipv6: undefined },
      faults: [],
      trailingOctets: 0,
    });
    expect(found.createPdr[0]).toMatchObject({ id: 1, precedence: 100, farId: 1, outerHeaderRemoval: 0 });
    expect(found.createPdr[0]!.pdi).toMatchObject({ sourceInterface: 0, fteids: [{ choose: false, teid: 0x1001, ipv4: "10.1.1.2" }] });
    const far = found.createFar[0]!;
    expect(far.id).toBe(1);
    expect(far.applyAction).toBe(ApplyAction.FORW | ApplyAction.DUPL);
    expect(far.forwarding).toMatchObject({ destinationInterface: 1, outerHeaderCreation: undefined });
    expect(far.duplicating).toMatchObject([
      { destinationInterface: 4, outerHeaderCreation: { description: 0x0100, teid: 0xdeadbeef, ipv4: "10.66.6.6", port: undefined } },
    ]);
    expect(found.traces).toEqual([
      { reference: { plmn: "26201", traceId: 42 }, triggeringEvents: "01", depth: 0, interfaces: "01", collector: "10.66.6.7" },
    ]);
    expect(found.teids).toEqual([
      { teid: 0x1001, address: "10.1.1.2" },
      { teid: 0xdeadbeef, address: "10.66.6.6" },
    ]);
  });

  it("reads Apply Action by the element's length, one octet or two (§8.2.26)", () => {
    expect(only(session(52, element(10, element(108, "00000001") + element(44, "12")))).updateFar[0]!.applyAction).toBe(0x12);
    expect(only(session(52, element(10, element(108, "00000001") + element(44, "1204")))).updateFar[0]!.applyAction).toBe(0x0412);
  });

  it("reads every copy of a rule, and vendor elements inside it", () => {
    const copy = (address: string): string => element(105, element(42, "02") + element(84, `0400 ${address} 1234`));
    const far = element(10, element(108, "00000007") + copy("0a000001") + copy("0a000002") + element(0x8001, "4920 aabb"));
    const found = only(session(52, far));
    expect(found.updateFar[0]!.duplicating.map((to) => [to.outerHeaderCreation?.ipv4, to.outerHeaderCreation?.port])).toEqual([
      ["10.0.0.1", 0x1234],
      ["10.0.0.2", 0x1234],
    ]);
    expect(found.updateFar[0]!.vendorIes).toMatchObject([{ type: 0x8001, enterprise: 18720, length: 2 }]);
    expect(found.vendorIes).toHaveLength(1);
    // An address without a TEID is no tunnel end.
    expect(found.teids).toEqual([]);
  });

  it("has no end for CHOOSE, and none for a session's SEID", () => {
    const found = only(session(50, element(57, "02 00000000000000aa 0a000001") + element(1, element(2, element(21, "0d 07")))));
    expect(found.createPdr[0]!.pdi!.fteids).toEqual([{ choose: true, chooseId: 7, teid: undefined, ipv4: undefined, ipv6: undefined }]);
    expect(found.teids).toEqual([]);
  });

  it("says what the user plane chose (Created PDR)", () => {
    const found = only(
      session(
        51,
        element(19, "01") +
          element(57, "02 00000000000000bb 0a000002") +
          element(8, element(56, "0001") + element(21, "01 00000abc 0a000003")),
      ),
    );
    expect(found).toMatchObject({ cause: 1, upFSeid: { seid: "00000000000000bb" }, cpFSeid: undefined });
    expect(found.createdPdr[0]).toMatchObject({ id: 1, fteids: [{ teid: 0xabc, ipv4: "10.0.0.3" }] });
    expect(found.teids).toEqual([{ teid: 0xabc, address: "10.0.0.3" }]);
  });

  it("names predefined rules, policies, enrichment and redirection", () => {
    const pdr = element(1, element(56, "0001") + element(106, Buffer.from("gold").toString("hex")));
    const far = element(
      3,
      element(4, element(41, "04706f6c41") + element(98, "00 03616263 04646566 67") + element(38, "02 0005 687474703a")),
    );
    const found = only(session(50, pdr + far));
    expect(found.activatedRules).toEqual(["gold"]);
    expect(found.createPdr[0]!.activatedRules).toEqual(["gold"]);
    expect(found.createFar[0]!.forwarding).toMatchObject({
      forwardingPolicy: "polA",
      headerEnrichment: [{ headerType: 0, name: "abc", valueOctets: 4 }],
      redirectInformation: { addressType: 2, address: "http:", otherAddress: undefined },
    });
  });

  it("takes identities from every form of User ID (§8.2.101)", () => {
    const text = (value: string): string => value.length.toString(16).padStart(2, "0") + Buffer.from(value).toString("hex");
    const found = only(
      session(
        50,
        element(141, `07 08 62021021436587f9 08 5386001122334455 06 336145230100`) +
          element(141, `70${text("imsi-262001123456780")}${text("msisdn-49170")}${text("imeisv-1234567890123456")}`),
      ),
    );
    expect(found.imsi).toEqual(["262001123456789", "262001123456780"]);
    expect(found.imei).toEqual(["3568001122334455", "1234567890123456"]);
    expect(found.msisdn).toEqual(["331654321000", "49170"]);
  });

  it("finds identities in groups that it takes nothing else from", () => {
    expect(only(session(56, element(80, element(81, "00000001") + element(93, "02 ac100001")))).ueAddresses).toEqual(["172.16.0.1"]);
    expect(only(session(52, element(12, element(159, "03616263")))).apn).toEqual(["abc"]);
  });

  it("reads PFDs (§8.2.39)", () => {
    const contents = element(61, "27 00 0003 616263 0002 6465 0001 66 0006 0001 67 0001 68");
    const group = element(58, element(24, "6170") + element(59, contents));
    const { pfds } = only(`2003${(4 + group.length / 2).toString(16).padStart(4, "0")}00000100${group}`);
    expect(pfds).toEqual([{ applicationId: "ap", flowDescriptions: ["abc", "g", "h"], urls: ["de"], domainNames: ["f"] }]);
  });

  it("keeps unknown numbers", () => {
    expect(messageName(99)).toBe("PFCP message 99");
    expect(ieName(9999)).toBe("IE 9999");
    expect(ieName(0x8001)).toBe("vendor IE 32769");
  });
});

describe("lengths", () => {
  it("reads on behind a message with the follow-on flag (§7.2.1A)", () => {
    const bytes = hex(session(50, element(60, "000a010101"), 0x25) + session(52, element(19, "01")));
    expect(decodePfcp(bytes, 0, bytes.length).messages.map((found) => [found.type, found.header.followOn])).toEqual([
      [50, true],
      [52, false],
    ]);
    expect(looksLikePfcp(bytes, 0, bytes.length)).toBe(true);
  });

  it.each([
    ["a length beyond the datagram", "2001001000000100", "length"],
    ["a length that does not hold the header", "2132000400000000000000000000", "length"],
    ["another version", "4001000400000100", "version"],
    ["no whole header", "2001", "short"],
  ])("refuses %s and says why", (_what, text, code) => {
    const bytes = hex(text);
    const { messages, faults } = decodePfcp(bytes, 0, bytes.length);
    expect(messages).toEqual([]);
    expect(faults.map((fault) => fault.code)).toEqual([code]);
    expect(looksLikePfcp(bytes, 0, bytes.length)).toBe(false);
  });

  it("counts the octets that no message covers", () => {
    const bytes = hex(`${session(52, element(19, "01"))}abcdef`);
    const { messages } = decodePfcp(bytes, 0, bytes.length);
    expect(messages[0]).toMatchObject({ uncoveredOctets: 3, cause: 1 });
    expect(messages[0]!.faults.map((fault) => fault.code)).toEqual(["length"]);
  });

  it("bounds nesting and counts", () => {
    let nested = element(19, "01");
    for (let depth = 0; depth < 30; depth++) nested = element(2, nested);
    expect(only(session(50, nested)).faults.map((fault) => fault.code)).toContain("depth");
    const many = only(session(50, "7f000000".repeat(12000)));
    expect(many.ies).toHaveLength(8192);
    expect(many.faults.map((fault) => fault.code)).toEqual(["count"]);
  });
});

describe("hostile input", () => {
  const whole = hex(DUPLICATING);

  function everyView(found: PfcpMessage): void {
    const inside = (ies: readonly PfcpIe[]): void => {
      for (const ie of ies) {
        expect(ie.start + ie.length).toBeLessThanOrEqual(found.bytes.length);
        inside(ie.children);
      }
    };
    inside(found.ies);
    inside(found.vendorIes);
  }

  it("cut at every length: refused where the datagram ends, read as far as it goes where the capture does", () => {
    for (let length = 0; length < whole.length; length++) {
      expect(decodePfcp(whole, 0, length).messages).toEqual([]);
      const { messages, faults } = decodePfcp(whole, 0, length, whole.length - length);
      if (length < 16) {
        expect(faults[0]!.code).toBe("cut");
        continue;
      }
      expect(messages[0]!.faults.at(-1)).toMatchObject({ code: "cut", needed: whole.length, had: length });
      if (length >= 25) expect(messages[0]!.nodeId).toBe("10.1.1.1");
      everyView(messages[0]!);
    }
  });

  it("every single octet flipped in eight ways", () => {
    for (let at = 0; at < whole.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const bytes = whole.slice();
        bytes[at]! ^= 1 << bit;
        for (const found of decodePfcp(bytes, 0, bytes.length).messages) everyView(found);
      }
    }
  });

  it("elements of every type, nested, of any length", () => {
    const node = fc.letrec<{ tree: number[] }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc
          .tuple(fc.oneof(fc.integer({ min: 1, max: 350 }), fc.nat(0xffff)), fc.uint8Array({ maxLength: 30 }))
          .map(([type, value]) => [type >> 8, type & 0xff, 0, value.length, ...value]),
        fc
          .tuple(fc.constantFrom(1, 2, 3, 4, 5, 9, 10, 11, 58, 59, 105, 127, 270), fc.array(tie("tree"), { maxLength: 4 }))
          .map(([type, inner]) => {
            const value = inner.flat();
            return [0, type, value.length >> 8, value.length & 0xff, ...value];
          }),
      ),
    })).tree;
    fc.assert(
      fc.property(fc.array(node, { maxLength: 8 }), (elements) => {
        const body = elements.flat();
        const bytes = Uint8Array.from([0x20, 50, (body.length + 4) >> 8, (body.length + 4) & 0xff, 0, 0, 1, 0, ...body]);
        const { messages } = decodePfcp(bytes, 0, bytes.length);
        expect(messages).toHaveLength(1);
        everyView(messages[0]!);
      }),
      { numRuns: 500 },
    );
  });

  it("anything after a header", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (rest) => {
        const bytes = Uint8Array.from([0x20, 50, (rest.length + 4) >> 8, (rest.length + 4) & 0xff, 0, 0, 1, 0, ...rest]);
        everyView(decodePfcp(bytes, 0, bytes.length).messages[0]!);
      }),
      { numRuns: 500 },
    );
  });
});
