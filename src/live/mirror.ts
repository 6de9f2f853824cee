/**
 * Mirrors that arrive in UDP: VXLAN (RFC 7348), TZSP, ERSPAN and GRE in UDP (RFC 8086). Each datagram becomes a frame of its own, without
 * the mirror's wrapping: what remains is what passed at the mirrored port.
 */
import { createSocket, type Socket } from "node:dgram";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { LinkType } from "#model/frame.ts";

/** Takes a frame; valid during the call. */
export type FrameTaker = (bytes: Uint8Array, start: number, end: number, linkType: number) => void;

export interface MirrorCounters {
  datagrams: number;
  /** Datagrams that hold no frame of a known wrapping. */
  unknown: number;
}

const IPV4_HEADER = 20;
const UDP_HEADER = 8;

export class MirrorListener {
  readonly counters: MirrorCounters = { datagrams: 0, unknown: 0 };
  private readonly socket: Socket;
  private readonly view = new PacketView();
  /** The datagram behind headers of its own, as the packet decoder wants it. */
  private packet = new Uint8Array(2048);

  private readonly port: number;
  private readonly take: FrameTaker;

  constructor(port: number, take: FrameTaker) {
    this.port = port;
    this.take = take;
    this.socket = createSocket({ type: "udp6", recvBufferSize: 32 << 20, ipv6Only: false });
    this.socket.on("message", (datagram, { port: from }) => this.datagram(datagram, from));
  }

  async listen(address = "::"): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.socket.once("error", reject);
      this.socket.bind(this.port, address, () => {
        this.socket.off("error", reject);
        resolve();
      });
    });
  }

  close(): void {
    this.socket.close();
  }

  /** One datagram that came from port `from`. */
  datagram(datagram: Uint8Array, from: number): void {
    this.counters.datagrams++;
    const length = IPV4_HEADER + UDP_HEADER + datagram.length;
    if (this.packet.length < length) this.packet = new Uint8Array(length * 2);
    const p = this.packet;
    p.fill(0, 0, IPV4_HEADER + UDP_HEADER);
    p[0] = 0x45;
    put16(p, 2, length);
    p[8] = 64;
    p[9] = 17;
    p[12] = 127;
    p[15] = 1;
    p[16] = 127;
    p[19] = 1;
    put16(p, IPV4_HEADER, from);
    put16(p, IPV4_HEADER + 2, this.port);
    put16(p, IPV4_HEADER + 4, UDP_HEADER + datagram.length);
    p.set(datagram, IPV4_HEADER + UDP_HEADER);
    const { view } = this;
    decodeFrame(view, p, 0, length, length, LinkType.RAW);
    const inside = view.ipCount > 0 && (view.tunnelKind[0] as number) !== 0 ? (view.tunnelPayload[0] as number) : -1;
    if (inside <= 0 || inside >= length) {
      this.counters.unknown++;
      return;
    }
    // An IP packet begins with its version; an Ethernet frame of a mirror has a locally or globally administered address there.
    const ip = view.ipCount > 1 && (view.ipStart[1] as number) === inside;
    this.take(p, inside, length, ip ? LinkType.RAW : LinkType.ETHERNET);
  }
}

function put16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}
