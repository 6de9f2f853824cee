/** Commitments and challenges against the formulas of their first comments, written out a second time with nothing but HMAC and SHA-256. */
import { createHash, createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { challengedPairs } from "./challenge.ts";
import { FindingCommitments, keyedHash, SHORTEST_CONTENT } from "./commitments.ts";

const SALTS = Buffer.alloc(32, 4);
const hmac = (key: Uint8Array, ...pieces: readonly (string | Uint8Array)[]): Buffer => {
  const made = createHmac("sha256", key);
  for (const piece of pieces) made.update(piece);
  return made.digest();
};
const sha = (...pieces: readonly (string | Uint8Array)[]): Buffer => {
  const made = createHash("sha256");
  for (const piece of pieces) made.update(piece);
  return made.digest();
};
/** RFC 5869 with an empty salt and one block. */
const hkdf = (info: string): Buffer => hmac(hmac(Buffer.alloc(32), SALTS), info, Uint8Array.of(1));

const made = new FindingCommitments(SALTS, "f1");
const key = hkdf("tapproof/finding/1\nf1");
const long = Buffer.from("sixteen octets, or more of them");

describe("a commitment", () => {
  const of = (kind: string, salt: Buffer, content: Buffer): string =>
    sha(`tapproof/commitment/1\n${kind}\n`, salt, content).toString("base64");
  it("by place and by content is what the formula says", () => {
    const place = hmac(key, "frame\nplace\n3");
    expect(made.byPlace("frame", "3", long)).toEqual({ salt: place, commitment: of("frame", place, long) });
    const content = hmac(key, "payload\ncontent\n", long);
    expect(made.byContent("payload", "3", long)).toEqual({ salt: content, commitment: of("payload", content, long) });
  });
  it("of a short content is by its place: equal ones would be equal by chance", () => {
    const [short, enough] = [long.subarray(0, SHORTEST_CONTENT - 1), long.subarray(0, SHORTEST_CONTENT)];
    expect(made.byContent("payload", "3", short)).toEqual(made.byPlace("payload", "3", short));
    expect(made.byContent("payload", "3", short).commitment).not.toBe(made.byContent("payload", "4", short).commitment);
    expect(made.byContent("payload", "3", enough)).toEqual(made.byContent("payload", "4", enough));
  });
  it("by place says nothing of equal contents, and another finding's key is another", () => {
    expect(made.byPlace("frame", "1", long).commitment).not.toBe(made.byPlace("frame", "2", long).commitment);
    expect(made.byContent("payload", "1", long).commitment).not.toBe(
      new FindingCommitments(SALTS, "f2").byContent("payload", "1", long).commitment,
    );
  });
});

it("contents stand in an order that only the key makes", () => {
  const contents = Array.from({ length: 20 }, (_, i) => `imsi:${i}`);
  const rank = (content: string): string => hmac(key, `order\n${content}`).toString("hex");
  expect(made.shuffled(contents)).toEqual([...contents].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)));
  expect(made.shuffled([...contents].reverse())).toEqual(made.shuffled(contents));
});

it("a keyed hash tells what, and needs the case's key", () => {
  expect(keyedHash(SALTS, "register", "x")).toBe(hmac(hkdf("tapproof/keyed-hash/1\nregister"), "x").toString("hex"));
  expect(keyedHash(SALTS, "other", "x")).not.toBe(keyedHash(SALTS, "register", "x"));
});

describe("a challenge", () => {
  it("draws as the formula says", () => {
    const seed = sha("tapproof/challenge/1\nm\nrandom\n");
    const places = Array.from({ length: 300 }, (_, i) => i);
    for (let i = 0; i < 64; i++) {
      const drawn = sha(seed, Uint8Array.of(0, 0, 0, i))
        .subarray(0, 6)
        .toString("hex");
      const j = i + Number(BigInt(`0x${drawn}`) % BigInt(300 - i));
      [places[i], places[j]] = [places[j] as number, places[i] as number];
    }
    expect(challengedPairs("m", "random", 64, 300)).toEqual(places.slice(0, 64));
  });
  it("draws each pair once, all where more are wanted than there are, none of none", () => {
    expect(challengedPairs("m", "r", 9, 5).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(challengedPairs("m", "r", 3, 0)).toEqual([]);
    expect(challengedPairs("m", "r", 0, 5)).toEqual([]);
  });
});
