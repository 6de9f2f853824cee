/**
 * What goes when the analysis is behind: consistent sampling (RFC 5475 §6.2.2, "trajectory sampling"). A packet of the user plane stays
 * where a keyed hash over what forwarding does not change says so, at every point alike, so that a copy stays where its original stays.
 * Signalling and whatever may be signalling always stays: few packets, each of which counts.
 */
import { HalfSipHash } from "#bytes/half-siphash.ts";
import type { PacketView } from "#decode/packet/view.ts";
import { Port, SIGNALLING_PORTS } from "#model/ports.ts";

const [TCP, UDP, SCTP] = [6, 17, 132] as const;
const G_PDU = 255;

/** IPv4 addresses, or IPv6 ones; the first octets of the transport; of IPv4 the identification. */
const MESSAGE = new Uint8Array(16 + 16 + 8 + 2);

export class Shedder {
  private readonly hash: HalfSipHash;

  /** `key`: the same at every point of a network, or copies and originals part. */
  constructor(key: readonly [number, number]) {
    this.hash = new HalfSipHash(key[0], key[1]);
  }

  /** Whether the decoded frame stays when one user packet in `rate` does (a power of two, 1 for all). */
  keeps(view: PacketView, rate: number): boolean {
    if (rate <= 1 || view.ipCount === 0 || view.fragmentLevel >= 0) return true;
    const inner = view.ipCount - 1;
    if (inner === 0 && !isUserPlane(view)) return true;
    const b = view.bytes;
    const four = view.ipVersion[inner] === 4;
    const size = four ? 4 : 16;
    const src = view.ipSrc[inner] as number;
    const dst = view.ipDst[inner] as number;
    let at = 0;
    for (let i = 0; i < size; i++) MESSAGE[at++] = b[src + i] as number;
    for (let i = 0; i < size; i++) MESSAGE[at++] = b[dst + i] as number;
    const l4 = view.l4[inner] as number;
    const end = Math.min(l4 + 8, view.ipEnd[inner] as number);
    if (l4 >= 0) for (let i = l4; i < end; i++) MESSAGE[at++] = b[i] as number;
    if (four) {
      MESSAGE[at++] = b[(view.ipStart[inner] as number) + 4] as number;
      MESSAGE[at++] = b[(view.ipStart[inner] as number) + 5] as number;
    }
    this.hash.digest(MESSAGE, 0, at);
    return (this.hash.lo & (rate - 1)) === 0;
  }
}

/** Without a tunnel: what is neither SCTP nor on a port of signalling, and large or to a port that nobody administers an element by. */
function isUserPlane(view: PacketView): boolean {
  const protocol = view.ipProtocol[0];
  if (view.gtpType[0] === G_PDU) return true;
  if (protocol === SCTP) return false;
  if (protocol !== TCP && protocol !== UDP) return false;
  if (
    view.gtpType[0] !== 0 &&
    view.gtpType[0] !== -1 &&
    protocol === UDP &&
    (view.dstPort[0] === Port.GTP_U || view.srcPort[0] === Port.GTP_U)
  )
    return false;
  return !SIGNALLING_PORTS.has(view.srcPort[0] as number) && !SIGNALLING_PORTS.has(view.dstPort[0] as number);
}

/** One user packet in so many, by how full the queue is (0 … 1): the fuller, the fewer, long before anything must be dropped blindly. */
export function rateFor(fill: number): number {
  if (fill < 0.25) return 1;
  if (fill < 0.5) return 4;
  if (fill < 0.75) return 16;
  return 64;
}
