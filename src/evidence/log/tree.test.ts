import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { emptyRoot, equalHashes, leafHash, verifyConsistency, verifyInclusion } from "./tree.ts";
import { MemoryStorage } from "./tile-storage.ts";
import { TileReader } from "./tile-reader.ts";
import { TileWriter } from "./tile-writer.ts";

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "hex"));

/** The eight leaves, and the roots of their first n, that the Certificate Transparency implementations publish as test vectors. */
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"].map(bytes);
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

// The second implementation: RFC 6962 §2.1 word for word, on lists of entries, with hashes of its own.
const sha = (...parts: Uint8Array[]): Uint8Array => hash("sha256", Buffer.concat(parts), "buffer");
function mth(d: readonly Uint8Array[]): Uint8Array {
  if (d.length === 0) return sha();
  if (d.length === 1) return sha(Buffer.of(0), d[0] as Uint8Array);
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return sha(Buffer.of(1), mth(d.slice(0, k)), mth(d.slice(k)));
}
function path(m: number, d: readonly Uint8Array[]): Uint8Array[] {
  if (d.length <= 1) return [];
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return m < k ? [...path(m, d.slice(0, k)), mth(d.slice(k))] : [...path(m - k, d.slice(k)), mth(d.slice(0, k))];
}
function subproof(m: number, d: readonly Uint8Array[], b: boolean): Uint8Array[] {
  if (m === d.length) return b ? [] : [mth(d)];
  const k = 2 ** Math.ceil(Math.log2(d.length) - 1);
  return m <= k ? [...subproof(m, d.slice(0, k), b), mth(d.slice(k))] : [...subproof(m - k, d.slice(k), false), mth(d.slice(0, k))];
}

function logOf(entries: readonly Uint8Array[]): { storage: MemoryStorage; writer: TileWriter } {
  const storage = new MemoryStorage();
  const writer = new TileWriter(storage, 0);
  for (const entry of entries) writer.append(entry);
  writer.flush();
  return { storage, writer };
}

const numbered = (n: number): Uint8Array[] => Array.from({ length: n }, (_, i) => new Uint8Array(Buffer.from(`leaf ${i}`)));

describe("published vectors", () => {
  it("hashes the empty tree, an empty leaf and a node (RFC 6962)", () => {
    expect(hex(emptyRoot())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    expect(hex(leafHash(new Uint8Array(0)))).toBe("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
    expect(hex(leafHash(Buffer.from("L123456")))).toBe("395aa064aa4c29f7010acfe3f25db9485bbd4b91897b6ad7ad547639252b4d56");
    expect(hex(sha(Buffer.of(1), Buffer.from("N123"), Buffer.from("N456")))).toBe(
      "aa217fe888e47007fa15edab33c2b492a722cb106c64667fc2b044444de66bbb",
    );
  });

  it("computes the roots of the eight leaves", () => {
    for (let n = 1; n <= 8; n++) {
      const { storage, writer } = logOf(LEAVES.slice(0, n));
      expect(hex(writer.root())).toBe(ROOTS[n - 1]);
      expect(hex(new TileReader(storage, n).root())).toBe(ROOTS[n - 1]);
    }
  });

  it("gives the published inclusion and consistency paths", () => {
    const { storage } = logOf(LEAVES);
    const reader = new TileReader(storage, 8);
    expect(reader.inclusion(5, 8).map(hex)).toEqual([
      "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(reader.consistency(6, 8).map(hex)).toEqual([
      "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
      "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]);
    expect(reader.consistency(1, 1)).toEqual([]);
  });
});

describe("against a second implementation", () => {
  it("agrees on every root, path and proof up to 40 leaves", () => {
    const entries = numbered(40);
    const { storage } = logOf(entries);
    // Tiles of the largest size serve all smaller trees.
    const reader = new TileReader(storage, 40);
    for (let n = 1; n <= 40; n++) {
      const d = entries.slice(0, n);
      const root = mth(d);
      expect(hex(reader.root(n))).toBe(hex(root));
      for (let m = 0; m < n; m++) {
        const made = reader.inclusion(m, n);
        expect(made.map(hex)).toEqual(path(m, d).map(hex));
        expect(verifyInclusion(m, n, leafHash(entries[m] as Uint8Array), made, root)).toBe(true);
      }
      for (let m = 1; m <= n; m++) {
        const made = reader.consistency(m, n);
        expect(made.map(hex)).toEqual(subproof(m, d, true).map(hex));
        expect(verifyConsistency(m, n, mth(entries.slice(0, m)), root, made)).toBe(true);
      }
    }
  });

  it("agrees across tile borders, at random sizes", () => {
    const entries = numbered(1100);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1100 }), fc.nat(1099), fc.nat(1100), (n, i, old) => {
        const d = entries.slice(0, n);
        const { storage, writer } = logOf(d);
        const reader = new TileReader(storage, n);
        const root = mth(d);
        expect(hex(writer.root())).toBe(hex(root));
        const index = i % n;
        expect(reader.inclusion(index).map(hex)).toEqual(path(index, d).map(hex));
        const m = 1 + (old % n);
        expect(reader.consistency(m).map(hex)).toEqual(subproof(m, d, true).map(hex));
        expect(hex(leafHash(reader.entry(index)))).toBe(hex(reader.leafHash(index)));
      }),
      { numRuns: 25, seed: 5 },
    );
  });

  it("grows the same tree whatever the batches, and however often it is opened again", () => {
    const entries = numbered(700);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), (batches) => {
        const storage = new MemoryStorage();
        let size = 0;
        for (const count of batches) {
          const writer = new TileWriter(storage, size);
          for (const entry of entries.slice(size, size + count)) writer.append(entry);
          writer.flush();
          writer.tidy();
          size = writer.size;
          expect(hex(writer.root())).toBe(hex(mth(entries.slice(0, size))));
        }
        const reader = new TileReader(storage, size);
        expect(hex(reader.root())).toBe(hex(mth(entries.slice(0, size))));
      }),
      { numRuns: 20, seed: 6 },
    );
  });
});

