/** Shape of the records a bundle may hold. A type or member that is not listed is refused: a reader must not skip what it does not know. */
import { isObject, type Json, type JsonObject } from "./canonical.ts";
import { Failure } from "./result.ts";

type Shape = (value: Json | undefined) => boolean;

const text: Shape = (v) => typeof v === "string";
const textOrNull: Shape = (v) => v === null || typeof v === "string";
const count: Shape = (v) => typeof v === "number" && v >= 0;
const integer: Shape = (v) => typeof v === "number";
const flag: Shape = (v) => typeof v === "boolean";
const object: Shape = (v) => isObject(v);
const objectOrNull: Shape = (v) => v === null || isObject(v);
/** Base name of a file, as every system has it: whoever makes a path of it stays in the folder that he meant. */
// oxlint-disable-next-line no-control-regex -- control characters are what is refused
const fileName: Shape = (v) => typeof v === "string" && /^(?!\.{1,2}$)[^/\\\u0000-\u001f\u007f]{1,255}$/u.test(v);
const hash: Shape = (v) => typeof v === "string" && /^[0-9a-f]{64}$/.test(v);
const hashOrNull: Shape = (v) => v === null || hash(v);
const key128: Shape = (v) => typeof v === "string" && /^[0-9a-f]{32}$/.test(v);
const commitment: Shape = (v) => typeof v === "string" && /^[A-Za-z0-9+/]{43}=$/.test(v);
const list =
  (of: Shape): Shape =>
  (v) =>
    Array.isArray(v) && (v as readonly Json[]).every(of);
const oneOf =
  (...words: readonly string[]): Shape =>
  (v) =>
    typeof v === "string" && words.includes(v);
const members =
  (shape: Readonly<Record<string, Shape>>, optional: Readonly<Record<string, Shape>> = {}): Shape =>
  (v) =>
    isObject(v) &&
    Object.entries(shape).every(([name, of]) => Object.hasOwn(v, name) && of(v[name])) &&
    Object.keys(v).every((name) => Object.hasOwn(shape, name) || (Object.hasOwn(optional, name) && (optional[name] as Shape)(v[name])));
const orNull =
  (of: Shape): Shape =>
  (v) =>
    v === null || of(v);

const grade = oneOf("indication", "corroborated", "proven");
/** What a finding can assert; another word is no claim that anything was tested for. */
const claim = oneOf(
  "unwarranted-interception",
  "undeclared-duplication",
  "undeclared-trace",
  "unreasoned-query",
  "covert-copy",
  "covert-channel",
  "ghost-tunnel",
  "ungranted-access",
  "undeclared-peer",
  "weakened-protection",
);
const frames = list(members({ capture: hash, frames: list(count), framesTotal: count }));
const place = members({ capture: hash, frame: count });
const commitments = members({ count, commitments: list(commitment) });
const gap = members({ kind: text, point: textOrNull, from: textOrNull, to: textOrNull, count, why: text });

/** docs/bundle-format.md §6. */
const table = members({
  trials: members({ flows: count, carriers: count, transforms: count }),
  offered: count,
  printBits: count,
  subscriber: members({
    flowsOffered: count,
    printsOffered: count,
    flows: list(
      members({
        offered: count,
        matches: count,
        whole: count,
        credits: members({
          sequence: count,
          cipher: count,
          random: count,
          dns: count,
          ssrc: count,
          plain: orNull(members({ others: count, holding: count })),
        }),
      }),
    ),
  }),
});

const FINDING: Readonly<Record<string, Shape>> = {
  id: hash,
  claim,
  grade,
  network: textOrNull,
  summary: text,
  element: members({ name: textOrNull, address: textOrNull, vendor: textOrNull, basis: oneOf("address", "link", "enclosed", "inferred") }),
  receiver: orNull(members({ name: textOrNull, address: textOrNull, port: orNull(count), declared: flag }, { identity: text, via: text })),
  act: oneOf("sent", "accepted", "effected"),
  transport: members({ layers: list(text), encrypted: flag, delayMicros: orNull(integer) }),
  subscribers: members({ count, pseudonyms: list(text), commitments: list(commitment) }),
  identities: commitments,
  data: list(oneOf("content", "metadata", "location", "identity", "credentials")),
  packets: count,
  bytes: count,
  first: text,
  last: text,
  bits: count,
  chance: textOrNull,
  // `witnessed` is what cosignatures make of `attested` later: a record was there before them.
  standing: oneOf("given", "attested"),
  premises: list(members({ id: text, statement: text, status: oneOf("verified", "declared", "assumed") })),
  evidence: frames,
  ruledOut: list(members({ explanation: text, status: oneOf("excluded", "supported", "untestable"), because: text })),
  witnesses: list(members({ claim, grade, summary: text, evidence: frames })),
  sources: list(text),
  details: object,
  match: hash,
  carved: hash,
};

