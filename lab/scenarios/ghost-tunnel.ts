/** User data in tunnels that signalling never made, and tunnels whose signalling is merely elsewhere. */
import type { Case } from "#lab/case.ts";
import { s1Handover, x2Handover } from "#lab/network/handover.ts";
import { publicServer } from "#lab/network/traffic.ts";
import * as app from "#lab/wire/applications.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { forwarded, udp } from "#lab/wire/ip.ts";
import { isV6, type Octets } from "#lab/wire/octets.ts";
import { endMarker, gtpu } from "#lab/wire/tunnels.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "ghost-tunnel";

/** A QUIC-like conversation of `ue`, handed packet by packet to `carry`. */
function flow(c: Case, ue: string, at: number, packets: number, carry: (up: boolean, at: number, packet: Octets) => void): void {
  const r = c.random;
  const server = publicServer(r);
  const port = r.int(32_000, 60_000);
  const [a, b] = [r.bytes(8), r.bytes(8)];
  let t = at;
  for (let i = 0; i < packets; i++) {
    const up = r.chance(0.4);
    const payload = up ? app.quicLike(r, a, r.int(60, 250)) : app.quicLike(r, b, r.int(300, 1100));
    carry(
      up,
      t,
      up
        ? udp(ue, server, port, 443, payload, { id: r.int(0, 0xffff) })
        : udp(server, ue, 443, port, payload, { id: r.int(0, 0xffff), ttl: 54 }),
    );
    t += r.gap(0.15);
  }
}

/** What a device of `s` might send, brought to the gateway by `far` under the TEID that signalling gave to the device's base station, and forwarded on SGi. */
function uplink(c: Case, s: Subscriber, at: number, packets: number, far: string, label: string | undefined = "act"): void {
  const r = c.random;
  const server = isV6(s.ip) ? "2001:db8:f000:1::77" : publicServer(r);
  for (let i = 0; i < packets; i++) {
    const packet = udp(s.ip, server, 40_123, 443, app.quicLike(r, r.bytes(8), r.int(60, 900)), { id: r.int(0, 0xffff) });
    const t = at + i * 0.05;
    c.cables.udp("s1u", t, far, s.uplink.address, 2152, 2152, gtpu(s.uplink.teid, packet), label);
    c.cables.send("sgi", t + 0.0006, forwarded(packet), undefined);
  }
}

/** G-PDUs between two addresses with a TEID for each direction. */
function tunnelFlow(
  c: Case,
  ue: string,
  at: number,
  packets: number,
  o: { far: string; near: string; up: number; down: number; sgi?: boolean; segment?: "s1u" | "s5" },
): void {
  flow(c, ue, at, packets, (up, t, packet) => {
    c.cables.udp(o.segment ?? "s1u", t, up ? o.far : o.near, up ? o.near : o.far, 2152, 2152, gtpu(up ? o.up : o.down, packet), "act");
    if (o.sgi === true) c.cables.send("sgi", t + 0.0005, packet, undefined);
  });
}

