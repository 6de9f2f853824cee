import { DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";

export interface QueryResult {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
  /** True where more rows were there than `limit`. */
  readonly more: boolean;
}

/**
 * Runs one statement of a user's on a case's database, opened for reading, with everything shut that reaches outside of it: files, network, extensions, settings.
 */
export async function queryCase(path: string, sql: string, limit = 100_000): Promise<QueryResult> {
  return readCase(path, (ask) => ask(sql, [], limit));
}

/** Asks one statement; `?` in it are the values, in order. */
export type Ask = (sql: string, values?: readonly DuckDBValue[], limit?: number) => Promise<QueryResult>;

/** Several questions to one case's database, under the same rules as `queryCase`. The file is open no longer than `work` takes. */
export async function readCase<T>(path: string, work: (ask: Ask) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(path, {
    access_mode: "READ_ONLY",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    enable_external_access: "false",
    lock_configuration: "true",
  });
  try {
    const connection = await instance.connect();
    try {
      return await work(async (sql, values = [], limit = 100_000) => {
        if (sql.trim() === "") throw new Error("expected one statement, found none");
        const { count } = await connection.extractStatements(sql);
        if (count !== 1) throw new Error(`expected one statement, found ${count}`);
        const reader = await connection.runAndReadUntil(sql, limit + 1, [...values]);
        const rows = reader.getRowsJson();
        return { columns: reader.columnNames(), rows: rows.slice(0, limit), more: rows.length > limit };
      });
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
