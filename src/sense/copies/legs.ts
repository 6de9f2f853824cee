/**
 * Legs: the ways on which packets travel, as far as a point shows them. A leg is the point together with
 * - a link (source and destination MAC, VLAN), for a subscriber's packet that nothing wraps; or
 * - a chain of carriers (addresses, protocol, service port of every IP header outside the subscriber's), however wrapped; or
 * - a flow of the network's own in whose payload packets were found.
 *
 * TEIDs and ephemeral ports are left out on purpose: the questions "may this flow carry that?" and "who sends to whom?" are the
 * same for all of them, and a coarser carrier has more prints offered, which costs bits instead of giving them.
 */
import { addressText, macText } from "#bytes/address.ts";
import { Layer, LAYER_NAMES, type PacketView } from "#decode/packet/view.ts";
import { limits } from "./limits.ts";

export type LegKind = "link" | "tunnel" | "flow";

/** One IP header outside the subscriber's packet, outermost first. */
export interface Carrier {
  readonly src: string;
  readonly dst: string;
  /** IP protocol number. */
  readonly protocol: number;
  /** Of the first packet seen; -1 where there are none. */
  readonly srcPort: number;
  readonly dstPort: number;
  /** Innermost tunnel header this level carries (`LAYER_NAMES`), empty where none was recognised. */
  readonly tunnel: string;
}

/** What a leg is, for whoever judges it. Plain data. */
export interface LegDescription {
  readonly index: number;
  readonly point: number;
  readonly capture: number;
  readonly kind: LegKind;
  /** Outermost first; empty for a link. */
  readonly carriers: readonly Carrier[];
  readonly srcMac: string | undefined;
  readonly dstMac: string | undefined;
  readonly vlan: number;
  /** Headers between the outermost IP header and the subscriber's, of the first packet: `udp`, `vxlan`, `ethernet`. */
  readonly layers: readonly string[];
  readonly firstMicros: number;
}

/**
 * `path`: explained by what is declared or inferred; its packets are references.
 * `suspect`: not explained (so far); its packets are looked up.
 * `ignore`: neither (the subscriber's own doing, a quoted packet).
 */
export type Verdict = "path" | "suspect" | "ignore";

/** Judges a leg when it is first seen. Judged again, with everything known, at the end. */
export interface LegJudge {
  verdict(leg: LegDescription): Verdict;
  /** Elements (numbers of the judge's own) whose balance this leg enters into; undefined where the leg's point does not show all that passes. */
  ends?(leg: LegDescription): LegEnds | undefined;
  /** Whom an explained G-PDU tunnel leaves and enters; undefined for other legs. */
  branch?(leg: LegDescription): LegBranch | undefined;
}

/** Numbers of the judge's own: a function whatever its address, a partner whatever its node. */
export interface LegBranch {
  readonly sender: number;
  readonly far: number;
  /** The far end is another network's. */
  readonly partner: boolean;
}

export interface LegEnds {
  /** Whom packets on this leg leave, and whom they enter; -1 for nobody. */
  readonly from: number;
  readonly to: number;
  /** On a plain link: the gateway that uplink leaves and downlink enters; -1 for none. */
  readonly gateway: number;
}

export class Leg {
  readonly description: LegDescription;
  /** Of the description, for every packet. */
  readonly index: number;
  readonly point: number;
  readonly plain: boolean;
  verdict: Verdict;
  /** Whose the outermost addresses of a GTP-U tunnel are: a subscriber may speak GTP-U, too. */
  between: "unknown" | "elements" | "subscribers" = "unknown";
  readonly ends: LegEnds | undefined;
  readonly branch: LegBranch | undefined;
  /** Some flow is sent here and elsewhere by the same sender, by turns: its packets are looked for among the references, too. */
  forked: boolean;
  /** Prints offered by this leg (n_b). */
  offered = 0;
  /** Distinct inputs among them (suspects only). */
  distinct = 0;
  /** Windows of content offered, each a try at every original. */
  windows = 0;
  /** IP octets of the packets offered. */
  octets = 0;
  lastMicros = 0;
  /** Outer packets and octets of payload, for flows that carry what could not be read. */
  carried = 0;
  carriedOctets = 0;
  /** Packets from one source MAC on this point were also sent to other MACs: look among the references too. */
  parallel = false;
  /** Frames cut by the snap length among those that offered. */
  cutFrames = 0;

