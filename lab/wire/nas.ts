/** EPS NAS (TS 24.301): the messages of attach, service request, tracking area update and detach. */
import { address, cat, isV6, labels, type Octets, plmnOctets, tbcd, u16, u32, u8, zeros } from "./octets.ts";

/** EPS mobile identity (§9.9.3.12), IMSI: type 1 with the odd indication in the first digit's octet. */
function imsiIdentity(imsi: string): Octets {
  const odd = imsi.length % 2 === 1;
  const first = (Number(imsi[0]) << 4) | (odd ? 8 : 0) | 1;
  const v = cat(u8(first), tbcd(imsi.slice(1)));
  return cat(u8(v.length), v);
}

export interface Guti {
  readonly plmn: string;
  readonly group: number;
  readonly code: number;
  readonly tmsi: number;
}

function gutiIdentity(g: Guti): Octets {
  return cat(u8(11), u8(0xf6), plmnOctets(g.plmn), u16(g.group), u8(g.code), u32(g.tmsi));
}

/** §8.2.4; `attachType` 1 EPS, 6 emergency. `capability` is the UE network capability (§9.9.3.34). */
export function attachRequest(
  identity: { imsi: string } | { guti: Guti },
  capability: Octets,
  o: { attachType?: number; ksi?: number; emergencyPdn?: boolean } = {},
): Octets {
  const id = "imsi" in identity ? imsiIdentity(identity.imsi) : gutiIdentity(identity.guti);
  const pdnType = (1 << 4) | (o.attachType === 6 || o.emergencyPdn === true ? 4 : 1);
  const esm = cat(u8(0x02), u8(0x01), u8(0xd0), u8(pdnType));
  return cat(
    u8(0x07),
    u8(0x41),
    u8(((o.ksi ?? 7) << 4) | (o.attachType ?? 1)),
    id,
    u8(capability.length),
    capability,
    u16(esm.length),
    esm,
  );
}

/** §8.2.7 */
export function authenticationRequest(rand: Octets, autn: Octets): Octets {
  return cat(u8(0x07), u8(0x52), u8(0), rand, u8(autn.length), autn);
}

/** §8.2.8 */
export function authenticationResponse(res: Octets): Octets {
  return cat(u8(0x07), u8(0x53), u8(res.length), res);
}

/** Security header types of §9.3.1. */
export const Header = { plain: 0, integrity: 1, ciphered: 2, newContext: 3, cipheredNewContext: 4 } as const;

export function secured(header: number, mac: Octets, sequence: number, inner: Octets): Octets {
  return cat(u8((header << 4) | 7), mac, u8(sequence), inner);
}

/** §8.2.20: selected algorithms, key set, replayed UE security capabilities (§9.9.3.36), IMEISV request. */
export function securityModeCommand(ciphering: number, integrity: number, replayed: Octets): Octets {
  return cat(u8(0x07), u8(0x5d), u8((ciphering << 4) | integrity), u8(0), u8(replayed.length), replayed, u8(0xc1));
}

/** §8.2.21, with IMEISV. */
export function securityModeComplete(imeisv: string): Octets {
  const v = cat(u8((Number(imeisv[0]) << 4) | 3), tbcd(imeisv.slice(1)));
  return cat(u8(0x07), u8(0x5e), u8(0x23), u8(v.length), v);
}

/** §8.2.1 with an Activate default EPS bearer context request (§8.3.6). */
export function attachAccept(plmn: string, tac: number, guti: Guti, ue: string, apn: string): Octets {
  const apnValue = labels(apn);
  // Of IPv6 the interface identifier alone; the prefix comes by router advertisement (§9.9.4.9).
  const pdn = isV6(ue) ? cat(u8(9), u8(2), address(ue).subarray(8)) : cat(u8(5), u8(1), address(ue));
  const esm = cat(u8(0x52), u8(0x01), u8(0xc1), u8(1), u8(9), u8(apnValue.length), apnValue, pdn);
  const tai = cat(u8(6), u8(0), plmnOctets(plmn), u16(tac));
  return cat(u8(0x07), u8(0x42), u8(1), u8(0x49), tai, u16(esm.length), esm, u8(0x50), gutiIdentity(guti));
}

/** §8.2.2 with Activate default EPS bearer context accept. */
export function attachComplete(): Octets {
  const esm = cat(u8(0x52), u8(0), u8(0xc2));
  return cat(u8(0x07), u8(0x43), u16(esm.length), esm);
}

/** §8.2.25: short MAC of two octets. */
export function serviceRequest(ksi: number, sequence: number, mac: Octets): Octets {
  return cat(u8(0xc7), u8((ksi << 5) | (sequence & 31)), mac.subarray(0, 2));
}

/** §8.2.11.1, switch off. */
export function detachRequest(guti: Guti): Octets {
  return cat(u8(0x07), u8(0x45), u8(0x09), gutiIdentity(guti));
}

/** What a UE that offers `eea` and `eia` (bit masks, bit 7 = algorithm 0) replays in the security mode command. */
export function replayed(capability: Octets): Octets {
  return capability.length >= 4 ? capability.slice(0, 4) : cat(capability, zeros(0));
}
