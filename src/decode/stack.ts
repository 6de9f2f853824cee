/**
 * The control plane's dispatch: the one place that knows which protocol is carried by which, and the only one where protocols meet.
 *
 * | carried by | key | protocol |
 * | --- | --- | --- |
 * | UDP | 2123 | GTPv2-C, GTPv1-C, GTPv0, GTP′ by their version bits |
 * | UDP | 2152 | GTP-U messages other than G-PDU |
 * | UDP | 3386 | GTP′, GTPv0 |
 * | UDP | 8805 | PFCP |
 * | UDP | any, by content | GTPv2-C, GTPv1-C, PFCP, HI2/HI3, X2/X3, vendors' interception shims |
 * | SCTP | PPID 18, 27, 46 | S1AP, X2AP, Diameter |
 * | SCTP | PPID 0 or unknown | by port, then by content |
 * | TCP | 3868, 5868, or by content | Diameter |
 * | TCP | 3386 | GTP′ |
 * | TCP | any, by content | X1, X2/X3, HI2/HI3 |
 * | S1AP | NAS-PDU | NAS-EPS |
 *
 * A port or an identifier starts a parse; the content must confirm it. Every IP level of a packet is looked at, inside
 * tunnels too, never the packets that ICMP errors quote. In subscribers' own traffic (inside GTP-U) only ports are
 * followed: what a handset sends to a control port is an event; its streams are not the network's signalling.
 */
import { Acceptance, ReceiverCheck } from "#decode/control/acceptance.ts";
import { bump, ControlCounters } from "#decode/control/counters.ts";
import { gtpPrimeStream } from "#decode/control/gtp-prime-stream.ts";
import { CONTROL_LIMITS } from "#decode/control/limits.ts";
import { type ControlConnection, ControlStream, type StreamHost, type StreamPlace } from "#decode/control/tcp-stream.ts";
import { addressWords, type Ends, originOf, wordsText } from "#decode/control/where.ts";
import { decodeDiameter } from "#decode/diameter/decode.ts";
import { looksLikeDiameter, looksLikeTls } from "#decode/diameter/wire.ts";
import { decodeGtpPrime } from "#decode/gtp-prime/decode.ts";
import type { GtpPrimeDatagram } from "#decode/gtp-prime/message.ts";
import { MESSAGE_NAMES as GTP_PRIME_NAMES } from "#decode/gtp-prime/names.ts";
import { decodeGtpv1, looksLikeGtpv1 } from "#decode/gtpv1/decode.ts";
import { decodeGtpv2, looksLikeGtpv2 } from "#decode/gtpv2/decode.ts";
import { readDatagram as readHandover } from "#decode/handover/recognise.ts";
import { ShimRecogniser } from "#decode/li-shim/li-shim.ts";
import { decodeNasEps } from "#decode/nas-eps/decode.ts";
import { Layer, type PacketView } from "#decode/packet/view.ts";
import { decodePfcp, looksLikePfcp } from "#decode/pfcp/decode.ts";
import { decodeS1ap } from "#decode/s1ap/decode.ts";
import type { NasDecoder } from "#decode/s1ap/message.ts";
import { type SctpPacket, SctpReassembler, type SctpUser, type UserMessage } from "#decode/sctp/reassembler.ts";
import { type StreamConsumer, type TcpFlow, TcpReassembler } from "#decode/tcp/reassembler.ts";
import { decodeX2ap } from "#decode/x2ap/decode.ts";
import { readDatagram as readX2x3 } from "#decode/x2x3/recognise.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage, MessageSink } from "#model/message.ts";
import { framesOf, type Sighting } from "#model/sighting.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { DIAMETER_PORTS, Port } from "#model/ports.ts";

const UDP = 17;
const TCP = 6;
const SCTP = 132;
const G_PDU = 255;

// What a UDP port announces.
const NOTHING = 0;
const GTP_C = 1;
const GTP_U = 2;
const GTP_PRIME = 3;
const PFCP = 4;

