/**
 * What the checksums of a packet say: IPv4 (RFC 791 §3.1), UDP (RFC 768, RFC 8200 §8.1), TCP (RFC 9293 §3.1), SCTP (RFC 9260 §6.8).
 */
import { addWords, crc32cOfSctp, fold } from "#bytes/checksum.ts";
import { IpFlag, type PacketView } from "./view.ts";

export const Written = {
  /** None is stated, or octets that it covers were not captured. */
  UNKNOWN: 0,
  RIGHT: 1,
  /** As a host leaves it to its network card: zero, or the sum of the pseudo header alone. */
  UNFINISHED: 2,
  WRONG: 3,
} as const;

const UDP = 17;
const TCP = 6;
const SCTP = 132;

/** Of the IP header and the transport header at `level`, a `Written`. */
export function checksumsOf(view: PacketView, level: number): number {
  const b = view.bytes;
  const start = view.l4[level] as number;
  const ip = view.ipStart[level] as number;
  const end = ip + (view.ipLength[level] as number);
  if (((view.ipFlags[level] as number) & (IpFlag.CUT | IpFlag.CARRIER_CUT | IpFlag.SUPER)) !== 0 || start < 0 || end > b.length)
    return Written.UNKNOWN;
  const four = view.ipVersion[level] === 4;
  let header: number = Written.RIGHT;
  if (four) {
    const headerEnd = ip + ((b[ip] as number) & 15) * 4;
    if (fold(addWords(0, b, ip, headerEnd)) !== 0xffff) header = b[ip + 10] === 0 && b[ip + 11] === 0 ? Written.UNFINISHED : Written.WRONG;
  }
  if (header === Written.WRONG) return Written.WRONG;
  const size = four ? 4 : 16;
  const carried = transportChecksum(
    view.ipProtocol[level] as number,
    b,
    view.ipSrc[level] as number,
    view.ipDst[level] as number,
    size,
    start,
    end,
  );
  return header === Written.UNFINISHED && carried !== Written.WRONG ? Written.UNFINISHED : carried;
}

/** Of the transport header at `start` of a datagram that ends at `end`; `size`: octets of the addresses at `src` and `dst`. A `Written`. */
export function transportChecksum(
  protocol: number,
  b: Uint8Array,
  src: number,
  dst: number,
  size: number,
  start: number,
  end: number,
): number {
  switch (protocol) {
    case SCTP: {
      if (end - start < 12) return Written.UNKNOWN;
      const stated =
        ((b[start + 8] as number) |
          ((b[start + 9] as number) << 8) |
          ((b[start + 10] as number) << 16) |
          ((b[start + 11] as number) << 24)) >>>
        0;
      if (stated === crc32cOfSctp(b, start, end)) return Written.RIGHT;
      return stated === 0 ? Written.UNFINISHED : Written.WRONG;
    }
    case TCP:
      return end - start < 20 ? Written.UNKNOWN : internet(TCP, b, src, dst, size, start, end, 16);
    case UDP: {
      if (end - start < 8) return Written.UNKNOWN;
      const length = ((b[start + 4] as number) << 8) | (b[start + 5] as number);
      // Over IPv4 a sender may leave it out; lengths that contradict IP's are the decoders' to judge.
      if (length < 8 || start + length > end || (b[start + 6] === 0 && b[start + 7] === 0)) return Written.UNKNOWN;
      return internet(UDP, b, src, dst, size, start, start + length, 6);
    }
    default:
      return Written.UNKNOWN;
  }
}

function internet(
  protocol: number,
  b: Uint8Array,
  src: number,
  dst: number,
  size: number,
  start: number,
  end: number,
  field: number,
): number {
  const partial = addWords(addWords(protocol, b, src, src + size), b, dst, dst + size);
  const pseudo = fold(partial + (end - start));
  if (fold(addWords(pseudo, b, start, end)) === 0xffff) return Written.RIGHT;
  const stated = ((b[start + field] as number) << 8) | (b[start + field + 1] as number);
  // Some cards want the length in the sum that they are given, some do not.
  return stated === pseudo || stated === fold(partial) ? Written.UNFINISHED : Written.WRONG;
}
