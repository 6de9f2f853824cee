/** The program itself, started as a process of its own: what reads captures may die without harm to the server. */
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** How to start the command line: `[file, ...arguments]`. */
export type Program = readonly [string, ...string[]];

export interface Ended {
  /** null: it was killed. */
  readonly code: number | null;
  readonly stdout: Buffer;
  /** The last line of its messages. */
  readonly said: string;
}

export interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface RunSettings {
  readonly heapMiB: number;
  /** A process that says and writes nothing for so long is stopped. */
  readonly silenceMs: number;
  /** Octets of its output that are kept; more stops it. */
  readonly maxOutput: number;
  /** JSON lines about how far it is. */
  readonly progress?: (line: Readonly<Record<string, unknown>>) => void;
}

const KILL_AFTER_MS = 5000;

export function run(program: Program, args: readonly string[], settings: RunSettings): Run {
  const [file, ...rest] = program;
  const child = spawn(file, [`--max-old-space-size=${settings.heapMiB}`, ...rest, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TAPPROOF_PROGRESS: "json", NO_COLOR: "1" },
  });
  const chunks: Buffer[] = [];
  let kept = 0;
  let said = "";
  let tooMuch = false;
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      said = `nothing was heard of it for ${Math.round(settings.silenceMs / 1000)} s`;
      stop(child);
    }, settings.silenceMs);
  };
  watch();
  child.stdout?.on("data", (chunk: Buffer) => {
    watch();
    kept += chunk.length;
    if (kept <= settings.maxOutput) chunks.push(chunk);
    else if (!tooMuch) {
      tooMuch = true;
      said = "it wrote more than the server keeps";
      stop(child);
    }
  });
  if (child.stderr !== null) {
    createInterface({ input: child.stderr }).on("line", (line) => {
      watch();
      if (line.startsWith("{")) {
        try {
          settings.progress?.(JSON.parse(line) as Record<string, unknown>);
          return;
        } catch {
          // a message that happens to begin with a brace
        }
      }
      if (!tooMuch && line.trim() !== "") said = line.slice(0, 500);
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on("error", (error) => {
      clearTimeout(timer);
      resolve({ code: null, stdout: Buffer.concat(chunks), said: error.message });
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: tooMuch ? null : code, stdout: Buffer.concat(chunks), said });
    });
  });
  return { child, ended };
}

export function stop(child: ChildProcess): void {
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), KILL_AFTER_MS);
  timer.unref();
  child.on("exit", () => clearTimeout(timer));
}
