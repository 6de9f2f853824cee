/**
 * Reference points: which roles may speak which protocol to each other. 3GPP TS 23.002 §7, TS 23.401 §4.2, TS 23.060
 * §5.4, TS 23.203 §5, TS 23.214 §4.2, TS 23.228 §4, TS 23.273 §4, TS 23.501 §4.2, TS 32.240 §4, TS 33.127 §5;
 * ports as their stage 3 documents give them.
 */
import { speaks, type Spoken } from "./protocols.ts";
import { rolesOf, type Role } from "./roles.ts";

export interface ReferencePoint {
  readonly name: string;
  readonly a: readonly Role[];
  readonly b: readonly Role[];
  /** Names of `protocols.ts`. */
  readonly protocols: readonly string[];
  /** Crosses to other networks. */
  readonly interPlmn: boolean;
}

const RAN4: readonly Role[] = ["eNB", "HeNB-GW"];
const SBI: readonly Role[] = [
  "AMF",
  "SMF",
  "UDM",
  "UDR",
  "UDSF",
  "AUSF",
  "PCF",
  "NRF",
  "NSSF",
  "NEF",
  "AF",
  "CHF",
  "LMF",
  "SMSF",
  "5G-EIR",
  "NWDAF",
  "SEPP",
  "SCP",
  "BSF",
  "GMLC",
  "UPF",
  "HSS",
  "SMSC",
  "P-CSCF",
  "AS",
  "S-CSCF",
];
const SS7: readonly Role[] = [
  "HLR",
  "HSS",
  "MSC",
  "VLR",
  "SGSN",
  "SMSC",
  "GMLC",
  "gsmSCF",
  "EIR",
  "STP",
  "RNC",
  "BSC",
  "SMSFW",
  "MGW",
  "MGCF",
  "HNB-GW",
  "IPX",
];
const SIP: readonly Role[] = [
  "P-CSCF",
  "I-CSCF",
  "S-CSCF",
  "E-CSCF",
  "AS",
  "IBCF",
  "BGCF",
  "MGCF",
  "MRFC",
  "ATCF",
  "SBC",
  "SMSC",
  "MSC",
  "IPX",
];
const MEDIA: readonly Role[] = ["MGW", "IMS-AGW", "TrGW", "MRFP", "SBC", "P-CSCF", "IBCF", "MRFC", "ATCF"];
const DIAMETER: readonly Role[] = [
  "MME",
  "SGSN",
  "HSS",
  "HLR",
  "EIR",
  "PCRF",
  "OCS",
  "OFCS",
  "CDF",
  "GMLC",
  "PGW-C",
  "SGW-C",
  "GGSN",
  "AAA",
  "ePDG",
  "P-CSCF",
  "I-CSCF",
  "S-CSCF",
  "AS",
  "SCEF",
  "SMSC",
  "AMF",
  "SMF",
  "PCF",
  "UDM",
  "CHF",
  "TDF-C",
  "AF",
  "BM-SC",
  "BSF",
  "TWAG",
];
const USER_PLANE: readonly Role[] = ["PGW-U", "UPF", "GGSN"];

const point = (name: string, a: readonly Role[], b: readonly Role[], protocols: string, interPlmn = false): ReferencePoint => ({
  name,
  a,
  b,
  protocols: protocols.split(" "),
  interPlmn,
});

