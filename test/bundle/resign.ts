/**
 * Bundles by a custodian who cheats, made in memory from an honest one: records are changed, every reference, leaf, proof, root and signature is made
 * anew with the right key. Nothing of it is wrong but what the records say.
 */
import { hash } from "node:crypto";
import { writeBundle, type BundlePart } from "#evidence/bundle/write.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { formatProof, parseProof } from "#evidence/log/proof-file.ts";
import { leafHash, nodeHash, splitPoint } from "#evidence/log/tree.ts";
import { formatCheckpoint, parseCheckpoint } from "#evidence/note/checkpoint.ts";
import { parseNote, signNote } from "#evidence/note/note.ts";
import { SIGNER } from "./make.ts";
import type { Json, JsonRecord } from "./forge.ts";

/** Parts of a bundle that is known to be well-formed. */
export function partsIn(octets: Uint8Array): BundlePart[] {
  const whole = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  const lines: number[] = [];
  for (let at = -1; lines.length < 4;) lines.push((at = whole.indexOf(10, at + 1)));
  const [first, second, , end] = lines as [number, number, number, number];
  const listed = JSON.parse(whole.subarray(first + 1, second).toString()) as { parts: { bytes: number; name: string }[] };
  let at = end + 1;
  return listed.parts.map(({ bytes, name }) => ({ name, octets: whole.subarray(at, (at += bytes)) }));
}

export interface Changes {
  /** The record to stand in place of this one; null: its leaf stays, it does not travel along. References are made to fit before and after. */
  readonly record?: (type: string, record: JsonRecord) => JsonRecord | null;
  /** Records behind all others, with their types. */
  readonly more?: readonly { readonly type: string; readonly record: JsonRecord }[];
  /** Parts other than records and what follows from them. */
  readonly part?: (part: BundlePart) => BundlePart | null;
  /** The head that witnesses cosigned, from the new one; absent: none stands in the bundle. */
  readonly witnessed?: (head: string) => string;
  readonly signer?: Signer;
}

export function resign(octets: Uint8Array, changes: Changes): Buffer {
  const signer = changes.signer ?? SIGNER;
  const parts = partsIn(octets);
  const named = (name: string): Buffer => Buffer.from(parts.find((p) => p.name === name)?.octets ?? []);
  const old = named("log/leaves");
  const leaves: Uint8Array[] = Array.from({ length: old.length / 32 }, (_, i) => old.subarray(32 * i, 32 * i + 32));
  const renamed = new Map<string, string>();
  const kept: { index: number; text: string; leaf: Uint8Array }[] = [];
  const log = (index: number, type: string, record: JsonRecord): void => {
    const text = canonicalJson(record);
    const sha256 = hash("sha256", text, "hex");
    const nonce = hash("sha256", `${index} ${sha256}`, "hex").slice(0, 32);
    const leaf = Buffer.from(canonicalJson({ nonce, record: sha256, type }));
    leaves[index] = leafHash(leaf);
    kept.push({ index, text, leaf });
  };
  for (const part of parts) {
    const index = Number(/^records\/(\d+)\.json$/.exec(part.name)?.[1] ?? -1);
    if (index < 0) continue;
    const text = Buffer.from(part.octets).toString();
    const before = JSON.parse(text) as JsonRecord;
    const record = relinked(before, renamed) as JsonRecord;
    const type = typeof before["type"] === "string" ? before["type"] : "";
    const now = changes.record === undefined ? record : changes.record(type, record);
    if (now === null) continue;
    const was = hash("sha256", text, "hex");
    const is = hash("sha256", canonicalJson(now), "hex");
    if (is !== was) renamed.set(was, is);
    if (is === was) {
      const proof = parseProof(named(part.name.replace("records/", "proofs/").replace(".json", ".tlog-proof")).toString());
      kept.push({ index, text, leaf: proof.extra ?? new Uint8Array() });
    } else log(index, typeof now["type"] === "string" ? now["type"] : type, now);
  }
  for (const { type, record } of changes.more ?? []) log(leaves.length, type, relinked(record, renamed) as JsonRecord);

  const { origin } = parseCheckpoint(parseNote(named("log/checkpoint")).text);
  const head = signNote(formatCheckpoint({ origin, size: leaves.length, root: rootOf(leaves, 0, leaves.length), extensions: [] }), [
    signer,
  ]);
  const made: BundlePart[] = [];
  for (const part of parts) {
    if (/^(records|proofs)\/|^log\/witnessed$/.test(part.name)) continue;
    const own =
      part.name === "log/checkpoint"
        ? { ...part, octets: Buffer.from(head) }
        : part.name === "log/leaves"
          ? { ...part, octets: Buffer.concat(leaves) }
          : part;
    const now = changes.part === undefined ? own : changes.part(own);
    if (now !== null) made.push(now);
    if (part.name === "log/checkpoint" && changes.witnessed !== undefined)
      made.push({ name: "log/witnessed", octets: Buffer.from(changes.witnessed(head)) });
    if (part.name !== "log/leaves") continue;
    for (const { index, text, leaf } of kept) {
      const place = String(index).padStart(8, "0");
      const hashes = pathOf(leaves, index, 0, leaves.length);
      made.push(
        { name: `records/${place}.json`, octets: Buffer.from(text) },
        { name: `proofs/${place}.tlog-proof`, octets: Buffer.from(formatProof({ index, extra: leaf, hashes, checkpoint: head })) },
      );
    }
  }
  return writeBundle(made, signer);
}

function rootOf(leaves: readonly Uint8Array[], from: number, to: number): Uint8Array {
  if (to - from === 1) return leaves[from] as Uint8Array;
  const split = from + splitPoint(to - from);
  return nodeHash(rootOf(leaves, from, split), rootOf(leaves, split, to));
}

/** RFC 6962 §2.1.1, lowest first. */
function pathOf(leaves: readonly Uint8Array[], index: number, from: number, to: number): Uint8Array[] {
  if (to - from === 1) return [];
  const split = from + splitPoint(to - from);
  return index < split
    ? [...pathOf(leaves, index, from, split), rootOf(leaves, split, to)]
    : [...pathOf(leaves, index, split, to), rootOf(leaves, from, split)];
}

export function relinked(value: Json, renamed: ReadonlyMap<string, string>): Json {
  if (typeof value === "string") return renamed.get(value) ?? value;
  if (Array.isArray(value)) return value.map((item) => relinked(item, renamed));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, relinked(item, renamed)]));
}
