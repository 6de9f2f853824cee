/** Every protocol's decoder, by itself: what its port or payload type announces may be anything. */
import { readPayload } from "#decode/carried/payload.ts";
import { decodeDiameter } from "#decode/diameter/decode.ts";
import { decodeGtpPrime } from "#decode/gtp-prime/decode.ts";
import { decodeGtpv1 } from "#decode/gtpv1/decode.ts";
import { decodeGtpv2 } from "#decode/gtpv2/decode.ts";
import { HandoverStream, readDatagram as readHandover } from "#decode/handover/recognise.ts";
import { ShimRecogniser } from "#decode/li-shim/li-shim.ts";
import { decodeNasEps } from "#decode/nas-eps/decode.ts";
import { decodePfcp } from "#decode/pfcp/decode.ts";
import { QuicHello } from "#decode/quic/initial.ts";
import { recognise, serverName, snmpWrites } from "#decode/recognise/recognise.ts";
import { decodeS1ap } from "#decode/s1ap/decode.ts";
import { TlsConnection } from "#decode/tls/connection.ts";
import { readX1 } from "#decode/x1/message.ts";
import { X1Stream } from "#decode/x1/recognise.ts";
import { decodeX2ap } from "#decode/x2ap/decode.ts";
import { readDatagram as readX2x3, X2x3Stream } from "#decode/x2x3/recognise.ts";
import type { Fault } from "#model/fault.ts";
import type { LiStream, LiStreamSink } from "#model/interception.ts";
import type { DecodedMessage } from "#model/message.ts";
import { hmac, open, quicPrimitives } from "#run/primitives.ts";
import type { Target } from "./targets.ts";

/** Octets stand in the midst of others, as in a frame: who reads beyond sees what no message holds. */
const AROUND = 16;
const GUARD = 0xa5;

type Decode = (bytes: Uint8Array, start: number, end: number) => readonly DecodedMessage[] | DecodedMessage | Fault | undefined;

function decoder(name: string, decode: Decode): Target {
  const run = (input: Uint8Array): void => {
    const bytes = new Uint8Array(input.length + 2 * AROUND).fill(GUARD);
    bytes.set(input, AROUND);
    const before = JSON.stringify(decode(bytes, AROUND, AROUND + input.length), plain);
    // What stands around a message is none of it.
    bytes.fill(0, 0, AROUND).fill(0, AROUND + input.length);
    if (JSON.stringify(decode(bytes, AROUND, AROUND + input.length), plain) !== before) throw new Error(`${name} reads beyond its octets`);
    if (before !== undefined && before.length > 4_000_000)
      throw new Error(`${name} makes ${before.length} characters of ${input.length} octets`);
  };
  return { name, run, seeds: "payloads" };
}

/** The array that a message lies in, as far as it is the message's own. */
function plain(key: string, value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return key === "bytes" ? undefined : Buffer.from(value).toString("hex");
  return value;
}

const nas: Decode = (bytes, start, end) => decodeNasEps(bytes, start, end);

/** A stream in pieces of a size that the first octet says, with a gap where its top bit is set; then whole. */
function streamed(make: (sink: LiStreamSink<number>, fromStart: boolean) => LiStream<number>): (input: Uint8Array) => void {
  return (input) => {
    let said = 0;
    const sink: LiStreamSink<number> = { message: () => void said++, fault: () => void said++ };
    const how = input[0] ?? 0;
    const step = 1 + (how & 63);
    const stream = make(sink, (how & 64) === 0);
    let going = true;
    for (let at = 1, i = 0; at < input.length && going; at += step, i++) {
      if ((how & 128) !== 0 && i === 3) going = stream.gap(how % 3 === 0 ? -1 : how);
      if (going) going = stream.data(input, at, Math.min(input.length, at + step), i);
    }
    stream.end();
    const whole = make(sink, true);
    whole.data(input, 0, input.length, 0);
    whole.end();
    if (said > 2 * input.length + 16) throw new Error(`${said} messages and faults out of ${input.length} octets`);
  };
}

