import type { Instant } from "#model/time.ts";

/** Object identifiers of more arcs than this are cut: none in use comes near. */
const MOST_ARCS = 32;

/** Two's complement integer (X.690 8.3); undefined above 6 octets, which a double could not hold exactly. */
export function berInteger(bytes: Uint8Array, from: number, to: number): number | undefined {
  const octets = to - from;
  if (octets < 1 || octets > 6) return undefined;
  let value = (bytes[from] as number) >= 0x80 ? (bytes[from] as number) - 256 : (bytes[from] as number);
  for (let i = from + 1; i < to; i += 1) value = value * 256 + (bytes[i] as number);
  return value;
}

/** Integer as decimal text, of any length up to 20 octets. */
export function berIntegerText(bytes: Uint8Array, from: number, to: number): string | undefined {
  const small = berInteger(bytes, from, to);
  if (small !== undefined) return String(small);
  if (to - from < 1 || to - from > 20) return undefined;
  let value = BigInt((bytes[from] as number) >= 0x80 ? (bytes[from] as number) - 256 : (bytes[from] as number));
  for (let i = from + 1; i < to; i += 1) value = value * 256n + BigInt(bytes[i] as number);
  return value.toString();
}

/**
 * Object identifier (X.690 8.19) or, with `relative`, relative object identifier (8.20) in dotted text.
 * Undefined where an arc does not end or the value is empty.
 */
export function oidText(bytes: Uint8Array, from: number, to: number, relative = false): string | undefined {
  if (from >= to) return undefined;
  const arcs: number[] = [];
  let arc = 0;
  let open = false;
  for (let i = from; i < to; i += 1) {
    const octet = bytes[i] as number;
    arc = arc * 128 + (octet & 0x7f);
    if (arc > Number.MAX_SAFE_INTEGER) return undefined;
    open = octet >= 0x80;
    if (open) continue;
    if (arcs.length === 0 && !relative) {
      const root = Math.min(2, Math.floor(arc / 40));
      arcs.push(root, arc - root * 40);
    } else {
      arcs.push(arc);
    }
    if (arcs.length > MOST_ARCS) return undefined;
    arc = 0;
  }
  return open ? undefined : arcs.join(".");
}

const TIME = /^(\d{4})(\d{2})(\d{2})(\d{2})(?:(\d{2})(?:(\d{2}))?)?(?:[.,](\d{1,12}))?(Z|[+-]\d{2}(?:\d{2})?)?$/;

/**
 * GeneralizedTime (X.680 clause 46). `local`: the text states no zone; the instant is then as if it were UTC, and
 * whoever compares it must know.
 */
export function generalizedTime(
  bytes: Uint8Array,
  from: number,
  to: number,
): { readonly time: Instant; readonly local: boolean } | undefined {
  if (to - from < 10 || to - from > 40) return undefined;
  const m = TIME.exec(printable(bytes, from, to));
  if (m === null) return undefined;
  const [year, month, day, hour] = [Number(m[1]), Number(m[2]), Number(m[3]), Number(m[4])];
  const minute = Number(m[5] ?? 0);
  const second = Number(m[6] ?? 0);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined;
  // A fraction belongs to the last unit given: hours, minutes or seconds.
  const unit = m[5] === undefined ? 3600 : m[6] === undefined ? 60 : 1;
  const digits = m[7] ?? "";
  const fractionNs = digits === "" ? 0 : Math.round(Number(digits.slice(0, 9).padEnd(9, "0")) * unit);
  const zone = m[8];
  let offset = 0;
  if (zone !== undefined && zone !== "Z") {
    const sign = zone[0] === "-" ? -1 : 1;
    offset = sign * (Number(zone.slice(1, 3)) * 3600 + Number(zone.slice(3, 5) || 0) * 60);
  }
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (new Date(Date.UTC(year, month - 1, day)).getUTCDate() !== day) return undefined;
  const sec = ms / 1000 - offset + Math.floor(fractionNs / 1e9);
  return { time: { sec, nsec: fractionNs % 1_000_000_000 }, local: zone === undefined };
}

/** Octets as Latin text; octets outside printable ASCII become `.`, so nothing hidden reaches a terminal. */
export function printable(bytes: Uint8Array, from: number, to: number): string {
  let s = "";
  for (let i = from; i < to; i += 1) {
    const c = bytes[i] as number;
    s += c >= 0x20 && c < 0x7f ? String.fromCharCode(c) : ".";
  }
  return s;
}

export function isPrintable(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    const c = bytes[i] as number;
    if (c < 0x20 || c > 0x7e) return false;
  }
  return true;
}

export function hexText(bytes: Uint8Array, from: number, to: number): string {
  let s = "";
  for (let i = from; i < to; i += 1) s += (bytes[i] as number).toString(16).padStart(2, "0");
  return s;
}

/** Printable text as it is, anything else as `0x…`. */
export function textOrHex(bytes: Uint8Array, from: number, to: number): string {
  return isPrintable(bytes, from, to) ? printable(bytes, from, to) : `0x${hexText(bytes, from, to)}`;
}
