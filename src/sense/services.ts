/**
 * Server names that subscribers' own devices ask for: TLS ClientHello, DNS query, QUIC ClientHello, inside G-PDUs and in plain.
 *
 * A packet that is none of these costs a few comparisons and nothing else. Nothing of the traffic is kept but the registrable part of the name.
 */
import { scaled } from "#model/room.ts";
import { addressText } from "#bytes/address.ts";
import { i32 } from "#bytes/read.ts";
import { RowTable } from "#bytes/row-table.ts";
import type { PacketView } from "#decode/packet/view.ts";
import { isQuicInitial, LEAST_DATAGRAM, QuicHello } from "#decode/quic/initial.ts";
import { queriedHost } from "#decode/recognise/names.ts";
import { clientHelloName, tlsServerName } from "#decode/recognise/tls.ts";
import type { ServiceObservation } from "#model/observation.ts";
import type { QuicPrimitives } from "#model/quic-primitives.ts";
import { registrableName } from "./server-name.ts";
import { Port } from "#model/ports.ts";

export const SERVICE_WATCH_LIMITS = {
  /** Flows whose name is known, so that another point's sight of them is not counted again; the oldest are forgotten, and then count twice. */
  flows: 131_072,
  /** ClientHellos over several segments or datagrams that are under way; the oldest is given up. */
  unfinished: 128,
  /** Octets of a ClientHello over TCP that are put together; what lies beyond is not read. */
  helloOctets: 8192,
  /** QUIC datagrams of one flow that are tried. */
  quicTries: 8,
  /** QUIC datagrams tried in a second of capture time: each costs some twenty microseconds. Further ones are not opened, their names not seen. */
  quicPerSecond: 2000,
} as const;

const TCP = 6;
const UDP = 17;
const G_PDU = 255;
const TLS_HANDSHAKE = 0x16;
const CLIENT_HELLO = 1;
const RECORD_HEADER = 5;
/** A word in a flow's row: how often it was tried, or that its name is known. */
const DONE = -1;

/** How a packet may name a server. */
export const Asks = {
  NOTHING: 0,
  HELLO: 1,
  /** It may go on where a ClientHello was cut. */
  MORE: 2,
  QUERY: 3,
  INITIAL: 4,
} as const;

export type ServiceSource = ServiceObservation["source"];

/** A subscriber of `ServiceSurroundings`, by key. */
export interface ServiceOwner {
  readonly key: number;
  readonly ueAddresses: readonly string[];
}

/** Counts flows that name a server. `sender`: the subscriber's key, or the address of one whom nobody has named. */
export interface ServiceCounter {
  add(name: string, source: ServiceSource, sender: number | string, micros: number): void;
}

/** Whose traffic it is, and the tables that know. */
export interface ServiceSurroundings {
  /** The subscriber (by key) with a tunnel whose end is there, and the side of the end; undefined where nobody named it. */
  endAt(address: string, teid: number): { readonly owner: ServiceOwner | undefined; readonly access: boolean } | undefined;
  /** Key of the subscriber who held the address then. */
  holderAt(address: string, micros: number): number | undefined;
  isSubscriber(bytes: Uint8Array, at: number, length: number): boolean;
}

interface UnfinishedTls {
  readonly port: number;
  readonly sender: number | string;
  readonly bytes: Uint8Array;
  length: number;
  next: number;
}
interface UnfinishedQuic {
  readonly hello: QuicHello;
  readonly sender: number | string;
}

export class ServiceWatch {
  private readonly table: ServiceCounter;
  private readonly around: ServiceSurroundings;
  private readonly quic: QuicPrimitives;
  /** Flows by a hash of their five-tuple and what is asked. */
  private readonly flows: RowTable;
  private readonly seed: number;
  private readonly tls = new Map<number, UnfinishedTls>();
  /** Unfinished ClientHellos by source port: what tells nearly every other segment that none waits for it. */
  private readonly waiting = new Uint8Array(65_536);
  private readonly mostFlows = scaled(SERVICE_WATCH_LIMITS.flows);
  private readonly hellos = new Map<number, UnfinishedQuic>();
  private second = 0;
  private tries = 0;

  constructor(around: ServiceSurroundings, table: ServiceCounter, quic: QuicPrimitives, seed: number) {
    this.around = around;
    this.quic = quic;
    this.seed = seed;
    this.table = table;
    this.flows = new RowTable(3, 2, this.mostFlows, seed);
  }

  /** Takes the subscriber's packet that IP level `level` of the view is. */
  packet(view: PacketView, level: number, micros: number): void {
    if ((view.l4[level] as number) < 0) return;
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    const protocol = view.ipProtocol[level] as number;
    switch (this.asks(view.bytes, protocol, view.srcPort[level] as number, view.dstPort[level] as number, start, end)) {
      case Asks.HELLO:
        this.hello(view, level, micros);
        break;
      case Asks.MORE:
        this.segment(view, level, micros);
        break;
      case Asks.QUERY:
        this.query(view, level, micros);
        break;
      case Asks.INITIAL:
        this.initial(view, level, micros);
        break;
      default:
    }
  }

