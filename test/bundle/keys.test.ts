/** Keys have owners: one key is one hand, a word counts as another's only where the reader knows whose key it is, and no bundle makes a verifier work without end. */
import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { formatVerifierKey, KEY_TYPE } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { cosign } from "#evidence/note/cosignature.ts";
import { formatNote, parseNote, signNote } from "#evidence/note/note.ts";
import { verifyBundle, type Check, type VerifyOptions } from "#verify/verify.ts";
import type { Json, JsonRecord } from "./forge.ts";
import { KEY, labSource, makeCase, removeTemporary, SIGNER, type Made } from "./make.ts";
import { pythonAtHand, verifyInPython } from "./python.ts";
import { partsIn, resign, type Changes } from "./resign.ts";

const python = pythonAtHand();
const sha256 = (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer");
const signer = (name: string, seed: number, type: (typeof KEY_TYPE)[keyof typeof KEY_TYPE] = KEY_TYPE.note): Signer =>
  Signer.fromSeed(name, Buffer.alloc(32, seed), type);
const vkey = (s: Signer): string => formatVerifierKey(s.key);
const [operator, installer, court] = [signer("operator.example", 41), signer("installer.example", 42), signer("court.example", 43)];
const [one, two] = [signer("one.example", 51, KEY_TYPE.cosignature), signer("two.example", 52, KEY_TYPE.cosignature)];

let copy: Made;
let declaration: { readonly sha256: string; readonly points: Json };
let newest: number;
beforeAll(async () => {
  copy = await makeCase(labSource("copy-vxlan"));
  const records = partsIn(copy.octets)
    .filter((p) => p.name.startsWith("records/"))
    .map((p) => JSON.parse(Buffer.from(p.octets).toString()) as JsonRecord);
  const declared = records.find((r) => r["type"] === "declaration") as { sha256: string; declaration: { points: Json } } & JsonRecord;
  declaration = { sha256: declared.sha256, points: declared.declaration.points };
  const run = records.find((r) => r["type"] === "coverage") as JsonRecord;
  newest = Math.floor(Date.parse(run["to"] as string) / 1000);
}, 60_000);
afterAll(removeTemporary);

/** The check that both verifiers agree about. */
async function check(octets: Buffer, code: string, options: VerifyOptions = {}): Promise<Check> {
  const result = await verifyBundle(octets, { key: KEY, primitives: { sha256 }, ...options });
  const found = result.checks.find((c) => c.code === code) as Check;
  if (python) {
    const { witnesses = [], parties = [] } = options;
    const theirs = verifyInPython(octets, { key: KEY, witnesses, parties });
    expect(theirs.checks.find((c) => c.code === code)?.status, `${code} in Python`).toBe(found.status);
    expect(theirs.status === 0, "exit of the second verifier").toBe(result.passed);
  }
  return found;
}

type Party = readonly [Signer, role: string, side: string];
const PARTIES: readonly Party[] = [
  [operator, "operator", "accuser"],
  [installer, "installer", "neither"],
  [court, "third-party", "neither"],
];

function sealNote(parties: readonly Party[] = PARTIES, over: Record<string, unknown> = {}, signing: readonly Signer[] = []): string {
  const body = {
    annexes: [],
    at: "2020-01-01T00:00:00Z",
    declaration: declaration.sha256,
    network: "Exampletel",
    parties: parties.map(([s, role, side], i) => ({ key: vkey(s), name: `party ${i}`, role, side })),
    points: hash("sha256", canonicalJson(declaration.points), "hex"),
    ...over,
  };
  const all = signing.length > 0 ? signing : [...new Set(parties.map(([s]) => s))];
  return signNote(`tapproof/seal/1\n${canonicalJson(body)}\n`, all);
}

const sealRecord = (note: string): { type: string; record: JsonRecord } => ({
  type: "seal",
  record: {
    schema: "tapproof/seal-record/1",
    type: "seal",
    note,
    standing: "attested",
    missing: [],
    selfCheck: { contradictions: [], points: [{ point: "SGi", declared: {} }] },
  },
});

/** The copy, called attested, with these seals behind it. */
function attested(...notes: readonly string[]): Buffer {
  return resign(copy.octets, {
    record: (type, record) => (type === "finding" ? { ...record, standing: "attested" } : record),
    more: notes.map(sealRecord),
  });
}

describe("a seal", () => {
  const told = { parties: [vkey(installer), vkey(court)] };

  it("counts where the reader knows installer and third party, and is told with their keys where he does not", async () => {
    expect(await check(attested(sealNote()), "standing", told)).toMatchObject({ status: "passed" });
    const untold = await check(attested(sealNote()), "standing");
    expect(untold).toMatchObject({ status: "not checked" });
    for (const s of [installer, court]) expect(untold.detail).toContain(vkey(s));
    expect(untold.detail).not.toContain(vkey(operator));
    const partly = await check(attested(sealNote()), "standing", { parties: [vkey(court)] });
    expect(partly).toMatchObject({ status: "not checked" });
    expect(partly.detail).toContain(vkey(installer));
    expect(await verifyBundle(attested(sealNote()), { key: KEY, parties: [vkey(court)] })).toMatchObject({ passed: false });
  });

  const one_ = (s: Signer): readonly Party[] => PARTIES.map(([, role, side]) => [s, role, side] as const);
  it.each<[string, () => string]>([
    ["one key signs for three parties", () => sealNote(one_(court))],
    [
      "one key under three names signs for three parties",
      () =>
        sealNote([
          [court, "operator", "accuser"],
          [court.as("b.example"), "installer", "neither"],
          [court.as("c.example"), "third-party", "neither"],
        ]),
    ],
    [
      "the bundle's signer is its own third party",
      () => sealNote([PARTIES[0] as Party, PARTIES[1] as Party, [SIGNER, "third-party", "neither"]]),
    ],
    ["the third party is the accuser's", () => sealNote([PARTIES[0] as Party, PARTIES[1] as Party, [court, "third-party", "accuser"]])],
    ["a party did not sign", () => sealNote(PARTIES, {}, [operator, installer])],
    ["it is as old as the run", () => sealNote(PARTIES, { at: "2099-01-01T00:00:00Z" })],
    ["its time is no time", () => sealNote(PARTIES, { at: "2020" })],
    ["it seals another declaration", () => sealNote(PARTIES, { declaration: "ab".repeat(32) })],
    ["it seals another tap map", () => sealNote(PARTIES, { points: "ab".repeat(32) })],
    [
      "it names more than 16 parties",
      () =>
        sealNote([...PARTIES, ...Array.from({ length: 57 }, (_, i): Party => [signer(`p${i}.example`, 60 + i), "third-party", "neither"])]),
    ],
    ["a party's key is of small order", () => sealNote().replace(vkey(court), smallOrder(1))],
  ])("does not count where %s", async (_, note) => {
    expect(await check(attested(note()), "standing", told)).toMatchObject({ status: "failed" });
  });

  it("300 seals of 60 parties are refused after a bounded number of signatures", async () => {
    const many = Array.from({ length: 60 }, (_, i): Party => [signer(`p${i}.example`, 60 + i), "third-party", "neither"]);
    const note = sealNote(many);
    for (const notes of [
      Array.from({ length: 300 }, () => note),
      Array.from({ length: 16 }, () => sealNote(PARTIES, { points: "ab".repeat(32) })),
    ]) {
      const octets = attested(...notes);
      let signatures = 0;
      const counted = {
        sha256,
        ed25519: () => {
          signatures++;
          return true;
        },
      };
      await verifyBundle(octets, { key: KEY, primitives: counted });
      expect(signatures).toBeLessThanOrEqual(2 + 16 * 16);
      expect(await check(octets, "standing")).toMatchObject({ status: "failed" });
    }
  });
});

function smallOrder(type: number): string {
  const key = Buffer.concat([Buffer.of(type), Buffer.of(1), Buffer.alloc(31)]);
  const id = hash("sha256", Buffer.concat([Buffer.from("weak.example\n"), key]), "hex").slice(0, 8);
  return `weak.example+${id}+${key.toString("base64")}`;
}

describe("a witness", () => {
  /** The head, cosigned by these at these times, under a policy that names these. */
  const bundle = (policy: string, ...cosigned: readonly (readonly [Signer, number])[]): Buffer => {
    const changes: Changes = {
      record: (type, record) => (type === "origin" ? { ...record, policy } : record),
      witnessed: (head) => {
        const note = parseNote(head);
        return formatNote({ text: note.text, signatures: [...note.signatures, ...cosigned.map(([s, at]) => cosign(note.text, s, at))] });
      },
    };
    return resign(copy.octets, changes);
  };
  const both = (): string => `witness a ${vkey(one)}\nwitness b ${vkey(two)}\ngroup g all a b\nquorum g\n`;

  it("is told with its key; that the log's own policy names it makes it nobody's friend", async () => {
    const passed = await check(bundle(both(), [one, newest + 10], [two, newest + 20]), "witnesses");
    expect(passed).toMatchObject({ status: "passed" });
    for (const s of [one, two]) expect(passed.detail).toContain(vkey(s));
    expect(passed.detail).toContain("only the log's own policy names");
    const told = await check(bundle(both(), [one, newest + 10], [two, newest + 20]), "witnesses", { witnesses: [vkey(one), vkey(two)] });
    expect(told.detail).toContain(`witnessed by: ${vkey(one)}, ${vkey(two)}`);
    expect(told.detail).not.toContain("own policy");
  });

  it.each<[string, () => Buffer, VerifyOptions?]>([
    ["it cosigned before the newest frame", () => bundle(both(), [one, newest - 3600], [two, newest + 20])],
    [
      "one that the reader names cosigned before the newest frame",
      () => bundle(both(), [one, 1_000_000], [two, newest + 20]),
      { witnesses: [vkey(one)] },
    ],
    [
      "one key is two witnesses of a quorum",
      () =>
        bundle(
          `witness a ${vkey(one)}\nwitness b ${vkey(one.as("b.example"))}\ngroup g all a b\nquorum g\n`,
          [one, newest + 10],
          [one.as("b.example"), newest + 10],
        ),
    ],
    ["the signer is its own witness", () => bundle(`witness a ${vkey(own())}\nquorum a\n`, [own(), newest + 10])],
    ["its key is of small order", () => bundle(`witness a ${smallOrder(4)}\nquorum a\n`, [one, newest + 10])],
    ["one of two did not cosign", () => bundle(both(), [one, newest + 10])],
    [
      "the policy names more than 64 witnesses",
      () =>
        bundle(
          `${Array.from({ length: 70 }, (_, i) => `witness w${i} ${vkey(signer(`w${i}.example`, 100 + i, KEY_TYPE.cosignature))}`).join("\n")}\ngroup g any w0\nquorum g\n`,
          [one, newest + 10],
        ),
    ],
  ])("does not count where %s", async (_, made, options = {}) => {
    expect(await check(made(), "witnesses", options)).toMatchObject({ status: "failed" });
  });

  const own = (): Signer => Signer.fromSeed("test.example/tapproof", Buffer.alloc(32, 7), KEY_TYPE.cosignature);
});

describe("work", () => {
  it("sums without end: a table that asks for a million terms more than any finding needs", async () => {
    const octets = resign(copy.octets, {
      record: (type, record) => {
        if (type !== "match" || record["table"] === null) return record;
        const table = structuredClone(record["table"]) as { subscriber: { flows: JsonRecord[] } } & JsonRecord;
        const flow = table.subscriber.flows[0] as { credits: JsonRecord } & JsonRecord;
        flow.credits["plain"] = { others: 2 ** 50, holding: 1000 };
        table.subscriber.flows = Array.from({ length: 65_536 }, () => flow);
        return { ...record, table };
      },
    });
    expect(await check(octets, "bits")).toMatchObject({ status: "failed", detail: expect.stringContaining("more sums") as string });
  });

  it("lists longer than any are refused at L1", async () => {
    for (const declaration_ of [{ a: Array.from({ length: 70_000 }, () => 1) }]) {
      const octets = resign(copy.octets, {
        record: (type, record) => (type === "declaration" ? { ...record, declaration: declaration_ } : record),
      });
      expect(await check(octets, "records")).toMatchObject({ status: "failed" });
    }
  });

  it("an opening of another content, or with a salt of any length", async () => {
    const finding = partsIn(copy.octets)
      .find((p) => p.name.startsWith("carved/"))
      ?.name.slice(7, 71);
    const opening = (salt: string) => ({
      type: "opening",
      record: {
        schema: "tapproof/record/1",
        type: "opening",
        finding: finding ?? "",
        class: "frame",
        index: 0,
        salt,
        content: "AAAA",
        reason: "x",
      } as JsonRecord,
    });
    const longer = resign(copy.octets, { more: [opening(Buffer.alloc(33).toString("base64"))] });
    expect(await check(longer, "records"), "a salt of any length").toMatchObject({ status: "failed" });
    const wrong = resign(copy.octets, { more: [opening(Buffer.alloc(32).toString("base64"))] });
    expect(await check(wrong, "openings")).toMatchObject({ status: "failed" });
  });
});
