/**
 * The pcap file format (draft-ietf-opsawg-pcap), with micro- or nanoseconds, in either byte order, and the "modified" variant of
 * Kuznetzov's patched libpcap with its longer record header.
 */
import { state } from "#model/statement.ts";
import type { Instant } from "#model/time.ts";
import { limits } from "./limits.ts";
import { RecordReader, type Opened } from "./records.ts";

const MICROSECONDS = 0xa1b2c3d4;
const NANOSECONDS = 0xa1b23c4d;
const MODIFIED = 0xa1b2cd34;

/** magic 4 | major 2 | minor 2 | time zone 4 | accuracy 4 | snap length 4 | FCS and link type 4 */
export const PCAP_HEADER = 24;
/** seconds 4 | fraction 4 | captured 4 | original 4 */
const RECORD_HEADER = 16;
/** … | interface index 4 | protocol 2 | packet type 1 | padding 1 */
const MODIFIED_HEADER = 24;

export interface PcapKind {
  readonly bigEndian: boolean;
  readonly nanoseconds: boolean;
  readonly recordHeader: number;
}

/** What the first four octets say; undefined where they are no pcap magic number. */
export function pcapKind(b: Uint8Array): PcapKind | undefined {
  if (b.length < 4) return undefined;
  const view = new DataView(b.buffer, b.byteOffset, 4);
  for (const bigEndian of [false, true]) {
    const magic = view.getUint32(0, !bigEndian);
    if (magic === MICROSECONDS) return { bigEndian, nanoseconds: false, recordHeader: RECORD_HEADER };
    if (magic === NANOSECONDS) return { bigEndian, nanoseconds: true, recordHeader: RECORD_HEADER };
    if (magic === MODIFIED) return { bigEndian, nanoseconds: false, recordHeader: MODIFIED_HEADER };
  }
  return undefined;
}

/** Seconds by which neighbouring records may differ where the reader looks for the next sound one. */
const RESYNC_SECONDS = 7 * 86_400;
/** Records in a row that must be sound before reading goes on after damage. */
const RESYNC_RECORDS = 3;

export class PcapReader extends RecordReader {
  readonly format = "pcap";
  readonly #little: boolean;
  readonly #nanoseconds: boolean;
  readonly #recordHeader: number;
  /** Before version 2.4 the two lengths stood the other way round, in 2.3 either way (libpcap sf-pcap.c). */
  readonly #swap: "never" | "maybe" | "always";
  readonly #snapLength: number;
  readonly #point: number;
  /** Octets passed over since damage was met; -1 while records are sound. */
  #lost = -1;
  #final = false;

