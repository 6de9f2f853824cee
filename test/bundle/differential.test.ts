/**
 * Two verifiers, one verdict: bundles are changed in a thousand ways by somebody who holds the signing key, and both programs must say the same of
 * each check. `TAPPROOF_FUZZ=5000 TAPPROOF_FUZZ_SEED=7 npx vitest run test/bundle/differential.test.ts` runs more of them, others with another seed.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hash } from "node:crypto";
import { partsOf } from "#evidence/bundle/assemble.ts";
import { writeBundle, type BundlePart } from "#evidence/bundle/write.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { verifyBundle, type VerifyResult } from "#verify/verify.ts";
import type { Json, JsonRecord } from "./forge.ts";
import { resign } from "./resign.ts";
import { KEY, labSource, makeCase, removeTemporary, sharedSources, SIGNER, type Made } from "./make.ts";
import { pythonAtHand, verifyManyInPython, type PythonResult } from "./python.ts";

const RUNS = Number(process.env["TAPPROOF_FUZZ"] ?? 300);
const SEED = Number(process.env["TAPPROOF_FUZZ_SEED"] ?? 1);
const primitives = { sha256: (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer") };
const python = pythonAtHand();

let cases: Made[];
let parts: BundlePart[][];

beforeAll(async () => {
  cases = [];
  for (const name of ["copy-vxlan", "dupl-hijack", "clean-cups", "x1-and-x3"]) cases.push(await makeCase(labSource(name)));
  for (const source of sharedSources().filter((s) => ["b1-vxlan-mirred", "unreasoned-query"].includes(s.name)))
    cases.push(await makeCase(source));
  parts = cases.map(partsFrom);
}, 120_000);
afterAll(removeTemporary);

function partsFrom(made: Made): BundlePart[] {
  const log = readCaseLog(made.folder);
  if (log === undefined) throw new Error("no log");
  return partsOf(made.folder, log, {});
}

/** mulberry32: the same changes on every machine. */
function dice(seed: number): (below: number) => number {
  let a = seed | 0;
  return (below) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

const VALUES: readonly Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1,
  2 ** 53 - 1,
  64,
  40,
  "",
  "x",
  "\0",
  "a\r\nb",
  "s:AAAAAAAAAAAAAAAA",
  "s:x",
  "proven",
  "indication",
  "witnessed",
  "attested",
  "covert-copy",
  "supported",
  "e\u0301",
  "\u00e9",
  "\ufeff",
  "\u{1f600}",
  "2099-01-01T00:00:00.000000000Z",
  "2^-128",
  "0".repeat(64),
  `${"A".repeat(43)}=`,
  [],
  {},
  [[]],
  { __proto__x: 1 },
];

/** One member somewhere in the record set to another value, dropped, added, doubled or put out of order. */
function mutate(record: JsonRecord, roll: (below: number) => number): void {
  const places: { at: JsonRecord | Json[]; key: string | number }[] = [];
  const walk = (value: Json): void => {
    if (typeof value !== "object" || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ at: value, key: Array.isArray(value) ? Number(key) : key });
      walk((value as JsonRecord)[key] as Json);
    }
  };
  walk(record);
  const place = places[roll(places.length)];
  if (place === undefined) return;
  const at = place.at as JsonRecord;
  const key = String(place.key);
  const was = at[key] as Json;
  const kind = roll(8);
  if (Array.isArray(place.at) && kind === 0) place.at.splice(Number(place.key), 1);
  else if (Array.isArray(place.at) && kind === 1) place.at.push(structuredClone(was));
  else if (Array.isArray(place.at) && kind === 2) place.at.reverse();
  else if (Array.isArray(was) && kind < 4) at[key] = [];
  else if (kind === 3) delete at[key];
  else if (kind === 4) at[`${key}x`] = was;
  else if (typeof was === "number" && kind < 7) at[key] = was + (roll(2) === 0 ? 1 : -1) * (1 + roll(3));
  else if (typeof was === "string" && was.length > 0 && kind < 6) {
    const i = roll(was.length);
    at[key] = was.slice(0, i) + String.fromCharCode(32 + roll(90)) + was.slice(i + 1);
  } else at[key] = structuredClone(VALUES[roll(VALUES.length)] as Json);
}

