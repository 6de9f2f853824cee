/** RFC 6962 §2.1: leaf and node hashes, the root of a list of leaves, inclusion proofs (RFC 9162 §2.1.3.2), and C2SP tlog-proof files. */
import { fromBase64, joined, sameOctets, text, utf8, wholeNumber } from "./octets.ts";
import { Failure, type Primitives } from "./result.ts";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export async function leafHash(leaf: Uint8Array, { sha256 }: Primitives): Promise<Uint8Array> {
  return sha256(joined(LEAF, leaf));
}

async function nodeHash(left: Uint8Array, right: Uint8Array, { sha256 }: Primitives): Promise<Uint8Array> {
  return sha256(joined(NODE, left, right));
}

/** Root of a tree from its leaf hashes; a node without a sibling moves up unchanged. */
export async function rootOf(leaves: readonly Uint8Array[], primitives: Primitives): Promise<Uint8Array> {
  if (leaves.length === 0) return primitives.sha256(new Uint8Array(0));
  let level = [...leaves];
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i] as Uint8Array;
      const right = level[i + 1];
      above.push(right === undefined ? left : await nodeHash(left, right, primitives));
    }
    level = above;
  }
  return level[0] as Uint8Array;
}

/** Whether `proof` leads from the leaf at `index` to `root` in a tree of `size` leaves. */
export async function included(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
  primitives: Primitives,
): Promise<boolean> {
  if (index >= size) return false;
  let hash = leaf;
  let at = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = await nodeHash(sibling, hash, primitives);
      while (at % 2 === 0 && at !== 0) {
        at = Math.floor(at / 2);
        last = Math.floor(last / 2);
      }
    } else hash = await nodeHash(hash, sibling, primitives);
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && sameOctets(hash, root);
}

export interface TlogProof {
  readonly leaf: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  readonly checkpoint: Uint8Array;
}

/** No tree has more levels than this. */
const MAX_HASHES = 63;

/**
 * ```
 * c2sp.org/tlog-proof@v1
 * extra base64(leaf)
 * index n
 * base64(hash)                one line a hash, lowest first
 *                             (an empty line)
 * the checkpoint, a signed note
 * ```
 */
export function parseProof(octets: Uint8Array, part: string): TlogProof {
  const whole = text(octets, part);
  const split = whole.indexOf("\n\n");
  const lines = whole.slice(0, split).split("\n");
  const leaf = fromBase64(/^extra (\S+)$/.exec(lines[1] ?? "")?.[1] ?? "");
  const index = wholeNumber(/^index (\S+)$/.exec(lines[2] ?? "")?.[1] ?? "");
  const hashes = lines.slice(3).map((line) => fromBase64(line));
  if (
    split < 0 ||
    lines[0] !== "c2sp.org/tlog-proof@v1" ||
    leaf === undefined ||
    leaf.length === 0 ||
    index === undefined ||
    hashes.length > MAX_HASHES ||
    !hashes.every((h): h is Uint8Array => h?.length === 32)
  )
    throw new Failure("is not a tlog-proof", part);
  return { leaf, index, hashes, checkpoint: utf8(whole.slice(split + 2)) };
}