/** Members of each type, beside `schema` and `type`. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  capture: {
    file: fileName,
    sha256: hash,
    packets: count,
    bytes: count,
    first: textOrNull,
    last: textOrNull,
    truncated: count,
    malformed: count,
    points: list(text),
  },
  "tap-map": { points: list(members({ capture: hash, name: text, interface: textOrNull, complete: flag })) },
  declaration: { given: flag, sha256: hashOrNull, network: textOrNull, declaration: objectOrNull },
  register: { given: flag, keyedHash: hashOrNull, warrants: count, scopes: members({ iri: count, cc: count, both: count }) },
  settings: { tool: members({ name: text, version: text }), program: hash, options: object, detectors: list(object) },
  "print-keys": { run: count, print: key128, sampling: key128 },
  coverage: {
    sequence: count,
    previous: hashOrNull,
    captures: list(hash),
    tapMap: hash,
    declaration: hash,
    register: hash,
    settings: hash,
    printKeys: hash,
    from: textOrNull,
    to: textOrNull,
    packets: count,
    bytes: count,
    truncated: count,
    malformed: count,
    drops: count,
    undecoded: count,
    encrypted: list(members({ what: text, count })),
    gaps: list(gap),
    undecided: list(members({ claim: text, why: text, count })),
    coveredInterceptions: count,
    awaitingAuthority: count,
    notSeen: list(text),
    blindSpots: list(text),
    beacon: textOrNull,
    findings: list(members({ id: hash, record: hash })),
  },
  finding: FINDING,
  match: {
    finding: hash,
    arithmetic: list(members({ label: text, microbits: integer, because: text })),
    table: orNull(table),
    pairs: list(members({ copy: place, original: place, octets: count, copyCommitment: commitment, originalCommitment: commitment })),
    pairsLeftOut: count,
  },
  carved: {
    finding: hash,
    file: orNull(members({ bytes: count, sha256: hash })),
    why: textOrNull,
    framesTotal: count,
    frames: list(members({ capture: hash, frame: count, role: oneOf("evidence", "copy", "original"), commitment })),
  },
  "carved-full": { finding: hash, file: members({ bytes: count, sha256: hash }), frames: count, reason: text },
  opening: {
    finding: hash,
    class: oneOf("subscriber", "identity", "frame"),
    index: count,
    salt: commitment,
    content: text,
    reason: text,
  },
  challenge: {
    finding: hash,
    match: hash,
    random: text,
    wanted: count,
    pairs: list(members({ pair: count, copySalt: commitment, originalSalt: commitment, content: text, originalContent: text })),
    reason: text,
  },
};

/** Records of other stages (`docs/log.md`): taken along as they are, checked for integrity only. */
const OTHERS: ReadonlySet<string> = new Set(["origin", "policy", "seal", "intake", "reply", "timestamp"]);

export const RECORD_SCHEMA = "tapproof/record/1";

/** The record's type. Throws where the record is none that a bundle may hold. */
export function checkShape(record: Json, part: string): string {
  const type = isObject(record) ? record["type"] : undefined;
  if (!isObject(record) || typeof type !== "string") throw new Failure("is no record", part);
  if (OTHERS.has(type)) return type;
  const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (shape === undefined) throw new Failure(`is a record of the unknown type ${type.slice(0, 40)}`, part);
  if (record["schema"] !== RECORD_SCHEMA) throw new Failure(`is not of ${RECORD_SCHEMA}`, part);
  for (const [name, of] of Object.entries(shape)) {
    if (!Object.hasOwn(record, name) || !of(record[name])) throw new Failure(`its member ${name} is missing or malformed`, part);
  }
  const unknown = Object.keys(record).find((name) => name !== "schema" && name !== "type" && !Object.hasOwn(shape, name));
  if (unknown !== undefined) throw new Failure(`has the unknown member ${unknown.slice(0, 40)}`, part);
  return type;
}

export function asObject(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export function asObjects(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

/** Empty where it is no text. */
export function asText(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** NaN where it is no number. */
export function asNumber(value: Json | undefined): number {
  return typeof value === "number" ? value : Number.NaN;
}

export function asTexts(value: Json | undefined): string[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter((v) => typeof v === "string") : [];
}
