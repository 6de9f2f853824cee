/** The second verifier, where Python is at hand. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const VERIFIER = "tools/verify/verify.py";

export function pythonAtHand(): boolean {
  const there = spawnSync("python3", ["--version"], { stdio: "ignore" }).status === 0;
  if (!there) console.warn("bundle: python3 is absent, the second verifier is NOT tested");
  return there;
}

export interface PythonResult {
  readonly status: number | null;
  readonly level: string;
  readonly origin: string;
  readonly checks: readonly { readonly code: string; readonly status: string; readonly part: string | null; readonly detail: string }[];
}

export function verifyInPython(
  octets: Uint8Array,
  options: {
    readonly key?: string;
    readonly checkpoint?: string;
    readonly anySigner?: boolean;
    readonly witnesses?: readonly string[];
    readonly parties?: readonly string[];
  },
): PythonResult {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-python-"));
  try {
    const file = (name: string, content: Uint8Array | string): string => {
      writeFileSync(join(folder, name), content);
      return join(folder, name);
    };
    const words = [VERIFIER, file("bundle", octets), "--json"];
    if (options.key !== undefined) words.push("--key", file("key", `${options.key}\n`));
    if (options.checkpoint !== undefined) words.push("--checkpoint", file("checkpoint", options.checkpoint));
    if (options.anySigner === true) words.push("--any-signer");
    for (const [i, key] of (options.witnesses ?? []).entries()) words.push("--witness", file(`witness-${i}`, `${key}\n`));
    for (const [i, key] of (options.parties ?? []).entries()) words.push("--party", file(`party-${i}`, `${key}\n`));
    const run = spawnSync("python3", words, { encoding: "utf8" });
    const result =
      run.stdout === "" ? { level: "none", origin: "not checked", checks: [] } : (JSON.parse(run.stdout) as Omit<PythonResult, "status">);
    return { status: run.status, ...result };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Many bundles in one process of the same program: a new one for each takes longer than the checks. */
const MANY = `
import importlib.util, json, sys
spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
for path in sys.argv[3:]:
    with open(path, "rb") as file:
        print(json.dumps(list(module.run(module.Bundle(file.read(), sys.argv[2], None)))))
`;

export function verifyManyInPython(bundles: readonly Uint8Array[], key: string): PythonResult["checks"][] {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-python-"));
  try {
    const files = bundles.map((octets, i) => {
      const file = join(folder, String(i));
      writeFileSync(file, octets);
      return file;
    });
    const run = spawnSync("python3", ["-c", MANY, VERIFIER, key, ...files], { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.status !== 0) throw new Error(run.stderr);
    const lines = run.stdout.split("\n").slice(0, -1);
    return lines.map((line) => JSON.parse(line) as PythonResult["checks"]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
