/** Splits a plain NAS message into its mandatory fields and optional elements, TS 24.007 §11.2. */
import { ownCopy } from "#decode/digits/own-copy.ts";
import type { Fault } from "#model/fault.ts";
import type { NasElement } from "./message.ts";
import type { MessageLayout } from "./layout.ts";

/** A message has a few dozen octets; more elements than these only fill memory. */
const MAX_ELEMENTS = 64;

export interface Field {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Structure {
  readonly fields: readonly Field[];
  readonly elements: readonly NasElement[];
  /** Undefined where every octet has its place. */
  readonly fault: Fault | undefined;
}

/** `base`: where the NAS PDU begins, for fault offsets. What was split before a fault is kept. */
export function splitMessage(
  bytes: Uint8Array,
  start: number,
  end: number,
  base: number,
  layout: MessageLayout,
  names: Readonly<Record<number, string>>,
): Structure {
  const fields: Field[] = [];
  const elements: NasElement[] = [];
  const stop = (field: string, at: number, needed: number): Structure => ({
    fields,
    elements,
    fault: { layer: "nas-eps", code: "short", field, offset: at - base, needed, had: Math.max(0, end - at) },
  });
  let at = start;
  for (const { name, format } of layout.mandatory) {
    const head = format === "lv" ? 1 : format === "lve" ? 2 : 0;
    if (at + head > end) return stop(name, at, head);
    const length = format === "lv" ? bytes[at]! : format === "lve" ? (bytes[at]! << 8) | bytes[at + 1]! : format;
    const from = at + head;
    if (from + length > end) {
      // What there is of a cut value is given to its reader, which checks lengths itself.
      if (head > 0) fields.push({ name, start: from, end });
      return stop(name, from, length);
    }
    fields.push({ name, start: from, end: from + length });
    at = from + length;
  }
  while (at < end) {
    if (elements.length === MAX_ELEMENTS) {
      return {
        fields,
        elements,
        fault: { layer: "nas-eps", code: "count", field: "elements", offset: at - base, needed: MAX_ELEMENTS, had: MAX_ELEMENTS + 1 },
      };
    }
    const iei = bytes[at]!;
    if (iei >= 0x80) {
      // Type 1 carries its value in bits 1 to 4, type 2 (0xa0 … 0xaf) has none: alike on the wire.
      elements.push({
        iei: iei & 0xf0,
        name: names[iei & 0xf0] ?? `0x${iei.toString(16)}`,
        value: ownCopy(bytes, at, at + 1),
      });
      at += 1;
      continue;
    }
    const name = names[iei] ?? `0x${iei.toString(16).padStart(2, "0")}`;
    const fixed = layout.fixed.get(iei);
    const head = fixed !== undefined ? 1 : (iei & 0xf0) === 0x70 ? 3 : 2;
    if (at + head > end) return stop(name, at, head);
    const length = fixed !== undefined ? fixed - 1 : head === 3 ? (bytes[at + 1]! << 8) | bytes[at + 2]! : bytes[at + 1]!;
    const from = at + head;
    if (from + length > end) return stop(name, from, length);
    elements.push({ iei, name, value: ownCopy(bytes, from, from + length) });
    at = from + length;
  }
  return { fields, elements, fault: undefined };
}
