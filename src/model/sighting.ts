import type { Instant } from "#model/time.ts";

/**
 * Where some octets were seen. A caller on the hot path reuses one object, so whoever is handed a sighting
 * reads it during the call and copies what it wants to keep.
 */
export interface Sighting {
  /** Index of the capture file in this run. */
  readonly capture: number;
  /** Index of the point in this run. */
  readonly point: number;
  /** 1-based frame number in its capture; for a datagram joined from IP fragments, the frame that completed it. */
  readonly frame: number;
  /** All frames of a datagram joined from IP fragments, in order; undefined for an ordinary frame. */
  readonly frames: readonly number[] | undefined;
  readonly time: Instant;
}

/** Frames that `seen` stands for, appended to `to` without repeating its last entry. */
export function appendFrames(to: number[], seen: Sighting): void {
  if (seen.frames === undefined) {
    if (to[to.length - 1] !== seen.frame) to.push(seen.frame);
  } else for (const frame of seen.frames) if (to[to.length - 1] !== frame) to.push(frame);
}

/** Frames of one sighting: a new list, without room for more. */
export function framesOf(seen: Sighting): readonly number[] {
  if (seen.frames === undefined) return [seen.frame];
  const frames: number[] = [];
  appendFrames(frames, seen);
  return frames;
}

/** A copy that may be kept. */
export function copySighting(seen: Sighting): Sighting {
  return {
    capture: seen.capture,
    point: seen.point,
    frame: seen.frame,
    frames: seen.frames === undefined ? undefined : [...seen.frames],
    time: { sec: seen.time.sec, nsec: seen.time.nsec },
  };
}
