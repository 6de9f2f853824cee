import { ControlStack, type ControlStackOptions } from "#decode/stack.ts";
import { decodeFrame, decodeReassembled } from "#decode/packet/decode.ts";
import { FragmentReassembler } from "#decode/packet/fragments.ts";
import { PacketView } from "#decode/packet/view.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { FrameBatch } from "#model/frame.ts";
import type { Fact } from "#model/fact.ts";
import type { Advice } from "#sense/advice.ts";
import { ChannelWatch } from "#sense/channels/watch.ts";
import { ControlFacts } from "#sense/control-facts.ts";
import { carriesGpdu, FlowKind, FlowTable, type FlowClassifier } from "#sense/flows.ts";
import { FrameBudget } from "#sense/frame-list.ts";
import { GROUP, KnownFlows, type KnownFlowWatcher } from "#sense/known/known-flows.ts";
import { InnerElements } from "#sense/inner-elements.ts";
import type { ServiceWatch } from "#sense/services.ts";
import { Tunnels } from "#sense/tunnels.ts";
import type { PointTable } from "./points.ts";

/** Sees every decoded frame with its sighting; the copy search is one. */
export interface FrameWatcher {
  /** Says that the subscriber's IPv4 packet at `at`, 24 octets of it at least, will come some frames later: time to fetch what belongs to it. */
  approach?(bytes: Uint8Array, at: number): void;
  frame(view: PacketView, seen: FrameSighting): void;
  /** Takes packets of known flows without a view; absent where every frame has to be seen. */
  readonly known?: KnownFlowWatcher;
}

/** Where the frame at hand was seen. One object, rewritten for each frame: who keeps anything copies it. */
export class FrameSighting {
  capture = 0;
  point = 0;
  frame = 0;
  frames: readonly number[] | undefined = undefined;
  readonly time = { sec: 0, nsec: 0 };
}

/**
 * The packet path of a run: decode, flows, tunnels, control messages, for one frame after the other. Nothing is allocated for a packet of known flows.
 */
export class Pipeline implements FlowClassifier {
  readonly tunnels: Tunnels;
  readonly channels: ChannelWatch;
  readonly frameBudget = new FrameBudget();
  readonly stack: ControlStack;
  readonly view: PacketView = new PacketView();
  readonly flows4: FlowTable;
  readonly flows6: FlowTable;
  /** Frames with a malformed header, by capture. */
  readonly malformed: number[] = [];
  frames = 0;
  /** Sees subscribers' own packets; null where nobody keeps what it tells. */
  private services: ServiceWatch | null = null;
  /** IP fragments whose datagram never became whole. */
  readonly fragments: FragmentReassembler;

  private readonly joinedView = new PacketView();
  private readonly advice: Advice;
  private readonly declaration: DeclarationLookup | null;
  private readonly points: PointTable;
  private readonly seen = new FrameSighting();
  private readonly watcher: FrameWatcher | null;
  private readonly protectedLinks: boolean;
  private readonly inner: InnerElements | null;
  /** Null where somebody has to see every frame, and where nobody searches for copies: two tables alone are asked faster by key. */
  private readonly known: KnownFlows | null;

  constructor(
    declaration: DeclarationLookup | null,
    points: PointTable,
    seed: number,
    tell: (fact: Fact) => void,
    advice: Advice,
    watcher: ((pipeline: Pipeline) => FrameWatcher | null) | null,
    control: ControlStackOptions = {},
  ) {
    this.declaration = declaration;
    this.points = points;
    this.protectedLinks = declaration !== null && declaration.declaration.protected.length > 0;
    const frames = this.frameBudget;
    this.advice = advice;
    this.tunnels = new Tunnels(advice.tunnelEnds, frames, seed, tell);
    this.channels = new ChannelWatch(frames, tell);
    this.stack = new ControlStack(new ControlFacts(this.channels, tell), control);
    this.flows4 = new FlowTable(4, this, frames, seed, tell);
    this.flows6 = new FlowTable(6, this, frames, seed, tell);
    this.fragments = new FragmentReassembler();
    this.inner = declaration === null ? null : new InnerElements(declaration, this.isSubscriber);
    this.watcher = watcher === null ? null : watcher(this);
    const takes = this.watcher?.known;
    this.known = takes === undefined ? null : this.knownFlows(takes, seed);
  }

  /** `services` sees subscribers' own packets from now on. */
  watchServices(services: ServiceWatch): void {
    this.services = services;
    if (this.known !== null) this.known.services = services;
  }

