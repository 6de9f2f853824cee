import { RowTable } from "#bytes/row-table.ts";
import type { ServiceObservation } from "#model/observation.ts";
import type { Subscriber, Subscribers } from "./subscribers.ts";

/**
 * Which servers are named by how many subscribers of each device type. Subscribers are told apart only to be counted: what is told at the
 * end is a device type, a name and numbers.
 */
export const SERVICE_LIMITS = {
  /** Names; the first so many are kept, further ones are counted together, without a name. */
  names: 16_384,
  /** (name, source, subscriber); past half of it a subscriber's use of a further name is counted among nobody's: subscribers are then too few. */
  pairs: 262_144,
  /** Senders whom signalling has not named (yet); past it they are counted as nobody. */
  strangers: 65_536,
} as const;

/** Subscribers of a device type at least, for the type to be told: below it a row would be about a person, and is told without a type. */
export const FEWEST_OF_A_TYPE = 3;

export type ServiceSource = "tls" | "dns" | "quic";
const SOURCES: readonly ServiceSource[] = ["tls", "dns", "quic"];

const NOBODY = 0;
const NO_NAME = 0;

// Doubles of a pair.
const FLOWS = 0;
const FIRST = 1;
const LAST = 2;

interface Stranger {
  readonly address: string;
  readonly micros: number;
}

interface Sum {
  readonly people: Set<number>;
  flows: number;
  first: number;
  last: number;
}

export class ServiceTable {
  private readonly names = new Map<string, number>();
  private readonly pairs: RowTable;
  private readonly strangers = new Map<string, number>();
  private readonly strangerList: Stranger[] = [];

  constructor(seed: number) {
    this.pairs = new RowTable(2, 6, SERVICE_LIMITS.pairs, seed);
  }

  /** A flow that names a server. `sender`: the subscriber's key, or the address of one whom nobody has named. */
  add(name: string, source: ServiceSource, sender: number | string, micros: number): void {
    const person = typeof sender === "string" ? this.stranger(sender, micros) : 2 * sender + 2;
    const label = this.nameNumber(name) * SOURCES.length + SOURCES.indexOf(source);
    const slot = this.slot(label, person);
    if (slot < 0) return;
    const { doubles, stride, payload } = this.pairs;
    const at = (slot * stride + payload) >> 1;
    if (doubles[at + FLOWS] === 0) doubles[at + FIRST] = micros;
    doubles[at + FLOWS] = (doubles[at + FLOWS] as number) + 1;
    doubles[at + FIRST] = Math.min(doubles[at + FIRST] as number, micros);
    doubles[at + LAST] = Math.max(doubles[at + LAST] as number, micros);
  }

  /** Tells the sums and forgets them. `everyType`: types of few subscribers, too (a case that shows identities anyway). */
  tell(subscribers: Subscribers, everyType: boolean, tell: (observation: ServiceObservation) => void): void {
    const types = subscribersOfTypes(subscribers);
    const texts = [...this.names.keys()];
    const sums = new Map<string, Sum>();
    const { pairs } = this;
    for (let slot = pairs.oldest(); slot >= 0; slot = pairs.oldest()) {
      const row = slot * pairs.stride;
      const label = pairs.rows[row] as number;
      const who = this.whom(pairs.rows[row + 1] as number, subscribers);
      const tac = typeof who === "object" ? tacOf(who) : undefined;
      const shown = tac !== undefined && (everyType || (types.get(tac) ?? 0) >= FEWEST_OF_A_TYPE) ? tac : "";
      const key = `${label} ${shown}`;
      const at = (row + pairs.payload) >> 1;
      let sum = sums.get(key);
      if (sum === undefined) sums.set(key, (sum = { people: new Set(), flows: 0, first: Infinity, last: -Infinity }));
      if (typeof who === "object") sum.people.add(2 * who.key + 2);
      else if (who !== NOBODY) sum.people.add(who);
      sum.flows += pairs.doubles[at + FLOWS] as number;
      sum.first = Math.min(sum.first, pairs.doubles[at + FIRST] as number);
      sum.last = Math.max(sum.last, pairs.doubles[at + LAST] as number);
      pairs.remove(slot);
    }
    for (const [key, { people, flows, first, last }] of sums) {
      const [label = "", tac = ""] = key.split(" ");
      const number = Math.floor(Number(label) / SOURCES.length);
      tell({
        kind: "service",
        tac: tac === "" ? undefined : tac,
        name: number === NO_NAME ? undefined : texts[number - 1],
        source: SOURCES[Number(label) % SOURCES.length] as ServiceSource,
        subscribers: people.size,
        flows,
        firstMicros: first,
        lastMicros: last,
      });
    }
    this.names.clear();
    this.strangers.clear();
    this.strangerList.length = 0;
  }

  /** Half of the table is for what is nobody's, which is never as much: no flow goes uncounted. */
  private slot(label: number, person: number): number {
    const { pairs } = this;
    for (const who of [person, NOBODY]) {
      pairs.key[0] = label;
      pairs.key[1] = who;
      const known = pairs.find();
      const slot = known >= 0 || (who !== NOBODY && pairs.size >= SERVICE_LIMITS.pairs / 2) ? known : pairs.add();
      if (slot >= 0) return slot;
    }
    return -1;
  }

  private nameNumber(name: string): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    if (this.names.size >= SERVICE_LIMITS.names) return NO_NAME;
    this.names.set(name, this.names.size + 1);
    return this.names.size;
  }

  private stranger(address: string, micros: number): number {
    const known = this.strangers.get(address);
    if (known !== undefined) return known;
    if (this.strangerList.length >= SERVICE_LIMITS.strangers) return NOBODY;
    const number = 2 * this.strangerList.length + 1;
    this.strangerList.push({ address, micros });
    this.strangers.set(address, number);
    return number;
  }

  /** The subscriber as the whole run knows it; the number of one whom nobody named. */
  private whom(person: number, subscribers: Subscribers): Subscriber | number {
    if (person === NOBODY) return NOBODY;
    if ((person & 1) === 0) return subscribers.records[(person - 2) / 2]?.resolve() ?? person;
    const { address, micros } = this.strangerList[(person - 1) / 2] as Stranger;
    return subscribers.holder(address, micros) ?? person;
  }
}

/** Type allocation code: the first eight digits of the IMEI (3GPP TS 23.003 §6.2). */
function tacOf({ imei }: Subscriber): string | undefined {
  return imei === undefined || imei.length < 8 ? undefined : imei.slice(0, 8);
}

function subscribersOfTypes(subscribers: Subscribers): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const subscriber of subscribers.all()) {
    const tac = tacOf(subscriber);
    if (tac !== undefined) counts.set(tac, (counts.get(tac) ?? 0) + 1);
  }
  return counts;
}
