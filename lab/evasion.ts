/**
 * The same capture with decoys in it: packets that reach the wire and that their receiver throws away, each before (or around) one that counts.
 * Whoever writes the traffic hides an order so; what is found must stay, and nobody be accused. The anchor is the published catalogue of
 * ambiguities between a monitor and a receiver: Ptacek & Newsham, "Insertion, Evasion, and Denial of Service" (1998), §§ 4 to 6.
 */
import { Random } from "./random.ts";
import { resummed } from "./wire/checksums.ts";
import { cat, type Octets, u16, u32 } from "./wire/octets.ts";

export const EVASIONS = [
  "garbage-wrong-checksum",
  "plausible-wrong-checksum",
  "same-place-short-lived",
  "fragments-with-decoys",
  "reset-aside",
  "end-aside",
  "beginning-aside",
  "no-acknowledgement",
  "doubled",
  "swapped",
  "checksums-offloaded",
  "checksums-stale",
] as const;
export type Evasion = (typeof EVASIONS)[number];

export interface Evaded {
  readonly bytes: Octets;
  /** Number of the frame that carries what frame i + 1 carried. */
  readonly frames: readonly number[];
}

const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const ETHERNET = 14;
const IPV4 = 20;
const [TCP, UDP, SCTP] = [6, 17, 132];
const USER_PORT = 2152;

/** A pcap of Ethernet frames (little endian) with the decoys of one kind. `kept`: packets left alone (subscribers' own). */
export function evade(capture: Octets, evasion: Evasion, seed: string, kept: (src: Octets, dst: Octets) => boolean): Evaded {
  const pcap = new Uint8Array(capture);
  const view = new DataView(pcap.buffer);
  const random = new Random(`evasion/${evasion}/${seed}`);
  const out: Octets[] = [pcap.slice(0, FILE_HEADER)];
  const frames: number[] = [];
  let count = 0;
  const put = (head: Octets, bytes: Octets): void => {
    const record = head.slice();
    new DataView(record.buffer).setUint32(8, bytes.length, true);
    new DataView(record.buffer).setUint32(12, bytes.length, true);
    out.push(record, bytes);
    count++;
  };
  let held: { readonly head: Octets; readonly bytes: Octets; readonly index: number } | undefined;
  for (let at = FILE_HEADER, index = 0; at < pcap.length; index++) {
    const length = view.getUint32(at + 8, true);
    const head = pcap.slice(at, at + RECORD_HEADER);
    const bytes = pcap.slice(at + RECORD_HEADER, at + RECORD_HEADER + length);
    at += RECORD_HEADER + length;
    const ip = control(bytes, kept);
    if (evasion === "swapped") {
      // Each pair of neighbours changes places; their times stay in order.
      if (held === undefined) held = { head, bytes, index };
      else {
        put(held.head, bytes);
        frames[index] = count;
        put(head, held.bytes);
        frames[held.index] = count;
        held = undefined;
      }
      continue;
    }
    const link = bytes.subarray(0, ETHERNET);
    const around = ip === undefined ? { before: [], real: [bytes], after: [] } : decoys(evasion, ip, random);
    for (const packet of around.before) put(head, cat(link, packet));
    for (const packet of around.real) put(head, ip === undefined ? packet : cat(link, packet));
    frames[index] = count;
    for (const packet of around.after) put(head, cat(link, packet));
  }
  if (held !== undefined) {
    put(held.head, held.bytes);
    frames[held.index] = count;
  }
  return { bytes: cat(...out), frames };
}

interface Around {
  readonly before: readonly Octets[];
  readonly real: readonly Octets[];
  readonly after: readonly Octets[];
}

/** The IPv4 packet of a frame that carries signalling, without padding; undefined for all others. */
function control(frame: Octets, kept: (src: Octets, dst: Octets) => boolean): Octets | undefined {
  const packet = frame.subarray(ETHERNET);
  if (word16(frame, 12) !== 0x0800 || packet[0] !== 0x45 || (word16(packet, 6) & 0x3fff) !== 0) return undefined;
  const ip = packet.slice(0, word16(packet, 2));
  const protocol = ip[9] ?? 0;
  if (protocol !== TCP && protocol !== UDP && protocol !== SCTP) return undefined;
  if (protocol === UDP && (word16(ip, IPV4) === USER_PORT || word16(ip, IPV4 + 2) === USER_PORT)) return undefined;
  return kept(ip.subarray(12, 16), ip.subarray(16, 20)) ? undefined : ip;
}

