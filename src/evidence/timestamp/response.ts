/**
 * RFC 3161 §2.4.2 with RFC 5652 (CMS) and RFC 5816: what a time-stamping authority answered, and whether it holds.
 *
 * Checked: the reply is granted; version 1; SHA-256 imprint of exactly the given octets; nonce, where one was sent; one signer; signed attributes
 * name the content type and the digest of the content; the signing certificate's hash (ESS, RFC 5035/5816) fits the certificate; the signature,
 * by that certificate's key (RSA PKCS#1 v1.5, ECDSA, Ed25519); the certificate's extended key usage is time stamping alone, and critical (RFC 3161
 * §2.3); with `authorities`, a chain of at most 8 certificates to one of them, each signed by the next, which is a CA, and valid at the stamped
 * time.
 *
 * Not checked: revocation, name constraints, certificate policies, path length, accuracy and ordering, RSA-PSS signers (refused). Whoever
 * needs these runs `openssl ts -verify`; the files are kept as the authority sent them.
 */
import { createHash, verify, X509Certificate } from "node:crypto";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { bad, children, context, expectTag, oidText, readDer, smallInteger, TAG, writeDer, type Der } from "./der.ts";
import { OID } from "./request.ts";

export const TIMESTAMP_LIMITS = {
  /** Octets of an authority's reply; a longer one is refused. */
  octets: 128 * 1024,
  /** Certificates in one reply. */
  certificates: 16,
  /** Certificates from the signer's to a trusted one. */
  chain: 8,
} as const;

const DIGESTS: Readonly<Record<string, string>> = {
  [OID.sha1]: "sha1",
  [OID.sha256]: "sha256",
  [OID.sha384]: "sha384",
  [OID.sha512]: "sha512",
};

export interface Timestamp {
  /** The stamped time, RFC 3339 UTC, as the authority wrote it (fractions kept). */
  readonly time: string;
  /** Serial number, hex. */
  readonly serial: string;
  readonly policy: string;
  /** Subject of the signing certificate, one line. */
  readonly authority: string;
  /** Whether a chain to one of the given authorities was found; `not checked` where none was given. */
  readonly chain: "checked" | "not checked";
}

export interface TimestampExpectation {
  /** The octets that were stamped. */
  readonly data: Uint8Array;
  /** The nonce that was sent; undefined: it is not known any more (a stored reply). */
  readonly nonce: Uint8Array | undefined;
  /** Trusted roots, PEM or DER each; empty: the chain is not checked. */
  readonly authorities: readonly X509Certificate[];
}

/** Throws `timestamp-malformed` or `timestamp-refused`. */
export function verifyTimestamp(reply: Uint8Array, expected: TimestampExpectation): Timestamp {
  const refuse = (why: string): EvidenceError => new EvidenceError("timestamp-refused", `time stamp: ${why}`);
  if (reply.length > TIMESTAMP_LIMITS.octets) throw bad(`longer than ${TIMESTAMP_LIMITS.octets} octets`);
  const [status, token, ...rest] = children(expectTag(readDer(reply), TAG.sequence, "the reply"));
  const granted = smallInteger(children(expectTag(status, TAG.sequence, "the status"))[0], "the status");
  if (granted > 1) throw refuse(`the authority refused (status ${granted})`);
  if (rest.length > 0) throw bad("values after the token");

  const signed = signedDataOf(expectTag(token, TAG.sequence, "the token"));
  const info = tstInfoOf(signed.content);
  if (info.imprintOid !== OID.sha256) throw refuse("the imprint is not SHA-256");
  if (Buffer.compare(info.imprint, createHash("sha256").update(expected.data).digest()) !== 0) throw refuse("it stamps something else");
  if (expected.nonce !== undefined && !sameNumber(info.nonce, expected.nonce)) throw refuse("the nonce is not the one that was sent");

  const certificate = signerCertificate(signed, refuse);
  checkSignature(signed, certificate, refuse);
  checkPurpose(certificate, refuse);
  const when = Date.parse(info.time);
  if (!(Date.parse(certificate.validFrom) <= when && when <= Date.parse(certificate.validTo)))
    throw refuse("its certificate was not valid then");
  const chain = expected.authorities.length === 0 ? "not checked" : "checked";
  if (chain === "checked" && !leadsTo(certificate, signed.certificates, expected.authorities, when)) {
    throw refuse("its certificate does not lead to a trusted authority");
  }
  return { time: info.time, serial: info.serial, policy: info.policy, authority: certificate.subject.replaceAll("\n", ", "), chain };
}

