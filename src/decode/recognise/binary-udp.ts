/**
 * Binary protocols over UDP: RADIUS (RFC 2865 §3), DHCP (RFC 2131 §2), NTP (RFC 5905 §7.3), TFTP (RFC 1350 §5), IKE (RFC 7296 §3.1),
 * ESP in UDP (RFC 3948 §2), WireGuard, QUIC (RFC 9000 §17.2), STUN (RFC 8489 §5), RTCP (RFC 3550 §6), NetFlow v5 and v9 (RFC 3954),
 * IPFIX (RFC 7011 §3.1), sFlow 5, RMCP (IPMI 2.0 §13.1.3), BFD (RFC 5880 §4.1), PTP (IEEE 1588), VXLAN (RFC 7348 §5), GENEVE (RFC 8926 §3.4),
 * L2TP (RFC 2661 §3.1), GTP (TS 29.060 §6, TS 29.274 §5.1, TS 29.281 §5.1), PFCP (TS 29.244 §7.2.2).
 */
import { appCode } from "./apps.ts";
import { isKerberos, isSnmp } from "./ber.ts";
import { isRpcCall } from "./binary-tcp.ts";
import { limits } from "./limits.ts";
import { ascii, isText, startsWith, u16, u32 } from "./match.ts";
import { isDnsMessage } from "./names.ts";
import { isDtlsRecord } from "./tls.ts";
import { Port } from "#model/ports.ts";

const code = {
  snmp: appCode("snmp"),
  dns: appCode("dns"),
  nbns: appCode("nbns"),
  radius: appCode("radius"),
  dhcp: appCode("dhcp"),
  dhcpv6: appCode("dhcpv6"),
  ntp: appCode("ntp"),
  tftp: appCode("tftp"),
  ike: appCode("ike"),
  esp: appCode("esp"),
  wireguard: appCode("wireguard"),
  quic: appCode("quic"),
  stun: appCode("stun"),
  rtcp: appCode("rtcp"),
  netflow: appCode("netflow"),
  ipfix: appCode("ipfix"),
  sflow: appCode("sflow"),
  ipmi: appCode("ipmi"),
  bfd: appCode("bfd"),
  ptp: appCode("ptp"),
  vxlan: appCode("vxlan"),
  geneve: appCode("geneve"),
  l2tp: appCode("l2tp"),
  gtpC: appCode("gtp-c"),
  gtpU: appCode("gtp-u"),
  gtpPrime: appCode("gtp-prime"),
  pfcp: appCode("pfcp"),
  kerberos: appCode("kerberos"),
  dtls: appCode("dtls"),
  rpc: appCode("rpc"),
  tzsp: appCode("tzsp"),
  gre: appCode("gre"),
} as const;

const STUN_COOKIE = 0x2112a442;
const DHCP_COOKIE = 0x63825363;
const MODES = [ascii("octet"), ascii("netascii"), ascii("mail"), ascii("OCTET"), ascii("NETASCII")];

/** Ports are hints: a protocol whose head says little is recognised on its own port only. */
export function udpApp(bytes: Uint8Array, at: number, end: number, src: number, dst: number): number {
  const size = end - at;
  const byPort = portApp(bytes, at, end, src, dst);
  if (byPort !== 0) return byPort;
  if (size < 8) return 0;
  const first = bytes[at] as number;
  if (first === 0x30 && isSnmp(bytes, at, end)) return code.snmp;
  if ((first & 0xc0) === 0 && size >= 20 && u32(bytes, at + 4) === STUN_COOKIE && u16(bytes, at + 2) + 20 === size) return code.stun;
  if (isQuic(bytes, at, end)) return code.quic;
  if (isWireguard(bytes, at, size)) return code.wireguard;
  if (first >= 20 && first <= 23 && isDtlsRecord(bytes, at, end)) return code.dtls;
  if (isDhcp(bytes, at, end)) return code.dhcp;
  if (isRadius(bytes, at, end)) return code.radius;
  if (isDnsMessage(bytes, at, end)) return src === 137 || dst === 137 ? code.nbns : code.dns;
  if (isTftpRequest(bytes, at, end)) return code.tftp;
  if (isIke(bytes, at, end)) return code.ike;
  if (isKerberos(bytes, at, end, false)) return code.kerberos;
  if (first === 6 && bytes[at + 1] === 0 && isRmcp(bytes, at, size)) return code.ipmi;
  if (isRtcp(bytes, at, end)) return code.rtcp;
  if (first === 0) {
    const telemetry = flowExport(bytes, at, end);
    if (telemetry !== 0) return telemetry;
  }
  if (isNtp(bytes, at, size)) return code.ntp;
  if (isRpcCall(bytes, at, end)) return code.rpc;
  return 0;
}

