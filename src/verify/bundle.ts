/** The bundle as the checks read it, and the list that they write. */
import type { Json, JsonObject } from "./canonical.ts";
import type { Container, Part } from "./container.ts";
import type { Checkpoint, Key } from "./note.ts";
import { asObjects, asText } from "./records.ts";
import { Failure, type Check, type Primitives, type Status } from "./result.ts";

/** Ends a check that could not be made; says why. */
export class NotChecked extends Error {
  override readonly name = "NotChecked";
  /** The caller gave what this check takes, and it could not be made: that is no success. */
  readonly asked: boolean;
  constructor(why: string, asked = false) {
    super(why);
    this.asked = asked;
  }
}

export interface LoggedRecord {
  readonly index: number;
  readonly type: string;
  readonly sha256: string;
  readonly part: string;
  readonly record: JsonObject;
  readonly octets: Uint8Array;
}

/** The bundle as far as it has been read; filled by the checks of L1 in their order. */
export class Bundle {
  readonly octets: Uint8Array;
  readonly primitives: Primitives;
  container: Container | undefined;
  signer: Key | undefined;
  checkpoint: Checkpoint | undefined;
  leaves: readonly Uint8Array[] | undefined;
  readonly records: LoggedRecord[] = [];
  private readonly hashes = new Map<string, LoggedRecord>();
  private readonly types = new Map<string, LoggedRecord[]>();
  private readonly findings = new Map<string, LoggedRecord[]>();

  constructor(octets: Uint8Array, primitives: Primitives) {
    this.octets = octets;
    this.primitives = primitives;
  }

  part(name: string): Part {
    const part = this.container?.byName(name);
    if (part === undefined) throw new Failure("is missing", name);
    return part;
  }

  add(record: LoggedRecord): void {
    this.records.push(record);
    this.hashes.set(record.sha256, record);
    push(this.types, record.type, record);
    if (record.type === "finding") push(this.findings, asText(record.record["id"]), record);
  }

  /** The record with this hash; it must be of this type. */
  named(sha256: Json | undefined, type: string, by: LoggedRecord): LoggedRecord {
    const found = this.hashes.get(asText(sha256));
    if (found === undefined) throw new Failure(`names a ${type} record that is not in the bundle`, by.part);
    if (found.type !== type) throw new Failure(`names a record of type ${found.type} where a ${type} belongs`, by.part);
    return found;
  }

  has(sha256: string): boolean {
    return this.hashes.has(sha256);
  }

  /** Records of this finding id: several where several runs found it. */
  findingsOf(id: Json | undefined): readonly LoggedRecord[] {
    return this.findings.get(asText(id)) ?? [];
  }

  /** Findings that are here, each with the run that lists it. */
  findingsByRun(): readonly (readonly [LoggedRecord, LoggedRecord])[] {
    return this.of("coverage").flatMap((run) =>
      asObjects(run.record["findings"]).flatMap(({ record }) =>
        this.has(asText(record)) ? [[run, this.named(record, "finding", run)] as const] : [],
      ),
    );
  }

  of(type: string): readonly LoggedRecord[] {
    return this.types.get(type) ?? [];
  }
}

function push(into: Map<string, LoggedRecord[]>, name: string, record: LoggedRecord): void {
  const list = into.get(name);
  if (list === undefined) into.set(name, [record]);
  else list.push(record);
}

/** Collects checks; a check that needs what an earlier one could not give is not made. */
export class CheckList {
  readonly checks: Check[] = [];
  /** Codes of checks that the caller asked for and that could not be made. */
  readonly unmet: string[] = [];
  private blocked: string | undefined;

  /** `work` answers the detail of a passed check, or throws `Failure` or `NotChecked`. */
  async check(code: string, level: Check["level"], name: string, work: () => Promise<string> | string, essential = false): Promise<void> {
    const add = (status: Status, detail: string, part?: string): void =>
      void this.checks.push({ code, level, name, status, detail, ...(part === undefined ? {} : { part }) });
    if (this.blocked !== undefined) return add("not checked", `because ${this.blocked} failed`);
    try {
      add("passed", await work());
    } catch (error) {
      if (error instanceof NotChecked) {
        add("not checked", error.message);
        if (error.asked) this.unmet.push(code);
      } else if (error instanceof Failure) add("failed", `${error.part === undefined ? "" : `${error.part} `}${error.message}`, error.part);
      // Octets of a stranger must never end the program: whatever went wrong, the check did not hold.
      else add("failed", `could not be checked: ${error instanceof Error ? error.message : String(error)}`);
      if (essential && this.checks.at(-1)?.status === "failed") this.blocked = code;
    }
  }

  holds(level: Check["level"]): boolean {
    return this.checks.filter((c) => c.level === level).every((c) => c.status !== "failed");
  }
}
