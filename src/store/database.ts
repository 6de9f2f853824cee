import { DuckDBInstance, DuckDBTimestampValue, type DuckDBAppender, type DuckDBConnection } from "@duckdb/node-api";
import { guardStatements } from "./guard.ts";
import { TABLES, type ColumnType, type Table, type TableName } from "./tables.ts";

/** What a cell may be; undefined and null are NULL. Microseconds for TIMESTAMP columns. */
export type Cell = string | number | boolean | null | undefined;

/** Rows that appenders hold before they hand them to the database. */
const ROWS_PER_FLUSH = 65_536;

/** A case may come from a stranger: nothing that stands in its database reads or writes another file, or loads code. */
const SHUT = { autoinstall_known_extensions: "false", autoload_known_extensions: "false", enable_external_access: "false" } as const;

/**
 * Writes the rows of one scan into a case's database, in one transaction: a kill before `close` leaves the database as it was. One process at a
 * time.
 */
export class CaseWriter {
  private readonly instance: DuckDBInstance;
  private readonly connection: DuckDBConnection;
  private readonly appenders = new Map<TableName, DuckDBAppender>();
  private rows = 0;
  private guarded: readonly string[] = [];
  readonly run: number;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection, run: number) {
    this.instance = instance;
    this.connection = connection;
    this.run = run;
  }

  static async open(path: string): Promise<CaseWriter> {
    const instance = await DuckDBInstance.create(path, SHUT);
    const connection = await instance.connect();
    // all or nothing, and one wait for the disk instead of one a table
    await connection.run("BEGIN");
    for (const table of Object.values(TABLES) as Table[]) {
      const columns = table.columns.map((column) => `"${column.name}" ${column.type}`).join(", ");
      await connection.run(`CREATE TABLE IF NOT EXISTS "${table.name}" (${columns})`);
    }
    const reader = await connection.runAndReadAll("SELECT coalesce(max(run), 0) + 1 FROM captures");
    const writer = new CaseWriter(instance, connection, Number(reader.getRows()[0]?.[0] ?? 1));
    // a run that was killed never named its captures: what it left is no part of the case, and its number is given anew
    for (const table of Object.values(TABLES)) await connection.run(`DELETE FROM "${table.name}" WHERE run >= ${writer.run}`);
    await connection.run("COMMIT");
    await connection.run("BEGIN");
    for (const table of Object.values(TABLES)) writer.appenders.set(table.name, await connection.createAppender(table.name));
    return writer;
  }

  /** Cells in the order of the table's columns, without the leading `run`. */
  row(name: TableName, cells: readonly Cell[]): void {
    const appender = this.appenders.get(name);
    if (appender === undefined) throw new Error(`case database: no table ${name}`);
    const { columns } = TABLES[name];
    appender.appendInteger(this.run);
    for (let i = 1; i < columns.length; i++) append(appender, (columns[i] as { type: ColumnType }).type, cells[i - 1]);
    appender.endRow();
    if (++this.rows % ROWS_PER_FLUSH === 0) this.flush();
  }

  /** Points and captures of this run whose rows must not add up (`guard.ts`); done when the rows are written. */
  guard(points: readonly number[], captures: readonly number[]): void {
    this.guarded = guardStatements(this.run, points, captures);
  }

  flush(): void {
    for (const appender of this.appenders.values()) appender.flushSync();
  }

  /** Commits. */
  async close(): Promise<void> {
    for (const appender of this.appenders.values()) appender.closeSync();
    for (const statement of this.guarded) await this.connection.run(statement);
    await this.connection.run("COMMIT");
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Leaves the database as it was. */
  async abandon(): Promise<void> {
    for (const appender of this.appenders.values()) appender.closeSync();
    await this.connection.run("ROLLBACK");
    this.connection.closeSync();
    this.instance.closeSync();
  }

  /** Takes out a scan that was committed here and did not come into the log. */
  static async forget(path: string, run: number): Promise<void> {
    const instance = await DuckDBInstance.create(path, SHUT);
    const connection = await instance.connect();
    await connection.run("BEGIN");
    for (const table of Object.values(TABLES)) await connection.run(`DELETE FROM "${table.name}" WHERE run >= ${run}`);
    await connection.run("COMMIT");
    connection.closeSync();
    instance.closeSync();
  }
}

function append(appender: DuckDBAppender, type: ColumnType, cell: Cell): void {
  if (cell === null || cell === undefined || (typeof cell === "number" && !Number.isFinite(cell))) {
    appender.appendNull();
    return;
  }
  switch (type) {
    case "VARCHAR":
      appender.appendVarchar(String(cell));
      return;
    case "BOOLEAN":
      appender.appendBoolean(Boolean(cell));
      return;
    case "INTEGER":
      appender.appendInteger(Number(cell));
      return;
    case "BIGINT":
      appender.appendBigInt(BigInt(Math.round(Number(cell))));
      return;
    case "DOUBLE":
      appender.appendDouble(Number(cell));
      return;
    case "TIMESTAMP":
      appender.appendTimestamp(new DuckDBTimestampValue(BigInt(Math.round(Number(cell)))));
  }
}
