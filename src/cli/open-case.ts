import { recoverAt, recoveryText } from "#run/case-scan.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { CaseFolder } from "#store/case-folder.ts";
import { typed, visible } from "./errors.ts";
import { asTyped } from "./program-name.ts";

interface Io {
  readonly stderr: { write(text: string): unknown };
}

/** A case to read; a scan of which it shows nothing is told. Throws `CaseError` where it cannot be shown. */
export function openCase(path: string, io: Io): CaseFolder {
  const folder = CaseFolder.open(path);
  if (folder.notice !== null) io.stderr.write(`tapproof: warning: ${visible(typed(folder.notice, asTyped(process.env)))}\n`);
  return folder;
}

/** A case to write to: what a scan left that was cut short is ended first. */
export async function openCaseToWrite(path: string, io: Io, signer: () => Signer): Promise<CaseFolder> {
  const recovered = await recoverAt(path, signer);
  if (recovered !== null) io.stderr.write(`tapproof: ${visible(recoveryText(path, recovered))}\n`);
  return openCase(path, io);
}
