/**
 * The decoder is a loop over small steps instead of functions that call one another: tunnels nest in any order, and a loop
 * cannot run out of stack. A step reads the header at `view.at` (bounded by `view.limit`), and returns the next step.
 */
import { limits } from "./limits.ts";
import { PACKET_FAULT_COUNT, PacketFault, type PacketView } from "./view.ts";
import {
  AT_IP_FLAGS,
  AT_LAYER_ID,
  AT_LAYER_KIND,
  AT_LAYER_START,
  AT_TUNNEL_ID,
  AT_TUNNEL_KIND,
  AT_TUNNEL_PAYLOAD,
  AT_TUNNEL_START,
} from "./layout.ts";

export const Step = {
  DONE: 0,
  /** An Ethernet header. */
  ETHERNET: 1,
  /** What the ethertype in `view.type` says. */
  ETHERTYPE: 2,
  MPLS: 3,
  PPPOE: 4,
  PPP: 5,
  /** An IP header of whichever version its first nibble says. */
  IP: 6,
  IPV4: 7,
  IPV6: 8,
  /** The payload of the last IP level, by its protocol number. */
  TRANSPORT: 9,
  /** The payload of a UDP datagram of the last IP level. */
  UDP_PAYLOAD: 10,
  GRE: 11,
  L2TP3: 12,
} as const;

/** Puts a header on the layer list; false (and a fault) where the list is full. */
export function push(v: PacketView, kind: number, start: number, id: number): boolean {
  const n = v.layerCount;
  if (n >= limits.layers) {
    fail(v, kind, PacketFault.DEPTH, start);
    return false;
  }
  v.n[AT_LAYER_KIND + n] = kind;
  v.n[AT_LAYER_START + n] = start;
  v.n[AT_LAYER_ID + n] = id;
  v.layerCount = n + 1;
  return true;
}

/** Puts a tunnel header on the layer list and notes it at the IP level that carries it. `payload` is the first octet after it. */
export function pushTunnel(v: PacketView, kind: number, start: number, id: number, payload: number): boolean {
  if (!push(v, kind, start, id)) return false;
  const level = v.ipCount - 1;
  if (level >= 0) {
    v.n[AT_TUNNEL_KIND + level] = kind;
    v.n[AT_TUNNEL_START + level] = start;
    v.n[AT_TUNNEL_ID + level] = id;
    v.n[AT_TUNNEL_PAYLOAD + level] = payload;
  }
  return true;
}

/** Records the outermost fault of the frame and counts it. Steps go outside in, so the first one is the outermost. */
export function fail(v: PacketView, layer: number, code: number, at: number): void {
  if (v.fault !== PacketFault.NONE) return;
  v.fault = code;
  v.faultLayer = layer;
  v.faultOffset = at - v.start;
  const i = layer * PACKET_FAULT_COUNT + code;
  v.faultCounts[i] = v.faultCounts[i]! + 1;
}

/** A header does not fit below `view.limit`: cut by the snap length, or too short by its container's own word. */
export function tooShort(v: PacketView, layer: number, at: number): number {
  const level = v.ipCount - 1;
  const missing = v.mirrorCut || (v.cut && (v.limit === v.end || (level >= 0 && (v.n[AT_IP_FLAGS + level]! & 1) !== 0)));
  fail(v, layer, missing ? PacketFault.CUT : PacketFault.SHORT, at);
  return Step.DONE;
}

/** True where lengths of link and tunnel headers in front of the next IP level hold (not in front of a reassembled datagram). */
export function lengthsHold(v: PacketView): boolean {
  return v.ipCount > v.stretch;
}
