/**
 * The tables that drive the PER interpreter, generated from ASN.1 modules by `tools/asn1`.
 *
 * Text form: JSON with `source`, `named` (type name → row), `procedures` ([code, name, initiating, successful, unsuccessful]: rows or -1),
 * `ids` ([IE id, name]), `sets` (of [IE id, row]) and `types`, whose rows are:
 *
 *     ["boolean"]  ["null"]  ["oid"]
 *     ["int", low, high, extensible]            null: no bound
 *     ["octets", low, high, extensible, row?]   size in octets; row: the type the octets hold (CONTAINING)
 *     ["bits", low, high, extensible]           size in bits
 *     ["string", bits a character, low, high, extensible]   0: UTF-8, whose size is in octets
 *     ["enum", extensible, [root names], [additional names]]
 *     ["seq", extensible, [[name, row, optional], …], [additions …]]
 *     ["choice", extensible, [[name, row], …], [additions …]]
 *     ["list", low, high, extensible, row]
 *     ["ie", set]            ProtocolIE-Field or ProtocolExtensionField: id, criticality, open type by id
 *     ["pair", set, set]     ProtocolIE-FieldPair: id, and twice criticality and open type
 *     ["private"]            PrivateIE-Field
 */

export const Kind = {
  Boolean: 0,
  Null: 1,
  Oid: 2,
  Integer: 3,
  Octets: 4,
  Bits: 5,
  Text: 6,
  Enumerated: 7,
  Sequence: 8,
  Choice: 9,
  List: 10,
  Ie: 11,
  Pair: 12,
  Private: 13,
} as const;

const KIND_BY_WORD: Readonly<Record<string, number>> = {
  boolean: Kind.Boolean,
  null: Kind.Null,
  oid: Kind.Oid,
  int: Kind.Integer,
  octets: Kind.Octets,
  bits: Kind.Bits,
  string: Kind.Text,
  enum: Kind.Enumerated,
  seq: Kind.Sequence,
  choice: Kind.Choice,
  list: Kind.List,
  ie: Kind.Ie,
  pair: Kind.Pair,
  private: Kind.Private,
};

export interface Component {
  readonly name: string;
  readonly type: TypeNode;
  readonly optional: boolean;
}

export type IeSet = ReadonlyMap<number, TypeNode>;

/** One shape for all kinds, so that the interpreter's loads stay monomorphic; what a kind does not use is empty. */
export interface TypeNode {
  kind: number;
  /** Bounds of a value (Integer) or a size; `NaN`: none. */
  low: number;
  high: number;
  extensible: boolean;
  /** Bits a character, Text only. */
  width: number;
  names: readonly string[];
  additionalNames: readonly string[];
  components: readonly Component[];
  additions: readonly Component[];
  optionals: number;
  element: TypeNode | undefined;
  set: IeSet;
  second: IeSet;
}

export interface Procedure {
  readonly code: number;
  readonly name: string;
  /** Types of the initiating, successful and unsuccessful message. */
  readonly messages: readonly (TypeNode | undefined)[];
}

export interface PerTable {
  readonly source: string;
  readonly ids: ReadonlyMap<number, string>;
  readonly procedures: ReadonlyMap<number, Procedure>;
  readonly named: ReadonlyMap<string, TypeNode>;
}

interface Source {
  readonly source: string;
  readonly named: Readonly<Record<string, number>>;
  readonly procedures: readonly (readonly [number, string, number, number, number])[];
  readonly ids: readonly (readonly [number, string])[];
  readonly sets: readonly (readonly (readonly [number, number])[])[];
  readonly types: readonly (readonly unknown[])[];
}

/** Builds the table from its text; takes 2–3 ms (S1AP, Node 24), so callers do it when the first message comes. */
export function loadTable(text: string): PerTable {
  const source = JSON.parse(text) as Source;
  const nodes = source.types.map(emptyNode);
  const sets = source.sets.map((set) => new Map(set.map(([id, row]) => [id, nodes[row]!] as const)));
  source.types.forEach((row, i) => fill(nodes[i]!, row, nodes, sets));
  return {
    source: source.source,
    ids: new Map(source.ids),
    procedures: new Map(
      source.procedures.map(([code, name, ...rows]) => [code, { code, name, messages: rows.map((row) => nodes[row]) }] as const),
    ),
    named: new Map(Object.entries(source.named).map(([name, row]) => [name, nodes[row]!] as const)),
  };
}

const NO_SET: IeSet = new Map();

function emptyNode(): TypeNode {
  return {
    kind: 0,
    low: NaN,
    high: NaN,
    extensible: false,
    width: 0,
    names: [],
    additionalNames: [],
    components: [],
    additions: [],
    optionals: 0,
    element: undefined,
    set: NO_SET,
    second: NO_SET,
  };
}

function fill(node: TypeNode, row: readonly unknown[], nodes: readonly TypeNode[], sets: readonly IeSet[]): void {
  node.kind = KIND_BY_WORD[row[0] as string]!;
  const bounds = (at: number): void => {
    node.low = (row[at] as number | null) ?? NaN;
    node.high = (row[at + 1] as number | null) ?? NaN;
    node.extensible = row[at + 2] === 1;
  };
  const components = (list: unknown): Component[] =>
    (list as [string, number, number?][]).map(([name, type, optional]) => ({ name, type: nodes[type]!, optional: optional === 1 }));
  switch (node.kind) {
    case Kind.Integer:
    case Kind.Bits:
      bounds(1);
      break;
    case Kind.Octets:
      bounds(1);
      if (row[4] !== undefined) node.element = nodes[row[4] as number]!;
      break;
    case Kind.List:
      bounds(1);
      node.element = nodes[row[4] as number]!;
      break;
    case Kind.Text:
      node.width = row[1] as number;
      bounds(2);
      break;
    case Kind.Enumerated:
      node.extensible = row[1] === 1;
      node.names = row[2] as string[];
      node.additionalNames = row[3] as string[];
      break;
    case Kind.Sequence:
    case Kind.Choice:
      node.extensible = row[1] === 1;
      node.components = components(row[2]);
      node.additions = components(row[3]);
      node.optionals = node.components.filter((component) => component.optional).length;
      break;
    case Kind.Ie:
    case Kind.Pair:
      node.set = sets[row[1] as number]!;
      node.second = sets[(row[2] ?? row[1]) as number]!;
      break;
  }
}
