import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expandRoles, fittingInterface, haveInterface, REFERENCE_POINTS } from "./interfaces.ts";
import { parseDeclaration } from "./load.ts";
import { Lookup } from "./lookup.ts";
import { recordedDeclaration } from "./recorded.ts";
import { isKnownProtocol, PROTOCOL_NAMES, speaks } from "./protocols.ts";
import { ROLES, rolesOf } from "./roles.ts";

const look = new Lookup(
  parseDeclaration(
    `
network: { name: x }
vendors: { acme: { name: Acme Networks, country: XX } }
functions:
  - { name: mme-1, roles: [MME], vendor: acme, addresses: [10.0.0.1], identities: [MME1.epc.example] }
  - { name: tas-1, roles: [AS], addresses: [10.0.0.2], identities: [tas.ims.example] }
  - { name: pool-gw, roles: [PGW], addresses: [172.16.0.1] }
points:
  - { match: "*.pcapng", interface: core }
  - { match: "eth1", interface: OAM }
  - { match: "all.pcapng#eth[23]", interface: SGi, complete: true }
subscribers: { addresses: [172.16.0.0/24] }
services:
  - { name: rack, addresses: [10.9.0.0/24], protocols: [syslog] }
  - { name: ntp, addresses: [10.9.0.5], protocols: [ntp] }
operators: [{ name: noc, addresses: [10.9.8.0/28] }, { name: rack-ops, addresses: [10.9.0.5] }]
lawful: { administration: [10.8.0.1], mediation: [10.8.0.2], monitoring: [192.0.2.0/28], providers: [tas-1] }
partners: [{ name: Othertel, addresses: [198.51.100.0/24] }]
trace: { collectors: [10.9.0.9, ntp] }
signalling: [{ name: dra-1, kind: dra, addresses: [10.0.4.1] }]
queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads] }]
policy: { ciphering: { eea0: emergency }, integrity: { EIA0: never } }
protected: [S1-MME, x2]
middleboxes: [{ kind: cgnat, addresses: [10.0.3.1], inside: [172.16.0.0/24], outside: [198.18.0.0/28] }]
`,
    "network.yaml",
  ).declaration,
);

describe("whose address", () => {
  it("text, int32 and octets answer alike", () => {
    expect(look.functionAt("10.0.0.1")?.name).toBe("mme-1");
    expect(look.functionAtV4(0x0a000001)?.name).toBe("mme-1");
    expect(look.functionAtBytes(Uint8Array.of(0, 10, 0, 0, 1), 1, 4)?.name).toBe("mme-1");
    expect([
      look.isSubscriber("172.16.0.9"),
      look.isSubscriberV4(0xac100009 | 0),
      look.isSubscriberBytes(Uint8Array.of(172, 16, 0, 9), 0, 4),
    ]).toEqual([true, true, true]);
    expect(look.functionAt("172.16.0.1")?.name).toBe("pool-gw");
  });
  it("most specific first; all of them on request", () => {
    expect(look.serviceAt("10.9.0.5")?.name).toBe("ntp");
    expect(look.services.text("10.9.0.5").map((s) => s.name)).toEqual(["ntp", "rack"]);
    expect(look.serviceAt("10.9.0.77")?.name).toBe("rack");
  });
  it("the rest", () => {
    expect(look.operatorAt("10.9.8.3")?.name).toBe("noc");
    expect(look.lawfulRole("10.8.0.1")).toBe("administration");
    expect(look.lawfulRole("192.0.2.3")).toBe("monitoring");
    expect(look.lawfulRole("10.0.0.2")).toBe("providers");
    expect(look.partnerAt("198.51.100.7")?.name).toBe("Othertel");
    expect([look.collectorAt("10.9.0.9"), look.collectorAt("10.9.0.5"), look.collectorAt("10.9.0.8")]).toEqual([true, true, false]);
    expect(look.signallingAt("10.0.4.1")?.kind).toBe("dra");
    expect(look.functionByIdentity("mme1.EPC.example")?.name).toBe("mme-1");
    expect(look.vendorOf(look.functionAt("10.0.0.1")!)?.name).toBe("Acme Networks");
    expect(look.nameOf("10.9.0.5")).toBe("ntp");
    expect(look.nameOf("203.0.113.1")).toBeNull();
  });
  it("declared as something; a party alone; subscribers are nobody's hosts", () => {
    expect(["10.0.0.1", "10.9.0.9", "10.0.3.1", "10.9.8.1"].map((a) => look.isDeclared(a))).toEqual([true, true, true, true]);
    expect(["172.16.0.9", "198.18.0.1", "203.0.113.1", "nonsense"].map((a) => look.isDeclared(a))).toEqual([false, false, false, false]);
    expect([look.operatorOnly("10.9.8.1"), look.operatorOnly("10.9.0.5"), look.operatorOnly("10.0.0.1")]).toEqual([true, false, false]);
  });
  it("queries by name, identity or address", () => {
    for (const asker of ["tas-1", "TAS.ims.example", "10.0.0.2"]) expect(look.queriesOf(asker)).toHaveLength(1);
    expect(look.queriesOf("mme-1")).toHaveLength(0);
  });
});

