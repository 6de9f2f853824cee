/** Which matched pairs a public random value picks (`method.md` §5.5): nobody can choose them, everybody can compute them. */
import { hash } from "node:crypto";

/** Pairs that one challenge picks at most, and characters of the public random value; more is refused. */
export const CHALLENGE_LIMITS = { pairs: 64, randomCharacters: 256 } as const;

/** Distinct places below `pairs`, in the order of the draw; docs/bundle-format.md has the formula. */
export function challengedPairs(matchRecord: string, random: string, wanted: number, pairs: number): number[] {
  const seed = hash("sha256", `tapproof/challenge/1\n${matchRecord}\n${random}\n`, "buffer");
  const places = Array.from({ length: pairs }, (_, i) => i);
  const count = Math.min(wanted, pairs);
  for (let i = 0; i < count; i++) {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(i);
    const j = i + (hash("sha256", Buffer.concat([seed, counter]), "buffer").readUIntBE(0, 6) % (pairs - i));
    [places[i], places[j]] = [places[j] as number, places[i] as number];
  }
  return places.slice(0, count);
}
