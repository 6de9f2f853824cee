import type { Writable } from "node:stream";

/** Characters collected before they are written: a write for every line would cost more than the decoding. */
const CHUNK = 64 * 1024;

/** Collects lines and writes them in large pieces; a reader that goes away (`| head`) ends the output, not the program. */
export class LineWriter {
  /** The reader has gone: nothing more need be produced. */
  closed = false;
  private readonly out: Writable;
  private pieces: string[] = [];
  private length = 0;

  constructor(out: Writable) {
    this.out = out;
    out.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
      this.closed = true;
    });
  }

  add(line: string): void {
    if (this.closed) return;
    this.pieces.push(line);
    this.length += line.length;
  }

  /** Enough has been collected for a write. */
  get full(): boolean {
    return this.length >= CHUNK;
  }

  /** Writes what was collected; resolves when the stream takes more. */
  async flush(): Promise<void> {
    if (this.closed || this.length === 0) return;
    const text = this.pieces.join("");
    this.pieces = [];
    this.length = 0;
    await new Promise<void>((resolve) => {
      this.out.write(text, () => resolve());
    });
  }
}
