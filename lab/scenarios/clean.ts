/** Networks in which nothing is wrong, in several layouts: no finding of any grade is right. */
import { detachAll, everyday } from "./everyday.ts";
import { s1Handover, serviceRequest, x2Handover } from "#lab/network/handover.ts";
import { scenario, type Scenario } from "./scenario.ts";

export const clean: Scenario[] = [
  scenario(
    "clean-combined",
    "clean",
    "none",
    "A small network with SGW and PGW in one node: attaches, user traffic, detach.",
    { kind: "combined" },
    (c) => {
      detachAll(c, everyday(c));
    },
  ),
  scenario("clean-split", "clean", "none", "SGW and PGW apart, user traffic seen on S1-U, S5-U and SGi.", { kind: "split" }, (c) => {
    detachAll(c, everyday(c));
  }),
  scenario(
    "clean-cups",
    "clean",
    "none",
    "Control and user plane separated; PFCP sessions are made, changed and deleted.",
    { kind: "cups" },
    (c) => {
      detachAll(c, everyday(c));
    },
  ),
  scenario(
    "clean-oam",
    "clean",
    "none",
    "A management network tapped on its own: polling, logs, granted maintenance.",
    { oam: true },
    (c) => {
      everyday(c, { maintenance: true });
    },
  ),
  scenario(
    "clean-x2-handover",
    "clean",
    "none",
    "Handovers by X2 with Path Switch, Update FAR and end markers.",
    { kind: "cups", enbs: 3 },
    (c) => {
      const t = c.begin(3);
      for (let i = 0; i < 3; i++) c.traffic.mixture(c.subscriber(i), t, 5);
      let at = t + 10;
      for (const s of c.core.subscribers) {
        const target = c.layout.enbs.find((e) => e !== s.enb) ?? s.enb;
        at = x2Handover(c.core, s, target, at).done + 2;
        c.traffic.mixture(s, at, 4);
      }
    },
  ),
  scenario("clean-s1-handover", "clean", "none", "Handovers by the core, one of them with indirect forwarding.", { enbs: 3 }, (c) => {
    const t = c.begin(2);
    for (let i = 0; i < 2; i++) c.traffic.mixture(c.subscriber(i), t, 5);
    let at = t + 10;
    for (const [i, s] of c.core.subscribers.entries()) {
      const target = c.layout.enbs.find((e) => e !== s.enb) ?? s.enb;
      at = s1Handover(c.core, s, target, at, { indirect: i === 1 }).done + 2;
      c.traffic.mixture(s, at, 4);
    }
  }),
  scenario("clean-idle", "clean", "none", "Subscribers go idle, are paged and come back with new tunnel ends.", {}, (c) => {
    const t = c.begin(2);
    for (const [i, s] of c.core.subscribers.entries()) {
      c.traffic.mixture(s, t, 3);
      const back = serviceRequest(c.core, s, c.core.release(s, t + 15 + i) + 4, { paged: i === 0 });
      c.traffic.mixture(s, back + 0.1, 4);
    }
  }),
];
