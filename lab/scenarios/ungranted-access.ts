/** Management sessions that no grant covers, whatever port they run on, and sessions that are covered. */
import type { Case } from "#lab/case.ts";
import { elementTalk, managementSegment, maintenance } from "#lab/network/background.ts";
import { type LayoutOptions, type NetworkFunction, outsideAddress } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { anew } from "#lab/network/traffic.ts";
import * as app from "#lab/wire/applications.ts";
import { udp } from "#lab/wire/ip.ts";
import { cat, hex, type Octets, text, u32, u8, zeros } from "#lab/wire/octets.ts";
import { tcpTalk, type Line } from "#lab/wire/tcp-talk.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "ungranted-access";

/** A device of the network's own subscribers is the party: it goes by its address, which is an identity. */
function fromSubscriber(
  name: string,
  description: string,
  minGrade: "indication" | "corroborated" | "proven",
  act: (c: Case, s: Subscriber, at: number) => NetworkFunction | string,
  o: LayoutOptions = {},
): Scenario {
  return scenario(name, "positive", CLAIM, description, o, (c) => {
    const t = everyday(c);
    const s = c.subscriber(0);
    const element = act(c, s, t + 4);
    c.expect.push({ claim: CLAIM, minGrade, element, receiver: s.temporary ?? s.ip, subscriber: s, label: "act" });
  });
}

/** ONC RPC over TCP (RFC 5531 §9, §11): calls of a vendor's own program, each answered. */
function oncRpc(c: Case): Line[] {
  const [program, xid] = [0x2000_0000 + c.random.int(1, 0xfffff), c.random.u32()];
  const record = (body: Octets): Octets => cat(u32(0x8000_0000 + body.length), body);
  return Array.from({ length: 4 }, (_, i): Line[] => [
    client(record(cat(u32(xid + i), u32(0), u32(2), u32(program), u32(12), u32(i + 1), zeros(16), c.random.bytes(8 * c.random.int(1, 9))))),
    server(record(cat(u32(xid + i), u32(1), u32(0), zeros(8), u32(0), c.random.bytes(8 * c.random.int(2, 60))))),
  ]).flat();
}

/** DCE RPC: bind and its acceptance, requests and responses; little-endian. */
function dceRpc(c: Case): Line[] {
  const le16 = (n: number): Octets => Uint8Array.of(n & 255, n >> 8);
  const pdu = (type: number, call: number, body: Octets): Octets =>
    cat(Uint8Array.of(5, 0, type, 3, 0x10, 0, 0, 0), le16(16 + body.length), le16(0), Uint8Array.of(call, 0, 0, 0), body);
  const requests = [2, 3, 4].flatMap((call): Line[] => [
    client(pdu(0, call, c.random.bytes(40))),
    server(pdu(2, call, c.random.bytes(c.random.int(80, 300)))),
  ]);
  return [client(pdu(11, 1, c.random.bytes(56))), server(pdu(12, 1, c.random.bytes(44))), ...requests];
}

