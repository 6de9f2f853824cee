/** Ctrl-C: what is kept and how to go on is said before the program ends as the signal ends it. */

/** What to say if the command is interrupted now; null where there is nothing to say. */
let words: (() => string) | null = null;

/** The command at work says what an interruption leaves behind; `null` where that no longer holds. */
export function ifInterrupted(say: (() => string) | null): void {
  words = say;
}

/**
 * Called once, by the program's start. A command that ends on the signal in a way of its own (`serve`, `witness`) listens itself. The
 * program then ends by the signal, so that a shell's loop around it ends too.
 */
export function onInterrupt(stderr: { write(text: string): unknown; readonly isTTY?: boolean }): void {
  const end = (): void => {
    if (process.listenerCount("SIGINT") > 1) return;
    const said = words?.() ?? "";
    stderr.write(`${stderr.isTTY === true ? "\r\u001b[K" : ""}tapproof: interrupted${said === "" ? "" : `; ${said}`}\n`);
    process.removeListener("SIGINT", end);
    process.kill(process.pid, "SIGINT");
  };
  process.on("SIGINT", end);
}