export const ghostTunnel: Scenario[] = [
  scenario(
    "ghost-never-signalled",
    "positive",
    CLAIM,
    "All attaches are seen; later user data flows on a pair of TEIDs that no signalling assigned, for an address never assigned.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const enb = l.enbs[0]!;
      tunnelFlow(c, `${l.pool}.${c.random.int(180, 250)}`, t + 30, 60, {
        far: enb.at.s1u ?? "",
        near: l.sgwU.at.s1u ?? "",
        up: c.random.u32(),
        down: c.random.u32(),
        sgi: true,
      });
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: l.sgwU,
        elementAlso: [enb],
        receiver: enb.at.s1u ?? "",
        receiverAlso: [l.sgwU.at.s1u ?? "", null],
        data: ["content"],
        label: "act",
      });
    },
  ),
  scenario(
    "ghost-unknown-endpoint",
    "positive",
    CLAIM,
    "A gateway exchanges G-PDUs with an address that no signalling ever named and nobody declared.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const far = stranger(c);
      tunnelFlow(c, `${l.pool}.${c.random.int(180, 250)}`, t + 20, 60, {
        far,
        near: l.sgwU.at.s1u ?? "",
        up: c.random.u32(),
        down: c.random.u32(),
      });
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: l.sgwU,
        receiver: far,
        data: ["content"],
        label: "act",
      });
      c.tolerate = ["undeclared-peer"];
    },
  ),
  ...(["ipv4", "ipv6"] as const).map((inner) =>
    scenario(
      `ghost-signalled-teid-${inner}`,
      "positive",
      CLAIM,
      `A stranger sends ${inner} user data to the gateway under a TEID that was signalled for somebody's base station; the gateway forwards it.`,
      { ipv6: inner === "ipv6" },
      (c) => {
        const t = everyday(c);
        const s = c.subscriber(0);
        const far = stranger(c);
        c.traffic.quic(s, t + 15, 30);
        uplink(c, s, t + 20, 50, far);
        c.expect.push({
          claim: CLAIM,
          minGrade: "corroborated",
          element: c.layout.sgwU,
          receiver: far,
          subscriber: s,
          data: ["content"],
          label: "act",
        });
        c.tolerate = ["undeclared-peer"];
      },
    ),
  ),
  scenario(
    "ghost-other-enb",
    "positive",
    CLAIM,
    "Another base station of the network sends under a TEID that was given to the first one's user, who is still there.",
    {},
    (c) => {
      const t = everyday(c);
      const s = c.subscriber(0);
      const far = c.layout.enbs.find((e) => e !== s.enb)!.at.s1u ?? "";
      c.traffic.quic(s, t + 15, 30);
      uplink(c, s, t + 20, 50, far);
      c.traffic.quic(s, t + 24, 20);
      c.expect.push({
        claim: CLAIM,
        minGrade: "indication",
        element: c.layout.sgwU,
        receiver: far,
        subscriber: s,
        data: ["content"],
        label: "act",
      });
    },
  ),
  scenario(
    "twin-ghost-translated-enb",
    "twin",
    CLAIM,
    "Addresses are translated between the base stations and the gateway: all that arrives bears an address that no signalling names.",
    {},
    (c) => {
      const t = c.begin(2);
      const seen = `10.${c.layout.core}.250.9`;
      c.tolerate = ["undeclared-peer"];
      for (const s of [c.subscriber(0), c.subscriber(1)]) uplink(c, s, t + 3, 40, seen, "");
    },
  ),
  scenario(
    "twin-ghost-other-address",
    "twin",
    CLAIM,
    "A base station sends its users' data from another address of its own than the one it signals.",
    {},
    (c) => {
      const t = everyday(c);
      const s = c.subscriber(0);
      c.traffic.quic(s, t + 15, 30);
      uplink(c, s, t + 20, 50, s.enb.at.s1c ?? "", "");
    },
  ),
  scenario(
    "ghost-after-delete",
    "positive",
    CLAIM,
    "A session is deleted, answered and all; a minute later its tunnel carries a conversation again.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const s = c.subscriber(0);
      const end = c.core.detach(s, t + 50);
      tunnelFlow(c, s.ip, end + 60, 60, {
        far: s.downlink.address,
        near: s.uplink.address,
        up: s.uplink.teid,
        down: s.downlink.teid,
        sgi: true,
      });
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: l.sgwU,
        elementAlso: [s.enb],
        receiver: s.downlink.address,
        receiverAlso: [s.uplink.address, null],
        data: ["content"],
        label: "act",
      });
    },
  ),
  scenario(
    "ghost-downlink-only",
    "positive",
    CLAIM,
    "Only downlink: the gateway sends user data to a base station under a TEID that this base station never gave.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const enb = l.enbs[1]!;
      const s = c.subscriber(0);
      const [teid, near] = [c.random.u32(), l.sgwU.at.s1u ?? ""];
      flow(c, s.ip, t + 25, 80, (up, at, packet) => {
        if (!up) c.cables.udp("s1u", at, near, enb.at.s1u ?? "", 2152, 2152, gtpu(teid, packet), "act");
      });
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: l.sgwU,
        elementAlso: [enb],
        receiver: enb.at.s1u ?? "",
        receiverAlso: [near, null],
        data: ["content"],
        label: "act",
      });
    },
  ),
  scenario(
    "ghost-s5",
    "positive",
    CLAIM,
    "The same between a gateway and an address inside the declared ranges of nobody, on S5/S8.",
    { kind: "split" },
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const far = stranger(c);
      tunnelFlow(c, `${l.pool}.${c.random.int(180, 250)}`, t + 15, 50, {
        far,
        near: l.pgwU.at.s5 ?? "",
        up: c.random.u32(),
        down: c.random.u32(),
        segment: "s5",
      });
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: l.pgwU,
        receiver: far,
        data: ["content"],
        label: "act",
      });
      c.tolerate = ["undeclared-peer"];
    },
  ),
  scenario(
    "twin-ghost-mid-session",
    "twin",
    CLAIM,
    "The capture starts when the sessions already run: their set-up is not in it.",
    {},
    (c) => {
      const t = everyday(c);
      c.recorder.startAt = t + 1;
      c.core.attach(c.core.newSubscriber(), t + 6);
    },
  ),
  scenario(
    "twin-ghost-s8-partner",
    "twin",
    CLAIM,
    "Inbound roamers' tunnels of a declared partner, set up before the capture began, beside sessions that are set up in it.",
    { kind: "split" },
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const far = stranger(c);
      c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${far}/32], kind: roaming }`);
      tunnelFlow(c, `10.77.${c.random.int(1, 9)}.${c.random.int(2, 250)}`, t + 6, 50, {
        far,
        near: l.pgwU.at.s5 ?? "",
        up: c.random.u32(),
        down: c.random.u32(),
        segment: "s5",
      });
    },
  ),
  scenario(
    "twin-ghost-one-way-scan",
    "twin",
    CLAIM,
    "A stranger sends a few G-PDUs with guessed tunnel ids; nothing answers but an error indication.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const from = stranger(c);
      for (let i = 0; i < 2; i++) {
        const inner = udp(`${l.pool}.9`, "203.0.113.5", 40_000, 53, app.dns(i + 1, "example.org"), { id: i });
        c.cables.udp("s1u", t + 5 + i, from, l.sgwU.at.s1u ?? "", 2152, 2152, gtpu(c.random.u32(), inner));
      }
      c.allowAtMost = { "undeclared-peer": "indication", "ghost-tunnel": "indication" };
    },
  ),
  scenario(
    "twin-ghost-x2-forwarding",
    "twin",
    CLAIM,
    "At an X2 handover the source forwards undelivered packets to the target's forwarding end, then end markers.",
    { enbs: 3 },
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      c.traffic.mixture(s, t, 4);
      const h = x2Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 12,
      );
      const from = h.oldEnb.at.s1u ?? "";
      flow(c, s.ip, h.done - 0.05, 20, (up, at, packet) => {
        if (!up && at < h.done + 0.8) c.cables.udp("s1u", at, from, h.forwarding.address, 2152, 2152, gtpu(h.forwarding.teid, packet));
      });
      c.cables.udp("s1u", h.done + 0.9, from, h.forwarding.address, 2152, 2152, endMarker(h.forwarding.teid));
      c.traffic.mixture(s, h.done + 1, 4);
    },
  ),
  scenario("twin-ghost-x2-unseen", "twin", CLAIM, "The same, but X2 signalling runs outside the tapped wires.", { enbs: 3 }, (c) => {
    const t = c.begin(2);
    const s = c.subscriber(0);
    const h = x2Handover(
      c.core,
      s,
      c.layout.enbs.find((e) => e !== s.enb)!,
      t + 12,
      { visible: false },
    );
    const from = h.oldEnb.at.s1u ?? "";
    flow(c, s.ip, h.done - 0.05, 20, (up, at, packet) => {
      if (!up && at < h.done + 0.8) c.cables.udp("s1u", at, from, h.forwarding.address, 2152, 2152, gtpu(h.forwarding.teid, packet));
    });
    c.cables.udp("s1u", h.done + 0.9, from, h.forwarding.address, 2152, 2152, endMarker(h.forwarding.teid));
    c.traffic.mixture(s, h.done + 1, 4);
  }),
  scenario(
    "twin-ghost-indirect",
    "twin",
    CLAIM,
    "At an S1 handover packets are forwarded by the gateway: Create Indirect Data Forwarding Tunnel names the ends.",
    { enbs: 3 },
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      c.traffic.mixture(s, t, 4);
      const h = s1Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 12,
        { indirect: true },
      );
      flow(c, s.ip, h.done - 0.04, 20, (up, at, packet) => {
        if (!up && at < h.done + 0.5)
          c.cables.udp("s1u", at, h.oldEnb.at.s1u ?? "", h.forwarding.address, 2152, 2152, gtpu(h.forwarding.teid, packet));
      });
      c.traffic.mixture(s, h.done + 1, 4);
    },
  ),
  scenario(
    "twin-ghost-late-packets",
    "twin",
    CLAIM,
    "After a release and a delete a few packets are still under way, and end markers follow.",
    {},
    (c) => {
      const t = everyday(c);
      const l = c.layout;
      const s = c.subscriber(0);
      const end = c.core.detach(s, t + 50);
      const server = publicServer(c.random);
      for (let i = 0; i < 4; i++)
        c.cables.udp(
          "s1u",
          end + 0.05 + i * 0.1,
          l.sgwU.at.s1u ?? "",
          s.downlink.address,
          2152,
          2152,
          gtpu(s.downlink.teid, udp(server, s.ip, 443, 40_000, c.random.bytes(200))),
        );
      c.cables.udp("s1u", end + 0.6, l.sgwU.at.s1u ?? "", s.downlink.address, 2152, 2152, endMarker(s.downlink.teid));
    },
  ),
  scenario(
    "twin-ghost-silent-hole",
    "twin",
    CLAIM,
    "For a second the taps see nothing and say nothing of it: an attach was in it. Only the numbers of the next requests leap.",
    {},
    (c) => {
      const t = c.begin(2);
      const [missed, later] = c.layout.enbs;
      c.recorder.hole = [t + 6, t + 7.5];
      const s = c.core.newSubscriber(missed);
      const done = c.core.attach(s, t + 6.1);
      if (done > t + 7.4) c.recorder.hole = [t + 6, done + 0.1];
      c.traffic.mixture(s, done + 0.3, 8, 3000);
      const other = c.core.newSubscriber(later);
      c.traffic.mixture(other, c.core.attach(other, t + 9) + 0.1, 3);
    },
  ),
  scenario(
    "twin-ghost-silent-hole-handover",
    "twin",
    CLAIM,
    "The same with a handover in it: the user goes on from another base station, whose association says nothing more.",
    { enbs: 3 },
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      c.traffic.mixture(s, t, 4);
      c.recorder.hole = [t + 11, t + 13];
      const h = x2Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 11.5,
      );
      c.traffic.mixture(s, h.done + 1, 4, 3000);
    },
  ),
];
