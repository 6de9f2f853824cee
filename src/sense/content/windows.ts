/**
 * Content prints: windows of octets whose places the content itself chooses (Manber 1994; winnowing, Schleimer et al. 2003), so that the same
 * octets give the same prints whatever frames, offsets and segments they travel in.
 *
 * A window begins where a keyed multiplicative hash of four octets falls into one of 128 classes; what is printed is a keyed hash
 * (SipHash) of the 24 octets from there on. Who does not know the key can neither avoid the places nor make two windows agree.
 */
import { SipHash } from "#sense/prints/siphash.ts";

/** Octets of one window. */
export const WINDOW = 24;
/** One place in so many is chosen, on average. */
export const SPACING = 128;
/** Least distance between two windows: a run of equal octets must not give one each. */
const APART = 16;
const CLASS_SHIFT = 32 - Math.log2(SPACING);
/** Tells this input from those of packet prints. */
const DOMAIN_CONTENT = 0x43;

export class ContentPrinter {
  /** Print of the window last hashed. */
  lo = 0;
  hi = 0;
  /** Offsets that `select` chose. */
  readonly places: Int32Array = new Int32Array(1024);

  private readonly sip: SipHash;
  private readonly factor: number;

  /** `key`: 16 octets, the key of the prints. */
  constructor(key: Uint8Array) {
    this.sip = new SipHash(key);
    this.sip.digest(0, 1, DOMAIN_CONTENT, 5);
    this.factor = this.sip.lo | 1;
  }

  /**
   * Chooses windows that lie whole in [`start`, `end`); their offsets are in `places`, their number is returned (at most 1,024: the rest
   * of so long a chunk is left out; callers hand in no more than 64 KiB at a time).
   */
  select(bytes: Uint8Array, start: number, end: number): number {
    const { places, factor } = this;
    const last = end - WINDOW;
    if (last < start) return 0;
    let n = 0;
    let value = ((bytes[start] as number) << 16) | ((bytes[start + 1] as number) << 8) | (bytes[start + 2] as number);
    for (let at = start; at <= last; at++) {
      value = (value << 8) | (bytes[at + 3] as number);
      if (Math.imul(value, factor) >>> CLASS_SHIFT !== 0) continue;
      places[n++] = at;
      if (n === places.length) return n;
      const next = at + APART;
      if (next > last) return n;
      value = ((bytes[next] as number) << 16) | ((bytes[next + 1] as number) << 8) | (bytes[next + 2] as number);
      at = next - 1;
    }
    return n;
  }

  /** Prints the window at `at`, which has 24 octets. */
  print(bytes: Uint8Array, at: number): void {
    const { sip } = this;
    const w = sip.words;
    w[0] = be32(bytes, at);
    w[1] = be32(bytes, at + 4);
    w[2] = be32(bytes, at + 8);
    w[3] = be32(bytes, at + 12);
    w[4] = be32(bytes, at + 16);
    w[5] = be32(bytes, at + 20);
    sip.digest(6, 0, DOMAIN_CONTENT, 31);
    this.lo = sip.lo;
    this.hi = sip.hi;
  }
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
