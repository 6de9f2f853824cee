/** Signed notes, keys, checkpoints and policies: one spelling each, and no key that anybody can sign with. */
import { generateKeyPairSync, hash, sign, type KeyObject } from "node:crypto";
import { describe, expect, it } from "vitest";
import { answer, primitives } from "./for-tests.ts";
import { cosignedAt, parseCheckpoint, parseKey, parseNote, signedBy, spelledRoot, type Key } from "./note.ts";
import { base64, hex, utf8 } from "./octets.ts";
import { parsePolicy, quorumTime } from "./policy.ts";

const ROOT = base64(new Uint8Array(32).fill(7));

function spelled(name: string, octets: Uint8Array): string {
  const id = hash("sha256", Buffer.concat([Buffer.from(`${name}\n`), octets]), "buffer").subarray(0, 4);
  return `${name}+${id.toString("hex")}+${base64(octets)}`;
}
/** A key by hand: signed-note (1) or cosignature (4). */
async function made(name: string, algorithm: 1 | 4): Promise<{ key: Key; secret: KeyObject; vkey: string }> {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const octets = Buffer.concat([Buffer.of(algorithm), publicKey.export({ format: "der", type: "spki" }).subarray(-32)]);
  const vkey = spelled(name, octets);
  return { key: await parseKey(vkey, primitives, "x"), secret: privateKey, vkey };
}
const line = (name: string, ...octets: Uint8Array[]): string => `— ${name} ${base64(Buffer.concat(octets))}\n`;
const note = (text: string, ...lines: string[]): ReturnType<typeof parseNote> => parseNote(utf8(`${text}\n${lines.join("")}`), "x");
const rejected = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "taken",
    (error: Error) => error.message,
  );

describe("a key", () => {
  const point = (first: number, rest = 0, last = rest): Uint8Array =>
    Uint8Array.of(1, first, ...Array.from({ length: 30 }, () => rest), last);
  it.each([
    [
      "of a type that is not Ed25519",
      spelled("a", Uint8Array.of(2, ...new Uint8Array(32).fill(9))),
      "is a key of type 2, expected Ed25519",
    ],
    ["an octet too short", spelled("a", new Uint8Array(32).fill(1)), "is not a verifier key (name+hash+base64)"],
    ["an octet too long", spelled("a", new Uint8Array(34).fill(1)), "is not a verifier key (name+hash+base64)"],
    ["whose hash is another's", spelled("a", new Uint8Array(33).fill(1)).replace("a+", "b+"), "its key hash does not belong to its key"],
    ["whose name holds a space", spelled("a b", new Uint8Array(33).fill(1)), "is not a verifier key (name+hash+base64)"],
    ["without a name", spelled("", new Uint8Array(33).fill(1)), "is not a verifier key (name+hash+base64)"],
    ["with something behind it", `${spelled("a", new Uint8Array(33).fill(1))}\n\n`, "is not a verifier key (name+hash+base64)"],
    ["of small order: zero", spelled("a", point(0)), "is a key of small order: anybody can sign with it"],
    ["of small order: one", spelled("a", point(1)), "is a key of small order: anybody can sign with it"],
    ["of small order, its sign bit set", spelled("a", point(1, 0, 128)), "is a key of small order: anybody can sign with it"],
    ["of small order: minus one", spelled("a", point(0xec, 0xff, 0x7f)), "is a key of small order: anybody can sign with it"],
    ["of small order, not reduced", spelled("a", point(0xee, 0xff, 0x7f)), "is a key of small order: anybody can sign with it"],
  ])("%s is refused", async (_, vkey, why) => expect(await rejected(parseKey(vkey, primitives, "x"))).toBe(why));
});

