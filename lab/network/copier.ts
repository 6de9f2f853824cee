/** Copies of subscribers' packets, as a compromised or misconfigured element would send them. */
import type { Case } from "#lab/case.ts";
import { ip, Protocol, udp } from "#lab/wire/ip.ts";
import { EtherType, ethernet, etherTypeOf } from "#lab/wire/link.ts";
import { cat, type Octets, u16, u32 } from "#lab/wire/octets.ts";
import { pcap, type PcapRecord } from "#lab/wire/pcap.ts";
import { type Line, tcpTalk } from "#lab/wire/tcp-talk.ts";
import * as tunnel from "#lab/wire/tunnels.ts";
import type { NetworkFunction, Segment } from "./layout.ts";
import type { Passage } from "./user-plane.ts";

/** What leaves: the rest of an IP packet after the outer header. */
export type Wrapped =
  | { readonly protocol: number; readonly payload: Octets }
  | { readonly sport: number; readonly dport: number; readonly payload: Octets };

export interface Exit {
  readonly segment: Segment;
  readonly address: string;
}

/** An interface of the element, at random, that copies could leave by. */
export function exitOf(c: Case, f: NetworkFunction): Exit {
  const ends = Object.entries(f.at).filter(([segment]) => segment !== "x2" && c.layout.files[segment as Segment] !== "");
  const [segment, address] = c.random.pick(ends);
  return { segment: segment as Segment, address };
}

export interface CopyOptions {
  readonly exit: Exit;
  readonly to: string;
  readonly wrap: (p: Passage, n: number) => Wrapped | null;
  /** Only these packets. */
  readonly select?: (p: Passage) => boolean;
  /** Seconds after the gateway handled the packet; may be negative. */
  readonly delay?: (n: number) => number;
  readonly label?: string;
  /** Wrapped packets above this many octets are fragmented. */
  readonly mtu?: number;
}

/** Sends a copy of each selected packet, packet by packet. */
export function copyPackets(c: Case, o: CopyOptions): void {
  let n = 0;
  const r = c.random.fork("copier");
  c.plane.watchers.push((p) => {
    if (o.select?.(p) === false) return;
    const w = o.wrap(p, n++);
    if (w === null) return;
    const at = p.at + (o.delay?.(n) ?? 0.0001 + r.unit() * 0.0003);
    const options = { id: c.cables.nextId() };
    const packet =
      "protocol" in w
        ? ip(o.exit.address, o.to, w.protocol, w.payload, options)
        : udp(o.exit.address, o.to, w.sport, w.dport, w.payload, options);
    c.cables.send(o.exit.segment, at, packet, o.label ?? "copy");
  });
}