function decoys(evasion: Evasion, ip: Octets, random: Random): Around {
  const alone: Around = { before: [], real: [ip], after: [] };
  const protocol = ip[9] ?? 0;
  const at = contentAt(ip);
  switch (evasion) {
    case "garbage-wrong-checksum":
      return at < 0 ? alone : { ...alone, before: [spoiled(ip, at, random)] };
    case "plausible-wrong-checksum":
      return at < 0 ? alone : { ...alone, before: [zeroed(ip, at)] };
    case "same-place-short-lived":
      return at < 0 || protocol === UDP ? alone : { ...alone, before: [shortLived(spoiled(ip, at, random))] };
    case "fragments-with-decoys":
      return at < 0 || ip.length < IPV4 + 64 ? alone : { ...alone, real: contradictory(ip, random) };
    case "reset-aside":
      return protocol === TCP && at > 0 ? { ...alone, before: [aside(ip, 0x14)] } : alone;
    case "end-aside":
      return protocol === TCP && at > 0 ? { ...alone, before: [aside(ip, 0x11)] } : alone;
    case "beginning-aside":
      return protocol === TCP && at > 0 ? { ...alone, before: [aside(ip, 0x02, random.int(0, 0xffff_ffff))] } : alone;
    case "no-acknowledgement": {
      if (protocol !== TCP || at < 0) return alone;
      const deaf = spoiled(ip, at, random);
      deaf[IPV4 + 13] = (deaf[IPV4 + 13] ?? 0) & ~0x10;
      return { ...alone, before: [resummed(deaf)] };
    }
    case "doubled":
      return { ...alone, before: [ip] };
    case "checksums-offloaded":
      return { ...alone, real: [offloaded(ip)] };
    case "checksums-stale":
      return { ...alone, real: [stale(ip)] };
    default:
      return alone;
  }
}

/** Offset of what the transport carries; of the user data of an SCTP packet's first DATA chunk; -1 where there is none. */
function contentAt(ip: Octets): number {
  const protocol = ip[9] ?? 0;
  if (protocol === UDP) return ip.length > IPV4 + 8 ? IPV4 + 8 : -1;
  if (protocol === TCP) {
    const start = IPV4 + ((ip[IPV4 + 12] ?? 0x50) >> 4) * 4;
    return ip.length > start ? start : -1;
  }
  for (let at = IPV4 + 12; at + 4 <= ip.length; at += (Math.max(4, word16(ip, at + 2)) + 3) & ~3) if (ip[at] === 0) return at + 16;
  return -1;
}

function spoiled(ip: Octets, at: number, random: Random): Octets {
  const out = ip.slice();
  for (let i = at; i < out.length; i++) out[i] = random.int(0, 255);
  return out;
}

function zeroed(ip: Octets, at: number): Octets {
  const out = ip.slice();
  out.fill(0, at + Math.min(4, out.length - at));
  return out;
}

/** Right in everything, but it dies on the way. */
function shortLived(ip: Octets): Octets {
  ip[8] = 1;
  return resummed(ip);
}

/** Flags without content at the place where the next octets belong. */
function aside(ip: Octets, flags: number, sequence?: number): Octets {
  const out = ip.slice(0, IPV4 + 20);
  out.set(u16(out.length), 2);
  out[IPV4 + 12] = 0x50;
  out[IPV4 + 13] = flags;
  if (sequence !== undefined) out.set(u32(sequence), IPV4 + 4);
  return shortLived(out);
}

/** Two fragments, each behind a decoy in its place. */
function contradictory(ip: Octets, random: Random): Octets[] {
  const payload = ip.subarray(IPV4);
  const cut = (payload.length >> 4) << 3;
  const part = (from: number, to: number, more: boolean, wrong: boolean): Octets => {
    const content = payload.slice(from, to);
    if (wrong) for (let i = from === 0 ? 8 : 0; i < content.length; i++) content[i] = random.int(0, 255);
    const out = cat(ip.subarray(0, IPV4), content);
    out.set(u16(out.length), 2);
    out.set(u16((more ? 0x2000 : 0) | (from >> 3)), 6);
    // The lab's packets share one identification; here it must tell datagrams apart.
    out.set(u16(word16(ip, 4) ^ word16(ip, ip.length - 2) ^ ip.length), 4);
    return resummed(out);
  };
  return [
    part(0, cut, true, true),
    part(cut, payload.length, false, true),
    part(0, cut, true, false),
    part(cut, payload.length, false, false),
  ];
}

/** As a host hands a packet to its network card: the sum of the pseudo header (TCP, UDP), or zero (SCTP). */
function offloaded(ip: Octets): Octets {
  const out = ip.slice();
  const protocol = out[9] ?? 0;
  if (protocol === SCTP) out.set(u32(0), IPV4 + 8);
  else {
    const length = out.length - IPV4;
    let sum = protocol + length;
    for (let i = 12; i < 20; i += 2) sum += word16(out, i);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    out.set(u16(sum), IPV4 + (protocol === TCP ? 16 : 6));
  }
  return out;
}

/** As rewritten captures have them: none is right. */
function stale(ip: Octets): Octets {
  const out = ip.slice();
  const field = IPV4 + (ip[9] === SCTP ? 8 : ip[9] === TCP ? 16 : 6);
  out[field] = (out[field] ?? 0) ^ 0x5a;
  return out;
}

function word16(b: Octets, at: number): number {
  return ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0);
}
