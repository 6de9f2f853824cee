import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { explainFlow, type FlowExplanation, type FlowQuestion } from "./explain.ts";
import { loadDeclaration, parseDeclaration } from "./load.ts";
import { Lookup } from "./lookup.ts";

const NETWORK = `
network: { name: Exampletel, country: FR, plmns: ["20801"] }
vendors: { acme: { name: Acme } }
functions:
  - { name: enb-1, roles: [eNB], vendor: acme, addresses: [10.1.0.1] }
  - { name: enb-2, roles: [eNodeB], vendor: acme, addresses: [10.1.0.2] }
  - { name: mme-1, roles: [MME], addresses: [10.0.0.1] }
  - { name: mme-2, roles: [MME], addresses: [10.0.0.11] }
  - { name: spgw-1, roles: [SPGW], addresses: [10.0.0.2, 10.0.1.2] }
  - { name: sgw-c, roles: [SGW-C], addresses: [10.0.0.3] }
  - { name: saegw-u, roles: [SAEGW-U], addresses: [10.0.0.4] }
  - { name: hss-1, roles: [HSS], addresses: [10.0.0.5] }
  - { name: pcrf-1, roles: [PCRF], addresses: [10.0.0.6] }
  - { name: gmlc-1, roles: [GMLC], addresses: [10.0.0.7] }
  - { name: ofcs-1, roles: [OFCS], addresses: [10.0.0.8] }
  - { name: odd-1, roles: [FROBNICATOR], addresses: [10.0.0.9] }
  - { name: ems-1, roles: [EMS], addresses: [10.0.0.10] }
  - { name: amf-1, roles: [AMF], addresses: [10.5.0.1] }
  - { name: smf-1, roles: [SMF+PGW-C], addresses: [10.5.0.2] }
  - { name: upf-1, roles: [UPF], addresses: [10.5.0.3] }
  - { name: gnb-1, roles: [gNB], addresses: [10.5.0.4] }
  - { name: pcscf-1, roles: [P-CSCF], addresses: [10.5.0.5] }
  - { name: rnc-1, roles: [RNC], addresses: [10.6.0.1] }
  - { name: sgsn-1, roles: [SGSN], addresses: [10.6.0.2] }
  - { name: ggsn-1, roles: [GGSN], addresses: [10.6.0.3] }
subscribers: { addresses: [172.16.0.0/24, "2001:db8:77::/48"] }
services:
  - { name: ntp-1, addresses: [10.9.0.5], protocols: [ntp] }
  - { name: dns-1, addresses: [10.9.0.6], protocols: [dns] }
  - { name: backup, addresses: [10.9.0.22], protocols: [ssh] }
  - { name: snmp-mgr, addresses: [10.9.0.61], protocols: [snmp] }
  - { name: log-1, addresses: [10.9.0.14], protocols: [syslog, tcp/9000-9010] }
operators:
  - { name: noc, addresses: [10.9.8.0/28] }
  - { name: support, addresses: [198.51.100.128/28] }
grants:
  - { party: noc, functions: [spgw-1, nfvi-4], protocols: [ssh, snmp], from: 2026-01-01T00:00:00Z, to: 2026-12-31T00:00:00Z, ticket: CHG-1 }
lawful: { administration: [10.8.0.1], mediation: [10.8.0.2], monitoring: [192.0.2.10] }
partners:
  - { name: Othertel, plmns: ["26201"], addresses: [203.0.113.0/28], kind: roaming }
trace: { collectors: [10.9.0.9] }
hosts: [{ name: nfvi-4, runs: [upf-1], addresses: [10.7.0.4] }]
groups: [{ kind: ha, members: [mme-1, mme-2], virtual: [10.0.0.99], carries: [state] }]
middleboxes:
  - { kind: cgnat, addresses: [10.0.3.1], inside: [172.16.0.0/24], outside: [198.51.100.0/28] }
  - { kind: secgw, addresses: [10.0.3.2] }
monitoring: [{ name: probe-1, kind: probe, from: [spgw-1], to: [10.9.1.1], encapsulation: gre, scope: all }]
signalling: [{ name: dra-1, kind: dra, addresses: [10.0.4.1] }]
transfers: [{ kind: cdr, from: [spgw-1], to: [10.9.2.1], protocols: [sftp], mayCarry: [usage] }]
`;
const look = new Lookup(parseDeclaration(NETWORK, "network.yaml").declaration);
const AT = Date.UTC(2026, 5, 1) * 1000;

