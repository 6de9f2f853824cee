/**
 * unwarranted-interception: product of lawful interception or tasking (X1, X2/X3, HI2/HI3, vendor shims) with no valid
 * warrant, beyond its scope or period, to another receiver than the warrant's, from or to a function that nobody
 * declared, with a country code that was not declared, or after the task was ended (`contract.md` §1, `method.md` §4).
 *
 * Periods are tested on the product's own time stamp. Streams that a warrant covers leave nothing but a count. What
 * cannot be decided (no mapping from the product to an identity of the register) is a line of the coverage.
 */
import type { FindingDraft, Grade, DataKind } from "#model/finding.ts";
import type { LiMessage, X1Message } from "#model/interception.ts";
import type { MessageObservation, Observation } from "#model/observation.ts";
import type { ObservedMessage } from "#model/message.ts";
import { compareInstants, fromMicros, toMicros } from "#model/time.ts";
import type { AwaitingAuthority } from "#register/awaiting.ts";
import type { WarrantRegister } from "#register/covers.ts";
import { state, statementKey, type Statement, type StatementText } from "#model/statement.ts";
import type { Detector, DetectorContext } from "./detector.ts";
import { EvidenceGatherer } from "./gather.ts";
import {
  breachSaid,
  judgeBundle,
  judgeOrder,
  kindsOf,
  mayBeSealed,
  question,
  stronger,
  type Breach,
  type Judge,
} from "./interception/judge.ts";
import { DuplicationRules } from "./interception/duplications.ts";
import { InterceptionParties } from "./interception/parties.ts";
import { ProductLedger, type Bundle, type ProductMessage } from "./interception/products.ts";
import { TaskLedger, type Order } from "./interception/tasks.ts";

/** Product that an element made within this time after it confirmed the end of a task may still be on its way out. */
const END_GRACE_MICROS = 5e6;

/** Product made within this time after an address passed to another is taken for its former holder's: clocks differ, and it was on its way. */
const PASSING_GRACE_MICROS = 1e6;

const PROTOCOLS: ReadonlySet<string> = new Set(["x1", "x2", "x3", "hi2", "hi3"]);

export interface InterceptionDetector extends Detector {
  /** Streams that a warrant covers: (element, receiver, XID or LIID, IRI or CC). */
  coveredInterceptions(): number;
  /** Streams and orders that no open entry covers and an authority with sealed entries has not answered for. */
  awaitingAuthority(): number;
}

/** What the run may know beyond the common context: all identities behind a subscriber's key. */
export interface IdentityContext {
  readonly identitiesOf: (key: string) => readonly string[];
}

/** `register`: null where no register of warrants was given. */
export function unwarrantedInterception(
  register: WarrantRegister | null,
): (context: DetectorContext & Partial<IdentityContext>) => InterceptionDetector {
  return (context) => new UnwarrantedInterception(register, context);
}

class UnwarrantedInterception implements InterceptionDetector {
  readonly claim = "unwarranted-interception";
  readonly settings = { endGraceMicros: END_GRACE_MICROS, passingGraceMicros: PASSING_GRACE_MICROS };
  private readonly context: DetectorContext & Partial<IdentityContext>;
  private readonly register: WarrantRegister | null;
  private readonly sealed: AwaitingAuthority | null;
  private readonly parties: InterceptionParties;
  private readonly tasks: TaskLedger;
  private readonly products: ProductLedger;
  private readonly judge: Judge;
  private readonly rules: DuplicationRules;
  private covered = new Set<string>();
  private awaited = new Set<string>();
  private firstMicros = Number.POSITIVE_INFINITY;
  private lastMicros = Number.NEGATIVE_INFINITY;

