/** Elements that talk to addresses which nothing explains, and talk that only looks so. */
import type { Case } from "#lab/case.ts";
import { elementTalk, managementSegment } from "#lab/network/background.ts";
import { outsideAddress, type NetworkFunction } from "#lab/network/layout.ts";
import { publicServer } from "#lab/network/traffic.ts";
import * as app from "#lab/wire/applications.ts";
import { icmp } from "#lab/wire/ip.ts";
import { cat, text, u32, zeros } from "#lab/wire/octets.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";

const CLAIM = "undeclared-peer";

/** A public address that no other part of the scenario uses. */
export function stranger(c: Case): string {
  return `${c.random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${c.random.int(130, 250)}`;
}

function anElement(c: Case): NetworkFunction {
  return c.random.pick([c.layout.sgwU, c.layout.pgwU, c.layout.mme, c.layout.hss, c.layout.sgwC]);
}

function due(
  c: Case,
  element: NetworkFunction,
  receiver: string,
  o: { label?: string; minGrade?: "indication" | "corroborated"; also?: NetworkFunction[] } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    claimAlso: ["covert-channel"],
    minGrade: o.minGrade ?? "corroborated",
    element,
    receiver,
    label: o.label ?? "act",
    ...(o.also === undefined ? {} : { elementAlso: o.also }),
  });
}

/** A short TLS session, as a beacon opens. */
function beacon(c: Case, element: NetworkFunction, at: number, peer: string, port = 443): void {
  const r = c.random;
  const script = app.tlsScript(
    r,
    `${r.hex(6)}.example.net`,
    [
      { from: "client", size: r.int(120, 400), label: "act" },
      { from: "server", size: r.int(60, 300), label: "act" },
    ],
    "act",
  );
  elementTalk(c.core, element, at, { peer, port, script, fromElement: true });
}

/** One POST of an element to a host. */
function post(c: Case, e: NetworkFunction, host: string, at: number, body: string, label?: string): void {
  const own = label === undefined ? {} : { label };
  const script = [
    { from: "client" as const, data: app.httpPost("report-1", "/upload", text(body), "text/csv"), ...own },
    { from: "server" as const, data: app.httpOk(text("stored"), "text/plain"), ...own },
  ];
  elementTalk(c.core, e, at, {
    peer: host,
    port: 80,
    script,
    fromElement: true,
    address: outsideAddress(e),
    segment: managementSegment(e),
  });
}

/** Sixty subscribers with their cells, as a file by HTTP or as rows in a protocol of somebody's own. */
function bulk(c: Case, e: NetworkFunction, host: string, at: number, form: "file" | "rows", label?: string): void {
  const r = c.random;
  const imsi = (): string => c.layout.plmn + r.digits(15 - c.layout.plmn.length);
  if (form === "file") {
    post(c, e, host, at, ["imsi,ecgi,time", ...Array.from({ length: 60 }, () => `${imsi()},${r.hex(7)},${c.time(at)}`)].join("\n"), label);
    return;
  }
  const own = label === undefined ? {} : { label };
  const script = Array.from({ length: 60 }, () => [
    { from: "client" as const, data: cat(u32(r.u32()), text(`|${imsi()}|${c.layout.plmn}-${r.hex(7)}|`)), ...own, after: 0.05 },
    { from: "server" as const, data: u32(1), ...own },
  ]).flat();
  elementTalk(c.core, e, at, {
    peer: host,
    port: 7000,
    script,
    fromElement: true,
    address: outsideAddress(e),
    segment: managementSegment(e),
  });
}

