/** Questions in bulk: walks through identities, and the ordinary work of networks that looks like one; places asked again and again. */
import type { Case } from "#lab/case.ts";
import { DiameterPeer, type Asker, type Question } from "#lab/network/diameter-peer.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import * as dia from "#lab/wire/diameter.ts";
import { cat, type Octets, tbcd, text, u32, u8 } from "#lab/wire/octets.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "unreasoned-query";
const USER_UNKNOWN = 5001;
const S6C = 16_777_312;
const SGD = 16_777_313;
const SRR = 8_388_647;
const TFR = 8_388_646;

function begun(c: Case): number {
  const t = c.begin(3);
  for (const s of c.core.subscribers) c.traffic.mixture(s, t, 8, 3000);
  return t;
}

function partner(c: Case): Asker {
  const realm = "epc.mnc099.mcc262.3gppnetwork.org";
  const asker = { address: stranger(c), host: `mme01.${realm}`, realm };
  c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${asker.address}/32], realms: [${realm}], kind: roaming }`);
  return asker;
}

function declared(c: Case, name: string, role: string): Asker {
  const address = `10.${c.layout.services.join(".")}.${c.random.int(120, 220)}`;
  const host = `${name}.${c.layout.realm}`;
  c.declared.functions.push(
    `{ name: ${name}, roles: [${role}], vendor: ${c.layout.hss.vendor}, site: Core, addresses: [${address}], identities: [${host}] }`,
  );
  return { address, host, realm: c.layout.realm };
}

function air(c: Case, imsi: string, known: boolean): Question {
  const r = c.random;
  const vector = dia.avp3(1413, dia.vectorAvp(r.bytes(16), r.bytes(8), r.bytes(16), r.bytes(32)));
  return {
    application: dia.Application.s6a,
    command: dia.Command.air,
    request: dia.airAvps(imsi, "26299", 1),
    answer: known ? [vector] : [],
    ...(known ? {} : { result: USER_UNKNOWN }),
  };
}

function ulr(c: Case, imsi: string): Question {
  return {
    application: dia.Application.s6a,
    command: dia.Command.ulr,
    request: dia.ulrAvps(imsi, "26299"),
    answer: [dia.avp3(1406, u32(1)), dia.subscriptionData("33612345678", c.layout.apn)],
  };
}

/** S6c Send-Routing-Info-for-SM (TS 29.338 §5.3.2.3). */
function srr(c: Case, number: string, known: boolean): Question {
  const node = dia.avp3(2401, dia.avp3(2402, text(c.core.host(c.layout.mme.name))), dia.avp3(2408, text(c.layout.realm)));
  return {
    application: S6C,
    command: SRR,
    request: [dia.avp3(701, tbcd(number)), dia.avp3(3300, tbcd("33609001000"))],
    answer: known ? [dia.userName(imsiOf(c, number)), node] : [],
    ...(known ? {} : { result: USER_UNKNOWN }),
  };
}

/** SGd MT-Forward-Short-Message (TS 29.338 §6.3.2.5). */
function tfr(c: Case, imsi: string): Question {
  return {
    application: SGD,
    command: TFR,
    request: [dia.userName(imsi), dia.avp3(3300, tbcd("33609001000")), dia.avp3(3301, smsDeliver(c))],
    answer: [],
  };
}

const imsiAt = (c: Case, base: number, i: number): string => {
  const digits = 15 - c.layout.plmn.length;
  return (
    c.layout.plmn +
    String(base + i)
      .padStart(digits, "0")
      .slice(-digits)
  );
};

/** The IMSI behind a number: fifteen digits, whatever the length of the PLMN. */
const imsiOf = (c: Case, number: string): string => c.layout.plmn + number.slice(c.layout.plmn.length - 15);

const someImsi = (c: Case): string => c.layout.plmn + c.random.digits(15 - c.layout.plmn.length);

/** The HSS asks the MME for a subscriber's place, as it does for others (TS 29.272 §5.2.2.1). */
function place(c: Case, s: Subscriber, at: number, label?: string): void {
  const session = c.core.session(c.core.host(c.layout.hss.name));
  const id = { command: dia.Command.idr, application: dia.Application.s6a, hop: c.random.u32(), end: c.random.u32() };
  const peers = { ...c.core.peers(false, session), destinationHost: c.core.host(c.layout.mme.name), destinationRealm: c.layout.realm };
  const flags = dia.IdrFlag.epsLocation | dia.IdrFlag.currentLocation;
  const options = { stream: 1, ...(label === undefined ? {} : { label }) };
  const request = [...dia.opening(peers), dia.userName(s.imsi), dia.avp3(1400), dia.avp3(1490, u32(flags))];
  c.core.s6a.send(false, at, dia.diameter({ ...id, request: true }, request), options);
  const answer = [...dia.opening(c.core.peers(true, session), 2001), dia.epsLocation(s.enb.cell)];
  c.core.s6a.send(true, at + 0.03, dia.diameter({ ...id, request: false }, answer), options);
}

function udr(s: Subscriber): Question {
  const xml = `<?xml version="1.0" encoding="UTF-8"?><Sh-Data><EPSLocationInformation><MMEName>mme-1</MMEName></EPSLocationInformation></Sh-Data>`;
  return {
    application: dia.Application.sh,
    command: dia.Command.udr,
    request: dia.udrAvps(s.msisdn, 14, true),
    answer: [dia.shUserData(xml)],
  };
}

export const queryBulk: Scenario[] = [
  scenario(
    "query-walk-air",
    "positive",
    CLAIM,
    "A declared partner asks for the keys of one IMSI after the other; four in ten do not exist, and nobody registers there.",
    {},
    (c) => {
      const t = begun(c);
      const asker = partner(c);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      const [base, stride] = [c.random.int(1_000_000, 900_000_000), c.random.pick([1, 7, 10])];
      for (let i = 0; i < 40; i++) peer.ask(t + 3 + i * 0.6, air(c, imsiAt(c, base, i * stride), c.random.chance(0.6)), { label: "act" });
      c.expect.push({
        claim: CLAIM,
        minGrade: "indication",
        element: c.layout.hss,
        receiver: asker.address,
        receiverAlso: [asker.host, "Othertel"],
        subscriber: null,
        data: ["credentials"],
        label: "act",
      });
    },
  ),
  scenario(
    "query-walk-sms-routing",
    "positive",
    CLAIM,
    "A declared short-message centre asks for the routing of numbers in a row, of which a third do not exist, and sends no message to any.",
    {},
    (c) => {
      const t = begun(c);
      const asker = declared(c, "smsc-1", "SMSC");
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      const base = c.random.int(100_000, 800_000);
      for (let i = 0; i < 36; i++) peer.ask(t + 3 + i * 0.7, srr(c, `33699${base + i * 3}`, i % 3 !== 0), { label: "act" });
      c.expect.push({
        claim: CLAIM,
        minGrade: "indication",
        element: c.layout.hss,
        receiver: asker.address,
        receiverAlso: [asker.host, "smsc-1"],
        subscriber: null,
        data: ["identity"],
        label: "act",
      });
    },
  ),
  scenario(
    "query-hss-again-and-again",
    "positive",
    CLAIM,
    "The own HSS asks the MME for one subscriber's place every few seconds, and nobody asked it to.",
    {},
    (c) => {
      const t = begun(c);
      const s = c.subscriber(1);
      for (let i = 0; i < 9; i++) place(c, s, t + 3 + i * 3, "act");
      c.expect.push({
        claim: CLAIM,
        minGrade: "indication",
        element: c.layout.mme,
        receiver: c.layout.hss.at.s6a ?? "",
        receiverAlso: [c.core.host(c.layout.hss.name), c.layout.hss.name],
        subscriber: s,
        data: ["location"],
        label: "act",
      });
    },
  ),
  scenario(
    "twin-query-hss-for-application",
    "twin",
    CLAIM,
    "The same, each time because a declared application server asked by Sh.",
    {},
    (c) => {
      const t = begun(c);
      const s = c.subscriber(1);
      const asker = declared(c, "tas-1", "TAS");
      c.declared.more.push(`queries: [{ asker: tas-1, procedures: [sh-udr], data: [tads, location], purpose: call routing }]`);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 9; i++) {
        peer.ask(t + 3 + i * 3, udr(s));
        place(c, s, t + 3.005 + i * 3);
      }
    },
  ),
  scenario("twin-query-hss-many-once", "twin", CLAIM, "The HSS asks for the place of each subscriber twice.", {}, (c) => {
    const t = begun(c);
    for (const [i, s] of c.core.subscribers.entries()) for (const again of [0, 1]) place(c, s, t + 3 + i * 3 + again * 12);
  }),
  scenario(
    "twin-query-roamers-again",
    "twin",
    CLAIM,
    "A partner authenticates sixty roamers again who are registered there: keys in bulk, and few registrations.",
    {},
    (c) => {
      const t = begun(c);
      const peer = new DiameterPeer(c, partner(c), c.layout.hss);
      for (let i = 0; i < 60; i++) {
        const imsi = someImsi(c);
        peer.ask(t + 3 + i * 0.4, air(c, imsi, true));
        if (i % 12 === 0) peer.ask(t + 3.2 + i * 0.4, ulr(c, imsi));
      }
    },
  ),
  scenario(
    "twin-query-air-mme-restart",
    "twin",
    CLAIM,
    "The own MME was restarted: it asks for the keys of fifty subscribers of one batch of cards in a row, and registers them.",
    {},
    (c) => {
      const t = begun(c);
      const mme = { address: c.layout.mme.at.s6a ?? "", host: c.core.host(c.layout.mme.name), realm: c.layout.realm };
      const peer = new DiameterPeer(c, mme, c.layout.hss);
      const base = c.random.int(1_000_000, 900_000_000);
      for (let i = 0; i < 50; i++) {
        peer.ask(t + 3 + i * 0.5, air(c, imsiAt(c, base, i), true));
        if (i % 9 !== 0) peer.ask(t + 3.2 + i * 0.5, ulr(c, imsiAt(c, base, i)));
      }
    },
  ),
  scenario(
    "twin-query-sms-routing",
    "twin",
    CLAIM,
    "A declared short-message centre routes a campaign: numbers in a row, some of them gone, and a message to each that exists.",
    {},
    (c) => {
      const t = begun(c);
      const asker = declared(c, "smsc-1", "SMSC");
      const [hss, mme] = [new DiameterPeer(c, asker, c.layout.hss), new DiameterPeer(c, asker, c.layout.mme)];
      const base = c.random.int(100_000, 800_000);
      for (let i = 0; i < 40; i++) {
        const number = `33699${base + i}`;
        hss.ask(t + 3 + i * 0.6, srr(c, number, i % 8 !== 0));
        if (i % 8 !== 0) mme.ask(t + 3.2 + i * 0.6, tfr(c, imsiOf(c, number)));
      }
    },
  ),
  scenario(
    "twin-query-sim-swap",
    "twin",
    CLAIM,
    "A fraud check that the declaration names asks for the IMSI behind each number that a bank sends it, in any order.",
    {},
    (c) => {
      const t = begun(c);
      const asker = declared(c, "fraud-1", "AS");
      c.declared.more.push(`queries: [{ asker: fraud-1, procedures: [sh-udr], data: [identity], purpose: SIM swap check }]`);
      const peer = new DiameterPeer(c, asker, c.layout.hss);
      for (let i = 0; i < 40; i++) {
        const xml = `<?xml version="1.0" encoding="UTF-8"?><Sh-Data><Extension><Extension><Extension><IMSI>${someImsi(c)}</IMSI></Extension></Extension></Extension></Sh-Data>`;
        const question = {
          application: dia.Application.sh,
          command: dia.Command.udr,
          request: dia.udrAvps(`336${c.random.digits(8)}`, 32, false),
          answer: [dia.shUserData(xml)],
        };
        peer.ask(t + 3 + i * 0.5, i % 5 === 0 ? { ...question, answer: [], result: USER_UNKNOWN } : question);
      }
    },
  ),
];

/** SMS-DELIVER (TS 23.040 §9.2.2.1) in eight-bit data, whose content alone is drawn. */
function smsDeliver(c: Case): Octets {
  const content = c.random.bytes(40);
  return cat(
    // no more messages; originator of 11 digits, international
    u8(0x04),
    u8(11),
    u8(0x91),
    Uint8Array.of(0x33, 0x06, 0x09, 0x10, 0x00, 0xf0),
    // protocol, coding: eight-bit data; 28 September 2026, 21:36:20
    u8(0x00),
    u8(0x04),
    Uint8Array.of(0x62, 0x90, 0x82, 0x12, 0x63, 0x02, 0x00),
    u8(content.length),
    content,
  );
}
