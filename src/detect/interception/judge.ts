/**
 * What is wrong with a bundle of product or an order of tasking, if anything: held against the register of warrants
 * (#register/covers.ts) and the declaration. Each verdict is of one of these codes; the words (`breach.…`)
 * never name a person, a warrant or a date.
 */
import type { Grade } from "#model/finding.ts";
import type { TargetIdentifier } from "#model/interception.ts";
import { state, type Statement } from "#model/statement.ts";
import { foldTarget } from "#model/target.ts";
import type { Coverage, WarrantRegister } from "#register/covers.ts";
import type { InterceptionParties } from "./parties.ts";
import type { Bundle } from "./products.ts";
import type { Order, TaskLedger } from "./tasks.ts";

export type Breach =
  | "no-warrant"
  | "out-of-scope"
  | "iri-under-content-only"
  | "outside-period"
  | "wrong-receiver"
  | "undeclared-receiver"
  | "undeclared-source"
  | "undeclared-requester"
  | "foreign-country"
  | "ended-task"
  | "passed-on";

/** A breach as a clause that ends a sentence. */
export function breachSaid(breach: Breach): Statement {
  return state(`breach.${breach}`);
}

export interface Verdict {
  readonly breaches: readonly Breach[];
  /** Highest grade that the breaches support; null where there is none. */
  readonly grade: Grade | null;
  /** Why no verdict can be given, where none can. */
  readonly undecided: Statement | undefined;
  readonly covered: boolean;
}

/** What an entry of the register could put right, were there one: with sealed entries about, the authority is asked first. */
const CURABLE: ReadonlySet<Breach> = new Set([
  "no-warrant",
  "out-of-scope",
  "iri-under-content-only",
  "outside-period",
  "wrong-receiver",
  "undeclared-receiver",
  "passed-on",
]);

export function mayBeSealed(breaches: readonly Breach[]): boolean {
  return breaches.length > 0 && breaches.every((breach) => CURABLE.has(breach));
}

export const UNDECIDED = {
  mapping: state("undecided.interception-mapping"),
  register: state("undecided.interception-register"),
  mediation: state("undecided.interception-mediation"),
  buffered: state("undecided.interception-buffered"),
} as const;

export interface Judge {
  readonly register: WarrantRegister | null;
  readonly parties: InterceptionParties;
  readonly tasks: TaskLedger;
  /** Identities that signalling joins to whoever held this address then: `imsi:…`, `msisdn:…`, … */
  readonly identitiesAt: (ueAddress: string, micros: number) => readonly string[];
  /** Identities of those who held the address before whoever holds it then. */
  readonly formerAt: (ueAddress: string, micros: number) => readonly string[];
}

export function judgeBundle(judge: Judge, b: Bundle, micros: number): Verdict {
  const { parties, register } = judge;
  const declared = parties.declaration !== null;
  const breaches: Breach[] = [];
  let grade: Grade | null = null;
  const found = (breach: Breach, at: Grade): void => {
    breaches.push(breach);
    grade = stronger(grade, declared ? at : weaker(at, "corroborated"));
  };
  const asked = question(judge, b, micros);
  const coverage = register === null ? undefined : register.covers(asked);
  const covered = coverage === "covered";
  const entitled = parties.mayReceive(b.dst) || covered || register?.namesReceiver(b.dst) === true;
  if (declared && !entitled) found("undeclared-receiver", register === null ? "corroborated" : "proven");
  if (declared && !parties.mayDeliver(b.src)) found("undeclared-source", "proven");
  if (parties.countries.size > 0 && foreign(parties, b)) found("foreign-country", "proven");
  if (b.afterEnd) found("ended-task", "proven");
  // Without a declaration nobody says who mediates, for whom a warrant that names the facility behind them is enough.
  const unclear = !declared && coverage === "wrong-receiver";
  let open = unclear ? UNDECIDED.mediation : coverage === undefined ? undefined : addCoverage(coverage, b.kind, found);
  if (coverage === "unknown" && asked.former !== undefined) breaches.splice(breaches.indexOf("no-warrant"), 1, "passed-on");
  // Whether it is the missing time or the missing mapping that leaves it open.
  if (open !== undefined && !unclear && !b.timeIsOwn && register?.covers({ ...asked, timeIsOwn: true }) !== "undecidable")
    open = UNDECIDED.buffered;
  // Neither end is of this network: whatever it is, it says little about it.
  if (declared && grade !== null && !parties.mayDeliver(b.src) && !parties.mayDeliver(b.dst)) grade = "indication";
  if (grade !== null && b.whole === 0) grade = "indication";
  const nothing = breaches.length === 0 && !covered;
  const undecided = !nothing ? undefined : register === null ? UNDECIDED.register : (open ?? UNDECIDED.mapping);
  return { breaches, grade, undecided: nothing ? undecided : undefined, covered: covered && breaches.length === 0 };
}

/** Notes what the coverage answer breaks; answers why it is open where it is. */
function addCoverage(coverage: Coverage, kind: "iri" | "cc", found: (b: Breach, g: Grade) => void): Statement | undefined {
  switch (coverage) {
    case "unknown":
      found("no-warrant", "proven");
      return undefined;
    case "out-of-scope":
      // That content alone was authorised may be a slip of the register: events belong to content by their nature.
      if (kind === "cc") found("out-of-scope", "proven");
      else found("iri-under-content-only", "indication");
      return undefined;
    case "too-early":
    case "too-late":
      found("outside-period", "proven");
      return undefined;
    case "wrong-receiver":
      found("wrong-receiver", "proven");
      return undefined;
    case "undecidable":
      return UNDECIDED.mapping;
    default:
      return undefined;
  }
}

