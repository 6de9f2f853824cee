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

export function declarationOf(of: OpenCase): Declaration {
  const path = join(of.folder.path, DECLARATION_FILE);
  const usedSha256 = of.document?.declaration ?? null;
  const [source, text] = existsSync(path)
    ? (["saved", readFileSync(path, "utf8")] as const)
    : of.lookup !== null
      ? (["used", declarationYaml(of.lookup.declaration)] as const)
      : of.tables.roles.length > 0 || of.tables.flows.length > 0
        ? (["draft", draftYaml(of.tables)] as const)
        : (["none", TEMPLATE] as const);
  return { ...shown(of, text), source, usedSha256 };
}

export function draftOf(of: OpenCase, text: string): Declaration {
  return { ...shown(of, text), source: "draft", usedSha256: of.document?.declaration ?? null };
}

function shown(of: OpenCase, text: string): Pick<Declaration, "text" | "sha256" | "file" | "functions" | "problems"> {
  const check = text === "" ? { sha256: null, problems: [], functions: [] } : checkOf(of, text);
  return { text, sha256: check.sha256, file: DECLARATION_FILE, functions: check.functions, problems: check.problems };
}

export function checkOf(of: OpenCase, text: string): DeclarationCheck {
  const observed = observedAddresses(of);
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

function observedAddresses(of: OpenCase): ReadonlySet<string> {
  const { tables } = of;
  return new Set([
    ...tables.roles.map((r) => r.address),
    ...tables.references.flatMap((r) => [r.a, r.b]),
    ...tables.tunnels.flatMap((t) => [t.source, t.address]),
    ...tables.flows.flatMap((f) => [f.initiator, f.responder]),
  ]);
}
