import { expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { addSignature, makeSeal, pointsHash, type SealParty } from "#evidence/seal/declaration-seal.ts";
import { signNote } from "#evidence/note/note.ts";
import { hash } from "node:crypto";
import { Bundle, type LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { parseKey } from "./note.ts";
import { hex } from "./octets.ts";
import { primitivesWith } from "./primitives.ts";
import { Failure } from "./result.ts";
import { sealFor, untold } from "./standing.ts";

const signers = ["op", "inst", "court"].map((name) => Signer.generate(`${name}.example`)) as [Signer, Signer, Signer];
const declaration = { network: { name: "X" }, points: [{ match: "*" }] };
const sha256 = hash("sha256", canonicalJson(declaration), "hex");
const at = "2026-01-01T00:00:00Z";
const parties: SealParty[] = [
  { name: "o", role: "operator", side: "accuser", key: signers[0].key },
  { name: "i", role: "installer", side: "neither", key: signers[1].key },
  { name: "t", role: "third-party", side: "neither", key: signers[2].key },
];
const seal = (over: Partial<Parameters<typeof makeSeal>[0]> = {}, signing: readonly Signer[] = signers.slice(1)): string =>
  signing.reduce(
    (note, signer) => addSignature(note, signer, Date.parse(at)),
    makeSeal(
      { at, network: "X", declaration: sha256, points: pointsHash(declaration.points), annexes: [], parties, ...over },
      signers[0],
      Date.parse(at),
    ),
  );

/** Undefined where the seal bears the standing out, else why not. */
async function why(
  note: string | readonly string[] | null,
  over: { readonly signer?: Signer; readonly record?: JsonObject; readonly from?: string | null; readonly declared?: JsonObject } = {},
): Promise<string | undefined> {
  const b = new Bundle(new Uint8Array(0), primitivesWith(undefined));
  const add = (type: string, record: JsonObject): LoggedRecord => {
    const made = { index: 0, type, sha256: type, part: `records/${type}${b.records.length}`, record, octets: new Uint8Array(0) };
    b.add(made);
    return made;
  };
  if (over.signer !== undefined) b.signer = await parseKey(formatVerifierKey(over.signer.key), b.primitives, "x");
  add("declaration", { given: true, sha256, declaration, ...over.declared });
  const notes = note === null ? [] : typeof note === "string" ? [note] : note;
  for (const one of notes)
    add("seal", {
      note: one,
      standing: "attested",
      selfCheck: { contradictions: [], points: [{ point: "a", declared: {} }] },
      ...over.record,
    });
  const run = add("coverage", { declaration: "declaration", from: over.from === undefined ? "2026-01-01T00:00:01.000000000Z" : over.from });
  try {
    await sealFor(b, run, add("finding", {}));
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

it("bears out what was sealed and signed by all, before the first frame", async () => {
  expect(await why(seal())).toBeUndefined();
});

/** A seal as the program that seals would refuse to write it. */
function handWritten(list: readonly SealParty[], signing: readonly Signer[], more: JsonObject = {}): string {
  const named = list.map(({ key, name, role, side }) => ({ key: formatVerifierKey(key), name, role, side }));
  const body = {
    annexes: [],
    at: "2025-12-31T00:00:00Z",
    declaration: sha256,
    network: "X",
    parties: named,
    points: pointsHash(declaration.points),
    ...more,
  };
  return signNote(`tapproof/seal/1\n${canonicalJson(body)}\n`, signing);
}
const party = (role: SealParty["role"], signer: Signer, side: SealParty["side"] = "neither"): SealParty => ({
  name: "p",
  role,
  side,
  key: signer.key,
});

it("counts each key once: whoever signs for two of them signs for one", async () => {
  const [op, inst, court] = signers;
  const three = (one: Signer, two: Signer, third: Signer): SealParty[] => [
    party("operator", one, "accuser"),
    party("installer", two),
    party("third-party", third),
  ];
  expect(await why(handWritten(three(op, inst, court), [op, inst, court]))).toBeUndefined();
  expect(await why(handWritten(three(op, op, op), [op]))).toContain("one key stands for two parties");
  expect(await why(handWritten(three(op, inst, inst), [op, inst]))).toContain("one key stands for two parties");
  expect(await why(handWritten(three(op, inst, inst.as("court.example")), [op, inst, inst.as("court.example")]))).toContain(
    "one key stands for two parties",
  );
  expect(await why(handWritten([], [op]))).toContain("one key stands for two parties");
  expect(await why(handWritten([party("installer", inst), party("third-party", court)], [inst, court]))).toContain(
    "the operator did not sign it",
  );
  expect(await why(handWritten([party("operator", op), party("installer", inst)], [op, inst]))).toContain("no independent party");
  expect(
    await why(handWritten([party("operator", op), party("installer", inst), party("third-party", court, "accuser")], [op, inst, court])),
  ).toContain("no independent party");
});

it("takes nobody for independent who signs the bundle", async () => {
  const court = signers[2];
  expect(await why(seal(), { signer: court })).toContain("no independent party");
  expect(await why(seal(), { signer: signers[0] })).toBeUndefined();
});

it("names at most sixteen parties", async () => {
  const many = Array.from({ length: 17 }, (_, i) => Signer.generate(`p${i}.example`));
  const list = (n: number): SealParty[] => [...parties, ...many.slice(0, n - 3).map((signer) => party("third-party", signer))];
  expect(await why(handWritten(list(16), [...signers, ...many.slice(0, 13)]))).toBeUndefined();
  expect(await why(handWritten(list(17), [...signers, ...many.slice(0, 14)]))).toContain("it names more than 16 parties");
});

it("is a time that has one spelling", async () => {
  for (const bad of ["2025-01-01", "x2025-01-01T00:00:00Z", "2025-01-01T00:00:00Zx", "2025-01-01T00:00:00+00:00", 2025])
    expect(await why(handWritten(parties, signers, { at: bad })), String(bad)).toContain("not older");
  expect(await why(handWritten(parties, signers, { more: 1 }))).toContain("it is not a seal");
  expect(await why(handWritten(parties, signers, { at: "2025-01-01T00:00:00Z" }))).toBeUndefined();
});

it("of several seals one that holds is enough; that none holds is told of each; more than sixteen are not tried", async () => {
  const bad = handWritten(parties, signers, { at: "2099-01-01T00:00:00Z" });
  const other = handWritten(parties, signers, { declaration: "a".repeat(64) });
  expect(await why([bad, seal()])).toBeUndefined();
  expect(await why([bad, other])).toMatch(/not older than the first frame; it seals another declaration/);
  expect(await why(Array.from({ length: 16 }, () => seal()))).toBeUndefined();
  expect(await why(Array.from({ length: 17 }, () => seal()))).toContain("is one of more than 16 seals");
});

it("parties whose word is needed and whom the reader did not name", () => {
  const keys = ["operator", "installer", "third-party"].map((role, i) => ({
    role,
    side: "neither",
    key: { name: role, hash: new Uint8Array(4), publicKey: new Uint8Array(32).fill(i), algorithm: 1, spelled: role },
  }));
  const names = (...told: number[]): unknown[] =>
    untold(keys, new Set(told.map((i) => hex(new Uint8Array(32).fill(i))))).map(({ role }) => role);
  expect(names()).toEqual(["installer", "third-party"]);
  expect(names(1)).toEqual(["third-party"]);
  expect(names(1, 2)).toEqual([]);
});

it("does not bear out anything less", async () => {
  expect(await why(null)).toContain("no seal is in the bundle");
  expect(await why(seal({}, []))).toContain("did not sign");
  expect(await why(seal({}, [signers[1]]))).toMatch(/court\.example\S* did not sign/);
  const accusers = parties.map((party): SealParty => ({ ...party, side: "accuser" }));
  expect(await why(seal({ parties: accusers }))).toContain("no independent party");
  expect(
    await why(
      seal({ parties: parties.map((party): SealParty => ({ ...party, role: party.role === "installer" ? "third-party" : party.role })) }),
    ),
  ).toContain("installer");
  expect(await why(seal({ declaration: "a".repeat(64) }))).toContain("another declaration");
  expect(await why(seal({ points: "a".repeat(64) }))).toContain("another tap map");
  expect(await why(seal(), { from: at })).toContain("not older");
  expect(await why(seal(), { from: null })).toContain("not older");
  expect(await why(seal(), { record: { standing: "given" } })).toContain("claims less");
  expect(await why(seal(), { record: { selfCheck: { contradictions: [{ point: "a", what: "b" }] } } })).toContain("contradicts");
  expect(await why(seal(), { record: { selfCheck: null } })).toContain("contradicts");
  expect(await why(seal(), { record: { selfCheck: { contradictions: [], points: [] } } })).toContain("does not name");
  expect(await why(seal(), { record: { selfCheck: { contradictions: [], points: [{ point: "a", declared: null }] } } })).toContain(
    "does not name",
  );
  expect(await why(seal().replace("tapproof/seal/1", "tapproof/seal/2"))).toContain("not a seal");
  expect(await why(seal(), { declared: { declaration: null } })).toContain("another tap map");
  // A signature of another seal.
  const other = seal({ network: "Y" }).split("\n").slice(-3).join("\n");
  expect(await why(`${seal().split("\n").slice(0, 3).join("\n")}\n${other}`)).toContain("did not sign");
});
