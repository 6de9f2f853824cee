/** Questions about where somebody is or who somebody is, by askers that nothing explains, and daily ones. */
import type { Case } from "#lab/case.ts";
import { type Asker, DiameterPeer, type Question } from "#lab/network/diameter-peer.ts";
import { serviceRequest } from "#lab/network/handover.ts";
import type { NetworkFunction } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import * as dia from "#lab/wire/diameter.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import { plmnOctets, tbcd, text, u32 } from "#lab/wire/octets.ts";
import type { Grade } from "#model/finding.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "unreasoned-query";

function begun(c: Case): number {
  const t = c.begin(3);
  for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8, 3000);
  return t;
}

function unknownAsker(c: Case, own = true): Asker {
  const realm = own ? c.layout.realm : `epc.mnc0${c.random.digits(2)}.mcc${c.random.pick(["901", "641", "425"])}.3gppnetwork.org`;
  return { address: stranger(c), host: `node-${c.random.hex(6)}.${realm}`, realm };
}

/** A declared asker: function with an address and a Diameter identity. */
function declaredAsker(c: Case, name: string, role: string): Asker {
  const address = `10.${c.layout.services.join(".")}.${c.random.int(120, 220)}`;
  const host = `${name}.${c.layout.realm}`;
  c.declared.functions.push(
    `{ name: ${name}, roles: [${role}], vendor: ${c.layout.hss.vendor}, site: Core, addresses: [${address}], identities: [${host}] }`,
  );
  return { address, host, realm: c.layout.realm };
}

function due(
  c: Case,
  asked: NetworkFunction,
  asker: Asker,
  s: Subscriber | null,
  o: { data?: string[]; minGrade?: Grade; also?: (string | null)[] } = {},
): void {
  c.expect.push({
    claim: CLAIM,
    minGrade: o.minGrade ?? "corroborated",
    element: asked,
    receiver: asker.address,
    receiverAlso: [asker.host, ...(o.also ?? [])],
    subscriber: s,
    data: o.data ?? ["location"],
    label: "act",
    framesMode: "any",
  });
  c.tolerate = ["undeclared-peer"];
}

function plr(c: Case, s: Subscriber, client = "tracker", type = 1): Question {
  const r = c.random;
  return {
    application: dia.Application.slg,
    command: dia.Command.plr,
    request: dia.plrAvps(s.imsi, s.msisdn, client, type),
    answer: dia.plaAvps(s.enb.cell, r.int(1_000_000, 8_000_000), r.int(1_000_000, 8_000_000)),
  };
}

function idr(s: Subscriber, flags: number, disclose: boolean): Question {
  return {
    application: dia.Application.s6a,
    command: dia.Command.idr,
    request: [dia.userName(s.imsi), dia.avp3(1400), dia.avp3(1490, u32(flags))],
    answer: disclose ? [dia.epsLocation(s.enb.cell)] : [],
  };
}

function udr(s: Subscriber, reference: number, answer: string): Question {
  return {
    application: dia.Application.sh,
    command: dia.Command.udr,
    request: dia.udrAvps(s.msisdn, reference, true),
    answer: [dia.shUserData(answer)],
  };
}

const shLocation = (s: Subscriber): string =>
  `<?xml version="1.0" encoding="UTF-8"?><Sh-Data><EPSLocationInformation><E-UTRANCellGlobalId>${Buffer.from(plmnOctets(s.enb.cell.plmn)).toString("base64")}</E-UTRANCellGlobalId><MMEName>mme-1</MMEName><AgeOfLocationInformation>0</AgeOfLocationInformation></EPSLocationInformation></Sh-Data>`;

function rir(c: Case, s: Subscriber): Question {
  const node = dia.avp3(2401, dia.avp3(2402, text(c.core.host(c.layout.mme.name))), dia.avp3(2408, text(c.layout.realm)));
  return {
    application: dia.Application.slh,
    command: dia.Command.rir,
    request: [dia.avp3(701, tbcd(s.msisdn))],
    answer: [dia.userName(s.imsi), dia.avp3(701, tbcd(s.msisdn)), node],
  };
}

