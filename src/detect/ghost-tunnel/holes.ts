/**
 * Holes of the capture that nothing tells of: no drop counter, no damage, only numbers that leap. GTP-C and PFCP number their requests (3GPP TS 29.274 §7.6,
 * TS 29.244 §6.4); the specifications ask only that numbers of open requests differ, but nodes count. One that was seen to count and leaps said something that
 * was not captured, be the leap seen in a mere echo. What SCTP's numbers show (RFC 9260 §3.3.1) the track stage tells with the tunnel.
 */
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { PfcpMessage } from "#decode/pfcp/message.ts";
import type { MessageObservation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";

/** A node counts when half of its steps or more are by one: numbers drawn at random, or from a counter shared with peers that are not seen, are not so. */
const COUNTING_SHARE = 0.5;
/** A longer leap is a counter that began anew. */
const LONGEST_LEAP = 4096;
/** Pairs of addresses watched; past it, new ones show nothing. */
const MAX_PAIRS = 100_000;
/** Numbers left out that a late request may still fill in, a pair. */
const MAX_OPEN = 4096;

/** Requests by which a node spends a number of its own counter (TS 29.274 table 6.1-1); commands and answers carry others. */
const GTPV2_REQUESTS: ReadonlySet<number> = new Set([1, 32, 34, 36, 38, 71, 95, 97, 99, 128, 130, 133, 135, 170]);
/** TS 29.244 table 7.3-1. */
const PFCP_REQUESTS: ReadonlySet<number> = new Set([1, 3, 5, 7, 9, 12, 14, 16, 50, 52, 54, 56]);
const MODULUS = 0x1000000;

class Counter {
  highest: number;
  heardMicros: number;
  steps = 0;
  byOne = 0;
  /** Numbers that were passed over, and when the request before the leap was heard. */
  readonly open = new Map<number, number>();
  constructor(first: number, micros: number) {
    this.highest = first;
    this.heardMicros = micros;
  }
}

export class SignallingHoles {
  private readonly counters = new Map<string, Counter>();
  private readonly byNode = new Map<string, Counter[]>();
  /** What was answered since the last change. */
  private readonly answered = new Map<string, number | undefined>();
  private readonly nodeOf: (address: string) => string;

  /** `nodeOf`: which node an address belongs to, so that control and user addresses of one meet. */
  constructor(nodeOf: (address: string) => string) {
    this.nodeOf = nodeOf;
  }

  observe({ observed: { message, origin } }: MessageObservation): void {
    const { protocol, type } = message;
    if (origin.inTunnel || type === undefined) return;
    if (protocol === "gtpv2" ? !GTPV2_REQUESTS.has(type) : protocol !== "pfcp" || !PFCP_REQUESTS.has(type)) return;
    this.count(protocol, origin.src, origin.dst, (message as Gtpv2Message | PfcpMessage).header.sequence, toMicros(origin.time));
  }

  private count(protocol: string, src: string, dst: string, sequence: number, micros: number): void {
    const key = `${protocol} ${src} ${dst}`;
    const counter = this.counters.get(key);
    if (counter === undefined) {
      if (this.counters.size < MAX_PAIRS) this.begin(key, src, dst, new Counter(sequence, micros));
      return;
    }
    if (this.answered.size > 0) this.answered.clear();
    // Overtaken, and here: counted one by one after all.
    if (counter.open.delete(sequence)) {
      counter.steps++;
      counter.byOne++;
      return;
    }
    const ahead = (sequence - counter.highest + MODULUS) % MODULUS;
    // A repetition.
    if (ahead === 0 || ahead > MODULUS / 2) return;
    counter.steps++;
    if (ahead === 1) counter.byOne++;
    else if (ahead <= LONGEST_LEAP)
      for (let n = 1; n < ahead && counter.open.size < MAX_OPEN; n++)
        counter.open.set((counter.highest + n) % MODULUS, counter.heardMicros);
    counter.highest = sequence;
    counter.heardMicros = micros;
  }

  private begin(key: string, src: string, dst: string, counter: Counter): void {
    this.counters.set(key, counter);
    for (const node of new Set([this.nodeOf(src), this.nodeOf(dst)])) {
      const known = this.byNode.get(node);
      if (known === undefined) this.byNode.set(node, [counter]);
      else known.push(counter);
    }
  }

  /** Since when requests from or to the node at this address are known to be missing, microseconds; undefined where none are. */
  since(address: string): number | undefined {
    const node = this.nodeOf(address);
    if (this.answered.has(node)) return this.answered.get(node);
    let since: number | undefined;
    for (const { steps, byOne, open } of this.byNode.get(node) ?? []) {
      if (byOne === 0 || byOne < steps * COUNTING_SHARE) continue;
      // Numbers are passed over in the order of time.
      const first = open.values().next().value;
      if (first !== undefined && (since === undefined || first < since)) since = first;
    }
    this.answered.set(node, since);
    return since;
  }
}