  /** What `packet` would do with a packet of this protocol and these ports, whose payload is `start` … `end`: a few comparisons. An `Asks`. */
  asks(bytes: Uint8Array, protocol: number, srcPort: number, dstPort: number, start: number, end: number): number {
    if (end - start < RECORD_HEADER + 4) return Asks.NOTHING;
    if (protocol === TCP) {
      if (bytes[start] === TLS_HANDSHAKE && bytes[start + RECORD_HEADER] === CLIENT_HELLO) return Asks.HELLO;
      return this.tls.size > 0 && this.waiting[srcPort & 0xffff] !== 0 ? Asks.MORE : Asks.NOTHING;
    }
    if (protocol !== UDP) return Asks.NOTHING;
    if (dstPort === Port.DNS) return Asks.QUERY;
    return end - start >= LEAST_DATAGRAM && isQuicInitial(bytes, start, end) ? Asks.INITIAL : Asks.NOTHING;
  }

  // --- what names a server

  private query(view: PacketView, level: number, micros: number): void {
    const name = queriedHost(view.bytes, view.payloadStart[level] as number, view.payloadEnd[level] as number);
    const kept = name === undefined ? undefined : registrableName(name);
    if (kept === undefined) return;
    let more: number = Port.DNS;
    for (let i = 0; i < kept.length; i++) more = Math.imul(more ^ kept.charCodeAt(i), 0x01000193);
    const slot = this.flow(view, level, more);
    const sender = this.isDone(slot) ? undefined : this.sender(view, level, micros);
    if (sender !== undefined) this.count(slot, kept, "dns", sender, micros);
  }

  private hello(view: PacketView, level: number, micros: number): void {
    const slot = this.flow(view, level, TCP);
    if (this.isDone(slot) || this.tls.has(slot)) return;
    const { bytes } = view;
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    const name = tlsServerName(bytes, start, end);
    if (name === undefined && !beginsHello(bytes, start, end)) return;
    const sender = this.sender(view, level, micros);
    if (sender === undefined) return;
    if (name !== undefined) {
      this.named(slot, name, "tls", sender, micros);
      return;
    }
    const length = end - start;
    if (length >= recordLength(bytes, start) || length !== view.payloadLength[level] || length >= SERVICE_WATCH_LIMITS.helloOctets) return;
    const kept = new Uint8Array(Math.min(recordLength(bytes, start), SERVICE_WATCH_LIMITS.helloOctets));
    kept.set(bytes.subarray(start, end));
    const port = view.srcPort[level] as number;
    for (const [oldest] of this.tls) if (this.tls.size >= SERVICE_WATCH_LIMITS.unfinished) this.giveUp(oldest);
    this.tls.set(slot, { port, sender, bytes: kept, length, next: (sequence(view, level) + length) | 0 });
    this.waiting[port] = (this.waiting[port] as number) + 1;
  }

  /** A segment that may go on where a ClientHello was cut. */
  private segment(view: PacketView, level: number, micros: number): void {
    const slot = this.flow(view, level, TCP);
    const known = this.tls.get(slot);
    if (known === undefined || sequence(view, level) !== known.next) return;
    const start = view.payloadStart[level] as number;
    const length = (view.payloadEnd[level] as number) - start;
    const room = Math.min(length, known.bytes.length - known.length);
    known.bytes.set(view.bytes.subarray(start, start + room), known.length);
    known.length += room;
    known.next = (known.next + length) | 0;
    const name = tlsServerName(known.bytes, 0, known.length);
    if (name !== undefined) this.named(slot, name, "tls", known.sender, micros);
    if (name !== undefined || known.length === known.bytes.length || length !== view.payloadLength[level]) this.giveUp(slot);
  }

  private initial(view: PacketView, level: number, micros: number): void {
    const slot = this.flow(view, level, UDP);
    if (this.isDone(slot)) return;
    const word = slot * this.flows.stride + this.flows.payload;
    const tried = this.flows.rows[word] as number;
    if (tried >= SERVICE_WATCH_LIMITS.quicTries || !this.mayTry(micros)) return;
    this.flows.rows[word] = tried + 1;
    const { bytes } = view;
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    const known = this.hellos.get(slot);
    const hello = known?.hello ?? QuicHello.at(this.quic, bytes, start, end);
    if (hello === undefined || !hello.datagram(bytes, start, end)) return;
    const sender = known?.sender ?? this.sender(view, level, micros);
    if (sender === undefined) return;
    const name = hello.bytes[0] === CLIENT_HELLO ? clientHelloName(hello.bytes, 4, hello.prefix) : undefined;
    if (name !== undefined) this.named(slot, name, "quic", sender, micros);
    if (name !== undefined || hello.complete) this.hellos.delete(slot);
    else if (known === undefined) {
      for (const [oldest] of this.hellos) if (this.hellos.size >= SERVICE_WATCH_LIMITS.unfinished) this.hellos.delete(oldest);
      this.hellos.set(slot, { hello, sender });
    }
  }

