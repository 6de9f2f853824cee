import { describe, expect, it } from "vitest";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { LinkType } from "#model/frame.ts";
import type { MessageOrigin } from "#model/message.ts";
import type { UseFact } from "#model/fact.ts";
import type { TunnelObservation } from "#model/observation.ts";
import { NO_ADVICE } from "./advice.ts";
import { FrameBudget } from "./frame-list.ts";
import { joinUse } from "#join/uses.ts";
import { MAX_END_ADDRESSES, TunnelEnds, type EndNaming } from "#join/tunnel-ends.ts";
import { Tunnels } from "./tunnels.ts";

const ENODEB = "10.1.0.1";
const SGW = "10.2.0.1";
const START = 1_767_225_600;

/** Ethernet / IPv4 / UDP / GTP-U G-PDU to the SGW / IPv4 / UDP of 4 octets. */
function gpdu(teid: number, user: number, server: number): Uint8Array {
  const inner = [
    0x45,
    0,
    0,
    32,
    0,
    0,
    0,
    0,
    64,
    17,
    0,
    0,
    10,
    45,
    0,
    user,
    8,
    8,
    8,
    server,
    0x30,
    0x39,
    0x30,
    0x39,
    0,
    12,
    0,
    0,
    1,
    2,
    3,
    4,
  ];
  const gtp = [0x30, 0xff, 0, inner.length, teid >>> 24, (teid >>> 16) & 255, (teid >>> 8) & 255, teid & 255, ...inner];
  const udp = [8, 0x68, 8, 0x68, 0, gtp.length + 8, 0, 0, ...gtp];
  const ip = [0x45, 0, 0, udp.length + 20, 0, 0, 0, 0, 64, 17, 0, 0, 10, 1, 0, 1, 10, 2, 0, 1, ...udp];
  return Uint8Array.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, ...ip]);
}

class Bench {
  readonly ends = new TunnelEnds(1);
  readonly told: TunnelObservation[] = [];
  readonly facts: UseFact[] = [];
  readonly tunnels: Tunnels;
  frame = 0;
  private readonly view = new PacketView();

  constructor(mostUses?: number) {
    const told = (use: UseFact): void => {
      this.facts.push(use);
      this.told.push(joinUse(this.ends, use));
    };
    this.tunnels = new Tunnels(this.ends, new FrameBudget(), 7, told, mostUses);
  }

  packets(count: number, seconds: number, teid = 5, server: (i: number) => number = () => 8): void {
    for (let i = 0; i < count; i++) {
      const bytes = gpdu(teid, 9, server(i));
      decodeFrame(this.view, bytes, 0, bytes.length, bytes.length, LinkType.ETHERNET);
      this.tunnels.gpdu(this.view, 0, 0, 0, ++this.frame, (START + seconds) * 1e6 + i);
    }
  }

  name(teid: number, seconds: number): ReturnType<TunnelEnds["setUp"]> {
    const naming: EndNaming = { interface: "S1-U", side: "core", by: "gtpv2", owner: "gtp 1" };
    return this.ends.setUp({ address: SGW, teid }, naming, at(seconds), undefined);
  }

  finish(): TunnelObservation {
    this.tunnels.finish();
    expect(this.told).toHaveLength(1);
    return this.told[0]!;
  }
}

function at(seconds: number): MessageOrigin {
  return {
    capture: 0,
    point: 0,
    frame: 1,
    frames: [1],
    time: { sec: START + seconds, nsec: 0 },
    src: SGW,
    dst: ENODEB,
    srcPort: 2123,
    dstPort: 2123,
    transport: "udp",
    inTunnel: false,
    incomplete: false,
  };
}

