// Aligned variant of the packed encoding rules, ITU-T X.691 (08/2015): the fields of clause 11.
import type { Fault, FaultCode } from "#model/fault.ts";
import { limits } from "./limits.ts";

/** Values of this many units and more are sent in fragments (§11.9.3.8). */
const FRAGMENT_UNITS = 16384;

/**
 * Reads bit by bit from octets of which nothing is believed. A read past the end returns zeros, sets `failed` and
 * adds one fault; nothing throws. The caller asks `failed` wherever it would loop or descend.
 */
export class PerCursor {
  bytes: Uint8Array;
  /** Position and end, in bits from the start of `bytes`. */
  at: number;
  end: number;
  /** Set by the first fault of the innermost open type; cleared where its end is known and reading can go on behind it. */
  failed = false;
  readonly faults: Fault[] = [];
  /** Name of the component that is being read, for faults. */
  field = "";
  /** Values that may still be made, see `limits.values`. */
  budget: number = limits.values;
  depth = 0;
  /** Set by `length`: more fragments follow the units just announced. */
  more = false;
  private readonly layer: string;
  private readonly base: number;
  private readonly cut: boolean;

  /** `layer` names the protocol in faults; `cut`: octets are known to be missing at the end. */
  constructor(layer: string, bytes: Uint8Array, start: number, end: number, cut: boolean) {
    this.layer = layer;
    this.bytes = bytes;
    this.at = start * 8;
    this.end = end * 8;
    this.base = start;
    this.cut = cut;
  }

  fail(code: FaultCode, needed: number, had: number): void {
    if (this.failed) return;
    this.failed = true;
    if (this.faults.length >= limits.faults) return;
    const offset = Math.max(0, (this.at >> 3) - this.base);
    this.faults.push({ layer: this.layer, code: code === "short" && this.cut ? "cut" : code, field: this.field, offset, needed, had });
  }

  /** Octets wholly left. */
  left(): number {
    return Math.max(0, (this.end - this.at) >> 3);
  }

  /** `count` bits (0 … 32) as an unsigned number. */
  bits(count: number): number {
    const from = this.at;
    if (count > this.end - from) {
      this.fail("short", (count + 7) >> 3, this.left());
      return 0;
    }
    if (count === 0) return 0;
    this.at = from + count;
    const bytes = this.bytes;
    let octet = from >> 3;
    const skip = from & 7;
    const inFirst = 8 - skip;
    let value = bytes[octet]! & (0xff >> skip);
    if (count <= inFirst) return value >> (inFirst - count);
    let rest = count - inFirst;
    for (; rest >= 8; rest -= 8) value = value * 256 + bytes[++octet]!;
    if (rest > 0) value = value * (1 << rest) + (bytes[++octet]! >> (8 - rest));
    return value;
  }

  /** To the next octet boundary: what follows is an octet-aligned bit-field. */
  align(): void {
    this.at = (this.at + 7) & ~7;
  }

  /** Aligned octets as a view, cut short at the end (and `failed`). */
  octets(count: number): Uint8Array {
    if (count === 0) return EMPTY;
    this.align();
    const from = this.at >> 3;
    let to = from + count;
    if (to * 8 > this.end) {
      this.fail("short", count, this.left());
      to = Math.max(from, this.end >> 3);
    }
    this.at = to * 8;
    return this.bytes.subarray(from, to);
  }

  /** Constrained whole number, §11.5. Text above 2^53. */
  constrained(low: number, high: number): number | string {
    const range = high - low + 1;
    if (range <= 65536) return this.smallConstrained(low, range);
    // Indefinite length case, §11.5.7.4: the octet count of the offset, itself constrained to 1 … octets of the widest offset.
    let widest = 0;
    for (let rest = range; rest > 1; rest /= 256) widest += 1;
    const count = this.bits(32 - Math.clz32(widest - 1)) + 1;
    return this.offsetFrom(low, count);
  }

  /** Constrained whole number of at most 65,536 values, §11.5.4 to §11.5.7.3. */
  smallConstrained(low: number, range: number): number {
    if (range <= 1) return low;
    if (range <= 255) return low + this.bits(32 - Math.clz32(range - 1));
    this.align();
    return low + this.bits(range === 256 ? 8 : 16);
  }

  /** Semi-constrained whole number, §11.7. Text above 2^53. */
  semiConstrained(low: number): number | string {
    return this.offsetFrom(low, this.length());
  }

