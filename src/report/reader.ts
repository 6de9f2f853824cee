/**
 * What a reader may see of a case's log and bundle: decided here alone, for the page, its API, downloads, reports and exports. Two rights count:
 * clearance for interception (`method.md` §6), and the right to see what a person decided to open (identities, whole packets, pairs).
 */
import type { Declaration } from "#declaration/types.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { bundleAboutInterception, declaresLawful, entryAboutInterception, recordAboutInterception } from "./interception.ts";

export interface Reader {
  readonly liCleared: boolean;
  /** May see identities in clear, and packets as they were captured. */
  readonly identities: boolean;
}

/** The right that a reader lacks; null where nothing is in the way. */
export type Lacking = "li-cleared" | "identities" | null;

export interface LogRecord {
  readonly type: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** Records that carry in clear what the others only commit to. */
const OPENED: ReadonlySet<string> = new Set(["opening", "carved-full", "challenge"]);

/** The line of a record in a list: type, time, a few words. */
export function lineLacking(record: LogRecord, hides: (finding: string) => boolean, reader: Reader): Lacking {
  return !reader.liCleared && entryAboutInterception(record, hides) ? "li-cleared" : null;
}

/** The record itself. */
export function recordLacking(record: LogRecord, hides: (finding: string) => boolean, reader: Reader): Lacking {
  if (!reader.liCleared && recordAboutInterception(record, hides)) return "li-cleared";
  return !reader.identities && OPENED.has(record.type) ? "identities" : null;
}

/** What decides of a case whether its bundle may be handed to a reader. */
export interface BundleOf {
  /** Of the last scan. */
  readonly declaration: Pick<Declaration, "lawful" | "functions"> | null;
  readonly coverage: FindingsDocument["coverage"];
  /** Findings about interception, of those that the case holds. */
  readonly hidden: number;
  readonly log: Iterable<LogRecord>;
}

/**
 * A bundle is signed as a whole, so nothing can be taken out of it for one reader: it counts what was covered, holds the lawful part of the
 * declaration, and says how many warrants the register had. It is closed to the uncleared wherever lawful functions were declared or a register was
 * given: that depends on what the scan was given and not on what it saw, so a refusal tells nothing of what was intercepted.
 */
export function bundleLacking({ declaration, coverage, hidden, log }: BundleOf, reader: Reader): Lacking {
  const records = [...log];
  if (!reader.liCleared) {
    if (hidden > 0 || declaresLawful(declaration) || bundleAboutInterception(coverage, records)) return "li-cleared";
    if (records.some(givesRegister) || records.some(declaresLawfully)) return "li-cleared";
  }
  return !reader.identities && records.some((r) => OPENED.has(r.type)) ? "identities" : null;
}

function givesRegister({ type, value }: LogRecord): boolean {
  return type === "register" && value["given"] === true;
}

/** A declaration of an earlier scan is in the bundle as well. Its shape was checked when it was recorded; what cannot be read is closed. */
function declaresLawfully({ type, value }: LogRecord): boolean {
  const { declaration } = value;
  if (type !== "declaration" || typeof declaration !== "object" || declaration === null) return false;
  try {
    return declaresLawful(declaration as Pick<Declaration, "lawful" | "functions">);
  } catch {
    return true;
  }
}
