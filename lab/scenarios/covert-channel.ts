/** Data where none or little belongs: extensions, echo, names, payload identifiers, padding. */
import type { Case } from "#lab/case.ts";
import { managementSegment } from "#lab/network/background.ts";
import { type NetworkFunction, outsideAddress } from "#lab/network/layout.ts";
import * as app from "#lab/wire/applications.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import { icmp, udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { cat, hex, type Octets, u16, u32, u8, zeros } from "#lab/wire/octets.ts";
import { gtpuEcho } from "#lab/wire/tunnels.ts";
import type { Grade } from "#model/finding.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "covert-channel";

function due(
  c: Case,
  element: NetworkFunction,
  receiver: string | null,
  o: { minGrade?: Grade; also?: NetworkFunction[]; receiverAlso?: (string | null)[] } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "corroborated",
    element,
    ...(o.also === undefined ? {} : { elementAlso: o.also }),
    receiver,
    receiverAlso: o.receiverAlso ?? [null],
    label: "act",
  });
}

/** `count` GTPv2 echoes from the MME to the gateway, each with an extension, answered. */
function echoes(c: Case, at: number, count: number, extension: (i: number) => Octets, label?: string): void {
  for (let i = 0; i < count; i++) {
    const n = c.core.nextGtp();
    c.core.s11(true, at + i * 0.8, gtp.echo(true, n, 7, extension(i)), label);
    c.core.s11(false, at + i * 0.8 + 0.002, gtp.echo(false, n, 12));
  }
}

function pings(c: Case, from: string, to: string, at: number, count: number, content: (i: number) => Octets, label?: string): void {
  const id = c.random.int(1, 0xffff);
  for (let i = 0; i < count; i++) {
    const payload = content(i);
    const rest = cat(u16(id), u16(i));
    c.cables.send("s11", at + i * 0.7, icmp(from, to, 8, 0, rest, payload, { id: c.cables.nextId() }), label);
    c.cables.send("s11", at + i * 0.7 + 0.001, icmp(to, from, 0, 0, rest, payload, { id: c.cables.nextId() }));
  }
}

