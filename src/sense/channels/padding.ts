/**
 * Padding of short Ethernet frames by its sender, whoever the receiver: each frame has few octets of it (at most 46, IEEE 802.3 §3.2.8), and data can be spread over
 * many receivers. Drivers that do not clear their buffers leave pieces of earlier frames there, so what the point's other frames held is remembered, as hashes.
 */
import type { FrameBudget } from "#sense/frame-list.ts";
import { FrameCollector } from "#sense/frame-list.ts";
import { ContentMeasure } from "#bytes/content-measure.ts";

export const PADDING_LIMITS = {
  /** Senders whose padding is pooled; those past it are only measured towards each receiver. */
  senders: 512,
  /** Receivers of one sender that are told apart; further ones count as the last of them. */
  receivers: 16,
  /** Windows of earlier frames remembered at one point; the hash decides which older one a new one replaces. */
  windows: 65_536,
  /** Frames of a point remembered in one second of capture time: those of a busy point are sampled from each second's beginning. */
  framesPerSecond: 500,
  /** Octets of a frame that are remembered, from its packet's start. */
  frameOctets: 128,
} as const;

/** Octets of a window: shorter pieces occur by chance. */
const WINDOW = 6;
/** Windows of fewer different octets are fill: zeros, spaces, a repeated letter. */
const LEAST_DIFFERENT = 3;
/** Frames of a point before anything can be called new to it. */
const LEAST_EARLIER = 32;

/** Pieces of one point's frames. */
export class EarlierFrames {
  private readonly windows = new Int32Array(PADDING_LIMITS.windows);
  private second = 0;
  private inSecond = 0;
  private frames = 0;

  /** Remembers what a frame holds before its padding. */
  note(bytes: Uint8Array, start: number, end: number, micros: number): void {
    const second = Math.floor(micros / 1e6);
    if (second !== this.second) {
      this.second = second;
      this.inSecond = 0;
    }
    if (this.inSecond++ >= PADDING_LIMITS.framesPerSecond) return;
    this.frames++;
    const last = Math.min(end, start + PADDING_LIMITS.frameOctets) - WINDOW;
    for (let at = start; at <= last; at++) {
      const hash = windowHash(bytes, at);
      if (hash !== 0) this.windows[hash >>> 16] = hash;
    }
  }

  /** Whether half of the windows of this padding stood in an earlier frame; undefined where it has none that say anything, or too few frames were seen. */
  held(bytes: Uint8Array, start: number, end: number): boolean | undefined {
    if (this.frames < LEAST_EARLIER) return undefined;
    let asked = 0;
    let known = 0;
    for (let at = start; at + WINDOW <= end; at++) {
      const hash = windowHash(bytes, at);
      if (hash === 0) continue;
      asked++;
      if (this.windows[hash >>> 16] === hash) known++;
    }
    return asked === 0 ? undefined : known * 2 >= asked;
  }
}

/** A hash of the six octets at `at`; 0 where they are fill. */
function windowHash(bytes: Uint8Array, at: number): number {
  let hash = 0x811c_9dc5;
  let different = 1;
  const first = bytes[at] as number;
  let other = -1;
  for (let i = at; i < at + WINDOW; i++) {
    const octet = bytes[i] as number;
    hash = Math.imul(hash ^ octet, 0x0100_0193);
    if (octet === first || octet === other) continue;
    different++;
    if (other < 0) other = octet;
  }
  if (different < LEAST_DIFFERENT) return 0;
  return Math.imul(hash ^ (hash >>> 15), 0x9e37_79b1);
}

/** Padding of one sender at one point, towards whomever. */
export class SenderPadding {
  readonly content = new ContentMeasure();
  readonly frames: FrameCollector;
  packets = 0;
  first = Infinity;
  last = -Infinity;
  private readonly receivers = new Map<string, number>();

  constructor(capture: number) {
    this.frames = new FrameCollector(capture);
  }

  add(
    bytes: Uint8Array,
    start: number,
    end: number,
    held: boolean | undefined,
    receiver: string,
    frame: number,
    micros: number,
    budget: FrameBudget,
  ): void {
    this.packets++;
    if (held === true) this.content.known++;
    this.content.add(bytes, start, end);
    this.frames.add(frame, budget);
    this.first = Math.min(this.first, micros);
    this.last = Math.max(this.last, micros);
    const known = this.receivers.get(receiver);
    if (known !== undefined || this.receivers.size < PADDING_LIMITS.receivers) this.receivers.set(receiver, (known ?? 0) + 1);
  }

  get receiversSeen(): number {
    return this.receivers.size;
  }

  /** Who got the most of it. */
  mostTo(): string {
    let most = "";
    let count = 0;
    for (const [receiver, packets] of this.receivers) if (packets > count) [most, count] = [receiver, packets];
    return most;
  }
}
