/** Asks a time-stamping authority over HTTP (RFC 3161 §3.4). */
import { randomBytes, X509Certificate } from "node:crypto";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { bounded } from "#evidence/witness/client.ts";
import { timestampRequest } from "./request.ts";
import { TIMESTAMP_LIMITS, verifyTimestamp, type Timestamp } from "./response.ts";

const REQUEST_MILLISECONDS = 15_000;

export interface Stamped {
  /** TimeStampResp, DER, as the authority sent it: what `openssl ts -verify -in` takes. */
  readonly reply: Uint8Array;
  readonly timestamp: Timestamp;
}

/** Throws `timestamp-unreachable`, `timestamp-malformed`, `timestamp-refused`. The reply was verified, as far as `response.ts` says. */
export async function stamp(data: Uint8Array, url: string, authorities: readonly X509Certificate[]): Promise<Stamped> {
  if (!/^https?:\/\//.test(url)) throw new EvidenceError("timestamp-unreachable", `${url}: is not an http(s) address`);
  const nonce = new Uint8Array(randomBytes(8));
  let reply: Uint8Array;
  try {
    const response = await fetch(url, {
      method: "POST",
      body: new Uint8Array(timestampRequest(data, nonce)),
      redirect: "error",
      headers: { "content-type": "application/timestamp-query", accept: "application/timestamp-reply" },
      signal: AbortSignal.timeout(REQUEST_MILLISECONDS),
    });
    if (response.status !== 200) throw new Error(`answered ${response.status}`);
    reply = await bounded(response, TIMESTAMP_LIMITS.octets);
  } catch (error) {
    const cause = error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : String(error);
    throw new EvidenceError("timestamp-unreachable", `${url}: ${cause}`);
  }
  return { reply, timestamp: verifyTimestamp(reply, { data, nonce, authorities }) };
}

/** Certificates of a PEM file, several one after another. Throws `timestamp-malformed`. */
export function readAuthorities(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new EvidenceError("timestamp-malformed", "authorities: the file holds no certificate in PEM");
  try {
    return blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new EvidenceError("timestamp-malformed", "authorities: a certificate cannot be read");
  }
}
