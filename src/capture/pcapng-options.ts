/** Options of pcapng blocks (draft-ietf-opsawg-pcapng §3.5): code 2 | length 2 | value, padded to 4; code 0 ends the list. */
import { limits } from "./limits.ts";

/** Codes that mean the same in every block. */
const END = 0;
const COMMENT = 1;

const decoder = new TextDecoder("utf-8");

/** UTF-8 of at most `limits.textBytes` octets; control characters, which could forge lines of a terminal, become U+FFFD. */
export function textOf(b: Uint8Array, at: number, length: number): string {
  const shown = decoder.decode(b.subarray(at, at + Math.min(length, limits.textBytes)));
  // eslint-disable-next-line no-control-regex
  return shown.replace(/\0+$/, "").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "\ufffd");
}

/**
 * Walks the options in `[at, end)`, and calls `seen` with code, offset and length of each. False where a length lies.
 * A list may end without the end option where the block ends.
 */
export function eachOption(
  view: DataView,
  at: number,
  end: number,
  little: boolean,
  seen: (code: number, at: number, length: number) => void,
): boolean {
  let p = at;
  while (p + 4 <= end) {
    const code = view.getUint16(p, little);
    const length = view.getUint16(p + 2, little);
    if (code === END) return true;
    if (p + 4 + length > end) return false;
    seen(code, p + 4, length);
    p += 4 + ((length + 3) & ~3);
  }
  return p >= end;
}

export function isComment(code: number): boolean {
  return code === COMMENT;
}

/** Time units of an interface: `if_tsresol` (§4.2) and `if_tsoffset`. */
export interface TimeScale {
  /** Units a second, where they fit 32 bits with room for one more second; else 0 and `exact` counts. */
  readonly units: number;
  readonly exact: bigint;
  /** Whole seconds to add. */
  readonly offset: number;
  /** Nanoseconds are `rest * factor / divisor`: 1e9 / units in lowest terms, so that the product stays exact in a double. */
  readonly factor: number;
  readonly divisor: number;
}

/** `resolution` as in the option: bit 7 clear: 10^-n, set: 2^-n. */
export function timeScale(resolution: number, offset: number): TimeScale {
  const exponent = resolution & 0x7f;
  const exact = (resolution & 0x80) !== 0 ? 2n ** BigInt(exponent) : 10n ** BigInt(exponent);
  const units = exact <= 1n << 30n ? Number(exact) : 0;
  const common = units === 0 ? 1 : greatestCommonDivisor(1e9, units);
  return { units, exact, offset, factor: 1e9 / common, divisor: units / common };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Result of `splitTime`: the last time stamp taken apart. One object, so that a packet allocates nothing. */
export const split = { sec: 0, nsec: 0 };

/**
 * Takes a 64-bit count of units apart into seconds and nanoseconds, exactly.
 *
 * The count does not fit a double. The quotient does, within one; the remainder follows from the low 32 bits alone, because it
 * is smaller than they can hold.
 */
export function splitTime(high: number, low: number, scale: TimeScale): void {
  const units = scale.units;
  if (units === 0) {
    const count = (BigInt(high) << 32n) | BigInt(low);
    split.sec = Number(count / scale.exact) + scale.offset;
    split.nsec = Number(((count % scale.exact) * 1_000_000_000n) / scale.exact);
    return;
  }
  let seconds = Math.floor((high * 4294967296 + low) / units);
  // With few units a second the quotient itself exceeds 2^53; such a time is nonsense, but must not break the arithmetic.
  let rest = (low - Math.imul((seconds % 4294967296) | 0, units)) | 0;
  if (rest < 0) {
    rest += units;
    seconds--;
  } else if (rest >= units) {
    rest -= units;
    seconds++;
  }
  split.sec = seconds + scale.offset;
  split.nsec = rest < 0 || rest >= units ? 0 : Math.floor((rest * scale.factor) / scale.divisor);
}
