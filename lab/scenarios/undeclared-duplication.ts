/** PFCP rules that send a subscriber's packets to a second place, and rules that only look so. */
import type { Case } from "#lab/case.ts";
import { s1Handover, serviceRequest, x2Handover } from "#lab/network/handover.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { udp } from "#lab/wire/ip.ts";
import { cat, type Octets, text, u16, u32, u8 } from "#lab/wire/octets.ts";
import * as px from "#lab/wire/pfcp.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import type { Grade } from "#model/finding.ts";
import type { AttachOptions, PfcpRules } from "#lab/network/core.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "undeclared-duplication";
const CUPS = { kind: "cups" } as const;

function due(
  c: Case,
  s: Subscriber,
  receiver: string,
  o: { minGrade?: Grade; label?: string; also?: ("covert-copy" | "undeclared-peer")[] } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "proven",
    element: c.layout.sgwU,
    elementAlso: [c.layout.sgwC],
    receiver,
    subscriber: s,
    data: ["content"],
    label: o.label ?? "act",
    framesMode: "all",
  });
  if (o.also !== undefined) c.tolerate = o.also;
}

const outerOf = (c: Case, kind: "gtpu" | "udp" | "ip", to: string): Octets =>
  px.outerHeader(kind, { address: to, teid: c.random.u32(), port: c.random.int(1025, 60_000) });

const allRules = (b: PfcpRules, changed: { up?: px.Far; down?: px.Far; more?: Octets[] }): Octets[] => [
  px.createPdr(b.pdrUp),
  px.createPdr(b.pdrDown),
  ...(changed.more ?? []),
  px.createFar(changed.up ?? b.farUp),
  px.createFar(changed.down ?? b.farDown),
];

/** Others attach as usual; then one whose establishment is changed. */
function attachTarget(c: Case, o: AttachOptions): { s: Subscriber; t: number } {
  const t = c.begin(2);
  for (const other of c.core.subscribers) c.traffic.mixture(other, t, 8, 3000);
  const s = c.core.newSubscriber();
  const done = c.core.attach(s, t + 2, { ...o, labels: { establishment: "act" } });
  c.traffic.mixture(s, done + 0.5, 6, 3000);
  return { s, t: done + 0.5 };
}

function established(
  name: string,
  description: string,
  make: (c: Case, to: string, b: PfcpRules) => Octets[],
  o: { minGrade?: Grade; answer?: "rejected" | "none"; to?: (c: Case) => string } = {},
): Scenario {
  return scenario(name, "positive", CLAIM, description, CUPS, (c) => {
    const to = o.to?.(c) ?? stranger(c);
    const { s } = attachTarget(c, { rules: (_, b) => make(c, to, b), ...(o.answer === undefined ? {} : { pfcpAnswer: o.answer }) });
    due(c, s, to, o.minGrade === undefined ? {} : { minGrade: o.minGrade });
  });
}

/** An established session is changed later. */
function modified(
  name: string,
  description: string,
  ies: (c: Case, s: Subscriber, to: string) => Octets,
  o: { cause?: number; minGrade?: Grade; before?: (c: Case) => Octets } = {},
): Scenario {
  return scenario(name, "positive", CLAIM, description, CUPS, (c) => {
    const t = c.begin(3);
    for (const u of c.core.subscribers) c.traffic.mixture(u, t, 8, 3000);
    const s = c.subscriber(1);
    const to = stranger(c);
    c.core.modification(s, t + 9, ies(c, s, to), {
      label: "act",
      ...(o.cause === undefined ? {} : { cause: o.cause }),
      ...(o.before === undefined ? {} : { before: o.before(c) }),
    });
    due(c, s, to, o.minGrade === undefined ? {} : { minGrade: o.minGrade });
  });
}

const heartbeatBefore = (c: Case): Octets =>
  px.pfcp(px.Pfcp.heartbeatRequest, null, c.core.nextPfcp(), px.pie(96, c.random.bytes(4)), true);

const forwardUp = (b: PfcpRules, to: px.Far["duplicate"]): px.Far => ({
  ...b.farUp,
  action: px.Action.forward | px.Action.duplicate,
  ...(to === undefined ? {} : { duplicate: to }),
});