export const REFERENCE_POINTS: readonly ReferencePoint[] = [
  // access, 4G
  point("S1-MME", RAN4, ["MME", "HeNB-GW"], "s1ap"),
  point("S1-U", RAN4, ["SGW-U", "HeNB-GW"], "gtp-u"),
  point("X2", ["eNB", "en-gNB", "HeNB-GW"], ["eNB", "en-gNB", "HeNB-GW"], "x2ap gtp-u"),
  point("S1-U", ["en-gNB"], ["SGW-U"], "gtp-u"),
  point("M2", ["eNB"], ["MCE"], "m2ap"),
  point("M3", ["MCE", "eNB"], ["MME"], "m3ap"),
  point("M1", ["eNB"], ["MBMS-GW"], "gtp-u"),
  // core, 4G
  point("S11", ["MME"], ["SGW-C"], "gtp-c"),
  point("S11-U", ["MME"], ["SGW-U"], "gtp-u"),
  point("S5/S8-C", ["SGW-C"], ["PGW-C"], "gtp-c ip/135", true),
  point("S5/S8-U", ["SGW-U"], ["PGW-U"], "gtp-u gre", true),
  point("Sxa", ["SGW-C"], ["SGW-U"], "pfcp gtp-u"),
  point("Sxb", ["PGW-C"], ["PGW-U"], "pfcp gtp-u"),
  point("Sxc", ["TDF-C"], ["TDF-U"], "pfcp gtp-u"),
  point("S1-U/S5-U forwarding", ["SGW-U"], ["SGW-U"], "gtp-u"),
  point("S10", ["MME"], ["MME"], "gtp-c", true),
  point("S3", ["MME"], ["SGSN"], "gtp-c", true),
  point("S4", ["SGSN"], ["SGW-C"], "gtp-c", true),
  point("S4-U", ["SGSN"], ["SGW-U"], "gtp-u", true),
  point("S12", ["RNC"], ["SGW-U"], "gtp-u"),
  point("S16", ["SGSN"], ["SGSN"], "gtp-c gtp-u gtp-v0", true),
  point("S2b", ["ePDG"], ["PGW-C"], "gtp-c ip/135", true),
  point("S2b-U", ["ePDG"], ["PGW-U"], "gtp-u", true),
  point("S2a", ["TWAG"], ["PGW-C", "PGW-U"], "gtp-c gtp-u ip/135"),
  point("Sv", ["MME", "SGSN"], ["MSC"], "gtp-c"),
  point("SGs", ["MME"], ["MSC", "VLR"], "sgsap"),
  point("SBc", ["MME"], ["CBC"], "sbcap"),
  point("SLs", ["MME"], ["E-SMLC"], "lcs-ap"),
  point("Sm", ["MME", "SGSN"], ["MBMS-GW"], "gtp-c"),
  point("SGi-mb", ["BM-SC"], ["MBMS-GW"], "gtp-u diameter udp"),
  point("N26", ["MME"], ["AMF"], "gtp-c"),
  // Diameter
  point("S6a", ["MME"], ["HSS"], "diameter", true),
  point("S6d", ["SGSN"], ["HSS"], "diameter", true),
  point("S6b", ["PGW-C", "GGSN"], ["AAA"], "diameter radius"),
  point("SWx", ["AAA"], ["HSS"], "diameter"),
  point("SWm", ["ePDG", "TWAG"], ["AAA"], "diameter radius"),
  point("S6c", ["HSS"], ["SMSC"], "diameter"),
  point("SGd", ["MME", "SGSN"], ["SMSC"], "diameter", true),
  point("S6t", ["SCEF"], ["HSS"], "diameter"),
  point("T6a", ["SCEF"], ["MME", "SGSN"], "diameter"),
  point("S13", ["MME", "SGSN", "MSC"], ["EIR"], "diameter"),
  point("SLg", ["MME", "SGSN", "AMF"], ["GMLC"], "diameter", true),
  point("SLh", ["GMLC"], ["HSS"], "diameter", true),
  point("Lr", ["GMLC"], ["GMLC"], "diameter http", true),
  point("Gx", ["PGW-C", "GGSN", "TDF-C", "SMF"], ["PCRF"], "diameter"),
  point("Gxx", ["SGW-C", "ePDG"], ["PCRF"], "diameter"),
  point("S9", ["PCRF"], ["PCRF"], "diameter", true),
  point("Rx", ["P-CSCF", "AF", "AS", "SCEF"], ["PCRF", "PCF"], "diameter"),
  point("Sy", ["PCRF", "PCF"], ["OCS", "CHF"], "diameter"),
  point("Gy", ["PGW-C", "GGSN", "SMF", "TDF-C", "AS", "S-CSCF", "MSC", "SMSC"], ["OCS", "CHF"], "diameter"),
  point(
    "Rf",
    ["PGW-C", "SGW-C", "GGSN", "SGSN", "P-CSCF", "I-CSCF", "S-CSCF", "AS", "IBCF", "MGCF", "BGCF", "E-CSCF", "MRFC", "ePDG"],
    ["OFCS", "CDF"],
    "diameter",
  ),
  point("Ga", ["PGW-C", "SGW-C", "GGSN", "SGSN", "PGW-U", "CDF", "OFCS", "SMF"], ["CGF", "OFCS", "CDF"], "gtp-prime"),
  point("Cx", ["I-CSCF", "S-CSCF"], ["HSS"], "diameter"),
  point("Sh", ["AS", "SCEF", "P-CSCF"], ["HSS"], "diameter"),
  point("Zh", ["BSF"], ["HSS"], "diameter"),
  point("Diameter routing", ["DRA", "DEA"], [...DIAMETER, "DRA", "DEA", "IPX"], "diameter", true),
  // 2G, 3G
  point("Gn/Gp", ["SGSN"], ["GGSN"], "gtp-c gtp-u gtp-v0", true),
  point("Gn/Gp", ["SGSN"], ["PGW-C"], "gtp-c", true),
  point("Gn/Gp-U", ["SGSN"], ["PGW-U"], "gtp-u", true),
  point("Gn", ["SGSN"], ["MME"], "gtp-c", true),
  point("Iu-PS", ["RNC", "HNB-GW"], ["SGSN", "GGSN"], "gtp-u sigtran"),
  point("Iu-CS", ["RNC", "HNB-GW"], ["MGW", "MSC"], "rtp sigtran udp"),
  point("Iur", ["RNC"], ["RNC"], "sigtran gtp-u udp"),
  point("Iub", ["NodeB"], ["RNC"], "udp sctp"),
  point("Iuh", ["HNB-GW"], ["HNB-GW"], "rua gtp-u"),
  point("Gb", ["BSC"], ["SGSN"], "gprs-ns udp"),
  point("A", ["BSC"], ["MSC", "MGW"], "sigtran rtp udp"),
  point("Abis", ["BTS"], ["BSC"], "udp tcp"),
  point("SS7", SS7, SS7, "sigtran", true),
  // 5G
  point("N2", ["gNB", "gNB-CU", "N3IWF"], ["AMF"], "ngap"),
  point("N3", ["gNB", "gNB-CU-UP", "gNB-CU", "N3IWF"], ["UPF"], "gtp-u"),
  point("N4", ["SMF", "PGW-C", "SGW-C"], ["UPF", "PGW-U", "SGW-U"], "pfcp gtp-u"),
  point("N9", ["UPF", "PGW-U"], ["UPF", "PGW-U", "SGW-U"], "gtp-u", true),
  point("Xn", ["gNB", "gNB-CU"], ["gNB", "gNB-CU", "eNB"], "xnap gtp-u"),
  point("X2", ["eNB"], ["gNB", "gNB-CU"], "x2ap gtp-u"),
  point("F1", ["gNB-CU", "gNB-CU-UP", "gNB"], ["gNB-DU"], "f1ap gtp-u"),
  point("E1", ["gNB-CU"], ["gNB-CU-UP"], "e1ap gtp-u"),
  point("S1-U", ["gNB"], ["SGW-U"], "gtp-u"),
  point("SBI", SBI, SBI, "http https"),
  point("N32", ["SEPP"], ["SEPP", "IPX"], "http https", true),
  // IMS
  point("SIP", SIP, SIP, "sip", true),
  point("Mb", MEDIA, MEDIA, "rtp", true),
  point("Mn/Iq/Ix", ["MGCF", "P-CSCF", "IBCF", "MSC", "MRFC"], ["MGW", "IMS-AGW", "TrGW", "MRFP"], "megaco sip"),
  // SGi and N6
  point("SGi", USER_PLANE, ["P-CSCF", "AF", "AS", "DNS", "DHCP", "AAA", "Router", "Firewall", "SBC"], "dns dhcp radius diameter bgp bfd"),
  // around the core
  point(
    "DNS",
    ["DNS"],
    [
      "MME",
      "SGSN",
      "SGW-C",
      "PGW-C",
      "GGSN",
      "AMF",
      "SMF",
      "NRF",
      "ePDG",
      "eNB",
      "gNB",
      "P-CSCF",
      "I-CSCF",
      "S-CSCF",
      "DNS",
      "SEPP",
      "DEA",
    ],
    "dns",
    true,
  ),
  // lawful interception: any network element
  point("LI_HI", ["MDF", "ADMF"], ["LEMF", "MDF", "ADMF"], "x1 x2 https tcp udp ssh ftp"),
];

