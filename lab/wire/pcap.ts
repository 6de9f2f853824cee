/** pcap, little endian, micro- or nanosecond (draft-ietf-opsawg-pcap §4, §5). */
import type { Octets } from "./octets.ts";

export interface PcapRecord {
  /** Nanoseconds since the epoch. */
  readonly nanos: bigint;
  readonly bytes: Octets;
  /** Octets on the wire, where the frame was cut. */
  readonly original?: number;
}

export interface PcapOptions {
  readonly linkType?: number;
  readonly nanosecond?: boolean;
  readonly snapLength?: number;
}

export function pcap(records: readonly PcapRecord[], o: PcapOptions = {}): Octets {
  const snap = o.snapLength ?? 262_144;
  let size = 24;
  for (const r of records) size += 16 + Math.min(snap, r.bytes.length);
  const out = new Uint8Array(size);
  const view = new DataView(out.buffer);
  view.setUint32(0, o.nanosecond === true ? 0xa1b23c4d : 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, snap, true);
  view.setUint32(20, o.linkType ?? 1, true);
  let at = 24;
  for (const r of records) {
    const kept = r.bytes.subarray(0, snap);
    const fraction = Number(r.nanos % 1_000_000_000n);
    view.setUint32(at, Number(r.nanos / 1_000_000_000n), true);
    view.setUint32(at + 4, o.nanosecond === true ? fraction : Math.floor(fraction / 1000), true);
    view.setUint32(at + 8, kept.length, true);
    view.setUint32(at + 12, r.original ?? r.bytes.length, true);
    out.set(kept, at + 16);
    at += 16 + kept.length;
  }
  return out;
}
