import { appendFrames, copySighting, type Sighting } from "#model/sighting.ts";

/**
 * The part of a stream that no message has used up yet, and which frames carry it.
 *
 * Octets of one segment are looked at where they lie; only what must wait for the next segment is copied. So a
 * stream whose messages fit their segments costs no copy at all. Usage: `append`, then any number of `take`s, then
 * `settle` before the segment's octets go away.
 */
export class StreamWindow {
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;

  private own: Uint8Array = EMPTY;
  /** Octets taken since the beginning: the position of `start` in the stream. */
  private position = 0;
  // One entry a segment that still has octets in the window, oldest first, from `trailStart` on.
  private trailStart = 0;
  private readonly trailEnd: number[] = [];
  private readonly trailSeen: Sighting[] = [];

  get length(): number {
    return this.end - this.start;
  }

  /** Adds `bytes[start, end)`, borrowed until `settle`. `seen` is copied. */
  append(bytes: Uint8Array, start: number, end: number, seen: Sighting): void {
    if (end <= start) return;
    if (this.start === this.end) {
      this.bytes = bytes;
      this.start = start;
      this.end = end;
    } else {
      this.reserve(end - start);
      this.own.set(bytes.subarray(start, end), this.end);
      this.end += end - start;
    }
    this.trailEnd.push(this.position + this.length);
    this.trailSeen.push(copySighting(seen));
  }

  /** Frames that carry the first `octets` octets, and the latest sighting among them. `octets` is at least 1 and at most `length`. */
  framesOf(octets: number): { readonly frames: readonly number[]; readonly last: Sighting } {
    const frames: number[] = [];
    let last = this.trailSeen[this.trailStart] as Sighting;
    for (let i = this.trailStart; i < this.trailSeen.length; i++) {
      const seen = this.trailSeen[i] as Sighting;
      appendFrames(frames, seen);
      // Segments may have been captured out of order: the message was complete when the latest of them was there.
      if (seen.frame > last.frame) last = seen;
      if ((this.trailEnd[i] as number) >= this.position + octets) break;
    }
    if (frames.some((frame, i) => i > 0 && frame < (frames[i - 1] as number))) {
      const sorted = [...new Set(frames)].sort((a, b) => a - b);
      return { frames: sorted, last };
    }
    return { frames, last };
  }

  /** Drops the first `octets` octets. */
  take(octets: number): void {
    this.start += octets;
    this.position += octets;
    while (this.trailStart < this.trailEnd.length && (this.trailEnd[this.trailStart] as number) <= this.position) this.trailStart++;
    if (this.trailStart === this.trailEnd.length) {
      this.trailEnd.length = this.trailSeen.length = this.trailStart = 0;
    } else if (this.trailStart > 64 && this.trailStart * 2 > this.trailEnd.length) {
      this.trailEnd.splice(0, this.trailStart);
      this.trailSeen.splice(0, this.trailStart);
      this.trailStart = 0;
    }
  }

  clear(): void {
    if (this.length > 0) this.take(this.length);
    this.start = this.end = 0;
  }

  /** Copies what is left, so that the borrowed octets may go away. */
  settle(): void {
    if (this.start === this.end) {
      this.bytes = EMPTY;
      this.own = EMPTY;
      this.start = this.end = 0;
    } else if (this.bytes !== this.own) this.reserve(0);
  }

  /** Brings the octets into a buffer of our own with room for `more`; amortised O(1) an octet. */
  private reserve(more: number): void {
    const length = this.end - this.start;
    if (this.bytes === this.own && this.end + more <= this.own.length) return;
    let target = this.own;
    if (length + more > target.length || (this.bytes === this.own && this.start < length)) {
      target = new Uint8Array(Math.max(512, (length + more) * 2));
    }
    target.set(this.bytes.subarray(this.start, this.end), 0);
    this.own = target;
    this.bytes = target;
    this.start = 0;
    this.end = length;
  }
}

const EMPTY = new Uint8Array(0);
