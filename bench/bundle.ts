/**
 * What a bundle of many findings costs to verify: in process (Node's hash, WebCrypto's Ed25519), as a command, and by the second verifier.
 *
 *   node bench/bundle.ts [--findings 100] [--rounds 5]
 *
 * The findings are those of a lab case, each with a receiver, a match table, pairs and carved packets of its own.
 */
import { spawnSync } from "node:child_process";
import { createHash, hash } from "node:crypto";
import { mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleCase, carvedPath } from "#evidence/bundle/assemble.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, readCaseLog, type LogItem } from "#evidence/log/case-log.ts";
import { findingId } from "#findings/assemble.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import { listCaptures } from "#capture/open.ts";
import { scan } from "#run/scan.ts";
import { sealScan } from "#run/seal/seal.ts";
import { verifyBundle } from "#verify/verify.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions("bench/bundle.ts [--findings N] [--rounds N]");
const FINDINGS = options.number("findings", 100);
const ROUNDS = options.number("rounds", 5);

const folder = mkdtempSync(join(tmpdir(), "tapproof-bench-bundle-"));
try {
  const signer = Signer.fromSeed("bench.example", Buffer.alloc(32, 1));
  const octets = await manyFindings(signer);
  const file = join(folder, "many.tapproof");
  const key = join(folder, "key.pub");
  writeFileSync(file, octets);
  writeFileSync(key, `${formatVerifierKey(signer.key)}\n`);
  console.log(`${FINDINGS} findings, ${(octets.length / 1e6).toFixed(2)} MB; least (median) of ${ROUNDS} rounds, seconds`);
  const options = { key: formatVerifierKey(signer.key) };
  const fast = { sha256: (o: Uint8Array) => hash("sha256", o, "buffer") };
  await report("in process, Node's hash", async () => (await verifyBundle(octets, { ...options, primitives: fast })).passed);
  await report("in process, WebCrypto", async () => (await verifyBundle(octets, options)).passed);
  await report("tapproof verify", () => spawnSync(process.execPath, ["bin/tapproof.cjs", "verify", file, "--key", key]).status === 0);
  await report("verify.py", () => spawnSync("python3", ["tools/verify/verify.py", file, "--key", key]).status === 0);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function report(what: string, work: () => boolean | Promise<boolean>): Promise<void> {
  const wall: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < ROUNDS; i++) {
    const began = performance.now();
    const before = cpuSeconds();
    if (!(await work())) return console.log(`${what.padEnd(28)} does not hold, or is not at hand`);
    wall.push((performance.now() - began) / 1000);
    cpu.push(cpuSeconds() - before);
  }
  const least = (of: readonly number[]): string => Math.min(...of).toFixed(2);
  const median = (of: readonly number[]): string => (of.toSorted((a, b) => a - b)[of.length >> 1] as number).toFixed(2);
  console.log(`${what.padEnd(28)} CPU ${least(cpu)} (${median(cpu)})   clock ${least(wall)} (${median(wall)})`);
}

/** CPU of this process and of the children that it waited for. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) / 100;
}

/** A case of one finding, its records written again with another receiver each. */
async function manyFindings(signer: Signer): Promise<Buffer> {
  const scenario = catalogue.find((c) => c.name === "copy-vxlan");
  if (scenario === undefined) throw new Error("no such scenario");
  const captures = join(folder, "captures");
  writeCase(scenario, "bench", captures);
  const made = join(folder, "one");
  mkdirSync(made);
  const declaration = loadDeclaration(join(captures, "network.yaml"));
  const result = await scan({ paths: await listCaptures([captures]), declaration, skipBad: false, identities: false });
  await sealScan(made, signer, { result, options: { sample: 1, copyBytes: -1, tlsKeys: false }, declaration, register: null });

  const many = join(folder, "many");
  mkdirSync(join(many, "carved"), { recursive: true });
  const items: LogItem[] = [];
  const findings: { id: string; record: string }[] = [];
  const sha256 = (record: object): string => hash("sha256", canonicalJson(record), "hex");
  type Any = Record<string, unknown>;
  const entries = [...(readCaseLog(made)?.records() ?? [])];
  const of = (type: string): Any => structuredClone(entries.find((e) => e.type === type)?.value ?? {}) as Any;
  const draft = result.drafts[0];
  if (draft === undefined || draft.receiver === null) throw new Error("the scenario has no finding");
  for (const { type, value } of entries)
    if (!["origin", "finding", "match", "carved", "coverage"].includes(type)) items.push({ type, record: value });
  for (let i = 0; i < FINDINGS; i++) {
    const receiver = { ...draft.receiver, address: `203.0.113.${i % 256}`, name: `host-${i}` };
    const id = findingId({ ...draft, receiver }, result.document.network);
    const match = { ...of("match"), finding: id };
    // A file of its own each: the comment of its section differs.
    const whole = Buffer.from(readFileSync(carvedPath(made, (of("carved")["file"] as Any)["sha256"] as string)));
    whole.write(id.slice(0, 12), whole.indexOf("finding ") + 8);
    const file = { bytes: whole.length, sha256: createHash("sha256").update(whole).digest("hex") };
    writeFileSync(carvedPath(many, file.sha256), whole);
    const carved = { ...of("carved"), finding: id, file };
    const finding = { ...of("finding"), id, receiver, match: sha256(match), carved: sha256(carved) };
    items.push({ type: "match", record: match }, { type: "carved", record: carved }, { type: "finding", record: finding });
    findings.push({ id, record: sha256(finding) });
  }
  items.push({ type: "coverage", record: { ...of("coverage"), findings } });
  const log = openCaseLog(many, signer);
  log.appendAll(items);
  try {
    return bundleCase(many, log, signer);
  } finally {
    log.close();
  }
}
