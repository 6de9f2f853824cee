// The PDU that S1AP (TS 36.413 §9.3.2), X2AP (TS 36.423 §9.3.3) and NGAP (TS 38.413 §9.4.3) share:
// a choice of three outcomes, each procedure code, criticality, and the message as open type.
import type { Fault } from "#model/fault.ts";
import { component, isProtocolIe, listOf } from "./access.ts";
import { PerCursor } from "./cursor.ts";
import { CRITICALITIES, PerInterpreter } from "./interpreter.ts";
import { Kind, type PerTable } from "./table.ts";
import type { Criticality, PerValue, ProtocolIe } from "./value.ts";

export const OUTCOMES = ["initiating", "successful", "unsuccessful"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Pdu {
  readonly outcome: Outcome;
  readonly procedureCode: number;
  /** `#99` for a code that the table does not have. */
  readonly procedure: string;
  readonly criticality: Criticality;
  readonly ies: readonly ProtocolIe[];
  readonly unknown: readonly ProtocolIe[];
  readonly faults: readonly Fault[];
  /** To read octet strings of the PDU that hold a type of the same table; its faults join `faults`. */
  readonly contained: (typeName: string, octets: Uint8Array) => PerValue | undefined;
}

/**
 *     octet 0   extension bit (0), outcome 2 bits, 5 bits padding
 *     octet 1   procedure code
 *     octet 2   criticality 2 bits, 6 bits padding
 *     octet 3…  length, message
 *
 * Values refer to `bytes`: the caller hands in octets that stay as they are. A message whose head cannot be read is a fault.
 */
export function readPdu(table: PerTable, layer: string, bytes: Uint8Array, start: number, end: number, cut: boolean): Pdu | Fault {
  const cursor = new PerCursor(layer, bytes, start, end, cut);
  const interpreter = new PerInterpreter(cursor, table);
  cursor.field = "PDU";
  const index = cursor.bits(3);
  cursor.align();
  cursor.field = "procedureCode";
  const code = cursor.bits(8);
  cursor.field = "criticality";
  const criticality = CRITICALITIES[cursor.bits(2)];
  const outcome = OUTCOMES[index];
  if (cursor.failed) return cursor.faults[0]!;
  if (outcome === undefined) return { layer, code: "value", field: "PDU", offset: 0, needed: 2, had: index };
  if (criticality === undefined) return { layer, code: "encoding", field: "criticality", offset: 2, needed: 2, had: 3 };

  const procedure = table.procedures.get(code);
  const type = procedure?.messages[index];
  const name = procedure?.name ?? `#${code}`;
  cursor.field = name;
  if (type === undefined) cursor.fail("value", -1, code);
  const message = interpreter.openType(type ?? GENERIC_MESSAGE).value;
  const list = component(message, "protocolIEs") ?? component(message, "privateIEs");
  return {
    outcome,
    procedureCode: code,
    procedure: name,
    criticality,
    ies: elementsOf(listOf(list)),
    unknown: interpreter.unknown,
    faults: cursor.faults,
    contained: (typeName, octets) => {
      const inner = table.named.get(typeName);
      return inner === undefined ? undefined : interpreter.contained(inner, octets);
    },
  };
}

function elementsOf(list: readonly PerValue[]): readonly ProtocolIe[] {
  return list.every(isProtocolIe) ? (list as readonly ProtocolIe[]) : list.filter(isProtocolIe);
}

/** All messages look alike; so one of a procedure that the table does not have is still split into its IEs. */
const BASE = {
  low: NaN,
  high: NaN,
  width: 0,
  names: [],
  additionalNames: [],
  additions: [],
  optionals: 0,
  set: new Map(),
  second: new Map(),
  components: [],
  element: undefined,
  extensible: false,
};
const GENERIC_MESSAGE = {
  ...BASE,
  kind: Kind.Sequence,
  extensible: true,
  components: [
    { name: "protocolIEs", optional: false, type: { ...BASE, kind: Kind.List, low: 0, high: 65535, element: { ...BASE, kind: Kind.Ie } } },
  ],
};

/** Tells a fault from what a decoder returns in its place. */
export function isFault<T extends object>(result: T | Fault): result is Fault {
  return "layer" in result && "needed" in result;
}