  /** Unconstrained whole number, §11.8: 2's complement. Text beyond ±2^53. */
  unconstrained(): number | string {
    const octets = this.octets(this.length());
    if (octets.length === 0) return 0;
    const negative = octets[0]! >= 0x80;
    if (octets.length > EXACT_OCTETS) return bigText(octets, negative ? -(1n << BigInt(octets.length * 8)) : 0n);
    return magnitude(octets, 0, octets.length) - (negative ? 2 ** (octets.length * 8) : 0);
  }

  private offsetFrom(low: number, count: number): number | string {
    // A view of four octets costs more than the number they are.
    const from = (this.at + 7) >> 3;
    if (count > 0 && count <= EXACT_OCTETS && (from + count) * 8 <= this.end) {
      this.at = (from + count) * 8;
      return low + magnitude(this.bytes, from, from + count);
    }
    const octets = this.octets(count);
    if (octets.length > EXACT_OCTETS) return bigText(octets, BigInt(low));
    return low + magnitude(octets, 0, octets.length);
  }

  /** Normally small non-negative whole number, §11.6. */
  normallySmall(): number {
    if (this.bits(1) === 0) return this.bits(6);
    const value = this.semiConstrained(0);
    return typeof value === "number" ? value : Infinity;
  }

  /** Normally small length, §11.9.3.4: of the bit map of extension additions. */
  normallySmallLength(): number {
    return this.bits(1) === 0 ? this.bits(6) + 1 : this.length();
  }

  /**
   * General length determinant, §11.9.3.5 to 11.9.3.8: 0xxxxxxx; 10xxxxxx xxxxxxxx; 11xxxxxx, a fragment of 1 … 4 times 16 K
   * units after which another length follows (`more`).
   */
  length(): number {
    this.more = false;
    const octet = (this.at + 7) >> 3;
    // Nearly all: one octet.
    if (octet * 8 + 8 <= this.end && this.bytes[octet]! < 0x80) {
      this.at = octet * 8 + 8;
      return this.bytes[octet]!;
    }
    this.align();
    const first = this.bits(8);
    if (first < 0x80) return first;
    if (first < 0xc0) return (first & 0x3f) * 256 + this.bits(8);
    const fragments = first & 0x3f;
    if (fragments < 1 || fragments > 4) {
      this.fail("encoding", -1, fragments);
      return 0;
    }
    this.more = true;
    return fragments * FRAGMENT_UNITS;
  }

  /** Length determinant of a size constraint, §11.9.4.1; `more` is set as by `length`. */
  size(low: number, high: number, extensible: boolean): number {
    this.more = false;
    if (extensible && this.bits(1) === 1) return this.length();
    if (high < 65536) return low === high ? low : this.smallConstrained(low, high - low + 1);
    return this.length();
  }

  /** Aligned octets behind a general length: a view, or a copy where they came in fragments. */
  lengthAndOctets(): Uint8Array {
    const count = this.length();
    return this.more ? this.joinFragments(count, 1) : this.octets(count);
  }

  /** Collects a value whose first length announced `units` of `bitsPerUnit` … in fragments; `bitsPerUnit` 8 for octets, 1 for bits. */
  joinFragments(units: number, octetsPerUnit: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let total = 0;
    let count = units;
    for (;;) {
      const again = this.more;
      const part = this.octets(Math.ceil(count * octetsPerUnit));
      parts.push(part);
      total += part.length;
      if (!again || this.failed) break;
      if (total > limits.fragmentedOctets) {
        this.fail("count", limits.fragmentedOctets, total);
        break;
      }
      count = this.length();
    }
    const joined = new Uint8Array(total);
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    return joined;
  }
}

const EMPTY = new Uint8Array(0);

/** Octets of a number that a double holds exactly. */
const EXACT_OCTETS = 6;

/** Of at most so many octets. */
function magnitude(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 256 + bytes[i]!;
  return value;
}

/** Whole numbers have no size limit in PER; beyond this many octets nothing in a telephone network is a number. */
const MAX_INTEGER_OCTETS = 32;

function bigText(octets: Uint8Array, add: bigint): number | string {
  let value = 0n;
  for (let i = 0; i < octets.length && i < MAX_INTEGER_OCTETS; i++) value = value * 256n + BigInt(octets[i]!);
  value += add;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
