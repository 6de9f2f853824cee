/**
 * What the fleet's parts say beside facts (`docs/fleet.md`): correlators of findings, sensors of how they are. One line of JSON and a signature; under one key
 * the last word counts, so that the topics are compacted.
 *
 *   finding       what a correlator says of one finding now; `finding: null` takes it back
 *   judgement     all else that it says: coverage, captures, who sent; every finding of this epoch was told before it
 *   declaration   by what it judges
 *   status        how a sensor is
 */
import { hash } from "node:crypto";
import { z } from "zod";
import type { Signer } from "#evidence/keys/signer.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { GRADES } from "#model/finding.ts";
import { readSigned, writeSigned, type Refusal } from "./signed.ts";

export const WORD_VERSION = 1;

const count = z.number().int().min(0);
const name = z.string().min(1).max(200);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const json = z.record(z.string(), z.json());

const origin = {
  v: z.literal(WORD_VERSION),
  network: name,
  by: name.meta({ description: "name of the sensor or correlator" }),
  key: z.string().max(1024).meta({ description: "its verifier key (C2SP signed note)" }),
  tool: z.string().max(64).meta({ description: "version of the program that says it" }),
  epoch: z
    .string()
    .regex(/^[0-9]{13,16}-[0-9a-f]{16}$/)
    .meta({ description: "its start: milliseconds since 1970, and 64 random bits" }),
  sequence: count.meta({ description: "0, 1, 2, … within the epoch" }),
  clock: z.number().meta({ description: "its clock when it sent, milliseconds since 1970" }),
};

/** As far as a hub stands on it; the rest is the document's (contract.md §4). */
const finding = z.looseObject({
  id: sha256,
  claim: z.string().max(64),
  grade: z.enum(GRADES),
  summary: z.string().max(65_536),
  element: z.looseObject({ name: z.string().nullable(), address: z.string().nullable(), vendor: z.string().nullable() }),
  receiver: z.looseObject({ name: z.string().nullable(), address: z.string().nullable() }).nullable(),
  transport: z.looseObject({ layers: z.array(z.string().max(64)).max(64), encrypted: z.boolean() }),
  subscribers: z.looseObject({ count, pseudonyms: z.array(z.string()) }),
  data: z.array(z.string().max(32)).max(32),
  packets: count,
  bytes: count,
  first: z.string().max(64),
  last: z.string().max(64),
});

const heard = z.object({
  sensor: name,
  epoch: z.string().max(64),
  key: z.string().max(1024),
  tool: z.string().max(64),
  watermark: z.number().nullable(),
  records: count,
  missing: count,
  dropped: count,
  clockOffsetMs: z.number(),
  brokerMs: z.number(),
  ended: z.boolean(),
});

const refused = z.object({ sensor: z.string().max(200), reason: z.string().max(32), count });

const statusPoint = z.object({
  name: z.string().max(4096),
  packets: count,
  bytes: count,
  drops: count,
  shed: count,
  ended: z.boolean(),
  lastMs: z.number().nullable(),
});

export const word = z
  .discriminatedUnion("kind", [
    z.object({ ...origin, kind: z.literal("finding"), id: sha256, finding: finding.nullable() }),
    z.object({
      ...origin,
      kind: z.literal("judgement"),
      document: z.looseObject({ schema: z.string().max(64), captures: z.array(json), coverage: json, exposure: json, stats: json }),
      findings: count,
      cut: z.array(z.string().max(64)).max(16).meta({ description: "members that were shortened to fit" }),
      sensors: z.array(heard).max(4096),
      refused: z.array(refused).max(1025),
      ended: z.boolean().meta({ description: "the correlator has ended, and this is its answer" }),
    }),
    z.object({ ...origin, kind: z.literal("declaration"), sha256, declaration: json }),
    z.object({
      ...origin,
      kind: z.literal("status"),
      declaration: sha256,
      watermark: z.number().nullable().meta({ description: "time of the newest frame, microseconds" }),
      frames: count,
      records: count.meta({ description: "acknowledged" }),
      waiting: count.meta({ description: "records that wait for Kafka" }),
      spooled: count,
      dropped: count.meta({ description: "facts that were not sent" }),
      points: z.array(statusPoint).max(1024),
      ended: z.boolean(),
    }),
  ])
  .meta({ title: "Tapproof fleet word", description: "docs/fleet.md. Readers ignore members that they do not know." });

export type Word = z.infer<typeof word>;
export type WordOf<K extends Word["kind"]> = Extract<Word, { readonly kind: K }>;

/** A word's own members, before who says it is known; the finding and document are whole. */
export type Said =
  | { readonly kind: "finding"; readonly id: string; readonly finding: FindingRecord | null }
  | (Omit<WordOf<"judgement">, keyof typeof origin | "document"> & { readonly document: Omit<FindingsDocument, "findings"> })
  | { readonly kind: "declaration"; readonly sha256: string; readonly declaration: object }
  | Omit<WordOf<"status">, keyof typeof origin>;

const KIND = {
  version: WORD_VERSION,
  domain: `tapproof/fleet-word/${WORD_VERSION}\n`,
  sender: "by",
  parse: (header: unknown) => word.safeParse(header).data,
} as const;

/** Words of one start of a correlator or sensor, numbered and signed. */
export class Speaker {
  private readonly from: { readonly network: string; readonly by: string; readonly tool: string; readonly epoch: string };
  private readonly signer: Signer;
  private sequence = 0;

  constructor(from: Speaker["from"], signer: Signer) {
    this.from = from;
    this.signer = signer;
  }

  write(said: Said, clock: number): Buffer {
    const header = { v: WORD_VERSION, ...this.from, key: this.signer.vkey, sequence: this.sequence++, clock, ...said };
    return writeSigned(KIND.domain, [JSON.stringify(header)], this.signer);
  }
}

export interface RefusedWord {
  readonly kind: "refused";
  readonly reason: Refusal;
  /** Who it says has sent it; null where it does not say. */
  readonly by: string | null;
}

export function readWord(octets: Uint8Array, brokerMs: number): Word | RefusedWord {
  const read = readSigned(octets, brokerMs, KIND);
  if ("refused" in read) return { kind: "refused", reason: read.refused, by: read.sender };
  if (read.lines.length > 0) return { kind: "refused", reason: "malformed", by: read.header.by };
  return read.header;
}

/** Under which a word stands in its topic: a later one of the same key takes its place. */
export function wordKey(network: string, said: Said | Word, by: string): string {
  const of = said.kind === "finding" ? said.id : said.kind === "status" ? by : "";
  // Names hold any character.
  return `${said.kind}/${hash("sha256", network, "hex")}/${said.kind === "status" ? hash("sha256", of, "hex") : of}`;
}

export function wordJsonSchema(): object {
  return z.toJSONSchema(word);
}
