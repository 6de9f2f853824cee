import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { UncoveredStream } from "#register/awaiting.ts";
import { readMoment, type WarrantFields } from "#register/fields.ts";
import { RegisterError } from "#register/load.ts";
import { foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { newAuthorityKey, signatureHolds } from "./authority.ts";
import { DOMAIN, type AnswersFile, type SealedRegisterFile } from "./format.ts";
import { loadAnswers, loadAuthorityKey, loadSealedRegister } from "./load.ts";
import { read, SUITE } from "./question.ts";
import { answerQuestions, sealWarrants } from "./seal.ts";
import { SealedRegisters } from "./sealed-registers.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-sealed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const key = newAuthorityKey("Court of Exampleville");
const stranger = newAuthorityKey("Somebody else");
const warrant: WarrantFields = {
  id: "W-1",
  target: "imsi:208010000000001",
  scope: "both",
  from: "2026-01-01T00:00:00Z",
  to: "2026-06-30T00:00:00Z",
  receiver: "192.0.2.10",
  authority: "Court of Exampleville",
};
const at = (text: string): Instant => readMoment(text) as Instant;
const [first, last] = [at("2026-03-01T10:00:00Z"), at("2026-03-01T11:00:00Z")];

function stream(imsi: string): UncoveredStream {
  return {
    interface: "x3",
    element: "10.0.0.2",
    receiver: "192.0.2.10",
    receiverMediates: false,
    kinds: ["cc"],
    targets: [foldTarget("imsi", imsi)],
    joined: [],
    liids: [],
    xid: undefined,
  };
}

async function asked(file: SealedRegisterFile, s: UncoveredStream) {
  const registers = new SealedRegisters([file], [], "Exampletel");
  expect(registers.awaits(s, first, last, true)).toBe(true);
  return registers.questions();
}

describe("sealing", () => {
  const { file, openings } = sealWarrants([warrant], key, "2026-02-01T00:00:00Z");

  it("shows neither how many entries there are nor anything of one", () => {
    expect(file.entries).toHaveLength(64);
    const text = canonicalJson(file);
    for (const secret of [warrant.target.slice(5), warrant.id, warrant.receiver, openings[0]?.salt ?? ""])
      expect(text).not.toContain(secret);
    expect(signatureHolds(file.by, DOMAIN.register, file)).toBe(true);
  });

  it("whoever tries all identities without the salt learns nothing: the same warrant commits to another value each time", () => {
    const again = sealWarrants([warrant], key, "2026-02-01T00:00:00Z");
    expect(again.file.entries.filter((entry) => file.entries.includes(entry))).toEqual([]);
  });

  it("a stream awaits the authority, which opens the entry that covers it", async () => {
    const questions = await asked(file, stream("208010000000001"));
    expect(questions).toHaveLength(1);
    const answered = await answerQuestions(questions, file, openings, key);
    expect(answered.file.answers.map((a) => a.answer)).toEqual(["opening"]);
    const after = new SealedRegisters([file], [answered.file], "Exampletel");
    expect(after.opened.map((w) => w.id)).toEqual(["W-1"]);
  });

  it('a stream that is none of its entries\' is "not ours", and then no longer awaits', async () => {
    const other = stream("208010000000002");
    const questions = await asked(file, other);
    const answered = await answerQuestions(questions, file, openings, key);
    expect(answered.file.answers.map((a) => a.answer)).toEqual(["not ours"]);
    const after = new SealedRegisters([file], [answered.file], "Exampletel");
    expect(after.awaits(other, first, last, true)).toBe(false);
    expect(after.awaits(stream("208010000000003"), first, last, true), "an answer is about one stream").toBe(true);
    expect(after.awaits(other, first, at("2026-03-01T12:00:00Z"), true), "and about the time that was asked").toBe(true);
  });

  it("an entry sealed after the product began commits to nothing", () => {
    const late = sealWarrants([warrant], key, "2026-03-01T10:30:00Z");
    expect(new SealedRegisters([late.file], [], null).awaits(stream("208010000000001"), first, last, true)).toBe(false);
  });

  it("an opening that was never committed to opens nothing", async () => {
    const other = sealWarrants([{ ...warrant, target: "imsi:208010000000009" }], key, "2026-02-01T00:00:00Z");
    const questions = await asked(file, stream("208010000000009"));
    const answered = await answerQuestions(questions, file, other.openings, key);
    expect(answered.file.answers.map((a) => a.answer)).toEqual(["opening"]);
    expect(new SealedRegisters([file], [answered.file], null).opened).toEqual([]);
  });

  it("another authority's answers say nothing about this one's entries", async () => {
    const other = stream("208010000000002");
    const questions = await asked(file, other);
    const honest = await answerQuestions(questions, file, openings, key);
    const forged: AnswersFile = { ...honest.file, by: stranger.public };
    expect(new SealedRegisters([file], [forged], "Exampletel").awaits(other, first, last, true)).toBe(true);
  });
});

describe("how many entries there are", () => {
  it.each([
    [0, 64],
    [1, 64],
    [64, 64],
    [65, 128],
  ])("%i stand among %i, in an order that tells nothing", (n, padded) => {
    const { file, openings } = sealWarrants(
      Array.from({ length: n }, (_, i) => ({ ...warrant, id: `W-${i}` })),
      key,
      "2026-02-01T00:00:00Z",
    );
    expect([file.entries.length, new Set(file.entries).size, openings.length]).toEqual([padded, padded, n]);
    expect(file.entries).toEqual([...file.entries].sort());
  });
});

describe("what an authority answers", () => {
  /** One entry, and a stream of one hour of 1 March; answered. */
  async function answered(
    entry: Partial<WarrantFields>,
    asks: Partial<UncoveredStream>,
    times: readonly [Instant, Instant] = [first, last],
    own = true,
  ) {
    const sealed = sealWarrants([{ ...warrant, ...entry }], key, "2026-01-01T00:00:00Z");
    const registers = new SealedRegisters([sealed.file], [], null);
    registers.awaits({ ...stream("208010000000001"), ...asks }, ...times, own);
    const { file, unread } = await answerQuestions(await registers.questions(), sealed.file, sealed.openings, key);
    expect(unread).toBe(0);
    return file.answers.map((a) => a.answer);
  }
  const both = { kinds: ["iri", "cc"] } as const;
  it.each<[string, Partial<WarrantFields>, Partial<UncoveredStream>, string]>([
    ["one that covers all kinds", {}, both, "opening"],
    ["one that covers some kind only", { scope: "iri" }, both, "not ours"],
    ["one that covers the other kind only", { scope: "cc" }, both, "not ours"],
    ["one by an identity whose mapping was not seen, for content alone", { target: "msisdn:33123456789", scope: "cc" }, both, "not ours"],
    ["one to another receiver", { receiver: "192.0.2.99" }, {}, "not ours"],
    ["one that begins amid the stream", { from: "2026-03-01T10:30:00Z" }, {}, "opening"],
    ["one that begins with its last packet", { from: "2026-03-01T11:00:00Z" }, {}, "opening"],
    ["one that begins after it", { from: "2026-03-01T11:00:00.000000001Z" }, {}, "not ours"],
    ["one that ends with its first packet", { to: "2026-03-01T10:00:00Z" }, {}, "opening"],
    ["one that had ended", { to: "2026-03-01T09:59:59Z" }, {}, "not ours"],
    ["one by an identity whose mapping was not seen", { target: "msisdn:33123456789" }, {}, "undecided"],
    ["one by an identity whose mapping was not seen, for events alone", { target: "msisdn:33123456789", scope: "iri" }, both, "not ours"],
  ])("with %s", async (_, entry, asks, expected) => expect(await answered(entry, asks)).toEqual([expected]));

  it("an entry that cannot be read as a warrant answers nothing", async () => {
    const sealed = sealWarrants([{ ...warrant, to: "2025-01-01T00:00:00Z" }], key, "2026-01-01T00:00:00Z");
    const { file } = await answerQuestions(await asked(sealed.file, stream("208010000000001")), sealed.file, sealed.openings, key);
    expect(file.answers.map((a) => a.answer)).toEqual(["not ours"]);
  });

  it("to several questions, in the order of their names, not of the asking", async () => {
    const sealed = sealWarrants([warrant], key, "2026-01-01T00:00:00Z");
    const registers = new SealedRegisters([sealed.file], [], null);
    for (let i = 2; i < 10; i++) registers.awaits(stream(`20801000000000${i}`), first, last, true);
    const questions = await registers.questions();
    expect(questions.map(({ id }) => id)).toEqual(questions.map(({ id }) => id).sort());
    const { file } = await answerQuestions([...questions].reverse(), sealed.file, sealed.openings, key);
    expect(file.answers.map((a) => a.question)).toEqual(questions.map(({ id }) => id));
  });
});

describe("one run", () => {
  const sealed = sealWarrants([warrant], key, "2026-03-01T10:00:00Z");
  const read1 = async (registers: SealedRegisters) => Promise.all((await registers.questions()).map((q) => read(q, key)));

  it("asks once of a stream, for the whole time that it was seen", async () => {
    const registers = new SealedRegisters([sealed.file], [], null);
    const late = at("2026-03-01T12:00:00Z");
    registers.awaits(stream("208010000000002"), at("2026-03-01T10:30:00Z"), last, true);
    registers.awaits(stream("208010000000002"), first, first, true);
    registers.awaits(stream("208010000000002"), last, late, true);
    registers.awaits(stream("208010000000002"), at("2026-03-01T10:45:00Z"), last, true);
    const [content, ...more] = await read1(registers);
    expect([content?.from, content?.to, more.length]).toEqual(
      ["2026-03-01T10:00:00Z", "2026-03-01T12:00:00Z", 0].map((v) => (typeof v === "string" ? expect.stringContaining(v.slice(0, 19)) : v)),
    );
  });

  it("a stream is the same however its lists are ordered", async () => {
    const registers = new SealedRegisters([sealed.file], [], null);
    const [a, b] = [foldTarget("imsi", "1234567"), foldTarget("imei", "12345678901234")];
    registers.awaits({ ...stream("1"), kinds: ["cc", "iri"], targets: [a, b, a], liids: ["x", "y", "x"] }, first, last, true);
    registers.awaits({ ...stream("1"), kinds: ["iri", "cc"], targets: [b, a], liids: ["y", "x"] }, first, last, true);
    const read2 = await read1(registers);
    expect(read2).toHaveLength(1);
    expect(read2[0]?.stream).toMatchObject({ kinds: ["cc", "iri"], liids: ["x", "y"], targets: [{ kind: "imei" }, { kind: "imsi" }] });
  });

  it("an entry sealed in the instant in which product began commits to it", () => {
    expect(new SealedRegisters([sealed.file], [], null).awaits(stream("208010000000001"), first, last, true)).toBe(true);
  });

  it("an opening counts for its own authority's entries alone", async () => {
    const theirs = sealWarrants([{ ...warrant, id: "W-2" }], stranger, "2026-01-01T00:00:00Z");
    const answer = (by: typeof key, opening: (typeof theirs.openings)[number] | undefined): AnswersFile =>
      ({ by: by.public, answers: [{ answer: "opening", question: "", opening }] }) as AnswersFile;
    const held = (answers: AnswersFile[]): string[] =>
      new SealedRegisters([sealed.file, theirs.file], answers, null).opened.map((w) => w.id);
    expect(held([answer(stranger, theirs.openings[0])])).toEqual(["W-2"]);
    expect(held([answer(key, theirs.openings[0])])).toEqual([]);
    expect(held([answer(key, sealed.openings[0]), answer(stranger, theirs.openings[0])])).toEqual(["W-1", "W-2"]);
  });

  it("an answer that says that nothing can be told denies nothing", () => {
    const answers = { by: key.public, answers: [{ answer: "undecided", question: "" }] } as unknown as AnswersFile;
    expect(new SealedRegisters([sealed.file], [answers], null).awaits(stream("208010000000002"), first, last, true)).toBe(true);
  });

  it("'not ours' of one register says nothing of another that the same authority sealed", async () => {
    const other = sealWarrants([{ ...warrant, target: "imsi:208010000000002" }], key, "2026-01-01T00:00:00Z");
    const asks = new SealedRegisters([sealed.file, other.file], [], null);
    asks.awaits(stream("208010000000002"), first, last, true);
    const questions = await asks.questions();
    expect(questions).toHaveLength(2);
    const { file, unread } = await answerQuestions(questions, sealed.file, sealed.openings, key);
    expect([unread, file.answers.map((a) => a.answer)]).toEqual([1, ["not ours"]]);
    const after = new SealedRegisters([sealed.file, other.file], [file], null);
    expect(after.awaits(stream("208010000000002"), first, last, true), "the other register may have it").toBe(true);
    expect(new SealedRegisters([sealed.file], [file], null).awaits(stream("208010000000002"), first, last, true)).toBe(false);
  });

  it("'not ours' of a part of the time denies no more than it", async () => {
    const asks = new SealedRegisters([sealed.file], [], null);
    asks.awaits(stream("208010000000002"), at("2026-03-01T10:30:00Z"), last, true);
    const { file } = await answerQuestions(await asks.questions(), sealed.file, sealed.openings, key);
    const after = new SealedRegisters([sealed.file], [file], null);
    expect(after.awaits(stream("208010000000002"), at("2026-03-01T10:30:00Z"), last, true)).toBe(false);
    expect(after.awaits(stream("208010000000002"), first, last, true)).toBe(true);
  });
});

describe("questions", () => {
  const { file, openings } = sealWarrants([warrant], key, "2026-02-01T00:00:00Z");

  it("only the authority reads them, and their length says nothing", async () => {
    const [short, long] = [stream("208010000000002"), { ...stream("208010000000002"), liids: ["L".repeat(300)] }];
    const [[a], [b]] = [await asked(file, short), await asked(file, long)];
    if (a === undefined || b === undefined) throw new Error("no question");
    expect(a.ciphertext.length).toBe(b.ciphertext.length);
    expect(await read(a, stranger)).toBeUndefined();
    expect((await read(a, key))?.stream.targets.map((t) => t.value)).toEqual(["208010000000002"]);
    expect(a.id).not.toBe((await asked(file, short))[0]?.id);
  });

  it("one that was changed anywhere is not read", async () => {
    const [question] = await asked(file, stream("208010000000001"));
    if (question === undefined) throw new Error("no question");
    const octets = Buffer.from(question.ciphertext, "base64");
    await fc.assert(
      fc.asyncProperty(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), async (offset, mask) => {
        const damaged = Buffer.from(octets);
        damaged[offset] = (damaged[offset] as number) ^ mask;
        expect(await read({ ...question, ciphertext: damaged.toString("base64") }, key)).toBeUndefined();
      }),
      { numRuns: 50 },
    );
    expect(await read({ ...question, id: "0".repeat(64) }, key)).toBeUndefined();
    expect((await answerQuestions([{ ...question, register: "0".repeat(64) }], file, openings, key)).unread).toBe(1);
  });
});

