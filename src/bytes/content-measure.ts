import type { ContentSummary } from "#model/observation.ts";

/**
 * What can be said of octets in a place that should carry little, without keeping them: how many contents, how many distinct ones, and whether their
 * octets look drawn at random. One measure takes at most 10 KiB, whatever it is shown.
 */
export const MEASURE_LIMITS = {
  /** Contents compared with one another; later ones only add to the counts of octets. */
  compared: 1024,
  /** Positions from the start that are asked whether they ever change, and so many from the end of longer contents; those between are taken to change. */
  head: 48,
  tail: 16,
} as const;

const POSITIONS = MEASURE_LIMITS.head + MEASURE_LIMITS.tail;
const VARIES = -1;
const UNSEEN = -2;

/** A set of 32-bit hashes that grows up to a limit; past it nothing is added. */
export class HashSet32 {
  size = 0;
  private slots: Uint32Array = new Uint32Array(32);
  /** 32 less the logarithm of the number of slots. */
  private shift = 27;
  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  /** True where the hash was new and is now held. */
  add(hash: number): boolean {
    const wanted = hash === 0 ? 1 : hash >>> 0;
    let at = this.place(wanted);
    if (this.slots[at] === wanted || this.size >= this.most) return false;
    if (this.size * 2 >= this.slots.length) {
      const old = this.slots;
      this.slots = new Uint32Array(old.length * 2);
      this.shift--;
      for (const held of old) if (held !== 0) this.slots[this.place(held)] = held;
      at = this.place(wanted);
    }
    this.slots[at] = wanted;
    this.size++;
    return true;
  }

  private place(hash: number): number {
    const mask = this.slots.length - 1;
    let at = Math.imul(hash, 0x9e37_79b1) >>> this.shift;
    while (this.slots[at] !== 0 && this.slots[at] !== hash) at = (at + 1) & mask;
    return at;
  }
}

/** FNV-1a; for comparing contents of one run with one another, never for evidence. */
export function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c_9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x0100_0193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

export class ContentMeasure {
  /** Contents that were known from elsewhere, as the caller counts them. */
  known = 0;
  contents = 0;
  octets = 0;
  private readonly counts = new Uint32Array(256);
  private readonly seen = new HashSet32(MEASURE_LIMITS.compared);
  private compared = 0;
  private measured = 0;
  /** The last contents: a tap that sees each frame twice, or a retransmission, repeats one of them, and says nothing new. */
  private readonly last = new Uint32Array(4);
  private turn = 0;
  /** What stands in each position, while it has always been the same, and how often: headers, magic words, lengths, trailers. */
  private readonly constant = new Int16Array(POSITIONS).fill(UNSEEN);
  private readonly held = new Uint32Array(POSITIONS);

  add(bytes: Uint8Array, start: number, end: number): void {
    if (end <= start) return;
    this.contents++;
    const hash = hashOf(bytes, start, end);
    if (this.last.includes(hash)) return;
    this.last[this.turn++ & 3] = hash;
    this.octets += end - start;
    for (let i = start; i < end; i++) {
      const octet = bytes[i] as number;
      this.counts[octet] = (this.counts[octet] as number) + 1;
    }
    this.positions(bytes, start, end);
    if (this.compared < MEASURE_LIMITS.compared) {
      this.compared++;
      this.seen.add(hash);
    }
  }

  summary(): ContentSummary {
    const all = this.octets;
    const whole = { octets: all, uniform: uniformOf(this.counts, all), spread: isSpread(this.counts, all) };
    const { counts, octets } = this.varying();
    const rest = { octets, uniform: uniformOf(counts, octets), spread: isSpread(counts, octets) };
    // What stays of short contents is a number, a time, an identifier: those are random by their nature.
    const judged = whole.uniform === undefined && octets >= HIDDEN_OCTETS * this.measured ? rest : whole;
    return {
      contents: this.contents,
      octets: judged.octets,
      compared: this.compared,
      distinct: this.seen.size,
      uniform: judged.uniform,
      spread: judged.spread,
      printable: printable(this.counts),
      known: this.known,
    };
  }

  private positions(bytes: Uint8Array, start: number, end: number): void {
    this.measured++;
    const { head, tail } = MEASURE_LIMITS;
    const length = end - start;
    for (let i = 0; i < length && i < head; i++) this.position(i, bytes[start + i] as number);
    for (let i = Math.max(head, length - tail); i < length; i++) this.position(head + length - 1 - i, bytes[start + i] as number);
  }

  private position(at: number, octet: number): void {
    const known = this.constant[at] as number;
    if (known === VARIES) return;
    if (known === UNSEEN) this.constant[at] = octet;
    else if (known !== octet) {
      this.constant[at] = VARIES;
      return;
    }
    this.held[at] = (this.held[at] as number) + 1;
  }

