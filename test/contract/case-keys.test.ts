/** Keys apart from data: where the secrets of a case lie, and a case that is handed on without them. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-keys-"));
const at = (...names: string[]): string => join(folder, ...names);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Text extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function tapproof(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new Text(), new Text()];
  const code = await run(args, { stdin: Readable.from([]), stdout, stderr, env: { TAPPROOF_HOME: at("home") } });
  // `--keys` is for a process and those that it starts.
  delete process.env["TAPPROOF_KEYS"];
  return { code, out: stdout.text, err: stderr.text };
}

let inputs: string[] = [];
async function scan(name: string, ...options: string[]): Promise<string> {
  const { code, err } = await tapproof("scan", ...inputs, "--case", at(name), ...options);
  expect(err + String(code)).toMatch(/0$/);
  return at(name);
}

/** Every file below a folder, by its path there. */
function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

beforeAll(() => {
  const scenario = catalogue.find(({ name }) => name === "copy-vxlan");
  if (scenario === undefined) throw new Error("no such scenario");
  writeCase(scenario, "keys", at("lab"));
  const captures = readdirSync(at("lab")).filter((name) => name.includes(".pcap"));
  const network = readdirSync(at("lab")).find((name) => name.startsWith("network.")) as string;
  inputs = [...captures.map((name) => at("lab", name)), "--network", at("lab", network)];
});

describe("keys apart from the case", () => {
  it("lie in the folder that is named, and nothing of them in the case", async () => {
    const dir = await scan("apart", "--keys", at("vault"));
    const [file] = readdirSync(at("vault")).filter((name) => name.endsWith(".json")) as [string];
    expect(statSync(at("vault", file)).mode & 0o777).toBe(0o600);
    expect(statSync(at("vault")).mode & 0o777).toBe(0o700);
    const secrets = Object.values(JSON.parse(readFileSync(at("vault", file), "utf8")) as Record<string, string>);
    expect(secrets.length).toBeGreaterThan(3);
    expect(existsSync(join(dir, "keys.json"))).toBe(false);
    for (const name of filesIn(dir)) {
      const octets = readFileSync(join(dir, name), "latin1");
      for (const secret of secrets) {
        expect(octets.includes(secret), name).toBe(false);
        expect(octets.includes(Buffer.from(secret, "base64").toString("latin1")), name).toBe(false);
      }
    }
    expect((await tapproof("custody", dir, "--add", "opened", "--purpose", "audit")).err).toContain("its keys lie apart");
    expect((await tapproof("custody", dir, "--add", "opened", "--purpose", "audit", "--keys", at("vault"))).code).toBe(0);
  });

  it("stay in keys.json where no folder is named, and a case that began so goes on so", async () => {
    const dir = await scan("within");
    expect(existsSync(join(dir, "keys.json"))).toBe(true);
    expect((await tapproof("custody", dir, "--add", "opened", "--purpose", "audit", "--keys", at("vault"))).code).toBe(0);
    expect(existsSync(join(dir, "keys.id"))).toBe(false);
  });

  it("are not looked for outside of their folder, whatever a stranger's case says", async () => {
    const dir = await scan("stranger", "--keys", at("vault"));
    writeFileSync(join(dir, "keys.id"), "../../etc/passwd\n");
    const { code, err } = await tapproof("custody", dir, "--add", "opened", "--purpose", "audit", "--keys", at("vault"));
    expect(code).toBe(2);
    expect(err).toMatch(/keys\.id: is no number of a case's keys/);
  });
});

describe("a case that is handed on", () => {
  it("goes without its keys, says so, and can be read", async () => {
    const dir = await scan("given");
    symlinkSync("/etc/passwd", join(dir, "link"));
    const { code, out } = await tapproof("custody", dir, "--hand-over", at("copy"), "--by", "custodian", "--purpose", "review");
    expect([code, out]).toEqual([0, expect.stringContaining("a copy of the case without its keys: it can be read")]);
    const left = filesIn(dir).filter((name) => !filesIn(at("copy")).includes(name));
    expect(left.filter((name) => !/(^|[./])lock$/.test(name))).toEqual(["keys.json"]);
    expect(existsSync(at("copy", "link"))).toBe(false);
    // What can be done: each says once that the keys are not here, and ends well.
    for (const command of [
      ["query", at("copy"), "SELECT count(*) FROM flows"],
      ["report", at("copy")],
      ["report", at("copy"), "--format", "csv", "--out", at("findings.csv")],
      ["custody", at("copy")],
      ["custody", at("copy"), "--check"],
    ]) {
      const done = await tapproof(...command);
      expect([command.join(" "), done.code]).toEqual([command.join(" "), 0]);
      expect(done.err).toContain("it was handed on without its keys: it can be read");
    }
    expect((await tapproof("custody", at("copy"))).out).toContain("handed-over by custodian");
    const [bundle] = readdirSync(at("copy")).filter((name) => name.endsWith(".tapproof")) as [string];
    expect((await tapproof("verify", at("copy", bundle), "--key", at("home", "tapproof.pub"))).code).toBe(0);
  });

  it("is added to by nobody, and nothing is opened: exit 2, one line, nothing drawn", async () => {
    const finding = (JSON.parse(readFileSync(at("copy", "findings.json"), "utf8")) as { findings: { id: string }[] }).findings[0]
      ?.id as string;
    const before = filesIn(at("copy"));
    for (const command of [
      ["scan", ...inputs, "--case", at("copy"), "--append"],
      ["custody", at("copy"), "--add", "received", "--purpose", "review"],
      ["bundle", at("copy"), "--open", "subscriber", "0", "--finding", finding, "--reason", "review"],
    ]) {
      const { code, err } = await tapproof(...command);
      const told = err.split("\n").filter((line) => line !== "" && !line.includes("warning"));
      expect([command[0], code, told]).toEqual([command[0], 2, [expect.stringContaining("it was handed on without its keys")]]);
    }
    expect(filesIn(at("copy")).filter((name) => !before.includes(name) && !name.endsWith("lock"))).toEqual([]);
  });

  it("is not copied into itself, nor over what is there", async () => {
    for (const target of [at("given", "inside"), at("copy")]) {
      const { code } = await tapproof("custody", at("given"), "--hand-over", target, "--purpose", "review");
      expect(code).toBe(2);
    }
  });
});
