/**
 * What application protocol a payload is, by its content; ports only help where content alone says too little. Each call
 * sees one segment or datagram and keeps nothing: the caller asks again with the next one while the answer is 0.
 *
 * Clauses stand in the files that read the heads: `text.ts`, `tls.ts`, `ber.ts`, `binary-tcp.ts`, `binary-udp.ts`.
 */
import { appCode } from "./apps.ts";
import { snmpPdu } from "./ber.ts";
import { tcpApp } from "./binary-tcp.ts";
import { udpApp } from "./binary-udp.ts";
import { limits } from "./limits.ts";
import { ascii, findCaseless, isText } from "./match.ts";
import { textApp } from "./text.ts";
import { tlsServerName } from "./tls.ts";

export { appCode, appName, isManagement, isTransfer, type AppName } from "./apps.ts";

const TCP = 6;
const TLS = appCode("tls");
const HTTP = appCode("http");
const CWMP = appCode("cwmp");
const WINRM = appCode("winrm");
const SSH = appCode("ssh");
const HOST = ascii("\r\nhost: ");

/**
 * Code of the protocol (`appName` gives its name), 0 where it is not recognised.
 *
 * @param start first octet of the payload in `bytes`; `end` is one past the last
 * @param transport 6 TCP; anything else is judged as datagrams
 * @param fromInitiator whether who began the flow sent this
 */
export function recognise(
  bytes: Uint8Array,
  start: number,
  end: number,
  transport: number,
  srcPort: number,
  dstPort: number,
  fromInitiator: boolean,
): number {
  if (start < 0 || end > bytes.length || end - start < 1) return 0;
  const port = fromInitiator ? dstPort : srcPort;
  const words = end - start >= 4 ? textApp(bytes, start, end, port) : 0;
  if (words !== 0) return words;
  return transport === TCP ? tcpApp(bytes, start, end, port, fromInitiator) : udpApp(bytes, start, end, srcPort, dstPort);
}

/**
 * What the flow calls its server, for people: TLS server name or certificate subject, HTTP Host, SSH software version.
 * Visible ASCII of at most 253 characters, written by a stranger; undefined where the payload says none.
 */
export function serverName(bytes: Uint8Array, start: number, end: number, application: number): string | undefined {
  if (start < 0 || end > bytes.length) return undefined;
  if (application === TLS) return tlsServerName(bytes, start, end);
  const stop = Math.min(end, start + limits.searchOctets);
  if (application === SSH) return line(bytes, start, stop);
  if (application !== HTTP && application !== CWMP && application !== WINRM) return undefined;
  const host = findCaseless(bytes, start, stop, HOST);
  return host < 0 ? undefined : line(bytes, host + HOST.length, stop);
}

function line(bytes: Uint8Array, from: number, to: number): string | undefined {
  let out = "";
  for (let i = from; i < to && out.length < limits.serverName; i++) {
    const c = bytes[i] as number;
    if (c === 13 || c === 10) return out === "" ? undefined : out;
    if (!isText(c)) return undefined;
    out += String.fromCharCode(c);
  }
  return undefined;
}

/** Whether an SNMP message changes something: SetRequest. Undefined where its PDU is not visible (SNMPv3) or it is no SNMP. */
export function snmpWrites(bytes: Uint8Array, start: number, end: number): boolean | undefined {
  const pdu = snmpPdu(bytes, start, end);
  return pdu < 0 || pdu === 255 ? undefined : pdu === 3;
}
