/**
 * The data plane: from a frame to its headers, through every tunnel, without allocating anything.
 * Each header's layout and specification stand in its own file; this one is the dispatch.
 */
import { LinkType } from "#model/frame.ts";
import { Step } from "./cursor.ts";
import { gre } from "./gre.ts";
import { ip, ipv4, ipv6 } from "./ip.ts";
import { l2tp3OverIp } from "./l2tp.ts";
import { etherType, ethernet, linuxSll, linuxSll2, mpls, nullLoop, ppp, pppoe } from "./link.ts";
import { udpPayload } from "./overlay.ts";
import { NOT_STRAIGHT, straight } from "./straight.ts";
import { transport } from "./transport.ts";
import type { PacketView } from "./view.ts";

const ETHERNET = LinkType.ETHERNET;
/** LINKTYPE_PPP and LINKTYPE_PPP_HDLC, beyond those of `model/frame.ts`. */
const PPP = 9;
const PPP_HDLC = 50;

/**
 * Fills `view` from the frame of `captured` octets at `offset`, which had `original` octets on the wire.
 *
 * Never throws and never reads outside the frame. What decodes before a fault is kept; `view.fault` says what stopped it.
 * A frame of an unknown link type has no layers.
 */
export function decodeFrame(
  view: PacketView,
  bytes: Uint8Array,
  offset: number,
  captured: number,
  original: number,
  linkType: number,
): void {
  begin(view, bytes, offset, captured, original, linkType);
  view.stretch = -1;
  if (linkType === ETHERNET && captured >= original) {
    const step = straight(view, bytes, offset, captured);
    if (step === Step.DONE) return;
    if (step !== NOT_STRAIGHT) {
      run(view, step);
      return;
    }
  }
  run(view, firstStep(linkType));
}

/** As `decodeFrame`, by the general steps alone: what the straight way is compared with. */
export function decodeFrameByStep(
  view: PacketView,
  bytes: Uint8Array,
  offset: number,
  captured: number,
  original: number,
  linkType: number,
): void {
  begin(view, bytes, offset, captured, original, linkType);
  view.stretch = -1;
  run(view, firstStep(linkType));
}

/**
 * Decodes a frame that the fragment reassembler put together: its IP level `level` is whole, while the lengths of the headers
 * outside that level still describe the fragment they came from and are not applied.
 */
export function decodeReassembled(view: PacketView, bytes: Uint8Array, length: number, linkType: number, level: number): void {
  begin(view, bytes, 0, length, length, linkType);
  view.stretch = level;
  run(view, firstStep(linkType));
}

function begin(v: PacketView, bytes: Uint8Array, offset: number, captured: number, original: number, linkType: number): void {
  v.bytes = bytes;
  v.start = offset;
  v.end = offset + captured;
  v.original = original;
  v.linkType = linkType;
  v.cut = captured < original;
  v.at = offset;
  v.limit = v.end;
  v.layerCount = 0;
  v.mac = -1;
  v.vlanCount = 0;
  v.vlan0 = -1;
  v.vlan1 = -1;
  v.etherType = -1;
  v.ipCount = 0;
  v.pendingMac = -1;
  v.pendingVlan = -1;
  v.mirrorCut = false;
  v.fragmentLevel = -1;
  v.quoteStart = -1;
  v.quoteEnd = -1;
  v.fault = 0;
  v.faultLayer = 0;
  v.faultOffset = 0;
}

/** Steps that only a link type starts. */
const UNKNOWN = -1;
const SLL = 20;
const SLL2 = 21;
const NULL_LOOP = 22;

function firstStep(linkType: number): number {
  switch (linkType) {
    case LinkType.ETHERNET:
      return Step.ETHERNET;
    case LinkType.RAW:
      return Step.IP;
    case LinkType.IPV4:
      return Step.IPV4;
    case LinkType.IPV6:
      return Step.IPV6;
    case LinkType.LINUX_SLL:
      return SLL;
    case LinkType.LINUX_SLL2:
      return SLL2;
    case LinkType.NULL:
    case LinkType.LOOP:
      return NULL_LOOP;
    case PPP:
    case PPP_HDLC:
      return Step.PPP;
    default:
      return UNKNOWN;
  }
}

/** Ends because every step but DONE, TRANSPORT and UDP_PAYLOAD puts a header on a list with a limit, and those two follow an IP header. */
function run(v: PacketView, first: number): void {
  let step = first;
  for (;;) {
    switch (step) {
      case Step.ETHERNET:
        step = ethernet(v);
        break;
      case Step.ETHERTYPE:
        step = etherType(v);
        break;
      case Step.IPV4:
        step = ipv4(v);
        break;
      case Step.TRANSPORT:
        step = transport(v);
        break;
      case Step.UDP_PAYLOAD:
        step = udpPayload(v);
        break;
      case Step.IP:
        step = ip(v);
        break;
      case Step.IPV6:
        step = ipv6(v);
        break;
      case Step.MPLS:
        step = mpls(v);
        break;
      case Step.GRE:
        step = gre(v);
        break;
      case Step.PPP:
        step = ppp(v);
        break;
      case Step.PPPOE:
        step = pppoe(v);
        break;
      case Step.L2TP3:
        step = l2tp3OverIp(v);
        break;
      case SLL:
        step = linuxSll(v);
        break;
      case SLL2:
        step = linuxSll2(v);
        break;
      case NULL_LOOP:
        step = nullLoop(v);
        break;
      default:
        return;
    }
  }
}
