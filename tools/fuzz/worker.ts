/** One target in a thread of its own: the thread that started it sees the input at hand, and ends what hangs. */
import { pathToFileURL, fileURLToPath } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { readCorpus } from "./corpus.ts";
import { Coverage } from "./coverage.ts";
import { dice, mutated } from "./mutate.ts";
import { type FuzzDone, type FuzzFault, type FuzzOrder, HEAD } from "./order.ts";
import { seedsFor } from "./seeds.ts";
import { type Target, targetNamed } from "./targets.ts";

/** Inputs between two looks at the coverage. */
const BATCH = 4_096;
/** Milliseconds of CPU that one input may take; three times in a row, so that a loaded machine accuses nobody. */
const SLOW_MS = 1_000;
/** Faults after which a target is left. */
const MOST_FAULTS = 5;

const order = workerData as FuzzOrder;
const place = new Int32Array(order.shared, 0, 2);
const octets = new Uint8Array(order.shared, HEAD);

class Fuzzer {
  readonly faults: FuzzFault[] = [];
  readonly corpus: Uint8Array[] = [];
  tried = 0;
  private lookMs = 10;
  private readonly target: Target;
  private readonly coverage = new Coverage(pathToFileURL(fileURLToPath(new URL("../../", import.meta.url))).href);
  private readonly whys = new Set<string>();

  constructor(target: Target) {
    this.target = target;
  }

  /** Keeps the input where it runs code that no other did. */
  async keep(input: Uint8Array): Promise<void> {
    await this.run(input);
    if (this.coverage.take() > 0) this.corpus.push(input);
  }

  /** Inputs until `end`, at most a batch, and what of them leads further. */
  async batch(roll: (below: number) => number, end: number): Promise<void> {
    const { corpus, target } = this;
    const inputs: Uint8Array[] = [];
    // A look at the coverage takes as long as hundreds of inputs: it is worth ten times its own time.
    const until = Math.min(end, performance.now() + 10 * this.lookMs);
    while (inputs.length < BATCH && (inputs.length === 0 || performance.now() < until) && !this.done) {
      // What was found last leads furthest.
      const from = roll(2) === 0 ? roll(corpus.length) : Math.max(0, corpus.length - 1 - roll(16));
      const input = mutated(corpus[from] ?? EMPTY, corpus[roll(corpus.length)] ?? EMPTY, target.words ?? [], roll, target.longest ?? 8192);
      inputs.push(input);
      await this.run(input);
    }
    const before = performance.now();
    const isNew = this.coverage.isNew();
    this.lookMs = performance.now() - before;
    if (isNew) await this.halve(inputs);
  }

  /** Finds those of the inputs that run new code, by halves. */
  private async halve(inputs: readonly Uint8Array[]): Promise<void> {
    const middle = inputs.length >> 1;
    for (const half of [inputs.slice(0, middle), inputs.slice(middle)]) {
      if (half.length === 1) await this.keep(half[0] as Uint8Array);
      if (half.length < 2) continue;
      for (const input of half) await this.run(input);
      if (this.coverage.isNew()) await this.halve(half);
    }
  }

  get covered(): number {
    return this.coverage.covered;
  }

  private async run(input: Uint8Array): Promise<void> {
    const before = process.threadCpuUsage();
    const why = await this.attempt(input);
    if (why !== undefined) this.fault(why, input);
    else if (spent(before) > SLOW_MS && (await this.isSlow(input))) this.fault(`takes more than ${SLOW_MS} ms`, input);
  }

  private async isSlow(input: Uint8Array): Promise<boolean> {
    for (let again = 0; again < 2; again++) {
      const before = process.threadCpuUsage();
      await this.attempt(input);
      if (spent(before) <= SLOW_MS) return false;
    }
    return true;
  }

  private async attempt(input: Uint8Array): Promise<string | undefined> {
    place[0] = input.length;
    octets.set(input);
    place[1] = ++this.tried;
    try {
      await this.target.run(input);
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  }

  /** One fault is told once, by its kind and place. */
  private fault(why: string, input: Uint8Array): void {
    const key = why.split("\n").slice(0, 2).join().replaceAll(/\d+/g, "");
    if (this.whys.has(key)) return;
    this.whys.add(key);
    this.faults.push({ why, input: input.slice() });
  }

  get done(): boolean {
    return this.faults.length >= (order.until ?? MOST_FAULTS);
  }
}

const EMPTY = new Uint8Array(0);

function spent(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since);
  return (user + system) / 1000;
}

const target =
  order.module === undefined ? targetNamed(order.target) : ((await import(order.module)) as { readonly target: Target }).target;
const fuzzer = new Fuzzer(target);
const roll = dice(order.seed);
for (const input of readCorpus(order.target)) await fuzzer.keep(input);
if (order.seeds) for (const input of await seedsFor(target)) await fuzzer.keep(input);
if (fuzzer.corpus.length === 0) fuzzer.corpus.push(EMPTY);
const end = performance.now() + order.seconds * 1000;
while (performance.now() < end && !fuzzer.done) await fuzzer.batch(roll, end);
const { tried, covered, corpus, faults } = fuzzer;
parentPort?.postMessage({ tried, covered, corpus, faults } satisfies FuzzDone);
