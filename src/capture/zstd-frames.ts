/**
 * Finds where zstd frames end (RFC 8878 §3.1), without decompressing: Node's decompressor stops after the first frame, while
 * `cat a.zst b.zst`, pzstd and rotating writers make files of several.
 */
const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;

/** What the octets up to a point are. */
export type Piece = "frame" | "skippable" | "garbage";

export class ZstdFrames {
  /** Octets of the current header that were seen so far (at most 14: magic 4, descriptor 1, window 1, dictionary 4, …). */
  readonly #header = new Uint8Array(18);
  #have = 0;
  #need = 4;
  #state: "magic" | "descriptor" | "rest" | "block" | "content" | "checksum" | "skip-size" | "skip" | "garbage" = "magic";
  #last = false;
  #checksum = false;
  #left = 0;

  /** True between frames: a stream may end here. */
  get atBoundary(): boolean {
    return this.#state === "magic" && this.#have === 0;
  }

  /** What the next octets belong to; a fresh magic number is still undecided and counts as a frame. */
  get piece(): Piece {
    if (this.#state === "garbage") return "garbage";
    return this.#state === "skip" || this.#state === "skip-size" ? "skippable" : "frame";
  }

  /** How many octets of `b` from `at` still belong to the current frame; less than all of them where it ends there. */
  take(b: Uint8Array, at: number): number {
    let p = at;
    while (p < b.length) {
      if (this.#state === "garbage") return b.length - at;
      if (this.#state === "content" || this.#state === "skip" || this.#state === "checksum") {
        const count = Math.min(this.#left, b.length - p);
        p += count;
        this.#left -= count;
        if (this.#left > 0) break;
        if (this.#afterContent()) return p - at;
        continue;
      }
      this.#header[this.#have++] = b[p++]!;
      if (this.#have === this.#need && this.#header4()) return p - at;
    }
    return b.length - at;
  }

  #expect(state: "magic" | "descriptor" | "rest" | "block" | "skip-size", need: number): void {
    this.#state = state;
    this.#need = need;
    this.#have = 0;
  }

  #countDown(state: "content" | "skip" | "checksum", octets: number): boolean {
    this.#state = state;
    this.#left = octets;
    return octets === 0 && this.#afterContent();
  }

  /** True where the frame has ended. */
  #afterContent(): boolean {
    if (this.#state === "content" && !this.#last) {
      this.#expect("block", 3);
      return false;
    }
    if (this.#state === "content" && this.#checksum) return this.#countDown("checksum", 4);
    this.#expect("magic", 4);
    return true;
  }

  /** A header field is complete; true where the frame has ended with it. */
  #header4(): boolean {
    const h = this.#header;
    const word = (h[0]! | (h[1]! << 8) | (h[2]! << 16) | (h[3]! << 24)) >>> 0;
    switch (this.#state) {
      case "magic":
        if (word === MAGIC) this.#expect("descriptor", 1);
        else if ((word & 0xfffffff0) >>> 0 === SKIPPABLE) this.#expect("skip-size", 4);
        else this.#state = "garbage";
        return false;
      case "skip-size":
        return this.#countDown("skip", word);
      case "descriptor": {
        const descriptor = h[0]!;
        const single = (descriptor & 0x20) !== 0;
        this.#checksum = (descriptor & 0x04) !== 0;
        const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
        const rest = (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]! + contentSize;
        if (rest === 0) this.#expect("block", 3);
        else this.#expect("rest", rest);
        return false;
      }
      case "rest":
        this.#expect("block", 3);
        return false;
      default: {
        const block = h[0]! | (h[1]! << 8) | (h[2]! << 16);
        this.#last = (block & 1) !== 0;
        // Type 1 repeats one octet.
        return this.#countDown("content", ((block >> 1) & 3) === 1 ? 1 : block >> 3);
      }
    }
  }
}
