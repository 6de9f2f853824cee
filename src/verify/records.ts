/** Shape of the records a bundle may hold. A type or member that is not listed is refused: a reader must not skip what it does not know. */
import { isObject, type Json, type JsonObject } from "./canonical.ts";
import { Failure } from "./result.ts";

type Shape = (value: Json | undefined) => boolean;

/**
 * Bounds of what a stranger's record may hold, so that no member is a name with a way out of its folder, a line of its own in a terminal, or
 * work without end. Lengths are in UTF-16 units.
 */
const limits = {
  /** Text for people: names, sentences, reasons of one line. */
  text: 16_384,
  /** Text of several lines: replies, notes, policies. */
  lines: 1_048_576,
  /** Base64: a frame of 262,144 octets (the most that a capture holds) and to spare. */
  base64: 1_048_576,
  /** Entries of a list. */
  entries: 65_536,
  /** Members of facts and settings. */
  facts: 256,
  /** A base name, as file systems have them. */
  name: 255,
} as const;

// oxlint-disable-next-line no-control-regex -- text has none of them
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex -- the same but tab, line feed and carriage return
const CONTROL_IN_LINES = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

const text: Shape = (v) => typeof v === "string" && v.length <= limits.text && !CONTROL.test(v);
const lines: Shape = (v) => typeof v === "string" && v.length <= limits.lines && !CONTROL_IN_LINES.test(v);
const count: Shape = (v) => typeof v === "number" && v >= 0;
const integer: Shape = (v) => typeof v === "number";
const flag: Shape = (v) => typeof v === "boolean";
const hash: Shape = (v) => typeof v === "string" && /^[0-9a-f]{64}$/.test(v);
const key128: Shape = (v) => typeof v === "string" && /^[0-9a-f]{32}$/.test(v);
const commitment: Shape = (v) => typeof v === "string" && /^[A-Za-z0-9+/]{43}=$/.test(v);
const blob: Shape = (v) => typeof v === "string" && v.length <= limits.base64 && /^[A-Za-z0-9+/]*={0,2}$/.test(v);
/** A word of this program: what programs decide by. */
const word: Shape = (v) => typeof v === "string" && /^[a-z0-9][a-z0-9-]{0,63}$/.test(v);
/** A code of the catalogue of statements (docs/statements.md). */
const code: Shape = (v) => typeof v === "string" && /^[a-z0-9][a-z0-9.-]{0,63}$/.test(v);
/** The last part of a path and nothing but it; whoever makes a path of it stays where he is. */
const baseName: Shape = (v) => text(v) && /^[^/\\:]{1,255}$/.test(v as string) && v !== "." && v !== "..";
/** `2026-01-01T00:00:00.000000000Z`, of a day that there is: texts of one spelling are in the order of their times. */
const time: Shape = (v) => {
  const found = typeof v === "string" ? /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})\.[0-9]{9}Z$/.exec(v) : null;
  if (found === null) return false;
  const [year, month, day, hour, minute, second] = found.slice(1).map(Number) as [number, number, number, number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
};
const pseudonym: Shape = (v) => typeof v === "string" && /^s:[A-Za-z0-9_-]{16}$/.test(v);
/** IPv4, IPv6 or a MAC address, in digits; or the pseudonym of one. */
const address: Shape = (v) =>
  pseudonym(v) || (typeof v === "string" && (/^[0-9]{1,3}(\.[0-9]{1,3}){3}$/.test(v) || /^[0-9a-f]{0,4}(:[0-9a-f.]{0,15}){2,8}$/.test(v)));
/** Facts without a depth. */
const facts: Shape = (v) =>
  isObject(v) &&
  Object.keys(v).length <= limits.facts &&
  Object.entries(v).every(
    ([name, fact]) => /^[A-Za-z][A-Za-z0-9._-]{0,63}$/.test(name) && (typeof fact === "boolean" || typeof fact === "number" || text(fact)),
  );
/** An object whose members are described elsewhere: every text in it is one, names included; its depth is bounded where it is read. */
const object: Shape = (v) => isObject(v) && sound(v);
function sound(value: Json): boolean {
  if (typeof value === "string") return lines(value);
  if (Array.isArray(value)) return (value as readonly Json[]).length <= limits.entries && (value as readonly Json[]).every(sound);
  return !isObject(value) || Object.entries(value).every(([name, member]) => text(name) && sound(member));
}

const list =
  (of: Shape): Shape =>
  (v) =>
    Array.isArray(v) && (v as readonly Json[]).length <= limits.entries && (v as readonly Json[]).every(of);
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
const textOrNull = orNull(text);
const hashOrNull = orNull(hash);
const timeOrNull = orNull(time);

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
/** The code of a statement and its values, beside the English. */
const coded = { code, values: object };
const reason = { code, becauseCode: code, becauseValues: object };
const gap = members({ kind: word, point: textOrNull, from: timeOrNull, to: timeOrNull, count, why: text }, coded);

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
  element: members({
    name: textOrNull,
    address: orNull(address),
    vendor: textOrNull,
    basis: oneOf("address", "link", "enclosed", "inferred"),
  }),
  receiver: orNull(
    members({ name: textOrNull, address: orNull(address), port: orNull(count), declared: flag }, { identity: text, via: text }),
  ),
  act: oneOf("sent", "accepted", "effected"),
  transport: members({ layers: list(text), encrypted: flag, delayMicros: orNull(integer) }),
  subscribers: members({ count, pseudonyms: list(pseudonym), commitments: list(commitment) }),
  identities: commitments,
  data: list(oneOf("content", "metadata", "location", "identity", "credentials")),
  packets: count,
  bytes: count,
  first: time,
  last: time,
  bits: count,
  chance: textOrNull,
  // `witnessed` is what cosignatures make of `attested` later: a record was there before them.
  standing: oneOf("given", "attested"),
  premises: list(members({ id: word, statement: text, status: oneOf("verified", "declared", "assumed") }, coded)),
  evidence: frames,
  ruledOut: list(members({ explanation: text, status: oneOf("excluded", "supported", "untestable"), because: text }, reason)),
  witnesses: list(members({ claim, grade, summary: text, evidence: frames }, { summaryCode: code, values: object })),
  sources: list(text),
  details: facts,
  match: hash,
  carved: hash,
};

