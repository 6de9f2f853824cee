/**
 * Copies on ways that roles explain: one sender sends a subscriber's packets to two ends (base stations, or another network beside the plain side). A device is at
 * one of them, which its answers show (TS 23.401 §4.4.3.2: user-plane traffic of one device is at one base station at a time); that the other gets
 * everything, too, is explained by signalling that led there, by a handover's forwarding, and by nothing else.
 */
import type { DetectorContext } from "#detect/detector.ts";
import type { CopyObservation } from "#model/copy.ts";
import type { TunnelObservation } from "#model/observation.ts";
import { state } from "#model/statement.ts";
import { ACCESS, isOf } from "#declaration/role-groups.ts";

/** Packets are forwarded during a handover for less than this (TS 36.300 §10.1.2.3); a copy has to go on for longer. */
export const FORWARDING_MICROS = 2e6;
/** Pairs of subscriber and sender remembered; past it, any end may have answered. */
const MAX_ANSWERS = 500_000;

/** From which parties each subscriber's packets came, in G-PDUs. */
export class Answers {
  private readonly seen = new Set<string>();
  private readonly context: DetectorContext;

  constructor(context: DetectorContext) {
    this.context = context;
  }

  note({ source, innerAddresses, signalled, firstMicros }: TunnelObservation): void {
    const from = this.party(source);
    for (const address of innerAddresses) if (this.context.isUser(address)) this.add(this.context.subscriberAt(address, firstMicros), from);
    if (signalled?.subscriber !== undefined) this.add(this.context.subscriberKey(signalled.subscriber), from);
  }

  /** A function or a partner at an address. */
  party(address: string): string {
    const { declaration } = this.context;
    return declaration?.functionAt(address)?.name ?? declaration?.partnerAt(address)?.name ?? address;
  }

  /** Undefined where it was not kept. */
  from(subscriber: string, party: string): boolean | undefined {
    return this.seen.has(`${subscriber} ${party}`) ? true : this.seen.size >= MAX_ANSWERS ? undefined : false;
  }

  private add(subscriber: string, party: string): void {
    if (this.seen.size < MAX_ANSWERS) this.seen.add(`${subscriber} ${party}`);
  }
}

/** The carrier with those subscribers alone who are seen to be elsewhere; undefined where nobody is. */
export function withoutPath(o: CopyObservation, context: DetectorContext, answers: readonly Answers[]): CopyObservation | undefined {
  const outer = o.carrier.carriers[0];
  const all = answers[0];
  if (outer === undefined || all === undefined || context.declaration === null) return undefined;
  const [sender, receiver] = [all.party(outer.src), all.party(outer.dst)];
  const others = new Set<string>();
  let plain = false;
  for (const { leg } of o.originals) {
    const at = leg.carriers[0];
    if (at === undefined) plain = true;
    else if (all.party(at.src) === sender && all.party(at.dst) !== receiver) others.add(all.party(at.dst));
  }
  // What the other end brought back to be sent here is a handover's forwarding (TS 23.401 §5.5.1.2.2, indirect), whoever sees nothing of its signalling.
  // A base station brings the device's own packets, and a gateway what is for it: what is beyond that came back, and was most of what was sent on. (Equal packets count more than once.)
  const copied = (uplink: boolean): number =>
    o.subscribers.reduce((n, { flows }) => n + flows.reduce((k, f) => (f.uplink === uplink ? k + f.packets : k), 0), 0);
  const brought = o.originals.some(({ leg, packets }) => {
    const at = leg.carriers[0];
    if (at === undefined || !others.has(all.party(at.src)) || all.party(at.dst) !== sender) return false;
    const access = isOf(context.rolesAt(at.src), ACCESS);
    return packets > copied(access) + copied(!access) / 2;
  });
  if (brought) return undefined;
  let undecided = 0;
  const open = o.subscribers.filter((s) => {
    const key = context.subscriberAt(s.address, s.firstMicros);
    const from = (party: string): boolean => answers.some((a) => a.from(key, party) !== false);
    if (from(receiver) || context.servedBetween(s.address, outer.src, outer.dst, s.firstMicros)) return false;
    // Between two subscribers the other end is another's base station, or a partner's guest.
    const own = s.flows.filter((f) => !context.isUser(f.remoteAddress));
    const elsewhere = own.length > 0 && ([...others].some(from) || (plain && own.some((f) => f.uplink && f.seenOnLink)));
    if (elsewhere && s.lastMicros - s.firstMicros >= FORWARDING_MICROS) return true;
    undecided++;
    return false;
  });
  if (undecided > 0) context.undecided({ claim: "covert-copy", why: state("undecided.copy-forked"), count: undecided });
  if (open.length === 0) return undefined;
  return {
    ...o,
    subscribers: open,
    packets: open.reduce((n, s) => n + s.packets, 0),
    bytes: open.reduce((n, s) => n + s.bytes, 0),
    firstMicros: Math.min(...open.map((s) => s.firstMicros)),
    lastMicros: Math.max(...open.map((s) => s.lastMicros)),
  };
}
