/**
 * Finds octets of subscribers in flows that nothing explains, however they were cut anew: windows of subscribers' ciphertext on explained ways are
 * kept; windows of suspects' streams and datagrams (decoded and decompressed, too) are looked up, and kept for originals that come later.
 *
 * Ciphertext after a handshake that was seen is octets that no one else has. Plain content earns no bits (at most 40 less log2 of the trials, docs/copies.md §4): of its beginnings
 * windows are kept with no octet credited, and what agrees is counted where nobody else's flow held it.
 */
import { ContentPrinter, WINDOW } from "./windows.ts";
import { Field, WindowStore } from "./window-store.ts";

/** A window of a suspect that is a window of a subscriber. Reused; valid during the call. */
export interface WindowMatch {
  readonly suspect: { readonly leg: number; readonly frame: number; readonly micros: number };
  readonly original: {
    readonly leg: number;
    readonly flow: number;
    readonly frame: number;
    readonly micros: number;
    /** IP octets of the packet that held it. */
    readonly length: number;
  };
  /** Octets of the window that are ciphertext for certain. */
  readonly octets: number;
  /** Its print: low half, high half. */
  readonly print: number;
  readonly high: number;
}

export interface WindowSink {
  match(found: WindowMatch): void;
}

/**
 * Records of one print in which a leg is looked for. Past it the window counts as new, once more a try at every original: what a thousand legs send alike
 * would else cost each of them the walk past all others.
 */
const LOOKED_AT = 32;

/** Set in `info` of a suspect's record once its original was found. */
const MATCHED = 256;

export const limits = {
  /** Octets taken at one time. */
  chunk: 65_536,
} as const;

export class ContentSearch {
  private readonly printer: ContentPrinter;
  private readonly originals: WindowStore;
  private readonly suspects: WindowStore;
  private readonly sink: WindowSink;
  /** One bit a suspect's window, by its print: most originals need no look-up. */
  private readonly filter = new Int32Array(1 << 14);
  private readonly found = {
    suspect: { leg: 0, frame: 0, micros: 0 },
    original: { leg: 0, flow: 0, frame: 0, micros: 0, length: 0 },
    octets: 0,
    print: 0,
    high: 0,
  };

  /** `key`: of the prints. Budgets in octets. */
  constructor(key: Uint8Array, originalsBudget: number, suspectsBudget: number, sink: WindowSink) {
    this.printer = new ContentPrinter(key);
    this.originals = new WindowStore(originalsBudget);
    this.suspects = new WindowStore(suspectsBudget);
    this.sink = sink;
  }

  get bytes(): number {
    return this.originals.bytes + this.suspects.bytes;
  }
  get horizonMicros(): number {
    return Math.min(this.originals.horizonMicros, this.suspects.horizonMicros);
  }

  /**
   * Ciphertext of a subscriber on an explained way; `header` octets in front may be something else. With `records` such octets may stand
   * anywhere (TLS records in a stream): at most `header` of them in a window. `plain`: no octet of it is anybody's own. Returns the number of windows kept.
   */
  original(
    bytes: Uint8Array,
    start: number,
    end: number,
    header: number,
    records: boolean,
    leg: number,
    flow: number,
    frame: number,
    micros: number,
    length: number,
    plain = false,
  ): number {
    const { printer, suspects, filter } = this;
    const n = printer.select(bytes, start, Math.min(end, start + limits.chunk));
    for (let i = 0; i < n; i++) {
      const at = printer.places[i] as number;
      const inside = records ? header : Math.max(0, header - (at - start));
      if (inside >= WINDOW) continue;
      printer.print(bytes, at);
      const { lo, hi } = printer;
      const kept = this.originals.insert(lo, hi, micros, leg, flow, frame, plain ? 0 : WINDOW - inside, length);
      if (suspects.size === 0 || ((filter[(lo >>> 13) & 0x3fff] as number) & (1 << ((lo >>> 8) & 31))) === 0) continue;
      for (let s = suspects.first(lo, hi); s !== 0; s = suspects.older(s, lo, hi)) {
        const info = suspects.base(s) + Field.INFO;
        // Those behind it were there when it was matched.
        if (((suspects.words[info] as number) & MATCHED) !== 0) break;
        suspects.words[info] = MATCHED;
        this.tell(suspects.base(s), this.originals.base(kept));
      }
    }
    return n;
  }

