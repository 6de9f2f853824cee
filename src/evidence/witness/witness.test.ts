import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hash } from "node:crypto";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { KEY_TYPE } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, type CaseLog } from "#evidence/log/case-log.ts";
import { parseNote, signNote, verifySignatures } from "#evidence/note/note.ts";
import { formatPolicy, parsePolicy } from "#evidence/note/policy.ts";
import { sealCase } from "#evidence/seal/seal-case.ts";
import { requestCosignature } from "./client.ts";
import { parseKnownLogs } from "./known-logs.ts";
import { formatAddCheckpoint, parseAddCheckpoint } from "./request.ts";
import { serveWitness, type RunningWitness } from "./server.ts";
import { Witness, WITNESS_LIMITS } from "./witness.ts";

const folders: string[] = [];
const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-witness-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const logSigner = Signer.fromSeed("example.org/log", new Uint8Array(32).fill(7));
const key = Signer.fromSeed("witness.example/w", new Uint8Array(32).fill(3), KEY_TYPE.cosignature);
const known = parseKnownLogs(`# mine\nlog ${logSigner.vkey}\n`);

async function code(act: Promise<unknown>): Promise<string> {
  try {
    await act;
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

const body = (old: number, log: CaseLog, size = log.size, proof = log.consistency(old, size)): Buffer =>
  Buffer.from(formatAddCheckpoint(old, proof, log.checkpoint()));

describe("the protocol, answer by answer", () => {
  let folder: string;
  let witness: Witness;
  let log: CaseLog;
  beforeEach(() => {
    folder = fresh();
    witness = new Witness(folder, key, known);
    log = openCaseLog(fresh(), logSigner);
  });
  afterEach(() => {
    witness.close();
    log.close();
  });

  it("200: a cosignature with the time, on disk before the answer", () => {
    const made = witness.addCheckpoint(body(0, log), 1000.9);
    expect(made.status).toBe(200);
    const [line] = parseNote(`${log.checkpoint()}${made.body}`).signatures.slice(-1);
    expect(verifySignatures({ text: parseNote(log.checkpoint()).text, signatures: line === undefined ? [] : [line] }, [key.key])).toEqual([
      { key: key.key, timestamp: 1000 },
    ]);
    const served = witness.checkpointOf(hash("sha256", log.origin, "hex"));
    expect(served.status).toBe(200);
    expect(verifySignatures(parseNote(served.body), [key.key, logSigner.key])).toHaveLength(2);
    log.append("comment", { a: 1 });
    expect(witness.addCheckpoint(body(1, log), 1001).status).toBe(200);
    // The same head again is cosigned again: the log may have lost the answer.
    expect(witness.addCheckpoint(body(2, log), 1002).status).toBe(200);
  });

  it("400: malformed, or an old size above the new one", () => {
    expect(witness.addCheckpoint(Buffer.from("old 0\n"), 1).status).toBe(400);
    expect(witness.addCheckpoint(Buffer.from(formatAddCheckpoint(5, [], log.checkpoint())), 1).status).toBe(400);
    const whole = body(0, log);
    for (let cut = 0; cut < whole.length; cut++) expect([400, 403]).toContain(witness.addCheckpoint(whole.subarray(0, cut), 1).status);
    expect(readdirSync(folder).filter((name) => name.endsWith(".checkpoint"))).toEqual([]);
  });

  it("403: no signature of this log, or a wrong one; 404: an unknown log", () => {
    const other = openCaseLog(fresh(), Signer.fromSeed("example.org/log", new Uint8Array(32).fill(9)));
    expect(witness.addCheckpoint(body(0, other), 1).status).toBe(403);
    const forged = log.checkpoint().replace(/^1$/m, "2");
    expect(witness.addCheckpoint(Buffer.from(formatAddCheckpoint(0, [], forged)), 1).status).toBe(403);
    for (const name of ["example.org/lo", "example.org/log2", "example.com/log"]) {
      const stranger = openCaseLog(fresh(), Signer.fromSeed(name, new Uint8Array(32).fill(7)));
      expect(witness.addCheckpoint(body(0, stranger), 1).status, name).toBe(404);
      stranger.close();
    }
    other.close();
  });

  it("409 with the size it knows", () => {
    log.appendAll([{ type: "comment", record: {} }]);
    witness.addCheckpoint(body(0, log), 1);
    log.append("comment", { a: 1 });
    for (const old of [0, 1, 3]) {
      const made = witness.addCheckpoint(body(old, log), 2);
      expect([made.status, made.contentType, made.body]).toEqual([409, "text/x.tlog.size", "2\n"]);
    }
  });

  it("422: a wrong proof, a proof where none belongs, another root for a known size", () => {
    witness.addCheckpoint(body(0, log), 1);
    log.appendAll(Array.from({ length: 9 }, (_, n) => ({ type: "comment", record: { n } })));
    const proof = log.consistency(1);
    expect(witness.addCheckpoint(body(1, log, log.size, proof.slice(1)), 2).status).toBe(422);
    expect(witness.addCheckpoint(body(1, log, log.size, [...proof, new Uint8Array(32)]), 2).status).toBe(422);
    expect(witness.addCheckpoint(body(1, log), 2).status).toBe(200);
    expect(witness.addCheckpoint(body(10, log, 10, [new Uint8Array(32)]), 2).status).toBe(422);
  });

  it("413: a body too long", () => {
    expect(witness.addCheckpoint(Buffer.alloc(WITNESS_LIMITS.body + 1, 0x61), 1).status).toBe(413);
  });

  it("503: its own clock went back", () => {
    witness.addCheckpoint(body(0, log), 1000);
    log.append("comment", {});
    expect(witness.addCheckpoint(body(1, log), 999).status).toBe(503);
    expect(witness.addCheckpoint(body(1, log), 1000).status).toBe(200);
  });

  it("500, never a fresh start, where its state is damaged", () => {
    witness.addCheckpoint(body(0, log), 1000);
    const path = join(folder, `${hash("sha256", log.origin, "hex")}.checkpoint`);
    const good = readFileSync(path, "utf8");
    log.append("comment", {});
    for (let at = 0; at < good.length; at += 7) {
      writeFileSync(path, good.slice(0, at) + String.fromCharCode(good.charCodeAt(at) ^ 1) + good.slice(at + 1));
      const made = witness.addCheckpoint(body(0, log), 1001);
      // What is left of the state must at least verify as our own cosignature.
      expect([500, 409], `octet ${at}`).toContain(made.status);
    }
    for (let cut = 0; cut < good.length; cut += 11) {
      writeFileSync(path, good.slice(0, cut));
      expect(witness.addCheckpoint(body(0, log), 1001).status).toBe(500);
    }
  });

  it("runs once on a folder", () => {
    expect(() => new Witness(folder, key, known)).toThrow(EvidenceError);
  });

  it("does not witness itself", () => {
    const both = Signer.fromSeed("w", new Uint8Array(32).fill(7), KEY_TYPE.cosignature);
    expect(() => new Witness(fresh(), both, known)).toThrow("witness itself");
  });

  it("cosigns one history only: a fork is refused, and two heads of one size are kept as proof", () => {
    // Two logs of one name and key: what an operator makes who shows different people different cases.
    const keys = JSON.stringify({ nonces: Buffer.alloc(32, 9).toString("base64") });
    const pair = [fresh(), fresh()].map((at) => {
      writeFileSync(join(at, "keys.json"), keys);
      return openCaseLog(at, logSigner);
    }) as [CaseLog, CaseLog];
    const [one, two] = pair;
    expect(one.origin).toBe(two.origin);
    expect(witness.addCheckpoint(body(0, one), 1).status).toBe(200);
    one.append("finding", { id: "shown" });
    two.append("finding", { id: "hidden" });
    expect(witness.addCheckpoint(body(1, one), 2).status).toBe(200);
    expect(witness.addCheckpoint(Buffer.from(formatAddCheckpoint(2, [], two.checkpoint())), 3).status).toBe(422);
    expect(witness.addCheckpoint(body(1, two), 3).status).toBe(409);
    expect(witness.addCheckpoint(body(0, two), 3).status).toBe(409);
    two.append("finding", { id: "more" });
    expect(witness.addCheckpoint(body(2, two), 3).status).toBe(422);
    const forks = readdirSync(join(folder, "forks"));
    expect(forks.length).toBe(1);
    const [first = "", second = ""] = readFileSync(join(folder, "forks", forks[0] as string), "utf8").split(/(?<=\n)\n(?=example\.org)/);
    expect(verifySignatures(parseNote(first), [logSigner.key])).toHaveLength(1);
    expect(verifySignatures(parseNote(second), [logSigner.key])).toHaveLength(1);
    one.close();
    two.close();
  });

  it("a note that repeats the log's signature a hundred times does not spoil the state", () => {
    const [, line = ""] = /(— .*\n)$/.exec(log.checkpoint()) ?? [];
    const repeated = log.checkpoint() + line.repeat(99);
    expect(witness.addCheckpoint(Buffer.from(formatAddCheckpoint(0, [], repeated)), 1).status).toBe(200);
    log.append("comment", {});
    expect(witness.addCheckpoint(body(1, log), 2).status).toBe(200);
  });

  it("a log that is listed by a shorter name has no say in another's", () => {
    const short = Signer.generate("example.org");
    const both = new Witness(fresh(), key, parseKnownLogs(`${short.vkey}\n${logSigner.vkey}\n`));
    const text = parseNote(log.checkpoint()).text;
    expect(both.addCheckpoint(Buffer.from(formatAddCheckpoint(0, [], signNote(text, [short]))), 1).status).toBe(403);
    expect(both.addCheckpoint(body(0, log), 1).status).toBe(200);
    both.close();
  });

  it("whatever is sent, nothing is cosigned that does not follow", () => {
    log.appendAll(Array.from({ length: 30 }, (_, n) => ({ type: "comment", record: { n } })));
    witness.addCheckpoint(body(0, log), 1);
    log.appendAll(Array.from({ length: 30 }, (_, n) => ({ type: "comment", record: { n } })));
    const good = body(31, log);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 }),
        (changes) => {
          const changed = Buffer.from(good);
          for (const [at, xor] of changes) changed[at] = (changed[at] as number) ^ xor;
          const { status } = witness.addCheckpoint(changed, 2);
          if (!changed.equals(good)) expect([400, 403, 404, 409, 422]).toContain(status);
        },
      ),
      { numRuns: 800, seed: 3 },
    );
    expect(witness.addCheckpoint(good, 2).status).toBe(200);
  });
});

