/** Elements whose links are all tapped: what the lab's networks say of them when every capture is declared complete. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import { scan, type ScanResult } from "#run/scan.ts";

async function run(name: string, complete: (file: string) => boolean): Promise<ScanResult["document"]> {
  const s = catalogue.find((c) => c.name === name);
  if (s === undefined) throw new Error(`no scenario ${name}`);
  const directory = mkdtempSync(join(tmpdir(), "enclosure-"));
  try {
    writeCase(s, "enclosed", directory);
    const captures = readdirSync(directory).filter((f) => f.endsWith(".pcap"));
    const network = join(directory, "network.yaml");
    const points = captures
      .map((f) => `  - { match: "${f}", complete: ${complete(f)}${f.includes("sgi") ? ", interface: SGi" : ""} }\n`)
      .join("");
    writeFileSync(network, readFileSync(network, "utf8").replace(/points:[^\n]*\n(?: {2}- [^\n]*\n)*/, `points:\n${points}`));
    const { document } = await scan({
      paths: captures.map((f) => join(directory, f)),
      declaration: loadDeclaration(network),
      skipBad: false,
      identities: false,
    });
    return document;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const conserved = (document: ScanResult["document"]): string[] =>
  document.coverage.notSeen.filter((l) => /subscribers' packets that left/.test(l));

test("all links tapped: the copy's element is enclosed, and each packet on the path has its parent", async () => {
  const document = await run("copy-vxlan", () => true);
  const [finding] = document.findings;
  expect(finding).toMatchObject({ claim: "covert-copy", grade: "proven" });
  expect(finding?.element.basis).toBe("enclosed");
  expect(finding?.premises.map(({ id }) => id)).toContain("enclosed");
  const notes = conserved(document);
  expect(notes.some((line) => line.startsWith(`No copy left ${finding?.element.name ?? ""} readable on its path`))).toBe(true);
});

test("an incomplete point says nothing", async () => {
  const document = await run("copy-vxlan", () => false);
  expect(document.findings[0]?.element.basis).toBe("address");
  expect(conserved(document)).toEqual([]);
});

test("the clean network balances", async () => {
  const document = await run("clean-combined", () => true);
  expect(document.findings).toEqual([]);
  const notes = conserved(document);
  expect(notes.length).toBeGreaterThan(0);
  for (const line of notes) expect(line).toMatch(/^No copy left .* which bound what could have left/);
});
