/** Ways into decoded values that make no assumption about what is there: hostile PDUs leave components out, or put raw octets in their place. */
import type { BitString, Choice, PerValue, ProtocolIe, Sequence } from "./value.ts";

/** A component of a SEQUENCE, undefined where `value` is none or lacks it. */
export function component(value: PerValue | undefined, name: string): PerValue | undefined {
  return isSequence(value) ? value[name] : undefined;
}

/** True for every decoded structure with named parts (SEQUENCE, but CHOICE, BIT STRING and IEs look alike). */
export function isSequence(value: PerValue | undefined): value is Sequence {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

export function isProtocolIe(value: PerValue | undefined): value is ProtocolIe {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as Sequence)["decoded"] === "boolean" &&
    typeof (value as Sequence)["criticality"] === "string"
  );
}

export function choiceOf(value: PerValue | undefined): Choice | undefined {
  return isSequence(value) && typeof value["choice"] === "string" ? (value as unknown as Choice) : undefined;
}

export function listOf(value: PerValue | undefined): readonly PerValue[] {
  return Array.isArray(value) ? (value as readonly PerValue[]) : [];
}

export function numberOf(value: PerValue | undefined): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** A name of an enumeration, or the number of a value that the tables do not know. */
export function enumOf(value: PerValue | undefined): string | number | undefined {
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

export function textOf(value: PerValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** Octets, `count` of them unless it is 0. */
export function octetsOf(value: PerValue | undefined, count = 0): Uint8Array | undefined {
  return value instanceof Uint8Array && (count === 0 || value.length === count) ? value : undefined;
}

/** Octets as an unsigned number, at most six of them. */
export function octetNumber(value: PerValue | undefined, count: number): number | undefined {
  const octets = octetsOf(value, count);
  if (octets === undefined) return undefined;
  let number = 0;
  for (const octet of octets) number = number * 256 + octet;
  return number;
}

export function bitsOf(value: PerValue | undefined): BitString | undefined {
  return isSequence(value) && typeof value["bits"] === "number" && value["bytes"] instanceof Uint8Array
    ? (value as unknown as BitString)
    : undefined;
}

/** A BIT STRING of at most 48 bits as a number, right-aligned. */
export function bitNumber(value: PerValue | undefined): number | undefined {
  const string = bitsOf(value);
  if (string === undefined || string.bits > 48) return undefined;
  let number = 0;
  for (const octet of string.bytes) number = number * 256 + octet;
  return Math.floor(number / 2 ** (string.bytes.length * 8 - string.bits));
}

/** The value of the first IE with `id`, undefined where there is none. */
export function ieValue(ies: PerValue | readonly ProtocolIe[] | undefined, id: number): PerValue | undefined {
  for (const ie of listOf(ies as PerValue)) if (isProtocolIe(ie) && ie.id === id) return ie.value;
  return undefined;
}
