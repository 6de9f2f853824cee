import type { InnerPacket } from "#sense/prints/inner-packet.ts";
import { Content, Flag, Kind, LAST_LEG, Row, Seen } from "./flow-row.ts";
import type { Leg, LegEnds } from "./legs.ts";
import { limits } from "./limits.ts";
import { Info } from "./print-store.ts";
import type { SearchState } from "./state.ts";
import type { Suspects } from "./suspects.ts";

/** One reference in four is compared between points, the same ones at each: clocks need no more. */
const CROSSING_MASK = 3 << 16;
/** Records with the same print looked at for clocks. */
const CROSSING_STEPS = 8;
/** Octets of a payload print, and of a window of content. */
const WINDOW = 24;

/** Subscribers' packets on explained ways: what every packet of a user plane costs stands here. */
export class References {
  private readonly state: SearchState;
  private readonly suspects: Suspects;
  /** Point of the first reference, and whether there were others. */
  private firstPoint = -1;
  private severalPoints = false;
  /** Number of the flow of the last `packet`. */
  flow = 0;

  constructor(state: SearchState, suspects: Suspects) {
    this.state = state;
    this.suspects = suspects;
  }

  packet(p: InnerPacket, leg: Leg, frame: number, micros: number, cut: boolean): void {
    const { flows } = this.state;
    let flow = flows.find(p);
    if (flow === 0) flow = flows.create(p, this.side(p));
    this.flow = flow;
    this.ofFlow(p, leg, flow, flows.row, frame, micros, cut);
  }

  /** The same, of a flow that is known, with its row. */
  ofFlow(p: InnerPacket, leg: Leg, flow: number, row: number, frame: number, micros: number, cut: boolean): void {
    const { flows, flowContent, printer, rhythm } = this.state;
    flowContent.classify(row, p);
    const { index, plain } = leg;
    const train = flows.train(row);
    const uplink = (train & 1) === 0;
    if (leg.ends !== undefined) this.balance(leg.ends, flow, uplink, p.length);
    if (train !== 0) rhythm.packet(train >> 1, uplink, !plain, index, micros, p.length, frame);
    if (!printer.sampled(p)) return;
    printer.print(p);
    const { headerLo, headerHi, payloadLo, payloadHi, hasHeader, hasPayload } = printer;
    if (!hasHeader && !hasPayload) return;
    flows.offer(row, plain ? Seen.PLAIN : Seen.TUNNEL);
    leg.offered++;
    leg.octets += p.length;
    if (leg.branch !== undefined && !leg.forked) this.turns(row, leg);
    if (leg.parallel && hasHeader) this.twins(headerLo, headerHi, leg, p.ttl);
    this.point(leg);
    if (this.severalPoints && hasHeader && (headerLo & CROSSING_MASK) === 0) this.cross(headerLo, headerHi, leg, micros, p.ttl, uplink);
    if (leg.verdict !== "path") return;
    const info =
      (hasHeader ? Info.HAS_HEADER : 0) |
      (hasPayload ? Info.HAS_PAYLOAD : 0) |
      (cut ? Info.CUT : 0) |
      (p.ttl << Info.TTL_SHIFT) |
      (flowContent.content << Info.KIND_SHIFT) |
      (flowContent.octets << Info.OCTETS_SHIFT);
    const { references, suspects } = this.state;
    const at = references.insert(headerLo, headerHi, payloadLo, payloadHi, info, index, flow, frame, micros, p.length);
    if (!cut) {
      if (flowContent.content === Content.CIPHER) this.windows(p, leg, flow, row, frame, micros, false);
      // What is known to be no flow that will be ciphered.
      else if (flowContent.content === Content.PLAIN && flows.words[row + Row.KIND] === Kind.OTHER)
        this.windows(p, leg, flow, row, frame, micros, true);
    }
    if (suspects.size !== 0 && this.suspects.mayHold(hasHeader, headerLo, headerHi, hasPayload, payloadLo, payloadHi))
      this.suspects.lateOriginal(at, p);
    if (leg.forked && hasHeader) this.fork(at, leg, uplink, p);
  }

  /** 1 where the source is known as a subscriber, 2 where the destination is, else 0. */
  private side(p: InnerPacket): number {
    const { isSubscriber } = this.state;
    const size = p.version === 4 ? 4 : 16;
    if (isSubscriber(p.bytes, p.src, size)) return 1;
    return isSubscriber(p.bytes, p.dst, size) ? 2 : 0;
  }

  private point(leg: Leg): void {
    const { point } = leg;
    if (point === this.firstPoint) return;
    if (this.firstPoint < 0) this.firstPoint = point;
    else this.severalPoints = true;
  }

