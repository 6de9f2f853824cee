import fc from "fast-check";
import { expect, test } from "vitest";
import type { Sighting } from "#model/sighting.ts";
import { type StreamConsumer, type TcpFlow, TcpReassembler } from "./reassembler.ts";
import { StreamWindow } from "./window.ts";

interface Sent {
  seq: number;
  payload: Uint8Array;
  flags?: number;
  ack?: number;
  reverse?: boolean;
  /** Octets of the payload that were captured. */
  captured?: number;
  sec?: number;
  scope?: number;
  /** What contradicts a stream is read elsewhere, and an end is believed when nothing goes on. */
  elsewhere?: boolean;
}

class Harness {
  events: string[] = [];
  octets: number[] = [];
  frames: number[] = [];
  flows: TcpFlow[] = [];
  frame = 0;
  want = true;
  tcp: TcpReassembler;
  constructor(limits = {}) {
    this.tcp = new TcpReassembler((flow) => {
      this.flows.push(flow);
      const consumer: StreamConsumer = {
        data: (bytes, start, end, seen) => {
          for (let i = start; i < end; i++) this.octets.push(bytes[i] as number);
          this.frames.push(seen.frame);
          this.events.push(`data ${end - start}`);
          return this.want;
        },
        gap: (octets) => {
          this.events.push(`gap ${octets}`);
          return true;
        },
        end: (reason) => void this.events.push(`end ${reason}`),
      };
      return consumer;
    }, limits);
  }
  send(s: Sent): void {
    const bytes = new Uint8Array(20 + s.payload.length);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, s.reverse === true ? 3868 : 40000);
    view.setUint16(2, s.reverse === true ? 40000 : 3868);
    view.setUint32(4, s.seq);
    view.setUint32(8, s.ack ?? 0);
    bytes[12] = 0x50;
    bytes[13] = s.flags ?? 0x10;
    bytes.set(s.payload, 20);
    const forth = new Uint32Array([0, 0, 0xffff, 1, 0, 0, 0xffff, 2]);
    const back = new Uint32Array([0, 0, 0xffff, 2, 0, 0, 0xffff, 1]);
    const seen: Sighting = { capture: 0, point: 0, frame: ++this.frame, frames: undefined, time: { sec: s.sec ?? 0, nsec: 0 } };
    const segment = {
      bytes,
      start: 0,
      end: 20 + (s.captured ?? s.payload.length),
      wireEnd: bytes.length,
      scope: s.scope ?? 0,
      addresses: s.reverse === true ? back : forth,
      seen,
    };
    this.tcp.segment(segment, s.elsewhere);
  }
}

const octets = (...values: number[]): Uint8Array => new Uint8Array(values);
const SYN = 0x02;
const FIN_ACK = 0x11;
const RST = 0x04;

test("in order from the SYN, over the wrap of the sequence number, to the FIN", () => {
  const h = new Harness();
  h.send({ seq: 0xfffffffd, payload: octets(), flags: SYN });
  h.send({ seq: 0xfffffffe, payload: octets(1, 2, 3) });
  h.send({ seq: 1, payload: octets(4), flags: FIN_ACK });
  expect(h.octets).toEqual([1, 2, 3, 4]);
  expect(h.frames).toEqual([2, 3]);
  expect(h.events.at(-1)).toBe("end fin");
  expect(h.flows[0]?.fromStart).toBe(true);
});

test("any order, repetition and overlap of segments gives each octet once, in order", () => {
  const source = Uint8Array.from({ length: 300 }, (_, i) => (i * 7) & 0xff);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(299), fc.integer({ min: 1, max: 60 })), { maxLength: 60 }),
      fc.integer({ min: 0, max: 0xffffffff }),
      (pieces, isn) => {
        const h = new Harness({ heldSegments: 1000, holeSeconds: 1e9 });
        h.send({ seq: isn, payload: octets(), flags: SYN });
        for (const [at, length] of pieces) h.send({ seq: (isn + 1 + at) >>> 0, payload: source.slice(at, at + length) });
        // Whatever is missing arrives last, backwards.
        for (let at = 270; at >= 0; at -= 30) h.send({ seq: (isn + 1 + at) >>> 0, payload: source.slice(at, at + 30) });
        expect(h.octets).toEqual([...source]);
        expect(h.events.filter((e) => e.startsWith("gap"))).toEqual([]);
        expect(h.tcp.heldOctets).toBe(0);
      },
    ),
  );
});