/** A declared roaming partner's MME. */
function partner(c: Case): Asker {
  const realm = "epc.mnc099.mcc262.3gppnetwork.org";
  const asker = { address: stranger(c), host: `mme01.${realm}`, realm };
  c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${asker.address}/32], realms: [${realm}], kind: roaming }`);
  return asker;
}

function registration(c: Case, imsi: string): Question {
  return {
    application: dia.Application.s6a,
    command: dia.Command.ulr,
    request: dia.ulrAvps(imsi, "26299"),
    answer: [dia.avp3(1406, u32(1)), dia.subscriptionData("33612345678", c.layout.apn)],
  };
}

function air(c: Case, imsi: string, count: number): Question {
  const r = c.random;
  const vectors = Array.from({ length: count }, (_, i) => dia.vectorAvp(r.bytes(16), r.bytes(8), r.bytes(16), r.bytes(32), i + 1));
  return {
    application: dia.Application.s6a,
    command: dia.Command.air,
    request: dia.airAvps(imsi, c.layout.plmn, count),
    answer: [dia.avp3(1413, ...vectors)],
  };
}

export const unreasonedQuery: Scenario[] = [
  scenario(
    "query-plr",
    "positive",
    CLAIM,
    "SLg Provide-Location-Requests from a peer nobody declared; the MME answers with positions.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [unknownAsker(c), c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.mme);
      peer.open(t + 3);
      for (let i = 0; i < 4; i++) peer.ask(t + 4 + i * 5, plr(c, s), { label: "act" });
      due(c, c.layout.mme, asker, s);
    },
  ),
  scenario("query-plr-split", "positive", CLAIM, "The same, messages cut over SCTP chunks.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [unknownAsker(c), c.subscriber(1)];
    const peer = new DiameterPeer(c, asker, c.layout.mme);
    for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 5, plr(c, s), { label: "act", split: 120 });
    due(c, c.layout.mme, asker, s);
  }),
  scenario("query-plr-tcp", "positive", CLAIM, "The same over TCP, two requests in a row, segment borders anywhere.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [unknownAsker(c), c.subscriber(1)];
    new DiameterPeer(c, asker, c.layout.mme).askByTcp(t + 4, [plr(c, s), plr(c, s)], "act", [333, 101, 500]);
    due(c, c.layout.mme, asker, s);
  }),
  scenario(
    "query-idr-location",
    "positive",
    CLAIM,
    "An unknown peer sends Insert-Subscriber-Data with the location flags; the answer holds the cell.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [unknownAsker(c), c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.mme);
      for (let i = 0; i < 3; i++)
        peer.ask(t + 4 + i * 4, idr(s, dia.IdrFlag.epsLocation | dia.IdrFlag.currentLocation, true), { label: "act" });
      due(c, c.layout.mme, asker, s);
    },
  ),
  scenario(
    "query-idr-foreign-realm",
    "positive",
    CLAIM,
    "The same in the name of another operator's HSS, about a subscriber of the home network.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [unknownAsker(c, false), c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.mme);
      for (let i = 0; i < 3; i++)
        peer.ask(t + 4 + i * 4, idr(s, dia.IdrFlag.epsLocation | dia.IdrFlag.currentLocation, true), { label: "act" });
      due(c, c.layout.mme, asker, s);
    },
  ),
  scenario(
    "query-sh-location",
    "positive",
    CLAIM,
    "Sh User-Data-Requests for current location by an application server that nobody declared.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [unknownAsker(c), c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, udr(s, 14, shLocation(s)), { label: "act" });
      due(c, c.layout.hss, asker, null);
    },
  ),
  scenario("query-slh", "positive", CLAIM, "SLh routing requests turn numbers into IMSIs and serving nodes for a stranger.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [unknownAsker(c), c.subscriber(1)];
    const peer = new DiameterPeer(c, asker, c.layout.hss);
    for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, rir(c, s), { label: "act" });
    due(c, c.layout.hss, asker, s, { data: ["identity"] });
  }),
  scenario(
    "query-air-bulk",
    "positive",
    CLAIM,
    "A stranger fetches authentication vectors of many subscribers who never attach there.",
    {},
    (c) => {
      const t = begun(c);
      const asker = unknownAsker(c);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 12; i++)
        peer.ask(t + 4 + i, air(c, i < 3 ? c.subscriber(i).imsi : c.layout.plmn + c.random.digits(15 - c.layout.plmn.length), 3), {
          label: "act",
        });
      due(c, c.layout.hss, asker, null, { data: ["credentials"] });
    },
  ),
  scenario("query-unanswered", "positive", CLAIM, "The stranger's requests are refused: sent, and nothing disclosed.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [unknownAsker(c), c.subscriber(1)];
    const peer = new DiameterPeer(c, asker, c.layout.mme);
    for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, { ...plr(c, s), answer: [], result: 5003 }, { label: "act" });
    // The refusal alone is an indication; that somebody whom nobody declared talks with the element both ways makes more of it (contract §1).
    due(c, c.layout.mme, asker, s, { data: [] });
  }),
  scenario(
    "query-beyond-declared",
    "positive",
    CLAIM,
    "An application server declared for T-ADS alone asks for the current location too.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [declaredAsker(c, "tas-1", "TAS"), c.subscriber(1)];
      c.declared.more.push(`queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads], purpose: call routing }]`);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, udr(s, 14, shLocation(s)), { label: "act" });
      due(c, c.layout.hss, asker, null, { also: ["tas-1"] });
    },
  ),
  scenario(
    "query-borrowed-identity",
    "positive",
    CLAIM,
    "A stranger's address asks in the name of the declared location server.",
    {},
    (c) => {
      const t = begun(c);
      const gmlc = declaredAsker(c, "gmlc-1", "GMLC");
      c.declared.lawful.location.push(gmlc.address);
      c.declared.more.push(`queries: [{ asker: gmlc-1, procedures: [slg-plr], data: [location], purpose: emergency }]`);
      const [asker, s] = [{ ...gmlc, address: stranger(c) }, c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.mme);
      for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, plr(c, s), { label: "act" });
      due(c, c.layout.mme, asker, s);
    },
  ),
  scenario("query-wrong-role", "positive", CLAIM, "A gateway fetches authentication vectors, which is no part of a gateway's.", {}, (c) => {
    const t = begun(c);
    const s = c.subscriber(1);
    const asker = { address: c.layout.sgwC.at.s11 ?? "", host: `gw.${c.layout.realm}`, realm: c.layout.realm };
    const peer = new DiameterPeer(c, asker, c.layout.hss);
    for (let i = 0; i < 4; i++) peer.ask(t + 4 + i * 3, air(c, s.imsi, 5), { label: "act" });
    due(c, c.layout.hss, asker, s, { data: ["credentials"], minGrade: "indication", also: [c.layout.sgwC.name] });
  }),
  scenario(
    "query-partner-other-network",
    "positive",
    CLAIM,
    "A partner fetches vectors in the name of a third network (Visited-PLMN-Id).",
    {},
    (c) => {
      const t = begun(c);
      const asker = partner(c);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 4; i++) {
        const imsi = c.layout.plmn + c.random.digits(15 - c.layout.plmn.length);
        peer.ask(t + 4 + i * 2, { ...air(c, imsi, 3), request: dia.airAvps(imsi, "42507", 3) }, { label: "act" });
      }
      due(c, c.layout.hss, asker, null, { data: ["credentials"] });
    },
  ),
  scenario(
    "query-partner-never-left",
    "positive",
    CLAIM,
    "A partner registers a subscriber who is attached here, and who goes on here as if nothing had been.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [partner(c), c.subscriber(1)];
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      peer.ask(t + 9, { ...air(c, s.imsi, 1), request: dia.airAvps(s.imsi, "26299", 1) }, { label: "act" });
      peer.ask(t + 9.4, registration(c, s.imsi), { label: "act" });
      serviceRequest(c.core, s, c.core.release(s, t + 20) + 12, { paged: false });
      due(c, c.layout.hss, asker, s, { data: ["identity"] });
    },
  ),
  scenario("query-partner-location", "positive", CLAIM, "A partner's HSS asks where a subscriber of the home network is.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [partner(c), c.subscriber(1)];
    const peer = new DiameterPeer(c, asker, c.layout.mme);
    for (let i = 0; i < 3; i++)
      peer.ask(t + 4 + i * 4, idr(s, dia.IdrFlag.epsLocation | dia.IdrFlag.currentLocation, true), { label: "act" });
    due(c, c.layout.mme, asker, s);
  }),
  scenario(
    "query-through-agent",
    "positive",
    CLAIM,
    "A host of a foreign realm asks through the declared routing agent: who asks is the host, not the agent.",
    {},
    (c) => {
      const t = begun(c);
      const s = c.subscriber(1);
      const agent = `10.${c.layout.services.join(".")}.${c.random.int(221, 250)}`;
      c.declared.more.push(`signalling: [{ name: dra-1, kind: dra, addresses: [${agent}], realms: [${c.layout.realm}], hides: false }]`);
      const asker = { ...unknownAsker(c, false), address: agent };
      const peer = new DiameterPeer(c, asker, c.layout.mme);
      for (let i = 0; i < 3; i++) peer.ask(t + 4 + i * 4, { ...plr(c, s), via: `dra-1.${c.layout.realm}` }, { label: "act" });
      due(c, c.layout.mme, { ...asker, address: asker.host }, s);
    },
  ),
  scenario(
    "query-gtp-context",
    "positive",
    CLAIM,
    "A stranger asks the MME for subscribers' contexts as if they had moved to it; the answers hold their keys.",
    {},
    (c) => {
      const t = begun(c);
      const from = stranger(c);
      const to = c.layout.mme.at.s11 ?? "";
      for (const [i, s] of c.core.subscribers.entries()) {
        const [n, teid] = [c.core.nextGtp(), c.random.u32()];
        c.cables.udp("s11", t + 4 + i * 2, from, to, 2123, 2123, gtp.contextRequest(n, s.imsi, { teid, address: from }), "act");
        c.cables.udp("s11", t + 4.01 + i * 2, to, from, 2123, 2123, gtp.contextResponse(n, teid, s.imsi, c.random.bytes(32)), "act");
      }
      due(c, c.layout.mme, { address: from, host: from, realm: "" }, c.subscriber(1), { data: ["identity", "credentials"] });
    },
  ),
  scenario(
    "twin-query-border",
    "twin",
    CLAIM,
    "A subscriber crosses the border: the partner registers it, the home network cancels, and nothing more is heard here.",
    {},
    (c) => {
      const t = begun(c);
      const [asker, s] = [partner(c), c.subscriber(1)];
      const left = c.core.release(s, t + 9);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      peer.ask(left + 20, { ...air(c, s.imsi, 1), request: dia.airAvps(s.imsi, "26299", 1) });
      peer.ask(left + 20.4, registration(c, s.imsi));
    },
  ),
  scenario("twin-query-there-and-back", "twin", CLAIM, "The same, and the subscriber comes back and attaches anew.", {}, (c) => {
    const t = begun(c);
    const [asker, s] = [partner(c), c.subscriber(1)];
    const left = c.core.detach(s, t + 9);
    const peer = new DiameterPeer(c, asker, c.layout.hss);
    peer.ask(left + 10, { ...air(c, s.imsi, 1), request: dia.airAvps(s.imsi, "26299", 1) });
    peer.ask(left + 10.4, registration(c, s.imsi));
    const back = c.core.attach(s, left + 40);
    c.traffic.mixture(s, back + 0.5, 4, 3000);
  }),
  scenario(
    "twin-query-hidden-origin",
    "twin",
    CLAIM,
    "An agent that hides topology rewrites the declared location server's name.",
    {},
    (c) => {
      const t = begun(c);
      const gmlc = declaredAsker(c, "gmlc-1", "GMLC");
      const agent = `10.${c.layout.services.join(".")}.${c.random.int(221, 250)}`;
      c.declared.lawful.location.push(gmlc.address);
      c.declared.more.push(`signalling: [{ name: dra-1, kind: dra, addresses: [${agent}], realms: [${c.layout.realm}], hides: true }]`);
      const peer = new DiameterPeer(c, { address: agent, host: `hidden-7.${c.layout.realm}`, realm: c.layout.realm }, c.layout.mme);
      peer.ask(t + 4, plr(c, c.subscriber(0), "psap", 0));
    },
  ),
  scenario("twin-query-tads", "twin", CLAIM, "T-ADS look-ups of a declared application server before terminating calls.", {}, (c) => {
    const t = begun(c);
    const asker = declaredAsker(c, "tas-1", "TAS");
    c.declared.more.push(`queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads, location], purpose: call routing }]`);
    const peer = new DiameterPeer(c, asker, c.layout.hss);
    for (const [i, s] of c.core.subscribers.entries())
      peer.ask(
        t + 4 + i * 3,
        udr(
          s,
          26,
          `<?xml version="1.0" encoding="UTF-8"?><Sh-Data><Extension><Extension><TADSinformation>1</TADSinformation></Extension></Extension></Sh-Data>`,
        ),
      );
  }),
  scenario("twin-query-gmlc", "twin", CLAIM, "A declared location server positions an emergency caller.", {}, (c) => {
    const t = begun(c);
    const asker = declaredAsker(c, "gmlc-1", "GMLC");
    c.declared.lawful.location.push(asker.address);
    c.declared.more.push(`queries: [{ asker: gmlc-1, procedures: [slg-plr, slh-rir], data: [location, identity], purpose: emergency }]`);
    const s = c.subscriber(0);
    new DiameterPeer(c, asker, c.layout.hss).ask(t + 4, rir(c, s));
    new DiameterPeer(c, asker, c.layout.mme).ask(t + 4.2, plr(c, s, "psap", 0));
  }),
  scenario("twin-query-hss-data", "twin", CLAIM, "The HSS updates a profile: Insert-Subscriber-Data without location flags.", {}, (c) => {
    const t = begun(c);
    const ids = { command: dia.Command.idr, application: dia.Application.s6a };
    for (const [i, s] of c.core.subscribers.entries()) {
      const session = c.core.session(c.core.host(c.layout.hss.name));
      const id = { ...ids, hop: c.random.u32(), end: c.random.u32() };
      const peers = { ...c.core.peers(false, session), destinationHost: c.core.host(c.layout.mme.name), destinationRealm: c.layout.realm };
      c.core.s6a.send(
        false,
        t + 4 + i,
        dia.diameter({ ...id, request: true }, [
          ...dia.opening(peers),
          dia.userName(s.imsi),
          dia.subscriptionData(s.msisdn, c.layout.apn),
          dia.avp3(1490, u32(0)),
        ]),
        { stream: 1 },
      );
      c.core.s6a.send(true, t + 4.01 + i, dia.diameter({ ...id, request: false }, dia.opening(c.core.peers(true, session), 2001)), {
        stream: 1,
      });
    }
  }),
  scenario(
    "twin-query-hss-tads",
    "twin",
    CLAIM,
    "The HSS asks its MME for T-ADS and reachability on behalf of IMS: no place is asked or told.",
    {},
    (c) => {
      const t = begun(c);
      for (const [i, s] of c.core.subscribers.entries()) {
        const session = c.core.session(c.core.host(c.layout.hss.name));
        const id = { command: dia.Command.idr, application: dia.Application.s6a, hop: c.random.u32(), end: c.random.u32() };
        const peers = {
          ...c.core.peers(false, session),
          destinationHost: c.core.host(c.layout.mme.name),
          destinationRealm: c.layout.realm,
        };
        c.core.s6a.send(
          false,
          t + 4 + i,
          dia.diameter({ ...id, request: true }, [
            ...dia.opening(peers),
            dia.userName(s.imsi),
            dia.avp3(1400),
            dia.avp3(1490, u32(dia.IdrFlag.tads | dia.IdrFlag.reachability)),
          ]),
          { stream: 1 },
        );
        c.core.s6a.send(
          true,
          t + 4.01 + i,
          dia.diameter({ ...id, request: false }, [...dia.opening(c.core.peers(true, session), 2001), dia.avp3(1492, u32(1))]),
          { stream: 1 },
        );
      }
    },
  ),
  scenario(
    "twin-query-dra",
    "twin",
    CLAIM,
    "A declared routing agent passes the declared location server's requests on: the asker is the identity, not the address.",
    {},
    (c) => {
      const t = begun(c);
      const gmlc = declaredAsker(c, "gmlc-1", "GMLC");
      const agent = `10.${c.layout.services.join(".")}.${c.random.int(221, 250)}`;
      c.declared.lawful.location.push(gmlc.address);
      c.declared.more.push(
        `queries: [{ asker: gmlc-1, procedures: [slg-plr], data: [location], purpose: emergency }]`,
        `signalling: [{ name: dra-1, kind: dra, addresses: [${agent}], realms: [${c.layout.realm}], hides: false }]`,
      );
      const peer = new DiameterPeer(c, { ...gmlc, address: agent }, c.layout.mme);
      peer.ask(t + 4, { ...plr(c, c.subscriber(0), "psap", 0), via: `dra-1.${c.layout.realm}` });
    },
  ),
  scenario(
    "twin-query-roaming-partner",
    "twin",
    CLAIM,
    "A roaming partner's MME registers an outbound subscriber: AIR and ULR from its declared realm.",
    {},
    (c) => {
      const t = begun(c);
      const peer = new DiameterPeer(c, partner(c), c.layout.hss);
      const imsi = c.layout.plmn + c.random.digits(15 - c.layout.plmn.length);
      peer.open(t + 3);
      peer.ask(t + 4, { ...air(c, imsi, 1), request: dia.airAvps(imsi, "26299", 1) });
      peer.ask(t + 4.3, registration(c, imsi));
    },
  ),
  scenario(
    "twin-query-inbound-roamer",
    "twin",
    CLAIM,
    "A roaming partner's HSS asks our MME for the place of its own subscriber, who is here: its right.",
    {},
    (c) => {
      const t = begun(c);
      const home = partner(c);
      const roamer = { ...c.subscriber(0), imsi: `26299${c.random.digits(10)}` };
      new DiameterPeer(c, { ...home, host: `hss01.${home.realm}` }, c.layout.mme).ask(t + 4, idr(roamer, 0x18, true));
    },
  ),
];
