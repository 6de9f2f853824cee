/**
 * Puts IP fragments together (RFC 791 §3.2, RFC 8200 §4.5) at any level of tunnels. Fragments come from the suspect: state is
 * bounded in number, octets and time, and contradictory fragments never mix into one datagram.
 *
 * Where two fragments claim one place, receivers differ in which they take (RFC 5722 asks for neither). The transport's checksum tells
 * which datagram its receiver took: both versions are kept, also after one datagram became whole, and each combination whose checksum
 * is right is handed on. Without a checksum the datagram begins anew with the later fragment.
 */
import { scaled } from "#model/room.ts";
import { transportChecksum, Written } from "./checksums.ts";
import { limits } from "./limits.ts";
import { IpFlag, type PacketView } from "./view.ts";

/** A datagram put together, as a frame for `decodeReassembled`: the first fragment's headers, then the whole payload. */
export interface ReassembledFrame {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly linkType: number;
  /** The IP level that is whole now. */
  readonly level: number;
  /** Its receiver throws it away: the transport's checksum is wrong, and another version of a fragment may yet come. */
  wrong: boolean;
  /** Frames that carried the fragments, ascending. */
  readonly frames: readonly number[];
}

export interface FragmentStats {
  fragments: number;
  completed: number;
  /** Datagrams given up: too old, too many, or never completed. */
  incomplete: number;
  /** Fragments that contradicted earlier ones: the datagram began anew, or both were kept until a checksum told. */
  conflicts: number;
  /** Fragments that break their rules (empty, not a multiple of 8, too far) or were cut by the capture. */
  unusable: number;
}

interface Part {
  readonly offset: number;
  readonly data: Uint8Array;
  /** Other octets that claimed the same place. */
  readonly others: Uint8Array[];
}

interface Datagram {
  readonly firstSec: number;
  readonly parts: Part[];
  readonly frames: number[];
  /** Frame octets up to the payload, of the fragment with offset 0. */
  prefix: Uint8Array | undefined;
  linkType: number;
  /** Offset of the IP header in `prefix`. */
  ipAt: number;
  version: number;
  readonly protocol: number;
  /** It was handed on; kept for other versions of its parts. */
  done: boolean;
  level: number;
  /** Octets of other versions. */
  extra: number;
  /** Octets of payload in all; -1 until the last fragment came. */
  total: number;
  have: number;
}

/** Versions of one place that are kept beside the first; more are counted as conflicts only. */
const MAX_OTHERS = 2;
/** Combinations of contradictory fragments tried for one datagram when a fragment comes. */
const MAX_COMBINATIONS = 8;
/** Octets that a reassembled datagram may have (RFC 791 §3.1); fragments that reach beyond make it malformed. */
const MAX_PAYLOAD = 65_535;

export class FragmentReassembler {
  readonly stats: FragmentStats = { fragments: 0, completed: 0, incomplete: 0, conflicts: 0, unusable: 0 };
  /** Oldest first: a map keeps the order of insertion. */
  readonly #datagrams = new Map<string, Datagram>();
  /** Whole ones, kept for other versions of their parts; oldest first. */
  readonly #done = new Map<string, Datagram>();
  #bytes = 0;
  readonly #more: ReassembledFrame[] = [];

  /** A further version of the datagram that `add` answered last, null when there is none left. */
  next(): ReassembledFrame | null {
    return this.#more.pop() ?? null;
  }

