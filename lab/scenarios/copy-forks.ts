/** Copies on ways that roles explain: to a second declared base station, to a partner; and what handovers do that looks alike. */
import type { Case } from "#lab/case.ts";
import type { NetworkFunction } from "#lab/network/layout.ts";
import type { Passage } from "#lab/network/user-plane.ts";
import type { LayoutOptions } from "#lab/network/layout.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import { play, stage, type CopyStage } from "./copies.ts";
import { scenario, type Scenario } from "./scenario.ts";
import { stranger } from "./undeclared-peer.ts";

const CLAIM = "covert-copy";

/** The gateway sends what it handles once more, to `to` on S1-U. */
function again(c: Case, to: string, teid: number, select: (p: Passage) => boolean, label?: string): void {
  const near = c.layout.sgwU.at.s1u ?? "";
  c.plane.watchers.push((p) => {
    if (select(p)) c.cables.udp("s1u", p.at + 0.0006, near, to, 2152, 2152, gtpu(teid, p.inner), label);
  });
}

function elsewhere(c: Case, s: CopyStage): string {
  return c.layout.enbs.find((e) => e !== s.target.enb)?.at.s1u ?? "";
}

function due(c: Case, s: CopyStage, element: NetworkFunction, receiver: string, known = true): void {
  c.expect.push({
    claim: CLAIM,
    claimAlso: ["ghost-tunnel"],
    minGrade: "corroborated",
    element,
    receiver,
    subscriber: known ? s.target : null,
    data: ["content"],
    label: "act",
  });
}

function fork(
  name: string,
  kind: "positive" | "twin",
  description: string,
  act: (c: Case, s: CopyStage) => void,
  o: LayoutOptions = {},
): Scenario {
  return scenario(name, kind, CLAIM, description, { enbs: 3, ...o }, (c) => act(c, stage(c, c.layout.sgwU)));
}

export const copyForks: Scenario[] = [
  fork(
    "copy-second-enb",
    "positive",
    "The session is older than the capture: what the gateway sends to the device's base station it sends to another declared one, too.",
    (c, s) => {
      again(c, elsewhere(c, s), c.random.u32(), (p) => p.subscriber === s.target && !p.up, "act");
      play(c, s);
      c.recorder.startAt = s.t + 0.2;
      due(c, s, c.layout.sgwU, elsewhere(c, s), false);
    },
  ),
  fork(
    "copy-second-enb-both",
    "positive",
    "Both directions go to the second base station, in a network with a split gateway whose attaches are seen.",
    (c, s) => {
      const teid = c.random.u32();
      again(c, elsewhere(c, s), teid, (p) => p.subscriber === s.target, "act");
      play(c, s);
      due(c, s, c.layout.sgwU, elsewhere(c, s));
    },
    { kind: "split" },
  ),
  fork("copy-to-partner", "positive", "A declared partner gets in GTP-U what a subscriber sends to the Internet.", (c, s) => {
    const far = stranger(c);
    c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${far}/32], kind: roaming }`);
    again(c, far, c.random.u32(), (p) => p.subscriber === s.target && p.up, "act");
    play(c, s);
    c.recorder.startAt = s.t + 0.2;
    due(c, s, c.layout.sgwU, far, false);
    // Another network's gateway may be a leg that brings nothing back.
    c.tolerate = ["ghost-tunnel"];
  }),
  fork(
    "twin-copy-moved-unseen",
    "twin",
    "The device moves to and fro between base stations, and no signalling of it is on the tapped wires.",
    (c, s) => {
      const { target } = s;
      const [home, other] = [target.downlink, { address: elsewhere(c, s), teid: c.random.u32() }];
      const away = c.layout.enbs.find((e) => e.at.s1u === other.address)!;
      for (const [i, there] of [true, false, true, false].entries())
        target.epochs.push({ from: s.t + 1 + i * 1.2, enb: there ? away : target.enb, up: target.uplink, down: there ? other : home });
      play(c, s);
      c.recorder.startAt = s.t + 0.2;
    },
  ),
  fork(
    "twin-copy-forwarded-unseen",
    "twin",
    "A handover whose signalling is not seen: the source brings back what it could not deliver, and the gateway sends it to the target, which does not take the device.",
    (c, s) => {
      const [near, from] = [c.layout.sgwU.at.s1u ?? "", s.target.enb.at.s1u ?? ""];
      const [up, down] = [c.random.u32(), c.random.u32()];
      const forwarded = (p: Passage): boolean => p.subscriber === s.target && !p.up && p.at > s.t + 1 && p.at < s.t + 4.5;
      c.plane.watchers.push((p) => {
        if (!forwarded(p)) return;
        c.cables.udp("s1u", p.at + 0.004, from, near, 2152, 2152, gtpu(up, p.inner));
        c.cables.udp("s1u", p.at + 0.005, near, elsewhere(c, s), 2152, 2152, gtpu(down, p.inner));
      });
      play(c, s);
      c.recorder.startAt = s.t + 0.2;
    },
  ),
  fork(
    "twin-copy-second-address",
    "twin",
    "The base station has two declared addresses, and packets go to both.",
    (c, s) => {
      again(c, s.target.enb.at.oam ?? "", c.random.u32(), (p) => p.subscriber === s.target && !p.up);
      play(c, s);
      c.recorder.startAt = s.t + 0.2;
    },
    { oam: true },
  ),
  fork(
    "twin-copy-partners-guest",
    "twin",
    "A subscriber who roams is called: what goes to the partner's gateway passed the plain side.",
    (c, s) => {
      const far = stranger(c);
      c.declared.partners.push(`{ name: Othertel, plmns: ["26299"], addresses: [${far}/32], kind: roaming }`);
      again(c, far, c.random.u32(), (p) => p.subscriber === s.target && p.up);
      const talk = Array.from({ length: 30 }, (_, i) => ({ from: "client" as const, data: c.random.bytes(300 + i), after: 0.15 }));
      c.traffic.talk(s.target, s.t + 2, `${c.layout.pool}.250`, 40_000, talk);
      c.recorder.startAt = s.t + 0.2;
      c.allowAtMost = { "ghost-tunnel": "indication" };
    },
  ),
];
