/** Interception product and tasking: without authority, beyond it, and within it. */
import type { Case } from "#lab/case.ts";
import { elementTalk } from "#lab/network/background.ts";
import { exitOf, gather, type Exit } from "#lab/network/copier.ts";
import type { LayoutOptions } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import type { Passage } from "#lab/network/user-plane.ts";
import * as app from "#lab/wire/applications.ts";
import * as li from "#lab/wire/interception.ts";
import { cat, hex, type Octets, text, u32 } from "#lab/wire/octets.ts";
import { tcpTalk } from "#lab/wire/tcp-talk.ts";
import type { Grade } from "#model/finding.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "unwarranted-interception";
const DAY = 86_400;

export interface Stage {
  readonly t: number;
  readonly exit: Exit;
  readonly target: Subscriber;
  readonly packets: () => Passage[];
  readonly mdf: string;
  readonly lemf: string;
  readonly liid: string;
  readonly xid: Octets;
}

/** Two subscribers; ADMF, delivery function and agency are declared; the register is empty. */
export function stage(c: Case): Stage {
  const t = c.begin(2);
  const r = c.random;
  const net = `10.${r.int(1, 9)}.${r.int(0, 255)}`;
  const [admf, mdf, lemf] = [`${net}.51`, `${net}.64`, stranger(c)];
  c.declared.lawful.administration.push(admf);
  c.declared.lawful.mediation.push(mdf);
  c.declared.lawful.monitoring.push(lemf);
  c.warrants = [];
  const target = c.subscriber(1);
  return {
    t,
    exit: exitOf(c, c.layout.pgwU),
    target,
    packets: gather(c, (p) => p.subscriber === target),
    mdf,
    lemf,
    liid: `LI${r.int(10_000, 99_999)}`,
    xid: r.bytes(16),
  };
}

export function play(c: Case, s: Stage, volume = 14_000): void {
  c.traffic.mixture(c.subscriber(0), s.t, 8, 3000);
  const t = c.traffic.tls(s.target, c.traffic.dns(s.target, s.t + 1), { down: volume });
  c.traffic.quic(s.target, t + 0.3, 12);
}

export function warrant(
  c: Case,
  s: Stage,
  o: { scope?: string; from?: number; to?: number; receiver?: string; target?: string } = {},
): void {
  c.warrants = [
    `{ id: W-${c.random.int(100, 999)}, target: "${o.target ?? `imsi:${s.target.imsi}`}", scope: ${o.scope ?? "both"}, from: ${c.time(o.from ?? -10 * DAY)}, to: ${c.time(o.to ?? 10 * DAY)}, receiver: ${o.receiver ?? s.lemf}, authority: court, liid: ${s.liid} }`,
  ];
}

export function due(
  c: Case,
  receiver: string,
  s: Subscriber | null,
  o: { minGrade?: Grade; data?: string[]; element?: string } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "proven",
    element: o.element ?? c.layout.pgwU,
    ...(o.element === undefined ? {} : { elementAlso: [c.layout.pgwU] }),
    receiver,
    subscriber: s,
    data: o.data ?? ["content"],
    label: "act",
  });
  c.tolerate = ["covert-copy", "undeclared-peer"];
}

/** X3 of the gathered packets in one TCP connection. */
export function x3(c: Case, s: Stage, to: string, o: { label?: string; cuts?: readonly number[]; delay?: number } = {}): void {
  const correlation = BigInt(`0x${c.random.hex(16)}`);
  const script = s.packets().map((p, i) => {
    const micros = Math.round(p.at * 1e6);
    const time = { sec: c.layout.epoch + Math.floor(micros / 1e6), nsec: (micros % 1_000_000) * 1000 };
    const pdu = li.x2x3({ type: 2, format: 5, direction: p.up ? 3 : 2, xid: s.xid, correlation, sequence: i, time, payload: p.outside });
    return { from: "client" as const, data: pdu, at: p.at + (o.delay ?? 0.004), label: o.label ?? "act" };
  });
  const segments = tcpTalk(
    {
      client: s.exit.address,
      server: to,
      cport: c.random.int(33_000, 60_000),
      sport: c.random.int(1025, 60_000),
      start: s.t,
      rtt: 0.006,
      script,
      ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
    },
    c.random.fork("x3"),
  );
  c.cables.talk(s.exit.segment, segments);
}

