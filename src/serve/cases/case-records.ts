/** Records of a case's log as the server reads and adds them. */
import { addCustody, type CustodyEntry } from "#evidence/custody/custody.ts";
import { openCaseLog, readCaseLog, type CaseLog } from "#evidence/log/case-log.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { CaseRecords } from "./casework.ts";

export class CaseLogRecords implements CaseRecords {
  private readonly folder: string;
  private readonly signer: () => Signer;
  private writing: CaseLog | undefined = undefined;

  constructor(folder: string, signer: () => Signer) {
    this.folder = folder;
    this.signer = signer;
  }

  /** The log to read; undefined where the case has none yet. Throws `EvidenceError` where it is damaged. */
  reading(): CaseLog | undefined {
    if (this.writing === undefined) return readCaseLog(this.folder);
    this.writing.refresh();
    return this.writing;
  }

  append(type: string, record: Readonly<Record<string, unknown>>): number {
    this.writing ??= openCaseLog(this.folder, this.signer());
    return this.writing.append(type, record).index;
  }

  /** Who did what with the case, and why. Throws `EvidenceError` where the text names a subscriber. */
  custody(entry: CustodyEntry): number {
    this.writing ??= openCaseLog(this.folder, this.signer());
    return addCustody(this.writing, entry).index;
  }

  *entries(types: readonly string[]): Generator<{ readonly index: number; readonly type: string; readonly record: unknown }> {
    const log = this.reading();
    if (log === undefined) return;
    const found = types.flatMap((type) => [...log.records(type)]).sort((a, b) => a.index - b.index);
    for (const { index, type, value } of found) yield { index, type, record: value };
  }

  close(): void {
    this.writing?.close();
    this.writing = undefined;
  }
}
