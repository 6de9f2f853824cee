/**
 * How far a command is, on one line of the terminal: a bar, a rate and the time left, from the moment it has taken a second. The same line
 * serves every stage of a command (reading, sealing, replaying), which follow one another:
 *
 *   const progress = new ProgressLine(io.stderr, io.env);
 *   progress.stage("reading", "octets");
 *   progress.show(done, total, packets);          // as often as one likes
 *   await progress.during("printing", print());   // what cannot be counted shows the time that it takes
 *   progress.clear();                             // before anything else is written there
 */
import type { Writable } from "node:stream";
import type { Progress, ProgressUnit } from "#model/progress.ts";

const WIDTH = 20;
/** A stage that ends sooner shows nothing. */
const QUIET_MS = 1000;
/** Between two changes of the line. */
const PACE_MS = 100;
/** The time left is guessed from this much of a stage on. */
const GUESS_FROM_MS = 2000;

interface Options {
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

/** Nothing where there is no terminal. With `TAPPROOF_PROGRESS=json` a JSON line each time instead, for a program that started this one (`serve`). */
export class ProgressLine implements Progress {
  private readonly out: Writable;
  private readonly active: boolean;
  private readonly lines: boolean;
  private readonly now: () => number;
  private name = "reading";
  private unit: ProgressUnit = "octets";
  private began: number;
  private told = Number.NEGATIVE_INFINITY;
  private shown = false;

  constructor(out: Writable, env: Readonly<Record<string, string | undefined>>, { now = () => performance.now() }: Options = {}) {
    this.out = out;
    this.now = now;
    this.began = now();
    this.lines = env["TAPPROOF_PROGRESS"] === "json";
    this.active = (out as { isTTY?: boolean }).isTTY === true && env["TERM"] !== "dumb";
  }

  /** A new stage begins: its rate and its time left are its own. */
  stage(name: string, unit: ProgressUnit): void {
    this.name = name;
    this.unit = unit;
    this.began = this.now();
    this.told = Number.NEGATIVE_INFINITY;
  }

  /** So much is done, of so much in all (-1 where unknown); packets so far, where they are counted beside. */
  show(done: number, total: number, packets?: number): void {
    const now = this.now();
    if (now - this.told < PACE_MS) return;
    if (this.lines) {
      this.told = now;
      this.out.write(`${JSON.stringify({ ...(packets === undefined ? { stage: this.name } : { packets }), done, total })}\n`);
      return;
    }
    // a line that is there goes on with the next stage at once
    if (!this.active || (!this.shown && now - this.began < QUIET_MS)) return;
    this.told = now;
    this.shown = true;
    this.out.write(`\r\u001b[K${this.text(done, total, packets, (now - this.began) / 1000)}`);
  }

  /** Work whose length nobody can tell: the seconds count up while it lasts. */
  async during<T>(name: string, work: Promise<T>): Promise<T> {
    this.stage(name, "wait");
    const timer = setInterval(() => this.show(0, -1), QUIET_MS);
    try {
      return await work;
    } finally {
      clearInterval(timer);
    }
  }

  /** Takes the line away. */
  clear(): void {
    if (this.shown) this.out.write("\r\u001b[K");
    this.shown = false;
  }

  private text(done: number, total: number, packets: number | undefined, seconds: number): string {
    if (this.unit === "wait") return seconds < 1 ? this.name : `${this.name}  ${duration(Math.floor(seconds))}`;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * WIDTH);
    const bar = total > 0 ? `${"━".repeat(filled)}${"╌".repeat(WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %` : "";
    const counted = packets === undefined ? (this.unit === "octets" ? "" : amount(done, this.unit)) : amount(packets, "packets");
    const rated = seconds * 1000 >= QUIET_MS && (this.unit === "octets" || this.unit === "packets");
    const rate = rated ? `${amount(done / seconds, this.unit)}/s` : "";
    const left = share > 0 && seconds * 1000 >= GUESS_FROM_MS ? `${duration((seconds * (1 - share)) / share)} left` : "";
    return [this.name, bar, counted, rate, left].filter((part) => part !== "").join("  ");
  }
}

function amount(n: number, unit: ProgressUnit): string {
  if (unit !== "octets") return `${Math.round(n).toLocaleString("en-GB")} ${unit}`;
  return n >= 1e9 ? `${(n / 1e9).toFixed(1)} GB` : n >= 1e6 ? `${(n / 1e6).toFixed(n < 1e7 ? 1 : 0)} MB` : `${Math.ceil(n / 1e3)} kB`;
}

/** `8 s`, `1:05 min`, `2:07 h`. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  const [large, small, word] =
    whole < 3600 ? [Math.floor(whole / 60), whole % 60, "min"] : [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), "h"];
  return `${large}:${String(small).padStart(2, "0")} ${word}`;
}
