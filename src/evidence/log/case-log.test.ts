import { fork, type ChildProcess } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, it } from "vitest";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { parsePolicy } from "#evidence/note/policy.ts";
import { auditCaseLog, orphanedRecords } from "./audit.ts";
import { openCaseLog, readCaseLog } from "./case-log.ts";
import { leafFields } from "./leaf.ts";
import { parseProof, verifyProof } from "./proof-file.ts";
import { leafHash, verifyConsistency, verifyInclusion } from "./tree.ts";

const folders: string[] = [];
const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-log-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const signer = Signer.fromSeed("example.org/test", new Uint8Array(32).fill(7));

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

describe("a case's log", () => {
  it("begins with origin, key and policy, and gives back what was appended", () => {
    const folder = fresh();
    const log = openCaseLog(folder, signer);
    expect(log.size).toBe(1);
    expect(log.entry(0).value).toEqual({
      type: "origin",
      schema: "tapproof/log/1",
      origin: log.origin,
      key: signer.vkey,
      policy: "quorum none\n",
    });
    expect(log.origin.startsWith("example.org/test/")).toBe(true);
    const a = log.append("comment", { text: "first" });
    const [b, c] = log.appendAll([
      { type: "finding", record: { id: "f1", bits: 128, chance: 2 ** -128 } },
      { type: "comment", record: { type: "comment", text: "second" } },
    ]);
    expect([a.index, b?.index, c?.index]).toEqual([1, 2, 3]);
    expect([...log.records("comment")].map((entry) => entry.value["text"])).toEqual(["first", "second"]);
    expect(log.last("finding")?.record).toBe(b?.record);
    expect(log.last("nothing")).toBeUndefined();
    expect(readFileSync(join(folder, "records", `${a.record}.json`), "utf8")).toBe(canonicalJson({ type: "comment", text: "first" }));
    expect(auditCaseLog(folder)).toEqual({ size: 4, problems: [] });
    expect(orphanedRecords(log)).toEqual([]);
    log.close();
  });

  it("proves inclusion of every entry and consistency of every head", () => {
    const log = openCaseLog(fresh(), signer);
    const heads = [{ size: log.size, root: log.root }];
    for (let i = 0; i < 20; i++) {
      log.appendAll(Array.from({ length: 1 + ((i * 7) % 31) }, (_, n) => ({ type: "comment", record: { i, n } })));
      heads.push({ size: log.size, root: log.root });
    }
    for (const entry of log.records()) {
      expect(verifyInclusion(entry.index, log.size, leafHash(entry.leaf), log.inclusion(entry.index), log.root)).toBe(true);
    }
    for (const head of heads) expect(verifyConsistency(head.size, log.size, head.root, log.root, log.consistency(head.size))).toBe(true);
    const proof = parseProof(log.proofFile(5));
    expect(verifyProof(proof, leafHash(log.entry(5).leaf), log.origin, signer.key, log.policy()).checkpoint.size).toBe(log.size);
    expect(code(() => verifyProof(proof, leafHash(log.entry(6).leaf), log.origin, signer.key, log.policy()))).toBe("proof-wrong");
    expect(code(() => verifyProof(proof, leafHash(log.entry(5).leaf), "another.example/log", signer.key, log.policy()))).toBe(
      "proof-wrong",
    );
    log.close();
  });

  it("writes the same octets on two machines that share keys and inputs", () => {
    const [a, b] = [fresh(), fresh()];
    const keys = JSON.stringify({ nonces: Buffer.alloc(32, 9).toString("base64") });
    for (const folder of [a, b]) writeFileSync(join(folder, "keys.json"), keys);
    for (const folder of [a, b]) {
      const log = openCaseLog(folder, signer);
      for (let i = 0; i < 300; i += 50) log.appendAll(Array.from({ length: 50 }, (_, n) => ({ type: "finding", record: { n: i + n } })));
      log.close();
    }
    const files = readdirSync(a, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(300);
    for (const entry of files) {
      const path = join(entry.parentPath, entry.name);
      expect(Buffer.compare(readFileSync(path), readFileSync(path.replace(a, b))), path).toBe(0);
    }
  });

  it("never uses a nonce twice, and hides equal records behind different leaves", () => {
    const log = openCaseLog(fresh(), signer);
    log.appendAll(Array.from({ length: 400 }, () => ({ type: "comment", record: { text: "same" } })));
    const entries = [...log.records("comment")];
    expect(new Set(entries.map((entry) => entry.nonce)).size).toBe(400);
    expect(new Set(entries.map((entry) => entry.record)).size).toBe(1);
    log.close();
  });

  it("refuses what cannot be recorded, before anything is written", () => {
    const folder = fresh();
    const log = openCaseLog(folder, signer);
    const before = readdirSync(join(folder, "records")).length;
    for (const record of [{ n: 2 ** 53 }, { n: NaN }, { n: undefined, m: () => 1 }, { type: "other" }, { s: "\ud800" }]) {
      expect(
        code(() =>
          log.appendAll([
            { type: "comment", record: { good: 1 } },
            { type: "comment", record },
          ]),
        ),
      ).toBe("record-invalid");
    }
    for (const type of ["", "A", "a b", "1", `a${"b".repeat(64)}`]) expect(code(() => log.append(type, {}))).toBe("record-invalid");
    expect(log.size).toBe(1);
    expect(readdirSync(join(folder, "records")).length).toBe(before);
    log.close();
  });

  it("belongs to the key it began with", () => {
    const folder = fresh();
    openCaseLog(folder, signer).close();
    expect(code(() => openCaseLog(folder, Signer.fromSeed("example.org/test", new Uint8Array(32).fill(8))))).toBe("log-foreign");
    expect(code(() => openCaseLog(folder, signer.as("example.org/other")))).toBe("log-foreign");
    expect(code(() => readCaseLog(folder)?.append("comment", {}))).toBe("log-foreign");
    expect(readCaseLog(fresh())).toBeUndefined();
  });

  it("keeps its folder to its owner", () => {
    const folder = fresh();
    const log = openCaseLog(folder, signer);
    log.append("comment", { a: 1 });
    log.close();
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      expect(statSync(join(entry.parentPath, entry.name)).mode & 0o077, entry.name).toBe(0);
    }
  });

  it("lets nobody replace its witnesses", () => {
    const witness = Signer.fromSeed("witness.example/w", new Uint8Array(32).fill(3), 4);
    const policy = parsePolicy(`witness w ${witness.vkey}\nquorum w\n`);
    const other = parsePolicy(`witness w ${Signer.generate("witness.example/v", 4).vkey}\nquorum w\n`);
    const begun = openCaseLog(fresh(), signer, { policy });
    expect(code(() => begun.setPolicy(other))).toBe("policy-malformed");
    begun.append("policy", { policy: `witness w ${Signer.generate("witness.example/v", 4).vkey}\nquorum w\n` });
    expect(begun.policy().witnesses[0]?.key.id).toBe(witness.key.id);
    const late = openCaseLog(fresh(), signer);
    late.setPolicy(policy);
    expect(late.policy().quorum).toBe("w");
    expect(code(() => late.setPolicy(other))).toBe("policy-malformed");
    begun.close();
    late.close();
  });
});

