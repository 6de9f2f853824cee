/**
 * A whole TCP conversation as timed IP packets: handshake, data both ways with acknowledgements, an end.
 * What is said is a script; how it is cut into segments follows from the MSS.
 */
import type { Random } from "#lab/random.ts";
import { cat, hex, type Octets, u16, zeros } from "./octets.ts";
import { tcp, TcpFlag } from "./ip.ts";

export interface Line {
  readonly from: "client" | "server";
  readonly data: Octets;
  /** Seconds after the line before it (default: half a round trip). */
  readonly after?: number;
  /** Not before this moment (seconds). */
  readonly at?: number;
  /** Put on the frames that carry it. */
  readonly label?: string;
}

export interface Talk {
  readonly client: string;
  readonly server: string;
  readonly cport: number;
  readonly sport: number;
  readonly mss?: number;
  /** Seconds. */
  readonly start: number;
  readonly rtt: number;
  readonly script: readonly Line[];
  readonly end?: "fin" | "rst" | "none";
  /** The server answers SYN with RST. */
  readonly refused?: boolean;
  /** The server never answers. */
  readonly silent?: boolean;
  readonly clientTtl?: number;
  readonly serverTtl?: number;
  /** False: the conversation is already under way when it starts. */
  readonly handshake?: boolean;
  /** Segment borders at these sizes in turn, instead of the MSS. */
  readonly cuts?: readonly number[];
}

export interface Segment {
  readonly at: number;
  readonly up: boolean;
  readonly packet: Octets;
  readonly label: string | undefined;
  readonly payload: Octets;
}

export function tcpTalk(t: Talk, random: Random): Segment[] {
  const out: Segment[] = [];
  const mss = t.mss ?? 1400;
  const side = {
    client: { seq: random.u32(), id: random.int(0, 0xffff), ttl: t.clientTtl ?? 64 },
    server: { seq: random.u32(), id: random.int(0, 0xffff), ttl: t.serverTtl ?? 64 },
  };
  let now = t.start;
  const send = (
    from: "client" | "server",
    flags: number,
    payload: Octets,
    o: { label?: string | undefined; options?: Octets } = {},
  ): void => {
    const up = from === "client";
    const me = side[from];
    const peer = side[up ? "server" : "client"];
    me.id = (me.id + 1) & 0xffff;
    const header = {
      sport: up ? t.cport : t.sport,
      dport: up ? t.sport : t.cport,
      seq: me.seq,
      ack: flags & TcpFlag.ACK ? peer.seq : 0,
      flags,
      window: flags & TcpFlag.RST ? 0 : flags & TcpFlag.SYN ? 64_240 : 501,
      ...(o.options === undefined ? {} : { options: o.options }),
    };
    const packet = tcp(up ? t.client : t.server, up ? t.server : t.client, header, payload, { id: me.id, ttl: me.ttl });
    me.seq = (me.seq + payload.length + (flags & (TcpFlag.SYN | TcpFlag.FIN) ? 1 : 0)) >>> 0;
    out.push({ at: now, up, packet, label: o.label, payload });
  };
  if (t.handshake !== false) {
    const options = cat(hex("0204"), u16(mss), hex("01010402 01030307"));
    send("client", TcpFlag.SYN, zeros(0), { options });
    if (t.silent === true) {
      for (const wait of [1, 2, 4]) {
        now += wait;
        side.client.seq = (side.client.seq - 1) >>> 0;
        send("client", TcpFlag.SYN, zeros(0), { options });
      }
      return out;
    }
    now += t.rtt;
    if (t.refused === true) {
      side.server.seq = 0;
      send("server", TcpFlag.RST | TcpFlag.ACK, zeros(0));
      return out;
    }
    send("server", TcpFlag.SYN | TcpFlag.ACK, zeros(0), { options });
    now += 0.0005;
    send("client", TcpFlag.ACK, zeros(0));
  }
  let cut = 0;
  for (const line of t.script) {
    now = line.at === undefined ? now + (line.after ?? t.rtt / 2) : Math.max(now, line.at);
    let unacknowledged = 0;
    for (let at = 0; at < line.data.length;) {
      const size = t.cuts === undefined ? mss : Math.min(mss, t.cuts[cut++ % t.cuts.length] ?? mss);
      const part = line.data.subarray(at, at + size);
      at += size;
      send(line.from, TcpFlag.ACK | (at >= line.data.length ? TcpFlag.PSH : 0), part, { label: line.label });
      unacknowledged++;
      if (unacknowledged === 2 || at >= line.data.length) {
        now += 0.0002 + random.unit() * 0.0003;
        send(line.from === "client" ? "server" : "client", TcpFlag.ACK, zeros(0));
        unacknowledged = 0;
      }
      now += 0.0001 + random.unit() * 0.002;
    }
  }
  const end = t.end ?? "fin";
  if (end === "none") return out;
  now += t.rtt;
  if (end === "rst") {
    send("client", TcpFlag.RST | TcpFlag.ACK, zeros(0));
    return out;
  }
  send("client", TcpFlag.FIN | TcpFlag.ACK, zeros(0));
  now += t.rtt / 2;
  send("server", TcpFlag.FIN | TcpFlag.ACK, zeros(0));
  now += t.rtt / 2;
  send("client", TcpFlag.ACK, zeros(0));
  return out;
}