describe("over HTTP", () => {
  let running: RunningWitness;
  let witness: Witness;
  let folder: string;
  const journal: string[] = [];
  beforeEach(async () => {
    folder = fresh();
    witness = new Witness(folder, key, known);
    running = await serveWitness(witness, { journal: (line) => journal.push(line), rate: { burst: 20, perSecond: 0.001 } });
  });
  afterEach(async () => {
    await running.close();
    witness.close();
  });

  const policyFor = (...urls: string[]): ReturnType<typeof parsePolicy> =>
    parsePolicy(`witness w ${key.vkey} ${urls[0] ?? ""}\nquorum w\n`);

  it("a case goes from pending to witnessed, and back to pending for what comes later", async () => {
    const log = openCaseLog(fresh(), logSigner, { policy: policyFor(running.url) });
    expect(log.status()).toEqual({ state: "pending", size: 1, witnessedSize: 0, sealedAt: null });
    const first = await sealCase(log, logSigner);
    expect(first.witnesses).toEqual([{ name: "w", cosigned: true, why: "cosigned" }]);
    expect(first.status.state).toBe("witnessed");
    expect(Math.abs(Date.parse(first.status.sealedAt as string) - Date.now())).toBeLessThan(5000);
    log.appendAll(Array.from({ length: 40 }, (_, n) => ({ type: "finding", record: { n } })));
    expect(log.status()).toMatchObject({ state: "pending", witnessedSize: 1 });
    expect(log.witnessedAt(0)).toBeGreaterThan(0);
    expect(log.witnessedAt(20)).toBeUndefined();
    expect((await sealCase(log, logSigner)).status).toMatchObject({ state: "witnessed", witnessedSize: 41 });
    expect(log.proofFile(20)).toContain("— witness.example/w ");
    expect(log.sealed().map(({ checkpoint }) => checkpoint.size)).toEqual([1, 41]);
    log.close();
  });

  it("an older copy of a case, and a case written anew, are found out", async () => {
    const keys = JSON.stringify({ nonces: Buffer.alloc(32, 5).toString("base64") });
    const make = (records: number): CaseLog => {
      const at = fresh();
      writeFileSync(join(at, "keys.json"), keys);
      const log = openCaseLog(at, logSigner, { policy: policyFor(running.url) });
      for (let n = 0; n < records; n++) log.append("comment", { n });
      return log;
    };
    const whole = make(5);
    await sealCase(whole, logSigner);
    const older = make(3);
    expect(await code(sealCase(older, logSigner))).toBe("log-rolled-back");
    const anew = make(4);
    anew.append("comment", { n: "another" });
    anew.append("comment", { n: "longer" });
    expect(await code(sealCase(anew, logSigner))).toBe("log-rolled-back");
    for (const log of [whole, older, anew]) log.close();
  });

  it("cosignatures of another history do not count for this one", async () => {
    const keys = JSON.stringify({ nonces: Buffer.alloc(32, 6).toString("base64") });
    const [one, two] = [fresh(), fresh()].map((at) => {
      writeFileSync(join(at, "keys.json"), keys);
      return openCaseLog(at, logSigner, { policy: policyFor(running.url) });
    }) as [CaseLog, CaseLog];
    one.append("finding", { id: "shown" });
    two.append("finding", { id: "hidden" });
    await sealCase(one, logSigner);
    cpSync(join(one.folder, "log", "sealed"), join(two.folder, "log", "sealed"), { recursive: true });
    expect(one.status().state).toBe("witnessed");
    expect(await code(Promise.resolve().then(() => two.status()))).toBe("log-damaged");
    one.close();
    two.close();
  });

  it("a cosignature with a time far from ours is not taken", async () => {
    const log = openCaseLog(fresh(), logSigner);
    const wild = new Witness(fresh(), key, known);
    const server = await serveWitness(wild, { clock: () => Date.now() / 1000 + 3 * 24 * 3600 });
    expect(await code(requestCosignature(log, log.checkpoint(), logSigner, { name: "w", url: server.url, key: key.key }))).toBe(
      "witness-refused",
    );
    await server.close();
    wild.close();
    log.close();
  });

  it("an unreachable or refusing witness leaves the case pending", async () => {
    const log = openCaseLog(fresh(), logSigner, { policy: policyFor("http://127.0.0.1:1") });
    const outcome = await sealCase(log, logSigner);
    expect(outcome.status.state).toBe("pending");
    expect(outcome.witnesses[0]?.cosigned).toBe(false);
    const stranger = openCaseLog(fresh(), Signer.generate("unknown.example"), { policy: policyFor(running.url) });
    const refused = await sealCase(stranger, Signer.generate("unknown.example")).catch(() => undefined);
    expect(refused === undefined || refused.status.state === "pending").toBe(true);
    log.close();
    stranger.close();
  });

  it("a cosignature by another key than the policy's does not count", async () => {
    const log = openCaseLog(fresh(), logSigner);
    const other = Signer.generate("witness.example/w", KEY_TYPE.cosignature);
    expect(await code(requestCosignature(log, log.checkpoint(), logSigner, { name: "w", url: running.url, key: other.key }))).toBe(
      "witness-refused",
    );
    expect(await code(requestCosignature(log, log.checkpoint(), logSigner, { name: "w", url: "file:///etc/passwd", key: other.key }))).toBe(
      "witness-refused",
    );
    log.close();
  });

  it("many requests at once: one history, sizes only grow", async () => {
    const log = openCaseLog(fresh(), logSigner);
    const heads: { size: number; note: string }[] = [];
    for (let i = 0; i < 8; i++) {
      log.append("comment", { i });
      heads.push({ size: log.size, note: log.checkpoint() });
    }
    const answers = await Promise.all(
      heads.map(
        async ({ note }) =>
          (await fetch(`${running.url}/add-checkpoint`, { method: "POST", body: formatAddCheckpoint(0, [], note) })).status,
      ),
    );
    expect(answers.filter((status) => status === 200)).toHaveLength(1);
    expect(answers.filter((status) => status === 409)).toHaveLength(7);
    log.close();
  });

  it("bounds bodies, methods and the rate, and answers who it is", async () => {
    expect((await fetch(`${running.url}/`)).status).toBe(200);
    expect(await (await fetch(`${running.url}/`)).text()).toContain(key.vkey);
    expect((await fetch(`${running.url}/add-checkpoint`)).status).toBe(405);
    expect((await fetch(`${running.url}/nothing`)).status).toBe(404);
    expect((await fetch(`${running.url}/../../etc/passwd`)).status).toBe(404);
    const long = await fetch(`${running.url}/add-checkpoint`, { method: "POST", body: "a".repeat(WITNESS_LIMITS.body + 1) }).then(
      (response) => response.status,
      () => 413,
    );
    expect(long).toBe(413);
    let limited = 0;
    for (let i = 0; i < 30; i++) if ((await fetch(`${running.url}/nothing`)).status === 429) limited++;
    expect(limited).toBeGreaterThan(10);
  });

  it("a request that stops half-way costs nothing", async () => {
    await new Promise<void>((resolve) => {
      const half = request(`${running.url}/add-checkpoint`, { method: "POST", headers: { "content-length": 1000 } });
      half.on("error", () => resolve());
      half.write("old 0\n");
      setTimeout(() => half.destroy(), 50);
    });
    expect((await fetch(`${running.url}/`)).status).toBe(200);
  });

  it("knows its state again after a restart", async () => {
    const log = openCaseLog(fresh(), logSigner, { policy: policyFor(running.url) });
    await sealCase(log, logSigner);
    await running.close();
    witness.close();
    witness = new Witness(folder, key, known);
    log.append("comment", {});
    expect(witness.addCheckpoint(Buffer.from(formatAddCheckpoint(0, [], log.checkpoint())), Date.now() / 1000).status).toBe(409);
    running = await serveWitness(witness);
    log.close();
  });
});

