import type { ChannelFact, Fact } from "#model/fact.ts";
import type { Fault } from "#model/fault.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { ChannelObservation, Observation, Unended } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { AddressBook } from "./address-book.ts";
import { Elements } from "./elements.ts";
import { Exchanges, Pairs } from "./exchange.ts";
import type { Joined } from "./signalling/join.ts";
import type { Join, SignallingProtocol } from "./signalling/protocol.ts";
import { SIGNALLING_PROTOCOLS } from "./signalling/protocols.ts";
import { Subscribers } from "./subscribers.ts";
import { TunnelEnds } from "./tunnel-ends.ts";
import { UnendedFacts } from "./unended.ts";
import { joinUse } from "./uses.ts";

interface Row {
  readonly row: SignallingProtocol;
  readonly pairs: Pairs;
  readonly join: Join;
}

/**
 * Behind the stream: takes facts, joins what messages say into subscribers, tunnels and elements, and tells each fact on as an observation with what
 * signalling says of it.
 */
export class Tracker {
  readonly addresses: AddressBook = new AddressBook();
  readonly subscribers: Subscribers;
  readonly tunnelEnds: TunnelEnds;
  readonly elements: Elements = new Elements();
  messages = 0;
  /** Uses of tunnels told. */
  uses = 0;
  /** Faults of messages and of datagrams that gave none, by `protocol code`. */
  readonly faults = new Map<string, number>();

  private readonly lasting = new UnendedFacts();
  private readonly joined: Joined;
  private readonly protocols: ReadonlyMap<string, Row>;
  private readonly noteMissing = (change: number, origin: MessageOrigin): void => this.missing(change, origin);
  private readonly tell: (observation: Observation) => void;

  /**
   * `seed`: for the hash tables; the result does not depend on it. `addressesOf`: all addresses of the declared function at one of them.
   */
  constructor(
    seed: number,
    tell: (observation: Observation) => void,
    addressesOf: (address: string) => readonly string[] = (address) => [address],
  ) {
    this.tell = tell;
    this.subscribers = new Subscribers(this.addresses, seed);
    this.tunnelEnds = new TunnelEnds(seed, addressesOf);
    this.joined = {
      addresses: this.addresses,
      subscribers: this.subscribers,
      tunnels: this.tunnelEnds,
      elements: this.elements,
      addressesOf,
      association: (association, a, b, micros) => this.tell({ kind: "coverage", association, a, b, micros }),
    };
    const exchanges = new Exchanges(seed);
    this.protocols = new Map(
      SIGNALLING_PROTOCOLS.map((row, i) => [row.protocol, { row, pairs: new Pairs(exchanges, i), join: row.joiner(this.joined) }]),
    );
  }

  take(fact: Fact): void {
    if (this.lasting.hold(fact)) return;
    switch (fact.kind) {
      case "message":
        this.message(fact.observed);
        return;
      case "fault":
        this.fault(fact.fault, fact.origin);
        return;
      case "missing":
        this.missing(fact.change, fact.origin);
        return;
      case "use":
        this.uses++;
        this.tell(joinUse(this.tunnelEnds, fact));
        return;
      case "channel":
        this.tell(this.joinChannel(fact));
        return;
      default:
        this.tell(fact);
    }
  }

  /** What lasts, as far as it was told, with what signalling says of it by now. */
  unended(): Unended {
    const { flows, uses, channels, complete } = this.lasting;
    return {
      flows: [...flows.values()],
      tunnels: [...uses.values()].map((use) => joinUse(this.tunnelEnds, use)),
      channels: [...channels.values()].map((channel) => this.joinChannel(channel)),
      complete,
    };
  }

  /** Who is asked for names is a resolver, whatever else the two say to one another; and what goes to several has no other end. */
  private joinChannel(fact: ChannelFact): ChannelObservation {
    const spokeOtherwise = fact.place !== "dns-name" && fact.receivers === 1 && this.elements.spokeTogether(fact.source, fact.destination);
    return { ...fact, spokeOtherwise };
  }

  private message(observed: ObservedMessage): void {
    this.messages++;
    for (const fault of observed.message.faults) this.count(fault);
    const { origin } = observed;
    const known = this.protocols.get(observed.message.protocol);
    // What the snap length took may have named a tunnel.
    if (origin.incomplete && !origin.inTunnel && known?.row.namesTunnels === true) this.missing(1, origin);
    const answers = known?.row.pair(observed, known.pairs, this.noteMissing);
    // What subscribers themselves send inside their tunnels must not teach us anything about the network.
    const subscriber = origin.inTunnel ? undefined : known?.join(observed, answers);
    this.tell({ kind: "message", observed, subscriber, answers });
  }

  private fault(fault: Fault, origin: MessageOrigin): void {
    this.count(fault);
    if (fault.code === "cut" && !origin.inTunnel && this.protocols.get(fault.layer)?.row.namesTunnels === true) this.missing(1, origin);
  }

  private missing(change: number, { src, dst, time }: MessageOrigin): void {
    const micros = toMicros(time);
    for (const end of [src, dst])
      for (const address of this.joined.addressesOf(end)) this.tunnelEnds.signallingMissing(address, change, micros);
  }

  private count(fault: Fault): void {
    const key = `${fault.layer} ${fault.code}`;
    if (this.faults.size < 4096 || this.faults.has(key)) this.faults.set(key, (this.faults.get(key) ?? 0) + 1);
  }
}
