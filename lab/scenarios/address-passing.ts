/** Addresses that pass from one subscriber to another while interception, or a copy, of what they carry goes on. */
import type { Case } from "#lab/case.ts";
import type { LayoutOptions } from "#lab/network/layout.ts";
import type { Subscriber } from "#lab/network/subscriber.ts";
import { copyPackets, gather, wrapper } from "#lab/network/copier.ts";
import { due, hi3, stage, warrant, x3, type Stage } from "./interception.ts";
import { scenario, type Scenario } from "./scenario.ts";

const CLAIM = "unwarranted-interception";

interface Passing {
  /** Before, and after: the same element, label and address, another person's packets. */
  readonly before: Stage;
  readonly after: Stage;
  readonly heir: Subscriber;
}

/** The target leaves, and a new subscriber gets the address. */
function passing(c: Case): Passing {
  const before = stage(c);
  const { target, t } = before;
  const heir = c.core.newSubscriber(undefined, target.ip);
  const after: Stage = { ...before, t: t + 8, target: heir, packets: gather(c, (p) => p.subscriber === heir) };
  c.core.detach(target, t + 6);
  c.core.attach(heir, t + 8);
  return { before, after, heir };
}

function play(c: Case, { before, heir }: Passing): void {
  const { target, t } = before;
  c.traffic.mixture(c.subscriber(0), t, 8, 3000);
  c.traffic.tls(target, c.traffic.dns(target, t + 1), { down: 9000 });
  c.traffic.tls(heir, c.traffic.dns(heir, t + 11), { down: 12_000 });
  c.traffic.quic(heir, t + 12, 10);
}

function case_(
  name: string,
  kind: Scenario["kind"],
  description: string,
  act: (c: Case, p: Passing) => void,
  o: LayoutOptions = {},
): Scenario {
  return scenario(name, kind, CLAIM, description, o, (c) => {
    const p = passing(c);
    if (kind === "positive") warrant(c, p.before);
    act(c, p);
  });
}

export const addressPassing: Scenario[] = [
  case_(
    "x3-passed-on",
    "positive",
    "X3 under a warrant goes on after its target's session has ended and another subscriber got the address: that is another person's content.",
    (c, p) => {
      play(c, p);
      x3(c, p.before, p.before.mdf, { label: "lawful" });
      x3(c, p.after, p.after.mdf);
      due(c, p.after.mdf, p.heir);
    },
  ),
  case_(
    "hi3-passed-on",
    "positive",
    "The same from the delivery function to the agency (HI3).",
    (c, p) => {
      play(c, p);
      hi3(c, p.before, p.before.mdf, p.before.lemf, { label: "lawful" });
      hi3(c, p.after, p.after.mdf, p.after.lemf);
      due(c, p.after.lemf, p.heir, { element: p.after.mdf });
    },
    { kind: "cups" },
  ),
  case_("copy-passed-on", "positive", "The same as copies in VXLAN, which bear no label.", (c, p) => {
    const wrap = wrapper(c, "vxlan");
    const before = { exit: p.before.exit, to: p.before.lemf, wrap, label: "lawful" };
    copyPackets(c, { ...before, select: (q) => q.subscriber === p.before.target });
    copyPackets(c, { ...before, label: "act", select: (q) => q.subscriber === p.heir });
    play(c, p);
    c.expect.push({
      claim: "covert-copy",
      minGrade: "proven",
      element: c.layout.pgwU,
      receiver: p.after.lemf,
      subscriber: p.heir,
      data: ["content"],
      label: "act",
    });
    c.tolerate = ["undeclared-peer"];
  }),
  case_("twin-x3-passed-on-warranted", "twin", "A warrant names the new holder as well, under a label of its own.", (c, p) => {
    warrant(c, p.before);
    const first = c.warrants ?? [];
    const after = { ...p.after, liid: `${p.before.liid}B`, xid: c.random.bytes(16) };
    warrant(c, after);
    c.warrants = [...first, ...(c.warrants ?? [])];
    play(c, p);
    x3(c, p.before, p.before.mdf);
    x3(c, after, after.mdf);
  }),
  case_(
    "twin-hi3-passed-on-late",
    "twin",
    "What the target had sent is delivered after the address had passed on; its own time lies before.",
    (c, p) => {
      warrant(c, p.before);
      play(c, p);
      hi3(c, p.before, p.before.mdf, p.before.lemf, { delay: 30 });
    },
  ),
  case_("twin-x3-same-again", "twin", "The target leaves and comes back, and gets the same address.", (c, p) => {
    warrant(c, p.before);
    const { target, t } = p.before;
    const again = c.core.newSubscriber(target.enb, target.ip);
    Object.assign(again, { imsi: target.imsi, msisdn: target.msisdn, imei: target.imei });
    const stages = { ...p.before, packets: gather(c, (q) => q.subscriber === target || q.subscriber === again) };
    c.core.detach(p.heir, t + 10);
    c.core.attach(again, t + 12);
    c.traffic.tls(target, c.traffic.dns(target, t + 1), { down: 9000 });
    c.traffic.tls(again, c.traffic.dns(again, t + 15), { down: 9000 });
    x3(c, stages, stages.mdf);
  }),
];
