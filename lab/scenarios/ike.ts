/** What two ends agree on in IKEv2: without encryption or integrity, offered and chosen; offered and not chosen; and by others than the network. */
import type { Case } from "#lab/case.ts";
import { Exchange, ike, Payload, type Proposal, sa, unhidden } from "#lab/wire/ike.ts";
import type { Octets } from "#lab/wire/octets.ts";
import { everyday } from "./everyday.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "weakened-protection";

const AES = { type: 1, id: 12, bits: 256 };
const GCM = { type: 1, id: 20, bits: 128 };
const NULL = { type: 1, id: 11 };
const SHA = { type: 3, id: 12 };
const NONE = { type: 3, id: 0 };
const COMMON = [
  { type: 2, id: 5 },
  { type: 4, id: 14 },
];
const ESN = { type: 5, id: 0 };

type Transforms = Proposal["transforms"];

/** IKE_SA_INIT with its answer, and IKE_AUTH, which can be read where the IKE SA hides nothing. */
function agree(
  c: Case,
  ends: readonly [string, string],
  at: number,
  o: { offered: readonly Transforms[]; chosen: Transforms | null; child?: Transforms; label?: string; segment?: "x2" | "sgi" },
): void {
  const r = c.random;
  const spis: [Octets, Octets] = [r.bytes(8), new Uint8Array(8)];
  const [cport, sport] = [500, 500];
  const segment = o.segment ?? "x2";
  const send = (back: boolean, t: number, message: Octets): void =>
    c.cables.udp(segment, t, back ? ends[1] : ends[0], back ? ends[0] : ends[1], cport, sport, message, o.label);
  const rest = (): [number, Octets][] => [
    [Payload.ke, r.bytes(260)],
    [Payload.nonce, r.bytes(32)],
  ];
  const offers = o.offered.map((transforms): Proposal => ({ protocol: 1, transforms: [...transforms, ...COMMON] }));
  send(false, at, ike({ spis, exchange: Exchange.init, response: false, id: 0, payloads: [sa(...offers), ...rest()] }));
  spis[1] = r.bytes(8);
  if (o.chosen === null) {
    // NO_PROPOSAL_CHOSEN.
    send(
      true,
      at + 0.02,
      ike({ spis, exchange: Exchange.init, response: true, id: 0, payloads: [[Payload.notify, Uint8Array.of(0, 0, 0, 14)]] }),
    );
    return;
  }
  const chosen: Proposal = { protocol: 1, transforms: [...o.chosen, ...COMMON] };
  send(true, at + 0.02, ike({ spis, exchange: Exchange.init, response: true, id: 0, payloads: [sa(chosen), ...rest()] }));
  for (const back of [false, true]) {
    const child: Proposal = { protocol: 3, spi: r.bytes(4), transforms: [...(o.child ?? [AES, SHA]), ESN] };
    const inside = [[36, r.bytes(20)] as const, sa(child)];
    const hidden = o.chosen.includes(NULL) ? unhidden(inside, r.bytes(16)) : unhidden([], r.bytes(240));
    send(back, at + (back ? 0.09 : 0.05), ike({ spis, exchange: Exchange.auth, response: back, id: 1, payloads: [] }, hidden));
  }
}

function secured(c: Case): { t: number; ends: [string, string] } {
  c.declared.protectedInterfaces.push("X2");
  const t = everyday(c);
  return { t, ends: [c.layout.enbs[0]!.at.x2 ?? "", c.layout.enbs[1]!.at.x2 ?? ""] };
}

function due(c: Case): void {
  c.expect.push({ claim: CLAIM, minGrade: "proven", element: c.layout.enbs[1]!, receiver: null, data: [], label: "act" });
}

export const ikeAgreements: Scenario[] = [
  scenario(
    "ike-null-chosen",
    "positive",
    CLAIM,
    "A base station offers AES and null encryption, and its neighbour chooses null.",
    {},
    (c) => {
      const { t, ends } = secured(c);
      agree(c, ends, t + 2, {
        offered: [
          [AES, SHA],
          [NULL, SHA],
        ],
        chosen: [NULL, SHA],
        label: "act",
      });
      due(c);
    },
  ),
  scenario("ike-no-integrity", "positive", CLAIM, "Encryption without any integrity is chosen for IKE.", {}, (c) => {
    const { t, ends } = secured(c);
    agree(c, ends, t + 2, { offered: [[AES, SHA, NONE]], chosen: [AES, NONE], label: "act" });
    due(c);
  }),
  scenario(
    "ike-esp-null",
    "positive",
    CLAIM,
    "The child SA, readable as IKE itself hides nothing, is of ESP with null encryption.",
    {},
    (c) => {
      const { t, ends } = secured(c);
      agree(c, ends, t + 2, { offered: [[NULL, SHA]], chosen: [NULL, SHA], child: [NULL, SHA], label: "act" });
      due(c);
    },
  ),
  scenario("twin-ike-offered-only", "twin", CLAIM, "Null encryption is offered, and AES is chosen.", {}, (c) => {
    const { t, ends } = secured(c);
    agree(c, ends, t + 2, {
      offered: [
        [NULL, SHA],
        [AES, SHA],
      ],
      chosen: [AES, SHA],
    });
  }),
  scenario("twin-ike-refused", "twin", CLAIM, "Nothing but null encryption is offered, and refused.", {}, (c) => {
    const { t, ends } = secured(c);
    agree(c, ends, t + 2, { offered: [[NULL, SHA]], chosen: null });
  }),
  scenario("twin-ike-aead", "twin", CLAIM, "AES-GCM is chosen, which proves integrity itself (RFC 5282).", {}, (c) => {
    const { t, ends } = secured(c);
    agree(c, ends, t + 2, { offered: [[GCM], [AES, SHA]], chosen: [GCM] });
  }),
  scenario(
    "twin-ike-subscriber",
    "twin",
    CLAIM,
    "A subscriber's tunnel to a server of its own hides nothing: that is the subscriber's affair.",
    {},
    (c) => {
      c.declared.protectedInterfaces.push("X2");
      const t = everyday(c);
      const [a, b] = [c.subscriber(0).ip, stranger(c)];
      agree(c, [a, b], t + 2, { offered: [[NULL, SHA]], chosen: [NULL, SHA], segment: "sgi" });
    },
  ),
];
