/**
 * Files of sealed entries (docs/register.md): what an authority publishes, what it keeps, what is asked and what it answers.
 * All are canonical JSON (RFC 8785); all but the openings are signed (Ed25519) or sealed to one reader (HPKE, RFC 9180).
 */
import { z } from "zod";
import { readMoment, warrantSchema } from "#register/fields.ts";

export const limits = {
  /** Octets of one file of sealed entries, questions or answers: stops a wrong file from being parsed as text. */
  fileBytes: 64 * 1024 * 1024,
  /** Commitments of one sealed register, decoys included. */
  entries: 1_048_576,
  /** Streams asked about in one run, per authority. Past it, streams stay awaited and are counted, without a question. */
  questions: 10_000,
} as const;

/** Commitments are padded with decoys to a multiple of this, so that their number says little. */
export const PAD_ENTRIES = 64;
/** Questions are padded to a multiple of this many octets, so that their length says little. */
export const PAD_QUESTION = 1_024;

export const DOMAIN = {
  entry: "tapproof/sealed-entry/1\n",
  register: "tapproof/sealed-register/1\n",
  question: "tapproof/question/1\n",
  answers: "tapproof/answers/1\n",
  stream: "tapproof/stream/1\n",
} as const;

const base64 = (octets: number) =>
  z.string().refine((text) => Buffer.from(text, "base64").toString("base64") === text && Buffer.byteLength(text, "base64") === octets, {
    error: `expected ${octets} octets in base64`,
  });
const hex32 = z.string().regex(/^[0-9a-f]{64}$/, { error: "expected 64 hexadecimal digits" });
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/, { error: "expected a time in UTC such as 2026-01-01T00:00:00Z" })
  .refine((text) => typeof readMoment(text) === "object", { error: "is no point in time" });

/** What anybody may have: an authority's name and public keys (X25519 for questions, Ed25519 for its signatures). */
export const authoritySchema = z.strictObject({
  schema: z.literal("tapproof/authority/1"),
  authority: z.string().min(1).max(200),
  hpke: base64(32),
  signing: base64(32),
});
export type Authority = z.infer<typeof authoritySchema>;

/** What only the authority has. */
export const authorityKeySchema = z.strictObject({
  schema: z.literal("tapproof/authority-key/1"),
  public: authoritySchema,
  hpkePrivate: base64(32),
  signingPrivate: base64(32),
});
export type AuthorityKey = z.infer<typeof authorityKeySchema>;

export const sealedRegisterSchema = z.strictObject({
  schema: z.literal("tapproof/sealed-register/1"),
  by: authoritySchema,
  /** Claimed by the authority; a log that holds this file's hash, witnessed, makes it more than a claim. */
  sealedAt: moment,
  /** Commitments and decoys in ascending order; nobody but the authority can tell which is which. */
  entries: z.array(hex32).max(limits.entries),
  signature: base64(64),
});
export type SealedRegisterFile = z.infer<typeof sealedRegisterSchema>;

export const openingSchema = z.strictObject({ warrant: warrantSchema, salt: hex32 });
export type Opening = z.infer<typeof openingSchema>;

export const openingsSchema = z.strictObject({ schema: z.literal("tapproof/openings/1"), openings: z.array(openingSchema) });

export const questionSchema = z.strictObject({
  schema: z.literal("tapproof/question/1"),
  id: hex32,
  /** SHA-256 of the canonical sealed register that the question is about. */
  register: hex32,
  /** HPKE base mode: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. */
  encapsulated: base64(32),
  ciphertext: z.string().max(limits.fileBytes),
});
export type Question = z.infer<typeof questionSchema>;

const target = z.strictObject({ kind: z.string(), value: z.string(), element: z.string(), sent: z.string() });
/** What the authority reads: everything that decides whether one of its entries covers the stream. */
export const streamSchema = z.strictObject({
  network: z.string().nullable(),
  interface: z.string(),
  element: z.string(),
  receiver: z.string(),
  receiverMediates: z.boolean(),
  kinds: z.array(z.enum(["iri", "cc"])),
  targets: z.array(target),
  joined: z.array(target),
  liids: z.array(z.string()),
  xid: z.string().nullable(),
});
export type Stream = z.infer<typeof streamSchema>;

export const questionContentSchema = z.strictObject({
  /** 32 random octets: without them nobody can test a guess against the answer. */
  blind: hex32,
  stream: streamSchema,
  from: moment,
  to: moment,
  timeIsOwn: z.boolean(),
});
export type QuestionContent = z.infer<typeof questionContentSchema>;

const answer = z.discriminatedUnion("answer", [
  z.strictObject({ answer: z.literal("opening"), question: hex32, opening: openingSchema }),
  z.strictObject({ answer: z.literal("not ours"), question: hex32, blind: hex32, stream: hex32, from: moment, to: moment }),
  z.strictObject({ answer: z.literal("undecided"), question: hex32 }),
]);
export type Answer = z.infer<typeof answer>;

export const answersSchema = z.strictObject({
  schema: z.literal("tapproof/answers/1"),
  by: authoritySchema,
  answers: z.array(answer),
  signature: base64(64),
});
export type AnswersFile = z.infer<typeof answersSchema>;
