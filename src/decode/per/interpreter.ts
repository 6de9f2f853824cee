// PER interpreter: one value of a type of the tables, ITU-T X.691 (08/2015) clauses 12 to 30, aligned variant.
import { readText } from "#decode/digits/apn.ts";
import type { PerCursor } from "./cursor.ts";
import { limits } from "./limits.ts";
import { Kind, type Component, type IeSet, type TypeNode } from "./table.ts";
import type { BitString, Criticality, PerValue, ProtocolIe } from "./value.ts";

export const CRITICALITIES: readonly Criticality[] = ["reject", "ignore", "notify"];

/** What an interpreter needs to know beyond the type: the names of IE ids. */
export interface IeNames {
  readonly ids: ReadonlyMap<number, string>;
}

/**
 * Reads values by the tables. Open types are length-delimited: a fault inside of one leaves everything behind it readable.
 * IEs that no table knows at their place, and all private IEs, are also listed in `unknown`.
 */
export class PerInterpreter {
  readonly cursor: PerCursor;
  readonly unknown: ProtocolIe[] = [];
  private readonly names: IeNames;

  constructor(cursor: PerCursor, names: IeNames) {
    this.cursor = cursor;
    this.names = names;
  }

  value(type: TypeNode): PerValue {
    const cursor = this.cursor;
    if (--cursor.budget < 0) {
      cursor.fail("count", limits.values, limits.values);
      return null;
    }
    switch (type.kind) {
      case Kind.Boolean:
        return cursor.bits(1) === 1;
      case Kind.Integer:
        return this.integer(type);
      case Kind.Octets:
        return this.octetString(type);
      case Kind.Bits:
        return this.bitString(type);
      case Kind.Text:
        return this.text(type);
      case Kind.Enumerated:
        return this.enumerated(type);
      case Kind.Oid:
        return this.objectIdentifier();
      case Kind.Null:
        return null;
      default:
        return this.structured(type);
    }
  }

  private structured(type: TypeNode): PerValue {
    const cursor = this.cursor;
    if (cursor.depth >= limits.depth) {
      cursor.fail("depth", limits.depth, cursor.depth);
      return null;
    }
    cursor.depth++;
    const value =
      type.kind === Kind.Sequence
        ? this.sequence(type)
        : type.kind === Kind.List
          ? this.list(type)
          : type.kind === Kind.Choice
            ? this.choice(type)
            : type.kind === Kind.Ie
              ? this.ie(type.set)
              : type.kind === Kind.Pair
                ? this.pair(type.set, type.second)
                : this.privateIe();
    cursor.depth--;
    return value;
  }

  /** §13. Bounds that are extended count as absent for the values beyond the root. */
  private integer(type: TypeNode): number | string {
    const cursor = this.cursor;
    if (type.extensible && cursor.bits(1) === 1) return cursor.unconstrained();
    if (type.high >= type.low) return cursor.constrained(type.low, type.high);
    return type.low === type.low ? cursor.semiConstrained(type.low) : cursor.unconstrained();
  }

  /** §14. A value beyond the table is the number it would have. */
  private enumerated(type: TypeNode): string | number {
    const cursor = this.cursor;
    if (type.extensible && cursor.bits(1) === 1) {
      const index = cursor.normallySmall();
      return type.additionalNames[index] ?? type.names.length + index;
    }
    const index = cursor.smallConstrained(0, type.names.length);
    const name = type.names[index];
    if (name !== undefined) return name;
    cursor.fail("encoding", type.names.length - 1, index);
    return index;
  }