const UDP_PORTS = new Uint8Array(65_536);
UDP_PORTS[Port.GTP_C] = GTP_C;
UDP_PORTS[Port.GTP_U] = GTP_U;
UDP_PORTS[Port.GTP_PRIME] = GTP_PRIME;
UDP_PORTS[Port.PFCP] = PFCP;

/** What is read of SCTP user messages as one PDU each; a protocol is a row. */
interface SctpProtocol {
  /** Payload protocol identifier (IANA), and the port that stands for it where a sender states none. */
  readonly ppid: number;
  readonly port: number;
  /** `cut`: the octets end before the message does. */
  decode(bytes: Uint8Array, start: number, end: number, cut: boolean): DecodedMessage | Fault;
}

const SCTP_PROTOCOLS: readonly SctpProtocol[] = [
  { ppid: 18, port: Port.S1AP, decode: (bytes, start, end, cut) => decodeS1ap(bytes, start, end, nas, cut) },
  { ppid: 27, port: Port.X2AP, decode: decodeX2ap },
];
const BY_PPID: ReadonlyMap<number, SctpProtocol> = new Map(SCTP_PROTOCOLS.map((row) => [row.ppid, row]));

/** Of the others; Diameter may stand in several messages, or in DTLS. */
const Ppid = { M3UA: 3, DIAMETER: 46, DIAMETER_DTLS: 47, NGAP: 60 } as const;
/** Identifiers of what is counted and not read. */
const PPID_NAMES: Readonly<Record<number, string>> = {
  1: "iua",
  2: "m2ua",
  3: "m3ua",
  4: "sua",
  5: "m2pa",
  7: "h248",
  24: "sbc-ap",
  25: "nbap",
  29: "lcs-ap",
  43: "m2ap",
  44: "m3ap",
  60: "ngap",
  61: "xnap",
  62: "f1ap",
  64: "e1ap",
  66: "ngap over dtls",
};
/**
 * Identifiers that IANA has assigned end well below this (76 in 2025); one above it is nobody's, unless a sender wrote a small one in the wrong octet order.
 */
const PPID_UNASSIGNED = 256;

const SCTP_PORTS: ReadonlyMap<number, number> = new Map<number, number>([
  ...SCTP_PROTOCOLS.map(({ port, ppid }) => [port, ppid] as const),
  ...[...DIAMETER_PORTS].map((port) => [port, Ppid.DIAMETER] as const),
  [38_412, Ppid.NGAP],
  [2_905, Ppid.M3UA],
]);

const nas: NasDecoder = (bytes, start, end, context) => decodeNasEps(bytes, start, end, { direction: context.direction });

interface Datagram {
  readonly messages: readonly DecodedMessage[];
  readonly faults: readonly Fault[];
}

export interface ControlStackOptions {
  /** Keeps streams and associations apart that must not be mixed; default: one scope a capture. */
  readonly scope?: (seen: Sighting) => number;
  /** Secrets of TLS connections, where an operator logged those of its own functions. */
  readonly tlsKeys?: TlsKeys;
  /** False reads what was sent, wrong checksums or not (`decode`); default: what its receiver took (`docs/evasion.md`). */
  readonly asReceived?: boolean;
  /** Two words that whoever writes the traffic cannot know: they decide which chunks count as repetitions. */
  readonly key?: readonly [number, number];
}

/** Turns packets into control-plane messages. Its state is bounded (see the limits of `sctp/`, `tcp/`, `control/`). */
export class ControlStack {
  readonly counters = new ControlCounters();
  readonly sctp: SctpReassembler;
  readonly tcp: TcpReassembler;
  /** Null where everything is read that was sent. */
  readonly receiver: ReceiverCheck | null;