const EXPANDED = new Map<string, ReadonlySet<Role>>();

/** Atoms of a list of declared roles, and whether one of them is unknown (then nothing can be excluded). */
export function expandRoles(declared: readonly string[]): { readonly roles: ReadonlySet<Role>; readonly unknown: boolean } {
  const cacheKey = declared.join("\n");
  let roles = EXPANDED.get(cacheKey);
  if (roles === undefined) {
    roles = new Set(declared.flatMap((r) => rolesOf(r)));
    if (EXPANDED.size < 4096) EXPANDED.set(cacheKey, roles);
  }
  return { roles, unknown: declared.length === 0 || declared.some((r) => rolesOf(r).length === 0) };
}

const LI_NETWORK_SIDE: ReadonlySet<Role> = new Set(["ADMF", "MDF"]);

/**
 * The reference point that lets functions of these roles speak this protocol, or undefined. Order of the two does not
 * matter. `interPlmnOnly`: one of them is another network's.
 */
export function fittingInterface(
  rolesA: readonly string[],
  rolesB: readonly string[],
  flow: Spoken,
  interPlmnOnly = false,
): string | undefined {
  const a = expandRoles(rolesA).roles;
  const b = expandRoles(rolesB).roles;
  for (const rp of REFERENCE_POINTS) {
    if (interPlmnOnly && !rp.interPlmn) continue;
    const meets = (some(rp.a, a) && some(rp.b, b)) || (some(rp.a, b) && some(rp.b, a));
    if (meets && rp.protocols.some((name) => speaks(name, flow))) return rp.name;
  }
  if (!interPlmnOnly) return interceptionInterface(a, b, flow);
  return undefined;
}

