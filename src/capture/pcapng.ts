/**
 * The pcapng file format (draft-ietf-opsawg-pcapng): sections of either byte order one after another, each with interfaces of its
 * own. Every block is type 4 | length 4 | body | length 4; what is unknown is passed over by its length.
 */
import { state } from "#model/statement.ts";
import type { Instant } from "#model/time.ts";
import { limits } from "./limits.ts";
import { eachOption, isComment, split, splitTime, textOf, timeScale, type TimeScale } from "./pcapng-options.ts";
import type { InterfaceStatistics } from "./reader.ts";
import { RecordReader, type Opened } from "./records.ts";

export const SECTION_HEADER = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE_DESCRIPTION = 1;
/** Obsolete, still written by old tools. */
const PACKET = 2;
const SIMPLE_PACKET = 3;
const NAME_RESOLUTION = 4;
const INTERFACE_STATISTICS = 5;
const ENHANCED_PACKET = 6;

/** type 4, length 4, trailing length 4 */
const FRAMING = 12;
/** type 4 | length 4 | byte order 4 | major 2 | minor 2 | section length 8 | options | length 4 */
const SECTION_MINIMUM = 28;
/** type 4 | length 4 | link type 2 | reserved 2 | snap length 4 | options | length 4 */
const INTERFACE_MINIMUM = 20;
/** type 4 | length 4 | interface 4 | time high 4 | time low 4 | captured 4 | original 4 | packet | options | length 4 */
const ENHANCED_MINIMUM = 32;
const ENHANCED_HEADER = 28;
/** type 4 | length 4 | original 4 | packet | length 4 */
const SIMPLE_MINIMUM = 16;
const SIMPLE_HEADER = 12;
/** type 4 | length 4 | interface 4 | time high 4 | time low 4 | options | length 4 */
const STATISTICS_MINIMUM = 24;

const OPT_IF_NAME = 2;
const OPT_IF_TSRESOL = 9;
const OPT_IF_TSOFFSET = 14;
const OPT_EPB_DROPCOUNT = 4;

interface Interface {
  /** Index of the point in the run; -1 where the file has too many interfaces. */
  readonly point: number;
  readonly snapLength: number;
  readonly scale: TimeScale;
}

export class PcapngReader extends RecordReader {
  readonly format = "pcapng";
  #little = true;
  /** Interfaces of the current section, by their number in it. */
  #interfaces: Interface[] = [];
  /** Interfaces of the sections before. */
  #interfacesBefore = 0;
  /** False while a section of an unknown major version is passed over. */
  #readable = true;
  readonly #statistics = new Map<number, InterfaceStatistics>();
  /** Packets lost before some packet, as drop counts of packets say, by point. */
  readonly #drops = new Map<number, number>();
  #unknownInterface = 0;
  #lost = -1;

  constructor(opened: Opened) {
    super(opened);
    // The first section header tells the byte order; `openCapture` has seen that it is there.
    this.#little = this.view.getUint32(8, true) === BYTE_ORDER;
  }

