/**
 * RFC 3161 §2.4.1: a request for a time stamp.
 *
 *   TimeStampReq ::= SEQUENCE { version INTEGER (1), messageImprint SEQUENCE { SEQUENCE { OID sha-256, NULL }, OCTET STRING },
 *                               nonce INTEGER, certReq BOOLEAN TRUE }
 */
import { hash } from "node:crypto";
import { TAG, writeDer, writeInteger, writeOid } from "./der.ts";

export const OID = {
  sha1: "1.3.14.3.2.26",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha384: "2.16.840.1.101.3.4.2.2",
  sha512: "2.16.840.1.101.3.4.2.3",
  signedData: "1.2.840.113549.1.7.2",
  tstInfo: "1.2.840.113549.1.9.16.1.4",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificate: "1.2.840.113549.1.9.16.2.12",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  timeStamping: "1.3.6.1.5.5.7.3.8",
  extendedKeyUsage: "2.5.29.37",
  rsa: "1.2.840.113549.1.1.1",
} as const;

/** `nonce`: 8 random octets or so; the reply must repeat them. */
export function timestampRequest(data: Uint8Array, nonce: Uint8Array): Uint8Array {
  const imprint = writeDer(
    TAG.sequence,
    writeDer(TAG.sequence, writeOid(OID.sha256), writeDer(TAG.null)),
    writeDer(TAG.octetString, hash("sha256", data, "buffer")),
  );
  return writeDer(TAG.sequence, writeInteger(Uint8Array.of(1)), imprint, writeInteger(nonce), writeDer(TAG.boolean, Uint8Array.of(0xff)));
}
