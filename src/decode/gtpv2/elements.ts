// Information elements of GTPv2-C, 3GPP TS 29.274 §8.2: the walk over them. What each means stands in `readers.ts`.
import { append, NONE } from "#decode/digits/identities.ts";
import { type BearerDraft, fault, type PdnDraft, type Walk } from "./draft.ts";
import { limits } from "./limits.ts";
import { ieName } from "./names.ts";
import { READERS } from "./readers.ts";
import { BEARER_CONTEXT, GROUPED, IE_HEADER, IE_INSTANCE, IE_LENGTH, IE_TYPE, PDN_CONNECTION } from "./views.ts";

/**
 * Elements in octets `from` … `to`-1 of the message: the meaning goes into `walk.message`.
 * Stops at the first element whose length leaves its container; `message.trailingOctets` counts what stays unread at
 * the top level.
 */
export function readElements(walk: Walk, from: number, to: number, depth: number): void {
  const { message } = walk;
  const { bytes } = message;
  let at = from;
  while (at < to) {
    if (to - at < IE_HEADER) {
      fault(message, "short", "IE header", at, IE_HEADER, to - at);
      break;
    }
    const type = bytes[at + IE_TYPE]!;
    const length = (bytes[at + IE_LENGTH]! << 8) | bytes[at + IE_LENGTH + 1]!;
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
    const instance = bytes[at + IE_INSTANCE]! & 0x0f;
    if (GROUPED[type] === 1) readGroup(walk, type, instance, start, end, depth);
    else READERS[type]?.(walk, type, start, end, instance);
    at = end;
  }
  if (depth === 0) message.trailingOctets = to - at;
}

function readGroup(walk: Walk, type: number, instance: number, start: number, end: number, depth: number): void {
  const { message, bearer: outerBearer, pdn: outerPdn } = walk;
  if (depth + 1 >= limits.depth) {
    fault(message, "depth", ieName(type), start, depth + 1, limits.depth);
    return;
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
  readElements(walk, start, end, depth + 1);
  walk.bearer = outerBearer;
  walk.pdn = outerPdn;
}
