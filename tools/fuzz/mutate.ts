/** Changes of octets that a hostile sender, or a careless one, might make. */

/** mulberry32: the same changes on every machine. */
export function dice(seed: number): (below: number) => number {
  let a = seed | 0;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

type Dice = (below: number) => number;

const EDGES = [0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 100, 126, 127, 128, 129, 191, 192, 223, 240, 254, 255];
const WIDE = [0, 1, 255, 256, 1023, 1500, 16_383, 16_384, 32_767, 32_768, 65_534, 65_535];

/** A changed copy of `input`, at most `longest` octets. `other`: another input to take from. `words`: pieces of text that mean something. */
export function mutated(input: Uint8Array, other: Uint8Array, words: readonly Uint8Array[], roll: Dice, longest: number): Uint8Array {
  let now = input;
  for (let times = 1 + roll(1 + roll(6)); times > 0; times--) now = once(now, other, words, roll, longest);
  return now === input ? input.slice() : now;
}

function once(b: Uint8Array, other: Uint8Array, words: readonly Uint8Array[], roll: Dice, longest: number): Uint8Array {
  const at = roll(b.length + 1);
  switch (b.length === 0 ? 7 : roll(words.length > 0 ? 14 : 12)) {
    case 0:
      return set(b, at, (b[at] ?? 0) ^ (1 << roll(8)));
    case 1:
      return set(b, at, EDGES[roll(EDGES.length)] as number);
    case 2:
      return set(b, at, (b[at] ?? 0) + 1 + roll(8));
    case 3:
      return set(b, at, (b[at] ?? 0) - 1 - roll(8));
    case 4: {
      const value = roll(3) === 0 ? b.length - at : (WIDE[roll(WIDE.length)] as number);
      return set(set(b, at, value >>> 8), at + 1, value);
    }
    case 5: {
      const value = roll(2) === 0 ? 0xffff_ffff : roll(2) === 0 ? 0x8000_0000 : roll(0x1_0000_0000);
      return [24, 16, 8, 0].reduce((bytes, shift, i) => set(bytes, at + i, value >>> shift), b);
    }
    case 6:
      return b.subarray(0, at);
    case 7: {
      const piece = Uint8Array.from({ length: 1 + roll(8) }, () => roll(256));
      return spliced(b, at, at, piece, longest);
    }
    case 8:
      return spliced(b, at, Math.min(b.length, at + 1 + roll(16)), NOTHING, longest);
    case 9: {
      const from = roll(other.length + 1);
      return spliced(b, at, roll(2) === 0 ? at : b.length, other.subarray(from, from + 1 + roll(256)), longest);
    }
    case 10: {
      const piece = b.subarray(at, at + 1 + roll(64));
      return spliced(b, at, at, piece, longest);
    }
    case 11: {
      // The same piece again and again: what nests, and what costs more than it has octets.
      const piece = b.subarray(at, at + 1 + roll(48));
      const times = piece.length === 0 ? 0 : 1 + roll(roll(8) === 0 ? Math.ceil(longest / piece.length) : 40);
      const many = new Uint8Array(piece.length * times);
      for (let i = 0; i < times; i++) many.set(piece, i * piece.length);
      return spliced(b, at, at, many, longest);
    }
    case 12:
      return spliced(b, at, at, words[roll(words.length)] as Uint8Array, longest);
    default:
      return spliced(b, at, Math.min(b.length, at + 1 + roll(12)), words[roll(words.length)] as Uint8Array, longest);
  }
}

const NOTHING = new Uint8Array(0);

function set(b: Uint8Array, at: number, value: number): Uint8Array {
  const copy = b.slice();
  copy[at] = value;
  return copy;
}

function spliced(b: Uint8Array, from: number, to: number, piece: Uint8Array, longest: number): Uint8Array {
  const out = new Uint8Array(Math.min(longest, b.length - (to - from) + piece.length));
  out.set(b.subarray(0, Math.min(from, out.length)));
  if (from < out.length) out.set(piece.subarray(0, out.length - from), from);
  const rest = from + piece.length;
  if (rest < out.length) out.set(b.subarray(to, to + out.length - rest), rest);
  return out;
}
