/** Subscriber traffic that is copied to where it has no business, in every wrapping. */
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { Case } from "#lab/case.ts";
import {
  asPcap,
  copyPackets,
  type CopyOptions,
  type Exit,
  exitOf,
  gather,
  stream,
  toNextHop,
  wrapper,
  type Wrapped,
} from "#lab/network/copier.ts";
import { addressesOf, type LayoutOptions, type NetworkFunction } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { anew } from "#lab/network/traffic.ts";
import type { Passage } from "#lab/network/user-plane.ts";
import * as app from "#lab/wire/applications.ts";
import { fragments, ip, Protocol, transportPayload, translated, udp } from "#lab/wire/ip.ts";
import { EtherType, ethernet, mplsLabel } from "#lab/wire/link.ts";
import { cat, type Octets, text, u16, u32 } from "#lab/wire/octets.ts";
import { vxlan } from "#lab/wire/tunnels.ts";
import type { Grade } from "#model/finding.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "covert-copy";

export interface CopyStage {
  readonly t: number;
  readonly element: NetworkFunction;
  readonly exit: Exit;
  readonly to: string;
  readonly target: Subscriber;
}

/** Three subscribers attached; the copier is installed by the caller before `play`. */
export function stage(c: Case, element: NetworkFunction = c.layout.pgwU): CopyStage {
  const t = c.begin(3);
  return { t, element, exit: exitOf(c, element), to: stranger(c), target: c.subscriber(1) };
}

/** Traffic of all three: the target's is the busiest, encrypted for the most part. */
export function play(c: Case, s: CopyStage, volume = 16_000): void {
  for (const u of c.core.subscribers) if (u !== s.target) c.traffic.mixture(u, s.t, 10, 2500);
  let t = c.traffic.dns(s.target, s.t + 0.5);
  t = c.traffic.tls(s.target, t, { down: volume });
  c.traffic.quic(s.target, t + 0.3, Math.floor(volume / 1000));
  c.traffic.tls(s.target, t + 1.5, { down: volume / 3, up: volume / 4 });
  c.traffic.dns(s.target, t + 4);
}

/** A monitoring facility, declared, and a warrant in force that names it and one subscriber, by IMSI or by `named`. */
export function lawfully(c: Case, target: Subscriber, named = `imsi:${target.imsi}`): string {
  const facility = stranger(c);
  c.declared.lawful.monitoring.push(facility);
  const day = 86_400;
  c.warrants = [
    `{ id: W-${c.random.int(100, 999)}, target: "${named}", scope: both, from: ${c.time(-day)}, to: ${c.time(day)}, receiver: ${facility}, authority: court }`,
  ];
  return facility;
}

/** The same, and the target's device goes on from another address of its /64, twice. */
export function playAnew(c: Case, s: CopyStage): void {
  s.target.temporary = anew(s.target, c.random);
  play(c, s);
  s.target.temporary = anew(s.target, c.random);
  c.traffic.tls(s.target, s.t + 8, { down: 8000 });
}

function due(
  c: Case,
  s: CopyStage,
  o: {
    minGrade?: Grade;
    atLeast?: true;
    receiver?: string | null;
    label?: string;
    subscriber?: Subscriber | null;
    also?: NetworkFunction[];
  } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "proven",
    ...(o.atLeast === undefined ? {} : { atLeast: o.atLeast }),
    element: s.element,
    ...(o.also === undefined ? {} : { elementAlso: o.also }),
    receiver: o.receiver === undefined ? s.to : o.receiver,
    subscriber: o.subscriber === undefined ? s.target : o.subscriber,
    data: ["content"],
    label: o.label ?? "copy",
  });
  c.tolerate = ["undeclared-peer", "ghost-tunnel", "covert-channel"];
}

const ofTarget =
  (s: CopyStage) =>
  (p: Passage): boolean =>
    p.subscriber === s.target;

