/**
 * RFC 4648 §4 base64, strict: standard alphabet, padding, no spaces, and the octets must encode to the same text again,
 * so that no two texts stand for one value.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? new Uint8Array(bytes) : undefined;
}

export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

/** One SHA-256 value in base64, as checkpoints and proofs write it; undefined where it is not exactly that. */
export function decodeHash(text: string): Uint8Array | undefined {
  if (text.length !== 44) return undefined;
  const bytes = decodeBase64(text);
  return bytes?.length === 32 ? bytes : undefined;
}

/** ASCII decimal without leading zeroes, up to 2^53 - 1 (a limit of this implementation; the specifications allow 2^63 - 1). */
export function decodeDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}
