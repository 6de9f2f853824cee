/** What strangers hand on as proof: bundles, seals, notes, time stamps. */
import { hash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { parseVerifierKey } from "#evidence/keys/note-key.ts";
import { parseCheckpoint } from "#evidence/note/checkpoint.ts";
import { parseNote } from "#evidence/note/note.ts";
import { parsePolicy } from "#evidence/note/policy.ts";
import { parseProof } from "#evidence/log/proof-file.ts";
import { makeSeal, openSeal } from "#evidence/seal/declaration-seal.ts";
import { verifyTimestamp } from "#evidence/timestamp/response.ts";
import { verifyBundle } from "#verify/verify.ts";
import { SIGNER } from "../../test/bundle/make.ts";
import { partsIn, resign } from "../../test/bundle/resign.ts";
import type { Json, JsonRecord } from "../../test/bundle/forge.ts";
import type { Target } from "./targets.ts";

const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const textOf = (input: Uint8Array): string => Buffer.from(input).toString("utf8");
const primitives = { sha256: (data: Uint8Array): Uint8Array => hash("sha256", data, "buffer") };

const vectors = new URL("../../docs/test-vectors/", import.meta.url);
const bundles: readonly Uint8Array[] = readdirSync(vectors)
  .filter((name) => name.endsWith(".tapproof"))
  .map((name) => new Uint8Array(readFileSync(new URL(name, vectors))))
  .toSorted((a, b) => a.length - b.length);
const honest = bundles[0] as Uint8Array;
const records: readonly JsonRecord[] = partsIn(honest)
  .filter(({ name }) => name.startsWith("records/"))
  .map((part) => JSON.parse(Buffer.from(part.octets).toString()) as JsonRecord);

async function verified(bundle: Uint8Array): Promise<void> {
  const result = await verifyBundle(bundle, { anySigner: true, primitives });
  for (const { code, detail } of result.checks)
    if (/TypeError|RangeError|is not a function|undefined \(reading/.test(detail ?? "")) throw new Error(`check ${code}: ${detail}`);
}

/** A bundle whose first octet's record is another, every hash, leaf, proof and signature made to fit: what is left is the second level. */
async function forged(input: Uint8Array): Promise<void> {
  let value: Json;
  try {
    value = JSON.parse(textOf(input.subarray(1))) as Json;
  } catch {
    return;
  }
  const target = records[(input[0] ?? 0) % records.length] as JsonRecord;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return;
  const record = value;
  let bundle: Uint8Array;
  try {
    bundle = resign(honest, { record: (type, was) => (type === target["type"] && same(was, target) ? record : was) });
  } catch {
    // Not every value has a canonical spelling to sign.
    return;
  }
  await verified(bundle);
}

/** References in a record are made to fit before it is seen; the rest of it is the same. */
function same(a: JsonRecord, b: JsonRecord): boolean {
  return Object.keys(a).join() === Object.keys(b).join() && JSON.stringify(a).length === JSON.stringify(b).length;
}

function promising(...readers: readonly ((input: Uint8Array) => unknown)[]): (input: Uint8Array) => void {
  return (input) => {
    for (const read of readers) {
      try {
        read(input);
      } catch (error) {
        if (!(error instanceof EvidenceError)) throw error;
      }
    }
  };
}

const named = (name: string): Uint8Array[] =>
  partsIn(honest)
    .filter((part) => part.name.includes(name))
    .map((part) => new Uint8Array(part.octets))
    .slice(0, 3);

function sealed(): Uint8Array {
  const at = "2026-01-01T00:00:00Z";
  const hash64 = "0".repeat(64);
  const parties = [{ name: "Exampletel", role: "operator", side: "accuser", key: SIGNER.key }] as const;
  return octets(makeSeal({ at, network: "Exampletel", declaration: hash64, points: hash64, annexes: [], parties }, SIGNER, Date.parse(at)));
}

const JSON_WORDS = [
  "null",
  "true",
  "0",
  "-1",
  "1e3",
  '""',
  "[]",
  "{}",
  ",",
  ":",
  '"proven"',
  '"captures"',
  '"frames"',
  '"bits"',
  "9007199254740992",
].map(octets);

export const proofs: readonly Target[] = [
  { name: "bundle", run: verified, seeds: [honest], longest: 131_072, words: JSON_WORDS },
  {
    name: "bundle-records",
    run: forged,
    seeds: records.map((record, i) => Uint8Array.of(i, ...octets(JSON.stringify(record)))).filter((one) => one.length < 8_000),
    words: JSON_WORDS,
  },
  {
    name: "notes",
    run: promising(
      parseNote,
      (input) => parseCheckpoint(textOf(input)),
      (input) => parsePolicy(textOf(input)),
      (input) => parseProof(textOf(input)),
      (input) => parseVerifierKey(textOf(input)),
    ),
    seeds: [...named("log/checkpoint"), ...named("proofs/"), octets("log a+1+b\nwitness w 1\ngroup g any w\nquorum g\n")],
    words: ["\n", "— ", "+", "quorum", "any", "all", "none", "witness", "group"].map(octets),
  },
  { name: "seal", run: promising(openSeal), seeds: [sealed()], words: JSON_WORDS },
  {
    name: "timestamp",
    run: promising((input) => verifyTimestamp(input, { data: new Uint8Array(3), nonce: undefined, authorities: [] })),
    // PKIStatusInfo granted, and a ContentInfo of signed data that holds nothing (RFC 3161 §2.4.2).
    seeds: [Uint8Array.of(0x30, 18, 0x30, 3, 2, 1, 0, 0x30, 11, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2)],
  },
];