function tls(input: Uint8Array): void {
  const secret = new Uint8Array(32).fill(7);
  const connection = new TlsConnection<number>({ secret: () => secret, hmac, open });
  const sink = { plain: () => undefined, unreadable: () => undefined };
  const sides = [connection.open(sink), connection.open(sink)] as const;
  // Records by turns, so that both sides meet.
  for (let at = 0, side = 0; at < input.length; side ^= 1) {
    const length = 5 + (((input[at + 3] ?? 0) << 8) | (input[at + 4] ?? 0));
    sides[side as 0 | 1].data(input, at, Math.min(input.length, at + length), at);
    at += length;
  }
  sides[0].gap();
}

function quic(input: Uint8Array): void {
  const hello = QuicHello.at(quicPrimitives, input, 0, input.length);
  hello?.datagram(input, 0, input.length);
}

function recognised(input: Uint8Array): void {
  const ports = [22, 23, 53, 80, 161, 389, 443, 514, 1812, 2055, 3389, 5060, 40_000];
  const port = ports[(input[0] ?? 0) % ports.length] as number;
  for (const transport of [6, 17]) {
    for (const first of [true, false]) {
      const code = recognise(input, 1, input.length, transport, first ? 40_001 : port, first ? port : 40_001, first);
      const name = serverName(input, 1, input.length, code);
      if (name !== undefined && (name.length > 253 || /[^\x20-\x7e]/.test(name)))
        throw new Error(`a server's name of ${name.length} characters`);
    }
  }
  snmpWrites(input, 1, input.length);
}

const shimFlow = { point: 0, addresses: new Uint32Array(8), srcPort: 1, dstPort: 2 };

/** Datagrams of one flow: the octets, with their first word counted on. */
function shims(input: Uint8Array): void {
  const recogniser = new ShimRecogniser(1);
  const bytes = input.slice();
  for (let i = 0; i < 8; i++) {
    recogniser.datagram(shimFlow, bytes, 0, bytes.length);
    if (bytes.length > 7) bytes[7] = (bytes[7] as number) + 1;
  }
}

export const protocols: readonly Target[] = [
  decoder("gtpv1", (...at) => decodeGtpv1(...at).messages),
  decoder("gtpv2", (...at) => decodeGtpv2(...at).messages),
  decoder("gtp-prime", (...at) => decodeGtpPrime(...at).messages),
  decoder("pfcp", (...at) => decodePfcp(...at).messages),
  decoder("diameter", (...at) => decodeDiameter(...at).message),
  decoder("diameter-cut", (bytes, start, end) => decodeDiameter(bytes, start, end, true).message),
  decoder("s1ap", (bytes, start, end) => decodeS1ap(bytes, start, end, (b, s, e) => decodeNasEps(b, s, e, {}))),
  decoder("x2ap", (...at) => decodeX2ap(...at)),
  decoder("nas-eps", nas),
  decoder("handover", (...at) => readHandover(...at).map(({ message }) => message)),
  decoder("x2x3", (...at) => readX2x3(...at).map(({ message }) => message)),
  { name: "handover-stream", run: streamed((sink, fromStart) => new HandoverStream(sink, { fromStart })), seeds: "payloads" },
  { name: "x2x3-stream", run: streamed((sink, fromStart) => new X2x3Stream(sink, { fromStart })), seeds: "payloads" },
  { name: "x1-stream", run: streamed((sink, fromStart) => new X1Stream(sink, { fromStart })), seeds: "payloads" },
  { name: "x1", run: (input) => void readX1(Buffer.from(input).toString()), seeds: "payloads" },
  { name: "li-shim", run: shims, seeds: "payloads" },
  { name: "tls", run: tls, seeds: "payloads" },
  { name: "quic", run: quic, seeds: "payloads" },
  { name: "recognise", run: recognised, seeds: "payloads" },
  { name: "carried", run: (input) => void readPayload(input, 0, input.length, 0, true), seeds: "payloads" },
];
