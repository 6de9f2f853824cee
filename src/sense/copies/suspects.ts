import type { InnerPacket } from "#sense/prints/inner-packet.ts";
import type { Leg } from "./legs.ts";
import { limits } from "./limits.ts";
import type { Matches } from "./matches.ts";
import { PrintFilter } from "./print-filter.ts";
import { Info } from "./print-store.ts";
import type { SearchState } from "./state.ts";

/** Packets on ways that nothing explains: each is looked up among the references, and kept for originals that come later. */
export class Suspects {
  private readonly state: SearchState;
  private readonly matches: Matches;
  private readonly headers = new PrintFilter();
  /** Only those of suspects whose original was not found at once: others are not asked for by payload any more. */
  private readonly payloads = new PrintFilter();

  constructor(state: SearchState, matches: Matches) {
    this.state = state;
    this.matches = matches;
  }

  /**
   * One suspect packet. `transform`: what led to it, empty for none; `frames`: those that carried it, where they are several. Of a packet of the
   * network's `own` only the content may be a subscriber's; its header is its own.
   */
  packet(
    p: InnerPacket,
    leg: Leg,
    frame: number,
    frames: readonly number[] | undefined,
    micros: number,
    cut: boolean,
    transform: string,
    own = false,
  ): void {
    const { printer, suspects, references, ledger } = this.state;
    if (!printer.sampled(p)) return;
    printer.print(p);
    if (own) printer.hasHeader = false;
    const { headerLo, headerHi, payloadLo, payloadHi, hasHeader, hasPayload } = printer;
    if (!hasHeader && !hasPayload) return;
    leg.offered++;
    leg.octets += p.length;
    if (cut) leg.cutFrames++;
    const { index } = leg.description;

    // The same input again on the same carrier counts once as evidence; as a packet only where the original repeats too.
    const known = this.known(index);
    if (known !== 0) {
      this.matches.repeated(known, frame, micros);
      return;
    }

    const info =
      (hasHeader ? Info.HAS_HEADER : 0) |
      (hasPayload ? Info.HAS_PAYLOAD : 0) |
      (cut ? Info.CUT : 0) |
      (p.ttl << Info.TTL_SHIFT) |
      (1 << Info.SEEN_SHIFT);
    const at = suspects.insert(headerLo, headerHi, payloadLo, payloadHi, info, index, 0, frame, micros, p.length);
    leg.distinct++;
    if (frames !== undefined) this.matches.carried(at, frames);
    if (hasHeader) this.addHeader(headerLo, headerHi);
    if (transform !== "") ledger.of(index).transforms.add(transform);

    let byHeader = false;
    let r = hasHeader ? references.firstHeader(headerLo, headerHi) : 0;
    for (let i = 0; i < limits.chain && r !== 0; i++) {
      if (this.matches.agree(r, at)) {
        byHeader = true;
        this.matches.joined(at, r, p);
      }
      r = references.olderHeader(r, headerLo, headerHi);
    }
    if (byHeader || !hasPayload) return;
    r = references.firstPayload(payloadLo, payloadHi);
    if (r !== 0) this.matches.joined(at, r, p);
    else this.addPayload(payloadLo, payloadHi);
  }

