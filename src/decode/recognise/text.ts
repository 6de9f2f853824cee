/**
 * Protocols that begin with words: SSH (RFC 4253 §4.2), HTTP/1 (RFC 9112 §3), HTTP/2 preface (RFC 9113 §3.4), FTP (RFC 959),
 * SMTP (RFC 5321), IMAP, POP3, RFB (RFC 6143 §7.1.1), SIP (RFC 3261 §7), RTSP, syslog (RFC 3164, RFC 5424, RFC 6587), rsync, Redis
 * (RESP), MEGACO (H.248.1), AMQP, NETCONF (RFC 6241 §8.1), CWMP (TR-069), WS-Management.
 */
import { appCode } from "./apps.ts";
import { limits } from "./limits.ts";
import { allText, ascii, find, findCaseless, isDigit, isText, startsWith } from "./match.ts";

interface Prefix {
  readonly pattern: Uint8Array;
  readonly code: number;
  /** Further condition; the prefix alone decides where there is none. */
  readonly also: ((bytes: Uint8Array, at: number, end: number, port: number) => number) | undefined;
}

const HTTP = appCode("http");
const SIP = appCode("sip");
const FTP = appCode("ftp");
const SMTP = appCode("smtp");
const SYSLOG = appCode("syslog");
const TELNET = appCode("telnet");

const VERSION = ascii(" HTTP/1.");
const SIP_URI = ascii("sip");
const CWMP = ascii("urn:dslforum-org:cwmp");
const CWMP_HEADER = ascii("cwmp:");
const WSMAN = ascii("/wsman");
const GRPC_PLAIN = ascii("application/grpc");
/** `application/grpc` in HPACK's Huffman code (RFC 7541 appendix B). */
const GRPC_HUFFMAN = Uint8Array.of(0x1d, 0x75, 0xd0, 0x62, 0x0d, 0x26, 0x3d, 0x4c, 0x4d, 0x65, 0x64);
const NETCONF_NS = ascii("urn:ietf:params:xml:ns:netconf:base:1.0");
const NETCONF_HELLO = ascii("<hello xmlns");
const NETCONF_RPC = ascii("<rpc message-id");
const SMTP_WORD = ascii("smtp");
const FTP_WORD = ascii("ftp");

const TABLE: (readonly Prefix[])[] = Array.from({ length: 256 }, () => []);
function word(text: string, code: number, also?: Prefix["also"]): void {
  const pattern = ascii(text);
  const first = pattern[0] as number;
  TABLE[first] = [...(TABLE[first] ?? []), { pattern, code, also }];
}

word("SSH-2.0-", appCode("ssh"));
word("SSH-1.", appCode("ssh"));
word("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", appCode("http2"), http2);
word("HTTP/1.", HTTP, httpResponse);
for (const m of [
  "GET",
  "POST",
  "PUT",
  "HEAD",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "CONNECT",
  "TRACE",
  "PROPFIND",
  "REPORT",
  "SUBSCRIBE",
  "NOTIFY",
])
  word(`${m} `, HTTP, httpRequest);
word("M-SEARCH * HTTP/1.", appCode("ssdp"));
word("NOTIFY * HTTP/1.", appCode("ssdp"));
word("RFB 003.", appCode("vnc"));
word("SIP/2.0 ", SIP);
for (const m of [
  "INVITE",
  "REGISTER",
  "ACK",
  "BYE",
  "CANCEL",
  "OPTIONS",
  "SUBSCRIBE",
  "NOTIFY",
  "PRACK",
  "UPDATE",
  "MESSAGE",
  "REFER",
  "INFO",
  "PUBLISH",
])
  word(`${m} `, SIP, sipRequest);
word("RTSP/1.0 ", appCode("rtsp"));
word("DESCRIBE rtsp:", appCode("rtsp"));
word("OPTIONS rtsp:", appCode("rtsp"));
word("SETUP rtsp:", appCode("rtsp"));
word("220", FTP, greeting);
word("USER ", FTP, (b, at, end, port) => (lineEnds(b, at, end) && port !== 110 ? FTP : 0));
word("AUTH TLS\r\n", FTP);
word("EHLO ", SMTP);
word("HELO ", SMTP);
word("MAIL FROM:<", SMTP);
word("* OK ", appCode("imap"), (b, at, end) => (lineEnds(b, at, end) ? appCode("imap") : 0));
word("+OK ", appCode("pop3"), (b, at, end, port) =>
  lineEnds(b, at, end) && (port === 110 || findCaseless(b, at, Math.min(end, at + 100), ascii("pop")) > 0) ? appCode("pop3") : 0,
);
word("@RSYNCD: ", appCode("rsync"));
word("AMQP\x00", appCode("amqp"));
word("MEGACO/", appCode("megaco"));
word("!/1 [", appCode("megaco"));
word("<", SYSLOG, syslog);
word("<?xml", appCode("netconf"), netconf);
word("<hello", appCode("netconf"), netconf);
word("<rpc", appCode("netconf"), netconf);
word("*", appCode("redis"), redis);
for (const prompt of ["\r\nlogin: ", "login: ", "Password: ", "Username: ", "\r\nUser Access Verification"])
  word(prompt, TELNET, (_b, _at, _end, port) => (port === 23 ? TELNET : 0));

