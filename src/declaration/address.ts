/**
 * Addresses and prefixes: text to octets and back, and a longest-prefix table.
 *
 * IPv4 is an int32 in host order (`10.0.0.1` = 0x0a000001), IPv6 four of them. RFC 4291 §2.2 (text forms), RFC 5952
 * (canonical text), RFC 4632 (prefixes).
 */

/** The four words of one address; IPv4 uses `w3` alone. Scratch: overwritten by the next `parseAddress`. */
export interface AddressWords {
  family: 4 | 6;
  w0: number;
  w1: number;
  w2: number;
  w3: number;
}

const scratch: AddressWords = { family: 4, w0: 0, w1: 0, w2: 0, w3: 0 };

/** Dotted quad to int32; NaN where the text is not exactly four decimal octets without leading zeros. */
export function parseV4(text: string): number {
  let value = 0;
  let octet = -1;
  let digits = 0;
  let dots = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 48 && c <= 57) {
      if (digits > 0 && octet === 0) return Number.NaN;
      octet = digits === 0 ? c - 48 : octet * 10 + c - 48;
      if (++digits > 3 || octet > 255) return Number.NaN;
    } else if (c === 46) {
      if (digits === 0 || ++dots > 3) return Number.NaN;
      value = (value << 8) | octet;
      octet = -1;
      digits = 0;
    } else return Number.NaN;
  }
  return dots === 3 && digits > 0 ? (value << 8) | octet : Number.NaN;
}

/** Any text form of an address (no zone, no prefix length); null where it is none. The result is shared scratch. */
export function parseAddress(text: string): AddressWords | null {
  if (!text.includes(":")) {
    const v4 = parseV4(text);
    if (Number.isNaN(v4)) return null;
    scratch.family = 4;
    scratch.w0 = scratch.w1 = scratch.w2 = 0;
    scratch.w3 = v4;
    return scratch;
  }
  if (text.length > 45) return null;
  let tail = text;
  let extra: number[] = [];
  const lastColon = text.lastIndexOf(":");
  if (text.includes(".", lastColon)) {
    const v4 = parseV4(text.slice(lastColon + 1));
    if (Number.isNaN(v4)) return null;
    extra = [v4 >>> 16, v4 & 0xffff];
    tail = text.slice(0, lastColon + 1);
    if (!tail.endsWith("::")) tail = tail.slice(0, -1);
  }
  const gap = tail.indexOf("::");
  if (gap !== tail.lastIndexOf("::")) return null;
  const head = groups(gap < 0 ? tail : tail.slice(0, gap));
  const rest = gap < 0 ? [] : groups(tail.slice(gap + 2));
  if (head === null || rest === null) return null;
  const known = head.length + rest.length + extra.length;
  if (gap < 0 ? known !== 8 : known > 7) return null;
  const all = [...head, ...Array.from({ length: 8 - known }, () => 0), ...rest, ...extra];
  const word = (i: number): number => ((all[i] ?? 0) << 16) | (all[i + 1] ?? 0);
  scratch.family = 6;
  scratch.w0 = word(0);
  scratch.w1 = word(2);
  scratch.w2 = word(4);
  scratch.w3 = word(6);
  return scratch;
}

function groups(text: string): number[] | null {
  if (text === "") return [];
  const out: number[] = [];
  for (const part of text.split(":")) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return null;
    out.push(Number.parseInt(part, 16));
  }
  return out;
}

export function formatV4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/** RFC 5952: lower case, longest run of at least two zero groups shortened, the first of equals. */
export function formatV6(w0: number, w1: number, w2: number, w3: number): string {
  const all: number[] = [];
  for (const w of [w0, w1, w2, w3]) all.push(w >>> 16, w & 0xffff);
  let best = -1;
  let length = 1;
  for (let i = 0; i < 8; i++) {
    let j = i;
    while (j < 8 && all[j] === 0) j++;
    if (j - i > length) {
      best = i;
      length = j - i;
    }
    if (j > i) i = j;
  }
  const hex = (part: number[]): string => part.map((g) => g.toString(16)).join(":");
  return best < 0 ? hex(all) : `${hex(all.slice(0, best))}::${hex(all.slice(best + length))}`;
}

/** `10.0.0.1`, `10.0.0.0/8`, `2001:db8::/32` in canonical form, host bits cleared; null where it is no prefix. */
export function canonicalPrefix(text: string): string | null {
  const p = parsePrefix(text);
  if (p === null) return null;
  const full = p.family === 4 ? 32 : 128;
  const address = p.family === 4 ? formatV4(p.w3) : formatV6(p.w0, p.w1, p.w2, p.w3);
  return p.length === full ? address : `${address}/${p.length}`;
}

export interface Prefix extends AddressWords {
  length: number;
}

/** Host bits are cleared. A new object. */
export function parsePrefix(text: string): Prefix | null {
  const slash = text.indexOf("/");
  const words = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (words === null) return null;
  const full = words.family === 4 ? 32 : 128;
  let length = full;
  if (slash >= 0) {
    const tail = text.slice(slash + 1);
    if (!/^(0|[1-9][0-9]{0,2})$/.test(tail)) return null;
    length = Number(tail);
    if (length > full) return null;
  }
  const { family, w0, w1, w2, w3 } = words;
  if (family === 4) return { family, w0: 0, w1: 0, w2: 0, w3: w3 & maskWord(length), length };
  return {
    family,
    w0: w0 & maskWord(length),
    w1: w1 & maskWord(length - 32),
    w2: w2 & maskWord(length - 64),
    w3: w3 & maskWord(length - 96),
    length,
  };
}

