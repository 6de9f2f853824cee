/** Null algorithms and clear links: against policy, within it, or chosen for want of better. */
import { ip, Protocol } from "#lab/wire/ip.ts";
import { cat, u16, u32, u8 } from "#lab/wire/octets.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import type { Case } from "#lab/case.ts";
import { drawSubscriber, type Subscriber } from "#lab/network/subscriber.ts";
import type { AttachOptions } from "#lab/network/core.ts";

const CLAIM = "weakened-protection";

/** One subscriber attaches with the given algorithms after others got better ones. */
function attachWith(c: Case, at: number, o: AttachOptions, capability?: Uint8Array): Subscriber {
  const enb = c.random.pick(c.layout.enbs);
  const s = { ...drawSubscriber(c.random, c.layout, 40, enb), ...(capability === undefined ? {} : { capability }) };
  c.core.attach(s, at, { ...o, labels: { smc: "act" } });
  c.traffic.mixture(s, at + 1.5, 3);
  return s;
}

function due(c: Case, s: Subscriber, minGrade: "indication" | "proven" = "proven"): void {
  c.expect.push({
    claim: CLAIM,
    minGrade,
    element: c.layout.mme,
    elementAlso: [s.enb],
    receiver: null,
    receiverAlso: [s.enb.at.s1c ?? "", c.layout.mme.at.s1c ?? ""],
    subscriber: s,
    label: "act",
    framesMode: "all",
  });
}

