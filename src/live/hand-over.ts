/** Puts frames into memory of their own and hands them to the analysis, fewer of them while it is behind. */
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import type { FrameBatch } from "#model/frame.ts";
import { LIVE_LIMITS } from "./limits.ts";
import { type FramesMessage, type ShedCounters, Word } from "./messages.ts";
import { rateFor, Shedder } from "./shed.ts";

export class HandOver {
  readonly shed: ShedCounters = { sampledOut: 0, rate: 1, dropped: 0, fromMicros: NaN, toMicros: NaN };
  private readonly words: Int32Array;
  private readonly shedder: Shedder | null;
  private readonly post: (message: FramesMessage, memory: ArrayBuffer[]) => void;
  private readonly view = new PacketView();
  /** Frames handed over so far, by capture: live frames are numbered as they are kept. */
  private readonly numbers: number[] = [];

  /** `shedKey`: null where the source waits instead. */
  constructor(
    words: SharedArrayBuffer,
    shedKey: readonly [number, number] | null,
    post: (message: FramesMessage, memory: ArrayBuffer[]) => void,
  ) {
    this.words = new Int32Array(words);
    this.shedder = shedKey === null ? null : new Shedder(shedKey);
    this.post = post;
  }

  /** How full the queue is, 0 … 1 and above. */
  get fill(): number {
    return Atomics.load(this.words, Word.QUEUED) / LIVE_LIMITS.queueOctets;
  }

  /** Waits, where the source can, until there is room. */
  async room(): Promise<void> {
    while (this.shedder === null && this.fill >= 1 && Atomics.load(this.words, Word.STOP) === 0) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** A batch of capture `capture`; `linkTypes` by the batch's point numbers. The batch may be reused afterwards. */
  batch(batch: FrameBatch, capture: number, linkTypes: readonly number[]): void {
    if (batch.count === 0) return;
    const rate = this.shedder === null ? 1 : rateFor(this.fill);
    if (this.shedder !== null && this.fill >= 1) {
      this.shed.dropped += batch.count;
      this.noteTime(batch, 0);
      this.noteTime(batch, batch.count - 1);
      return;
    }
    for (let from = 0; from < batch.count;) from = this.block(batch, from, capture, linkTypes, rate);
  }

  /** Hands over frames from `from` on, as many as a block holds; answers where the next block begins. */
  private block(batch: FrameBatch, from: number, capture: number, linkTypes: readonly number[], rate: number): number {
    let to = from;
    let octets = 0;
    while (
      to < batch.count &&
      to - from < LIVE_LIMITS.blockFrames &&
      (to === from || octets + (batch.captured[to] as number) <= LIVE_LIMITS.blockOctets)
    )
      octets += batch.captured[to++] as number;
    const size = to - from;
    const message = {
      kind: "frames" as const,
      capture,
      bytes: new Uint8Array(octets),
      count: 0,
      offset: new Int32Array(size),
      captured: new Int32Array(size),
      original: new Int32Array(size),
      sec: new Float64Array(size),
      nsec: new Int32Array(size),
      point: new Int32Array(size),
      firstFrame: (this.numbers[capture] ?? 0) + 1,
    };
    let at = 0;
    for (let i = from; i < to; i++) {
      const start = batch.offset[i] as number;
      const captured = batch.captured[i] as number;
      if (rate > 1 && !this.keeps(batch, i, linkTypes, rate)) continue;
      const n = message.count++;
      message.bytes.set(batch.bytes.subarray(start, start + captured), at);
      message.offset[n] = at;
      message.captured[n] = captured;
      message.original[n] = batch.original[i] as number;
      message.sec[n] = batch.sec[i] as number;
      message.nsec[n] = batch.nsec[i] as number;
      message.point[n] = batch.point[i] as number;
      at += captured;
    }
    if (message.count === 0) return to;
    this.numbers[capture] = message.firstFrame + message.count - 1;
    Atomics.add(this.words, Word.QUEUED, message.bytes.length);
    this.post(message, [
      message.bytes.buffer,
      message.offset.buffer,
      message.captured.buffer,
      message.original.buffer,
      message.sec.buffer,
      message.nsec.buffer,
      message.point.buffer,
    ]);
    return to;
  }

  private keeps(batch: FrameBatch, i: number, linkTypes: readonly number[], rate: number): boolean {
    const { view } = this;
    decodeFrame(
      view,
      batch.bytes,
      batch.offset[i] as number,
      batch.captured[i] as number,
      batch.original[i] as number,
      linkTypes[batch.point[i] as number] ?? 1,
    );
    if (this.shedder?.keeps(view, rate) !== false) return true;
    this.shed.sampledOut++;
    if (rate > this.shed.rate) this.shed.rate = rate;
    this.noteTime(batch, i);
    return false;
  }

  private noteTime(batch: FrameBatch, i: number): void {
    const micros = (batch.sec[i] as number) * 1e6 + (batch.nsec[i] as number) / 1e3;
    if (Number.isNaN(this.shed.fromMicros) || micros < this.shed.fromMicros) this.shed.fromMicros = micros;
    if (Number.isNaN(this.shed.toMicros) || micros > this.shed.toMicros) this.shed.toMicros = micros;
  }
}
