/** SCTP (RFC 9260): common header with CRC32c, the chunks of association set-up and data transfer. */
import { cat, type Octets, u16, u32, u8, zeros } from "./octets.ts";

const crcTable = new Uint32Array(256).map((_, n) => {
  let c = n;
  for (let i = 0; i < 8; i++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
  return c >>> 0;
});

export function crc32c(data: Octets): number {
  let c = 0xffff_ffff;
  for (const o of data) c = (crcTable[(c ^ o) & 0xff] ?? 0) ^ (c >>> 8);
  return (c ^ 0xffff_ffff) >>> 0;
}

export function sctp(sport: number, dport: number, tag: number, chunks: readonly Octets[]): Octets {
  const p = cat(u16(sport), u16(dport), u32(tag), u32(0), ...chunks);
  new DataView(p.buffer).setUint32(8, crc32c(p), true);
  return p;
}

function chunk(type: number, flags: number, value: Octets): Octets {
  return cat(u8(type), u8(flags), u16(4 + value.length), value, zeros((4 - (value.length % 4)) % 4));
}

export const ChunkFlag = { end: 1, begin: 2, unordered: 4 } as const;

export function dataChunk(tsn: number, stream: number, ssn: number, ppid: number, flags: number, data: Octets): Octets {
  return chunk(0, flags, cat(u32(tsn), u16(stream), u16(ssn), u32(ppid), data));
}

export function initChunk(type: 1 | 2, tag: number, tsn: number, streams: number, cookie?: Octets): Octets {
  const parameter = cookie === undefined ? zeros(0) : cat(u16(7), u16(4 + cookie.length), cookie);
  return chunk(type, 0, cat(u32(tag), u32(131_072), u16(streams), u16(streams), u32(tsn), parameter));
}

export function sackChunk(tsn: number): Octets {
  return chunk(3, 0, cat(u32(tsn), u32(131_072), u16(0), u16(0)));
}

export const heartbeatChunk = (answer: boolean, info: Octets): Octets => chunk(answer ? 5 : 4, 0, cat(u16(1), u16(4 + info.length), info));
export const cookieEcho = (cookie: Octets): Octets => chunk(10, 0, cookie);
export const cookieAck = (): Octets => chunk(11, 0, zeros(0));
