// Information elements of GTPv2-C, 3GPP TS 29.274 §8.2: the walk over them. What each means stands in `readers.ts`.
import { append, NONE } from "#decode/digits/identities.ts";
import { type BearerDraft, fault, limits, type PdnDraft, type Walk } from "./draft.ts";
import type { Gtpv2Ie } from "./message.ts";
import { ieName } from "./names.ts";
import { READERS } from "./readers.ts";

/** Offsets within an element's header: type 1, length 2, spare 4 bits and instance 4 bits. */
const IE_TYPE = 0;
const IE_LENGTH = 1;
const IE_INSTANCE = 3;
const IE_HEADER = 4;

/** Grouped elements (table 8.1-1). */
const BEARER_CONTEXT = 93;
const PDN_CONNECTION = 109;
const GROUPED = new Uint8Array(256);
for (const type of [BEARER_CONTEXT, PDN_CONNECTION, 180, 181, 191, 195, 208, 209, 214]) GROUPED[type] = 1;

/**
 * Elements in octets `from` … `to`-1 of the message. Returns the views; the meaning goes into `walk.message`.
 * Stops at the first element whose length leaves its container; `message.trailingOctets` counts what stays unread at
 * the top level.
 */
export function readElements(walk: Walk, from: number, to: number, depth: number): readonly Gtpv2Ie[] {
  const { message } = walk;
  const { bytes } = message;
  const ies: Gtpv2Ie[] = [];
  let at = from;
  while (at < to) {
    if (to - at < IE_HEADER) {
      fault(message, "short", "IE header", at, IE_HEADER, to - at);
      break;
    }
    const type = bytes[at + IE_TYPE]!;
    const length = (bytes[at + IE_LENGTH]! << 8) | bytes[at + IE_LENGTH + 1]!;
    const flags = bytes[at + IE_INSTANCE]!;
    const start = at + IE_HEADER;
    const end = start + length;
    if (end > to) {
      fault(message, "length", ieName(type), at, length, to - start);
      break;
    }
    if (walk.budget === 0) {
      fault(message, "count", "information elements", at, limits.elements + 1, limits.elements);
      break;
    }
    walk.budget--;
    const instance = flags & 0x0f;
    let children: readonly Gtpv2Ie[] = NONE;
    if (GROUPED[type] === 1) children = readGroup(walk, type, instance, start, end, depth);
    else READERS[type]?.(walk, type, start, end, instance);
    ies.push({ type, instance, spare: flags >>> 4, start, length, children });
    at = end;
  }
  if (depth === 0) message.trailingOctets = to - at;
  return ies;
}

function readGroup(walk: Walk, type: number, instance: number, start: number, end: number, depth: number): readonly Gtpv2Ie[] {
  const { message, bearer: outerBearer, pdn: outerPdn } = walk;
  if (depth + 1 >= limits.depth) {
    fault(message, "depth", ieName(type), start, depth + 1, limits.depth);
    return NONE;
  }
  if (type === BEARER_CONTEXT) {
    const bearer: BearerDraft = { instance, ebi: undefined, cause: undefined, qci: undefined, chargingId: undefined, fteids: NONE };
    if (outerPdn) outerPdn.bearers = append(outerPdn.bearers, bearer);
    else message.bearers = append(message.bearers, bearer);
    walk.bearer = bearer;
  } else if (type === PDN_CONNECTION) {
    const pdn: PdnDraft = { apn: undefined, ebi: undefined, ueAddresses: NONE, fteids: NONE, bearers: NONE };
    message.pdnConnections = append(message.pdnConnections, pdn);
    walk.pdn = pdn;
    walk.bearer = undefined;
  }
  const children = readElements(walk, start, end, depth + 1);
  walk.bearer = outerBearer;
  walk.pdn = outerPdn;
  return children;
}
