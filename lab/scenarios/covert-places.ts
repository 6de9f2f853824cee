/** Further places where data hide, each with what an honest network does in the same place. */
import type { Case } from "#lab/case.ts";
import { managementSegment } from "#lab/network/background.ts";
import { type NetworkFunction, outsideAddress } from "#lab/network/layout.ts";
import * as app from "#lab/wire/applications.ts";
import * as dia from "#lab/wire/diameter.ts";
import { icmp, ip, Protocol, udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import { cat, type Octets, text, u16, u32, u8, zeros } from "#lab/wire/octets.ts";
import * as px from "#lab/wire/pfcp.ts";
import { sctp } from "#lab/wire/sctp.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import type { Grade } from "#model/finding.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "covert-channel";
const CUPS = { kind: "cups" } as const;

function due(c: Case, ends: readonly NetworkFunction[], addresses: readonly string[], minGrade: Grade = "corroborated"): void {
  const [element, ...also] = ends;
  if (element === undefined) return;
  c.expect.push({
    claim: CLAIM,
    minGrade,
    element,
    elementAlso: also,
    receiver: addresses[0] ?? null,
    receiverAlso: [...addresses.slice(1), null],
    label: "act",
  });
}

function positive(
  name: string,
  description: string,
  play: (c: Case, t: number, s11: readonly [string, string]) => void,
  kind?: "cups",
): Scenario {
  return scenario(name, "positive", CLAIM, description, kind === undefined ? {} : CUPS, (c) => {
    play(c, everyday(c), [c.layout.mme.at.s11 ?? "", c.layout.sgwC.at.s11 ?? ""]);
  });
}

function twin(
  name: string,
  description: string,
  play: (c: Case, t: number, s11: readonly [string, string]) => void,
  kind?: "cups",
): Scenario {
  return scenario(name, "twin", CLAIM, description, kind === undefined ? {} : CUPS, (c) => {
    play(c, everyday(c), [c.layout.mme.at.s11 ?? "", c.layout.sgwC.at.s11 ?? ""]);
  });
}

/** A PFCP vendor element (§8.1.1): type from 32768 on, enterprise, content. */
const vendorIe = (enterprise: number, content: Octets): Octets => px.pie(33_000, u16(enterprise), content);

function modifications(c: Case, t: number, count: number, content: (i: number) => Octets, label?: string): void {
  for (let i = 0; i < count; i++)
    c.core.modification(c.subscriber(i % 3), t + 1 + i * 0.5, content(i), label === undefined ? {} : { label });
}

/** S6a reports that hold one more AVP, or AVPs of another kind. */
function reports(c: Case, t: number, count: number, more: (i: number) => Octets[], label?: string): void {
  for (let i = 0; i < count; i++) {
    const s = c.subscriber(i % 3);
    const session = c.core.session(c.core.host(c.layout.mme.name));
    const ids = { hop: c.random.u32(), end: c.random.u32(), command: 323, application: dia.Application.s6a };
    const send = (request: boolean, at: number, avps: Octets[], own?: string): void =>
      void c.core.s6a.send(request, at, dia.diameter({ ...ids, request }, avps), {
        stream: 1,
        ...(own === undefined ? {} : { label: own }),
      });
    send(true, t + 1 + i * 0.4, [...dia.opening(c.core.peers(true, session)), dia.userName(s.imsi), ...more(i)], label);
    send(false, t + 1.01 + i * 0.4, dia.opening(c.core.peers(false, session), 2001));
  }
}

function ping(c: Case, from: string, to: string, at: number, sequence: number, request: Octets, reply: Octets, label?: string): void {
  const rest = cat(u16(0x77), u16(sequence));
  c.cables.send("s11", at, icmp(from, to, 8, 0, rest, request, { id: c.cables.nextId() }));
  c.cables.send("s11", at + 0.001, icmp(to, from, 0, 0, rest, reply, { id: c.cables.nextId() }), label);
}

const frameCheck = (frame: Octets): Octets => {
  let crc = 0xffff_ffff;
  for (const octet of frame) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb8_8320 : crc >>> 1;
  }
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, (crc ^ 0xffff_ffff) >>> 0, true);
  return out;
};

