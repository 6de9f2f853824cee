/** Frame numbers in order, each once. They come nearly in order: one that is larger than all before costs no search. */
export class FrameSet {
  private readonly frames: number[] = [];

  get size(): number {
    return this.frames.length;
  }
  get sorted(): readonly number[] {
    return this.frames;
  }

  has(frame: number): boolean {
    return this.frames[this.place(frame)] === frame;
  }

  add(frame: number): void {
    const { frames } = this;
    const last = frames.length - 1;
    if (last < 0 || frame > (frames[last] as number)) frames.push(frame);
    else if (frame !== frames[last] && !this.has(frame)) frames.splice(this.place(frame), 0, frame);
  }

  /** Of the first one that is not smaller. */
  private place(frame: number): number {
    const { frames } = this;
    let low = 0;
    let high = frames.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((frames[middle] as number) < frame) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
