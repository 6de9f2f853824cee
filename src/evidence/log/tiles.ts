/**
 * C2SP tlog-tiles: where the hashes and the entries of a log are kept.
 *
 *   tile/<L>/<N>[.p/<W>]        hashes: tile N of level L holds MTH of the 256^L leaves under each of its up to 256 places
 *   tile/entries/<N>[.p/<W>]    entries 256 N ...: each uint16 big-endian length, then the octets
 *
 * N is written in groups of three digits, all but the last with an x before them: 1234067 is x001/x234/067. A full tile is 256 wide;
 * a partial one says its width W (1 to 255) in its name.
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { HASH_OCTETS, nodeHash } from "./tree.ts";

export const TILE_WIDTH = 256;
export const TILE_HEIGHT = 8;
export const TILE_OCTETS = TILE_WIDTH * HASH_OCTETS;
/** An entry's length is a uint16. */
export const MAX_ENTRY = 65_535;

export function tilePath(level: number | "entries", index: number, width: number): string {
  const suffix = width === TILE_WIDTH ? "" : `.p/${width}`;
  return `tile/${level}/${indexPath(index)}${suffix}`;
}

/** Folder of all partial tiles of one place. */
export function partialFolder(level: number | "entries", index: number): string {
  return `tile/${level}/${indexPath(index)}.p`;
}

function indexPath(index: number): string {
  let path = String(index % 1000).padStart(3, "0");
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    path = `x${String(rest % 1000).padStart(3, "0")}/${path}`;
  }
  return path;
}

/** How many hashes tile `index` of a level has in a tree of `size`. */
export function tileWidth(level: number, index: number, size: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** level);
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH));
}

/** Root of `count` (a power of two) hashes that stand side by side in a tile, from place `from`. */
export function subtreeRoot(tile: Uint8Array, from: number, count: number): Uint8Array {
  if (count === 1) return tile.subarray(from * HASH_OCTETS, (from + 1) * HASH_OCTETS);
  const half = count / 2;
  return nodeHash(subtreeRoot(tile, from, half), subtreeRoot(tile, from + half, half));
}

/** Entries of a bundle that must hold `count`. Throws `tile-damaged`. */
export function splitEntries(bundle: Uint8Array, count: number, where: string): Uint8Array[] {
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < count) {
    const end = at + 2 + (((bundle[at] ?? 0) << 8) | (bundle[at + 1] ?? 0));
    if (at + 2 > bundle.length || end > bundle.length) {
      throw new EvidenceError("tile-damaged", `${where}: ends inside entry ${entries.length} of ${count}`);
    }
    entries.push(bundle.subarray(at + 2, end));
    at = end;
  }
  if (at !== bundle.length) throw new EvidenceError("tile-damaged", `${where}: goes on after its ${count} entries`);
  return entries;
}
