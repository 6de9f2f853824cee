// Addresses in GTPv1 elements: of nodes (3GPP TS 29.060 §7.7.32) and of users (§7.7.27).
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { appendText, isUnspecified } from "#decode/digits/identities.ts";
import { type Draft, fault } from "./draft.ts";

export function readAddress(bytes: Uint8Array, start: number, length: number): string | undefined {
  if (length === 4) return readIpv4(bytes, start);
  if (length === 16) return readIpv6(bytes, start);
  return undefined;
}

/** A PDP address of an IETF type; nothing where it is to be allocated (no octets, or all of them zero). */
export function readPdpAddress(message: Draft, type: number, start: number, end: number): void {
  const { bytes } = message;
  const length = end - start;
  if (length === 0) return;
  if (type === 0x21 && length >= 4) addUeAddress(message, readIpv4(bytes, start));
  else if (type === 0x57 && length >= 16) addUeAddress(message, readIpv6(bytes, start));
  else if (type === 0x8d && (length === 4 || length >= 20)) {
    addUeAddress(message, readIpv4(bytes, start));
    if (length >= 20) addUeAddress(message, readIpv6(bytes, start + 4));
  } else if (type === 0x8d && length >= 16) addUeAddress(message, readIpv6(bytes, start));
  else if (type === 0x21 || type === 0x57 || type === 0x8d) fault(message, "short", "PDP Address", start, type === 0x57 ? 16 : 4, length);
}

function addUeAddress(message: Draft, address: string): void {
  if (!isUnspecified(address)) message.ueAddresses = appendText(message.ueAddresses, address);
}
