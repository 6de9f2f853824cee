/**
 * Rules of the user plane that hand a subscriber's packets to a delivery function (3GPP TS 29.244 §5.2.1; TS 33.107 §12): interception ordered by PFCP in place of X1. Where the
 * rule delivers to is declared, so the question is the warrant's: is there one for this person, for content, now?
 */
import type { PfcpMessage } from "#decode/pfcp/message.ts";
import { GRADES, type FindingDraft, type Grade } from "#model/finding.ts";
import type { ObservedMessage } from "#model/message.ts";
import type { MessageObservation, SubscriberView } from "#model/observation.ts";
import { state, type Statement } from "#model/statement.ts";
import { foldTarget } from "#model/target.ts";
import { type Instant, toMicros } from "#model/time.ts";
import type { Coverage, WarrantRegister } from "#register/covers.ts";
import type { DetectorContext } from "#detect/detector.ts";
import { EvidenceGatherer } from "#detect/gather.ts";
import { breachSaid, UNDECIDED, type Breach } from "./judge.ts";
import type { InterceptionParties } from "./parties.ts";

const ACCEPTED = 1;
/** Rules kept; past it, new ones are not judged. */
export const MAX_DUPLICATIONS = 50_000;

interface Rule {
  readonly element: string;
  readonly receiver: string;
  readonly subscriber: SubscriberView | undefined;
  readonly stated: readonly string[];
  readonly time: Instant;
  readonly capture: number;
  readonly point: number;
  readonly frames: readonly number[];
  readonly sound: boolean;
  outcome: "open" | "accepted" | "rejected";
}

/** Breaches by what the register answers; the other answers are none. */
const BREACHES: Readonly<Partial<Record<Coverage, Breach>>> = {
  unknown: "no-warrant",
  "out-of-scope": "out-of-scope",
  "too-late": "outside-period",
  "too-early": "outside-period",
  "wrong-receiver": "wrong-receiver",
};

export class DuplicationRules {
  private readonly context: DetectorContext;
  private readonly register: WarrantRegister | null;
  private readonly parties: InterceptionParties;
  /** All identities behind a subscriber's key, as `imsi:…`, `msisdn:…`, …. */
  private readonly identitiesOf: (key: string) => readonly string[];
  private readonly rules: Rule[] = [];
  private readonly byRequest = new WeakMap<ObservedMessage, Rule[]>();

  constructor(
    context: DetectorContext,
    register: WarrantRegister | null,
    parties: InterceptionParties,
    identitiesOf: (key: string) => readonly string[],
  ) {
    this.context = context;
    this.register = register;
    this.parties = parties;
    this.identitiesOf = identitiesOf;
  }

  observe({ observed, answers, subscriber }: MessageObservation): void {
    const message = observed.message as PfcpMessage;
    if (answers !== undefined) {
      for (const rule of this.byRequest.get(answers) ?? []) rule.outcome = message.cause === ACCEPTED ? "accepted" : "rejected";
      return;
    }
    const { origin } = observed;
    const places = new Set<string>();
    for (const far of [...message.createFar, ...message.updateFar]) {
      for (const { outerHeaderCreation: header } of far.duplicating) {
        for (const address of [header?.ipv4, header?.ipv6])
          if (address !== undefined && (this.parties.mayReceive(address) || this.register?.namesReceiver(address) === true))
            places.add(address);
      }
    }
    for (const receiver of places) {
      if (this.rules.length >= MAX_DUPLICATIONS) return;
      const rule: Rule = {
        element: origin.dst,
        receiver,
        subscriber,
        stated: [...message.imsi.map((imsi) => `imsi:${imsi}`), ...message.msisdn.map((msisdn) => `msisdn:${msisdn}`)],
        time: origin.time,
        capture: origin.capture,
        point: origin.point,
        frames: origin.frames.length > 0 ? origin.frames : [origin.frame],
        sound: !origin.incomplete && message.faults.length === 0,
        outcome: "open",
      };
      this.rules.push(rule);
      const known = this.byRequest.get(observed);
      if (known === undefined) this.byRequest.set(observed, [rule]);
      else known.push(rule);
    }
  }