  /** §16: fixed sizes up to 16 bits are not aligned, all others are. */
  private bitString(type: TypeNode): BitString {
    const cursor = this.cursor;
    const extended = type.extensible && cursor.bits(1) === 1;
    const bits = extended ? cursor.length() : cursor.size(type.low, type.high, false);
    if (cursor.more) {
      const joined = cursor.joinFragments(bits, 1 / 8);
      return { bits: joined.length * 8, bytes: joined };
    }
    if (!extended && type.low === type.high && bits <= 16) {
      const value = cursor.bits(bits) << (16 - bits);
      return { bits, bytes: bits <= 8 ? Uint8Array.of(value >> 8) : Uint8Array.of(value >> 8, value & 0xff) };
    }
    if (bits === 0) return { bits, bytes: new Uint8Array(0) };
    // The last octet belongs to the string only in part, and may hold the beginning of what follows.
    cursor.align();
    const from = cursor.at >> 3;
    const whole = cursor.end - cursor.at >= bits;
    if (!whole) cursor.fail("short", (bits + 7) >> 3, cursor.left());
    const had = whole ? bits : Math.max(0, cursor.end - cursor.at);
    const to = from + ((had + 7) >> 3);
    const unused = -had & 7;
    let bytes = cursor.bytes.subarray(from, to);
    if (unused > 0 && (cursor.bytes[to - 1]! & ((1 << unused) - 1)) !== 0) {
      bytes = new Uint8Array(bytes);
      bytes[bytes.length - 1]! &= 0xff << unused;
    }
    cursor.at += had;
    return { bits: had, bytes };
  }

  /** §17: fixed sizes up to two octets are not aligned, all others are. */
  private octetString(type: TypeNode): PerValue {
    const cursor = this.cursor;
    const extended = type.extensible && cursor.bits(1) === 1;
    const count = extended ? cursor.length() : cursor.size(type.low, type.high, false);
    let octets: Uint8Array;
    if (cursor.more) octets = cursor.joinFragments(count, 1);
    else if (!extended && type.low === type.high && count <= 2) {
      octets = new Uint8Array(count);
      for (let i = 0; i < count; i++) octets[i] = cursor.bits(8);
    } else octets = cursor.octets(count);
    if (type.element === undefined || cursor.failed) return octets;
    return this.contained(type.element, octets);
  }

  /** §30: known-multiplier strings; 8 bits a character here, so short ones of fixed size stay unaligned. UTF-8 is octets, §30.6. */
  private text(type: TypeNode): string {
    const cursor = this.cursor;
    if (type.width === 0) return readUtf8(cursor.lengthAndOctets());
    const extended = type.extensible && cursor.bits(1) === 1;
    const count = extended ? cursor.length() : cursor.size(type.low, type.high, false);
    let octets: Uint8Array;
    if (cursor.more) octets = cursor.joinFragments(count, 1);
    else if (!extended && (type.low === type.high ? type.high <= 2 : type.high < 2)) {
      octets = new Uint8Array(count);
      for (let i = 0; i < count; i++) octets[i] = cursor.bits(8);
    } else octets = cursor.octets(count);
    return readText(octets, 0, octets.length);
  }

  /** §24: length and the contents octets of the BER encoding (X.690 §8.19). */
  private objectIdentifier(): string {
    const octets = this.cursor.lengthAndOctets();
    const arcs: number[] = [];
    let arc = 0;
    for (const octet of octets) {
      arc = arc * 128 + (octet & 0x7f);
      if (octet >= 0x80) continue;
      if (arcs.length === 0) {
        const root = Math.min(2, Math.floor(arc / 40));
        arcs.push(root, arc - root * 40);
      } else arcs.push(arc);
      arc = 0;
    }
    return arcs.join(".");
  }

  /** §19: extension bit, bit map of the optional components, components; then the additions, each an open type. */
  private sequence(type: TypeNode): PerValue {
    const cursor = this.cursor;
    const value: Record<string, PerValue> = {};
    const extended = type.extensible && cursor.bits(1) === 1;
    let present = type.optionals > 0 ? cursor.bits(type.optionals) : 0;
    present = type.optionals > 0 ? present << (32 - type.optionals) : 0;
    const components = type.components;
    for (let i = 0; i < components.length; i++) {
      const component = components[i]!;
      if (component.optional) {
        const absent = present >= 0;
        present <<= 1;
        if (absent) continue;
      }
      if (cursor.failed) return value;
      cursor.field = component.name;
      const part = this.value(component.type);
      if (cursor.failed && isLeaf(component.type)) return value;
      value[component.name] = part;
    }
    if (extended && !cursor.failed) this.additions(type.additions, value);
    return value;
  }

