/**
 * Protocols in BER that begin with a telling head: SNMP (RFC 1157 §4, RFC 3416 §3, RFC 3412 §6), LDAP (RFC 4511 §4.1.1), Kerberos
 * (RFC 4120 §5, §7.2). Only definite lengths of at most four octets, as these protocols use.
 */

/** Length of the value at `at + 1`, -1 where it is not definite or not whole; `headerLength` tells the octets used. */
function lengthAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return -1;
  const first = bytes[at + 1] as number;
  if (first < 0x80) return first;
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4 || at + 2 + octets > end) return -1;
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + (bytes[at + 2 + i] as number);
  return length;
}
function headerLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at + 1] as number;
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}
/** Start of the value with this tag at `at`, -1 where it is not. */
function into(bytes: Uint8Array, at: number, end: number, tag: number): number {
  return at >= 0 && at < end && bytes[at] === tag && lengthAt(bytes, at, end) >= 0 ? at + headerLength(bytes, at) : -1;
}
/** Start of what follows the element with this tag at `at`, -1 where it is not, or is cut. */
function past(bytes: Uint8Array, at: number, end: number, tag: number): number {
  const body = into(bytes, at, end, tag);
  if (body < 0) return -1;
  const next = body + lengthAt(bytes, at, end);
  return next <= end ? next : -1;
}

const SEQUENCE = 0x30;
const INTEGER = 0x02;
const OCTETS = 0x04;

/** The message must fill the datagram exactly. */
export function isSnmp(bytes: Uint8Array, at: number, end: number): boolean {
  return snmpPdu(bytes, at, end) >= 0;
}

/**
 * Context tag of the PDU: 0 GetRequest, 1 GetNext, 2 Response, 3 SetRequest, 4 Trap (v1), 5 GetBulk, 6 Inform, 7 Trap (v2),
 * 8 Report; 255 SNMPv3, whose PDU may be ciphered; -1 where this is not SNMP.
 */
export function snmpPdu(bytes: Uint8Array, at: number, end: number): number {
  if (past(bytes, at, end, SEQUENCE) !== end) return -1;
  const p = into(bytes, at, end, SEQUENCE);
  if (p < 0 || p + 3 > end || bytes[p] !== INTEGER || bytes[p + 1] !== 1) return -1;
  const version = bytes[p + 2] as number;
  if (version === 3) {
    const header = into(bytes, p + 3, end, SEQUENCE);
    return header >= 0 && bytes[header] === INTEGER ? 255 : -1;
  }
  if (version > 1) return -1;
  const pdu = past(bytes, p + 3, end, OCTETS);
  if (pdu < 0 || pdu >= end) return -1;
  const tag = bytes[pdu] as number;
  return tag >= 0xa0 && tag <= 0xa8 && past(bytes, pdu, end, tag) === end ? tag - 0xa0 : -1;
}

/** LDAPMessage ::= SEQUENCE { messageID INTEGER, protocolOp CHOICE [APPLICATION n] … }. */
export function isLdap(bytes: Uint8Array, at: number, end: number): boolean {
  const p = into(bytes, at, end, SEQUENCE);
  if (p < 0 || p + 3 > end || bytes[p] !== INTEGER) return false;
  const idLength = bytes[p + 1] as number;
  if (idLength < 1 || idLength > 4) return false;
  const op = p + 2 + idLength;
  if (op + 1 >= end) return false;
  const tag = bytes[op] as number;
  const length = lengthAt(bytes, op, end);
  if (length < 0) return false;
  const body = op + headerLength(bytes, op);
  // the outer element must end where, or after, the operation does
  const outer = p + lengthAt(bytes, at, end);
  if (body + length > outer) return false;
  switch (tag) {
    case 0x60: // bindRequest: version INTEGER (1 … 127), name LDAPDN
      return (
        body + 4 <= end &&
        bytes[body] === INTEGER &&
        bytes[body + 1] === 1 &&
        (bytes[body + 2] === 2 || bytes[body + 2] === 3) &&
        bytes[body + 3] === OCTETS
      );
    case 0x61: // bindResponse, searchResultDone, modifyResponse, addResponse, extendedResponse: resultCode ENUMERATED
    case 0x65:
    case 0x67:
    case 0x69:
    case 0x78:
      return body + 3 <= end && bytes[body] === 0x0a && bytes[body + 1] === 1;
    case 0x63: // searchRequest: baseObject LDAPDN, scope ENUMERATED
    {
      const scope = past(bytes, body, end, OCTETS);
      return scope >= 0 && scope + 3 <= end && bytes[scope] === 0x0a && bytes[scope + 1] === 1 && (bytes[scope + 2] as number) <= 3;
    }
    case 0x77: // extendedRequest: requestName [0] LDAPOID, in digits and dots
      return body + 3 <= end && bytes[body] === 0x80 && bytes[body + 2] === 0x31;
    case 0x42: // unbindRequest NULL
      return length === 0 && outer === end;
    default:
      return false;
  }
}

/** AS-REQ … ERROR: [APPLICATION 10…15, 30] SEQUENCE { pvno [0 or 1] INTEGER (5), msg-type … }. TCP puts four octets of length before. */
export function isKerberos(bytes: Uint8Array, at: number, end: number, tcp: boolean): boolean {
  let p = at;
  if (tcp) {
    if (at + 6 > end || bytes[at] !== 0 || bytes[at + 1] !== 0) return false;
    p = at + 4;
  }
  const tag = bytes[p] as number;
  if (!((tag >= 0x6a && tag <= 0x6f) || tag === 0x7e)) return false;
  const sequence = into(bytes, p, end, tag);
  const version = into(bytes, sequence, end, SEQUENCE);
  if (version < 0 || version + 5 > end) return false;
  const context = bytes[version] as number;
  return (
    (context === 0xa0 || context === 0xa1) &&
    bytes[version + 1] === 3 &&
    bytes[version + 2] === INTEGER &&
    bytes[version + 3] === 1 &&
    bytes[version + 4] === 5
  );
}
