/** The verifier's parts against others: the program that writes, published vectors, and octets of nobody's making. */
import { createHash, createPrivateKey, createPublicKey, hash, sign } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scoreSubscriber, matchTableOf } from "#detect/covert-copy/bits.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { challengedPairs as drawn } from "#evidence/commit/challenge.ts";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { signNote } from "#evidence/note/note.ts";
import type { CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import { boundsOf, isScore } from "./arithmetic.ts";
import { parseCanonical, writeCanonical, type Json } from "./canonical.ts";
import { parseContainer } from "./container.ts";
import { included, leafHash, parseProof, rootOf } from "./merkle.ts";
import { parseCheckpoint, parseKey, parseNote, signedBy } from "./note.ts";
import { base64, fromBase64, fromHex, hex, utf8, wholeNumber } from "./octets.ts";
import { challengedPairs, commitmentOf } from "./openings.ts";
import { countPackets } from "./packets.ts";
import { parsePolicy, quorumTime } from "./policy.ts";
import { primitivesWith } from "./primitives.ts";
import { checkShape } from "./records.ts";
import { verifyBundle } from "./verify.ts";

const primitives = primitivesWith(undefined);

/** The head of a bundle with any list, signed. */
function headOf(list: unknown, signer: Signer): Buffer {
  return Buffer.from(signNote(`tapproof/bundle/1\n${canonicalJson(list)}\n`, [signer]));
}
const sha256 = (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer");

describe("spellings", () => {
  it("base64 has one spelling, and is that of others", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (octets) => {
        const spelled = base64(octets);
        expect(spelled).toBe(Buffer.from(octets).toString("base64"));
        expect(fromBase64(spelled)).toEqual(octets);
      }),
    );
    for (const bad of ["A", "AA", "AAA", "AB==", "AAB=", "A===", "====", "AA==\n", " AAA", "AA-_", "AAAA====", "=AAA", "AA=A"])
      expect(fromBase64(bad), bad).toBeUndefined();
  });

  it("hexadecimal and whole numbers have one spelling", () => {
    expect(hex(fromHex("00ff10") as Uint8Array)).toBe("00ff10");
    for (const bad of ["0", "0G", "FF", " 0"]) expect(fromHex(bad), bad).toBeUndefined();
    for (const bad of ["", "01", "-1", "+1", "1.0", "1e3", " 1", "1234567890123456"]) expect(wholeNumber(bad), bad).toBeUndefined();
    expect([wholeNumber("0"), wholeNumber("999999999999999")]).toEqual([0, 999_999_999_999_999]);
  });

  it("canonical JSON is that of the writer, and nothing else is taken", () => {
    const value = fc.letrec<{ any: Json }>((tie) => ({
      any: fc.oneof(
        { depthSize: "small" },
        fc.constantFrom<Json>(null, true, false),
        fc.maxSafeInteger(),
        fc.string({ unit: "grapheme" }),
        fc.array(tie("any"), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: "grapheme" }), tie("any"), { maxKeys: 4 }) as fc.Arbitrary<Json>,
      ),
    })).any;
    fc.assert(
      fc.property(value, (v) => {
        const spelled = canonicalJson(v);
        if (Object.is(v, -0)) return;
        expect(writeCanonical(JSON.parse(spelled) as Json)).toBe(spelled);
        expect(parseCanonical(utf8(spelled), "x")).toEqual(JSON.parse(spelled));
      }),
    );
    for (const bad of [
      '{"b":1,"a":1}',
      '{"a":1,"a":1}',
      "[1, 2]",
      "1.5",
      "1e2",
      "-0",
      "9007199254740993",
      '"\\u0041"',
      '"\\/"',
      "01",
      "",
      "{",
      '{"a":undefined}',
      "\ufeff1",
      '"\\ud800"',
    ]) {
      expect(() => parseCanonical(utf8(bad), "x"), bad).toThrow();
    }
    expect(() => parseCanonical(utf8(`${"[".repeat(70)}${"]".repeat(70)}`), "x")).toThrow(/nested deeper/);
    expect(() => parseCanonical(Uint8Array.of(34, 0xff, 34), "x")).toThrow(/UTF-8/);
  });
});

