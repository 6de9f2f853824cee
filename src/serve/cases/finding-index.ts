/**
 * All findings of a case (or of several, joined) in columns: filter, sort, page and facets walk numbers, not objects. What a row does not hold
 * stays in the file. 100,000 findings take about 100 MB and some milliseconds a page.
 */
import { CLAIMS, GRADES, type Claim, type DataKind, type Grade } from "#model/finding.ts";
import type { FindingRecord } from "#findings/document.ts";
import { saidOf } from "#findings/said.ts";
import { aboutInterception } from "#report/interception.ts";
import type { ByGrade, FindingPage, FindingQuery, FindingRow, Triage, TriageState } from "#serve/api/types.ts";
import { Problem } from "#serve/problem.ts";
import { shownValue } from "#serve/shown-text.ts";
import type { Place } from "./findings-file.ts";

export const DATA_KINDS: readonly DataKind[] = ["content", "metadata", "location", "identity", "credentials"];
export const TRIAGE_STATES: readonly TriageState[] = ["new", "examining", "confirmed", "explained", "closed"];

const FACET_VALUES = 50;
/** Pseudonyms kept of one finding; its count of subscribers is exact all the same. */
const PEOPLE = 1000;

/** Strings that many rows share, by number. 0 is "none". */
class Dictionary {
  readonly values: string[] = [""];
  private readonly numbers = new Map<string, number>([["", 0]]);

  number(value: string | null | undefined): number {
    const key = value ?? "";
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    this.values.push(key);
    this.numbers.set(key, this.values.length - 1);
    return this.values.length - 1;
  }

  /** By the value itself, or as the page was shown it. */
  find(value: string): number | undefined {
    const known = this.numbers.get(value);
    if (known !== undefined || !value.includes("\\u")) return known;
    const shown = this.values.findIndex((v) => shownValue(v) === value);
    return shown < 0 ? undefined : shown;
  }

  value(number: number): string | null {
    return number === 0 ? null : (this.values[number] ?? null);
  }
}

type Order = NonNullable<FindingQuery["sort"]>;

/** What the queue shows of a finding beside its numbers. */
interface RowText {
  readonly id: string;
  readonly place: Place;
  readonly said: ReturnType<typeof saidOf>;
  readonly first: string;
  readonly last: string;
  readonly port: number | null;
  readonly elementName: string | null;
  readonly elementAddress: string | null;
  readonly receiverName: string | null;
  readonly receiverAddress: string | null;
  readonly receiverIdentity: string | null;
  readonly hasReceiver: boolean;
  /** Lower case. */
  readonly searched: string;
  /** Numbers of pseudonyms, at most `PEOPLE` of them. */
  readonly people: Uint32Array;
}

export interface Person {
  readonly pseudonym: string;
  readonly findings: number;
  readonly receivers: number;
  readonly data: readonly DataKind[];
  readonly first: string;
  readonly last: string;
}

const NUMBERS = [
  "case",
  "network",
  "claim",
  "grade",
  "element",
  "vendor",
  "receiver",
  "data",
  "state",
  "assignee",
  "comments",
  "hidden",
] as const;
const AMOUNTS = ["first", "last", "bits", "bytes", "packets", "subscribers", "changed"] as const;
type NumberColumn = (typeof NUMBERS)[number];
type AmountColumn = (typeof AMOUNTS)[number];

const FACETS = ["claim", "grade", "state", "element", "vendor", "network", "receiver", "data", "assignee"] as const;

export class FindingIndex {
  readonly rows: RowText[] = [];
  private readonly numbers: Record<NumberColumn, number[]> = Object.fromEntries(NUMBERS.map((n) => [n, []])) as never;
  private readonly amounts: Record<AmountColumn, number[]> = Object.fromEntries(AMOUNTS.map((n) => [n, []])) as never;
  private readonly cases = new Dictionary();
  private readonly networks = new Dictionary();
  private readonly elements = new Dictionary();
  private readonly vendors = new Dictionary();
  private readonly receivers = new Dictionary();
  private readonly assignees = new Dictionary();
  private readonly pseudonyms = new Dictionary();
  private readonly rowOf = new Map<string, number>();
  private readonly orders = new Map<Order, { readonly rows: Uint32Array; readonly places: Uint32Array }>();