interface Ask extends Partial<Omit<FlowQuestion, "protocol">> {
  readonly proto?: number;
}
/** `10.0.0.1:33 > 10.0.0.2:22`, TCP unless said otherwise, both ways, mid-2026. */
function ask(flow: string, { proto = 6, ...more }: Ask = {}): FlowExplanation {
  const [from = "", to = ""] = flow.split(" > ");
  const end = (text: string) => {
    const at = text.startsWith("[") ? text.indexOf("]:") + 1 : text.indexOf(":");
    return { address: text.slice(0, at).replaceAll(/[[\]]/g, ""), port: Number(text.slice(at + 1)) };
  };
  return explainFlow(look, {
    initiator: end(from),
    responder: end(to),
    initiatorKnown: true,
    protocol: proto,
    application: undefined,
    icmp: undefined,
    interface: undefined,
    refused: false,
    bothWays: true,
    firstMicros: AT,
    lastMicros: AT + 1e6,
    ...more,
  });
}
const udp = (application?: string): Ask => ({ proto: 17, application });
const app = (application: string): Ask => ({ application });
const sctp: Ask = { proto: 132 };

describe("explained", () => {
  it.each<[string, string, Ask, string]>([
    ["S1-MME", "10.1.0.1:40000 > 10.0.0.1:36412", sctp, "interface S1-MME"],
    ["S1-U", "10.1.0.1:2152 > 10.0.0.2:2152", udp("gtp-u"), "interface S1-U"],
    ["S1-U to the user plane alone", "10.1.0.1:2152 > 10.0.0.4:2152", udp("gtp-u"), "interface S1-U"],
    ["X2", "10.1.0.1:40000 > 10.1.0.2:36422", sctp, "interface X2"],
    ["X2-U", "10.1.0.2:2152 > 10.1.0.1:2152", udp("gtp-u"), "interface X2"],
    ["S11", "10.0.0.1:2123 > 10.0.0.3:2123", udp("gtp-c"), "interface S11"],
    ["S5", "10.0.0.3:2123 > 10.0.1.2:2123", udp("gtp-c"), "interface S5/S8-C"],
    ["S10", "10.0.0.1:2123 > 10.0.0.11:2123", udp("gtp-c"), "interface S10"],
    ["Sxa", "10.0.0.3:8805 > 10.0.0.4:8805", udp("pfcp"), "interface Sxa"],
    ["S6a over SCTP", "10.0.0.1:41000 > 10.0.0.5:3868", sctp, "interface S6a"],
    ["S6a, the HSS began", "10.0.0.5:41000 > 10.0.0.1:3868", app("diameter"), "interface S6a"],
    ["Gx", "10.0.0.2:41000 > 10.0.0.6:3868", app("diameter"), "interface Gx"],
    ["Gx on an odd port, by content", "10.0.0.2:41000 > 10.0.0.6:3999", app("diameter"), "interface Gx"],
    ["SLg", "10.0.0.7:41000 > 10.0.0.1:3868", app("diameter"), "interface SLg"],
    ["Rf", "10.0.0.2:41000 > 10.0.0.8:3868", app("diameter"), "interface Rf"],
    ["GTP'", "10.0.0.2:3386 > 10.0.0.8:3386", udp("gtp-prime"), "interface Ga"],
    ["N2", "10.5.0.4:40000 > 10.5.0.1:38412", sctp, "interface N2"],
    ["N3", "10.5.0.4:2152 > 10.5.0.3:2152", udp("gtp-u"), "interface N3"],
    ["N4 of a combined SMF", "10.5.0.2:8805 > 10.5.0.3:8805", udp("pfcp"), "interface N4"],
    ["SBI", "10.5.0.1:41000 > 10.5.0.2:7777", app("http2"), "interface SBI"],
    ["SBI in TLS", "10.5.0.1:41000 > 10.5.0.2:443", app("tls"), "interface SBI"],
    ["N26", "10.5.0.1:2123 > 10.0.0.1:2123", udp("gtp-c"), "interface N26"],
    ["Rx", "10.5.0.5:41000 > 10.0.0.6:3868", app("diameter"), "interface Rx"],
    ["Gn", "10.6.0.2:2123 > 10.6.0.3:2123", udp("gtp-c"), "interface Gn/Gp"],
    ["Iu-PS", "10.6.0.1:2152 > 10.6.0.2:2152", udp("gtp-u"), "interface Iu-PS"],
    ["IPsec on S1", "10.1.0.1:500 > 10.0.0.1:500", udp("ike"), "interface protected by IPsec"],
    ["ESP on S1", "10.1.0.1:0 > 10.0.0.1:0", { proto: 50 }, "interface protected by IPsec"],
    ["unknown role, core protocol", "10.0.0.9:2123 > 10.0.0.3:2123", udp("gtp-c"), "interface of a role that is not known here"],
    ["own addresses", "10.0.0.2:9 > 10.0.1.2:9", udp(), "functions/spgw-1"],
    ["service", "10.0.0.1:123 > 10.9.0.5:123", udp("ntp"), "services/ntp-1"],
    ["service's answer first", "10.9.0.6:53 > 10.0.0.1:40000", { ...udp("dns"), initiatorKnown: false }, "services/dns-1"],
    ["service by port where content is not seen", "10.0.0.1:40000 > 10.9.0.6:53", {}, "services/dns-1"],
    ["service, raw ports", "10.0.0.1:40000 > 10.9.0.14:9005", {}, "services/log-1"],
    ["element backs up by SSH", "10.0.0.2:40000 > 10.9.0.22:22", app("ssh"), "services/backup"],
    ["SNMP polling by a declared manager", "10.9.0.61:40000 > 10.0.0.1:161", udp("snmp"), "services/snmp-mgr"],
    ["grant", "10.9.8.1:40000 > 10.0.0.2:22", app("ssh"), "grants/CHG-1"],
    ["grant on a host", "10.9.8.1:40000 > 10.7.0.4:22", app("ssh"), "grants/CHG-1"],
    ["trap to a party with a grant", "10.0.0.2:40000 > 10.9.8.1:162", udp("snmp"), "grants/CHG-1"],
    ["grant, amid a session", "10.0.0.2:22 > 10.9.8.1:40000", { ...app("ssh"), initiatorKnown: false }, "grants/CHG-1"],
    ["X1 from the ADMF is not management", "10.8.0.1:40000 > 10.0.0.1:443", app("tls"), "lawful/administration"],
    ["X2 to mediation", "10.0.0.1:40000 > 10.8.0.2:4000", {}, "lawful/mediation"],
    ["trace to its collector", "10.1.0.1:40000 > 10.9.0.9:22", app("ssh"), "trace/collectors"],
    ["roaming, S8", "10.0.0.2:2123 > 203.0.113.2:2123", udp("gtp-c"), "partners/Othertel"],
    ["roaming, S6a", "203.0.113.3:40000 > 10.0.0.5:3868", app("diameter"), "partners/Othertel"],
    ["DRA", "10.0.0.1:40000 > 10.0.4.1:3868", app("diameter"), "signalling/dra-1"],
    ["DRA to a partner", "10.0.4.1:40000 > 203.0.113.3:3868", app("diameter"), "signalling/dra-1"],
    ["HA pair", "10.0.0.1:40000 > 10.0.0.11:7000", {}, "groups/ha/mme-1,mme-2"],
    ["virtual address", "10.1.0.1:40000 > 10.0.0.99:36412", sctp, "interface S1-MME"],
    ["monitoring as declared", "10.0.1.2:0 > 10.9.1.1:0", { proto: 47, bothWays: false }, "monitoring/probe-1"],
    ["transfer", "10.0.0.2:40000 > 10.9.2.1:22", app("ssh"), "transfers/cdr/10.9.2.1"],
    ["NAT's outside address", "198.51.100.3:40000 > 93.184.216.34:443", app("tls"), "middleboxes/cgnat 10.0.3.1"],
    ["security gateway", "10.1.0.1:500 > 10.0.3.2:500", udp("ike"), "middleboxes/secgw 10.0.3.2"],
    ["ICMP error from anywhere", "192.0.2.77:0 > 10.0.0.1:0", { proto: 1, icmp: { type: 11, code: 0 } }, "ICMP errors"],
    ["echo with a declared host", "10.9.0.5:0 > 10.0.0.1:0", { proto: 1, icmp: { type: 8, code: 0 } }, "ICMP with a declared host"],
    ["neighbour discovery", "[2001:db8::1]:0 > [2001:db8::2]:0", { proto: 58, icmp: { type: 135, code: 0 } }, "neighbour discovery"],
    ["OSPF hello", "10.0.0.1:0 > 224.0.0.5:0", { proto: 89, bothWays: false }, "link-local multicast or broadcast"],
    ["DHCP", "0.0.0.0:68 > 255.255.255.255:67", udp("dhcp"), "link-local multicast or broadcast"],
    ["mDNS over IPv6", "[fe80::1]:5353 > [ff02::fb]:5353", udp("dns"), "link-local multicast or broadcast"],
    ["subscriber on SGi", "172.16.0.9:40000 > 93.184.216.34:22", { ...app("ssh"), interface: "SGi" }, "subscribers"],
    ["subscriber over IPv6", "[2001:db8:77::9]:40000 > [2600::1]:443", app("tls"), "subscribers"],
    ["subscriber's SIP to the P-CSCF", "172.16.0.9:5060 > 10.5.0.5:5060", udp("sip"), "subscribers"],
    ["subscriber at an element whose role is not known", "172.16.0.9:40000 > 10.0.0.9:443", app("tls"), "subscribers"],
    ["subscriber's XCAP", "172.16.0.9:40000 > 10.5.0.5:443", app("tls"), "subscribers"],
    ["no element takes part", "192.0.2.1:40000 > 192.0.2.2:22", app("ssh"), "no element takes part"],
  ])("%s", (_what, flow, more, by) => expect(ask(flow, more)).toMatchObject({ explained: true, by }));

  it("says what the entry lets the flow carry", () => {
    expect(ask("10.0.0.2:40000 > 10.9.2.1:22", app("ssh"))).toMatchObject({ mayCarry: ["usage"] });
    expect(ask("10.0.0.1:123 > 10.9.0.5:123", udp("ntp"))).toMatchObject({ mayCarry: ["none"] });
    expect(ask("10.1.0.1:2152 > 10.0.0.2:2152", udp("gtp-u"))).toMatchObject({ mayCarry: expect.arrayContaining(["content"]) as unknown });
  });
});