describe("notes and keys", () => {
  const signer = Signer.fromSeed("example.org/log", Buffer.alloc(32, 5));

  it("takes what the writer signs, by WebCrypto and by another library", async () => {
    const note = parseNote(utf8(signNote("hello\nworld\n", [signer])), "x");
    const key = await parseKey(`${formatVerifierKey(signer.key)}\n`, primitives, "x");
    expect(await signedBy(note, key, primitives)).toBe(true);
    expect(await signedBy({ ...note, text: "hello\nworld!\n" }, key, primitives)).toBe(false);
    expect(await signedBy({ ...note, signatures: [...note.signatures, ...note.signatures] }, key, primitives)).toBe(false);
  });

  it("RFC 8032 §7.1, test 1 to 3", async () => {
    const vectors = [
      ["9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", ""],
      ["4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "72"],
      ["c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7", "af82"],
    ] as const;
    for (const [seed, message] of vectors) {
      const key = createPrivateKey({ key: Buffer.from(`302e020100300506032b657004220420${seed}`, "hex"), format: "der", type: "pkcs8" });
      const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).subarray(-32);
      const octets = Buffer.from(message, "hex");
      const signature = sign(null, octets, key);
      expect(await primitives.ed25519(publicKey, signature, octets)).toBe(true);
      signature[3] = (signature[3] as number) ^ 1;
      expect(await primitives.ed25519(publicKey, signature, octets)).toBe(false);
    }
  });

  it("refuses what is malformed", async () => {
    const good = signNote("text\n", [signer]);
    for (const bad of [
      "",
      "\n",
      "text\n",
      good.slice(0, -1),
      good.replace("— ", "- "),
      good.replace("text", "te\u0001xt"),
      good.replace("— example.org/log ", "— example.org/log  "),
      `${good}\n`,
    ]) {
      expect(() => parseNote(utf8(bad), "x"), JSON.stringify(bad)).toThrow();
    }
    const vkey = formatVerifierKey(signer.key);
    for (const bad of ["", vkey.slice(1), vkey.replace("example", "exbmple"), `${vkey} `, vkey.toUpperCase(), "a+00000000+AA=="])
      await expect(parseKey(bad, primitives, "x"), bad).rejects.toThrow();
    for (const bad of ["o\n1\n", "o\n01\nAAAA\n", "o\n1\nAAAA\n", "\n1\nx\n"])
      expect(() => parseCheckpoint(utf8(`${bad}\n— k AAAAAAAA\n`), "x")).toThrow();
  });

  it("counts a quorum as the log's policy says, and by the earliest second that completes it", async () => {
    const keys = ["a", "b", "c"].map((name, i) => {
      const made = Signer.fromSeed(name, Buffer.alloc(32, i + 1), 4);
      return `witness ${name} ${formatVerifierKey(made.key)}`;
    });
    const policy = await parsePolicy([...keys, "group two 2 a b c", "quorum two", ""].join("\n"), primitives, "x");
    expect(
      quorumTime(
        policy,
        new Map([
          ["a", 30],
          ["c", 10],
        ]),
      ),
    ).toBe(30);
    expect(quorumTime(policy, new Map([["a", 30]]))).toBeUndefined();
    expect(quorumTime(await parsePolicy("quorum none\n", primitives, "x"), new Map([["a", 1]]))).toBeUndefined();
    for (const bad of ["", "quorum x\n", "group g 2 a\nquorum g\n", `${keys[0]}\ngroup g 2 a a\nquorum g\n`, "quorum none\nquorum none\n"])
      await expect(parsePolicy(bad, primitives, "x"), bad).rejects.toThrow();
  });
});

