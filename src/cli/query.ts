/** `tapproof query DIR "SQL"`: one statement over a case's observations (`contract.md` §2). */
import type { Writable } from "node:stream";
import { queryCase } from "#store/query.ts";
import { TABLES, type Table } from "#store/tables.ts";
import { openCase } from "./open-case.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { asTyped } from "./program-name.ts";
import { columnsOf, wrap } from "./wrap.ts";

export interface QueryArgs {
  readonly directory: string;
  /** Undefined lists the tables. */
  readonly sql: string | undefined;
  readonly json: boolean;
}

interface QueryIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export async function queryCommand(args: QueryArgs, io: QueryIo): Promise<number> {
  const folder = openCase(args.directory, io);
  if (args.sql === undefined) {
    for (const table of Object.values(TABLES) as Table[]) {
      const room = columnsOf(io.stdout) - 18;
      const lines = [...wrap(table.meaning, room), ...wrap(table.columns.map((column) => column.name).join(", "), room)];
      io.stdout.write(lines.map((line, i) => `${(i === 0 ? table.name : "").padEnd(18)}${line}\n`).join(""));
    }
    return EXIT.DONE;
  }
  let result;
  try {
    result = await queryCase(folder.file("database"), args.sql);
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
    throw new UsageError(`query ${args.directory}: ${why}; "${asTyped(io.env)} query ${args.directory}" lists tables and columns`);
  }
  const { columns, rows } = result;
  if (args.json) {
    for (const row of rows) io.stdout.write(`${JSON.stringify(Object.fromEntries(columns.map((name, i) => [name, row[i] ?? null])))}\n`);
    if (result.more) io.stderr.write(`tapproof: query: ${counted(rows.length)} and no more; add LIMIT and OFFSET for the rest\n`);
    return EXIT.DONE;
  }
  const screen = (io.stdout as { columns?: number }).columns;
  const shown = screen === undefined ? rows : rows.slice(0, ROWS_ON_SCREEN);
  const cells = shown.map((row) =>
    row.map((cell) => (cell === null || cell === undefined ? "" : visible(typeof cell === "string" ? cell : JSON.stringify(cell)))),
  );
  io.stdout.write(tableText(columns, cells, screen));
  const of = `${counted(rows.length)}${result.more ? " and more" : ""}`;
  if (shown.length < rows.length)
    io.stdout.write(`… the first ${shown.length} of ${of}; in a pipe (| less) or with --json they are all there\n`);
  else if (result.more)
    io.stderr.write(`tapproof: query: the first ${counted(rows.length)}; there are more: add LIMIT and OFFSET for the rest\n`);
  return EXIT.DONE;
}

/** A screen takes so many; a pipe takes what `queryCase` answers. */
const ROWS_ON_SCREEN = 200;

function counted(rows: number): string {
  return `${rows.toLocaleString("en-GB")} row${rows === 1 ? "" : "s"}`;
}

/** Rows under their columns; where they are wider than the screen (undefined: there is none, as in a pipe), one below the other, a column a line. */
export function tableText(columns: readonly string[], cells: readonly (readonly string[])[], screen: number | undefined): string {
  const widths = columns.map((name, i) => Math.min(64, Math.max(name.length, ...cells.slice(0, 1000).map((row) => row[i]?.length ?? 0))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join("  ")
      .trimEnd();
  const lines =
    screen !== undefined && widths.reduce((sum, width) => sum + width + 2, -2) > screen
      ? cells.flatMap((row, n) => [
          `── row ${n + 1} ${"─".repeat(Math.max(0, Math.min(screen, 60) - 8 - String(n + 1).length))}`,
          ...columns.map((name, i) => `${name.padEnd(Math.max(...columns.map((c) => c.length)))}  ${row[i] ?? ""}`.trimEnd()),
        ])
      : [line(columns), widths.map((width) => "─".repeat(width)).join("  "), ...cells.map(line)];
  return lines.map((text) => `${text}\n`).join("");
}