test("in mid-session the first segment with data begins the stream, a keep-alive does not", () => {
  const h = new Harness();
  h.send({ seq: 999, payload: octets(0) });
  h.send({ seq: 1000, payload: octets(1, 2) });
  h.send({ seq: 1001, payload: octets(9) });
  h.send({ seq: 1002, payload: octets(3) });
  expect(h.octets).toEqual([1, 2, 3]);
  expect(h.flows[0]?.fromStart).toBe(false);
});

test("a hole is skipped after its time, and reported with its size", () => {
  const h = new Harness({ holeSeconds: 2 });
  h.send({ seq: 0, payload: octets(1, 2) });
  h.send({ seq: 12, payload: octets(3, 4), sec: 1 });
  expect(h.events).toEqual(["data 2"]);
  h.send({ seq: 14, payload: octets(5), sec: 4 });
  expect(h.events).toEqual(["data 2", "gap 10", "data 2", "data 1"]);
  expect(h.tcp.counters.gapOctets).toBe(10);
});

test("a hole that the other side acknowledged is skipped at once", () => {
  const h = new Harness({ heldAfterAcknowledgement: 1 });
  h.send({ seq: 0, payload: octets(1, 2) });
  h.send({ seq: 12, payload: octets(3, 4) });
  h.send({ reverse: true, seq: 500, payload: octets(), ack: 14 });
  expect(h.events).toEqual(["data 2", "gap 10", "data 2"]);
});

test("holding stops at the limits of a stream and of all streams", () => {
  for (const limits of [{ heldSegments: 4 }, { heldOctets: 8 }, { heldOctetsTotal: 8 }]) {
    const h = new Harness(limits);
    h.send({ seq: 0, payload: octets(1, 1) });
    for (let i = 1; i < 40; i++) h.send({ seq: i * 100, payload: octets(2, 2) });
    expect(h.tcp.heldOctets).toBeLessThanOrEqual(10);
    expect(h.events.filter((e) => e.startsWith("gap")).length).toBeGreaterThan(30);
  }
});

test("octets cut by the snap length are a gap, and the stream goes on after them", () => {
  const h = new Harness();
  h.send({ seq: 0, payload: octets(1, 2, 3, 4), captured: 2 });
  h.send({ seq: 4, payload: octets(5) });
  expect(h.events).toEqual(["data 2", "gap 2", "data 1"]);
  expect(h.octets).toEqual([1, 2, 5]);
});

test("the same ports with a new initial sequence number are a new stream", () => {
  const h = new Harness();
  h.send({ seq: 0, payload: octets(), flags: SYN });
  h.send({ seq: 1, payload: octets(1) });
  h.send({ seq: 0, payload: octets(), flags: SYN });
  h.send({ seq: 70000, payload: octets(), flags: SYN });
  h.send({ seq: 70001, payload: octets(2) });
  expect(h.events).toEqual(["data 1", "end reuse", "data 1"]);
  expect(h.flows.length).toBe(2);
});

test("a forged reset does not hide what follows", () => {
  const h = new Harness();
  h.send({ seq: 0, payload: octets(1) });
  h.send({ seq: 1, payload: octets(2, 2) });
  h.send({ seq: 3, payload: octets(), flags: RST });
  h.send({ seq: 3, payload: octets(3) });
  expect(h.octets.slice(-1)).toEqual([3]);
  expect(h.events).toContain("end rst");
});

test("a segment far outside is ignored, three in a row move the stream", () => {
  const h = new Harness();
  h.send({ seq: 0, payload: octets(1, 1) });
  h.send({ seq: 900_000_000, payload: octets(6) });
  h.send({ seq: 2, payload: octets(2) });
  for (let i = 0; i < 3; i++) h.send({ seq: 900_000_000 + i, payload: octets(7 + i) });
  expect(h.octets).toEqual([1, 1, 2, 9]);
  expect(h.events).toContain("gap -1");
});

