/** L2TP version 2 (RFC 2661 §3.1) and 3 (RFC 3931 §4.1), over UDP 1701 and IP protocol 115. */
import { i32, u16 } from "#bytes/read.ts";
import { pushTunnel, Step, tooShort } from "./cursor.ts";
import { plausibleEthernet, plausibleIp, plausiblePpp } from "./plausible.ts";
import { Layer, type PacketView } from "./view.ts";
import { AT_PAYLOAD_LENGTH } from "./layout.ts";

const TYPE = 0x8000;
const LENGTH = 0x4000;
const SEQUENCE = 0x0800;
const OFFSET = 0x0200;
const RESERVED = 0x34f0;

/**
 * flags 12 bits, version 4 | [length 2] | tunnel 2 | session 2 | [Ns 2 | Nr 2] | [offset size 2 | padding] | PPP frame
 *
 * Over UDP; -1 where flags, version or length say that this is something else.
 */
export function l2tp(v: PacketView): number {
  const p = v.at;
  const b = v.bytes;
  if (p + 6 > v.limit) return -1;
  const flags = u16(b, p);
  const version = flags & 15;
  if ((flags & RESERVED) !== 0) return -1;
  if (version === 3) return version3(v, flags);
  if (version !== 2) return -1;
  const control = (flags & TYPE) !== 0;
  if (control && (flags & (LENGTH | SEQUENCE)) !== (LENGTH | SEQUENCE)) return -1;
  let q = p + 2;
  if ((flags & LENGTH) !== 0) {
    const stated = u16(b, q);
    if (stated < 8 || stated > v.n[AT_PAYLOAD_LENGTH + v.ipCount - 1]!) return -1;
    q += 2;
  }
  const id = i32(b, q);
  q += 4;
  if ((flags & SEQUENCE) !== 0) q += 4;
  if ((flags & OFFSET) !== 0) {
    if (q + 2 > v.limit) return -1;
    q += 2 + u16(b, q);
  }
  if (q > v.limit) return -1;
  if (!control && !plausiblePpp(b, q, v.limit)) return -1;
  if (!pushTunnel(v, Layer.L2TP2, p, id, q)) return Step.DONE;
  v.at = q;
  return control ? Step.DONE : Step.PPP;
}

/** flags 12 bits, version 4 (3) | data: reserved 2 | session 4 | …; control: length 2 | connection 4 | … */
function version3(v: PacketView, flags: number): number {
  const p = v.at;
  if (p + 8 > v.limit) return -1;
  const id = i32(v.bytes, p + 4);
  if ((flags & TYPE) !== 0) return pushTunnel(v, Layer.L2TP3, p, id, p + 8) ? Step.DONE : Step.DONE;
  return session3(v, p, id, p + 8);
}

/** session 4 (0: a control message) | … directly over IP */
export function l2tp3OverIp(v: PacketView): number {
  const p = v.at;
  if (p + 4 > v.limit) return tooShort(v, Layer.L2TP3, p);
  const id = i32(v.bytes, p);
  if (id === 0) {
    pushTunnel(v, Layer.L2TP3, p, 0, p + 4);
    return Step.DONE;
  }
  return session3(v, p, id, p + 4);
}

/**
 * cookie 0, 4 or 8 | sublayer 0 or 4 | frame
 *
 * The lengths were agreed in control messages that may lie before the capture: the content tells which fits.
 */
function session3(v: PacketView, start: number, id: number, at: number): number {
  const b = v.bytes;
  for (let q = at; q <= at + 12; q += 4) {
    let step: number = Step.DONE;
    if (plausibleEthernet(b, q, v.limit)) step = Step.ETHERNET;
    else if (plausibleIp(b, q, v.limit, true)) step = Step.IP;
    else if (plausiblePpp(b, q, v.limit)) step = Step.PPP;
    if (step === Step.DONE) continue;
    v.at = q;
    v.pendingMac = -1;
    v.pendingVlan = -1;
    return pushTunnel(v, Layer.L2TP3, start, id, q) ? step : Step.DONE;
  }
  pushTunnel(v, Layer.L2TP3, start, id, at);
  return Step.DONE;
}