interface SignedData {
  /** DER of TSTInfo. */
  readonly content: Uint8Array;
  readonly certificates: readonly X509Certificate[];
  readonly issuer: Uint8Array;
  readonly serial: Uint8Array;
  readonly digest: string;
  /** As they are hashed for the signature: SET OF. */
  readonly attributes: Uint8Array;
  readonly attributeValues: ReadonlyMap<string, Der>;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
}

/**
 * ContentInfo ::= SEQUENCE { OID signedData, [0] SignedData }
 * SignedData  ::= SEQUENCE { version, SET digestAlgorithms, SEQUENCE { OID tstInfo, [0] OCTET STRING }, [0] certificates, [1] crls OPTIONAL, SET signerInfos }
 * SignerInfo  ::= SEQUENCE { version, issuerAndSerialNumber, digestAlgorithm, [0] signedAttrs, signatureAlgorithm, OCTET STRING, ... }
 */
function signedDataOf(token: Der): SignedData {
  const [type, wrapped] = children(token);
  if (oidText(type, "the token's type") !== OID.signedData) throw bad("the token is not signed data");
  const parts = children(expectTag(children(expectTag(wrapped, context(0), "the signed data"))[0], TAG.sequence, "the signed data"));
  smallInteger(parts.shift(), "the version");
  expectTag(parts.shift(), TAG.set, "the digest algorithms");
  const [contentType, contentWrap] = children(expectTag(parts.shift(), TAG.sequence, "the content"));
  if (oidText(contentType, "the content's type") !== OID.tstInfo) throw bad("the content is not a time stamp");
  const content = expectTag(children(expectTag(contentWrap, context(0), "the content"))[0], TAG.octetString, "the content").content;
  const certificates: X509Certificate[] = [];
  if (parts[0]?.tag === context(0)) {
    for (const der of children(parts.shift() as Der)) {
      if (certificates.length >= TIMESTAMP_LIMITS.certificates) throw bad("too many certificates");
      try {
        certificates.push(new X509Certificate(der.octets));
      } catch {
        throw bad("a certificate cannot be read");
      }
    }
  }
  if (parts[0]?.tag === context(1)) parts.shift();
  const signers = children(expectTag(parts.shift(), TAG.set, "the signers"));
  const [signer] = signers;
  if (signer === undefined || signers.length > 1 || parts.length > 0) throw bad("not exactly one signer");

  const fields = children(expectTag(signer, TAG.sequence, "the signer"));
  smallInteger(fields.shift(), "the signer's version");
  const [issuer, serial] = children(expectTag(fields.shift(), TAG.sequence, "the signer's certificate"));
  const digestOid = oidText(children(expectTag(fields.shift(), TAG.sequence, "the digest"))[0], "the digest");
  const digest = DIGESTS[digestOid];
  if (digest === undefined || digest === "sha1") throw bad(`the digest ${digestOid} is not supported`);
  const attributes = expectTag(fields.shift(), context(0), "the signed attributes");
  const attributeValues = new Map<string, Der>();
  for (const attribute of children(attributes)) {
    const [name, values] = children(expectTag(attribute, TAG.sequence, "an attribute"));
    const oid = oidText(name, "an attribute");
    const list = children(expectTag(values, TAG.set, "an attribute's values"));
    if (attributeValues.has(oid) || list.length !== 1) throw bad("an attribute stands twice, or has not one value");
    attributeValues.set(oid, list[0] as Der);
  }
  const signatureAlgorithm = oidText(
    children(expectTag(fields.shift(), TAG.sequence, "the signature's algorithm"))[0],
    "the signature's algorithm",
  );
  const signature = expectTag(fields.shift(), TAG.octetString, "the signature").content;
  return {
    content,
    certificates,
    issuer: expectTag(issuer, TAG.sequence, "the issuer").octets,
    serial: expectTag(serial, TAG.integer, "the serial number").content,
    digest,
    attributes: writeDer(TAG.set, attributes.content),
    attributeValues,
    signatureAlgorithm,
    signature,
  };
}

