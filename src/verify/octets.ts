/** Octets and their spellings. Everything is strict: one value, one spelling, so that no byte can change without being seen. */
import { Failure } from "./result.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Refuses malformed UTF-8; keeps a byte order mark as the character it is. */
export function text(octets: Uint8Array, part: string): string {
  try {
    return decoder.decode(octets);
  } catch {
    throw new Failure("is not UTF-8", part);
  }
}

export function hex(octets: Uint8Array): string {
  let out = "";
  for (const o of octets) out += o.toString(16).padStart(2, "0");
  return out;
}

export function fromHex(digits: string): Uint8Array | undefined {
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/.test(digits)) return undefined;
  const out = new Uint8Array(digits.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16);
  return out;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function base64(octets: Uint8Array): string {
  let out = "";
  for (let i = 0; i < octets.length; i += 3) {
    const left = octets.length - i;
    const n = ((octets[i] as number) << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0);
    out += ALPHABET[n >> 18] as string;
    out += ALPHABET[(n >> 12) & 63] as string;
    out += left > 1 ? ALPHABET[(n >> 6) & 63] : "=";
    out += left > 2 ? ALPHABET[n & 63] : "=";
  }
  return out;
}

/** RFC 4648 §4 with padding; undefined unless re-encoding gives the same text (no stray bits, no white space). */
export function fromBase64(spelled: string): Uint8Array | undefined {
  if (spelled.length % 4 !== 0) return undefined;
  const padding = spelled.endsWith("==") ? 2 : spelled.endsWith("=") ? 1 : 0;
  const out = new Uint8Array((spelled.length / 4) * 3 - padding);
  let at = 0;
  for (let i = 0; i < spelled.length; i += 4) {
    let n = 0;
    for (let j = 0; j < 4; j++) {
      const c = spelled[i + j] as string;
      const padded = c === "=" && i + 4 === spelled.length && j >= 4 - padding;
      const value = padded ? 0 : ALPHABET.indexOf(c);
      if (value < 0) return undefined;
      n = (n << 6) | value;
    }
    for (let j = 16; j >= 0 && at < out.length; j -= 8) out[at++] = (n >> j) & 255;
  }
  return base64(out) === spelled ? out : undefined;
}

export function sameOctets(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of pieces) {
    out.set(p, at);
    at += p.length;
  }
  return out;
}

/** A number of at most 15 digits without sign or leading zeros; undefined otherwise. */
export function wholeNumber(digits: string): number | undefined {
  return /^(0|[1-9][0-9]{0,14})$/.test(digits) ? Number(digits) : undefined;
}
