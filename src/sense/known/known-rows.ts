/**
 * Where a packet of a known flow is counted: one row of 64 octets for each direction of a user's flow in each tunnel, with the places that it has in the
 * tables of a point. A packet whose row is known asks none of these tables by key.
 *
 * It is a cache: a row may be given away at any time, and its packets then go the general way once more. So probes are bounded, and whoever writes the
 * traffic can at worst send packets the general way. The hash is seeded.
 */
import { GPDU_KEY_WORDS } from "#decode/packet/gpdu.ts";

export const KNOWN_LIMITS = {
  /** Rows (64 octets each) of known flows; past it new ones take the place of others, whose packets are then looked up anew. */
  rows: 1 << 18,
} as const;

/** Words of a row. Behind the key: */
const ROW_WORDS = 16;
export const ROW_STATE = 7;
/** Place of the tunnel's use in `Tunnels`. */
export const ROW_USE = 8;
/** For the search for copies: leg, and number of the user's flow. */
export const ROW_LEG = 9;
export const ROW_COPY_FLOW = 10;
const ROW_POINT = 15;

/** `ROW_STATE` of a row that holds something. */
export const USED = 1;

/** Rows that may hold a key: those from its own on. */
const PROBES = 8;

export class KnownRows {
  readonly words: Int32Array;
  private readonly mask: number;
  private readonly seed: number;

  /** `limit`: a power of two. All of it is asked for at once: memory that is never touched is not taken. */
  constructor(seed: number, limit: number = KNOWN_LIMITS.rows) {
    this.seed = seed | 0;
    this.mask = limit - 1;
    this.words = new Int32Array((limit + PROBES - 1) * ROW_WORDS);
  }

  /** Hash of the key that begins at `at` of `keys`, at `point`; of which `find` and `add` take the lowest bits. */
  hash(keys: Int32Array, at: number, point: number): number {
    let h = Math.imul(this.seed ^ (keys[at] as number), 0x85ebca6b);
    let k = Math.imul(~this.seed ^ (keys[at + 1] as number), 0xc2b2ae35);
    h = Math.imul(h ^ (h >>> 15) ^ (keys[at + 2] as number), 0xc2b2ae35);
    k = Math.imul(k ^ (k >>> 13) ^ (keys[at + 3] as number), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ (keys[at + 4] as number), 0x27d4eb2f);
    k = Math.imul(k ^ (k >>> 15) ^ (keys[at + 5] as number), 0x165667b1);
    h = Math.imul(h ^ (h >>> 15) ^ (keys[at + 6] as number) ^ point, 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13) ^ k ^ (k >>> 16), 0xc2b2ae35);
    return h ^ (h >>> 16);
  }

  /** Where rows with this hash begin: asked for before it is needed, it is in the cache by then. */
  near(hash: number): number {
    return this.words[(hash & this.mask) * ROW_WORDS] as number;
  }

  /** Where the row of this key begins, -1 where it is not known. */
  find(hash: number, keys: Int32Array, at: number, point: number): number {
    const { words } = this;
    let row = (hash & this.mask) * ROW_WORDS;
    for (let i = 0; i < PROBES; i++, row += ROW_WORDS) {
      if (
        words[row] === keys[at] &&
        words[row + 1] === keys[at + 1] &&
        words[row + 2] === keys[at + 2] &&
        words[row + 3] === keys[at + 3] &&
        words[row + 4] === keys[at + 4] &&
        words[row + 5] === keys[at + 5] &&
        words[row + 6] === keys[at + 6] &&
        words[row + ROW_POINT] === point &&
        words[row + ROW_STATE] !== 0
      )
        return row;
    }
    return -1;
  }

  /** Where the row of this key begins: the one it has, else an empty one or another's, with the key written. */
  add(hash: number, keys: Int32Array, at: number, point: number): number {
    const known = this.find(hash, keys, at, point);
    if (known >= 0) return known;
    const row = this.place(hash);
    const { words } = this;
    for (let i = 0; i < GPDU_KEY_WORDS; i++) words[row + i] = keys[at + i] as number;
    words[row + ROW_POINT] = point;
    return row;
  }

  /** The first empty row for a hash, or the key's own, whoever has it. */
  private place(hash: number): number {
    const first = (hash & this.mask) * ROW_WORDS;
    for (let i = 0; i < PROBES; i++) if (this.words[first + i * ROW_WORDS + ROW_STATE] === 0) return first + i * ROW_WORDS;
    return first;
  }
}
