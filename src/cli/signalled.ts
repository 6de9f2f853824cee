import { ifInterrupted } from "./interrupt.ts";

/** Resolves on SIGINT or SIGTERM: the command then ends in its own way. Who asks twice does not wait for that. */
export function signalled(): Promise<void> {
  ifInterrupted(null);
  return new Promise((resolve) => {
    let asked = false;
    const stop = (): void => {
      if (asked) process.exit(3);
      asked = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
}
