/** GTP-U version 1 (and T-PDUs of version 0): 3GPP TS 29.281 §5.1 (header), §5.2 (extension headers), §6.1 (message types); recognition of GTP′ (TS 32.295 §6.1). */
import { i32, u16 } from "#bytes/read.ts";
import { limits } from "./limits.ts";
import { fail, pushTunnel, push, Step } from "./cursor.ts";
import { plausibleEthernet, plausibleIp, plausiblePpp } from "./plausible.ts";
import { Layer, PacketFault, type PacketView } from "./view.ts";
import {
  AT_GTP_END,
  AT_GTP_EXTENSION,
  AT_GTP_EXTENSION_START,
  AT_GTP_FLAGS,
  AT_GTP_TYPE,
  AT_PAYLOAD_END,
  AT_PAYLOAD_LENGTH,
  AT_PAYLOAD_START,
  AT_TUNNEL_PAYLOAD,
} from "./layout.ts";

export const GtpuType = {
  ECHO_REQUEST: 1,
  ECHO_RESPONSE: 2,
  ERROR_INDICATION: 26,
  SUPPORTED_EXTENSIONS: 31,
  TUNNEL_STATUS: 253,
  END_MARKER: 254,
  G_PDU: 255,
} as const;

const HEADER = 8;
/** Sequence number 2, N-PDU number 1, next extension type 1: present where any of E, S, PN is set. */
const OPTIONAL = 4;
const E = 4;
const E_S_PN = 7;

/**
 * version 3 bits (1), PT 1 (1), spare 1, E 1, S 1, PN 1 | message type 1 | length 2 (after octet 8) | TEID 4 |
 * [sequence 2 | N-PDU number 1 | next extension type 1] | extension headers
 *
 * Returns -1 where this is not GTP-U: version, PT or length say so. `sure` asks for more, for datagrams on other ports.
 */
export function gtpu(v: PacketView, sure: boolean): number {
  const p = v.at;
  const b = v.bytes;
  if (p + HEADER > v.limit) return -1;
  const flags = b[p]!;
  if ((flags & 0xf0) !== 0x30) return -1;
  const level = v.ipCount - 1;
  const type = b[p + 1]!;
  const stated = HEADER + u16(b, p + 2);
  let end = v.limit;
  let overlong = false;
  if (level >= v.stretch) {
    const room = v.n[AT_PAYLOAD_LENGTH + level]!;
    if (stated !== room && (sure || !known(type))) return -1;
    // Receivers that trust the UDP length take such a packet, so it is no way to hide: the inner packet has to confirm it.
    overlong = stated > room;
    if (overlong && type !== GtpuType.G_PDU) return -1;
    if (p + stated < end) end = p + stated;
  }
  let q = p + HEADER;
  if ((flags & E_S_PN) !== 0) {
    q += OPTIONAL;
    if (stated < HEADER + OPTIONAL) return -1;
  }
  if (sure && !(type === GtpuType.G_PDU && plausibleIp(b, q, end, true))) return -1;
  if (overlong && !innerConfirms(b, flags, q, end)) return -1;
  if (!pushTunnel(v, Layer.GTPU, p, i32(b, p + 4), Math.min(q, end))) return Step.DONE;
  v.n[AT_GTP_TYPE + level] = type;
  v.n[AT_GTP_FLAGS + level] = flags;
  v.n[AT_GTP_EXTENSION + level] = -1;
  v.n[AT_GTP_EXTENSION_START + level] = -1;
  v.n[AT_GTP_END + level] = end;
  if (overlong) fail(v, Layer.GTPU, PacketFault.LENGTH, p);
  if (q > end) return Step.DONE;
  if ((flags & E) !== 0 && b[q - 1] !== 0) {
    q = afterExtensions(v, level, b[q - 1]!, q, end);
    if (q < 0) return Step.DONE;
    v.n[AT_TUNNEL_PAYLOAD + level] = q;
  }
  if (type !== GtpuType.G_PDU || q >= end) return Step.DONE;
  v.at = q;
  v.limit = end;
  return tPdu(b, q, end);
}

/** An IP packet where the header and its extensions end. */
function innerConfirms(b: Uint8Array, flags: number, at: number, end: number): boolean {
  let q = at;
  let next = (flags & E) !== 0 && q <= end ? b[q - 1]! : 0;
  for (let count = 0; next !== 0 && count < limits.gtpExtensions; count++) {
    if (q >= end || b[q] === 0) return false;
    q += b[q]! * 4;
    next = q <= end ? b[q - 1]! : 0;
  }
  return plausibleIp(b, q, end, false);
}

function known(type: number): boolean {
  return type === GtpuType.G_PDU || type === GtpuType.END_MARKER || type === 1 || type === 2 || type === 26 || type === 31 || type === 253;
}

