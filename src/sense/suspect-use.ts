import { addressText } from "#bytes/address.ts";
import { i32 } from "#bytes/read.ts";
import { FrameCollector } from "./frame-list.ts";

export const SUSPECT_LIMITS = {
  /** User addresses kept of one use of a tunnel; further ones are left out. */
  innerAddresses: 8,
  /** Packets of a use that are searched for them: a tunnel belongs to one user, whom its first packets name. */
  searchedPackets: 16,
} as const;
/** What is kept of a tunnel's use only where its end was never named, or is down. */
export class Suspect {
  /** Frames of a use whose end nobody named. */
  readonly frames: FrameCollector;
  /** Frames after the end's release; undefined until there are any. */
  late: FrameCollector | undefined = undefined;
  latePackets = 0;
  lateBytes = 0;
  lateFirst = 0;
  lateLast = 0;
  private searched = 0;
  /** The addresses one after the other, four octets a word, and by bits which of them are of version 6. Made with the first of them. */
  private words: number[] | undefined = undefined;
  private count = 0;
  private version6 = 0;

  constructor(capture: number) {
    this.frames = new FrameCollector(capture);
  }

  /** True where no further packet tells an address. */
  get addressesKnown(): boolean {
    return this.searched >= SUSPECT_LIMITS.searchedPackets || this.count >= SUSPECT_LIMITS.innerAddresses;
  }

  /** Takes the two addresses, at `src` and `dst`, of the subscriber's packet; `version` is 0 where there is none. */
  search(bytes: Uint8Array, version: number, src: number, dst: number): void {
    if (this.addressesKnown) return;
    this.searched++;
    if (version === 0) return;
    const words = version === 4 ? 1 : 4;
    this.address(bytes, src, words);
    this.address(bytes, dst, words);
  }

  /** Text of the addresses, in the order in which they were seen. */
  addresses(): string[] {
    const texts: string[] = [];
    const octets = new DataView(new ArrayBuffer(16));
    for (let i = 0, at = 0; i < this.count; i++) {
      const words = this.wordsOf(i);
      for (let k = 0; k < words; k++) octets.setInt32(k * 4, this.words?.[at++] ?? 0);
      texts.push(addressText(new Uint8Array(octets.buffer), 0, words === 1 ? 4 : 6));
    }
    return texts;
  }

  private wordsOf(address: number): number {
    return (this.version6 & (1 << address)) === 0 ? 1 : 4;
  }

  private address(bytes: Uint8Array, at: number, words: number): void {
    for (let i = 0, from = 0; i < this.count; from += this.wordsOf(i++)) {
      if (this.wordsOf(i) === words && this.equals(from, bytes, at, words)) return;
    }
    if (this.count === SUSPECT_LIMITS.innerAddresses) return;
    if (words === 4) this.version6 |= 1 << this.count;
    this.count++;
    const all = (this.words ??= []);
    for (let i = 0; i < words; i++) all.push(i32(bytes, at + i * 4));
  }

  private equals(from: number, bytes: Uint8Array, at: number, words: number): boolean {
    for (let i = 0; i < words; i++) if (this.words?.[from + i] !== i32(bytes, at + i * 4)) return false;
    return true;
  }
}