  /** A packet on an explained way that is looked up all the same. `p`: the same packet, here or on another way. */
  ofReference(r: number, p: InnerPacket): void {
    const { suspects, references, legs } = this.state;
    const [lo, hi] = [references.headerLo(r), references.headerHi(r)];
    const leg = references.leg(r);
    let s = suspects.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && s !== 0; i++) {
      // Further originals join it as they come (`lateOriginal`).
      if (suspects.leg(s) === leg && this.matches.agree(r, s)) return;
      s = suspects.olderHeader(s, lo, hi);
    }
    const info = (references.info(r) & (Info.HAS_HEADER | Info.HAS_PAYLOAD | Info.CUT | (255 << Info.TTL_SHIFT))) | (1 << Info.SEEN_SHIFT);
    const [payloadLo, payloadHi] = [references.payloadLo(r), references.payloadHi(r)];
    s = suspects.insert(lo, hi, payloadLo, payloadHi, info, leg, 0, references.frame(r), references.time(r), references.length(r));
    (legs.all[leg] as Leg).distinct++;
    this.addHeader(lo, hi);
    let other = references.firstHeader(lo, hi);
    for (let i = 0; i < limits.chain && other !== 0; i++) {
      if (references.leg(other) !== leg && this.matches.agree(other, s)) this.matches.joined(s, other, p);
      other = references.olderHeader(other, lo, hi);
    }
  }

  /** The record of the packet last printed on this leg; 0 where the leg has not shown it yet. */
  private known(leg: number): number {
    const { printer, suspects } = this.state;
    const { headerLo, headerHi, payloadLo, payloadHi, hasHeader, hasPayload } = printer;
    if (hasHeader && !this.headers.mayHold(headerLo, headerHi)) return 0;
    let s = hasHeader ? suspects.firstHeader(headerLo, headerHi) : suspects.firstPayload(payloadLo, payloadHi);
    for (let i = 0; i < limits.chain && s !== 0; i++) {
      if (
        suspects.leg(s) === leg &&
        (!hasPayload ||
          (suspects.info(s) & Info.HAS_PAYLOAD) === 0 ||
          (suspects.payloadLo(s) === payloadLo && suspects.payloadHi(s) === payloadHi))
      )
        return s;
      s = hasHeader ? suspects.olderHeader(s, headerLo, headerHi) : suspects.olderPayload(s, payloadLo, payloadHi);
    }
    return 0;
  }

  /** Whether a suspect may have one of these prints of a reference; false for most. */
  mayHold(header: boolean, headerLo: number, headerHi: number, payload: boolean, payloadLo: number, payloadHi: number): boolean {
    return (header && this.headers.mayHold(headerLo, headerHi)) || (payload && this.payloads.mayHold(payloadLo, payloadHi));
  }

  /** Reference `r` is an original that was captured after its copy, or on a further leg of its path. */
  lateOriginal(r: number, p: InnerPacket): void {
    const { references, suspects } = this.state;
    const info = references.info(r);
    if ((info & Info.HAS_HEADER) !== 0) {
      const lo = references.headerLo(r);
      const hi = references.headerHi(r);
      let found = false;
      let s = suspects.firstHeader(lo, hi);
      for (let i = 0; i < limits.chain && s !== 0; i++) {
        if (suspects.leg(s) !== references.leg(r) && this.matches.agree(r, s)) {
          found = true;
          this.matches.joined(s, r, p);
        }
        s = suspects.olderHeader(s, lo, hi);
      }
      if (found) return;
    }
    if ((info & Info.HAS_PAYLOAD) === 0) return;
    const lo = references.payloadLo(r);
    const hi = references.payloadHi(r);
    let s = suspects.firstPayload(lo, hi);
    for (let i = 0; i < limits.chain && s !== 0; i++) {
      if ((suspects.info(s) & Info.MATCHED) === 0 && suspects.leg(s) !== references.leg(r)) this.matches.joined(s, r, p);
      s = suspects.olderPayload(s, lo, hi);
    }
  }

  private addHeader(lo: number, hi: number): void {
    const { suspects } = this.state;
    const { headers } = this;
    headers.add(lo, hi);
    if (!headers.full) return;
    headers.renew(suspects.size);
    for (const s of suspects.positions())
      if ((suspects.info(s) & Info.HAS_HEADER) !== 0) headers.add(suspects.headerLo(s), suspects.headerHi(s));
  }

  private addPayload(lo: number, hi: number): void {
    const { suspects } = this.state;
    const { payloads } = this;
    payloads.add(lo, hi);
    if (!payloads.full) return;
    payloads.renew(suspects.size);
    for (const s of suspects.positions())
      if ((suspects.info(s) & (Info.HAS_PAYLOAD | Info.MATCHED)) === Info.HAS_PAYLOAD)
        payloads.add(suspects.payloadLo(s), suspects.payloadHi(s));
  }
}