  /** Octets held at the moment. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /**
   * Takes the fragment at IP level `view.fragmentLevel`, seen at `sec` (epoch seconds) at `point` in `frames`. Returns the whole
   * datagram where this fragment completed it, else null. The returned octets are the caller's.
   */
  add(view: PacketView, sec: number, point: number, frames: readonly number[]): ReassembledFrame | null {
    const level = view.fragmentLevel;
    if (level < 0) return null;
    this.stats.fragments++;
    this.expire(sec);
    const offset = view.fragmentOffset[level]!;
    const start = view.ipPayload[level]!;
    const length = view.ipEnd[level]! - start;
    const flags = view.ipFlags[level]!;
    const more = (flags & IpFlag.MORE_FRAGMENTS) !== 0;
    const wrong = length <= 0 || offset + length > MAX_PAYLOAD || (more && length % 8 !== 0);
    if (wrong || (flags & (IpFlag.CUT | IpFlag.CARRIER_CUT | IpFlag.SUPER)) !== 0) {
      this.stats.unusable++;
      return null;
    }
    const key = keyOf(view, level, point);
    let datagram = this.#datagrams.get(key);
    const data = view.bytes.slice(start, start + length);
    if (datagram === undefined) {
      const done = this.#done.get(key);
      if (done !== undefined && fits(done, offset, data, more) === "other") return this.#other(done, offset, data, frames);
    }
    if (datagram !== undefined) {
      const fit = fits(datagram, offset, data, more);
      if (fit === "repeat") return null;
      if (fit === "other") return this.#other(datagram, offset, data, frames);
      if (fit === "conflict") {
        this.stats.conflicts++;
        this.#forget(key, datagram);
        datagram = undefined;
      }
    }
    if (datagram === undefined) {
      datagram = begin(sec, view, level);
      this.#datagrams.set(key, datagram);
    }
    datagram.parts.push({ offset, data, others: [] });
    datagram.frames.push(...frames);
    datagram.have += length;
    this.#bytes += length;
    if (!more) datagram.total = offset + length;
    if (offset === 0) {
      datagram.prefix = view.bytes.slice(view.start, start);
      datagram.linkType = view.linkType;
      datagram.ipAt = view.ipStart[level]! - view.start;
      this.#bytes += datagram.prefix.length;
    }
    if (datagram.total >= 0 && datagram.have === datagram.total && datagram.prefix !== undefined) {
      this.stats.completed++;
      const first = whole(datagram, datagram.prefix, level);
      const told = verdict(first, datagram);
      if (told === Written.UNKNOWN) {
        this.#remove(key, datagram);
        return first;
      }
      this.#datagrams.delete(key);
      const before = this.#done.get(key);
      if (before !== undefined) this.#remove(key, before);
      datagram.done = true;
      datagram.level = level;
      this.#done.set(key, datagram);
      this.#bound();
      if (told !== Written.RIGHT) {
        const better = this.#combinations(datagram, -1, null);
        if (better !== null) return better;
      } else this.#combinations(datagram, -1, null, first);
      if (first !== null) first.wrong = told === Written.WRONG;
      return first;
    }
    if (datagram.parts.length >= limits.fragmentsPerDatagram) this.#forget(key, datagram);
    this.#bound();
    return null;
  }

  /** Keeps a second version of a part; where the datagram was whole already, answers those that it makes right. */
  #other(datagram: Datagram, offset: number, data: Uint8Array, frames: readonly number[]): ReassembledFrame | null {
    this.stats.conflicts++;
    const at = datagram.parts.findIndex((part) => part.offset === offset);
    const part = datagram.parts[at];
    if (part === undefined || part.others.length >= MAX_OTHERS) return null;
    part.others.push(data);
    datagram.frames.push(...frames);
    this.#bytes += data.length;
    datagram.extra += data.length;
    const found = datagram.done ? this.#combinations(datagram, at, data) : null;
    this.#bound();
    return found;
  }

  /** The first combination with a right checksum; further ones wait for `next`. With `fixed` >= 0 that part is `version`; `known` was handed on already. */
  #combinations(datagram: Datagram, fixed: number, version: Uint8Array | null, known?: ReassembledFrame | null): ReassembledFrame | null {
    const { parts, prefix } = datagram;
    if (prefix === undefined) return null;
    const contested = parts.map((part, i) => ({ i, part })).filter(({ i, part }) => i !== fixed && part.others.length > 0);
    if (contested.length === 0 && fixed < 0) return null;
    let found: ReassembledFrame | null = null;
    const chosen = parts.map((part, i) => (i === fixed && version !== null ? version : part.data));
    let tried = 0;
    const walk = (depth: number): void => {
      if (tried >= MAX_COMBINATIONS) return;
      const next = contested[depth];
      if (next === undefined) {
        tried++;
        const made = whole(datagram, prefix, datagram.level, chosen);
        if (
          made === null ||
          verdict(made, datagram) !== Written.RIGHT ||
          (known !== undefined && known !== null && equal(made.bytes, known.bytes))
        )
          return;
        if (found === null && known === undefined) found = made;
        else this.#more.push(made);
        return;
      }
      // Later versions first: a decoy comes before what it shall hide.
      for (const octets of [...next.part.others].reverse().concat(next.part.data)) {
        chosen[next.i] = octets;
        walk(depth + 1);
      }
    };
    walk(0);
    return found;
  }

  /** Gives up what is older than `limits.fragmentSeconds` at `sec`; with Infinity, everything (end of input). */
  expire(sec: number): void {
    for (const table of [this.#datagrams, this.#done]) {
      for (const [key, datagram] of table) {
        if (sec - datagram.firstSec <= limits.fragmentSeconds) break;
        this.#forget(key, datagram);
      }
    }
  }

  #bound(): void {
    while (this.#done.size > limits.fragmentsKept || (this.#done.size > 0 && this.#bytes > scaled(limits.fragmentBytes)))
      this.#forgetOldest(this.#done);
    while (this.#datagrams.size > limits.fragmentDatagrams || this.#bytes > scaled(limits.fragmentBytes))
      this.#forgetOldest(this.#datagrams);
  }

  #forgetOldest(table: ReadonlyMap<string, Datagram>): void {
    for (const [key, datagram] of table) {
      this.#forget(key, datagram);
      return;
    }
  }

  #forget(key: string, datagram: Datagram): void {
    if (!datagram.done) this.stats.incomplete++;
    this.#remove(key, datagram);
  }

  #remove(key: string, datagram: Datagram): void {
    this.#bytes -= datagram.have + datagram.extra + (datagram.prefix?.length ?? 0);
    (datagram.done ? this.#done : this.#datagrams).delete(key);
  }
}