describe("damage and rollback are seen", () => {
  const made = (): string => {
    const folder = fresh();
    const log = openCaseLog(folder, signer);
    for (let i = 0; i < 3; i++) log.appendAll(Array.from({ length: 150 }, (_, n) => ({ type: "comment", record: { i, n } })));
    log.close();
    return folder;
  };
  const original = made();

  it("any octet of checkpoint, tiles, entries or records changed: the audit names the part", () => {
    const files = readdirSync(original, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(original.length + 1))
      .filter((name) => name !== "keys.json" && name !== "log/lock");
    const folder = `${original}-copy`;
    folders.push(folder);
    cpSync(original, folder, { recursive: true });
    let seed = 1;
    const random = (n: number): number => (seed = (seed * 48271) % 2147483647) % n;
    for (let run = 0; run < 150; run++) {
      const name = files[random(files.length)] as string;
      const path = join(folder, name);
      const bytes = readFileSync(path);
      const changed = Buffer.from(bytes);
      const at = random(bytes.length);
      changed[at] = (changed[at] as number) ^ (1 << random(8));
      writeFileSync(path, changed);
      const { problems } = auditCaseLog(folder);
      // A partial tile of an older head is history: the newest head does not rest on it.
      const history = /\.p\//.test(name) && !new RegExp(`/(${451 % 256}|1)$`).test(name);
      if (!history) expect(problems.length, `${name} at ${at}`).toBeGreaterThan(0);
      writeFileSync(path, bytes);
    }
    expect(auditCaseLog(folder).problems).toEqual([]);
  });

  it("a log cut back behind an open object's back", () => {
    const folder = fresh();
    const log = openCaseLog(folder, signer);
    const old = readFileSync(join(folder, "log", "checkpoint"));
    log.append("comment", { a: 1 });
    writeFileSync(join(folder, "log", "checkpoint"), old);
    expect(code(() => log.append("comment", { b: 1 }))).toBe("log-rolled-back");
    log.close();
  });

  it("missing tiles, garbage after the end", () => {
    const folder = `${original}-cut`;
    folders.push(folder);
    cpSync(original, folder, { recursive: true });
    appendFileSync(join(folder, "log", "checkpoint"), "x");
    expect(code(() => readCaseLog(folder))).toBe("note-malformed");
    cpSync(join(original, "log"), join(folder, "log"), { recursive: true });
    rmSync(join(folder, "log", "tile", "0", "000"));
    // The head rests on the right edge only, so the log opens; whatever needs the tile says that it is missing.
    expect(code(() => readCaseLog(folder)?.inclusion(5))).toBe("tile-damaged");
    expect(code(() => readCaseLog(folder)?.entry(5))).toBe("tile-damaged");
    expect(auditCaseLog(folder).problems).toContain("tile/0/000: is not what the entries give");
    rmSync(join(folder, "log", "tile", "0", "001.p"), { recursive: true });
    expect(code(() => openCaseLog(folder, signer))).toBe("tile-damaged");
  });
});

