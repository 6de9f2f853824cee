/**
 * Whether a session's handshake went through and data flowed both ways afterwards: what tells access from an attempt.
 * Looks at the starts of segments only; a record that starts amid a segment is met at the next one that does not.
 */

/** SSH binary packet: length 4, padding length 1, message number 1 (RFC 4253 §6); SSH_MSG_NEWKEYS (§7.3). */
const SSH_NEWKEYS = 21;
/** Longest packet an implementation must take (RFC 4253 §6.1). */
const SSH_MAX_PACKET = 35_000;
/** TLS record: type 1, version 2, length 2 (RFC 8446 §5.1). */
const TLS_APPLICATION_DATA = 23;
const TLS_HANDSHAKE = 22;
const TLS_MAX_RECORD = 16_384 + 2_048;

export class Handshake {
  /** Bit 1 for the lower end, 2 for the higher one. */
  private banner = 0;
  private newKeys = 0;
  private encrypted = 0;
  private records = 0;
  private readonly sshPackets = [0, 0];

  /** One segment's payload of an SSH session. */
  ssh(bytes: Uint8Array, start: number, end: number, side: number): void {
    const bit = 1 << side;
    if ((this.banner & bit) === 0) {
      this.banner |= bit;
      return;
    }
    if ((this.newKeys & bit) !== 0) {
      this.encrypted |= bit;
      return;
    }
    this.sshPackets[side] = (this.sshPackets[side] as number) + 1;
    let at = start;
    while (at + 6 <= end) {
      const length = word32(bytes, at);
      if (length < 2 || length > SSH_MAX_PACKET) break;
      if (bytes[at + 5] === SSH_NEWKEYS && length <= 32) {
        this.newKeys |= bit;
        if (at + 4 + length < end) this.encrypted |= bit;
        return;
      }
      at += 4 + length;
    }
    // Key exchange takes each side three packets at most; what comes after is under the new keys, wherever NEWKEYS hid.
    if ((this.sshPackets[side] as number) > 4) this.encrypted |= bit;
  }

  /** One segment's payload of a TLS session. */
  tls(bytes: Uint8Array, start: number, end: number, side: number): void {
    let at = start;
    while (at + 5 <= end) {
      const type = bytes[at] as number;
      const length = ((bytes[at + 3] as number) << 8) | (bytes[at + 4] as number);
      if (bytes[at + 1] !== 3 || length === 0 || length > TLS_MAX_RECORD || type < 20 || type > 24) return;
      if (type === TLS_HANDSHAKE) this.records |= 1 << side;
      if (type === TLS_APPLICATION_DATA) this.encrypted |= 1 << side;
      at += 5 + length;
    }
  }

  /** Protocols without a handshake of their own: an answer is what counts. */
  plain(side: number): void {
    this.encrypted |= 1 << side;
  }

  /** Data went both ways after the handshake. */
  get completed(): boolean {
    return this.encrypted === 3;
  }
}

function word32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}
