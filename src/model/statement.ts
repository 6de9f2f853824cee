/**
 * What a finding, a gap or a premise says, as a code and its values: languages have their messages by code (`src/words/statements`), and rules ask for
 * codes, never for words. The catalogue below is one record from each code to the kinds of its values, so that the compiler finds a value or a message
 * that is missing.
 */
import { CHANNEL } from "./statements/channel.ts";
import { COPY } from "./statements/copy.ts";
import { COVERAGE } from "./statements/coverage.ts";
import { EXCHANGE } from "./statements/exchange.ts";
import { INTERCEPTION } from "./statements/interception.ts";
import { ORDER } from "./statements/order.ts";
import { PROTECTION } from "./statements/protection.ts";
import { QUERY } from "./statements/query.ts";
import { SHARED } from "./statements/shared.ts";
import { TUNNEL } from "./statements/tunnel.ts";

/**
 * `text`: a name of the wire, or a statement within the statement. `list`: several of them, with commas. `clauses`: several, with semicolons.
 * `word`: one of a few fixed words, by which a message chooses its wording.
 */
export type ValueKind = "number" | "text" | "word" | "list" | "clauses";

export const STATEMENTS = {
  ...SHARED,
  ...COPY,
  ...EXCHANGE,
  ...ORDER,
  ...QUERY,
  ...TUNNEL,
  ...INTERCEPTION,
  ...PROTECTION,
  ...CHANNEL,
  ...COVERAGE,
} as const satisfies Readonly<Record<string, Readonly<Record<string, ValueKind>>>>;

export type StatementCode = keyof typeof STATEMENTS;

export type StatementText = string | Statement;
export type StatementValue = number | StatementText | readonly StatementText[];

export interface Statement {
  readonly code: StatementCode;
  readonly values: Readonly<Record<string, StatementValue>>;
}

type ValueOf<K> = K extends "number" ? number : K extends "text" ? StatementText : K extends "word" ? string : readonly StatementText[];
type ValuesOf<C extends StatementCode> = { readonly [V in keyof (typeof STATEMENTS)[C]]: ValueOf<(typeof STATEMENTS)[C][V]> };

/** A statement, with all the values that its code asks for. */
export function state<C extends StatementCode>(code: C, ...values: keyof ValuesOf<C> extends never ? [] : [ValuesOf<C>]): Statement {
  return { code, values: (values[0] ?? {}) as Statement["values"] };
}

/** Equal for equal statements: a key of maps. */
export function statementKey({ code, values }: Statement): string {
  return JSON.stringify([code, values]);
}

/** Whether a stranger's code and values are a statement of this catalogue: nothing missing, nothing besides, all of the right kind. */
export function isStatement(code: unknown, values: unknown, depth: number = 0): code is StatementCode {
  if (typeof code !== "string" || !Object.hasOwn(STATEMENTS, code) || depth > DEEPEST) return false;
  const kinds: Readonly<Record<string, ValueKind>> = STATEMENTS[code as StatementCode];
  if (typeof values !== "object" || values === null || Array.isArray(values)) return false;
  const given = values as Readonly<Record<string, unknown>>;
  const names = Object.keys(kinds);
  return Object.keys(given).length === names.length && names.every((name) => fits(kinds[name] as ValueKind, given[name], depth));
}

/** A statement within a statement within a statement: none goes deeper. */
const DEEPEST = 4;

function fits(kind: ValueKind, value: unknown, depth: number): boolean {
  switch (kind) {
    case "number":
      return typeof value === "number" && Number.isFinite(value);
    case "word":
      return typeof value === "string";
    case "text":
      return isText(value, depth);
    default:
      return Array.isArray(value) && value.every((one) => isText(one, depth));
  }
}

function isText(value: unknown, depth: number): boolean {
  if (typeof value === "string") return true;
  if (typeof value !== "object" || value === null) return false;
  const { code, values } = value as { readonly code?: unknown; readonly values?: unknown };
  return isStatement(code, values, depth + 1);
}
