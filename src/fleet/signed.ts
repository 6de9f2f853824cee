/** Lines of JSON with a signature as their last: what every record of a fleet is. */
import { parseVerifierKey, verifyEd25519 } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { FLEET_LIMITS } from "./limits.ts";

/** Why a record is refused. */
export type Refusal = "oversized" | "version" | "malformed" | "signature" | "clock" | "name" | "network" | "limit";

/** What every header has, as far as it can be asked before the header is known to be well-formed. */
interface Known {
  readonly key: string;
  readonly clock: number;
}

/** What a kind of record is told by. */
export interface RecordKind<T extends Known> {
  readonly version: number;
  /** Octets that the signature covers before the record's own: a signature of one kind is none of another. */
  readonly domain: string;
  /** The member that says who sent it. */
  readonly sender: string;
  readonly parse: (header: unknown) => T | undefined;
}

export function writeSigned(domain: string, lines: readonly string[], signer: Signer): Buffer {
  const body = `${lines.join("\n")}\n`;
  const signature = Buffer.from(signer.sign(Buffer.from(domain + body))).toString("base64");
  return Buffer.from(`${body}${JSON.stringify({ signature })}`);
}

/** Header and the lines after it, or why it is refused and who it says has sent it (null where it does not say). */
export function readSigned<T extends Known>(
  octets: Uint8Array,
  brokerMs: number,
  kind: RecordKind<T>,
): { readonly header: T; readonly lines: readonly string[] } | { readonly refused: Refusal; readonly sender: string | null } {
  if (octets.length > FLEET_LIMITS.recordBytes) return { refused: "oversized", sender: null };
  const text = Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString("utf8");
  const lines = text.split("\n");
  const first = json(lines[0] ?? "");
  if (first === undefined) return { refused: "malformed", sender: null };
  const named = first[kind.sender];
  const sender = typeof named === "string" ? named.slice(0, 200) : null;
  if (first["v"] !== kind.version) return { refused: "version", sender };
  const header = kind.parse(first);
  const last = lines.length < 2 ? undefined : json(lines.at(-1) ?? "");
  const signature = last?.["signature"];
  if (header === undefined || typeof signature !== "string") return { refused: "malformed", sender };
  const body = text.slice(0, text.length - (lines.at(-1) ?? "").length);
  if (!holds(header.key, kind.domain + body, signature)) return { refused: "signature", sender };
  if (Math.abs(brokerMs - header.clock) > FLEET_LIMITS.clockSeconds * 1000) return { refused: "clock", sender };
  return { header, lines: lines.slice(1, -1) };
}

function holds(vkey: string, text: string, signature: string): boolean {
  try {
    const { publicKey } = parseVerifierKey(vkey);
    return verifyEd25519(publicKey, Buffer.from(text), Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}

function json(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === "object" && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
