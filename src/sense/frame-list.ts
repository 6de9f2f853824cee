import { scaled } from "#model/room.ts";
import type { FrameList } from "#model/observation.ts";

/** `contract.md` §4: at most 1,000 frames a capture are listed; the total always says how many there are. */
export const MAX_LISTED_FRAMES = 1000;

/** Frame numbers held by all lists of a run (8 octets each); past it lists only count. */
export class FrameBudget {
  left: number;
  /** Frames not listed because the budget was used up. */
  refused = 0;
  constructor(frames = 4_000_000) {
    this.left = scaled(frames);
  }
}

/** Frames of one capture, growing up to the limit; duplicates in a row count once. */
export class FrameCollector {
  total = 0;
  readonly capture: number;
  /** A plain list: most are short, and a typed array of sixteen takes three objects. */
  private frames: number[] = [];
  private last = -1;

  constructor(capture: number) {
    this.capture = capture;
  }

  add(frame: number, budget: FrameBudget): void {
    if (frame === this.last) return;
    this.last = frame;
    this.total++;
    if (this.frames.length >= MAX_LISTED_FRAMES) return;
    if (budget.left <= 0) {
      budget.refused++;
      return;
    }
    budget.left--;
    this.frames.push(frame);
  }

  /** Frames kept, at most `MAX_LISTED_FRAMES`. */
  get kept(): number {
    return this.frames.length;
  }

  list(): FrameList {
    return { capture: this.capture, frames: this.frames.slice(), total: this.total };
  }

  /** Gives back what the list held. */
  release(budget: FrameBudget): void {
    budget.left += this.frames.length;
    this.frames = [];
  }
}

export const NO_FRAMES: FrameList = { capture: -1, frames: [], total: 0 };
