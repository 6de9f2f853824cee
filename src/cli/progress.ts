import type { Writable } from "node:stream";

const WIDTH = 24;

/**
 * One line on a terminal that says how far the reading is; nothing where there is no terminal. With `TAPPROOF_PROGRESS=json` a JSON line
 * each time instead, for a program that started this one (`serve`).
 */
export class ProgressLine {
  private readonly out: Writable;
  private readonly active: boolean;
  private readonly lines: boolean;
  private shown = false;

  constructor(out: Writable, env: Readonly<Record<string, string | undefined>>) {
    this.out = out;
    this.lines = env["TAPPROOF_PROGRESS"] === "json";
    this.active = (out as { isTTY?: boolean }).isTTY === true && env["TERM"] !== "dumb";
  }

  /** Octets read, octets in all (-1 where unknown), packets so far. */
  show(done: number, total: number, packets: number): void {
    if (this.lines) this.out.write(`${JSON.stringify({ done, total, packets })}\n`);
    if (!this.active || this.lines) return;
    this.shown = true;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * WIDTH);
    const bar =
      total > 0 ? `${"━".repeat(filled)}${"╌".repeat(WIDTH - filled)} ${String(Math.floor(share * 100)).padStart(3)} %` : "reading";
    this.out.write(`\r\u001b[K${bar}  ${packets.toLocaleString("en-GB")} packets`);
  }

  clear(): void {
    if (this.shown) this.out.write("\r\u001b[K");
  }
}