describe("points, policy, protection", () => {
  it.each([
    ["all.pcapng", "eth2", "SGi"],
    ["all.pcapng", "eth1", "OAM"],
    ["all.pcapng", "eth9", "core"],
    ["all.pcapng", undefined, "core"],
    ["x.pcap", undefined, undefined],
  ])("%s, interface %s: %s", (file, name, expected) => expect(look.pointFor(file, name)?.interface ?? undefined).toBe(expected));
  it("algorithms by any spelling of case", () =>
    expect([look.policyFor("EEA0"), look.policyFor("eia0"), look.policyFor("NEA0")]).toEqual(["emergency", "never", undefined]));
  it("protected interfaces by any spelling", () =>
    expect([look.isProtected("s1mme"), look.isProtected("X2"), look.isProtected("S1-U")]).toEqual([true, true, false]));
});

describe("roles and reference points", () => {
  it.each([
    ["SPGW", 4],
    ["saegw-c", 2],
    ["SMF+PGW-C", 2],
    ["MME/SGSN", 2],
    ["eNodeB", 1],
    ["UDM", 1],
    ["P-CSCF", 1],
    ["IMS-AGW", 1],
    ["nonsense", 0],
    ["MME/nonsense", 0],
  ])("%s: %i", (role, atoms) => expect(rolesOf(role)).toHaveLength(atoms));

  it("every role of the contract is known", () => {
    for (const r of "eNB gNB MME SGW-C SGW-U PGW-C PGW-U SGW PGW SGSN GGSN HSS PCRF AMF SMF UPF UDM ADMF MDF LEMF".split(" "))
      expect(rolesOf(r).length, r).toBeGreaterThan(0);
  });

  it("tables are consistent: known roles, known protocols", () => {
    for (const rp of REFERENCE_POINTS) {
      for (const r of [...rp.a, ...rp.b]) expect(ROLES).toContain(r);
      for (const p of rp.protocols) expect(isKnownProtocol(p), `${rp.name} ${p}`).toBe(true);
    }
  });

  it("does not depend on the order of the two ends", () => {
    const role = fc.constantFrom(...ROLES);
    const protocol = fc.constantFrom(...PROTOCOL_NAMES);
    fc.assert(
      fc.property(role, role, protocol, (a, b, application) => {
        const flow = { protocol: 17, initiatorPort: 40_000, responderPort: 40_001, initiatorKnown: true, application };
        const one = fittingInterface([a], [b], flow);
        expect(fittingInterface([b], [a], flow) === undefined).toBe(one === undefined);
        if (one !== undefined && !one.startsWith("LI_")) expect(haveInterface([a], [b])).toBe(true);
      }),
    );
  });

  it("an unknown or missing role says that nothing can be excluded", () => {
    expect(expandRoles(["MME", "FROB"]).unknown).toBe(true);
    expect(expandRoles([]).unknown).toBe(true);
    expect(expandRoles(["MME"]).unknown).toBe(false);
  });
});

describe("speaking a protocol", () => {
  const flow = (protocol: number, initiatorPort: number, responderPort: number, application?: string, initiatorKnown = true) => ({
    protocol,
    initiatorPort,
    responderPort,
    initiatorKnown,
    application,
  });
  it.each([
    ["content decides over the port", "dns", flow(17, 40_000, 53, "ssh"), false],
    ["sftp is SSH on the wire", "sftp", flow(6, 40_000, 2222, "ssh"), true],
    ["https is TLS on any port", "https", flow(6, 40_000, 9443, "tls"), true],
    ["syslog in TLS on its port", "syslog", flow(6, 40_000, 6514, "tls"), true],
    ["syslog in TLS on another port is TLS", "syslog", flow(6, 40_000, 443, "tls"), false],
    ["TCP: the responder's port counts", "ssh", flow(6, 22, 40_000), false],
    ["TCP amid a session: either", "ssh", flow(6, 22, 40_000, undefined, false), true],
    ["UDP: either", "ntp", flow(17, 123, 40_000), true],
    ["raw port", "tcp/8080", flow(6, 1, 8080, "http"), true],
    ["raw range", "udp/4000-4010", flow(17, 1, 4010), true],
    ["raw, other transport", "udp/8080", flow(6, 1, 8080), false],
    ["IP protocol", "ip/47", flow(47, 0, 0), true],
    ["alias", "IKEv2", flow(17, 500, 500, "ike"), true],
    ["any", "any", flow(6, 1, 2, "ssh"), true],
    ["a name of the user's own equals itself", "frob", flow(6, 1, 2, "frob"), true],
    ["a name of Object.prototype is none", "constructor", flow(6, 1, 2), false],
  ])("%s", (_what, name, spoken, expected) => expect(speaks(name, spoken)).toBe(expected));
});

it("places an address by the operator's own table, which declares nothing", () => {
  const { declaration } = parseDeclaration(
    `network: { name: Exampletel }
functions: []
places:
  - { prefix: 198.51.100.0/24, country: fr, operator: Example Hosting }
  - { prefix: 198.51.100.128/25, country: NL }
`,
    "network.yaml",
  );
  const lookup = new Lookup(declaration);
  expect(lookup.placeAt("198.51.100.7")).toEqual({ prefix: "198.51.100.0/24", country: "FR", operator: "Example Hosting" });
  expect(lookup.placeAt("198.51.100.200")?.country).toBe("NL");
  expect(lookup.placeAt("203.0.113.1")).toBeUndefined();
  expect(lookup.isDeclared("198.51.100.7")).toBe(false);
  // a bundle carries the table, and a replay reads it
  expect(recordedDeclaration(JSON.parse(JSON.stringify(declaration)))).toEqual(declaration);
});