  /** Octets of a suspect. Returns how many windows were new on this leg: each is a try at every original. */
  suspect(bytes: Uint8Array, start: number, end: number, leg: number, frame: number, micros: number): number {
    const { printer, suspects, originals, filter } = this;
    let fresh = 0;
    for (let from = start; from + WINDOW <= end; from += limits.chunk - WINDOW + 1) {
      const n = printer.select(bytes, from, Math.min(end, from + limits.chunk));
      for (let i = 0; i < n; i++) {
        printer.print(bytes, printer.places[i] as number);
        const { lo, hi } = printer;
        if (this.known(lo, hi, leg)) continue;
        fresh++;
        const kept = suspects.insert(lo, hi, micros, leg, 0, frame, 0, 0);
        const word = (lo >>> 13) & 0x3fff;
        filter[word] = (filter[word] as number) | (1 << ((lo >>> 8) & 31));
        const o = originals.first(lo, hi);
        if (o === 0) continue;
        suspects.words[suspects.base(kept) + Field.INFO] = MATCHED;
        this.tell(suspects.base(kept), originals.base(o));
      }
    }
    return fresh;
  }

  /** Whether a flow that `other` answers for holds the window as well; a walk that was cut short says yes. */
  heldBy(lo: number, hi: number, other: (flow: number) => boolean): boolean {
    const { originals } = this;
    let looked = 0;
    for (let o = originals.first(lo, hi); o !== 0; o = originals.older(o, lo, hi)) {
      if (looked++ >= LOOKED_AT || other(originals.words[originals.base(o) + Field.FLOW] as number)) return true;
    }
    return false;
  }

  private known(lo: number, hi: number, leg: number): boolean {
    const { suspects } = this;
    let looked = 0;
    for (let s = suspects.first(lo, hi); s !== 0 && looked < LOOKED_AT; s = suspects.older(s, lo, hi), looked++) {
      if (suspects.words[suspects.base(s) + Field.LEG] === leg) return true;
    }
    return false;
  }

  private tell(s: number, o: number): void {
    const { found, suspects, originals } = this;
    const sw = suspects.words;
    const ow = originals.words;
    found.suspect.leg = sw[s + Field.LEG] as number;
    found.suspect.frame = sw[s + Field.FRAME] as number;
    found.suspect.micros = suspects.time(s);
    found.original.leg = ow[o + Field.LEG] as number;
    found.original.flow = ow[o + Field.FLOW] as number;
    found.original.frame = ow[o + Field.FRAME] as number;
    found.original.micros = originals.time(o);
    found.original.length = ow[o + Field.LENGTH] as number;
    found.print = sw[s] as number;
    found.high = sw[s + 1] as number;
    found.octets = ow[o + Field.INFO] as number;
    this.sink.match(found);
  }
}

/** The end of a stream's octets so far: windows may lie across segments. */
export class StreamTail {
  private readonly joined = new Uint8Array(2 * (WINDOW - 1));
  private length = 0;

  /** Windows across the border to the next octets, then those inside: each is handed to `take` as octets, start, end. */
  next(bytes: Uint8Array, start: number, end: number, take: (bytes: Uint8Array, start: number, end: number) => void): void {
    const { joined } = this;
    const head = Math.min(WINDOW - 1, end - start);
    joined.set(bytes.subarray(start, start + head), this.length);
    const across = this.length + head;
    if (this.length > 0 && across >= WINDOW) take(joined, 0, across);
    if (end - start >= WINDOW) take(bytes, start, end);
    if (end - start >= WINDOW - 1) {
      joined.set(bytes.subarray(end - (WINDOW - 1), end));
      this.length = WINDOW - 1;
    } else {
      const keep = Math.min(WINDOW - 1, across);
      joined.copyWithin(0, across - keep, across);
      this.length = keep;
    }
  }

  gap(): void {
    this.length = 0;
  }
}