/** Members of each type, beside `schema` and `type`. */
const SHAPES: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  capture: {
    file: baseName,
    sha256: hash,
    packets: count,
    bytes: count,
    first: timeOrNull,
    last: timeOrNull,
    truncated: count,
    malformed: count,
    points: list(text),
  },
  "tap-map": { points: list(members({ capture: hash, name: text, interface: textOrNull, complete: flag })) },
  declaration: { given: flag, sha256: hashOrNull, network: textOrNull, declaration: orNull(object) },
  register: { given: flag, keyedHash: hashOrNull, warrants: count, scopes: members({ iri: count, cc: count, both: count }) },
  settings: {
    tool: members({ name: text, version: text }),
    program: hash,
    options: facts,
    detectors: list(members({ claim, settings: facts })),
  },
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
    from: timeOrNull,
    to: timeOrNull,
    packets: count,
    bytes: count,
    truncated: count,
    malformed: count,
    drops: count,
    undecoded: count,
    encrypted: list(members({ what: text, count })),
    gaps: list(gap),
    undecided: list(members({ claim: word, why: text, count }, coded)),
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
    arithmetic: list(members({ code: word, microbits: integer })),
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
  "carved-full": { finding: hash, file: members({ bytes: count, sha256: hash }), frames: count, reason: lines },
  opening: {
    finding: hash,
    class: oneOf("subscriber", "identity", "frame"),
    index: count,
    salt: commitment,
    content: blob,
    reason: lines,
  },
  challenge: {
    finding: hash,
    match: hash,
    random: text,
    wanted: count,
    pairs: list(members({ pair: count, copySalt: commitment, originalSalt: commitment, content: blob, originalContent: blob })),
    reason: lines,
  },
};

/** Records of the log and the report (docs/log.md, docs/report.md), with schemas of their own. */
const OTHERS: Readonly<Record<string, { readonly schema: string | null; readonly shape: Shape }>> = {
  origin: { schema: "tapproof/log/1", shape: members({ origin: text, key: text, policy: lines }) },
  policy: { schema: null, shape: members({ policy: lines }) },
  seal: {
    schema: "tapproof/seal-record/1",
    shape: members({ note: lines, standing: oneOf("given", "attested"), missing: list(text), selfCheck: orNull(object) }),
  },
  intake: {
    schema: "tapproof/intake/1",
    shape: members({
      at: text,
      by: lines,
      capture: hash,
      place: lines,
      method: word,
      tool: lines,
      drops: orNull(count),
      from: orNull(lines),
      note: orNull(lines),
    }),
  },
  reply: {
    schema: "tapproof/reply/1",
    shape: members({ kind: oneOf("hand-over", "reply"), vendor: text, at: text }, { days: count, sha256: hash, text: lines }),
  },
};

/** Members that may be left out. */
const OPTIONAL: Readonly<Partial<Record<string, Readonly<Record<string, Shape>>>>> = {
  finding: { summaryCode: code, values: object },
  coverage: { notSeenCodes: list(orNull(members({ code }, { values: object }))) },
};

export const RECORD_SCHEMA = "tapproof/record/1";

/** The record's type. Throws where the record is none that a bundle may hold. */
export function checkShape(record: Json, part: string): string {
  const type = isObject(record) ? record["type"] : undefined;
  if (!isObject(record) || typeof type !== "string") throw new Failure("is not a record", part);
  const other = Object.hasOwn(OTHERS, type) ? OTHERS[type] : undefined;
  if (other !== undefined) {
    const { schema, type: _, ...rest } = record;
    if (schema !== (other.schema ?? undefined) || !other.shape(rest)) throw new Failure(`is not a ${type} record`, part);
    return type;
  }
  const shape = Object.hasOwn(SHAPES, type) ? SHAPES[type] : undefined;
  if (shape === undefined) throw new Failure(`is a record of an unknown type`, part);
  if (record["schema"] !== RECORD_SCHEMA) throw new Failure(`is not of ${RECORD_SCHEMA}`, part);
  const optional = OPTIONAL[type] ?? {};
  for (const [name, of] of [...Object.entries(shape), ...Object.entries(optional).filter(([left]) => Object.hasOwn(record, left))]) {
    if (!Object.hasOwn(record, name) || !of(record[name])) throw new Failure(`its member ${name} is missing or malformed`, part);
  }
  const unknown = Object.keys(record).some(
    (name) => name !== "schema" && name !== "type" && !Object.hasOwn(shape, name) && !Object.hasOwn(optional, name),
  );
  if (unknown) throw new Failure("has an unknown member", part);
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