describe("use of tunnels whose end nobody named", () => {
  it("keeps the first frames and counts the others", () => {
    const bench = new Bench();
    bench.packets(500, 0);
    const use = bench.finish();
    expect(use).toMatchObject({ packets: 500, signalled: undefined, innerAddresses: ["10.45.0.9", "8.8.8.8"] });
    expect(use.frames).toMatchObject({ total: 500 });
    expect(use.frames.frames).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
  });

  it("keeps as many as a capture may list where the set-up of an association was seen", () => {
    const bench = new Bench();
    bench.ends.setupSeen(ENODEB, START * 1e6);
    bench.packets(1500, 1);
    const { frames } = bench.finish();
    expect([frames.frames.length, frames.total]).toEqual([1000, 1500]);
  });

  it("goes on keeping frames where the set-up is seen later", () => {
    const bench = new Bench();
    bench.packets(200, 0);
    bench.ends.setupSeen(ENODEB, (START + 1) * 1e6);
    bench.packets(100, 3);
    expect(bench.finish().frames.frames).toEqual([
      ...Array.from({ length: 16 }, (_, i) => i + 1),
      ...Array.from({ length: 100 }, (_, i) => 201 + i),
    ]);
  });

  it("keeps eight addresses, each once", () => {
    const bench = new Bench();
    bench.packets(60, 0, 5, (i) => i >> 1);
    const { innerAddresses } = bench.finish();
    expect(innerAddresses).toEqual(["10.45.0.9", ...Array.from({ length: 7 }, (_, i) => `8.8.8.${i}`)]);
  });

  it("finds an end that is named long after the first packets, and what comes after its release", () => {
    const bench = new Bench();
    bench.packets(200, 0);
    const end = bench.name(5, 2);
    bench.packets(50, 4);
    bench.ends.release(end, (START + 5) * 1e6);
    bench.packets(30, 6);
    bench.packets(40, 20);
    const use = bench.finish();
    expect(use.signalled).toMatchObject({ interface: "S1-U", releasedMicros: (START + 5) * 1e6 });
    expect(use.afterRelease).toMatchObject({ packets: 40, firstMicros: (START + 20) * 1e6, frames: { total: 40 } });
    expect(use.frames.total).toBe(0);
  });

  it("finds it also where something else was named in between", () => {
    const bench = new Bench();
    bench.packets(100, 0);
    bench.name(6, 1);
    bench.packets(100, 2);
    const end = bench.name(5, 3);
    bench.packets(100, 5);
    bench.ends.release(end, (START + 6) * 1e6);
    bench.packets(7, 30);
    expect(bench.finish().afterRelease).toMatchObject({ packets: 7 });
  });

  it("says that signalling is incomplete once an end could not be kept: its absence means nothing then", () => {
    const bench = new Bench();
    bench.ends.setupSeen(ENODEB, START * 1e6);
    const naming: EndNaming = { interface: "S1-U", side: "access", by: "s1ap", owner: "s1 x" };
    for (let i = 0; i <= MAX_END_ADDRESSES; i++)
      bench.ends.setUp({ address: `10.${100 + (i >>> 16)}.${(i >>> 8) & 255}.${i & 255}`, teid: 1 }, naming, at(0), undefined);
    bench.packets(20, 1);
    expect(bench.ends.forgotten).toBe(1);
    expect(bench.finish()).toMatchObject({ missingSince: { end: -Infinity, source: -Infinity }, signalledSince: { end: undefined } });
  });

  it("goes on asking after one packet from the far future", () => {
    const bench = new Bench();
    bench.packets(100, 0);
    bench.packets(1, 1e8);
    const end = bench.name(5, 2);
    bench.packets(50, 4);
    bench.ends.release(end, (START + 5) * 1e6);
    bench.packets(40, 20);
    expect(bench.finish().afterRelease).toMatchObject({ packets: 40 });
  });
});

it("keeps the first frames of every use where nobody advises it", () => {
  const told: UseFact[] = [];
  const tunnels = new Tunnels(NO_ADVICE.tunnelEnds, new FrameBudget(), 7, (use) => told.push(use));
  const view = new PacketView();
  const bytes = gpdu(5, 9, 8);
  for (let frame = 1; frame <= 100; frame++) {
    decodeFrame(view, bytes, 0, bytes.length, bytes.length, LinkType.ETHERNET);
    tunnels.gpdu(view, 0, 0, 0, frame, START * 1e6 + frame);
  }
  tunnels.finish();
  expect(told).toMatchObject([{ packets: 100, innerAddresses: ["10.45.0.9", "8.8.8.8"], late: undefined }]);
  expect(told[0]?.frames.frames).toEqual(Array.from({ length: 16 }, (_, i) => i + 1));
});

describe("stock", () => {
  const words = (bench: Bench): readonly (readonly [id: number, packets: number, ended: boolean])[] =>
    bench.facts.splice(0).map(({ id, packets, ended }) => [id, packets, ended] as const);

  it("tells a use of an end that nobody named from its second stock on, in full, where it has changed; its last word at the end", () => {
    const bench = new Bench();
    bench.packets(3, 1);
    bench.tunnels.stock();
    expect(words(bench)).toEqual([]);
    bench.tunnels.stock();
    expect(words(bench)).toEqual([[1, 3, false]]);
    bench.tunnels.stock();
    expect(words(bench)).toEqual([]);
    bench.packets(2, 2);
    bench.tunnels.stock();
    bench.tunnels.finish();
    expect(words(bench)).toEqual([
      [1, 5, false],
      [1, 5, true],
    ]);
  });

  it("lists the frames in each word", () => {
    const bench = new Bench();
    bench.packets(3, 1);
    bench.tunnels.stock();
    bench.tunnels.stock();
    bench.packets(2, 2);
    bench.tunnels.finish();
    expect(bench.facts.map(({ frames }) => frames.frames.length)).toEqual([3, 5]);
  });
});

describe("a flood of tunnels of one packet", () => {
  it("takes the place of its own, not of a busy tunnel's, and is counted", () => {
    const bench = new Bench(512);
    for (let i = 0; i < 10_000; i++) {
      bench.packets(1, 0, 1_000 + i);
      if (i % 40 === 0) bench.packets(1, 0, 5);
    }
    expect(bench.facts.filter((use) => use.end.teid === 5)).toEqual([]);
    expect(bench.tunnels.evicted).toBe(10_001 - 512);
    bench.tunnels.finish();
    expect(bench.facts.filter((use) => use.end.teid === 5)).toMatchObject([{ packets: 250 }]);
  });
});
