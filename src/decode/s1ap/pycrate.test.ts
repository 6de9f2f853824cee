/**
 * Messages of every procedure, with every IE that pycrate 0.8.1 knows, made by pycrate's own PER encoder from random valid values
 * (tools/asn1/differential.py, which also says how to make many more). The tables must read each value as it was written.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isFault, readPdu } from "#decode/per/pdu.ts";
import { loadTable } from "#decode/per/table.ts";
import type { PerValue } from "#decode/per/value.ts";
import { TABLE as S1AP_TABLE } from "#decode/s1ap/table.ts";
import { TABLE as X2AP_TABLE } from "#decode/x2ap/table.ts";

interface Row {
  readonly code: number;
  readonly outcome: string;
  readonly hex: string;
  readonly value: { readonly protocolIEs?: unknown };
}

test.each([
  ["s1ap", S1AP_TABLE, 302],
  ["x2ap", X2AP_TABLE, 433],
])("%s: every value as the encoder wrote it", (protocol, text, ieCount) => {
  const table = loadTable(text);
  const rows = JSON.parse(readFileSync(`src/decode/${protocol}/golden/pycrate.json`, "utf8")) as Row[];
  const seen = new Set<number>();
  for (const row of rows) {
    const octets = Buffer.from(row.hex, "hex");
    const pdu = readPdu(table, protocol, octets, 0, octets.length, false);
    if (isFault(pdu)) throw new Error(`unreadable ${row.hex}`);
    expect(pdu.faults).toEqual([]);
    expect(pdu.unknown).toEqual([]);
    expect([pdu.procedureCode, pdu.outcome]).toEqual([row.code, row.outcome.replace(/(Message|Outcome)$/, "")]);
    expect(plain(pdu.ies, seen)).toEqual(row.value.protocolIEs);
  }
  expect(seen.size).toBe(ieCount);
});

/** The form that the golden file uses: octets `x…`, bits `b<count>:…`, a choice as pair, an IE as {id, crit, value}. */
function plain(value: PerValue, seen: Set<number>): unknown {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map((element: PerValue) => plain(element, seen));
  if (typeof value !== "object" || value === null) return value;
  const record = value as Readonly<Record<string, PerValue>>;
  if (record["decoded"] !== undefined) {
    seen.add(record["id"] as number);
    return { id: record["id"], crit: record["criticality"], value: plain(record["value"]!, seen) };
  }
  if (record["bytes"] instanceof Uint8Array) return `b${record["bits"] as number}:${Buffer.from(record["bytes"]).toString("hex")}`;
  if (record["choice"] !== undefined) return [record["choice"], plain(record["value"]!, seen)];
  return Object.fromEntries(Object.entries(record).map(([name, inner]) => [name, plain(inner, seen)]));
}