/** TS 33.127 §5.4: every point of interception has X1 to the ADMF, X2 and X3 to the MDF. */
function interceptionInterface(a: ReadonlySet<Role>, b: ReadonlySet<Role>, flow: Spoken): string | undefined {
  if (!overlaps(a, LI_NETWORK_SIDE) && !overlaps(b, LI_NETWORK_SIDE)) return undefined;
  if (a.has("ADMF") || b.has("ADMF")) return speaks("x1", flow) ? "LI_X1" : undefined;
  return speaks("x2", flow) || (flow.application === undefined && (flow.protocol === 6 || flow.protocol === 17)) ? "LI_X2/X3" : undefined;
}

/** Whether any interface at all joins these roles, whatever the protocol. */
export function haveInterface(rolesA: readonly string[], rolesB: readonly string[]): boolean {
  const a = expandRoles(rolesA).roles;
  const b = expandRoles(rolesB).roles;
  return REFERENCE_POINTS.some((rp) => (some(rp.a, a) && some(rp.b, b)) || (some(rp.a, b) && some(rp.b, a)));
}

function some(list: readonly Role[], of: ReadonlySet<Role>): boolean {
  for (const r of list) if (of.has(r)) return true;
  return false;
}
function overlaps(a: ReadonlySet<Role>, b: ReadonlySet<Role>): boolean {
  for (const r of a) if (b.has(r)) return true;
  return false;
}

/** Protocols that only 3GPP interfaces speak: between functions of unknown role they are what they seem. */
export const CORE_PROTOCOLS: readonly string[] = [
  "gtp-c",
  "gtp-u",
  "gtp-v0",
  "gtp-prime",
  "pfcp",
  "diameter",
  "s1ap",
  "x2ap",
  "ngap",
  "xnap",
  "f1ap",
  "e1ap",
  "m2ap",
  "m3ap",
  "sgsap",
  "sbcap",
  "lcs-ap",
  "rua",
  "sigtran",
  "gprs-ns",
  "megaco",
  "sip",
];
/** What another network's border may be (roaming, interconnect). */
export const PARTNER_ROLES: readonly Role[] = [
  "MME",
  "SGSN",
  "HSS",
  "HLR",
  "SGW-C",
  "SGW-U",
  "PGW-C",
  "PGW-U",
  "GGSN",
  "PCRF",
  "AMF",
  "SMF",
  "UPF",
  "SEPP",
  "DEA",
  "DRA",
  "STP",
  "IPX",
  "IBCF",
  "TrGW",
  "GMLC",
  "SMSC",
  "MSC",
  "ePDG",
  "DNS",
  "gsmSCF",
  "SBC",
];
/** A network that shares the radio access: also its side of S1 and N2. */
export const SHARED_RAN_ROLES: readonly Role[] = ["eNB", "gNB", "en-gNB", "RNC"];
