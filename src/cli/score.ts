/** `tapproof score TRUTH FINDINGS`: recall and false accusations per claim (contract §2, §5). */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type CaseTruth, perfect, score, type Score, type ScoredDocument } from "#lab/score.ts";

export interface ScoreArgs {
  /** A `truth.json`, or a folder of case folders. */
  readonly truth: string;
  /** A findings document, or a folder that holds `CASE.json` or `CASE/findings.json` for each case. */
  readonly findings: string;
  readonly json: boolean;
}

export interface ScoreIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

class Unusable extends Error {}

function readJson(path: string): unknown {
  let content: string;
  try {
    content = readFileSync(path, "utf8");
  } catch (error) {
    throw new Unusable(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}); name an existing file`);
  }
  try {
    return JSON.parse(content);
  } catch {
    throw new Unusable(`${path}: is not JSON; give the output of scan --json, or a truth.json`);
  }
}

function readTruth(path: string): CaseTruth {
  const value = readJson(path);
  const t = value as Partial<CaseTruth> | null;
  if (t === null || typeof t !== "object" || !Array.isArray(t.expect))
    throw new Unusable(`${path}: has no "expect" list; give a truth.json`);
  return { ...(value as CaseTruth), case: t.case ?? basename(dirname(resolve(path))) };
}

function readFindings(path: string): ScoredDocument {
  const d = readJson(path) as Partial<ScoredDocument> | null;
  if (d === null || typeof d !== "object" || d.schema !== "tapproof/findings/1" || !Array.isArray(d.findings)) {
    throw new Unusable(`${path}: is not a tapproof/findings/1 document; give the output of scan --json`);
  }
  return d as ScoredDocument;
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

function truthsIn(path: string): CaseTruth[] {
  if (!isFolder(path)) return [readTruth(path)];
  const own = join(path, "truth.json");
  if (existsSync(own)) return [readTruth(own)];
  const cases = readdirSync(path)
    .toSorted()
    .map((name) => join(path, name, "truth.json"))
    .filter((file) => existsSync(file));
  if (cases.length === 0) throw new Unusable(`${path}: holds no truth.json; name a case folder or a folder of them`);
  return cases.map(readTruth);
}

function documentsFor(truths: readonly CaseTruth[], path: string): Map<string, ScoredDocument> {
  const out = new Map<string, ScoredDocument>();
  if (!isFolder(path)) {
    if (truths.length !== 1)
      throw new Unusable(`${path}: is one file for ${truths.length} cases; give a folder with CASE.json or CASE/findings.json`);
    for (const t of truths) out.set(t.case, readFindings(path));
    return out;
  }
  for (const t of truths) {
    // A truth file's own word for its case is a name, never a way out of the folder.
    if (/[/\\]/.test(t.case) || t.case === ".." || t.case === ".")
      throw new Unusable(`${path}: the case is called ${t.case}; give it a name without a path`);
    const places = [
      join(path, `${t.case}.json`),
      join(path, t.case, "findings.json"),
      ...(truths.length === 1 ? [join(path, "findings.json")] : []),
    ];
    const file = places.find((p) => existsSync(p));
    if (file !== undefined) out.set(t.case, readFindings(file));
  }
  return out;
}

function table(s: Score): string {
  const lines = [`${"claim".padEnd(26)}${"due".padStart(5)}${"found".padStart(7)}${"recall".padStart(9)}${"false".padStart(7)}`];
  for (const [claim, r] of s.perClaim) {
    if (r.due === 0 && r.falseAccusations === 0) continue;
    const recall = r.due === 0 ? "–" : `${((100 * r.found) / r.due).toFixed(1)} %`;
    lines.push(
      `${claim.padEnd(26)}${String(r.due).padStart(5)}${String(r.found).padStart(7)}${recall.padStart(9)}${String(r.falseAccusations).padStart(7)}`,
    );
  }
  const all = [...s.perClaim.values()];
  const due = all.reduce((n, r) => n + r.due, 0);
  const found = all.reduce((n, r) => n + r.found, 0);
  lines.push(`${s.cases} cases: ${found} of ${due} due findings, ${s.accusations.length} false accusations`);
  return `${lines.join("\n")}\n`;
}

function details(s: Score): string {
  const lines: string[] = [];
  for (const m of s.misses) {
    const near =
      m.nearest === null
        ? "nothing near it"
        : `nearest is ${m.nearest.finding.claim} (${m.nearest.finding.grade}), which lacks ${m.nearest.lacks.join(", ")}`;
    lines.push(`missed   ${m.case}: ${m.expected.claim} at ${m.expected.element} to ${m.expected.receiver ?? "nobody named"}; ${near}`);
  }
  for (const a of s.accusations) {
    const to = a.finding.receiver?.address ?? a.finding.receiver?.identity ?? a.finding.receiver?.name ?? "nobody named";
    lines.push(
      `accused  ${a.case}: ${a.finding.claim} (${a.finding.grade}) at ${a.finding.element.name ?? a.finding.element.address} to ${to}: ${a.why}`,
    );
  }
  for (const c of s.unscored) lines.push(`no findings for case ${c}`);
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}

/** Answers the exit code: 0 all due found and nobody accused wrongly, 1 otherwise, 2 unusable input. */
export function scoreCommand(args: ScoreArgs, io: ScoreIo): number {
  try {
    const truths = truthsIn(args.truth);
    const s = score(truths, documentsFor(truths, args.findings));
    if (args.json) io.stdout.write(`${JSON.stringify({ ...s, perClaim: Object.fromEntries(s.perClaim) })}\n`);
    else io.stdout.write(table(s) + details(s));
    return perfect(s) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    io.stderr.write(`tapproof: ${error.message}\n`);
    return 2;
  }
}
