/**
 * Vendors' interception shims over UDP (wire facts §3.6, layouts as open collectors read them):
 * Juniper jmirror (Flow-Tap / packet mirroring), Nokia/Alcatel-Lucent ip-udp-shim, Cisco/PacketCable PCLI.
 *
 * A shim is four or eight octets of numbers and says nothing of itself. What confirms it is the user packet right
 * behind it, whose own length ends exactly where the datagram ends, again and again on one flow with one intercept
 * id. Until then a flow is only a candidate. Ports are labels.
 */
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

const SHIM_OCTETS = { jmirror: 8, "ip-udp-shim": 8, pcli: 4 } as const;
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
  for (const octets of [8, 4]) {
    const version = ipPacketFills(bytes, start + octets, end);
    if (version === 0) continue;
    const word = uint32(bytes, start);
    const topBits = word >>> 30;
    return {
      octets,
      interceptId: octets === 4 ? word : word & 0x3fffffff,
      sessionId: octets === 8 ? uint32(bytes, start + 4) : undefined,
      version,
      topBits,
      directionBit: (word >>> 29) & 1,
    };
  }
  return undefined;
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

/**
 * Confirms shims flow by flow. `flowKey` names one direction of one UDP flow (addresses and ports). Answers a message
 * once the flow is confirmed; the datagrams before are reported by none, and are few.
 */
export class ShimRecogniser {
  private readonly flows = new Map<string, Flow>();

  datagram(flowKey: string, dstPort: number, bytes: Uint8Array, start: number, end: number): ShimMessage | undefined {
    const known = this.flows.get(flowKey);
    if (known?.refused === true) return undefined;
    const view = viewShim(bytes, start, end);
    if (known === undefined) {
      if (view === undefined) return undefined;
      this.remember(flowKey, {
        octets: view.octets,
        agreeing: 1,
        ids: new Set([view.interceptId]),
        topBits: view.topBits,
        shim: undefined,
        refused: false,
      });
      return undefined;
    }
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
    known.shim ??= nameShim(view, dstPort);
    return message(known.shim, view, bytes, start, end);
  }

  private remember(key: string, flow: Flow): void {
    if (this.flows.size >= SHIM_LIMITS.flows) {
      const oldest = this.flows.keys().next();
      if (oldest.done !== true) this.flows.delete(oldest.value);
    }
    this.flows.set(key, flow);
  }
}

function nameShim(view: ShimView, dstPort: number): Shim {
  if (view.octets === SHIM_OCTETS.pcli) return "pcli";
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
    contents: [carriedContent(view.version === 4 ? "ipv4" : "ipv6", bytes, at, end, start)],
  };
}
