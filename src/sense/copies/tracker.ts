/**
 * The copy search over one stream of frames, in time order, in one pass.
 *
 * Each frame is one of three things:
 * - a subscriber's packet on an explained way: a **reference** (`references.ts`). Its prints go into the table of references, and are
 *   looked up among the suspects (a copy may be captured before its original);
 * - a subscriber's packet on any other way: a **suspect** (`suspects.ts`). Its prints go into the table of suspects and are looked up
 *   among the references;
 * - the network's own traffic (`own-traffic.ts`): its payload is searched for packets, and what is found is a suspect.
 *
 * What two equal records are worth stands in `matches.ts`, is kept in `ledger.ts`, and told by `carrier-observation.ts`.
 */
import { IpFlag, Layer, type PacketView } from "#decode/packet/view.ts";
import type { CopyClock, CopyCoverage, CopyObservation } from "#model/copy.ts";
import type { Sighting } from "#model/sighting.ts";
import { toMicros } from "#model/time.ts";
import { InnerPacket } from "#sense/prints/inner-packet.ts";
import { carrierObservation } from "./carrier-observation.ts";
import type { Conservation } from "./conservation.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import { Matches } from "./matches.ts";
import { Neighbours } from "./neighbours.ts";
import { OwnTraffic } from "./own-traffic.ts";
import { References } from "./references.ts";
import { rhythmObservation } from "./rhythm-observation.ts";
import { SearchState, type CopySettings } from "./state.ts";
import { Suspects } from "./suspects.ts";

/** What is tried on each carrier: header print, payload print, and payload after base64, hex, gzip, zstd, deflate; content windows. */
const TRANSFORMS = 8;
const G_PDU = 255;

export class CopyTracker {
  private readonly state: SearchState;
  private readonly suspects: Suspects;
  private readonly references: References;
  private readonly own: OwnTraffic;
  private readonly neighbours = new Neighbours();
  private readonly packet = new InnerPacket();
  /** Of the last frame, where it was a user's packet in a tunnel between elements that is explained, and a known flow's next ones may come by `again`; else -1. */
  lastLeg = -1;
  lastFlow = 0;

  constructor(settings: CopySettings) {
    this.state = new SearchState(settings, (found) => this.own.windowMatched(found));
    this.suspects = new Suspects(this.state, new Matches(this.state));
    this.references = new References(this.state, this.suspects);
    this.own = new OwnTraffic(this.state, this.suspects, settings.inflate);
  }

  /** By itself: it takes known flows. */
  get known(): this {
    return this;
  }

  get conservation(): Conservation {
    return this.state.conservation;
  }

  /** A subscriber's IPv4 packet at `at` will come some packets later; see `SubscriberFlows`. */
  approach(bytes: Uint8Array, at: number): void {
    const { flows, rhythm } = this.state;
    if (flows.approach(bytes, at)) rhythm.approach(flows.nearing);
  }

  /** Takes one decoded frame. Frames of all points come in one order of time, as well as their clocks allow. */
  frame(view: PacketView, seen: Sighting): void {
    const count = view.ipCount;
    this.lastLeg = -1;
    if (count === 0) {
      if (view.layerCount > 0 && view.layerKind[view.layerCount - 1] === Layer.ARP) this.neighbours.learnArp(view);
      return;
    }
    const { legs } = this.state;
    const micros = toMicros(seen.time);
    let level = -1;
    let leg: Leg | undefined;
    const known = legs.all.length;
    if (count > 1 && view.tunnelKind[0] === Layer.GTPU && view.gtpType[0] === G_PDU) {
      // The commonest frame: nobody asks again whether the tunnel's ends are subscribers.
      leg = legs.of(view, 1, false, seen.point, seen.capture, micros);
      if (leg !== undefined && leg.between === "unknown") leg.between = this.isOfSubscriber(view, 0) ? "subscribers" : "elements";
      if (leg?.between === "elements") level = 1;
    }
    if (level < 0) {
      level = this.subscriberLevel(view);
      if (level < 0) {
        this.own.take(view, seen, micros);
        return;
      }
      leg = legs.of(view, level, false, seen.point, seen.capture, micros);
    }
    if (leg === undefined || leg.verdict === "ignore") return;
    if (legs.all.length > known) this.neighbours.noteLink(leg);
    const p = this.packet;
    p.fromView(view, level);
    leg.lastMicros = micros;
    const cut = ((view.ipFlags[level] as number) & IpFlag.CUT) !== 0;
    if (leg.verdict === "path") {
      this.references.packet(p, leg, seen.frame, micros, cut);
      if (level !== 1 || leg.between !== "elements") return;
      this.lastLeg = leg.index;
      this.lastFlow = this.references.flow;
    } else this.suspects.packet(p, leg, seen.frame, undefined, micros, cut, "");
  }

  near(flow: number): number {
    return this.state.flows.near(flow);
  }

  /** Whether a packet of this flow on this leg is still a reference. */
  knows(leg: number, flow: number): boolean {
    const { legs, flows } = this.state;
    return (legs.all[leg] as Leg).verdict === "path" && flows.rowOf(flow) >= 0;
  }