/** A scenario in which each of the target's packets is wrapped and sent at once. */
function wrapped(
  name: string,
  kind: string,
  description: string,
  o: LayoutOptions = {},
  more: Partial<CopyOptions> = {},
  grade: Grade = "proven",
): Scenario {
  return scenario(`copy-${name}`, "positive", CLAIM, description, o, (c) => {
    const s = stage(c);
    copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, kind), select: ofTarget(s), ...more });
    play(c, s);
    due(c, s, { minGrade: grade });
  });
}

/** A scenario in which the target's packets travel in a TCP connection of the element. */
function streamed(
  name: string,
  description: string,
  lines: (c: Case, packets: Passage[]) => { data: Octets; at?: number }[],
  o: { delay?: number; cuts?: readonly number[]; port?: number; layout?: LayoutOptions; minGrade?: Grade } = {},
): Scenario {
  return scenario(`copy-${name}`, "positive", CLAIM, description, o.layout ?? {}, (c) => {
    const s = stage(c);
    const packets = gather(c, ofTarget(s));
    play(c, s);
    const delay = o.delay ?? 0.02;
    const script = lines(c, packets()).map((l) => ({
      from: "client" as const,
      data: l.data,
      ...(l.at === undefined ? {} : { at: l.at + delay }),
    }));
    stream(c, s.exit, s.to, script, {
      start: s.t + delay,
      ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
      ...(o.port === undefined ? {} : { port: o.port }),
    });
    due(c, s, { minGrade: o.minGrade ?? "proven" });
  });
}

/** What the servers sent to the subscriber, without any header, cut into pieces of the copier's own. */
function recut(c: Case, packets: readonly Passage[], head: number): { data: Octets; at: number }[] {
  const out: { data: Octets; at: number }[] = [];
  let rest: Octets = new Uint8Array(0);
  for (const p of packets) {
    const payload = transportPayload(p.outside);
    if (p.up || payload.length === 0) continue;
    rest = cat(rest, payload);
    while (rest.length > 900) {
      const size = c.random.int(300, 900);
      out.push({ data: cat(c.random.bytes(head), rest.subarray(0, size)), at: p.at });
      rest = rest.subarray(size);
    }
  }
  return out;
}

const counted = (p: Octets): Octets => cat(u16(p.length), p);

