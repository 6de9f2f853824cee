/**
 * The same capture as other networks would carry it: messages cut over SCTP chunks or TCP segments, bundled behind another chunk, datagrams in IP fragments, outer
 * addresses of IPv6, frames behind two VLAN tags. What is said stays the same, so what is found must, too.
 */
import { resummed } from "./wire/checksums.ts";
import { cat, type Octets, u16, u32, u8, zeros } from "./wire/octets.ts";

export const VARIANTS = ["sctp-split", "sctp-bundled", "tcp-split", "ip-fragments", "ipv6", "qinq"] as const;
export type Variant = (typeof VARIANTS)[number];

interface Frame {
  readonly head: Octets;
  readonly bytes: Octets;
}

export interface Rewritten {
  readonly bytes: Octets;
  /** Number of the last frame that carries what frame i + 1 carried. */
  readonly frames: readonly number[];
}

const ETHERNET = 14;
const IPV4 = 20;
const PIECE = 56;

/** A pcap of Ethernet frames (little endian, as the lab writes them) in another form. `kept`: leaves a packet alone (subscribers' own). */
export function rewrite(capture: Octets, variant: Variant, kept: (src: Octets, dst: Octets) => boolean): Rewritten {
  // A copy of its own: slices of a Buffer share memory.
  const pcap = new Uint8Array(capture);
  const view = new DataView(pcap.buffer, pcap.byteOffset, pcap.length);
  const out: Octets[] = [pcap.slice(0, 24)];
  const frames: number[] = [];
  const turn = new Turn(variant);
  let count = 0;
  for (let at = 24; at < pcap.length;) {
    const length = view.getUint32(at + 8, true);
    const frame: Frame = { head: pcap.slice(at, at + 16), bytes: pcap.slice(at + 16, at + 16 + length) };
    at += 16 + length;
    for (const bytes of turn.frame(frame.bytes, kept)) {
      const head = frame.head.slice();
      new DataView(head.buffer).setUint32(8, bytes.length, true);
      new DataView(head.buffer).setUint32(12, bytes.length, true);
      out.push(head, bytes);
      count++;
    }
    frames.push(count);
  }
  return { bytes: cat(...out), frames };
}

class Turn {
  private readonly variant: Variant;
  /** By direction of an association: how many TSNs were added, and the last DATA chunk sent. */
  private readonly added = new Map<string, number>();
  private readonly sent = new Map<string, Octets>();

  constructor(variant: Variant) {
    this.variant = variant;
  }

  frame(bytes: Octets, kept: (src: Octets, dst: Octets) => boolean): Octets[] {
    const link = bytes.subarray(0, ETHERNET);
    const packet = bytes.subarray(ETHERNET);
    if ((bytes[12] ?? 0) !== 8 || (bytes[13] ?? 0) !== 0 || (packet[0] ?? 0) !== 0x45) return [bytes];
    const length = word16(packet, 2);
    const ip = packet.subarray(0, length);
    if (kept(ip.subarray(12, 16), ip.subarray(16, 20))) return [bytes];
    if (this.variant === "qinq")
      return [cat(link.subarray(0, 12), u16(0x88a8), u16(0x0064), u16(0x8100), u16(0x0007), u16(0x0800), packet)];
    // G-PDUs keep the addresses that the signalling inside names for their tunnels.
    if (this.variant === "ipv6" && isGtpu(ip)) return [bytes];
    if (this.variant === "ipv6") return [padded(cat(link.subarray(0, 12), u16(0x86dd), resummed(six(ip))))];
    const whole = (word16(ip, 6) & 0x3fff) === 0;
    const protocol = ip[9] ?? 0;
    let parts = [ip];
    if (whole && protocol === 132 && this.variant === "sctp-split") parts = this.split(ip);
    else if (whole && protocol === 132 && this.variant === "sctp-bundled") parts = [this.bundle(ip)];
    else if (whole && protocol === 6 && this.variant === "tcp-split") parts = segments(ip);
    else if (whole && protocol === 17 && this.variant === "ip-fragments" && length > IPV4 + 48) parts = halves(ip);
    return parts.map((part) => padded(cat(link, part)));
  }

  private split(ip: Octets): Octets[] {
    const key = direction(ip);
    const out: Octets[] = [];
    for (const chunk of chunksOf(ip)) {
      if (chunk[0] !== 0) {
        out.push(withChunks(ip, [chunk]));
        continue;
      }
      let added = this.added.get(key) ?? 0;
      const length = word16(chunk, 2);
      const data = chunk.subarray(16, length);
      const flags = chunk[1] ?? 0;
      const pieces = Math.max(1, Math.ceil(data.length / PIECE));
      for (let i = 0; i < pieces; i++) {
        const part = data.subarray(i * PIECE, (i + 1) * PIECE);
        const own = (flags & 4) | (i === 0 ? flags & 2 : 0) | (i === pieces - 1 ? flags & 1 : 0);
        const tsn = (word32(chunk, 4) + added) >>> 0;
        if (i < pieces - 1) added++;
        const head = cat(u8(0), u8(own), u16(16 + part.length), u32(tsn), chunk.subarray(8, 16));
        out.push(withChunks(ip, [cat(head, part, zeros((4 - (part.length % 4)) % 4))]));
      }
      this.added.set(key, added);
    }
    return out;
  }

