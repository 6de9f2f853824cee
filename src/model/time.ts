/**
 * A point in time as the capture states it.
 *
 * Epoch nanoseconds do not fit a double, so seconds and nanoseconds stay apart; `toMicros` gives a double
 * that is exact to a quarter of a microsecond until the year 2255, which is what correlation uses.
 */
export interface Instant {
  /** Whole seconds since 1970-01-01T00:00:00Z; may be negative. */
  readonly sec: number;
  /** 0 … 999,999,999. */
  readonly nsec: number;
}

/** Microseconds since the epoch as a double (resolution 0.25 µs). */
export function toMicros(t: Instant): number {
  return t.sec * 1e6 + t.nsec / 1e3;
}

/** Seconds since the epoch at which the years 1 and 10000 begin. */
const YEAR_1 = -62_135_596_800;
const YEAR_10000 = 253_402_300_800;

/** RFC 3339, always UTC, always nine decimals: `2026-01-01T00:00:00.000000000Z` (`contract.md` §4). */
export function toRfc3339(t: Instant): string {
  if (!Number.isFinite(t.sec)) return "1970-01-01T00:00:00.000000000Z";
  // RFC 3339 has four digits for the year: what a broken clock puts outside them stands at their end.
  if (t.sec < YEAR_1) return "0001-01-01T00:00:00.000000000Z";
  if (t.sec >= YEAR_10000) return "9999-12-31T23:59:59.999999999Z";
  const ms = t.sec * 1000;
  return `${new Date(ms).toISOString().slice(0, 19)}.${String(t.nsec).padStart(9, "0")}Z`;
}

/** Negative when `a` is earlier than `b`, positive when later, 0 when equal. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.sec - b.sec || a.nsec - b.nsec;
}

/** From microseconds since the epoch; the inverse of `toMicros` within its resolution. */
export function fromMicros(micros: number): Instant {
  const sec = Math.floor(micros / 1e6);
  return { sec, nsec: Math.min(999_999_999, Math.max(0, Math.round((micros - sec * 1e6) * 1e3))) };
}

/**
 * RFC 3339 of microseconds since the epoch, as `toMicros` gives them. The digits below a microsecond are zeros: of a capture with
 * nanoseconds the double does not have them, and digits that are not known are not printed.
 */
export function microsToRfc3339(micros: number): string {
  const whole = Math.floor(micros);
  const sec = Math.floor(whole / 1e6);
  return toRfc3339({ sec, nsec: (whole - sec * 1e6) * 1e3 });
}
