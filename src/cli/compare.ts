/** `tapproof compare BEFORE AFTER`: what is new since the last scan, what has gone, what stands stronger or weaker. */
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { compare, type Comparison } from "#report/compare.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { CaseFolder } from "#store/case-folder.ts";
import { WORDS } from "#words/words.ts";
import { sentenceOf } from "#words/said.ts";
import type { CommandIo } from "./commands.ts";
import { EXIT, visible } from "./errors.ts";
import { openCase } from "./open-case.ts";

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
  const [before, after] = [args.before, args.after].map((directory) => {
    openCase(directory, io);
    return CaseFolder.open(directory).readJson<FindingsDocument>("findings");
  }) as [FindingsDocument, FindingsDocument];
  const found = compare(before, after, args.liCleared);
  io.stdout.write(args.json ? `${JSON.stringify(found, null, 2)}\n` : plain(found, args.lang === "fr" ? "fr" : "en"));
  return EXIT.DONE;
}

function plain(found: Comparison, language: "en" | "fr"): string {
  const { grades, report } = WORDS[language];
  const words = report.compare;
  const line = (f: FindingRecord, was?: FindingRecord): string[] => {
    const receiver = receiverName(f);
    const grade = was === undefined ? grades[f.grade] : `${grades[was.grade]} → ${grades[f.grade]}`;
    return [
      `  ${FORMS[f.grade]} ${grade}  ${f.claim}  ${visible(elementName(f))}${receiver === "" ? "" : ` – ${visible(receiver)}`}  ${f.id.slice(0, 12)}`,
      `      ${visible(sentenceOf({ text: f.summary, code: f.summaryCode, values: f.values }, language))}`,
    ];
  };
  const part = <T>(title: string, all: readonly T[], lines: (one: T) => string[]): string[] => {
    if (all.length === 0) return [];
    const rest = all.length - SHOWN;
    return [title, ...all.slice(0, SHOWN).flatMap(lines), ...(rest > 0 ? [`  ${words.more(rest)}`] : []), ""];
  };
  const lines = [
    ...(found.otherNetwork ? [words.otherNetwork, ""] : []),
    ...(found.otherDeclaration ? [words.otherDeclaration, ""] : []),
    ...part(words.fresh(found.fresh.length), found.fresh, (f) => line(f)),
    ...part(words.gone(found.gone.length), found.gone, (f) => line(f)),
    ...part(words.stronger(found.stronger.length), found.stronger, (c) => line(c.after, c.before)),
    ...part(words.weaker(found.weaker.length), found.weaker, (c) => line(c.after, c.before)),
    words.same(found.same),
    ...(found.gone.length > 0
      ? [found.notWatched.length > 0 ? words.notWatched(found.notWatched.map(visible).join(", ")) : words.goneMeans]
      : []),
    ...(found.withheld > 0 ? [words.withheld(found.withheld)] : []),
  ];
  return `${lines.join("\n")}\n`;
}
