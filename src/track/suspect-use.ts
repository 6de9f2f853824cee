import { addressText } from "#bytes/address.ts";
import type { PacketView } from "#decode/packet/view.ts";
import { FrameCollector } from "./frame-list.ts";

/** Users' addresses kept of one use of a tunnel; further ones are left out. */
export const INNER_ADDRESSES = 8;
/** Packets of a use that are searched for them: a tunnel belongs to one user, whom its first packets name. */
const SEARCHED = 64;
/** Octets kept of one address: version 1 | address 4 or 16. */
const ROW = 17;

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
  private inner = new Uint8Array(2 * ROW);
  private count = 0;

  constructor(capture: number) {
    this.frames = new FrameCollector(capture);
  }

  /** True where no further packet tells an address. */
  get addressesKnown(): boolean {
    return this.searched >= SEARCHED || this.count >= INNER_ADDRESSES;
  }

  /** Takes the two addresses of the subscriber's packet at IP level `level`. */
  search(view: PacketView, level: number): void {
    if (this.addressesKnown) return;
    this.searched++;
    if (level >= view.ipCount) return;
    const version = view.ipVersion[level] as number;
    this.address(view.bytes, view.ipSrc[level] as number, version);
    this.address(view.bytes, view.ipDst[level] as number, version);
  }

  /** Text of the addresses, in the order in which they were seen. */
  addresses(): string[] {
    return Array.from({ length: this.count }, (_, i) => addressText(this.inner, i * ROW + 1, this.inner[i * ROW] as number));
  }

  private address(bytes: Uint8Array, at: number, version: number): void {
    for (let i = 0; i < this.count; i++) if (this.holds(i * ROW, bytes, at, version)) return;
    if (this.count === INNER_ADDRESSES) return;
    let row = this.count++ * ROW;
    if (row === this.inner.length) {
      const wider = new Uint8Array(row * 2);
      wider.set(this.inner);
      this.inner = wider;
    }
    this.inner[row++] = version;
    const octets = version === 4 ? 4 : 16;
    for (let i = 0; i < octets; i++) this.inner[row + i] = bytes[at + i] as number;
  }

  private holds(row: number, bytes: Uint8Array, at: number, version: number): boolean {
    if (this.inner[row] !== version) return false;
    const octets = version === 4 ? 4 : 16;
    for (let i = 0; i < octets; i++) if (this.inner[row + 1 + i] !== bytes[at + i]) return false;
    return true;
  }
}