  constructor(description: LegDescription, verdict: Verdict, ends: LegEnds | undefined, branch: LegBranch | undefined) {
    this.ends = ends;
    this.branch = branch;
    // What goes on to the plain side beside a tunnel leaves no second tunnel: those to partners are looked at from the first packet on.
    this.forked = branch?.partner === true;
    this.description = description;
    this.index = description.index;
    this.point = description.point;
    this.plain = description.kind === "link";
    this.verdict = verdict;
  }
}

const KEY_WORDS = 48;
const SHORT_WORDS = 5;
const RECENT = 1024;
const RECENT_SHIFT = 22;
// A row of `Legs`.
const ROW_NEXT = 0;
const ROW_HASH = 1;
const ROW_INDEX = 2;
const ROW_LENGTH = 3;
const ROW_KEY = 4;

export class Legs {
  readonly all: Leg[] = [];
  /** Packets of legs past the limit. */
  dropped = 0;

  private readonly judge: LegJudge;
  private readonly seed: number;
  /** By hash: where in `rows` the chain begins, -1 for none. */
  private heads = new Int32Array(1024).fill(-1);
  /** A leg's row: next of its chain, hash, index, words of its key, key. In one array, as every packet asks: each array more is a cache miss more. */
  private rows = new Int32Array(16_384);
  private used = 0;
  private readonly key = new Int32Array(KEY_WORDS);
  private length = 0;
  /**
   * Where a short key's leg was found last, by a hash of few steps: five words of the key, then the leg's index. Who makes two keys meet in it makes
   * us ask the table, no more.
   */
  private readonly recent = new Int32Array(RECENT << 3).fill(-1);

  constructor(judge: LegJudge, seed: number) {
    this.judge = judge;
    this.seed = seed | 0;
  }

  /**
   * The leg on which IP level `level` of this frame travels (`level` 0: the link). With `flow`, level `level - 1` is a flow
   * whose payload is searched. Undefined past the limit.
   */
  of(view: PacketView, level: number, flow: boolean, point: number, capture: number, micros: number): Leg | undefined {
    this.fill(view, level, flow, point);
    const k = this.key;
    // A link, or one carrier over IPv4: nearly all packets.
    const short = this.length === SHORT_WORDS;
    const slot = short ? (Math.imul((k[1] as number) ^ Math.imul(k[2] as number, 0x85ebca6b), 0x9e3779b1) >>> RECENT_SHIFT) << 3 : -1;
    const { recent } = this;
    if (
      short &&
      recent[slot] === k[0] &&
      recent[slot + 1] === k[1] &&
      recent[slot + 2] === k[2] &&
      recent[slot + 3] === k[3] &&
      recent[slot + 4] === k[4]
    )
      return this.all[recent[slot + 5] as number];
    const row = this.seek(view, level, flow, point, capture, micros);
    if (row < 0) return undefined;
    const index = this.rows[row + ROW_INDEX] as number;
    if (short) {
      for (let i = 0; i < SHORT_WORDS; i++) recent[slot + i] = k[i] as number;
      recent[slot + 5] = index;
    }
    return this.all[index];
  }

  /** Writes the key. */
  private fill(view: PacketView, level: number, flow: boolean, point: number): void {
    const k = this.key;
    const { bytes } = view;
    if (level === 0) {
      const { mac } = view;
      k[0] = point << 2;
      k[1] = mac < 0 ? 0 : be32(bytes, mac);
      k[2] = mac < 0 ? 0 : be32(bytes, mac + 4);
      k[3] = mac < 0 ? 0 : be32(bytes, mac + 8);
      k[4] = view.vlan0;
      this.length = SHORT_WORDS;
      return;
    }
    k[0] = (point << 2) | (flow ? 2 : 1);
    let n = 1;
    for (let i = 0; i < level && n + 10 <= KEY_WORDS; i++) {
      const size = view.ipVersion[i] === 4 ? 4 : 16;
      const src = view.ipSrc[i] as number;
      const dst = view.ipDst[i] as number;
      for (let o = 0; o < size; o += 4) {
        k[n++] = be32(bytes, src + o);
        k[n++] = be32(bytes, dst + o);
      }
      k[n++] = ((view.ipProtocol[i] as number) << 16) | servicePort(view, i);
      k[n++] = view.tunnelKind[i] as number;
    }
    this.length = n;
  }

