/** One reading thread, seen from the analysis. */
import { Worker } from "node:worker_threads";
import type { PointRegistry } from "#capture/reader.ts";
import type { FrameBatch } from "#model/frame.ts";
import { LiveCapture } from "./live-capture.ts";
import { type FramesMessage, type LiveSource, type ThreadMessage, type ThreadOrder, Word } from "./messages.ts";

/** Who takes what the threads read. */
export interface LiveTaker {
  /** A capture begins; its number is its place in the run. */
  began(capture: LiveCapture): void;
  frames(batch: FrameBatch, capture: LiveCapture): void;
  /** A source is at its end; `why` is a sentence where it should not be. */
  ended(thread: ReaderThread, why: string | null): void;
}

export interface ReaderThreadSettings {
  readonly source: LiveSource;
  readonly name: string;
  /** When behind, sample and drop; else the source waits. */
  readonly shed: boolean;
  readonly shedKey: readonly [number, number];
  readonly registry: PointRegistry;
  /** Hands out the numbers of captures, one run's for all threads. */
  readonly number: () => number;
}

export class ReaderThread {
  readonly name: string;
  readonly source: LiveSource;
  readonly captures: LiveCapture[] = [];
  private readonly words: Int32Array;
  private readonly worker: Worker;
  private readonly taker: LiveTaker;
  private readonly settings: ReaderThreadSettings;
  private over = false;
  private readonly done: Promise<void>;

  constructor(settings: ReaderThreadSettings, taker: LiveTaker) {
    this.settings = settings;
    this.taker = taker;
    this.name = settings.name;
    this.source = settings.source;
    const words = new SharedArrayBuffer(Word.COUNT * 4);
    this.words = new Int32Array(words);
    const order: ThreadOrder = { source: settings.source, name: settings.name, words, shed: settings.shed, shedKey: settings.shedKey };
    this.worker = new Worker(workerFile(), { workerData: order, resourceLimits: { maxOldGenerationSizeMb: 256 } });
    this.done = new Promise((resolve) => {
      const finish = (why: string | null): void => {
        if (this.over) return;
        this.over = true;
        for (const capture of this.captures) capture.ended = true;
        taker.ended(this, why);
        resolve();
      };
      this.worker.on("message", (message: ThreadMessage) => {
        if (message.kind === "end") finish(message.why);
        else this.take(message);
      });
      this.worker.on("error", (error) => finish(error.message));
      this.worker.on("exit", () => finish("the reading thread ended"));
    });
  }

  /** Octets of frames that wait. */
  get queued(): number {
    return Atomics.load(this.words, Word.QUEUED);
  }

  /** Asks the thread to end and resolves when all that it had is handed over. */
  async stop(): Promise<void> {
    Atomics.store(this.words, Word.STOP, 1);
    await this.done;
    await this.worker.terminate();
  }

  private take(message: Exclude<ThreadMessage, { kind: "end" }>): void {
    switch (message.kind) {
      case "capture": {
        const capture = new LiveCapture(this.settings.number(), message.file, message.path, message.format);
        this.captures[message.capture] = capture;
        this.taker.began(capture);
        return;
      }
      case "point": {
        const capture = this.captures[message.capture];
        if (capture === undefined) return;
        const { interfaceId, interfaceName, linkType, snapLength } = message;
        capture.points.push(this.settings.registry.add({ capture: capture.capture, interfaceId, interfaceName, linkType, snapLength }));
        return;
      }
      case "frames":
        this.frames(message);
        return;
      case "stats":
        this.captures[message.capture]?.take(message);
        return;
      case "captured": {
        const capture = this.captures[message.capture];
        if (capture !== undefined) {
          capture.sha256 = message.sha256;
          capture.ended = true;
        }
      }
    }
  }

  private frames(message: FramesMessage): void {
    const capture = this.captures[message.capture];
    try {
      if (capture === undefined) return;
      const { point, count } = message;
      for (let i = 0; i < count; i++) point[i] = capture.points[point[i] as number]?.index ?? 0;
      this.taker.frames({ ...message }, capture);
    } finally {
      Atomics.sub(this.words, Word.QUEUED, message.bytes.length);
    }
  }
}

/** Beside this file as source, in the bundle's folder when built (`tools/build`). */
function workerFile(): URL {
  const here = import.meta.url;
  if (here.endsWith(".ts")) return new URL("./reader-worker.ts", here);
  return new URL(/\/chunks\/[^/]*$/.test(here) ? "../reader-worker.js" : "./reader-worker.js", here);
}