/** The gathered packets behind a header of TS 33.108, on UDP. */
function ulic(c: Case, s: Stage, to: string, module: 2 | 9 | 11): void {
  const [port, correlation] = [c.random.int(1025, 60_000), c.random.bytes(8)];
  for (const [i, p] of s.packets().entries())
    c.cables.udp(
      s.exit.segment,
      p.at + 0.002,
      s.exit.address,
      to,
      46_000,
      port,
      li.ulic(s.liid, correlation, i, p.up, 4, p.outside, module),
      "act",
    );
}

/** Records about the target in one connection; `placed`: with the cell. */
function iri(c: Case, s: Stage, to: string, placed: boolean): void {
  const cell = hex("1802f801000102f80100012301");
  const script = [0, 1, 2].map((i) => ({
    from: "client" as const,
    data: li.iriEps(s.liid, s.target.imsi, c.layout.epoch + Math.floor(s.t) + 2 + i, placed ? cell : undefined),
    at: s.t + 2 + i,
    label: "act",
  }));
  const talk = { client: s.exit.address, server: to, cport: 45_680, sport: c.random.int(1025, 60_000), start: s.t + 1, rtt: 0.01, script };
  c.cables.talk(s.exit.segment, tcpTalk(talk, c.random.fork("iri")));
}

/** HI3 of the gathered packets from `from` to `to`. */
export function hi3(
  c: Case,
  s: Stage,
  from: string,
  to: string,
  o: { label?: string; country?: string; delivery?: string; indefinite?: boolean; delay?: number; cuts?: readonly number[] } = {},
): void {
  const segment = from === s.exit.address ? s.exit.segment : "s11";
  const cin = c.random.int(1, 1_000_000);
  const script = s.packets().map((p, i) => {
    const micros = Math.round(p.at * 1e6);
    const header = {
      liid: s.liid,
      country: o.country ?? c.layout.country,
      operator: "OP1",
      element: "gw1",
      cin,
      sequence: i,
      sec: c.layout.epoch + Math.floor(micros / 1e6),
      usec: micros % 1_000_000,
      ...(o.delivery === undefined ? {} : { delivery: o.delivery }),
    };
    return {
      from: "client" as const,
      data: li.psPdu(header, li.ccIp(p.outside, p.up ? 0 : 1), o.indefinite),
      at: p.at + (o.delay ?? 0.05),
      label: o.label ?? "act",
    };
  });
  const segments = tcpTalk(
    {
      client: from,
      server: to,
      cport: c.random.int(33_000, 60_000),
      sport: c.random.int(1025, 60_000),
      start: s.t + Math.max(0, (o.delay ?? 0) - 1),
      rtt: 0.02,
      script,
      ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
    },
    c.random.fork("hi3"),
  );
  c.cables.talk(segment, segments);
}

function positive(name: string, description: string, act: (c: Case, s: Stage) => void, o: LayoutOptions = {}): Scenario {
  return scenario(name, "positive", CLAIM, description, o, (c) => {
    const s = stage(c);
    play(c, s);
    act(c, s);
  });
}

function twin(name: string, description: string, act: (c: Case, s: Stage) => void, o: LayoutOptions = {}): Scenario {
  return scenario(name, "twin", CLAIM, description, o, (c) => {
    const s = stage(c);
    play(c, s);
    act(c, s);
  });
}

