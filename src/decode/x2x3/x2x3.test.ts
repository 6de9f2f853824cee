import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LiMessage, X2x3Message } from "#model/interception.ts";
import { toRfc3339 } from "#model/time.ts";
import { probeHeader, readPdu } from "./pdu.ts";
import { probe, readDatagram, X2x3Stream } from "./recognise.ts";

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));

/** Wire facts §3.2: X3, IPv4, from target, with a 20-octet IPv4 header. */
const VECTOR = bytesOf(`00050002 00000028 00000014 0005 0003 000102030405060708090a0b0c0d0e0f 0000000000000007
  4500001400010000401100000a0000010a000002`);
/** X3 with sequence and time stamp attributes. */
const WITH_ATTRIBUTES = bytesOf(`00010002 0000003c 00000014 0005 0003 52d4acc10a6cb0a37116845bbb1ba5f4 8d66820f814782f7
  0008000400000001 00090008699afbf730e2e9a4 4500001400010000401100000a0000010a000002`);
const KEEPALIVE = bytesOf(`00050003 00000028 00000000 0000 0000 00000000000000000000000000000000 0000000000000000`);

function streamOf(fromStart = true): { stream: X2x3Stream<number>; messages: X2x3Message[]; origins: number[][]; faults: string[] } {
  const messages: X2x3Message[] = [];
  const origins: number[][] = [];
  const faults: string[] = [];
  const sink = {
    message: (m: LiMessage, _b: Uint8Array, _s: number, _e: number, o: readonly number[]): void => {
      messages.push(m as X2x3Message);
      origins.push([...o]);
    },
    fault: (f: { code: string }): void => void faults.push(f.code),
  };
  return { stream: new X2x3Stream<number>(sink, { fromStart }), messages, origins, faults };
}

const joined = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

describe("X2/X3 PDU", () => {
  it("reads the vector of the specification's header", () => {
    const m = readPdu(VECTOR, 0, VECTOR.length, undefined);
    expect(m).toMatchObject({
      protocol: "x3",
      type: 2,
      xid: "00010203-0405-0607-0809-0a0b0c0d0e0f",
      correlationId: "0000000000000007",
      towards: "from-target",
      product: "cc",
      contents: [{ kind: "ipv4", offset: 40, length: 20, src: "10.0.0.1", dst: "10.0.0.2", ipOctets: 20 }],
      faults: [],
    });
  });

  it("reads sequence and the product's own time", () => {
    const m = readPdu(WITH_ATTRIBUTES, 0, WITH_ATTRIBUTES.length, undefined);
    expect(m.sequence).toBe(1);
    expect(m.productTime && toRfc3339(m.productTime)).toBe("2026-02-22T12:52:07.820177316Z");
    expect(m.attributes.map((a) => a.type)).toEqual([8, 9]);
  });

  it("reads targets as elements, wrapped elements and bare values", () => {
    const attribute = (value: string, type = 17): Buffer => {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(type, 0);
      head.writeUInt16BE(value.length, 2);
      return Buffer.concat([head, Buffer.from(value)]);
    };
    const attributes = Buffer.concat([
      attribute("<imsi>262011234567890</imsi>"),
      attribute('<ns1:targetIdentifier xmlns:ns1="x"><ns1:gpsiMsisdn>494012345</ns1:gpsiMsisdn></ns1:targetIdentifier>'),
      attribute("sip:a@example.org"),
      attribute("<imei>49015420323751</imei>", 18),
    ]);
    const pdu = Buffer.concat([VECTOR.subarray(0, 40), attributes, VECTOR.subarray(40)]);
    pdu.writeUInt32BE(40 + attributes.length, 4);
    expect(probe(pdu, 0, pdu.length)).toBe("yes");
    const m = readPdu(pdu, 0, pdu.length, undefined);
    expect(m.targets.map((t) => `${t.kind}:${t.value}`)).toEqual(["imsi:262011234567890", "msisdn:494012345", "sip:a@example.org"]);
    expect(m.otherTargets.map((t) => t.kind)).toEqual(["imei"]);
    expect(m.imsi).toEqual(["262011234567890"]);
    expect(m.imei).toEqual([]);
  });

  it("cut at every length asks for more, and never reads past the end", () => {
    for (const pdu of [VECTOR, WITH_ATTRIBUTES, KEEPALIVE]) {
      for (let n = 0; n < pdu.length; n += 1) {
        const cut = pdu.slice(0, n);
        expect(probe(cut, 0, n), `cut at ${n}`).toBe("more");
        const { stream, messages } = streamOf();
        stream.data(cut, 0, n, 1);
        expect(messages).toEqual([]);
      }
      expect(probe(pdu, 0, pdu.length)).toBe("yes");
    }
  });

  it("flipped octets and random octets give no exception and no wrong certainty", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, fromStart) => {
        const { stream, messages } = streamOf(fromStart);
        stream.data(bytes, 0, bytes.length, 1);
        stream.end();
        expect(messages).toEqual([]);
        expect(readDatagram(bytes, 0, bytes.length)).toEqual([]);
      }),
      { seed: 1, numRuns: 500 },
    );
    const whole = joined(WITH_ATTRIBUTES, WITH_ATTRIBUTES, VECTOR);
    let seed = 7;
    for (let i = 0; i < 2000; i += 1) {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      const b = Uint8Array.from(whole);
      b[seed % b.length] = (seed >>> 16) & 255;
      const { stream } = streamOf(i % 2 === 0);
      stream.data(b, 0, b.length, 1);
      stream.gap(seed % 100);
      stream.data(b, 0, b.length, 2);
      stream.end();
    }
  });

  it("a wrong attribute length is no PDU; a known type of wrong length is a fault", () => {
    const bad = Uint8Array.from(WITH_ATTRIBUTES);
    bad[43] = 5;
    expect(probeHeader(bad, 0, bad.length)).toBe("no");
    const other = joined(VECTOR.slice(0, 40), bytesOf("0008 0002 0001"), VECTOR.slice(40));
    other[7] = 46;
    expect(probe(other, 0, other.length)).toBe("yes");
    expect(readPdu(other, 0, other.length, undefined).faults).toMatchObject([{ code: "length", field: "attribute 8" }]);
  });
});