describe("the tree", () => {
  const leaves = Array.from({ length: 33 }, (_, i) => utf8(`leaf ${i}`));

  /** RFC 6962 §2.1.1 and §2.1.2, as the RFC writes them: recursive, from the leaves. */
  const root = (d: readonly Uint8Array[]): Uint8Array =>
    d.length === 0
      ? sha256(new Uint8Array(0))
      : d.length === 1
        ? sha256(Buffer.concat([Buffer.of(0), d[0] as Uint8Array]))
        : node(root(d.slice(0, split(d.length))), root(d.slice(split(d.length))));
  const node = (a: Uint8Array, b: Uint8Array): Uint8Array => sha256(Buffer.concat([Buffer.of(1), a, b]));
  const split = (n: number): number => 2 ** Math.floor(Math.log2(n - 1));
  const path = (m: number, d: readonly Uint8Array[]): Uint8Array[] =>
    d.length <= 1
      ? []
      : m < split(d.length)
        ? [...path(m, d.slice(0, split(d.length))), root(d.slice(split(d.length)))]
        : [...path(m - split(d.length), d.slice(split(d.length))), root(d.slice(0, split(d.length)))];

  it("roots and inclusion of every size and place; wrong ones refused", async () => {
    for (let n = 0; n <= leaves.length; n++) {
      const d = leaves.slice(0, n);
      const hashes = await Promise.all(d.map((leaf) => leafHash(leaf, primitives)));
      expect(await rootOf(hashes, primitives)).toEqual(new Uint8Array(root(d)));
      for (let m = 0; m < n; m++) {
        const p = path(m, d);
        expect(await included(hashes[m] as Uint8Array, m, n, p, root(d), primitives)).toBe(true);
        expect(await included(hashes[m] as Uint8Array, m === 0 ? n : m - 1, n, p, root(d), primitives)).toBe(
          n === 1 && m === 0 ? false : false,
        );
        if (p.length > 0) expect(await included(hashes[m] as Uint8Array, m, n, p.slice(1), root(d), primitives)).toBe(false);
        expect(await included(hashes[m] as Uint8Array, m, n, [...p, root(d)], root(d), primitives)).toBe(false);
      }
    }
  });

  it("a proof file has one form", () => {
    const hash32 = base64(new Uint8Array(32));
    const good = `c2sp.org/tlog-proof@v1\nextra QQ==\nindex 5\n${hash32}\n\nthe checkpoint\n`;
    expect(parseProof(utf8(good), "x")).toMatchObject({ index: 5, hashes: [new Uint8Array(32)] });
    for (const bad of [
      good.replace("v1", "v2"),
      good.replace("extra QQ==\n", ""),
      good.replace("index 5", "index 05"),
      good.replace("QQ==", "QR=="),
      good.replace(`${hash32}\n`, "AAAA\n"),
      good.replace("\n\n", "\n"),
    ])
      expect(() => parseProof(utf8(bad), "x"), bad).toThrow();
  });
});