/** What the register is asked about a bundle; an authority with sealed entries is asked the same. */
export function question(judge: Judge, b: Bundle, micros: number): Parameters<WarrantRegister["covers"]>[0] {
  const named = b.xid === undefined ? { targets: [], liids: [] } : judge.tasks.namesOf(b.xid, b.src);
  const joined = b.ueAddress === undefined ? [] : judge.identitiesAt(b.ueAddress, micros).map(identity);
  if (b.ueAddress !== undefined) joined.push(foldTarget("ip", b.ueAddress));
  const former = b.heldSince === 0 || b.ueAddress === undefined ? [] : judge.formerAt(b.ueAddress, b.heldSince).map(identity);
  return {
    targets: [...b.targets, ...named.targets].filter((t) => t.value !== ""),
    joined,
    ...(former.length === 0 ? {} : { former }),
    liids: [...(b.liid === undefined ? [] : [b.liid]), ...named.liids],
    kind: b.kind,
    time: b.time,
    timeIsOwn: b.timeIsOwn,
    receiver: b.dst,
    receiverMediates: judge.parties.mediates(b.dst),
  };
}

function identity(key: string): TargetIdentifier {
  const colon = key.indexOf(":");
  return foldTarget(key.slice(0, colon), key.slice(colon + 1));
}

function foreign(parties: InterceptionParties, b: Bundle): boolean {
  return [b.authorisationCountry, b.deliveryCountry].some(
    (c) => c !== undefined && /^[A-Za-z]{2}$/.test(c) && !parties.countries.has(c.toUpperCase()),
  );
}

/** An order of tasking: who gave it, for whom, to be delivered where. */
export function judgeOrder(
  judge: Judge,
  o: Order,
): Verdict & { readonly destination: string | undefined; readonly port: number | undefined } {
  const { parties, register, tasks } = judge;
  const declared = parties.declaration !== null;
  const breaches: Breach[] = [];
  let grade: Grade | null = null;
  let undecided: Statement | undefined;
  let coveredAll = o.kind === "task" && o.message.tasks.length > 0 && register !== null;
  // An order without its answer is at most corroborated, one that was refused a hint (`method.md` §3).
  const most: Grade = o.answer === "ok" ? "proven" : o.answer === "none" ? "corroborated" : "indication";
  const found = (breach: Breach, at: Grade): void => {
    if (!breaches.includes(breach)) breaches.push(breach);
    grade = stronger(grade, weaker(weaker(at, most), declared ? "proven" : "corroborated"));
  };
  if (declared && !parties.mayTask(o.requester)) {
    const harmless = o.kind === "other" || (o.kind === "disclosure" && o.disclosed.length === 0);
    found("undeclared-requester", harmless ? "indication" : "proven");
  }
  let destination: string | undefined;
  let port: number | undefined;
  const towards = (address: string | undefined, p: number | undefined): void => {
    if (address === undefined) return;
    if (destination === undefined || (declared && parties.mayReceive(destination) && !parties.mayReceive(address)))
      [destination, port] = [address, p];
    if (declared && !parties.mayReceive(address) && register?.namesReceiver(address) !== true) found("undeclared-receiver", "proven");
  };
  if (o.kind === "destination") for (const d of o.message.destinations) towards(d.address, d.port);
  if (o.kind === "task") {
    for (const t of o.message.tasks) {
      const ends = t.dIds.map((d) => tasks.destination(d)).filter((d) => d !== undefined);
      for (const e of ends) towards(e.address, e.port);
      if (register === null) continue;
      const named = tasks.namesOf(t.xId, o.element);
      for (const kind of kindsOf(t.deliveryType)) {
        const times =
          t.mediation.length === 0 ? [o.time] : t.mediation.flatMap((m) => [m.start ?? o.time, ...(m.end === undefined ? [] : [m.end])]);
        for (const time of times) {
          const receivers =
            ends.length === 0
              ? [{ address: "", mediates: true }]
              : ends.map((e) => ({ address: e.address, mediates: parties.mediates(e.address) }));
          for (const r of receivers) {
            const coverage = register.covers({
              targets: named.targets,
              joined: [],
              liids: named.liids,
              kind,
              time,
              timeIsOwn: true,
              receiver: r.address,
              receiverMediates: r.mediates,
            });
            if (coverage !== "covered") coveredAll = false;
            if (coverage === "undecidable") undecided = UNDECIDED.mapping;
            else if (coverage === "wrong-receiver" && !declared) undecided = UNDECIDED.mediation;
            // Tasks are prepared before their day; what they deliver is judged by its own time.
            else if (coverage === "too-early" && t.mediation.length === 0) found("outside-period", "indication");
            else addCoverage(coverage, kind, found);
          }
        }
      }
    }
  }
  if (o.kind === "task" && register === null && breaches.length === 0) undecided = UNDECIDED.register;
  return {
    breaches,
    grade,
    undecided: breaches.length > 0 ? undefined : undecided,
    covered: coveredAll && breaches.length === 0,
    destination,
    port,
  };
}

export function kindsOf(deliveryType: string | undefined): readonly ("iri" | "cc")[] {
  if (deliveryType === "X2Only") return ["iri"];
  if (deliveryType === "X3Only") return ["cc"];
  return ["iri", "cc"];
}

const ORDER: readonly Grade[] = ["indication", "corroborated", "proven"];

export function stronger(a: Grade | null, b: Grade): Grade {
  return a === null || ORDER.indexOf(b) > ORDER.indexOf(a) ? b : a;
}

export function weaker(a: Grade, b: Grade): Grade {
  return ORDER.indexOf(a) < ORDER.indexOf(b) ? a : b;
}