export const covertChannel: Scenario[] = [
  scenario(
    "channel-echo-extension",
    "positive",
    CLAIM,
    "Forty GTPv2 Echo Requests carry a Private Extension of an unknown enterprise with fresh random content.",
    {},
    (c) => {
      const t = everyday(c);
      const enterprise = c.random.int(20_000, 60_000);
      echoes(c, t + 1, 40, () => gtp.privateExtension(enterprise, c.random.bytes(c.random.int(60, 200))), "act");
      due(c, c.layout.mme, c.layout.sgwC.at.s11 ?? "", { also: [c.layout.sgwC], receiverAlso: [c.layout.mme.at.s11 ?? "", null] });
    },
  ),
  scenario(
    "channel-gtpu-echo-extension",
    "positive",
    CLAIM,
    "The same in GTP-U echoes between a base station and the gateway.",
    {},
    (c) => {
      const t = everyday(c);
      const enb = c.layout.enbs[0]!;
      const [a, b] = [enb.at.s1u ?? "", c.layout.sgwU.at.s1u ?? ""];
      for (let i = 0; i < 40; i++) {
        const content = c.random.bytes(120);
        const extension = cat(u8(255), u16(content.length + 2), u16(31_000), content);
        c.cables.udp("s1u", t + 1 + i * 0.6, a, b, 2152, 2152, gtpuEcho(1, i, extension), "act");
        c.cables.udp("s1u", t + 1.002 + i * 0.6, b, a, 2152, 2152, gtpuEcho(2, i));
      }
      due(c, enb, b, { also: [c.layout.sgwU], receiverAlso: [a, null] });
    },
  ),
  scenario(
    "channel-gtpdoor",
    "positive",
    CLAIM,
    "A probe in the manner of GTPDOOR from a stranger: an echo request of version 0 with octets behind its header.",
    {},
    (c) => {
      const t = everyday(c);
      const [from, to] = [stranger(c), c.layout.sgwC.at.s11 ?? ""];
      for (let i = 0; i < 3; i++)
        c.cables.udp(
          "s11",
          t + 3 + i * 4,
          from,
          to,
          c.random.int(30_000, 60_000),
          2123,
          cat(hex("0001000000000000"), c.random.bytes(9), hex("721f1808"), u8(6), u16(0)),
          "act",
        );
      due(c, c.layout.sgwC, from, { minGrade: "indication" });
      c.tolerate = ["undeclared-peer"];
    },
  ),
  scenario("channel-icmp", "positive", CLAIM, "Echo requests between two elements carry random content, fresh each time.", {}, (c) => {
    const t = everyday(c);
    const [a, b] = [c.layout.mme.at.s11 ?? "", c.layout.sgwC.at.s11 ?? ""];
    pings(c, a, b, t + 1, 40, () => c.random.bytes(c.random.int(200, 900)), "act");
    due(c, c.layout.mme, b, { also: [c.layout.sgwC], receiverAlso: [a, null] });
  }),
  scenario(
    "channel-dns-tunnel",
    "positive",
    CLAIM,
    "An element asks the declared resolver for names that carry data; answers carry data back in TXT.",
    {},
    (c) => {
      const t = everyday(c);
      const e = c.layout.sgwC;
      const [own, segment, zone] = [outsideAddress(e), managementSegment(e), `t${c.random.hex(3)}.example.com`];
      for (let i = 0; i < 60; i++) {
        const name = `${c.random.hex(58)}.${c.random.hex(50)}.${zone}`;
        c.cables.udp(segment, t + 1 + i * 0.4, own, c.layout.dns, 41_000 + i, 53, app.dns(i + 1, name, { type: 16 }), "act");
        c.cables.udp(
          segment,
          t + 1.02 + i * 0.4,
          c.layout.dns,
          own,
          53,
          41_000 + i,
          app.dns(i + 1, name, { type: 16, txt: c.random.bytes(180) }),
          "act",
        );
      }
      due(c, e, c.layout.dns, { receiverAlso: [zone, null] });
    },
  ),
  scenario(
    "channel-sctp-ppid",
    "positive",
    CLAIM,
    "DATA chunks with an unassigned payload protocol identifier on the S1 association.",
    {},
    (c) => {
      const t = everyday(c);
      const enb = c.layout.enbs[0]!;
      for (let i = 0; i < 25; i++)
        c.core.assoc(enb).sendRaw(true, t + 1 + i * 0.7, 0x7a000000 + 17, c.random.bytes(c.random.int(80, 300)), 7, "act");
      due(c, enb, c.layout.mme.at.s1c ?? "", { also: [c.layout.mme], receiverAlso: [enb.at.s1c ?? "", null] });
    },
  ),
  scenario(
    "channel-padding",
    "positive",
    CLAIM,
    "Short frames between two elements are padded with random octets in place of zeros, always fresh.",
    {},
    (c) => {
      const t = everyday(c);
      const [a, b] = [c.layout.mme.at.s11 ?? "", c.layout.sgwC.at.s11 ?? ""];
      for (let i = 0; i < 60; i++) {
        const packet = udp(a, b, 2123, 2123, gtp.echo(true, c.core.nextGtp(), 7), { id: c.cables.nextId() });
        const frame = ethernet(c.cables.link("s11", a, b), packet);
        frame.set(c.random.bytes(frame.length - 14 - packet.length), 14 + packet.length);
        c.cables.frame("s11", t + 1 + i * 0.5, cat(frame, c.random.bytes(30)), "act");
      }
      due(c, c.layout.mme, b, { minGrade: "indication", also: [c.layout.sgwC], receiverAlso: [a, null] });
    },
  ),
  scenario("twin-channel-declared-extension", "twin", CLAIM, "The vendor's documented extension, the same content each time.", {}, (c) => {
    const t = everyday(c);
    const enterprise = c.random.int(20_000, 60_000);
    const content = c.random.bytes(16);
    c.declared.more.push(
      `extensions: [{ enterprise: ${enterprise}, functions: [${c.layout.mme.name}, ${c.layout.sgwC.name}], content: constant }]`,
    );
    echoes(c, t + 1, 40, () => gtp.privateExtension(enterprise, content));
  }),
  scenario("twin-channel-ping", "twin", CLAIM, "Ordinary echo requests between elements: a time stamp and counting octets.", {}, (c) => {
    const t = everyday(c);
    const stamp = c.random.int(1, 1_000_000);
    pings(c, c.layout.mme.at.s11 ?? "", c.layout.sgwC.at.s11 ?? "", t + 1, 40, (i) =>
      cat(
        u32(c.layout.epoch + Math.floor(t + i * 0.7)),
        zeros(4),
        u32(stamp + i * 700_000),
        zeros(4),
        Uint8Array.from({ length: 40 }, (_, n) => 0x10 + n),
      ),
    );
  }),
  scenario("twin-channel-plain-echo", "twin", CLAIM, "GTP echoes with the Recovery IE alone.", {}, (c) => {
    const t = everyday(c);
    echoes(c, t + 1, 40, () => zeros(0));
  }),
  scenario("twin-channel-epc-names", "twin", CLAIM, "Elements resolve long but ordinary 3GPP names at the declared resolver.", {}, (c) => {
    const t = everyday(c);
    const own = outsideAddress(c.layout.mme);
    for (let i = 0; i < 40; i++) {
      const name = `tac-lb${(i % 16).toString(16).padStart(2, "0")}.tac-hb00.tac.${c.layout.realm}`;
      c.cables.udp(managementSegment(c.layout.mme), t + 1 + i * 0.5, own, c.layout.dns, 42_000 + i, 53, app.dns(i + 1, name));
      c.cables.udp(
        managementSegment(c.layout.mme),
        t + 1.004 + i * 0.5,
        c.layout.dns,
        own,
        53,
        42_000 + i,
        app.dns(i + 1, name, { answer: c.layout.sgwC.at.s11 ?? "" }),
      );
    }
  }),
  scenario(
    "twin-channel-subscriber",
    "twin",
    CLAIM,
    "A subscriber tunnels in DNS and in echo inside its own bearer: the subscriber's business.",
    {},
    (c) => {
      const t = everyday(c);
      const [s, peer] = [c.subscriber(0), stranger(c)];
      for (let i = 0; i < 30; i++) {
        c.traffic.dns(s, t + 1 + i * 0.4, { name: `${c.random.hex(56)}.t.example.com` });
        c.plane.carry(s, true, t + 1.1 + i * 0.4, icmp(s.ip, peer, 8, 0, u32(i), c.random.bytes(200)));
      }
    },
  ),
];
