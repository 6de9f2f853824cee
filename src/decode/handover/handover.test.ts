import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HandoverMessage, LiMessage } from "#model/interception.ts";
import { toRfc3339 } from "#model/time.ts";
import { readPdu } from "./pdu.ts";
import { HandoverStream, probe, readDatagram } from "./recognise.ts";

const hex = (s: string): Buffer => Buffer.from(s.replaceAll(/\s/g, ""), "hex");
/** Wire facts §3.3: IP CC, 117 octets. */
const VECTOR = hex(`3073a14680070400020205011e81084c4949443030303182024445a315a00c80044f50494481044e4530318101018202444584
0100851332303236303130313030303030302e3030305aa229a1273025800100a220a21e800405030a02a11680144500001400010000401100000a0000010a000002`);

/** Encoders of the test's own. */
const tlv = (tag: number, ...parts: (Buffer | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((p) => (typeof p === "string" ? Buffer.from(p, "latin1") : p)));
  const length = body.length < 128 ? Buffer.from([body.length]) : Buffer.from([0x82, body.length >> 8, body.length & 255]);
  return Buffer.concat([Buffer.from([tag]), length, body]);
};
const indefinite = (tag: number, ...parts: Buffer[]): Buffer => Buffer.concat([Buffer.from([tag, 0x80]), ...parts, Buffer.from([0, 0])]);
const IP = hex("4500001400010000401100000a0000010a000002");
const psHeader = (...more: Buffer[]): Buffer =>
  tlv(
    0xa1,
    tlv(0x80, hex("0400020205011e")),
    tlv(0x81, "LIID0001"),
    tlv(0x82, "FR"),
    tlv(0xa3, tlv(0xa0, tlv(0x80, "OP"), tlv(0x81, "NE7")), tlv(0x81, hex("2a")), tlv(0x82, "DE")),
    tlv(0x84, hex("0102")),
    ...more,
  );
const ccPayload = (ip: Buffer): Buffer =>
  tlv(0x30, tlv(0x80, hex("01")), tlv(0xa2, tlv(0xa2, tlv(0x80, hex("05030a02")), tlv(0xa1, tlv(0x80, ip)))));

const whole = (b: Uint8Array): HandoverMessage => readPdu(b, 0, b.length, true) as HandoverMessage;

describe("PS-PDU", () => {
  it("reads the vector", () => {
    const m = whole(VECTOR);
    expect(m).toMatchObject({
      protocol: "hi3",
      type: 1,
      name: "PS-PDU CC",
      family: "ps-pdu",
      domain: "0.4.0.2.2.5.1.30",
      liid: "LIID0001",
      authorisationCountry: "DE",
      deliveryCountry: "DE",
      operatorId: "OPID",
      networkElementId: "NE01",
      communicationId: "1",
      sequence: 0,
      product: "cc",
      towards: "from-target",
      contentOids: ["0.4.0.2.2.5.3.10.2"],
      contents: [{ kind: "ipv4", offset: 97, length: 20 }],
      faults: [],
    });
    expect(m.productTime && toRfc3339(m.productTime)).toBe("2026-01-01T00:00:00.000000000Z");
    expect(VECTOR.subarray(97, 97 + 20)).toEqual(IP);
  });

  it("prefers seconds and microseconds, and distrusts a time without zone", () => {
    const micro = tlv(0xa7, tlv(0x80, hex("699afbf7")), tlv(0x81, hex("0c84b1")));
    const m = whole(tlv(0x30, psHeader(tlv(0x85, "20260101000000"), micro), tlv(0xa2, tlv(0xa1, ccPayload(IP)))));
    expect(m.productTime && toRfc3339(m.productTime)).toBe("2026-02-22T12:52:07.820401000Z");
    expect(whole(tlv(0x30, psHeader(tlv(0x85, "20260101000000")), tlv(0xa2, tlv(0xa1, ccPayload(IP))))).productTime).toBeUndefined();
  });

  it("reads indefinite lengths everywhere, and several payloads in one PDU", () => {
    const pdu = indefinite(0x30, psHeader(), indefinite(0xa2, indefinite(0xa1, ccPayload(IP), ccPayload(IP))));
    expect(probe(pdu, 0, pdu.length)).toBe("yes");
    const m = whole(pdu);
    expect(m.contents.length).toBe(2);
    expect(m.towards).toBe("to-target");
    expect(m).toMatchObject({ authorisationCountry: "FR", deliveryCountry: "DE", sequence: 258, communicationId: "42" });
  });

  it("tells IRI, TRI keep-alive and HI1 apart", () => {
    const iri = tlv(
      0x30,
      psHeader(),
      tlv(
        0xa2,
        tlv(
          0xa0,
          tlv(
            0x30,
            tlv(0x80, hex("01")),
            tlv(
              0xa2,
              tlv(
                0xa2,
                tlv(0x80, hex("05030a01")),
                tlv(0xa1, tlv(0x81, "user@isp"), tlv(0xa4, tlv(0x81, hex("00")), tlv(0xa2, tlv(0x81, hex("0a010203"))))),
              ),
            ),
          ),
        ),
      ),
    );
    const m = whole(iri);
    expect(m).toMatchObject({ protocol: "hi2", type: 0, product: "iri", ueAddresses: ["10.1.2.3"], contentOids: ["0.4.0.2.2.5.3.10.1"] });
    expect(m.targets.map((t) => t.value)).toEqual(["user@isp", "10.1.2.3"]);
    const keepalive = tlv(0x30, psHeader(), tlv(0xa2, tlv(0xa2, tlv(0x83))));
    expect(whole(keepalive)).toMatchObject({ protocol: "hi2", type: 2, product: "keepalive", name: "PS-PDU TRI keep-alive", triKind: 3 });
    expect(whole(tlv(0x30, psHeader(), tlv(0xa2, tlv(0xa3, tlv(0x30)))))).toMatchObject({ type: 3, product: "other" });
  });

  it("reads the targets of a TS 33.128 IRI payload", () => {
    const targets = tlv(0xa3, tlv(0x30, tlv(0xa1, tlv(0xa1, tlv(0x81, "262011234567890")))), tlv(0x30, tlv(0xa1, tlv(0x86, "494012345"))));
    const payload = tlv(0x30, tlv(0x81, hex("0413100503")), tlv(0xa2, tlv(0xa1, tlv(0x80, hex("01")))), targets);
    const pdu = tlv(0x30, psHeader(), tlv(0xa2, tlv(0xa0, tlv(0x30, tlv(0xa2, tlv(0xb3, payload))))));
    expect(whole(pdu)).toMatchObject({ imsi: ["262011234567890"], msisdn: ["494012345"], contentOids: ["0.4.0.2.2.4.19.16.5.3"] });
  });
});

