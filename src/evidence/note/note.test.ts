import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatVerifierKey, KEY_TYPE, parseVerifierKey, verifierKey, verifyEd25519 } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { decodeBase64, decodeDecimal, decodeHash } from "./base64.ts";
import { formatCheckpoint, parseCheckpoint } from "./checkpoint.ts";
import { cosign, splitCosignature } from "./cosignature.ts";
import { formatNote, NOTE_LIMITS, openNote, parseNote, signNote } from "./note.ts";
import { formatPolicy, parsePolicy, quorumTime, reachesQuorum } from "./policy.ts";

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

// Published vectors: golang.org/x/mod/sumdb/note (keys made for tests) and the example of C2SP signed-note.
const PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
const PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
const TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_LINE = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
const ENOCH_LINE = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n";
const C2SP_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const C2SP_NOTE =
  "This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

describe("published vectors", () => {
  it("reads, writes and verifies the keys and notes", () => {
    for (const vkey of [PETER, ENOCH, C2SP_KEY]) expect(formatVerifierKey(parseVerifierKey(vkey))).toBe(vkey);
    const signer = Signer.parse(PETER_SECRET);
    expect(signer.vkey).toBe(PETER);
    expect(signer.exportText()).toBe(`${PETER_SECRET}\n`);
    expect(signNote(TEXT, [signer])).toBe(`${TEXT}\n${PETER_LINE}`);
    expect(openNote(C2SP_NOTE, [parseVerifierKey(C2SP_KEY)]).text).toBe("This is an example message.\n");
    const both = openNote(`${TEXT}\n${PETER_LINE}${ENOCH_LINE}`, [parseVerifierKey(PETER), parseVerifierKey(ENOCH)]);
    expect(both.verified.map(({ key }) => key.name)).toEqual(["PeterNeumann", "EnochRoot"]);
  });

  it("ignores unknown keys, counts a key once, and needs one it knows", () => {
    const [peter, enoch] = [parseVerifierKey(PETER), parseVerifierKey(ENOCH)];
    expect(openNote(`${TEXT}\n${PETER_LINE}${ENOCH_LINE}`, [peter]).verified).toHaveLength(1);
    expect(openNote(`${TEXT}\n${PETER_LINE}${PETER_LINE}`, [peter]).verified).toHaveLength(1);
    expect(code(() => openNote(`${TEXT}\n${ENOCH_LINE}`, [peter]))).toBe("note-unsigned");
    expect(code(() => openNote(`${TEXT}\n${PETER_LINE.replace("x08go/ZJ", "x08go/ZK")}${ENOCH_LINE}`, [peter, enoch]))).toBe(
      "note-bad-signature",
    );
    expect(code(() => openNote(`${TEXT.replace("answer", "Answer")}\n${PETER_LINE}`, [peter]))).toBe("note-bad-signature");
  });

  it("refuses every cut and every changed character of a key", () => {
    for (const [text, parse] of [
      [PETER, parseVerifierKey],
      [PETER_SECRET, (t: string) => Signer.parse(t)],
    ] as const) {
      for (let i = 0; i <= text.length; i++) {
        for (let j = i + 1; j <= text.length; j++) {
          if (i !== 0 || j !== text.length) expect(code(() => parse(text.slice(i, j)))).toBe("key-malformed");
        }
      }
      for (let i = 0; i < text.length; i++) {
        const other = String.fromCharCode(text.charCodeAt(i) + 1);
        expect(code(() => parse(text.slice(0, i) + other + text.slice(i + 1)))).toBe("key-malformed");
      }
    }
    for (const bad of [
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
      `${PETER}\n`,
      ` ${PETER}`,
    ]) {
      expect(
        code(() => parseVerifierKey(bad)),
        bad,
      ).toBe("key-malformed");
    }
  });

  it("refuses a signature with the group's order added: one message, one signature", () => {
    const signer = Signer.fromSeed("a.example", new Uint8Array(32).fill(5));
    const message = Buffer.from("m");
    const good = signer.sign(message);
    expect(verifyEd25519(signer.key.publicKey, message, good)).toBe(true);
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(good.subarray(32)).reverse().toString("hex")}`) + order;
    const other = Buffer.concat([good.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse()]);
    expect(verifyEd25519(signer.key.publicKey, message, other)).toBe(false);
    for (let n = 0; n < 64; n++) expect(verifyEd25519(signer.key.publicKey, message, good.subarray(0, n))).toBe(false);
  });

  it("refuses public keys that verify anything", () => {
    for (const y of ["00", "01", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"]) {
      const publicKey = Buffer.alloc(32);
      Buffer.from(y, "hex").copy(publicKey);
      for (const sign of [0, 0x80]) {
        publicKey[31] = ((publicKey[31] as number) & 0x7f) | sign;
        expect(code(() => verifierKey("a", KEY_TYPE.note, publicKey))).toBe("key-malformed");
      }
    }
  });
});

describe("a note has one spelling", () => {
  const note = `${TEXT}\n${PETER_LINE}${ENOCH_LINE}`;

  it("cut at every length: refused, or a note with fewer signatures", () => {
    const bytes = Buffer.from(note);
    for (let cut = 0; cut < bytes.length; cut++) {
      const got = code(() => parseNote(bytes.subarray(0, cut)));
      if (got === "no error") expect(bytes.subarray(0, cut).toString()).toBe(`${TEXT}\n${PETER_LINE}`);
      else expect(got).toBe("note-malformed");
    }
  });

  it("what parses, formats to the same octets", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(Buffer.from(note).length - 1), fc.nat(255)), { maxLength: 3 }), (changes) => {
        const bytes = Buffer.from(note);
        for (const [at, value] of changes) bytes[at] = value;
        let parsed;
        try {
          parsed = parseNote(bytes);
        } catch (error) {
          expect((error as EvidenceError).code).toBe("note-malformed");
          return;
        }
        expect(Buffer.from(formatNote(parsed)).equals(bytes)).toBe(true);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("refuses control characters, other newlines, spaces, loose base64, text after the end", () => {
    for (const bad of [
      TEXT,
      `${TEXT}\n`,
      `\x01${note}`,
      note.replaceAll("\n", "\r\n"),
      note.replace("— ", "- "),
      note.replace("— ", "—  "),
      note.replace("nAM=\n", "nAM\n"),
      note.replace("nAM=\n", "nAN=\n"),
      note.replace("PeterNeumann", "Peter+Neumann"),
      note.replace("PeterNeumann", "Peter\u00a0Neumann"),
      `${note}more\n`,
      `\n${PETER_LINE}`,
      `${TEXT}\n— PeterNeumann x08gow==\n`,
      `${TEXT}\n${PETER_LINE.repeat(NOTE_LIMITS.signatures + 1)}`,
      `${"a".repeat(NOTE_LIMITS.octets)}\n\n${PETER_LINE}`,
    ]) {
      expect(
        code(() => parseNote(bad)),
        JSON.stringify(bad.slice(0, 80)),
      ).toBe("note-malformed");
    }
    expect(code(() => parseNote(Buffer.concat([Buffer.of(0xff), Buffer.from(note)])))).toBe("note-malformed");
    // A byte order mark is a character like another: it stays in the text.
    expect(parseNote(Buffer.from(`\ufeff${note}`)).text.startsWith("\ufeff")).toBe(true);
  });

  it("splits at the last empty line", () => {
    const signer = Signer.generate("a.example");
    const text = `one\n\n${PETER_LINE}\ntwo\n`;
    const made = signNote(text, [signer]);
    expect(openNote(made, [signer.key]).text).toBe(text);
    expect(openNote(made, [signer.key]).verified).toHaveLength(1);
  });

  it("does not sign what is no text", () => {
    const signer = Signer.generate("a.example");
    for (const text of ["", "\n", "abc", "a\tb\n", "\ud800\n"]) expect(code(() => signNote(text, [signer]))).toBe("note-malformed");
  });
});

describe("checkpoints", () => {
  // The example of C2SP tlog-checkpoint.
  const text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

  it("reads and writes the example, and extension lines", () => {
    expect(formatCheckpoint(parseCheckpoint(text))).toBe(text);
    expect(parseCheckpoint(`${text}more\nlines\n`).extensions).toEqual(["more", "lines"]);
    expect(parseCheckpoint(text).size).toBe(20852163);
  });

  it("refuses every cut and other spellings", () => {
    for (let cut = 0; cut < text.length; cut++) expect(code(() => parseCheckpoint(text.slice(0, cut)))).toBe("checkpoint-malformed");
    for (const bad of [
      text.replace("20852163", "020852163"),
      text.replace("20852163", "+20852163"),
      text.replace("20852163", "-1"),
      text.replace("20852163", "1e3"),
      text.replace("20852163", " 20852163"),
      text.replace("20852163", "9007199254740992"),
      text.replace("q2I=", "q2J="),
      text.replace("q2I=", "q2I"),
      text.replace("Cs", ""),
      `\n${text}`,
      `${text}\n`,
    ]) {
      expect(
        code(() => parseCheckpoint(bad)),
        bad,
      ).toBe("checkpoint-malformed");
    }
  });
});

describe("cosignatures", () => {
  const text = "example.com/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const witness = Signer.generate("witness.example/w", KEY_TYPE.cosignature);

  it("verify with their time, and not with another text, time or kind of key", () => {
    const line = cosign(text, witness, 1_679_315_147);
    const note = { text, signatures: [line] };
    expect(openNote(note, [witness.key]).verified).toEqual([{ key: witness.key, timestamp: 1_679_315_147 }]);
    expect(code(() => openNote({ ...note, text: text.replace("1\n", "2\n") }, [witness.key]))).toBe("note-bad-signature");
    const later = Uint8Array.from(line.signature);
    later[7] = (later[7] as number) + 1;
    expect(code(() => openNote({ text, signatures: [{ ...line, signature: later }] }, [witness.key]))).toBe("note-bad-signature");
    // The same key as a log's key has another id: its signature is that of an unknown key.
    expect(code(() => openNote(note, [verifierKey(witness.name, KEY_TYPE.note, witness.key.publicKey)]))).toBe("note-unsigned");
    expect(code(() => signNote(text, [witness]))).toBe("key-mismatch");
  });

  it("of another length, or without a time, are wrong", () => {
    for (let n = 0; n < 80; n++) if (n !== 72) expect(splitCosignature(new Uint8Array(n))).toBeUndefined();
    expect(splitCosignature(new Uint8Array(72))).toBeUndefined();
    expect(splitCosignature(new Uint8Array(72).fill(255))).toBeUndefined();
    expect(splitCosignature(cosign(text, witness, 2 ** 40).signature)?.timestamp).toBe(2 ** 40);
  });

  it("verifies the example of C2SP tlog-cosignature's shape: earliest time of one key counts once", () => {
    const note = { text, signatures: [cosign(text, witness, 300), cosign(text, witness, 200)] };
    expect(openNote(note, [witness.key]).verified).toEqual([{ key: witness.key, timestamp: 200 }]);
  });
});

describe("policies", () => {
  const witnesses = Array.from({ length: 5 }, (_, i) =>
    Signer.fromSeed(`w${i}.example/w`, new Uint8Array(32).fill(i + 1), KEY_TYPE.cosignature),
  );
  const lines = witnesses.map((witness, i) => `witness W${i} ${witness.vkey}${i === 0 ? " https://w0.example/" : ""}`);
  const policy = parsePolicy(
    ["# two levels", ...lines, "\tgroup X 2 W0 W1 W2", "group Y any W3 W4", "group both all X Y", "", "quorum both", ""].join("\n"),
  );
  const text = "example.com/log\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
  const signedBy = (times: Record<number, number>) =>
    openNote(
      { text, signatures: Object.entries(times).map(([i, time]) => cosign(text, witnesses[Number(i)] as Signer, time)) },
      witnesses.map((witness) => witness.key),
    ).verified;

  it("knows when the quorum was complete", () => {
    expect(parsePolicy(formatPolicy(policy))).toEqual(policy);
    expect(quorumTime(policy, signedBy({ 0: 10, 1: 30, 2: 20, 3: 5 }))).toBe(20);
    expect(quorumTime(policy, signedBy({ 0: 10, 1: 30, 4: 50 }))).toBe(50);
    expect(quorumTime(policy, signedBy({ 0: 10, 3: 30, 4: 50 }))).toBeUndefined();
    expect(reachesQuorum(policy, signedBy({ 0: 10, 1: 30, 2: 20 }))).toBe(false);
    expect(reachesQuorum(parsePolicy("quorum none\n"), signedBy({ 0: 10 }))).toBe(false);
  });

  it("refuses what the specification refuses, naming the line", () => {
    const [w0 = "", w1 = ""] = lines;
    for (const bad of [
      "",
      "quorum W0\n",
      "quorum none\nquorum none\n",
      `${w0}\n${w0}\nquorum none\n`,
      `${w0}\n${w0.replace("W0", "V")}\nquorum none\n`,
      `${w0}\ngroup G 2 W0\nquorum G\n`,
      `${w0}\ngroup G 0 W0\nquorum G\n`,
      `${w0}\ngroup G all\nquorum G\n`,
      `${w0}\ngroup G all W1\nquorum G\n`,
      `${w0}\ngroup G all G\nquorum G\n`,
      `${w0}\n${w1}\ngroup G any W0 W0\nquorum G\n`,
      `${w0}\ngroup G any W0\ngroup H any W0\nquorum G\n`,
      `${w0}\ngroup none any W0\nquorum none\n`,
      `${w0.replace("W0", "none")}\nquorum none\n`,
      `witness W0 ${PETER}\nquorum none\n`,
      `log ${witnesses[0]?.vkey}\nquorum none\n`,
      `log ${PETER} a b\nquorum none\n`,
      "something else\nquorum none\n",
      "quorum none\r\n",
    ]) {
      expect(
        code(() => parsePolicy(bad)),
        bad,
      ).toBe("policy-malformed");
    }
    expect(() => parsePolicy("# one\n# two\nbad\n")).toThrow("line 3");
  });

  it("never throws anything else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom("log", "witness", "group", "quorum", "none", "any", "all", "1", "W0", PETER, "\n", " ", "#", "\t")),
        (words) => {
          const got = code(() => parsePolicy(words.join(" ")));
          expect(["no error", "policy-malformed"]).toContain(got);
        },
      ),
      { numRuns: 1000, seed: 2 },
    );
  });
});

it("base64 and decimals are strict", () => {
  for (const bad of ["A", "AA=", "AB==", "AAA", "AA==\n", " AA==", "AA==AA==", "_-==", "AAB="]) expect(decodeBase64(bad)).toBeUndefined();
  expect(decodeBase64("AA==")).toEqual(Uint8Array.of(0));
  expect(decodeHash(`${"A".repeat(43)}=`)).toEqual(new Uint8Array(32));
  expect(decodeHash("A".repeat(44))).toBeUndefined();
  for (const bad of ["", "00", "01", "+1", "1.0", "1e1", "٣", "9007199254740992", "-0"]) expect(decodeDecimal(bad)).toBeUndefined();
  expect(decodeDecimal("9007199254740991")).toBe(2 ** 53 - 1);
});
