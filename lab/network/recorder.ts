/** The taps: frames by capture file, in the order of their time; labels say which frames the truth speaks of. */
import { pcap, type PcapOptions } from "#lab/wire/pcap.ts";
import type { Octets } from "#lab/wire/octets.ts";

interface Frame {
  readonly at: number;
  readonly order: number;
  readonly bytes: Octets;
  readonly original: number;
  readonly label: string | undefined;
}

export class Recorder {
  /** Seconds since the epoch of scenario time 0. */
  readonly epoch: number;
  private readonly files = new Map<string, Frame[]>();
  /** By file: added to the stamps of that tap. */
  readonly clockOffset = new Map<string, number>();
  readonly options = new Map<string, PcapOptions>();
  /** Frames before this scenario time are not captured. */
  startAt = Number.NEGATIVE_INFINITY;
  stopAt = Number.POSITIVE_INFINITY;
  /** From and until when no tap sees anything, and none tells. */
  hole: readonly [from: number, to: number] | undefined = undefined;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  put(file: string, at: number, bytes: Octets, label?: string): void {
    if (this.hole !== undefined && at >= this.hole[0] && at < this.hole[1]) return;
    const list = this.files.get(file) ?? [];
    if (list.length === 0) this.files.set(file, list);
    const snap = this.options.get(file)?.snapLength ?? 262_144;
    list.push({
      at: at + (this.clockOffset.get(file) ?? 0),
      order: list.length,
      bytes: bytes.subarray(0, snap),
      original: bytes.length,
      label,
    });
  }

  /** Changes every frame of a file, as the tap does that made it. */
  rewrite(file: string, change: (frame: Octets) => Octets): void {
    const list = this.files.get(file) ?? [];
    for (const [i, f] of list.entries()) {
      const bytes = change(f.bytes);
      list[i] = { ...f, bytes, original: bytes.length };
    }
  }

  private sorted(file: string): Frame[] {
    const offset = this.clockOffset.get(file) ?? 0;
    const captured = (this.files.get(file) ?? []).filter((f) => f.at - offset >= this.startAt && f.at - offset <= this.stopAt);
    return captured.toSorted((a, b) => a.at - b.at || a.order - b.order);
  }

  fileNames(): string[] {
    return [...this.files.keys()].toSorted();
  }

  /** 1-based numbers of the frames with this label, and the file that holds most of them. */
  frames(label: string): { file: string; frames: number[] } | null {
    let best: { file: string; frames: number[] } | null = null;
    for (const file of this.fileNames()) {
      const frames = this.sorted(file).flatMap((f, i) => (f.label === label ? [i + 1] : []));
      if (frames.length > (best?.frames.length ?? 0)) best = { file, frames };
    }
    return best;
  }

  write(file: string): Octets {
    const base = BigInt(this.epoch) * 1_000_000_000n;
    const records = this.sorted(file).map((f) => ({
      nanos: base + BigInt(Math.round(f.at * 1e6)) * 1000n,
      bytes: f.bytes,
      original: f.original,
    }));
    return pcap(records, this.options.get(file) ?? {});
  }
}
