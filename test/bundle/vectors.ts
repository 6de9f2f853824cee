/**
 * Test vectors for whoever writes another verifier: `node test/bundle/vectors.ts` writes one honest bundle and changed ones to `docs/test-vectors/`, with
 * the status of each check. They are of a laboratory capture; no person is in them.
 */
import { hash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { Signer } from "#evidence/keys/signer.ts";
import { verifyBundle } from "#verify/verify.ts";
import type { Cases } from "./forgeries/forgery.ts";
import { LIBRARY } from "./forgeries/library.ts";
import { KEY, labSource, makeCase, removeTemporary } from "./make.ts";
import { resign } from "./resign.ts";

export const VECTORS = "docs/test-vectors";

export interface Vector {
  readonly file: string;
  readonly what: string;
  readonly level: string;
  /** Status of each check, by code. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Lies about the copy, one for each kind of check; what they say is in the library. */
const CHOSEN: readonly string[] = [
  "a capture's name that leads out of its folder",
  "a finding that is listed twice",
  "coverage of ten years: it begins before its first frame",
  "a finding of 1999",
  "a proof that rests on no frame",
  "9,999 bits beside a table of fewer",
  "a score that the table does not give",
  "an explanation that is left out because it would not be excluded",
  "a witness that such a claim cannot have",
  "a proof with an innocent explanation supported",
  "a pair whose sides differ",
  "another element than the id was made of",
  "attested without a seal",
  "a declaration that is not what its hash says",
];

async function write(): Promise<void> {
  // Keys of their own: the same bundle each time, as long as the program is the same.
  const fixed = (seed: number): string => Buffer.alloc(32, seed).toString("base64");
  const keys = { pseudonyms: fixed(1), salts: fixed(2), prints: fixed(3), sampling: fixed(4), nonces: fixed(5) };
  const copy = await makeCase(labSource("copy-vxlan"), JSON.stringify(keys));
  const cases: Cases = { copy, clean: copy, product: copy, rule: copy, access: copy, query: copy, channel: copy, cut: copy };
  const stranger = Signer.fromSeed("test.example/tapproof", Buffer.alloc(32, 9));
  const flipped = Buffer.from(copy.octets);
  flipped[flipped.length - 100] = (flipped[flipped.length - 100] as number) ^ 1;
  const made: [string, Buffer][] = [
    ["honest", copy.octets],
    ["cut before its end", copy.octets.subarray(0, copy.octets.length - 1)],
    ["one bit of its last part changed", flipped],
    ["signed by another key of the same name", resign(copy.octets, { signer: stranger })],
    ...CHOSEN.map((words): [string, Buffer] => {
      const lie = LIBRARY.find((f) => f.lie === words);
      if (lie === undefined) throw new Error(`no such lie: ${words}`);
      return [words, lie.make(cases)];
    }),
  ];
  rmSync(VECTORS, { recursive: true, force: true });
  mkdirSync(VECTORS, { recursive: true });
  const vectors: Vector[] = [];
  for (const [i, [what, octets]] of made.entries()) {
    const file = `${String(i).padStart(2, "0")}.tapproof`;
    writeFileSync(`${VECTORS}/${file}`, octets);
    const { level, checks } = await verifyBundle(octets, { key: KEY, primitives: { sha256: (d) => hash("sha256", d, "buffer") } });
    vectors.push({ file, what, level, checks: Object.fromEntries(checks.map((c) => [c.code, c.status])) });
  }
  writeFileSync(`${VECTORS}/vectors.json`, `${JSON.stringify({ key: KEY, vectors }, null, 2)}\n`);
  removeTemporary();
}

if (import.meta.main) await write();
