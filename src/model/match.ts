/**
 * The numbers behind a score: what a stranger needs to compute `bits` again (docs/copies.md §4), and nothing that tells who or what.
 * All are whole numbers, so that a record can hold them.
 */
export interface MatchTable {
  /** F_a, F_b, T. */
  readonly trials: { readonly flows: number; readonly carriers: number; readonly transforms: number };
  /** n_b, and w. */
  readonly offered: number;
  readonly printBits: number;
  /** The strongest (subscriber, carrier) of the finding. */
  readonly subscriber: {
    /** F_s and the prints of all its flows. */
    readonly flowsOffered: number;
    readonly printsOffered: number;
    readonly flows: readonly MatchFlow[];
  };
}

export interface MatchFlow {
  /** n_a, k; `whole`: of the k, those that agreed in both prints. */
  readonly offered: number;
  readonly matches: number;
  readonly whole: number;
  readonly credits: {
    readonly sequence: number;
    readonly cipher: number;
    readonly random: number;
    readonly dns: number;
    readonly ssrc: number;
    readonly plain: { readonly others: number; readonly holding: number } | null;
  };
}
