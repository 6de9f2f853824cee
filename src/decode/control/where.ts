import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import type { PacketView } from "#decode/packet/view.ts";
import type { MessageOrigin } from "#model/message.ts";
import type { Sighting } from "#model/sighting.ts";

/** Writes the addresses of one IP level as eight words: source, then destination; IPv4 as ::ffff:a.b.c.d. */
export function addressWords(view: PacketView, level: number, into: Uint32Array): void {
  words(view.bytes, view.ipSrc[level] as number, view.ipVersion[level] as number, into, 0);
  words(view.bytes, view.ipDst[level] as number, view.ipVersion[level] as number, into, 4);
}

function words(b: Uint8Array, at: number, version: number, into: Uint32Array, to: number): void {
  if (version === 4) {
    into[to] = 0;
    into[to + 1] = 0;
    into[to + 2] = 0xffff;
    into[to + 3] = word(b, at);
  } else for (let i = 0; i < 4; i++) into[to + i] = word(b, at + 4 * i);
}

function word(b: Uint8Array, at: number): number {
  return ((b[at] as number) << 24) | ((b[at + 1] as number) << 16) | ((b[at + 2] as number) << 8) | (b[at + 3] as number);
}

/** Texts of IPv4 addresses that speak the control plane: the same few again and again, and tables of them are found faster by the same string. */
const ipv4Texts = new Map<number, string>();
/** Past it, all are forgotten and learned again. */
const MAX_IPV4_TEXTS = 16_384;

/** Text of four address words. */
export function wordsText(addresses: ArrayLike<number>, from: number): string {
  if (addresses[from] !== 0 || addresses[from + 1] !== 0 || addresses[from + 2] !== 0xffff) return text(addresses, from);
  // As an int32, which V8 keeps without a box.
  const word = (addresses[from + 3] as number) | 0;
  const known = ipv4Texts.get(word);
  if (known !== undefined) return known;
  const made = text(addresses, from);
  if (ipv4Texts.size >= MAX_IPV4_TEXTS) ipv4Texts.clear();
  ipv4Texts.set(word, made);
  return made;
}

function text(addresses: ArrayLike<number>, from: number): string {
  const octets = new Uint8Array(16);
  for (let i = 0; i < 16; i++) octets[i] = (addresses[from + (i >> 2)] as number) >>> (24 - 8 * (i & 3));
  const mapped = addresses[from] === 0 && addresses[from + 1] === 0 && addresses[from + 2] === 0xffff;
  return mapped ? readIpv4(octets, 12) : readIpv6(octets, 0);
}

/** Both ends of a flow, and what is the same for all its messages. */
export interface Ends {
  readonly src: string;
  readonly dst: string;
  readonly srcPort: number;
  readonly dstPort: number;
  readonly transport: "udp" | "tcp" | "sctp";
  readonly inTunnel: boolean;
}

export function originOf(ends: Ends, seen: Sighting, frames: readonly number[], incomplete: boolean): MessageOrigin {
  return {
    capture: seen.capture,
    point: seen.point,
    frame: seen.frame,
    frames,
    time: { sec: seen.time.sec, nsec: seen.time.nsec },
    src: ends.src,
    dst: ends.dst,
    srcPort: ends.srcPort,
    dstPort: ends.dstPort,
    transport: ends.transport,
    inTunnel: ends.inTunnel,
    incomplete,
  };
}