  private readonly shims = new ShimRecogniser();
  private readonly sink: MessageSink;
  private readonly scope: (seen: Sighting) => number;
  private readonly addresses = new Uint32Array(8);
  private readonly shimFlow = { point: 0, addresses: this.addresses, srcPort: 0, dstPort: 0 };
  private readonly packetOf = {
    bytes: new Uint8Array(0) as Uint8Array,
    start: 0,
    end: 0,
    wireEnd: 0,
    scope: 0,
    addresses: this.addresses,
    seen: NOWHERE,
  };
  private readonly ends: { -readonly [K in keyof Ends]: Ends[K] } = {
    src: "",
    dst: "",
    srcPort: 0,
    dstPort: 0,
    transport: "udp",
    inTunnel: false,
  };
  /** `ends` has the texts of `addresses`. */
  private named = false;
  /** Of the SCTP packet in hand. */
  private inTunnel = false;
  /** The datagram in hand may be one that its receiver throws away. */
  private strange = false;
  /** What both directions of a connection share, oldest first. */
  private connections = new Map<string, ControlConnection>();
  private olderConnections = new Map<string, ControlConnection>();

  constructor(sink: MessageSink, options: ControlStackOptions = {}) {
    this.sink = sink;
    this.scope = options.scope ?? ((seen) => seen.capture);
    this.host = this.streamHost(options.tlsKeys ?? null);
    const user: SctpUser = {
      message: (m) => this.userMessage(m),
      fault: (fault, seen) => this.sctpFault(fault, seen),
      stray: (type, packet, start, end) => this.sctpStray(type, packet, start, end),
      missing: (change, { seen }) => {
        if (!this.inTunnel) this.sink.missing?.(change, originOf(this.sctpEnds(), seen, framesOf(seen), false));
      },
    };
    this.receiver = options.asReceived === false ? null : new ReceiverCheck();
    this.sctp = new SctpReassembler(user, {}, options.key);
    this.tcp = new TcpReassembler((flow) => this.openStream(flow), { streams: CONTROL_LIMITS.tcpStreams });
  }

  /** True where `packet` would look at something: a few comparisons, for the many packets that carry users' data alone. */
  wants(view: PacketView): boolean {
    let inTunnel = false;
    for (let level = 0; level < view.ipCount; level++) {
      if (this.wantsLevel(view, level, inTunnel)) return true;
      if (view.tunnelKind[level] === Layer.GTPU) inTunnel = true;
    }
    return false;
  }

  /** Takes one frame, or one datagram joined from IP fragments (`seen.frames` lists them). */
  packet(view: PacketView, seen: Sighting): void {
    let inTunnel = false;
    for (let level = 0; level < view.ipCount; level++) {
      if (this.wantsLevel(view, level, inTunnel)) {
        switch (view.ipProtocol[level]) {
          case UDP:
            this.udp(view, level, seen, inTunnel);
            break;
          case TCP:
            this.segment(view, level, seen, inTunnel);
            break;
          case SCTP: {
            this.inTunnel = inTunnel;
            const p = this.transport(view, level, seen, inTunnel);
            const accepted = this.accepted(view, level, seen);
            if (accepted === Acceptance.REFUSED) break;
            if (accepted === Acceptance.APART) p.scope |= APART;
            this.sctp.packet(p);
            break;
          }
          default:
        }
      }
      if (view.tunnelKind[level] === Layer.GTPU) inTunnel = true;
    }
  }

  private segment(view: PacketView, level: number, seen: Sighting, inTunnel: boolean): void {
    const p = this.transport(view, level, seen, inTunnel);
    const accepted = this.accepted(view, level, seen);
    if (accepted === Acceptance.REFUSED) return;
    const flags = view.tcpFlags[level] as number;
    // Without an acknowledgement a segment of an established connection is thrown away (RFC 9293 §3.10.7.4).
    const unheard = (flags & (SYN | RST | ACK)) === 0;
    if (accepted === Acceptance.APART || unheard) p.scope |= APART;
    this.tcp.segment(p, true);
    if (!this.tcp.contradicted) return;
    // Other octets in the place of some that were read: which ones the receiver took is for nobody to know here, so both are read.
    p.scope |= SECOND;
    this.tcp.segment(p);
  }