/** Mask of one 32-bit word of which the first `bits` belong to the prefix. */
function maskWord(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}

/**
 * Prefixes to lists of entries. A look-up costs one hash probe for each prefix length in use and allocates nothing.
 * The answer holds the entries of every prefix that contains the address, most specific first.
 */
export class PrefixTable<T> {
  readonly #v4 = new FamilyTable<T>();
  readonly #v6 = new FamilyTable<T>();

  constructor(entries: Iterable<readonly [prefix: string, value: T]>) {
    const parsed: [Prefix, T][] = [];
    for (const [text, value] of entries) {
      const prefix = parsePrefix(text);
      if (prefix !== null) parsed.push([prefix, value]);
    }
    parsed.sort((a, b) => a[0].length - b[0].length);
    for (const [prefix, value] of parsed) (prefix.family === 4 ? this.#v4 : this.#v6).insert(prefix, value);
  }

  /** `address` is an int32 in host order. */
  v4(address: number): readonly T[] {
    return this.#v4.size === 0 ? NOTHING : this.#v4.find(0, 0, 0, address | 0);
  }

  v6(w0: number, w1: number, w2: number, w3: number): readonly T[] {
    return this.#v6.size === 0 ? NOTHING : this.#v6.find(w0, w1, w2, w3);
  }

  /** `length` is 4 or 16 octets at `offset`; anything else is found nowhere. */
  bytes(data: Uint8Array, offset: number, length: number): readonly T[] {
    if (offset < 0 || offset + length > data.length) return NOTHING;
    if (length === 4) return this.v4(word(data, offset));
    if (length === 16) return this.v6(word(data, offset), word(data, offset + 4), word(data, offset + 8), word(data, offset + 12));
    return NOTHING;
  }

  text(address: string): readonly T[] {
    const words = parseAddress(address);
    if (words === null) return NOTHING;
    return words.family === 4 ? this.v4(words.w3) : this.v6(words.w0, words.w1, words.w2, words.w3);
  }
}

const NOTHING: readonly never[] = [];

function word(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 24) | ((data[at + 1] ?? 0) << 16) | ((data[at + 2] ?? 0) << 8) | (data[at + 3] ?? 0);
}

interface Slot<T> {
  readonly w0: number;
  readonly w1: number;
  readonly w2: number;
  readonly w3: number;
  readonly length: number;
  readonly next: Slot<T> | null;
  /** The first `own` are this prefix's; the rest are inherited. */
  readonly values: T[];
  own: number;
}

/** Chained hash table; prefixes must be inserted shortest first, so that each inherits what contains it. */
class FamilyTable<T> {
  size = 0;
  #buckets: (Slot<T> | null)[] = Array.from({ length: 64 }, () => null);
  /** Prefix lengths in use, longest first. */
  #lengths: number[] = [];

  find(w0: number, w1: number, w2: number, w3: number): readonly T[] {
    for (const length of this.#lengths) {
      const slot = this.#slot(w0, w1, w2, w3, length);
      if (slot !== null) return slot.values;
    }
    return NOTHING;
  }

  insert(prefix: Prefix, value: T): void {
    const { w0, w1, w2, w3, family } = prefix;
    const length = family === 4 ? prefix.length + 96 : prefix.length;
    const same = this.#slot(w0, w1, w2, w3, length);
    if (same !== null) {
      if (!same.values.slice(0, same.own).includes(value)) same.values.splice(same.own++, 0, value);
      return;
    }
    const inherited = this.find(w0, w1, w2, w3);
    if (!this.#lengths.includes(length)) this.#lengths = [length, ...this.#lengths].sort((a, b) => b - a);
    if (this.size++ > this.#buckets.length) this.#grow();
    const values = [value, ...inherited.filter((v) => v !== value)];
    this.#put({ w0, w1, w2, w3, length, values, own: 1 });
  }

  /** IPv4 lives in the last word, so its prefix lengths are counted as if 96 zero bits stood before it. */
  #slot(a0: number, a1: number, a2: number, a3: number, length: number): Slot<T> | null {
    const w0 = a0 & maskWord(length);
    const w1 = a1 & maskWord(length - 32);
    const w2 = a2 & maskWord(length - 64);
    const w3 = a3 & maskWord(length - 96);
    let slot = this.#buckets[hash(w0, w1, w2, w3, length) & (this.#buckets.length - 1)] ?? null;
    while (slot !== null) {
      if (slot.w3 === w3 && slot.w2 === w2 && slot.w1 === w1 && slot.w0 === w0 && slot.length === length) return slot;
      slot = slot.next;
    }
    return null;
  }

  #put(slot: Omit<Slot<T>, "next">): void {
    const at = hash(slot.w0, slot.w1, slot.w2, slot.w3, slot.length) & (this.#buckets.length - 1);
    this.#buckets[at] = { ...slot, next: this.#buckets[at] ?? null };
  }

  #grow(): void {
    const old = this.#buckets;
    this.#buckets = Array.from({ length: old.length * 4 }, () => null);
    for (let slot of old) for (; slot !== null; slot = slot.next) this.#put(slot);
  }
}

function hash(w0: number, w1: number, w2: number, w3: number, length: number): number {
  let h = Math.imul(w0 ^ length, 0x9e3779b1) ^ w1;
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b) ^ w2;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35) ^ w3;
  h = Math.imul(h ^ (h >>> 16), 0x27d4eb2f);
  return h ^ (h >>> 15);
}
