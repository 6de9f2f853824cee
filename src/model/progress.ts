/** How far a long piece of work is: whoever does it tells, whoever shows it listens. */

/** What `done` and `total` count; `"wait"` where nothing can be counted and only the time passes. */
export type ProgressUnit = "octets" | "packets" | "findings" | "records" | "files" | "wait";

export interface Progress {
  /** A new stage begins. */
  stage(name: string, unit: ProgressUnit): void;
  /** So much is done, of so much in all (-1 where unknown); packets so far, where they are counted beside. As often as one likes. */
  show(done: number, total: number, packets?: number): void;
}