  constructor(register: WarrantRegister | null, context: DetectorContext & Partial<IdentityContext>) {
    this.context = context;
    this.register = register;
    this.sealed = register?.awaiting ?? null;
    this.parties = new InterceptionParties(context.declaration);
    const nameOf = (address: string): string => context.element(address).name ?? address;
    this.tasks = new TaskLedger(nameOf);
    this.products = new ProductLedger({
      stretch: (time) => register?.stretch(time) ?? 0,
      ended: (xid, element, productMicros) => {
        const ended = this.tasks.endedAt(xid, element);
        return ended !== undefined && productMicros > ended + END_GRACE_MICROS;
      },
      isUser: (address) => context.isUser(address),
      // What is on its way when the address passes on is its former holder's.
      heldSince: (address, micros) => {
        const passing = context.passedOn?.(address, micros);
        return passing === undefined || micros <= passing.sinceMicros + PASSING_GRACE_MICROS ? 0 : passing.sinceMicros;
      },
    });
    this.judge = {
      register,
      parties: this.parties,
      tasks: this.tasks,
      identitiesAt: (address, micros) => this.identitiesAt(address, micros),
      formerAt: (address, micros) => context.passedOn?.(address, micros)?.former ?? [],
    };
    this.rules = new DuplicationRules(context, register, this.parties, (key) => context.identitiesOf?.(key) ?? [key]);
  }

  observe(observation: Observation): void {
    if (observation.kind !== "message") return;
    const { message, origin } = observation.observed;
    const micros = toMicros(origin.time);
    if (micros < this.firstMicros) this.firstMicros = micros;
    if (micros > this.lastMicros) this.lastMicros = micros;
    if (message.protocol === "pfcp" && !origin.inTunnel) this.rules.observe(observation);
    if (!PROTOCOLS.has(message.protocol)) return;
    // What subscribers send is theirs: nobody is accused by a packet that a handset made up.
    if (origin.inTunnel || this.context.isUser(origin.src) || this.context.isUser(origin.dst)) return;
    // A shim names nobody and no authority: it is product of interception only where it goes to whoever may receive such; any other copy is covert-copy's.
    if ("shim" in message && !this.parties.mayReceive(origin.dst) && this.register?.namesReceiver(origin.dst) !== true) return;
    if (message.protocol === "x1") this.tasks.observe((observation as MessageObservation).observed as ObservedMessage<X1Message>, micros);
    else this.products.add(message as LiMessage as ProductMessage, origin, micros);
  }

  coveredInterceptions(): number {
    return this.covered.size;
  }

  awaitingAuthority(): number {
    return this.awaited.size;
  }

  counts(): { readonly covered: number; readonly awaiting: number | undefined } {
    return { covered: this.covered.size, awaiting: this.sealed === null ? undefined : this.awaited.size };
  }

  findings(): readonly FindingDraft[] {
    const acts = new Map<string, Act>();
    const undecided = new Map<string, { readonly why: Statement; readonly streams: Set<string> }>();
    const open = (why: Statement, stream: string): void => {
      const key = statementKey(why);
      const known = undecided.get(key) ?? put(undecided, key, { why, streams: new Set<string>() });
      known.streams.add(stream);
    };
    this.covered = new Set();
    this.awaited = new Set();
    for (const b of this.products.bundles.values()) {
      const micros = b.timeIsOwn ? toMicros(b.time) : b.firstMicros;
      const verdict = judgeBundle(this.judge, b, micros);
      if (verdict.covered) this.covered.add(streamOf(b));
      if (verdict.undecided !== undefined) open(verdict.undecided, streamOf(b));
      if (mayBeSealed(verdict.breaches) && this.awaitsBundle(b, micros)) this.awaited.add(streamOf(b));
      else if (verdict.grade !== null)
        this.act(acts, b.src, b.dst, b.dstPort).addBundle(b, verdict.breaches, verdict.grade, this.subscriberOf(b, micros));
    }
    for (const o of this.tasks.orders) {
      const verdict = judgeOrder(this.judge, o);
      if (verdict.undecided !== undefined)
        open(verdict.undecided, `${o.requester} ${o.element} ${o.message.tasks.map((t) => t.xId).join()}`);
      if (verdict.grade === null) continue;
      if (mayBeSealed(verdict.breaches) && this.awaitsOrder(o, verdict.destination)) {
        this.awaited.add(`${o.requester} ${o.element} ${o.message.tasks.map((t) => t.xId).join()}`);
        continue;
      }
      // `contract.md` §4: the destination where the task names one, else the requester; a requester that nobody
      // declared is the stranger here where the destination is declared.
      const stranger =
        verdict.breaches.includes("undeclared-requester") &&
        (verdict.destination === undefined || this.parties.mayReceive(verdict.destination));
      const receiver = stranger || verdict.destination === undefined ? o.requester : verdict.destination;
      const port = receiver === o.requester ? o.port : (verdict.port ?? null);
      this.act(acts, o.element, receiver, port).addOrder(o, verdict.breaches, verdict.grade);
    }
    const ordered = this.rules.findings(this.covered, open);
    this.coverage([...undecided.values()]);
    return [...[...acts.values()].map((act) => act.draft(this.context, this.register, this.parties)), ...ordered];
  }

