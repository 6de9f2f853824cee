/**
 * Commitments in place of what must not be disclosed (`method.md` §5.4; docs/bundle-format.md).
 *
 * ```
 * k_f         = HKDF-SHA-256(case's salt key, salt = "", info = "tapproof/finding/1" LF finding id), 32 octets, never disclosed
 * by content  : salt = HMAC-SHA-256(k_f, class LF "content" LF || content)      equal contents of a finding have equal commitments
 * by place    : salt = HMAC-SHA-256(k_f, class LF "place" LF || place)          nothing shows
 * commitment  = SHA-256("tapproof/commitment/1" LF class LF || salt || content)
 * ```
 *
 * Both kinds of salt need k_f, so that who holds every IMSI there is, and the bundle, can test none. Contents below 16 octets, and all whose
 * equality nobody needs, are salted by their place.
 */
import { createHmac, hash, hkdfSync } from "node:crypto";

export type CommitmentClass = "subscriber" | "identity" | "frame" | "payload";

/** Contents shorter than this would be equal by chance too often. */
export const SHORTEST_CONTENT = 16;

export interface Commitment {
  readonly salt: Uint8Array;
  /** Base64. */
  readonly commitment: string;
}

export class FindingCommitments {
  readonly #key: Uint8Array;

  constructor(saltKey: Uint8Array, findingId: string) {
    this.#key = new Uint8Array(hkdfSync("sha256", saltKey, new Uint8Array(0), `tapproof/finding/1\n${findingId}`, 32));
  }

  /** Contents in an order that tells nothing: in alphabetical order an opened one would bound its neighbours. */
  shuffled(contents: readonly string[]): string[] {
    const rank = (content: string): string => createHmac("sha256", this.#key).update(`order\n${content}`).digest("hex");
    return contents
      .map((content) => ({ content, rank: rank(content) }))
      .sort((a, b) => (a.rank < b.rank ? -1 : 1))
      .map(({ content }) => content);
  }

  byPlace(kind: CommitmentClass, place: string, content: Uint8Array): Commitment {
    return commit(kind, createHmac("sha256", this.#key).update(`${kind}\nplace\n${place}`).digest(), content);
  }

  /** Falls back to the place where the content is short. */
  byContent(kind: CommitmentClass, place: string, content: Uint8Array): Commitment {
    if (content.length < SHORTEST_CONTENT) return this.byPlace(kind, place, content);
    return commit(kind, createHmac("sha256", this.#key).update(`${kind}\ncontent\n`).update(content).digest(), content);
  }
}

function commit(kind: CommitmentClass, salt: Uint8Array, content: Uint8Array): Commitment {
  const octets = Buffer.concat([Buffer.from(`tapproof/commitment/1\n${kind}\n`), salt, content]);
  return { salt, commitment: hash("sha256", octets, "base64") };
}

/** A hash that only the case's key can make: what the register was, without what is in it. */
export function keyedHash(saltKey: Uint8Array, what: string, content: string): string {
  const key = new Uint8Array(hkdfSync("sha256", saltKey, new Uint8Array(0), `tapproof/keyed-hash/1\n${what}`, 32));
  return createHmac("sha256", key).update(content).digest("hex");
}