describe("X2/X3 in a stream", () => {
  it("is the same however it is cut into segments, and names the segments that carried each PDU", () => {
    const whole = joined(WITH_ATTRIBUTES, KEEPALIVE, VECTOR, WITH_ATTRIBUTES);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 8, maxLength: 40 }), (sizes) => {
        const { stream, messages, origins } = streamOf();
        let at = 0;
        const starts: number[] = [];
        for (let i = 0; at < whole.length; i += 1) {
          const n = Math.min(sizes[i % sizes.length] ?? 1, whole.length - at);
          starts.push(at);
          stream.data(whole, at, at + n, i);
          at += n;
        }
        expect(messages.map((m) => m.name)).toEqual(["X3 PDU", "Keepalive", "X3 PDU", "X3 PDU"]);
        expect(messages[1]?.protocol).toBe("x3");
        const first = origins[0] ?? [];
        expect(first[0]).toBe(0);
        expect(starts[first.at(-1) ?? 0]).toBeLessThan(80);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it("joined in the middle, finds the next PDU", () => {
    const { stream, messages } = streamOf(false);
    stream.data(joined(WITH_ATTRIBUTES.slice(50), WITH_ATTRIBUTES, VECTOR), 0, 30 + 80 + 60, 1);
    expect(stream.state).toBe("yes");
    expect(messages.map((m) => m.sequence)).toEqual([1, undefined]);
  });

  it("passes exactly over a gap inside a payload, and searches after one that is not", () => {
    const { stream, messages } = streamOf();
    stream.data(joined(VECTOR, WITH_ATTRIBUTES), 0, 60 + 65, 1);
    stream.gap(10);
    stream.data(joined(WITH_ATTRIBUTES.slice(75), VECTOR), 0, 5 + 60, 2);
    expect(messages.map((m) => m.faults.map((f) => f.code))).toEqual([[], ["incomplete"], []]);
    stream.data(WITH_ATTRIBUTES, 0, 30, 3);
    stream.gap(400);
    stream.data(joined(bytesOf("0102030405"), WITH_ATTRIBUTES, VECTOR), 0, 5 + 80 + 60, 4);
    expect(messages.length).toBe(5);
  });

  it("a stream that begins with something else is refused at once", () => {
    const { stream } = streamOf();
    stream.data(Buffer.from("GET / HTTP/1.1\r\n"), 0, 16, 1);
    expect(stream.state).toBe("no");
  });

  it("goes on after a broken PDU", () => {
    const { stream, messages, faults } = streamOf();
    const whole = joined(VECTOR, VECTOR, bytesOf("ffffffffff"), WITH_ATTRIBUTES, VECTOR);
    stream.data(whole, 0, whole.length, 1);
    expect(messages.length).toBe(4);
    expect(faults).toEqual(["value"]);
  });

  it("takes time in proportion to its input", () => {
    const zeros = new Uint8Array(1 << 20);
    for (let i = 0; i + 16 < zeros.length; i += 16) zeros.set(bytesOf("0001000200000028000000ff00050003"), i);
    const started = performance.now();
    const { stream } = streamOf(false);
    for (let at = 0; at < zeros.length; at += 100) stream.data(zeros, at, Math.min(zeros.length, at + 100), 1);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

const CAPTURE = "../shared/captures/sipgate_x2_sip_register.pcap";
describe("a PDU of a real system", () => {
  it.skipIf(!existsSync(CAPTURE))("agrees with tshark 4.0.17 told that the port is 5gli (its heuristic looks above TLS alone)", () => {
    const file = readFileSync(CAPTURE);
    const frame = file.subarray(24 + 16);
    const payload = frame.subarray(14 + 20 + 32);
    expect(probe(payload, 0, payload.length)).toBe("yes");
    const m = readPdu(payload, 0, payload.length, undefined);
    expect(m).toMatchObject({
      protocol: "x2",
      type: 1,
      minorVersion: 5,
      headerLength: 81,
      payloadLength: 539,
      payloadDirection: 3,
      xid: "8c292fa1-5831-46ec-86be-bd85f2083299",
      correlationId: "0000000000000001",
      payloadFormat: 9,
      msisdn: ["494012345678"],
      contents: [{ kind: "sip", offset: 81, length: 539 }],
    });
  });
  if (!existsSync(CAPTURE)) console.warn(`SKIPPED: ${CAPTURE} is not here`);
});