  private awaitsBundle(b: Bundle, micros: number): boolean {
    const asked = question(this.judge, b, micros);
    const { joined, receiver, receiverMediates } = asked;
    // A label of who held the address before says nothing of whose this is.
    const labelled = asked.former === undefined;
    const stream = {
      interface: b.interface,
      element: b.src,
      receiver,
      receiverMediates,
      kinds: [b.kind],
      targets: labelled ? asked.targets : [],
      joined,
      liids: labelled ? asked.liids : [],
      xid: labelled ? b.xid : undefined,
    };
    return this.sealed?.awaits(stream, b.firstTime, b.lastTime, b.timeIsOwn) === true;
  }

  /** Every task of the order must be awaited: one that nobody answers for is enough of a breach. */
  private awaitsOrder(o: Order, destination: string | undefined): boolean {
    const { sealed } = this;
    if (sealed === null || o.message.tasks.length === 0) return false;
    return o.message.tasks.every((t) => {
      const { targets, liids } = this.tasks.namesOf(t.xId, o.element);
      const times = t.mediation.flatMap((m) => [m.start ?? o.time, m.end ?? o.time]).sort(compareInstants);
      return sealed.awaits(
        {
          interface: "x1",
          element: o.element,
          receiver: destination ?? "",
          receiverMediates: destination === undefined || this.parties.mediates(destination),
          kinds: kindsOf(t.deliveryType),
          targets,
          joined: [],
          liids,
          xid: t.xId,
        },
        times[0] ?? o.time,
        times.at(-1) ?? o.time,
        true,
      );
    });
  }

  private act(acts: Map<string, Act>, element: string, receiver: string, port: number | null): Act {
    const key = `${this.context.element(element).name ?? element} ${receiver}`;
    return acts.get(key) ?? put(acts, key, new Act(element, receiver, port));
  }

  private coverage(undecided: readonly { readonly why: Statement; readonly streams: ReadonlySet<string> }[]): void {
    const { claim } = this;
    for (const { why, streams } of undecided) this.context.undecided({ claim, why, count: streams.size });
    if (this.products.overflow > 0) {
      this.context.undecided({ claim, why: state("undecided.interception-overflow"), count: this.products.overflow });
    }
    if (this.register === null || this.firstMicros > this.lastMicros) return;
    const silent = this.register.silent(fromMicros(this.firstMicros), fromMicros(this.lastMicros));
    if (silent > 0)
      this.context.undecided({
        claim,
        why: state("undecided.interception-silent"),
        count: silent,
      });
  }

  private identitiesAt(address: string, micros: number): readonly string[] {
    // Who had it before it was given to the first holder that was seen, is not known: another, whose end was not captured.
    const since = this.context.givenSince?.(address);
    if (since !== undefined && micros < since - END_GRACE_MICROS) return [];
    const key = this.context.subscriberAt(address, micros);
    if (!key.startsWith("imsi:")) return key.startsWith("ip:") || key.startsWith("unnamed:") ? [] : [key];
    return (this.context.identitiesOf?.(key) ?? [key]).filter((i) => !i.startsWith("ip:"));
  }

  /** Best key for the person: the IMSI where signalling or the product tells, else what the product says. */
  private subscriberOf(b: Bundle, micros: number): string | undefined {
    if (b.ueAddress !== undefined) {
      const key = this.context.subscriberAt(b.ueAddress, micros);
      if (key.startsWith("imsi:")) return key;
    }
    const named = b.xid === undefined ? [] : this.tasks.namesOf(b.xid, b.src).targets;
    return personKey([...b.targets, ...named]) ?? (b.ueAddress === undefined ? undefined : this.context.subscriberAt(b.ueAddress, micros));
  }
}

const KEY_ORDER = ["imsi", "msisdn", "imei", "ip", "sip", "nai"] as const;

