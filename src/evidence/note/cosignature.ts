/**
 * C2SP tlog-cosignature v1.0.0, Ed25519 ("cosignature/v1"): a witness says that at a time, the largest consistent tree it had seen of the log had
 * this root.
 *
 *   signature octets  timestamp (u64, big-endian, seconds) || Ed25519 signature (64)
 *   signed message    "cosignature/v1\n" "time " decimal "\n" || whole note text
 */
import type { Signer } from "#evidence/keys/signer.ts";

const TIMESTAMP_OCTETS = 8;
const SIGNATURE_OCTETS = 64;

export function cosignedMessage(text: string, timestamp: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${timestamp}\n${text}`);
}

/** Undefined where the length is wrong, or the time is zero or beyond 2^53 - 1 (the specification: 2^63 - 1). */
export function splitCosignature(octets: Uint8Array): { readonly timestamp: number; readonly signature: Uint8Array } | undefined {
  if (octets.length !== TIMESTAMP_OCTETS + SIGNATURE_OCTETS) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const timestamp = view.getUint32(0) * 2 ** 32 + view.getUint32(4);
  if (timestamp === 0 || !Number.isSafeInteger(timestamp)) return undefined;
  return { timestamp, signature: octets.subarray(TIMESTAMP_OCTETS) };
}

/** `timestamp`: seconds since the epoch. */
export function cosign(
  text: string,
  signer: Signer,
  timestamp: number,
): { readonly name: string; readonly id: number; readonly signature: Uint8Array } {
  const octets = Buffer.alloc(TIMESTAMP_OCTETS + SIGNATURE_OCTETS);
  octets.writeUInt32BE(Math.floor(timestamp / 2 ** 32), 0);
  octets.writeUInt32BE(timestamp % 2 ** 32, 4);
  octets.set(signer.sign(cosignedMessage(text, timestamp)), TIMESTAMP_OCTETS);
  return { name: signer.name, id: signer.key.id, signature: new Uint8Array(octets) };
}
