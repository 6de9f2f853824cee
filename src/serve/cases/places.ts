/** Where a 3GPP figure puts a function (TS 23.401 figure 4.2.1-1, TS 23.501 figure 4.2.3-1): access left, core in the middle, networks right; control above user plane. */
import { rolesOf } from "#declaration/roles.ts";
import type { Plane, Tier } from "#serve/api/types.ts";
import { LAWFUL_FUNCTIONS } from "#declaration/role-groups.ts";

const ACCESS = [
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
  "SecGW",
];
const DATA = [
  "HSS",
  "HLR",
  "EIR",
  "AuC",
  "UDM",
  "UDR",
  "UDSF",
  "AUSF",
  "5G-EIR",
  "PCRF",
  "PCF",
  "OCS",
  "OFCS",
  "CDF",
  "CGF",
  "CHF",
  "GMLC",
  "E-SMLC",
  "LMF",
  "BSF",
  "SLP",
];
const EDGE = [
  "PGW-C",
  "PGW-U",
  "GGSN",
  "UPF",
  "TDF-C",
  "TDF-U",
  "ePDG",
  "TWAG",
  "P-CSCF",
  "I-CSCF",
  "S-CSCF",
  "E-CSCF",
  "AS",
  "AF",
  "NEF",
  "SCEF",
  "SBC",
  "IBCF",
  "SEPP",
  "DEA",
  "IPX",
  "MBMS-GW",
  "BM-SC",
];
const MANAGEMENT = ["EMS", "NMS", "DNS", "NTP", "DHCP", "Router", "Firewall"];
const USER_PLANE = ["SGW-U", "PGW-U", "UPF", "TDF-U", "gNB-CU-UP", "GGSN", "MGW", "IMS-AGW", "TrGW", "MRFP"];

const TIERS: readonly (readonly [Tier, ReadonlySet<string>])[] = [
  ["lawful", LAWFUL_FUNCTIONS],
  ["access", new Set(ACCESS)],
  ["edge", new Set(EDGE)],
  ["data", new Set(DATA)],
  ["management", new Set(MANAGEMENT)],
];
const USER = new Set(USER_PLANE);
const BOTH = new Set(ACCESS);
const SIGNALLING_CORE = new Set(["MME", "AMF", "SGSN", "SGW-C", "SMF", "MSC"]);

export function placeOf(roles: readonly string[]): { readonly tier: Tier; readonly plane: Plane } {
  const atoms = roles.flatMap((role) => rolesOf(role));
  const known: readonly string[] = atoms.length > 0 ? atoms : roles;
  const user = known.filter((role) => USER.has(role)).length;
  const plane: Plane = known.some((role) => BOTH.has(role)) || (user > 0 && user < known.length) ? "both" : user > 0 ? "user" : "control";
  // a combined node stands in the core if it does the core's signalling
  if (known.some((role) => SIGNALLING_CORE.has(role) && role !== "SGW-C" && role !== "SMF")) return { tier: "core", plane };
  for (const [tier, set] of TIERS)
    if (known.some((role) => set.has(role))) return { tier, plane: tier === "management" ? "management" : plane };
  return { tier: "core", plane };
}

const COLUMNS: Readonly<Record<Tier, number>> = { access: 0, core: 1, data: 1, edge: 2, management: 2, lawful: 2, outside: 3 };
const BANDS: Readonly<Record<Tier, number>> = { data: 0, lawful: 0, access: 1, core: 1, edge: 1, outside: 1, management: 3 };
const PLANES: Readonly<Record<Plane, number>> = { control: 0, both: 0.5, user: 1, management: 2 };

/** Column and band of a node; nodes of one column are stacked by band, then by site and name. */
export function gridOf(tier: Tier, plane: Plane): { readonly column: number; readonly band: number } {
  return { column: COLUMNS[tier], band: BANDS[tier] + PLANES[plane] };
}