function personKey(targets: readonly { readonly kind: string; readonly value: string }[]): string | undefined {
  for (const kind of KEY_ORDER) {
    const found = targets.find((t) => t.kind === kind && t.value !== "");
    if (found !== undefined) return `${kind}:${found.value}`;
  }
  return undefined;
}

function streamOf(b: Bundle): string {
  return [b.src, b.dst, b.xid ?? b.liid ?? b.interceptId ?? "", b.kind].join(" ");
}

function put<K, V>(map: Map<K, V>, key: K, value: V): V {
  map.set(key, value);
  return value;
}

/** All that goes wrong between one element and one receiver: one finding (`contract.md` §4). */
class Act {
  private readonly element: string;
  private readonly receiver: string;
  private readonly port: number | null;
  private readonly evidence = new EvidenceGatherer();
  private readonly breaches = new Set<Breach>();
  private readonly people = new Map<string, { packets: number; bytes: number; firstMicros: number; lastMicros: number }>();
  private readonly interfaces = new Set<string>();
  private readonly transports = new Set<string>();
  private readonly carriers = new Set<string>();
  private readonly data = new Set<DataKind>();
  private readonly operations = new Set<string>();
  private grade: Grade | null = null;
  private products = 0;
  private octets = 0;
  private orders = 0;
  private accepted = false;
  private ownTime = true;
  private firstMicros = Number.POSITIVE_INFINITY;
  private lastMicros = Number.NEGATIVE_INFINITY;

  constructor(element: string, receiver: string, port: number | null) {
    this.element = element;
    this.receiver = receiver;
    this.port = port;
  }

  addBundle(b: Bundle, breaches: readonly Breach[], grade: Grade, subscriber: string | undefined): void {
    this.note(breaches, grade, b.firstMicros, b.lastMicros);
    for (const e of b.evidence.list()) this.evidence.add({ capture: e.capture, frames: e.frames, total: e.framesTotal });
    this.products += b.products;
    this.octets += b.octets;
    this.interfaces.add(b.interface);
    this.transports.add(b.transport);
    this.ownTime &&= b.timeIsOwn;
    for (const c of b.carriers) this.carriers.add(c);
    this.data.add(b.kind === "cc" ? "content" : "metadata");
    if (b.targets.length > 0) this.data.add("identity");
    if (b.holdsLocation) this.data.add("location");
    if (b.holdsLogin) this.data.add("credentials");
    if (subscriber === undefined) return;
    const person =
      this.people.get(subscriber) ??
      put(this.people, subscriber, { packets: 0, bytes: 0, firstMicros: b.firstMicros, lastMicros: b.lastMicros });
    person.packets += b.products;
    person.bytes += b.octets;
    person.firstMicros = Math.min(person.firstMicros, b.firstMicros);
    person.lastMicros = Math.max(person.lastMicros, b.lastMicros);
  }

  addOrder(o: Order, breaches: readonly Breach[], grade: Grade): void {
    this.note(breaches, grade, o.micros, o.lastMicros);
    this.evidence.addFrames(o.capture, o.frames);
    this.orders += 1;
    this.accepted ||= o.answer === "ok";
    this.interfaces.add("x1");
    this.transports.add("tcp");
    this.operations.add(o.operation);
    for (const t of [...o.message.tasks, ...o.disclosed]) {
      const person = personKey(t.targets);
      if (person === undefined) continue;
      this.data.add("identity");
      if (!this.people.has(person)) this.people.set(person, { packets: 0, bytes: 0, firstMicros: o.micros, lastMicros: o.lastMicros });
    }
  }

  private note(breaches: readonly Breach[], grade: Grade, first: number, last: number): void {
    for (const b of breaches) this.breaches.add(b);
    this.grade = stronger(this.grade, grade);
    this.firstMicros = Math.min(this.firstMicros, first);
    this.lastMicros = Math.max(this.lastMicros, last);
  }

