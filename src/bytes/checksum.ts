/** The checksums by which a receiver decides whether it takes a packet: RFC 1071 (IPv4, TCP, UDP) and CRC32c (SCTP, RFC 9260 appendix A). */

/** One's complement sum of `bytes[start, end)` as 16-bit big-endian words on top of `sum`, not folded; an odd last octet is padded with zero. */
export function addWords(sum: number, bytes: Uint8Array, start: number, end: number): number {
  let total = sum;
  let at = start;
  for (const last = end - 1; at < last; at += 2) total += ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
  if (at < end) total += (bytes[at] as number) << 8;
  return total;
}

/** Folds a sum of 16-bit words into 16 bits (RFC 1071 §2). */
export function fold(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return folded;
}

/** CRC32c of SCTP's common header and chunks `bytes[start, end)`, its own field (octets 8 … 11) taken as zero. */
export function crc32cOfSctp(bytes: Uint8Array, start: number, end: number): number {
  let crc = crcOver(0xffffffff, bytes, start, start + 8);
  for (let i = 0; i < 4; i++) crc = (TABLE[crc & 0xff] as number) ^ (crc >>> 8);
  crc = crcOver(crc, bytes, start + 12, end);
  return ~crc >>> 0;
}

function crcOver(from: number, bytes: Uint8Array, start: number, end: number): number {
  let crc = from;
  let at = start;
  // Four octets a step ("slicing by four"): 1.5 instead of 3.1 ns an octet (Node 24).
  for (const last = end - 3; at < last; at += 4) {
    crc ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
    crc =
      (TABLE[768 + (crc & 0xff)] as number) ^
      (TABLE[512 + ((crc >>> 8) & 0xff)] as number) ^
      (TABLE[256 + ((crc >>> 16) & 0xff)] as number) ^
      (TABLE[crc >>> 24] as number);
  }
  for (; at < end; at++) crc = (TABLE[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
  return crc;
}

/** The Castagnoli polynomial, reflected; four tables, each one octet further. */
const TABLE = tables(0x82f63b78);

function tables(polynomial: number): Int32Array {
  const table = new Int32Array(1024);
  for (let n = 0; n < 256; n++) {
    let crc = n;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    table[n] = crc;
  }
  for (let n = 256; n < 1024; n++) {
    const before = table[n - 256] as number;
    table[n] = (table[before & 0xff] as number) ^ (before >>> 8);
  }
  return table;
}
