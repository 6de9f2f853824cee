/**
 * The network's own traffic: whatever a flow that nothing explains carries is searched for subscribers' packets and content, in datagrams and in
 * reassembled streams.
 */
import type { PacketView } from "#decode/packet/view.ts";
import { TcpReassembler, type StreamConsumer, type TcpSegment } from "#decode/tcp/reassembler.ts";
import type { Sighting } from "#model/sighting.ts";
import { toMicros } from "#model/time.ts";
import type { WindowMatch } from "#sense/content/content-search.ts";
import { InnerPacket } from "#sense/prints/inner-packet.ts";
import { PayloadScan, type Inflate, type ScanSink } from "#sense/prints/scan.ts";
import { InnerSearch } from "#sense/prints/search.ts";
import { MessageReader } from "#sense/rhythm/messages.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import type { SearchState } from "./state.ts";
import type { Suspects } from "./suspects.ts";

const PROTO_TCP = 6;
const PROTO_UDP = 17;
const PROTO_SCTP = 132;
/** Octets a datagram has to have: an IP header. */
const LEAST = 20;

export class OwnTraffic {
  /** Candidates that were not looked up: one datagram or chunk had too many. */
  get dropped(): number {
    return this.scan.dropped;
  }

  private readonly state: SearchState;
  private readonly suspects: Suspects;
  private readonly scan: PayloadScan;
  private readonly tcp: TcpReassembler;
  private readonly packet = new InnerPacket();
  private readonly addresses = new Uint32Array(8);
  private readonly segment: {
    bytes: Uint8Array;
    start: number;
    end: number;
    wireEnd: number;
    scope: number;
    addresses: Uint32Array;
    seen: Sighting;
  };
  // Of the frame at hand, for the search's call-backs.
  private leg: Leg | undefined = undefined;
  /** The leg of the packet in hand: taking its segment may end other streams, whose octets are then told first. */
  private packetLeg: Leg | undefined = undefined;
  private frame = 0;
  private frames: readonly number[] | undefined = undefined;
  private micros = 0;
  private transform = "";
  private cut = false;

