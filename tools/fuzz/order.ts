/** What goes between the thread that fuzzes and the one that watches it. */

/** Octets before the input at hand: its length, and how many were tried. */
export const HEAD = 8;

export interface FuzzOrder {
  readonly target: string;
  readonly seconds: number;
  readonly seed: number;
  /** Beside the corpus, what the lab's and the committed captures hold. */
  readonly seeds: boolean;
  /** Module with a `target` instead of a named one; for the fuzzer's own test. */
  readonly module?: string;
  /** Faults after which it is left; default 5. */
  readonly until?: number;
  /** Milliseconds of CPU after which an input hangs; default 30,000. */
  readonly hangMs?: number;
  /** Length of the input at hand, then how many were tried; then the input's octets. */
  readonly shared: SharedArrayBuffer;
}

export interface FuzzFault {
  readonly why: string;
  readonly input: Uint8Array;
}

export interface FuzzDone {
  readonly tried: number;
  readonly covered: number;
  readonly corpus: readonly Uint8Array[];
  readonly faults: readonly FuzzFault[];
}
