/** The declaration of a case: what the last scan judged by, what was saved since, and what is wrong in a text, at its place. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { DeclarationError, parseDeclaration, type DeclarationProblem } from "#declaration/load.ts";
import type { Declaration as Checked } from "#declaration/types.ts";
import type { Declaration, DeclarationCheck, DeclarationFunction, Problem } from "#serve/api/types.ts";
import { declarationYaml, draftYaml } from "#serve/cases/declaration-text.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { placeOf } from "#serve/cases/places.ts";
import { openDeclaration, wholeDeclaration } from "#serve/cases/withheld.ts";

/** Where there is nothing to begin from: it can be used as it stands, and explains nothing. */
const TEMPLATE = `network: { name: "name of the network" }
functions: []
services: []
operators: []
grants: []
`;

/** In the case folder: what people wrote and saved. */
export const DECLARATION_FILE = "network.yaml";
/** Functions listed beside the text; the text holds all. */
const MAX_FUNCTIONS = 20_000;

export function declarationOf(of: OpenCase, cleared: boolean): Declaration {
  const { source, text } = textOf(of, cleared);
  return { ...shown(of, text, cleared), source, usedSha256: of.document?.declaration ?? null };
}

export function draftOf(of: OpenCase, text: string, cleared: boolean): Declaration {
  return { ...shown(of, text, cleared), source: "draft", usedSha256: of.document?.declaration ?? null };
}

function textOf(of: OpenCase, cleared: boolean): { readonly source: Declaration["source"]; readonly text: string } {
  const path = join(of.folder.path, DECLARATION_FILE);
  if (existsSync(path)) return { source: "saved", text: readFileSync(path, "utf8") };
  if (of.lookup !== null) return { source: "used", text: declarationYaml(of.lookup.declaration) };
  const tables = of.tablesFor(cleared);
  return tables.roles.length > 0 || tables.flows.length > 0
    ? { source: "draft", text: draftYaml(tables) }
    : { source: "none", text: TEMPLATE };
}

/** What somebody wrote who does not see what is lawful, with that part as the case holds it. */
export function wholeText(of: OpenCase, text: string, mayDeclare: boolean): string {
  return wholeDeclaration(text, textOf(of, false).text, mayDeclare);
}

/** The hash is the whole text's, whoever looks: it says which declaration the case has. */
function shown(of: OpenCase, text: string, cleared: boolean): Pick<Declaration, "text" | "sha256" | "file" | "functions" | "problems"> {
  const open = cleared ? text : openDeclaration(text);
  const check = text === "" ? { sha256: null, problems: [], functions: [] } : checkOf(of, text, cleared);
  return { text: open, sha256: check.sha256, file: DECLARATION_FILE, functions: check.functions, problems: check.problems };
}

/** What is wrong in a text. Who is not cleared gets places in the text as he sees it, without what is lawful. */
export function checkOf(of: OpenCase, text: string, cleared: boolean): DeclarationCheck {
  const open = cleared ? text : openDeclaration(text);
  const whole = check(of, text, cleared);
  if (open === text) return whole;
  const visible = check(of, open, cleared);
  if (whole.ok || !visible.ok) return { ...visible, ok: whole.ok && visible.ok, sha256: whole.sha256 };
  const withheld: Problem = {
    severity: "error",
    line: 0,
    column: 0,
    field: "",
    message: "it does not go together with the part that only the role li-cleared sees",
  };
  return { ...visible, ok: false, sha256: null, problems: [...visible.problems, withheld] };
}

function check(of: OpenCase, text: string, cleared: boolean): DeclarationCheck {
  const observed = observedAddresses(of, cleared);
  try {
    const loaded = parseDeclaration(text, DECLARATION_FILE);
    return {
      ok: true,
      sha256: loaded.sha256,
      problems: loaded.warnings.map((p) => problem("warning", p)),
      functions: functionsOf(loaded.declaration, linesOf(text), observed),
    };
  } catch (error) {
    if (!(error instanceof DeclarationError)) throw error;
    return { ok: false, sha256: null, problems: error.problems.map((p) => problem("error", p)), functions: [] };
  }
}

function problem(severity: Problem["severity"], p: DeclarationProblem): Problem {
  return { severity, line: p.line, column: p.column, field: p.field, message: p.message };
}

function functionsOf(d: Checked, lines: readonly number[], observed: ReadonlySet<string>): DeclarationFunction[] {
  return d.functions.slice(0, MAX_FUNCTIONS).map((f, index) => ({
    index,
    name: f.name,
    roles: [...f.roles],
    vendor: f.vendor,
    site: f.site,
    addresses: [...f.addresses],
    line: lines[index] ?? 0,
    observed: f.addresses.some((a) => observed.has(a)),
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

function observedAddresses(of: OpenCase, cleared: boolean): ReadonlySet<string> {
  const tables = of.tablesFor(cleared);
  return new Set([
    ...tables.roles.map((r) => r.address),
    ...tables.references.flatMap((r) => [r.a, r.b]),
    ...tables.tunnels.flatMap((t) => [t.source, t.address]),
    ...tables.flows.flatMap((f) => [f.initiator, f.responder]),
  ]);
}
