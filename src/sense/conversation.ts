import { LAYER_NAMES, Layer, type PacketView } from "#decode/packet/view.ts";
import { appName, recognise, serverName } from "#decode/recognise/recognise.ts";
import type { FlowFact } from "#model/fact.ts";
import type { FlowSide } from "#model/observation.ts";
import { EspContent } from "./esp.ts";
import { IkeContent } from "./ike.ts";
import { FrameCollector, type FrameBudget } from "./frame-list.ts";
import { Handshake } from "./handshake.ts";
import { IdentityRecords } from "./identity-records.ts";

const TCP = 6;
const UDP = 17;
const ESP = 50;
/** The one control protocol whose messages are lists of what subscribers did. */
const RECORDS = "gtp-prime";
/** Octets of ESP in UDP below which it is a keepalive. */
const LEAST_ESP = 16;
const ICMP = 1;
const ICMPV6 = 58;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

/** What has no plain content to look through. */
const ENCRYPTED: ReadonlySet<string> = new Set(["tls", "ssh", "quic", "ike", "esp", "wireguard", "dtls"]);

/** Payload packets a side may send before recognition is given up. */
const LOOKS = 12;
/** Passes of the search for room that a busy conversation outlives without a packet. */
const MOST_WORTH = 3;
/** Payload packets that are looked at for the handshake. */
const HANDSHAKE_LOOKS = 200;

export interface ConversationEnd {
  readonly address: string;
  readonly port: number;
  readonly mac: string | undefined;
}

/** What is said between two of the network's own addresses, as far as it takes to judge it. Sides: 0 low, 1 high end. */
export class Conversation {
  readonly capture: number;
  readonly point: number;
  readonly protocol: number;
  readonly vlan: number;
  readonly low: ConversationEnd;
  readonly high: ConversationEnd;
  /** Recognised protocol (`decode/recognise`), 0 while unknown. */
  application = 0;
  /** Carries messages that the control-plane decoders read; set by whoever decoded one. */
  decoded: string | undefined = undefined;

  /** Number of the flow in its table, and packets when stock was last taken of it (`FlowTable.stock`); -1: never. */
  id = -1;
  stocked = -1;
  /** Packets beyond the first since the table last looked, up to a few: what has none is forgotten first where room is short. */
  worth = -1;

  private initiatorSide: number;
  private beginningSeen: boolean;
  private syn = false;
  private synAck = false;
  private reset = false;
  private unreachable = false;
  private established = false;
  private icmpType = -1;
  private icmpCode = -1;
  private server: string | undefined = undefined;
  private looks = 0;
  private layers: readonly string[] = [];
  private esp: EspContent | undefined = undefined;
  private ike: IkeContent | undefined = undefined;
  /** Made when something is recognised: of a flood, nothing ever is. */
  private handshake: Handshake | undefined = undefined;
  /** By side: lists of subscribers with places that it sent in plain. */
  private readonly records: [IdentityRecords | undefined, IdentityRecords | undefined] = [undefined, undefined];
  private readonly frames: FrameCollector;
  private payloadFrames: FrameCollector | undefined = undefined;

  constructor(
    capture: number,
    point: number,
    protocol: number,
    vlan: number,
    low: ConversationEnd,
    high: ConversationEnd,
    firstSide: number,
  ) {
    this.capture = capture;
    this.point = point;
    this.protocol = protocol;
    this.vlan = vlan;
    this.low = low;
    this.high = high;
    this.initiatorSide = firstSide;
    this.beginningSeen = protocol !== TCP;
    this.frames = new FrameCollector(capture);
  }

  /** One packet of the conversation, sent by `side`. */
  packet(view: PacketView, side: number, frame: number, budget: FrameBudget): void {
    if (this.worth < MOST_WORTH) this.worth++;
    this.frames.add(frame, budget);
    if (this.protocol === TCP) this.tcp(view.tcpFlags[0] as number, side);
    if (this.layers.length === 0 && view.tunnelKind[0] !== Layer.NONE) this.layers = layersOf(view);
    if (this.protocol === ICMP || this.protocol === ICMPV6) {
      const at = view.l4[0] as number;
      if (at >= 0 && at + 1 < view.end && this.icmpType < 0) {
        this.icmpType = view.bytes[at] as number;
        this.icmpCode = view.bytes[at + 1] as number;
      }
      return;
    }
    if (this.protocol === ESP) {
      if (view.cut || view.fragmentOffset[0] !== 0 || view.layerKind[view.layerCount - 1] !== Layer.ESP) return;
      (this.payloadFrames ??= new FrameCollector(this.capture)).add(frame, budget);
      (this.esp ??= new EspContent()).look(view.bytes, view.layerStart[view.layerCount - 1] as number, view.ipEnd[0] as number);
      return;
    }
    const start = view.payloadStart[0] as number;
    const end = view.payloadEnd[0] as number;
    if (view.l4[0] === -1 || end <= start) return;
    (this.payloadFrames ??= new FrameCollector(this.capture)).add(frame, budget);
    if (this.looks >= HANDSHAKE_LOOKS) return;
    this.looks++;
    if (this.protocol !== TCP && this.protocol !== UDP) return;
    if (
      (this.decoded === undefined || this.decoded === RECORDS) &&
      !ENCRYPTED.has(this.application === 0 ? "" : (appName(this.application) ?? ""))
    ) {
      const records = (this.records[side as 0 | 1] ??= new IdentityRecords());
      records.look(view.bytes, start, end);
    }
    if (this.application === 0 && this.looks <= 2 * LOOKS) {
      const initiator = side === this.initiatorSide;
      this.application = recognise(view.bytes, start, end, this.protocol, view.srcPort[0] as number, view.dstPort[0] as number, initiator);
      if (this.application !== 0) this.server ??= serverName(view.bytes, start, end, this.application);
    }
    if (this.application === 0) return;
    const name = appName(this.application);
    // In UDP (RFC 3948): an SPI in front; keepalives and IKE have none.
    if (name === "esp" && end - start > LEAST_ESP) (this.esp ??= new EspContent()).look(view.bytes, start, end);
    if (name === "ike") (this.ike ??= new IkeContent()).look(view.bytes, start, end, side);
    const handshake = (this.handshake ??= new Handshake());
    if (name === "ssh") handshake.ssh(view.bytes, start, end, side);
    else if (name === "tls") handshake.tls(view.bytes, start, end, side);
    else handshake.plain(side);
  }

