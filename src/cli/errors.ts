/** What ends a command early, and with which exit code (`contract.md` §2). */

export const EXIT = { DONE: 0, FOUND: 1, USAGE: 2, INTERNAL: 3 } as const;

/** The call or its input cannot be used. The message is one line: what, where, what to do. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = EXIT.USAGE;
}

/** Stages below declare their own errors; those that are the caller's to mend carry `exitCode` 2. */
export function exitCodeOf(error: unknown): number {
  if (typeof error === "object" && error !== null) {
    if ("exitCode" in error && typeof error.exitCode === "number") return error.exitCode;
    if ("name" in error && error.name === "CaptureError") return EXIT.USAGE;
    if (fileTrouble(error) !== undefined) return EXIT.USAGE;
  }
  return EXIT.INTERNAL;
}

/** One line for stderr; with `TAPPROOF_DEBUG` the stack of an internal error too. `program` is how it was called (`program-name.ts`). */
export function errorText(error: unknown, debug: boolean, program = "tapproof"): string {
  const said = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*[\r\n]+\s*/g, "; ").slice(0, 2000);
  const message = typed(said, program);
  const trouble = fileTrouble(error);
  if (trouble !== undefined) return `tapproof: ${visible(trouble)}\n`;
  if (exitCodeOf(error) !== EXIT.INTERNAL) return `tapproof: ${visible(message)}\n`;
  const stack = debug && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  const hint = debug ? "" : " (TAPPROOF_DEBUG=1 shows where; please report it)";
  return `tapproof: internal error: ${visible(message)}${hint}\n${stack}`;
}

/** Stages below name commands in quotes (`"tapproof scan --case"`) and know nothing of how the program was called. */
export function typed(message: string, program: string): string {
  return message.replaceAll(/"tapproof (?=[a-z])/g, () => `"${program} `);
}

/** What the machine refused about a file that the caller named, and what can be done: no fault of the program. */
const REFUSALS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder; check the path",
  ENOTDIR: "part of the path is not a folder; check the path",
  EISDIR: "is a folder; name a file",
  EACCES: "permission denied; name a place that you may use, or check who may",
  EPERM: "not permitted; name a place that you may use, or check who may",
  EROFS: "the disk is read-only; name another place",
  ENOSPC: "no space is left on the disk; free some, or name another place",
  EDQUOT: "the disk quota is used up; free some, or name another place",
  ENAMETOOLONG: "the name is too long; choose a shorter one",
  ELOOP: "links lead in a circle; check the path",
};
/** Files are written beside under a passing name first; the caller named the one without. */
const PASSING = /(?:\.\d+\.[0-9a-f]{8})?\.tmp$/;

function fileTrouble(error: unknown): string | undefined {
  if (!(error instanceof Error) || "exitCode" in error) return undefined;
  const { code, path } = error as NodeJS.ErrnoException;
  const why = code === undefined ? undefined : REFUSALS[code];
  if (why === undefined) return undefined;
  return path === undefined ? (code === "ENOSPC" || code === "EDQUOT" ? why : undefined) : `${path.replace(PASSING, "")}: ${why}`;
}

/** File names and the like may hold control characters; a terminal must not obey them. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