  get size(): number {
    return this.rows.length;
  }

  add(caseId: string, network: string | null, f: FindingRecord, place: Place): void {
    const { numbers, amounts } = this;
    const element = f.element.name ?? f.element.address ?? "";
    const receiver = f.receiver === null ? "" : (f.receiver.name ?? f.receiver.identity ?? f.receiver.address ?? "");
    const row = this.rows.length;
    this.rowOf.set(`${caseId}/${f.id}`, row);
    this.rows.push({
      id: f.id,
      place,
      said: saidOf(f),
      first: f.first,
      last: f.last,
      port: f.receiver?.port ?? null,
      elementName: f.element.name,
      elementAddress: f.element.address,
      receiverName: f.receiver?.name ?? null,
      receiverAddress: f.receiver?.address ?? null,
      receiverIdentity: f.receiver?.identity ?? null,
      hasReceiver: f.receiver !== null,
      searched: [f.summary, element, f.element.address, receiver, f.receiver?.address, f.element.vendor].join("\n").toLowerCase(),
      people: Uint32Array.from(f.subscribers.pseudonyms.slice(0, PEOPLE), (p) => this.pseudonyms.number(p)),
    });
    numbers.case.push(this.cases.number(caseId));
    numbers.network.push(this.networks.number(network));
    numbers.claim.push(CLAIMS.indexOf(f.claim));
    numbers.grade.push(GRADES.indexOf(f.grade));
    numbers.element.push(this.elements.number(element));
    numbers.vendor.push(this.vendors.number(f.element.vendor));
    numbers.receiver.push(this.receivers.number(receiver));
    numbers.data.push(f.data.reduce((mask, kind) => mask | (1 << DATA_KINDS.indexOf(kind)), 0));
    numbers.state.push(0);
    numbers.assignee.push(0);
    numbers.comments.push(0);
    numbers.hidden.push(aboutInterception(f) ? 1 : 0);
    amounts.first.push(Date.parse(f.first));
    amounts.last.push(Date.parse(f.last));
    amounts.bits.push(f.bits);
    amounts.bytes.push(f.bytes);
    amounts.packets.push(f.packets);
    amounts.subscribers.push(f.subscribers.count);
    amounts.changed.push(0);
  }

  /** The network's name may stand after the findings in the file. */
  nameNetwork(network: string | null): void {
    this.numbers.network.fill(this.networks.number(network));
  }

  /** Adds all rows of another index. */
  join(other: FindingIndex): void {
    for (let i = 0; i < other.rows.length; i++) {
      const text = other.rows[i] as RowText;
      const caseId = other.cases.value(other.numbers.case[i] as number) ?? "";
      this.rowOf.set(`${caseId}/${text.id}`, this.rows.length);
      this.rows.push({ ...text, people: text.people.map((p) => this.pseudonyms.number(other.pseudonyms.value(p))) });
      this.numbers.case.push(this.cases.number(caseId));
      this.numbers.network.push(this.networks.number(other.networks.value(other.numbers.network[i] as number)));
      this.numbers.element.push(this.elements.number(other.elements.value(other.numbers.element[i] as number)));
      this.numbers.vendor.push(this.vendors.number(other.vendors.value(other.numbers.vendor[i] as number)));
      this.numbers.receiver.push(this.receivers.number(other.receivers.value(other.numbers.receiver[i] as number)));
      this.numbers.assignee.push(this.assignees.number(other.assignees.value(other.numbers.assignee[i] as number)));
      for (const name of ["claim", "grade", "data", "state", "comments", "hidden"] as const)
        this.numbers[name].push(other.numbers[name][i] as number);
      for (const name of AMOUNTS) this.amounts[name].push(other.amounts[name][i] as number);
    }
  }

  place(caseId: string, id: string): Place | undefined {
    const row = this.rowOf.get(`${caseId}/${id}`);
    return row === undefined ? undefined : this.rows[row]?.place;
  }