function portApp(bytes: Uint8Array, at: number, end: number, src: number, dst: number): number {
  const size = end - at;
  const first = bytes[at] as number;
  if ((src === Port.IKE || dst === Port.IKE) && isIke(bytes, at, end)) return code.ike;
  if (src === Port.IPSEC_NAT || dst === Port.IPSEC_NAT) {
    if (size === 1 && first === 0xff) return code.esp;
    if (size >= 32 && u32(bytes, at) === 0) return isIke(bytes, at + 4, end) ? code.ike : 0;
    if (size >= 16 && u32(bytes, at) > 255) return code.esp;
  }
  if (size < 4) return 0;
  if (
    (src === 123 || dst === 123) &&
    size >= 12 &&
    ((first >> 3) & 7) >= 1 &&
    ((first >> 3) & 7) <= 4 &&
    (first & 7) !== 0 &&
    (size >= 48 || (first & 7) >= 6)
  )
    return code.ntp;
  if (
    (src === Port.GTP_U || dst === Port.GTP_U) &&
    first >> 5 === 1 &&
    (first & 0x10) !== 0 &&
    size >= 8 &&
    u16(bytes, at + 2) + 8 === size
  )
    return code.gtpU;
  if ((src === Port.GTP_C || dst === Port.GTP_C) && size >= 8 && isGtpC(bytes, at, size)) return code.gtpC;
  if ((src === Port.GTP_PRIME || dst === Port.GTP_PRIME) && isGtpPrime(bytes, at, size)) return code.gtpPrime;
  if ((src === Port.PFCP || dst === Port.PFCP) && first >> 5 === 1 && size >= 8 && u16(bytes, at + 2) + 4 <= size) return code.pfcp;
  if ((src === 3784 || dst === 3784) && first >> 5 === 1 && size >= 24 && bytes[at + 3] === size) return code.bfd;
  if ((src === 319 || dst === 319 || src === 320 || dst === 320) && size >= 34 && ((bytes[at + 1] as number) & 15) === 2) return code.ptp;
  if (
    (src === 4789 || dst === 4789 || src === 8472 || dst === 8472 || src === 4790 || dst === 4790) &&
    size >= 22 &&
    ((first & 0xf0) === 0 || first === 0x88) &&
    (first & 0x08) !== 0 &&
    bytes[at + 7] === 0
  )
    return code.vxlan;
  if ((src === 6081 || dst === 6081) && size >= 8 && first >> 6 === 0 && bytes[at + 7] === 0) return code.geneve;
  if ((src === 37008 || dst === 37008) && first === 1 && size >= 5) return code.tzsp;
  if ((src === 4754 || dst === 4754) && (first & 0x4f) === 0 && ((bytes[at + 1] as number) & 7) === 0) return code.gre;
  if ((src === 1701 || dst === 1701) && size >= 6 && ((bytes[at + 1] as number) & 15) === 2) return code.l2tp;
  if ((src === 546 || dst === 546 || src === 547 || dst === 547) && first >= 1 && first <= 36) return code.dhcpv6;
  return 0;
}

/** Version 2: the length is that of all but 4 octets (a second message may ride along); version 1: all but 8. */
function isGtpC(bytes: Uint8Array, at: number, size: number): boolean {
  const version = (bytes[at] as number) >> 5;
  const length = u16(bytes, at + 2);
  if (version === 2) return length + 4 === size || (((bytes[at] as number) & 0x10) !== 0 && length + 4 < size);
  return version === 1 && ((bytes[at] as number) & 0x10) !== 0 && length + 8 === size;
}

/** TS 32.295 §6.1: version 0 to 2, protocol type 0, header of 6 octets (20 in version 0 by its flag), length of the rest. */
function isGtpPrime(bytes: Uint8Array, at: number, size: number): boolean {
  const first = bytes[at] as number;
  if (size < 6 || first >> 5 > 2 || (first & 0x10) !== 0) return false;
  const length = u16(bytes, at + 2);
  return length + 6 === size || length + 20 === size;
}

/** SPIs (8, 8) next payload (1) version (1) exchange (1) flags (1) message id (4) length (4). */
function isIke(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 28 > end || u32(bytes, at + 24) !== end - at) return false;
  const version = bytes[at + 17] as number;
  const exchange = bytes[at + 18] as number;
  return version === 0x20 ? exchange >= 34 && exchange <= 44 : version === 0x10 && (exchange <= 6 || exchange === 32 || exchange === 33);
}

/** type (1) reserved (3); lengths are fixed but for transport data, a multiple of 16. */
function isWireguard(bytes: Uint8Array, at: number, size: number): boolean {
  if (bytes[at + 1] !== 0 || bytes[at + 2] !== 0 || bytes[at + 3] !== 0) return false;
  const type = bytes[at];
  return (
    (type === 1 && size === 148) ||
    (type === 2 && size === 92) ||
    (type === 3 && size === 64) ||
    (type === 4 && size >= 32 && size % 16 === 0)
  );
}

/** Long header: form and fixed bits, version (4), connection ids of at most 20 octets. */
function isQuic(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 7 > end || ((bytes[at] as number) & 0xc0) !== 0xc0) return false;
  const version = u32(bytes, at + 1);
  const known = version === 1 || version === 0x6b3343cf || (version & 0xffffff00) >>> 0 === 0xff000000;
  if (!known) return false;
  const dcid = bytes[at + 5] as number;
  if (dcid > 20 || at + 6 + dcid >= end) return false;
  return (bytes[at + 6 + dcid] as number) <= 20;
}

