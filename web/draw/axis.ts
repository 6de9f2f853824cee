/** Ticks of time axes that never overprint: as many round instants as have room for their names, measured before they are drawn. */
import type { Language } from "#words/words.ts";
import { widthOf } from "./text.ts";

const SECOND = 1000;
const DAY = 86_400 * SECOND;
/** Round spans in milliseconds, below those of a calendar. */
const STEPS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600,
  43_200, 86_400, 172_800, 604_800,
].map((s) => s * SECOND);
/** Then months; the last are 1,000 years. */
const MONTHS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000];

/** Names beyond so many are never wanted on one axis. */
const MOST = 60;
/** Pixels between two names. */
const APART = 14;

export interface Tick {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Pixel of the instant itself. */
  readonly x: number;
  /** Middle of its name: beside the instant at an end of the axis, so that the name stays inside. */
  readonly nameX: number;
  readonly name: string;
}

/** Where the axis runs, in pixels of the drawing; names stay between `left` and `right`. */
export interface Room {
  readonly from: number;
  readonly to: number;
  readonly left: number;
  readonly right: number;
  /** Pixels of the type. */
  readonly size: number;
}

/** Round instants between two (milliseconds since the epoch, UTC), as many as have room for their names. */
export function timeTicks(from: number, to: number, room: Room, language: Language): Tick[] {
  const span = Math.max(1, to - from);
  const x = (at: number) => room.from + ((at - from) / span) * (room.to - room.from);
  for (const instants of rounds(from, from + span)) {
    const { step, at } = instants;
    const ticks: Tick[] = [];
    let end = -Infinity;
    let fits = true;
    for (const [i, t] of at.entries()) {
      const name = nameOf(
        t,
        step,
        i === 0 || new Date(t).getUTCFullYear() !== new Date(at[i - 1] as number).getUTCFullYear(),
        span,
        language,
      );
      const half = widthOf(name, room.size) / 2;
      const nameX = Math.min(room.right - half, Math.max(room.left + half, x(t)));
      if (nameX - half < end + (i === 0 ? 0 : APART) || nameX - half < room.left - 0.5) {
        fits = false;
        break;
      }
      end = nameX + half;
      ticks.push({ at: t, x: x(t), nameX, name });
    }
    if (fits && ticks.length > 0) return ticks;
  }
  return [];
}

/** Sets of round instants, the finest first. */
function* rounds(from: number, to: number): Generator<{ readonly step: number; readonly at: readonly number[] }> {
  for (const step of STEPS) {
    if ((to - from) / step > MOST) continue;
    const at: number[] = [];
    for (let t = Math.ceil(from / step) * step; t <= to; t += step) at.push(t);
    yield { step, at };
  }
  const first = new Date(from);
  for (const months of MONTHS) {
    const step = months * 30 * DAY;
    if ((to - from) / step > MOST) continue;
    const at: number[] = [];
    for (let m = Math.floor((first.getUTCFullYear() * 12 + first.getUTCMonth()) / months) * months; ; m += months) {
      const t = Date.UTC(Math.floor(m / 12), m % 12, 1);
      if (Number.isNaN(t) || t > to) break;
      if (t >= from) at.push(t);
    }
    yield { step, at };
  }
  // a span without a round instant (or no room for two): its beginning alone
  yield { step: to - from < DAY ? 1 : DAY, at: [from] };
}

const formats = new Map<string, Intl.DateTimeFormat>();
function format(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat(language === "fr" ? "fr-FR" : "en-GB", { timeZone: "UTC", ...options });
  formats.set(key, made);
  return made;
}

/** A clock within a day, the day where one begins, months and years where these are the steps. */
function nameOf(t: number, step: number, newYear: boolean, span: number, language: Language): string {
  const at = new Date(t);
  if (Number.isNaN(at.getTime())) return "";
  if (step >= 360 * DAY) return format(language, { year: "numeric" }).format(at);
  if (step >= 28 * DAY) return format(language, newYear ? { month: "short", year: "numeric" } : { month: "short" }).format(at);
  const day =
    newYear && span > 2 * DAY
      ? ({ day: "numeric", month: "short", year: "numeric" } as const)
      : ({ day: "numeric", month: "short" } as const);
  if (step >= DAY || (t % DAY === 0 && span > DAY)) return format(language, day).format(at);
  const clock = { hour: "2-digit", minute: "2-digit", hour12: false } as const;
  if (step >= 60 * SECOND) return format(language, clock).format(at);
  const seconds = format(language, { ...clock, second: "2-digit" }).format(at);
  return step >= SECOND ? seconds : `${seconds}${language === "fr" ? "," : "."}${String(at.getUTCMilliseconds()).padStart(3, "0")}`;
}
