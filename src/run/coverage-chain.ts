/**
 * Coverage statements of a watch (`method.md` §5.2): every minute one that names the hash of the one before, so that a statement left out
 * leaves a hole that anybody can see.
 */
import { hash } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { FindingsDocument } from "#findings/document.ts";

export const COVERAGE_WORD_SCHEMA = "tapproof/watch-coverage/1";

export interface CoverageWord {
  readonly schema: typeof COVERAGE_WORD_SCHEMA;
  /** From 0, without holes. */
  readonly sequence: number;
  /** SHA-256 (hex) of the canonical JSON of the statement before; null for the first. */
  readonly previous: string | null;
  /** RFC 3339; a statement begins where the one before ended. */
  readonly from: string;
  readonly to: string;
  readonly points: readonly {
    readonly name: string;
    readonly packets: number;
    readonly bytes: number;
    /** Packets lost before they could be read, and user packets that a sample left out. */
    readonly drops: number;
    readonly shed: number;
    readonly ended: boolean;
  }[];
  readonly findings: number;
  readonly undecided: number;
  readonly coveredInterceptions: number;
  /** Packets with malformed headers, frames cut: what could not be read whole. */
  readonly undecoded: number;
}

interface Present {
  readonly document: FindingsDocument;
  readonly points: CoverageWord["points"];
}

export class CoverageChain {
  private readonly everyMs: number;
  private readonly now: () => number;
  private from: number;
  private sequence = 0;
  private previous: string | null = null;

  constructor(everyMs: number, now: () => number = Date.now) {
    this.everyMs = everyMs;
    this.now = now;
    this.from = now();
  }

  /** The next statement, where one is due (or `last`). */
  due(last: boolean, present: () => Present): CoverageWord | undefined {
    const to = this.now();
    if (!last && to - this.from < this.everyMs) return undefined;
    const { document, points } = present();
    const word: CoverageWord = {
      schema: COVERAGE_WORD_SCHEMA,
      sequence: this.sequence++,
      previous: this.previous,
      from: new Date(this.from).toISOString(),
      to: new Date(to).toISOString(),
      points: points.map(({ name, packets, bytes, drops, shed, ended }) => ({ name, packets, bytes, drops, shed, ended })),
      findings: document.findings.length,
      undecided: document.coverage.undecided.length,
      coveredInterceptions: document.coverage.coveredInterceptions,
      undecoded: document.captures.reduce((sum, { truncated, malformed }) => sum + truncated + malformed, 0),
    };
    this.previous = hash("sha256", canonicalJson(word), "hex");
    this.from = to;
    return word;
  }
}
