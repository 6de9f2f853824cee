import { describe, expect, it } from "vitest";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { LinkType } from "#model/frame.ts";
import type { FlowFact } from "#model/fact.ts";
import { FLOW_LIMITS, FlowKind, FlowTable, type FlowLimits } from "./flows.ts";
import { FrameBudget } from "./frame-list.ts";

/** Ethernet / IPv4 / UDP of four octets from 10.n to 10.0.0.1, ports 5000 and 7000. */
function datagram(n: number): Uint8Array {
  const udp = [0x13, 0x88, 0x1b, 0x58, 0, 12, 0, 0, 1, 2, 3, 4];
  const ip = [0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, n >>> 16, (n >>> 8) & 255, n & 255, 10, 0, 0, 1, ...udp];
  return Uint8Array.from([2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0, ...ip]);
}

class Bench {
  readonly told: FlowFact[] = [];
  readonly table: FlowTable;
  private readonly view = new PacketView();
  private frame = 0;
  private micros = 1e15;

  constructor(kind: number, limits: Partial<FlowLimits>) {
    const all = { ...FLOW_LIMITS, ...limits };
    this.table = new FlowTable(4, { kindOf: () => kind }, new FrameBudget(), 7, (flow) => this.told.push(flow), all);
  }

  packet(from: number, after = 1): void {
    const bytes = datagram(from);
    decodeFrame(this.view, bytes, 0, bytes.length, bytes.length, LinkType.ETHERNET);
    this.table.observe(this.view, 0, 0, ++this.frame, (this.micros += after));
  }

  /** Flows that `from` sent, as they were told. */
  of(from: number): FlowFact[] {
    const address = `10.${from >>> 16}.${(from >>> 8) & 255}.${from & 255}`;
    return this.told.filter((flow) => flow.initiator.address === address || flow.responder.address === address);
  }
}

const BUSY = 0x00_00_02;
const FLOOD = 0x01_00_00;

describe("a flood of flows of one packet", () => {
  for (const [what, limits] of [
    ["the table of flows", { flows: 512 }],
    ["conversations", { flows: 4096, conversations: 512 }],
  ] as const) {
    it(`takes the place of its own in ${what}, not of a busy flow's`, () => {
      const bench = new Bench(FlowKind.NETWORK, limits);
      for (let i = 0; i < 10_000; i++) {
        bench.packet(FLOOD + i);
        if (i % 40 === 0) bench.packet(BUSY);
      }
      expect(bench.of(BUSY)).toEqual([]);
      expect(bench.table.evicted).toBeGreaterThan(9_000);
      bench.table.finish();
      expect(bench.of(BUSY)).toHaveLength(1);
      expect(bench.of(BUSY)[0]!.initiator.packets + bench.of(BUSY)[0]!.responder.packets).toBe(250);
      expect(bench.told).toHaveLength(10_001);
    });
  }

  it("forgets a flow that fell silent before the flood, and counts it", () => {
    const bench = new Bench(FlowKind.NETWORK, { flows: 512 });
    bench.packet(BUSY);
    for (let i = 0; i < 1_000; i++) bench.packet(FLOOD + i);
    expect(bench.of(BUSY)).toHaveLength(1);
    expect(bench.table.evicted).toBe(1_001 - 512);
  });

  it("does not shut later conversations out: the last of them is looked at like the first", () => {
    const bench = new Bench(FlowKind.NETWORK, { flows: 4096, conversations: 512 });
    for (let i = 0; i < 2_000; i++) bench.packet(FLOOD + i);
    bench.packet(BUSY);
    expect(bench.table.conversation()).toBeDefined();
  });
});

describe("a stamp from the far future", () => {
  it("does not stop silent flows from being told", () => {
    const bench = new Bench(FlowKind.NETWORK, {});
    bench.packet(FLOOD, 1e12);
    bench.packet(BUSY, -1e12);
    for (let i = 0; i < 5; i++) bench.packet(FLOOD + 1, FLOW_LIMITS.idleMicros);
    expect(bench.of(BUSY)).toHaveLength(1);
  });
});