  /** What the receiver at this level makes of the packet, an `Acceptance`. */
  private accepted(view: PacketView, level: number, seen: Sighting): number {
    if (this.receiver === null) return Acceptance.TAKEN;
    this.address(view, level);
    return this.receiver.judge(view, level, seen.point, this.addresses);
  }

  /** The end of the input: what waits in streams and associations is handed on or reported. */
  flush(): void {
    this.tcp.flush();
    this.sctp.flush();
  }

  /** Whether a packet inside a G-PDU, of this protocol between these ports, may ever be wanted. */
  mayWantInside(protocol: number, srcPort: number, dstPort: number): boolean {
    if (protocol === TCP) return isDiameterPort(srcPort, dstPort);
    if (protocol === UDP) return UDP_PORTS[dstPort] !== NOTHING || UDP_PORTS[srcPort] !== NOTHING;
    return true;
  }

  private wantsLevel(view: PacketView, level: number, inTunnel: boolean): boolean {
    // A fragment waits for its datagram, which comes as a packet of its own.
    if ((view.l4[level] as number) < 0 || view.fragmentLevel === level) return false;
    switch (view.ipProtocol[level]) {
      case UDP: {
        if (view.gtpType[level] === G_PDU || view.payloadStart[level] === view.payloadEnd[level]) return false;
        const port = UDP_PORTS[view.dstPort[level] as number] || UDP_PORTS[view.srcPort[level] as number];
        // A tunnel or a mirror of another kind that was entered is understood already.
        return port !== NOTHING || (!inTunnel && view.tunnelKind[level] === Layer.NONE);
      }
      case TCP:
        if (inTunnel && !isDiameterPort(view.srcPort[level] as number, view.dstPort[level] as number)) return false;
        return view.payloadLength[level] !== 0 || ((view.tcpFlags[level] as number) & SYN_FIN_RST) !== 0 || this.tcp.heldOctets > 0;
      case SCTP:
        return true;
      default:
        return false;
    }
  }

  private udp(view: PacketView, level: number, seen: Sighting, inTunnel: boolean): void {
    const b = view.bytes;
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    const missing = Math.max(0, (view.payloadLength[level] as number) - (end - start));
    const port = UDP_PORTS[view.dstPort[level] as number] || UDP_PORTS[view.srcPort[level] as number];
    if (port !== NOTHING) {
      const accepted = this.accepted(view, level, seen);
      if (accepted === Acceptance.REFUSED) return;
      this.strange = accepted === Acceptance.APART && this.receiver?.settled !== true;
    }
    const version = (b[start] as number) >> 5;
    const notPrime = ((b[start] as number) & GTP_PROTOCOL_TYPE) !== 0;
    switch (port) {
      case GTP_C:
      case GTP_U:
      case GTP_PRIME:
        if (version === 2 && notPrimePort(port))
          this.datagram(decodeGtpv2(b, start, end, missing), view, level, seen, inTunnel, missing > 0);
        else if (notPrime && version !== 0) this.datagram(decodeGtpv1(b, start, end, missing), view, level, seen, inTunnel, missing > 0);
        else this.datagram(confirmed(decodeGtpPrime(b, start, end, missing)), view, level, seen, inTunnel, missing > 0);
        return;
      case PFCP:
        this.datagram(decodePfcp(b, start, end, missing), view, level, seen, inTunnel, missing > 0);
        return;
      default:
        if (missing === 0) this.unannounced(view, level, start, end, seen, inTunnel);
    }
  }

