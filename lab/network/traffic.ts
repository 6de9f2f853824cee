/** What subscribers do: names, web over TLS, plain web, calls, streams over QUIC-like datagrams. */
import type { Random } from "#lab/random.ts";
import * as app from "#lab/wire/applications.ts";
import { udp } from "#lab/wire/ip.ts";
import { cat, isV6, type Octets, text } from "#lab/wire/octets.ts";
import { tcpTalk, type Line } from "#lab/wire/tcp-talk.ts";
import type { Subscriber } from "./subscriber.ts";
import type { UserPlane } from "./user-plane.ts";

const NAMES = ["www.example.org", "cdn.example.net", "mail.example.com", "img.example.org", "api.example.net", "video.example.com"];

export function publicServer(random: Random): string {
  return `${random.pick(["192.0.2", "198.51.100", "203.0.113"])}.${random.int(2, 119)}`;
}

/** The server at its IPv6 address where the subscriber has no other. */
function reachable(s: Subscriber, server: string): string {
  if (!isV6(s.ip) || isV6(server)) return server;
  const [a = 0, b = 0, c = 0, d = 0] = server.split(".").map(Number);
  return `2001:db8:f000:1::${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
}

/** An address that the device draws in its /64. */
export function anew(s: Subscriber, random: Random): string {
  const groups = Array.from({ length: 4 }, () => random.int(1, 0xffff).toString(16));
  return `${s.ip.slice(0, s.ip.indexOf("::"))}:${groups.join(":")}`;
}

export class Traffic {
  readonly plane: UserPlane;
  readonly random: Random;
  private readonly ids = new Map<string, number>();

  constructor(plane: UserPlane, random: Random) {
    this.plane = plane;
    this.random = random;
  }

  private id(host: string): number {
    const n = ((this.ids.get(host) ?? this.random.int(0, 0xffff)) + 1) & 0xffff;
    this.ids.set(host, n);
    return n;
  }

  /** One datagram, from the subscriber (`up`) or to it. */
  datagram(s: Subscriber, up: boolean, at: number, peer: string, sport: number, dport: number, payload: Octets, label?: string): void {
    const [own, far] = [s.temporary ?? s.ip, reachable(s, peer)];
    const [src, dst] = up ? [own, far] : [far, own];
    this.plane.carry(s, up, at, udp(src, dst, sport, dport, payload, { id: this.id(src), ttl: up ? 64 : 55 }), label);
  }

  dns(s: Subscriber, at: number, o: { name?: string; server?: string } = {}): number {
    const r = this.random;
    const name = o.name ?? r.pick(NAMES);
    const [id, port] = [r.int(1, 0xffff), r.int(20_000, 60_000)];
    const server = o.server ?? "9.9.9.9";
    this.datagram(s, true, at, server, port, 53, app.dns(id, name));
    this.datagram(s, false, at + 0.03, server, 53, port, app.dns(id, name, { answer: publicServer(r) }));
    return at + 0.05;
  }

  /** A TCP conversation of the subscriber's with a script. */
  talk(
    s: Subscriber,
    at: number,
    server: string,
    port: number,
    script: readonly Line[],
    o: { cport?: number; mss?: number; rtt?: number } = {},
  ): number {
    const r = this.random;
    const segments = tcpTalk(
      {
        client: s.temporary ?? s.ip,
        server: reachable(s, server),
        cport: o.cport ?? r.int(32_000, 60_000),
        sport: port,
        mss: o.mss ?? 1340,
        start: at,
        rtt: o.rtt ?? 0.03,
        script,
        serverTtl: 55,
      },
      r,
    );
    for (const g of segments) this.plane.carry(s, g.up, g.at, g.packet, g.label);
    return segments.at(-1)?.at ?? at;
  }

  tls(s: Subscriber, at: number, o: { server?: string; down?: number; up?: number; host?: string } = {}): number {
    const r = this.random;
    const records: { from: "client" | "server"; size: number; after?: number }[] = [];
    const requests = 1 + Math.floor((o.down ?? 12_000) / 8000);
    for (let i = 0; i < requests; i++) {
      records.push({ from: "client", size: Math.ceil((o.up ?? 300 * requests) / requests), after: 0.02 + r.gap(0.1) });
      records.push({ from: "server", size: Math.ceil((o.down ?? 12_000) / requests) });
    }
    return this.talk(s, at, o.server ?? publicServer(r), 443, app.tlsScript(r, o.host ?? r.pick(NAMES), records));
  }

  http(s: Subscriber, at: number, body: Octets, o: { server?: string; host?: string; path?: string; port?: number } = {}): number {
    const host = o.host ?? this.random.pick(NAMES);
    const script: Line[] = [
      { from: "client", data: app.httpGet(host, o.path ?? `/f/${this.random.hex(6)}`) },
      { from: "server", data: app.httpOk(body), after: 0.03 },
    ];
    return this.talk(s, at, o.server ?? publicServer(this.random), o.port ?? 80, script);
  }

  quic(s: Subscriber, at: number, packets: number, o: { server?: string } = {}): number {
    const r = this.random;
    const server = o.server ?? publicServer(r);
    const port = r.int(32_000, 60_000);
    const [theirs, ours] = [r.bytes(8), r.bytes(8)];
    let t = at;
    for (let i = 0; i < packets; i++) {
      const up = r.chance(0.35);
      if (up) this.datagram(s, true, t, server, port, 443, app.quicLike(r, theirs, r.int(40, 200)));
      else this.datagram(s, false, t, server, 443, port, app.quicLike(r, ours, r.int(500, 1180)));
      t += r.gap(0.012);
    }
    return t;
  }

  /** A voice call through a media server, 20 ms frames both ways. */
  call(
    s: Subscriber,
    at: number,
    seconds: number,
    o: { server?: string; content?: "random" | "silence"; clock?: "zero" | "random" } = {},
  ): number {
    const r = this.random;
    const server = o.server ?? publicServer(r);
    const [port, far] = [2 * r.int(8000, 30_000), 2 * r.int(8000, 30_000)];
    const [ssrcUp, ssrcDown] = [r.u32(), r.u32()];
    const [seqUp, seqDown] = [r.int(0, 0x7fff), r.int(0, 0x7fff)];
    const payload = (): Octets => (o.content === "silence" ? new Uint8Array(160).fill(0xff) : r.bytes(160));
    const base = o.clock === "random" ? r.u32() : 0;
    const frames = Math.floor(seconds * 50);
    for (let i = 0; i < frames; i++) {
      this.datagram(s, true, at + i * 0.02, server, port, far, app.rtp(seqUp + i, (base + i * 160) >>> 0, ssrcUp, payload()));
      this.datagram(s, false, at + 0.007 + i * 0.02, server, far, port, app.rtp(seqDown + i, (base + i * 160) >>> 0, ssrcDown, payload()));
    }
    return at + seconds;
  }

  /** An ordinary mixture from `at` for about `seconds`. */
  mixture(s: Subscriber, at: number, seconds: number, volume = 4500): void {
    const r = this.random;
    let t = at + r.unit() * 0.5;
    while (t < at + seconds) {
      t = this.dns(s, t);
      const what = r.int(0, 9);
      if (what < 5) t = this.tls(s, t, { down: volume * (0.6 + r.unit()) });
      else if (what < 8) t = this.quic(s, t, Math.max(8, Math.floor(volume / 600)));
      else t = this.http(s, t, this.page(volume / 2));
      t += 0.5 + r.gap(seconds / 4);
    }
  }

  /** Plain text of a page: readable, repetitive, with something of its own. */
  page(size: number): Octets {
    const r = this.random;
    const parts: Octets[] = [text("<!doctype html><title>news</title>\n")];
    let length = 0;
    while (length < size) {
      const p = text(
        `<p class="item"><a href="/item/${r.int(1, 99_999)}">${r.pick(["weather", "football", "music", "traffic", "politics"])} ${r.int(1, 999)}</a></p>\n`,
      );
      parts.push(p);
      length += p.length;
    }
    return cat(...parts);
  }
}
