/** One SCTP association: set-up, messages as DATA chunks (whole, split or bundled), selective acknowledgements. */
import { type Octets } from "#lab/wire/octets.ts";
import { ChunkFlag, cookieAck, cookieEcho, dataChunk, heartbeatChunk, initChunk, sackChunk } from "#lab/wire/sctp.ts";
import type { Cables } from "./cables.ts";
import type { Segment } from "./layout.ts";

interface Side {
  readonly address: string;
  readonly port: number;
  /** The tag that the other side must send. */
  readonly tag: number;
  tsn: number;
  readonly ssn: Map<number, number>;
}

export interface SendOptions {
  readonly stream?: number;
  readonly label?: string;
  /** Cut into chunks of at most this many octets, each in a packet of its own. */
  readonly split?: number;
  /** Messages sent before this one in the same packet. */
  readonly behind?: readonly Octets[];
}

export class Association {
  private readonly cables: Cables;
  private readonly segment: Segment;
  private readonly ppid: number;
  private readonly sides: [Side, Side];

  constructor(cables: Cables, segment: Segment, client: string, server: string, o: { cport: number; sport: number; ppid: number }) {
    this.cables = cables;
    this.segment = segment;
    this.ppid = o.ppid;
    const side = (address: string, port: number): Side => ({
      address,
      port,
      tag: cables.random.u32(),
      tsn: cables.random.u32(),
      ssn: new Map(),
    });
    this.sides = [side(client, o.cport), side(server, o.sport)];
  }

  private packet(from: 0 | 1, at: number, chunks: Octets[], label?: string, tag?: number): void {
    const me = this.sides[from];
    const peer = this.sides[from === 0 ? 1 : 0];
    this.cables.sctp(this.segment, at, me.address, peer.address, me.port, peer.port, tag ?? peer.tag, chunks, label);
  }

  open(at: number): void {
    const [client, server] = this.sides;
    const cookie = this.cables.random.bytes(64);
    this.packet(0, at, [initChunk(1, client.tag, client.tsn, 10)], undefined, 0);
    this.packet(1, at + 0.001, [initChunk(2, server.tag, server.tsn, 10, cookie)]);
    this.packet(0, at + 0.002, [cookieEcho(cookie)]);
    this.packet(1, at + 0.003, [cookieAck()]);
  }

  heartbeat(at: number): void {
    const info = this.cables.random.bytes(36);
    this.packet(0, at, [heartbeatChunk(false, info)]);
    this.packet(1, at + 0.001, [heartbeatChunk(true, info)]);
  }

  private chunk(me: Side, stream: number, message: Octets, flags: number): Octets {
    const ssn = me.ssn.get(stream) ?? 0;
    const c = dataChunk(me.tsn, stream, ssn, this.ppid, flags, message);
    me.tsn = (me.tsn + 1) >>> 0;
    if (flags & ChunkFlag.end) me.ssn.set(stream, (ssn + 1) & 0xffff);
    return c;
  }

  /** From the client (`true`) or the server. Returns the time after it. */
  send(fromClient: boolean, at: number, message: Octets, o: SendOptions = {}): number {
    const from = fromClient ? 0 : 1;
    const me = this.sides[from];
    const stream = o.stream ?? 0;
    let t = at;
    if (o.split === undefined) {
      const chunks = [...(o.behind ?? []), message].map((m) => this.chunk(me, stream, m, ChunkFlag.begin | ChunkFlag.end));
      this.packet(from, t, chunks, o.label);
    } else {
      for (let i = 0; i < message.length; i += o.split) {
        const last = i + o.split >= message.length;
        const flags = (i === 0 ? ChunkFlag.begin : 0) | (last ? ChunkFlag.end : 0);
        this.packet(from, t, [this.chunk(me, stream, message.subarray(i, i + o.split), flags)], last ? o.label : undefined);
        t += 0.0003;
      }
    }
    this.packet(fromClient ? 1 : 0, t + 0.0008 + this.cables.random.unit() * 0.0015, [sackChunk((me.tsn - 1) >>> 0)]);
    return t;
  }

  /** Another payload protocol identifier than the association's own. */
  sendRaw(fromClient: boolean, at: number, ppid: number, message: Octets, stream: number, label?: string): void {
    const from = fromClient ? 0 : 1;
    const me = this.sides[from];
    const ssn = me.ssn.get(stream) ?? 0;
    me.ssn.set(stream, (ssn + 1) & 0xffff);
    const c = dataChunk(me.tsn, stream, ssn, ppid, ChunkFlag.begin | ChunkFlag.end, message);
    me.tsn = (me.tsn + 1) >>> 0;
    this.packet(from, at, [c], label);
    this.packet(fromClient ? 1 : 0, at + 0.0012, [sackChunk((me.tsn - 1) >>> 0)]);
  }
}