  /** Frames of known flows, which no table was asked for by key. */
  get shortened(): number {
    return this.known === null ? 0 : this.known.taken;
  }

  /** Frames `from` … `to` - 1 of a batch of capture `capture`. `linkTypes`: by point. */
  batch(batch: FrameBatch, from: number, to: number, capture: number, linkTypes: Int32Array): void {
    const { view, seen, known } = this;
    seen.capture = capture;
    let group = from;
    for (let i = from; i < to; i++) {
      if (known === null && ((i - from) & (AHEAD - 1)) === 0) this.approach(batch, i + AHEAD, Math.min(i + 2 * AHEAD, to), linkTypes);
      if (known !== null) {
        if (i === from || i === group + GROUP) known.look(batch, (group = i), Math.min(i + GROUP, to), linkTypes);
        seen.time.sec = batch.sec[i] as number;
        seen.time.nsec = batch.nsec[i] as number;
        if (known.packet(batch, group, i, batch.firstFrame + i, seen.time.sec * 1e6 + seen.time.nsec / 1e3)) {
          this.frames++;
          continue;
        }
      }
      const point = batch.point[i] as number;
      const captured = batch.captured[i] as number;
      decodeFrame(view, batch.bytes, batch.offset[i] as number, captured, batch.original[i] as number, linkTypes[point] as number);
      this.frames++;
      if (view.malformed()) this.malformed[capture] = (this.malformed[capture] ?? 0) + 1;
      seen.point = point;
      seen.frame = batch.firstFrame + i;
      seen.frames = undefined;
      seen.time.sec = batch.sec[i] as number;
      seen.time.nsec = batch.nsec[i] as number;
      if (view.fragmentLevel >= 0) this.fragment(view);
      else {
        this.packet(view, true);
        if (known !== null) known.learn(batch, group, i);
      }
    }
  }

  /** Lets the tables fetch what frames `from` … `to` - 1 will ask for, all at once: only then do the cache misses overlap. */
  private approach(batch: FrameBatch, from: number, to: number, linkTypes: Int32Array): void {
    const { tunnels, watcher } = this;
    const { bytes, offset, captured, point } = batch;
    for (let i = from; i < to; i++) {
      if (linkTypes[point[i] as number] !== ETHERNET) continue;
      const inner = tunnels.approach(bytes, offset[i] as number, captured[i] as number, point[i] as number);
      if (inner >= 0 && watcher?.approach !== undefined) watcher.approach(bytes, inner);
    }
    tunnels.fetch();
  }

  private knownFlows(copies: KnownFlowWatcher, seed: number): KnownFlows {
    const { flows4: flows, tunnels, channels, inner, stack } = this;
    return new KnownFlows(
      {
        flows,
        tunnels,
        channels,
        copies,
        mayBeSignalling: (protocol, srcPort, dstPort) => stack.mayWantInside(protocol, srcPort, dstPort),
        concernsElement: (bytes, src, dst) => inner !== null && inner.concerns(bytes, src, dst),
      },
      seed,
    );
  }

  /** Time of the frame at hand, microseconds; of the last one, between frames. */
  get atMicros(): number {
    return this.seen.time.sec * 1e6 + this.seen.time.nsec / 1e3;
  }

  /** Capture of the frame at hand. */
  get atCapture(): number {
    return this.seen.capture;
  }

  /** Tells what goes on and has changed since it was last told. */
  stock(): void {
    this.flows4.stock();
    this.flows6.stock();
    this.tunnels.stock();
    this.channels.stock();
  }

  /** The end of the input: what is still open is told. */
  finish(): void {
    this.fragments.expire(Infinity);
    this.stack.flush();
    this.flows4.finish();
    this.flows6.finish();
    this.tunnels.finish();
    this.channels.finish();
  }

  /** Addresses that passed from one subscriber to another, as far as the process knows; it grows. */
  get passed(): readonly string[] {
    return this.advice.subscribers.passed;
  }

  /** True for an address (4 or 16 octets) of a subscriber: declared, or given by signalling. A declared function in the pool is a function. */
  readonly isSubscriber = (bytes: Uint8Array, at: number, length: number): boolean => {
    const { declaration } = this;
    if (declaration !== null) {
      if (declaration.isSubscriberBytes(bytes, at, length)) return declaration.functionAtBytes(bytes, at, length) === undefined;
    }
    const { subscribers } = this.advice;
    if (length === 4) return subscribers.isUserIpv4(word32(bytes, at) >>> 0);
    // An element may have its address in a prefix that a user holds (a router's own end of it): declared is declared.
    return (
      subscribers.isUserIpv6(word32(bytes, at), word32(bytes, at + 4)) && declaration?.functionAtBytes(bytes, at, length) === undefined
    );
  };

