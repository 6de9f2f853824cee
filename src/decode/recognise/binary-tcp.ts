/**
 * Binary protocols over TCP: SSH packets (RFC 4253 §6, §7.1), Telnet (RFC 854), TPKT and X.224 of RDP (RFC 1006, MS-RDPBCGR
 * §2.2.1.1), SMB (MS-SMB2 §2.1), TACACS+ (RFC 8907 §4.1), BGP (RFC 4271 §4.1), X11 (§8), MySQL, PostgreSQL, Kafka, MQTT, ONC RPC
 * (RFC 5531), HTTP/2 frames (RFC 9113 §4.1, §6.5), Diameter (RFC 6733 §3), rlogin (RFC 1282), rsh, iperf3.
 */
import { appCode } from "./apps.ts";
import { isKerberos, isLdap } from "./ber.ts";
import { ascii, find, isDigit, isText, startsWith, u16, u24, u32 } from "./match.ts";
import { isDnsMessage } from "./names.ts";
import { isTlsRecord } from "./tls.ts";

const TLS = appCode("tls");
const SSH = appCode("ssh");
const TELNET = appCode("telnet");
const RDP = appCode("rdp");
const SMB = appCode("smb");
const TACACS = appCode("tacacs+");
const BGP = appCode("bgp");
const X11 = appCode("x11");
const MYSQL = appCode("mysql");
const POSTGRESQL = appCode("postgresql");
const KAFKA = appCode("kafka");
const MQTT = appCode("mqtt");
const RPC = appCode("rpc");
const HTTP2 = appCode("http2");
const DIAMETER = appCode("diameter");
const LDAP = appCode("ldap");
const KERBEROS = appCode("kerberos");
const DNS = appCode("dns");
const RLOGIN = appCode("rlogin");
const RSH = appCode("rsh");
const IPERF = appCode("iperf");
const SNMP_OVER_TCP_FRAME = 0x30;

const MQTT_NAME = ascii("\x00\x04MQTT");
const MQISDP = ascii("\x00\x06MQIsdp");
const COOKIE = ascii("Cookie: mst");
const RDNS = ascii("RDP");

/** `port`: the responder's; 0 where nothing is recognised. */
export function tcpApp(bytes: Uint8Array, at: number, end: number, port: number, fromInitiator: boolean): number {
  const size = end - at;
  const first = bytes[at] as number;
  if (first >= 20 && first <= 23 && isTlsRecord(bytes, at, end)) return TLS;
  if (first === 255) {
    if (isBgp(bytes, at, end)) return BGP;
    if (isTelnet(bytes, at, end, port)) return TELNET;
  }
  if (size < 4) return 0;
  if (first === SNMP_OVER_TCP_FRAME && isLdap(bytes, at, end)) return LDAP;
  if (first === 3 && isRdp(bytes, at, end, port)) return RDP;
  if (first === 0) {
    if (isSmb(bytes, at, end)) return SMB;
    if (isSshKexInit(bytes, at, end)) return SSH;
    if (isKerberos(bytes, at, end, true)) return KERBEROS;
    if (isHttp2Settings(bytes, at, end)) return HTTP2;
    if (isPostgresql(bytes, at, end)) return POSTGRESQL;
    if (size >= 14 && u16(bytes, at) === size - 2 && isDnsMessage(bytes, at + 2, end)) return DNS;
    if (isKafka(bytes, at, end)) return KAFKA;
    if (port === 513 && isRlogin(bytes, at, end)) return RLOGIN;
  }
  if (first === 1 && isDiameter(bytes, at, end)) return DIAMETER;
  if ((first & 0x80) !== 0 && isRpcRecord(bytes, at, end)) return RPC;
  if (first === 5 && isDceRpc(bytes, at, end)) return RPC;
  if ((first & 0xfe) === 0xc0 && isTacacs(bytes, at, end)) return TACACS;
  if (first === 0x10 && isMqtt(bytes, at, end)) return MQTT;
  if (isMysql(bytes, at, end)) return MYSQL;
  if ((first === 0x6c || first === 0x42) && isX11(bytes, at, end)) return X11;
  if (size === 37 && isIperf(bytes, at)) return IPERF;
  if (port === 514 && fromInitiator && isRsh(bytes, at, end)) return RSH;
  return 0;
}

/** packet_length (4) padding_length (1) SSH_MSG_KEXINIT = 20 (1) cookie (16) kex_algorithms name-list. */
function isSshKexInit(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 40 > end || bytes[at + 5] !== 20) return false;
  const packet = u32(bytes, at);
  const padding = bytes[at + 4] as number;
  if (packet > 35_000 || (packet + 4) % 8 !== 0 || padding < 4 || packet < padding + 30) return false;
  const list = u32(bytes, at + 22);
  if (list > packet) return false;
  for (let i = at + 26; i < Math.min(end, at + 26 + Math.min(list, 64)); i++) if (!isText(bytes[i]) || bytes[i] === 32) return false;
  return true;
}

