import type { TargetIdentifier } from "#model/interception.ts";
import type { Instant } from "#model/time.ts";

export type WarrantScope = "iri" | "cc" | "both";

/**
 * One lawful authority to intercept one target (`contract.md` §3). The most sensitive record of a network: it is held
 * in memory for the run, and neither it nor any part of it goes into a case, a log, a report or an error text.
 */
export interface Warrant {
  readonly id: string;
  readonly target: TargetIdentifier;
  readonly scope: WarrantScope;
  /** Inclusive and exact. */
  readonly from: Instant;
  readonly to: Instant;
  /** Address or prefix of the monitoring facility (LEMF), canonical. */
  readonly receiver: string;
  readonly authority: string;
  readonly liid: string | undefined;
}

/** A problem with a register. Line, column and field, and what is expected: never what stands there. */
export interface RegisterProblem {
  readonly file: string;
  /** 1-based; 0 where the problem is not in the text. */
  readonly line: number;
  readonly column: number;
  /** `[3].target`, or a CSV column's name; empty for the whole file. */
  readonly field: string;
  readonly message: string;
}

export function problemText(p: RegisterProblem): string {
  const where = p.line > 0 ? `${p.file}:${p.line}:${p.column}` : p.file;
  return p.field === "" ? `${where}: ${p.message}` : `${where} ${p.field}: ${p.message}`;
}
