/** The operator's own list of device types: CSV with a header of `tac, manufacturer, model` (GSMA TS.06 allocates the codes; no list is shipped). */
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { readCsv } from "#register/csv.ts";

export interface DeviceType {
  readonly manufacturer: string | null;
  readonly model: string | null;
}

export class TacListError extends Error {
  override readonly name = "TacListError";
  readonly exitCode = 2;
}

/** Characters of a list of device types; a longer one is refused. */
const MAX_BYTES = 64 * 1024 * 1024;

export class TacList {
  readonly name: string;
  private readonly types: ReadonlyMap<string, DeviceType>;

  private constructor(name: string, types: ReadonlyMap<string, DeviceType>) {
    this.name = name;
    this.types = types;
  }

  /** Throws `TacListError`. */
  static load(path: string): TacList {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw new TacListError(
        `${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"}), expected a CSV list of device types`,
      );
    }
    if (text.length > MAX_BYTES)
      throw new TacListError(`${path}: is longer than ${MAX_BYTES} characters, expected a CSV list of device types`);
    const read = readCsv(text);
    if (!("rows" in read)) throw new TacListError(`${path}:${read.line}:${read.column}: ${read.message}`);
    const header = (read.rows[0] ?? []).map((cell) => cell.text.trim().toLowerCase());
    const at = (names: readonly string[]): number => header.findIndex((name) => names.includes(name));
    const tac = at(["tac"]);
    if (tac < 0) throw new TacListError(`${path}:1:1: has no column "tac", expected a header of tac, manufacturer, model`);
    const manufacturer = at(["manufacturer", "brand", "vendor"]);
    const model = at(["model", "name", "marketing name"]);
    const types = new Map<string, DeviceType>();
    for (const row of read.rows.slice(1)) {
      const code = row[tac]?.text.trim() ?? "";
      if (/^\d{8}$/.test(code))
        types.set(code, { manufacturer: row[manufacturer]?.text.trim() || null, model: row[model]?.text.trim() || null });
    }
    return new TacList(basename(path), types);
  }

  find(tac: string): DeviceType | undefined {
    return this.types.get(tac);
  }
}
