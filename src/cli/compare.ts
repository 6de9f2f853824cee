/** `tapproof compare BEFORE AFTER`: what is new since the last scan, what has gone, what stands stronger or weaker. */
import type { Declaration } from "#declaration/types.ts";
import { isUnreviewed } from "#declaration/unreviewed.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { compare, type Comparison } from "#report/compare.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { WORDS } from "#words/words.ts";
import { sentenceOf } from "#words/said.ts";
import type { CommandIo } from "./commands.ts";
import { EXIT, visible } from "./errors.ts";
import { openCase } from "./open-case.ts";
import { columnsOf, wrap } from "./wrap.ts";

export interface CompareArgs {
  readonly before: string;
  readonly after: string;
  readonly lang: string;
  readonly liCleared: boolean;
  readonly json: boolean;
}

/** Findings listed in each part; the rest is counted. */
const SHOWN = 20;
/** Outlined, half filled, filled: as everywhere. */
const FORMS = { indication: "□", corroborated: "◧", proven: "■" } as const;

export function compareCommand(args: CompareArgs, io: Pick<CommandIo, "stdout" | "stderr">): number {
  const folders = [args.before, args.after].map((directory) => openCase(directory, io));
  const [before, after] = folders.map((folder) => folder.readJson<FindingsDocument>("findings")) as [FindingsDocument, FindingsDocument];
  const found = compare(before, after, args.liCleared);
  const draft = folders.some((folder) => folder.has("declaration") && isUnreviewed(folder.readJson<Declaration>("declaration")));
  io.stdout.write(
    args.json ? `${JSON.stringify(found, null, 2)}\n` : plain(found, draft, args.lang === "fr" ? "fr" : "en", columnsOf(io.stdout)),
  );
  return EXIT.DONE;
}

function plain(found: Comparison, draft: boolean, language: "en" | "fr", columns: number): string {
  const { grades, report } = WORDS[language];
  const words = report.compare;
  const line = (f: FindingRecord, was?: FindingRecord): string[] => {
    const receiver = receiverName(f);
    const grade = was === undefined ? grades[f.grade] : `${grades[was.grade]} → ${grades[f.grade]}`;
    return [
      `  ${FORMS[f.grade]} ${grade}  ${f.claim}  ${visible(elementName(f))}${receiver === "" ? "" : ` – ${visible(receiver)}`}  ${f.id.slice(0, 12)}`,
      ...wrap(visible(sentenceOf({ text: f.summary, code: f.summaryCode, values: f.values }, language)), columns - 6).map(
        (text) => `      ${text}`,
      ),
    ];
  };
  const part = <T>(title: string, all: readonly T[], lines: (one: T) => string[]): string[] => {
    if (all.length === 0) return [];
    const rest = all.length - SHOWN;
    return [title, ...all.slice(0, SHOWN).flatMap(lines), ...(rest > 0 ? [`  ${words.more(rest)}`] : []), ""];
  };
  const shown = found.fresh.length + found.gone.length + found.stronger.length + found.weaker.length + found.same;
  const lines = [
    ...(draft ? [report.lead.draft.trim(), ""] : []),
    ...(found.otherNetwork ? [words.otherNetwork, ""] : []),
    ...(found.otherDeclaration ? [words.otherDeclaration, ""] : []),
    ...part(words.fresh(found.fresh.length), found.fresh, (f) => line(f)),
    ...part(words.gone(found.gone.length), found.gone, (f) => line(f)),
    ...part(words.stronger(found.stronger.length), found.stronger, (c) => line(c.after, c.before)),
    ...part(words.weaker(found.weaker.length), found.weaker, (c) => line(c.after, c.before)),
    // nothing of what is withheld is told as nothing
    ...(shown === 0 && found.withheld > 0 ? [] : [words.same(found.same)]),
    ...(found.gone.length > 0
      ? [found.notWatched.length > 0 ? words.notWatched(found.notWatched.map(visible).join(", ")) : words.goneMeans]
      : []),
    ...(found.withheld > 0 ? [report.withheldNote(found.withheld, shown > 0)] : []),
  ];
  // names of the wire and ids keep their line
  return `${lines.flatMap((text) => (text.startsWith(" ") ? [text] : text === "" ? [""] : wrap(text, columns))).join("\n")}\n`;
}