it("a coverage statement that was left out leaves a gap", () => {
  const folder = fresh();
  const log = openCaseLog(folder, signer);
  const first = log.append("coverage", { sequence: 0, previous: null });
  log.append("coverage", { sequence: 1, previous: first.record });
  expect(auditCaseLog(folder).problems).toEqual([]);
  log.append("coverage", { sequence: 3, previous: "0".repeat(64) });
  expect(auditCaseLog(folder).problems).toEqual(["leaf 3: coverage statement 2 is missing, or out of order"]);
  log.close();
});

describe("killed at any moment", () => {
  const program = new URL("./append-until-killed.ts", import.meta.url);
  const start = (folder: string): ChildProcess => fork(program, [folder], { stdio: ["ignore", "ignore", "inherit", "ipc"], execArgv: [] });

  it("reopens consistent, with everything that was acknowledged, and goes on", { timeout: 120_000 }, async () => {
    const folder = fresh();
    let acknowledged = 0;
    const heads: { size: number; root: Uint8Array }[] = [];
    for (let round = 0; round < 12; round++) {
      const child = start(folder);
      const died = new Promise((resolve) => child.once("exit", resolve));
      const first = new Promise((resolve) => child.once("message", resolve));
      child.on("message", (size) => (acknowledged = Math.max(acknowledged, Number(size))));
      await first;
      await sleep(5 + ((round * 37) % 120));
      child.kill("SIGKILL");
      await died;
      const log = openCaseLog(folder, signer);
      expect(log.size).toBeGreaterThanOrEqual(acknowledged);
      for (const head of heads) expect(verifyConsistency(head.size, log.size, head.root, log.root, log.consistency(head.size))).toBe(true);
      heads.push({ size: log.size, root: log.root });
      expect(auditCaseLog(folder).problems).toEqual([]);
      log.append("comment", { round });
      expect(auditCaseLog(folder).problems).toEqual([]);
      log.close();
    }
    expect(acknowledged).toBeGreaterThan(1);
  });

  it("two processes append to one log without losing a record", { timeout: 60_000 }, async () => {
    const folder = fresh();
    const children = [start(folder), start(folder)];
    await Promise.all(children.map((child) => new Promise((resolve) => child.once("message", resolve))));
    await sleep(300);
    const answers = children.map(
      (child) =>
        new Promise<number>((resolve) => child.on("message", (message) => typeof message === "string" && resolve(Number(message)))),
    );
    for (const child of children) child.send("stop");
    const counts = await Promise.all(answers);
    const log = readCaseLog(folder);
    expect(log?.size).toBe(1 + counts.reduce((a, b) => a + b, 0));
    expect(auditCaseLog(folder).problems).toEqual([]);
    for (const count of counts) expect(count).toBeGreaterThan(0);
  });
});

it("leafFields takes one spelling only", () => {
  const leaf = `{"nonce":"${"0".repeat(32)}","record":"${"a".repeat(64)}","type":"finding"}`;
  expect(leafFields(Buffer.from(leaf))?.type).toBe("finding");
  for (let cut = 0; cut < leaf.length; cut++) expect(leafFields(Buffer.from(leaf.slice(0, cut)))).toBeUndefined();
  for (const bad of [
    `${leaf} `,
    ` ${leaf}`,
    `${leaf}\n`,
    leaf.replace('"nonce"', '"Nonce"'),
    leaf.replace(":", ": "),
    leaf.replace("aa", "AA"),
  ]) {
    expect(leafFields(Buffer.from(bad))).toBeUndefined();
  }
});