  /** Counts without the positions that never changed. */
  private varying(): { readonly counts: Uint32Array; readonly octets: number } {
    const counts = this.counts.slice();
    let { octets } = this;
    for (let at = 0; at < POSITIONS; at++) {
      const octet = this.constant[at] as number;
      const held = this.held[at] as number;
      // What stands there once only has not shown that it stays.
      if (octet < 0 || held < LEAST_HELD) continue;
      counts[octet] = (counts[octet] as number) - held;
      octets -= held;
    }
    return { counts, octets };
  }
}

/** Octets a content, on average, that must be left without those that never change: more than the largest identifier (128 bits). */
const HIDDEN_OCTETS = 20;
const LEAST_HELD = 4;

function uniformOf(counts: Uint32Array, octets: number): ContentSummary["uniform"] {
  return ALPHABETS.find((alphabet) => isUniform(counts, alphabet, octets))?.name;
}

interface Alphabet {
  readonly name: NonNullable<ContentSummary["uniform"]>;
  readonly symbols: Uint8Array;
  /** Padding and separators, which say nothing. */
  readonly ignored: Uint8Array;
}

const text = (symbols: string): Uint8Array => Uint8Array.from(symbols, (symbol) => symbol.charCodeAt(0));
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = UPPER.toLowerCase();

/** Octets, and the text forms that data are put into (RFC 4648). */
const ALPHABETS: readonly Alphabet[] = [
  { name: "octets", symbols: Uint8Array.from({ length: 256 }, (_, i) => i), ignored: text("") },
  { name: "hexadecimal", symbols: text("0123456789abcdef"), ignored: text(".-: ") },
  { name: "hexadecimal", symbols: text("0123456789ABCDEF"), ignored: text(".-: ") },
  { name: "base32", symbols: text(`${LOWER}234567`), ignored: text("=.") },
  { name: "base32", symbols: text(`${UPPER}234567`), ignored: text("=.") },
  { name: "base64", symbols: text(`${UPPER}${LOWER}0123456789+/`), ignored: text("=\r\n") },
  { name: "base64", symbols: text(`${UPPER}${LOWER}0123456789-_`), ignored: text("=.") },
];

/**
 * Pearson's chi-square against equal shares of n symbols has mean n - 1 and standard deviation sqrt(2(n - 1)); random symbols stay within six of them, text,
 * counters and structures are far beyond. Fewer than two of each symbol on average say nothing.
 */
function isUniform(counts: Uint32Array, { symbols, ignored }: Alphabet, octets: number): boolean {
  let inside = 0;
  for (const symbol of symbols) inside += counts[symbol] as number;
  let other = 0;
  for (const symbol of ignored) other += counts[symbol] as number;
  if (inside + other < octets || other * 4 > octets) return false;
  const n = symbols.length;
  const expected = inside / n;
  if (expected < 2) return false;
  let chiSquare = 0;
  for (const symbol of symbols) chiSquare += ((counts[symbol] as number) - expected) ** 2 / expected;
  return chiSquare <= n - 1 + 6 * Math.sqrt(2 * (n - 1));
}

/** Octets below which nothing is said, and from which the better test takes over. */
const SPREAD_OCTETS = 128;
const UNIFORM_OCTETS = 512;

/**
 * How many of the 256 values occur among n random octets: 256(1 - q) on average with q = (1 - 1/256)^n, and a variance of at most 256 q(1 - q). Text and structures have far fewer.
 */
function isSpread(counts: Uint32Array, octets: number): boolean {
  if (octets < SPREAD_OCTETS || octets >= UNIFORM_OCTETS) return false;
  let values = 0;
  let most = 0;
  for (const count of counts) {
    if (count > 0) values++;
    if (count > most) most = count;
  }
  const missing = (1 - 1 / 256) ** octets;
  return values >= 256 * (1 - missing) - 4 * Math.sqrt(256 * missing * (1 - missing)) && most <= 4 + octets / 40;
}

function printable(counts: Uint32Array): number {
  let all = 0;
  let shown = 0;
  for (let octet = 0; octet < 256; octet++) {
    const count = counts[octet] as number;
    all += count;
    if ((octet >= 0x20 && octet < 0x7f) || octet === 0x0a || octet === 0x0d || octet === 0x09) shown += count;
  }
  return all === 0 ? 0 : shown / all;
}

/** Bits of Shannon entropy a symbol. */
export function entropyOf(counts: Uint32Array): number {
  let all = 0;
  for (const count of counts) all += count;
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / all) * Math.log2(count / all);
  return bits;
}
