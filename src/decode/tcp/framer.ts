import type { Sighting } from "#model/sighting.ts";
import type { StreamConsumer, StreamEnd } from "./reassembler.ts";
import { StreamWindow } from "./window.ts";

/** How messages lie in a stream: a protocol's answer about the octets that begin at `start`. */
export interface Framing {
  /**
   * Octets of the message that begins at `start`; 0 where too few octets are there to tell; -1 where no message
   * begins like this. Never more than `limit`.
   */
  length(bytes: Uint8Array, start: number, end: number): number;
  /** Longest message; a longer one is not waited for. */
  readonly limit: number;
}

/** Octets that framers may hold together; each takes from it what its unfinished message needs. */
export interface FramerBudget {
  left: number;
}

export interface FramedMessages {
  /**
   * `bytes[start, end)` is one message, valid during the call; `octets` is the length it states, which is more
   * than `end - start` where a part of it was not captured.
   */
  message(bytes: Uint8Array, start: number, end: number, octets: number, frames: readonly number[], last: Sighting): void;
  /** Octets that belong to no message, before the stream is in step again. `answer` says whether to go on. */
  lost(octets: number, seen: Sighting): boolean;
}

/**
 * Cuts a stream into messages that state their own length. After a gap, or octets that begin no message, it goes on
 * at the next segment that begins with one (senders write whole messages).
 */
export class MessageFramer implements StreamConsumer {
  private readonly framing: Framing;
  private readonly out: FramedMessages;
  private readonly budget: FramerBudget;
  private readonly window = new StreamWindow();
  /** Octets taken from the budget. */
  private taken = 0;
  /** Octets to pass over: the rest of a message whose beginning was handed on incomplete. */
  private passing = 0;
  /** True while the place of the next message is unknown. */
  private lost = false;

  constructor(framing: Framing, out: FramedMessages, budget: FramerBudget = { left: Number.MAX_SAFE_INTEGER }) {
    this.framing = framing;
    this.out = out;
    this.budget = budget;
  }

  data(bytes: Uint8Array, start: number, end: number, seen: Sighting): boolean {
    let from = start;
    if (this.passing > 0) {
      const step = Math.min(this.passing, end - from);
      this.passing -= step;
      from += step;
      if (from === end) return true;
    }
    if (this.lost) {
      if (this.framing.length(bytes, from, end) <= 0) return this.out.lost(end - from, seen);
      this.lost = false;
    }
    const window = this.window;
    window.append(bytes, from, end, seen);
    while (window.length > 0) {
      const length = this.framing.length(window.bytes, window.start, window.end);
      if (length === 0) break;
      if (length < 0) {
        const octets = window.length;
        this.lose();
        return this.out.lost(octets, seen);
      }
      if (length > window.length) break;
      const { frames, last } = window.framesOf(length);
      this.out.message(window.bytes, window.start, window.start + length, length, frames, last);
      window.take(length);
    }
    this.account();
    if (this.budget.left < 0) {
      const octets = window.length;
      this.lose();
      return this.out.lost(octets, seen);
    }
    window.settle();
    return true;
  }

  gap(octets: number, seen: Sighting): boolean {
    const window = this.window;
    if (this.passing > 0) {
      if (octets >= 0 && octets <= this.passing) this.passing -= octets;
      else this.lose();
      return true;
    }
    if (window.length === 0) {
      this.lost = true;
      return true;
    }
    const length = this.framing.length(window.bytes, window.start, window.end);
    if (length > 0) {
      const had = window.length;
      const { frames, last } = window.framesOf(had);
      this.out.message(window.bytes, window.start, window.end, length, frames, last);
      window.clear();
      window.settle();
      this.account();
      // Where the missing octets end inside the message, its end is still known.
      if (octets >= 0 && had + octets <= length) this.passing = length - had - octets;
      else this.lost = true;
      return true;
    }
    this.lose();
    return this.out.lost(0, seen);
  }

  end(_reason: StreamEnd): void {
    this.lose();
  }

  private lose(): void {
    this.passing = 0;
    this.lost = true;
    this.window.clear();
    this.window.settle();
    this.account();
  }

  private account(): void {
    this.budget.left += this.taken - this.window.length;
    this.taken = this.window.length;
  }
}
