import { scaled } from "#model/room.ts";
import { RowTable } from "#bytes/row-table.ts";
import { addressText, macText } from "#bytes/address.ts";
import { i32 } from "#bytes/read.ts";
import {
  AT_IP_DST,
  AT_IP_LENGTH,
  AT_IP_PROTOCOL,
  AT_IP_SRC,
  AT_IP_VERSION,
  AT_L4,
  AT_DST_PORT,
  AT_PAYLOAD_LENGTH,
  AT_SRC_PORT,
} from "#decode/packet/layout.ts";
import { Layer, type PacketView } from "#decode/packet/view.ts";
import type { FlowFact } from "#model/fact.ts";
import type { FlowSide } from "#model/observation.ts";
import { Conversation } from "./conversation.ts";
import { FrameBudget } from "./frame-list.ts";

/**
 * Flows per point: one record for both directions of an outer five-tuple (with VLAN, as addresses are reused per VLAN).
 *
 * Every packet is counted in typed arrays. Only conversations of the network's own addresses get a `Conversation` beside
 * it, which keeps frames and looks at content until it knows what is spoken; users' plain traffic and G-PDUs between known ends do not.
 */
export const FLOW_LIMITS = {
  /** Flows at one time; past it the least recently used one is told and forgotten. */
  flows: 262_144,
  /** Conversations looked at at one time; past it one that said little lately is told and forgotten, and counted. */
  conversations: 100_000,
  /** Microseconds of silence after which a flow has ended. Long: beacons are slow, and state is bounded anyway. */
  idleMicros: 3_600e6,
} as const;

export type FlowLimits = { readonly [K in keyof typeof FLOW_LIMITS]: number };

export const FlowKind = {
  /** Traffic of the network's own addresses. */
  NETWORK: 0,
  /** A subscriber's plain traffic (SGi, or the inside of a decapsulated link). */
  SUBSCRIBER: 1,
  /** G-PDUs between two ends that may exchange them. */
  USER_PLANE: 2,
} as const;

/** Tells the flow table what it cannot know itself; called once a flow. */
export interface FlowClassifier {
  kindOf(view: PacketView): number;
}

// A flow's row behind its key: ten doubles, two by two for the two directions (the lower end's first), then its kind.
const PACKETS_AB = 0;
const BYTES_AB = 2;
const PAYLOAD_PACKETS_AB = 4;
const PAYLOAD_BYTES_AB = 6;
const FIRST = 8;
const LAST = 9;
const KIND = 20;
const FLOW_WORDS = 22;
/** Slots looked at for the conversation that is worth least, where there is one among them. */
const MAX_STEPS = 4_096;

export class FlowTable {
  flowsSeen = 0;
  /** Flows told and forgotten before they ended, because too many were open or too many of them were looked at. */
  evicted = 0;
  readonly frames: FrameBudget;
  /** Slot and kind of the flow that the last `observe` counted; side of its sender (0: the lower address and port). */
  slot = -1;
  kind = 0;
  side = 0;

  private readonly limits: FlowLimits;
  private readonly mostConversations: number;
  private readonly table: RowTable;
  private readonly classifier: FlowClassifier;
  private readonly told: (flow: FlowFact) => void;
  /** Told apart from the flows of the other version's table. */
  private readonly idBit: number;
  private conversations: (Conversation | undefined)[] = [];
  private open = 0;
  /** Where the search for the conversation that is worth least goes on. */
  private hand = 0;
  private nextSweep = 0;

  /** `version`: 4 or 6, the IP version whose flows this table keeps. */
  constructor(
    version: 4 | 6,
    classifier: FlowClassifier,
    frames: FrameBudget,
    seed: number,
    told: (flow: FlowFact) => void,
    limits: FlowLimits = FLOW_LIMITS,
  ) {
    this.limits = limits;
    this.mostConversations = scaled(limits.conversations);
    this.table = new RowTable(version === 4 ? 4 : 10, FLOW_WORDS, scaled(limits.flows), seed);
    this.classifier = classifier;
    this.frames = frames;
    this.told = told;
    this.idBit = version === 4 ? 0 : 1;
  }

  /** Counts the packet in `view` (its outermost IP level). The view must have one of this table's version. */
  observe(view: PacketView, capture: number, point: number, frame: number, micros: number): void {
    let slot = this.find(view, point);
    const { side, table } = this;
    if (slot >= 0 && micros - (table.doubles[this.at(slot) + LAST] as number) > this.limits.idleMicros) {
      this.end(slot);
      slot = this.find(view, point);
    }
    if (slot < 0) slot = this.begin(view, capture, point, micros, side);
    const numbers = view.n;
    this.count(slot, side, numbers[AT_IP_LENGTH] as number, numbers[AT_L4] === -1 ? 0 : (numbers[AT_PAYLOAD_LENGTH] as number), micros);
    this.slot = slot;
    this.kind = table.rows[this.at(slot) * 2 + KIND] as number;
    if (this.kind === FlowKind.NETWORK) {
      const conversation = this.conversations[slot];
      if (conversation !== undefined) conversation.packet(view, side, frame, this.frames);
    }
    this.sweepAt(micros);
  }

