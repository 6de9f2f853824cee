import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { KEY_TYPE } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { formatCheckpoint } from "#evidence/note/checkpoint.ts";
import { cosign } from "#evidence/note/cosignature.ts";
import { formatNote, noteSignature } from "#evidence/note/note.ts";
import { parsePolicy } from "#evidence/note/policy.ts";
import { formatProof, parseProof, verifyProof } from "./proof-file.ts";
import { MemoryStorage } from "./tile-storage.ts";
import { TileReader } from "./tile-reader.ts";
import { TileWriter } from "./tile-writer.ts";
import { splitEntries, tilePath, tileWidth } from "./tiles.ts";
import { leafHash } from "./tree.ts";

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

const log = Signer.fromSeed("example.org/log", new Uint8Array(32).fill(1));
const witness = Signer.fromSeed("witness.example/w", new Uint8Array(32).fill(2), KEY_TYPE.cosignature);
const policy = parsePolicy(`witness w ${witness.vkey}\nquorum w\n`);
const storage = new MemoryStorage();
const writer = new TileWriter(storage, 0);
const entries = Array.from({ length: 300 }, (_, i) => Buffer.from(`entry ${i}`));
for (const entry of entries) writer.append(entry);
writer.flush();
const reader = new TileReader(storage, 300);
const text = formatCheckpoint({ origin: "example.org/log", size: 300, root: reader.root(), extensions: [] });
const checkpoint = formatNote({ text, signatures: [noteSignature(text, log), cosign(text, witness, 1_700_000_000)] });
const leaf = leafHash(entries[261] as Buffer);
const good = formatProof({ index: 261, extra: Buffer.from("extra data"), hashes: reader.inclusion(261), checkpoint });

describe("a proof file", () => {
  it("shows the entry, and who witnessed the head when", () => {
    const made = verifyProof(parseProof(good), leaf, "example.org/log", log.key, policy);
    expect(made.checkpoint.size).toBe(300);
    expect(made.witnessedAt).toBe(1_700_000_000);
    expect(formatProof(parseProof(good))).toBe(good);
    expect(verifyProof(parseProof(good), leaf, "example.org/log", log.key, parsePolicy("quorum none\n")).witnessedAt).toBeUndefined();
    const bare = formatProof({ ...parseProof(good), extra: undefined });
    expect(parseProof(bare).extra).toBeUndefined();
  });

  it("cut anywhere, changed anywhere: refused, or says nothing else", () => {
    for (let cut = 0; cut < good.length; cut++) {
      const got = code(() => verifyProof(parseProof(good.slice(0, cut)), leaf, "example.org/log", log.key, policy));
      // Without its last lines the note has one signature less: the witness's.
      if (got === "no error") expect(good.slice(cut).startsWith("— witness.example/w")).toBe(true);
    }
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 32, max: 126 }), (at, character) => {
        const changed = good.slice(0, at) + String.fromCharCode(character) + good.slice(at + 1);
        if (changed === good) return;
        const extra = at > good.indexOf("extra") && at < good.indexOf("\nindex");
        const witnessLine = at >= good.indexOf("— witness");
        const got = code(() => verifyProof(parseProof(changed), leaf, "example.org/log", log.key, policy));
        // The extra data is not authenticated; a cosignature by an unknown name is ignored.
        if (!extra && !witnessLine) expect(got).not.toBe("no error");
        expect(got).not.toContain("Error:");
      }),
      { numRuns: 1500, seed: 8 },
    );
  });

  it("has bounds", () => {
    const [head, rest] = good.split("\n\n", 2) as [string, string];
    for (const bad of [
      "",
      "c2sp.org/tlog-proof@v1\n",
      good.replace("@v1", "@v2"),
      good.replace("index 261", "index 0261"),
      good.replace("index 261", "index -1"),
      good.replace("index 261\n", ""),
      good.replace("extra ", "extra  "),
      `${head}\n${`${"A".repeat(43)}=\n`.repeat(64)}\n${rest}`,
      `${head}\nAAAA\n\n${rest}`,
      good + "x".repeat(1 << 21),
    ]) {
      expect(
        code(() => parseProof(bad)),
        bad.slice(0, 60),
      ).toBe("proof-malformed");
    }
  });
});