  firstTime(): Instant | null {
    let little = this.#little;
    const scales: TimeScale[] = [];
    for (let at = 0; at + FRAMING <= this.filled;) {
      const type = this.view.getUint32(at, little);
      if (type === SECTION_HEADER) little = this.view.getUint32(at + 8, true) === BYTE_ORDER;
      const length = this.view.getUint32(at + 4, little);
      if (length < FRAMING || at + length > this.filled) return null;
      if (type === INTERFACE_DESCRIPTION && length >= INTERFACE_MINIMUM) scales.push(this.#describe(at, length, little).scale);
      else if (type === ENHANCED_PACKET && length >= ENHANCED_MINIMUM) {
        const scale = scales[this.view.getUint32(at + 8, little)];
        if (scale === undefined) return null;
        splitTime(this.view.getUint32(at + 12, little), this.view.getUint32(at + 16, little), scale);
        return { sec: split.sec, nsec: split.nsec };
      } else if (type === PACKET || type === SIMPLE_PACKET) return null;
      at += (length + 3) & ~3;
    }
    return null;
  }

  protected parse(): number {
    const room = this.batch.offset.length;
    let n = 0;
    while (n < room && this.skip === 0) {
      const at = this.at;
      if (at + FRAMING > this.filled) break;
      if (this.#lost >= 0) {
        this.#resync();
        continue;
      }
      const type = this.view.getUint32(at, this.#little);
      if (type === SECTION_HEADER) {
        if (!this.#section(at)) break;
        continue;
      }
      const stated = this.view.getUint32(at + 4, this.#little);
      const length = padded(stated);
      if (stated < FRAMING) {
        this.#damage(at);
        continue;
      }
      const packet = type === ENHANCED_PACKET || type === SIMPLE_PACKET || type === PACKET;
      const limit = packet ? limits.packetBlockBytes : limits.controlBlockBytes;
      if (at + length > this.filled && length <= limit) break;
      if (length > limit || !wanted(type) || !this.#readable) {
        this.#pass(at, length, packet);
        continue;
      }
      if (this.view.getUint32(at + length - 4, this.#little) !== stated) {
        // One of the two lengths lies; where no block starts behind this one, it was the first.
        this.stats.malformedRecords++;
        if (!this.#blockAt(at + length)) {
          this.#damage(at);
          continue;
        }
      }
      this.at = at + length;
      switch (type) {
        case ENHANCED_PACKET:
          n += this.#enhanced(at, length, n);
          break;
        case SIMPLE_PACKET:
          n += this.#simple(at, length, n);
          break;
        case PACKET:
          n += this.#obsolete(at, length, n);
          break;
        case INTERFACE_DESCRIPTION:
          this.#interface(at, length);
          break;
        case INTERFACE_STATISTICS:
          this.#interfaceStatistics(at, length);
          break;
        default:
          this.stats.skippedBlocks++;
      }
    }
    return n;
  }

  /** Passes over a block without looking into it, however long it is. */
  #pass(at: number, length: number, packet: boolean): void {
    if (packet) this.stats.malformedRecords++;
    else this.stats.skippedBlocks++;
    const here = Math.min(length, this.filled - at);
    this.at = at + here;
    this.skip = length - here;
  }

  /** Starts a section; false where its header is not complete yet. */
  #section(at: number): boolean {
    const order = this.view.getUint32(at + 8, true);
    const little = order === BYTE_ORDER;
    if (!little && this.view.getUint32(at + 8, false) !== BYTE_ORDER) {
      this.#damage(at);
      return true;
    }
    const stated = this.view.getUint32(at + 4, little);
    const length = padded(stated);
    if (stated < SECTION_MINIMUM || length > limits.controlBlockBytes) {
      this.#damage(at);
      return true;
    }
    if (at + length > this.filled) return false;
    this.#little = little;
    this.#interfacesBefore += this.#interfaces.length;
    this.#interfaces = [];
    const major = this.view.getUint16(at + 12, little);
    this.#readable = major === 1;
    if (!this.#readable) this.gap("unsupported-section", -1, 0, state("gap.section-version", { version: major }));
    this.#options(at + 24, at + length - 4);
    this.at = at + length;
    return true;
  }

  /** Comments are the only option that every block may have. */
  #options(at: number, end: number): void {
    const sound = eachOption(this.view, at, end, this.#little, (code, from, length) => {
      if (isComment(code)) this.#comment(from, length);
    });
    if (!sound) this.stats.malformedRecords++;
  }

  #comment(at: number, length: number): void {
    this.stats.commentsTotal++;
    if (this.stats.comments.length < limits.comments) this.stats.comments.push(textOf(this.block, at, length));
  }

  #describe(at: number, length: number, little: boolean): { name: string | undefined; scale: TimeScale; sound: boolean } {
    let name: string | undefined;
    let resolution = 6;
    let offset = 0;
    const sound = eachOption(this.view, at + 16, at + length - 4, little, (code, from, size) => {
      if (code === OPT_IF_NAME) name = textOf(this.block, from, size);
      else if (code === OPT_IF_TSRESOL && size >= 1) resolution = this.block[from]!;
      else if (code === OPT_IF_TSOFFSET && size === 8) {
        offset = this.view.getInt32(from + (little ? 4 : 0), little) * 4294967296 + this.view.getUint32(from + (little ? 0 : 4), little);
      }
    });
    return { name, scale: timeScale(resolution, offset), sound };
  }

