/**
 * Looks for IP packets at any offset of some octets: a custom header, several packets in one datagram, a length-prefixed
 * stream, a stored capture, X3 product are all the same to it.
 *
 * A candidate is only a question to the match table, never evidence. So the test may be generous, but must be cheap and
 * must not drown the table: for IPv4 the header checksum holds, or an address is a subscriber's; for IPv6 an address is
 * a subscriber's. Of random octets 1 in 256 begins with 0x45, of those 1 in 65,536 has a right checksum.
 */
import { InnerPacket } from "./inner-packet.ts";

export interface SearchSink {
  /** `packet` is reused; valid during the call. */
  candidate(packet: InnerPacket): void;
}

/** Whether the address (4 or 16 octets at `at`) is known as a subscriber's. */
export type SubscriberTest = (bytes: Uint8Array, at: number, length: number) => boolean;

export const limits = {
  /** Candidates reported from one datagram or chunk: a payload of nothing but headers must not cost more than its octets. */
  candidates: 256,
} as const;

export class InnerSearch {
  private readonly packet = new InnerPacket();
  private readonly isSubscriber: SubscriberTest;
  private readonly sink: SearchSink;
  /** Candidates dropped by the limit. */
  dropped = 0;

  constructor(isSubscriber: SubscriberTest, sink: SearchSink) {
    this.isSubscriber = isSubscriber;
    this.sink = sink;
  }

  /**
   * Reports every plausible packet that starts in [`from`, `to`); octets up to `end` may be read. With `whole`, a packet
   * that reaches beyond `end` ends the search and its offset is returned (a stream may bring the rest); otherwise it is
   * reported as cut. Returns the offset from which a stream has to go on.
   */
  run(bytes: Uint8Array, from: number, to: number, end: number, whole: boolean): number {
    let found = 0;
    let at = from;
    for (; at < to; at++) {
      const first = bytes[at] as number;
      const version = first >> 4;
      if ((version !== 4 && version !== 6) || (version === 4 && (first & 15) < 5)) continue;
      const least = version === 4 ? 20 : 40;
      if (at + least > end) {
        // A stream may still bring the rest of a header; a datagram may not.
        if (whole) return at;
        continue;
      }
      const plausible = version === 4 ? this.plausible4(bytes, at, end) : this.plausible6(bytes, at);
      if (!plausible) continue;
      const p = this.packet;
      if (!p.read(bytes, at, end)) continue;
      if (p.cut && whole) return at;
      if (++found > limits.candidates) {
        this.dropped++;
        return to;
      }
      this.sink.candidate(p);
      // Go on after the header only: a slice states a length that reaches into whatever comes next.
      at += least - 1;
    }
    return at;
  }

  private plausible4(bytes: Uint8Array, at: number, end: number): boolean {
    const header = ((bytes[at] as number) & 15) * 4;
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    const protocol = bytes[at + 9] as number;
    if (length < header + 8 || !PROTOCOLS[protocol] || at + header > end) return false;
    // reserved flag (RFC 3514 notwithstanding), TTL 0
    if (((bytes[at + 6] as number) & 0x80) !== 0 || bytes[at + 8] === 0) return false;
    let sum = 0;
    for (let i = 0; i < header; i += 2) sum += ((bytes[at + i] as number) << 8) | (bytes[at + i + 1] as number);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    if (sum === 0xffff) return true;
    // The checksum may be wrong where the copier's network card was to write it.
    return this.isSubscriber(bytes, at + 12, 4) || this.isSubscriber(bytes, at + 16, 4);
  }

  private plausible6(bytes: Uint8Array, at: number): boolean {
    const next = bytes[at + 6] as number;
    if (!PROTOCOLS[next] && next !== 0 && next !== 43 && next !== 44 && next !== 60) return false;
    return this.isSubscriber(bytes, at + 8, 16) || this.isSubscriber(bytes, at + 24, 16);
  }
}

/** ICMP, IP-in-IP, TCP, UDP, IPv6, GRE, ESP, AH, ICMPv6, SCTP. */
const PROTOCOLS = new Uint8Array(256);
for (const p of [1, 4, 6, 17, 41, 47, 50, 51, 58, 132]) PROTOCOLS[p] = 1;
