/**
 * Roles of network functions as 3GPP names them (TS 23.002, TS 23.401, TS 23.060, TS 23.228, TS 23.501, TS 33.127),
 * and how combined or differently spelt names come apart. `interfaces.ts` says which roles may talk to each other.
 */

/** Atoms: the smallest roles that an interface's end can have. */
export const ROLES = [
  // radio access
  "eNB",
  "en-gNB",
  "gNB",
  "gNB-CU",
  "gNB-DU",
  "gNB-CU-UP",
  "HeNB-GW",
  "NodeB",
  "RNC",
  "HNB-GW",
  "BSC",
  "BTS",
  "N3IWF",
  "MCE",
  // packet core
  "MME",
  "SGW-C",
  "SGW-U",
  "PGW-C",
  "PGW-U",
  "TDF-C",
  "TDF-U",
  "SGSN",
  "GGSN",
  "ePDG",
  "TWAG",
  "AAA",
  "SCEF",
  "MBMS-GW",
  "BM-SC",
  // subscriber data, policy, charging, location, messages
  "HSS",
  "HLR",
  "EIR",
  "AuC",
  "PCRF",
  "OCS",
  "OFCS",
  "CDF",
  "CGF",
  "GMLC",
  "E-SMLC",
  "SMSC",
  "CBC",
  "MSC",
  "VLR",
  "gsmSCF",
  "BSF",
  "SLP",
  // IMS
  "P-CSCF",
  "I-CSCF",
  "S-CSCF",
  "E-CSCF",
  "AS",
  "IBCF",
  "BGCF",
  "MGCF",
  "MGW",
  "IMS-AGW",
  "TrGW",
  "MRFC",
  "MRFP",
  "ATCF",
  "SBC",
  // 5G core
  "AMF",
  "SMF",
  "UPF",
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
  // signalling nodes
  "DRA",
  "DEA",
  "STP",
  "IPX",
  "SMSFW",
  // lawful interception
  "ADMF",
  "MDF",
  "LEMF",
  // around the core
  "DNS",
  "NTP",
  "DHCP",
  "SecGW",
  "Router",
  "Firewall",
  "EMS",
  "NMS",
] as const;
export type Role = (typeof ROLES)[number];

const ATOMS = new Map<string, Role>(ROLES.map((r) => [key(r), r]));

const COMBINED: Readonly<Record<string, readonly Role[]>> = {
  sgw: ["SGW-C", "SGW-U"],
  pgw: ["PGW-C", "PGW-U"],
  pdngw: ["PGW-C", "PGW-U"],
  spgw: ["SGW-C", "SGW-U", "PGW-C", "PGW-U"],
  saegw: ["SGW-C", "SGW-U", "PGW-C", "PGW-U"],
  spgwc: ["SGW-C", "PGW-C"],
  saegwc: ["SGW-C", "PGW-C"],
  spgwu: ["SGW-U", "PGW-U"],
  saegwu: ["SGW-U", "PGW-U"],
  epc: ["MME", "HSS", "SGW-C", "SGW-U", "PGW-C", "PGW-U", "PCRF"],
  tdf: ["TDF-C", "TDF-U"],
  gw: ["SGW-C", "SGW-U", "PGW-C", "PGW-U"],
  enodeb: ["eNB"],
  henb: ["eNB"],
  ngenb: ["eNB", "gNB"],
  gnodeb: ["gNB"],
  engnodeb: ["en-gNB"],
  gnbcucp: ["gNB-CU"],
  cucp: ["gNB-CU"],
  cuup: ["gNB-CU-UP"],
  bts: ["BTS"],
  tngf: ["N3IWF"],
  wagf: ["N3IWF"],
  bsf: ["BSF"],
  hssfe: ["HSS"],
  hlrhss: ["HLR", "HSS"],
  mscs: ["MSC", "VLR"],
  mscvlr: ["MSC", "VLR"],
  mss: ["MSC", "VLR"],
  gmsc: ["MSC"],
  smsgmsc: ["SMSC"],
  smsiwmsc: ["SMSC"],
  ipsmgw: ["SMSC", "AS"],
  cscf: ["P-CSCF", "I-CSCF", "S-CSCF"],
  tas: ["AS"],
  mmtel: ["AS"],
  mtas: ["AS"],
  scscf: ["S-CSCF"],
  ccf: ["CDF", "CGF"],
  cdr: ["CDF"],
  pcef: ["PGW-C", "PGW-U"],
  iupf: ["UPF"],
  psaupf: ["UPF"],
  vsmf: ["SMF"],
  hsmf: ["SMF"],
  vsepp: ["SEPP"],
  hsepp: ["SEPP"],
  lipf: ["ADMF"],
  licf: ["ADMF"],
  mdf2: ["MDF"],
  mdf3: ["MDF"],
  df2: ["MDF"],
  df3: ["MDF"],
  df: ["MDF"],
  lemf2: ["LEMF"],
  segw: ["SecGW"],
  oss: ["NMS"],
  nm: ["NMS"],
  em: ["EMS"],
};

function key(role: string): string {
  return role.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/** Atoms of one declared role; empty where the name is not known. `SMF+PGW-C`, `MME/SGSN` come apart. */
export function rolesOf(declared: string): readonly Role[] {
  const whole = ATOMS.get(key(declared));
  if (whole !== undefined) return [whole];
  const combined = Object.hasOwn(COMBINED, key(declared)) ? COMBINED[key(declared)] : undefined;
  if (combined !== undefined) return combined;
  const parts = declared.split(/[+/,&|]| and /);
  if (parts.length < 2 || parts.length > 16) return [];
  const all = parts.map((p) => rolesOf(p.trim()));
  return all.some((p) => p.length === 0) ? [] : [...new Set(all.flat())];
}

export function isKnownRole(declared: string): boolean {
  return rolesOf(declared).length > 0;
}

export const MIDDLEBOX_KINDS = ["nat", "nat64", "cgnat", "proxy", "cache", "pep", "firewall", "slb", "secgw"] as const;
export const GROUP_KINDS = ["ha", "pool", "vip", "anycast"] as const;
export const MONITORING_KINDS = ["probe", "dpi", "broker", "flow-export", "siem"] as const;
export const SIGNALLING_KINDS = ["dra", "dea", "stp", "scp", "sepp", "ipx", "smsfw"] as const;
export const TRANSFER_KINDS = ["cdr", "trace", "pm", "logs", "software", "lcs", "emergency"] as const;
export const PARTNER_KINDS = ["roaming", "mvno", "mocn", "sponsor"] as const;