  /** Drafts of what no warrant covers; `covered` gets a line for each that one does, `open` a reason for each that cannot be told. */
  findings(covered: Set<string>, open: (why: Statement, stream: string) => void): FindingDraft[] {
    const groups = new Map<string, { rule: Rule; breach: Breach; grade: Grade }[]>();
    for (const rule of this.rules) {
      const stream = `pfcp ${rule.element} ${rule.receiver} ${this.keyOf(rule) ?? ""}`;
      // An authority that commits to sealed entries may have this one among them.
      if (this.register === null || this.register.awaiting !== null) {
        open(this.register === null ? UNDECIDED.register : UNDECIDED.mapping, stream);
        continue;
      }
      const coverage = this.coverage(rule, this.register);
      // A rule that was refused delivers nothing: there is nothing to cover.
      if (coverage === "covered" && rule.outcome !== "rejected") covered.add(stream);
      if (coverage === "undecidable") open(UNDECIDED.mapping, stream);
      const breach = BREACHES[coverage];
      if (breach === undefined || rule.outcome === "rejected") continue;
      // Rules may be prepared before their day; what they deliver is judged by its own time.
      const most: Grade = !rule.sound || coverage === "too-early" ? "indication" : rule.outcome === "accepted" ? "proven" : "corroborated";
      const key = `${this.context.element(rule.element).name ?? rule.element} ${rule.receiver}`;
      const one = { rule, breach, grade: most };
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [one]);
      else group.push(one);
    }
    return [...groups.values()].map((group) => this.draft(group));
  }

  private keyOf(rule: Rule): string | undefined {
    return rule.subscriber === undefined ? rule.stated[0] : this.context.subscriberKey(rule.subscriber);
  }

  private coverage(rule: Rule, register: WarrantRegister): Coverage {
    const key = this.keyOf(rule);
    const identities = new Set([...rule.stated, ...(key === undefined ? [] : this.identitiesOf(key))]);
    const joined = [...identities].map((text) => foldTarget(text.slice(0, text.indexOf(":")), text.slice(text.indexOf(":") + 1)));
    if (joined.length === 0) return "undecidable";
    return register.covers({
      targets: [],
      joined,
      liids: [],
      kind: "cc",
      time: rule.time,
      timeIsOwn: true,
      receiver: rule.receiver,
      receiverMediates: this.parties.mediates(rule.receiver),
    });
  }

  private draft(group: readonly { rule: Rule; breach: Breach; grade: Grade }[]): FindingDraft {
    const { rule: first } = group[0] as { rule: Rule };
    const element = this.context.element(first.element);
    const receiver = this.context.receiver(first.receiver, null, true);
    const evidence = new EvidenceGatherer();
    for (const { rule } of group) evidence.addFrames(rule.capture, rule.frames);
    const grade = group.map((one) => one.grade).reduce((a, b) => (GRADES.indexOf(b) > GRADES.indexOf(a) ? b : a));
    const breaches = [...new Set(group.map(({ breach }) => breach))];
    const accepted = group.some(({ rule }) => rule.outcome === "accepted");
    const times = group.map(({ rule }) => toMicros(rule.time));
    const subscribers = new Set(group.map(({ rule }) => this.keyOf(rule)).filter((key) => key !== undefined));
    return {
      claim: "unwarranted-interception",
      grade,
      summary: state("interception.rule", {
        element: element.name ?? first.element,
        subscribers: subscribers.size,
        receiver: receiver.name ?? first.receiver,
        breaches: breaches.map(breachSaid),
      }),
      element,
      receiver,
      act: accepted ? "accepted" : "sent",
      transport: { layers: ["udp", "pfcp"], encrypted: false, delaySeconds: null },
      subscribers: [...subscribers].sort(),
      data: ["content"],
      packets: group.length,
      bytes: 0,
      firstMicros: times.reduce((a, b) => Math.min(a, b)),
      lastMicros: times.reduce((a, b) => Math.max(a, b)),
      bits: 0,
      chance: null,
      premises: [
        { id: "register", statement: state("premise.register"), status: "declared" },
        { id: "decoder", statement: state("premise.decoder-pfcp"), status: "assumed" },
      ],
      evidence: evidence.list(),
      ruledOut: [
        {
          explanation: state("explanation.warrant"),
          status: "excluded",
          because: state("interception.no-entry-covers"),
        },
        {
          explanation: state("explanation.refused.order"),
          status: accepted ? "excluded" : "untestable",
          because: state(accepted ? "answer.accepted-by-user-plane" : "answer.no-success-seen"),
        },
      ],
      sources: ["3GPP TS 29.244 §5.2.1, §7.5.2.3", "3GPP TS 33.107 §12"],
      arithmetic: [],
      restsOn: ["register of warrants", `point ${first.point}`, "decoder pfcp"],
      details: { reasons: breaches.join(", "), interfaces: "pfcp", orders: group.length },
    };
  }
}