  kindOf(view: PacketView): number {
    const size = view.ipVersion[0] === 4 ? 4 : 16;
    const src = view.ipSrc[0] as number;
    const dst = view.ipDst[0] as number;
    const { bytes } = view;
    const { declaration } = this;
    if (carriesGpdu(view)) {
      if (declaration === null) return FlowKind.USER_PLANE;
      const known =
        declaration.functionAtBytes(bytes, src, size) !== undefined && declaration.functionAtBytes(bytes, dst, size) !== undefined;
      return known && !this.protectedLinks ? FlowKind.USER_PLANE : FlowKind.NETWORK;
    }
    if (!this.isSubscriber(bytes, src, size) && !this.isSubscriber(bytes, dst, size)) return FlowKind.NETWORK;
    if (declaration !== null) {
      // A subscriber who talks to an element is the network's business.
      if (declaration.functionAtBytes(bytes, src, size) !== undefined || declaration.functionAtBytes(bytes, dst, size) !== undefined)
        return FlowKind.NETWORK;
      if (!this.points.carriesUserTraffic(this.seen.point)) return FlowKind.NETWORK;
    }
    return FlowKind.SUBSCRIBER;
  }

  private packet(view: PacketView, whole: boolean): void {
    const { seen } = this;
    if (view.ipCount > 0) {
      const micros = seen.time.sec * 1e6 + seen.time.nsec / 1e3;
      let kind: number = FlowKind.NETWORK;
      if (whole) {
        const flows = view.ipVersion[0] === 4 ? this.flows4 : this.flows6;
        flows.observe(view, seen.capture, seen.point, seen.frame, micros);
        kind = flows.kind;
        if (kind !== FlowKind.SUBSCRIBER)
          this.channels.packet(view, seen.capture, seen.point, seen.frame, micros, flows.side, flows.conversation());
      }
      const { services } = this;
      for (let level = 0; level < view.ipCount; level++) {
        if (view.gtpType[level] !== G_PDU) continue;
        this.tunnels.gpdu(view, level, seen.capture, seen.point, seen.frame, micros);
        if (level + 1 === view.ipCount) continue;
        if (services !== null) services.packet(view, level + 1, micros);
        if (whole && this.inner?.find(view, level + 1) === true) {
          const inside = this.inner.view;
          const flows = inside.ipVersion[0] === 4 ? this.flows4 : this.flows6;
          flows.observe(inside, seen.capture, seen.point, seen.frame, micros);
        }
      }
      if (services !== null && kind === FlowKind.SUBSCRIBER) services.packet(view, 0, micros);
      // What subscribers say to the world is not the network's signalling.
      if (kind !== FlowKind.SUBSCRIBER && this.stack.wants(view)) this.stack.packet(view, seen);
    }
    if (this.watcher !== null) this.watcher.frame(view, seen);
  }

  /** A fragment is counted when its datagram is whole; a fragment inside a tunnel also as the packet that it travels in. */
  private fragment(view: PacketView): void {
    const { seen } = this;
    const level = view.fragmentLevel;
    if (level > 0) this.packet(view, true);
    else if (this.watcher !== null) this.watcher.frame(view, seen);
    const joined = this.fragments.add(view, seen.time.sec, seen.point, [seen.frame]);
    if (joined === null) return;
    decodeReassembled(this.joinedView, joined.bytes, joined.length, joined.linkType, level);
    seen.frames = joined.frames;
    // A stream's flow must not learn from octets that nobody took; datagrams are judged by the stack.
    if (level === 0 && !(joined.wrong && this.joinedView.ipProtocol[0] === TCP)) this.packet(this.joinedView, true);
    else if (this.stack.wants(this.joinedView)) this.stack.packet(this.joinedView, seen);
    // What else the receiver may have taken is read, and counted nowhere a second time.
    for (let other = this.fragments.next(); other !== null; other = this.fragments.next()) {
      seen.frames = other.frames;
      decodeReassembled(this.joinedView, other.bytes, other.length, other.linkType, level);
      if (this.stack.wants(this.joinedView)) this.stack.packet(this.joinedView, seen);
    }
    seen.frames = undefined;
  }
}

const G_PDU = 255;
const TCP = 6;
const ETHERNET = 1;
/** Frames announced at a time (a power of two): the tables fetch their buckets at once, and the entries with the next group. */
const AHEAD = 8;

function word32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
