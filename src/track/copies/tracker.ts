/**
 * The copy search over one stream of frames, in time order, in one pass.
 *
 * Each frame is one of three things:
 * - a subscriber's packet on an explained way: a **reference**. Its prints go into the table of references, and are looked up
 *   among the suspects (a copy may be captured before its original);
 * - a subscriber's packet on any other way: a **suspect**. Its prints go into the table of suspects and are looked up among
 *   the references;
 * - the network's own traffic: its payload is searched for packets, and what is found is a suspect.
 *
 * Where nothing is suspect, a reference costs two hashes and one record; the look-up is skipped by a filter.
 */
import { IpFlag, Layer, type PacketView } from "#decode/packet/view.ts";
import { TcpReassembler, type StreamConsumer, type TcpFlow, type TcpSegment } from "#decode/tcp/reassembler.ts";
import type { CopyClock, CopyCoverage, CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import type { Sighting } from "#model/sighting.ts";
import { toMicros } from "#model/time.ts";
import { ContentSearch, type WindowMatch } from "#track/content/content-search.ts";
import { MessageReader } from "#track/rhythm/messages.ts";
import { Rhythm, type FollowedTrain, type FollowingCarrier } from "#track/rhythm/rhythm.ts";
import { InnerPacket } from "#track/prints/inner-packet.ts";
import { PacketPrinter } from "#track/prints/packet-print.ts";
import { InnerSearch } from "#track/prints/search.ts";
import { PayloadScan, type Inflate, type ScanSink } from "#track/prints/scan.ts";
import { Conservation } from "./conservation.ts";
import { Crossings } from "./crossings.ts";
import { Ledger, type Match } from "./ledger.ts";
import { Legs, mac, type Leg, type LegEnds, type LegJudge } from "./legs.ts";
import { limits } from "./limits.ts";
import { Field, Info, PrintStore } from "./print-store.ts";
import { Content, formatAddress, Seen, SubscriberFlows } from "./subscriber-flows.ts";

/** What is tried on each carrier: header print, payload print, and payload after base64, hex, gzip, zstd, deflate; content windows. */
export const TRANSFORMS = 8;

export interface CopySettings {
  /** 16 octets each, drawn per run, independent of one another. */
  readonly printKey: Uint8Array;
  readonly samplingKey: Uint8Array;
  /** One packet in so many is kept; default 1. */
  readonly sample?: number;
  /** Octets for all tables; default `limits.budgetBytes`. */
  readonly budgetBytes?: number;
  readonly judge: LegJudge;
  /** Whether the address at `at` (4 or 16 octets) is a subscriber's, by declaration or signalling. */
  readonly isSubscriber: (bytes: Uint8Array, at: number, length: number) => boolean;
  /** Decompression, which a pure module cannot import; without it compressed payload is not looked into. */
  readonly inflate?: Inflate;
}

/** One reference in four is compared between points, the same ones at each: clocks need no more. */
const CROSSING_MASK = 3 << 16;

const NO_MATCH = 0;
const MATCHED = 1;

const FILTER_WORDS = 1 << 17;

/** Word of the filter that keeps a print. */
function filterWord(lo: number): number {
  return (lo >>> 10) & (FILTER_WORDS - 1);
}
function filterBit(lo: number): number {
  return 1 << ((lo >>> 5) & 31);
}

export class CopyTracker {
  readonly legs: Legs;
  readonly flows: SubscriberFlows;
  readonly ledger = new Ledger();

  private readonly settings: CopySettings;
  private readonly sample: number;
  private readonly printer: PacketPrinter;
  private readonly references: PrintStore;
  private readonly suspects: PrintStore;
  /** One bit per print of a suspect, by the low bits of its hash: most references need no look-up. */
  private readonly filter = new Int32Array(FILTER_WORDS);
  private readonly content: ContentSearch;
  private readonly rhythm: Rhythm;
  readonly conservation = new Conservation();
  private readonly crossings = new Crossings();
  /** Point of the first reference, and whether there were others. */
  private firstPoint = -1;
  private severalPoints = false;
  private readonly packet = new InnerPacket();
  private readonly scan: PayloadScan;
  private readonly tcp: TcpReassembler;
  private readonly addresses = new Uint32Array(8);
  private readonly segment: {
    bytes: Uint8Array;
    start: number;
    end: number;
    wireEnd: number;
    scope: number;
    addresses: Uint32Array;
    seen: Sighting;
  };
  private readonly arp = new Map<string, string>();
  private readonly linkSources = new Map<string, Leg[]>();
  private readonly match: Match = {
    flow: 0,
    byHeader: false,
    byPayload: false,
    weak: false,
    content: 0,
    octets: 0,
    protocol: 0,
    seq: 0,
    ack: 0,
    plainOthers: -1,
    plainHolding: 0,
  };
  private readonly chainLegs = new Int32Array(limits.chain);
  private readonly chainCounts = new Int32Array(limits.chain);
  // Of the frame at hand, for the search's call-backs.
  private currentLeg: Leg | undefined = undefined;
  /** The leg of the packet in hand: taking its segment may end other streams, whose octets are then told first. */
  private packetLeg: Leg | undefined = undefined;
  private currentFrame = 0;
  private currentFrames: readonly number[] | undefined = undefined;
  /** Frames of suspects that lie in several, by position. */
  private readonly carriedIn = new Map<number, readonly number[]>();
  private currentMicros = 0;
  private currentTransform = "";
  private currentCut = false;

  constructor(settings: CopySettings) {
    this.settings = settings;
    this.sample = settings.sample ?? 1;
    this.printer = new PacketPrinter(settings.printKey, settings.samplingKey, this.sample);
    const k = settings.samplingKey;
    const seed = (k[0] as number) | ((k[1] as number) << 8) | ((k[2] as number) << 16) | ((k[3] as number) << 24);
    this.legs = new Legs(settings.judge, seed);
    this.flows = new SubscriberFlows(seed ^ 0x5bd1e995);
    const budget = settings.budgetBytes ?? limits.budgetBytes;
    this.references = new PrintStore(budget * 0.5);
    this.suspects = new PrintStore(budget * 0.25);
    this.content = new ContentSearch(settings.printKey, budget * 0.1, budget * 0.025, { match: (found) => this.windowMatched(found) });
    this.rhythm = new Rhythm(budget * 0.022, (leg) => (this.ledger.byLeg.get(leg)?.packets ?? 0) < limits.rhythmReadable);
    const sink: ScanSink = {
      candidate: (packet, transform, frames) => this.candidate(packet, transform, frames),
      octets: (bytes, start, end, transform, frames) => this.octets(bytes, start, end, transform, frames),
    };
    this.scan = new PayloadScan(new InnerSearch(settings.isSubscriber, { candidate: (p) => this.scan.found(p) }), sink, settings.inflate);
    this.tcp = new TcpReassembler(
      (flow, seen) => this.open(flow, seen),
      { streams: limits.streams, heldOctetsTotal: 16 << 20 },
      seed ^ 0x1b873593,
    );
    this.segment = {
      bytes: new Uint8Array(0),
      start: 0,
      end: 0,
      wireEnd: 0,
      scope: 0,
      addresses: this.addresses,
      seen: { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } },
    };
  }

  /** A reference that will come some packets later; see `SubscriberFlows`. */
  approach(bytes: Uint8Array, at: number): void {
    this.flows.approach(bytes, at);
  }

  /** Takes one decoded frame. Frames of all points come in one order of time, as well as their clocks allow. */
  frame(view: PacketView, seen: Sighting): void {
    const count = view.ipCount;
    if (count === 0) {
      if (view.layerCount > 0 && view.layerKind[view.layerCount - 1] === Layer.ARP) this.learnArp(view);
      return;
    }
    const micros = toMicros(seen.time);
    let level = -1;
    let leg: Leg | undefined;
    const known = this.legs.all.length;
    if (count > 1 && view.tunnelKind[0] === Layer.GTPU && view.gtpType[0] === 255) {
      // The commonest frame: nobody asks again whether the tunnel's ends are subscribers.
      leg = this.legs.of(view, 1, false, seen.point, seen.capture, micros);
      if (leg !== undefined && leg.between === "unknown") leg.between = this.isOfSubscriber(view, 0) ? "subscribers" : "elements";
      if (leg?.between === "elements") level = 1;
    }
    if (level < 0) {
      level = this.subscriberLevel(view);
      if (level >= 0) leg = this.legs.of(view, level, false, seen.point, seen.capture, micros);
    }
    if (level >= 0) {
      if (leg === undefined || leg.verdict === "ignore") return;
      if (this.legs.all.length > known) this.noteParallel(leg);
      const p = this.packet;
      p.fromView(view, level);
      leg.lastMicros = micros;
      if (leg.verdict === "path") this.reference(p, leg, seen.frame, micros, (view.ipFlags[level] as number) & IpFlag.CUT);
      else this.suspect(p, leg, seen.frame, micros, ((view.ipFlags[level] as number) & IpFlag.CUT) !== 0, "");
      return;
    }
    this.own(view, seen, micros);
  }

  /** Ends all streams. Observations may be asked for before and after. */
  finish(): void {
    this.tcp.flush();
    this.rhythm.judge();
  }

  /** The outermost IP level that is a subscriber's packet, -1 where none is. */
  private subscriberLevel(view: PacketView): number {
    for (let i = 0; i < view.ipCount; i++) {
      if (this.isOfSubscriber(view, i)) return i;
      // What a G-PDU carries is a subscriber's, whatever its addresses (3GPP TS 29.281 §7.1).
      if (i > 0 && view.tunnelKind[i - 1] === Layer.GTPU && view.gtpType[i - 1] === 255) return i;
      // A flow that was seen as a subscriber's is one in any wrapping, also where no declaration or signalling knows its addresses.
      if (view.tunnelKind[i] === Layer.NONE && this.flows.offered > 0) {
        this.packet.fromView(view, i);
        if (this.flows.find(this.packet) !== 0) return i;
      }
    }
    return -1;
  }

  private isOfSubscriber(view: PacketView, level: number): boolean {
    const { isSubscriber } = this.settings;
    const size = view.ipVersion[level] === 4 ? 4 : 16;
    return isSubscriber(view.bytes, view.ipSrc[level] as number, size) || isSubscriber(view.bytes, view.ipDst[level] as number, size);
  }

  private reference(p: InnerPacket, leg: Leg, frame: number, micros: number, cut: number): void {
    const flows = this.flows;
    const known = flows.find(p);
    const number = known === 0 ? flows.create(p, this.side(p)) : known;
    flows.classify(number, p);
    const { printer } = this;
    const seen = leg.description.kind === "link" ? Seen.PLAIN : Seen.TUNNEL;
    const train = flows.trainOf(number);
    if (leg.ends !== undefined) this.balance(leg.ends, number, (train & 1) === 0, p.length);
    if (train !== 0)
      this.rhythm.packet(train >> 1, (train & 1) === 0, seen === Seen.TUNNEL, leg.description.index, micros, p.length, frame);
    if (!printer.sampled(p)) return;
    printer.print(p);
    if (!printer.hasHeader && !printer.hasPayload) return;
    // Read now, used last: two places of a large table, and the processor does the rest meanwhile.
    const looking = this.suspects.size !== 0;
    const headerMarks = looking && printer.hasHeader ? (this.filter[filterWord(printer.headerLo)] as number) : 0;
    const payloadMarks = looking && printer.hasPayload ? (this.filter[filterWord(printer.payloadLo)] as number) : 0;
    flows.offer(number, seen);
    leg.offered++;
    leg.octets += p.length;
    const info =
      (printer.hasHeader ? Info.HAS_HEADER : 0) |
      (printer.hasPayload ? Info.HAS_PAYLOAD : 0) |
      (cut !== 0 ? Info.CUT : 0) |
      (p.ttl << Info.TTL_SHIFT) |
      (flows.content << Info.KIND_SHIFT) |
      (flows.octets << Info.OCTETS_SHIFT);
    const { headerLo, headerHi, payloadLo, payloadHi } = printer;
    if (leg.parallel && printer.hasHeader) this.twins(headerLo, headerHi, leg, p);
    if (leg.description.point !== this.firstPoint) {
      if (this.firstPoint < 0) this.firstPoint = leg.description.point;
      else this.severalPoints = true;
    }
    if (this.severalPoints && printer.hasHeader && (headerLo & CROSSING_MASK) === 0)
      this.cross(headerLo, headerHi, leg, micros, p.ttl, (train & 1) === 0);
    const index = leg.description.index;
    if (leg.verdict !== "path") return;
    const at = this.references.insert(headerLo, headerHi, payloadLo, payloadHi, info, index, number, frame, micros, p.length);
    if (flows.content === Content.CIPHER && cut === 0) this.windows(p, leg, number, frame, micros);
    if ((headerMarks & filterBit(headerLo)) !== 0 || (payloadMarks & filterBit(payloadLo)) !== 0) this.lateOriginal(at, p);
  }

  private balance(ends: LegEnds, flow: number, uplink: boolean, octets: number): void {
    const { conservation } = this;
    if (ends.from >= 0) conservation.count(flow, ends.from, false, octets);
    if (ends.to >= 0) conservation.count(flow, ends.to, true, octets);
    if (ends.gateway >= 0) conservation.count(flow, ends.gateway, !uplink, octets);
  }

  /** Keeps windows of a subscriber's ciphertext, for content that is cut anew. */
  private windows(p: InnerPacket, leg: Leg, number: number, frame: number, micros: number): void {
    const { flows } = this;
    const d = leg.description;
    const octets = p.end - p.payload;
    if (octets < 24 || !flows.windowTurn(number, ((d.point << 1) | (d.kind === "link" ? 0 : 1)) + 1, Math.min(octets, 4096))) return;
    const header = 24 - flows.octets;
    const kept = this.content.original(p.bytes, p.payload, p.end, header, p.protocol === 6, d.index, number, frame, micros, p.length);
    if (kept > 0) flows.offerWindows(number, kept);
  }

  /** Octets of a suspect's stream or datagram, as they are or decoded. */
  private octets(bytes: Uint8Array, start: number, end: number, transform: string, frames: readonly number[] | undefined): void {
    const leg = this.currentLeg;
    // A frame that the capture cut may support a proof, never carry it (method.md §5.10).
    if (leg === undefined || this.currentCut) return;
    const { index } = leg.description;
    if ((this.ledger.byLeg.get(index)?.packets ?? 0) >= limits.contentEnough) return;
    this.currentFrames = frames !== undefined && frames.length > 1 ? frames : undefined;
    this.currentTransform = transform;
    leg.windows += this.content.suspect(bytes, start, end, index, this.currentFrame, this.currentMicros);
    this.currentFrames = undefined;
    this.currentTransform = "";
  }

  private windowMatched({ suspect, original, octets, print }: WindowMatch): void {
    const evidence = this.ledger.of(suspect.leg);
    const packet = original.leg * 2 ** 32 + original.frame;
    const fresh = evidence.window(original.flow, octets, print, packet, this.flows, this.ledger);
    if (fresh < 0) return;
    evidence.count(
      evidence.pairOf(original.flow),
      this.flows.subscriberNumber(original.flow),
      fresh,
      fresh * original.length,
      suspect.frame,
      suspect.micros,
      this.currentFrames,
    );
    if (fresh === 0) return;
    evidence.transforms.add(this.currentTransform === "" ? "content cut anew" : `${this.currentTransform} > content cut anew`);
    evidence.original(original.leg, suspect.micros - original.micros, Number.NaN);
    if (evidence.samples.length < limits.samplePairs) {
      const at = (leg: number): number => (this.legs.all[leg] as Leg).description.capture;
      evidence.samples.push({
        copy: { capture: at(suspect.leg), frame: suspect.frame },
        original: { capture: at(original.leg), frame: original.frame },
      });
    }
  }

  private mark(lo: number): void {
    const w = filterWord(lo);
    this.filter[w] = (this.filter[w] as number) | filterBit(lo);
  }

  /** A suspect packet: looked up, counted, and kept for originals that come later. */
  private suspect(p: InnerPacket, leg: Leg, frame: number, micros: number, cut: boolean, transform: string, own = false): void {
    const { printer, suspects, references } = this;
    if (!printer.sampled(p)) return;
    printer.print(p);
    // Of a packet of the network's own only the content may be a subscriber's; its header is its own.
    if (own) printer.hasHeader = false;
    if (!printer.hasHeader && !printer.hasPayload) return;
    leg.offered++;
    leg.octets += p.length;
    if (cut) leg.cutFrames++;
    const index = leg.description.index;
    const { headerLo, headerHi, payloadLo, payloadHi, hasHeader, hasPayload } = printer;

    // The same input again on the same carrier counts once as evidence; as a packet only where the original repeats too.
    let known = hasHeader ? suspects.firstHeader(headerLo, headerHi) : suspects.firstPayload(payloadLo, payloadHi);
    for (let i = 0; i < limits.chain && known !== 0; i++) {
      const b = suspects.base(known);
      const w = suspects.words;
      if (
        w[b + Field.LEG] === index &&
        (!hasPayload || ((w[b + Field.INFO] as number) & Info.HAS_PAYLOAD) === 0 || (w[b + 2] === payloadLo && w[b + 3] === payloadHi))
      ) {
        const seen = ((w[b + Field.EXTRA] as number) >>> 8) & 0xff;
        if (seen < 255) w[b + Field.EXTRA] = (w[b + Field.EXTRA] as number) + 256;
        if (((w[b + Field.EXTRA] as number) & 255) === MATCHED) this.recount(known, frame, micros);
        return;
      }
      known = hasHeader ? suspects.olderHeader(known, headerLo, headerHi) : suspects.olderPayload(known, payloadLo, payloadHi);
    }

    const info = (hasHeader ? Info.HAS_HEADER : 0) | (hasPayload ? Info.HAS_PAYLOAD : 0) | (cut ? Info.CUT : 0) | (p.ttl << Info.TTL_SHIFT);
    const at = suspects.insert(headerLo, headerHi, payloadLo, payloadHi, info, index, 0, frame, micros, p.length);
    const base = suspects.base(at);
    suspects.words[base + Field.EXTRA] = NO_MATCH | 256;
    leg.distinct++;
    if (this.currentFrames !== undefined && this.carriedIn.size < limits.spread) this.carriedIn.set(at, this.currentFrames);
    if (hasHeader) this.mark(headerLo);
    if (hasPayload) this.mark(payloadLo);
    if (transform !== "") this.ledger.of(index).transforms.add(transform);

    let r = hasHeader ? references.firstHeader(headerLo, headerHi) : 0;
    let byHeader = false;
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      if (this.agree(r, base)) {
        byHeader = true;
        this.joined(at, r, p);
      }
      r = references.olderHeader(r, headerLo, headerHi);
    }
    if (!byHeader && hasPayload) {
      r = references.firstPayload(payloadLo, payloadHi);
      if (r !== 0) this.joined(at, r, p);
    }
  }

  /** Equal header prints, and payload prints equal where both have one. */
  private agree(reference: number, suspectBase: number): boolean {
    const r = this.references.words;
    const s = this.suspects.words;
    const b = this.references.base(reference);
    if (((r[b + Field.INFO] as number) & (s[suspectBase + Field.INFO] as number) & Info.HAS_PAYLOAD) === 0) return true;
    return r[b + 2] === s[suspectBase + 2] && r[b + 3] === s[suspectBase + 3];
  }

  /** An original that was captured after its copy, or on a further leg of its path. */
  private lateOriginal(at: number, p: InnerPacket): void {
    const { references, suspects } = this;
    const b = references.base(at);
    const r = references.words;
    const info = r[b + Field.INFO] as number;
    const hLo = r[b] as number;
    const hHi = r[b + 1] as number;
    let found = false;
    if ((info & Info.HAS_HEADER) !== 0) {
      let s = suspects.firstHeader(hLo, hHi);
      for (let i = 0; i < limits.chain && s !== 0; i++) {
        if (this.agree(at, suspects.base(s))) {
          found = true;
          this.joined(s, at, p);
        }
        s = suspects.olderHeader(s, hLo, hHi);
      }
    }
    if (found || (info & Info.HAS_PAYLOAD) === 0) return;
    const yLo = r[b + 2] as number;
    const yHi = r[b + 3] as number;
    let s = suspects.firstPayload(yLo, yHi);
    for (let i = 0; i < limits.chain && s !== 0; i++) {
      if (((suspects.words[suspects.base(s) + Field.EXTRA] as number) & 255) === NO_MATCH) this.joined(s, at, p);
      s = suspects.olderPayload(s, yLo, yHi);
    }
  }

  /** Suspect `s` and reference `r` are the same packet. `p` is one of the two, at hand. */
  private joined(s: number, r: number, p: InnerPacket): void {
    const { suspects, references, flows } = this;
    const sb = suspects.base(s);
    const rb = references.base(r);
    const sw = suspects.words;
    const rw = references.words;
    const suspectLeg = this.legs.all[sw[sb + Field.LEG] as number] as Leg;
    const evidence = this.ledger.of(sw[sb + Field.LEG] as number);
    const sInfo = sw[sb + Field.INFO] as number;
    const rInfo = rw[rb + Field.INFO] as number;
    const flow = rw[rb + Field.FLOW] as number;
    const both = sInfo & rInfo;
    const byHeader = (both & Info.HAS_HEADER) !== 0 && sw[sb] === rw[rb] && sw[sb + 1] === rw[rb + 1];
    const byPayload = (both & Info.HAS_PAYLOAD) !== 0 && sw[sb + 2] === rw[rb + 2] && sw[sb + 3] === rw[rb + 3];
    if ((sInfo & Info.OWN) !== 0 && this.onlyTranslated(suspectLeg, flow)) return;
    const delay = suspects.time(sb) - references.time(rb);
    const ttl = ((sInfo >>> Info.TTL_SHIFT) & 255) - ((rInfo >>> Info.TTL_SHIFT) & 255);

    if (((sw[sb + Field.EXTRA] as number) & 255) === NO_MATCH) {
      const m = this.match;
      m.flow = flow;
      m.byHeader = byHeader;
      m.byPayload = byPayload;
      m.weak = ((sInfo | rInfo) & Info.CUT) !== 0;
      m.content = (rInfo >>> Info.KIND_SHIFT) & 15;
      m.octets = (rInfo >>> Info.OCTETS_SHIFT) & 31;
      m.protocol = p.protocol;
      m.seq = 0;
      m.ack = 0;
      if (p.protocol === 6 && p.l4 + 12 <= p.end) {
        m.seq = be32(p.bytes, p.l4 + 4);
        m.ack = be32(p.bytes, p.l4 + 8);
      }
      m.plainOthers = -1;
      if (byPayload && m.content === Content.PLAIN && (evidence.pairOf(flow)?.plainOthers ?? -1) < 0) {
        this.background(rw[rb + 2] as number, rw[rb + 3] as number, flow);
      }
      evidence.inputs++;
      evidence.match(m, flows, this.ledger);
      sw[sb + Field.EXTRA] = ((sw[sb + Field.EXTRA] as number) & ~255) | MATCHED;
      sw[sb + Field.FLOW] = flow;
      if (evidence.samples.length < limits.samplePairs) {
        const refLeg = this.legs.all[rw[rb + Field.LEG] as number] as Leg;
        evidence.samples.push({
          copy: { capture: suspectLeg.description.capture, frame: sw[sb + Field.FRAME] as number },
          original: { capture: refLeg.description.capture, frame: rw[rb + Field.FRAME] as number },
        });
      }
    }
    evidence.original(rw[rb + Field.LEG] as number, delay, ttl);
    this.recount(s, sw[sb + Field.FRAME] as number, suspects.time(sb));
  }

  /**
   * Counts copied packets of one input: as many as the carrier showed, but no more than its original was sent (as any one
   * leg shows): a repetition on the carrier alone is a retransmission, not another copied packet.
   */
  private recount(s: number, frame: number, micros: number): void {
    const { suspects, references } = this;
    const sb = suspects.base(s);
    const sw = suspects.words;
    const extra = sw[sb + Field.EXTRA] as number;
    const seen = (extra >>> 8) & 0xff;
    const counted = (extra >>> 16) & 0xff;
    if (counted >= seen) return;
    let most = 1;
    const info = sw[sb + Field.INFO] as number;
    if (seen > 1 && (info & Info.HAS_HEADER) !== 0) {
      const lo = sw[sb] as number;
      const hi = sw[sb + 1] as number;
      let kinds = 0;
      let r = references.firstHeader(lo, hi);
      for (let i = 0; i < limits.chain && r !== 0; i++) {
        if (this.agree(r, sb)) {
          const leg = references.words[references.base(r) + Field.LEG] as number;
          let k = 0;
          while (k < kinds && this.chainLegs[k] !== leg) k++;
          if (k === kinds) {
            this.chainLegs[k] = leg;
            this.chainCounts[k] = 0;
            kinds++;
          }
          this.chainCounts[k] = (this.chainCounts[k] as number) + 1;
          if ((this.chainCounts[k] as number) > most) most = this.chainCounts[k] as number;
        }
        r = references.olderHeader(r, lo, hi);
      }
    }
    const now = Math.min(seen, most);
    if (now <= counted) return;
    const evidence = this.ledger.of(sw[sb + Field.LEG] as number);
    const flow = sw[sb + Field.FLOW] as number;
    const length = (sw[sb + Field.COUNTS] as number) & 0xffff;
    evidence.count(
      evidence.pairOf(flow),
      this.flows.subscriberNumber(flow),
      now - counted,
      (now - counted) * length,
      frame,
      micros,
      this.carriedIn.get(s),
    );
    sw[sb + Field.EXTRA] = (extra & ~0xff0000) | (now << 16);
  }

  /** How many flows of other subscribers hold this payload, of all that carried any. */
  private background(lo: number, hi: number, flow: number): void {
    const { references, flows, match } = this;
    const own = flows.subscriberNumber(flow);
    let holding = 0;
    let last = flow;
    let r = references.firstPayload(lo, hi);
    for (let i = 0; i < limits.background && r !== 0; i++) {
      const other = references.words[references.base(r) + Field.FLOW] as number;
      if (other !== last && flows.subscriberNumber(other) !== own) holding++;
      last = other;
      r = references.olderPayload(r, lo, hi);
    }
    match.plainOthers = Math.max(0, flows.withPayload - (flows.payloadFlowsOfSubscriber[own] ?? 0));
    // A walk that was cut short has not counted them: then everybody may hold it, and it is worth nothing.
    match.plainHolding = r !== 0 ? match.plainOthers : holding;
  }

  /** The same payload between the same two hosts, one of them under a translated address: that is the packet itself, further on. */
  private onlyTranslated(leg: Leg, flow: number): boolean {
    const outer = leg.description.carriers;
    const carrier = outer[outer.length - 1];
    return carrier !== undefined && (carrier.dst === this.flows.destination(flow) || carrier.src === this.flows.source(flow));
  }

  /** Two links from one MAC carry the same packet at one point with the same TTL: the lesser one is a copy to another next hop. */
  private twins(lo: number, hi: number, leg: Leg, p: InnerPacket): void {
    const { references } = this;
    let r = references.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      const b = references.base(r);
      const other = this.legs.all[references.words[b + Field.LEG] as number] as Leg;
      const d = other.description;
      const mine = leg.description;
      if (
        other !== leg &&
        d.kind === "link" &&
        d.point === mine.point &&
        d.srcMac === mine.srcMac &&
        d.dstMac !== mine.dstMac &&
        (((references.words[b + Field.INFO] as number) >>> Info.TTL_SHIFT) & 255) === p.ttl
      ) {
        const lesser = other.offered < leg.offered ? other : leg;
        lesser.verdict = "suspect";
        lesser.parallel = false;
        return;
      }
      r = references.olderHeader(r, lo, hi);
    }
  }

  /** The packet was seen at other points, too: what that says of their clocks. */
  private cross(lo: number, hi: number, leg: Leg, micros: number, ttl: number, uplink: boolean): void {
    const { references } = this;
    const { index, point } = leg.description;
    const newest = references.firstHeader(lo, hi);
    // A packet that was sent again is no measure: which of the two was which?
    let r = newest;
    for (let i = 0; i < 8 && r !== 0; i++) {
      if (references.words[references.base(r) + Field.LEG] === index) return;
      r = references.olderHeader(r, lo, hi);
    }
    r = newest;
    for (let i = 0; i < 8 && r !== 0; i++) {
      const b = references.base(r);
      const other = references.words[b + Field.LEG] as number;
      if ((this.legs.all[other] as Leg).description.point !== point) {
        const delay = micros - references.time(b);
        const delta = ttl - (((references.words[b + Field.INFO] as number) >>> Info.TTL_SHIFT) & 255);
        // Both ways round: which leg comes first is known at the end.
        this.crossings.add(other, index, uplink, delay, delta);
        this.crossings.add(index, other, uplink, -delay, -delta);
      }
      r = references.olderHeader(r, lo, hi);
    }
  }

  private side(p: InnerPacket): number {
    const size = p.version === 4 ? 4 : 16;
    if (this.settings.isSubscriber(p.bytes, p.src, size)) return 1;
    if (this.settings.isSubscriber(p.bytes, p.dst, size)) return 2;
    return 0;
  }

  // --- the network's own traffic

  private own(view: PacketView, seen: Sighting, micros: number): void {
    const inner = view.ipCount - 1;
    const protocol = view.ipProtocol[inner] as number;
    // An ICMP error quotes the packet that caused it; that is no copy where it goes back to the packet's source.
    if (view.quoteStart >= 0 && sameAddress(view, inner)) return;
    const start = protocol === 17 || protocol === 6 ? (view.payloadStart[inner] as number) : (view.ipPayload[inner] as number);
    const end = protocol === 17 || protocol === 6 ? (view.payloadEnd[inner] as number) : (view.ipEnd[inner] as number);
    if (protocol === 132 || view.fragmentLevel >= 0 || (protocol !== 6 && end - start < 20)) return;
    if (protocol === 6 && (view.l4[inner] as number) < 0) return;
    const leg = this.legs.of(view, inner + 1, true, seen.point, seen.capture, micros);
    if (leg === undefined || leg.verdict !== "suspect") return;
    leg.lastMicros = micros;
    this.packetLeg = leg;
    this.currentLeg = leg;
    this.currentFrame = seen.frame;
    this.currentMicros = micros;
    this.currentCut = view.cut;
    if (end > start) {
      leg.carried++;
      leg.carriedOctets += end - start;
    }
    if (protocol === 6) {
      const s = this.segment;
      s.bytes = view.bytes;
      s.start = view.l4[inner] as number;
      s.end = end > s.start ? Math.max(end, view.payloadEnd[inner] as number) : s.start;
      s.wireEnd = (view.payloadStart[inner] as number) + (view.payloadLength[inner] as number);
      s.scope = (seen.point << 3) | inner;
      this.fillAddresses(view, inner);
      s.seen = seen;
      // The payload of one segment under translated addresses is found here; the stream finds packets, and content cut anew.
      this.translated(view, inner, leg, seen.frame, micros);
      this.tcp.segment(s as TcpSegment);
      return;
    }
    const stated = (view.ipLength[inner] as number) - (start - (view.ipStart[inner] as number));
    if (stated > 0) this.rhythm.carrier(leg.description.index, micros, stated, seen.frame);
    if (protocol === 17) this.translated(view, inner, leg, seen.frame, micros);
    this.scan.datagram(view.bytes, start, end);
  }

  /** The packet itself may be a subscriber's under other addresses: its payload print tells. */
  private translated(view: PacketView, level: number, leg: Leg, frame: number, micros: number): void {
    const p = this.packet;
    p.fromView(view, level);
    if (p.payloadLength < 12) return;
    this.suspect(p, leg, frame, micros, view.cut, "", true);
  }

  private candidate(p: InnerPacket, transform: string, frames: readonly number[] | undefined): void {
    const leg = this.currentLeg;
    if (leg === undefined) return;
    this.currentFrames = frames !== undefined && frames.length > 1 ? frames : undefined;
    this.suspect(p, leg, this.currentFrame, this.currentMicros, this.currentCut, transform);
    this.currentFrames = undefined;
  }

  private open(flow: TcpFlow, seen: Sighting): StreamConsumer | null {
    void flow;
    const leg = this.packetLeg;
    if (leg === undefined) return null;
    let frame = seen.frame;
    let micros = toMicros(seen.time);
    // What waits is told when another packet, of another carrier, ends the waiting: it is this stream's all the same.
    const own = (): void => {
      this.currentLeg = leg;
      this.currentFrame = frame;
      this.currentMicros = micros;
    };
    const stream = this.scan.stream();
    const messages = new MessageReader();
    const { index } = leg.description;
    const message = (at: number, size: number, of: number, reading: number): void => this.rhythm.carrier(index, at, size, of, reading);
    return {
      data: (bytes, start, end, at) => {
        frame = at.frame;
        micros = toMicros(at.time);
        own();
        messages.data(bytes, start, end, this.currentMicros, at.frame, message);
        stream.data(bytes, start, end, at.frames ?? [at.frame]);
        return leg.verdict === "suspect";
      },
      gap: () => {
        own();
        messages.gap();
        stream.gap();
        return true;
      },
      end: () => {
        own();
        messages.end(message);
        stream.end();
      },
    };
  }

  private fillAddresses(view: PacketView, level: number): void {
    const a = this.addresses;
    const { bytes } = view;
    const src = view.ipSrc[level] as number;
    const dst = view.ipDst[level] as number;
    if (view.ipVersion[level] === 4) {
      a[0] = 0;
      a[1] = 0;
      a[2] = 0xffff;
      a[3] = be32(bytes, src);
      a[4] = 0;
      a[5] = 0;
      a[6] = 0xffff;
      a[7] = be32(bytes, dst);
    } else {
      for (let i = 0; i < 4; i++) {
        a[i] = be32(bytes, src + i * 4);
        a[4 + i] = be32(bytes, dst + i * 4);
      }
    }
  }

  /** RFC 826: operation at 6, sender hardware address at 8, sender protocol address at 14. */
  private learnArp(view: PacketView): void {
    const at = view.layerStart[view.layerCount - 1] as number;
    if (at + 28 > view.end || this.arp.size >= 4096) return;
    const b = view.bytes;
    if (b[at + 4] !== 6 || b[at + 5] !== 4) return;
    const address = formatAddress(b, at + 14, 4);
    if (address !== "0.0.0.0") this.arp.set(mac(b, at + 8), address);
  }

  // --- taking stock

  /** What each suspect carrier has against it so far. `explained` is asked again, now that everything is known. */
  observations(): CopyObservation[] {
    const out: CopyObservation[] = [];
    const byEnds = this.packetsByEnds();
    // Subscribers' packets that came back from the far end.
    const returned = (leg: Leg): number => {
      const [from, to] = endsOf(leg.description);
      return to === undefined ? 0 : (byEnds.get(`${to} ${from}`) ?? 0);
    };
    const addresses = this.addressesOfMacs();
    const at = (address: string | undefined): string | undefined => (address === undefined ? undefined : addresses.get(address));
    const clock = (point: number, other: number): CopyClock => {
      const { low, high } = this.crossings.offset(point, other, (index) => (this.legs.all[index] as Leg).description);
      return { low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null };
    };
    const trials = { flows: Math.max(1, this.flows.offered), carriers: Math.max(1, this.legs.all.length), transforms: TRANSFORMS };
    for (const [index, evidence] of this.ledger.byLeg) {
      const leg = this.legs.all[index] as Leg;
      if (evidence.packets === 0) continue;
      out.push(
        evidence.observation(leg, this.legs.all, this.flows, trials, this.sample, returned(leg), {
          src: at(leg.description.srcMac),
          dst: at(leg.description.dstMac),
        }),
      );
    }
    for (const following of this.rhythm.following.values()) {
      if ((this.ledger.byLeg.get(following.leg)?.packets ?? 0) < limits.rhythmReadable) out.push(this.rhythmOf(following, trials, at));
    }
    return out.map((o) => ({
      ...o,
      originals: o.originals.map((original) => ({ ...original, clock: clock(o.carrier.point, original.leg.point) })),
    }));
  }

  /** A carrier that could not be read, and follows subscribers. */
  private rhythmOf(
    f: FollowingCarrier,
    trials: CopyObservation["trials"],
    at: (address: string | undefined) => string | undefined,
  ): CopyObservation {
    const leg = this.legs.all[f.leg] as Leg;
    const outer = leg.description.carriers[0];
    let reverse = 0;
    for (const other of this.legs.all) {
      const o = other.description.carriers[0];
      if (
        other.description.kind === "flow" &&
        o !== undefined &&
        o.src === outer?.dst &&
        o.dst === outer.src &&
        o.protocol === outer.protocol
      )
        reverse += other.carried;
    }
    const bySubscriber = new Map<number, FollowedTrain[]>();
    const places = new Map<number, { packets: number; delays: number[] }>();
    for (const t of f.trains.values()) {
      bySubscriber.set(t.train >> 2, [...(bySubscriber.get(t.train >> 2) ?? []), t]);
      const at = places.get(this.rhythm.leg(t.train)) ?? { packets: 0, delays: [] };
      at.packets += t.packets;
      at.delays.push(t.delayLow, t.delayHigh);
      places.set(this.rhythm.leg(t.train), at);
    }
    const trains = [...f.trains.values()];
    const total = (of: (t: FollowedTrain) => number): number => trains.reduce((n, t) => n + of(t), 0);
    return {
      kind: "copy",
      carrier: leg.description,
      transform: "encrypted",
      trials,
      offered: f.events,
      printBits: 64,
      sample: 1,
      packets: total((t) => t.packets),
      bytes: total((t) => t.octets),
      firstMicros: Math.min(...trains.map((t) => t.firstMicros)),
      lastMicros: Math.max(...trains.map((t) => t.lastMicros)),
      subscribers: [...bySubscriber].map(([number, list]): CopySubscriber => ({
        address: this.flows.addressOf(number),
        packets: list.reduce((n, t) => n + t.packets, 0),
        bytes: list.reduce((n, t) => n + t.octets, 0),
        firstMicros: Math.min(...list.map((t) => t.firstMicros)),
        lastMicros: Math.max(...list.map((t) => t.lastMicros)),
        frames: {
          capture: leg.description.capture,
          frames: [...new Set(list.flatMap((t) => t.frames))].sort((a, b) => a - b).slice(0, limits.frames),
          total: list.reduce((n, t) => n + t.packets, 0),
        },
        flowsOffered: this.flows.flowsOfSubscriber[number] ?? 1,
        printsOffered: this.flows.printsOfSubscriber[number] ?? 1,
        flows: list.map((t) => this.flowOfTrain(t)),
        flowsMatched: list.length,
      })),
      originals: [...places].flatMap(([place, at]) => {
        const original = this.legs.all[place];
        if (original === undefined) return [];
        const [low, high] = [Math.min(...at.delays), Math.max(...at.delays)];
        return [
          {
            leg: original.description,
            packets: at.packets,
            ttlDelta: 0,
            ttlShare: 0,
            delayMedian: (low + high) / 2,
            delayLow: low,
            delayHigh: high,
          },
        ];
      }),
      returned: 0,
      unmatched: Math.max(0, f.events - total((t) => t.packets)),
      macAddresses: { src: at(leg.description.srcMac), dst: at(leg.description.dstMac) },
      samples: trains.flatMap((t) => {
        const original = this.legs.all[this.rhythm.leg(t.train)];
        return original === undefined
          ? []
          : t.samples.map(([copy, frame]) => ({
              copy: { capture: leg.description.capture, frame: copy },
              original: { capture: original.description.capture, frame },
            }));
      }),
      rhythm: {
        pairs: this.rhythm.pairs,
        events: f.events,
        octets: f.octets,
        explained: f.explained,
        forward: leg.carried,
        reverse,
        trains: trains
          .sort((a, b) => b.pairBits - a.pairBits)
          .map(({ train, frames: _frames, samples: _samples, firstMicros: _first, lastMicros: _last, ...t }) => ({
            ...t,
            address: this.flows.addressOf(train >> 2),
            uplink: (train & 1) === 0,
          })),
      },
    };
  }

  private flowOfTrain(t: FollowedTrain): CopyFlow {
    const { rhythm } = this;
    const subscriber = t.train >> 2;
    const uplink = (t.train & 1) === 0;
    return {
      uplink,
      protocol: 0,
      remoteAddress: "",
      remotePort: 0,
      offered: t.packets,
      matches: 0,
      byPayload: 0,
      sliced: 0,
      windows: 0,
      weak: 0,
      packets: t.packets,
      bytes: t.octets,
      credits: { sequence: 0, cipher: 0, random: 0, dns: 0, ssrc: 0, plain: null },
      seenOnLink: rhythm.seen(subscriber, uplink, false),
      seenInTunnel: rhythm.seen(subscriber, uplink, true),
      answerSeen: rhythm.seen(subscriber, !uplink, false) || rhythm.seen(subscriber, !uplink, true),
    };
  }

  coverage(): CopyCoverage {
    return {
      horizonMicros: Math.min(this.references.horizonMicros, this.suspects.horizonMicros, this.content.horizonMicros),
      referenceRecords: this.references.size,
      suspectRecords: this.suspects.size,
      tableBytes: this.references.bytes + this.suspects.bytes + this.content.bytes + this.rhythm.bytes + this.flows.bytes,
      budgetBytes: this.settings.budgetBytes ?? limits.budgetBytes,
      legsDropped: this.legs.dropped,
      pairsDropped: this.ledger.dropped,
      candidatesDropped: this.scan.dropped,
      sample: this.sample,
    };
  }

  /** Copied packets by the two ends of what carried them, from and to, so that no carrier has to ask all others. */
  private packetsByEnds(): Map<string, number> {
    const out = new Map<string, number>();
    for (const [index, evidence] of this.ledger.byLeg) {
      const [from, to] = endsOf((this.legs.all[index] as Leg).description);
      if (from !== undefined) out.set(`${from} ${to}`, (out.get(`${from} ${to}`) ?? 0) + evidence.packets);
    }
    return out;
  }

  /** Addresses of MACs: told by ARP, else the only source address seen behind one. */
  private addressesOfMacs(): Map<string, string> {
    const only = new Map<string, string | undefined>();
    for (const { description } of this.legs.all) {
      const { srcMac } = description;
      if (srcMac === undefined) continue;
      const src = description.carriers[0]?.src;
      only.set(srcMac, !only.has(srcMac) || only.get(srcMac) === src ? src : undefined);
    }
    const out = new Map<string, string>();
    for (const [address, src] of only) if (src !== undefined) out.set(address, src);
    for (const [address, told] of this.arp) out.set(address, told);
    return out;
  }

  /** Marks links that leave one MAC for several: only these need the look-up among references. */
  private noteParallel(leg: Leg): void {
    const d = leg.description;
    if (d.kind !== "link" || d.srcMac === undefined) return;
    const key = `${d.point} ${d.vlan} ${d.srcMac}`;
    const list = this.linkSources.get(key) ?? [];
    this.linkSources.set(key, list);
    if (!list.includes(leg)) list.push(leg);
    if (list.length > 1 && list.length < 64) for (const l of list) l.parallel = l.verdict === "path";
  }
}

/** Who sends and who receives: addresses of the outermost header, MACs of a plain link. */
function endsOf({ carriers, srcMac, dstMac }: Leg["description"]): readonly [string | undefined, string | undefined] {
  const outer = carriers[0];
  return outer === undefined ? [srcMac, dstMac] : [outer.src, outer.dst];
}

function sameAddress(view: PacketView, level: number): boolean {
  const { bytes } = view;
  const q = view.quoteStart;
  const dst = view.ipDst[level] as number;
  const size = view.ipVersion[level] === 4 ? 4 : 16;
  const src = q + (size === 4 ? 12 : 8);
  for (let i = 0; i < size; i++) if (bytes[src + i] !== bytes[dst + i]) return false;
  return true;
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