describe("not explained", () => {
  const late = { firstMicros: Date.UTC(2027, 0, 1) * 1000, lastMicros: Date.UTC(2027, 0, 1) * 1000 + 1 };
  it.each<[string, string, Ask, { claim?: string; reason: string; atMost: string | null; element?: string; peer?: string }]>([
    [
      "a peer nobody declared",
      "10.0.0.4:40000 > 198.51.100.245:443",
      app("tls"),
      { claim: "undeclared-peer", reason: "undeclared-peer", atMost: "corroborated", element: "10.0.0.4", peer: "198.51.100.245" },
    ],
    [
      "the peer began",
      "198.51.100.245:40000 > 10.0.0.1:3868",
      app("diameter"),
      { claim: "undeclared-peer", reason: "undeclared-peer", atMost: "corroborated", element: "10.0.0.1" },
    ],
    [
      "one way only",
      "10.0.0.2:4789 > 192.0.2.138:4789",
      { ...udp("vxlan"), bothWays: false },
      { reason: "undeclared-peer", atMost: "indication" },
    ],
    [
      "refused",
      "10.0.0.4:40000 > 198.51.100.245:443",
      { refused: true, bothWays: false },
      { reason: "undeclared-peer", atMost: "indication" },
    ],
    ["a router next door speaks BFD", "10.0.0.4:40000 > 10.0.0.254:3784", udp("bfd"), { reason: "undeclared-peer", atMost: "indication" }],
    [
      "support without a grant",
      "198.51.100.137:40000 > 10.0.0.2:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven", element: "10.0.0.2", peer: "198.51.100.137" },
    ],
    ["a stranger", "192.0.2.66:40000 > 10.0.0.2:22", app("ssh"), { claim: "ungranted-access", reason: "no-grant", atMost: "proven" }],
    [
      "SSH on an odd port, by content",
      "192.0.2.66:40000 > 10.0.0.2:36412",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "SSH on a DNS server's port",
      "10.9.0.6:53 > 10.0.0.2:40000",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "port 22 and nothing recognised",
      "192.0.2.66:40000 > 10.0.0.2:22",
      {},
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "grant, another function",
      "10.9.8.1:40000 > 10.0.0.1:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "grant-other-function", atMost: "proven" },
    ],
    [
      "grant, another protocol",
      "10.9.8.1:40000 > 10.0.0.2:23",
      app("telnet"),
      { claim: "ungranted-access", reason: "grant-other-protocol", atMost: "proven" },
    ],
    [
      "grant, out of its period",
      "10.9.8.1:40000 > 10.0.0.2:22",
      { ...app("ssh"), ...late },
      { claim: "ungranted-access", reason: "grant-other-time", atMost: "proven" },
    ],
    [
      "grant, running over its end",
      "10.9.8.1:40000 > 10.0.0.2:22",
      { ...app("ssh"), lastMicros: late.lastMicros },
      { claim: "ungranted-access", reason: "grant-other-time", atMost: "proven" },
    ],
    [
      "a scan that was refused",
      "192.0.2.66:40000 > 10.0.0.2:22",
      { refused: true, bothWays: false },
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "from one function to another",
      "10.0.0.1:40000 > 10.0.0.3:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven", element: "10.0.0.3", peer: "10.0.0.1" },
    ],
    [
      "between members of a group",
      "10.0.0.1:40000 > 10.0.0.11:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "an element manager among the functions",
      "10.0.0.10:40000 > 10.0.0.3:161",
      udp("snmp"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "a service opens a shell on an element",
      "10.9.0.22:40000 > 10.0.0.2:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "a lawful address opens a shell",
      "10.8.0.1:40000 > 10.0.0.1:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "a subscriber opens a shell",
      "172.16.0.9:40000 > 10.0.0.2:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "a subscriber at an element's page",
      "172.16.0.9:40000 > 10.0.0.1:8443",
      app("tls"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "corroborated" },
    ],
    [
      "a subscriber at a gateway's page",
      "172.16.0.9:40000 > 10.0.0.2:80",
      app("http"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "indication" },
    ],
    [
      "a subscriber at a database",
      "172.16.0.9:40000 > 10.0.0.5:3306",
      app("mysql"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "a subscriber's shell on the P-CSCF",
      "172.16.0.9:40000 > 10.5.0.5:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "a link-local host opens a shell",
      "169.254.1.1:40000 > 10.0.0.2:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "an HTTPS page of an element",
      "192.0.2.66:40000 > 10.0.0.2:8443",
      app("tls"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "a service speaks what it does not list",
      "10.0.0.1:40000 > 10.9.0.5:443",
      app("tls"),
      { claim: "undeclared-peer", reason: "protocol-not-listed", atMost: "indication" },
    ],
    [
      "a party without a grant, other traffic",
      "10.0.0.1:40000 > 10.9.8.1:5555",
      {},
      { claim: "undeclared-peer", reason: "protocol-not-listed", atMost: "indication" },
    ],
    [
      "functions without a common interface",
      "10.1.0.1:40000 > 10.0.0.5:3868",
      app("diameter"),
      { claim: "undeclared-peer", reason: "no-fitting-interface", atMost: "indication" },
    ],
    [
      "monitoring in another encapsulation",
      "10.0.1.2:40000 > 10.9.1.1:4789",
      { ...udp("vxlan"), bothWays: false },
      { reason: "protocol-not-listed", atMost: "indication" },
    ],
    [
      "monitoring from another element",
      "10.0.0.1:0 > 10.9.1.1:0",
      { proto: 47, bothWays: false },
      { reason: "protocol-not-listed", atMost: "indication" },
    ],
    [
      "a partner's user plane is not its shell",
      "203.0.113.2:40000 > 10.0.0.2:22",
      app("ssh"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven" },
    ],
    [
      "echo with a stranger",
      "10.0.0.1:0 > 192.0.2.66:0",
      { proto: 1, icmp: { type: 8, code: 0 } },
      { reason: "undeclared-peer", atMost: "indication" },
    ],
    [
      "plain subscriber traffic on the management network",
      "172.16.0.9:40000 > 93.184.216.34:443",
      { ...app("tls"), interface: "OAM" },
      { reason: "subscriber-elsewhere", atMost: null },
    ],
    [
      "SNMP, the agent's answer seen first",
      "10.0.0.1:161 > 192.0.2.66:40000",
      udp("snmp"),
      { claim: "ungranted-access", reason: "no-grant", atMost: "proven", element: "10.0.0.1", peer: "192.0.2.66" },
    ],
  ])("%s", (_what, flow, more, { element, peer, ...expected }) => {
    const answer = ask(flow, more);
    expect(answer).toMatchObject({ explained: false, ...expected });
    if (answer.explained) return;
    if (element !== undefined) expect(answer.element.address).toBe(element);
    if (peer !== undefined) expect(answer.peer.address).toBe(peer);
    expect(answer.because).not.toBe("");
  });
});

describe("a draft that leaves management unreviewed", () => {
  const draft = new Lookup(parseDeclaration(NETWORK + "unreviewed: [management]\n", "network.yaml").declaration);
  const asked = (application: string) =>
    explainFlow(draft, {
      initiator: { address: "192.0.2.66", port: 40_000 },
      responder: { address: "10.0.0.2", port: 9999 },
      initiatorKnown: true,
      protocol: 6,
      application,
      icmp: undefined,
      interface: undefined,
      refused: false,
      bothWays: true,
      firstMicros: AT,
      lastMicros: AT,
    });
  it("neither explains it nor makes it a finding", () =>
    expect(asked("ssh")).toMatchObject({ explained: false, reason: "unreviewed", atMost: null }));
  it("judges everything else as before", () => expect(asked("diameter")).toMatchObject({ explained: false, atMost: "corroborated" }));
});

describe("the example networks", () => {
  const networks = globSync(["test/captures/*/*/network.yaml", "examples/*/network.yaml"]);
  const tshark = spawnSync("tshark", ["--version"]).status === 0;
  if (!tshark) console.warn("SKIPPED: tshark is absent, the example networks were not explained");
  /** What each capture holds that its declaration does not explain; the content of flows is not judged here. */
  const accused: Readonly<Record<string, readonly string[]>> = {
    "b1-vxlan-mirred": ["203.0.113.77"],
    "covert-copy": ["192.0.2.138"],
    "undeclared-peer": ["198.51.100.245"],
    "ungranted-access": ["198.51.100.137"],
    "unreasoned-query": ["203.0.113.180"],
    "unwarranted-interception": ["203.0.113.198"],
  };

  it.skipIf(!tshark).each(networks.map((n) => [basename(dirname(n)).replace(/^lte-lab-/, ""), n] as const))("%s", (name, file) => {
    const network = new Lookup(loadDeclaration(file).declaration);
    const found = new Set<string>();
    for (const capture of globSync(`${dirname(file)}/*.pcap*`)) {
      const point = network.pointFor(capture.split("/").at(-1) ?? "");
      for (const q of questions(capture, point?.interface ?? undefined)) {
        const answer = explainFlow(network, q);
        if (!answer.explained) found.add(answer.peer.address);
      }
    }
    expect([...found]).toEqual(accused[name] ?? []);
  });
});

/** One question for each 5-tuple of outermost headers, in the order of their first packets. */
function questions(file: string, on: string | undefined): FlowQuestion[] {
  const fields = [
    "ip.src",
    "ip.dst",
    "ip.proto",
    "tcp.srcport",
    "tcp.dstport",
    "udp.srcport",
    "udp.dstport",
    "sctp.srcport",
    "sctp.dstport",
    "icmp.type",
    "frame.protocols",
    "frame.time_epoch",
  ];
  const { stdout } = spawnSync(
    "tshark",
    ["-r", file, "-T", "fields", "-E", "separator=|", "-E", "occurrence=f", ...fields.flatMap((f) => ["-e", f])],
    { encoding: "utf8", maxBuffer: 1 << 30 },
  );
  const flows = new Map<string, { q: FlowQuestion; apps: Set<string> }>();
  for (const row of stdout.split("\n")) {
    const [src = "", dst = "", proto = "", ts, td, us, ud, ss, sd, icmp = "", stack = "", time = ""] = row.split("|");
    if (src === "") continue;
    // of the outermost header: an inner one may have ports of another transport
    const [a, b] = (proto === "6" ? [ts, td] : proto === "17" ? [us, ud] : proto === "132" ? [ss, sd] : []).map(Number).concat(0, 0);
    if (a === undefined || b === undefined) continue;
    const forward = flows.get(`${proto} ${src} ${a} ${dst} ${b}`);
    const known = forward ?? flows.get(`${proto} ${dst} ${b} ${src} ${a}`);
    const micros = Number(time) * 1e6;
    const entry = known ?? {
      apps: new Set<string>(),
      q: {
        initiator: { address: src, port: a },
        responder: { address: dst, port: b },
        initiatorKnown: true,
        protocol: Number(proto),
        application: undefined,
        icmp: icmp === "" ? undefined : { type: Number(icmp), code: 0 },
        interface: on,
        refused: false,
        bothWays: false,
        firstMicros: micros,
        lastMicros: micros,
      },
    };
    const appName = /^(?:eth:ethertype:)?ip:(?:tcp|udp|sctp):(ssh|ntp|dns|snmp|syslog|tls|diameter|vxlan|pfcp)\b/.exec(stack)?.[1];
    const q: FlowQuestion = {
      ...entry.q,
      application: entry.q.application ?? appName,
      lastMicros: micros,
      bothWays: entry.q.bothWays || (known !== undefined && forward === undefined),
    };
    flows.set(`${proto} ${q.initiator.address} ${q.initiator.port} ${q.responder.address} ${q.responder.port}`, { ...entry, q });
  }
  return [...flows.values()].map((f) => f.q);
}
