/** Delay of copies against their originals, set right for the clocks of the two points as far as these are known (docs/copies.md §6). */
import type { CopyOriginal } from "#model/copy.ts";

export interface Delay {
  /** Microseconds; signed: a copy may be captured before its original. */
  readonly median: number;
  readonly low: number;
  readonly high: number;
  /** How far the copy's clock is ahead; undefined where nothing bounds it from both sides, 0 and 0 at one point. */
  readonly clock: { readonly low: number; readonly high: number } | undefined;
  /** Whether the copy was seen after its original whatever the clocks are within their bounds. */
  readonly order: "after" | "before" | "unknown";
}

export function delayOf(original: CopyOriginal): Delay {
  const { clock, delayMedian, delayLow, delayHigh } = original;
  if (clock === undefined || clock.low === null || clock.high === null || clock.low > clock.high) {
    // Nothing is known of the clocks: what they showed is all there is.
    return { median: delayMedian, low: delayLow, high: delayHigh, clock: undefined, order: "unknown" };
  }
  const middle = (clock.low + clock.high) / 2;
  const order = delayMedian - clock.high > 0 ? "after" : delayMedian - clock.low < 0 ? "before" : "unknown";
  return {
    median: delayMedian - middle,
    low: delayLow - clock.high,
    high: delayHigh - clock.low,
    clock: { low: clock.low, high: clock.high },
    order,
  };
}

/** For people: the interval of delays, what is known of the clocks, and of the order. */
export function delayDetails(original: CopyOriginal): Record<string, string | number> {
  const { low, high, clock, order } = delayOf(original);
  return {
    delayLowMicros: Math.round(low),
    delayHighMicros: Math.round(high),
    ...(clock === undefined
      ? { clocks: "not compared: no packets seen at both points bound their difference" }
      : clock.low === 0 && clock.high === 0
        ? {}
        : { clockAheadLowMicros: Math.round(clock.low), clockAheadHighMicros: Math.round(clock.high) }),
    order,
  };
}