  /**
   * Whether an IPv4 packet at `at` between these ports is a further one of a flow without a conversation, of `kind`; then `slot` and `side` are its.
   * Counts nothing.
   */
  knows(bytes: Uint8Array, at: number, srcPort: number, dstPort: number, rest: number, micros: number, kind: number): boolean {
    this.slot = this.find4(i32(bytes, at + 12), i32(bytes, at + 16), srcPort, dstPort, rest);
    if (this.slot < 0) return false;
    const { table } = this;
    const row = this.at(this.slot);
    this.kind = table.rows[row * 2 + KIND] as number;
    return this.kind === kind && micros - (table.doubles[row + LAST] as number) <= this.limits.idleMicros;
  }

  /** Counts the packet that was last asked for, as `observe` does. `octets` of IP, `payload` of them above the transport header. */
  again(octets: number, payload: number, micros: number): void {
    this.count(this.slot, this.side, octets, payload, micros);
    this.sweepAt(micros);
  }

  private sweepAt(micros: number): void {
    // Also where time leapt back: one wrong stamp in the far future must not stop the sweeping.
    if (micros > this.nextSweep || micros < this.nextSweep - 2e6) this.sweep(micros);
  }

  private count(slot: number, side: number, octets: number, payload: number, micros: number): void {
    const { table } = this;
    const at = this.at(slot);
    const n = table.doubles;
    n[at + PACKETS_AB + side] = (n[at + PACKETS_AB + side] as number) + 1;
    n[at + BYTES_AB + side] = (n[at + BYTES_AB + side] as number) + octets;
    if (payload > 0) {
      n[at + PAYLOAD_PACKETS_AB + side] = (n[at + PAYLOAD_PACKETS_AB + side] as number) + 1;
      n[at + PAYLOAD_BYTES_AB + side] = (n[at + PAYLOAD_BYTES_AB + side] as number) + payload;
    }
    // Recently-used order need not be exact: moving a flow once a second, or once while an eighth of the table is new, spares four cache misses a packet.
    table.use(slot);
    n[at + LAST] = micros;
  }

  /** Index of a slot's first double. */
  private at(slot: number): number {
    return (slot * this.table.stride + this.table.payload) >> 1;
  }

  /** The conversation of the last counted flow, where it has one. */
  conversation(): Conversation | undefined {
    return this.slot < 0 ? undefined : this.conversations[this.slot];
  }

  /** Tells all flows that are still open, oldest first; for the end of the run. */
  finish(): void {
    for (let slot = this.table.oldest(); slot >= 0; slot = this.table.oldest()) this.end(slot);
  }

  /**
   * Tells the conversations that go on and have changed since they were last told. One that began since the last stock waits for the next: what explains it
   * (an answer, a name, a message at another point) may be on its way.
   */
  stock(): void {
    const n = this.table.doubles;
    for (let slot = 0; slot < this.conversations.length; slot++) {
      const conversation = this.conversations[slot];
      if (conversation === undefined) continue;
      const at = this.at(slot);
      const packets = (n[at + PACKETS_AB] as number) + (n[at + PACKETS_AB + 1] as number);
      if (conversation.stocked >= 0 && packets !== conversation.stocked) this.tell(conversation, slot, false);
      conversation.stocked = conversation.stocked < 0 ? 0 : packets;
    }
  }

  /**
   * The slot of the view's flow, or -1; then its key is written. Sets `side`. The key of IPv4, four words: lower end's address, higher end's address,
   * ports, point << 20 | VLAN << 8 | protocol; of IPv6 the same with four words an address.
   */
  private find(view: PacketView, point: number): number {
    // Read from the one block of numbers: half the time of the arrays' windows.
    const { bytes, n } = view;
    const src = n[AT_IP_SRC] as number;
    const dst = n[AT_IP_DST] as number;
    const protocol = n[AT_IP_PROTOCOL] as number;
    let srcPort = (n[AT_SRC_PORT] as number) & 0xffff;
    let dstPort = (n[AT_DST_PORT] as number) & 0xffff;
    if (n[AT_L4] === -1 || protocol === 1 || protocol === 58) srcPort = dstPort = 0;
    const rest = (point << 20) | ((view.vlan0 & 0xfff) << 8) | protocol;
    if (n[AT_IP_VERSION] === 4) {
      return this.find4(i32(bytes, src), i32(bytes, dst), srcPort, dstPort, rest);
    }
    let order = 0;
    for (let i = 0; i < 16 && order === 0; i += 4) order = (i32(bytes, src + i) >>> 0) - (i32(bytes, dst + i) >>> 0);
    if (order === 0) order = srcPort - dstPort;
    this.side = order <= 0 ? 0 : 1;
    const low = this.side === 0 ? src : dst;
    const high = this.side === 0 ? dst : src;
    const { key } = this.table;
    for (let i = 0; i < 4; i++) {
      key[i] = i32(bytes, low + i * 4);
      key[i + 4] = i32(bytes, high + i * 4);
    }
    key[8] = this.side === 0 ? (srcPort << 16) | dstPort : (dstPort << 16) | srcPort;
    key[9] = rest;
    return this.table.find();
  }

