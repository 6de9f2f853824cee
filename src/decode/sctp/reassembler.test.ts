import fc from "fast-check";
import { expect, test } from "vitest";
import type { Fault } from "#model/fault.ts";
import { SctpReassembler, type UserMessage } from "./reassembler.ts";

interface DataChunk {
  tsn: number;
  flags: number;
  stream?: number;
  sequence?: number;
  ppid?: number;
  data: readonly number[];
  /** I-DATA: message identifier and fragment sequence number. */
  mid?: number;
  fsn?: number;
}

function chunk(c: DataChunk): number[] {
  const idata = c.mid !== undefined;
  const length = (idata ? 20 : 16) + c.data.length;
  const u16 = (n: number): number[] => [(n >> 8) & 255, n & 255];
  const u32 = (n: number): number[] => [(n >>> 24) & 255, (n >> 16) & 255, (n >> 8) & 255, n & 255];
  const head = [idata ? 64 : 0, c.flags, ...u16(length), ...u32(c.tsn), ...u16(c.stream ?? 0)];
  const rest = idata
    ? [0, 0, ...u32(c.mid as number), ...u32((c.flags & 2) !== 0 ? (c.ppid ?? 18) : (c.fsn ?? 0))]
    : [...u16(c.sequence ?? 0), ...u32(c.ppid ?? 18)];
  const out = [...head, ...rest, ...c.data];
  while (out.length % 4 !== 0) out.push(0);
  return out;
}

const SACK = [3, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

class Harness {
  messages: { data: number[]; frames: number[]; ppid: number; stream: number; cut: boolean }[] = [];
  faults: Fault[] = [];
  events: string[] = [];
  missing: number[] = [];
  frame = 0;
  sctp: SctpReassembler;
  constructor(limits = {}) {
    this.sctp = new SctpReassembler(
      {
        message: (m: UserMessage) =>
          void this.messages.push({
            data: [...m.bytes.subarray(m.start, m.end)],
            frames: [...m.frames],
            ppid: m.ppid,
            stream: m.stream,
            cut: m.cut,
          }),
        fault: (fault) => void this.faults.push(fault),
        association: (event) => void this.events.push(event),
        missing: (change) => void this.missing.push(change),
      },
      limits,
    );
  }
  send(chunks: number[], { tag = 0xabcdef01, path = 1, captured = -1, sec = 0 } = {}): void {
    const bytes = new Uint8Array([
      0x8e,
      0x3c,
      0x8e,
      0x3c,
      (tag >>> 24) & 255,
      (tag >> 16) & 255,
      (tag >> 8) & 255,
      tag & 255,
      0,
      0,
      0,
      0,
      ...chunks,
    ]);
    this.sctp.packet({
      bytes,
      start: 0,
      end: captured < 0 ? bytes.length : captured,
      wireEnd: bytes.length,
      scope: 0,
      addresses: new Uint32Array([0, 0, 0xffff, path, 0, 0, 0xffff, 100 + path]),
      seen: { capture: 0, point: 0, frame: ++this.frame, frames: undefined, time: { sec, nsec: 0 } },
    });
  }
  get data(): number[][] {
    return this.messages.map((m) => m.data);
  }
}

test("bundled chunks, of several streams, behind a SACK", () => {
  const h = new Harness();
  h.send([...SACK, ...chunk({ tsn: 1, flags: 3, data: [1, 2, 3] }), ...chunk({ tsn: 2, flags: 7, stream: 5, ppid: 46, data: [4] })]);
  expect(h.messages).toEqual([
    { data: [1, 2, 3], frames: [1], ppid: 18, stream: 0, cut: false },
    { data: [4], frames: [1], ppid: 46, stream: 5, cut: false },
  ]);
});

test("fragments over several packets, over the wrap of the TSN, list all their frames", () => {
  const h = new Harness();
  h.send(chunk({ tsn: 0xfffffffe, flags: 2, data: [1, 1] }));
  h.send(chunk({ tsn: 0, flags: 1, data: [3] }));
  h.send(chunk({ tsn: 0xffffffff, flags: 0, data: [2, 2, 2] }));
  expect(h.messages).toEqual([{ data: [1, 1, 2, 2, 2, 3], frames: [1, 2, 3], ppid: 18, stream: 0, cut: false }]);
});

test("fragments in any order make the message, once", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...Array(30).keys()], { minLength: 30 }), fc.boolean(), (order, interleaved) => {
      const h = new Harness();
      for (const i of [...order, ...order]) {
        const flags = (i === 0 ? 2 : 0) | (i === 29 ? 1 : 0);
        h.send(chunk({ tsn: 4294967280 + i, flags, data: [i], ...(interleaved ? { mid: 9, fsn: i } : {}) }));
      }
      expect(h.data).toEqual([[...Array(30).keys()]]);
      expect(h.sctp.counters.retransmitted).toBe(30);
    }),
  );
});