/** Changes of octets that the list of parts is made for again: spellings, ends of line, proofs, notes. */
function bend(list: readonly BundlePart[], roll: (below: number) => number): BundlePart[] {
  const i = roll(list.length);
  const part = list[i] as BundlePart;
  const text = Buffer.from(part.octets).toString("latin1");
  const another = list[roll(list.length)] as BundlePart;
  const lines = text.split("\n");
  const changed = [
    () => text.replace("\n", "\r\n"),
    () => `${text}\n`,
    () => `\ufeff${text}`,
    () => text.slice(0, roll(text.length + 1)),
    () => text.replace(/[A-Za-z0-9+/](?==)/, (c) => String.fromCharCode(c.charCodeAt(0) ^ 1)),
    () => text.replace(/=/, ""),
    () => lines.toSpliced(roll(lines.length), 1).join("\n"),
    () => lines.toSpliced(roll(lines.length), 0, lines[roll(lines.length)] as string).join("\n"),
    () => text.replace(/\d/, (d) => String((Number(d) + 1) % 10)),
    () => text.replace(/\d/, (d) => `0${d}`),
    () => Buffer.from(another.octets).toString("latin1"),
    () => {
      const at = roll(text.length);
      return text.slice(0, at) + String.fromCharCode(roll(256)) + text.slice(at + 1);
    },
    () => `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
    () => "",
  ][roll(14)] as () => string;
  const name = roll(12) === 0 ? another.name : part.name;
  return list.with(i, { name, octets: Buffer.from(changed(), "latin1") });
}

function same(ours: VerifyResult, theirs: PythonResult["checks"], what: string): void {
  const list = (checks: readonly { code: string; status: string }[]): string[] => checks.map((c) => `${c.code} ${c.status}`);
  const told = theirs.map((c) => ({ code: c.code, status: c.status }));
  const mine = ours.checks.map((c) => ({ code: c.code, status: c.status }));
  const said = [...ours.checks, ...theirs].filter((c) => c.status === "failed").map((c) => `${c.code} ${c.part ?? ""} ${c.detail}`);
  expect(list(told).sort(), `${what}: ${said.join("; ")}`).toEqual(list(mine).sort());
}

const TYPES = ["finding", "finding", "finding", "match", "carved", "coverage", "capture", "declaration", "settings", "register", "tap-map"];

interface Changed {
  readonly octets: Buffer;
  readonly what: string;
}

/** Bundles that one Python process takes at a time. */
const BATCH = 100;

/** How often each check failed. */
async function compare(made: (n: number) => Changed | undefined): Promise<Map<string, number>> {
  const caught = new Map<string, number>();
  for (let from = 0; from < RUNS; from += BATCH) {
    const batch: Changed[] = [];
    for (let n = from; n < Math.min(RUNS, from + BATCH); n++) {
      const changed = made(n);
      if (changed !== undefined) batch.push(changed);
    }
    const theirs = verifyManyInPython(
      batch.map((c) => c.octets),
      KEY,
    );
    for (const [i, { octets, what }] of batch.entries()) {
      const ours = await verifyBundle(octets, { key: KEY, primitives });
      same(ours, theirs[i] ?? [], what);
      for (const c of ours.checks) if (c.status === "failed") caught.set(c.code, (caught.get(c.code) ?? 0) + 1);
    }
  }
  return caught;
}

function spelled(caught: ReadonlyMap<string, number>): string {
  return [...caught].map(([code, times]) => `${code} ${times}`).join(", ");
}

describe.skipIf(!python)("both verifiers say the same of each check", () => {
  it(`${RUNS} records changed by the custodian himself, everything signed anew`, async () => {
    const roll = dice(SEED);
    const caught = await compare((n) => {
      const type = TYPES[roll(TYPES.length)] as string;
      const made = cases[roll(cases.length)] as Made;
      let left = 1 + roll(2);
      try {
        const octets = resign(made.octets, {
          record: (t, record) => {
            if (t === type) for (; left > 0; left--) mutate(record, roll);
            return record;
          },
        });
        return { octets, what: `seed ${SEED}, change ${n} of a ${type}` };
      } catch (error) {
        // The writer's own refusals: a type changed, a number without a spelling, packets that are nowhere.
        if (error instanceof EvidenceError || error instanceof TypeError || error instanceof RangeError) return undefined;
        throw error;
      }
    });
    expect([...caught.keys()]).toContain("records");
    if (RUNS >= 1000) console.warn(`bundle: ${RUNS} changed records, both verifiers agree; caught by ${spelled(caught)}`);
  }, 3_600_000);

  it(`${RUNS} parts bent, the list of parts signed anew`, async () => {
    const roll = dice(SEED + 1);
    const caught = await compare((n) => {
      const list = parts[roll(parts.length)] as BundlePart[];
      return { octets: writeBundle(bend(list, roll), SIGNER), what: `seed ${SEED + 1}, bend ${n}` };
    });
    expect([...caught.keys()]).toContain("inclusion");
    if (RUNS >= 1000) console.warn(`bundle: ${RUNS} bent parts, both verifiers agree; caught by ${spelled(caught)}`);
  }, 3_600_000);
});
