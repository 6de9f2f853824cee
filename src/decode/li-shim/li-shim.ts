/**
 * Vendors' interception shims over UDP (wire facts §3.6, layouts as open collectors read them):
 * Juniper jmirror (Flow-Tap / packet mirroring), Nokia/Alcatel-Lucent ip-udp-shim, Cisco/PacketCable PCLI.
 *
 * A shim is four or eight octets of numbers and says nothing of itself. What confirms it is the user packet right
 * behind it, whose own length ends exactly where the datagram ends, again and again on one flow with one intercept
 * id. Until then a flow is only a candidate. Ports are labels.
 */
import { KeyTable } from "#bytes/key-table.ts";
import { carriedContent } from "#decode/carried/content.ts";
import type { ShimMessage } from "#model/interception.ts";

export const SHIM_LIMITS = {
  /** Flows watched at once; past it, the one that was seen least recently is forgotten. */
  flows: 4096,
  /** Datagrams of one flow that must agree before it is taken for a shim. */
  agreeing: 4,
  /** Intercept ids of one flow; past it, the numbers are no ids. */
  ids: 64,
} as const;

type Shim = ShimMessage["shim"];

/** Octets of the shims: jmirror and ip-udp-shim, and PCLI. */
const LONG_SHIM = 8;
const SHORT_SHIM = 4;
/** Port that a vendor documents; it decides between layouts that look alike, never whether there is a shim. */
const JMIRROR_PORT = 30030;

/** What the datagram shows: the user packet's offset, and the numbers before it. */
export interface ShimView {
  /** 4 or 8 octets of shim before the user packet. */
  readonly octets: number;
  readonly interceptId: number;
  readonly sessionId: number | undefined;
  readonly version: 4 | 6;
  readonly topBits: number;
  readonly directionBit: number;
}

/**
 * ```
 * jmirror      2 bits 01, 30 bits intercept id | session id 4 | IP packet
 * ip-udp-shim  2 bits version: 00, 30 bits intercept id; 01, 1 direction bit, 29 bits intercept id | session id 4 | packet
 * PCLI         content connection id 4 | IP packet
 * ```
 * Undefined where no IP packet of exactly the rest's length stands behind eight or four octets.
 */
export function viewShim(bytes: Uint8Array, start: number, end: number): ShimView | undefined {
  let octets = LONG_SHIM;
  let version = ipPacketFills(bytes, start + octets, end);
  if (version === 0) {
    octets = SHORT_SHIM;
    version = ipPacketFills(bytes, start + octets, end);
  }
  if (version === 0) return undefined;
  const word = uint32(bytes, start);
  return {
    octets,
    interceptId: octets === SHORT_SHIM ? word : word & 0x3fffffff,
    sessionId: octets === LONG_SHIM ? uint32(bytes, start + 4) : undefined,
    version,
    topBits: word >>> 30,
    directionBit: (word >>> 29) & 1,
  };
}

/** 4 or 6 where an IP packet starts at `at` and ends exactly at `end`, header checksum included for IPv4; else 0. */
function ipPacketFills(bytes: Uint8Array, at: number, end: number): 0 | 4 | 6 {
  const length = end - at;
  if (length < 20) return 0;
  const first = bytes[at] as number;
  if (first >> 4 === 4) {
    const header = (first & 15) * 4;
    const total = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    if (header < 20 || total !== length || header > total) return 0;
    return checksumHolds(bytes, at, at + header) ? 4 : 0;
  }
  if (first >> 4 !== 6 || length < 40) return 0;
  return (((bytes[at + 4] as number) << 8) | (bytes[at + 5] as number)) + 40 === length ? 6 : 0;
}

/** RFC 791 header checksum. */
function checksumHolds(bytes: Uint8Array, from: number, to: number): boolean {
  let sum = 0;
  for (let i = from; i < to; i += 2) sum += ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum === 0xffff;
}

function uint32(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number)) >>> 0
  );
}

interface Flow {
  readonly octets: number;
  agreeing: number;
  readonly ids: Set<number>;
  /** Both shim words were the same in all datagrams so far: then eight octets are two ids, not one and a counter. */
  topBits: number;
  shim: Shim | undefined;
  refused: boolean;
}