/** gRPC without TLS: preface, settings, headers with the content type in clear, data both ways. */
function grpc(c: Case): Line[] {
  const frame = (type: number, flags: number, stream: number, body: Octets): Octets =>
    cat(Uint8Array.of(0, body.length >> 8, body.length & 255, type, flags), u32(stream), body);
  const settings = frame(4, 0, 0, hex("000300000064"));
  const headers = frame(1, 4, 1, cat(hex("8386"), hex("44"), u8(9), text("/em.Cli/X"), hex("5f"), u8(16), text("application/grpc")));
  return [
    client(cat(text("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings, headers, frame(0, 0, 1, cat(u8(0), u32(40), c.random.bytes(40))))),
    server(
      cat(
        settings,
        frame(1, 4, 1, cat(hex("885f"), u8(16), text("application/grpc"))),
        frame(0, 0, 1, cat(u8(0), u32(300), c.random.bytes(300))),
      ),
    ),
    client(frame(0, 1, 1, cat(u8(0), u32(20), c.random.bytes(20)))),
    server(frame(0, 1, 1, cat(u8(0), u32(90), c.random.bytes(90)))),
  ];
}

/** MySQL's greeting, a log-in, a query and its answer (protocol version 10). */
function database(c: Case): Line[] {
  const packet = (n: number, body: Octets): Octets => cat(Uint8Array.of(body.length & 255, body.length >> 8, 0, n), body);
  return [
    server(
      packet(
        0,
        cat(
          hex("0a"),
          text("8.0.36\0"),
          hex("0b000000"),
          c.random.bytes(8),
          hex("00fff7ff0200ff8115"),
          zeros(10),
          c.random.bytes(12),
          hex("00"),
        ),
      ),
    ),
    client(packet(1, cat(hex("85a23f0000000001ff"), zeros(23), text("root\0"), hex("14"), c.random.bytes(20)))),
    server(packet(2, hex("00000002000000"))),
    client(packet(0, cat(hex("03"), text("select * from subscribers")))),
    server(packet(1, hex("02"))),
  ];
}

function page(c: Case): Line[] {
  return app.tlsScript(
    c.random,
    "",
    [
      { from: "client", size: 500 },
      { from: "server", size: 6000 },
      { from: "client", size: 700 },
    ],
    "act",
  );
}

function due(c: Case, element: NetworkFunction, party: string, minGrade: "indication" | "corroborated" | "proven" = "proven"): void {
  c.expect.push({ claim: CLAIM, minGrade, element, receiver: party, label: "act" });
}

function ssh(c: Case, e: NetworkFunction, at: number, party: string, port = 22): void {
  elementTalk(c.core, e, at, { peer: party, port, script: app.sshScript(c.random, 6, { label: "act", pause: 0.6 }), fromElement: false });
}

const client = (data: Octets): Line => ({ from: "client", data, label: "act" });
const server = (data: Octets): Line => ({ from: "server", data, label: "act" });

function telnet(c: Case): Line[] {
  const lines: Line[] = [
    server(hex("fffd18fffd20fffd23fffd27")),
    client(hex("fffb18fffb20fffc23fffb27")),
    server(text("\r\nUser Access Verification\r\n\r\nUsername: ")),
    client(text("admin\r\n")),
    server(text("Password: ")),
    client(text(`${c.random.hex(8)}\r\n`)),
  ];
  for (const command of ["enable", "show running-config", "monitor session 1 source interface eth2"])
    lines.push(
      server(text(`${c.layout.sgwU.name}# `)),
      client(text(`${command}\r\n`)),
      server(text(`${command}\r\n${c.random.hex(60)}\r\n`)),
    );
  return lines;
}

function rdp(c: Case): Line[] {
  return [
    client(cat(hex("0300002b26e00000000000"), text("Cookie: mstshash=admin\r\n"), hex("0100080003000000").subarray(0, 8))),
    server(hex("030000130ed000001234000201080002000000")),
    ...app.tlsScript(
      c.random,
      c.layout.mme.name,
      [
        { from: "client", size: 900 },
        { from: "server", size: 4000 },
        { from: "client", size: 300 },
      ],
      "act",
    ),
  ];
}

function netconf(): Line[] {
  const hello = `<?xml version="1.0" encoding="UTF-8"?><hello xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><capabilities><capability>urn:ietf:params:netconf:base:1.1</capability></capabilities></hello>]]>]]>`;
  const get = `<?xml version="1.0" encoding="UTF-8"?><rpc message-id="101" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><get-config><source><running/></source></get-config></rpc>]]>]]>`;
  const reply = `<?xml version="1.0" encoding="UTF-8"?><rpc-reply message-id="101" xmlns="urn:ietf:params:xml:ns:netconf:base:1.0"><data/></rpc-reply>]]>]]>`;
  return [server(text(hello)), client(text(hello)), client(text(get)), server(text(reply))];
}

function tr069(): Line[] {
  const soap = (inner: string): string =>
    `<?xml version="1.0"?><soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/" xmlns:cwmp="urn:dslforum-org:cwmp-1-0"><soap:Body>${inner}</soap:Body></soap:Envelope>`;
  return [
    client(
      app.httpPost(
        "cpe.example.net",
        "/acs",
        text(soap("<cwmp:GetParameterValues><ParameterNames><string>Device.</string></ParameterNames></cwmp:GetParameterValues>")),
        "text/xml",
      ),
    ),
    server(app.httpOk(text(soap("<cwmp:GetParameterValuesResponse/>")), "text/xml")),
  ];
}

function web(c: Case): Line[] {
  const login = text(`user=admin&pass=${c.random.hex(10)}`);
  return [
    client(app.httpGet(c.layout.mme.name, "/login")),
    server(app.httpOk(text("<html><title>Element manager</title><form action=/login>"), "text/html")),
    client(app.httpPost(c.layout.mme.name, "/login", login, "application/x-www-form-urlencoded")),
    server(app.httpOk(text("<html>Configuration</html>"), "text/html")),
  ];
}

export const ungrantedAccess: Scenario[] = [
  scenario(
    "access-ssh-support",
    "positive",
    CLAIM,
    "The vendor's support range opens SSH to the gateway; it is declared as an operator, but no grant names it.",
    {},
    (c) => {
      const t = everyday(c, { maintenance: true });
      const party = stranger(c);
      c.declared.operators.push(`{ name: ${c.layout.sgwU.vendor}-support, addresses: [${party}/32] }`);
      ssh(c, c.layout.sgwU, t + 4, party);
      due(c, c.layout.sgwU, party);
    },
  ),
  scenario("access-ssh-oam-tap", "positive", CLAIM, "The same on a management network of its own.", { oam: true }, (c) => {
    const t = everyday(c, { maintenance: true });
    const party = stranger(c);
    ssh(c, c.layout.mme, t + 4, party);
    due(c, c.layout.mme, party);
  }),
  scenario("access-ssh-odd-port", "positive", CLAIM, "SSH to an element on a port above 50,000, from a host nobody declared.", {}, (c) => {
    const t = everyday(c, { maintenance: true });
    const party = stranger(c);
    ssh(c, c.layout.sgwC, t + 4, party, c.random.int(50_000, 60_000));
    due(c, c.layout.sgwC, party);
  }),
  scenario("access-ssh-declared-port", "positive", CLAIM, "SSH spoken on port 443, so that it passes for a web page.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    ssh(c, c.layout.mme, t + 4, party, 443);
    due(c, c.layout.mme, party);
  }),
  scenario("access-telnet", "positive", CLAIM, "Telnet to the gateway by a party without a grant; commands are in clear.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    elementTalk(c.core, c.layout.sgwU, t + 4, { peer: party, port: c.random.pick([23, 2323]), script: telnet(c), fromElement: false });
    due(c, c.layout.sgwU, party);
    c.expect[0] = { ...c.expect[0]!, data: [] };
  }),
  scenario(
    "access-https",
    "positive",
    CLAIM,
    "TLS to an element's web management on port 8443 by an undeclared party.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      const party = stranger(c);
      const script = app.tlsScript(
        c.random,
        "",
        [
          { from: "client", size: 500 },
          { from: "server", size: 6000 },
          { from: "client", size: 700 },
          { from: "server", size: 2000 },
        ],
        "act",
      );
      elementTalk(c.core, c.layout.sgwC, t + 4, { peer: party, port: c.random.pick([443, 8443, 18_443]), script, fromElement: false });
      due(c, c.layout.sgwC, party);
      c.expect[0] = { ...c.expect[0]!, claimAlso: ["undeclared-peer"] };
    },
  ),
  scenario("access-http", "positive", CLAIM, "Web management in clear with a log-in, by an undeclared party.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    elementTalk(c.core, c.layout.mme, t + 4, { peer: party, port: c.random.pick([80, 8080]), script: web(c), fromElement: false });
    due(c, c.layout.mme, party);
  }),
  scenario("access-snmp-set", "positive", CLAIM, "An undeclared host reads and writes an element by SNMP, and is answered.", {}, (c) => {
    const t = everyday(c, { maintenance: true });
    const party = stranger(c);
    const e = c.layout.sgwU;
    for (let i = 0; i < 5; i++) {
      const [id, port] = [c.random.u32(), c.random.int(30_000, 60_000)];
      c.cables.udp(managementSegment(e), t + 3 + i, party, outsideAddress(e), port, 161, app.snmp(i === 4 ? "set" : "get", id), "act");
      c.cables.udp(managementSegment(e), t + 3.01 + i, outsideAddress(e), party, 161, port, app.snmp("response", id, i), "act");
    }
    due(c, e, party);
  }),
  scenario("access-netconf", "positive", CLAIM, "NETCONF in clear (over TCP) to an element by a party without a grant.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    elementTalk(c.core, c.layout.sgwC, t + 4, { peer: party, port: c.random.pick([830, 2022]), script: netconf(), fromElement: false });
    due(c, c.layout.sgwC, party);
  }),
  scenario("access-rdp", "positive", CLAIM, "A remote desktop session to an element's host.", { oam: true }, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    elementTalk(c.core, c.layout.hss, t + 4, { peer: party, port: c.random.pick([3389, 33_890]), script: rdp(c), fromElement: false });
    due(c, c.layout.hss, party);
  }),
  scenario("access-tr069", "positive", CLAIM, "A CWMP (TR-069) server nobody declared reads a base station's parameters.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    const e = c.layout.enbs[0]!;
    elementTalk(c.core, e, t + 4, {
      peer: party,
      port: 7547,
      script: tr069(),
      fromElement: false,
      address: e.at.s1c ?? "",
      segment: "s1c",
    });
    due(c, e, party);
  }),
  scenario(
    "access-expired-grant",
    "positive",
    CLAIM,
    "The operations centre's grant ended last month; its SSH session comes all the same.",
    {},
    (c) => {
      const t = everyday(c);
      c.grantNoc([c.layout.mme], "[ssh]", [-200, -30]);
      ssh(c, c.layout.mme, t + 4, c.layout.noc);
      due(c, c.layout.mme, c.layout.noc);
    },
  ),
  scenario("access-future-grant", "positive", CLAIM, "The grant begins tomorrow.", {}, (c) => {
    const t = everyday(c);
    c.grantNoc([c.layout.mme], "[ssh]", [1, 30]);
    ssh(c, c.layout.mme, t + 4, c.layout.noc);
    due(c, c.layout.mme, c.layout.noc);
  }),
  scenario(
    "access-other-function",
    "positive",
    CLAIM,
    "The party is granted the MME, and opens SSH to the subscriber database.",
    {},
    (c) => {
      const t = everyday(c, { maintenance: true });
      ssh(c, c.layout.hss, t + 4, c.layout.noc);
      due(c, c.layout.hss, c.layout.noc);
    },
  ),
  scenario("access-other-protocol", "positive", CLAIM, "Granted for SNMP alone, the party opens SSH.", {}, (c) => {
    const t = everyday(c);
    c.grantNoc([c.layout.sgwU], "[snmp]");
    ssh(c, c.layout.sgwU, t + 4, c.layout.noc);
    due(c, c.layout.sgwU, c.layout.noc);
  }),
  ...(
    [
      ["ssh", "proven", (c: Case) => app.sshScript(c.random, 6, { label: "act", pause: 0.4 })],
      ["telnet", "proven", telnet],
      ["mysql", "proven", database],
      ["onc-rpc", "proven", oncRpc],
      ["dce-rpc", "proven", dceRpc],
      ["grpc", "corroborated", grpc],
      ["https", "corroborated", page],
    ] as const
  ).flatMap(([kind, grade, script]) => [
    fromSubscriber(`access-bearer-${kind}`, `A device speaks ${kind} to the MME from within its bearer.`, grade, (c, s, at) => {
      const e = c.layout.mme;
      c.traffic.talk(s, at, e.at.s1c ?? "", kind === "https" ? 8443 : c.random.int(2000, 9000), script(c));
      return e;
    }),
  ]),
  fromSubscriber(
    "access-bearer-ipv6",
    "The same over IPv6, from an address that the device made itself.",
    "proven",
    (c, s, at) => {
      const own = `2001:db8:${c.layout.core.toString(16)}:ff::${c.random.int(2, 99)}`;
      c.declared.functions.push(`{ name: em-1, roles: [EMS], vendor: ${c.layout.mme.vendor}, addresses: [${own}] }`);
      s.temporary = anew(s, c.random);
      c.traffic.talk(s, at, own, 22, app.sshScript(c.random, 6, { label: "act", pause: 0.4 }));
      return "em-1";
    },
    { ipv6: true },
  ),
  fromSubscriber(
    "access-sgi-telnet",
    "A device reaches a base station by way of SGi, which is all that is tapped of it.",
    "proven",
    (c, s, at) => {
      const e = c.layout.enbs[0]!;
      const segments = tcpTalk(
        { client: s.ip, server: e.at.s1c ?? "", cport: 40_001, sport: 23, start: at, rtt: 0.01, script: telnet(c), serverTtl: 60 },
        c.random,
      );
      for (const g of segments) c.cables.send("sgi", g.at, g.packet, g.label);
      return e;
    },
  ),
  scenario("access-element-calls-device", "positive", CLAIM, "An element opens SSH at a subscriber's device, by way of SGi.", {}, (c) => {
    const t = everyday(c);
    const [s, e] = [c.subscriber(0), c.layout.pgwU];
    const from = outsideAddress(e);
    const script = app.sshScript(c.random, 6, { label: "act", pause: 0.4 });
    const segments = tcpTalk(
      { client: from, server: s.ip, cport: 40_001, sport: 22, start: t + 4, rtt: 0.02, script, serverTtl: 60 },
      c.random,
    );
    for (const g of segments) c.cables.send("sgi", g.at, g.packet, g.label);
    c.expect.push({ claim: "undeclared-peer", minGrade: "indication", element: e, receiver: s.ip, label: "act" });
  }),
  scenario(
    "twin-access-server-calls-device",
    "twin",
    CLAIM,
    "An application server opens a page of a device (a push), which is its part.",
    {},
    (c) => {
      const t = everyday(c);
      const host = `10.${c.layout.core}.${c.random.int(246, 254)}.${c.random.int(2, 250)}`;
      c.declared.functions.push(`{ name: push-1, roles: [AS], vendor: ${c.layout.mme.vendor}, addresses: [${host}] }`);
      const segments = tcpTalk(
        { client: host, server: c.subscriber(0).ip, cport: 40_001, sport: 8080, start: t + 4, rtt: 0.02, script: web(c), serverTtl: 60 },
        c.random,
      );
      for (const g of segments) c.cables.send("sgi", g.at, g.packet);
    },
  ),
  ...(["dns", "proxy", "p-cscf", "portal"] as const).map((what) =>
    scenario(
      `twin-access-bearer-${what}`,
      "twin",
      CLAIM,
      `What subscribers may reach in the core, from within the bearer: ${what}.`,
      {},
      (c) => {
        const t = everyday(c);
        const s = c.subscriber(0);
        const host = `10.${c.layout.core}.${c.random.int(246, 254)}.${c.random.int(2, 250)}`;
        if (what === "dns") {
          c.declared.functions.push(`{ name: resolver-1, roles: [DNS], vendor: ${c.layout.mme.vendor}, addresses: [${host}] }`);
          c.traffic.dns(s, t + 2, { server: host });
          c.traffic.talk(s, t + 3, host, 443, page(c));
        } else if (what === "p-cscf") {
          c.declared.functions.push(`{ name: pcscf-1, roles: [P-CSCF], vendor: ${c.layout.mme.vendor}, addresses: [${host}] }`);
          c.traffic.talk(s, t + 2, host, 5061, page(c));
          c.traffic.talk(s, t + 3, host, 80, web(c));
        } else if (what === "portal") {
          c.declared.functions.push(`{ name: shop-1, roles: [AS], vendor: ${c.layout.mme.vendor}, addresses: [${host}] }`);
          c.declared.services.push(`{ name: portal, addresses: [${host}], protocols: [http, https] }`);
          c.traffic.talk(s, t + 2, host, 80, web(c));
          c.traffic.talk(s, t + 3, host, 443, page(c));
        } else {
          c.declared.more.push(`middleboxes: [{ kind: proxy, addresses: [${host}] }]`);
          c.traffic.talk(s, t + 2, host, 8080, web(c));
        }
      },
    ),
  ),
  scenario(
    "twin-access-bearer-refused",
    "twin",
    CLAIM,
    "A device tries SSH and telnet at the MME and the gateway from within its bearer; nobody lets it in.",
    {},
    (c) => {
      const t = everyday(c);
      const s = c.subscriber(0);
      for (const [i, port] of [22, 23, 830].entries()) {
        const segments = tcpTalk(
          {
            client: s.ip,
            server: c.layout.mme.at.s1c ?? "",
            cport: 41_000 + i,
            sport: port,
            start: t + 2 + i,
            rtt: 0.01,
            script: [],
            refused: true,
          },
          c.random,
        );
        for (const g of segments) c.plane.carry(s, g.up, g.at, g.packet);
      }
      c.allowAtMost = { "ungranted-access": "indication" };
    },
  ),
  scenario(
    "twin-access-bearer-spoofed",
    "twin",
    CLAIM,
    "A device writes an element's address as its source: in the bearer that accuses nobody.",
    {},
    (c) => {
      const t = everyday(c);
      const s = c.subscriber(0);
      const far = stranger(c);
      for (let i = 0; i < 10; i++)
        c.plane.carry(s, true, t + 2 + i, udp(c.layout.mme.at.s1c ?? "", far, 40_000, 161, app.snmp("get", i + 1), { id: i }));
      // On SGi the packets bear the element's address like any of its own.
      c.allowAtMost = { "undeclared-peer": "indication" };
    },
  ),
  scenario(
    "twin-access-granted",
    "twin",
    CLAIM,
    "SSH from the operations centre under a grant in force, on an unusual port too.",
    {},
    (c) => {
      const t = everyday(c);
      c.grantNoc([c.layout.sgwU, c.layout.mme], "[ssh]");
      maintenance(c.core, c.layout.sgwU, t + 3);
      ssh(c, c.layout.mme, t + 8, c.layout.noc, 2222);
    },
  ),
  scenario(
    "twin-access-grant-range",
    "twin",
    CLAIM,
    "The grant names a party whose range holds the caller; SNMP and HTTPS are covered too.",
    { oam: true },
    (c) => {
      const t = everyday(c);
      c.grantNoc([c.layout.sgwU, c.layout.mme, c.layout.hss, c.layout.sgwC], "[ssh, snmp, https]");
      ssh(c, c.layout.hss, t + 3, c.layout.noc2);
      const script = app.tlsScript(c.random, "em.example", [
        { from: "client", size: 500 },
        { from: "server", size: 3000 },
      ]);
      elementTalk(c.core, c.layout.mme, t + 6, { peer: c.layout.noc, port: 443, script, fromElement: false });
    },
  ),
  scenario("twin-access-refused", "twin", CLAIM, "An undeclared host tries SSH and telnet; the element refuses with RST.", {}, (c) => {
    const t = everyday(c);
    const party = stranger(c);
    for (const [i, port] of [22, 23, 2222, 830].entries())
      elementTalk(c.core, c.layout.mme, t + 3 + i, { peer: party, port, script: [], fromElement: false, refused: true });
    c.allowAtMost = { "ungranted-access": "indication", "undeclared-peer": "indication" };
  }),
  scenario(
    "twin-access-subscriber-ssh",
    "twin",
    CLAIM,
    "A subscriber's own SSH and remote desktop sessions to hosts on the internet.",
    {},
    (c) => {
      const t = everyday(c);
      c.traffic.talk(c.subscriber(0), t + 2, stranger(c), 22, app.sshScript(c.random, 5, { pause: 0.4 }));
      c.traffic.talk(
        c.subscriber(1),
        t + 3,
        stranger(c),
        3389,
        rdp(c).map((l) => ({ from: l.from, data: l.data })),
      );
    },
  ),
  scenario(
    "twin-access-admf",
    "twin",
    CLAIM,
    "X1 over TLS from a declared administration function: tasking, not management access.",
    {},
    (c) => {
      const t = everyday(c);
      const admf = `10.${c.random.int(1, 9)}.8.${c.random.int(2, 250)}`;
      c.declared.lawful.administration.push(admf);
      const script = app.tlsScript(c.random, "x1.example", [
        { from: "client", size: 900 },
        { from: "server", size: 400 },
      ]);
      elementTalk(c.core, c.layout.sgwC, t + 3, { peer: admf, port: 8443, script, fromElement: false });
    },
  ),
];
