/** What is appended to a log: checked and spelled before anything is written. */
import { hash } from "node:crypto";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";

export const LOG_LIMITS = {
  /** Octets of one record's canonical JSON. */
  record: 32 << 20,
  /** Records of one batch. */
  batch: 1_000_000,
} as const;

export interface LogItem {
  /** Lower-case words with hyphens: `finding`, `coverage`, `custody`, … */
  readonly type: string;
  /** Any JSON object; its own `type`, if it has one, must be the same. */
  readonly record: object;
}

export interface CheckedItem {
  readonly type: string;
  readonly text: string;
  readonly record: string;
}

/** Throws `record-invalid`. */
export function checked({ type, record }: LogItem): CheckedItem {
  const bad = (why: string): EvidenceError => new EvidenceError("record-invalid", `record of type ${type}: ${why}`);
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(type)) throw new EvidenceError("record-invalid", "a record's type is lower-case words with hyphens");
  const own = (record as { readonly type?: unknown }).type;
  if (own !== undefined && own !== type) throw bad("states another type itself");
  let text: string;
  try {
    refuseInexact(record);
    text = canonicalJson({ ...record, type });
  } catch (error) {
    throw bad(error instanceof Error ? error.message : "cannot be written");
  }
  if (text.length > LOG_LIMITS.record) throw bad(`longer than ${LOG_LIMITS.record} octets`);
  return { type, text, record: hash("sha256", text, "hex") };
}

/** `method.md` §5.8: above 2^53 a number is a string, because readers disagree about such numbers. */
function refuseInexact(value: unknown): void {
  if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
    throw new RangeError(`the number ${value} is above 2^53: write it as a string`);
  }
  if (typeof value === "object" && value !== null) for (const member of Object.values(value)) refuseInexact(member);
}