  /** Whether it is there and this role may see it. */
  /** A finding as the queue has it; undefined where there is none of this id. */
  rowNamed(caseId: string, id: string): FindingRow | undefined {
    const row = this.rowOf.get(`${caseId}/${id}`);
    return row === undefined ? undefined : this.row(row);
  }

  shows(caseId: string, id: string, cleared: boolean): boolean {
    const row = this.rowOf.get(`${caseId}/${id}`);
    return row !== undefined && (cleared || this.numbers.hidden[row] === 0);
  }

  /** Whose data: each pseudonym with what findings say about it. At most `most` are listed, those of most findings first. */
  people(cleared: boolean, most: number): { readonly total: number; readonly rows: readonly Person[] } {
    const { numbers } = this;
    const known = new Map<number, { findings: number; receivers: Set<number>; data: number; first: string; last: string }>();
    for (let i = 0; i < this.rows.length; i++) {
      if ((!cleared && numbers.hidden[i] === 1) || numbers.data[i] === 0) continue;
      const { people, first, last } = this.rows[i] as RowText;
      for (const p of people) {
        let of = known.get(p);
        if (of === undefined) {
          of = { findings: 0, receivers: new Set(), data: 0, first, last };
          known.set(p, of);
        }
        of.findings++;
        if (numbers.receiver[i] !== 0) of.receivers.add(numbers.receiver[i] as number);
        of.data |= numbers.data[i] as number;
        if (first < of.first) of.first = first;
        if (last > of.last) of.last = last;
      }
    }
    const rows = [...known]
      .sort((a, b) => b[1].findings - a[1].findings || a[0] - b[0])
      .slice(0, most)
      .map(([p, of]) => ({ ...of, pseudonym: this.pseudonyms.value(p) ?? "", receivers: of.receivers.size, data: dataOf(of.data) }));
    return { total: known.size, rows };
  }

  /** Ids of the findings about each pseudonym, those that this role may see. */
  about(cleared: boolean): Map<string, string[]> {
    const known = new Map<string, string[]>();
    for (let i = 0; i < this.rows.length; i++) {
      if (!cleared && this.numbers.hidden[i] === 1) continue;
      const { people, id } = this.rows[i] as RowText;
      for (const p of people) {
        const person = this.pseudonyms.value(p) ?? "";
        known.set(person, [...(known.get(person) ?? []), id]);
      }
    }
    return known;
  }

  summaryOf(caseId: string, id: string): ReturnType<typeof saidOf> | undefined {
    const row = this.rowOf.get(`${caseId}/${id}`);
    return row === undefined ? undefined : this.rows[row]?.said;
  }

  setTriage(caseId: string, id: string, triage: Triage): void {
    const row = this.rowOf.get(`${caseId}/${id}`);
    if (row === undefined) return;
    this.numbers.state[row] = TRIAGE_STATES.indexOf(triage.state);
    this.numbers.assignee[row] = this.assignees.number(triage.assignee);
    this.numbers.comments[row] = triage.comments;
    this.amounts.changed[row] = triage.changed === null ? 0 : Date.parse(triage.changed);
  }

  /** Counts of a case for a role. */
  counts(cleared: boolean): {
    readonly grades: ByGrade;
    readonly claims: readonly { readonly claim: Claim; readonly grades: ByGrade }[];
    readonly states: Record<TriageState, number>;
    readonly data: readonly { readonly kind: DataKind; readonly findings: number }[];
    readonly withheld: number;
    readonly all: number;
  } {
    const perClaim = CLAIMS.map(() => [0, 0, 0]);
    const states = TRIAGE_STATES.map(() => 0);
    const data = DATA_KINDS.map(() => 0);
    let withheld = 0;
    const { claim, grade, state, data: masks, hidden } = this.numbers;
    for (let i = 0; i < this.rows.length; i++) {
      if (!cleared && hidden[i] === 1) {
        withheld++;
        continue;
      }
      const counts = perClaim[claim[i] as number] as number[];
      counts[grade[i] as number] = (counts[grade[i] as number] ?? 0) + 1;
      states[state[i] as number] = (states[state[i] as number] ?? 0) + 1;
      for (let k = 0; k < data.length; k++) if (((masks[i] as number) & (1 << k)) !== 0) data[k] = (data[k] as number) + 1;
    }
    const sum = (g: number): number => perClaim.reduce((total, counts) => total + (counts[g] as number), 0);
    return {
      grades: { indication: sum(0), corroborated: sum(1), proven: sum(2) },
      claims: CLAIMS.flatMap((name, c) => {
        const [indication = 0, corroborated = 0, proven = 0] = perClaim[c] as number[];
        return indication + corroborated + proven === 0 ? [] : [{ claim: name, grades: { indication, corroborated, proven } }];
      }),
      states: Object.fromEntries(TRIAGE_STATES.map((name, s) => [name, states[s] ?? 0])) as Record<TriageState, number>,
      data: DATA_KINDS.map((kind, k) => ({ kind, findings: data[k] as number })),
      withheld,
      all: this.rows.length - withheld,
    };
  }