it("requests have one form", () => {
  const hashLine = `${"A".repeat(43)}=`;
  const log = openCaseLog(fresh(), logSigner);
  const note = log.checkpoint();
  for (const bad of [
    "old 00",
    "old",
    "old -1",
    "Old 1",
    "old 1 ",
    "old 1\nx",
    `old 1\n${"A".repeat(44)}`,
    `old 1\n${`${hashLine}\n`.repeat(64)}`.trimEnd(),
  ]) {
    expect(parseAddCheckpoint(Buffer.from(`${bad}\n\n${note}`)), bad).toBeUndefined();
  }
  expect(parseAddCheckpoint(Buffer.from(`old 1\n${hashLine}\n\n${note}`))?.proof).toHaveLength(1);
  expect(parseAddCheckpoint(Buffer.concat([Buffer.of(0xff), body(0, log)]))).toBeUndefined();
  log.close();
});

it("known logs: a list of keys, admitted by name", () => {
  expect(() => parseKnownLogs(`log ${key.vkey}`)).toThrow("line 1");
  expect(() => parseKnownLogs("\nlog x")).toThrow("line 2");
  expect(parseKnownLogs(`${logSigner.vkey}\n`)).toHaveLength(1);
  expect(formatPolicy(parsePolicy("quorum none\n"))).toBe("quorum none\n");
  expect(existsSync("/nonexistent")).toBe(false);
});
