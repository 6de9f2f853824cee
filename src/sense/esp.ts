/**
 * ESP whose payload is in clear: null encryption, with integrity or without (RFC 4303 §2, RFC 2410; AES-GMAC, RFC 4543). Nothing on the wire says so; RFC 5879 tells it by
 * what decrypted packets would have to look like, for each length that the integrity check value may have (§8.2) and an IV of none or eight octets (§7):
 *
 *   SPI 4 | sequence 4 | [IV 8] | payload | padding 1, 2, 3, … | pad length 1 | next header 1 | [ICV]
 *
 * A packet counts as clear where next header, pad length, padding and the payload's own lengths all agree (an IPv4 header by its checksum as well): of encrypted ones, one
 * in some hundred million does.
 */

/** Octets of integrity check values (RFC 4868, RFC 2404, RFC 4494, RFC 4543, none). */
const ICV_OCTETS = [12, 16, 0, 24, 32] as const;
const IV_OCTETS = [0, 8] as const;
const ESP_HEADER = 8;
const TRAILER = 2;
/** Packets of one conversation that are looked at; later ones say nothing more. */
export const ESP_LOOKS = 64;

export class EspContent {
  packets = 0;
  clear = 0;

  look(bytes: Uint8Array, start: number, end: number): void {
    if (this.packets >= ESP_LOOKS) return;
    this.packets++;
    if (isClear(bytes, start, end)) this.clear++;
  }
}

/** Whether the ESP packet in `bytes[start, end)` can be read without a key. */
export function isClear(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = 0; i < ICV_OCTETS.length; i++) {
    const trailerEnd = end - (ICV_OCTETS[i] as number);
    for (let j = 0; j < IV_OCTETS.length; j++) {
      const from = start + ESP_HEADER + (IV_OCTETS[j] as number);
      if (trailerEnd - TRAILER < from + 8) continue;
      const padding = bytes[trailerEnd - 2] as number;
      const to = trailerEnd - TRAILER - padding;
      if (to < from + 8 || !counts(bytes, to, padding)) continue;
      if (agrees(bytes, from, to, bytes[trailerEnd - 1] as number)) return true;
    }
  }
  return false;
}

/** RFC 4303 §2.4: 1, 2, 3, … */
function counts(bytes: Uint8Array, at: number, octets: number): boolean {
  for (let i = 0; i < octets; i++) if (bytes[at + i] !== i + 1) return false;
  return true;
}

function agrees(bytes: Uint8Array, at: number, end: number, nextHeader: number): boolean {
  const octets = end - at;
  switch (nextHeader) {
    case 4:
      return octets >= 20 && bytes[at] === 0x45 && u16(bytes, at + 2) === octets && isSummed(bytes, at);
    case 41:
      return octets >= 40 && (bytes[at] as number) >> 4 === 6 && u16(bytes, at + 4) + 40 === octets;
    case 17:
      return u16(bytes, at + 4) === octets;
    case 132:
      return isChunks(bytes, at + 12, end);
    default:
      return false;
  }
}

function isSummed(bytes: Uint8Array, at: number): boolean {
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += u16(bytes, at + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

/** Chunks of SCTP (RFC 9260 §3.2) that fill the rest to the octet. */
function isChunks(bytes: Uint8Array, from: number, end: number): boolean {
  let at = from;
  let chunks = 0;
  while (at + 4 <= end) {
    const length = u16(bytes, at + 2);
    if ((bytes[at] as number) > 14 || length < 4) return false;
    at += (length + 3) & ~3;
    chunks++;
  }
  return at === end && chunks > 0;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
