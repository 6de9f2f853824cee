/**
 * Custody: who did what with a case, and on which basis; and how each capture came into it (`method.md` §5.10, §6). Both are records of the case's
 * log, so nothing can be taken back or slipped in without the log's heads telling.
 *
 *   custody   {"action","at","basis":{"authority","law","purpose"},"by","note","schema","type"}
 *   intake    {"at","by","capture","drops","from","handOver","method","note","place","schema","tool","type"}
 *
 * `at` is claimed: the clock of whoever wrote it. What bounds it from above is the witnessed head that holds the entry (`CaseLog.witnessedAt`).
 *
 * For colleagues: `addCustody(log, {...})`, `addIntake(log, {...})`, `custodyOf(log)`. Free text is refused where it looks like a subscriber's
 * identity: warrants' contents and identities are never in a case.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import type { Appended, CaseLog } from "#evidence/log/case-log.ts";

export const CUSTODY_SCHEMA = "tapproof/custody/1";
export const INTAKE_SCHEMA = "tapproof/intake/1";

export const CUSTODY_ACTIONS = [
  "opened",
  "scanned",
  "read",
  "showed-identities",
  "exported",
  "made-bundle",
  "opened-commitment",
  "handed-over",
  "received",
  "copied",
  "sent-to-accused",
  "received-reply",
  "published",
  "closed",
  "deleted",
  "other",
] as const;
export type CustodyAction = (typeof CUSTODY_ACTIONS)[number];

export interface Basis {
  /** Statute, article, contract clause. */
  readonly law: string | null;
  /** Who may order or allow it. */
  readonly authority: string | null;
  readonly purpose: string;
}

export interface CustodyEntry {
  /** RFC 3339, UTC. Claimed. */
  readonly at: string;
  /** Person or office. */
  readonly by: string;
  readonly action: CustodyAction;
  readonly basis: Basis;
  readonly note: string | null;
}

export const TAP_METHODS = ["tap", "span", "broker", "host", "file", "unknown"] as const;
export type TapMethod = (typeof TAP_METHODS)[number];

export interface Intake {
  readonly at: string;
  readonly by: string;
  /** SHA-256 (hex) of the capture at hand-over. */
  readonly capture: string;
  /** Where it was captured: site, link, port. */
  readonly place: string;
  readonly method: TapMethod;
  /** What captured it: product and version. */
  readonly tool: string;
  /** Packets that the capturing side says it lost; null: it does not say. */
  readonly drops: number | null;
  /** Who handed it over; null: captured by whoever takes it in. */
  readonly from: string | null;
  readonly note: string | null;
}

export interface CustodyLine {
  readonly index: number;
  readonly type: "custody" | "intake";
  readonly value: CustodyEntry | Intake;
  /** Seconds since the epoch: sealed (witnessed) not later than this; undefined while pending. */
  readonly witnessedAt: number | undefined;
}

/** Longest free text, characters. */
const MAX_TEXT = 2000;

/** Without a basis the one of the entry before is taken; a case whose basis nobody stated refuses (`record-invalid`). */
export function addCustody(log: CaseLog, entry: Omit<CustodyEntry, "basis"> & { readonly basis: Basis | null }): Appended {
  const basis = entry.basis ?? lastBasis(log);
  if (basis === null) {
    throw new EvidenceError(
      "record-invalid",
      "custody: no basis was stated for this case yet: name its purpose (--purpose), and law (--law) and authority (--authority) where there are",
    );
  }
  const record = {
    schema: CUSTODY_SCHEMA,
    at: instant(entry.at),
    by: text("by", entry.by),
    action: entry.action,
    basis: { law: optional("law", basis.law), authority: optional("authority", basis.authority), purpose: text("purpose", basis.purpose) },
    note: optional("note", entry.note),
  };
  if (!CUSTODY_ACTIONS.includes(record.action))
    throw new EvidenceError("record-invalid", `custody: ${String(record.action)} is not an action`);
  return log.append("custody", record);
}