  /** A datagram on a port that announces nothing. */
  private unannounced(view: PacketView, level: number, start: number, end: number, seen: Sighting, inTunnel: boolean): void {
    const b = view.bytes;
    const first = b[start] as number;
    let found: Datagram | undefined;
    if (first >> 5 === 2 && looksLikeGtpv2(b, start, end)) found = decodeGtpv2(b, start, end);
    else if (first >> 5 === 1) {
      if (looksLikePfcp(b, start, end)) found = decodePfcp(b, start, end);
      else if ((first & GTP_PROTOCOL_TYPE) !== 0 && looksLikeGtpv1(b, start, end)) found = decodeGtpv1(b, start, end);
    }
    // Lengths agree by chance once in some ten thousand datagrams (a QUIC header may look like GTPv2): the elements must, too.
    if (found !== undefined && found.faults.length === 0 && found.messages.every(isConvincing)) {
      if (this.accepted(view, level, seen) === Acceptance.REFUSED) return;
      this.strange = false;
      this.datagram(found, view, level, seen, inTunnel, false);
      return;
    }
    const product = first === BER_SEQUENCE || isIriRecord(first) ? readHandover(b, start, end) : first === 0 ? readX2x3(b, start, end) : [];
    if (product.length === 0) {
      if (!inTunnel) this.shimmed(view, level, start, end, seen);
      return;
    }
    if (this.accepted(view, level, seen) === Acceptance.REFUSED) return;
    const ends = this.endsOf(view, level, inTunnel);
    for (const { message } of product) this.emit(message, ends, seen, framesOf(seen), false);
  }

  /** A user packet behind a vendor's interception shim: four or eight octets that only repetition confirms. */
  private shimmed(view: PacketView, level: number, start: number, end: number, seen: Sighting): void {
    this.address(view, level);
    const flow = this.shimFlow;
    flow.point = seen.point;
    flow.srcPort = view.srcPort[level] as number;
    flow.dstPort = view.dstPort[level] as number;
    const message = this.shims.datagram(flow, view.bytes, start, end);
    if (message !== undefined) this.emit(message, this.endsOf(view, level, false), seen, framesOf(seen), false);
  }

  private datagram(found: Datagram, view: PacketView, level: number, seen: Sighting, inTunnel: boolean, cut: boolean): void {
    const { messages, faults } = found;
    if (messages.length === 0 && faults.length === 0) return;
    const ends = this.endsOf(view, level, inTunnel);
    const frames = framesOf(seen);
    const last = messages.length - 1;
    for (let i = 0; i <= last; i++) {
      const message = messages[i] as DecodedMessage;
      // An echo that may have been thrown away is no sign of life, and what it holds was perhaps never read.
      if (!this.strange || (message.type !== GTP_ECHO && message.type !== GTP_ECHO_ANSWER))
        this.emit(message, ends, seen, frames, cut && i === last);
    }
    for (const fault of faults) this.fault(fault, ends, seen, frames);
    if (messages.length > 0) return;
    // An echo that is none is how an implant is knocked up: what only its type betrays is still worth a look.
    const start = view.payloadStart[level] as number;
    const end = view.payloadEnd[level] as number;
    if (!cut && !inTunnel && !this.strange && end - start > GTP_HEADER && view.bytes[start + 1] === GTP_ECHO && isGtpc(view, level)) {
      this.sink.stray?.({
        place: "gtp-echo",
        label: undefined,
        bytes: view.bytes,
        start,
        end,
        origin: originOf(ends, seen, frames, false),
      });
    }
  }

  private endsOf(view: PacketView, level: number, inTunnel: boolean): Ends {
    this.address(view, level);
    return this.endsNow("udp", view.srcPort[level] as number, view.dstPort[level] as number, inTunnel);
  }

  /** Notes the addresses of one IP level; their texts are made where somebody asks for them. */
  private address(view: PacketView, level: number): void {
    addressWords(view, level, this.addresses);
    this.named = false;
  }