  private additions(known: readonly Component[], value: Record<string, PerValue>): void {
    const cursor = this.cursor;
    const count = cursor.normallySmallLength();
    const map = cursor.at;
    if (count > cursor.end - map) return cursor.fail("short", (count + 7) >> 3, cursor.left());
    cursor.at = map + count;
    for (let i = 0; i < count && !cursor.failed; i++) {
      const bit = map + i;
      if (((cursor.bytes[bit >> 3]! >> (7 - (bit & 7))) & 1) === 0) continue;
      const component = known[i];
      if (component === undefined) value[`#${i}`] = cursor.lengthAndOctets();
      else {
        cursor.field = component.name;
        value[component.name] = this.openType(component.type).value;
      }
      if (--cursor.budget < 0) cursor.fail("count", limits.values, limits.values);
    }
  }

  /** §23: index of the alternative; alternatives beyond the root are open types. */
  private choice(type: TypeNode): PerValue {
    const cursor = this.cursor;
    if (type.extensible && cursor.bits(1) === 1) {
      const index = cursor.normallySmall();
      const component = type.additions[index];
      if (component === undefined) return { choice: `#${type.components.length + index}`, value: cursor.lengthAndOctets() };
      cursor.field = component.name;
      return { choice: component.name, value: this.openType(component.type).value };
    }
    const index = cursor.smallConstrained(0, type.components.length);
    const component = type.components[index];
    if (component === undefined) {
      cursor.fail("encoding", type.components.length - 1, index);
      return null;
    }
    cursor.field = component.name;
    const value = this.value(component.type);
    return cursor.failed && isLeaf(component.type) ? null : { choice: component.name, value };
  }

  /** §20. */
  list(type: TypeNode): PerValue[] {
    const cursor = this.cursor;
    const element = type.element!;
    const values: PerValue[] = [];
    let count = cursor.size(type.low, type.high, type.extensible);
    for (;;) {
      const more = cursor.more;
      for (let i = 0; i < count && !cursor.failed; i++) {
        const value = this.value(element);
        if (!cursor.failed || (value !== null && !isLeaf(element))) values.push(value);
      }
      if (!more || cursor.failed) return values;
      count = cursor.length();
    }
  }

  /** §11.2: a length and a complete encoding in octets, of `type`. */
  openType(type: TypeNode | undefined): { value: PerValue; decoded: boolean } {
    const cursor = this.cursor;
    const count = cursor.length();
    if (cursor.more) {
      const octets = cursor.joinFragments(count, 1);
      if (type === undefined || cursor.failed) return { value: octets, decoded: false };
      const faults = cursor.faults.length;
      const value = this.contained(type, octets);
      return { value, decoded: cursor.faults.length === faults };
    }
    const from = cursor.at;
    const outerEnd = cursor.end;
    const whole = count * 8 <= outerEnd - from;
    if (!whole) cursor.fail("short", count, cursor.left());
    const innerEnd = whole ? from + count * 8 : Math.max(from, outerEnd);
    if (type === undefined || cursor.budget <= 0) {
      cursor.at = innerEnd;
      return { value: cursor.bytes.subarray(from >> 3, innerEnd >> 3), decoded: false };
    }
    // Where the octets end early, what is there is read all the same; the fault is already counted.
    cursor.failed = false;
    cursor.end = innerEnd;
    const faults = cursor.faults.length;
    const value = this.value(type);
    const failed = cursor.failed || cursor.faults.length > faults;
    if (!whole && cursor.failed) cursor.faults.length = faults;
    cursor.failed = !whole;
    cursor.end = outerEnd;
    cursor.at = innerEnd;
    if (failed && (value === null || isLeaf(type))) return { value: cursor.bytes.subarray(from >> 3, innerEnd >> 3), decoded: false };
    return { value, decoded: !failed };
  }

