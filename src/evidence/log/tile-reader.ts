/**
 * Roots, proofs and entries of a tree of a given size, from its tiles only: O(log n) hashes and at most one tile a level and edge.
 *
 *   PATH and PROOF: RFC 6962 §2.1.1, §2.1.2
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { MAX_ENTRY, splitEntries, subtreeRoot, TILE_HEIGHT, TILE_WIDTH, tilePath, tileWidth } from "./tiles.ts";
import type { TileStorage } from "./tile-storage.ts";
import { emptyRoot, HASH_OCTETS, nodeHash, splitPoint } from "./tree.ts";

/** Tiles kept in memory: 64 × 8 KiB. */
const CACHED_TILES = 64;

export class TileReader {
  readonly size: number;
  readonly #storage: TileStorage;
  readonly #cache = new Map<string, Uint8Array>();

  /** `size`: that of a checkpoint of this log. */
  constructor(storage: TileStorage, size: number) {
    this.#storage = storage;
    this.size = size;
  }

  /** Root of the first `size` leaves. */
  root(size = this.size): Uint8Array {
    this.#within(size);
    return size === 0 ? emptyRoot() : this.#range(0, size);
  }

  leafHash(index: number): Uint8Array {
    this.#within(index + 1);
    return this.#node(0, index);
  }

  /** From the leaf's sibling to the root's child. */
  inclusion(index: number, size = this.size): Uint8Array[] {
    this.#within(size);
    if (!Number.isSafeInteger(index) || index < 0 || index >= size) throw new RangeError(`leaf ${index} is not in a tree of ${size}`);
    const path: Uint8Array[] = [];
    let low = 0;
    let high = size;
    while (high - low > 1) {
      const middle = low + splitPoint(high - low);
      if (index < middle) {
        path.push(this.#range(middle, high));
        high = middle;
      } else {
        path.push(this.#range(low, middle));
        low = middle;
      }
    }
    return path.reverse();
  }

  /** Empty from size 0, and between equal sizes. */
  consistency(oldSize: number, newSize = this.size): Uint8Array[] {
    this.#within(newSize);
    if (!Number.isSafeInteger(oldSize) || oldSize < 0 || oldSize > newSize)
      throw new RangeError(`no tree of ${oldSize} in one of ${newSize}`);
    if (oldSize === 0 || oldSize === newSize) return [];
    const path: Uint8Array[] = [];
    let low = 0;
    let high = newSize;
    let whole = true;
    while (oldSize !== high) {
      const middle = low + splitPoint(high - low);
      if (oldSize <= middle) {
        path.push(this.#range(middle, high));
        high = middle;
      } else {
        path.push(this.#range(low, middle));
        low = middle;
        whole = false;
      }
    }
    if (!whole) path.push(this.#range(low, high));
    return path.reverse();
  }

  /** Octets of one entry. Not checked against the tree: the caller compares its leaf hash. */
  entry(index: number): Uint8Array {
    this.#within(index + 1);
    return this.bundle(Math.floor(index / TILE_WIDTH))[index % TILE_WIDTH] as Uint8Array;
  }

  /** All entries of bundle `index`, as many as this size has. */
  bundle(index: number): Uint8Array[] {
    const width = tileWidth(0, index, this.size);
    const exact = this.#storage.read(tilePath("entries", index, width));
    if (exact !== undefined) return splitEntries(exact, width, tilePath("entries", index, width));
    // The log may have grown since: the full bundle begins with the same entries.
    const full = this.#storage.read(tilePath("entries", index, TILE_WIDTH));
    if (full === undefined || full.length > TILE_WIDTH * (2 + MAX_ENTRY)) throw missing(tilePath("entries", index, width));
    return splitEntries(full, TILE_WIDTH, tilePath("entries", index, TILE_WIDTH)).slice(0, width);
  }

  /** MTH(D[low:high]) where `low` is a multiple of the largest power of two that fits: all ranges of PATH and PROOF are. */
  #range(low: number, high: number): Uint8Array {
    const count = high - low;
    const k = splitPoint(count + 1);
    if (k === count) return this.#node(Math.round(Math.log2(count)), low / count);
    return nodeHash(this.#range(low, low + k), this.#range(low + k, high));
  }

  /** MTH of the full subtree of 2^height leaves that begins at leaf index · 2^height. */
  #node(height: number, index: number): Uint8Array {
    const level = Math.floor(height / TILE_HEIGHT);
    const count = 2 ** (height % TILE_HEIGHT);
    const first = index * count;
    return subtreeRoot(this.#tile(level, Math.floor(first / TILE_WIDTH)), first % TILE_WIDTH, count);
  }

  #tile(level: number, index: number): Uint8Array {
    const width = tileWidth(level, index, this.size);
    const path = tilePath(level, index, width);
    const known = this.#cache.get(path);
    if (known !== undefined) return known;
    const tile = this.#storage.read(path) ?? (width < TILE_WIDTH ? this.#storage.read(tilePath(level, index, TILE_WIDTH)) : undefined);
    if (width === 0 || tile === undefined) throw missing(path);
    if (tile.length < width * HASH_OCTETS || tile.length % HASH_OCTETS !== 0)
      throw new EvidenceError("tile-damaged", `${path}: has ${tile.length} octets`);
    if (this.#cache.size >= CACHED_TILES) this.#cache.delete(this.#cache.keys().next().value as string);
    this.#cache.set(path, tile);
    return tile;
  }

  #within(size: number): void {
    if (!Number.isSafeInteger(size) || size < 0 || size > this.size)
      throw new RangeError(`a tree of ${this.size} has no part of size ${size}`);
  }
}

function missing(path: string): EvidenceError {
  return new EvidenceError("tile-damaged", `${path}: is missing`);
}
