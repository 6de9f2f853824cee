/** What a declaration's text says and what is wrong in it: costs what its author likes, so the server does this in a bounded thread. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { DeclarationError, parseDeclaration, type DeclarationProblem } from "#declaration/load.ts";
import type { Declaration as Checked } from "#declaration/types.ts";
import type { DeclarationCheck, DeclarationFunction, Problem } from "#serve/api/types.ts";
import { placeOf } from "./places.ts";
import { openDeclaration } from "./withheld.ts";

/** In the case folder: what people wrote and saved. */
export const DECLARATION_FILE = "network.yaml";
/** Functions listed beside the text; the text holds all. */
const MAX_FUNCTIONS = 20_000;

export interface DeclarationReading {
  /** The text as this reader may see it. */
  readonly open: string;
  /** `observed` of a function is not known here. */
  readonly check: DeclarationCheck;
}

/** Who is not cleared gets places in the text as he sees it, without what is lawful. */
export function readDeclaration(text: string, cleared: boolean): DeclarationReading {
  const open = cleared ? text : openDeclaration(text);
  const whole = check(text);
  if (open === text) return { open, check: whole };
  const visible = check(open);
  if (whole.ok || !visible.ok) return { open, check: { ...visible, ok: whole.ok && visible.ok, sha256: whole.sha256 } };
  const withheld: Problem = {
    severity: "error",
    line: 0,
    column: 0,
    field: "",
    message: "it does not go together with the part that only the role li-cleared sees",
  };
  return { open, check: { ...visible, ok: false, sha256: null, problems: [...visible.problems, withheld] } };
}

function check(text: string): DeclarationCheck {
  try {
    const loaded = parseDeclaration(text, DECLARATION_FILE);
    return {
      ok: true,
      sha256: loaded.sha256,
      problems: loaded.warnings.map((p) => problem("warning", p)),
      functions: functionsOf(loaded.declaration, linesOf(text)),
    };
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    return { ok: false, sha256: null, problems: error.problems.map((p) => problem("error", p)), functions: [] };
  }
}

function problem(severity: Problem["severity"], p: DeclarationProblem): Problem {
  return { severity, line: p.line, column: p.column, field: p.field, message: p.message };
}

function functionsOf(d: Checked, lines: readonly number[]): DeclarationFunction[] {
  return d.functions.slice(0, MAX_FUNCTIONS).map((f, index) => ({
    index,
    name: f.name,
    roles: [...f.roles],
    vendor: f.vendor,
    site: f.site,
    addresses: [...f.addresses],
    line: lines[index] ?? 0,
    observed: false,
    tier: placeOf(f.roles).tier,
  }));
}

/** Line of each entry of `functions`, 1-based. */
function linesOf(text: string): number[] {
  const lines = new LineCounter();
  const root = parseDocument(text, { lineCounter: lines, version: "1.2", prettyErrors: false }).contents;
  if (!isMap(root)) return [];
  const list = root.items.find((pair) => isScalar(pair.key) && pair.key.value === "functions")?.value;
  if (!isSeq(list)) return [];
  return list.items.map((item) => {
    const at = (item as { range?: [number, number, number] | null }).range?.[0];
    return at === undefined ? 0 : lines.linePos(at).line;
  });
}
