/**
 * Sets of functions that several rules decide by, once. A declared role is in a set where it, or one of the functions that it combines
 * (`SPGW`, `pgw-u`, `MME/SGSN`), is.
 */
import { rolesOf } from "./roles.ts";

export type RoleGroup = ReadonlySet<string>;

export function isOf(roles: readonly string[], group: RoleGroup): boolean {
  return roles.some((role) => group.has(role) || rolesOf(role).some((atom) => group.has(atom)));
}

/** Serve a subscriber's mobility (3GPP TS 23.401 §4.4.2, TS 23.060 §5.4.2, TS 23.501 §6.2.1). */
export const MOBILITY: RoleGroup = new Set(["MME", "SGSN", "AMF"]);

/** Hold subscriptions (TS 23.002 §4.1.1.1, TS 23.501 §6.2). */
export const SUBSCRIBER_DATA: RoleGroup = new Set(["HSS", "HLR", "UDM", "UDR", "AUSF"]);

/** The base stations' side of a user plane (TS 23.401 §4.4.1, TS 38.401 §6.1, TS 23.060 §5.4.3). */
export const ACCESS: RoleGroup = new Set(["eNB", "gNB", "en-gNB", "ng-eNB", "gNB-CU", "gNB-CU-UP", "HeNB", "HeNB-GW", "RNC", "HNB-GW"]);

/** End of the tunnels: subscribers' plain packets stand on their other side (TS 23.401 §4.4.3.3, TS 23.501 §6.2.3). */
export const FACES_PLAIN_SIDE: RoleGroup = new Set(["PGW-U", "UPF", "GGSN"]);

/** Pass on or end subscribers' packets in the core. */
export const CORE_USER_PLANE: RoleGroup = new Set([...FACES_PLAIN_SIDE, "SGW-U", "SGSN"]);

/** Gateways of user planes, also one whose kind PFCP did not tell (`UP`) and one of untrusted access (TS 23.402 §4.3.4). */
export const GATEWAYS: RoleGroup = new Set([...CORE_USER_PLANE, "UP", "ePDG"]);

/** Administer, mediate and receive lawful interception (TS 33.127 §5.3, TS 33.107 §4). */
export const LAWFUL_ADMINISTRATION: RoleGroup = new Set(["ADMF"]);
export const LAWFUL_MEDIATION: RoleGroup = new Set(["MDF", "MF", "LEMF-GW"]);
export const LAWFUL_MONITORING: RoleGroup = new Set(["LEMF", "LEA"]);
export const LAWFUL_FUNCTIONS: RoleGroup = new Set([...LAWFUL_ADMINISTRATION, ...LAWFUL_MEDIATION, ...LAWFUL_MONITORING]);