  #interface(at: number, length: number): void {
    if (length < INTERFACE_MINIMUM) {
      this.stats.malformedRecords++;
      return;
    }
    const { name, scale, sound } = this.#describe(at, length, this.#little);
    if (!sound) this.stats.malformedRecords++;
    this.#options(at + 16, at + length - 4);
    const snapLength = this.view.getUint32(at + 12, this.#little);
    const linkType = this.view.getUint16(at + 8, this.#little);
    let point = -1;
    if (this.points.length < limits.points) {
      const id = this.#interfacesBefore + this.#interfaces.length;
      point = this.addPoint(id, name, linkType, snapLength > 0x7fffffff ? 0 : snapLength).index;
    }
    // Kept although too many, so that the numbers of the section's later packets stay right; but not without end.
    if (this.#interfaces.length < 2 * limits.points) this.#interfaces.push({ point, snapLength, scale });
  }

  #known(id: number): Interface | undefined {
    const found = this.#interfaces[id];
    if (found !== undefined && found.point >= 0) return found;
    this.stats.malformedRecords++;
    this.#unknownInterface++;
    return undefined;
  }

  #enhanced(at: number, length: number, n: number): number {
    if (length < ENHANCED_MINIMUM) return this.#malformed();
    const view = this.view;
    const little = this.#little;
    const from = this.#known(view.getUint32(at + 8, little));
    if (from === undefined) return 0;
    const captured = view.getUint32(at + 20, little);
    if (captured > length - ENHANCED_MINIMUM || captured > limits.frameBytes) return this.#malformed();
    splitTime(view.getUint32(at + 12, little), view.getUint32(at + 16, little), from.scale);
    const options = at + ENHANCED_HEADER + padded(captured);
    if (options + 4 < at + length) this.#packetOptions(options, at + length - 4, from.point);
    return this.#frame(n, at + ENHANCED_HEADER, captured, view.getUint32(at + 24, little), from.point);
  }

