import { expect, test } from "vitest";
import { isFault, readPdu } from "#decode/per/pdu.ts";
import { loadTable } from "#decode/per/table.ts";
import { newModules, parseModules } from "./parser.ts";
import { buildTable } from "./table.ts";

/** A protocol of one procedure, written for this test in the manner of the 3GPP modules. */
const MODULE = `
Toy { itu-t (0) } DEFINITIONS AUTOMATIC TAGS ::= BEGIN
IMPORTS Nothing FROM Nowhere;
TOY-IES ::= CLASS { &id ProtocolIE-ID UNIQUE, &criticality Criticality, &Value, &presence Presence }
  WITH SYNTAX { ID &id CRITICALITY &criticality TYPE &Value PRESENCE &presence }
TOY-PROCEDURE ::= CLASS { &InitiatingMessage, &procedureCode ProcedureCode UNIQUE }
  WITH SYNTAX { INITIATING MESSAGE &InitiatingMessage PROCEDURE CODE &procedureCode }
ProcedureCode ::= INTEGER (0..255)
ProtocolIE-ID ::= INTEGER (0..65535)
Criticality ::= ENUMERATED { reject, ignore, notify }
maxItems INTEGER ::= 4
id-greet ProcedureCode ::= 3
id-Names ProtocolIE-ID ::= 7
greet TOY-PROCEDURE ::= { INITIATING MESSAGE Greeting PROCEDURE CODE id-greet } -- a comment -- 
Container {TOY-IES : Set} ::= SEQUENCE (SIZE (0..65535)) OF Field {{Set}}
Field {TOY-IES : Set} ::= SEQUENCE { id TOY-IES.&id ({Set}), criticality TOY-IES.&criticality ({Set}{@id}), value TOY-IES.&Value ({Set}{@id}) }
List {INTEGER : low, INTEGER : high} ::= SEQUENCE (SIZE (low..high)) OF Name
Greeting ::= SEQUENCE { protocolIEs Container {{GreetingIEs}}, ... }
GreetingIEs TOY-IES ::= { { ID id-Names CRITICALITY reject TYPE List {1, maxItems} PRESENCE mandatory }, ... }
Name ::= SEQUENCE { first PrintableString (SIZE (1..8,...)), age INTEGER (0..7|9..100) OPTIONAL, ... }
END`;

function toyTable(): ReturnType<typeof buildTable> {
  const modules = newModules();
  parseModules(MODULE, "toy.asn", modules);
  return buildTable(modules, "toy", ["Name"]);
}

test("parameters, object sets, constraints and names end up in the rows", () => {
  const table = toyTable();
  expect(table.ids).toEqual([[7, "Names"]]);
  expect(table.procedures).toEqual([[3, "Greet", expect.any(Number), -1, -1]]);
  expect(table.types).toContainEqual(["int", 0, 100, 0]);
  expect(table.types).toContainEqual(["string", 8, 1, 8, 1]);
  expect(table.types[table.named["Name"]!]?.[0]).toBe("seq");
  expect(table.types.some((row) => row[0] === "list" && row[1] === 1 && row[2] === 4)).toBe(true);
});

test("the rows drive the interpreter", () => {
  // Outcome, code 3, reject, length; one IE: id 7, reject, length; two names ("Bo", age 9; "Al").
  const head = Buffer.from("000300", "hex");
  // 01 (two of one to four) · 0 1 0 (no additions, age, size in root) · 001 (two characters) → 0101 0001; octets; 0001001 (9) · 0 0 0 001, padded.
  const names = Buffer.from([0b0101_0001, 0x42, 0x6f, 0b0001_0010, 0b0000_1000, 0x41, 0x6c]);
  const message = Buffer.concat([Buffer.from([0, 0, 1, 0, 7, 0, names.length]), names]);
  const whole = Buffer.concat([head, Buffer.from([message.length]), message]);
  const pdu = readPdu(loadTable(JSON.stringify(toyTable())), "toy", whole, 0, whole.length, false);
  if (isFault(pdu)) throw new Error(pdu.field);
  expect(pdu.faults).toEqual([]);
  expect(pdu.ies).toEqual([
    { id: 7, name: "Names", criticality: "reject", value: [{ first: "Bo", age: 9 }, { first: "Al" }], decoded: true },
  ]);
});

test("what the subset does not cover is refused with its place", () => {
  expect(() => parseModules("M DEFINITIONS ::= BEGIN\nA ::= SEQUENCE { [[ a B ]] }\nEND", "m.asn", newModules())).toThrow("m.asn:2");
  expect(() => parseModules("M DEFINITIONS ::= BEGIN A ::= %", "m.asn", newModules())).toThrow("line 1");
  const loop = newModules();
  parseModules("M DEFINITIONS ::= BEGIN A ::= SEQUENCE { a A } END", "m.asn", loop);
  expect(() => buildTable(loop, "loop", ["A"])).toThrow("contains itself");
});
