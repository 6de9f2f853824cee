// A message's own copy of its octets: the capture's block is reused, what a message says of offsets must outlive it.

/** One allocation serves some forty messages. It is freed when the last of them is, so that one message that is kept may keep so much. */
const SLAB_OCTETS = 8 * 1024;

let slab = new Uint8Array(0);
let used = 0;

/**
 * A copy of octets `start` … `end`-1 that nobody else writes to. Callers must not use its `buffer`: other messages
 * live there.
 */
export function ownCopy(bytes: Uint8Array, start: number, end: number): Uint8Array {
  // A typed array of its own costs 330 ns for 200 octets, a view into a shared slab 40 ns (Node 24).
  const length = end - start;
  if (length > SLAB_OCTETS / 8) return bytes.slice(start, end);
  if (used + length > slab.length) {
    slab = new Uint8Array(SLAB_OCTETS);
    used = 0;
  }
  const copy = new Uint8Array(slab.buffer, used, length);
  copy.set(bytes.subarray(start, end));
  used += length;
  return copy;
}

/** Octets of a datagram behind its last message, where there are any (`uncovered` > 0) and the capture has them. */
export function behind(bytes: Uint8Array, messageEnd: number, end: number, uncovered: number): Uint8Array | undefined {
  return uncovered > 0 && end > messageEnd ? ownCopy(bytes, messageEnd, end) : undefined;
}
