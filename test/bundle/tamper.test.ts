/** Whatever is done to a bundle is found, and the part is named: by octets, by parts, by proofs of another log, by a custodian who cheats. */
import { hash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { partsOf } from "#evidence/bundle/assemble.ts";
import { writeBundle, type BundlePart } from "#evidence/bundle/write.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { formatVerifierKey, KEY_TYPE } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { keepSealed } from "#evidence/log/sealed.ts";
import { cosign } from "#evidence/note/cosignature.ts";
import { parseNote } from "#evidence/note/note.ts";
import { replayOn } from "#run/seal/replay.ts";
import { verifyBundle, type Check, type VerifyOptions } from "#verify/verify.ts";
import { appendTo } from "./append.ts";
import { forge, type Json, type JsonRecord } from "./forge.ts";
import { KEY, labSource, makeCase, removeTemporary, SIGNER, type Made, type Source } from "./make.ts";
import { pythonAtHand, verifyInPython } from "./python.ts";

const STRANGER = Signer.fromSeed("test.example/tapproof", Buffer.alloc(32, 9));
const sha256 = (octets: Uint8Array): Uint8Array => hash("sha256", octets, "buffer");
const primitives = { sha256 };

let copySource: Source;
let copy: Made;
let clean: Made;
let other: Made;
let parts: BundlePart[];

beforeAll(async () => {
  copySource = labSource("copy-vxlan");
  [copy, clean, other] = [await makeCase(copySource), await makeCase(labSource("clean-cups")), await makeCase(labSource("copy-vxlan"))];
  parts = partsOf(copy.folder, log(copy), {});
}, 60_000);
afterAll(removeTemporary);

function log(made: Made) {
  const found = readCaseLog(made.folder);
  if (found === undefined) throw new Error("no log");
  return found;
}

async function failed(octets: Uint8Array, options: VerifyOptions = { key: KEY }): Promise<readonly Check[]> {
  const result = await verifyBundle(octets, { primitives, ...options });
  const checks = result.checks.filter((c) => c.status === "failed");
  // Nothing that failed is ever called passed, and no level that failed is reached.
  expect(result.passed && checks.length > 0).toBe(false);
  if (checks.length > 0) expect(["none", "L1", "L2"]).toContain(result.level);
  return checks;
}

describe("octets", () => {
  it("every single octet of a bundle: one bit of it flipped, and the part is named", async () => {
    const { octets } = clean;
    const places = placesOf(octets, partsOf(clean.folder, log(clean), {}));
    for (let at = 0; at < octets.length; at++) {
      const changed = Uint8Array.from(octets);
      changed[at] = (changed[at] as number) ^ (1 << ((at * 7 + 3) % 8));
      const [first] = await failed(changed);
      expect(first, `octet ${at}`).toBeDefined();
      const expected = places(at);
      if (expected !== "head") expect(first?.part, `octet ${at}`).toBe(expected);
      else expect(first?.part, `octet ${at} of the head`).toBeDefined();
    }
  }, 120_000);

  it("a bundle with findings, every eleventh octet set to another value", async () => {
    const { octets } = copy;
    for (let at = 0; at < octets.length; at += 11) {
      const changed = Uint8Array.from(octets);
      changed[at] = (changed[at] as number) + 1 + (at % 254);
      expect((await failed(changed)).length, `octet ${at}`).toBeGreaterThan(0);
    }
  }, 60_000);

  it("both verifiers name the same part", async () => {
    if (!pythonAtHand()) return;
    const { octets } = copy;
    for (let i = 0; i < 40; i++) {
      const at = Math.floor((i * octets.length) / 40) + ((i * 37) % 90);
      const changed = Uint8Array.from(octets);
      changed[at] = (changed[at] as number) ^ 4;
      const [first] = await failed(changed);
      const python = verifyInPython(changed, { key: KEY });
      expect(python.status, `octet ${at}`).toBe(1);
      const theirs = python.checks.find((c) => c.status === "failed");
      expect([theirs?.code, theirs?.part ?? undefined], `octet ${at}`).toEqual([first?.code, first?.part]);
    }
  }, 60_000);

  it("cut at any length, or with something behind", async () => {
    const { octets } = clean;
    for (let length = 20; length < octets.length; length += 13) expect((await failed(octets.subarray(0, length))).length).toBe(1);
    for (const tail of ["\n", "\0", "x", "PK"])
      expect(await failed(Buffer.concat([octets, Buffer.from(tail)]))).toMatchObject([{ code: "form", part: "end of file" }]);
  });

  it("what is no bundle is none", async () => {
    for (const text of ["", "\n", "hello", "{}", "PK\u0003\u0004", "tapproof", "tapproof/bundle/2\n{}\n"]) {
      expect(await verifyBundle(Buffer.from(text))).toMatchObject({ bundle: false, level: "none", passed: false, checks: [] });
    }
  });
});

/** Name of the part that holds an octet. */
function placesOf(octets: Uint8Array, listed: readonly BundlePart[]): (at: number) => string {
  let end = octets.length - listed.reduce((n, p) => n + p.octets.length, 0);
  const ends = [{ name: "head", end }, ...listed.map((p) => ({ name: p.name, end: (end += p.octets.length) }))];
  return (at) => ends.find((e) => at < e.end)?.name ?? "end of file";
}

describe("parts", () => {
  const signed = (list: readonly BundlePart[], signer = SIGNER): Buffer => writeBundle(list, signer);

  it("the parts as they are hold", async () => {
    expect(signed(parts).equals(copy.octets)).toBe(true);
    expect(await failed(signed(parts))).toEqual([]);
  });

  it("each part dropped, emptied, doubled, renamed; signed again with the right key", async () => {
    for (const [i, part] of parts.entries()) {
      const without = parts.toSpliced(i, 1);
      expect((await failed(signed(without))).length, `without ${part.name}`).toBeGreaterThan(0);
      expect(
        (await failed(signed(parts.with(i, { name: part.name, octets: new Uint8Array(0) })))).length,
        `empty ${part.name}`,
      ).toBeGreaterThan(0);
      expect((await failed(signed(parts.toSpliced(i, 0, part))))[0], `twice ${part.name}`).toMatchObject({ code: "form", part: part.name });
      const renamed = await failed(signed(parts.with(i, { name: `${part.name}x`, octets: part.octets })));
      expect(renamed[0]?.part, `renamed ${part.name}`).toBeDefined();
    }
  });

  it("every two neighbours swapped, and contents of every two parts exchanged", async () => {
    for (let i = 0; i < parts.length; i++) {
      for (let j = i + 1; j < parts.length; j++) {
        const [a, b] = [parts[i] as BundlePart, parts[j] as BundlePart];
        const exchanged = parts.with(i, { name: a.name, octets: b.octets }).with(j, { name: b.name, octets: a.octets });
        expect((await failed(signed(exchanged)))[0]?.part, `${a.name} for ${b.name}`).toBeDefined();
        if (j === i + 1) expect((await failed(signed(parts.with(i, b).with(j, a))))[0], a.name).toMatchObject({ code: "names" });
      }
    }
  });

  it("an unknown part anywhere", async () => {
    for (const name of ["extra", "records/99999999.json", "carved/readme.txt", "zz", "log/other", "../x", "A"]) {
      for (let i = 0; i <= parts.length; i += 3) {
        expect(
          (await failed(signed(parts.toSpliced(i, 0, { name, octets: Buffer.from("{}") })))).length,
          `${name} at ${i}`,
        ).toBeGreaterThan(0);
      }
    }
  });

  it("every part in place of its like from another log of the same key", async () => {
    const theirs = partsOf(other.folder, log(other), {});
    let exchanged = 0;
    for (const [i, part] of parts.entries()) {
      const like = theirs.find((p) => p.name === part.name);
      if (like === undefined || Buffer.compare(like.octets, part.octets) === 0) continue;
      exchanged++;
      const [first] = await failed(signed(parts.with(i, like)));
      expect(first?.part, part.name).toBeDefined();
    }
    expect(exchanged).toBeGreaterThan(10);
  });

  it("every proof in place of every other one; hashes of a proof swapped, dropped, added", async () => {
    const proofs = parts.flatMap((p, i) => (p.name.startsWith("proofs/") ? [i] : []));
    for (const i of proofs) {
      for (const j of proofs) {
        if (i === j) continue;
        const part = parts[i] as BundlePart;
        const [first] = await failed(signed(parts.with(i, { name: part.name, octets: (parts[j] as BundlePart).octets })));
        expect(first).toMatchObject({ code: "inclusion", part: part.name });
      }
      const part = parts[i] as BundlePart;
      const lines = Buffer.from(part.octets).toString().split("\n");
      const end = lines.indexOf("");
      for (const changed of [
        lines.toSpliced(3, 1),
        lines.toSpliced(3, 0, lines[3] as string),
        lines.toSpliced(end, 0, lines[3] as string),
        swapped(lines),
      ]) {
        const [first] = await failed(signed(parts.with(i, { name: part.name, octets: Buffer.from(changed.join("\n")) })));
        expect(first).toMatchObject({ code: "inclusion", part: part.name });
      }
    }
  });

  it("each number and text of each record changed, and the list signed again: the log says otherwise", async () => {
    let changes = 0;
    for (const [i, part] of parts.entries()) {
      if (!part.name.startsWith("records/")) continue;
      const record = JSON.parse(Buffer.from(part.octets).toString()) as JsonRecord;
      for (const changed of variants(record, 40)) {
        changes++;
        const [first] = await failed(signed(parts.with(i, { name: part.name, octets: Buffer.from(canonicalJson(changed)) })));
        expect(first?.part, `${part.name}`).toBeDefined();
      }
    }
    expect(changes).toBeGreaterThan(200);
  });

  it("spellings: a space, another order, an escape, a fraction, base64 with stray bits", async () => {
    const place = parts.findIndex((p) => p.name.startsWith("records/") && Buffer.from(p.octets).includes('"type":"finding"'));
    const part = parts[place] as BundlePart;
    const spelled = Buffer.from(part.octets).toString();
    const spellings = [
      spelled.replace(":", ": "),
      ` ${spelled}`,
      `${spelled}\n`,
      spelled.replace('"claim":', '"\\u0063laim":'),
      spelled.replace('"bits":', '"bits":0,"bits":'),
      spelled.replace(/"bits":(\d+)/, '"bits":$1.0'),
      spelled.replace(/"bits":(\d+)/, '"bits":$1e0'),
      spelled.replace(/"bits":(\d+)/, '"bits":0$1'),
      spelled.replace(/^\{(.*?),(.*)\}$/s, "{$2,$1}"),
    ];
    for (const text of spellings) {
      expect((await failed(signed(parts.with(place, { name: part.name, octets: Buffer.from(text) }))))[0]).toMatchObject({
        code: "records",
        part: part.name,
      });
    }
    const checkpoint = parts[1] as BundlePart;
    const note = Buffer.from(checkpoint.octets).toString();
    const stray = note.replace(/([A-Za-z0-9+/])=\n\n/, (_, c: string) => `${nextDigit(c)}=\n\n`);
    expect(stray).not.toBe(note);
    expect((await failed(signed(parts.with(1, { name: checkpoint.name, octets: Buffer.from(stray) }))))[0]).toMatchObject({
      code: "checkpoint",
    });
  });
});

function swapped(lines: readonly string[]): string[] {
  return lines.with(3, lines[4] as string).with(4, lines[3] as string);
}

/** The next base64 digit that differs in its last bit only: the octets it stands for are the same where that bit is padding. */
function nextDigit(c: string): string {
  const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return digits[digits.indexOf(c) ^ 1] as string;
}

/** The value with one leaf of it changed, for up to `most` leaves. */
function variants(value: JsonRecord, most: number): JsonRecord[] {
  const paths: (string | number)[][] = [];
  const walk = (at: unknown, path: (string | number)[]): void => {
    if (typeof at === "object" && at !== null) for (const [k, v] of Object.entries(at)) walk(v, [...path, k]);
    else paths.push(path);
  };
  walk(value, []);
  const step = Math.max(1, Math.floor(paths.length / most));
  return paths
    .filter((_, i) => i % step === 0)
    .map((path) => {
      const changed = structuredClone(value);
      let at: Record<string | number, unknown> = changed;
      for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
      const last = path.at(-1) as string | number;
      const was = at[last];
      at[last] =
        typeof was === "number" ? was + 1 : typeof was === "boolean" ? !was : was === null ? "x" : `${(was as string).slice(0, -1)}~`;
      return changed;
    });
}

describe("signer, rollback", () => {
  it("another key: fails with --key, and is of unknown origin without", async () => {
    const strange = await makeCase(copySource, undefined, "case", STRANGER);
    expect(await failed(strange.octets)).toMatchObject([{ code: "origin", part: "signer.vkey" }]);
    const unknown = await verifyBundle(strange.octets);
    expect(unknown).toMatchObject({ passed: false, level: "L2", origin: { status: "not checked" } });
    expect(await verifyBundle(strange.octets, { anySigner: true })).toMatchObject({ passed: true, origin: { status: "not checked" } });
    // The list signed anew with a strange key under the same name, the parts left as they are.
    expect((await failed(writeBundle(parts, STRANGER)))[0]).toMatchObject({ code: "signature", part: "head" });
    const parted = parts.with(0, {
      name: "signer.vkey",
      octets: Buffer.from(strange.octets.toString("latin1").match(/test[.]example.*\n/)?.[0] ?? "", "latin1"),
    });
    expect((await failed(writeBundle(parted, STRANGER)))[0]?.part).toBeDefined();
  });

  it("an older state of the log, another one, a forked one", async () => {
    const now = log(copy).checkpoint();
    expect(await verifyBundle(copy.octets, { key: KEY, checkpoint: now })).toMatchObject({ passed: true });
    expect((await verifyBundle(copy.octets, { key: KEY })).checks.find((c) => c.code === "rollback")).toMatchObject({
      status: "not checked",
      detail: expect.stringContaining("could not check rollback") as string,
    });
    expect(await failed(copy.octets, { key: KEY, checkpoint: log(other).checkpoint() })).toMatchObject([{ code: "rollback" }]);
    const later = appendTo(copy.folder, { type: "comment", record: { text: "later" } });
    expect(await failed(copy.octets, { key: KEY, checkpoint: later })).toMatchObject([{ code: "rollback", part: "log/checkpoint" }]);
    const continued = partsOf(copy.folder, log(copy), {});
    expect(await verifyBundle(writeBundle(continued, SIGNER), { key: KEY, checkpoint: now })).toMatchObject({ passed: true });
    parts = partsOf(copy.folder, log(copy), {});
  });
});

function detectorOf(settings: JsonRecord, claim: string): JsonRecord {
  return (settings["detectors"] as JsonRecord[]).find((d) => d["claim"] === claim) as JsonRecord;
}

describe("witnesses", () => {
  const witness = Signer.fromSeed("witness.example", Buffer.alloc(32, 11), KEY_TYPE.cosignature);
  const stranger = Signer.fromSeed("stranger.example", Buffer.alloc(32, 12), KEY_TYPE.cosignature);
  const vkey = (signer: Signer): string => formatVerifierKey(signer.key);

  /** The newest head, cosigned; what a witness of the log would send. */
  function cosigned(made: Made, signer: Signer, time: number): void {
    const head = log(made).checkpoint();
    keepSealed(made.folder, head, [cosign(parseNote(head).text, signer, time)]);
  }

  it("pending until the quorum of the log's policy has cosigned; then sealed, and since when; what came later is pending again", async () => {
    const made = await makeCase(labSource("clean-cups"));
    const bundle = (): Buffer => writeBundle(partsOf(made.folder, log(made), {}), SIGNER);
    const check = async (options: VerifyOptions = {}): Promise<Check | undefined> =>
      (await verifyBundle(bundle(), { key: KEY, ...options })).checks.find((c) => c.code === "witnesses");
    expect(await check()).toMatchObject({ status: "not checked", detail: expect.stringContaining("pending") as string });
    expect(await check({ witnesses: [vkey(witness)] })).toMatchObject({ status: "failed", part: "log/witnessed" });
    const policy = `witness w ${vkey(witness)}\nquorum w\n`;
    appendTo(made.folder, { type: "policy", record: { policy } });
    cosigned(made, stranger, 1_800_000_000);
    expect(await check()).toMatchObject({ status: "not checked" });
    cosigned(made, witness, 1_800_000_000);
    expect(await check()).toMatchObject({ status: "passed", detail: expect.stringContaining("2027-01-15T08:00:00Z") as string });
    expect(await check({ witnesses: [vkey(witness)] })).toMatchObject({ status: "passed" });
    expect(await check({ witnesses: [vkey(stranger)] })).toMatchObject({ status: "passed" });
    const nobody = vkey(Signer.fromSeed("nobody.example", Buffer.alloc(32, 13), KEY_TYPE.cosignature));
    expect(await check({ witnesses: [nobody] })).toMatchObject({ status: "failed", part: "log/witnessed" });
    appendTo(made.folder, { type: "comment", record: { text: "later" } });
    expect((await check())?.detail).toMatch(/the first \d+ of \d+ leaves/);
    const witnessed = partsOf(made.folder, log(made), {});
    const at = witnessed.findIndex((p) => p.name === "log/witnessed");
    const note = Buffer.from((witnessed[at] as BundlePart).octets).toString();
    const elsewhere = partsOf(copy.folder, log(copy), {}).find((p) => p.name === "log/checkpoint") as BundlePart;
    for (const octets of [
      note.replace(/\n— witness[^\n]*/, ""),
      note.replace(/\n(\d+)\n/, "\n1\n"),
      Buffer.from(elsewhere.octets).toString(),
    ]) {
      const forged = writeBundle(witnessed.with(at, { name: "log/witnessed", octets: Buffer.from(octets) }), SIGNER);
      expect((await failed(forged)).map((c) => c.code)).toContain("witnesses");
    }
    if (pythonAtHand()) expect(verifyInPython(bundle(), { key: KEY })).toMatchObject({ status: 0 });
  });
});

function framesOf(finding: JsonRecord, frames: number[], capture?: string): JsonRecord {
  const first = (finding["evidence"] as JsonRecord[])[0] as JsonRecord;
  return { capture: capture ?? (first["capture"] as string), frames, framesTotal: 2 };
}

describe("a custodian who cheats", () => {
  const edit = (type: string, change: (record: JsonRecord) => void): Buffer =>
    forge(copy, (t, record) => {
      if (t === type) change(record);
      return record;
    });

  it("an honest copy of the log holds", async () => {
    expect(await failed(forge(copy, (_, record) => record))).toEqual([]);
  });

  const LIES: readonly [string, string, string, (r: JsonRecord) => void][] = [
    ["more bits than the table gives", "finding", "bits", (r) => void (r["bits"] = Number(r["bits"]) + 1)],
    ["fewer bits than the table gives", "finding", "bits", (r) => void (r["bits"] = Number(r["bits"]) - 1)],
    ["a chance that is not that of its bits", "finding", "bits", (r) => void (r["chance"] = "2^-64")],
    ["another receiver", "finding", "finding-ids", (r) => void ((r["receiver"] as JsonRecord)["address"] = "198.51.100.9")],
    ["another element", "finding", "finding-ids", (r) => void ((r["element"] as JsonRecord)["name"] = "somebody")],
    ["another claim", "finding", "finding-ids", (r) => void (r["claim"] = "ghost-tunnel")],
    [
      "an explanation that nobody tested",
      "finding",
      "grades",
      (r) => void (((r["ruledOut"] as JsonRecord[])[0] as JsonRecord)["status"] = "untestable"),
    ],
    [
      "an explanation that holds",
      "finding",
      "grades",
      (r) => void (((r["ruledOut"] as JsonRecord[])[0] as JsonRecord)["status"] = "supported"),
    ],
    ["attested by nobody", "finding", "standing", (r) => void (r["standing"] = "attested")],
    ["witnessed before there was a witness", "finding", "records", (r) => void (r["standing"] = "witnessed")],
    ["a claim that nothing tests for", "finding", "records", (r) => void (r["claim"] = "espionage")],
    ["no explanation tested at all", "finding", "grades", (r) => void (r["ruledOut"] = [])],
    [
      "a receiver behind a false pseudonym",
      "finding",
      "finding-ids",
      (r) => void ((r["receiver"] as JsonRecord)["name"] = "s:AAAAAAAAAAAAAAAA"),
    ],
    ["another vendor", "finding", "evidence", (r) => void ((r["element"] as JsonRecord)["vendor"] = "innocent")],
    ["frames beyond the capture", "finding", "evidence", (r) => void ((r["evidence"] as JsonRecord[])[0] = framesOf(r, [1, 999_999]))],
    ["the same frame twice", "finding", "evidence", (r) => void ((r["evidence"] as JsonRecord[])[0] = framesOf(r, [1, 1]))],
    [
      "a capture of somebody else's",
      "finding",
      "evidence",
      (r) => void ((r["evidence"] as JsonRecord[])[0] = framesOf(r, [1], "0".repeat(64))),
    ],
    ["another year", "finding", "evidence", (r) => void (r["last"] = "2099-01-01T00:00:00.000000000Z")],
    [
      "a frame as a copy of itself",
      "match",
      "evidence",
      (r) =>
        void Object.assign((r["pairs"] as JsonRecord[])[0] as JsonRecord, {
          copy: ((r["pairs"] as JsonRecord[])[0] as JsonRecord)["original"],
        }),
    ],
    ["a number more in the match table", "match", "records", (r) => void ((r["table"] as JsonRecord)["trust"] = 1)],
    ["a finding listed twice", "coverage", "references", (r) => void (r["findings"] as Json[]).push((r["findings"] as Json[])[0] as Json)],

    ["a fraction", "finding", "records", (r) => void (r["packets"] = 1.5)],
    ["a member too many", "finding", "records", (r) => void (r["vendorIsGuilty"] = true)],
    ["a larger match", "match", "bits", (r) => void (((r["table"] as JsonRecord)["trials"] as JsonRecord)["flows"] = 1e9)],
    ["a match of nothing", "match", "bits", (r) => void (((r["table"] as JsonRecord)["subscriber"] as JsonRecord)["flows"] = [])],
    ["no table", "match", "bits", (r) => void (r["table"] = null)],
    [
      "unequal pairs",
      "match",
      "pairs",
      (r) => void (((r["pairs"] as JsonRecord[])[0] as JsonRecord)["copyCommitment"] = `${"A".repeat(43)}=`),
    ],
    ["pairs too short to tell", "match", "pairs", (r) => void (((r["pairs"] as JsonRecord[])[0] as JsonRecord)["octets"] = 3)],
    ["packets beyond those carved", "carved", "carved", (r) => void (r["frames"] as JsonRecord[]).pop()],
    ["other packets", "carved", "carved", (r) => void ((r["file"] as JsonRecord)["bytes"] = 5)],
    ["more watched than was captured", "coverage", "coverage", (r) => void (r["packets"] = Number(r["packets"]) + 1)],
    ["less captured than was watched", "capture", "coverage", (r) => void (r["bytes"] = 1)],
    ["another place among the runs", "coverage", "references", (r) => void (r["sequence"] = 1)],
    [
      "another declaration under the same hash",
      "declaration",
      "declaration",
      (r) => void ((r["declaration"] as JsonRecord)["services"] = []),
    ],
  ];
  for (const [name, type, code, change] of LIES) {
    it(name, async () => {
      const octets = edit(type, change);
      expect((await failed(octets)).map((c) => c.code)).toContain(code);
      if (pythonAtHand()) {
        const python = verifyInPython(octets, { key: KEY });
        expect(python.status).toBe(1);
        if (code !== "records") expect(python.checks.filter((c) => c.status === "failed").map((c) => c.code)).toContain(code);
      }
    });
  }

  it("a receiver that is a subscriber: its id cannot be made again from a pseudonym, and that is said; no name passes for one", async () => {
    const octets = edit("finding", (r) => void ((r["receiver"] as JsonRecord)["address"] = "s:AbCdEfGhIjKlMn_-"));
    const result = await verifyBundle(octets, { key: KEY, primitives });
    expect(result).toMatchObject({ passed: true, level: "L2" });
    expect(result.checks.find((c) => c.code === "finding-ids")).toMatchObject({ status: "not checked" });
    for (const [name, value] of [
      ["name", "s:AbCdEfGhIjKlMn_-"],
      ["identity", "s:AbCdEfGhIjKlMn_-"],
    ] as const) {
      const false_ = edit("finding", (r) => void ((r["receiver"] as JsonRecord)[name] = value));
      expect((await failed(false_)).map((c) => c.code)).toEqual(["finding-ids"]);
      if (pythonAtHand()) expect(verifyInPython(false_, { key: KEY }).checks.find((c) => c.code === "finding-ids")?.status).toBe("failed");
    }
    if (pythonAtHand()) {
      const second = verifyInPython(octets, { key: KEY });
      expect(second).toMatchObject({ status: 0, level: "L2" });
      expect(second.checks.find((c) => c.code === "finding-ids")?.status).toBe("not checked");
    }
  });

  it("grades: proven without bits, without a declaration, by an order that was only sent", async () => {
    const undeclared = forge(copy, (t, record) =>
      t === "declaration" ? { ...record, given: false, sha256: null, declaration: null } : record,
    );
    expect((await failed(undeclared)).map((c) => c.code)).toContain("grades");
  });

  it("on the captures: a threshold, the carved packets, a finding, an address: replay fails", async () => {
    const replay = replayOn([copySource.folder], null);
    const lies: readonly [string, Buffer][] = [
      ["replay-settings", edit("settings", (r) => void ((detectorOf(r, "covert-copy")["settings"] as JsonRecord)["provenBits"] = 32))],
      ["replay-settings", edit("settings", (r) => void (r["program"] = "0".repeat(64)))],
      [
        "replay-carved",
        forge(copy, (t, record) =>
          t === "carved" ? { ...record, file: null, frames: [], why: "lost" } : t === "match" ? { ...record, pairs: [] } : record,
        ),
      ],
      ["replay-findings", edit("finding", (r) => void (r["packets"] = Number(r["packets"]) + 1))],
      ["replay-findings", edit("finding", (r) => void (r["summary"] = "All is well."))],
      [
        "replay-findings",
        forge(copy, (t, record) =>
          t === "coverage" ? { ...record, findings: [] } : ["finding", "match", "carved", "print-keys"].includes(t) ? null : record,
        ),
      ],
    ];
    for (const [code, octets] of lies) {
      const checks = await failed(octets, { key: KEY, replay });
      expect(
        checks.map((c) => c.code),
        code,
      ).toContain(code);
    }
    const elsewhere = await failed(copy.octets, { key: KEY, replay: replayOn([labSource("clean-cups").folder], null) });
    expect(elsewhere).toMatchObject([{ code: "replay" }]);
  }, 60_000);
});
