// Information elements of GTPv2-C as they lie in the octets, 3GPP TS 29.274 §8.2.1. What they mean stands in `readers.ts`.
import { NONE } from "#decode/digits/identities.ts";
import { limits } from "./limits.ts";
import type { Gtpv2Ie } from "./message.ts";

/** Offsets within an element's header: type 1, length 2, spare 4 bits and instance 4 bits. */
export const IE_TYPE = 0;
export const IE_LENGTH = 1;
export const IE_INSTANCE = 3;
export const IE_HEADER = 4;

/** Grouped elements (table 8.1-1). */
export const BEARER_CONTEXT = 93;
export const PDN_CONNECTION = 109;
export const GROUPED = new Uint8Array(256);
for (const type of [BEARER_CONTEXT, PDN_CONNECTION, 180, 181, 191, 195, 208, 209, 214]) GROUPED[type] = 1;

/** Views of the elements in octets `from` … `to`-1: as many as `readElements` reads, which says why it stops where it does. */
export function viewElements(bytes: Uint8Array, from: number, to: number): readonly Gtpv2Ie[] {
  return views(bytes, from, to, 0, { left: limits.elements });
}

function views(bytes: Uint8Array, from: number, to: number, depth: number, budget: { left: number }): readonly Gtpv2Ie[] {
  const ies: Gtpv2Ie[] = [];
  for (let at = from; to - at >= IE_HEADER && budget.left > 0;) {
    const type = bytes[at + IE_TYPE]!;
    const length = (bytes[at + IE_LENGTH]! << 8) | bytes[at + IE_LENGTH + 1]!;
    const flags = bytes[at + IE_INSTANCE]!;
    const start = at + IE_HEADER;
    if (start + length > to) break;
    budget.left--;
    const isGroup = GROUPED[type] === 1 && depth + 1 < limits.depth;
    const children = isGroup ? views(bytes, start, start + length, depth + 1, budget) : NONE;
    ies.push({ type, instance: flags & 0x0f, spare: flags >>> 4, start, length, children });
    at = start + length;
  }
  return ies;
}