/** Short frames from the MME to several gateways and base stations, each padded with what `content` gives (18 octets and fewer). */
function padded(
  c: Case,
  t: number,
  count: number,
  receivers: readonly string[],
  content: (i: number, octets: number) => Octets,
  label?: string,
): void {
  const from = c.layout.mme.at.s11 ?? "";
  for (let i = 0; i < count; i++) {
    const to = receivers[i % receivers.length] ?? "";
    const packet = udp(from, to, 2123, 2123, gtp.echo(true, c.core.nextGtp(), 7), { id: c.cables.nextId() });
    const frame = ethernet(c.cables.link("s11", from, to), packet);
    const at = 14 + packet.length;
    frame.set(content(i, frame.length - at).subarray(0, frame.length - at), at);
    c.cables.frame("s11", t + 1 + i * 0.12, frame, label);
  }
}

/** The gateway and other functions that hear the MME on this link. */
const hearers = (c: Case): string[] => [
  c.layout.sgwC.at.s11 ?? "",
  ...[1, 2, 3, 4, 5].map((i) => `10.${c.layout.services.join(".")}.${200 + i}`),
];
const declareHearers = (c: Case): void => {
  for (const [i, address] of hearers(c).slice(1).entries())
    c.declared.functions.push(`{ name: sgw-x${i}, roles: [SGW], vendor: ${c.layout.sgwC.vendor}, site: Core, addresses: [${address}] }`);
};

