/** Puts IP packets on the wires: link addresses from addresses, the right capture file from the segment. */
import { ethernet } from "#lab/wire/link.ts";
import { Protocol, ip, udp } from "#lab/wire/ip.ts";
import { address, type Octets } from "#lab/wire/octets.ts";
import { sctp } from "#lab/wire/sctp.ts";
import type { Segment as TcpSegment } from "#lab/wire/tcp-talk.ts";
import type { Random } from "#lab/random.ts";
import { addressesOf, functionsOf, type Layout, type Segment } from "./layout.ts";
import type { Recorder } from "./recorder.ts";

function sourceOf(packet: Octets): string {
  return (packet[0] ?? 0) >> 4 === 6 ? Buffer.from(packet.subarray(8, 24)).toString("hex") : packet.subarray(12, 16).join(".");
}

function destinationOf(packet: Octets): string {
  return (packet[0] ?? 0) >> 4 === 6 ? Buffer.from(packet.subarray(24, 40)).toString("hex") : packet.subarray(16, 20).join(".");
}

export class Cables {
  readonly recorder: Recorder;
  readonly random: Random;
  readonly files: Record<Segment, string>;
  private readonly macs = new Map<string, string>();
  private readonly local = new Set<string>();
  private id = 0;

  constructor(layout: Layout, recorder: Recorder, random: Random) {
    this.recorder = recorder;
    this.random = random;
    this.files = layout.files;
    this.id = random.int(0, 0xffff);
    for (const f of functionsOf(layout)) for (const a of addressesOf(f)) this.attachHost(a);
  }

  /** A host that sits on the tapped wire itself, not behind the router. */
  attachHost(a: string): void {
    this.local.add(a.includes(":") ? Buffer.from(address(a)).toString("hex") : a);
  }

  mac(key: string): string {
    let m = this.macs.get(key);
    if (m === undefined) {
      m = `02:${[...this.random.bytes(5)].map((o) => o.toString(16).padStart(2, "0")).join(":")}`;
      this.macs.set(key, m);
    }
    return m;
  }

  /** The link addresses between two ends; what isn't local is reached by the router of the wire. */
  link(segment: Segment, src: string, dst: string): { src: string; dst: string } {
    const router = `router/${segment}`;
    return { src: this.mac(this.local.has(src) ? src : router), dst: this.mac(this.local.has(dst) ? dst : router) };
  }

  nextId(): number {
    this.id = (this.id + this.random.int(1, 5)) & 0xffff;
    return this.id;
  }

  /** An IP packet, complete. */
  send(segment: Segment, at: number, packet: Octets, label?: string): void {
    const file = this.files[segment];
    if (file === "") return;
    this.recorder.put(file, at, ethernet(this.link(segment, sourceOf(packet), destinationOf(packet)), packet), label);
  }

  frame(segment: Segment, at: number, frame: Octets, label?: string): void {
    if (this.files[segment] !== "") this.recorder.put(this.files[segment], at, frame, label);
  }

  udp(segment: Segment, at: number, src: string, dst: string, sport: number, dport: number, payload: Octets, label?: string): void {
    this.send(segment, at, udp(src, dst, sport, dport, payload, { id: this.nextId() }), label);
  }

  ip(segment: Segment, at: number, src: string, dst: string, protocol: number, payload: Octets, label?: string): void {
    this.send(segment, at, ip(src, dst, protocol, payload, { id: this.nextId() }), label);
  }

  sctp(
    segment: Segment,
    at: number,
    src: string,
    dst: string,
    sport: number,
    dport: number,
    tag: number,
    chunks: readonly Octets[],
    label?: string,
  ): void {
    this.send(segment, at, ip(src, dst, Protocol.SCTP, sctp(sport, dport, tag, chunks), { id: this.nextId(), dontFragment: true }), label);
  }

  talk(segment: Segment, segments: readonly TcpSegment[]): void {
    for (const s of segments) this.send(segment, s.at, s.packet, s.label);
  }
}
