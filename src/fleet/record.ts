/**
 * One record of a fleet's topic (`docs/fleet.md`): lines of JSON, so that anybody's tools read it.
 *
 *   header        who sends, the how-manieth, what it holds           (`schemas/fleet-record.schema.json`)
 *   fact          one line each, as `src/stream/codec.ts` writes them
 *   signature     {"signature":"…"}: Ed25519 of the sensor over `tapproof/fleet-record/1`, a line feed, and all lines before this one
 */
import { z } from "zod";
import type { Signer } from "#evidence/keys/signer.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { readSigned, writeSigned, type Refusal } from "./signed.ts";

/** Version of the record. A reader refuses any other, counts it, and says so. */
export const RECORD_VERSION = 1;

const count = z.number().int().min(0);
const micros = z.number();
const name = z.string().min(1).max(200);

const point = z.object({
  index: count,
  capture: count,
  name: z.string().max(4096),
  interface: z.string().max(4096).optional(),
  complete: z.boolean(),
  link: z.string().max(4096).optional(),
  lossy: z.boolean().optional(),
  firstMicros: micros,
});

/** A statement of the coverage with its English, as `coverage.gaps` of a document has it. */
const gap = z.object({
  kind: z.string().max(64),
  point: z.string().max(4096).nullable(),
  from: z.string().max(64).nullable(),
  to: z.string().max(64).nullable(),
  count,
  why: z.string().max(4096),
  code: z.string().max(128).optional(),
  values: z.record(z.string(), z.json()).optional(),
});

const capture = z.object({
  file: z.string().max(4096),
  sha256: z.string().regex(/^(?:[0-9a-f]{64})?$/),
  point: z.string().max(4096),
  packets: count,
  bytes: count,
  first: z.string().max(64).nullable(),
  last: z.string().max(64).nullable(),
  truncated: count,
  malformed: count,
  points: z.array(z.string().max(4096)).max(65_536).optional(),
});

export const recordHeader = z
  .object({
    v: z.literal(RECORD_VERSION),
    network: name.meta({ description: "network.name of the declaration; also the record's key in Kafka" }),
    sensor: name,
    key: z.string().max(1024).meta({ description: "verifier key (C2SP signed note) of the sensor" }),
    tool: z.string().max(64).meta({ description: "version of the program that sends" }),
    declaration: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: "SHA-256 of the declaration that the sensor has" }),
    epoch: z
      .string()
      .regex(/^[0-9]{13,16}-[0-9a-f]{16}$/)
      .meta({ description: "one start of the sensor: milliseconds since 1970, and 64 random bits" }),
    sequence: count.meta({ description: "0, 1, 2, … within the epoch" }),
    clock: z.number().meta({ description: "the sensor's clock when it sent, milliseconds since 1970" }),
    watermark: micros
      .nullable()
      .meta({ description: "every fact of an earlier time stamp (microseconds) was told; null: the input has ended" }),
    dropped: z
      .object({ facts: count, octets: count, fromMicros: micros.nullable(), toMicros: micros.nullable() })
      .meta({ description: "what the sensor had to drop since its start because its spool was full" }),
    spooled: count.meta({ description: "records of this epoch that waited on disk" }),
    facts: count.meta({ description: "lines that follow" }),
    stamps: z
      .array(z.tuple([micros.nullable(), count]))
      .meta({ description: "for each fact: time of the frame at hand (null: after the end of the input), and its capture" }),
    points: z.array(point).max(65_536).optional().meta({ description: "points that were met since the last record; at the end, all" }),
    captures: z
      .array(z.string().max(4096))
      .max(FLEET_LIMITS.captures)
      .optional()
      .meta({ description: "in the first record: file names, by their number" }),
    end: z
      .object({
        captures: z.array(capture).max(FLEET_LIMITS.captures),
        gaps: z.array(gap).max(65_536),
        notSeen: z.array(z.object({ code: z.string().max(128), values: z.record(z.string(), z.json()).optional() })).max(4096),
        frames: count,
      })
      .optional()
      .meta({ description: "in the last record" }),
  })
  .meta({ title: "Tapproof fleet record, header line", description: "docs/fleet.md. Readers ignore members that they do not know." });

export type RecordHeader = z.infer<typeof recordHeader>;
export type RecordEnd = NonNullable<RecordHeader["end"]>;

const KIND = {
  version: RECORD_VERSION,
  domain: `tapproof/fleet-record/${RECORD_VERSION}\n`,
  sender: "sensor",
  parse: (header: unknown) => recordHeader.safeParse(header).data,
} as const;

/** Header and facts as octets, signed. */
export function writeRecord(header: RecordHeader, facts: readonly string[], signer: Signer): Buffer {
  return writeSigned(KIND.domain, [JSON.stringify(header), ...facts], signer);
}

export interface ReadRecord {
  readonly header: RecordHeader;
  readonly facts: readonly string[];
}

/** The record, or why it is refused and who it says has sent it (null where it does not say). */
export function readRecord(
  octets: Uint8Array,
  brokerMs: number,
): ReadRecord | { readonly refused: Refusal; readonly sensor: string | null } {
  const read = readSigned(octets, brokerMs, KIND);
  if ("refused" in read) return { refused: read.refused, sensor: read.sender };
  const { header, lines } = read;
  if (header.facts !== lines.length || header.stamps.length !== lines.length) return { refused: "malformed", sensor: header.sensor };
  return { header, facts: lines };
}

export function recordJsonSchema(): object {
  return z.toJSONSchema(recordHeader);
}
