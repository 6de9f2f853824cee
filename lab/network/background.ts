/** What elements do all day: names, time, logs, echo, heartbeats, polling, granted maintenance. */
import * as app from "#lab/wire/applications.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import * as px from "#lab/wire/pfcp.ts";
import { tcpTalk, type Line } from "#lab/wire/tcp-talk.ts";
import { gtpuEcho } from "#lab/wire/tunnels.ts";
import type { Core } from "./core.ts";
import { type NetworkFunction, outsideAddress, type Segment } from "./layout.ts";

/** The wire on which a function talks to services and to management. */
export function managementSegment(f: NetworkFunction): Segment {
  const address = outsideAddress(f);
  return (Object.entries(f.at).find(([, a]) => a === address)?.[0] ?? "s11") as Segment;
}

export function elementTalk(
  core: Core,
  f: NetworkFunction,
  at: number,
  o: {
    peer: string;
    port: number;
    script: readonly Line[];
    fromElement: boolean;
    refused?: boolean;
    silent?: boolean;
    end?: "fin" | "rst" | "none";
    address?: string;
    segment?: Segment;
    cport?: number;
    mss?: number;
    cuts?: readonly number[];
  },
): number {
  const own = o.address ?? outsideAddress(f);
  const segments = tcpTalk(
    {
      client: o.fromElement ? own : o.peer,
      server: o.fromElement ? o.peer : own,
      cport: o.cport ?? core.random.int(33_000, 60_000),
      sport: o.port,
      start: at,
      rtt: 0.004 + core.random.unit() * 0.004,
      script: o.script,
      ...(o.refused === undefined ? {} : { refused: o.refused }),
      ...(o.silent === undefined ? {} : { silent: o.silent }),
      ...(o.end === undefined ? {} : { end: o.end }),
      ...(o.mss === undefined ? {} : { mss: o.mss }),
      ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
      clientTtl: o.fromElement ? 64 : 58,
      serverTtl: o.fromElement ? 58 : 64,
    },
    core.random,
  );
  core.cables.talk(o.segment ?? managementSegment(f), segments);
  return segments.at(-1)?.at ?? at;
}

export function services(core: Core, at: number, seconds: number): void {
  const { layout: l, random: r, cables } = core;
  for (const f of [l.mme, l.sgwC, l.hss]) {
    const own = outsideAddress(f);
    const segment = managementSegment(f);
    const seconds0 = l.epoch;
    for (let t = at + 1 + r.unit(); t < at + seconds; t += 25 + r.unit() * 40) {
      cables.udp(segment, t, own, l.ntp, 123, 123, app.ntp(3, seconds0 + Math.floor(t), r));
      cables.udp(segment, t + 0.002, l.ntp, own, 123, 123, app.ntp(4, seconds0 + Math.floor(t), r));
      const [id, port] = [r.int(1, 0xffff), r.int(30_000, 60_000)];
      const name = `${r.pick(["topon.s5.pgw", "aaa", "topoff.vip", "mmec01"])}.${l.realm}`;
      cables.udp(segment, t + 0.5, own, l.dns, port, 53, app.dns(id, name));
      cables.udp(segment, t + 0.503, l.dns, own, 53, port, app.dns(id, name, { answer: l.sgwC.at.s11 ?? l.ntp }));
      const iso = new Date((l.epoch + t) * 1000).toISOString();
      cables.udp(segment, t + 1, own, l.log, 514, 514, app.syslog(f.name, `session summary attach=${r.int(3, 90)} fail=0`, iso));
    }
  }
}

/** GTP echo on S11, S5 and S1-U, PFCP heartbeats, SCTP heartbeats. */
export function keepalives(core: Core, at: number, seconds: number): void {
  const { layout: l, random: r, cables } = core;
  for (let t = at + 2 + r.unit() * 3; t < at + seconds; t += 20 + r.unit() * 5) {
    const n = core.nextGtp();
    core.s11(true, t, gtp.echo(true, n, 7));
    core.s11(false, t + 0.001, gtp.echo(false, n, 12));
    const enb = r.pick(l.enbs);
    const [a, b] = [enb.at.s1u ?? "", l.sgwU.at.s1u ?? ""];
    const sequence = r.int(0, 0xffff);
    cables.udp("s1u", t + 0.5, a, b, 2152, 2152, gtpuEcho(1, sequence));
    cables.udp("s1u", t + 0.501, b, a, 2152, 2152, gtpuEcho(2, sequence));
    core.assoc(enb).heartbeat(t + 0.8);
    if (l.kind === "split") {
      core.s5c(true, t + 0.2, gtp.echo(true, n, 3));
      core.s5c(false, t + 0.201, gtp.echo(false, n, 5));
    }
    if (l.kind === "cups") {
      const m = core.nextPfcp();
      const stamp = px.pie(96, r.bytes(4));
      core.pfcp(true, t + 0.3, px.pfcp(1, null, m, stamp));
      core.pfcp(false, t + 0.301, px.pfcp(2, null, m, stamp));
    }
  }
}

/** SNMP polling by the declared manager (the second host of the operations centre). */
export function polling(core: Core, f: NetworkFunction, at: number, rounds: number, every = 10): void {
  const { layout: l, random: r, cables } = core;
  const segment = managementSegment(f);
  for (let i = 0; i < rounds; i++) {
    const t = at + i * every;
    const [id, port] = [r.u32(), r.int(40_000, 60_000)];
    cables.udp(segment, t, l.noc2, outsideAddress(f), port, 161, app.snmp("get", id));
    cables.udp(segment, t + 0.003, outsideAddress(f), l.noc2, 161, port, app.snmp("response", id, Math.floor(t * 100)));
  }
}

/** An SSH session from the operations centre, granted in the declaration. */
export function maintenance(core: Core, f: NetworkFunction, at: number, exchanges = 4): void {
  elementTalk(core, f, at, { peer: core.layout.noc, port: 22, script: app.sshScript(core.random, exchanges), fromElement: false });
}