  draft(context: DetectorContext, register: WarrantRegister | null, parties: InterceptionParties): FindingDraft {
    const element = context.element(this.element);
    const entitled =
      parties.mayReceive(this.receiver) || parties.administers(this.receiver) || register?.namesReceiver(this.receiver) === true;
    const receiver = context.receiver(this.receiver, this.port, entitled);
    const breaches = [...this.breaches];
    const people = [...this.people];
    const effected = this.products > 0;
    return {
      claim: "unwarranted-interception",
      grade: this.grade ?? "indication",
      summary: this.summary(
        element.name ?? this.element,
        receiver.name === null ? this.receiver : state("name.with-address", { name: receiver.name, address: this.receiver }),
      ),
      element,
      receiver,
      act: effected ? "effected" : this.accepted ? "accepted" : "sent",
      transport: { layers: [...this.transports, ...this.interfaces], encrypted: false, delaySeconds: null },
      subscribers: people.map(([key]) => key),
      data: [...this.data],
      packets: this.products,
      bytes: this.octets,
      firstMicros: this.firstMicros,
      lastMicros: this.lastMicros,
      bits: 0,
      chance: null,
      premises: premises(register, parties),
      evidence: this.evidence.list(),
      ruledOut: this.ruledOut(register, parties),
      sources: sources(this.interfaces),
      arithmetic: [],
      restsOn: [
        ...(register === null ? [] : ["register of warrants"]),
        ...(parties.declaration === null ? [] : ["declaration/lawful"]),
        ...[...this.interfaces].map((i) => `decoder ${i}`),
      ],
      carriers: [...this.carriers],
      details: {
        reasons: breaches.join(", "),
        interfaces: [...this.interfaces].join(", "),
        orders: this.orders,
        ...(this.operations.size > 0 ? { operations: [...this.operations].join(", ") } : {}),
      },
      exposed: people.map(([subscriber, p]) => ({ subscriber, ...p })),
    };
  }

  private summary(element: string, receiver: StatementText): Statement {
    const breaches = [...this.breaches].map(breachSaid);
    if (this.products === 0) return state("interception.orders", { element, receiver, breaches });
    return state("interception.delivered", {
      element,
      product: this.data.has("content") ? "content" : "events",
      interfaces: [...this.interfaces].filter((i) => i !== "x1"),
      receiver,
      tasked: this.orders > 0 ? "yes" : "no",
      breaches,
    });
  }

  private ruledOut(register: WarrantRegister | null, parties: InterceptionParties): FindingDraft["ruledOut"] {
    const warrants =
      register === null
        ? ({ status: "untestable", because: state("register.none") } as const)
        : ({ status: "excluded", because: state("interception.no-entry-covers") } as const);
    const declared =
      parties.declaration === null
        ? ({ status: "untestable", because: state("declaration.none") } as const)
        : ({ status: "excluded", because: state("as-declared", { what: state("interception.parties-listed") }) } as const);
    return [
      { explanation: state("explanation.warrant"), ...warrants },
      { explanation: state("explanation.mediation"), ...declared },
      {
        explanation: state("explanation.buffered"),
        status: this.ownTime ? "excluded" : this.breaches.has("outside-period") ? "supported" : "excluded",
        because: state(
          this.ownTime
            ? "interception.own-time"
            : this.breaches.has("outside-period")
              ? "interception.only-arrival-known"
              : "interception.arrival-does-not-matter",
        ),
      },
      {
        explanation: state("explanation.keep-alive"),
        status: "excluded",
        because: state(this.products > 0 ? "interception.carries-product" : "interception.concerns-tasks"),
      },
    ];
  }
}

function premises(register: WarrantRegister | null, parties: InterceptionParties): FindingDraft["premises"] {
  return [
    ...(register === null ? [] : [{ id: "register", statement: state("premise.register"), status: "declared" } as const]),
    ...(parties.declaration === null
      ? []
      : [
          {
            id: "declaration",
            statement: state("premise.lawful-declaration"),
            status: "declared",
          } as const,
        ]),
    {
      id: "addresses",
      statement: state("premise.both-addresses"),
      status: "assumed",
    },
    { id: "clock", statement: state("premise.product-clock"), status: "assumed" },
  ];
}

const SOURCES: Readonly<Record<string, string>> = {
  x1: "ETSI TS 103 221-1 §6",
  x2: "ETSI TS 103 221-2 §5",
  x3: "ETSI TS 103 221-2 §5",
  hi2: "ETSI TS 102 232-1 §5",
  hi3: "ETSI TS 102 232-1 §5",
};

function sources(interfaces: ReadonlySet<string>): string[] {
  return [...new Set([...interfaces].map((i) => SOURCES[i]).filter((s) => s !== undefined)), "Tapproof contract §3 (warrants)"];
}
