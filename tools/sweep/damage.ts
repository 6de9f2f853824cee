/**
 * Damage to one capture file, in an order that a seed fixes: cut at, and one bit flipped in, each of the first 64 KiB and 2,000 seeded
 * offsets beyond; or a seeded sample of these.
 */

export interface Damage {
  readonly kind: "cut" | "flip";
  readonly offset: number;
  /** Mask that is XORed in; 0 for a cut. */
  readonly mask: number;
}

const FIRST_OCTETS = 65_536;
const SEEDED_BEYOND = 2_000;

/** Deterministic 32-bit generator (mulberry32), so that a failure can be run again by its seed. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** Every damage due to a file of `size` octets; `sample`: only so many of them, drawn by the seed. */
export function damages(size: number, seed: number, sample?: number): Damage[] {
  const next = random(seed ^ size);
  const offsets = Array.from({ length: Math.min(size, FIRST_OCTETS) }, (_, at) => at);
  if (size > FIRST_OCTETS) {
    const beyond = new Set<number>();
    const wanted = Math.min(SEEDED_BEYOND, size - FIRST_OCTETS);
    while (beyond.size < wanted) beyond.add(FIRST_OCTETS + (next() % (size - FIRST_OCTETS)));
    offsets.push(...[...beyond].sort((a, b) => a - b));
  }
  const all = offsets.flatMap((offset): Damage[] => [
    { kind: "cut", offset, mask: 0 },
    { kind: "flip", offset, mask: 1 << (next() % 8) },
  ]);
  if (sample === undefined || sample >= all.length) return all;
  for (let i = 0; i < sample; i++) {
    const j = i + (next() % (all.length - i));
    [all[i], all[j]] = [all[j] as Damage, all[i] as Damage];
  }
  return all.slice(0, sample);
}
