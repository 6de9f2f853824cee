/**
 * The packets of the last seconds of a watch, so that evidence can still be carved when a finding matures. Short by time and by octets, and
 * encrypted with a key that is drawn for the process and held in its memory only: what a swap file or a core dump shows is noise. Frames that a
 * finding names are kept, encrypted too, until they are carved; all others are forgotten.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { FrameBatch } from "#model/frame.ts";

export interface BufferSettings {
  /** Octets of frames kept; 0 keeps none. */
  readonly octets: number;
  /** Seconds of capture time kept. */
  readonly seconds: number;
}

/** Octets of frames kept for findings; past it further frames are not kept, and carving says so. */
const KEPT_OCTETS = 64 << 20;
const HEADER = 24;
const ALGORITHM = "aes-256-gcm";

interface Sealed {
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly octets: Uint8Array;
}

interface Block extends Sealed {
  readonly capture: number;
  readonly firstFrame: number;
  readonly count: number;
  readonly lastSec: number;
}

/** One frame as it was captured. `point`: number of the point in the run. */
export interface KeptFrame {
  readonly frame: number;
  readonly point: number;
  readonly original: number;
  readonly sec: number;
  readonly nsec: number;
  readonly bytes: Uint8Array;
}

export class RollingBuffer {
  /** Frames that findings named and that were no longer there. */
  missed = 0;
  private readonly settings: BufferSettings;
  private readonly key = randomBytes(32);
  /** Oldest first; before `gone` they are forgotten. */
  private blocks: (Block | undefined)[] = [];
  private gone = 0;
  private octets = 0;
  private newestSec = 0;
  private readonly kept = new Map<string, Sealed>();
  private keptOctets = 0;

  constructor(settings: BufferSettings) {
    this.settings = settings;
  }

  put(batch: FrameBatch, capture: number): void {
    if (this.settings.octets === 0 || batch.count === 0) return;
    const plain = pack(batch, 0, batch.count);
    const lastSec = batch.sec[batch.count - 1] as number;
    if (lastSec > this.newestSec) this.newestSec = lastSec;
    this.blocks.push({ ...this.seal(plain), capture, firstFrame: batch.firstFrame, count: batch.count, lastSec });
    this.octets += plain.length;
    this.forget();
  }

  /** Keeps frames of a capture for a finding. */
  keep(capture: number, frames: readonly number[]): void {
    const wanted = new Set(frames.filter((frame) => !this.kept.has(`${capture} ${frame}`)));
    if (wanted.size === 0) return;
    const [low, high] = [Math.min(...wanted), Math.max(...wanted)];
    for (let i = this.gone; i < this.blocks.length && wanted.size > 0; i++) {
      const block = this.blocks[i];
      if (block === undefined || block.capture !== capture || block.firstFrame > high || block.firstFrame + block.count <= low) continue;
      for (const found of unpack(this.open(block), block.firstFrame, block.count)) {
        if (!wanted.delete(found.frame) || this.keptOctets + found.bytes.length > KEPT_OCTETS) continue;
        const sealed = this.seal(packed(found));
        this.kept.set(`${capture} ${found.frame}`, sealed);
        this.keptOctets += sealed.octets.length;
      }
    }
    this.missed += wanted.size;
  }

  /** The frames of a capture that were kept, by number. */
  frames(capture: number): KeptFrame[] {
    const found: KeptFrame[] = [];
    for (const [name, sealed] of this.kept) {
      const [of, frame] = name.split(" ").map(Number);
      if (of === capture) found.push(...unpack(this.open(sealed), frame as number, 1));
    }
    return found.sort((a, b) => a.frame - b.frame);
  }

  private forget(): void {
    const { octets, seconds } = this.settings;
    while (this.gone < this.blocks.length) {
      const oldest = this.blocks[this.gone] as Block;
      if (this.octets <= octets && this.newestSec - oldest.lastSec <= seconds) break;
      this.octets -= oldest.octets.length;
      this.blocks[this.gone++] = undefined;
    }
    if (this.gone > 1024 && this.gone * 2 > this.blocks.length) {
      this.blocks = this.blocks.slice(this.gone);
      this.gone = 0;
    }
  }

  private seal(plain: Uint8Array): Sealed {
    const iv = randomBytes(12);
    const cipher = createCipheriv(ALGORITHM, this.key, iv);
    const octets = cipher.update(plain);
    cipher.final();
    return { iv, octets, tag: cipher.getAuthTag() };
  }

  private open({ iv, tag, octets }: Sealed): Uint8Array {
    const decipher = createDecipheriv(ALGORITHM, this.key, iv);
    decipher.setAuthTag(tag);
    const plain = decipher.update(octets);
    decipher.final();
    return plain;
  }
}

/**
 * ```
 * a frame:  0 octets captured (4)   4 octets on the wire (4)   8 point (4)   12 nanoseconds (4)   16 seconds (8, IEEE 754)   24 the frame …
 * ```
 */
function pack(batch: FrameBatch, from: number, to: number): Uint8Array {
  let octets = 0;
  for (let i = from; i < to; i++) octets += HEADER + (batch.captured[i] as number);
  const out = new Uint8Array(octets);
  const view = new DataView(out.buffer);
  let at = 0;
  for (let i = from; i < to; i++) {
    const captured = batch.captured[i] as number;
    const start = batch.offset[i] as number;
    view.setUint32(at, captured);
    view.setUint32(at + 4, batch.original[i] as number);
    view.setUint32(at + 8, batch.point[i] as number);
    view.setUint32(at + 12, batch.nsec[i] as number);
    view.setFloat64(at + 16, batch.sec[i] as number);
    out.set(batch.bytes.subarray(start, start + captured), at + HEADER);
    at += HEADER + captured;
  }
  return out;
}

function packed({ point, original, sec, nsec, bytes }: KeptFrame): Uint8Array {
  const out = new Uint8Array(HEADER + bytes.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, bytes.length);
  view.setUint32(4, original);
  view.setUint32(8, point);
  view.setUint32(12, nsec);
  view.setFloat64(16, sec);
  out.set(bytes, HEADER);
  return out;
}

function unpack(plain: Uint8Array, firstFrame: number, count: number): KeptFrame[] {
  const view = new DataView(plain.buffer, plain.byteOffset, plain.length);
  const frames: KeptFrame[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const captured = view.getUint32(at);
    frames.push({
      frame: firstFrame + i,
      original: view.getUint32(at + 4),
      point: view.getUint32(at + 8),
      nsec: view.getUint32(at + 12),
      sec: view.getFloat64(at + 16),
      bytes: plain.subarray(at + HEADER, at + HEADER + captured),
    });
    at += HEADER + captured;
  }
  return frames;
}