function uuid(c: Case): string {
  const h = c.random.hex(32);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20)}`;
}

/** CreateDestination and ActivateTask, both acknowledged. */
function x1(
  c: Case,
  s: Stage,
  requester: string,
  destination: string,
  at: number,
  o: { label?: string; cuts?: readonly number[]; activate?: boolean } = {},
): void {
  const ne = c.layout.sgwC;
  // An answer repeats its request's transaction (TS 103 221-1 §6.1).
  const transactions = [uuid(c), uuid(c)];
  const head = (n: number): li.X1Head => ({
    admf: "admf-1",
    ne: ne.name,
    time: `${c.time(at + n).slice(0, 19)}.000000Z`,
    transaction: transactions[n] ?? "",
  });
  const did = uuid(c);
  const post = (type: string, body: string, n: number): Octets =>
    app.httpPost(ne.name, "/X1/NE", li.x1Request(type, head(n), body), "application/xml");
  const ok = (type: string, n: number): Octets => app.httpOk(li.x1Response(type, head(n)), "application/xml");
  const label = o.label ?? "act";
  elementTalk(c.core, ne, at, {
    peer: requester,
    port: c.random.pick([8443, 8080, 9000]),
    fromElement: false,
    ...(o.cuts === undefined ? {} : { cuts: o.cuts }),
    script: [
      {
        from: "client",
        data: post("CreateDestinationRequest", li.destinationDetails(did, destination, c.random.int(1025, 60_000)), 0),
        label,
      },
      { from: "server", data: ok("CreateDestinationResponse", 0), label },
      ...(o.activate === false
        ? []
        : [
            {
              from: "client" as const,
              data: post("ActivateTaskRequest", li.taskDetails(uuid(c), s.target.imsi, "X2andX3", did), 1),
              label,
              after: 0.3,
            },
            { from: "server" as const, data: ok("ActivateTaskResponse", 1), label },
          ]),
    ],
  });
}

export const interception: Scenario[] = [
  positive("x3-no-warrant", "X3 from the gateway over TCP to a host the declaration does not name; the register is empty.", (c, s) => {
    const to = stranger(c);
    x3(c, s, to);
    due(c, to, s.target);
  }),
  positive(
    "x3-segmented",
    "The same, PDU borders and segment borders fall anywhere.",
    (c, s) => {
      const to = stranger(c);
      x3(c, s, to, { cuts: [777, 1400, 61, 1203] });
      due(c, to, s.target);
    },
    { kind: "cups" },
  ),
  positive("x3-mediation-no-warrant", "X3 to the declared delivery function, but no warrant at all.", (c, s) => {
    x3(c, s, s.mdf);
    due(c, s.mdf, s.target);
  }),
  positive("x3-expired", "The warrant ended yesterday.", (c, s) => {
    warrant(c, s, { to: -DAY });
    x3(c, s, s.mdf);
    due(c, s.mdf, s.target);
  }),
  positive("x3-not-yet", "The warrant begins tomorrow.", (c, s) => {
    warrant(c, s, { from: DAY });
    x3(c, s, s.mdf);
    due(c, s.mdf, s.target);
  }),
  positive("x3-beyond-scope", "The warrant covers signalling alone (iri); content is delivered.", (c, s) => {
    warrant(c, s, { scope: "iri" });
    x3(c, s, s.mdf);
    due(c, s.mdf, s.target);
  }),
  positive(
    "x3-other-receiver",
    "A warrant is in force, but the content goes to a host that it does not name and nobody declared.",
    (c, s) => {
      warrant(c, s);
      const to = stranger(c);
      x3(c, s, to);
      due(c, to, s.target);
    },
  ),
  positive("x3-other-target", "A warrant is in force for one subscriber; another one's content is delivered.", (c, s) => {
    warrant(c, s, { target: `imsi:${c.subscriber(0).imsi}` });
    x3(c, s, s.mdf);
    due(c, s.mdf, s.target);
  }),
  positive("x2-no-warrant", "X2 with the subscriber's SIP signalling to an undeclared host.", (c, s) => {
    const to = stranger(c);
    const script = Array.from({ length: 8 }, (_, i) => {
      const sip = text(
        `REGISTER sip:ims.example SIP/2.0\r\nVia: SIP/2.0/UDP ${s.target.ip}:5060;branch=z9hG4bK${c.random.hex(8)}\r\nFrom: <sip:+${s.target.msisdn}@ims.example>;tag=${c.random.hex(4)}\r\nTo: <sip:+${s.target.msisdn}@ims.example>\r\nCall-ID: ${c.random.hex(10)}\r\nCSeq: ${i + 1} REGISTER\r\nContact: <sip:${s.target.ip}:5060>\r\nContent-Length: 0\r\n\r\n`,
      );
      const sec = c.layout.epoch + Math.floor(s.t) + 3 + i;
      return {
        from: "client" as const,
        data: li.x2x3({ type: 1, format: 9, direction: 3, xid: s.xid, correlation: 5n, sequence: i, time: { sec, nsec: 0 }, payload: sip }),
        at: s.t + 3 + i,
        label: "act",
      };
    });
    c.cables.talk(
      s.exit.segment,
      tcpTalk(
        { client: s.exit.address, server: to, cport: 45_678, sport: c.random.int(1025, 60_000), start: s.t + 1, rtt: 0.01, script },
        c.random,
      ),
    );
    due(c, to, null, { data: ["metadata"] });
  }),
  positive("hi3-no-warrant", "PS-PDUs with content (HI3) from the gateway to a stranger.", (c, s) => {
    const to = stranger(c);
    hi3(c, s, s.exit.address, to);
    due(c, to, s.target);
  }),
  positive("hi3-indefinite", "The same in BER with indefinite lengths, segment borders anywhere.", (c, s) => {
    const to = stranger(c);
    hi3(c, s, s.exit.address, to, { indefinite: true, cuts: [500, 1400, 123] });
    due(c, to, s.target);
  }),
  positive("hi3-lemf-no-warrant", "HI3 from the declared delivery function to the declared agency, without a warrant.", (c, s) => {
    hi3(c, s, s.mdf, s.lemf);
    due(c, s.lemf, s.target, { element: s.mdf });
  }),
  positive("hi3-foreign-country", "HI3 whose authority is of another country than any declared, to a stranger.", (c, s) => {
    const to = stranger(c);
    const other = c.layout.country === "XK" ? "XA" : "XK";
    hi3(c, s, s.exit.address, to, { country: other, delivery: other });
    due(c, to, s.target);
  }),
  positive("hi2-no-warrant", "IRI records (HI2) of a subscriber's sessions to a stranger.", (c, s) => {
    const to = stranger(c);
    const script = Array.from({ length: 6 }, (_, i) => {
      const header = {
        liid: s.liid,
        country: c.layout.country,
        operator: "OP1",
        element: "gw1",
        cin: 9,
        sequence: i,
        sec: c.layout.epoch + Math.floor(s.t) + 2 + i,
        usec: 1000 * i,
      };
      return {
        from: "client" as const,
        data: li.psPdu(header, li.iriIp(i === 0 ? 1 : 3, s.target.imsi, s.target.ip)),
        at: s.t + 2 + i,
        label: "act",
      };
    });
    c.cables.talk(
      s.exit.segment,
      tcpTalk(
        { client: s.exit.address, server: to, cport: 45_679, sport: c.random.int(1025, 60_000), start: s.t + 1, rtt: 0.01, script },
        c.random,
      ),
    );
    due(c, to, null, { data: ["metadata"] });
  }),
  positive("ulic-no-warrant", "Content of a 4G session as TS 33.108 hands it over, in the clear on UDP to a stranger.", (c, s) => {
    const to = stranger(c);
    ulic(c, s, to, 9);
    due(c, to, s.target);
  }),
  positive("ulic-umts-no-warrant", "The same with the header of UMTS, which states a version.", (c, s) => {
    const to = stranger(c);
    ulic(c, s, to, 2);
    due(c, to, s.target);
  }),
  positive("hi3-conference-no-warrant", "The same with the header of conferences.", (c, s) => {
    const to = stranger(c);
    ulic(c, s, to, 11);
    due(c, to, s.target);
  }),
  twin("twin-ulic-warranted", "The same to the agency that the warrant names.", (c, s) => {
    warrant(c, s);
    ulic(c, s, s.lemf, 9);
  }),
  positive("iri-eps-place", "Records about a subscriber's attaches, with the cell, to a stranger.", (c, s) => {
    const to = stranger(c);
    iri(c, s, to, true);
    due(c, to, s.target, { data: ["metadata", "identity", "location"] });
  }),
  positive("iri-eps-no-place", "The same without a place: none is claimed.", (c, s) => {
    const to = stranger(c);
    iri(c, s, to, false);
    due(c, to, s.target, { data: ["metadata", "identity"] });
  }),
  twin("twin-iri-eps-warranted", "Records with the cell to the agency, under a warrant.", (c, s) => {
    warrant(c, s);
    iri(c, s, s.lemf, true);
  }),
  positive("pcli-no-warrant", "A four-octet content-connection identifier before each packet, on UDP to a stranger.", (c, s) => {
    const [to, port, id] = [stranger(c), c.random.int(1025, 60_000), c.random.u32()];
    for (const p of s.packets())
      c.cables.udp(s.exit.segment, p.at + 0.002, s.exit.address, to, 46_001, port, cat(u32(id), p.outside), "act");
    due(c, to, s.target);
    c.expect[0] = { ...c.expect[0]!, claimAlso: ["covert-copy"] };
  }),
  positive(
    "x1-undeclared-admf",
    "A host that is no declared administration function creates a destination and activates a task.",
    (c, s) => {
      const [requester, destination] = [stranger(c), stranger(c)];
      x1(c, s, requester, destination, s.t + 3);
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: c.layout.sgwC,
        receiver: destination,
        receiverAlso: [requester],
        subscriber: s.target,
        data: [],
        label: "act",
      });
      c.tolerate = ["ungranted-access", "undeclared-peer"];
    },
  ),
  positive("x1-segmented", "The same in small TCP segments.", (c, s) => {
    const [requester, destination] = [stranger(c), stranger(c)];
    x1(c, s, requester, destination, s.t + 3, { cuts: [200, 77, 411] });
    c.expect.push({
      claim: CLAIM,
      minGrade: "proven",
      element: c.layout.sgwC,
      receiver: destination,
      receiverAlso: [requester],
      subscriber: s.target,
      data: [],
      label: "act",
    });
    c.tolerate = ["ungranted-access", "undeclared-peer"];
  }),
  positive(
    "x1-no-warrant",
    "The declared administration function tasks the gateway for a subscriber that no warrant names, to the declared delivery function.",
    (c, s) => {
      const admf = c.declared.lawful.administration[0] ?? "";
      x1(c, s, admf, s.mdf, s.t + 3);
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: c.layout.sgwC,
        receiver: s.mdf,
        receiverAlso: [admf],
        subscriber: s.target,
        data: [],
        label: "act",
      });
    },
  ),
  positive(
    "x1-and-x3",
    "A stranger tasks the gateway, and the content flows to the destination that the task names.",
    (c, s) => {
      const [requester, destination] = [stranger(c), stranger(c)];
      x1(c, s, requester, destination, s.t + 0.2);
      x3(c, s, destination);
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: c.layout.sgwU,
        elementAlso: [c.layout.sgwC, c.layout.pgwU],
        receiver: destination,
        subscriber: s.target,
        data: ["content"],
        label: "act",
      });
      c.tolerate = ["covert-copy", "ungranted-access", "undeclared-peer"];
      c.allowAtMost = {};
    },
    { kind: "combined" },
  ),
  scenario(
    "x3-beside-warranted",
    "positive",
    CLAIM,
    "One subscriber is tasked and delivered under a warrant, to an agency that the warrant alone names; another one's content goes to a stranger.",
    {},
    (c) => {
      const s = stage(c);
      c.declared.lawful.monitoring.pop();
      const other = c.subscriber(0);
      const stolen: Stage = {
        ...s,
        target: other,
        packets: gather(c, (p) => p.subscriber === other),
        liid: `LI${c.random.int(10_000, 99_999)}`,
        xid: c.random.bytes(16),
      };
      play(c, s);
      warrant(c, s);
      x1(c, s, c.declared.lawful.administration[0] ?? "", s.mdf, s.t + 3, { label: "lawful" });
      x3(c, s, s.mdf, { label: "lawful" });
      hi3(c, s, s.mdf, s.lemf, { label: "lawful", delay: 0.2 });
      const to = stranger(c);
      x3(c, stolen, to);
      due(c, to, other);
    },
  ),
  twin("twin-x3-warranted", "X3 to the declared delivery function and HI3 from there to the agency, under a warrant in force.", (c, s) => {
    warrant(c, s);
    x3(c, s, s.mdf);
    hi3(c, s, s.mdf, s.lemf, { delay: 0.2 });
  }),
  twin("twin-x3-msisdn", "The warrant names the number; the mapping is in the signalling.", (c, s) => {
    warrant(c, s, { target: `msisdn:${s.target.msisdn}` });
    x3(c, s, s.mdf);
  }),
  twin(
    "twin-hi3-buffered",
    "The mediation delivers two hours late, after the warrant's end; the product's own time lies within it.",
    (c, s) => {
      warrant(c, s, { to: Math.floor(s.t) + 1800 });
      hi3(c, s, s.mdf, s.lemf, { delay: 7200 });
    },
  ),
  twin(
    "twin-x3-unmapped",
    "The capture begins after the attach: nothing ties the number of the warrant to the session. Undecided.",
    (c, s) => {
      warrant(c, s, { target: `msisdn:${s.target.msisdn}` });
      x3(c, s, s.mdf);
      c.recorder.startAt = s.t + 0.2;
    },
  ),
  twin("twin-x3-keepalive", "Keepalives of a delivery connection without any product.", (c, s) => {
    const pdu = (type: 3 | 4, i: number): Octets =>
      li.x2x3({ type, format: 0, direction: 5, xid: new Uint8Array(16), correlation: 0n, sequence: i, payload: hex("") });
    const script = Array.from({ length: 8 }, (_, i) => ({
      from: i % 2 === 0 ? ("client" as const) : ("server" as const),
      data: pdu(i % 2 === 0 ? 3 : 4, i >> 1),
      after: 3,
    }));
    c.cables.talk(
      s.exit.segment,
      tcpTalk({ client: s.exit.address, server: s.mdf, cport: 40_123, sport: 25_000, start: s.t, rtt: 0.006, script }, c.random),
    );
  }),
  twin("twin-warrant-no-product", "A warrant in force and nothing delivered: a line in the coverage.", (c, s) => warrant(c, s)),
  twin(
    "twin-x1-warranted",
    "The declared administration function tasks the gateway for the warrant's target, to the declared delivery function.",
    (c, s) => {
      warrant(c, s);
      x1(c, s, c.declared.lawful.administration[0] ?? "", s.mdf, s.t + 3);
    },
  ),
  twin("twin-subscriber-sends-pdu", "A subscriber's own traffic that looks like X3 and PS-PDUs, between hosts of its own.", (c, s) => {
    const pdus = Array.from({ length: 6 }, (_, i) => ({
      from: "client" as const,
      data: li.x2x3({ type: 2, format: 5, direction: 3, xid: s.xid, correlation: 1n, sequence: i, payload: c.random.bytes(200) }),
    }));
    c.traffic.talk(c.subscriber(0), s.t + 2, stranger(c), 25_000, pdus);
  }),
];