  /** Of the packet in hand, in the one object that all datagrams and SCTP packets use. */
  private endsNow(transport: "udp" | "sctp", srcPort: number, dstPort: number, inTunnel: boolean): Ends {
    const e = this.ends;
    if (!this.named) {
      e.src = wordsText(this.addresses, 0);
      e.dst = wordsText(this.addresses, 4);
      this.named = true;
    }
    e.srcPort = srcPort;
    e.dstPort = dstPort;
    e.transport = transport;
    e.inTunnel = inTunnel;
    return e;
  }

  /** The packet's transport header, in the one object that all packets use. */
  private transport(view: PacketView, level: number, seen: Sighting, inTunnel: boolean): typeof this.packetOf {
    const p = this.packetOf;
    this.address(view, level);
    p.bytes = view.bytes;
    p.start = view.l4[level] as number;
    p.end = view.ipEnd[level] as number;
    const wire = view.ipProtocol[level] === TCP ? (view.payloadStart[level] as number) + (view.payloadLength[level] as number) : 0;
    p.wireEnd = Math.max(p.end, wire > 0 ? wire : (view.ipStart[level] as number) + (view.ipLength[level] as number));
    p.scope = ((this.scope(seen) << SCOPE_SHIFT) | (level << 1) | (inTunnel ? 1 : 0)) >>> 0;
    p.seen = seen;
    return p;
  }

  // --- SCTP

  private userMessage(m: UserMessage): void {
    const ends = this.endsNow("sctp", m.srcPort, m.dstPort, this.inTunnel);
    const known = m.ppid < PPID_KNOWN.length && PPID_KNOWN[m.ppid] === 1;
    const ppid = known ? m.ppid : (SCTP_PORTS.get(m.dstPort) ?? SCTP_PORTS.get(m.srcPort) ?? m.ppid);
    const { bytes, start, end } = m;
    if (!known && isUnassigned(m.ppid) && !m.cut) {
      this.sink.stray?.({
        place: "sctp-payload",
        label: String(m.ppid),
        bytes,
        start,
        end,
        origin: originOf(ends, m.seen, m.frames, false),
      });
    }
    const protocol = BY_PPID.get(ppid);
    if (protocol !== undefined) {
      this.pdu(protocol.decode(bytes, start, end, m.cut), ends, m);
      return;
    }
    switch (ppid) {
      case Ppid.DIAMETER:
        this.diameter(m, ends);
        return;
      case Ppid.DIAMETER_DTLS:
        // Some senders mark Diameter in clear like this; DTLS records begin with 20 … 25.
        if (looksLikeDiameter(bytes, start, end)) this.diameter(m, ends);
        else bump(this.counters.encrypted, "diameter dtls");
        return;
      default:
        if (known) bump(this.counters.unsupported, PPID_NAMES[ppid] as string);
        else if (looksLikeDiameter(bytes, start, end)) this.diameter(m, ends);
        else if (!this.ranByContent(m, ends)) bump(this.counters.unsupported, `sctp ppid ${m.ppid}`);
    }
  }

  /** A PDU that nothing announces: the octets must be a PDU of theirs to the last one, without any fault. */
  private ranByContent(m: UserMessage, ends: Ends): boolean {
    const first = m.bytes[m.start] as number;
    if (m.cut || m.end - m.start < 4 || (first & 0x9f) !== 0) return false;
    for (const protocol of SCTP_PROTOCOLS) {
      const found = protocol.decode(m.bytes, m.start, m.end, false);
      if ("code" in found || found.faults.length > 0) continue;
      this.pdu(found, ends, m);
      return true;
    }
    return false;
  }

  private pdu(found: DecodedMessage | Fault, ends: Ends, m: UserMessage): void {
    if ("protocol" in found) this.emit(found, ends, m.seen, m.frames, m.cut);
    else this.fault(found, ends, m.seen, m.frames);
  }