  page(query: FindingQuery, cleared: boolean): FindingPage {
    const order = this.order(query.sort ?? "grade");
    const descending = (query.order ?? (query.sort === undefined || !TEXTUAL.has(query.sort) ? "desc" : "asc")) === "desc";
    const limit = query.limit ?? 100;
    const fits = this.filter(query, cleared);
    const n = this.rows.length;
    let from = 0;
    if (query.cursor !== undefined) {
      const row = this.rowOf.get(fromCursor(query.cursor));
      if (row === undefined) throw new Problem("bad-request", "the cursor is none of this list", "cursor", "start again at the first page");
      from = (descending ? order.places[row] : n - 1 - (order.places[row] as number)) as number;
      from += 1;
    }
    const items: FindingRow[] = [];
    let total = 0;
    let next: string | null = null;
    for (let k = 0; k < n; k++) {
      const row = order.rows[descending ? k : n - 1 - k] as number;
      if (fits.failed[row] !== 0) continue;
      total++;
      if (k < from) continue;
      if (items.length < limit) items.push(this.row(row));
      else next ??= toCursor(items.at(-1) as FindingRow);
    }
    const { all, withheld } = this.totals(cleared);
    return { total, all, withheld, next, items, facets: query.cursor === undefined ? this.facets(fits.failed) : null };
  }

  /** The finding before and after one, in the queue's own order. */
  neighbours(caseId: string, id: string, cleared: boolean): { readonly previous: string | null; readonly next: string | null } {
    const row = this.rowOf.get(`${caseId}/${id}`);
    if (row === undefined) return { previous: null, next: null };
    const order = this.order("grade");
    const walk = (step: number): string | null => {
      for (let k = (order.places[row] as number) + step; k >= 0 && k < this.rows.length; k += step) {
        const at = order.rows[k] as number;
        if (cleared || this.numbers.hidden[at] === 0) return (this.rows[at] as RowText).id;
      }
      return null;
    };
    return { previous: walk(-1), next: walk(1) };
  }

  /** Ids of findings per element, for the drawing. */
  *each(cleared: boolean): Generator<{
    readonly id: string;
    readonly claim: Claim;
    readonly grade: Grade;
    readonly element: string | null;
    readonly elementAddress: string | null;
    readonly vendor: string | null;
    readonly receiver: string | null;
    readonly receiverAddress: string | null;
    readonly packets: number;
    readonly bytes: number;
    readonly subscribers: number;
    readonly data: number;
    readonly first: string;
    readonly last: string;
    readonly network: string | null;
    readonly caseId: string;
  }> {
    const { numbers, amounts } = this;
    for (let i = 0; i < this.rows.length; i++) {
      if (!cleared && numbers.hidden[i] === 1) continue;
      const text = this.rows[i] as RowText;
      yield {
        id: text.id,
        claim: CLAIMS[numbers.claim[i] as number] as Claim,
        grade: GRADES[numbers.grade[i] as number] as Grade,
        element: text.elementName ?? text.elementAddress,
        elementAddress: text.elementAddress,
        vendor: this.vendors.value(numbers.vendor[i] as number),
        receiver: this.receivers.value(numbers.receiver[i] as number),
        receiverAddress: text.receiverAddress,
        packets: amounts.packets[i] as number,
        bytes: amounts.bytes[i] as number,
        subscribers: amounts.subscribers[i] as number,
        data: numbers.data[i] as number,
        first: text.first,
        last: text.last,
        network: this.networks.value(numbers.network[i] as number),
        caseId: this.cases.value(numbers.case[i] as number) ?? "",
      };
    }
  }