export const weakenedProtection: Scenario[] = [
  scenario(
    "null-ciphering",
    "positive",
    CLAIM,
    "The MME commands EEA0 although the UE offers EEA1 to EEA3 and policy keeps EEA0 for emergencies.",
    {},
    (c) => {
      const t = everyday(c);
      due(c, attachWith(c, t + 3, { ciphering: 0 }));
    },
  ),
  scenario("null-integrity", "positive", CLAIM, "The MME commands EIA0 outside an emergency.", {}, (c) => {
    const t = everyday(c);
    due(c, attachWith(c, t + 3, { ciphering: 0, integrity: 0 }));
  }),
  scenario("null-ciphering-no-policy", "positive", CLAIM, "No policy is declared; the same MME gives other subscribers EEA2.", {}, (c) => {
    c.declared.policy = "{}";
    const t = everyday(c);
    due(c, attachWith(c, t + 3, { ciphering: 0 }));
  }),
  scenario("null-ciphering-all", "positive", CLAIM, "No policy is declared and everybody gets EEA0: only an indication.", {}, (c) => {
    c.declared.policy = "{}";
    c.core.start(0);
    const s = c.core.newSubscriber();
    const t = c.core.attach(s, 2, { ciphering: 0, labels: { smc: "act" } });
    c.core.attach(c.core.newSubscriber(), t + 1, { ciphering: 0 });
    c.traffic.mixture(s, t + 3, 5);
    due(c, s, "indication");
    c.expect[0] = { ...c.expect[0]!, framesMode: "any", subscriber: null };
  }),
  scenario("null-ciphering-split", "positive", CLAIM, "The command of EEA0 is cut over three SCTP chunks.", {}, (c) => {
    const t = everyday(c);
    due(c, attachWith(c, t + 3, { ciphering: 0, sctp: { smc: { split: 14 } } }));
  }),
  scenario(
    "plaintext-on-protected-link",
    "positive",
    CLAIM,
    "S1-U is declared as protected by IPsec, yet user data passes on it in clear.",
    {},
    (c) => {
      c.declared.protectedInterfaces.push("S1-U");
      const t = c.begin(2);
      for (const s of c.core.subscribers) c.traffic.quic(s, t + 1, 40);
      const s = c.subscriber(0);
      c.traffic.datagram(s, true, t + 4, "192.0.2.9", 40_000, 4000, c.random.bytes(100), "act");
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: c.layout.sgwU,
        elementAlso: [...c.layout.enbs],
        receiver: null,
        receiverAlso: [...c.layout.enbs.map((e) => e.at.s1u ?? ""), c.layout.sgwU.at.s1u ?? ""],
        label: "act",
        framesMode: "any",
      });
      const e = c.expect[0]!;
      c.expect[0] = { ...e, data: [] };
    },
  ),
  scenario(
    "esp-null-encryption",
    "positive",
    CLAIM,
    "S1-U is declared as protected; its packets pass in ESP with integrity alone, so that every hearer reads them.",
    {},
    (c) => {
      c.declared.protectedInterfaces.push("S1-U");
      const r = c.random;
      const e = c.layout.enbs[0]!;
      const [a, b] = [e.at.s1u ?? "", c.layout.sgwU.at.s1u ?? ""];
      for (let i = 0; i < 60; i++) {
        const inner = ip(a, b, Protocol.UDP, cat(u32(0x0868_0868), u16(0), u16(0), r.bytes(4 * r.int(6, 60))), { id: c.cables.nextId() });
        const pad = (4 - ((inner.length + 2) % 4)) % 4;
        const trailer = cat(
          Uint8Array.from({ length: pad }, (_, n) => n + 1),
          u8(pad),
          u8(4),
          r.bytes(16),
        );
        c.cables.send(
          "s1u",
          1 + i * 0.3,
          ip(a, b, Protocol.ESP, cat(u32(0x1234_5678), u32(i + 1), inner, trailer), { id: c.cables.nextId() }),
          "act",
        );
      }
      c.expect.push({
        claim: CLAIM,
        minGrade: "proven",
        element: e,
        elementAlso: [c.layout.sgwU],
        receiver: null,
        receiverAlso: [a, b],
        data: [],
        label: "act",
        framesMode: "any",
      });
    },
  ),
  scenario(
    "twin-null-emergency",
    "twin",
    CLAIM,
    "An emergency attach without authentication gets EEA0 and EIA0: policy allows it.",
    {},
    (c) => {
      const t = everyday(c);
      attachWith(c, t + 3, { ciphering: 0, integrity: 0, emergency: true });
    },
  ),
  scenario(
    "twin-null-emergency-pdn",
    "twin",
    CLAIM,
    "An ordinary attach that asks for an emergency PDN connection gets EEA0: policy allows it to emergencies.",
    {},
    (c) => {
      const t = everyday(c);
      attachWith(c, t + 3, { ciphering: 0, integrity: 0, emergencyPdn: true });
    },
  ),
  scenario("twin-null-allowed", "twin", CLAIM, "Policy allows EEA0 in this country.", {}, (c) => {
    c.declared.policy = "{ ciphering: { EEA0: allowed } }";
    const t = everyday(c);
    attachWith(c, t + 3, { ciphering: 0 });
  }),
  scenario("twin-null-only-offer", "twin", CLAIM, "The device offers nothing but EEA0.", {}, (c) => {
    const t = everyday(c);
    attachWith(c, t + 3, { ciphering: 0 }, Uint8Array.of(0x80, 0x70, 0xc0, 0x40));
    c.allowAtMost = { "weakened-protection": "indication" };
  }),
  scenario("twin-better-algorithms", "twin", CLAIM, "EEA1 for one, EEA3 for another: none of them null.", {}, (c) => {
    const t = everyday(c);
    attachWith(c, t + 3, { ciphering: 1 });
    c.core.attach(c.core.newSubscriber(), t + 6, { ciphering: 3, integrity: 1 });
  }),
  scenario(
    "twin-protected-link-esp",
    "twin",
    CLAIM,
    "S1 is declared as protected, and only ESP passes between base stations and gateway.",
    {},
    (c) => {
      c.declared.protectedInterfaces.push("S1-MME", "S1-U");
      const r = c.random;
      for (const e of c.layout.enbs) {
        const spi = [r.u32(), r.u32()];
        for (let i = 0; i < 150; i++) {
          const up = r.chance(0.4);
          const [src, dst] = up ? [e.at.s1u ?? "", c.layout.sgwU.at.s1u ?? ""] : [c.layout.sgwU.at.s1u ?? "", e.at.s1u ?? ""];
          c.cables.send(
            "s1u",
            1 + i * 0.2 + r.unit() * 0.1,
            ip(src, dst, Protocol.ESP, cat(u32(spi[up ? 0 : 1] ?? 0), u32(i), r.bytes(16 * r.int(4, 80))), { id: c.cables.nextId() }),
          );
        }
      }
    },
  ),
  scenario(
    "twin-null-same-subscriber",
    "twin",
    CLAIM,
    "No policy is declared; the only subscriber gets EEA2 once and EEA0 later: nobody else got better, so no more than an indication.",
    {},
    (c) => {
      c.declared.policy = "{}";
      c.core.start(0);
      const s = c.core.newSubscriber();
      const t = c.core.attach(s, 2);
      const left = c.core.detach(s, t + 5);
      c.core.attach(s, left + 3, { ciphering: 0 });
      c.allowAtMost = { "weakened-protection": "indication" };
    },
  ),
];
