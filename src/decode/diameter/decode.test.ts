import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { avpText } from "./avp.ts";
import { decodeDiameter } from "./decode.ts";
import type { DiameterMessage } from "./message.ts";
import { diameterLength, looksLikeDiameter } from "./wire.ts";

const u24 = (n: number): number[] => [(n >> 16) & 255, (n >> 8) & 255, n & 255];
const u32 = (n: number): number[] => [(n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255];
const text = (s: string): number[] => [...new TextEncoder().encode(s)];

/** Written for these tests after RFC 6733 §4.1; `vendor` 0 leaves the V bit out. */
function avp(code: number, vendor: number, data: readonly number[]): number[] {
  const header = vendor === 0 ? 8 : 12;
  const out = [...u32(code), vendor === 0 ? 0x40 : 0xc0, ...u24(header + data.length), ...(vendor === 0 ? [] : u32(vendor)), ...data];
  while (out.length % 4 !== 0) out.push(0);
  return out;
}

function message(command: number, application: number, request: boolean, avps: readonly number[]): Uint8Array {
  return new Uint8Array([
    1,
    ...u24(20 + avps.length),
    request ? 0xc0 : 0x40,
    ...u24(command),
    ...u32(application),
    ...u32(7),
    ...u32(8),
    ...avps,
  ]);
}

function read(bytes: Uint8Array): DiameterMessage {
  const { message: found } = decodeDiameter(bytes, 0, bytes.length);
  if (found === undefined) throw new Error("no message");
  return found;
}

const TGPP = 10_415;
const S6A = 16_777_251;
const TRACE = avp(1458, TGPP, [
  ...avp(1459, TGPP, [0x02, 0xf8, 0x10, 0, 0, 42]),
  ...avp(1462, TGPP, u32(2)),
  ...avp(1452, TGPP, [0, 1, 10, 66, 6, 7]),
  ...avp(1622, TGPP, avp(1623, TGPP, u32(3))),
]);
const IDR = message(319, S6A, true, [
  ...avp(263, 0, text("mme;1;2")),
  ...avp(264, 0, text("hss.example")),
  ...avp(296, 0, text("example")),
  ...avp(282, 0, text("dra1.example")),
  ...avp(282, 0, text("dra2.example")),
  ...avp(1, 0, text("208010000000001")),
  ...avp(1400, TGPP, [...avp(701, TGPP, [0x33, 0x06, 0x12, 0x34, 0xf5]), ...TRACE]),
  ...avp(1490, TGPP, u32(0x18)),
]);

describe("Insert-Subscriber-Data", () => {
  const m = read(IDR);
  test("names, identities, route", () => {
    expect(m).toMatchObject({
      type: 319,
      name: "Insert-Subscriber-Data-Request",
      request: true,
      application: S6A,
      applicationName: "S6a/S6d",
      hopByHop: 7,
      endToEnd: 8,
      originHost: "hss.example",
      routeRecord: ["dra1.example", "dra2.example"],
      imsi: ["208010000000001"],
      msisdn: ["336021435"],
      idrFlags: 0x18,
      subscriptionData: true,
      faults: [],
    });
  });
  test("the trace inside Subscription-Data", () => {
    expect(m.traces).toEqual([
      {
        reference: { plmn: "20801", traceId: 42 },
        depth: 2,
        collector: "10.66.6.7",
        omcId: undefined,
        neTypes: "",
        interfaces: "",
        events: "",
        jobType: 3,
        mdt: true,
      },
    ]);
  });
});

test("the location that an answer discloses", () => {
  const ecgi = avp(1602, TGPP, [0x02, 0xf8, 0x10, 0x00, 0x19, 0xb0, 0x01]);
  const m = read(
    message(319, S6A, false, [...avp(268, 0, u32(2001)), ...avp(1496, TGPP, avp(1600, TGPP, [...ecgi, ...avp(1610, TGPP, u32(0))]))]),
  );
  expect(m.success).toBe(true);
  expect(m.locations).toMatchObject([{ source: "mme", ecgi: { plmn: "20801", eci: 0x19b001 }, current: true }]);
});

test("Subscription-Id in either order, user addresses, APN, equipment", () => {
  const m = read(
    message(272, 16_777_238, true, [
      ...avp(443, 0, [...avp(444, 0, text("33612345678")), ...avp(450, 0, u32(0))]),
      ...avp(443, 0, [...avp(450, 0, u32(1)), ...avp(444, 0, text("208010000000002"))]),
      ...avp(8, 0, [172, 16, 0, 2]),
      ...avp(97, 0, [0, 64, 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1]),
      ...avp(30, 0, text("internet")),
      ...avp(458, 0, [...avp(459, 0, u32(0)), ...avp(460, 0, text("3534900698733153"))]),
    ]),
  );
  expect(m).toMatchObject({
    msisdn: ["33612345678"],
    imsi: ["208010000000002"],
    ueAddresses: ["172.16.0.2", "2001:db8:0:1::"],
    apn: ["internet"],
    imei: ["3534900698733153"],
  });
});

test("an experimental result is read, an unknown command and AVP keep their numbers", () => {
  const m = read(
    message(999, 123, false, [...avp(297, 0, [...avp(266, 0, u32(TGPP)), ...avp(298, 0, u32(5001))]), ...avp(60_000, 4242, [1])]),
  );
  expect(m).toMatchObject({ name: "Command-999-Answer", success: false, experimentalResult: { vendor: TGPP, code: 5001 } });
  expect(m.avps.at(-1)).toMatchObject({ code: 60_000, vendor: 4242, length: 1 });
});

test("cut at every length: the exact fault, and what came before is kept", () => {
  for (let length = 0; length < IDR.length; length++) {
    const { message: found, fault } = decodeDiameter(IDR, 0, length, true);
    if (length < 20) expect(fault).toMatchObject({ code: "cut", needed: 20, had: length });
    else {
      expect(found?.type).toBe(319);
      expect(found?.faults.every((f) => f.code === "cut")).toBe(true);
    }
    const whole = decodeDiameter(IDR, 0, length, false);
    expect(whole.message).toBeUndefined();
    expect(whole.fault?.code).toBe(length < 20 ? "short" : "length");
  }
});

test("AVPs nested too deep, too many, or with lengths that lie", () => {
  let deep: number[] = avp(1, 0, text("x"));
  for (let i = 0; i < 40; i++) deep = avp(279, 0, deep);
  expect(read(message(257, 0, true, deep)).faults.map((f) => f.code)).toContain("depth");
  const many = Array.from({ length: 9000 }, () => avp(33, 0, [])).flat();
  expect(read(message(257, 0, true, many)).faults.map((f) => f.code)).toContain("count");
  const lying = [...avp(264, 0, text("a.b")), ...u32(296), 0x40, ...u24(400), ...text("xxxx")];
  const m = read(message(257, 0, true, lying));
  expect(m.faults.map((f) => f.code)).toEqual(["length"]);
  expect(m.originHost).toBe("a.b");
});

test("any octets, and any change of a message: no exception", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (b) => void decodeDiameter(b, 0, b.length)));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(IDR.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (changes) => {
      const b = IDR.slice();
      for (const [at, value] of changes) b[at] = value;
      decodeDiameter(b, 0, b.length);
      diameterLength(b, 0, b.length);
      looksLikeDiameter(b, 0, b.length);
    }),
    { numRuns: 1000 },
  );
});

test("no other protocol's first octets pass for Diameter", () => {
  for (const other of [
    "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
    "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 and so on, some more",
    "SSH-2.0-OpenSSH_9.2p1 Debian",
  ]) {
    const b = Uint8Array.from(other, (c) => c.charCodeAt(0));
    expect(looksLikeDiameter(b, 0, b.length)).toBe(false);
  }
});

test("text: well-formed UTF-8 as a standard decoder reads it, anything else never throws", () => {
  const whole = (b: Uint8Array): string => avpText(b, { code: 1, vendor: 0, flags: 0, start: 0, length: b.length, children: [] });
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (s) => {
      const wellFormed = s.toWellFormed();
      expect(whole(new TextEncoder().encode(wellFormed))).toBe(wellFormed);
    }),
  );
  fc.assert(fc.property(fc.uint8Array(), (b) => void whole(b)));
});
