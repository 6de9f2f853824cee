// Ethernet's frame check sequence: IEEE 802.3 §3.2.9.

const TABLE = new Uint32Array(256);
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ 0xedb8_8320;
  TABLE[i] = value;
}
const RESIDUE = 0xdebb_20e3;

/** True where the last four of octets `start` … `end`-1 are the check sequence of those before them. */
export function frameCheck(bytes: Uint8Array, start: number, end: number): boolean {
  let crc = 0xffff_ffff;
  for (let i = start; i < end; i++) crc = (TABLE[(crc ^ (bytes[i] as number)) & 0xff] as number) ^ (crc >>> 8);
  return crc >>> 0 === RESIDUE;
}