const uliHeader = tlv(
  0xa1,
  tlv(0x80, hex("0400020204020700")),
  tlv(0x81, hex("08")),
  tlv(0x82, "LIID7"),
  tlv(0x83, hex("0011223344556677")),
  tlv(0xa4, tlv(0x81, "260101120000Z")),
  tlv(0x85, hex("00ff")),
  tlv(0x86, hex("01")),
);
const ULIC = tlv(0x30, uliHeader, tlv(0x82, IP));
const IRI_RECORD = tlv(
  0xa4,
  tlv(0x80, hex("0400020204081100")),
  tlv(0x81, "LIID9"),
  tlv(0xa3, tlv(0xa0, tlv(0x80, "20260101120000Z"), tlv(0x81, hex("00")))),
  tlv(0x84, hex("01")),
  tlv(
    0xa9,
    tlv(
      0x30,
      tlv(0x80, hex("03")),
      tlv(0xa1, tlv(0x81, hex("9410452302573101")), tlv(0x83, hex("62021132547698f0")), tlv(0x86, hex("91944021436587"))),
    ),
  ),
);

describe("3GPP handover", () => {
  it("reads a ULIC header and its T-PDU", () => {
    expect(probe(ULIC, 0, ULIC.length)).toBe("yes");
    const m = whole(ULIC);
    expect(m).toMatchObject({
      protocol: "hi3",
      family: "ulic",
      liid: "LIID7",
      sequence: 255,
      towards: "from-target",
      domain: "0.4.0.2.2.4.2.7.0",
    });
    expect(m.contents).toMatchObject([{ kind: "ipv4", offset: ULIC.length - 20, length: 20 }]);
    expect(m.productTime && toRfc3339(m.productTime)).toBe("2026-01-01T12:00:00.000000000Z");
  });

  it("reads an IRI record and whose it is", () => {
    const m = whole(IRI_RECORD);
    expect(m).toMatchObject({
      protocol: "hi2",
      family: "3gpp",
      product: "iri",
      liid: "LIID9",
      imsi: ["262011234567890"],
    });
    expect(m.msisdn).toEqual(["490412345678"]);
    expect(m.imei.length).toBe(1);
  });

  it("reads datagrams that are whole PDUs, and nothing else", () => {
    expect(readDatagram(Buffer.concat([ULIC, ULIC]), 0, 2 * ULIC.length).length).toBe(2);
    expect(readDatagram(Buffer.concat([ULIC, Buffer.from([0])]), 0, ULIC.length + 1)).toEqual([]);
    expect(readDatagram(hex("300c060a2b060104018237140203"), 0, 14)).toEqual([]);
  });
});

