import type { FrameEvidence } from "#model/finding.ts";
import type { FrameList } from "#model/observation.ts";

/** `contract.md` §4: at most 1,000 frames a capture are listed. */
const LISTED = 1000;

/** Frames of many observations, joined by capture: sorted, without duplicates, the total kept. */
export class EvidenceGatherer {
  private readonly captures = new Map<number, { frames: Set<number>; total: number }>();

  add(list: FrameList): void {
    if (list.total === 0) return;
    let known = this.captures.get(list.capture);
    if (known === undefined) {
      known = { frames: new Set(), total: 0 };
      this.captures.set(list.capture, known);
    }
    let doubled = 0;
    for (const frame of list.frames) {
      if (known.frames.has(frame)) doubled++;
      // Twice the limit, so that the earliest ones are kept whatever the order of the observations.
      else if (known.frames.size < 2 * LISTED) known.frames.add(frame);
    }
    known.total += list.total - doubled;
  }

  /** One that gathers on by itself. */
  copy(): EvidenceGatherer {
    const copy = new EvidenceGatherer();
    for (const [capture, { frames, total }] of this.captures) copy.captures.set(capture, { frames: new Set(frames), total });
    return copy;
  }

  addFrames(capture: number, frames: readonly number[]): void {
    this.add({ capture, frames, total: frames.length });
  }

  list(): FrameEvidence[] {
    return [...this.captures]
      .sort(([a], [b]) => a - b)
      .map(([capture, { frames, total }]) => ({
        capture,
        frames: [...frames].sort((a, b) => a - b).slice(0, LISTED),
        framesTotal: Math.max(total, frames.size),
      }));
  }
}