function isDhcp(bytes: Uint8Array, at: number, end: number): boolean {
  const op = bytes[at] as number;
  return at + 240 <= end && (op === 1 || op === 2) && (bytes[at + 2] as number) <= 16 && u32(bytes, at + 236) === DHCP_COOKIE;
}

/** code (1) id (1) length (2) authenticator (16) attributes: type (1) length (1), to the end exactly. */
function isRadius(bytes: Uint8Array, at: number, end: number): boolean {
  const size = end - at;
  if (size < 20 || u16(bytes, at + 2) !== size) return false;
  const kind = bytes[at] as number;
  if (!((kind >= 1 && kind <= 5) || (kind >= 11 && kind <= 13) || (kind >= 40 && kind <= 45))) return false;
  let p = at + 20;
  for (let i = 0; p < end && i < limits.radiusAttributes; i++) {
    const length = p + 1 < end ? (bytes[p + 1] as number) : 0;
    if (length < 2 || bytes[p] === 0) return false;
    p += length;
  }
  return p === end;
}

/** opcode 1 or 2, file name, NUL, mode, NUL. */
function isTftpRequest(bytes: Uint8Array, at: number, end: number): boolean {
  const opcode = u16(bytes, at);
  if (opcode !== 1 && opcode !== 2) return false;
  let p = at + 2;
  while (p < end && p < at + 512 && isText(bytes[p])) p++;
  if (p === at + 2 || p >= end || bytes[p] !== 0) return false;
  for (const mode of MODES) if (startsWith(bytes, p + 1, end, mode) && bytes[p + 1 + mode.length] === 0) return true;
  return false;
}

/** Without its port: 48 octets, version 3 or 4, client or server, and fields in the ranges that clocks have. */
function isNtp(bytes: Uint8Array, at: number, size: number): boolean {
  if (size !== 48) return false;
  const first = bytes[at] as number;
  const version = (first >> 3) & 7;
  const mode = first & 7;
  if ((version !== 3 && version !== 4) || (mode !== 3 && mode !== 4)) return false;
  return (
    (bytes[at + 1] as number) <= 15 &&
    (bytes[at + 2] as number) <= 17 &&
    (bytes[at + 3] as number) >= 0xe0 &&
    bytes[at + 4] === 0 &&
    bytes[at + 8] === 0
  );
}

/** version (1) 6, reserved, sequence, class: ASF 6 or IPMI 7; presence pings have a known length. */
function isRmcp(bytes: Uint8Array, at: number, size: number): boolean {
  const kind = (bytes[at + 3] as number) & 0x1f;
  if (kind === 7) return size >= 14 && ((bytes[at + 4] as number) <= 2 || bytes[at + 4] === 6) && bytes[at + 2] === 0xff;
  return kind === 6 && size >= 12 && u32(bytes, at + 4) === 0x000011be;
}

/** Version 2, packet types 200–207, each length to the next, the last to the end. */
function isRtcp(bytes: Uint8Array, at: number, end: number): boolean {
  let p = at;
  let packets = 0;
  while (p + 8 <= end && packets < 32) {
    const type = bytes[p + 1] as number;
    if ((bytes[p] as number) >> 6 !== 2 || type < 200 || type > 207) return false;
    if (packets === 0 && type > 201) return false;
    p += 4 * (u16(bytes, p + 2) + 1);
    packets++;
  }
  return packets > 0 && p === end;
}

/** NetFlow v5 and v9, IPFIX, sFlow: version, count, and lengths that add up. */
function flowExport(bytes: Uint8Array, at: number, end: number): number {
  const size = end - at;
  const version = u16(bytes, at);
  if (version === 5) {
    const count = u16(bytes, at + 2);
    return count >= 1 && count <= 30 && size === 24 + 48 * count ? code.netflow : 0;
  }
  if (version === 9) return size > 24 && setsEnd(bytes, at + 20, end) ? code.netflow : 0;
  if (version === 10) return size > 20 && u16(bytes, at + 2) === size && setsEnd(bytes, at + 16, end) ? code.ipfix : 0;
  if (version === 0 && u16(bytes, at + 2) === 5) {
    const address = u32(bytes, at + 4);
    const samples = at + (address === 1 ? 24 : 36);
    if ((address !== 1 && address !== 2) || samples + 12 > end) return 0;
    const count = u32(bytes, samples);
    return count >= 1 && count <= 1000 && u32(bytes, samples + 8) <= end - samples ? code.sflow : 0;
  }
  return 0;
}

/** set id (2) length (2): ids 0 to 3 and from 256 on. */
function setsEnd(bytes: Uint8Array, from: number, end: number): boolean {
  let p = from;
  for (let i = 0; i < limits.flowSets && p + 4 <= end; i++) {
    const id = u16(bytes, p);
    const length = u16(bytes, p + 2);
    if ((id > 3 && id < 256) || length < 4) return false;
    p += length;
  }
  return p === end;
}