  private balance(ends: LegEnds, flow: number, uplink: boolean, octets: number): void {
    const { conservation } = this.state;
    if (ends.from >= 0) conservation.count(flow, ends.from, false, octets);
    if (ends.to >= 0) conservation.count(flow, ends.to, true, octets);
    if (ends.gateway >= 0) conservation.count(flow, ends.gateway, !uplink, octets);
  }

  /** Keeps windows of a subscriber's content, for what is cut anew. */
  private windows(p: InnerPacket, leg: Leg, flow: number, row: number, frame: number, micros: number, plain: boolean): void {
    const { flows, flowContent, content } = this.state;
    const d = leg.description;
    const octets = p.end - p.payload;
    const place = ((d.point << 1) | (d.kind === "link" ? 0 : 1)) + 1;
    if (octets < WINDOW || !flows.windowTurn(row, place, Math.min(octets, limits.contentOctets), plain)) return;
    const header = plain ? 0 : WINDOW - flowContent.octets;
    const kept = content.original(p.bytes, p.payload, p.end, header, p.protocol === 6, d.index, flow, frame, micros, p.length, plain);
    if (kept > 0) flows.offerWindows(row, kept);
  }

  /** Notes where the flow was last sent; a sender that has sent it elsewhere in between, twice, may send it to both. A handover turns it once. */
  private turns(row: number, leg: Leg): void {
    const { words } = this.state.flows;
    const flags = words[row + Row.FLAGS] as number;
    const last = (flags >>> LAST_LEG.SHIFT) & LAST_LEG.MASK;
    if (last === leg.index + 1) return;
    let turned = flags & Flag.TURNED;
    const other = last === 0 ? undefined : this.state.legs.all[last - 1];
    if (other !== undefined && branches(other, leg)) {
      if (turned !== 0) leg.forked = other.forked = true;
      turned = Flag.TURNED;
    }
    words[row + Row.FLAGS] = (flags & 0xff & ~Flag.TURNED) | turned | ((leg.index + 1) << LAST_LEG.SHIFT);
  }

  /** The packet of record `at` was also sent elsewhere by whoever sent it here: each of the two ways has the other's as an original, and who is on the path is judged at the end. */
  private fork(at: number, leg: Leg, uplink: boolean, p: InnerPacket): void {
    const { references, legs } = this.state;
    const [lo, hi] = [references.headerLo(at), references.headerHi(at)];
    let r = references.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      const other = legs.all[references.leg(r)] as Leg;
      if (r !== at && (branches(other, leg) || (other.plain && uplink && leg.branch?.partner === true))) {
        this.suspects.ofReference(at, p);
        if (!other.plain) this.suspects.ofReference(r, p);
        return;
      }
      r = references.olderHeader(r, lo, hi);
    }
  }

  /** Two links from one MAC carry the same packet at one point with the same TTL: the lesser one is a copy to another next hop. */
  private twins(lo: number, hi: number, leg: Leg, ttl: number): void {
    const { references, legs } = this.state;
    const mine = leg.description;
    let r = references.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      const other = legs.all[references.leg(r)] as Leg;
      const d = other.description;
      if (
        other !== leg &&
        d.kind === "link" &&
        d.point === mine.point &&
        d.srcMac === mine.srcMac &&
        d.dstMac !== mine.dstMac &&
        references.ttl(r) === ttl
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
    const { references, legs, crossings } = this.state;
    const { index, point } = leg.description;
    const newest = references.firstHeader(lo, hi);
    // A packet that was sent again is no measure: which of the two was which?
    let r = newest;
    for (let i = 0; i < CROSSING_STEPS && r !== 0; i++) {
      if (references.leg(r) === index) return;
      r = references.olderHeader(r, lo, hi);
    }
    r = newest;
    for (let i = 0; i < CROSSING_STEPS && r !== 0; i++) {
      const other = references.leg(r);
      if ((legs.all[other] as Leg).description.point !== point) {
        const delay = micros - references.time(r);
        const delta = ttl - references.ttl(r);
        // Both ways round: which leg comes first is known at the end.
        crossings.add(other, index, uplink, delay, delta);
        crossings.add(index, other, uplink, -delay, -delta);
      }
      r = references.olderHeader(r, lo, hi);
    }
  }
}

/** Both leave one sender at one point, for different ends. */
function branches(a: Leg, b: Leg): boolean {
  return (
    a.branch !== undefined &&
    b.branch !== undefined &&
    a.point === b.point &&
    a.branch.sender === b.branch.sender &&
    a.branch.far !== b.branch.far
  );
}
