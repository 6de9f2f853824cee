/** One question: what a stream is, sealed to the one authority that can say whether it is its own (HPKE base mode, RFC 9180 §5.1.1). */
import { hash, randomBytes } from "node:crypto";
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from "@hpke/core";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { fileDigest } from "./authority.ts";
import {
  DOMAIN,
  PAD_QUESTION,
  questionContentSchema,
  type AuthorityKey,
  type Question,
  type QuestionContent,
  type SealedRegisterFile,
} from "./format.ts";

/** RFC 9180 §7: KEM 0x0020, KDF 0x0001, AEAD 0x0002. */
export const SUITE = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

export function newBlind(): string {
  return randomBytes(32).toString("hex");
}

/** Shape: 4 octets of length (big-endian), the canonical JSON, zeros up to a multiple of 1,024 octets. */
function padded(text: string): Buffer {
  const body = Buffer.from(text);
  const out = Buffer.alloc(Math.ceil((4 + body.length) / PAD_QUESTION) * PAD_QUESTION);
  out.writeUInt32BE(body.length, 0);
  body.copy(out, 4);
  return out;
}

function unpadded(octets: Buffer): string | undefined {
  if (octets.length < 4 || octets.length % PAD_QUESTION !== 0) return undefined;
  const length = octets.readUInt32BE(0);
  if (length > octets.length - 4 || octets.subarray(4 + length).some((octet) => octet !== 0)) return undefined;
  return octets.toString("utf8", 4, 4 + length);
}

/** The name of a question: of one register, and of one blind, which its answer tells. Whoever seals twice answers for each register by itself. */
export function questionId(register: string, blind: string): string {
  return hash("sha256", Buffer.concat([Buffer.from(DOMAIN.question), Buffer.from(register, "hex"), Buffer.from(blind, "hex")]));
}

function about(register: string, id: string): ArrayBuffer {
  return arrayBuffer(Buffer.from(`${DOMAIN.question}${register}\n${id}\n`));
}

function arrayBuffer(octets: Uint8Array): ArrayBuffer {
  return Uint8Array.from(octets).buffer;
}

export async function ask(register: SealedRegisterFile, content: QuestionContent): Promise<Question> {
  const recipientPublicKey = await SUITE.kem.deserializePublicKey(arrayBuffer(Buffer.from(register.by.hpke, "base64")));
  const digest = fileDigest(register);
  const id = questionId(digest, content.blind);
  const sender = await SUITE.createSenderContext({ recipientPublicKey, info: arrayBuffer(Buffer.from(DOMAIN.question)) });
  const ciphertext = await sender.seal(arrayBuffer(padded(canonicalJson(content))), about(digest, id));
  return {
    schema: "tapproof/question/1",
    id,
    register: digest,
    encapsulated: Buffer.from(sender.enc).toString("base64"),
    ciphertext: Buffer.from(ciphertext).toString("base64"),
  };
}

/** What the question asks; undefined where it is not for this key, or damaged. */
export async function read(question: Question, key: AuthorityKey): Promise<QuestionContent | undefined> {
  try {
    const recipientKey = await SUITE.kem.importKey("raw", arrayBuffer(Buffer.from(key.hpkePrivate, "base64")), false);
    const enc = arrayBuffer(Buffer.from(question.encapsulated, "base64"));
    const recipient = await SUITE.createRecipientContext({ recipientKey, enc, info: arrayBuffer(Buffer.from(DOMAIN.question)) });
    const plain = await recipient.open(arrayBuffer(Buffer.from(question.ciphertext, "base64")), about(question.register, question.id));
    const text = unpadded(Buffer.from(plain));
    return text === undefined ? undefined : questionContentSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