test("chunks that were not seen are told, and taken back when they come late; retransmissions and restarts are none", () => {
  const h = new Harness();
  for (const tsn of [0xfffffffe, 0, 3, 3, 1, 2, 4]) h.send(chunk({ tsn, flags: 3, data: [tsn & 255] }));
  expect(h.missing).toEqual([1, 2, -1, -1]);
  h.send(chunk({ tsn: 0xffffffff, flags: 3, data: [9] }));
  expect(h.missing).toEqual([1, 2, -1, -1, -1]);
  h.send(chunk({ tsn: 900_000, flags: 3, data: [1] }));
  expect(h.missing).toHaveLength(5);
});

test("interleaved messages of two streams (RFC 8260)", () => {
  const h = new Harness();
  h.send(chunk({ tsn: 1, flags: 2, stream: 1, mid: 0, data: [1], ppid: 27 }));
  h.send(chunk({ tsn: 2, flags: 2, stream: 2, mid: 0, data: [7] }));
  h.send(chunk({ tsn: 3, flags: 1, stream: 1, mid: 0, fsn: 1, data: [2] }));
  h.send(chunk({ tsn: 4, flags: 1, stream: 2, mid: 0, fsn: 1, data: [8] }));
  expect(h.data).toEqual([
    [1, 2],
    [7, 8],
  ]);
  expect(h.messages[0]?.ppid).toBe(27);
});

test("a retransmission counts once, on another path too; other octets under the same TSN are a message of their own", () => {
  const h = new Harness();
  h.send(chunk({ tsn: 77, flags: 3, data: [1] }));
  h.send(chunk({ tsn: 77, flags: 3, data: [1] }));
  h.send(chunk({ tsn: 77, flags: 3, data: [1] }), { path: 2 });
  h.send(chunk({ tsn: 77, flags: 3, data: [2] }));
  h.send(chunk({ tsn: 78, flags: 3, data: [1] }));
  expect(h.data).toEqual([[1], [2], [1]]);
});

test("an association that restarts with new tags begins anew", () => {
  const h = new Harness();
  h.send([1, 0, 0, 20, 0, 0, 0, 9, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 77], { tag: 0 });
  h.send(chunk({ tsn: 77, flags: 3, data: [1] }), { tag: 0x11111111 });
  h.send(chunk({ tsn: 77, flags: 3, data: [1] }), { tag: 0x22222222 });
  h.send([6, 0, 0, 4], { tag: 0x22222222 });
  expect(h.data).toEqual([[1], [1]]);
  expect(h.events).toEqual(["init", "abort"]);
});

test("a fragment that never comes is a fault, and the next message is read", () => {
  const h = new Harness({ fragmentSeconds: 5 });
  h.send(chunk({ tsn: 1, flags: 2, data: [1] }));
  h.send(chunk({ tsn: 3, flags: 1, data: [3] }), { sec: 1 });
  h.send(chunk({ tsn: 4, flags: 3, data: [4] }), { sec: 2 });
  expect(h.data).toEqual([[4]]);
  h.sctp.flush();
  expect(h.faults.map((f) => `${f.code} ${f.field}`)).toEqual(["incomplete ending fragment", "incomplete beginning fragment"]);
  expect(h.sctp.counters.incomplete).toBe(2);
});

test("fragments are bounded in number, octets and time", () => {
  for (const limits of [{ fragments: 5 }, { fragmentOctets: 20 }, { fragmentOctetsTotal: 20 }, { fragmentSeconds: 5 }]) {
    const h = new Harness(limits);
    for (let i = 0; i < 100; i++) h.send(chunk({ tsn: i * 3, flags: 2, data: [1, 2, 3, 4] }), { sec: i });
    expect(h.sctp.counters.incomplete).toBeGreaterThan(90);
  }
});

test("directions are bounded", () => {
  const h = new Harness({ directions: 4 });
  for (let i = 0; i < 20; i++) h.send(chunk({ tsn: 1, flags: 2, data: [i] }), { tag: 0x10000000 + i });
  expect(h.sctp.size).toBe(4);
  expect(h.sctp.counters.incomplete).toBe(16);
});

test("lengths that lie are faults of this packet only", () => {
  const h = new Harness();
  h.send([0, 3, 0, 3, 0, 0, 0, 0]);
  h.send([0, 3, 0xff, 0xff, 0, 0, 0, 0]);
  h.send([0, 3, 0, 8, 0, 0, 0, 1]);
  h.send([0, 3]);
  h.send(chunk({ tsn: 1, flags: 3, data: [1, 2, 3, 4, 5, 6] }), { captured: 30 });
  h.send(chunk({ tsn: 2, flags: 3, data: [5] }));
  expect(h.faults.map((f) => f.code)).toEqual(["length", "length", "length"]);
  expect(h.messages).toMatchObject([
    { data: [1, 2], cut: true },
    { data: [5], cut: false },
  ]);
});

test("every cut and any octets: no exception", () => {
  const whole = [...SACK, ...chunk({ tsn: 1, flags: 2, data: [1, 2, 3] }), ...chunk({ tsn: 2, flags: 1, data: [4, 5, 6, 7] })];
  for (let cut = 0; cut <= whole.length + 12; cut++) {
    const h = new Harness();
    h.send(whole, { captured: cut });
    if (cut < whole.length + 12) expect(h.messages.every((m) => m.cut)).toBe(true);
  }
  fc.assert(fc.property(fc.array(fc.nat(255), { maxLength: 120 }), (octets) => new Harness().send(octets)));
});