/** One direction of one UDP flow, as the caller found it. The caller may reuse the object and its array. */
export interface ShimFlow {
  /** Where it was seen: one flow at two points is two. */
  readonly point: number;
  /** Eight words, source and destination (IPv4 as ::ffff:a.b.c.d). */
  readonly addresses: Uint32Array;
  readonly srcPort: number;
  readonly dstPort: number;
}

/** Confirms shims flow by flow. Answers a message once the flow is confirmed; the datagrams before are reported by none, and are few. */
export class ShimRecogniser {
  private readonly table: KeyTable;
  private readonly flows: (Flow | undefined)[] = [];

  constructor(seed = 0x7368_696d) {
    this.table = new KeyTable(KEY_WORDS, SHIM_LIMITS.flows, seed);
  }

  /** Takes each datagram of a flow that may be watched, also those that look like nothing: they unmake candidates. */
  datagram(of: ShimFlow, bytes: Uint8Array, start: number, end: number): ShimMessage | undefined {
    const view = viewShim(bytes, start, end);
    if (view === undefined && this.table.size === 0) return undefined;
    this.key(of);
    const slot = this.table.find();
    if (slot < 0) {
      if (view !== undefined) this.watch(of, view);
      return undefined;
    }
    this.table.touch(slot);
    const known = this.flows[slot] as Flow;
    if (known.refused) return undefined;
    if (view === undefined || view.octets !== known.octets || view.topBits !== known.topBits) {
      // One datagram that disagrees unmakes a candidate; a confirmed flow only loses that datagram.
      if (known.shim === undefined) known.refused = true;
      return undefined;
    }
    known.agreeing += 1;
    known.ids.add(view.interceptId);
    if (known.ids.size > SHIM_LIMITS.ids || (known.shim === undefined && known.ids.size * 2 > known.agreeing + 1)) {
      known.refused = true;
      return undefined;
    }
    if (known.agreeing < SHIM_LIMITS.agreeing) return undefined;
    known.shim ??= nameShim(view, of.dstPort);
    return message(known.shim, view, bytes, start, end);
  }

  private watch(of: ShimFlow, view: ShimView): void {
    let slot = this.table.add();
    if (slot < 0) {
      this.table.remove(this.table.oldest());
      // Removing has used the key.
      this.key(of);
      slot = this.table.add();
    }
    this.flows[slot] = {
      octets: view.octets,
      agreeing: 1,
      ids: new Set([view.interceptId]),
      topBits: view.topBits,
      shim: undefined,
      refused: false,
    };
  }

  private key(of: ShimFlow): void {
    const { key } = this.table;
    key[0] = of.point;
    key[1] = (of.srcPort << 16) | of.dstPort;
    for (let i = 0; i < 8; i++) key[2 + i] = of.addresses[i] as number;
  }
}

const KEY_WORDS = 10;

function nameShim(view: ShimView, dstPort: number): Shim {
  if (view.octets === SHORT_SHIM) return "pcli";
  return view.topBits === 1 && dstPort === JMIRROR_PORT ? "jmirror" : "ip-udp-shim";
}

function message(shim: Shim, view: ShimView, bytes: Uint8Array, start: number, end: number): ShimMessage {
  const at = start + view.octets;
  const directed = shim === "ip-udp-shim" && view.topBits === 1;
  return {
    protocol: "x3",
    type: undefined,
    name: `${shim} packet`,
    imsi: [],
    msisdn: [],
    imei: [],
    teids: [],
    ueAddresses: [],
    apn: [],
    inner: [],
    faults: [],
    shim,
    interceptId: directed ? view.interceptId & 0x1fffffff : view.interceptId,
    sessionId: view.sessionId,
    product: "cc",
    xid: undefined,
    additionalXids: [],
    liid: undefined,
    productTime: undefined,
    sequence: undefined,
    targets: [],
    otherTargets: [],
    towards: directed ? (view.directionBit === 1 ? "to-target" : "from-target") : "unknown",
    holdsLocation: false,
    contents: [carriedContent(view.version === 4 ? "ipv4" : "ipv6", bytes, at, end, start)],
  };
}