  private mayTry(micros: number): boolean {
    const second = Math.floor(micros / 1e6);
    if (second !== this.second) {
      this.second = second;
      this.tries = 0;
    }
    return this.tries++ < SERVICE_WATCH_LIMITS.quicPerSecond;
  }

  private named(slot: number, name: string, source: ServiceSource, sender: number | string, micros: number): void {
    const kept = registrableName(name);
    if (kept !== undefined) this.count(slot, kept, source, sender, micros);
  }

  private count(slot: number, kept: string, source: ServiceSource, sender: number | string, micros: number): void {
    this.flows.rows[slot * this.flows.stride + this.flows.payload] = DONE;
    this.table.add(kept, source, sender, micros);
  }

  private giveUp(slot: number): void {
    const known = this.tls.get(slot);
    if (known === undefined) return;
    this.waiting[known.port] = (this.waiting[known.port] as number) - 1;
    this.tls.delete(slot);
  }

  // --- whose it is

  /** Who sent the packet: a subscriber, or an address that nobody has named yet; undefined where it was sent to a subscriber. */
  private sender(view: PacketView, level: number, micros: number): number | string | undefined {
    const { bytes } = view;
    const version = view.ipVersion[level] as number;
    const size = version === 4 ? 4 : 16;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    const from = addressText(bytes, src, version);
    if (level > 0 && view.gtpType[level - 1] === G_PDU) {
      const to = addressText(bytes, view.ipDst[level - 1] as number, view.ipVersion[level - 1] as number);
      const end = this.around.endAt(to, view.tunnelId[level - 1] as number);
      const owner = end?.owner;
      if (owner?.ueAddresses.includes(from) === true) return owner.key;
      // Into the access: to the subscriber, whoever asks it.
      if (end?.access === true || owner?.ueAddresses.includes(addressText(bytes, dst, version)) === true) return undefined;
      if (owner !== undefined && !this.around.isSubscriber(bytes, dst, size)) return owner.key;
    }
    const holder = this.around.holderAt(from, micros);
    if (holder !== undefined) return holder;
    if (!this.around.isSubscriber(bytes, src, size) && this.around.isSubscriber(bytes, dst, size)) return undefined;
    // A device has one /64, and many addresses in it (RFC 8981, 3GPP TS 23.401 §5.3.1.2.2).
    return version === 4 ? from : prefixText(bytes, src);
  }

  /** Slot of the packet's five-tuple and of `more`, which says what about it is counted once. */
  private flow(view: PacketView, level: number, more: number): number {
    const { flows, seed } = this;
    const { bytes } = view;
    const size = view.ipVersion[level] === 4 ? 4 : 16;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    let a = ((view.srcPort[level] as number) << 16) | (view.dstPort[level] as number);
    let b = a ^ seed;
    for (let i = 0; i < size; i += 4) {
      a = mixed(mixed(a, i32(bytes, src + i), 0x85ebca6b), i32(bytes, dst + i), 0xc2b2ae35);
      b = mixed(mixed(b, i32(bytes, dst + i), 0x9e3779b1), i32(bytes, src + i), 0x27d4eb2f);
    }
    flows.key[0] = a;
    flows.key[1] = b;
    flows.key[2] = more;
    const known = flows.find();
    if (known >= 0) return known;
    const [k0 = 0, k1 = 0, k2 = 0] = flows.key;
    if (flows.size >= this.mostFlows) {
      const oldest = flows.oldest();
      this.giveUp(oldest);
      this.hellos.delete(oldest);
      flows.remove(oldest);
    }
    flows.key[0] = k0;
    flows.key[1] = k1;
    flows.key[2] = k2;
    return flows.add();
  }

  private isDone(slot: number): boolean {
    return this.flows.rows[slot * this.flows.stride + this.flows.payload] === DONE;
  }
}

function mixed(h: number, word: number, factor: number): number {
  const x = Math.imul(h ^ word, factor);
  return Math.imul(x ^ (x >>> 15), 0x2c1b3c6d) ^ (x >>> 13);
}

/** record 5 | ClientHello 1 | length 3 | legacy_version 2: enough to believe that one begins here. */
function beginsHello(bytes: Uint8Array, at: number, end: number): boolean {
  return at + RECORD_HEADER + 6 <= end && bytes[at + 1] === 3 && bytes[at + RECORD_HEADER + 1] === 0 && bytes[at + RECORD_HEADER + 4] === 3;
}

/** Octets of the record with its header. */
function recordLength(bytes: Uint8Array, at: number): number {
  return RECORD_HEADER + (((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number));
}

function sequence(view: PacketView, level: number): number {
  return i32(view.bytes, (view.l4[level] as number) + 4);
}

function prefixText(bytes: Uint8Array, at: number): string {
  const prefix = new Uint8Array(16);
  prefix.set(bytes.subarray(at, at + 8));
  return addressText(prefix, 0, 6);
}