/** The kinds of wrapping that work packet by packet; drawn with random identifiers. */
export function wrapper(c: Case, kind: string): (p: Passage, n: number) => Wrapped {
  const r = c.random;
  const vni = r.int(1, 0xffffff);
  const session = r.int(1, 1000);
  const key = r.u32();
  const sport = r.int(1025, 65_000);
  const dport = r.int(5000, 65_000);
  const base = r.int(0, 100_000);
  const magic = r.bytes(4);
  const over = (port: number, payload: Octets): Wrapped => ({ sport, dport: port, payload });
  const inGre = (payload: Octets): Wrapped => ({ protocol: Protocol.GRE, payload });
  const kinds: Record<string, (p: Passage, n: number) => Wrapped> = {
    gretap: (p) => inGre(tunnel.gre(EtherType.TEB, p.sgiFrame, { key })),
    "gre-ip": (p) => inGre(tunnel.gre(etherTypeOf(p.outside), p.outside)),
    "erspan-1": (p) => inGre(tunnel.erspan1(p.sgiFrame)),
    "erspan-2": (p, n) => inGre(tunnel.erspan2(p.sgiFrame, session, base + n)),
    "erspan-3": (p, n) => inGre(tunnel.erspan3(p.sgiFrame, session, base + n, Math.floor(p.at * 10_000) >>> 0)),
    "mpls-gre": (p) => inGre(tunnel.gre(EtherType.MPLS, cat(u32((session << 12) | 0x140), p.outside))),
    vxlan: (p) => over(4789, tunnel.vxlan(p.sgiFrame, vni)),
    "vxlan-odd-port": (p) => over(dport, tunnel.vxlan(p.sgiFrame, vni)),
    "vxlan-gtp": (p) => over(4789, tunnel.vxlan(p.s1uFrame, vni)),
    "vxlan-96": (p) => over(4789, tunnel.vxlan(p.sgiFrame.subarray(0, 96), vni)),
    geneve: (p) => over(6081, tunnel.geneve(p.sgiFrame, vni)),
    tzsp: (p) => over(37_008, tunnel.tzsp(p.sgiFrame)),
    ipip: (p) => ({ protocol: Protocol.IPIP, payload: p.outside }),
    gtpu: (p) => over(2152, tunnel.gtpu(key, p.inner)),
    "gtpu-odd-port": (p) => over(dport, tunnel.gtpu(key, p.inner)),
    jmirror: (p) => over(30_030, tunnel.jmirror(p.outside, vni, session)),
    "gre-udp": (p) => over(4754, tunnel.gre(etherTypeOf(p.outside), p.outside)),
    raw: (p) => over(dport, p.outside),
    "raw-inner": (p) => over(dport, p.inner),
    "custom-header": (p, n) => over(dport, cat(magic, u32(base + n), u16(p.outside.length), u16(0), p.outside)),
    "sliced-96": (p, n) => over(dport, cat(u32(base + n), p.outside.subarray(0, 96))),
  };
  const made = kinds[kind];
  if (made === undefined) throw new Error(`unknown wrapping ${kind}`);
  return made;
}

/** Gathers selected packets while the scenario is played; call `sorted` when it is over. */
export function gather(c: Case, select: (p: Passage) => boolean = () => true): () => Passage[] {
  const kept: Passage[] = [];
  c.plane.watchers.push((p) => {
    if (select(p)) kept.push(p);
  });
  return () => kept.toSorted((a, b) => a.at - b.at);
}

/** The gathered packets as a pcap file of raw IP or of Ethernet frames. */
export function asPcap(c: Case, packets: readonly Passage[], ethernetFrames = false): Octets {
  const base = BigInt(c.layout.epoch) * 1_000_000_000n;
  const records = packets.map((p): PcapRecord => ({
    nanos: base + BigInt(Math.round(p.at * 1e6)) * 1000n,
    bytes: ethernetFrames ? p.sgiFrame : p.outside,
  }));
  return pcap(records, { linkType: ethernetFrames ? 1 : 101 });
}

/** One TCP connection from the element to the receiver with the given lines. */
export function stream(
  c: Case,
  exit: Exit,
  to: string,
  lines: readonly Line[],
  o: { port?: number; start: number; cuts?: readonly number[]; label?: string },
): void {
  const script = lines.map((l): Line => ({ ...l, label: l.label ?? o.label ?? "copy" }));
  const segments = tcpTalk(
    {
      client: exit.address,
      server: to,
      cport: c.random.int(33_000, 60_000),
      sport: o.port ?? c.random.int(1025, 60_000),
      start: o.start,
      rtt: 0.012,
      script,
      serverTtl: 56,
      ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
    },
    c.random.fork("stream"),
  );
  c.cables.talk(exit.segment, segments);
}

/** The frame once more with other link addresses: a copy by next hop, nothing else changed. */
export function toNextHop(c: Case, p: Passage, from: string, hop: string, vlan?: number): Octets {
  return ethernet({ src: c.cables.mac(from), dst: c.cables.mac(hop), ...(vlan === undefined ? {} : { vlan }) }, p.outside);
}