/** TSTInfo ::= SEQUENCE { version (1), policy OID, messageImprint, serialNumber, genTime, accuracy?, ordering?, nonce?, [0] tsa?, [1] extensions? } */
function tstInfoOf(content: Uint8Array): {
  readonly policy: string;
  readonly imprintOid: string;
  readonly imprint: Uint8Array;
  readonly serial: string;
  readonly time: string;
  readonly nonce: Uint8Array | undefined;
} {
  const [version, policy, imprint, serial, time, ...optional] = children(expectTag(readDer(content), TAG.sequence, "TSTInfo"));
  if (smallInteger(version, "the version") !== 1) throw bad("not version 1");
  const [algorithm, digest] = children(expectTag(imprint, TAG.sequence, "the imprint"));
  return {
    policy: oidText(policy, "the policy"),
    imprintOid: oidText(children(expectTag(algorithm, TAG.sequence, "the imprint's algorithm"))[0], "the imprint's algorithm"),
    imprint: expectTag(digest, TAG.octetString, "the imprint").content,
    serial: Buffer.from(expectTag(serial, TAG.integer, "the serial number").content).toString("hex"),
    time: generalizedTime(expectTag(time, TAG.generalizedTime, "the time").content),
    nonce: optional.find((value) => value.tag === TAG.integer)?.content,
  };
}

/** RFC 3161: YYYYMMDDhhmmss[.s...]Z, no trailing zeroes. */
function generalizedTime(content: Uint8Array): string {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\.\d{1,9})?Z$/.exec(Buffer.from(content).toString("latin1"));
  if (match === null) throw bad("the time is not of the form YYYYMMDDhhmmssZ");
  const [, y = "", m = "", d = "", h = "", min = "", s = "", fraction = ""] = match;
  const time = `${y}-${m}-${d}T${h}:${min}:${s}${fraction}Z`;
  const parsed = Date.parse(time);
  if (!Number.isFinite(parsed) || new Date(parsed).toISOString().slice(0, 19) !== time.slice(0, 19)) throw bad("the time is not a date");
  return time;
}

function signerCertificate(signed: SignedData, refuse: (why: string) => EvidenceError): X509Certificate {
  const serial = Buffer.from(signed.serial)
    .toString("hex")
    .toUpperCase()
    .replace(/^(00)+(?=.)/, "");
  const found = signed.certificates.find(
    (certificate) =>
      certificate.serialNumber.replace(/^(00)+(?=.)/, "") === serial && Buffer.compare(issuerOf(certificate), signed.issuer) === 0,
  );
  if (found === undefined) throw refuse("the reply does not hold its signer's certificate");
  // SigningCertificate(V2) ::= SEQUENCE { SEQUENCE OF ESSCertID(v2) { hashAlgorithm? (V2; SHA-256), OCTET STRING, ... } }
  const v2 = signed.attributeValues.get(OID.signingCertificateV2);
  const attribute = v2 ?? signed.attributeValues.get(OID.signingCertificate);
  const first =
    attribute === undefined ? undefined : children(expectTag(children(attribute)[0], TAG.sequence, "the signing certificate"))[0];
  if (first === undefined) throw refuse("the reply does not bind its signer's certificate");
  const fields = children(first);
  const algorithm =
    fields[0]?.tag === TAG.sequence && v2 !== undefined
      ? DIGESTS[oidText(children(fields.shift() as Der)[0], "the certificate's digest")]
      : v2 === undefined
        ? "sha1"
        : "sha256";
  const digest = expectTag(fields[0], TAG.octetString, "the certificate's digest").content;
  if (algorithm === undefined || Buffer.compare(createHash(algorithm).update(found.raw).digest(), digest) !== 0) {
    throw refuse("the reply was signed for another certificate");
  }
  return found;
}