describe("the plain text of a question", () => {
  const content = {
    blind: "0".repeat(64),
    stream: streamText(),
    from: "2026-03-01T10:00:00Z",
    to: "2026-03-01T11:00:00Z",
    timeIsOwn: true,
  };
  function streamText(): object {
    const { xid, ...rest } = stream("208010000000001");
    return { network: null, ...rest, xid: xid ?? null };
  }
  /** Sealed by hand, as anybody can who has the authority's public key. */
  async function sealedBy(plain: Uint8Array): Promise<unknown> {
    const [register, id] = ["1".repeat(64), "2".repeat(64)];
    const buffer = (octets: Uint8Array | string): ArrayBuffer => Uint8Array.from(Buffer.from(octets)).buffer;
    const recipientPublicKey = await SUITE.kem.deserializePublicKey(buffer(Buffer.from(key.public.hpke, "base64")));
    const sender = await SUITE.createSenderContext({ recipientPublicKey, info: buffer(DOMAIN.question) });
    const ciphertext = await sender.seal(buffer(plain), buffer(`${DOMAIN.question}${register}\n${id}\n`));
    const spelled = (octets: ArrayBuffer): string => Buffer.from(octets).toString("base64");
    return read({ schema: "tapproof/question/1", id, register, encapsulated: spelled(sender.enc), ciphertext: spelled(ciphertext) }, key);
  }
  const text = Buffer.from(canonicalJson(content));
  const padded = (length: number, whole: number, tail = 0): Buffer => {
    const out = Buffer.alloc(whole);
    out.writeUInt32BE(length, 0);
    text.copy(out, 4);
    out[whole - 1] = tail;
    return out;
  };
  it("has its length before it and zeros behind, up to a multiple of 1,024 octets", async () => {
    expect(await sealedBy(padded(text.length, 1024))).toMatchObject({ from: content.from });
    expect(await sealedBy(padded(text.length, 2048))).toMatchObject({ from: content.from });
  });
  it.each<[string, Buffer]>([
    ["of another length", padded(text.length, 1023)],
    ["without padding", padded(text.length, 4 + text.length)],
    ["with an octet behind that is not zero", padded(text.length, 1024, 1)],
    ["that claims more octets than there are", padded(1021, 1024)],
    ["that claims fewer octets than it has", padded(text.length - 1, 1024)],
    ["shorter than its length", Buffer.alloc(3)],
    ["of nothing", Buffer.alloc(0)],
  ])("is not read: one %s", async (_, plain) => expect(await sealedBy(plain)).toBeUndefined());
  it("may fill its last block", async () => {
    const exact = { ...content, stream: { ...streamText(), element: "" } };
    const short = Buffer.from(canonicalJson(exact)).length;
    const full = Buffer.from(canonicalJson({ ...exact, stream: { ...streamText(), element: "e".repeat(1020 - short) } }));
    const out = Buffer.alloc(1024);
    out.writeUInt32BE(full.length, 0);
    full.copy(out, 4);
    expect([full.length, await sealedBy(out)]).toEqual([1020, expect.objectContaining({ from: content.from })]);
  });
});