/** IAC (255) WILL…DONT (251–254) option; two commands, or one that is all there is, or the port. */
function isTelnet(bytes: Uint8Array, at: number, end: number, port: number): boolean {
  let p = at;
  let commands = 0;
  while (p + 3 <= end && bytes[p] === 255 && commands < 3) {
    const command = bytes[p + 1] as number;
    const option = bytes[p + 2] as number;
    if (command < 250 || command > 254 || (option > 49 && option < 138 && option !== 50) || (option > 140 && option !== 255)) break;
    if (command === 250) {
      // sub-negotiation ends in IAC SE
      let q = p + 3;
      const stop = Math.min(end, p + 128);
      while (q + 1 < stop && !(bytes[q] === 255 && bytes[q + 1] === 240)) q++;
      if (q + 1 >= stop) break;
      p = q + 2;
    } else p += 3;
    commands++;
  }
  if (commands >= 2) return true;
  return commands === 1 && (p === end || port === 23);
}

/** TPKT version 3, length of all; X.224 CR or CC with RDP's cookie or negotiation, else the port. */
function isRdp(bytes: Uint8Array, at: number, end: number, port: number): boolean {
  if (at + 11 > end || bytes[at + 1] !== 0 || u16(bytes, at + 2) !== end - at) return false;
  if ((bytes[at + 4] as number) !== end - at - 5) return false;
  const tpdu = bytes[at + 5] as number;
  if (tpdu !== 0xe0 && tpdu !== 0xd0) return false;
  if (startsWith(bytes, at + 11, end, COOKIE) || port === 3389) return true;
  const n = end - 8;
  const kind = bytes[n] as number;
  return n >= at + 11 && kind >= 1 && kind <= 3 && bytes[n + 2] === 8 && bytes[n + 3] === 0 && find(bytes, at + 11, end, RDNS) < 0;
}

/** NetBIOS session message (0), length (3), 0xFF, 0xFE or 0xFD, `SMB`. */
function isSmb(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end) return false;
  const mark = bytes[at + 4] as number;
  return mark >= 0xfc && bytes[at + 5] === 0x53 && bytes[at + 6] === 0x4d && bytes[at + 7] === 0x42 && u24(bytes, at + 1) >= 32;
}

/** major/minor (1) type (1) seq (1) flags (1) session (4) length (4): the length is that of the rest. */
function isTacacs(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 13 > end) return false;
  const type = bytes[at + 1] as number;
  return type >= 1 && type <= 3 && bytes[at + 2] !== 0 && ((bytes[at + 3] as number) & 0xfa) === 0 && u32(bytes, at + 8) === end - at - 12;
}

function isBgp(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 19 > end) return false;
  for (let i = 1; i < 16; i++) if (bytes[at + i] !== 255) return false;
  const length = u16(bytes, at + 16);
  const type = bytes[at + 18] as number;
  return length >= 19 && length <= 4096 && type >= 1 && type <= 5;
}

/** byte-order (1) unused (1) major 11 (2) minor 0 (2) lengths of authorisation name and data (2, 2) unused (2). */
function isX11(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 12 > end || bytes[at + 1] !== 0) return false;
  const little = bytes[at] === 0x6c;
  const v = (o: number): number => (little ? ((bytes[at + o + 1] as number) << 8) | (bytes[at + o] as number) : u16(bytes, at + o));
  return v(2) === 11 && v(4) === 0 && 12 + ((v(6) + 3) & ~3) + ((v(8) + 3) & ~3) === end - at;
}

/** Greeting: length (3, little-endian), sequence 0, protocol 10, version text, NUL. */
function isMysql(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 20 > end || bytes[at + 3] !== 0 || bytes[at + 4] !== 10 || !isDigit(bytes[at + 5]) || bytes[at + 6] !== 46) return false;
  return ((bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16)) === end - at - 4;
}

/** length (4) of all, then protocol 3.0, SSLRequest, GSSENCRequest or CancelRequest. */
function isPostgresql(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 8 > end || u32(bytes, at) !== end - at) return false;
  const code = u32(bytes, at + 4);
  if (code === 80_877_103 || code === 80_877_104) return end - at === 8;
  return code === 0x00030000 && bytes[end - 1] === 0;
}

/** length (4) of the rest, api_key (2), api_version (2), correlation (4), client id (2, text). */
function isKafka(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 15 > end || u32(bytes, at) !== end - at - 4) return false;
  if (u16(bytes, at + 4) > 100 || u16(bytes, at + 6) > 20) return false;
  const length = u16(bytes, at + 12);
  if (length === 0 || length > 255 || at + 14 + length > end) return false;
  for (let i = at + 14; i < at + 14 + length; i++) if (!isText(bytes[i])) return false;
  return length >= 3;
}

