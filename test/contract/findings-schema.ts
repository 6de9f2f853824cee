/**
 * `scan --json` as `contract.md` §4 fixes it, written down a second time and independently of `src/findings`: a JSON Schema for
 * the shape (`findingsSchema`), and `contradictions` for what a schema cannot say. Fields beyond the contract's are listed, so
 * that a new one is added here with intent.
 */
import { createHash } from "node:crypto";
import { gradeFaults, type Graded } from "./grade-rules.ts";

const CLAIMS = [
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
];
const GRADES = ["indication", "corroborated", "proven"];
const DATA = ["content", "metadata", "location", "identity", "credentials"];
const WITHOUT_DATA = new Set(["covert-channel", "ungranted-access", "undeclared-peer", "weakened-protection"]);
const LARGEST = 2 ** 53;

type Json = Record<string, unknown>;
const closed = (properties: Json, optional: readonly string[] = []): Json => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((key) => !optional.includes(key)),
  additionalProperties: false,
});
const list = (items: Json, more: Json = {}): Json => ({ type: "array", items, ...more });
const text = { type: "string", minLength: 1 };
const textOrNull = { type: ["string", "null"], minLength: 1 };
const sha256 = { type: "string", pattern: "^[0-9a-f]{64}$" };
const time = { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{9}Z$" };
const timeOrNull = { anyOf: [time, { type: "null" }] };
/** Integers are numbers up to 2^53, strings beyond. */
const count = {
  anyOf: [
    { type: "integer", minimum: 0, maximum: LARGEST },
    { type: "string", pattern: "^[1-9]\\d{15,}$" },
  ],
};
const pseudonyms = list({ type: "string", pattern: "^s:[A-Za-z0-9_-]{16,}$" }, { uniqueItems: true });
const identities = list({ type: "string", pattern: "^(imsi|msisdn|imei|ip|supi|gpsi|sip|nai|teid|guti):.+" }, { uniqueItems: true });
const data = list({ enum: DATA }, { uniqueItems: true });
const sentence = { type: "string", pattern: "^\\S[^\\n\\r]*\\.$", maxLength: 1000 };
// beyond the contract: code and values beside the English
const code = { type: "string", pattern: "^[a-z0-9][a-z0-9.-]{0,63}$" };
const values = { type: "object", minProperties: 1 };
const summaryCodes = { summaryCode: code, values };
const reasonCodes = { code, becauseCode: code, becauseValues: values };
const LEFT_OUT = ["code", "values", "summaryCode", "becauseCode", "becauseValues"];
const evidence = list(
  closed({
    capture: sha256,
    frames: list({ type: "integer", minimum: 1 }, { uniqueItems: true, maxItems: 1000, minItems: 1 }),
    framesTotal: count,
  }),
);
const amounts = { findings: count, data, packets: count, bytes: count, first: time, last: time };

const finding = closed(
  {
    id: sha256,
    claim: { enum: CLAIMS },
    grade: { enum: GRADES },
    summary: sentence,
    ...summaryCodes,
    element: closed({
      name: textOrNull,
      address: textOrNull,
      vendor: textOrNull,
      basis: { enum: ["address", "link", "enclosed", "inferred"] },
    }),
    receiver: {
      anyOf: [
        { type: "null" },
        closed(
          {
            name: textOrNull,
            address: textOrNull,
            port: { anyOf: [{ type: "integer", minimum: 0, maximum: 65_535 }, { type: "null" }] },
            declared: { type: "boolean" },
            identity: text,
            via: text,
          },
          ["identity", "via"],
        ),
      ],
    },
    act: { enum: ["sent", "accepted", "effected"] },
    transport: closed({
      layers: list(text),
      encrypted: { type: "boolean" },
      delaySeconds: { type: ["number", "null"] },
    }),
    subscribers: closed({ count, pseudonyms, identities }, ["identities"]),
    data,
    packets: count,
    bytes: count,
    first: time,
    last: time,
    bits: { type: "integer" },
    chance: { anyOf: [{ type: "number", minimum: 1e-300, maximum: 1 }, { type: "null" }] },
    standing: { enum: ["given", "attested", "witnessed"] },
    premises: list(
      closed({ id: text, statement: sentence, status: { enum: ["verified", "declared", "assumed"] }, code, values }, LEFT_OUT),
      { minItems: 1 },
    ),
    evidence: { ...evidence, minItems: 1 },
    ruledOut: list(
      closed({ explanation: text, status: { enum: ["excluded", "supported", "untestable"] }, because: text, ...reasonCodes }, LEFT_OUT),
    ),
    witnesses: list(closed({ claim: { enum: CLAIMS }, grade: { enum: GRADES }, summary: sentence, ...summaryCodes, evidence }, LEFT_OUT)),
    sources: list(text, { minItems: 1 }),
    // beyond the contract
    arithmetic: list(closed({ label: text, bits: { type: "number" }, because: text, ...reasonCodes }, LEFT_OUT)),
    details: { type: "object", additionalProperties: { type: ["string", "integer", "boolean"] } },
  },
  LEFT_OUT,
);

export const findingsSchema: Json = closed({
  schema: { const: "tapproof/findings/1" },
  tool: closed({ name: { const: "tapproof" }, version: { type: "string", pattern: "^\\d+\\.\\d+\\.\\d+" } }),
  network: textOrNull,
  captures: list(
    closed(
      {
        file: { type: "string", pattern: "^[^/]+$" },
        sha256,
        point: text,
        packets: count,
        bytes: count,
        first: timeOrNull,
        last: timeOrNull,
        truncated: count,
        malformed: count,
        points: list(text, { minItems: 2 }),
      },
      ["points"],
    ),
  ),
  findings: list(finding),
  declaration: { anyOf: [sha256, { type: "null" }] },
  coverage: closed(
    {
      gaps: list(closed({ kind: text, point: textOrNull, from: timeOrNull, to: timeOrNull, count, why: text, code, values }, LEFT_OUT)),
      undecided: list(closed({ claim: { enum: CLAIMS }, why: text, count, code, values }, LEFT_OUT)),
      coveredInterceptions: count,
      awaitingAuthority: count,
      notSeen: list(text),
      notSeenCodes: list(closed({ code, values }, LEFT_OUT)),
    },
    ["awaitingAuthority"],
  ),
  exposure: closed({
    subscribers: count,
    bytes: count,
    receivers: list(text, { uniqueItems: true }),
    // beyond the contract
    perReceiver: list(closed({ receiver: textOrNull, address: textOrNull, pseudonyms, ...amounts })),
    perSubscriber: list(closed({ pseudonym: text, receivers: list(text), ...amounts })),
  }),
  stats: closed({
    seconds: { type: "number", minimum: 0 },
    packetsPerSecond: { type: "integer", minimum: 0 },
    peakMemoryBytes: { type: "integer", minimum: 1 },
  }),
});

export interface Evidence {
  readonly capture: string;
  readonly frames: readonly number[];
  readonly framesTotal: number;
}
export interface Finding extends Graded {
  readonly id: string;
  readonly element: { readonly name: string | null; readonly address: string | null };
  readonly receiver: { readonly name: string | null; readonly address: string | null; readonly identity?: string } | null;
  readonly subscribers: { readonly count: number; readonly pseudonyms: readonly string[]; readonly identities?: readonly string[] };
  readonly data: readonly string[];
  readonly first: string;
  readonly last: string;
  readonly evidence: readonly Evidence[];
  readonly witnesses: readonly { readonly claim: string; readonly grade: string; readonly evidence: readonly Evidence[] }[];
}
export interface Document {
  readonly network: string | null;
  readonly captures: readonly {
    readonly file: string;
    readonly sha256: string;
    readonly packets: number;
    readonly first: string | null;
    readonly last: string | null;
  }[];
  readonly findings: readonly Finding[];
  readonly declaration: string | null;
  readonly coverage: { readonly notSeen: readonly string[] };
  readonly exposure: { readonly subscribers: number; readonly receivers: readonly string[] };
}

/** RFC 8785 for a flat list of strings and nulls: what an id is computed over. */
export function idOf(network: string | null, { claim, element, receiver }: Pick<Finding, "claim" | "element" | "receiver">): string {
  const to = receiver === null ? null : (receiver.name ?? receiver.identity ?? receiver.address);
  const members = ["tapproof/findings/1", claim, network, element.name ?? element.address, to];
  return createHash("sha256")
    .update(`[${members.map((m) => JSON.stringify(m)).join(",")}]`)
    .digest("hex");
}

/** What contradicts `contract.md` §1 and §4, in words; empty where nothing does. */
export function contradictions(document: Document, options: { readonly identities: boolean }): string[] {
  const wrong: string[] = [];
  const say = (where: string, what: string, holds: boolean): void => {
    if (!holds) wrong.push(`${where}: ${what}`);
  };
  const captures = new Map(document.captures.map((capture) => [capture.sha256, capture]));
  for (const { file, packets, first, last } of document.captures) {
    say(file, "times exactly where there are packets", packets > 0 === (first !== null) && (first === null) === (last === null));
    say(file, "first is not after last", first === null || last === null || first <= last);
  }
  const ids = document.findings.map(({ id }) => id);
  say("findings", "each id once", new Set(ids).size === ids.length);
  for (const found of document.findings) {
    const where = `${found.claim} ${found.id.slice(0, 8)}`;
    const { receiver, subscribers, bits, chance } = found;
    say(where, "id can be computed again", found.id === idOf(document.network, found));
    say(where, "element is known", found.element.name !== null || found.element.address !== null);
    say(
      where,
      "a receiver has name, identity or address",
      receiver === null || [receiver.name, receiver.identity, receiver.address].some(Boolean),
    );
    say(where, "weakened-protection has no receiver", found.claim !== "weakened-protection" || receiver === null);
    say(where, "pseudonyms are as many as count", subscribers.count === subscribers.pseudonyms.length);
    say(where, "identities only where asked for", (subscribers.identities !== undefined) === options.identities);
    say(where, "first is not after last", found.first <= found.last);
    // method.md §2: chance = 2^-min(bits, 128)
    say(where, "chance follows bits", chance === null || Math.abs(Math.log2(chance) + Math.min(bits, 128)) < 1);
    for (const fault of gradeFaults(found, document.declaration !== null)) say(where, fault, false);
    say(
      where,
      "data that the claim does not show",
      !WITHOUT_DATA.has(found.claim) || found.witnesses.length > 0 || !found.data.includes("content"),
    );
    for (const witness of found.witnesses) {
      const order = (claim: string): number => CLAIMS.indexOf(claim);
      say(where, `${witness.claim} comes later in the order`, order(witness.claim) > order(found.claim));
    }
    for (const list of [found.evidence, ...found.witnesses.map((w) => w.evidence)]) {
      say(where, "each capture once", new Set(list.map((e) => e.capture)).size === list.length);
      for (const { capture, frames, framesTotal } of list) {
        const of = captures.get(capture);
        say(where, "evidence names a capture of this run", of !== undefined);
        say(where, "frames lie in the capture", of === undefined || Math.max(...frames) <= of.packets);
        say(
          where,
          "frames ascend",
          frames.every((frame, i) => i === 0 || frame > (frames[i - 1] ?? 0)),
        );
        say(where, "framesTotal counts them", framesTotal === frames.length || (framesTotal > frames.length && frames.length > 0));
      }
    }
    const times = found.evidence.map(({ capture }) => captures.get(capture));
    // A finding's times are whole microseconds, what is below cut off.
    say(where, "no digits that are not known", found.first.endsWith("000Z") && found.last.endsWith("000Z"));
    say(
      where,
      "first lies in the captures",
      times.some((c) => c?.first !== null && c !== undefined && found.first.slice(0, 26) >= (c.first ?? "").slice(0, 26)),
    );
  }
  const receivers = [
    ...new Set(document.findings.flatMap(({ receiver }) => (receiver?.address === null || receiver === null ? [] : [receiver.address]))),
  ];
  say(
    "exposure",
    "receivers are those of the findings",
    JSON.stringify(document.exposure.receivers) === JSON.stringify(receivers.toSorted()),
  );
  const people = new Set(document.findings.flatMap(({ subscribers }) => subscribers.pseudonyms));
  say("exposure", "subscribers are those of the findings", document.exposure.subscribers === people.size);
  return wrong;
}
