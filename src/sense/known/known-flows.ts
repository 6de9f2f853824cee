/**
 * The short way of a user plane's commonest packet: a straight G-PDU (`decode/packet/gpdu.ts`) of a flow and a tunnel that the general way has met before.
 * It tells the point's tables what the general way would tell them, but by place, and without a view.
 *
 * Packets are looked at in groups: first all rows of a group, then all that these lead to, then one packet after the other in their order. What each step
 * waits for is loaded for the whole group at once.
 *
 * It is for flows that no conversation follows, of which signalling wants nothing and whose inner addresses are nobody's but users'. Everything else goes
 * the general way, as does a packet of a known flow that may say more: a ClientHello, a packet after a long silence.
 */
import {
  GPDU_END,
  GPDU_INNER,
  GPDU_OUTER,
  GPDU_OUTER_DST,
  GPDU_OUTER_PORT,
  GPDU_OUTER_SRC,
  GPDU_PAYLOAD,
  GPDU_PORTS,
  GPDU_PROTOCOL,
  GPDU_TEID,
  GPDU_VLAN,
  GPDU_WORDS,
  straightGpdu,
} from "#decode/packet/gpdu.ts";
import { LinkType, type FrameBatch } from "#model/frame.ts";
import type { ChannelWatch } from "#sense/channels/watch.ts";
import { FlowKind, type FlowTable } from "#sense/flows.ts";
import { Asks, type ServiceWatch } from "#sense/services.ts";
import type { Tunnels } from "#sense/tunnels.ts";
import { KnownRows, ROW_COPY_FLOW, ROW_LEG, ROW_STATE, ROW_USE, USED } from "./known-rows.ts";

/** Frames of a group. */
export const GROUP = 32;
/** Words of a frame: what `straightGpdu` writes, hash, row. */
const STRIDE = 16;
const HASH = GPDU_WORDS;
const STRAIGHT = GPDU_WORDS + 1;
const ROW = GPDU_WORDS + 2;
const ETHERNET = LinkType.ETHERNET;
const IP_AND_UDP = 28;
const UDP = 17;
const PORT_GTPU = 2152;

/** Whoever watches all frames, and can take one of a known flow by what it answered when the flow was new. */
export interface KnownFlowWatcher {
  /** Leg of the frame last seen and number of its flow; -1 where a further one has to be seen as the first was. */
  readonly lastLeg: number;
  readonly lastFlow: number;
  /** Loads what is known of the flow into the cache; what it answers means nothing. */
  near(flow: number): number;
  /** Whether `again` may be called for them. */
  knows(leg: number, flow: number): boolean;
  /** The frame's packet of a user, whole, at `at` … `end` - 1. */
  again(leg: number, flow: number, bytes: Uint8Array, at: number, end: number, frame: number, micros: number): void;
}

export interface KnownFlowParts {
  readonly flows: FlowTable;
  readonly tunnels: Tunnels;
  readonly channels: ChannelWatch;
  readonly copies: KnownFlowWatcher;
  /** Whether packets of this protocol between these ports, inside a tunnel, may say something to signalling. */
  readonly mayBeSignalling: (protocol: number, srcPort: number, dstPort: number) => boolean;
  /** Whether an address of the two (offsets of IPv4 addresses) is an element's. */
  readonly concernsElement: (bytes: Uint8Array, src: number, dst: number) => boolean;
}

export class KnownFlows {
  /** Frames that went the short way. */
  taken = 0;
  services: ServiceWatch | null = null;
  protected loaded = 0;
  private readonly parts: KnownFlowParts;
  private readonly rows: KnownRows;
  private readonly group = new Int32Array(GROUP * STRIDE);

  constructor(parts: KnownFlowParts, seed: number) {
    this.parts = parts;
    this.rows = new KnownRows(seed);
  }

  /** Looks at frames `from` … `to` - 1 (`GROUP` at most) of a batch, of which `packet` is then asked one after the other. Counts nothing. */
  look(batch: FrameBatch, from: number, to: number, linkTypes: Int32Array): void {
    const { group, rows } = this;
    const { bytes, offset, captured, original, point } = batch;
    for (let i = from, at = 0; i < to; i++, at += STRIDE) {
      const octets = captured[i] as number;
      const straight =
        linkTypes[point[i] as number] === ETHERNET &&
        octets >= (original[i] as number) &&
        straightGpdu(bytes, offset[i] as number, octets, group, at);
      group[at + STRAIGHT] = straight ? 1 : 0;
      group[at + HASH] = straight ? rows.hash(group, at, point[i] as number) : 0;
    }
    this.fetch(batch, from, to);
  }

