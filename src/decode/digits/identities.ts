// Identity lists of a decoded message: in order of appearance, without duplicates (`DecodedMessage`).
import type { TunnelEnd } from "#model/message.ts";

/** Shared by all messages that lack a list, so that an empty list costs nothing. Frozen: `append` makes a new one. */
export const NONE: readonly never[] = Object.freeze([]);

/** Adds to a list that may still be the shared empty one; returns the list to keep. */
export function append<T>(list: readonly T[], value: T): readonly T[] {
  if (list.length === 0) return [value];
  (list as T[]).push(value);
  return list;
}

/**
 * Longest identity list of one message. Without a bound the search for duplicates would be quadratic in what a
 * sender can put into 64 KiB; later identities are left out of the list (their elements are still listed).
 */
export const MAX_IDENTITIES = 512;

/** Adds a text once; empty texts are no identities. */
export function appendText(list: readonly string[], value: string): readonly string[] {
  if (value === "" || list.includes(value) || list.length >= MAX_IDENTITIES) return list;
  return append(list, value);
}

/** Adds a tunnel end once. */
export function appendTunnelEnd(list: readonly TunnelEnd[], teid: number, address: string): readonly TunnelEnd[] {
  if (list.length >= MAX_IDENTITIES) return list;
  for (const end of list) if (end.teid === teid && end.address === address) return list;
  return append(list, { teid, address });
}

/** 0.0.0.0 and :: ask for an address (dynamic allocation, TS 29.274 §8.14); they are nobody's address. */
export function isUnspecified(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}