  private totals(cleared: boolean): { readonly all: number; readonly withheld: number } {
    if (cleared) return { all: this.rows.length, withheld: 0 };
    let withheld = 0;
    for (const hidden of this.numbers.hidden) withheld += hidden;
    return { all: this.rows.length - withheld, withheld };
  }

  private row(i: number): FindingRow {
    const { numbers, amounts } = this;
    const text = this.rows[i] as RowText;
    const changed = amounts.changed[i] as number;
    return {
      id: text.id,
      case: this.cases.value(numbers.case[i] as number) ?? "",
      network: this.networks.value(numbers.network[i] as number),
      claim: CLAIMS[numbers.claim[i] as number] as Claim,
      grade: GRADES[numbers.grade[i] as number] as Grade,
      ...text.said,
      element: { name: text.elementName, address: text.elementAddress, vendor: this.vendors.value(numbers.vendor[i] as number) },
      receiver: text.hasReceiver
        ? { name: text.receiverName, address: text.receiverAddress, identity: text.receiverIdentity, port: text.port }
        : null,
      subscribers: amounts.subscribers[i] as number,
      data: dataOf(numbers.data[i] as number),
      packets: amounts.packets[i] as number,
      bytes: amounts.bytes[i] as number,
      first: text.first,
      last: text.last,
      bits: amounts.bits[i] as number,
      triage: {
        state: TRIAGE_STATES[numbers.state[i] as number] as TriageState,
        assignee: this.assignees.value(numbers.assignee[i] as number),
        comments: numbers.comments[i] as number,
        changed: changed === 0 ? null : new Date(changed).toISOString(),
      },
    };
  }

  /**
   * For each row, which filters it fails: bit k for facet k, the highest bit for what is no facet (time, words, role). A row that fails nothing is
   * shown; one that fails a single facet's filter alone counts for that facet.
   */
  private filter(query: FindingQuery, cleared: boolean): { readonly failed: Uint16Array } {
    const n = this.rows.length;
    const failed = new Uint16Array(n);
    const { numbers, amounts } = this;
    const numeric: readonly [(typeof FACETS)[number], readonly (number | undefined)[] | undefined][] = [
      ["claim", query.claim?.map((c) => CLAIMS.indexOf(c))],
      ["grade", query.grade?.map((g) => GRADES.indexOf(g))],
      ["state", query.state?.map((s) => TRIAGE_STATES.indexOf(s))],
      ["element", query.element?.map((v) => this.elements.find(v))],
      ["vendor", query.vendor?.map((v) => this.vendors.find(v))],
      ["network", query.network?.map((v) => this.networks.find(v))],
      ["receiver", query.receiver?.map((v) => this.receivers.find(v))],
      ["assignee", query.assignee?.map((v) => this.assignees.find(v))],
    ];
    for (const [facet, wanted] of numeric) {
      if (wanted === undefined) continue;
      const bit = 1 << FACETS.indexOf(facet);
      const set = new Set(wanted.map((w) => w ?? -1));
      const column = numbers[facet];
      for (let i = 0; i < n; i++) if (!set.has(column[i] as number)) failed[i] = (failed[i] as number) | bit;
    }
    if (query.data !== undefined) {
      const bit = 1 << FACETS.indexOf("data");
      const mask = query.data.reduce((m, kind) => m | (1 << DATA_KINDS.indexOf(kind)), 0);
      for (let i = 0; i < n; i++) if (((numbers.data[i] as number) & mask) === 0) failed[i] = (failed[i] as number) | bit;
    }
    const from = query.from === undefined ? -Infinity : Date.parse(query.from);
    const to = query.to === undefined ? Infinity : Date.parse(query.to);
    const words = (query.q ?? "").toLowerCase().split(/\s+/).filter(Boolean);
    for (let i = 0; i < n; i++) {
      const text = this.rows[i] as RowText;
      if (
        (!cleared && numbers.hidden[i] === 1) ||
        (amounts.last[i] as number) < from ||
        (amounts.first[i] as number) > to ||
        !words.every((word) => text.searched.includes(word) || text.id.startsWith(word))
      )
        failed[i] = OUT;
    }
    return { failed };
  }