describe("a note", () => {
  const one = line("a", new Uint8Array(5));
  it("is text, an empty line, and signatures", () => {
    expect(note("a\n\nb\n", one, one)).toMatchObject({ text: "a\n\nb\n", signatures: [{ name: "a" }, { name: "a" }] });
    expect(note("héllo 𝄞\n", one).text).toBe("héllo 𝄞\n");
  });
  it.each([
    ["no signature", "text\n\n", "has a malformed signature line"],
    ["no empty line", "text\n", "is not a signed note"],
    ["an empty text", `\n\n${one}`, "is not a signed note"],
    ["no line feed at its end", `text\n\n${one.slice(0, -1)}`, "is not a signed note"],
    ["a control character", `te\u0001xt\n\n${one}`, "holds control characters"],
    ["a tab", `te\txt\n\n${one}`, "holds control characters"],
    ["a signature line behind another word", `text\n\nx${one}`, "has a malformed signature line"],
    ["a signature line with a word behind", `text\n\n${one.slice(0, -1)} x\n`, "has a malformed signature line"],
    ["a name with a plus", `text\n\n${one.replace(" a ", " a+b ")}`, "has a malformed signature line"],
    ["a signature of four octets", `text\n\n${line("a", new Uint8Array(4))}`, "has a malformed signature line"],
    ["base64 that is not canonical", `text\n\n— a AAAAAAB=\n`, "has a malformed signature line"],
    ["101 signatures", `text\n\n${one.repeat(101)}`, "has more than 100 signatures"],
  ])("with %s is refused", (_, whole, why) => expect(answer(() => parseNote(utf8(whole), "x"))).toBe(`failed: ${why}`));
  it("may have a hundred signatures", () => expect(note("text\n", one.repeat(100)).signatures).toHaveLength(100));
});

describe("a signature", () => {
  const text = "o\n1\nx\n";
  it("counts for one key, once, whole, by its name and its hash", async () => {
    const { key, secret } = await made("a", 1);
    const good = sign(null, utf8(text), secret);
    const holds = (...lines: string[]): Promise<boolean> => signedBy(note(text, ...lines), key, primitives);
    expect(await holds(line("a", key.hash, good))).toBe(true);
    expect(await holds(line("b", key.hash, good)), "another name").toBe(false);
    expect(await holds(line("a", Uint8Array.of(1, 2, 3, 4), good)), "another hash").toBe(false);
    expect(await holds(line("a", key.hash, good), line("a", key.hash, good)), "twice").toBe(false);
    expect(await holds(line("a", key.hash, good, Uint8Array.of(0))), "an octet behind").toBe(false);
    expect(await holds(line("a", key.hash, good.subarray(1))), "cut").toBe(false);
    expect(await holds(line("b", Uint8Array.of(0, 0, 0, 0), good), line("a", key.hash, good)), "beside another's").toBe(true);
    expect(await signedBy(note(text, line("a", key.hash, good)), { ...key, algorithm: 4 }, primitives), "of a cosigner's key").toBe(false);
  });

  /** tlog-cosignature: 8 octets of time, then the signature over it and the text. */
  const cosigned = (secret: KeyObject, time: bigint, over = text): Uint8Array[] => {
    const at = Buffer.alloc(8);
    at.writeBigUInt64BE(time);
    return [at, sign(null, utf8(`cosignature/v1\ntime ${time}\n${over}`), secret)];
  };
  it("of a witness says when; of several the earliest counts", async () => {
    const { key, secret } = await made("w", 4);
    const at = (...lines: string[]): Promise<number | undefined> => cosignedAt(note(text, ...lines), key, primitives);
    const [early, late] = [line("w", key.hash, ...cosigned(secret, 100n)), line("w", key.hash, ...cosigned(secret, 200n))];
    expect([await at(early, late), await at(late, early), await at(late)]).toEqual([100, 100, 200]);
    expect(await at(line("w", key.hash, ...cosigned(secret, 100n, "other\n"))), "of another text").toBeUndefined();
    expect(await at(line("v", key.hash, ...cosigned(secret, 100n))), "under another name").toBeUndefined();
    expect(await at(line("w", Uint8Array.of(1, 2, 3, 4), ...cosigned(secret, 100n))), "under another hash").toBeUndefined();
    expect(await at(line("w", key.hash, ...cosigned(secret, 100n), Uint8Array.of(0))), "an octet behind").toBeUndefined();
    expect(await at(line("w", key.hash, ...cosigned(secret, 253_402_300_799n))), "the last second of 9999").toBe(253_402_300_799);
    expect(await at(line("w", key.hash, ...cosigned(secret, 253_402_300_800n))), "beyond it").toBeUndefined();
    expect(await cosignedAt(note(text, early), { ...key, algorithm: 1 }, primitives), "of a log's key").toBeUndefined();
  });
});

describe("a checkpoint", () => {
  const of = (...lines: string[]): Uint8Array => utf8(`${lines.map((l) => `${l}\n`).join("")}\n${line("a", new Uint8Array(5))}`);
  it("is origin, size and root; more lines may follow", () => {
    const read = parseCheckpoint(of("example.org/log", "12", ROOT, "more"), "x");
    expect([read.origin, read.size, spelledRoot(read), hex(read.root)]).toEqual(["example.org/log", 12, ROOT, "07".repeat(32)]);
    expect(parseCheckpoint(of("o", "0", ROOT), "x").size).toBe(0);
  });
  it.each([
    ["two lines", ["o", "12"]],
    ["a size with a zero before it", ["o", "012", ROOT]],
    ["no size", ["o", "x", ROOT]],
    ["a root of 31 octets", ["o", "12", base64(new Uint8Array(31))]],
    ["a root that is no base64", ["o", "12", "?"]],
    ["an empty line behind the root", ["o", "12", ROOT, "", "x"]],
  ])("with %s is refused", (_, lines) => expect(answer(() => parseCheckpoint(of(...lines), "x"))).toBe("failed: is not a checkpoint"));
});