describe("tiles of a stranger", () => {
  it("are named as C2SP tlog-tiles names them", () => {
    expect(tilePath(0, 1_234_067, 256)).toBe("tile/0/x001/x234/067");
    expect(tilePath("entries", 0, 5)).toBe("tile/entries/000.p/5");
    // The examples of the specification: 70,000 and 256 entries.
    expect([
      tileWidth(0, 272, 70_000),
      tileWidth(0, 273, 70_000),
      tileWidth(1, 0, 70_000),
      tileWidth(1, 1, 70_000),
      tileWidth(2, 0, 70_000),
    ]).toEqual([256, 112, 256, 17, 1]);
    expect([tileWidth(0, 0, 256), tileWidth(0, 1, 256), tileWidth(1, 0, 256)]).toEqual([256, 0, 1]);
  });

  it("missing, short or changed: an error or another root, never a hang", () => {
    const root = reader.root();
    for (const [path, bytes] of storage.files) {
      if (path.startsWith("tile/entries")) continue;
      for (const changed of [
        undefined,
        bytes.subarray(0, bytes.length - 1),
        new Uint8Array(0),
        Uint8Array.from(bytes, (octet, i) => (i === bytes.length - 1 ? octet ^ 1 : octet)),
      ]) {
        const other = new MemoryStorage();
        for (const [name, content] of storage.files) if (name !== path) other.write(name, content);
        if (changed !== undefined) other.write(path, changed);
        const damaged = new TileReader(other, 300);
        // The root rests on the right edge; a proof of a leaf in the tile on the tile.
        const made = code(() => {
          const again = damaged.root();
          for (const index of [0, 255, 256, 299]) damaged.inclusion(index);
          if (Buffer.compare(again, root) !== 0) throw new EvidenceError("tile-damaged", "another root");
          if (Buffer.compare(damaged.leafHash(255), reader.leafHash(255)) !== 0) throw new EvidenceError("tile-damaged", "another leaf");
        });
        expect(made, path).toBe("tile-damaged");
      }
    }
  });

  it("bundles: cut anywhere, longer, or with another count", () => {
    const bundle = storage.read("tile/entries/001.p/44") as Uint8Array;
    expect(splitEntries(bundle, 44, "b")).toHaveLength(44);
    for (let cut = 0; cut < bundle.length; cut++) expect(code(() => splitEntries(bundle.subarray(0, cut), 44, "b"))).toBe("tile-damaged");
    expect(code(() => splitEntries(bundle, 43, "b"))).toBe("tile-damaged");
    expect(code(() => splitEntries(bundle, 45, "b"))).toBe("tile-damaged");
    expect(code(() => splitEntries(Buffer.concat([bundle, Buffer.of(0)]), 44, "b"))).toBe("tile-damaged");
    expect(splitEntries(new Uint8Array(0), 0, "b")).toEqual([]);
  });

  it("asked for what is not there", () => {
    for (const bad of [-1, 300, 0.5, NaN, 2 ** 60]) {
      expect(() => reader.inclusion(bad)).toThrow(RangeError);
      expect(() => reader.entry(bad)).toThrow();
    }
    for (const bad of [-1, 301, NaN]) expect(() => reader.consistency(bad)).toThrow(RangeError);
    expect(reader.consistency(0)).toEqual([]);
    expect(reader.consistency(300)).toEqual([]);
    expect(() => new TileWriter(new MemoryStorage(), 5)).toThrow(EvidenceError);
    expect(code(() => new TileWriter(new MemoryStorage(), 0).append(new Uint8Array(65_536)))).toBe("record-invalid");
  });
});