  /** type 4 | length 4 | interface 2 | drops 2 | time high 4 | time low 4 | captured 4 | original 4 | packet | options | length 4 */
  #obsolete(at: number, length: number, n: number): number {
    if (length < ENHANCED_MINIMUM) return this.#malformed();
    const view = this.view;
    const little = this.#little;
    const from = this.#known(view.getUint16(at + 8, little));
    if (from === undefined) return 0;
    const captured = view.getUint32(at + 20, little);
    if (captured > length - ENHANCED_MINIMUM || captured > limits.frameBytes) return this.#malformed();
    const drops = view.getUint16(at + 10, little);
    if (drops !== 0 && drops !== 0xffff) this.#dropped(from.point, drops);
    splitTime(view.getUint32(at + 12, little), view.getUint32(at + 16, little), from.scale);
    return this.#frame(n, at + ENHANCED_HEADER, captured, view.getUint32(at + 24, little), from.point);
  }

  /** Without time, interface and captured length: interface 0, cut at its snap length; the time of the frame before. */
  #simple(at: number, length: number, n: number): number {
    if (length < SIMPLE_MINIMUM) return this.#malformed();
    const from = this.#known(0);
    if (from === undefined) return 0;
    const original = this.view.getUint32(at + 8, this.#little);
    const room = length - SIMPLE_MINIMUM;
    const stated = from.snapLength === 0 ? original : Math.min(original, from.snapLength);
    if (stated > room || stated > limits.frameBytes) return this.#malformed();
    split.sec = this.lastSec;
    split.nsec = this.lastNsec;
    return this.#frame(n, at + SIMPLE_HEADER, stated, original, from.point);
  }

  #malformed(): number {
    this.stats.malformedRecords++;
    return 0;
  }

  /** Puts a frame with the time in `split` at place `n` of the batch. */
  #frame(n: number, offset: number, captured: number, stated: number, point: number): number {
    const batch = this.batch;
    const { sec, nsec } = split;
    // A wire length below the captured one, or beyond what any link carries, is a lie of the record.
    let original = stated;
    if (original < captured || original > 0x7fffffff) {
      this.stats.malformedRecords++;
      original = captured;
    }
    batch.offset[n] = offset;
    batch.captured[n] = captured;
    batch.original[n] = original;
    batch.sec[n] = sec;
    batch.nsec[n] = nsec;
    batch.point[n] = point;
    this.batchBytes += original;
    if (captured < original) this.batchTruncated++;
    this.lastSec = sec;
    this.lastNsec = nsec;
    if (sec < this.minSec || (sec === this.minSec && nsec < this.minNsec)) {
      this.minSec = sec;
      this.minNsec = nsec;
    }
    if (sec > this.maxSec || (sec === this.maxSec && nsec > this.maxNsec)) {
      this.maxSec = sec;
      this.maxNsec = nsec;
    }
    return 1;
  }

  #packetOptions(at: number, end: number, point: number): void {
    const sound = eachOption(this.view, at, end, this.#little, (code, from, length) => {
      if (isComment(code)) this.#comment(from, length);
      else if (code === OPT_EPB_DROPCOUNT && length === 8) this.#dropped(point, this.#u64(from));
    });
    if (!sound) this.stats.malformedRecords++;
  }

  #dropped(point: number, count: number): void {
    if (count > 0) this.#drops.set(point, (this.#drops.get(point) ?? 0) + count);
  }

  #u64(at: number): number {
    const little = this.#little;
    return this.view.getUint32(at + (little ? 4 : 0), little) * 4294967296 + this.view.getUint32(at + (little ? 0 : 4), little);
  }

  #interfaceStatistics(at: number, length: number): void {
    if (length < STATISTICS_MINIMUM) {
      this.stats.malformedRecords++;
      return;
    }
    const from = this.#known(this.view.getUint32(at + 8, this.#little));
    if (from === undefined) return;
    // Codes 4 to 8: received, dropped by the interface, accepted by the filter, dropped by the system, delivered.
    const counters = [-1, -1, -1, -1, -1];
    const sound = eachOption(this.view, at + 20, at + length - 4, this.#little, (code, start, size) => {
      if (isComment(code)) this.#comment(start, size);
      else if (code >= 4 && code <= 8 && size === 8) counters[code - 4] = this.#u64(start);
    });
    if (!sound) this.stats.malformedRecords++;
    const [received, dropped, filterAccepted, osDropped, delivered] = counters as [number, number, number, number, number];
    this.#statistics.set(from.point, { point: from.point, received, dropped, filterAccepted, osDropped, delivered });
  }

  /** Nothing can be trusted at `at`: look for the next block that can. */
  #damage(at: number): void {
    this.stats.malformedRecords++;
    this.#lost = 0;
    this.at = at + 1;
    this.#lost++;
  }

  #resync(): void {
    const last = this.filled - FRAMING;
    while (this.at <= last) {
      if (this.#blockAt(this.at)) {
        this.gap("corrupt", -1, this.#lost, state("gap.block-skipped", { octets: this.#lost }));
        this.#lost = -1;
        return;
      }
      this.at++;
      this.#lost++;
    }
  }

  /** A block of a known type, whose two lengths agree where the second is at hand; or the end of the octets. */
  #blockAt(at: number): boolean {
    if (at + FRAMING > this.filled) return at >= this.filled;
    const type = this.view.getUint32(at, this.#little);
    if (type === SECTION_HEADER) {
      const little = this.view.getUint32(at + 8, true) === BYTE_ORDER;
      return little || this.view.getUint32(at + 8, false) === BYTE_ORDER;
    }
    const length = this.view.getUint32(at + 4, this.#little);
    if (!wanted(type) || length < FRAMING || length % 4 !== 0 || length > limits.packetBlockBytes) return false;
    return at + length > this.filled || this.view.getUint32(at + length - 4, this.#little) === length;
  }

  protected end(): void {
    if (this.#lost >= 0) {
      const lost = this.#lost;
      this.gap("corrupt", -1, lost, state("gap.block-rest-lost", { octets: lost }));
    }
    if (this.#unknownInterface > 0) {
      this.gap("unknown-interface", -1, this.#unknownInterface, state("gap.unknown-interface"));
    }
    for (const statistics of this.#statistics.values()) {
      this.stats.interfaces.push(statistics);
      const lost = Math.max(0, statistics.dropped) + Math.max(0, statistics.osDropped);
      if (lost > 0) this.#dropGap(statistics.point, lost, "gap.drops-interface");
    }
    for (const [point, lost] of this.#drops) {
      if (!this.#statistics.has(point)) this.#dropGap(point, lost, "gap.drops-packets");
    }
  }

  #dropGap(point: number, count: number, who: "gap.drops-interface" | "gap.drops-packets"): void {
    this.stats.gaps.push({
      kind: "drops",
      point,
      from: this.stats.first,
      to: this.stats.last,
      count,
      why: state(who, { packets: count }),
    });
  }
}

function padded(length: number): number {
  return length + ((4 - (length % 4)) % 4);
}

function wanted(type: number): boolean {
  return (
    type === ENHANCED_PACKET ||
    type === INTERFACE_DESCRIPTION ||
    type === INTERFACE_STATISTICS ||
    type === SIMPLE_PACKET ||
    type === PACKET ||
    type === NAME_RESOLUTION
  );
}