  /** Where the row of the key's leg begins, which may be new; -1 past the limit. */
  private seek(view: PacketView, level: number, flow: boolean, point: number, capture: number, micros: number): number {
    const k = this.key;
    let h = this.seed;
    for (let i = 0; i < this.length; i++) {
      h = Math.imul(h ^ (k[i] as number), 0x85ebca6b);
      h ^= h >>> 13;
    }
    h = Math.imul(h, 0xc2b2ae35);
    h ^= h >>> 16;
    let at = this.heads[h & (this.heads.length - 1)] as number;
    while (at >= 0 && !this.same(at)) at = this.rows[at + ROW_NEXT] as number;
    if (at >= 0) return at;
    if (this.all.length >= limits.legs) {
      this.dropped++;
      return -1;
    }
    return this.add(view, level, flow, point, capture, micros, h);
  }

  private same(row: number): boolean {
    const { rows, key, length } = this;
    if (rows[row + ROW_LENGTH] !== length) return false;
    const from = row + ROW_KEY;
    for (let i = 0; i < length; i++) if (rows[from + i] !== key[i]) return false;
    return true;
  }

  /** The row of a new leg. */
  private add(view: PacketView, level: number, flow: boolean, point: number, capture: number, micros: number, hash: number): number {
    const index = this.all.length;
    const { bytes } = view;
    const carriers: Carrier[] = [];
    for (let i = 0; i < level; i++) {
      const version = view.ipVersion[i] as number;
      carriers.push({
        src: addressText(bytes, view.ipSrc[i] as number, version),
        dst: addressText(bytes, view.ipDst[i] as number, version),
        protocol: view.ipProtocol[i] as number,
        srcPort: view.srcPort[i] as number,
        dstPort: view.dstPort[i] as number,
        tunnel: (view.tunnelKind[i] as number) === Layer.NONE ? "" : (LAYER_NAMES[view.tunnelKind[i] as number] ?? ""),
      });
    }
    const layers: string[] = [];
    const from = view.ipCount > 0 ? (view.ipLayer[0] as number) + 1 : 0;
    const to = level > 0 && level < view.ipCount && !flow ? (view.ipLayer[level] as number) : view.layerCount;
    if (level > 0) for (let i = from; i < to; i++) layers.push(LAYER_NAMES[view.layerKind[i] as number] ?? "unknown");
    const description: LegDescription = {
      index,
      point,
      capture,
      kind: level === 0 ? "link" : flow ? "flow" : "tunnel",
      carriers,
      srcMac: view.mac >= 0 ? macText(bytes, view.mac + 6) : undefined,
      dstMac: view.mac >= 0 ? macText(bytes, view.mac) : undefined,
      vlan: view.vlan0,
      layers,
      firstMicros: micros,
    };
    this.all.push(new Leg(description, this.judge.verdict(description), this.judge.ends?.(description), this.judge.branch?.(description)));
    const row = this.used;
    this.used += ROW_KEY + this.length;
    if (this.used > this.rows.length) {
      const wider = new Int32Array(this.rows.length * 2);
      wider.set(this.rows);
      this.rows = wider;
    }
    const { rows } = this;
    rows[row + ROW_HASH] = hash;
    rows[row + ROW_INDEX] = index;
    rows[row + ROW_LENGTH] = this.length;
    for (let i = 0; i < this.length; i++) rows[row + ROW_KEY + i] = this.key[i] as number;
    if (index * 2 >= this.heads.length) this.rehash();
    else this.chain(row);
    return row;
  }

  private chain(row: number): void {
    const slot = (this.rows[row + ROW_HASH] as number) & (this.heads.length - 1);
    this.rows[row + ROW_NEXT] = this.heads[slot] as number;
    this.heads[slot] = row;
  }

  private rehash(): void {
    this.heads = new Int32Array(this.heads.length * 4).fill(-1);
    for (let row = 0; row < this.used; row += ROW_KEY + (this.rows[row + ROW_LENGTH] as number)) this.chain(row);
  }
}

/** UDP and SCTP: the destination port. TCP: the smaller one, whoever began. Others: 0. */
function servicePort(view: PacketView, level: number): number {
  const src = view.srcPort[level] as number;
  const dst = view.dstPort[level] as number;
  if (dst < 0) return 0;
  return view.ipProtocol[level] === 6 && src < dst ? src : dst;
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
