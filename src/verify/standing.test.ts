import { expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { addSignature, makeSeal, pointsHash, type SealParty } from "#evidence/seal/declaration-seal.ts";
import { hash } from "node:crypto";
import { Bundle, type LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { primitivesWith } from "./primitives.ts";
import { Failure } from "./result.ts";
import { sealFor } from "./standing.ts";

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
  note: string | null,
  over: { readonly record?: JsonObject; readonly from?: string | null; readonly declared?: JsonObject } = {},
): Promise<string | undefined> {
  const b = new Bundle(new Uint8Array(0), primitivesWith(undefined));
  const add = (type: string, record: JsonObject): LoggedRecord => {
    const made = { index: 0, type, sha256: type, part: `records/${type}`, record, octets: new Uint8Array(0) };
    b.add(made);
    return made;
  };
  add("declaration", { given: true, sha256, declaration, ...over.declared });
  if (note !== null)
    add("seal", { note, standing: "attested", selfCheck: { contradictions: [], points: [{ point: "a", declared: {} }] }, ...over.record });
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
  expect(await why(seal().replace("tapproof/seal/1", "tapproof/seal/2"))).toContain("no seal");
  expect(await why(seal(), { declared: { declaration: null } })).toContain("another tap map");
  // A signature of another seal.
  const other = seal({ network: "Y" }).split("\n").slice(-3).join("\n");
  expect(await why(`${seal().split("\n").slice(0, 3).join("\n")}\n${other}`)).toContain("did not sign");
});