describe("a proof that is wrong anywhere does not verify", () => {
  const entries = numbered(70);
  const { storage } = logOf(entries);
  const reader = new TileReader(storage, 70);

  it("inclusion: other index, size, leaf, root; hashes changed, cut, added, swapped", () => {
    for (const [index, size] of [
      [0, 1],
      [0, 2],
      [5, 8],
      [6, 7],
      [63, 64],
      [64, 65],
      [69, 70],
    ] as const) {
      const leaf = reader.leafHash(index);
      const root = reader.root(size);
      const proof = reader.inclusion(index, size);
      expect(verifyInclusion(index, size, leaf, proof, root)).toBe(true);
      for (let i = 0; i < 72; i++) if (i !== index) expect(verifyInclusion(i, size, leaf, proof, root)).toBe(false);
      // A proof binds leaf, index and root; another size is refused unless its path has the same turns.
      expect(verifyInclusion(index, index, leaf, proof, root)).toBe(false);
      expect(verifyInclusion(index, size * 2, leaf, proof, root)).toBe(false);
      expect(verifyInclusion(index, size, root, proof, root)).toBe(size === 1);
      for (const changed of mutations(proof)) expect(verifyInclusion(index, size, leaf, changed, root)).toBe(false);
      for (const bad of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
        expect(verifyInclusion(bad, size, leaf, proof, root)).toBe(false);
        expect(verifyInclusion(index, bad, leaf, proof, root)).toBe(false);
      }
    }
  });

  it("consistency: other sizes, roots; hashes changed, cut, added, swapped", () => {
    for (const [m, n] of [
      [1, 2],
      [1, 70],
      [2, 3],
      [4, 8],
      [6, 8],
      [7, 8],
      [32, 64],
      [63, 64],
      [64, 70],
      [69, 70],
    ] as const) {
      const [old, now] = [reader.root(m), reader.root(n)];
      const proof = reader.consistency(m, n);
      expect(verifyConsistency(m, n, old, now, proof)).toBe(true);
      expect(verifyConsistency(m, n, now, now, proof)).toBe(false);
      expect(verifyConsistency(m, n, old, old, proof)).toBe(false);
      expect(verifyConsistency(n, m, now, old, proof)).toBe(false);
      for (const changed of mutations(proof)) expect(verifyConsistency(m, n, old, now, changed)).toBe(false);
    }
    expect(verifyConsistency(0, 5, emptyRoot(), reader.root(5), [])).toBe(true);
    expect(verifyConsistency(0, 5, reader.root(5), reader.root(5), [])).toBe(false);
    expect(verifyConsistency(0, 5, emptyRoot(), reader.root(5), [reader.root(5)])).toBe(false);
    expect(verifyConsistency(5, 5, reader.root(5), reader.root(5), [reader.root(5)])).toBe(false);
    expect(verifyConsistency(0, 0, reader.root(5), reader.root(5), [])).toBe(false);
  });

  function mutations(proof: readonly Uint8Array[]): Uint8Array[][] {
    const out: Uint8Array[][] = [
      [...proof, new Uint8Array(32)],
      [new Uint8Array(32), ...proof],
      [...proof, new Uint8Array(31)],
    ];
    proof.forEach((item, i) => {
      const flipped = Uint8Array.from(item);
      flipped[i % 32] = (flipped[i % 32] as number) ^ 1;
      out.push(proof.with(i, flipped), proof.toSpliced(i, 1), proof.with(i, item.subarray(0, 31)), proof.toSpliced(i, 0, item));
      const next = proof[i + 1];
      if (next !== undefined && !equalHashes(item, next)) out.push(proof.with(i, next).with(i + 1, item));
    });
    return out;
  }
});