describe("a policy", async () => {
  const [a, b, c] = (await Promise.all(["a", "b", "c"].map((name) => made(name, 4)))).map(({ vkey }) => vkey) as [string, string, string];
  const three = `witness a ${a}\nwitness b ${b}\nwitness c ${c}\n`;
  const read = (text: string): ReturnType<typeof parsePolicy> => parsePolicy(text, primitives, "x");
  const complete = async (text: string, times: Record<string, number>): Promise<number | undefined> =>
    quorumTime(await read(text), new Map(Object.entries(times)));

  it.each<[string, string, Record<string, number>, number | undefined]>([
    ["any: the first", "group g any a b c\nquorum g\n", { a: 30, b: 20 }, 20],
    ["all: the last", "group g all a b c\nquorum g\n", { a: 30, b: 20, c: 10 }, 30],
    ["all, one missing", "group g all a b c\nquorum g\n", { a: 30, b: 20 }, undefined],
    ["two of three: the second", "group g 2 a b c\nquorum g\n", { a: 30, b: 20, c: 10 }, 20],
    ["as many as there are", "group g 3 a b c\nquorum g\n", { a: 30, b: 20, c: 10 }, 30],
    ["one witness alone", "quorum b\n", { a: 30, b: 20 }, 20],
    ["a group of groups", "group g any a b\ngroup h all g c\nquorum h\n", { b: 20, c: 10 }, 20],
    ["none is asked for", "quorum none\n", { a: 30 }, undefined],
    ["logs, notes and empty lines stand between", "# x\n\nlog anything\nquorum\t a\n", { a: 30 }, 30],
  ])("%s", async (_, rest, times, expected) => expect(await complete(three + rest, times)).toBe(expected));

  it.each([
    ["no quorum", three],
    ["two quorums", `${three}quorum a\nquorum b\n`],
    ["a quorum of nobody known", `${three}quorum d\n`],
    ["a group of nobody known", `${three}group g any a d\nquorum g\n`],
    ["a group of nobody", `${three}group g any\nquorum g\n`],
    ["a group of more than its members", `${three}group g 4 a b c\nquorum g\n`],
    ["a group of none of its members", `${three}group g 0 a b c\nquorum g\n`],
    ["a rule that is no number", `${three}group g 2x a b c\nquorum g\n`],
    ["a rule with a sign", `${three}group g -1 a b c\nquorum g\n`],
    ["a member twice", `${three}group g 2 a a\nquorum g\n`],
    ["a name that is a witness already", `${three}witness a ${b}\nquorum a\n`],
    ["a name that is a group already", `${three}group g any a\ngroup g any b\nquorum g\n`],
    ["another word", `${three}quorums a\nquorum a\n`],
    ["more octets than any", `${three}# ${"x".repeat(65_536)}\nquorum a\n`],
    ["more groups than any", `${three}${Array.from({ length: 66 }, (_, i) => `group g${i} any a\n`).join("")}quorum a\n`],
  ])("with %s is malformed", async (_, text) => expect(await rejected(read(text))).toBe("has a malformed policy"));

  it("in which one key is two witnesses is refused, by its own name", async () => {
    // Base64 has a plus of its own.
    const key = Buffer.from(a.split("+").slice(2).join("+"), "base64");
    expect(await rejected(read(`witness a ${a}\nwitness b ${spelled("other", key)}\ngroup g 2 a b\nquorum g\n`))).toBe(
      "has a policy in which one key is two witnesses",
    );
  });

  it("may have 64 witnesses and more lines than that, and no more than 65 of them", async () => {
    const many = (await Promise.all(Array.from({ length: 66 }, (_, i) => made(`w${i}`, 4)))).map(
      ({ vkey }, i) => `witness w${i} ${vkey}\n`,
    );
    expect((await read(`${many.slice(0, 64).join("")}quorum w0\n`)).witnesses.size).toBe(64);
    expect(await rejected(read(`${many.join("")}quorum w0\n`))).toBe("has a malformed policy");
  });
});
