/** Members of records, each kind at its edge: what a stranger writes there must be no way out, no line of its own, and no work without end. */
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "./canonical.ts";
import { answer } from "./for-tests.ts";
import { checkShape } from "./records.ts";

const HASH = "ab".repeat(32);
const SALT = `${"A".repeat(43)}=`;
const taken = (record: JsonObject): boolean => !answer(() => checkShape(record as Json, "x")).startsWith("failed");
const v1 = { schema: "tapproof/record/1" };

const capture = {
  ...v1,
  type: "capture",
  file: "a.pcap",
  sha256: HASH,
  packets: 1,
  bytes: 1,
  first: "2026-01-01T00:00:00.000000000Z",
  last: null,
  truncated: 0,
  malformed: 0,
  points: ["S1-U"],
};
const opening = { ...v1, type: "opening", finding: HASH, class: "frame", index: 0, salt: SALT, content: "AAAA", reason: "two\nlines" };
const register = { ...v1, type: "register", given: true, keyedHash: HASH, warrants: 1, scopes: { iri: 1, cc: 0, both: 0 } };
const keys = { ...v1, type: "print-keys", run: 0, print: "ab".repeat(16), sampling: "ab".repeat(16) };
const settings = {
  ...v1,
  type: "settings",
  tool: { name: "t", version: "1" },
  program: HASH,
  options: { sample: 1, on: true, x: "y" },
  detectors: [],
};
const declaration = { ...v1, type: "declaration", given: true, sha256: HASH, network: "X", declaration: { a: ["b"] } };
const reply = { schema: "tapproof/reply/1", type: "reply", kind: "reply", vendor: "v", at: "t" };

it("records as they are written are taken", () => {
  for (const record of [capture, opening, register, keys, settings, declaration, reply, { ...reply, days: 1, text: "a\nb" }])
    expect(taken(record), record.type).toBe(true);
});

const refused = (base: JsonObject, rows: readonly (readonly [string, JsonObject])[]): void => {
  it.each(rows)("%s", (_, more) => expect(taken({ ...base, ...more })).toBe(false));
};
const allowed = (base: JsonObject, rows: readonly (readonly [string, JsonObject])[]): void => {
  it.each(rows)("%s is taken", (_, more) => expect(taken({ ...base, ...more })).toBe(true));
};

describe("an opening is refused with", () => {
  refused(opening, [
    ["a salt of 33 octets", { salt: "A".repeat(44) }],
    ["a salt of 31 octets", { salt: `${"A".repeat(42)}==` }],
    ["a salt of 64 octets", { salt: `${"A".repeat(86)}==` }],
    ["no salt", { salt: "" }],
    ["a salt with a line behind", { salt: `${SALT}\n` }],
    ["content that is not base64", { content: "AA-_" }],
    ["content with padding within", { content: "AA==AA==" }],
    ["content that is a number", { content: 1 }],
    ["more content than a frame has", { content: "A".repeat(1_048_577) }],
    ["a class that is none", { class: "payload" }],
    ["a place below the first", { index: -1 }],
    ["a reason of control characters", { reason: "a\u0007" }],
    ["a hash in large letters", { finding: HASH.toUpperCase() }],
  ]);
  allowed(opening, [
    ["a reason with tabs and lines", { reason: "a\tb\r\nc" }],
    ["content of a whole frame", { content: "A".repeat(1_048_576) }],
    ["no content", { content: "" }],
  ]);
});

describe("a time", () => {
  allowed(
    capture,
    ["2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01", "2026-04-30"].map(
      (day) => [day, { first: `${day}T23:59:59.999999999Z` }] as const,
    ),
  );
  refused(
    capture,
    [
      "2026-02-29T00:00:00.000000000Z",
      "1900-02-29T00:00:00.000000000Z",
      "2026-04-31T00:00:00.000000000Z",
      "2026-01-32T00:00:00.000000000Z",
      "2026-01-00T00:00:00.000000000Z",
      "2026-00-01T00:00:00.000000000Z",
      "2026-13-01T00:00:00.000000000Z",
      "0000-01-01T00:00:00.000000000Z",
      "2026-01-01T24:00:00.000000000Z",
      "2026-01-01T00:60:00.000000000Z",
      "2026-01-01T00:00:60.000000000Z",
      "2026-01-01T00:00:00.000000Z",
      "2026-01-01T00:00:00Z",
      "2026-01-01T00:00:00.000000000+00:00",
      "x2026-01-01T00:00:00.000000000Z",
      "2026-01-01T00:00:00.000000000Zx",
      "",
    ].map((first) => [JSON.stringify(first), { first }] as const),
  );
});

describe("the name of a capture is the last part of a path", () => {
  allowed(capture, [
    ["one of 255 letters", { file: "x".repeat(255) }],
    ["one that begins with a point", { file: ".a" }],
  ]);
  refused(
    capture,
    ["", ".", "..", "a/b", "a\\b", "c:a", "a\nb", "x".repeat(256), 1].map((file) => [JSON.stringify(file).slice(0, 20), { file }] as const),
  );
});

describe("members are refused", () => {
  refused(capture, [
    ["below nothing", { packets: -1 }],
    ["as text", { packets: "1" }],
    ["of several lines", { points: ["a\nb"] }],
    ["longer than any", { points: ["x".repeat(16_385)] }],
    ["more than any", { points: Array.from({ length: 65_537 }, () => "a") }],
    ["in no list", { points: "a" }],
  ]);
  allowed(capture, [
    ["the longest text", { points: ["x".repeat(16_384)] }],
    ["the longest list", { points: Array.from({ length: 65_536 }, () => "a") }],
  ]);
  refused(register, [
    ["a scope too many", { scopes: { iri: 1, cc: 0, both: 0, x: 1 } }],
    ["a scope too few", { scopes: { iri: 1, cc: 0 } }],
    ["scopes in a list", { scopes: [1, 2, 3] }],
    ["a flag that is a word", { given: "true" }],
    ["a hash that is a flag", { keyedHash: false }],
  ]);
  refused(keys, [
    ["a key of 15 octets", { print: "ab".repeat(15) }],
    ["a key of 17 octets", { sampling: "ab".repeat(17) }],
  ]);
  refused(settings, [
    ["a fact with a depth", { options: { a: {} } }],
    ["a fact whose name is none", { options: { "1a": 1 } }],
    ["a fact whose name has 65 letters", { options: { ["a".repeat(65)]: 1 } }],
    ["more facts than any", { options: Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`a${i}`, 1])) }],
    ["a detector of a claim that is none", { detectors: [{ claim: "x", settings: {} }] }],
  ]);
  allowed(settings, [
    ["256 facts", { options: Object.fromEntries(Array.from({ length: 256 }, (_, i) => [`a${i}`, 1])) }],
    ["a name of 64 letters", { options: { ["a".repeat(64)]: 1 } }],
    ["a detector of a claim", { detectors: [{ claim: "ghost-tunnel", settings: { n: 1 } }] }],
  ]);
  refused(declaration, [
    ["a declaration that is a list", { declaration: [] }],
    ["a name in it of several lines", { declaration: { "a\nb": 1 } }],
    ["a control character deep in it", { declaration: { a: [{ b: "\u0000" }] } }],
    ["a list in it longer than any", { declaration: { a: Array.from({ length: 65_537 }, () => 1) } }],
  ]);
  refused(reply, [
    ["a member that may be left out, of another kind", { days: -1 }],
    ["a member that is unknown", { more: 1 }],
    ["a kind that is none", { kind: "answer" }],
    ["another schema", { schema: "tapproof/reply/2" }],
  ]);
});