export const undeclaredDuplication: Scenario[] = [
  established(
    "dupl-establishment",
    "Session Establishment with FORW and DUPL on the uplink rule, copies to an undeclared address.",
    (c, to, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) }) }),
  ),
  established("dupl-li-function", "Destination interface LI Function, but the address is no declared delivery function.", (c, to, b) =>
    allRules(b, { up: forwardUp(b, { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", to) }) }),
  ),
  established("dupl-udp", "The copies are to leave in bare UDP; Apply Action is two octets long.", (c, to, b) =>
    allRules(b, { up: { ...forwardUp(b, { destination: px.Destination.sgiLan, outer: outerOf(c, "udp", to) }), actionOctets: 2 } }),
  ),
  established(
    "dupl-ipv6",
    "The copies are to leave to an IPv6 address.",
    (c, to, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) }) }),
    { to: (c) => `2001:db8:${c.random.hex(4).replace(/^0/, "1")}::${c.random.int(2, 99)}` },
  ),
  established("dupl-diversion", "DROP and DUPL: the subscriber loses the packets, only the copy goes on.", (c, to, b) =>
    allRules(b, {
      up: {
        id: 1,
        action: px.Action.drop | px.Action.duplicate,
        duplicate: { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) },
      },
    }),
  ),
  established(
    "dupl-buffering",
    "The downlink rule buffers until the base station is known, and duplicates to a stranger meanwhile.",
    (c, to, b) =>
      allRules(b, {
        down: {
          ...b.farDown,
          action: b.farDown.action | px.Action.duplicate,
          duplicate: { destination: px.Destination.core, outer: outerOf(c, "udp", to) },
        },
      }),
  ),
  established(
    "dupl-second-pdr",
    "A second rule of better precedence diverts the uplink to a stranger.",
    (c, to, b) => [
      ...allRules(b, { more: [px.createPdr({ ...b.pdrUp, id: 9, precedence: 5, far: 9 })] }),
      px.createFar({ id: 9, action: px.Action.forward, destination: px.Destination.core, outer: outerOf(c, "gtpu", to) }),
    ],
    { minGrade: "corroborated" },
  ),
  established(
    "dupl-unanswered",
    "The order is sent; no answer is seen.",
    (c, to, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) }) }),
    { answer: "none", minGrade: "corroborated" },
  ),
  modified("dupl-update", "Session Modification adds DUPL to the downlink rule of a running session.", (c, s, to) =>
    px.updateFar({
      id: 2,
      action: px.Action.forward | px.Action.duplicate,
      destination: px.Destination.access,
      outer: px.outerHeader("gtpu", s.downlink),
      duplicate: { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", to) },
    }),
  ),
  modified(
    "dupl-hijack",
    "Update FAR sends the downlink to a stranger in place of the base station; no handover is under way.",
    (c, _s, to) => px.updateFar({ id: 2, action: px.Action.forward, destination: px.Destination.access, outer: outerOf(c, "gtpu", to) }),
    { minGrade: "corroborated" },
  ),
  modified(
    "dupl-bundled",
    "The order stands behind a heartbeat in the same datagram.",
    (c, s, to) =>
      px.updateFar({
        id: 2,
        action: px.Action.forward | px.Action.duplicate,
        destination: px.Destination.access,
        outer: px.outerHeader("gtpu", s.downlink),
        duplicate: { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) },
      }),
    { before: heartbeatBefore },
  ),
  modified(
    "dupl-rejected",
    "The user plane refuses the order.",
    (c, s, to) =>
      px.updateFar({
        id: 2,
        action: px.Action.forward | px.Action.duplicate,
        destination: px.Destination.access,
        outer: px.outerHeader("gtpu", s.downlink),
        duplicate: { destination: px.Destination.core, outer: outerOf(c, "gtpu", to) },
      }),
    { cause: 64, minGrade: "indication" },
  ),
  scenario(
    "dupl-retarget",
    "positive",
    CLAIM,
    "A lawful duplication under a warrant is turned to a stranger: Update Duplicating Parameters alone, no Apply Action.",
    CUPS,
    (c) => {
      const mdf = `10.${c.random.int(1, 9)}.8.${c.random.int(2, 250)}`;
      const lemf = stranger(c);
      c.declared.lawful.mediation.push(mdf);
      c.declared.lawful.monitoring.push(lemf);
      const to = stranger(c);
      const t = c.begin(2);
      const s = c.core.newSubscriber();
      const lawful = { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", mdf) };
      const done = c.core.attach(s, t + 2, { rules: (_, b) => allRules(b, { up: forwardUp(b, lawful) }) });
      const retargeted = px.pie(105, px.pie(42, u8(px.Destination.liFunction)), outerOf(c, "gtpu", to));
      c.core.modification(s, done + 4, px.pie(10, px.pie(108, u32(1)), retargeted), { label: "act" });
      c.warrants = [
        `{ id: W-${c.random.int(100, 999)}, target: "imsi:${s.imsi}", scope: both, from: ${c.time(-86_400 * 10)}, to: ${c.time(86_400 * 10)}, receiver: ${lemf}, authority: court, liid: L${c.random.int(1000, 9999)} }`,
      ];
      due(c, s, to);
    },
  ),
  scenario("dupl-effected", "positive", CLAIM, "The order, its acceptance, and then the copies at the address it names.", CUPS, (c) => {
    const to = stranger(c);
    const teid = c.random.u32();
    let target: Subscriber | null = null;
    c.plane.watchers.push((p) => {
      if (p.subscriber !== target || !p.up) return;
      c.cables.udp("s1u", p.at + 0.0002, c.layout.sgwU.at.s1u ?? "", to, 2152, 2152, gtpu(teid, p.inner), "copy");
    });
    const t = c.begin(2);
    const s = c.core.newSubscriber();
    const outer = px.outerHeader("gtpu", { address: to, teid });
    const done = c.core.attach(s, t + 1, {
      rules: (_, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.liFunction, outer }) }),
      labels: { establishment: "act" },
    });
    target = s;
    c.traffic.tls(s, done + 0.5, { down: 8000, up: 8000 });
    c.traffic.quic(s, done + 2, 20);
    due(c, s, to);
  }),
  scenario(
    "dupl-no-warrant",
    "positive",
    "unwarranted-interception",
    "DUPL to the declared delivery function, for a subscriber whom no warrant names.",
    CUPS,
    (c) => {
      const mdf = `10.${c.random.int(1, 9)}.8.${c.random.int(2, 250)}`;
      c.declared.lawful.mediation.push(mdf);
      c.declared.lawful.monitoring.push(stranger(c));
      const { s } = attachTarget(c, {
        rules: (_, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", mdf) }) }),
      });
      c.warrants = [];
      c.expect.push({
        claim: "unwarranted-interception",
        minGrade: "proven",
        element: c.layout.sgwU,
        receiver: mdf,
        subscriber: s,
        data: ["content"],
        label: "act",
        framesMode: "all",
      });
    },
  ),
  scenario(
    "twin-dupl-x2-handover",
    "twin",
    CLAIM,
    "X2 handover: Update FAR names the target base station, which Path Switch named first.",
    { ...CUPS, enbs: 3 },
    (c) => {
      const t = c.begin(2);
      for (const s of c.core.subscribers)
        x2Handover(
          c.core,
          s,
          c.layout.enbs.find((e) => e !== s.enb)!,
          t + 3 + c.random.unit(),
        );
      for (const s of c.core.subscribers) c.traffic.mixture(s, t + 5, 5, 3000);
    },
  ),
  scenario("twin-dupl-s1-handover", "twin", CLAIM, "S1 handover with indirect forwarding.", { ...CUPS, enbs: 3 }, (c) => {
    const t = c.begin(2);
    for (const s of c.core.subscribers)
      s1Handover(
        c.core,
        s,
        c.layout.enbs.find((e) => e !== s.enb)!,
        t + 3 + c.random.unit(),
        { indirect: true },
      );
    for (const s of c.core.subscribers) c.traffic.mixture(s, t + 5, 5, 3000);
  }),
  scenario(
    "twin-dupl-idle",
    "twin",
    CLAIM,
    "Release, buffering with notification, paging and service request: the downlink rule changes three times.",
    CUPS,
    (c) => {
      const t = c.begin(2);
      for (const [i, s] of c.core.subscribers.entries()) {
        const back = serviceRequest(c.core, s, c.core.release(s, t + 4 + i) + 3, { paged: true });
        c.traffic.mixture(s, back + 0.2, 4, 3000);
      }
    },
  ),
  scenario(
    "twin-dupl-cp-buffering",
    "twin",
    CLAIM,
    "The control plane buffers itself: the user plane forwards downlink to it in GTP-U (Sx-u).",
    CUPS,
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      const cp = c.layout.sgwC.at.sx ?? "";
      const teid = c.random.u32();
      c.core.modification(
        s,
        t + 4,
        px.updateFar({
          id: 2,
          action: px.Action.forward,
          destination: px.Destination.cpFunction,
          outer: px.outerHeader("gtpu", { address: cp, teid }),
        }),
      );
      for (let i = 0; i < 6; i++)
        c.cables.udp(
          "sx",
          t + 5 + i * 0.3,
          c.layout.sgwU.at.sx ?? "",
          cp,
          2152,
          2152,
          gtpu(teid, udp("203.0.113.9", s.ip, 443, 40_000, c.random.bytes(120))),
        );
      c.core.modification(
        s,
        t + 8,
        px.updateFar({ id: 2, action: px.Action.forward, destination: px.Destination.access, outer: px.outerHeader("gtpu", s.downlink) }),
      );
    },
  ),
  scenario(
    "twin-dupl-redirect",
    "twin",
    CLAIM,
    "A subscriber without credit is redirected to the operator's portal (Redirect Information).",
    CUPS,
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      c.declared.services.push(`{ name: portal, addresses: [${c.layout.pool}.254], protocols: [http] }`);
      const url = `http://portal.${c.layout.realm}/topup`;
      const redirect = px.pie(38, u8(2), u16(url.length), text(url));
      c.core.modification(s, t + 4, px.updateFar({ id: 1, action: px.Action.forward, destination: px.Destination.core, extra: redirect }));
      c.traffic.mixture(s, t + 5, 4, 3000);
    },
  ),
  scenario("twin-dupl-enrichment", "twin", CLAIM, "The gateway adds a header with the subscriber's number to HTTP requests.", CUPS, (c) => {
    const t = c.begin(2);
    const s = c.subscriber(0);
    const [name, value] = [text("X-MSISDN"), text(s.msisdn)];
    const enrichment = px.pie(98, u8(0), u8(name.length), name, u8(value.length), value);
    c.core.modification(s, t + 4, px.updateFar({ id: 1, action: px.Action.forward, destination: px.Destination.core, extra: enrichment }));
    c.traffic.mixture(s, t + 5, 4, 3000);
  }),
  scenario(
    "twin-dupl-predefined",
    "twin",
    CLAIM,
    "A predefined rule is activated by name: what it does is not on the wire, and nobody is accused of it.",
    CUPS,
    (c) => {
      const t = c.begin(2);
      const s = c.subscriber(0);
      c.core.modification(s, t + 4, px.pie(9, px.pie(56, u16(1)), px.pie(106, text("zero-rated-video"))));
      c.traffic.mixture(s, t + 5, 4, 3000);
    },
  ),
  scenario(
    "twin-dupl-classifier",
    "twin",
    CLAIM,
    "An uplink classifier: a second rule of better precedence sends some of the traffic to another declared user plane.",
    CUPS,
    (c) => {
      const edge = `10.${c.random.int(1, 9)}.77.${c.random.int(2, 250)}`;
      c.declared.functions.push(`{ name: edge-u, roles: [PGW-U], vendor: ${c.layout.hss.vendor}, site: Edge, addresses: [${edge}] }`);
      attachTarget(c, {
        rules: (_, b) => [
          ...allRules(b, { more: [px.createPdr({ ...b.pdrUp, id: 9, precedence: 5, far: 9 })] }),
          px.createFar({ id: 9, action: px.Action.forward, destination: px.Destination.core, outer: outerOf(c, "gtpu", edge) }),
        ],
      });
    },
  ),
  scenario(
    "twin-dupl-forgotten-upf",
    "twin",
    CLAIM,
    "The same, but nobody wrote the other user plane into the declaration; it has a PFCP association of its own.",
    CUPS,
    (c) => {
      const edge = `10.${c.random.int(1, 9)}.78.${c.random.int(2, 250)}`;
      const cp = c.layout.sgwC.at.sx ?? "";
      const [setup, made] = [c.core.nextPfcp(), c.core.nextPfcp()];
      const stamp = px.pie(96, c.random.bytes(4));
      const seid = BigInt(c.random.u32());
      const say = (fromCp: boolean, at: number, message: Octets): void =>
        c.cables.udp("sx", at, fromCp ? cp : edge, fromCp ? edge : cp, 8805, 8805, message);
      say(true, 0.5, px.pfcp(5, null, setup, cat(px.nodeId(cp), stamp)));
      say(false, 0.504, px.pfcp(6, null, setup, cat(px.nodeId(edge), px.causeAccepted(), stamp)));
      const rules = cat(
        px.nodeId(cp),
        px.fseid(seid, cp),
        px.createFar({ id: 1, action: px.Action.forward, destination: px.Destination.core }),
      );
      say(true, 1, px.pfcp(px.Pfcp.establishmentRequest, 0n, made, rules));
      say(false, 1.003, px.pfcp(px.Pfcp.establishmentResponse, seid, made, cat(px.nodeId(edge), px.causeAccepted())));
      attachTarget(c, {
        rules: (_, b) => [
          ...allRules(b, { more: [px.createPdr({ ...b.pdrUp, id: 9, precedence: 5, far: 9 })] }),
          px.createFar({ id: 9, action: px.Action.forward, destination: px.Destination.core, outer: outerOf(c, "gtpu", edge) }),
        ],
      });
      // Its association with the control plane is an undeclared peer's, payload both ways (contract §1), and the grade of one act is the highest.
      c.allowAtMost = { "undeclared-duplication": "corroborated", "undeclared-peer": "corroborated" };
    },
  ),
  scenario("twin-dupl-redundant", "twin", CLAIM, "Duplicate for redundant transmission (DFRT) between declared functions.", CUPS, (c) => {
    const t = c.begin(2);
    const s = c.subscriber(0);
    c.core.modification(
      s,
      t + 4,
      px.updateFar({
        id: 2,
        action: px.Action.forward | px.Action.redundant,
        destination: px.Destination.access,
        outer: px.outerHeader("gtpu", s.downlink),
      }),
    );
    c.traffic.mixture(s, t + 5, 4, 3000);
  }),
  scenario(
    "twin-dupl-warranted",
    "twin",
    CLAIM,
    "DUPL to the declared delivery function under a warrant in force that names the subscriber and covers content.",
    CUPS,
    (c) => {
      const mdf = `10.${c.random.int(1, 9)}.8.${c.random.int(2, 250)}`;
      const lemf = stranger(c);
      c.declared.lawful.mediation.push(mdf);
      c.declared.lawful.monitoring.push(lemf);
      const { s } = attachTarget(c, {
        rules: (_, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", mdf) }) }),
      });
      c.warrants = [
        `{ id: W-${c.random.int(100, 999)}, target: "imsi:${s.imsi}", scope: both, from: ${c.time(-86_400 * 10)}, to: ${c.time(86_400 * 10)}, receiver: ${lemf}, authority: court, liid: L${c.random.int(1000, 9999)} }`,
      ];
    },
  ),
  scenario(
    "twin-dupl-warrant-receiver",
    "twin",
    CLAIM,
    "DUPL straight to the agency's facility, which only the warrant in force names.",
    CUPS,
    (c) => {
      const lemf = stranger(c);
      const { s } = attachTarget(c, {
        rules: (_, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.liFunction, outer: outerOf(c, "gtpu", lemf) }) }),
      });
      c.warrants = [
        `{ id: W-${c.random.int(100, 999)}, target: "imsi:${s.imsi}", scope: cc, from: ${c.time(-86_400 * 10)}, to: ${c.time(86_400 * 10)}, receiver: ${lemf}, authority: court }`,
      ];
    },
  ),
  scenario("twin-dupl-declared-dpi", "twin", CLAIM, "DUPL to a declared service that may carry content.", CUPS, (c) => {
    const dpi = `10.${c.random.int(1, 9)}.9.${c.random.int(2, 250)}`;
    c.declared.services.push(`{ name: dpi-1, addresses: [${dpi}], protocols: [gtp-u], mayCarry: [content] }`);
    attachTarget(c, {
      rules: (_, b) => allRules(b, { up: forwardUp(b, { destination: px.Destination.core, outer: outerOf(c, "gtpu", dpi) }) }),
    });
  }),
];
