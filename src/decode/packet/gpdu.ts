/**
 * The commonest packet of a user plane as one row of numbers: Ethernet [VLAN] / IPv4 / UDP / GTP-U [PDU session container] / IPv4 / TCP or UDP, each of
 * which fills what carries it, whole and unfragmented. For whoever looks at a group of packets before it takes the first of them.
 *
 * Whatever it says no to is decoded by `decodeFrame`; what it says yes to, `straight.ts` reads the same way (`gpdu.test.ts`). Layouts stand there.
 */
import { i32, u16 } from "#bytes/read.ts";
import { surelyNoTunnel } from "./overlay.ts";

// Words of a row. The first seven tell one direction of a user's flow in one tunnel from any other.
export const GPDU_INNER_SRC = 0;
export const GPDU_INNER_DST = 1;
/** Source port << 16 | destination port, inside. */
export const GPDU_PORTS = 2;
export const GPDU_TEID = 3;
export const GPDU_OUTER_SRC = 4;
export const GPDU_OUTER_DST = 5;
/** Protocol inside. */
export const GPDU_PROTOCOL = 6;
export const GPDU_KEY_WORDS = 7;
/** VLAN id, 0xfff without one. */
export const GPDU_VLAN = 7;
/** Source port of the outer UDP header. */
export const GPDU_OUTER_PORT = 8;
/** Offsets: of the outer IP packet, of the one inside, of its payload above TCP or UDP, of the first octet behind both. */
export const GPDU_OUTER = 9;
export const GPDU_INNER = 10;
export const GPDU_PAYLOAD = 11;
export const GPDU_END = 12;
/** Words that a row has; those from here on are the caller's. */
export const GPDU_WORDS = 13;

const PORT_GTPU = 2152;
const G_PDU = 255;
/** PDU Session Container (3GPP TS 29.281 §5.2.2.7), the one extension that is usual. */
const PDU_SESSION = 0x85;
const TCP = 6;
const UDP = 17;
/** Ethernet 14, IPv4 20, UDP 8, GTP-U 8, IPv4 20, UDP 8. */
const LEAST = 78;

/** Writes the row that begins at `to`; false where the frame is of another kind, and the row is worth nothing. Reads nothing outside the frame. */
export function straightGpdu(b: Uint8Array, offset: number, captured: number, rows: Int32Array, to: number): boolean {
  if (captured < LEAST) return false;
  const end = offset + captured;
  let p = offset + 14;
  let vlan = 0xfff;
  let type = u16(b, offset + 12);
  if (type === 0x8100) {
    if (captured < LEAST + 4) return false;
    vlan = u16(b, p) & 0xfff;
    type = u16(b, p + 2);
    p += 4;
  }
  // IPv4 without options, no fragment, UDP to the port of GTP-U, each to the frame's end.
  if (type !== 0x0800 || b[p] !== 0x45 || b[p + 9] !== UDP || (u16(b, p + 6) & 0x3fff) !== 0) return false;
  const total = u16(b, p + 2);
  if (p + total !== end || u16(b, p + 22) !== PORT_GTPU || u16(b, p + 24) + 20 !== total) return false;
  const g = p + 28;
  const flags = b[g]!;
  if ((flags & 0xf0) !== 0x30 || b[g + 1] !== G_PDU || g + 8 + u16(b, g + 2) !== end) return false;
  let s = g + 8;
  if ((flags & 7) !== 0) {
    s += 4;
    if ((flags & 4) !== 0 && b[s - 1] !== 0) {
      if (b[s - 1] !== PDU_SESSION) return false;
      s += b[s]! * 4;
      // A length of zero leaves the type that led here.
      if (s >= end || b[s - 1] !== 0) return false;
    }
  }
  if (s + 28 > end || b[s] !== 0x45 || s + u16(b, s + 2) !== end || (u16(b, s + 6) & 0x3fff) !== 0) return false;
  const protocol = b[s + 9]!;
  let payload = s + 28;
  const ports = i32(b, s + 20);
  if (protocol === TCP) {
    if (s + 40 > end) return false;
    payload = s + 20 + (b[s + 32]! >> 4) * 4;
    if (payload < s + 40 || payload > end) return false;
  } else if (protocol !== UDP || s + 20 + u16(b, s + 24) !== end) return false;
  else if (!surelyNoTunnel(b, payload, end, ports >>> 16, ports & 0xffff)) return false;
  rows[to + GPDU_INNER_SRC] = i32(b, s + 12);
  rows[to + GPDU_INNER_DST] = i32(b, s + 16);
  rows[to + GPDU_PORTS] = ports;
  rows[to + GPDU_TEID] = i32(b, g + 4);
  rows[to + GPDU_OUTER_SRC] = i32(b, p + 12);
  rows[to + GPDU_OUTER_DST] = i32(b, p + 16);
  rows[to + GPDU_PROTOCOL] = protocol;
  rows[to + GPDU_VLAN] = vlan;
  rows[to + GPDU_OUTER_PORT] = u16(b, p + 20);
  rows[to + GPDU_OUTER] = p;
  rows[to + GPDU_INNER] = s;
  rows[to + GPDU_PAYLOAD] = payload;
  rows[to + GPDU_END] = end;
  return true;
}