  constructor(state: SearchState, suspects: Suspects, inflate: Inflate | undefined) {
    this.state = state;
    this.suspects = suspects;
    const sink: ScanSink = {
      candidate: (packet, transform, frames) => this.candidate(packet, transform, frames),
      octets: (bytes, start, end, transform, frames) => this.octets(bytes, start, end, transform, frames),
    };
    this.scan = new PayloadScan(new InnerSearch(state.isSubscriber, { candidate: (p) => this.scan.found(p) }), sink, inflate);
    this.tcp = new TcpReassembler(
      (_flow, seen) => this.open(seen),
      { streams: limits.streams, heldOctetsTotal: 16 << 20, recentOctets: 0 },
      state.seed ^ 0x1b873593,
    );
    this.segment = {
      bytes: new Uint8Array(0),
      start: 0,
      end: 0,
      wireEnd: 0,
      scope: 0,
      addresses: this.addresses,
      seen: { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } },
    };
  }

  /** Takes one frame of which no level is a subscriber's. */
  take(view: PacketView, seen: Sighting, micros: number): void {
    const { legs, rhythm } = this.state;
    const inner = view.ipCount - 1;
    const protocol = view.ipProtocol[inner] as number;
    // An ICMP error quotes the packet that caused it; that is no copy where it goes back to the packet's source.
    if (view.quoteStart >= 0 && quotesDestination(view, inner)) return;
    const ported = protocol === PROTO_UDP || protocol === PROTO_TCP;
    const start = (ported ? view.payloadStart[inner] : view.ipPayload[inner]) as number;
    const end = (ported ? view.payloadEnd[inner] : view.ipEnd[inner]) as number;
    if (protocol === PROTO_SCTP || view.fragmentLevel >= 0 || (protocol !== PROTO_TCP && end - start < LEAST)) return;
    if (protocol === PROTO_TCP && (view.l4[inner] as number) < 0) return;
    const leg = legs.of(view, inner + 1, true, seen.point, seen.capture, micros);
    if (leg === undefined || leg.verdict !== "suspect") return;
    leg.lastMicros = micros;
    this.packetLeg = leg;
    this.at(leg, seen.frame, micros);
    this.cut = view.cut;
    if (end > start) {
      leg.carried++;
      leg.carriedOctets += end - start;
    }
    if (protocol === PROTO_TCP) {
      // The payload of one segment under translated addresses is found here; the stream finds packets, and content cut anew.
      this.translated(view, inner, leg, seen.frame, micros);
      this.tcp.segment(this.segmentOf(view, inner, seen, end));
      return;
    }
    const stated = (view.ipLength[inner] as number) - (start - (view.ipStart[inner] as number));
    if (stated > 0) rhythm.carrier(leg.description.index, micros, stated, seen.frame);
    if (protocol === PROTO_UDP) this.translated(view, inner, leg, seen.frame, micros);
    this.scan.datagram(view.bytes, start, end);
  }

  /** Ends all streams. */
  finish(): void {
    this.tcp.flush();
  }

  /** Octets of a suspect are octets of a subscriber; for the content search. */
  windowMatched({ suspect, original, octets, print, high }: WindowMatch): void {
    const { ledger, flows, legs } = this.state;
    const evidence = ledger.of(suspect.leg);
    const packet = original.leg * 2 ** 32 + original.frame;
    const fresh = evidence.window(original.flow, octets, print, high, packet, flows);
    if (fresh < 0) return;
    evidence.count(
      evidence.pairOf(original.flow),
      flows.subscriberOf(original.flow),
      fresh,
      fresh * original.length,
      suspect.frame,
      suspect.micros,
      this.frames,
    );
    if (fresh === 0) return;
    evidence.transforms.add(this.transform === "" ? "content cut anew" : `${this.transform} > content cut anew`);
    evidence.original(original.leg, suspect.micros - original.micros, Number.NaN);
    if (evidence.samples.length < limits.samplePairs) {
      const at = (leg: number): number => (legs.all[leg] as Leg).description.capture;
      evidence.samples.push({
        copy: { capture: at(suspect.leg), frame: suspect.frame },
        original: { capture: at(original.leg), frame: original.frame },
      });
    }
  }

  private at(leg: Leg, frame: number, micros: number): void {
    this.leg = leg;
    this.frame = frame;
    this.micros = micros;
  }

  /** The packet itself may be a subscriber's under other addresses: its payload print tells. */
  private translated(view: PacketView, level: number, leg: Leg, frame: number, micros: number): void {
    const p = this.packet;
    p.fromView(view, level);
    if (p.payloadLength < 12) return;
    this.suspects.packet(p, leg, frame, undefined, micros, view.cut, "", true);
  }

  private candidate(p: InnerPacket, transform: string, frames: readonly number[] | undefined): void {
    const { leg } = this;
    if (leg === undefined) return;
    this.suspects.packet(p, leg, this.frame, several(frames), this.micros, this.cut, transform);
  }

  /** Octets of a suspect's stream or datagram, as they are or decoded. */
  private octets(bytes: Uint8Array, start: number, end: number, transform: string, frames: readonly number[] | undefined): void {
    const { leg } = this;
    const { ledger, content } = this.state;
    // A frame that the capture cut may support a proof, never carry it (method.md §5.10).
    if (leg === undefined || this.cut) return;
    const { index } = leg.description;
    if (ledger.packets(index) >= limits.contentEnough) return;
    this.frames = several(frames);
    this.transform = transform;
    leg.windows += content.suspect(bytes, start, end, index, this.frame, this.micros);
    this.frames = undefined;
    this.transform = "";
  }

  private segmentOf(view: PacketView, level: number, seen: Sighting, end: number): TcpSegment {
    const s = this.segment;
    s.bytes = view.bytes;
    s.start = view.l4[level] as number;
    s.end = end > s.start ? Math.max(end, view.payloadEnd[level] as number) : s.start;
    s.wireEnd = (view.payloadStart[level] as number) + (view.payloadLength[level] as number);
    s.scope = (seen.point << 3) | level;
    this.fillAddresses(view, level);
    s.seen = seen;
    return s as TcpSegment;
  }

  private open(seen: Sighting): StreamConsumer | null {
    const leg = this.packetLeg;
    if (leg === undefined) return null;
    let frame = seen.frame;
    let micros = toMicros(seen.time);
    // What waits is told when another packet, of another carrier, ends the waiting: it is this stream's all the same.
    const own = (): void => this.at(leg, frame, micros);
    const stream = this.scan.stream();
    const messages = new MessageReader();
    const { index } = leg.description;
    const message = (at: number, size: number, of: number, reading: number): void =>
      this.state.rhythm.carrier(index, at, size, of, reading);
    return {
      data: (bytes, start, end, at) => {
        frame = at.frame;
        micros = toMicros(at.time);
        own();
        messages.data(bytes, start, end, micros, at.frame, message);
        stream.data(bytes, start, end, at.frames ?? [at.frame]);
        return leg.verdict === "suspect";
      },
      gap: () => {
        own();
        messages.gap();
        stream.gap();
        return true;
      },
      end: () => {
        own();
        messages.end(message);
        stream.end();
      },
    };
  }

  private fillAddresses(view: PacketView, level: number): void {
    const a = this.addresses;
    const { bytes } = view;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    if (view.ipVersion[level] === 4) {
      a[0] = 0;
      a[1] = 0;
      a[2] = 0xffff;
      a[3] = be32(bytes, src);
      a[4] = 0;
      a[5] = 0;
      a[6] = 0xffff;
      a[7] = be32(bytes, dst);
    } else {
      for (let i = 0; i < 4; i++) {
        a[i] = be32(bytes, src + i * 4);
        a[4 + i] = be32(bytes, dst + i * 4);
      }
    }
  }
}

/** Frames, where they are more than the one at hand. */
function several(frames: readonly number[] | undefined): readonly number[] | undefined {
  return frames !== undefined && frames.length > 1 ? frames : undefined;
}

/** Whether the source of the packet that an ICMP error quotes is the error's destination. */
function quotesDestination(view: PacketView, level: number): boolean {
  const { bytes } = view;
  const dst = view.ipDst[level] as number;
  const size = view.ipVersion[level] === 4 ? 4 : 16;
  const src = view.quoteStart + (size === 4 ? 12 : 8);
  for (let i = 0; i < size; i++) if (bytes[src + i] !== bytes[dst + i]) return false;
  return true;
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