function streamOf(fromStart = true): {
  stream: HandoverStream<number>;
  messages: HandoverMessage[];
  origins: number[][];
  faults: string[];
} {
  const messages: HandoverMessage[] = [];
  const origins: number[][] = [];
  const faults: string[] = [];
  const sink = {
    message: (m: LiMessage, _b: Uint8Array, _s: number, _e: number, o: readonly number[]): void => {
      messages.push(m as HandoverMessage);
      origins.push([...o]);
    },
    fault: (f: { code: string }): void => void faults.push(f.code),
  };
  return { stream: new HandoverStream<number>(sink, { fromStart }), messages, origins, faults };
}

describe("handover in a stream", () => {
  const long = indefinite(0x30, psHeader(), indefinite(0xa2, indefinite(0xa1, ccPayload(IP))));
  const all = Buffer.concat([VECTOR, long, ULIC, IRI_RECORD, VECTOR]);

  it("is the same however it is cut into segments", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 5, maxLength: 40 }), (sizes) => {
        const { stream, messages, faults } = streamOf();
        let at = 0;
        for (let i = 0; at < all.length; i += 1) {
          const n = Math.min(sizes[i % sizes.length] ?? 1, all.length - at);
          stream.data(all, at, at + n, i);
          at += n;
        }
        expect(messages.map((m) => m.name)).toEqual(["PS-PDU CC", "PS-PDU CC", "ULIC CC", "IRI record", "PS-PDU CC"]);
        expect(faults).toEqual([]);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("cut at every length gives what is whole and no more", () => {
    for (let n = 0; n <= all.length; n += 1) {
      const { stream, messages } = streamOf();
      stream.data(all, 0, n, 1);
      const ends = [VECTOR.length, VECTOR.length + long.length, VECTOR.length + long.length + ULIC.length];
      ends.push((ends[2] as number) + IRI_RECORD.length, all.length);
      expect(messages.length).toBe(ends.filter((e) => e <= n).length);
    }
  });

  it("joined in the middle, or after a gap, finds the next PDU", () => {
    const { stream, messages } = streamOf(false);
    stream.data(all, 40, all.length, 1);
    expect(messages.length).toBe(4);
    const other = streamOf();
    other.stream.data(all, 0, VECTOR.length + 20, 1);
    other.stream.gap(3000);
    other.stream.data(Buffer.concat([hex("3030a1a1"), VECTOR]), 0, 4 + VECTOR.length, 2);
    expect(other.messages.length).toBe(2);
    const inside = streamOf();
    inside.stream.data(VECTOR, 0, 90, 1);
    inside.stream.gap(10);
    inside.stream.data(Buffer.concat([VECTOR.subarray(100), VECTOR]), 0, 17 + VECTOR.length, 2);
    expect(inside.messages.map((m) => m.faults.map((f) => f.code))).toEqual([["incomplete"], []]);
    expect(inside.messages[0]).toMatchObject({ type: 1, liid: "LIID0001" });
  });

  it("is not fooled by other BER, and survives flipped octets", () => {
    const ldap = hex("300c020101600702010304008000");
    const { stream } = streamOf();
    stream.data(ldap, 0, ldap.length, 1);
    expect(stream.state).toBe("no");
    let seed = 11;
    for (let i = 0; i < 3000; i += 1) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const b = Buffer.from(all);
      b[seed % b.length] = (seed >>> 16) & 255;
      const s = streamOf(i % 2 === 0).stream;
      s.data(b, 0, b.length, 1);
      s.gap(seed % 300);
      s.data(b, 0, b.length, 2);
      s.end();
      readDatagram(b, 0, b.length);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const r = streamOf(false);
        r.stream.data(bytes, 0, bytes.length, 1);
        expect(r.messages).toEqual([]);
      }),
      { seed: 4, numRuns: 500 },
    );
  });

  it("takes time in proportion to its input", () => {
    const big = indefinite(0x30, psHeader(), indefinite(0xa2, indefinite(0xa1, ...Array.from({ length: 900 }, () => ccPayload(IP)))));
    const started = performance.now();
    const { stream, messages } = streamOf();
    for (let at = 0; at < big.length; at += 7) stream.data(big, at, Math.min(big.length, at + 7), at);
    expect(messages.length).toBe(1);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
