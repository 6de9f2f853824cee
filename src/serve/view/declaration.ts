/** The declaration of a case: what the last scan judged by, what was saved since, and what is wrong in a text, at its place. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Declaration, DeclarationCheck } from "#serve/api/types.ts";
import { DECLARATION_FILE, type DeclarationReading } from "#serve/cases/declaration-reading.ts";
import { declarationYaml, draftYaml } from "#serve/cases/declaration-text.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";

/** Where there is nothing to begin from: it can be used as it stands, and explains nothing. */
const TEMPLATE = `network: { name: "name of the network" }
functions: []
services: []
operators: []
grants: []
`;

/** What a stranger's text costs is not this thread's to pay. */
export interface Strangers {
  declaration(text: string, cleared: boolean): Promise<DeclarationReading>;
  whole(text: string, kept: string, mayDeclare: boolean): Promise<string>;
}

export async function declarationOf(of: OpenCase, cleared: boolean, strangers: Strangers): Promise<Declaration> {
  const { source, text } = textOf(of, cleared);
  return { ...(await shown(of, text, cleared, strangers)), source, usedSha256: of.document?.declaration ?? null };
}

export async function draftOf(of: OpenCase, text: string, cleared: boolean, strangers: Strangers): Promise<Declaration> {
  return { ...(await shown(of, text, cleared, strangers)), source: "draft", usedSha256: of.document?.declaration ?? null };
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
export function wholeText(of: OpenCase, text: string, mayDeclare: boolean, strangers: Strangers): Promise<string> {
  return strangers.whole(text, textOf(of, false).text, mayDeclare);
}

/** The hash is the whole text's, whoever looks: it says which declaration the case has. */
async function shown(
  of: OpenCase,
  text: string,
  cleared: boolean,
  strangers: Strangers,
): Promise<Pick<Declaration, "text" | "sha256" | "file" | "functions" | "problems">> {
  if (text === "") return { text, sha256: null, file: DECLARATION_FILE, functions: [], problems: [] };
  const { open, check } = await readingOf(of, text, cleared, strangers);
  return { text: open, sha256: check.sha256, file: DECLARATION_FILE, functions: check.functions, problems: check.problems };
}

/** What is wrong in a text. Who is not cleared gets places in the text as he sees it, without what is lawful. */
export async function checkOf(of: OpenCase, text: string, cleared: boolean, strangers: Strangers): Promise<DeclarationCheck> {
  return (await readingOf(of, text, cleared, strangers)).check;
}

async function readingOf(of: OpenCase, text: string, cleared: boolean, strangers: Strangers): Promise<DeclarationReading> {
  const { open, check } = await strangers.declaration(text, cleared);
  const observed = observedAddresses(of, cleared);
  return {
    open,
    check: { ...check, functions: check.functions.map((f) => ({ ...f, observed: f.addresses.some((a) => observed.has(a)) })) },
  };
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