export const covertPlaces: Scenario[] = [
  positive(
    "channel-behind-header",
    "A vendor's element of an undeclared enterprise: a header that never changes, and fresh random octets behind it.",
    (c, t) => {
      const enterprise = c.random.int(20_000, 60_000);
      const header = cat(u32(0x0102_0304), text("VENDOR-FEATURE/1.0 "), zeros(12));
      modifications(c, t, 40, () => vendorIe(enterprise, cat(header, c.random.bytes(32))), "act");
      due(c, [c.layout.sgwC, c.layout.sgwU], [c.layout.sgwU.at.sx ?? "", c.layout.sgwC.at.sx ?? ""]);
    },
    "cups",
  ),
  twin(
    "twin-channel-header-counter",
    "A vendor's element with a header, a counter, a time and an identifier of 64 bits.",
    (c, t) => {
      const enterprise = c.random.int(20_000, 60_000);
      const header = cat(u32(0x0102_0304), text("VENDOR-FEATURE/1.0 "), zeros(12));
      modifications(c, t, 60, (i) => vendorIe(enterprise, cat(header, u32(i), u32(c.random.u32()), c.random.bytes(8))));
    },
    "cups",
  ),
  positive(
    "channel-padding-spread",
    "Random octets in the padding of short frames, spread over six receivers so that none gets much.",
    (c, t) => {
      declareHearers(c);
      padded(c, t, 150, hearers(c), (_, n) => c.random.bytes(n), "act");
      due(c, [c.layout.mme], hearers(c), "indication");
    },
  ),
  positive("channel-padding-text", "Text in the padding of short frames, new each time.", (c, t) => {
    const words = "meet at the old bridge tonight bring papers and tell nobody where we went last week through hidden gardens".split(" ");
    const letter = text(Array.from({ length: 200 }, () => `${c.random.pick(words)} ${c.random.int(1, 999)}`).join(" "));
    padded(c, t, 90, [c.layout.sgwC.at.s11 ?? ""], (i, n) => letter.subarray(i * n, (i + 1) * n), "act");
    due(c, [c.layout.mme], [c.layout.sgwC.at.s11 ?? ""], "indication");
  }),
  twin(
    "twin-channel-padding-leak",
    "A driver that does not clear its buffers: the padding of short frames is what earlier, longer frames held.",
    (c, t) => {
      declareHearers(c);
      const from = c.layout.mme.at.s11 ?? "";
      const earlier: Octets[] = [];
      for (let i = 0; i < 120; i++) {
        const body = cat(c.random.bytes(24), text(`name-${c.random.hex(24)}`));
        c.cables.udp("s11", t + 1 + i * 0.12, from, c.layout.log, 40_000, 514, cat(text("<134>"), body));
        earlier.push(body);
      }
      padded(c, t + 0.06, 120, hearers(c), (i, n) => {
        const old = earlier[Math.max(0, i - (i % 3))] ?? zeros(0);
        const at = c.random.int(0, Math.max(0, old.length - n));
        return old.subarray(at, at + n);
      });
    },
  ),
  positive(
    "channel-pfcp-vendor",
    "Session modifications hold a vendor element of an undeclared enterprise, fresh random content each time.",
    (c, t) => {
      const enterprise = c.random.int(20_000, 60_000);
      modifications(c, t, 30, () => vendorIe(enterprise, c.random.bytes(c.random.int(30, 120))), "act");
      due(c, [c.layout.sgwC, c.layout.sgwU], [c.layout.sgwU.at.sx ?? "", c.layout.sgwC.at.sx ?? ""]);
    },
    "cups",
  ),
  positive("channel-diameter-vendor", "Reports to the HSS hold a vendor's AVP with fresh random content.", (c, t) => {
    const vendor = c.random.int(20_000, 60_000);
    reports(c, t, 30, () => [dia.avp(c.random.int(1, 9), c.random.bytes(48), vendor)], "act");
    due(c, [c.layout.mme, c.layout.hss], [c.layout.hss.at.s6a ?? "", c.layout.mme.at.s6a ?? ""]);
  }),
  positive("channel-diameter-padding", "The padding of AVPs holds data in place of zeros.", (c, t) => {
    const dirty = (): Octets => {
      const avp = dia.avp(1, text("x".repeat(c.random.int(1, 5) * 4 + 1)));
      avp.set(c.random.bytes(3), avp.length - 3);
      return avp;
    };
    reports(c, t, 60, () => Array.from({ length: 6 }, dirty), "act");
    due(c, [c.layout.mme, c.layout.hss], [c.layout.hss.at.s6a ?? "", c.layout.mme.at.s6a ?? ""]);
  }),
  positive("channel-sctp-padding", "The padding of SCTP chunks holds data in place of zeros.", (c, t) => {
    const enb = c.layout.enbs[0]!;
    const [a, b] = [enb.at.s1c ?? "", c.layout.mme.at.s1c ?? ""];
    const tag = c.random.u32();
    for (let i = 0; i < 250; i++) {
      const chunk = cat(u8(4), u8(0), u16(9), u16(1), u16(5), c.random.bytes(4));
      c.cables.send("s1c", t + 1 + i * 0.05, ip(a, b, Protocol.SCTP, sctp(36_412, 36_412, tag, [chunk]), { id: c.cables.nextId() }), "act");
    }
    due(c, [enb, c.layout.mme], [b, a]);
  }),
  positive("channel-udp-surplus", "Octets between the end of the UDP datagram and the end of its IP packet.", (c, t, [a, b]) => {
    for (let i = 0; i < 40; i++) {
      const echo = gtp.echo(true, c.core.nextGtp(), 7);
      const datagram = cat(u16(2123), u16(2123), u16(8 + echo.length), u16(0), echo, c.random.bytes(c.random.int(20, 60)));
      c.cables.ip("s11", t + 1 + i * 0.4, a, b, Protocol.UDP, datagram, "act");
    }
    due(c, [c.layout.mme, c.layout.sgwC], [b, a]);
  }),
  positive("channel-gtpc-surplus", "Octets behind a GTP-C message that its length field does not cover.", (c, t, [a, b]) => {
    for (let i = 0; i < 40; i++) {
      const n = c.core.nextGtp();
      const message = cat(gtp.releaseAccess(true, n, c.random.u32()), c.random.bytes(c.random.int(20, 60)));
      c.cables.udp("s11", t + 1 + i * 0.4, a, b, 2123, 2123, message, "act");
      c.cables.udp("s11", t + 1.002 + i * 0.4, b, a, 2123, 2123, gtp.releaseAccess(false, n, c.random.u32()));
    }
    due(c, [c.layout.mme, c.layout.sgwC], [b, a]);
  }),
  positive("channel-gtpu-surplus", "Octets behind a user packet's G-PDU in its datagram.", (c, t) => {
    const s = c.subscriber(0);
    const [a, b] = [s.downlink.address, s.uplink.address];
    for (let i = 0; i < 40; i++) {
      const packet = icmp(s.ip, "203.0.113.7", 8, 0, cat(u16(1), u16(i)), zeros(56));
      c.cables.udp("s1u", t + 1 + i * 0.4, a, b, 2152, 2152, cat(gtpu(s.uplink.teid, packet), c.random.bytes(30)), "act");
    }
    due(c, [s.enb, c.layout.sgwU], [b, a]);
  }),
  positive("channel-icmp-reply", "Replies hold other data than the requests: the answers of a remote shell.", (c, t, [a, b]) => {
    const asked = cat(
      zeros(8),
      Uint8Array.from({ length: 300 }, (_, n) => n & 0xff),
    );
    for (let i = 0; i < 30; i++) ping(c, a, b, t + 1 + i * 0.5, i, asked, c.random.bytes(308), "act");
    due(c, [c.layout.sgwC, c.layout.mme], [a, b]);
  }),
  positive("channel-icmp-text", "Requests that carry commands and their output in clear: fresh, but not random.", (c, t, [a, b]) => {
    const words = ["cat", "/etc/shadow", "ls", "-la", "id", "uname", "netstat", "tcpdump", "session", "profile", "subscriber", "trace"];
    for (let i = 0; i < 30; i++) {
      const line = Array.from({ length: 20 }, () => c.random.pick(words)).join(" ");
      const data = cat(zeros(24), text(line.slice(0, 90).padEnd(90, ".")));
      c.cables.send("s11", t + 1 + i * 0.5, icmp(a, b, 8, 0, cat(u16(0x78), u16(i)), data, { id: c.cables.nextId() }), "act");
      c.cables.send("s11", t + 1.001 + i * 0.5, icmp(b, a, 0, 0, cat(u16(0x78), u16(i)), data, { id: c.cables.nextId() }));
    }
    due(c, [c.layout.mme, c.layout.sgwC], [b, a], "indication");
  }),
  positive("channel-icmp-brief", "A hundred echo requests of sixteen octets, all of them data.", (c, t, [a, b]) => {
    for (let i = 0; i < 100; i++) {
      const data = c.random.bytes(16);
      const rest = cat(u16(0x7a), u16(i));
      c.cables.send("s11", t + 1 + i * 0.2, icmp(a, b, 8, 0, rest, data, { id: c.cables.nextId() }), "act");
      c.cables.send("s11", t + 1.001 + i * 0.2, icmp(b, a, 0, 0, rest, data, { id: c.cables.nextId() }));
    }
    due(c, [c.layout.mme, c.layout.sgwC], [b, a]);
  }),
  positive("channel-extension-brief", "A dozen private extensions of thirty octets: too little to be sure.", (c, t, [a, b]) => {
    const enterprise = c.random.int(20_000, 60_000);
    for (let i = 0; i < 12; i++) {
      const echo = gtp.echo(true, c.core.nextGtp(), 7, gtp.privateExtension(enterprise, c.random.bytes(30)));
      c.cables.udp("s11", t + 1 + i, a, b, 2123, 2123, echo, "act");
    }
    due(c, [c.layout.mme, c.layout.sgwC], [b, a], "indication");
  }),
  positive(
    "channel-gtpdoor-version-1",
    "The same knock under a header of version 1 that claims more octets than there are.",
    (c, t, [, b]) => {
      const from = stranger(c);
      for (let i = 0; i < 3; i++) {
        const knock = cat(u8(0x32), u8(1), u16(0x0400), u32(0), c.random.bytes(9), c.random.bytes(4), u8(6), u16(0));
        c.cables.udp("s11", t + 3 + i * 4, from, b, c.random.int(30_000, 60_000), 2123, knock, "act");
      }
      due(c, [c.layout.sgwC], [from], "indication");
      c.tolerate = ["undeclared-peer"];
    },
  ),
  positive("channel-icmp-stranger", "The same random content, to a host that nobody declared.", (c, t, [a]) => {
    const to = stranger(c);
    for (let i = 0; i < 40; i++) {
      const data = c.random.bytes(c.random.int(200, 500));
      const rest = cat(u16(0x79), u16(i));
      c.cables.send("s11", t + 1 + i * 0.5, icmp(a, to, 8, 0, rest, data, { id: c.cables.nextId() }), "act");
      c.cables.send("s11", t + 1.04 + i * 0.5, icmp(to, a, 0, 0, rest, data, { id: c.cables.nextId() }));
    }
    due(c, [c.layout.mme], [to]);
  }),
  twin("twin-channel-frame-check", "All frames are captured with their check sequence: four octets behind each, new each time.", (c) => {
    const { recorder } = c;
    for (const file of recorder.fileNames()) recorder.rewrite(file, (frame) => cat(frame, frameCheck(frame)));
  }),
  twin("twin-channel-tap-trailer", "The tap appends its time stamp and number to every frame.", (c) => {
    const { recorder } = c;
    for (const file of recorder.fileNames()) recorder.rewrite(file, (frame) => cat(frame, c.random.bytes(20)));
  }),
  twin("twin-channel-windows-ping", "Echo requests in the manner of Windows, and of a ping with a set pattern.", (c, t, [a, b]) => {
    const alphabet = text("abcdefghijklmnopqrstuvwabcdefghi");
    const pattern = Uint8Array.from({ length: 200 }, (_, n) => [0xde, 0xad, 0xbe, 0xef, 0x01][n % 5] ?? 0);
    for (let i = 0; i < 40; i++) {
      const data = i % 2 === 0 ? alphabet : pattern;
      ping(c, a, b, t + 1 + i * 0.5, i, data, data);
    }
  }),
  twin(
    "twin-channel-ping-fixed-random",
    "A monitoring tool fills its pings with random octets, the same ones each time, behind a time stamp.",
    (c, t, [a, b]) => {
      const fill = c.random.bytes(400);
      for (let i = 0; i < 40; i++) {
        const data = cat(u32(c.layout.epoch + i), c.random.bytes(4), zeros(8), fill);
        ping(c, a, b, t + 1 + i * 0.5, i, data, data.subarray(0, 100));
      }
    },
  ),
  twin(
    "twin-channel-pfcp-load",
    "A vendor's element reports load: counters that change, and no secret in them.",
    (c, t) => {
      modifications(c, t, 40, (i) => vendorIe(40_123, cat(u32(i), u32(1_000_000 + i * 1_371), u16(50 + (i % 7)), zeros(12))));
    },
    "cups",
  ),
  twin("twin-channel-diameter-state", "A vendor's AVP repeats its software's name and version.", (c, t) => {
    reports(c, t, 40, () => [dia.avp(7, text("Release 7.2.1-b1188 build 2025-11-04T08:00Z"), 40_123)]);
  }),
  twin("twin-channel-cloud-names", "An element asks for a few long names of a content network, again and again.", (c, t) => {
    const own = outsideAddress(c.layout.sgwC);
    const segment = managementSegment(c.layout.sgwC);
    const names = Array.from({ length: 4 }, () => `d${c.random.hex(24)}.${c.random.hex(18)}.cdn.example.net`);
    for (let i = 0; i < 60; i++) {
      const name = names[i % names.length] ?? "";
      c.cables.udp(segment, t + 1 + i * 0.3, own, c.layout.dns, 43_000 + i, 53, app.dns(i + 1, name));
      c.cables.udp(segment, t + 1.01 + i * 0.3, c.layout.dns, own, 53, 43_000 + i, app.dns(i + 1, name, { answer: "203.0.113.80" }));
    }
  }),
  twin("twin-channel-reverse-names", "An element looks up the names of many addresses in ip6.arpa.", (c, t) => {
    const own = outsideAddress(c.layout.sgwC);
    const segment = managementSegment(c.layout.sgwC);
    for (let i = 0; i < 60; i++) {
      const name = `${Array.from(c.random.hex(32)).join(".")}.ip6.arpa`;
      c.cables.udp(segment, t + 1 + i * 0.3, own, c.layout.dns, 44_000 + i, 53, app.dns(i + 1, name, { type: 12 }));
    }
  }),
];
