/** The innocent twins of copies (method §2 and §4): the same packets twice, for an ordinary reason. */
import type { Case } from "#lab/case.ts";
import { elementTalk } from "#lab/network/background.ts";
import { copyPackets, wrapper } from "#lab/network/copier.ts";
import { s1Handover, x2Handover } from "#lab/network/handover.ts";
import { outsideAddress, type LayoutOptions } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { publicServer } from "#lab/network/traffic.ts";
import * as app from "#lab/wire/applications.ts";
import { forwarded, icmp, ip, Protocol, tcp, translated, udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { cat, type Octets, text, u16, u32, zeros } from "#lab/wire/octets.ts";
import { tcpTalk } from "#lab/wire/tcp-talk.ts";
import { endMarker, gre, gtpu } from "#lab/wire/tunnels.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { lawfully, play, playAnew, stage } from "./copies.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "covert-copy";

function twin(name: string, description: string, act: (c: Case) => void, o: LayoutOptions = {}): Scenario {
  return scenario(`twin-copy-${name}`, "twin", CLAIM, description, o, act);
}

/** Everybody's traffic mirrored by a declared probe, broker or virtual tap. */
function declaredTap(
  name: string,
  kind: string,
  encapsulation: string,
  description: string,
  o: { kind?: string; every?: number } = {},
): Scenario {
  return twin(`declared-${name}`, description, (c) => {
    const s = stage(c);
    const probe = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
    c.declared.more.push(
      `monitoring: [{ name: ${name}-1, kind: ${o.kind ?? "probe"}, from: [${s.exit.address}], to: [${probe}], encapsulation: ${encapsulation}, scope: all, purpose: quality }]`,
    );
    const wrap = wrapper(c, kind);
    copyPackets(c, { exit: s.exit, to: probe, wrap: (p, n) => (o.every === undefined || n % o.every === 0 ? wrap(p, n) : null) });
    play(c, s, 9000);
  });
}

/** A media packet from one subscriber that reaches another one unchanged. */
function between(c: Case, from: Subscriber, to: Subscriber, at: number, relay: string | null): void {
  const r = c.random;
  const [a, b] = [r.int(20_000, 30_000), r.int(30_001, 40_000)];
  const [ssrcA, ssrcB] = [r.u32(), r.u32()];
  for (let i = 0; i < 80; i++) {
    for (const [x, y, px, py, ssrc] of [
      [from, to, a, b, ssrcA],
      [to, from, b, a, ssrcB],
    ] as const) {
      const media = app.rtp(100 + i, i * 160, ssrc, r.bytes(120));
      const t = at + i * 0.04 + (x === from ? 0 : 0.01);
      if (relay === null) {
        // The gateway turns the packet round: it never leaves on SGi.
        const packet = udp(x.ip, y.ip, px, py, media, { id: r.int(0, 0xffff) });
        hairpin(c, x, y, t, packet);
      } else {
        c.traffic.datagram(x, true, t, relay, px, 3478, media);
        c.traffic.datagram(y, false, t + 0.03, relay, 3478, py, media);
      }
    }
  }
}

function hairpin(c: Case, x: Subscriber, y: Subscriber, at: number, packet: Octets): void {
  const sgw = c.layout.sgwU.at.s1u ?? "";
  c.cables.udp("s1u", at, x.downlink.address, sgw, 2152, 2152, gtpu(x.uplink.teid, packet));
  c.cables.udp("s1u", at + 0.0009, sgw, y.downlink.address, 2152, 2152, gtpu(y.downlink.teid, forwarded(packet)));
}

/** A declared function that is not one of the core's own. */
function middlebox(c: Case, kind: string, addresses: string, more = ""): void {
  c.declared.more.push(`middleboxes: [{ kind: ${kind}, addresses: [${addresses}]${more} }]`);
}

export const copyTwins: Scenario[] = [
  twin(
    "warranted-ipv6",
    "A warrant names the address that the subscriber was given; the device uses others of its /64, and all copies are covered.",
    (c) => {
      const s = stage(c);
      const facility = lawfully(c, s.target, `ip:${s.target.ip}`);
      copyPackets(c, { exit: s.exit, to: facility, wrap: wrapper(c, "raw"), select: (p) => p.subscriber === s.target });
      playAnew(c, s);
    },
    { ipv6: true },
  ),
  ...(["vxlan", "custom-header"] as const).map((kind) =>
    twin(`warranted-${kind}`, `A warrant covers the copies, which go to the facility that it names (${kind}).`, (c) => {
      const s = stage(c);
      const facility = lawfully(c, s.target);
      copyPackets(c, { exit: s.exit, to: facility, wrap: wrapper(c, kind), select: (p) => p.subscriber === s.target });
      play(c, s);
    }),
  ),
  declaredTap("gre-udp", "gre-udp", "gre", "A declared virtual tap sends everything in GRE in UDP 4754.", { kind: "broker" }),
  declaredTap("erspan", "erspan-2", "erspan", "A declared probe gets everything in ERSPAN."),
  declaredTap("vxlan", "vxlan", "vxlan", "A declared probe gets everything in VXLAN."),
  declaredTap("gre", "gretap", "gre", "A declared probe gets everything in GRE."),
  declaredTap("sliced", "vxlan-96", "vxlan", "A declared probe gets the first 96 octets of each frame in VXLAN."),
  declaredTap("sampled", "erspan-3", "erspan", "A declared probe gets one packet in five.", { every: 5 }),
  twin("nat-in-line", "A declared translator stands on SGi; the tap sees each packet before and after it.", (c) => {
    const t = c.begin(2);
    const nat = `198.18.${c.random.int(0, 250)}.${c.random.int(2, 250)}`;
    middlebox(c, "cgnat", nat, `, inside: [${c.layout.pool}.0/24], outside: [${nat}/32], payload: same`);
    c.plane.watchers.push((p) => {
      const own = p.up ? 20 : 22;
      const port = 20_000 + ((((p.outside[own] ?? 0) << 8) | (p.outside[own + 1] ?? 0)) % 40_000);
      const outer = translated(p.up ? forwarded(p.outside) : p.outside, p.up ? { src: nat, sport: port } : { dst: nat, dport: port });
      const link = { src: c.cables.mac(p.up ? nat : "internet"), dst: c.cables.mac(p.up ? "internet" : nat) };
      c.cables.frame("sgi", p.at + (p.up ? 0.0008 : -0.0008), ethernet(link, outer));
    });
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin(
    "router-in-line",
    "The tap sees packets before and after the first router of SGi: one hop less, other link addresses, in order.",
    (c) => {
      const t = c.begin(2);
      c.plane.watchers.push((p) => {
        if (!p.up) return;
        c.cables.frame(
          "sgi",
          p.at + 0.0007,
          ethernet({ src: c.cables.mac("router/sgi"), dst: c.cables.mac("core-router") }, forwarded(p.outside)),
        );
      });
      for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
      c.allowAtMost = { "covert-copy": "indication" };
    },
  ),
  twin("proxy", "A declared proxy asks for the page itself and hands the same content back to the subscriber.", (c) => {
    const t = c.begin(2);
    const proxy = `10.${c.layout.services.join(".")}.${c.random.int(201, 220)}`;
    middlebox(c, "proxy", proxy, `, inside: [${c.layout.pool}.0/24]`);
    for (const [i, s] of c.core.subscribers.entries()) {
      const [body, origin, path] = [c.traffic.page(7000), publicServer(c.random), `/p/${c.random.hex(6)}`];
      proxied(c, proxy, origin, t + 1 + i * 4, path, body);
      c.traffic.http(s, t + 1.1 + i * 4, body, { server: proxy, path, port: 3128 });
    }
  }),
  twin("cache", "A declared cache serves the same file to two subscribers.", (c) => {
    const t = c.begin(2);
    const cache = `10.${c.layout.services.join(".")}.${c.random.int(201, 220)}`;
    middlebox(c, "cache", cache, `, inside: [${c.layout.pool}.0/24]`);
    const body = c.random.bytes(9000);
    for (const [i, s] of c.core.subscribers.entries())
      c.traffic.http(s, t + 1 + i * 3, body, { server: cache, path: "/v/segment1.ts", host: "video.example.com" });
  }),
  twin("relay-call", "Two subscribers call each other through a relay on the internet: the same media up and down.", (c) => {
    const t = c.begin(2);
    between(c, c.subscriber(0), c.subscriber(1), t + 1, stranger(c));
  }),
  twin("hairpin-call", "Two subscribers call each other directly; the gateway turns the packets round.", (c) => {
    const t = c.begin(2);
    between(c, c.subscriber(0), c.subscriber(1), t + 1, null);
  }),
  twin("own-vpn", "A subscriber's router sends its network's packets in GRE inside its own bearer to its own office.", (c) => {
    const t = c.begin(2);
    const [s, office] = [c.subscriber(0), stranger(c)];
    for (let i = 0; i < 60; i++) {
      const inner = udp(
        `192.168.7.${c.random.int(2, 20)}`,
        `192.168.8.${c.random.int(2, 20)}`,
        40_000 + i,
        5001,
        c.random.bytes(c.random.int(60, 500)),
      );
      c.plane.carry(s, true, t + 1 + i * 0.1, ip(s.ip, office, Protocol.GRE, gre(0x0800, inner), { id: i }));
    }
    c.traffic.mixture(c.subscriber(1), t, 6);
  }),
  twin(
    "popular-file",
    "Two subscribers fetch the same public file, and a management host's download for an element holds the same octets.",
    (c) => {
      const t = c.begin(2);
      const [server, body] = [publicServer(c.random), c.random.bytes(9000)];
      for (const [i, s] of c.core.subscribers.entries())
        c.traffic.http(s, t + 1 + i * 3, body, { server, path: "/pub/list.bin", host: "www.example.org" });
      c.declared.services.push(`{ name: software, addresses: [${server}], protocols: [http] }`);
      elementTalk(c.core, c.layout.mme, t + 9, {
        peer: server,
        port: 80,
        fromElement: true,
        script: [
          { from: "client", data: app.httpGet("www.example.org", "/pub/list.bin") },
          { from: "server", data: app.httpOk(body) },
        ],
      });
    },
  ),
  twin("popular-names", "Subscribers and elements ask for the same public names and get the same answers.", (c) => {
    const t = c.begin(3);
    for (let i = 0; i < 12; i++)
      for (const s of c.core.subscribers)
        c.traffic.dns(s, t + 1 + i * 1.5 + c.random.unit(), { name: "www.example.org", server: "9.9.9.9" });
    const own = outsideAddress(c.layout.mme);
    for (let i = 0; i < 6; i++) {
      c.cables.udp("s11", t + i * 3, own, c.layout.dns, 40_000 + i, 53, app.dns(100 + i, "www.example.org"));
      c.cables.udp(
        "s11",
        t + i * 3 + 0.01,
        c.layout.dns,
        own,
        53,
        40_000 + i,
        app.dns(100 + i, "www.example.org", { answer: "192.0.2.1" }),
      );
    }
  }),
  twin("span-both-ways", "The mirror port sees each SGi frame twice: on the way in and on the way out of the switch.", (c) => {
    const t = c.begin(2);
    c.plane.watchers.push((p) => c.cables.frame("sgi", sgiTime(p) + 0.000012, p.sgiFrame));
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin("two-taps", "Two taps on the same SGi link, each with a file of its own and a clock of its own.", (c) => {
    const t = c.begin(2);
    c.plane.watchers.push((p) => c.recorder.put("sgi-b.pcap", sgiTime(p) + 0.0031, p.sgiFrame));
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin("rspan", "The operator's own remote mirror: the same frames once more, with a VLAN tag.", (c) => {
    const t = c.begin(2);
    c.plane.watchers.push((p) => {
      const tagged = cat(p.sgiFrame.subarray(0, 12), u16(0x8100), u16(999), p.sgiFrame.subarray(12));
      c.recorder.put("sgi.pcap", sgiTime(p) + 0.00003, tagged);
    });
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
    c.allowAtMost = { "covert-copy": "indication" };
  }),
  twin("clock-ahead", "The clock of the SGi tap is 1.7 s ahead of the core's.", (c) => {
    const t = c.begin(2);
    c.recorder.clockOffset.set("sgi.pcap", 1.7);
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin("clock-behind", "The clock of the SGi tap is 0.8 s behind.", (c) => {
    const t = c.begin(2);
    c.recorder.clockOffset.set("sgi.pcap", -0.8);
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin("micro-loop", "For a second a routing loop sends packets to and fro on SGi, one hop less each time.", (c) => {
    const t = c.begin(2);
    let looped = 0;
    c.plane.watchers.push((p) => {
      if (!p.up || looped++ > 12) return;
      for (let n = 1; n < 10; n++) {
        const [src, dst] = n % 2 === 1 ? ["router/sgi", "other-router"] : ["other-router", "router/sgi"];
        c.cables.frame(
          "sgi",
          p.at + 0.0006 + n * 0.0002,
          ethernet({ src: c.cables.mac(src ?? ""), dst: c.cables.mac(dst ?? "") }, forwarded(p.outside, n)),
        );
      }
    });
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
  }),
  twin("retransmissions", "A bad radio link: segments of the server come again after a while, to the same subscriber.", (c) => {
    const t = c.begin(2);
    const [s, server] = [c.subscriber(0), publicServer(c.random)];
    let seq = c.random.u32();
    for (let i = 0; i < 40; i++) {
      const payload = app.tlsRecord(23, c.random.bytes(700));
      const packet = tcp(server, s.ip, { sport: 443, dport: 40_404, seq, ack: 77, flags: 0x18 }, payload, { id: i, ttl: 55 });
      c.plane.carry(s, false, t + 1 + i * 0.1, packet);
      if (i % 3 === 0)
        c.plane.carry(
          s,
          false,
          t + 1 + i * 0.1 + 0.35,
          tcp(server, s.ip, { sport: 443, dport: 40_404, seq, ack: 77, flags: 0x18 }, payload, { id: 500 + i, ttl: 55 }),
        );
      seq = (seq + payload.length) >>> 0;
    }
    c.traffic.mixture(c.subscriber(1), t, 6);
  }),
  twin(
    "x2-forwarding",
    "At an X2 handover the source passes what it still holds to the target: delivered twice on the way.",
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      const h = x2Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 4,
      );
      forwardLate(c, s, h.done, h.oldEnb.at.s1u ?? "", h.forwarding);
      c.traffic.mixture(s, h.done + 1, 5);
    },
    { enbs: 3 },
  ),
  twin(
    "indirect-forwarding",
    "The same by the gateway, after Create Indirect Data Forwarding Tunnel.",
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      const h = s1Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 4,
        { indirect: true },
      );
      forwardLate(c, s, h.done, h.oldEnb.at.s1u ?? "", h.forwarding);
      c.traffic.mixture(s, h.done + 1, 5);
    },
    { enbs: 3 },
  ),
  twin("icmp-quotes", "Routers and servers on the internet quote subscribers' packets in ICMP errors.", (c) => {
    const t = c.begin(2);
    for (const s of c.core.subscribers) {
      for (let i = 0; i < 8; i++) {
        const sent = udp(s.ip, publicServer(c.random), 40_000 + i, 33_434 + i, c.random.bytes(60), { id: c.random.int(0, 0xffff) });
        c.plane.carry(s, true, t + 1 + i * 0.4, sent);
        c.plane.carry(
          s,
          false,
          t + 1.02 + i * 0.4,
          icmp(`192.0.2.${c.random.int(2, 250)}`, s.ip, 11, 0, u32(0), forwarded(sent).subarray(0, 28 + 36), { ttl: 58 }),
        );
      }
    }
  }),
  twin("ha-mirror", "A declared standby of the gateway gets state and content of the active one.", (c) => {
    const s = stage(c);
    const standby = `10.${c.layout.core}.${c.random.int(246, 250)}.${c.random.int(10, 99)}`;
    const f = s.element;
    c.declared.functions.push(
      `{ name: standby-1, roles: [${f.roles.join(", ")}], vendor: ${f.vendor}, site: ${f.site}, addresses: [${standby}] }`,
    );
    c.declared.more.push(`groups: [{ kind: ha, members: [${f.name}, standby-1], carries: [signalling, state, content] }]`);
    copyPackets(c, { exit: s.exit, to: standby, wrap: wrapper(c, "custom-header") });
    play(c, s, 9000);
  }),
  twin(
    "equal-small-packets",
    "Keepalives, zeros and bare acknowledgements that are alike everywhere, of subscribers and of elements.",
    (c) => {
      const t = c.begin(3);
      const e = c.layout.sgwC;
      for (let i = 0; i < 30; i++) {
        for (const s of c.core.subscribers)
          c.traffic.datagram(s, true, t + 1 + i * 0.5 + c.random.unit() * 0.1, "198.51.100.40", 4500, 4500, Uint8Array.of(0xff));
        c.cables.udp("s11", t + 1.2 + i * 0.5, outsideAddress(e), c.layout.log, 514, 514, text("<134>1 - - - - - - "));
        c.traffic.datagram(c.subscriber(0), true, t + 1.3 + i * 0.5, "198.51.100.41", 5000, 5000, zeros(160));
      }
    },
  ),
  twin("log-lines", "An element's log lines name hosts that subscribers visited: usage, not content.", (c) => {
    const t = c.begin(2);
    for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8);
    for (let i = 0; i < 12; i++)
      c.cables.udp(
        "s11",
        t + 1 + i,
        outsideAddress(c.layout.sgwC),
        c.layout.log,
        514,
        514,
        app.syslog(
          c.layout.sgwC.name,
          `flow summary host=www.example.org bytes=${c.random.int(1000, 90_000)} packets=${c.random.int(5, 90)}`,
          c.time(t + i),
        ),
      );
  }),
  twin("random-to-undeclared", "An element sends random octets to a stranger: a peer nobody declared, not a copy.", (c) => {
    const s = stage(c);
    play(c, s, 9000);
    const [to, port] = [stranger(c), c.random.int(1025, 60_000)];
    for (let i = 0; i < 60; i++)
      c.cables.udp(s.exit.segment, s.t + 1 + i * 0.2, s.exit.address, to, 40_111, port, c.random.bytes(c.random.int(60, 1000)), "random");
    c.tolerate = ["undeclared-peer", "covert-channel"];
  }),
  twin("esp-unrelated", "A site-to-site tunnel of an element with a declared partner, whose sizes and times follow nobody.", (c) => {
    const s = stage(c);
    play(c, s, 9000);
    const partner = stranger(c);
    c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${partner}/32] }`);
    let at = s.t;
    for (let i = 0; i < 150; i++)
      c.cables.ip(
        "s11",
        (at += c.random.gap(0.1)),
        outsideAddress(c.layout.sgwC),
        partner,
        50,
        cat(u32(7777), u32(i), c.random.bytes(16 * c.random.int(3, 70))),
      );
    c.allowAtMost = { "undeclared-peer": "indication" };
  }),
  twin(
    "encrypted-s1",
    "S1-U is protected by IPsec between its declared ends; one tap sees it in ESP, another behind the security gateway in clear.",
    (c) => {
      const s = stage(c);
      const sgw = c.layout.sgwU.at.s1u ?? "";
      const esp = sealer(c);
      c.plane.watchers.push((p) => {
        const enb = p.subscriber.enb.at.s1u ?? "";
        const [from, to] = p.up ? [enb, sgw] : [sgw, enb];
        c.recorder.put(
          "backhaul.pcap",
          p.at + (p.up ? -0.0012 : 0.0012),
          ethernet(
            { src: c.cables.mac(from), dst: c.cables.mac(to) },
            ip(from, to, Protocol.ESP, esp(p.inner.length + 36, p.up), { id: c.cables.nextId() }),
          ),
        );
      });
      play(c, s, 20_000);
    },
  ),
  twin("epdg", "A subscriber at home on Wi-Fi: its packets travel in ESP between its router and the ePDG, both ways.", (c) => {
    const s = stage(c);
    const [epdg, home] = [`10.${c.layout.core}.${c.random.int(246, 250)}.${c.random.int(10, 99)}`, stranger(c)];
    c.declared.functions.push(
      `{ name: epdg-1, roles: [ePDG], vendor: ${c.layout.pgwU.vendor}, site: ${c.layout.pgwU.site}, addresses: [${epdg}] }`,
    );
    const esp = sealer(c);
    c.plane.watchers.push((p) => {
      if (p.subscriber !== s.target) return;
      const [from, to] = p.up ? [home, epdg] : [epdg, home];
      c.cables.ip("sgi", p.at + (p.up ? -0.004 : 0.002), from, to, Protocol.ESP, esp(p.inner.length, p.up));
    });
    play(c, s, 20_000);
    c.tolerate = ["undeclared-peer"];
  }),
  twin(
    "enterprise-vpn",
    "Everybody's traffic of an enterprise leaves and returns in one ESP tunnel between the gateway and its site.",
    (c) => {
      const s = stage(c);
      const site = stranger(c);
      const own = c.layout.pgwU.at.sgi ?? "";
      const esp = sealer(c);
      c.plane.watchers.push((p) => {
        const [from, to] = p.up ? [own, site] : [site, own];
        c.cables.ip("sgi", p.at + (p.up ? 0.0007 : -0.0007), from, to, Protocol.ESP, esp(p.outside.length, p.up));
      });
      play(c, s, 20_000);
      c.tolerate = ["undeclared-peer"];
    },
  ),
  twin(
    "enterprise-gre",
    "The same without encryption: packets to and from an enterprise's site pass the plain side, and then a GRE tunnel of the gateway's.",
    (c) => {
      const s = stage(c);
      const site = stranger(c);
      const own = c.layout.pgwU.at.sgi ?? "";
      c.plane.watchers.push((p) => {
        const [from, to] = p.up ? [own, site] : [site, own];
        c.cables.ip("sgi", p.at + (p.up ? 0.0007 : -0.0007), from, to, Protocol.GRE, gre(0x0800, p.outside));
      });
      play(c, s, 20_000);
      c.tolerate = ["undeclared-peer"];
    },
  ),
  twin("own-ipsec", "A subscriber's phone keeps an IPsec tunnel through its bearer to its company's gateway.", (c) => {
    const t = c.begin(2);
    const [s, office] = [c.subscriber(0), stranger(c)];
    const esp = sealer(c);
    let at = t + 1;
    for (let i = 0; i < 150; i++) {
      const up = c.random.chance(0.4);
      at += c.random.gap(0.06);
      c.plane.carry(s, up, at, ip(up ? s.ip : office, up ? office : s.ip, Protocol.ESP, esp(c.random.int(60, 1300), up), { id: i }));
    }
    c.traffic.mixture(c.subscriber(1), t, 8);
  }),
  twin("backup-job", "The gateway uploads its backup over TLS to a declared host, flat out, while a subscriber downloads.", (c) => {
    const s = stage(c);
    const host = `10.${c.layout.services.join(".")}.${c.random.int(120, 200)}`;
    c.declared.services.push(`{ name: backup-1, addresses: [${host}], protocols: [https] }`);
    elementTalk(c.core, s.element, s.t + 0.3, {
      peer: host,
      port: 443,
      fromElement: true,
      script: [
        ...app.tlsScript(c.random, "backup.example.net", []),
        ...Array.from({ length: 60 }, () => ({ from: "client" as const, data: app.tlsRecord(23, c.random.bytes(4000)), after: 0.02 })),
      ],
    });
    play(c, s, 40_000);
  }),
  twin(
    "flow-records",
    "The gateway logs each new conversation of subscribers to the log server, at once, in encrypted lines of one length.",
    (c) => {
      const s = stage(c);
      const known = new Set<string>();
      let n = 0;
      c.plane.watchers.push((p) => {
        const key = [...p.outside.subarray(12, 24)].join(".");
        if (!p.up || known.has(key)) return;
        known.add(key);
        const size = 96 + (n++ % 3);
        c.cables.udp("s11", p.at + 0.001, outsideAddress(c.layout.sgwC), c.layout.log, 41_514, 514, c.random.bytes(size));
      });
      for (let i = 0; i < 60; i++) c.traffic.dns(s.target, s.t + 1 + i * 0.2);
      play(c, s, 9000);
    },
  ),
];

/** ESP payloads of a length that follows the packet's, a sequence number for each direction. */
function sealer(c: Case): (length: number, up: boolean) => Octets {
  const spi = [c.random.u32(), c.random.u32()];
  const sequence = [1, 1];
  return (length, up) => {
    const i = up ? 0 : 1;
    const n = sequence[i] ?? 0;
    sequence[i] = n + 1;
    return cat(u32(spi[i] ?? 0), u32(n), c.random.bytes(Math.ceil((length + 2) / 4) * 4 + 24));
  };
}

/** When the frame of a passage is on SGi, near enough for a second sighting after it. */
function sgiTime(p: { up: boolean; at: number }): number {
  return p.up ? p.at + 0.0009 : p.at + 0.0001;
}

/** The proxy's own conversation with the origin server, seen on SGi. */
function proxied(c: Case, proxy: string, origin: string, at: number, path: string, body: Octets): void {
  const script = [
    { from: "client" as const, data: app.httpGet("www.example.org", path) },
    { from: "server" as const, data: app.httpOk(body), after: 0.02 },
  ];
  c.cables.talk(
    "sgi",
    tcpTalk(
      { client: proxy, server: origin, cport: c.random.int(33_000, 60_000), sport: 80, start: at, rtt: 0.02, script, serverTtl: 55 },
      c.random,
    ),
  );
}

function forwardLate(c: Case, s: Subscriber, done: number, from: string, to: { address: string; teid: number }): void {
  const server = publicServer(c.random);
  for (let i = 0; i < 8; i++) {
    const packet = udp(server, s.ip, 443, 41_000, c.random.bytes(300), { id: i, ttl: 55 });
    c.plane.carry(s, false, done - 0.04 + i * 0.004, packet);
    c.cables.udp("s1u", done - 0.036 + i * 0.004, from, to.address, 2152, 2152, gtpu(to.teid, forwarded(packet)));
  }
  c.cables.udp("s1u", done + 0.1, from, to.address, 2152, 2152, endMarker(to.teid));
}
