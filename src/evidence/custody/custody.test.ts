import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog } from "#evidence/log/case-log.ts";
import { addCustody, addIntake, custodyOf, identityIn, type CustodyAction, type TapMethod } from "./custody.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-custody-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const log = openCaseLog(folder, Signer.generate());

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

const entry = { at: "2026-01-01T00:00:00Z", by: "A. Analyst", action: "scanned" as CustodyAction, basis: null, note: null };
const intake = {
  at: "2026-01-01T00:00:00Z",
  by: "A. Analyst",
  capture: "a".repeat(64),
  place: "Paris, link spgw-1/eth2",
  method: "tap" as TapMethod,
  tool: "dumpcap 4.0.17",
  drops: 0,
  from: null,
  note: null,
};

it("needs a basis once, keeps it, and lists all in order", () => {
  expect(code(() => addCustody(log, entry))).toBe("record-invalid");
  const basis = { law: "Loi 1", authority: "ANSSI", purpose: "audit of a supplier" };
  addCustody(log, { ...entry, action: "opened", basis });
  addIntake(log, intake);
  addCustody(log, { ...entry, note: "on sensor 3" });
  const lines = custodyOf(log);
  expect(lines.map(({ type }) => type)).toEqual(["custody", "intake", "custody"]);
  expect(lines[2]?.value).toMatchObject({ action: "scanned", basis, note: "on sensor 3" });
  expect(lines[0]?.witnessedAt).toBeUndefined();
});

it("refuses what is not of the form", () => {
  for (const bad of [
    { ...entry, at: "yesterday" },
    { ...entry, at: "2026-13-01T00:00:00Z" },
    { ...entry, at: "2026-01-01T00:00:00+01:00" },
    { ...entry, by: " " },
    { ...entry, by: "x".repeat(2001) },
    { ...entry, action: "stole" as CustodyAction },
  ]) {
    expect(code(() => addCustody(log, bad))).toBe("record-invalid");
  }
  for (const bad of [
    { ...intake, capture: "A".repeat(64) },
    { ...intake, drops: -1 },
    { ...intake, drops: 0.5 },
    { ...intake, method: "guess" as TapMethod },
    { ...intake, place: "" },
  ]) {
    expect(code(() => addIntake(log, bad))).toBe("record-invalid");
  }
});

it("takes no identities", () => {
  for (const text of [
    "about imsi:208010000000001",
    "IMSI 208010000000001",
    "msisdn=33612345678",
    "call +33 6 12 34 56 78",
    "+33(6)12-345-678",
    "sip:alice@example.org",
    "tel:+3361",
    "the phone 353490069873319",
    "LIID: FR-77",
    "\uff12\uff10\uff18\uff10\uff11\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff10\uff11",
    "\u0662\u0660\u0668\u0660\u0661\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661",
    "20801\u200b0000000001",
  ]) {
    expect(identityIn(text), text).not.toBeNull();
    expect(
      code(() => addCustody(log, { ...entry, note: text })),
      text,
    ).toBe("identity-refused");
  }
  for (const text of [
    "2026-11-24 07:20:01",
    `hash ${"1234567890abcdef".repeat(4)}`,
    "ticket CHG-123456",
    "10.0.0.1:4789 to 203.0.113.9",
    "Article 706-95 of the code",
  ]) {
    expect(identityIn(text), text).toBeNull();
  }
});