export function addIntake(log: CaseLog, intake: Intake): Appended {
  if (!/^[0-9a-f]{64}$/.test(intake.capture))
    throw new EvidenceError("record-invalid", "intake: a capture is named by its SHA-256, 64 hex digits");
  if (intake.drops !== null && !(Number.isSafeInteger(intake.drops) && intake.drops >= 0)) {
    throw new EvidenceError("record-invalid", "intake: drops is a count, or null where it is not known");
  }
  if (!TAP_METHODS.includes(intake.method))
    throw new EvidenceError("record-invalid", `intake: ${String(intake.method)} is not a tap method`);
  return log.append("intake", {
    schema: INTAKE_SCHEMA,
    at: instant(intake.at),
    by: text("by", intake.by),
    capture: intake.capture,
    place: text("place", intake.place),
    method: intake.method,
    tool: text("tool", intake.tool),
    drops: intake.drops,
    from: optional("from", intake.from),
    note: optional("note", intake.note),
  });
}

/** Everything, in the log's order. */
export function custodyOf(log: CaseLog): CustodyLine[] {
  const sealed = log.sealed().filter((head) => head.witnessedAt !== undefined);
  const lines: CustodyLine[] = [];
  for (const entry of log.records()) {
    if (entry.type !== "custody" && entry.type !== "intake") continue;
    const { index, type, value } = entry;
    const witnessedAt = sealed.find((head) => head.checkpoint.size > index)?.witnessedAt;
    lines.push({ index, type, value: value as unknown as CustodyEntry | Intake, witnessedAt });
  }
  return lines;
}

function lastBasis(log: CaseLog): Basis | null {
  const value = log.last("custody")?.value["basis"];
  return typeof value === "object" && value !== null ? (value as Basis) : null;
}

function instant(at: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(at) || !Number.isFinite(Date.parse(at))) {
    throw new EvidenceError("record-invalid", "custody: a time is RFC 3339 in UTC, as in 2026-01-01T00:00:00Z");
  }
  return at;
}

function optional(what: string, value: string | null): string | null {
  return value === null ? null : text(what, value);
}

function text(what: string, value: string): string {
  const trimmed = value.trim();
  if (trimmed === "" || trimmed.length > MAX_TEXT)
    throw new EvidenceError("record-invalid", `custody: ${what} is empty, or longer than ${MAX_TEXT} characters`);
  const found = identityIn(trimmed);
  if (found !== null) {
    throw new EvidenceError(
      "identity-refused",
      `custody: ${what} holds what looks like ${found}; a case holds no identities and nothing of a warrant: write who acted and why, not about whom`,
    );
  }
  return trimmed;
}

/**
 * What a text looks like that names a subscriber: an identity with its scheme; ten digits and more in a row; a number in international form. Null: none.
 * A hash or a date is none.
 */
export function identityIn(text: string): string | null {
  // Digits of other scripts are digits, full-width ones too, and characters that nobody sees part nothing.
  const value = text
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/\p{Nd}/gu, digitOf);
  if (/\b(imsi|msisdn|imei|imeisv|supi|gpsi|suci|nai|liid)\s*[:=-]\s*\S/i.test(value)) return "an identity with its scheme";
  if (/\b(sips?|tel):[^\s]/i.test(value)) return "a SIP or telephone address";
  if (/(?<![0-9A-Za-z])[0-9]{10,}(?![0-9A-Za-z])/.test(value)) return "a number of a subscriber (ten digits or more)";
  if (/\+[0-9](?:[ .()-]{0,2}[0-9]){8,}/.test(value)) return "a telephone number";
  return null;
}

/** Decimal digits stand in runs of ten (Unicode, property Nd): the value is the distance to the run's beginning. */
function digitOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return character;
  let first = code;
  while (code - first < 9 && /\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--;
  return String((code - first) % 10);
}