export const undeclaredPeer: Scenario[] = [
  scenario(
    "peer-tls-beacon",
    "positive",
    CLAIM,
    "An element opens a short TLS session to an undeclared host about every ten minutes.",
    {},
    (c) => {
      const t = everyday(c);
      const e = anElement(c);
      const peer = stranger(c);
      for (let i = 0; i < 12; i++) beacon(c, e, t + 60 + i * 600 * (0.93 + c.random.unit() * 0.14), peer);
      due(c, e, peer);
    },
  ),
  scenario(
    "peer-odd-port",
    "positive",
    CLAIM,
    "An element keeps one long TCP session with an undeclared host on an unusual port, content of unknown kind.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const r = c.random;
      const e = anElement(c);
      const peer = stranger(c);
      const script = Array.from({ length: 20 }, (_, i) => ({
        from: i % 2 === 0 ? ("client" as const) : ("server" as const),
        data: r.bytes(r.int(30, 300)),
        after: r.gap(1),
        label: "act",
      }));
      elementTalk(c.core, e, t + 3, { peer, port: r.int(1025, 60_000), script, fromElement: true });
      due(c, e, peer);
    },
  ),
  scenario("peer-udp-oneway", "positive", CLAIM, "An element sends datagrams to an undeclared host that never answers.", {}, (c) => {
    const t = everyday(c);
    const r = c.random;
    const e = anElement(c);
    const peer = stranger(c);
    const [sport, dport] = [r.int(1025, 60_000), r.int(1025, 60_000)];
    for (let i = 0; i < 40; i++)
      c.cables.udp(managementSegment(e), t + 2 + i * 0.4, outsideAddress(e), peer, sport, dport, r.bytes(r.int(60, 900)), "act");
    due(c, e, peer, { minGrade: "indication" });
  }),
  scenario(
    "peer-inbound",
    "positive",
    CLAIM,
    "An undeclared host opens TCP sessions to an element and both sides exchange data of unknown kind.",
    {},
    (c) => {
      const t = everyday(c);
      const r = c.random;
      const e = anElement(c);
      const peer = stranger(c);
      const port = r.int(5000, 60_000);
      for (let n = 0; n < 3; n++) {
        const script = Array.from({ length: 8 }, (_, i) => ({
          from: i % 2 === 0 ? ("client" as const) : ("server" as const),
          data: r.bytes(r.int(40, 500)),
          label: "act",
        }));
        elementTalk(c.core, e, t + 3 + n * 8, { peer, port, script, fromElement: false });
      }
      due(c, e, peer);
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["covert-channel", "ungranted-access"] };
    },
  ),
  scenario("peer-undeclared-resolver", "positive", CLAIM, "An element asks a public resolver that nobody declared.", {}, (c) => {
    const t = everyday(c);
    const r = c.random;
    const e = anElement(c);
    const peer = stranger(c);
    for (let i = 0; i < 15; i++) {
      const [id, port, name] = [r.int(1, 0xffff), r.int(20_000, 60_000), `update${i}.vendor-${c.layout.vendors[0]?.id}.example.com`];
      c.cables.udp(managementSegment(e), t + 1 + i * 2, outsideAddress(e), peer, port, 53, app.dns(id, name), "act");
      c.cables.udp(
        managementSegment(e),
        t + 1.02 + i * 2,
        peer,
        outsideAddress(e),
        53,
        port,
        app.dns(id, name, { answer: publicServer(r) }),
      );
    }
    due(c, e, peer);
  }),
  scenario(
    "peer-other-protocol",
    "positive",
    CLAIM,
    "A declared time server also receives a long TLS session from an element: another protocol than declared.",
    {},
    (c) => {
      const t = everyday(c);
      const e = c.layout.sgwU;
      for (let i = 0; i < 4; i++) beacon(c, e, t + 5 + i * 7, c.layout.ntp);
      due(c, e, c.layout.ntp, { minGrade: "indication" });
    },
  ),
  scenario("twin-peer-service", "twin", CLAIM, "An element talks TLS to a declared service.", {}, (c) => {
    const t = everyday(c);
    const e = anElement(c);
    const peer = stranger(c);
    c.declared.services.push(`{ name: licence-1, addresses: [${peer}], protocols: [https, tls] }`);
    for (let i = 0; i < 12; i++) beacon(c, e, t + 60 + i * 600 * (0.93 + c.random.unit() * 0.14), peer);
  }),
  scenario("twin-peer-refused", "twin", CLAIM, "A stranger's scan: SYN to many ports of an element, each answered by RST.", {}, (c) => {
    const t = everyday(c);
    const e = anElement(c);
    const peer = stranger(c);
    for (const [i, port] of [22, 23, 80, 443, 830, 3389, 8080, 8443].entries())
      elementTalk(c.core, e, t + 3 + i * 0.3, { peer, port, script: [], fromElement: false, refused: true });
    c.allowAtMost = { "undeclared-peer": "indication", "ungranted-access": "indication" };
  }),
  scenario("twin-peer-silent", "twin", CLAIM, "A stranger's SYNs to an element that never answers.", {}, (c) => {
    const t = everyday(c);
    const e = anElement(c);
    elementTalk(c.core, e, t + 3, { peer: stranger(c), port: 22, script: [], fromElement: false, silent: true });
    c.allowAtMost = { "undeclared-peer": "indication", "ungranted-access": "indication" };
  }),
  scenario(
    "twin-peer-icmp-errors",
    "twin",
    CLAIM,
    "Routers unknown to the declaration answer elements' packets with ICMP errors that quote them.",
    {},
    (c) => {
      const t = everyday(c);
      const r = c.random;
      const e = c.layout.mme;
      const own = outsideAddress(e);
      for (let i = 0; i < 6; i++) {
        const quoted = cat(
          Uint8Array.from([0x45, 0, 0, 76]),
          r.bytes(4),
          Uint8Array.from([1, 17, 0, 0]),
          Uint8Array.from(own.split(".").map(Number)),
          Uint8Array.from(c.layout.log.split(".").map(Number)),
          zeros(8),
        );
        c.cables.send(
          managementSegment(e),
          t + 2 + i,
          icmp(`192.0.2.${r.int(2, 250)}`, own, r.pick([3, 11]), i % 2, u32(0), quoted, { ttl: 61 }),
        );
      }
    },
  ),
  scenario("twin-peer-ping-declared", "twin", CLAIM, "Echo requests and answers between an element and a declared server.", {}, (c) => {
    const t = everyday(c);
    const e = c.layout.sgwC;
    const id = c.random.int(1, 0xffff);
    const content = app.pingPattern(c.random);
    for (let i = 0; i < 8; i++) {
      c.cables.send(managementSegment(e), t + 2 + i, icmp(outsideAddress(e), c.layout.log, 8, 0, u32(id * 65_536 + i), content));
      c.cables.send(managementSegment(e), t + 2.002 + i, icmp(c.layout.log, outsideAddress(e), 0, 0, u32(id * 65_536 + i), content));
    }
  }),
  scenario("twin-peer-multicast", "twin", CLAIM, "Link-local multicast and broadcast of elements (OSPF hello, SSDP, DHCP).", {}, (c) => {
    const t = everyday(c);
    const e = c.layout.sgwU;
    const own = outsideAddress(e);
    const segment = managementSegment(e);
    for (let i = 0; i < 5; i++) {
      const hello = cat(
        Uint8Array.from([2, 1, 0, 44]),
        c.random.bytes(4),
        zeros(8),
        zeros(8),
        Uint8Array.from([255, 255, 255, 0, 0, 10, 2, 1]),
        zeros(12),
      );
      c.cables.ip(segment, t + i * 5, own, "224.0.0.5", 89, hello);
      c.cables.udp(
        segment,
        t + 1 + i * 5,
        own,
        "239.255.255.250",
        45_000,
        1900,
        text('M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: "ssdp:discover"\r\nST: ssdp:all\r\n\r\n'),
      );
    }
    c.allowAtMost = { "undeclared-peer": "indication" };
  }),
  scenario(
    "twin-peer-subscribers",
    "twin",
    CLAIM,
    "Subscribers exchange random content with hosts everywhere, on odd ports and on the ports of GTP and VXLAN.",
    {},
    (c) => {
      const t = everyday(c);
      const r = c.random;
      for (const s of c.core.subscribers) {
        const peer = stranger(c);
        for (const port of [4789, 2152, 2123, 8805, r.int(1025, 60_000)]) {
          const own = r.int(20_000, 60_000);
          for (let i = 0; i < 6; i++)
            c.traffic.datagram(
              s,
              i % 3 !== 2,
              t + 1 + r.unit() * 12,
              peer,
              i % 3 === 2 ? port : own,
              i % 3 === 2 ? own : port,
              r.bytes(r.int(30, 700)),
            );
        }
      }
    },
  ),
  scenario("twin-peer-partner", "twin", CLAIM, "GTP echo with a declared roaming partner's gateway.", { kind: "split" }, (c) => {
    const t = everyday(c);
    const peer = stranger(c);
    c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${peer}/32] }`);
    const own = c.layout.pgwC.at.s5 ?? "";
    for (let i = 0; i < 6; i++) {
      c.cables.udp("s5", t + i * 5, peer, own, 2123, 2123, Uint8Array.from([0x40, 1, 0, 9, 0, 0, i, 0, 3, 0, 1, 0, 7]));
      c.cables.udp("s5", t + i * 5 + 0.002, own, peer, 2123, 2123, Uint8Array.from([0x40, 2, 0, 9, 0, 0, i, 0, 3, 0, 1, 0, 9]));
    }
  }),
  ...(
    [
      [
        "peer-bulk-file",
        "A file of subscribers and their cells goes by HTTP to a declared host that may carry nothing of the kind.",
        "file",
      ],
      [
        "peer-bulk-rows",
        "Database rows of subscribers and cells go, in a protocol of its own, to a declared host that may not get them.",
        "rows",
      ],
    ] as const
  ).map(([name, description, form]) =>
    scenario(name, "positive", CLAIM, description, { oam: true }, (c) => {
      const t = everyday(c);
      const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
      const protocols = form === "file" ? "[http]" : "[tcp/7000]";
      c.declared.services.push(`{ name: report-1, addresses: [${host}], protocols: ${protocols} }`);
      bulk(c, c.layout.mme, host, t + 3, form, "act");
      c.expect.push({
        claim: CLAIM,
        minGrade: "corroborated",
        element: c.layout.mme,
        receiver: host,
        receiverAlso: ["report-1"],
        data: ["identity", "location"],
        label: "act",
      });
    }),
  ),
  scenario(
    "twin-peer-cdr-transfer",
    "twin",
    CLAIM,
    "The same file, as charging records to the host that `transfers` names for them.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
      c.declared.more.push(`transfers: [{ kind: cdr, from: [${c.layout.mme.name}], to: [${host}], protocols: [http] }]`);
      bulk(c, c.layout.mme, host, t + 3, "file");
    },
  ),
  scenario("twin-peer-may-carry-usage", "twin", CLAIM, "The same file, to a service that may carry usage.", { oam: true }, (c) => {
    const t = everyday(c);
    const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
    c.declared.services.push(`{ name: report-1, addresses: [${host}], protocols: [http], mayCarry: [usage] }`);
    bulk(c, c.layout.mme, host, t + 3, "file");
  }),
  scenario(
    "twin-peer-few-records",
    "twin",
    CLAIM,
    "Performance counters by cell and a handful of subscribers, to a declared host.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const host = c.layout.log.replace(/\d+$/, String(c.random.int(120, 220)));
      c.declared.services.push(`{ name: report-1, addresses: [${host}], protocols: [http] }`);
      const cells = Array.from({ length: 200 }, (_, i) => `cell=${i};attaches=${c.random.digits(15)};drops=${c.random.int(0, 99)}`);
      const few = Array.from({ length: 6 }, () => `alarm imsi ${c.layout.plmn}${c.random.digits(15 - c.layout.plmn.length)} cell 7`);
      post(c, c.layout.mme, host, t + 3, [...cells.map((row) => row.replace(/attaches=./, "attaches=0")), ...few].join("\n"));
    },
  ),
];
