import type { FrameList } from "#model/observation.ts";

/** `contract.md` §4: at most 1,000 frames a capture are listed; the total always says how many there are. */
export const MAX_LISTED_FRAMES = 1000;

/** Frame numbers held by all lists of a run (4 octets each); past it lists only count. */
export class FrameBudget {
  left: number;
  /** Frames not listed because the budget was used up. */
  refused = 0;
  constructor(frames = 4_000_000) {
    this.left = frames;
  }
}

const NO_NUMBERS = new Uint32Array(0);
/** 64 octets: what V8 still keeps with the array itself. */
const FIRST_FRAMES = 16;

/** Frames of one capture, growing up to the limit; duplicates in a row count once. */
export class FrameCollector {
  total = 0;
  readonly capture: number;
  private frames: Uint32Array = NO_NUMBERS;
  private count = 0;
  private last = -1;

  constructor(capture: number) {
    this.capture = capture;
  }

  add(frame: number, budget: FrameBudget): void {
    if (frame === this.last) return;
    this.last = frame;
    this.total++;
    if (this.count >= MAX_LISTED_FRAMES) return;
    if (budget.left <= 0) {
      budget.refused++;
      return;
    }
    budget.left--;
    if (this.count === this.frames.length) {
      const wider = new Uint32Array(this.count === 0 ? FIRST_FRAMES : Math.min(this.count * 2, MAX_LISTED_FRAMES));
      wider.set(this.frames);
      this.frames = wider;
    }
    this.frames[this.count++] = frame;
  }

  /** Frames kept, at most `MAX_LISTED_FRAMES`. */
  get kept(): number {
    return this.count;
  }

  list(): FrameList {
    return { capture: this.capture, frames: Array.from(this.frames.subarray(0, this.count)), total: this.total };
  }

  /** Gives back what the list held. */
  release(budget: FrameBudget): void {
    budget.left += this.count;
    this.count = 0;
  }
}

export const NO_FRAMES: FrameList = { capture: -1, frames: [], total: 0 };
