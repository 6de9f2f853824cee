/**
 * The Merkle tree of RFC 6962 §2.1 (RFC 9162 §2.1) with SHA-256: hashes, and the verification of its two proofs.
 *
 *   MTH({})        = SHA-256()
 *   MTH({d})       = SHA-256(0x00 || d)
 *   MTH(D[n])      = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])),   k the largest power of two below n
 *
 * Sizes and indices are numbers up to 2^53 - 1, so nothing here uses 32-bit operators on them.
 */
import { hash } from "node:crypto";

export const HASH_OCTETS = 32;

/** Hashes in an honest proof: one a level, twice at most (RFC 9162 §2.1.4); more is refused before any work. */
export const MAX_PROOF = 106;

const LEAF = Buffer.of(0x00);

export function emptyRoot(): Uint8Array {
  return hash("sha256", "", "buffer");
}

export function leafHash(entry: Uint8Array): Uint8Array {
  return hash("sha256", Buffer.concat([LEAF, entry]), "buffer");
}

/** One scratch block: `nodeHash` is called once a leaf when a log grows (Node 24: 0.9 µs against 1.3 µs with a fresh block each). */
const node = Buffer.alloc(1 + 2 * HASH_OCTETS, 0x01);

export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 1 + HASH_OCTETS);
  return hash("sha256", node, "buffer");
}

export function equalHashes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

/** The largest power of two below `n`; `n` is at least 2. */
export function splitPoint(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/**
 * RFC 9162 §2.1.3.2: that the leaf is number `index` of the tree of `size` with this root.
 * `proof` goes from the leaf's sibling up to the root's child.
 */
export function verifyInclusion(index: number, size: number, leaf: Uint8Array, proof: readonly Uint8Array[], root: Uint8Array): boolean {
  if (!isSize(size) || !isSize(index) || index >= size || proof.length > MAX_PROOF || !areHashes([leaf, root, ...proof])) return false;
  let fn = index;
  let sn = size - 1;
  let r = leaf;
  for (const p of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else r = nodeHash(r, p);
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalHashes(r, root);
}

/**
 * RFC 9162 §2.1.4.2: that the tree of `newSize` begins with the tree of `oldSize`. The empty tree begins every tree, and a tree begins
 * itself: both with an empty proof only.
 */
export function verifyConsistency(
  oldSize: number,
  newSize: number,
  oldRoot: Uint8Array,
  newRoot: Uint8Array,
  proof: readonly Uint8Array[],
): boolean {
  if (!isSize(oldSize) || !isSize(newSize) || oldSize > newSize || proof.length > MAX_PROOF) return false;
  if (!areHashes([oldRoot, newRoot, ...proof])) return false;
  if (oldSize === newSize) return proof.length === 0 && equalHashes(oldRoot, newRoot) && (newSize > 0 || equalHashes(newRoot, emptyRoot()));
  if (oldSize === 0) return proof.length === 0 && equalHashes(oldRoot, emptyRoot());
  let fn = oldSize - 1;
  let sn = newSize - 1;
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  // Where the old size is a power of two, its root is a node of the new tree and the proof does not repeat it.
  const path = fn === 0 ? [oldRoot, ...proof] : proof;
  const [seed, ...rest] = path;
  if (seed === undefined || proof.length === 0) return false;
  let fr = seed;
  let sr = seed;
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr);
      sr = nodeHash(c, sr);
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2);
        sn = Math.floor(sn / 2);
      }
    } else sr = nodeHash(sr, c);
    fn = Math.floor(fn / 2);
    sn = Math.floor(sn / 2);
  }
  return sn === 0 && equalHashes(fr, oldRoot) && equalHashes(sr, newRoot);
}

function isSize(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}

function areHashes(list: readonly Uint8Array[]): boolean {
  return list.every((item) => item.length === HASH_OCTETS);
}