/** The issuer's name as it is encoded: Certificate { tbs { [0] version?, serial, signature, issuer, ... } }. */
function issuerOf(certificate: X509Certificate): Uint8Array {
  const fields = children(tbsOf(certificate));
  return (fields[0]?.tag === context(0) ? fields[3] : fields[2])?.octets ?? new Uint8Array(0);
}

function tbsOf(certificate: X509Certificate): Der {
  return expectTag(children(readDer(certificate.raw))[0], TAG.sequence, "the certificate");
}

function checkSignature(signed: SignedData, certificate: X509Certificate, refuse: (why: string) => EvidenceError): void {
  const { attributeValues, digest, content } = signed;
  const type = attributeValues.get(OID.contentType);
  if (type === undefined || oidText(type, "the content type") !== OID.tstInfo) throw refuse("the signed content type is another");
  const stated = expectTag(attributeValues.get(OID.messageDigest), TAG.octetString, "the digest").content;
  if (Buffer.compare(createHash(digest).update(content).digest(), stated) !== 0) throw refuse("the content was changed");
  const key = certificate.publicKey;
  const kind = key.asymmetricKeyType;
  let valid = false;
  try {
    if (kind === "ed25519") valid = verify(null, signed.attributes, key, signed.signature);
    else if (kind === "rsa" || kind === "ec") valid = verify(digest, signed.attributes, key, signed.signature);
  } catch {
    // Counts as wrong.
  }
  if (!valid) throw refuse(`the signature does not verify (${kind ?? "unknown"} key, algorithm ${signed.signatureAlgorithm})`);
}

function checkPurpose(certificate: X509Certificate, refuse: (why: string) => EvidenceError): void {
  const extensions = children(tbsOf(certificate)).find((field) => field.tag === context(3));
  const list = extensions === undefined ? [] : children(children(extensions)[0] as Der);
  for (const extension of list) {
    const [name, ...more] = children(extension);
    if (oidText(name, "an extension") !== OID.extendedKeyUsage) continue;
    const critical = more[0]?.tag === TAG.boolean && more[0].content[0] === 0xff;
    const purposes = children(readDer(expectTag(more.at(-1), TAG.octetString, "the key usage").content)).map((purpose) =>
      oidText(purpose, "a purpose"),
    );
    if (critical && purposes.length === 1 && purposes[0] === OID.timeStamping) return;
  }
  throw refuse("its certificate is not for time stamping alone");
}

function leadsTo(leaf: X509Certificate, given: readonly X509Certificate[], roots: readonly X509Certificate[], when: number): boolean {
  let at = leaf;
  for (let depth = 0; depth < TIMESTAMP_LIMITS.chain; depth++) {
    if (roots.some((root) => root.fingerprint256 === at.fingerprint256)) return true;
    const signs = (issuer: X509Certificate): boolean =>
      issuer.ca &&
      Date.parse(issuer.validFrom) <= when &&
      when <= Date.parse(issuer.validTo) &&
      at.checkIssued(issuer) &&
      at.verify(issuer.publicKey) &&
      issuer.fingerprint256 !== at.fingerprint256;
    const root = roots.find(signs);
    if (root !== undefined) return true;
    const next = given.find(signs);
    if (next === undefined) return false;
    at = next;
  }
  return false;
}

function sameNumber(found: Uint8Array | undefined, sent: Uint8Array): boolean {
  const trimmed = (bytes: Uint8Array): string =>
    Buffer.from(bytes)
      .toString("hex")
      .replace(/^(00)+/, "");
  return found !== undefined && trimmed(found) === trimmed(sent);
}
