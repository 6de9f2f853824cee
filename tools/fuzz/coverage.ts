/**
 * What of `src/` was run, block by block, as V8 counts it. Not instrumented sources: what is fuzzed is what is run.
 * (Jazzer.js 4 hooks CommonJS and does not see modules that Node loads from TypeScript.)
 */
import { Session } from "node:inspector";
import type { Profiler } from "node:inspector";

export class Coverage {
  private readonly session = new Session();
  /** One octet a character of each function: 1 where it was run. */
  private readonly functions = new Map<string, Uint8Array>();
  /** Ways through functions that were seen: they bring nothing new. */
  private readonly ways = new Set<string>();
  private readonly root: string;
  /** Characters of code that were run so far. */
  covered = 0;

  /** `root`: URL that scripts begin with. */
  constructor(root: string) {
    this.root = root;
    this.session.connect();
    this.session.post("Profiler.enable");
    this.session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
    this.take();
  }

  /** As `take`, and nothing is noted: what brought it can be looked for. */
  isNew(): boolean {
    return this.scripts().some(([script, one]) => !this.ways.has(wayOf(script, one)));
  }

  /** How many characters were run since the last call that had never been run before. */
  take(): number {
    const before = this.covered;
    for (const [script, one] of this.scripts()) this.note(script, one);
    return this.covered - before;
  }

  close(): void {
    this.session.disconnect();
  }

  private scripts(): (readonly [string, Profiler.FunctionCoverage])[] {
    let scripts: Profiler.ScriptCoverage[] = [];
    // A session with its own thread answers before `post` returns.
    this.session.post("Profiler.takePreciseCoverage", (error, answer) => {
      if (error === null) scripts = answer.result;
    });
    return scripts
      .filter(({ url }) => url.startsWith(this.root))
      .flatMap(({ scriptId, functions }) =>
        functions.filter(({ ranges }) => (ranges[0]?.count ?? 0) > 0).map((one) => [scriptId, one] as const),
      );
  }

  private note(script: string, one: Profiler.FunctionCoverage): void {
    const { ranges } = one;
    const whole = ranges[0] as Profiler.CoverageRange;
    const way = wayOf(script, one);
    if (this.ways.has(way)) return;
    this.ways.add(way);
    const key = `${script}:${whole.startOffset}:${whole.endOffset}`;
    const length = whole.endOffset - whole.startOffset;
    const now = new Uint8Array(length);
    for (const { startOffset, endOffset, count } of ranges)
      now.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset);
    const ever = this.functions.get(key);
    if (ever === undefined) {
      this.functions.set(key, now);
      for (const one of now) this.covered += one;
      return;
    }
    for (let i = 0; i < length; i++) {
      if (now[i] === 1 && ever[i] === 0) {
        ever[i] = 1;
        this.covered++;
      }
    }
  }
}

/** A function with the places of it that were not run. */
function wayOf(script: string, { ranges }: Profiler.FunctionCoverage): string {
  let way = script;
  for (const { startOffset, endOffset, count } of ranges) if (count === 0 || way === script) way += `,${startOffset}-${endOffset}`;
  return way;
}
