/** Two records are the same packet, one of a suspect, one of a reference: what that is worth, and how many packets were copied. */
import { Login, loginIn } from "#bytes/login.ts";
import type { InnerPacket } from "#sense/prints/inner-packet.ts";
import { Content } from "./flow-row.ts";
import type { Match } from "./ledger.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import { Info } from "./print-store.ts";
import type { SearchState } from "./state.ts";

/** A row that has to be looked up. */
const UNKNOWN = -1;
const PROTO_TCP = 6;

export class Matches {
  /** Frames of suspects that lie in several, by position. */
  private readonly carriedIn = new Map<number, readonly number[]>();
  private readonly state: SearchState;
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

  constructor(state: SearchState) {
    this.state = state;
  }

  /** The octets of suspect `s` lie in these frames. */
  carried(s: number, frames: readonly number[]): void {
    if (this.carriedIn.size < limits.spread) this.carriedIn.set(s, frames);
  }

  /** Whether records with equal header prints have equal payload prints, where both have one. */
  agree(reference: number, suspect: number): boolean {
    const { references, suspects } = this.state;
    if ((references.info(reference) & suspects.info(suspect) & Info.HAS_PAYLOAD) === 0) return true;
    return this.samePayload(reference, suspect);
  }

  private samePayload(reference: number, suspect: number): boolean {
    const { references, suspects } = this.state;
    return (
      references.payloadLo(reference) === suspects.payloadLo(suspect) && references.payloadHi(reference) === suspects.payloadHi(suspect)
    );
  }

  /** Suspect `s` and reference `r` are the same packet. `p` is one of the two, at hand. */
  joined(s: number, r: number, p: InnerPacket): void {
    const { suspects, references, flows, ledger, legs } = this.state;
    const evidence = ledger.of(suspects.leg(s));
    let pair = UNKNOWN;
    const sInfo = suspects.info(s);
    const rInfo = references.info(r);
    if ((sInfo & Info.MATCHED) === 0) {
      const flow = references.flow(r);
      const both = sInfo & rInfo;
      const m = this.match;
      m.flow = flow;
      m.byHeader =
        (both & Info.HAS_HEADER) !== 0 &&
        suspects.headerLo(s) === references.headerLo(r) &&
        suspects.headerHi(s) === references.headerHi(r);
      m.byPayload = (both & Info.HAS_PAYLOAD) !== 0 && this.samePayload(r, s);
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
      pair = evidence.pairFor(flow, flows);
      if (m.byPayload && m.content === Content.PLAIN && !evidence.hasBackground(pair)) this.background(r, flow);
      evidence.inputs++;
      if (pair !== 0) evidence.match(pair, m);
      suspects.setInfo(s, sInfo | Info.MATCHED);
      suspects.setFlow(s, flow);
      if (evidence.samples.length < limits.samplePairs) {
        evidence.samples.push({
          copy: { capture: (legs.all[suspects.leg(s)] as Leg).description.capture, frame: suspects.frame(s) },
          original: { capture: (legs.all[references.leg(r)] as Leg).description.capture, frame: references.frame(r) },
        });
      }
    }
    evidence.original(references.leg(r), suspects.time(s) - references.time(r), suspects.ttl(s) - references.ttl(r));
    this.recount(s, suspects.frame(s), suspects.time(s), pair);
    if (pair !== UNKNOWN && p.protocol === PROTO_TCP && p.fragment === 0 && !p.cut) {
      const login = loginIn(p.bytes, p.payload, p.end);
      const flow = suspects.flow(s);
      if (login !== Login.NONE) evidence.login(flows.subscriberOf(flow), flow, flows.reverse(flow), login);
    }
  }

  /** The carrier shows suspect `s` once more. */
  repeated(s: number, frame: number, micros: number): void {
    const { suspects } = this.state;
    const info = suspects.info(s);
    if (((info >>> Info.SEEN_SHIFT) & 255) < 255) suspects.setInfo(s, info + (1 << Info.SEEN_SHIFT));
    if ((info & Info.MATCHED) !== 0) this.recount(s, frame, micros, UNKNOWN);
  }

  /**
   * Counts copied packets of one input: as many as the carrier showed, but no more than its original was sent (as any one
   * leg shows): a repetition on the carrier alone is a retransmission, not another copied packet. `pair`: its row, where that is at hand.
   */
  private recount(s: number, frame: number, micros: number, pair: number): void {
    const { suspects, ledger, flows } = this.state;
    const info = suspects.info(s);
    const seen = (info >>> Info.SEEN_SHIFT) & 255;
    const counted = info >>> Info.COUNTED_SHIFT;
    if (counted >= seen) return;
    const sent = seen > 1 && (info & Info.HAS_HEADER) !== 0 ? this.timesSent(s) : 1;
    const now = Math.min(seen, sent);
    if (now <= counted) return;
    const evidence = ledger.of(suspects.leg(s));
    const flow = suspects.flow(s);
    const more = now - counted;
    evidence.count(
      pair === UNKNOWN ? evidence.pairOf(flow) : pair,
      flows.subscriberOf(flow),
      more,
      more * suspects.length(s),
      frame,
      micros,
      this.carriedIn.size === 0 ? undefined : this.carriedIn.get(s),
    );
    suspects.setInfo(s, (info & 0xffffff) | (now << Info.COUNTED_SHIFT));
  }

  /** How often the original of suspect `s` was sent, as the leg shows that saw it most often; at least 1. */
  private timesSent(s: number): number {
    const { suspects, references } = this.state;
    const { chainLegs, chainCounts } = this;
    const lo = suspects.headerLo(s);
    const hi = suspects.headerHi(s);
    let most = 1;
    let kinds = 0;
    let r = references.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      if (this.agree(r, s)) {
        const leg = references.leg(r);
        let k = 0;
        while (k < kinds && chainLegs[k] !== leg) k++;
        if (k === kinds) {
          chainLegs[k] = leg;
          chainCounts[k] = 0;
          kinds++;
        }
        chainCounts[k] = (chainCounts[k] as number) + 1;
        if ((chainCounts[k] as number) > most) most = chainCounts[k] as number;
      }
      r = references.olderHeader(r, lo, hi);
    }
    return most;
  }

  /** How many flows of other subscribers hold the payload of reference `of`, of all that carried any. */
  private background(of: number, flow: number): void {
    const { references, flows } = this.state;
    const { match } = this;
    const lo = references.payloadLo(of);
    const hi = references.payloadHi(of);
    const own = flows.subscriberOf(flow);
    let holding = 0;
    let last = flow;
    let r = references.firstPayload(lo, hi);
    for (let i = 0; i < limits.background && r !== 0; i++) {
      const other = references.flow(r);
      if (other !== last && flows.subscriberOf(other) !== own) holding++;
      last = other;
      r = references.olderPayload(r, lo, hi);
    }
    match.plainOthers = Math.max(0, flows.withPayload - (flows.subscribers.payloadFlows[own] ?? 0));
    // A walk that was cut short has not counted them: then everybody may hold it, and it is worth nothing.
    match.plainHolding = r !== 0 ? match.plainOthers : holding;
  }
}

function be32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
}
