/** Scores of mutation testing as rows of docs/mutation.md: a file measured again takes the place of its row, the others stay with their dates. */
import { readFileSync, writeFileSync } from "node:fs";

const DOCUMENT = "docs/mutation.md";
const [BEGIN, END] = ["<!-- scores: written by npm run mutate -- --record -->", "<!-- end of scores -->"];
const HEAD = "| file | mutants | noticed | score, % | measured |\n| --- | --- | --- | --- | --- |";

interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
}
interface Row {
  readonly mutants: number;
  readonly noticed: number;
  readonly date: string;
}

/** Throws where a report is none of Stryker's (mutation-testing-report-schema), or the document has lost its markers. */
export function record(reports: readonly string[], date: string): void {
  const text = readFileSync(DOCUMENT, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`${DOCUMENT}: no place for scores`);
  const rows = new Map<string, Row>();
  for (const [, file, mutants, noticed, , measured] of text
    .slice(from, to)
    .matchAll(/^\| `(src\/\S+)` +\| +(\d+) +\| +(\d+) +\| +([\d.]+) +\| +([\d-]+) +\|$/gm))
    rows.set(file as string, { mutants: Number(mutants), noticed: Number(noticed), date: measured as string });
  for (const path of reports)
    for (const [file, { mutants }] of Object.entries((JSON.parse(readFileSync(path, "utf8")) as Report).files)) {
      const count = (...statuses: readonly string[]): number => mutants.filter(({ status }) => statuses.includes(status)).length;
      const noticed = count("Killed", "Timeout");
      rows.set(file, { mutants: noticed + count("Survived", "NoCoverage"), noticed, date });
    }
  writeFileSync(DOCUMENT, `${text.slice(0, from)}${BEGIN}\n\n${table(rows)}\n\n${text.slice(to)}`);
}

/** One row a file, and one a folder in front of its files. */
function table(rows: ReadonlyMap<string, Row>): string {
  const files = [...rows].filter(([, { mutants }]) => mutants > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  const folders = new Map<string, [string, Row][]>();
  for (const one of files) {
    const folder = one[0].split("/").slice(0, 2).join("/");
    folders.set(folder, [...(folders.get(folder) ?? []), one]);
  }
  const line = (name: string, mutants: number, noticed: number, date: string): string =>
    `| ${name} | ${mutants} | ${noticed} | ${((100 * noticed) / mutants).toFixed(1)} | ${date} |`;
  const lines = [...folders].flatMap(([folder, measured]) => {
    const sum = (of: (row: Row) => number): number => measured.reduce((n, [, row]) => n + of(row), 0);
    return [
      line(
        `**${folder}**, ${measured.length} files`,
        sum((row) => row.mutants),
        sum((row) => row.noticed),
        "",
      ),
      ...measured.map(([file, { mutants, noticed, date }]) => line(`\`${file}\``, mutants, noticed, date)),
    ];
  });
  return [HEAD, ...lines].join("\n");
}