test("streams are bounded, and what waits is handed on at the end", () => {
  const h = new Harness({ streams: 3 });
  for (let scope = 0; scope < 10; scope++) h.send({ seq: 0, payload: octets(1, 1), scope });
  expect(h.tcp.size).toBe(3);
  expect(h.tcp.counters.evicted).toBe(7);
  h.send({ seq: 5, payload: octets(4), scope: 9 });
  h.tcp.flush();
  expect(h.octets.at(-1)).toBe(4);
  expect(h.tcp.size).toBe(0);
});

test("a consumer that wants no more is not called again", () => {
  const h = new Harness();
  h.want = false;
  h.send({ seq: 0, payload: octets(1, 1) });
  h.send({ seq: 2, payload: octets(2) });
  expect(h.events).toEqual(["data 2"]);
});

test("random segments neither throw nor hold more than the budget", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 0xffffffff }), fc.nat(255), fc.nat(8), fc.nat(8)), { maxLength: 200 }),
      (all) => {
        const h = new Harness({ heldOctetsTotal: 32, streams: 2 });
        for (const [seq, flags, length, captured] of all) {
          h.send({
            seq: seq % 5 === 0 ? seq : seq % 64,
            payload: new Uint8Array(length),
            flags,
            captured: Math.min(captured, length),
            scope: seq % 3,
          });
        }
        expect(h.tcp.heldOctets).toBeLessThanOrEqual(40);
        h.tcp.flush();
        expect(h.tcp.heldOctets).toBe(0);
      },
    ),
  );
});

test("the window keeps octets and frames over any cut of the stream", () => {
  const source = Uint8Array.from({ length: 500 }, (_, i) => i & 0xff);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 90 })), fc.integer({ min: 1, max: 120 }), (cuts, message) => {
      const window = new StreamWindow();
      let at = 0;
      let frame = 0;
      let taken = 0;
      for (const cut of cuts) {
        if (at === source.length) break;
        const end = Math.min(at + cut, source.length);
        const block = source.slice(at, end);
        window.append(block, 0, block.length, { capture: 0, point: 0, frame: ++frame, frames: undefined, time: { sec: 0, nsec: 0 } });
        at = end;
        while (window.length >= message) {
          expect([...window.bytes.subarray(window.start, window.start + message)]).toEqual([...source.subarray(taken, taken + message)]);
          const { frames, last } = window.framesOf(message);
          expect(last.frame).toBe(frame);
          expect(frames.at(-1)).toBe(frame);
          window.take(message);
          taken += message;
        }
        window.settle();
        block.fill(0xee);
      }
      expect(window.length).toBe(at - taken);
    }),
  );
});

test("an end from aside is not believed while the stream goes on, and is when nothing does", () => {
  const h = new Harness();
  h.send({ seq: 1, payload: octets(1, 2), elsewhere: true });
  h.send({ seq: 3, payload: octets(), flags: RST, elsewhere: true });
  h.send({ seq: 3, payload: octets(3), elsewhere: true });
  expect(h.events).toEqual(["data 2", "data 1"]);
  expect(h.tcp.counters.reopened).toBe(1);
  h.send({ seq: 4, payload: octets(), flags: RST, sec: 10, elsewhere: true });
  h.send({ seq: 1, payload: octets(9), sec: 13, scope: 1, elsewhere: true });
  h.send({ seq: 2, payload: octets(9), sec: 13, scope: 1, elsewhere: true });
  expect(h.events).toContain("end rst");
});

test("ends that wait are bounded: past the limit the oldest is believed at once", () => {
  const h = new Harness({ closings: 4 });
  for (let scope = 0; scope < 10; scope++) {
    h.send({ seq: 1, payload: octets(1, 2), scope, elsewhere: true });
    h.send({ seq: 3, payload: octets(), flags: RST, scope, elsewhere: true });
  }
  expect(h.events.filter((event) => event === "end rst").length).toBe(6);
});