function isMqtt(bytes: Uint8Array, at: number, end: number): boolean {
  for (let i = 2; i <= 5; i++) if (startsWith(bytes, at + i, end, MQTT_NAME) || startsWith(bytes, at + i, end, MQISDP)) return true;
  return false;
}

/**
 * DCE 1.1 RPC over connections (C706 §12.6): version 5.0 or 5.1, type (1), flags (1), data representation (4: integers' order, ASCII or EBCDIC; floats; two zeros), length of the fragment (2),
 * of the authentication (2), call (4). A first message binds (11) or requests (0).
 */
function isDceRpc(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 16 > end || (bytes[at + 1] as number) > 1 || (bytes[at + 2] as number) > 19) return false;
  const representation = bytes[at + 4] as number;
  if ((representation & 0xee) !== 0 || (bytes[at + 5] as number) > 3 || bytes[at + 6] !== 0 || bytes[at + 7] !== 0) return false;
  const length = representation >> 4 === 1 ? ((bytes[at + 9] as number) << 8) | (bytes[at + 8] as number) : u16(bytes, at + 8);
  return length >= 16 && length === end - at;
}

/** last fragment bit and length (4), xid (4), call 0 or reply 1 (4), RPC version 2 (4), program. */
function isRpcRecord(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 20 > end || (u32(bytes, at) & 0x7fffffff) > 0x400000) return false;
  return isRpcCall(bytes, at + 4, end);
}
export function isRpcCall(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 24 > end || u32(bytes, at + 4) !== 0 || u32(bytes, at + 8) !== 2) return false;
  const program = u32(bytes, at + 12);
  if (program >= 100_000 && program < 400_000 && u32(bytes, at + 16) <= 8) return true;
  // Programs of one's own (RFC 5531 §8.3) may have any version; the credential behind procedure and version is one that exists (§8.2).
  if (program < OWN_PROGRAMS.first || program > OWN_PROGRAMS.last || at + 32 > end) return false;
  return u32(bytes, at + 24) <= MOST_FLAVOUR && u32(bytes, at + 28) <= MOST_CREDENTIAL;
}
/** User-defined and transient program numbers. */
const OWN_PROGRAMS = { first: 0x2000_0000, last: 0x5fff_ffff } as const;
/** Highest flavour of a credential that is registered (RPCSEC_GSS, RFC 2203 §5). */
const MOST_FLAVOUR = 6;
/** Octets of a credential, at most (RFC 5531 §8.2). */
const MOST_CREDENTIAL = 400;

/** length (3), type 4, flags 0 or 1, stream 0; each setting is 6 octets with an identifier that exists. */
function isHttp2Settings(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 9 > end || bytes[at + 3] !== 4 || u32(bytes, at + 5) !== 0) return false;
  const length = u24(bytes, at);
  const flags = bytes[at + 4] as number;
  if (flags === 1) return length === 0;
  if (flags !== 0 || length === 0 || length > 60 || length % 6 !== 0 || at + 9 + length > end) return false;
  for (let p = at + 9; p < at + 9 + length; p += 6) {
    const id = u16(bytes, p);
    if (id === 0 || (id > 9 && id !== 0xfe03)) return false;
  }
  return true;
}

/** version 1, length (3) a multiple of 4, flags whose reserved bits are 0, code (3), application (4), ids; then an AVP. */
export function isDiameter(bytes: Uint8Array, at: number, end: number): boolean {
  if (at + 28 > end || bytes[at] !== 1) return false;
  const length = u24(bytes, at + 1);
  if (length < 28 || length % 4 !== 0 || ((bytes[at + 4] as number) & 0x0f) !== 0) return false;
  if (u24(bytes, at + 5) === 0) return false;
  const avp = u24(bytes, at + 25);
  return u32(bytes, at + 20) < 100_000 && avp >= 8 && avp <= length - 20 && ((bytes[at + 24] as number) & 0x1f) === 0;
}

/** NUL, local user, NUL, remote user, NUL, terminal/speed, NUL. */
function isRlogin(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at === 1) return true;
  let zeros = 0;
  for (let i = at; i < Math.min(end, at + 256); i++) if (bytes[i] === 0) zeros++;
  return zeros === 4 && bytes[end - 1] === 0;
}

/** Port of the error stream in digits, NUL. */
function isRsh(bytes: Uint8Array, at: number, end: number): boolean {
  let p = at;
  while (p < end && p < at + 6 && isDigit(bytes[p])) p++;
  return p < end && bytes[p] === 0 && (p > at || end - at === 1);
}

/** The cookie that opens each iperf3 connection: 36 letters of base 32, NUL. */
function isIperf(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 36; i++) {
    const c = bytes[at + i] as number;
    if (!((c >= 97 && c <= 122) || (c >= 50 && c <= 55))) return false;
  }
  return bytes[at + 36] === 0;
}
