/**
 * Whether the receiver took a packet: its checksums tell (IPv4 RFC 791 §3.1, UDP RFC 768 and RFC 8200 §8.1, TCP RFC 9293 §3.1,
 * SCTP RFC 9260 §6.8). A packet with a wrong one reaches the wire and the observer, and is thrown away by whoever it is addressed to;
 * read like the others, it would hide the one that counts.
 *
 * A capture taken on the sending host shows packets whose checksum the network card has yet to write ("offload"), and a capture that was
 * rewritten (addresses replaced, frames cut anew) may hold none that is right. So a sender's wrong checksums prove something only where
 * at least as many right ones of the same sender were seen at the same point. Else, and for what looks like offload, packets are read
 * *apart*: as a stream of their own, that can neither fill nor disturb the stream of the right ones. Only packets that carry something count.
 */
import { KeyTable } from "#bytes/key-table.ts";
import { checksumsOf, Written } from "#decode/packet/checksums.ts";
import type { PacketView } from "#decode/packet/view.ts";

/** What becomes of a packet. */
export const Acceptance = {
  /** Its checksums are right, or nothing can be said (cut by the snap length, none stated). */
  TAKEN: 0,
  /** Wrong, and perhaps not yet written when it was captured, or rewritten since: read as a stream of its own. */
  APART: 1,
  /** Wrong, though the sender writes right ones: the receiver throws it away, and so do we. */
  REFUSED: 2,
} as const;

/** Senders (address, protocol, point) remembered, with what their checksums were like; past it the one heard of longest ago is judged anew. */
const SENDERS = 16_384;

const TCP = 6;
const SCTP = 132;

/** Wrong checksums in a row from the first packet on, after which they are that sender's habit (or the capture's). */
const HABIT = 8;

export class ReceiverCheck {
  /** Packets that receivers threw away. */
  refused = 0;
  /** Packets read apart although their sender writes right checksums: offload for some packets only, or somebody who plays it. */
  doubtful = 0;

  /** Of the last packet read apart: its sender is known never to write right checksums, so that it is like any other. */
  settled = false;

  private readonly senders: KeyTable;
  private readonly right = new Float64Array(SENDERS);
  private readonly wrong = new Float64Array(SENDERS);

  constructor(seed = 0x7263_7631) {
    this.senders = new KeyTable(6, SENDERS, seed);
  }

  /** An `Acceptance`. `addresses`: four words of the source and four of the destination at this level. */
  judge(view: PacketView, level: number, point: number, addresses: Uint32Array): number {
    const written = checksumsOf(view, level);
    if (written === Written.UNKNOWN) return Acceptance.TAKEN;
    const slot = this.sender(view.ipProtocol[level] as number, point, addresses);
    if (written === Written.RIGHT) {
      if (carries(view, level)) this.right[slot] = (this.right[slot] as number) + 1;
      return Acceptance.TAKEN;
    }
    const right = this.right[slot] as number;
    const wrong = this.wrong[slot] as number;
    if (carries(view, level)) this.wrong[slot] = wrong + 1;
    if (right === 0) {
      this.settled = wrong >= HABIT;
      return Acceptance.APART;
    }
    this.settled = false;
    if (written === Written.UNFINISHED || wrong > right) {
      this.doubtful++;
      return Acceptance.APART;
    }
    this.refused++;
    return Acceptance.REFUSED;
  }

  private sender(protocol: number, point: number, addresses: Uint32Array): number {
    const { senders } = this;
    const { key } = senders;
    key[0] = point;
    key[1] = protocol;
    for (let i = 0; i < 4; i++) key[2 + i] = addresses[i] as number;
    let slot = senders.find();
    if (slot >= 0) {
      senders.touch(slot);
      return slot;
    }
    slot = senders.add();
    if (slot < 0) {
      senders.remove(senders.oldest());
      key[0] = point;
      key[1] = protocol;
      for (let i = 0; i < 4; i++) key[2 + i] = addresses[i] as number;
      slot = senders.add();
    }
    this.right[slot] = 0;
    this.wrong[slot] = 0;
    return slot;
  }
}

/** User messages of SCTP, octets of a TCP stream, any datagram. */
function carries(view: PacketView, level: number): boolean {
  switch (view.ipProtocol[level]) {
    case TCP:
      return (view.payloadLength[level] as number) > 0;
    case SCTP: {
      const b = view.bytes;
      const end = view.ipEnd[level] as number;
      for (let at = (view.l4[level] as number) + 12; at + 4 <= end;) {
        if (b[at] === DATA || b[at] === I_DATA) return true;
        const length = ((b[at + 2] as number) << 8) | (b[at + 3] as number);
        if (length < 4) return false;
        at += (length + 3) & ~3;
      }
      return false;
    }
    default:
      return true;
  }
}

const DATA = 0;
const I_DATA = 64;
