/**
 * What the evidence side refuses, and why. Codes are a closed list: tests and tools match codes, never sentences.
 * `exitCode` 2: the caller's or the file's fault; the command line shows the one-line message.
 */
export type EvidenceCode =
  | "key-malformed"
  | "key-unsafe"
  | "key-mismatch"
  | "keys-missing"
  | "note-malformed"
  | "note-unsigned"
  | "note-bad-signature"
  | "checkpoint-malformed"
  | "policy-malformed"
  | "proof-malformed"
  | "proof-wrong"
  | "tile-damaged"
  | "log-damaged"
  | "log-locked"
  | "log-foreign"
  | "log-rolled-back"
  | "record-invalid"
  | "witness-refused"
  | "witness-unreachable"
  | "timestamp-malformed"
  | "timestamp-refused"
  | "timestamp-unreachable"
  | "seal-malformed"
  | "seal-wrong"
  | "identity-refused";

export class EvidenceError extends Error {
  override readonly name = "EvidenceError";
  readonly exitCode = 2;
  readonly code: EvidenceCode;

  constructor(code: EvidenceCode, message: string) {
    super(message);
    this.code = code;
  }
}
