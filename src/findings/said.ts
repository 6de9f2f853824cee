/** Statements as the findings document has them: the English, and beside it the code and the values that any language is rendered from. */
import type { ArithmeticStep, Explanation, Premise } from "#model/finding.ts";
import type { Statement } from "#model/statement.ts";
import { say } from "#words/say.ts";
import type { ExplanationRecord, FindingRecord, PremiseRecord, StatementValues, StepRecord } from "./document.ts";

export interface CodeAndValues {
  readonly code?: string;
  readonly values?: StatementValues;
}

export function english(said: Statement): string {
  return say(said, "en");
}

export function codeOf(said: Statement): CodeAndValues {
  return Object.keys(said.values).length === 0 ? { code: said.code } : { code: said.code, values: said.values };
}

/** A summary that counts what the finding counts, after others were merged into it. */
export function counted(summary: Statement, subscribers: number, packets: number): Statement {
  const { values } = summary;
  return {
    code: summary.code,
    values: {
      ...values,
      ...(typeof values["subscribers"] === "number" ? { subscribers } : {}),
      ...(typeof values["packets"] === "number" ? { packets } : {}),
    },
  };
}

export function summaryRecord(summary: Statement): {
  readonly summary: string;
  readonly summaryCode?: string;
  readonly values?: StatementValues;
} {
  const { code, values } = codeOf(summary);
  return {
    summary: english(summary),
    ...(code === undefined ? {} : { summaryCode: code }),
    ...(values === undefined ? {} : { values }),
  };
}

export function premiseRecord({ id, statement, status }: Premise): PremiseRecord {
  return { id, statement: english(statement), status, ...codeOf(statement) };
}

export function explanationRecord({ explanation, status, because }: Explanation): ExplanationRecord {
  return { explanation: english(explanation), status, because: english(because), ...codes(explanation, because) };
}

export function stepRecord({ label, bits, because }: ArithmeticStep): StepRecord {
  return { label: english(label), bits, because: english(because), ...codes(label, because) };
}

/** A line of its own: `coverage.notSeenCodes`. */
export function codedLine({ code, values }: Statement): { readonly code: string; readonly values?: StatementValues } {
  return Object.keys(values).length === 0 ? { code } : { code, values };
}

export function whyRecord(why: Statement): { readonly why: string } & CodeAndValues {
  return { why: english(why), ...codeOf(why) };
}

function codes(what: Statement, because: Statement): Pick<ExplanationRecord, "code" | "becauseCode" | "becauseValues"> {
  const { code } = codeOf(what);
  const { code: becauseCode, values: becauseValues } = codeOf(because);
  return {
    ...(code === undefined ? {} : { code }),
    ...(becauseCode === undefined ? {} : { becauseCode }),
    ...(becauseValues === undefined ? {} : { becauseValues }),
  };
}

type SummaryPart = Pick<FindingRecord, "summary" | "summaryCode" | "values">;

/** The sentence of a record, and what other languages render it from. */
export function saidOf({ summary, summaryCode, values }: SummaryPart): SummaryPart {
  return { summary, ...(summaryCode === undefined ? {} : { summaryCode }), ...(values === undefined ? {} : { values }) };
}
