/**
 * Whether a session's handshake went through and data flowed both ways afterwards: what tells access from an attempt.
 *
 * Follows records and packets across segments, each direction by the lengths they state. Where that fails (a loss, a segment out of order)
 * a direction falls back to what the starts of segments show.
 */

/** SSH binary packet: length 4, padding length 1, message number 1 (RFC 4253 §6); SSH_MSG_NEWKEYS (§7.3). */
const SSH_HEADER = 6;
const SSH_NEWKEYS = 21;
const SSH_NEWKEYS_MOST = 32;
/** Longest packet an implementation must take (RFC 4253 §6.1). */
const SSH_MAX_PACKET = 35_000;
const LINE_FEED = 10;
/** Key exchange takes each side three packets at most; what comes after is under the new keys, wherever NEWKEYS hid. */
const SSH_EXCHANGE_PACKETS = 4;
/** TLS record: type 1, version 2, length 2 (RFC 8446 §5.1). */
const TLS_HEADER = 5;
const TLS_APPLICATION_DATA = 23;
const TLS_MAX_RECORD = 16_384 + 2_048;

/** What one direction is in the midst of. */
class Direction {
  /** Octets of the present record that are still to come. */
  left = 0;
  /** Header octets gathered, and how many. */
  readonly header = new Uint8Array(SSH_HEADER);
  gathered = 0;
  /** The lengths no longer lead from one record to the next. */
  lost = false;
  banner = false;
  newKeysComing = false;
  newKeys = false;
  segmentsLost = 0;
  encrypted = false;

  /** Passes over the rest of the present record; answers where the next octet stands. */
  pass(at: number, end: number): number {
    const step = Math.min(this.left, end - at);
    this.left -= step;
    return at + step;
  }

  /** Gathers header octets until there are `size`; answers where the next octet stands. */
  gather(bytes: Uint8Array, at: number, end: number, size: number): number {
    while (at < end && this.gathered < size) this.header[this.gathered++] = bytes[at++] as number;
    return at;
  }
}

export class Handshake {
  private readonly lower = new Direction();
  private readonly higher = new Direction();

  /** One segment's payload of an SSH session. `side`: 0 the lower end, 1 the higher one. */
  ssh(bytes: Uint8Array, start: number, end: number, side: number): void {
    const d = side === 0 ? this.lower : this.higher;
    if (d.encrypted) return;
    let at = start;
    if (!d.banner) {
      at = bytes.indexOf(LINE_FEED, start) + 1;
      if (at === 0 || at > end) return;
      d.banner = true;
    }
    while (at < end && !d.lost) {
      if (d.newKeys) {
        d.encrypted = true;
        return;
      }
      if (d.left > 0) at = d.pass(at, end);
      else {
        at = d.gather(bytes, at, end, SSH_HEADER);
        if (d.gathered < SSH_HEADER) return;
        d.gathered = 0;
        const length = word32(d.header, 0);
        if (length < 2 || length > SSH_MAX_PACKET) {
          d.lost = true;
          break;
        }
        d.left = 4 + length - SSH_HEADER;
        d.newKeysComing = d.header[5] === SSH_NEWKEYS && length <= SSH_NEWKEYS_MOST;
      }
      if (d.left === 0 && d.newKeysComing) d.newKeys = true;
    }
    if (d.lost && ++d.segmentsLost > SSH_EXCHANGE_PACKETS) d.encrypted = true;
  }

  /** One segment's payload of a TLS session. */
  tls(bytes: Uint8Array, start: number, end: number, side: number): void {
    const d = side === 0 ? this.lower : this.higher;
    if (d.encrypted) return;
    if (d.lost) {
      // A record that starts amid a segment is met at the next one that does not.
      d.left = 0;
      d.gathered = 0;
      d.lost = false;
    }
    for (let at = start; at < end;) {
      if (d.left > 0) {
        at = d.pass(at, end);
        continue;
      }
      at = d.gather(bytes, at, end, TLS_HEADER);
      if (d.gathered < TLS_HEADER) return;
      d.gathered = 0;
      const [type, major] = [d.header[0] as number, d.header[1]];
      const length = ((d.header[3] as number) << 8) | (d.header[4] as number);
      if (major !== 3 || length === 0 || length > TLS_MAX_RECORD || type < 20 || type > 24) {
        d.lost = true;
        return;
      }
      if (type === TLS_APPLICATION_DATA) d.encrypted = true;
      d.left = length;
    }
  }

  /** Protocols without a handshake of their own: an answer is what counts. */
  plain(side: number): void {
    (side === 0 ? this.lower : this.higher).encrypted = true;
  }

  /** Data went both ways after the handshake. */
  get completed(): boolean {
    return this.lower.encrypted && this.higher.encrypted;
  }
}

function word32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}