describe("arithmetic", () => {
  const flow = fc.record({
    offered: fc.integer({ min: 0, max: 5000 }),
    matches: fc.integer({ min: 0, max: 400 }),
    byPayload: fc.integer({ min: 0, max: 3 }),
    sliced: fc.integer({ min: 0, max: 3 }),
    credits: fc.record({
      sequence: fc.constantFrom(0, 32, 64),
      cipher: fc.integer({ min: 0, max: 400 }),
      random: fc.constantFrom(0, 104, 224, 300),
      dns: fc.constantFrom(0, 16, 30),
      ssrc: fc.constantFrom(0, 32),
      plain: fc.option(fc.record({ others: fc.integer({ min: 0, max: 5000 }), holding: fc.integer({ min: 0, max: 30 }) })),
    }),
  });
  const table = fc.record({
    trials: fc.record({
      flows: fc.integer({ min: 1, max: 1e9 }),
      carriers: fc.integer({ min: 1, max: 1e6 }),
      transforms: fc.integer({ min: 1, max: 8 }),
    }),
    offered: fc.integer({ min: 0, max: 1e6 }),
    printBits: fc.constantFrom(32, 64),
    flowsOffered: fc.integer({ min: 0, max: 1e5 }),
    printsOffered: fc.integer({ min: 0, max: 1e6 }),
    flows: fc.array(flow, { maxLength: 8 }),
  });

  it("gives the detector's score for any table, and one bit more or less is refused", () => {
    fc.assert(
      fc.property(table, (t) => {
        const flows = t.flows.map((f) => ({
          ...f,
          byPayload: Math.min(f.byPayload, f.matches),
          sliced: Math.min(f.sliced, f.matches - Math.min(f.byPayload, f.matches)),
        }));
        const o = { trials: t.trials, offered: t.offered, printBits: t.printBits } as unknown as CopyObservation;
        const s = {
          flowsOffered: t.flowsOffered,
          printsOffered: t.printsOffered,
          flows: flows as unknown as CopyFlow[],
        } as unknown as CopySubscriber;
        const { bits } = scoreSubscriber(o, s);
        const bounds = boundsOf(JSON.parse(JSON.stringify(matchTableOf(o, s))) as Json, "x");
        expect(isScore(bits, bounds)).toBe(true);
        const exact = Math.min(bounds.hash, bounds.source);
        if (Math.abs(exact - Math.round(exact)) > 1e-4)
          expect([isScore(bits + 1, bounds), bits > 0 && isScore(bits - 1, bounds)]).toEqual([false, false]);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses tables that are none", () => {
    const good = {
      trials: { flows: 1, carriers: 1, transforms: 1 },
      offered: 1,
      printBits: 64,
      subscriber: { flowsOffered: 1, printsOffered: 1, flows: [] },
    };
    expect(boundsOf(good, "x")).toMatchObject({ hash: 0, source: 0 });
    for (const bad of [
      null,
      [],
      {},
      { ...good, offered: -1 },
      { ...good, printBits: 129 },
      { ...good, subscriber: { ...good.subscriber, flows: 3 } },
      { ...good, subscriber: { ...good.subscriber, flows: [{}] } },
    ]) {
      expect(() => boundsOf(bad as Json, "x"), JSON.stringify(bad)).toThrow();
    }
  });
});

describe("commitments and challenges", () => {
  it("are those of the writer", async () => {
    const made = new FindingCommitments(new Uint8Array(32), "ab");
    const { salt, commitment } = made.byContent("payload", "0", utf8("sixteen octets, at least"));
    expect(await commitmentOf("payload", salt, utf8("sixteen octets, at least"), primitives)).toBe(commitment);
    expect(await commitmentOf("frame", salt, utf8("sixteen octets, at least"), primitives)).not.toBe(commitment);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 70 }), fc.integer({ min: 1, max: 80 }), fc.string(), async (pairs, wanted, random) => {
        const picked = await challengedPairs("m", random, wanted, pairs, primitives);
        expect(picked).toEqual(drawn("m", random, wanted, pairs));
        expect(new Set(picked).size).toBe(Math.min(wanted, pairs));
        expect(picked.every((p) => p >= 0 && p < pairs)).toBe(true);
      }),
    );
  });

  it("by content: equal contents show; by place, and short ones, they do not; another finding has another key", () => {
    const one = new FindingCommitments(new Uint8Array(32), "ab");
    const list = Array.from({ length: 12 }, (_, i) => `imsi:${i}`);
    expect(one.shuffled(list).toSorted()).toEqual(list.toSorted());
    expect(one.shuffled(list.toReversed())).toEqual(one.shuffled(list));
    expect(one.shuffled(list)).not.toEqual(list);
    const long = utf8("sixteen octets, at least");
    expect(one.byContent("payload", "1", long)).toEqual(one.byContent("payload", "2", long));
    expect(one.byContent("payload", "1", utf8("short")).commitment).not.toBe(one.byContent("payload", "2", utf8("short")).commitment);
    expect(one.byPlace("frame", "1", long).commitment).not.toBe(one.byPlace("frame", "2", long).commitment);
    expect(new FindingCommitments(new Uint8Array(32), "ac").byContent("payload", "1", long).commitment).not.toBe(
      one.byContent("payload", "1", long).commitment,
    );
  });
});

