// PDP Context, 3GPP TS 29.060 §7.7.29: a session that moves from one SGSN to another, with the gateway's tunnel ends.
import { readApn } from "#decode/digits/apn.ts";
import { appendText, appendTunnelEnd } from "#decode/digits/identities.ts";
import { readAddress, readPdpAddress } from "./address.ts";
import { type Draft, fault, u32 } from "./draft.ts";

/** NSAPI octet, SAPI octet. */
const LEAD_OCTETS = 2;
const EXTENDED_END_USER_ADDRESS = 0x80;

/**
 * Layout: EA, VAA, ASI, order 4 bits with NSAPI 4 bits; SAPI 4 bits; QoS subscribed, requested, negotiated (each LV);
 * SND 2, SNU 2, send N-PDU 1, receive N-PDU 1, uplink TEID control plane 4, uplink TEID data 4, context id 1,
 * PDP type organisation 1, PDP type number 1, PDP address LV, GGSN address for control LV, GGSN address for user
 * traffic LV, APN LV, transaction id 2; where EA: second PDP type number 1 and address LV. (LV: length octet, value.)
 */
export function readPdpContext(message: Draft, start: number, end: number): void {
  const { bytes } = message;
  if (start >= end) return;
  const extended = (bytes[start]! & EXTENDED_END_USER_ADDRESS) !== 0;
  let at = start + LEAD_OCTETS;
  for (let profile = 0; profile < 3; profile++) at = skipLv(bytes, at, end);
  at += 6;
  if (at + 11 > end) {
    fault(message, "short", "PDP Context", start, at + 11 - start, end - start);
    return;
  }
  const controlTeid = u32(bytes, at);
  const userTeid = u32(bytes, at + 4);
  const organisation = bytes[at + 9]! & 0x0f;
  const pdpType = bytes[at + 10]!;
  at += 11;

  const pdpEnd = skipLv(bytes, at, end);
  const controlEnd = skipLv(bytes, pdpEnd, end);
  const userEnd = skipLv(bytes, controlEnd, end);
  const apnEnd = skipLv(bytes, userEnd, end);
  if (apnEnd > end) {
    fault(message, "length", "PDP Context", at, apnEnd - at, end - at);
    return;
  }
  if (organisation === 1) readPdpAddress(message, pdpType, at + 1, pdpEnd);
  const control = readAddress(bytes, pdpEnd + 1, controlEnd - pdpEnd - 1);
  const user = readAddress(bytes, controlEnd + 1, userEnd - controlEnd - 1);
  if (control !== undefined) message.teids = appendTunnelEnd(message.teids, controlTeid, control);
  if (user !== undefined) message.teids = appendTunnelEnd(message.teids, userTeid, user);
  message.apn = appendText(message.apn, readApn(bytes, userEnd + 1, apnEnd));

  const second = apnEnd + 2;
  if (!extended || second + 2 > end) return;
  const secondEnd = skipLv(bytes, second + 1, end);
  if (secondEnd <= end) readPdpAddress(message, bytes[second]!, second + 2, secondEnd);
}

/** Past a length octet and its contents; past the end where the length octet is missing. */
function skipLv(bytes: Uint8Array, at: number, end: number): number {
  return at < end ? at + 1 + bytes[at]! : end + 1;
}