  private facets(failed: Uint16Array): NonNullable<FindingPage["facets"]> {
    const { numbers } = this;
    const count = (facet: (typeof FACETS)[number], name: (value: number) => string | null): { value: string; count: number }[] => {
      const except = ~(1 << FACETS.indexOf(facet));
      const counts = new Map<number, number>();
      const column = numbers[facet];
      for (let i = 0; i < failed.length; i++) {
        if (((failed[i] as number) & except) !== 0) continue;
        if (facet !== "data") counts.set(column[i] as number, (counts.get(column[i] as number) ?? 0) + 1);
        else for (let k = 0; k < DATA_KINDS.length; k++) if (((column[i] as number) >> k) & 1) counts.set(k, (counts.get(k) ?? 0) + 1);
      }
      return [...counts]
        .flatMap(([value, total]) => {
          const shown = name(value);
          return shown === null ? [] : [{ value: shown, count: total }];
        })
        .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
        .slice(0, FACET_VALUES);
    };
    return {
      claim: count("claim", (v) => CLAIMS[v] ?? null),
      grade: count("grade", (v) => GRADES[v] ?? null),
      state: count("state", (v) => TRIAGE_STATES[v] ?? null),
      element: count("element", (v) => this.elements.value(v)),
      vendor: count("vendor", (v) => this.vendors.value(v)),
      network: count("network", (v) => this.networks.value(v)),
      receiver: count("receiver", (v) => this.receivers.value(v)),
      data: count("data", (v) => DATA_KINDS[v] ?? null),
      assignee: count("assignee", (v) => this.assignees.value(v)),
    };
  }

  /** Rows from the highest down; made once an order, kept until the index is made anew. */
  private order(by: Order): { readonly rows: Uint32Array; readonly places: Uint32Array } {
    const known = this.orders.get(by);
    if (known !== undefined) return known;
    const n = this.rows.length;
    const { numbers, amounts } = this;
    const rank = (dictionary: Dictionary, column: readonly number[]): ((i: number) => number) => {
      const sorted = dictionary.values
        .map((value, number) => ({ value, number }))
        .sort((a, b) => (a.value < b.value ? -1 : a.value > b.value ? 1 : 0));
      const ranks = new Float64Array(sorted.length);
      for (const [place, { number }] of sorted.entries()) ranks[number] = place;
      return (i) => ranks[column[i] as number] as number;
    };
    const key: (i: number) => number =
      by === "grade"
        ? (i) => (numbers.grade[i] as number) * 16 + (CLAIMS.length - (numbers.claim[i] as number))
        : by === "claim"
          ? (i) => CLAIMS.length - (numbers.claim[i] as number)
          : by === "element"
            ? rank(this.elements, numbers.element)
            : by === "receiver"
              ? rank(this.receivers, numbers.receiver)
              : (i) => amounts[by][i] as number;
    const keys = Float64Array.from({ length: n }, (_, i) => key(i));
    const rows = Uint32Array.from({ length: n }, (_, i) => i).sort((a, b) => (keys[b] as number) - (keys[a] as number) || a - b);
    const places = new Uint32Array(n);
    for (let k = 0; k < n; k++) places[rows[k] as number] = k;
    const made = { rows, places };
    this.orders.set(by, made);
    return made;
  }
}

/** Orders that begin at A. */
const TEXTUAL: ReadonlySet<string> = new Set(["element", "receiver"]);
const OUT = 0x8000;

function dataOf(mask: number): DataKind[] {
  return DATA_KINDS.filter((_, k) => ((mask >> k) & 1) === 1);
}

function toCursor(row: FindingRow): string {
  return Buffer.from(`${row.case}/${row.id}`).toString("base64url");
}

function fromCursor(cursor: string): string {
  return Buffer.from(cursor, "base64url").toString("utf8");
}
