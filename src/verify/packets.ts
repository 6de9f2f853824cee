/** pcapng (IETF draft-ietf-opsawg-pcapng §3, §4) as this program writes it: little-endian, one section, interfaces first, then packets. */
import { Failure } from "./result.ts";

const SECTION = 0x0a0d0d0a;
const INTERFACE = 1;
const PACKET = 6;

/** Number of packets; refuses whatever a strict reader could read in two ways. */
export function countPackets(octets: Uint8Array, part: string): number {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  let interfaces = 0;
  let packets = 0;
  let first = true;
  for (let at = 0; at < octets.length;) {
    const type = at + 12 <= octets.length ? view.getUint32(at, true) : -1;
    const length = type < 0 ? 0 : view.getUint32(at + 4, true);
    if (length < 12 || length % 4 !== 0 || at + length > octets.length || view.getUint32(at + length - 4, true) !== length) {
      throw new Failure(`has a malformed pcapng block at octet ${at}`, part);
    }
    if (first !== (type === SECTION)) throw new Failure("is not one pcapng section", part);
    if (type === INTERFACE) interfaces++;
    else if (type === PACKET) {
      if (length < 32 || view.getUint32(at + 8, true) >= interfaces) throw new Failure(`names an interface it lacks at octet ${at}`, part);
      if (32 + view.getUint32(at + 20, true) > length) throw new Failure(`has a cut packet at octet ${at}`, part);
      packets++;
    } else if (type !== SECTION) throw new Failure(`has a block of an unexpected type at octet ${at}`, part);
    first = false;
    at += length;
  }
  if (first) throw new Failure("is empty", part);
  return packets;
}
