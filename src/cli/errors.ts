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
  }
  return EXIT.INTERNAL;
}

/** One line for stderr; with `TAPPROOF_DEBUG` the stack of an internal error too. */
export function errorText(error: unknown, debug: boolean): string {
  const message = (error instanceof Error ? error.message : String(error)).replaceAll(/\s*[\r\n]+\s*/g, "; ").slice(0, 2000);
  if (exitCodeOf(error) !== EXIT.INTERNAL) return `tapproof: ${visible(message)}\n`;
  const stack = debug && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  const hint = debug ? "" : " (TAPPROOF_DEBUG=1 shows where; please report it)";
  return `tapproof: internal error: ${visible(message)}${hint}\n${stack}`;
}

/** File names and the like may hold control characters; a terminal must not obey them. */
export function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, (c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
}
