/** Tracking area identity list, TS 24.301 §9.9.3.33. */
import { readPlmn } from "#decode/digits/plmn.ts";
import type { Tai } from "#model/mobility.ts";

/** Areas of one list (TS 24.301 §9.9.3.33); further ones are not read. */
const MAX_TAIS = 16;

/**
 * Partial lists in a row, each: octet 1 = type (bits 6–7), number of elements less one (bits 1–5); then
 *
 *     type 0   PLMN 3, TAC 2 times n
 *     type 1   PLMN 3, TAC 2: the first of n that follow one another
 *     type 2   (PLMN 3, TAC 2) times n
 */
export function readTaiList(bytes: Uint8Array, start: number, end: number): Tai[] {
  const tais: Tai[] = [];
  let at = start;
  while (at < end && tais.length < MAX_TAIS) {
    const type = (bytes[at]! >> 5) & 3;
    const count = (bytes[at]! & 0x1f) + 1;
    at += 1;
    if (type === 3 || at + 5 > end) break;
    let plmn = readPlmn(bytes, at);
    if (type !== 2) at += 3;
    const first = (bytes[at]! << 8) | bytes[at + 1]!;
    for (let i = 0; i < count && tais.length < MAX_TAIS; i++) {
      if (type === 1) {
        tais.push({ plmn, tac: (first + i) & 0xffff });
        continue;
      }
      if (at + (type === 2 ? 5 : 2) > end) return tais;
      if (type === 2) {
        plmn = readPlmn(bytes, at);
        at += 3;
      }
      tais.push({ plmn, tac: (bytes[at]! << 8) | bytes[at + 1]! });
      at += 2;
    }
    if (type === 1) at += 2;
  }
  return tais;
}