  private diameter(m: UserMessage, ends: Ends): void {
    if (looksLikeTls(m.bytes, m.start, m.end)) {
      bump(this.counters.encrypted, "diameter tls");
      return;
    }
    // One message is one user message (RFC 6733 §2.1.1), but several in one are met.
    let at = m.start;
    do {
      const { message, fault } = decodeDiameter(m.bytes, at, m.end, m.cut);
      if (message === undefined) {
        if (fault !== undefined) this.fault(fault, ends, m.seen, m.frames);
        return;
      }
      this.emit(message, ends, m.seen, m.frames, m.cut && at + message.bytes.length >= m.end);
      at += message.bytes.length;
    } while (at < m.end);
  }

  private sctpFault(fault: Fault, seen: Sighting): void {
    this.fault(fault, this.sctpEnds(), seen, framesOf(seen));
  }

  private sctpStray(type: number | undefined, { bytes, seen }: SctpPacket, start: number, end: number): void {
    const place = type === undefined ? "sctp-padding" : "sctp-chunk";
    const label = type === undefined ? undefined : String(type);
    this.sink.stray?.({ place, label, bytes, start, end, origin: originOf(this.sctpEnds(), seen, framesOf(seen), false) });
  }

  /** Of the packet in hand; its ports are those of the association and tell nothing here. */
  private sctpEnds(): Ends {
    return this.endsNow("sctp", 0, 0, this.inTunnel);
  }

  // --- TCP

  private readonly host: StreamHost;
  private readonly streamPlace: StreamPlace = { ends: flowEnds, connection: (flow) => this.connectionOf(flow) };

  private streamHost(tlsKeys: TlsKeys | null): StreamHost {
    return {
      emit: (message, ends, seen, frames, incomplete) => this.emit(message, ends, seen, frames, incomplete),
      fault: (fault, ends, seen, frames) => this.fault(fault, ends, seen, frames),
      encrypted: (what) => bump(this.counters.encrypted, what),
      budget: { left: CONTROL_LIMITS.diameterHeldOctets },
      tlsKeys,
    };
  }

  private openStream(flow: TcpFlow): StreamConsumer {
    const inTunnel = (flow.scope & 1) !== 0;
    if (!inTunnel && (flow.srcPort === Port.GTP_PRIME || flow.dstPort === Port.GTP_PRIME)) return gtpPrimeStream(this.host, flowEnds(flow));
    return new ControlStream(this.host, this.streamPlace, flow, isDiameterPort(flow.srcPort, flow.dstPort), !inTunnel);
  }

  private connectionOf(flow: TcpFlow): ControlConnection {
    const key = connectionKey(flow);
    let connection = this.connections.get(key) ?? this.olderConnections.get(key);
    if (connection === undefined) {
      connection = { carries: undefined, tls: undefined };
      this.connections.set(key, connection);
      // Two generations: deleting a Map's first key one by one re-scans its holes each time.
      if (this.connections.size > CONTROL_LIMITS.tcpStreams) {
        this.olderConnections = this.connections;
        this.connections = new Map();
      }
    }
    return connection;
  }

  private emit(message: DecodedMessage, ends: Ends, seen: Sighting, frames: readonly number[], incomplete: boolean): void {
    const { faults } = message;
    for (let i = 0; i < faults.length; i++) this.counters.fault(faults[i] as Fault);
    this.sink.message({ origin: originOf(ends, seen, frames, incomplete), message });
  }

  private fault(fault: Fault, ends: Ends, seen: Sighting, frames: readonly number[]): void {
    this.counters.fault(fault);
    this.sink.fault(fault, originOf(ends, seen, frames, true));
  }
}

/** Scope of a stream: the caller's, above these bits; then second reading, read apart, level (3 bits), inside a tunnel. */
const SCOPE_SHIFT = 6;
const SECOND = 1 << 5;
const APART = 1 << 4;
const SYN = 0x02;
const RST = 0x04;
const ACK = 0x10;

const GTP_PROTOCOL_TYPE = 0x10;
/** Shortest header of any version, and the type that all of them give an echo request. */
const GTP_HEADER = 8;
const GTP_ECHO = 1;
const GTP_ECHO_ANSWER = 2;