  /** The chunk sent before comes once more, as a retransmission does, in front of the new ones. */
  private bundle(ip: Octets): Octets {
    const key = direction(ip);
    const chunks = chunksOf(ip);
    const data = chunks.filter((chunk) => chunk[0] === 0);
    if (data.length === 0) return ip;
    const before = this.sent.get(key);
    this.sent.set(key, (data.at(-1) ?? zeros(0)).slice());
    const sack = cat(u8(3), u8(0), u16(16), u32(1), u32(0x1_0000), u32(0));
    return withChunks(ip, [sack, ...(before === undefined ? [] : [before]), ...chunks]);
  }
}

function isGtpu(ip: Octets): boolean {
  return ip[9] === 17 && (word16(ip, 6) & 0x1fff) === 0 && (word16(ip, IPV4) === 2152 || word16(ip, IPV4 + 2) === 2152);
}

function direction(ip: Octets): string {
  return [...ip.subarray(12, 28)].join(".");
}

function chunksOf(ip: Octets): Octets[] {
  const out: Octets[] = [];
  for (let at = IPV4 + 12; at + 4 <= ip.length;) {
    const length = Math.max(4, word16(ip, at + 2));
    out.push(ip.slice(at, at + ((length + 3) & ~3)));
    at += (length + 3) & ~3;
  }
  return out;
}

function withChunks(ip: Octets, chunks: readonly Octets[]): Octets {
  return resummed(headed(ip, cat(ip.subarray(IPV4, IPV4 + 12), ...chunks)));
}

/** Payload of a TCP segment in pieces, each a segment of its own. */
function segments(ip: Octets): Octets[] {
  const header = ((ip[IPV4 + 12] ?? 0x50) >> 4) * 4;
  const payload = ip.subarray(IPV4 + header);
  if (payload.length <= PIECE) return [ip];
  const out: Octets[] = [];
  for (let at = 0; at < payload.length; at += PIECE) {
    const tcp = ip.slice(IPV4, IPV4 + header);
    tcp.set(u32((word32(tcp, 4) + at) >>> 0), 4);
    // FIN and PSH belong to the last one.
    if (at + PIECE < payload.length) tcp[13] = (tcp[13] ?? 0) & ~0x09;
    out.push(resummed(headed(ip, cat(tcp, payload.subarray(at, at + PIECE)))));
  }
  return out;
}

function halves(ip: Octets): Octets[] {
  const payload = ip.subarray(IPV4);
  const cut = (payload.length >> 4) << 3;
  const part = (from: number, to: number, more: boolean): Octets => {
    const out = headed(ip, payload.subarray(from, to));
    out.set(u16((more ? 0x2000 : 0) | (from >> 3)), 6);
    return summed(out);
  };
  return [part(0, cut, true), part(cut, payload.length, false)];
}

function headed(ip: Octets, payload: Octets): Octets {
  const out = cat(ip.subarray(0, IPV4), payload);
  out.set(u16(out.length), 2);
  return summed(out);
}

function summed(ip: Octets): Octets {
  ip.set(u16(0), 10);
  let sum = 0;
  for (let i = 0; i < IPV4; i += 2) sum += word16(ip, i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  ip.set(u16(~sum & 0xffff), 10);
  return ip;
}

function six(ip: Octets): Octets {
  const fragment = word16(ip, 6) & 0x3fff;
  const payload = ip.subarray(IPV4);
  const extension =
    fragment === 0 ? zeros(0) : cat(u8(ip[9] ?? 0), u8(0), u16(((fragment & 0x1fff) << 3) | (fragment >> 13)), u32(word16(ip, 4)));
  const next = fragment === 0 ? (ip[9] ?? 0) : 44;
  return cat(
    u32(0x6000_0000),
    u16(extension.length + payload.length),
    u8(next === 1 ? 58 : next),
    u8(ip[8] ?? 64),
    sixOf(ip.subarray(12, 16)),
    sixOf(ip.subarray(16, 20)),
    extension,
    payload,
  );
}

function sixOf(four: Octets): Octets {
  return cat(u32(0x2001_0db8), four, zeros(7), u8(1));
}

/** Text of the IPv6 address (RFC 5952), or the prefix, that stands for one of IPv4. */
export function sixFor(four: string): string {
  const [address = "", prefix] = four.split("/");
  const [a = 0, b = 0, c = 0, d = 0] = address.split(".").map(Number);
  const [high, low] = [a * 256 + b, c * 256 + d];
  const head = `2001:db8:${high.toString(16)}:${low.toString(16)}`;
  return prefix === undefined ? `${head}::1` : `${head}::/${Number(prefix) + 32}`;
}

/** Every list of IPv4 addresses of a declaration, with their IPv6 twins behind them. */
export function declaredInBoth(yaml: string): string {
  const one = String.raw`\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2})?`;
  return yaml.replaceAll(new RegExp(String.raw`\[(${one}(?:, ${one})*)\]`, "g"), (_, list: string) => {
    const all = list.split(", ");
    return `[${[...all, ...all.map((address) => `"${sixFor(address)}"`)].join(", ")}]`;
  });
}

function padded(frame: Octets): Octets {
  return frame.length >= 60 ? frame : cat(frame, zeros(60 - frame.length));
}

function word16(b: Octets, at: number): number {
  return ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
}

function word32(b: Octets, at: number): number {
  return ((word16(b, at) << 16) | word16(b, at + 2)) >>> 0;
}