/** length 1 (in 4 octets, §5.2.1: never 0) | content | next extension type 1. Returns the octet after the chain, -1 where it breaks. */
function afterExtensions(v: PacketView, level: number, first: number, at: number, end: number): number {
  const b = v.bytes;
  v.n[AT_GTP_EXTENSION + level] = first;
  v.n[AT_GTP_EXTENSION_START + level] = at;
  let q = at;
  let next = first;
  for (let count = 0; next !== 0; count++) {
    if (count === limits.gtpExtensions) {
      fail(v, Layer.GTPU, PacketFault.COUNT, q);
      return -1;
    }
    const length = q < end ? b[q]! * 4 : 0;
    if (q >= end || q + length > end) {
      // The datagram's own length held (checked by the caller), so that a chain beyond it is the header's fault unless octets are missing.
      fail(
        v,
        Layer.GTPU,
        v.n[AT_PAYLOAD_START + level]! + v.n[AT_PAYLOAD_LENGTH + level]! > v.n[AT_PAYLOAD_END + level]!
          ? PacketFault.CUT
          : PacketFault.LENGTH,
        q,
      );
      return -1;
    }
    if (length === 0) {
      fail(v, Layer.GTPU, PacketFault.LENGTH, q);
      return -1;
    }
    q += length;
    next = b[q - 1]!;
  }
  return q;
}

/** A T-PDU is an IP packet, an Ethernet frame (PDU session type Ethernet) or a PPP frame; nothing in the header says which. */
export function tPdu(b: Uint8Array, q: number, end: number): number {
  const nibble = b[q]! >> 4;
  if (nibble === 4 || nibble === 6) {
    if (plausibleIp(b, q, end, false) || !plausibleEthernet(b, q, end)) return Step.IP;
    return Step.ETHERNET;
  }
  if (plausibleEthernet(b, q, end)) return Step.ETHERNET;
  return plausiblePpp(b, q, end) ? Step.PPP : Step.DONE;
}

/** Octets of a GTP version 0 header; the length counts from its end. */
const HEADER_V0 = 20;

/**
 * version 3 bits (0), PT 1 (1), spare 3 (all 1), SNN 1 | message type 1 | length 2 | sequence 2 | flow label 2 | N-PDU number 1 |
 * spare 3 (all 1) | tunnel id 8 (IMSI and NSAPI)
 *
 * GTP version 0 (TS 09.60 §6), on port 3386: T-PDUs alone, with the flow label in the place of the TEID. -1 for anything else.
 */
export function gtpVersion0(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + HEADER_V0 >= v.limit || (b[p]! & 0xfe) !== 0x1e || b[p + 1] !== GtpuType.G_PDU) return -1;
  const level = v.ipCount - 1;
  const stated = HEADER_V0 + u16(b, p + 2);
  const q = p + HEADER_V0;
  if (level >= v.stretch && stated > v.n[AT_PAYLOAD_LENGTH + level]!) return -1;
  const end = level >= v.stretch ? Math.min(p + stated, v.limit) : v.limit;
  if (!plausibleIp(b, q, end, false) || !pushTunnel(v, Layer.GTPU, p, u16(b, p + 6), q)) return -1;
  v.n[AT_GTP_TYPE + level] = GtpuType.G_PDU;
  v.n[AT_GTP_FLAGS + level] = b[p]!;
  v.n[AT_GTP_EXTENSION + level] = -1;
  v.n[AT_GTP_EXTENSION_START + level] = -1;
  v.n[AT_GTP_END + level] = end;
  v.at = q;
  v.limit = end;
  return Step.IP;
}

/**
 * version 3 bits (0 to 2), PT 1 (0), spare 3 (all 1), header kind 1 | message type 1 | length 2 | sequence 2 | [14 octets of version 0]
 *
 * Only recognised: charging records are not traffic. False where spare bits, type or length say that this is something else.
 */
export function gtpPrime(v: PacketView): boolean {
  const p = v.at;
  if (p + 6 > v.limit) return false;
  const flags = v.bytes[p]!;
  const version = flags >> 5;
  if (version > 2 || (flags & 0x1e) !== 0x0e) return false;
  const type = v.bytes[p + 1]!;
  // TS 32.295 table 6.2.1.1: path management, node alive, redirection, data record transfer.
  if (!((type >= 1 && type <= 7) || type === 240 || type === 241)) return false;
  // Version 0 with the short-header bit unset has the 20-octet header of GTP version 0 (TS 32.295 §6.1.1).
  const header = version === 0 && (flags & 1) === 0 ? 20 : 6;
  const stated = header + u16(v.bytes, p + 2);
  if (stated > v.n[AT_PAYLOAD_LENGTH + v.ipCount - 1]!) return false;
  return push(v, Layer.GTP_PRIME, p, 0);
}
