/**
 * Commitments and their openings (`method.md` §5.4, §5.5).
 *
 * ```
 * commitment = SHA-256("tapproof/commitment/1" LF class LF || salt (32) || content)
 * seed       = SHA-256("tapproof/challenge/1" LF hash of the match record LF public random value LF)
 * pair i     : the i-th of a shuffle; swap with i + (first 6 octets of SHA-256(seed || i as 4 octets)) mod (n - i)
 * ```
 */
import { base64, joined, utf8 } from "./octets.ts";
import type { Primitives } from "./result.ts";

export type CommitmentClass = "subscriber" | "identity" | "frame" | "payload";

export async function commitmentOf(kind: CommitmentClass, salt: Uint8Array, content: Uint8Array, { sha256 }: Primitives): Promise<string> {
  return base64(await sha256(joined(utf8(`tapproof/commitment/1\n${kind}\n`), salt, content)));
}

/** Which `wanted` of `pairs` matched pairs a public random value picks; fewer where there are no more. */
export async function challengedPairs(
  matchRecord: string,
  random: string,
  wanted: number,
  pairs: number,
  { sha256 }: Primitives,
): Promise<number[]> {
  const seed = await sha256(utf8(`tapproof/challenge/1\n${matchRecord}\n${random}\n`));
  const places = Array.from({ length: pairs }, (_, i) => i);
  const count = Math.min(wanted, pairs);
  for (let i = 0; i < count; i++) {
    const counter = Uint8Array.of((i >>> 24) & 255, (i >>> 16) & 255, (i >>> 8) & 255, i & 255);
    const drawn = await sha256(joined(seed, counter));
    let number = 0;
    for (let k = 0; k < 6; k++) number = number * 256 + (drawn[k] as number);
    const j = i + (number % (pairs - i));
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places.slice(0, count);
}