export const copies: Scenario[] = [
  wrapped("gretap", "gretap", "One subscriber's SGi frames leave the gateway in GRE (Ethernet) towards a host nobody declared."),
  wrapped("gre-ip", "gre-ip", "The subscriber's packets leave in GRE, IP inside."),
  wrapped("erspan-1", "erspan-1", "ERSPAN type I (no header of its own)."),
  wrapped("erspan-2", "erspan-2", "ERSPAN type II with session and sequence numbers."),
  wrapped("erspan-3", "erspan-3", "ERSPAN type III with time stamps.", { kind: "cups" }),
  wrapped("vxlan", "vxlan", "VXLAN to UDP 4789.", { oam: true }),
  wrapped("vxlan-odd-port", "vxlan-odd-port", "VXLAN on a port of nobody's."),
  wrapped("vxlan-gtp", "vxlan-gtp", "The S1-U frames, GTP header and all, in VXLAN."),
  wrapped("geneve", "geneve", "GENEVE, Ethernet inside.", { kind: "split" }),
  wrapped("tzsp", "tzsp", "TZSP, as wireless sniffers send it."),
  wrapped("ipip", "ipip", "IP in IP, without any port."),
  wrapped("gtpu", "gtpu", "GTP-U on its own port to an address that no signalling named.", { kind: "cups" }),
  wrapped("gtpu-odd-port", "gtpu-odd-port", "GTP-U on a port of nobody's."),
  wrapped("mpls-gre", "mpls-gre", "An MPLS label and the packet, in GRE."),
  wrapped("jmirror", "jmirror", "Juniper's flow-tap header on UDP 30030."),
  wrapped("gre-udp", "gre-udp", "GRE in UDP 4754."),
  wrapped("raw-udp", "raw", "The bare IP packet as UDP payload, on a random port."),
  wrapped("raw-udp-inner", "raw-inner", "The packet as it is inside the S1-U tunnel, as UDP payload.", { oam: true }),
  wrapped("custom-header", "custom-header", "A header of the copier's own invention before each packet."),
  scenario(
    "copy-beside-warrant",
    "positive",
    CLAIM,
    "Bare packets go to the declared monitoring facility, of somebody whom no warrant names; the warrant is another one's.",
    {},
    (c) => {
      const s = stage(c);
      const to = lawfully(c, c.subscriber(0));
      copyPackets(c, { exit: s.exit, to, wrap: wrapper(c, "custom-header"), select: ofTarget(s) });
      play(c, s);
      due(c, s, { receiver: to });
    },
  ),
  ...(["zero", "random"] as const).map((clock) =>
    scenario(
      `copy-call-${clock}`,
      "positive",
      CLAIM,
      `What a call's audio packets carry (RTP in clear, its clock from ${clock}) goes to a recorder, under addresses of the copier's own.`,
      {},
      (c) => {
        const s = stage(c);
        c.plane.watchers.push((p) => {
          if (p.subscriber !== s.target) return;
          c.cables.udp(s.exit.segment, p.at + 0.0003, s.exit.address, s.to, 30_000, 40_000, transportPayload(p.outside), "copy");
        });
        for (const u of c.core.subscribers) if (u !== s.target) c.traffic.call(u, s.t + 0.3, 1.5);
        c.traffic.call(s.target, s.t + 1, 5, { clock });
        due(c, s, { minGrade: "indication", atLeast: true });
      },
    ),
  ),
  ...(["raw", "vxlan-gtp"] as const).map((kind) =>
    scenario(
      `copy-ipv6-temporary-${kind}`,
      "positive",
      CLAIM,
      `The subscriber's device makes two addresses in its /64, which no signalling names; all of its traffic is copied (${kind}).`,
      { ipv6: true },
      (c) => {
        const s = stage(c);
        copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, kind), select: ofTarget(s) });
        playAnew(c, s);
        due(c, s);
      },
    ),
  ),
  wrapped("sliced-96", "sliced-96", "Only the first 96 octets of each packet."),
  wrapped("vxlan-sliced", "vxlan-96", "VXLAN, frames cut to 96 octets."),
  wrapped(
    "early",
    "vxlan",
    "The copy is captured up to 60 ms before its original: another tap, another buffer.",
    { oam: true },
    { delay: (n) => -0.03 - (n % 7) * 0.004 },
  ),
  scenario("copy-uplink-only", "positive", CLAIM, "Only what the subscriber sends is copied.", {}, (c) => {
    const s = stage(c);
    copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, "raw"), select: (p) => p.subscriber === s.target && p.up });
    play(c, s);
    due(c, s);
  }),
  wrapped("late-udp", "custom-header", "Copies leave two hours later, in the same order, on UDP.", {}, { delay: () => 7200 }),
  scenario("copy-downlink-only", "positive", CLAIM, "Only what the subscriber receives is copied, in GRE.", {}, (c) => {
    const s = stage(c);
    copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, "gre-ip"), select: (p) => p.subscriber === s.target && !p.up });
    play(c, s);
    due(c, s);
  }),
  scenario("copy-all-subscribers", "positive", CLAIM, "Everybody's traffic is mirrored in VXLAN.", { oam: true }, (c) => {
    const s = stage(c);
    copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, "vxlan") });
    play(c, s, 9000);
    due(c, s, { subscriber: null });
  }),
  scenario("copy-from-enb", "positive", CLAIM, "A base station, not the gateway, sends its users' packets on.", {}, (c) => {
    const t = c.begin(3);
    const target = c.subscriber(1);
    const element = target.enb;
    const exit: Exit = { segment: "s1u", address: element.at.s1u ?? "" };
    const s: CopyStage = { t, element, exit, to: stranger(c), target };
    copyPackets(c, { exit, to: s.to, wrap: wrapper(c, c.random.pick(["raw-inner", "gtpu-odd-port"])), select: ofTarget(s) });
    play(c, s);
    due(c, s);
  }),
  scenario("copy-one-in-fifty", "positive", CLAIM, "One packet in fifty of a long encrypted session is copied.", {}, (c) => {
    const s = stage(c);
    const wrap = wrapper(c, "gre-ip");
    copyPackets(c, { exit: s.exit, to: s.to, select: ofTarget(s), wrap: (p, n) => (n % 50 === 25 ? wrap(p, n) : null) });
    const records = Array.from({ length: 500 }, (_, i) => ({
      from: i % 2 === 0 ? ("client" as const) : ("server" as const),
      size: c.random.int(24, 60),
      after: 0.03,
    }));
    c.traffic.talk(s.target, s.t + 1, "203.0.113.20", 443, app.tlsScript(c.random, "chat.example.org", records));
    due(c, s);
  }),
  scenario(
    "copy-readdressed",
    "positive",
    CLAIM,
    "No wrapping at all: the copies bear the receiver's address in place of their own, content unchanged.",
    {},
    (c) => {
      const s = stage(c);
      c.plane.watchers.push((p) => {
        if (p.subscriber === s.target)
          c.cables.send(s.exit.segment, p.at + 0.0002, translated(p.outside, { src: s.exit.address, dst: s.to }), "copy");
      });
      play(c, s);
      due(c, s);
    },
  ),
  scenario(
    "copy-translated",
    "positive",
    CLAIM,
    "Address translation stands between the tap on S1-U and the copier: the copies bear translated addresses and ports.",
    {},
    (c) => {
      const s = stage(c);
      const wrap = wrapper(c, "custom-header");
      const nat = `198.18.${c.random.int(0, 200)}.${c.random.int(2, 250)}`;
      copyPackets(c, {
        exit: s.exit,
        to: s.to,
        select: ofTarget(s),
        wrap: (p, n) =>
          wrap(
            {
              ...p,
              outside: translated(
                p.outside,
                p.up ? { src: nat, sport: 20_000 + (p.outside[21] ?? 0) } : { dst: nat, dport: 20_000 + (p.outside[23] ?? 0) },
              ),
            },
            n,
          ),
      });
      play(c, s);
      due(c, s);
    },
  ),
  scenario("copy-bundled", "positive", CLAIM, "Several packets in each datagram, a length before each.", {}, (c) => {
    const s = stage(c);
    let held: Octets[] = [];
    const port = c.random.int(5000, 60_000);
    const packets = gather(c, ofTarget(s));
    play(c, s, 10_000);
    for (const p of packets()) {
      held.push(counted(p.outside));
      if (held.length < 4) continue;
      c.cables.udp(s.exit.segment, p.at + 0.001, s.exit.address, s.to, 40_001, port, cat(...held), "copy");
      held = [];
    }
    due(c, s);
  }),
  scenario("copy-two-receivers", "positive", CLAIM, "Copies go in turn to two receivers.", {}, (c) => {
    const s = stage(c);
    const second = stranger(c);
    const wrap = wrapper(c, "raw");
    let n = 0;
    c.plane.watchers.push((p) => {
      if (p.subscriber !== s.target) return;
      const to = n++ % 2 === 0 ? s.to : second;
      const w = wrap(p, n) as { sport: number; dport: number; payload: Octets };
      c.cables.udp(s.exit.segment, p.at + 0.0003, s.exit.address, to, w.sport, w.dport, w.payload, to === s.to ? "copy" : "copy2");
    });
    play(c, s, 24_000);
    due(c, s);
    due(c, s, { receiver: second, label: "copy2" });
  }),
  scenario(
    "copy-next-hop",
    "positive",
    CLAIM,
    "The same packet leaves SGi twice: to its router, and to another next hop with nothing changed.",
    {},
    (c) => {
      const s = stage(c);
      c.plane.watchers.push((p) => {
        if (p.subscriber === s.target)
          c.cables.frame("sgi", p.at + 0.0005, toNextHop(c, p, c.layout.pgwU.at.sgi ?? "", "stranger"), "copy");
      });
      play(c, s);
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: s.element,
        receiver: null,
        receiverAlso: [c.cables.mac("stranger")],
        subscriber: s.target,
        data: ["content"],
        label: "copy",
      });
      c.tolerate = ["undeclared-peer", "covert-channel"];
    },
  ),
  scenario("copy-mpls-pseudowire", "positive", CLAIM, "Frames leave in an MPLS pseudowire with a control word.", {}, (c) => {
    const s = stage(c);
    const label = c.random.int(16, 100_000);
    c.plane.watchers.push((p) => {
      if (p.subscriber !== s.target) return;
      const payload = cat(mplsLabel(label, true, 200), u32(0), p.sgiFrame);
      c.cables.frame(
        "sgi",
        p.at + 0.0004,
        ethernet({ src: c.cables.mac(c.layout.pgwU.at.sgi ?? ""), dst: c.cables.mac("lsr") }, payload, EtherType.MPLS),
        "copy",
      );
    });
    play(c, s);
    c.expect.push({
      claim: CLAIM,
      minGrade: "proven",
      element: s.element,
      receiver: null,
      receiverAlso: [c.cables.mac("lsr"), `mpls:${label}`],
      subscriber: s.target,
      data: ["content"],
      label: "copy",
    });
    c.tolerate = ["undeclared-peer", "covert-channel"];
  }),
  scenario("copy-dns-only", "positive", CLAIM, "Only the subscriber's name look-ups are copied.", {}, (c) => {
    const s = stage(c);
    const wrap = wrapper(c, "custom-header");
    copyPackets(c, {
      exit: s.exit,
      to: s.to,
      wrap,
      select: (p) =>
        p.subscriber === s.target &&
        p.outside[9] === 17 &&
        (p.up ? p.outside[23] === 53 && p.outside[22] === 0 : p.outside[21] === 53 && p.outside[20] === 0),
    });
    play(c, s, 4000);
    for (let i = 0; i < 14; i++) c.traffic.dns(s.target, s.t + 6 + i * 0.7, { name: `${c.random.hex(5)}.example.net` });
    due(c, s);
  }),
  scenario("copy-payload-only", "positive", CLAIM, "Content without any header: transport payloads alone, on UDP.", {}, (c) => {
    const s = stage(c);
    const port = c.random.int(5000, 60_000);
    copyPackets(c, {
      exit: s.exit,
      to: s.to,
      select: (p) => p.subscriber === s.target && transportPayload(p.outside).length > 20,
      wrap: (p): Wrapped => ({ sport: 41_000, dport: port, payload: transportPayload(p.outside) }),
    });
    play(c, s);
    due(c, s);
  }),
  scenario("copy-outer-v6", "positive", CLAIM, "The copies travel in IPv6.", {}, (c) => {
    const s = stage(c);
    const own = `2001:db8:${c.random.int(0x100, 0xfff).toString(16)}::${c.random.int(2, 99)}`;
    const to = `2001:db8:${c.random.int(0x100, 0xfff).toString(16)}f::${c.random.int(100, 999)}`;
    const element = c.layout.pgwU;
    (element.at as Record<string, string>)["v6"] = own;
    const vni = c.random.int(1, 9999);
    c.plane.watchers.push((p) => {
      if (p.subscriber === s.target) c.cables.send("sgi", p.at + 0.0003, udp(own, to, 50_000, 4789, vxlan(p.sgiFrame, vni)), "copy");
    });
    play(c, s);
    due(c, { ...s, to });
  }),
  scenario(
    "copy-outer-fragments",
    "positive",
    CLAIM,
    "Full-size packets in VXLAN exceed the MTU: the outer packets are fragmented.",
    {},
    (c) => {
      const s = stage(c);
      const vni = c.random.int(1, 9999);
      c.plane.watchers.push((p) => {
        if (p.subscriber !== s.target) return;
        const whole = udp(s.exit.address, s.to, 50_000, 4789, vxlan(p.sgiFrame, vni), { id: c.cables.nextId() });
        if (whole.length <= 1300) c.cables.send(s.exit.segment, p.at + 0.0003, whole, "copy");
        else for (const [i, f] of fragments(whole, 1300).entries()) c.cables.send(s.exit.segment, p.at + 0.0003 + i * 0.00002, f, "copy");
      });
      play(c, s);
      due(c, s);
    },
  ),
  scenario(
    "copy-esp",
    "positive",
    CLAIM,
    "Encrypted copies: an ESP packet for each of the subscriber's, longer by a constant, a moment later.",
    {},
    (c) => {
      const s = stage(c);
      const spi = c.random.u32();
      let sequence = 1;
      c.plane.watchers.push((p) => {
        if (p.subscriber !== s.target) return;
        const size = Math.ceil((p.outside.length + 2) / 4) * 4 + 8 + 16;
        c.cables.send(
          s.exit.segment,
          p.at + 0.0004 + c.random.unit() * 0.0001,
          ip(s.exit.address, s.to, Protocol.ESP, cat(u32(spi), u32(sequence++), c.random.bytes(size)), { id: c.cables.nextId() }),
          "copy",
        );
      });
      play(c, s, 30_000);
      // Rhythm alone: whether its family-wise error falls below 10^-6 is a matter of the traffic drawn (one seed in ten stays above).
      due(c, s, { minGrade: "indication", atLeast: true });
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["undeclared-peer"] };
    },
  ),
  scenario(
    "copy-tls",
    "positive",
    CLAIM,
    "Encrypted copies: one TLS record for each of the subscriber's packets, with a constant overhead.",
    {},
    (c) => {
      const s = stage(c);
      const packets = gather(c, ofTarget(s));
      play(c, s, 26_000);
      const r = c.random;
      const lines = [
        ...app.tlsScript(r, `${r.hex(5)}.example.com`, []),
        ...packets().map((p) => ({ from: "client" as const, data: app.tlsRecord(23, r.bytes(p.outside.length + 57)), at: p.at + 0.003 })),
      ];
      stream(c, s.exit, s.to, lines, { start: s.t - 0.5, port: 443 });
      due(c, s, { minGrade: "corroborated" });
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["undeclared-peer"] };
    },
  ),
  scenario(
    "copy-esp-everybody",
    "positive",
    CLAIM,
    "Everybody's traffic leaves once more in ESP, padded to 16 octets, one way, to a host nobody declared.",
    {},
    (c) => {
      const s = stage(c);
      const spi = c.random.u32();
      let sequence = 1;
      c.plane.watchers.push((p) => {
        const size = Math.ceil((p.outside.length + 2) / 16) * 16 + 16 + 16;
        c.cables.send(
          s.exit.segment,
          p.at + 0.0006 + c.random.unit() * 0.0004,
          ip(s.exit.address, s.to, Protocol.ESP, cat(u32(spi), u32(sequence++), c.random.bytes(size)), { id: c.cables.nextId() }),
          "copy",
        );
      });
      play(c, s, 30_000);
      for (const u of c.core.subscribers) c.traffic.mixture(u, s.t + 11, 14, 2500);
      due(c, s, { minGrade: "indication", atLeast: true, subscriber: null });
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["undeclared-peer"] };
    },
  ),
  scenario(
    "copy-wireguard",
    "positive",
    CLAIM,
    "Copies in WireGuard: a handshake, then one datagram a packet, padded to 16 octets, keepalives back.",
    {},
    (c) => {
      const s = stage(c);
      const r = c.random;
      const port = r.int(20_000, 60_000);
      const message = (kind: number, size: number): Octets => cat(Uint8Array.of(kind, 0, 0, 0), r.bytes(size - 4));
      c.cables.udp(s.exit.segment, s.t - 0.4, s.exit.address, s.to, 51_820, port, message(1, 148));
      c.cables.udp(s.exit.segment, s.t - 0.37, s.to, s.exit.address, port, 51_820, message(2, 92));
      for (let i = 1; i < 3; i++) c.cables.udp(s.exit.segment, s.t + i * 10, s.to, s.exit.address, port, 51_820, message(4, 32));
      c.plane.watchers.push((p) => {
        if (p.subscriber !== s.target) return;
        const sealed = message(4, 32 + Math.ceil(p.outside.length / 16) * 16);
        c.cables.udp(s.exit.segment, p.at + 0.0005 + r.unit() * 0.0003, s.exit.address, s.to, 51_820, port, sealed, "copy");
      });
      play(c, s, 30_000);
      due(c, s, { minGrade: "corroborated" });
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["undeclared-peer"] };
    },
  ),
  scenario(
    "copy-to-log-server",
    "positive",
    CLAIM,
    "The receiver is the declared log server, which may carry no subscriber content.",
    {},
    (c) => {
      const s = { ...stage(c), to: c.layout.log };
      copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, c.random.pick(["raw", "gre-ip", "vxlan"])), select: ofTarget(s) });
      play(c, s);
      due(c, s);
    },
  ),
  scenario(
    "copy-in-granted-session",
    "positive",
    CLAIM,
    "The operations centre holds a grant for SSH to the gateway; on another connection the gateway sends it subscribers' packets.",
    {},
    (c) => {
      const s = { ...stage(c), to: c.layout.noc };
      c.grantNoc([c.layout.pgwU, c.layout.mme]);
      const packets = gather(c, ofTarget(s));
      play(c, s);
      stream(
        c,
        s.exit,
        s.to,
        packets().map((p) => ({ from: "client" as const, data: counted(p.outside), at: p.at + 0.01 })),
        { start: s.t },
      );
      due(c, s);
    },
  ),
  scenario(
    "copy-to-element",
    "positive",
    CLAIM,
    "The gateway sends copies to the subscriber database's address: declared, but no place for content.",
    {},
    (c) => {
      const s = { ...stage(c), to: addressesOf(c.layout.hss)[0] ?? "" };
      copyPackets(c, { exit: s.exit, to: s.to, wrap: wrapper(c, "gre-udp"), select: ofTarget(s) });
      play(c, s);
      due(c, s);
    },
  ),
  streamed(
    "tcp-framed",
    "Packets with a length before each in a TCP stream whose segment borders fall anywhere.",
    (_, packets) => packets.map((p) => ({ data: counted(p.outside), at: p.at })),
    { cuts: [700, 1400, 333, 1400, 911] },
  ),
  streamed("tcp-pcap-stream", "A pcap file written live into a TCP connection.", (c, packets) => {
    const file = asPcap(c, packets, true);
    const out: { data: Octets; at?: number }[] = [{ data: file.subarray(0, 24) }];
    let at = 24;
    for (const p of packets) {
      const size = 16 + p.sgiFrame.length;
      out.push({ data: file.subarray(at, at + size), at: p.at });
      at += size;
    }
    return out;
  }),
  streamed(
    "http-base64",
    "Base64 in HTTP POST requests, some packets in each.",
    (c, packets) => {
      const out: { data: Octets; at?: number }[] = [];
      for (let i = 0; i < packets.length; i += 8) {
        const some = packets.slice(i, i + 8);
        const body = text(Buffer.from(cat(...some.map((p) => counted(p.outside)))).toString("base64"));
        out.push({ data: app.httpPost(`${c.random.hex(4)}.example.org`, "/collect", body), at: some.at(-1)?.at ?? 0 });
      }
      return out;
    },
    { port: 80 },
  ),
  streamed("tcp-hex", "Hexadecimal text, a line a packet.", (_, packets) =>
    packets.map((p) => ({ data: text(`${Buffer.from(p.outside).toString("hex")}\n`), at: p.at })),
  ),
  streamed(
    "http-gzip-pcap",
    "A pcap file, gzip'd, uploaded in one HTTP POST when it is over.",
    (c, packets) => [
      {
        data: app.httpPost("upload.example.org", `/u/${c.random.hex(8)}`, new Uint8Array(gzipSync(asPcap(c, packets))), "application/gzip"),
        at: (packets.at(-1)?.at ?? 0) + 5,
      },
    ],
    { port: 80 },
  ),
  streamed("zstd-stream", "A zstd-compressed file in a bare TCP connection.", (c, packets) => [
    { data: new Uint8Array(zstdCompressSync(asPcap(c, packets, true))), at: (packets.at(-1)?.at ?? 0) + 2 },
  ]),
  streamed(
    "stored-hours",
    "Stored, and sent three hours later in a TCP connection.",
    (_, packets) => packets.map((p) => ({ data: counted(p.outside), at: p.at })),
    { delay: 10_800 },
  ),
  streamed(
    "payload-stream",
    "Only what the server sent to the subscriber, without headers, as one stream.",
    (_, packets) =>
      packets.filter((p) => !p.up && transportPayload(p.outside).length > 0).map((p) => ({ data: transportPayload(p.outside), at: p.at })),
    {},
  ),
  streamed(
    "content-recut-stream",
    "Only what servers sent to the subscriber, cut anew into pieces with a header each, in a TCP connection.",
    (c, packets) => recut(c, packets, 10),
    { cuts: [517, 1301, 88, 1400], minGrade: "proven" },
  ),
  streamed(
    "content-recut-base64",
    "The same pieces as base64 in HTTP POST requests.",
    (c, packets) =>
      recut(c, packets, 3).map((l) => ({
        data: app.httpPost(`${c.random.hex(4)}.example.org`, "/api", text(Buffer.from(l.data).toString("base64"))),
        at: l.at,
      })),
    { port: 80, minGrade: "proven" },
  ),
  streamed(
    "content-recut-gzip",
    "The same pieces, gzip'd with other text, uploaded when it is over.",
    (c, packets) => {
      const pieces = recut(c, packets, 5);
      const body = cat(text("session log\n".repeat(40)), ...pieces.map((l) => l.data));
      return [
        {
          data: app.httpPost("up.example.org", `/b/${c.random.hex(6)}`, new Uint8Array(gzipSync(body)), "application/octet-stream"),
          at: (pieces.at(-1)?.at ?? 0) + 4,
        },
      ];
    },
    { port: 80, minGrade: "proven" },
  ),
  streamed(
    "content-recut-zstd-hours",
    "The same pieces, zstd-compressed, two hours later.",
    (c, packets) => {
      const pieces = recut(c, packets, 5);
      return [{ data: new Uint8Array(zstdCompressSync(cat(...pieces.map((l) => l.data)))), at: (pieces.at(-1)?.at ?? 0) + 7200 }];
    },
    {},
  ),
  scenario(
    "copy-content-recut-datagrams",
    "positive",
    CLAIM,
    "The same pieces as UDP datagrams with a header of the copier's own.",
    {},
    (c) => {
      const s = stage(c);
      const packets = gather(c, ofTarget(s));
      play(c, s);
      const port = c.random.int(5000, 60_000);
      for (const [i, l] of recut(c, packets(), 16).entries())
        c.cables.udp(s.exit.segment, l.at + 0.01 + i * 1e-5, s.exit.address, s.to, 40_002, port, l.data, "copy");
      due(c, s);
    },
  ),
];
