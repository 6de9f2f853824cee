/**
 * Grows a log. Keeps the right edge of the tree in memory (one tile a level, one bundle): appending costs two hashes a leaf on average and
 * reads nothing. Full tiles are written as they fill; `flush` writes the partial ones of the present size.
 *
 * What is written beyond the size of the last signed checkpoint means nothing: after a kill the next writer loads the checkpoint's
 * size, and writes over it.
 */
import { hash } from "node:crypto";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { MAX_ENTRY, partialFolder, subtreeRoot, TILE_OCTETS, TILE_WIDTH, tilePath, tileWidth } from "./tiles.ts";
import type { TileStorage } from "./tile-storage.ts";
import { TileReader } from "./tile-reader.ts";
import { emptyRoot, HASH_OCTETS, nodeHash } from "./tree.ts";

interface Edge {
  readonly tile: Buffer;
  /** Hashes in it, 0 to 255. */
  width: number;
  index: number;
  /** Width of the partial tile on disk, so that an unchanged level is not written again. */
  written: number;
}

export class TileWriter {
  readonly #storage: TileStorage;
  readonly #edges: Edge[] = [];
  #size = 0;
  #bundle = Buffer.alloc(65_536);
  #bundleOctets = 0;
  /** Partial tiles that a full one has replaced: removed only after the next checkpoint is out. */
  #obsolete: string[] = [];
  readonly #leaf = Buffer.alloc(1 + MAX_ENTRY);

  /** Throws `tile-damaged` where the tiles of that size are not there. */
  constructor(storage: TileStorage, size: number) {
    this.#storage = storage;
    this.#size = size;
    const reader = new TileReader(storage, size);
    for (let level = 0; Math.floor(size / TILE_WIDTH ** level) > 0; level++) {
      const hashes = Math.floor(size / TILE_WIDTH ** level);
      const edge = this.#edge(level);
      edge.index = Math.floor(hashes / TILE_WIDTH);
      edge.width = tileWidth(level, edge.index, size);
      edge.written = edge.width;
      if (edge.width === 0) continue;
      const path = tilePath(level, edge.index, edge.width);
      const tile = storage.read(path) ?? storage.read(tilePath(level, edge.index, TILE_WIDTH));
      if (tile === undefined || tile.length < edge.width * HASH_OCTETS)
        throw new EvidenceError("tile-damaged", `${path}: is missing or short`);
      edge.tile.set(tile.subarray(0, edge.width * HASH_OCTETS));
    }
    if (size % TILE_WIDTH > 0) for (const entry of reader.bundle(Math.floor(size / TILE_WIDTH))) this.#bundleAdd(entry);
  }

  get size(): number {
    return this.#size;
  }

  /** Answers the new leaf's index. Throws `record-invalid` for an entry that no bundle can hold. */
  append(entry: Uint8Array): number {
    if (entry.length > MAX_ENTRY) throw new EvidenceError("record-invalid", `log entry: ${entry.length} octets, at most ${MAX_ENTRY} fit`);
    this.#leaf.set(entry, 1);
    this.#bundleAdd(entry);
    const index = this.#size++;
    this.#push(0, hash("sha256", this.#leaf.subarray(0, 1 + entry.length), "buffer"));
    if (this.#size % TILE_WIDTH === 0) {
      const full = Math.floor(index / TILE_WIDTH);
      this.#storage.write(tilePath("entries", full, TILE_WIDTH), this.#bundle.subarray(0, this.#bundleOctets));
      this.#obsolete.push(partialFolder("entries", full));
      this.#bundleOctets = 0;
    }
    return index;
  }

  /** Root of the present size. At most 255 hashes a level. */
  root(): Uint8Array {
    let root: Uint8Array | undefined;
    for (const { tile, width } of this.#edges) {
      // The binary digits of the width are the full subtrees side by side, the smallest at the right.
      let end = width;
      for (let count = 1; count <= width; count *= 2) {
        if ((width & count) === 0) continue;
        end -= count;
        const left = subtreeRoot(tile, end, count);
        root = root === undefined ? left : nodeHash(left, root);
      }
    }
    // A copy: with one subtree the root is a view of the edge, which goes on changing.
    return root === undefined ? emptyRoot() : Uint8Array.from(root);
  }

  /** Writes the partial tiles of the present size and makes all of it durable. The checkpoint may be signed and published after this. */
  flush(): void {
    for (const [level, edge] of this.#edges.entries()) {
      if (edge.width === 0 || edge.width === edge.written) continue;
      this.#storage.write(tilePath(level, edge.index, edge.width), edge.tile.subarray(0, edge.width * HASH_OCTETS));
      edge.written = edge.width;
    }
    const width = this.#size % TILE_WIDTH;
    if (width > 0) {
      this.#storage.write(tilePath("entries", Math.floor(this.#size / TILE_WIDTH), width), this.#bundle.subarray(0, this.#bundleOctets));
    }
    this.#storage.sync();
  }

  /** To be called when the checkpoint of the flushed size is durable: partial tiles that full ones replaced go. */
  tidy(): void {
    for (const folder of this.#obsolete) this.#storage.removeFolder(folder);
    this.#obsolete = [];
  }

  #push(level: number, value: Uint8Array): void {
    const edge = this.#edge(level);
    edge.tile.set(value, edge.width * HASH_OCTETS);
    edge.width++;
    if (edge.width < TILE_WIDTH) return;
    this.#storage.write(tilePath(level, edge.index, TILE_WIDTH), edge.tile);
    this.#obsolete.push(partialFolder(level, edge.index));
    const root = subtreeRoot(edge.tile, 0, TILE_WIDTH);
    edge.width = 0;
    edge.written = 0;
    edge.index++;
    this.#push(level + 1, root);
  }

  #edge(level: number): Edge {
    return (this.#edges[level] ??= { tile: Buffer.alloc(TILE_OCTETS), width: 0, index: 0, written: 0 });
  }

  #bundleAdd(entry: Uint8Array): void {
    const end = this.#bundleOctets + 2 + entry.length;
    if (end > this.#bundle.length) {
      const wider = Buffer.alloc(Math.max(end, this.#bundle.length * 2));
      wider.set(this.#bundle.subarray(0, this.#bundleOctets));
      this.#bundle = wider;
    }
    this.#bundle.writeUInt16BE(entry.length, this.#bundleOctets);
    this.#bundle.set(entry, this.#bundleOctets + 2);
    this.#bundleOctets = end;
  }
}