describe("files", () => {
  const { file } = sealWarrants([warrant], key, "2026-02-01T00:00:00Z");
  const path = (name: string, value: object, mode = 0o600): string => {
    writeFileSync(join(folder, name), canonicalJson(value), { mode });
    return join(folder, name);
  };

  it("are refused where the signature is not over them", () => {
    expect(loadSealedRegister(path("sealed.json", file)).entries).toHaveLength(64);
    expect(() => loadSealedRegister(path("changed.json", { ...file, sealedAt: "2025-01-01T00:00:00Z" }))).toThrow(/signature/);
    expect(() => loadSealedRegister(path("dropped.json", { ...file, entries: file.entries.slice(1) }))).toThrow(/signature/);
    expect(() => loadAnswers(path("no-answers.json", file))).toThrow(RegisterError);
  });

  it("errors never repeat what stands in the file", () => {
    try {
      loadSealedRegister(path("leaky.json", { ...file, sealedAt: "imsi:208010000000001" }));
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).not.toContain("208010000000001");
    }
  });

  it("a key that others may read is refused", () => {
    expect(() => loadAuthorityKey(path("open.key", key, 0o644))).toThrow(/600/);
    expect(loadAuthorityKey(path("own.key", key)).public.authority).toBe("Court of Exampleville");
  });
});

describe("HPKE", () => {
  it("opens the first ciphertext of RFC 9180 A.1.1 with its keys (the KEM and the KDF; the AEAD there is AES-128-GCM)", async () => {
    const { Aes128Gcm, CipherSuite } = await import("@hpke/core");
    const suite = new CipherSuite({ kem: SUITE.kem, kdf: SUITE.kdf, aead: new Aes128Gcm() });
    const hex = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, "hex")).buffer;
    const recipientKey = await suite.kem.importKey("raw", hex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8"), false);
    const recipient = await suite.createRecipientContext({
      recipientKey,
      enc: hex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431"),
      info: hex("4f6465206f6e2061204772656369616e2055726e"),
    });
    const plain = await recipient.open(
      hex("f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"),
      hex("436f756e742d30"),
    );
    expect(Buffer.from(plain).toString()).toBe("Beauty is truth, truth beauty");
  });
});
