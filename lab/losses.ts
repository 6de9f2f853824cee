/** The same capture as worse taps would give it: frames lost at random, one direction alone, a beginning in mid-session. What is innocent must stay so. */
import { Random } from "./random.ts";
import { cat, type Octets } from "./wire/octets.ts";

export const LOSSES = ["three-in-ten-lost", "towards-higher", "towards-lower", "begins-late"] as const;
/** One fibre of a pair: frames towards the higher, or the lower, of two MAC addresses. */
export const FIBRES = ["fibre-higher", "fibre-lower"] as const;
export type Loss = (typeof LOSSES)[number] | (typeof FIBRES)[number];

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERTYPE = 12;
/** Offset and octets of the two addresses, by EtherType. */
const ADDRESSES: Readonly<Record<number, readonly [at: number, octets: number]>> = { 0x0800: [26, 4], 0x86dd: [22, 16] };
/** Of the capture's duration, what the late tap misses. */
const LATE = 0.3;

/** A pcap of Ethernet frames (little endian, microseconds, as the lab writes them) without what the tap missed. */
export function lossy(capture: Octets, loss: Loss, seed: string): Octets {
  const pcap = new Uint8Array(capture);
  const view = new DataView(pcap.buffer);
  const random = new Random(`${seed}/${loss}`);
  const records: { readonly at: number; readonly end: number; readonly time: number }[] = [];
  for (let at = FILE_HEADER; at < pcap.length;) {
    const end = at + RECORD_HEADER + view.getUint32(at + 8, true);
    records.push({ at, end, time: view.getUint32(at, true) + view.getUint32(at + 4, true) / 1e6 });
    at = end;
  }
  const first = records[0]?.time ?? 0;
  const late = first + LATE * ((records.at(-1)?.time ?? first) - first);
  const kept = records.filter(({ at, time }) => {
    switch (loss) {
      case "three-in-ten-lost":
        return !random.chance(0.3);
      case "begins-late":
        return time >= late;
      case "fibre-higher":
      case "fibre-lower":
        return (
          Buffer.compare(
            pcap.subarray(at + RECORD_HEADER, at + RECORD_HEADER + 6),
            pcap.subarray(at + RECORD_HEADER + 6, at + RECORD_HEADER + 12),
          ) >
            0 ===
          (loss === "fibre-higher")
        );
      default:
        return goesUp(pcap.subarray(at + RECORD_HEADER)) === (loss === "towards-higher");
    }
  });
  return cat(pcap.slice(0, FILE_HEADER), ...kept.map(({ at, end }) => pcap.slice(at, end)));
}

/** One direction of every conversation: towards the higher address. */
function goesUp(frame: Octets): boolean {
  const [at, octets] = ADDRESSES[((frame[ETHERTYPE] ?? 0) << 8) | (frame[ETHERTYPE + 1] ?? 0)] ?? [0, 0];
  return Buffer.compare(frame.subarray(at, at + octets), frame.subarray(at + octets, at + 2 * octets)) < 0;
}
