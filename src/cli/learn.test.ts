import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { scan } from "#run/scan.ts";
import { learnCommand } from "./learn.ts";

const CAPTURES = "../shared/captures";
const present = existsSync(`${CAPTURES}/claims-examples`) && existsSync(`${CAPTURES}/lte-lab`);
if (!present) console.warn("SKIPPED: ../shared/captures is absent, nothing was learned");
const folder = mkdtempSync(join(tmpdir(), "tapproof-learn-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const quiet = new Writable({ write: (_chunk, _encoding, done) => done() });

async function learn(captures: string): Promise<{ file: string; data: string; comments: string }> {
  const file = join(folder, `${captures.replaceAll("/", "_")}.yaml`);
  expect(await learnCommand({ captures: [`${CAPTURES}/${captures}`], out: file, skipBad: false }, { stdout: quiet, stderr: quiet })).toBe(
    0,
  );
  const lines = readFileSync(file, "utf8").split("\n");
  const comment = (line: string): boolean => line.trimStart().startsWith("#");
  return { file, data: lines.filter((l) => !comment(l)).join("\n"), comments: lines.filter(comment).join("\n") };
}

describe.skipIf(!present)("tapproof learn", () => {
  it.each(["claims-examples/clean-handover", "lte-lab/a1-clean"])(
    "a clean network scanned with its own draft gives no finding: %s",
    async (name) => {
      const { file, data } = await learn(name);
      const loaded = loadDeclaration(file);
      expect(loaded.warnings).toEqual([]);
      expect(loaded.declaration.functions.length).toBeGreaterThan(2);
      expect(loaded.declaration.grants).toEqual([]);
      expect(data).toContain("unreviewed: [management]");
      const { listCaptures } = await import("#capture/open.ts");
      const { document } = await scan({
        paths: await listCaptures([`${CAPTURES}/${name}`]),
        declaration: loaded,
        skipBad: false,
        identities: false,
      });
      expect(document.findings).toEqual([]);
    },
  );

  it.each([
    ["claims-examples/undeclared-peer", "198.51.100.245"],
    ["claims-examples/ungranted-access", "198.51.100.137"],
    ["claims-examples/unreasoned-query", "203.0.113.180"],
    ["claims-examples/unwarranted-interception", "203.0.113.198"],
    ["claims-examples/covert-copy", "192.0.2.138"],
    ["claims-examples/undeclared-trace", "203.0.113.211"],
    ["claims-examples/undeclared-duplication", "192.0.2.175"],
    ["lte-lab/b1-vxlan-mirred", "203.0.113.77"],
  ])("%s: %s is listed as unexplained, and not declared", async (name, intruder) => {
    const { data, comments } = await learn(name);
    expect(data).not.toContain(intruder);
    expect(comments).toContain(intruder);
  });

  it("does not write over a declaration that is there", async () => {
    const file = join(folder, "mine.yaml");
    writeFileSync(file, "network: { name: mine }\n");
    const again = learnCommand({ captures: [`${CAPTURES}/lte-lab/a1-clean`], out: file, skipBad: false }, { stdout: quiet, stderr: quiet });
    await expect(again).rejects.toMatchObject({ exitCode: 2 });
    expect(readFileSync(file, "utf8")).toBe("network: { name: mine }\n");
  });
});
