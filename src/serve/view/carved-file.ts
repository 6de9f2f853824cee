/**
 * pcapng (IETF draft-ietf-opsawg-pcapng §4.1–4.3) as this program writes it when it carves: little-endian, one section, nanoseconds.
 * The packets' octets end where their masking cut them.
 */
export interface CarvedPacket {
  readonly bytes: Uint8Array;
  /** Octets on the wire. */
  readonly length: number;
  readonly at: string;
}

const ENHANCED_PACKET = 6;
/** Type, length, interface, time (two words), captured, original; and the length again at the end. */
const HEAD = 28;

export function readCarved(octets: Uint8Array): CarvedPacket[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const packets: CarvedPacket[] = [];
  for (let at = 0; at + 12 <= octets.length;) {
    const type = view.getUint32(at, true);
    const length = view.getUint32(at + 4, true);
    if (length < 12 || length % 4 !== 0 || at + length > octets.length) return packets;
    if (type === ENHANCED_PACKET && length >= HEAD + 4) {
      const captured = view.getUint32(at + 20, true);
      if (HEAD + captured + 4 > length) return packets;
      const nanos = (BigInt(view.getUint32(at + 12, true)) << 32n) | BigInt(view.getUint32(at + 16, true));
      packets.push({
        bytes: octets.subarray(at + HEAD, at + HEAD + captured),
        length: view.getUint32(at + 24, true),
        at: rfc3339(nanos),
      });
    }
    at += length;
  }
  return packets;
}

function rfc3339(nanos: bigint): string {
  const seconds = Number(nanos / 1_000_000_000n);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${String(nanos % 1_000_000_000n).padStart(9, "0")}Z`;
}
