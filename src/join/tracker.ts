import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { PfcpMessage } from "#decode/pfcp/message.ts";
import type { S1apMessage } from "#decode/s1ap/message.ts";
import type { X2apMessage } from "#decode/x2ap/message.ts";
import type { ChannelFact, Fact } from "#model/fact.ts";
import type { Fault } from "#model/fault.ts";
import type { MessageOrigin, ObservedMessage } from "#model/message.ts";
import type { ChannelObservation, Observation, Unended } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";
import { AddressBook } from "./address-book.ts";
import { Elements } from "./elements.ts";
import { Exchanges, Pairing } from "./exchange.ts";
import { joinDiameter } from "./signalling/diameter.ts";
import { joinGtpv1 } from "./signalling/gtpv1.ts";
import { Gtpv2Joiner } from "./signalling/gtpv2.ts";
import type { Joined } from "./signalling/join.ts";
import { joinPfcp } from "./signalling/pfcp.ts";
import { joinS1ap } from "./signalling/s1ap.ts";
import { joinX2ap } from "./signalling/x2ap.ts";
import { Subscribers, type Subscriber } from "./subscribers.ts";
import { TunnelEnds } from "./tunnel-ends.ts";
import { UnendedFacts } from "./unended.ts";
import { joinUse } from "./uses.ts";

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
  private readonly exchanges: Exchanges;
  private readonly joined: Joined;
  private readonly gtpv2: Gtpv2Joiner;
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
    this.exchanges = new Exchanges(seed);
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
    this.gtpv2 = new Gtpv2Joiner(this.joined);
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
    // What the snap length took may have named a tunnel.
    if (observed.origin.incomplete && !observed.origin.inTunnel && NAMES_TUNNELS.has(observed.message.protocol))
      this.missing(1, observed.origin);
    const answers = this.pair(observed);
    // What subscribers themselves send inside their tunnels must not teach us anything about the network.
    const subscriber = observed.origin.inTunnel ? undefined : this.join(observed, answers);
    this.tell({ kind: "message", observed, subscriber, answers });
  }

  private fault(fault: Fault, origin: MessageOrigin): void {
    this.count(fault);
    if (fault.code === "cut" && !origin.inTunnel && NAMES_TUNNELS.has(fault.layer)) this.missing(1, origin);
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

  private join(observed: ObservedMessage, answers: ObservedMessage | undefined): Subscriber | undefined {
    const { message, origin } = observed;
    switch (message.protocol) {
      case "s1ap":
        return joinS1ap(this.joined, message as S1apMessage, origin, answers);
      case "x2ap":
        return joinX2ap(this.joined, message as X2apMessage, origin);
      case "gtpv2":
        return this.gtpv2.join(message as Gtpv2Message, origin, answers);
      case "gtpv1":
        return joinGtpv1(this.joined, message as Gtpv1Message, origin, answers);
      case "pfcp":
        return joinPfcp(this.joined, message as PfcpMessage, origin, answers);
      case "diameter":
        return joinDiameter(this.joined, message as DiameterMessage, origin, answers);
      default:
        return undefined;
    }
  }

  /** Pairs answers with requests; a request is remembered for its answer. */
  private pair(observed: ObservedMessage): ObservedMessage | undefined {
    const { message, origin } = observed;
    if (message.protocol === "s1ap") {
      const { kind, type } = message as S1apMessage;
      if (kind === "initiating" && S1AP_UNANSWERED.has(type)) return undefined;
    }
    const { exchanges } = this;
    const { src, dst } = origin;
    switch (message.protocol) {
      case "gtpv2": {
        const { sequence } = (message as Gtpv2Message).header;
        // Requests and their answers alternate in the type table (TS 29.274 §6.1), with few exceptions that pair by sequence all the same.
        const request = exchanges.answer(Pairing.GTPV2, sequence, 0, dst, src);
        if (request !== undefined && request.message.type !== message.type) return request;
        exchanges.ask(Pairing.GTPV2, sequence, 0, src, dst, observed);
        return undefined;
      }
      case "gtpv1": {
        const { sequence } = (message as Gtpv1Message).header;
        if (sequence === undefined) return undefined;
        const request = exchanges.answer(Pairing.GTPV1, sequence, 0, dst, src);
        if (request !== undefined && request.message.type !== message.type) return request;
        exchanges.ask(Pairing.GTPV1, sequence, 0, src, dst, observed);
        return undefined;
      }
      case "pfcp": {
        const { type, header } = message as PfcpMessage;
        const { sequence } = header;
        // TS 29.244 §7.3: answers have the request's type plus one, and are odd from 51 on, even below 16.
        const request = exchanges.answer(Pairing.PFCP, sequence, type - 1, dst, src);
        if (request !== undefined) return request;
        // An answer to a session's request that nobody saw: the request is missing from the capture, or comes late.
        if (PFCP_ANSWERS.has(type)) this.missing(1, origin);
        else if (PFCP_ANSWERS.has(type + 1) && exchanges.answer(Pairing.PFCP, sequence, type + 1, dst, src) !== undefined)
          this.missing(-1, origin);
        exchanges.ask(Pairing.PFCP, sequence, type, src, dst, observed);
        return undefined;
      }
      case "diameter": {
        const { hopByHop, endToEnd, type, request } = message as DiameterMessage;
        const pairing = Pairing.DIAMETER | (type << 4);
        if (request !== true) return exchanges.answer(pairing, hopByHop, endToEnd, dst, src);
        exchanges.ask(pairing, hopByHop, endToEnd, src, dst, observed);
        return undefined;
      }
      case "s1ap": {
        const { type, kind, enbUeId, mmeUeId } = message as S1apMessage;
        const byEnb = enbUeId === undefined ? Pairing.S1AP_NO_ID : Pairing.S1AP;
        const byMme = mmeUeId === undefined ? Pairing.S1AP_NO_ID_MME : Pairing.S1AP_MME;
        if (kind !== "initiating")
          return exchanges.answer(byEnb, type, enbUeId ?? 0, dst, src) ?? exchanges.answer(byMme, type, mmeUeId ?? 0, dst, src);
        exchanges.ask(byEnb, type, enbUeId ?? 0, src, dst, observed);
        // A Handover Request has no eNB id yet; its answer does.
        if (enbUeId === undefined) exchanges.ask(byMme, type, mmeUeId ?? 0, src, dst, observed);
        return undefined;
      }
      case "x2ap": {
        const { type, kind, oldEnbUeId } = message as X2apMessage;
        const pairing = oldEnbUeId === undefined ? Pairing.X2AP_NO_ID : Pairing.X2AP;
        if (kind !== "initiating") return exchanges.answer(pairing, type, oldEnbUeId ?? 0, dst, src);
        exchanges.ask(pairing, type, oldEnbUeId ?? 0, src, dst, observed);
        return undefined;
      }
      default:
        return undefined;
    }
  }
}

/** Protocols whose messages announce tunnels. */
const NAMES_TUNNELS: ReadonlySet<string> = new Set(["s1ap", "x2ap", "gtpv1", "gtpv2", "pfcp"]);

/** Answers to what sets up and changes sessions (TS 29.244 §7.3). */
const PFCP_ANSWERS: ReadonlySet<number> = new Set([51, 53, 55]);

/** Procedures without a response (class 2, TS 36.413 §8.1 table 2): what would wait for one only takes memory. */
const S1AP_UNANSWERED: ReadonlySet<number> = new Set([
  2, 8, 10, 11, 12, 13, 15, 16, 18, 19, 20, 22, 24, 25, 26, 27, 28, 31, 32, 33, 34, 35, 37, 38, 40, 41, 42, 44, 45, 46, 47, 49, 51, 52, 54,
  57, 58, 59, 60, 61, 62,
]);