describe("octets of nobody's making", () => {
  it("never throw: random ones, and random ones behind a right head", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.boolean(), async (octets, head) => {
        const result = await verifyBundle(
          head ? Buffer.concat([utf8(`tapproof/bundle/1\n{"format":"tapproof/bundle/1","parts":[`), octets]) : octets,
        );
        expect(result.passed).toBe(false);
        expect(result.level).toBe("none");
      }),
      { numRuns: 300 },
    );
  });

  it("containers: every malformed list is refused and named", () => {
    const signer = Signer.fromSeed("k", Buffer.alloc(32, 1));
    const part = (over: object): object => ({ bytes: 0, name: "a", sha256: hex(sha256(new Uint8Array(0))), ...over });
    expect(parseContainer(headOf({ format: "tapproof/bundle/1", parts: [part({})] }, signer)).parts).toHaveLength(1);
    for (const list of [
      {},
      [],
      { format: "tapproof/bundle/1" },
      { format: "tapproof/bundle/2", parts: [] },
      { format: "tapproof/bundle/1", parts: {} },
      { extra: 1, format: "tapproof/bundle/1", parts: [] },
    ]) {
      expect(() => parseContainer(headOf(list, signer))).toThrow();
    }
    for (const bad of [
      null,
      3,
      {},
      part({ bytes: -1 }),
      part({ bytes: "0" }),
      part({ bytes: 1 }),
      part({ name: "" }),
      part({ name: "../a" }),
      part({ name: "A" }),
      part({ sha256: "x" }),
      part({ more: 1 }),
    ]) {
      expect(() => parseContainer(headOf({ format: "tapproof/bundle/1", parts: [bad] }, signer)), JSON.stringify(bad)).toThrow();
    }
    expect(() => parseContainer(headOf({ format: "tapproof/bundle/1", parts: [part({}), part({})] }, signer))).toThrow(/twice/);
  });

  it("records: an unknown type, a member too many or too few", () => {
    const good = { schema: "tapproof/record/1", type: "tap-map", points: [] };
    expect(checkShape(good, "x")).toBe("tap-map");
    for (const bad of [
      null,
      [],
      {},
      { ...good, type: "surprise" },
      { ...good, type: "__proto__" },
      { ...good, schema: "tapproof/record/2" },
      { ...good, more: 1 },
      { schema: good.schema, type: good.type },
      { ...good, points: [{}] },
    ]) {
      expect(() => checkShape(bad as Json, "x"), JSON.stringify(bad)).toThrow();
    }
  });

  it("pcapng: cut at every length, and with foreign blocks", async () => {
    const { pcapngInterface, pcapngPacket, pcapngSection } = await import("#capture/write.ts");
    const frame = { bytes: new Uint8Array(10), offset: 0, captured: 10, original: 99, sec: 1, nsec: 2 };
    const file = Buffer.concat([
      pcapngSection("x"),
      pcapngInterface({ linkType: 1, snapLength: 0 }),
      pcapngPacket(0, frame, ["c"]),
      pcapngPacket(0, frame),
    ]);
    expect(countPackets(file, "x")).toBe(2);
    const ends = new Set<number>();
    for (let at = 0; at < file.length; at += file.readUInt32LE(at + 4)) ends.add(at);
    for (let n = 0; n < file.length; n++)
      if (!ends.has(n) || n === 0) expect(() => countPackets(file.subarray(0, n), "x"), String(n)).toThrow();
    expect(() => countPackets(Buffer.concat([file, pcapngSection("x")]), "x")).toThrow();
    expect(() => countPackets(Buffer.concat([pcapngSection("x"), pcapngPacket(0, frame)]), "x")).toThrow();
  });

  it("the injected hash is used, and a wrong one fails everything", async () => {
    let calls = 0;
    const octets = headOf(
      { format: "tapproof/bundle/1", parts: [{ bytes: 0, name: "a", sha256: hex(sha256(new Uint8Array(0))) }] },
      Signer.fromSeed("k", Buffer.alloc(32, 1)),
    );
    const result = await verifyBundle(octets, { primitives: { sha256: (o) => (calls++, createHash("sha1").update(o).digest()) } });
    expect(calls).toBe(1);
    expect(result.checks.find((c) => c.status === "failed")).toMatchObject({ code: "parts", part: "a" });
  });
});