  /** An ICMP error quoted a packet of this conversation: the far side refused it. */
  quotedUnreachable(): void {
    this.unreachable = true;
  }

  private agreed({ chosen, offerSeen }: IkeContent): NonNullable<FlowFact["ike"]> {
    return { initiator: chosen[this.initiatorSide] ?? 0, responder: chosen[1 - this.initiatorSide] ?? 0, offerSeen };
  }

  /** `ended`: it is the last word. */
  fact(low: FlowSide, high: FlowSide, firstMicros: number, lastMicros: number, ended: boolean): FlowFact {
    const both = low.payloadPackets > 0 && high.payloadPackets > 0;
    if (!this.beginningSeen) this.guessInitiator();
    const [initiator, responder] = this.initiatorSide === 0 ? [low, high] : [high, low];
    const placed = [this.records[0]?.identities ?? 0, this.records[1]?.identities ?? 0];
    return {
      kind: "flow",
      id: this.id,
      point: this.point,
      capture: this.capture,
      protocol: this.protocol,
      vlan: this.vlan,
      initiator,
      responder,
      beginningSeen: this.beginningSeen,
      tcp: {
        syn: this.syn,
        synAck: this.synAck,
        refused: (this.syn && !this.synAck && this.reset && !both) || (this.unreachable && !both),
        established: this.established || (this.protocol === TCP && both),
      },
      application: this.application === 0 ? this.decoded : appName(this.application),
      handshakeCompleted: this.handshake?.completed === true,
      serverName: this.server,
      icmp: this.icmpType < 0 ? undefined : { type: this.icmpType, code: this.icmpCode },
      layers: this.layers,
      ...(this.esp === undefined ? {} : { esp: { packets: this.esp.packets, clear: this.esp.clear } }),
      ...(this.ike === undefined || (this.ike.chosen[0] | this.ike.chosen[1]) === 0 ? {} : { ike: this.agreed(this.ike) }),
      placedIdentities: { initiator: placed[this.initiatorSide] ?? 0, responder: placed[1 - this.initiatorSide] ?? 0 },
      firstMicros,
      lastMicros,
      frames: this.frames.list(),
      payloadFrames: this.payloadFrames?.list() ?? { capture: this.capture, frames: [], total: 0 },
      ended,
    };
  }

  release(budget: FrameBudget): void {
    this.frames.release(budget);
    this.payloadFrames?.release(budget);
  }

  private tcp(flags: number, side: number): void {
    if ((flags & SYN) !== 0) {
      // Who began is settled; another SYN amid the conversation may be anybody's.
      if (this.syn && this.synAck) return;
      // The SYN tells who began, also where the answer was captured first.
      if ((flags & ACK) === 0) {
        this.initiatorSide = side;
        this.syn = true;
      } else {
        this.initiatorSide = 1 - side;
        this.synAck = true;
      }
      this.beginningSeen = true;
    } else if ((flags & RST) !== 0) this.reset = true;
    else if ((flags & ACK) !== 0 && this.synAck && side === this.initiatorSide) this.established = true;
  }

  /** Amid a conversation the end with the lower port answers: service ports are low, ephemeral ones high (RFC 6335 §6). */
  private guessInitiator(): void {
    if (this.low.port !== this.high.port) this.initiatorSide = this.low.port > this.high.port ? 0 : 1;
  }
}

/** Names of the headers that the outermost IP packet carries, transport included, down to and without the next IP header. */
function layersOf(view: PacketView): string[] {
  const names: string[] = [];
  const from = (view.ipLayer[0] as number) + 1;
  const to = view.ipCount > 1 ? (view.ipLayer[1] as number) : view.layerCount;
  for (let i = from; i < to; i++) names.push(LAYER_NAMES[view.layerKind[i] as number] ?? "unknown");
  return names;
}