/** Sent to GTP-C's own port. */
function isGtpc(view: PacketView, level: number): boolean {
  return UDP_PORTS[view.dstPort[level] as number] === GTP_C;
}

const BER_SEQUENCE = 0x30;
/** iRI-Begin, -End, -Continue and -Report records stand bare, too (TS 33.108 annex B): [1] to [4], constructed. */
function isIriRecord(first: number): boolean {
  return first >= 0xa1 && first <= 0xa4;
}
const SYN_FIN_RST = 0x07;
/** Identifiers that are read or named; 0 states nothing. */
const PPID_KNOWN = new Uint8Array(PPID_UNASSIGNED);
for (const ppid of [...Object.keys(PPID_NAMES).map(Number), ...BY_PPID.keys(), Ppid.DIAMETER, Ppid.DIAMETER_DTLS]) PPID_KNOWN[ppid] = 1;
const NOWHERE: Sighting = { capture: 0, point: 0, frame: 0, frames: undefined, time: { sec: 0, nsec: 0 } };

function isUnassigned(ppid: number): boolean {
  const swapped = ((ppid & 0xff) << 24) | ((ppid & 0xff00) << 8) | ((ppid >>> 8) & 0xff00) | (ppid >>> 24);
  return ppid >= PPID_UNASSIGNED && swapped >>> 0 >= PPID_UNASSIGNED;
}

function isDiameterPort(a: number, b: number): boolean {
  return DIAMETER_PORTS.has(a) || DIAMETER_PORTS.has(b);
}

/** On the port of charging the version bits are those of GTP′, whose version 2 is no GTPv2. */
function notPrimePort(port: number): boolean {
  return port !== GTP_PRIME;
}

/** GTP′ has a short header, so that much agrees with it by its length alone: an unknown type beside uncovered octets is no message. */
function confirmed(found: GtpPrimeDatagram): Datagram {
  const strange = found.messages.find((m) => m.uncoveredOctets > 0 && GTP_PRIME_NAMES[m.type] === undefined);
  if (strange === undefined) return found;
  const fault: Fault = { layer: "gtp-prime", code: "value", field: "Message Type", offset: 1, needed: -1, had: strange.type };
  return { messages: found.messages.filter((m) => m !== strange), faults: [...found.faults, fault] };
}

/** A message of a datagram that no port announced: it holds elements, and nothing is wrong with any of them. */
function isConvincing(message: DecodedMessage): boolean {
  const ies = "ies" in message && Array.isArray(message.ies) ? message.ies.length : 0;
  return message.faults.length === 0 && ies > 0;
}

function flowEnds(flow: TcpFlow): Ends {
  return {
    src: wordsText(flow.addresses, 0),
    dst: wordsText(flow.addresses, 4),
    srcPort: flow.srcPort,
    dstPort: flow.dstPort,
    transport: "tcp",
    inTunnel: (flow.scope & 1) !== 0,
  };
}

/** The same for both directions of a connection, also where only one of them was captured before its checksums were written. */
function connectionKey(flow: TcpFlow): string {
  const a = `${wordsText(flow.addresses, 0)}/${flow.srcPort}`;
  const b = `${wordsText(flow.addresses, 4)}/${flow.dstPort}`;
  return `${flow.scope & ~APART} ${a < b ? `${a} ${b}` : `${b} ${a}`}`;
}

/** The message's own length and the datagram's differ: `decode` counts such a message and does not print it (`contract.md` §4). */
export function contradictsDatagram(message: DecodedMessage): boolean {
  return "uncoveredOctets" in message && typeof message.uncoveredOctets === "number" && message.uncoveredOctets > 0;
}

/** A message and everything inside it, outermost first, as `decode` prints them. */
export function flatten(message: DecodedMessage): readonly DecodedMessage[] {
  return message.inner.length === 0 ? [message] : [message, ...message.inner.flatMap(flatten)];
}