function begin(sec: number, view: PacketView, level: number): Datagram {
  return {
    firstSec: sec,
    parts: [],
    frames: [],
    prefix: undefined,
    linkType: view.linkType,
    ipAt: 0,
    version: view.ipVersion[level]!,
    protocol: view.ipProtocol[level]!,
    done: false,
    level,
    extra: 0,
    total: -1,
    have: 0,
  };
}

/** New octets fit; or they repeat a fragment exactly; or they overlap, or lie beyond the end, and then nothing can be trusted (RFC 5722). */
function fits(datagram: Datagram, offset: number, data: Uint8Array, more: boolean): "new" | "repeat" | "other" | "conflict" {
  const end = offset + data.length;
  for (const part of datagram.parts) {
    const partEnd = part.offset + part.data.length;
    if (end <= part.offset || offset >= partEnd) continue;
    if (part.offset !== offset || part.data.length !== data.length) return "conflict";
    if (equal(part.data, data) || part.others.some((other) => equal(other, data))) return "repeat";
    const last = partEnd === datagram.total;
    return CHECKED.has(datagram.protocol) && last === !more ? "other" : "conflict";
  }
  if (datagram.total >= 0 && (!more || end > datagram.total)) return "conflict";
  if (!more && datagram.parts.some((part) => part.offset + part.data.length > end)) return "conflict";
  return "new";
}

/** Protocols whose checksum covers the whole datagram: SCTP, TCP, UDP. */
const CHECKED: ReadonlySet<number> = new Set([132, 6, 17]);

/** What the transport checksum of a whole datagram says, a `Written`. */
function verdict(made: ReassembledFrame | null, datagram: Datagram): number {
  if (made === null || !CHECKED.has(datagram.protocol)) return Written.UNKNOWN;
  const { ipAt, version } = datagram;
  const start = made.length - datagram.total;
  const [src, dst, size] = version === 4 ? [ipAt + 12, ipAt + 16, 4] : [ipAt + 8, ipAt + 24, 16];
  return transportChecksum(datagram.protocol, made.bytes, src, dst, size, start, made.length);
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Point, VLANs, and of every level outside: addresses and tunnel; then addresses, identification and (IPv4) protocol. */
function keyOf(view: PacketView, level: number, point: number): string {
  const b = view.bytes;
  let key = `${point} ${view.vlan0} ${view.vlan1}`;
  for (let i = 0; i <= level; i++) {
    const size = view.ipVersion[i] === 4 ? 4 : 16;
    key += ` ${view.ipVlan[i]} ${latin1(b, view.ipSrc[i]!, size)}${latin1(b, view.ipDst[i]!, size)}`;
    if (i < level) key += ` ${view.tunnelKind[i]} ${view.tunnelId[i]}`;
  }
  return `${key} ${view.fragmentId[level]} ${view.ipVersion[level] === 4 ? view.ipProtocol[level] : ""}`;
}

function latin1(b: Uint8Array, at: number, length: number): string {
  let text = "";
  for (let i = at; i < at + length; i++) text += String.fromCharCode(b[i]!);
  return text;
}

function whole(datagram: Datagram, prefix: Uint8Array, level: number, versions?: readonly Uint8Array[]): ReassembledFrame | null {
  const length = prefix.length + datagram.total;
  const bytes = new Uint8Array(length);
  bytes.set(prefix);
  datagram.parts.forEach((part, i) => bytes.set(versions?.[i] ?? part.data, prefix.length + part.offset));
  patch(bytes, datagram, prefix.length);
  return { bytes, length, linkType: datagram.linkType, level, wrong: false, frames: [...new Set(datagram.frames)].sort((a, b) => a - b) };
}

/** Makes the IP header say what is there now: the whole length, and no fragment. */
function patch(bytes: Uint8Array, datagram: Datagram, payload: number): void {
  const at = datagram.ipAt;
  if (datagram.version === 4) {
    const total = payload - at + datagram.total;
    // Beyond 65,535 octets the length cannot be stated; 0 means "all that is there".
    put16(bytes, at + 2, total > 0xffff ? 0 : total);
    bytes[at + 6] = bytes[at + 6]! & 0x40;
    bytes[at + 7] = 0;
    put16(bytes, at + 10, 0);
    let sum = 0;
    for (let p = at; p < at + (bytes[at]! & 15) * 4; p += 2) sum += (bytes[p]! << 8) | bytes[p + 1]!;
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    put16(bytes, at + 10, ~sum & 0xffff);
    return;
  }
  const length = payload - at - 40 + datagram.total;
  put16(bytes, at + 4, length > 0xffff ? 0 : length);
  // The fragment header is the last before the payload; with offset 0 and no more to come it is an atomic fragment (RFC 6946).
  put16(bytes, payload - 6, 0);
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}