  /** Loads the rows of the group, then what they lead to: each in a tight loop, so that the cache misses of all overlap. */
  private fetch(batch: FrameBatch, from: number, to: number): void {
    const { group, rows } = this;
    const { tunnels, copies } = this.parts;
    const { point } = batch;
    const end = (to - from) * STRIDE;
    let all = 0;
    for (let at = 0; at < end; at += STRIDE) all ^= rows.near(group[at + HASH] as number);
    for (let at = 0, i = from; at < end; at += STRIDE, i++)
      group[at + ROW] = group[at + STRAIGHT] === 0 ? -1 : rows.find(group[at + HASH] as number, group, at, point[i] as number);
    const { words } = rows;
    for (let at = 0; at < end; at += STRIDE) {
      const row = group[at + ROW] as number;
      if (row >= 0) all ^= tunnels.near(words[row + ROW_USE] as number);
    }
    for (let at = 0; at < end; at += STRIDE) {
      const row = group[at + ROW] as number;
      if (row >= 0) all ^= copies.near(words[row + ROW_COPY_FLOW] as number);
    }
    // Kept, or the compiler would leave the loads out.
    this.loaded = all;
  }

  /** Takes frame `index` of the group that begins at `from`, unless it has to go the general way: then false, and nothing was counted. */
  packet(batch: FrameBatch, from: number, index: number, frame: number, micros: number): boolean {
    const { group, rows, services } = this;
    const at = (index - from) * STRIDE;
    if (group[at + STRAIGHT] === 0) return false;
    const point = batch.point[index] as number;
    const row = rows.find(group[at + HASH] as number, group, at, point);
    if (row < 0) return false;
    const { words } = rows;
    const { flows, tunnels, channels, copies } = this.parts;
    const { bytes } = batch;
    const use = words[row + ROW_USE] as number;
    const leg = words[row + ROW_LEG] as number;
    const user = words[row + ROW_COPY_FLOW] as number;
    if (
      !tunnels.knows(
        use,
        group[at + GPDU_OUTER_SRC] as number,
        group[at + GPDU_OUTER_DST] as number,
        group[at + GPDU_TEID] as number,
        point,
      )
    )
      return false;
    if (!copies.knows(leg, user)) return false;
    const inner = group[at + GPDU_INNER] as number;
    const end = group[at + GPDU_END] as number;
    if (services !== null) {
      const ports = group[at + GPDU_PORTS] as number;
      const payload = group[at + GPDU_PAYLOAD] as number;
      if (services.asks(bytes, group[at + GPDU_PROTOCOL] as number, ports >>> 16, ports & 0xffff, payload, end) !== Asks.NOTHING)
        return false;
    }
    if (channels.needsFrames(point)) return false;
    const outer = group[at + GPDU_OUTER] as number;
    const rest = (point << 20) | ((group[at + GPDU_VLAN] as number) << 8) | UDP;
    if (!flows.knows(bytes, outer, group[at + GPDU_OUTER_PORT] as number, PORT_GTPU, rest, micros, FlowKind.USER_PLANE)) return false;
    flows.again(end - outer, end - outer - IP_AND_UDP, micros);
    channels.filled(point);
    tunnels.again(use, bytes, inner, end - inner, frame, micros);
    copies.again(leg, user, bytes, inner, end, frame, micros);
    this.taken++;
    return true;
  }

  /** Frame `index` has just gone the general way: its flow is kept where the next packets need not. */
  learn(batch: FrameBatch, from: number, index: number): void {
    const { group, rows } = this;
    const at = (index - from) * STRIDE;
    if (group[at + STRAIGHT] === 0) return;
    const { flows, tunnels, copies, mayBeSignalling, concernsElement } = this.parts;
    if (flows.kind !== FlowKind.USER_PLANE || flows.slot < 0 || tunnels.slot < 0) return;
    if (copies.lastLeg < 0) return;
    const ports = group[at + GPDU_PORTS] as number;
    if (mayBeSignalling(group[at + GPDU_PROTOCOL] as number, ports >>> 16, ports & 0xffff)) return;
    const inner = group[at + GPDU_INNER] as number;
    if (concernsElement(batch.bytes, inner + 12, inner + 16)) return;
    const row = rows.add(group[at + HASH] as number, group, at, batch.point[index] as number);
    const { words } = rows;
    words[row + ROW_STATE] = USED;
    words[row + ROW_USE] = tunnels.slot;
    words[row + ROW_LEG] = copies.lastLeg;
    words[row + ROW_COPY_FLOW] = copies.lastFlow;
  }
}