  /** A value of `type` in octets of their own. A fault inside does not stop what encloses them. */
  contained(type: TypeNode, octets: Uint8Array): PerValue {
    const cursor = this.cursor;
    const { bytes, at, end, failed } = cursor;
    cursor.bytes = octets;
    cursor.at = 0;
    cursor.end = octets.length * 8;
    cursor.failed = false;
    const value = this.value(type);
    const broken = cursor.failed;
    cursor.bytes = bytes;
    cursor.at = at;
    cursor.end = end;
    cursor.failed = failed;
    return broken && value === null ? octets : value;
  }

  /** id INTEGER (0..65535), criticality, value as open type. */
  private ie(set: IeSet): PerValue {
    const cursor = this.cursor;
    cursor.align();
    const id = cursor.bits(16);
    const criticality = CRITICALITIES[cursor.bits(2)];
    if (cursor.failed) return null;
    if (criticality === undefined) {
      cursor.fail("encoding", 2, 3);
      return null;
    }
    return this.element(id, criticality, set.get(id));
  }

  private element(id: number, criticality: Criticality, type: TypeNode | undefined): ProtocolIe {
    const name = this.names.ids.get(id) ?? `#${id}`;
    this.cursor.field = name;
    const { value, decoded } = this.openType(type);
    const ie = { id, name, criticality, value, decoded };
    if (type === undefined) this.unknown.push(ie);
    return ie;
  }

  /** id, then first criticality and value, second criticality and value; given as a sequence of two IEs of one id. */
  private pair(first: IeSet, second: IeSet): PerValue {
    const cursor = this.cursor;
    cursor.align();
    const id = cursor.bits(16);
    const firstCriticality = CRITICALITIES[cursor.bits(2)];
    if (cursor.failed || firstCriticality === undefined) return null;
    const firstIe = this.element(id, firstCriticality, first.get(id));
    const secondCriticality = CRITICALITIES[cursor.bits(2)];
    if (cursor.failed || secondCriticality === undefined) return { first: firstIe };
    return { first: firstIe, second: this.element(id, secondCriticality, second.get(id)) };
  }

  /** PrivateIE-ID CHOICE { local INTEGER (0..65535), global OBJECT IDENTIFIER }, criticality, value. */
  private privateIe(): PerValue {
    const cursor = this.cursor;
    const global = cursor.bits(1) === 1;
    const identifier = global ? this.objectIdentifier() : "";
    if (!global) cursor.align();
    const id = global ? -1 : cursor.bits(16);
    const criticality = CRITICALITIES[cursor.bits(2)];
    if (cursor.failed || criticality === undefined) return null;
    const name = global ? identifier : `private ${id}`;
    cursor.field = name;
    const ie = { id, name, criticality, value: this.openType(undefined).value, decoded: false };
    this.unknown.push(ie);
    return ie;
  }
}

/** A leaf that was cut is left out: half a number or half an address would pass for a whole one. Of structures what was read is kept. */
function isLeaf(type: TypeNode): boolean {
  return type.kind < Kind.Sequence;
}

/** Well-formed UTF-8 as it is; any other octet as `\xNN`, so that nothing hides in a name. */
function readUtf8(octets: Uint8Array): string {
  let text = "";
  for (let at = 0; at < octets.length;) {
    const first = octets[at]!;
    const length =
      first < 0x80 ? 1 : first >= 0xc2 && first < 0xe0 ? 2 : first >= 0xe0 && first < 0xf0 ? 3 : first >= 0xf0 && first < 0xf5 ? 4 : 0;
    let code = length === 1 ? first : first & (0x7f >> length);
    let valid = length > 1 && at + length <= octets.length;
    for (let i = 1; valid && i < length; i++) {
      const next = octets[at + i]!;
      valid = (next & 0xc0) === 0x80;
      code = code * 64 + (next & 0x3f);
    }
    if (valid && code <= 0x10ffff && !(code >= 0xd800 && code < 0xe000)) {
      text += String.fromCodePoint(code);
      at += length;
    } else {
      text += readText(octets, at, at + 1);
      at += 1;
    }
  }
  return text;
}
