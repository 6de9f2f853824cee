/** Findings as rows: CSV (RFC 4180), and Parquet by DuckDB. */
import { DuckDBInstance } from "@duckdb/node-api";
import { elementName, receiverName } from "#report/selection.ts";
import { TECHNIQUES, type ExportInput } from "./common.ts";

type Cell = string | number | null;

interface Column {
  readonly name: string;
  readonly type: "VARCHAR" | "BIGINT" | "TIMESTAMP_NS";
}

const COLUMNS: readonly Column[] = [
  ...[
    "id",
    "network",
    "case",
    "claim",
    "grade",
    "standing",
    "summary",
    "element",
    "element_address",
    "element_basis",
    "vendor",
    "receiver",
    "receiver_address",
  ].map(text),
  { name: "receiver_port", type: "BIGINT" },
  ...["receiver_declared", "act", "layers", "data"].map(text),
  { name: "subscribers", type: "BIGINT" },
  { name: "packets", type: "BIGINT" },
  { name: "bytes", type: "BIGINT" },
  { name: "bits", type: "BIGINT" },
  { name: "first", type: "TIMESTAMP_NS" },
  { name: "last", type: "TIMESTAMP_NS" },
  ...["open_explanations", "premises", "attack", "captures", "draft"].map(text),
];

function text(name: string): Column {
  return { name, type: "VARCHAR" };
}

function rowsOf({ data, selection, draft }: ExportInput): Cell[][] {
  return selection.findings.map((f) => [
    f.id,
    data.document.network,
    data.name,
    f.claim,
    f.grade,
    f.standing,
    f.summary,
    elementName(f),
    f.element.address,
    f.element.basis,
    f.element.vendor,
    receiverName(f) || null,
    f.receiver?.address ?? null,
    f.receiver?.port ?? null,
    f.receiver === null ? null : String(f.receiver.declared),
    f.act,
    f.transport.layers.join("/"),
    f.data.join(" "),
    f.subscribers.count,
    f.packets,
    f.bytes,
    f.bits,
    f.first,
    f.last,
    f.ruledOut
      .filter((e) => e.status !== "excluded")
      .map((e) => `${e.explanation} (${e.status})`)
      .join("; "),
    f.premises.map((p) => `${p.id} (${p.status})`).join("; "),
    TECHNIQUES[f.claim].map((t) => t.id).join(" "),
    f.evidence.map((e) => `${e.capture}:${e.framesTotal}`).join(" "),
    String(draft.isDraft),
  ]);
}

export function csvText(input: ExportInput): string {
  const lines = [COLUMNS.map((c) => c.name), ...rowsOf(input)].map((row) => row.map(csvCell).join(","));
  return `${lines.join("\r\n")}\r\n`;
}

/** A spreadsheet must not take a stranger's name for a formula: such a cell begins with an apostrophe. */
function csvCell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Writes the file; its folder must exist. */
export async function writeParquet(input: ExportInput, path: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { autoinstall_known_extensions: "false", autoload_known_extensions: "false" });
  try {
    const connection = await instance.connect();
    try {
      await connection.run(`CREATE TABLE findings (${COLUMNS.map((c) => `"${c.name}" ${c.type}`).join(", ")})`);
      const insert = await connection.prepare(
        `INSERT INTO findings VALUES (${COLUMNS.map((c, i) => (c.type === "TIMESTAMP_NS" ? `CAST($${i + 1} AS TIMESTAMP_NS)` : `$${i + 1}`)).join(", ")})`,
      );
      for (const row of rowsOf(input)) {
        row.forEach((value, i) => {
          if (value === null) insert.bindNull(i + 1);
          else if (typeof value === "number") insert.bindBigInt(i + 1, BigInt(value));
          else insert.bindVarchar(i + 1, value.replace(/Z$/, COLUMNS[i]?.type === "TIMESTAMP_NS" ? "" : "Z"));
        });
        await insert.run();
      }
      await connection.run(`COPY findings TO '${path.replaceAll("'", "''")}' (FORMAT parquet, COMPRESSION zstd)`);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}