  private find4(src: number, dst: number, srcPort: number, dstPort: number, rest: number): number {
    this.side = src === dst ? (srcPort <= dstPort ? 0 : 1) : src >>> 0 < dst >>> 0 ? 0 : 1;
    if (this.side === 0) return this.table.find4(src, dst, (srcPort << 16) | dstPort, rest);
    return this.table.find4(dst, src, (dstPort << 16) | srcPort, rest);
  }

  private begin(view: PacketView, capture: number, point: number, micros: number, side: number): number {
    const { table } = this;
    let slot = table.add();
    if (slot < 0) {
      this.evicted++;
      this.end(table.oldest());
      this.find(view, point);
      slot = table.add();
    }
    const at = this.at(slot);
    table.doubles[at + FIRST] = micros;
    table.doubles[at + LAST] = micros;
    const kind = this.classifier.kindOf(view);
    table.rows[at * 2 + KIND] = kind;
    this.flowsSeen++;
    if (kind === FlowKind.NETWORK) {
      if (this.open >= this.mostConversations) {
        this.evicted++;
        this.end(this.leastWorth());
      }
      this.open++;
      const conversation = this.describe(view, capture, point, side);
      conversation.id = this.flowsSeen * 2 + this.idBit;
      this.conversations[slot] = conversation;
    }
    return slot;
  }

  /** A conversation that said least since it was last passed here: a clock, each pass of whose hand takes something from all. There must be one. */
  private leastWorth(): number {
    const { conversations } = this;
    let best = -1;
    for (let steps = 0; ; steps++) {
      if (this.hand >= conversations.length) this.hand = 0;
      const slot = this.hand++;
      const conversation = conversations[slot];
      if (conversation === undefined) continue;
      if (best < 0 || conversation.worth < (conversations[best] as Conversation).worth) best = slot;
      if (conversation.worth <= 0 || steps > MAX_STEPS) return best;
      conversation.worth--;
    }
  }

  private describe(view: PacketView, capture: number, point: number, side: number): Conversation {
    const version = view.ipVersion[0] as number;
    const src = addressText(view.bytes, view.ipSrc[0] as number, version);
    const dst = addressText(view.bytes, view.ipDst[0] as number, version);
    const srcMac = view.mac < 0 ? undefined : macText(view.bytes, view.mac + 6);
    const dstMac = view.mac < 0 ? undefined : macText(view.bytes, view.mac);
    const protocol = view.ipProtocol[0] as number;
    const ported = view.l4[0] !== -1 && protocol !== 1 && protocol !== 58;
    const from = { address: src, port: ported ? (view.srcPort[0] as number) : 0, mac: srcMac };
    const to = { address: dst, port: ported ? (view.dstPort[0] as number) : 0, mac: dstMac };
    return new Conversation(capture, point, protocol, view.vlan0, side === 0 ? from : to, side === 0 ? to : from, side);
  }

  private end(slot: number): void {
    const conversation = this.conversations[slot];
    if (conversation !== undefined) {
      this.tell(conversation, slot, true);
      conversation.release(this.frames);
      this.conversations[slot] = undefined;
      this.open--;
    }
    this.table.remove(slot);
  }

  private tell(conversation: Conversation, slot: number, ended: boolean): void {
    const n = this.table.doubles;
    const at = this.at(slot);
    const sides = [0, 1].map((side): FlowSide => {
      const end = side === 0 ? conversation.low : conversation.high;
      return {
        address: end.address,
        port: end.port,
        mac: end.mac,
        packets: n[at + PACKETS_AB + side] as number,
        bytes: n[at + BYTES_AB + side] as number,
        payloadPackets: n[at + PAYLOAD_PACKETS_AB + side] as number,
        payloadBytes: n[at + PAYLOAD_BYTES_AB + side] as number,
      };
    });
    this.told(conversation.fact(sides[0] as FlowSide, sides[1] as FlowSide, n[at + FIRST] as number, n[at + LAST] as number, ended));
  }

  /** Ends what has been silent for too long; a bounded piece of work, once a second of capture time. */
  private sweep(micros: number): void {
    this.nextSweep = micros + 1e6;
    this.table.tick();
    for (let i = 0; i < 1000; i++) {
      const slot = this.table.oldest();
      if (slot < 0) return;
      // A flow as far in the future was stamped by a clock that is right no more.
      const silent = Math.abs(micros - (this.table.doubles[this.at(slot) + LAST] as number));
      if (silent <= this.limits.idleMicros + 1e6) return;
      this.end(slot);
    }
  }
}

/** True where the outermost IP level of the frame carries a G-PDU. */
export function carriesGpdu(view: PacketView): boolean {
  return view.tunnelKind[0] === Layer.GTPU && view.gtpType[0] === 255;
}
