/** `tapproof dossier DIR...`: conditions per vendor and network, held, broken or not observable. */
import { writeFileSync } from "node:fs";
import { dossierCase, readCase } from "#report/case-data.ts";
import { loadConditions } from "#report/conditions.ts";
import { DEFAULT_CONDITIONS } from "#report/default-conditions.ts";
import { dossier, type ConditionResult, type ConditionStatus, type Dossier, type DossierEntry } from "#report/dossier.ts";
import { missingPoints, reasonText } from "#report/dossier-text.ts";
import { sentenceOf } from "#words/said.ts";
import { dossierPage } from "#report/html/dossier-page.ts";
import { VERSION } from "#run/version.ts";
import { Voice } from "#report/voice.ts";
import type { CommandIo } from "./commands.ts";
import { openCase } from "./open-case.ts";
import { EXIT, UsageError, visible } from "./errors.ts";

export interface DossierArgs {
  readonly directories: readonly string[];
  readonly conditions?: string;
  readonly vendor?: string;
  readonly lang: string;
  /** `html` writes a page. */
  readonly format: string;
  readonly liCleared: boolean;
  readonly out?: string;
}

/** Held, broken, not observable: by form before anything else. */
const FORMS: Readonly<Record<ConditionStatus, string>> = { held: "●", broken: "■", "not observable": "░" };
const WIDTH = 80;
/** Findings listed under a condition; the rest is counted. */
const SHOWN = 10;

export async function dossierCommand(args: DossierArgs, io: Pick<CommandIo, "stdout" | "stderr">): Promise<number> {
  const conditions = args.conditions === undefined ? DEFAULT_CONDITIONS : loadConditions(args.conditions);
  const cases = [];
  for (const directory of args.directories) {
    openCase(directory, io);
    cases.push(dossierCase(await readCase(directory)));
  }
  const made = dossier(cases, conditions, { liCleared: args.liCleared, ...(args.vendor === undefined ? {} : { vendor: args.vendor }) });
  if (args.vendor !== undefined && made.entries.length === 0) {
    const all = dossier(cases, conditions, { liCleared: args.liCleared }).entries.flatMap(({ vendor }) =>
      vendor === null ? [] : [vendor.id],
    );
    const known = [...new Set(all)].sort().join(", ");
    throw new UsageError(
      `dossier: --vendor ${args.vendor}: no such vendor in these cases; expected ${known === "" ? "none, no vendor is declared" : `one of ${known}`}`,
    );
  }
  const voice = new Voice(args.lang === "fr" ? "fr" : "en");
  const text =
    args.format === "html"
      ? dossierPage(made, VERSION, voice)
      : args.format === "json"
        ? `${JSON.stringify(withSentences(made, voice), null, 2)}\n`
        : plain(made, voice);
  if (args.out === undefined) io.stdout.write(text);
  else {
    writeFileSync(args.out, text, { mode: 0o600 });
    io.stdout.write(`${args.out}\n`);
  }
  return EXIT.DONE;
}

/** The document with each reason as a sentence beside its code. */
function withSentences(made: Dossier, voice: Voice): unknown {
  const condition = (c: ConditionResult): unknown => ({
    ...c,
    reasons: c.reasons.map((r) => ({ ...r, text: reasonText(r, voice) })),
    pointsNeeded: missingPoints(c, voice),
  });
  return { ...made, entries: made.entries.map((e) => ({ ...e, conditions: e.conditions.map(condition) })) };
}

function plain(made: Dossier, voice: Voice): string {
  const words = voice.words.dossier;
  if (made.entries.length === 0) return `${words.nothing}\n`;
  return made.entries.map((e) => entryText(e, voice)).join("\n");
}

function entryText(e: DossierEntry, voice: Voice): string {
  const words = voice.words.dossier;
  const lines = [
    "",
    visible(
      `${e.vendor === null ? words.noVendor : `${e.vendor.name} (${e.vendor.id})`}${e.network === null ? "" : `, ${words.network(e.network)}`}`,
    ),
  ];
  if (e.unreviewed) lines.push(...wrap(voice.words.report.lead.draft.trim(), 2));
  if (e.functions.length > 0) lines.push(...wrap(words.functions(e.functions.map((f) => f.name).join(", ")), 2));
  if (e.first !== null && e.last !== null) lines.push(`  ${words.watched(voice.moment(e.first), voice.moment(e.last))}`);
  lines.push(
    `  ${words.standing(voice.words.report.standing[e.standing].name)}; ${words.tally(e.tally.held, e.tally.broken, e.tally.notObservable)}`,
    "",
  );
  for (const c of e.conditions) lines.push(...conditionLines(c, voice));
  if (e.outside.length > 0) lines.push(...wrap(words.outside(e.outside.join(", ")), 2));
  return `${lines.join("\n")}\n`;
}

function conditionLines(c: ConditionResult, voice: Voice): string[] {
  const words = voice.words.dossier;
  const lines = [`  ${FORMS[c.status]} ${words[c.status].padEnd(15)} ${c.id}`, ...wrap(c.statement[voice.language], 4)];
  for (const reason of c.reasons) lines.push(...wrap(`– ${reasonText(reason, voice)}`, 6));
  const found = [...c.findings, ...c.open];
  for (const f of found.slice(0, SHOWN)) {
    const what = sentenceOf({ text: f.summary, code: f.summaryCode, values: f.values }, voice.language);
    lines.push(
      ...wrap(
        `${voice.words.grades[f.grade]}, ${voice.words.claims[f.claim].name}${voice.colon} ${what} (${f.case}, ${words.finding} ${f.id.slice(0, 12)})`,
        8,
      ),
    );
  }
  if (found.length > SHOWN) lines.push(`        ${words.more(found.length - SHOWN)}`);
  const points = missingPoints(c, voice);
  if (points.length > 0) lines.push(...wrap(words.missing(points.join("; ")), 6));
  return lines;
}

function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of visible(text).split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${" ".repeat(lines.length === 0 ? indent : indent + 2)}${word}`);
  }
  return lines;
}
