/**
 * What a user gets who has no clone: the tarball, installed in an empty folder by npm, run by the Node that the machine has (an older one
 * than Tapproof needs, too). Scans the real capture, verifies the bundle, serves the case. Needs the npm registry, or npm's cache.
 */
import { spawn, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildOnce } from "../../tools/test/set-up.ts";

const root = mkdtempSync(join(tmpdir(), "tapproof-tarball-"));
const empty = join(root, "empty");
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** As in a shell outside the clone: nothing of this run's npm, and not the Node that the clone brought along. */
const env: NodeJS.ProcessEnv = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("npm_") && !/^(VITEST|TAPPROOF_|NODE_)/.test(name)),
  ),
  PATH: (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"))
    .join(delimiter),
  HOME: join(root, "home"),
  npm_config_cache: process.env["npm_config_cache"] ?? join(process.env["HOME"] ?? root, ".npm"),
  npm_config_update_notifier: "false",
};
const call = (folder: string, command: string, ...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(command, args, { cwd: folder, env, encoding: "utf8", maxBuffer: 1 << 26 });

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}
let packed: Packed;
let installed: SpawnSyncReturns<string>;

beforeAll(() => {
  buildOnce();
  mkdirSync(env["HOME"] as string);
  mkdirSync(empty);
  // What must not go along lies where it can: in the clone, in folders that are shipped, too.
  const clone = join(root, "clone");
  const skip = new Set(["node_modules", ".git", "test-artifacts", "demo-case"].map((name) => resolve(name)));
  cpSync(".", clone, { recursive: true, filter: (from) => !skip.has(resolve(from)) });
  for (const folder of ["my-case", "examples/evidence"]) {
    mkdirSync(join(clone, folder));
    for (const name of ["keys.json", "case.json", "case.duckdb"]) writeFileSync(join(clone, folder, name), "{}");
    writeFileSync(join(clone, folder, ".gitignore"), "*\n");
  }
  copyFileSync("examples/lte-lab-b1-vxlan-mirred/oam.pcap.gz", join(clone, "people.pcap.gz"));
  const pack = call(clone, "npm", "pack", "--ignore-scripts", "--json", "--pack-destination", root);
  const answer = JSON.parse(pack.stdout) as readonly Packed[] | Readonly<Record<string, Packed>>;
  packed = Object.values(answer)[0] as Packed;
  writeFileSync(join(empty, "package.json"), "{}");
  installed = call(empty, "npm", "install", "--no-audit", "--no-fund", "--prefer-offline", join(root, packed.filename));
}, 300_000);

describe("the tarball", () => {
  it("holds the built program and the example, and nothing of a user, a test or a key", () => {
    const paths = packed.files.map(({ path }) => path);
    for (const path of ["bin/tapproof.cjs", "dist/cli.js", "dist/web/index.html", "tools/verify/verify.py", "LICENSE", "README.md"])
      expect(paths).toContain(path);
    const documents = /^docs\/[a-z-]+\.md$/;
    expect(
      paths.filter(
        (path) => !documents.test(path) && /keys\.json|case\.|duckdb|\.key$|\.test\.|^test\/|^src\/|^lab\/|my-case|evidence\//.test(path),
      ),
    ).toEqual([]);
    expect(paths.filter((path) => /\.(pcap|pcapng|cap)(\.|$)/.test(path) && !path.startsWith("examples/lte-lab-b1-vxlan-mirred/"))).toEqual(
      [],
    );
  });
  it("installs in an empty folder", () => expect([installed.status, installed.stderr]).toEqual([0, expect.any(String)]));
});

describe("the installed program", { timeout: 120_000 }, () => {
  const bin = (): string => join(empty, "node_modules", ".bin", "tapproof");
  const example = "node_modules/tapproof/examples/lte-lab-b1-vxlan-mirred";

  it("says its version, under every name", () => {
    const version = `${(JSON.parse(readFileSync("package.json", "utf8")) as { version: string }).version}\n`;
    expect(call(empty, bin(), "--version")).toMatchObject({ status: 0, stdout: version, stderr: "" });
    expect(call(empty, "npx", "tapproof", "--version").stdout).toBe(version);
  });
  it("scans, verifies, reports, queries", () => {
    const scan = call(empty, bin(), "scan", example, "--network", `${example}/network.yaml`, "--case", "my-case", "--json");
    expect([scan.status, scan.stderr]).toEqual([0, ""]);
    const { findings } = JSON.parse(scan.stdout) as { findings: readonly { claim: string; grade: string }[] };
    expect(findings).toEqual([expect.objectContaining({ claim: "covert-copy", grade: "proven" })]);
    const key = join(env["HOME"] as string, ".config", "tapproof", "tapproof.pub");
    const bundle = readdirSync(join(empty, "my-case")).find((name) => name.endsWith(".tapproof")) ?? "";
    const verify = call(empty, bin(), "verify", `my-case/${bundle}`, "--key", key, "--captures", example);
    expect([verify.status, verify.stdout]).toEqual([0, expect.stringContaining("level: L3")]);
    expect(call(empty, bin(), "report", "my-case")).toMatchObject({ status: 0 });
    expect(call(empty, bin(), "query", "my-case", "SELECT count(*) AS n FROM findings", "--json").stdout).toBe('{"n":"1"}\n');
    expect(existsSync(join(empty, "my-case", ".gitignore"))).toBe(true);
  });
  it("serves the case with its pages", async () => {
    const child = spawn(bin(), ["serve", "my-case", "--no-open"], { cwd: empty, env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      const address = await new Promise<string>((answer) => createInterface({ input: child.stdout }).once("line", answer));
      const page = await fetch(address);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("<script")]);
    } finally {
      child.kill("SIGTERM");
    }
  });
  it("lab and learn, which load what others do not", () => {
    expect(call(empty, bin(), "lab", "--list")).toMatchObject({ status: 0 });
    expect(call(empty, bin(), "learn", example)).toMatchObject({ status: 0, stdout: expect.stringContaining("functions:") as unknown });
  });
});

it("installs globally, where a link leads to it", { timeout: 120_000 }, () => {
  const prefix = join(root, "global");
  const install = call(
    root,
    "npm",
    "install",
    "-g",
    "--prefix",
    prefix,
    "--no-audit",
    "--no-fund",
    "--prefer-offline",
    join(root, packed.filename),
  );
  expect([install.status, install.stderr]).toEqual([0, expect.any(String)]);
  expect(call(root, join(prefix, "bin", "tapproof"), "--version")).toMatchObject({ status: 0, stderr: "" });
});