  constructor(opened: Opened, kind: PcapKind) {
    super(opened);
    this.#little = !kind.bigEndian;
    this.#nanoseconds = kind.nanoseconds;
    this.#recordHeader = kind.recordHeader;
    const minor = this.view.getUint16(6, this.#little);
    this.#swap = minor < 3 ? "always" : minor === 3 ? "maybe" : "never";
    const snapLength = this.view.getUint32(16, this.#little);
    this.#snapLength = snapLength === 0 || snapLength > limits.frameBytes ? limits.frameBytes : snapLength;
    const linkType = this.view.getUint32(20, this.#little) & 0xffff;
    this.#point = this.addPoint(0, undefined, linkType, snapLength > 0x7fffffff ? 0 : snapLength).index;
    this.at = PCAP_HEADER;
  }

  firstTime(): Instant | null {
    if (this.filled < PCAP_HEADER + RECORD_HEADER) return null;
    const fraction = this.view.getUint32(PCAP_HEADER + 4, this.#little);
    return { sec: this.view.getUint32(PCAP_HEADER, this.#little), nsec: this.#nanoseconds ? fraction : fraction * 1000 };
  }

  protected parse(): number {
    if (this.#lost >= 0 && !this.#resync()) return 0;
    const { view, filled } = this;
    const little = this.#little;
    const header = this.#recordHeader;
    const scale = this.#nanoseconds ? 1 : 1000;
    const { offset, captured, original, sec, nsec, point } = this.batch;
    const room = offset.length;
    const pointIndex = this.#point;
    let { minSec, minNsec, maxSec, maxNsec } = this;
    let bytes = 0;
    let truncated = 0;
    let at = this.at;
    let n = 0;
    while (n < room && at + header <= filled) {
      let seconds = view.getUint32(at, little);
      let fraction = view.getUint32(at + 4, little) * scale;
      let length = view.getInt32(at + 8, little);
      let wire = view.getInt32(at + 12, little);
      if (this.#swap !== "never" && (this.#swap === "always" || length > wire)) {
        const other = length;
        length = wire;
        wire = other;
      }
      // Attacker-controlled: negative covers everything from 2 GiB up.
      if (length < 0 || length > limits.frameBytes) {
        this.#lost = 0;
        break;
      }
      if (at + header + length > filled) break;
      if (wire < length || fraction >= 1e9) {
        this.stats.malformedRecords++;
        if (wire < length) wire = length;
        seconds += Math.floor(fraction / 1e9);
        fraction %= 1e9;
      }
      offset[n] = at + header;
      captured[n] = length;
      original[n] = wire;
      sec[n] = seconds;
      nsec[n] = fraction;
      point[n] = pointIndex;
      n++;
      bytes += wire;
      if (length < wire) truncated++;
      if (seconds < minSec || (seconds === minSec && fraction < minNsec)) {
        minSec = seconds;
        minNsec = fraction;
      }
      if (seconds > maxSec || (seconds === maxSec && fraction > maxNsec)) {
        maxSec = seconds;
        maxNsec = fraction;
      }
      at += header + length;
    }
    this.at = at;
    this.batchBytes += bytes;
    this.batchTruncated += truncated;
    this.minSec = minSec;
    this.minNsec = minNsec;
    this.maxSec = maxSec;
    this.maxNsec = maxNsec;
    if (n > 0) {
      this.lastSec = sec[n - 1]!;
      this.lastNsec = nsec[n - 1]!;
    } else if (this.#lost === 0) return this.#resync() ? this.parse() : 0;
    return n;
  }

  /** Looks for the next place where several records follow one another; true where it was found. */
  #resync(): boolean {
    const from = this.at;
    if (this.#lost === 0) this.at++;
    // Near the end of the octets at hand a chain cannot be followed: wait for more unless there is none.
    while (this.at + this.#recordHeader <= this.filled) {
      const sound = this.#sound(this.at);
      if (sound === "wait" && !this.#final) break;
      if (sound === "yes") {
        this.stats.malformedRecords++;
        this.gap("corrupt", -1, this.#lost + this.at - from, state("gap.record-skipped", { octets: this.#lost + this.at - from }));
        this.#lost = -1;
        return true;
      }
      this.at++;
    }
    if (this.#final) this.at = this.filled;
    this.#lost += this.at - from;
    return false;
  }

  #sound(start: number): "yes" | "no" | "wait" {
    let at = start;
    for (let count = 0; count < RESYNC_RECORDS; count++) {
      if (at === this.filled && this.#final && count > 0) return "yes";
      if (at + this.#recordHeader > this.filled) return "wait";
      const seconds = this.view.getUint32(at, this.#little);
      const fraction = this.view.getUint32(at + 4, this.#little);
      const length = this.view.getUint32(at + 8, this.#little);
      const wire = this.view.getUint32(at + 12, this.#little);
      if (length > this.#snapLength || wire < length || wire > 16 * limits.frameBytes || wire === 0) return "no";
      if (fraction >= (this.#nanoseconds ? 1e9 : 1e6)) return "no";
      if (this.stats.packets > 0 && Math.abs(seconds - this.lastSec) > RESYNC_SECONDS) return "no";
      at += this.#recordHeader + length;
    }
    return "yes";
  }

  protected override salvage(): boolean {
    if (this.#lost < 0) return false;
    this.#final = true;
    return true;
  }

  protected end(): void {
    if (this.#lost < 0) return;
    this.stats.malformedRecords++;
    this.gap("corrupt", -1, this.#lost, state("gap.record-rest-lost", { octets: this.#lost }));
  }
}