/** `port`: the responder's. 0 where no word decides. */
export function textApp(bytes: Uint8Array, at: number, end: number, port: number): number {
  const candidates = TABLE[bytes[at] as number] as readonly Prefix[];
  for (let i = 0; i < candidates.length; i++) {
    const c = candidates[i] as Prefix;
    if (!startsWith(bytes, at, end, c.pattern)) continue;
    const code = c.also === undefined ? c.code : c.also(bytes, at, end, port);
    if (code !== 0) return code;
  }
  return isDigit(bytes[at]) ? countedSyslog(bytes, at, end) : 0;
}

function searchEnd(at: number, end: number): number {
  return Math.min(end, at + limits.searchOctets);
}

function lineEnds(bytes: Uint8Array, at: number, end: number): boolean {
  const stop = Math.min(end, at + 512);
  for (let i = at; i < stop; i++) {
    const c = bytes[i] as number;
    if (c === 13 || c === 10) return true;
    if (!isText(c) && c < 128) return false;
  }
  return false;
}

/** A request line ends in the version; where it is longer than the segment the target must look like one. */
function httpRequest(bytes: Uint8Array, at: number, end: number): number {
  const stop = searchEnd(at, end);
  const version = find(bytes, at, stop, VERSION);
  if (version < 0) {
    let p = at;
    while (p < stop && bytes[p] !== 32) p++;
    const target = bytes[p + 1];
    if (end - at < 256 || (target !== 47 && target !== 104) || !allText(bytes, p + 1, stop)) return 0;
  } else if (!allText(bytes, at, version)) return 0;
  return httpKind(bytes, at, stop);
}

function httpResponse(bytes: Uint8Array, at: number, end: number): number {
  return isDigit(bytes[at + 7]) && bytes[at + 8] === 32 && isDigit(bytes[at + 9]) ? httpKind(bytes, at, searchEnd(at, end)) : 0;
}

function httpKind(bytes: Uint8Array, at: number, stop: number): number {
  if (find(bytes, at, stop, CWMP) >= 0 || findCaseless(bytes, at, stop, CWMP_HEADER) >= 0) return appCode("cwmp");
  if (find(bytes, at, Math.min(stop, at + 32), WSMAN) >= 0) return appCode("winrm");
  return HTTP;
}

function http2(bytes: Uint8Array, at: number, end: number): number {
  const stop = searchEnd(at, end);
  return find(bytes, at, stop, GRPC_PLAIN) >= 0 || find(bytes, at, stop, GRPC_HUFFMAN) >= 0 ? appCode("grpc") : appCode("http2");
}

function sipRequest(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && p < at + 12 && bytes[p] !== 32) p++;
  const uri = startsWith(bytes, p + 1, end, SIP_URI) || startsWith(bytes, p + 1, end, TEL_URI);
  return uri && (bytes[p + 4] === 58 || bytes[p + 5] === 58) ? SIP : 0;
}
const TEL_URI = ascii("tel");

/** FTP and SMTP greet alike: the word tells, else the port. */
function greeting(bytes: Uint8Array, at: number, end: number, port: number): number {
  const sep = bytes[at + 3];
  if ((sep !== 32 && sep !== 45) || !lineEnds(bytes, at, end)) return 0;
  const stop = Math.min(end, at + 256);
  if (findCaseless(bytes, at, stop, SMTP_WORD) >= 0 || port === 25 || port === 587) return SMTP;
  return findCaseless(bytes, at, stop, FTP_WORD) >= 0 || port === 21 ? FTP : 0;
}

function netconf(bytes: Uint8Array, at: number, end: number): number {
  const stop = searchEnd(at, end);
  // The name space may lie in a later segment; the roots are NETCONF's own (RFC 6241 §4.1, §8.1).
  return [NETCONF_NS, NETCONF_HELLO, NETCONF_RPC].some((word) => find(bytes, at, stop, word) >= 0) ? appCode("netconf") : 0;
}

/** `<PRI>`, PRI at most 191, then text (RFC 5424 §6.2.1). */
function syslog(bytes: Uint8Array, at: number, end: number): number {
  let value = 0;
  let p = at + 1;
  while (p < end && p <= at + 3 && isDigit(bytes[p])) value = value * 10 + (bytes[p++] as number) - 48;
  if (p === at + 1 || bytes[p] !== 62 || value > 191) return 0;
  const stop = Math.min(end, p + 24);
  if (stop - p < 9) return 0;
  for (let i = p + 1; i < stop; i++) if (!isText(bytes[i]) && (bytes[i] as number) < 128) return 0;
  return SYSLOG;
}

/** RFC 6587 §3.4.1: length, space, message. */
function countedSyslog(bytes: Uint8Array, at: number, end: number): number {
  let p = at;
  while (p < end && p < at + 6 && isDigit(bytes[p])) p++;
  return bytes[p] === 32 && bytes[p + 1] === 60 && p + 1 < end ? syslog(bytes, p + 1, end) : 0;
}

/** `*<n>\r\n$<n>\r\n`. */
function redis(bytes: Uint8Array, at: number, end: number): number {
  let p = at + 1;
  while (p < end && p < at + 5 && isDigit(bytes[p])) p++;
  const fits = p > at + 1 && p + 4 <= end && bytes[p] === 13 && bytes[p + 1] === 10 && bytes[p + 2] === 36 && isDigit(bytes[p + 3]);
  return fits ? appCode("redis") : 0;
}