  /** What `frame` does with a further packet of the flow, whole and at `at` … `end` - 1. */
  again(index: number, flow: number, bytes: Uint8Array, at: number, end: number, frame: number, micros: number): void {
    const { legs, flows } = this.state;
    const p = this.packet;
    p.read(bytes, at, end);
    const leg = legs.all[index] as Leg;
    leg.lastMicros = micros;
    this.references.ofFlow(p, leg, flow, flows.rowOf(flow), frame, micros, false);
  }

  /** Ends all streams. Observations may be asked for before and after. */
  finish(): void {
    this.own.finish();
    this.state.rhythm.judge();
  }

  /** The outermost IP level that is a subscriber's packet, -1 where none is. */
  private subscriberLevel(view: PacketView): number {
    const { flows } = this.state;
    for (let i = 0; i < view.ipCount; i++) {
      if (this.isOfSubscriber(view, i)) return i;
      // What a G-PDU carries is a subscriber's, whatever its addresses (3GPP TS 29.281 §7.1).
      if (i > 0 && view.tunnelKind[i - 1] === Layer.GTPU && view.gtpType[i - 1] === G_PDU) return i;
      // A flow that was seen as a subscriber's is one in any wrapping, also where no declaration or signalling knows its addresses.
      if (view.tunnelKind[i] === Layer.NONE && flows.offered > 0) {
        this.packet.fromView(view, i);
        if (flows.find(this.packet) !== 0) return i;
      }
    }
    return -1;
  }

  private isOfSubscriber(view: PacketView, level: number): boolean {
    const { isSubscriber } = this.state;
    const size = view.ipVersion[level] === 4 ? 4 : 16;
    return isSubscriber(view.bytes, view.ipSrc[level] as number, size) || isSubscriber(view.bytes, view.ipDst[level] as number, size);
  }

  // --- taking stock

  /** What each suspect carrier has against it so far. `explained` is asked again, now that everything is known. */
  observations(): CopyObservation[] {
    const { legs, flows, ledger, rhythm, sample } = this.state;
    const byEnds = this.packetsByEnds();
    // Subscribers' packets that came back from the far end.
    const returned = (leg: Leg): number => {
      const [from, to] = endsOf(leg.description);
      return to === undefined ? 0 : (byEnds.get(`${to} ${from}`) ?? 0);
    };
    const addresses = this.neighbours.addresses(legs.all);
    const at = (mac: string | undefined): string | undefined => (mac === undefined ? undefined : addresses.get(mac));
    const trials = { flows: Math.max(1, flows.offered), carriers: Math.max(1, legs.all.length), transforms: TRANSFORMS };
    const prints = flows.printsBySubscriber();
    const heldByOthers = (lo: number, hi: number, subscriber: number): boolean =>
      this.state.content.heldBy(lo, hi, (flow) => flows.subscriberOf(flow) !== subscriber);
    const run = { heldByOthers, flows, pairs: ledger.pairs, legs: legs.all, trials, sample, prints };
    const out: CopyObservation[] = [];
    for (const evidence of ledger.byLeg.values()) {
      if (evidence.packets === 0) continue;
      const leg = legs.all[evidence.leg] as Leg;
      const macs = { src: at(leg.description.srcMac), dst: at(leg.description.dstMac) };
      out.push(carrierObservation(evidence, run, returned(leg), macs));
    }
    for (const following of rhythm.following.values()) {
      if (ledger.packets(following.leg) < limits.rhythmReadable) out.push(rhythmObservation(following, this.state, prints, trials, at));
    }
    return out.map((o) => ({
      ...o,
      originals: o.originals.map((original) => ({ ...original, clock: this.clock(o.carrier.point, original.leg.point) })),
    }));
  }

  private clock(point: number, other: number): CopyClock {
    const { legs, crossings } = this.state;
    const { low, high } = crossings.offset(point, other, (index) => (legs.all[index] as Leg).description);
    return { low: Number.isFinite(low) ? low : null, high: Number.isFinite(high) ? high : null };
  }

  coverage(): CopyCoverage {
    const { references, suspects, content, rhythm, flows, ledger, legs, sample, budgetBytes } = this.state;
    return {
      horizonMicros: Math.min(references.horizonMicros, suspects.horizonMicros, content.horizonMicros),
      referenceRecords: references.size,
      suspectRecords: suspects.size,
      tableBytes: references.bytes + suspects.bytes + content.bytes + rhythm.bytes + flows.bytes,
      budgetBytes,
      legsDropped: legs.dropped,
      pairsDropped: ledger.pairs.dropped,
      candidatesDropped: this.own.dropped,
      sample,
    };
  }

  /** Copied packets by the two ends of what carried them, from and to, so that no carrier has to ask all others. */
  private packetsByEnds(): Map<string, number> {
    const { ledger, legs } = this.state;
    const out = new Map<string, number>();
    for (const evidence of ledger.byLeg.values()) {
      const [from, to] = endsOf((legs.all[evidence.leg] as Leg).description);
      if (from !== undefined) out.set(`${from} ${to}`, (out.get(`${from} ${to}`) ?? 0) + evidence.packets);
    }
    return out;
  }
}

/** Who sends and who receives: addresses of the outermost header, MACs of a plain link. */
function endsOf({ carriers, srcMac, dstMac }: Leg["description"]): readonly [string | undefined, string | undefined] {
  const outer = carriers[0];
  return outer === undefined ? [srcMac, dstMac] : [outer.src, outer.dst];
}
