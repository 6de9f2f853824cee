import { createHash } from "node:crypto";
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { findScenario } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";
import { contradictions, findingsSchema, type Document } from "./findings-schema.ts";

const EXAMPLES = "test/captures/claims-examples";
/** One of each kind of finding, of silence, and of input that is not whole. */
const SCENARIOS = ["clean-split", "copy-vxlan", "copy-esp", "copy-to-element", "copy-two-receivers", "copy-dns-only", "copy-tls"];

const valid = new Ajv2020({ allErrors: true, allowUnionTypes: true }).compile(findingsSchema);

async function documentOf(folder: string, options: { readonly declared?: boolean; readonly identities?: boolean } = {}): Promise<Document> {
  const files = readdirSync(folder);
  const warrants = files.find((file) => file.startsWith("warrants."));
  const { document } = await scan({
    paths: files.filter((file) => file.includes(".pcap")).map((file) => join(folder, file)),
    declaration: options.declared === false ? null : loadDeclaration(join(folder, "network.yaml")),
    register: warrants === undefined || options.declared === false ? null : loadRegister(join(folder, warrants)),
    skipBad: false,
    identities: options.identities === true,
  });
  return JSON.parse(JSON.stringify(document)) as Document;
}

function check(document: Document, folder: string, identities: boolean): void {
  valid(document);
  expect((valid.errors ?? []).map((e) => `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`)).toEqual([]);
  expect(contradictions(document, { identities })).toEqual([]);
  for (const { file, sha256 } of document.captures) {
    expect(sha256).toBe(
      createHash("sha256")
        .update(readFileSync(join(folder, file)))
        .digest("hex"),
    );
  }
}

const root = mkdtempSync(join(tmpdir(), "tapproof-contract-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe("scan --json is what the contract says", () => {
  const examples = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  it.each([...examples.map(({ name }) => join(EXAMPLES, name)), "examples/lte-lab-b1-vxlan-mirred"])("%s", async (folder) => {
    check(await documentOf(folder), folder, false);
    check(await documentOf(folder, { identities: true }), folder, true);
    check(await documentOf(folder, { declared: false }), folder, false);
  });

  it("a file given twice, under two names, is one capture in the evidence", async () => {
    const folder = join(root, "twice");
    mkdirSync(folder);
    for (const name of ["core.pcap", "again-core.pcap"]) copyFileSync(join(EXAMPLES, "ghost-tunnel/core.pcap"), join(folder, name));
    copyFileSync(join(EXAMPLES, "ghost-tunnel/network.yaml"), join(folder, "network.yaml"));
    const [once, twice] = [await documentOf(join(EXAMPLES, "ghost-tunnel")), await documentOf(folder)];
    check(twice, folder, false);
    expect(twice.findings.map(({ id }) => id)).toEqual(once.findings.map(({ id }) => id));
  });

  // The same octets are one observation: counted once, whatever the file is called.
  it.each(["ghost-tunnel/core.pcap", "unwarranted-interception/core.pcap", "undeclared-peer/core.pcap", "covert-copy/sgi.pcap"])(
    "%s given twice counts once",
    async (name) => {
      const original = join(EXAMPLES, dirname(name));
      const folder = join(root, `twice-${dirname(name)}`);
      cpSync(original, folder, { recursive: true });
      const [once, twice] = [
        await documentOf(folder),
        await (copyFileSync(join(EXAMPLES, name), join(folder, "z-again.pcap")), documentOf(folder)),
      ];
      const amounts = ({ findings }: Document): unknown =>
        findings.map(({ id, grade, evidence, ...rest }) => ({
          id,
          grade,
          evidence,
          packets: (rest as unknown as { packets: number }).packets,
        }));
      expect(amounts(twice)).toEqual(amounts(once));
      expect(twice.captures.map(({ file }) => file)).toEqual(once.captures.map(({ file }) => file));
      const { gaps } = twice.coverage as unknown as { gaps: { kind: string; why: string }[] };
      expect(gaps.filter(({ kind }) => kind === "duplicate-capture").map(({ why }) => why)).toEqual([
        `z-again.pcap holds the same octets as ${basename(name)}, which was read: one observation, counted once`,
      ]);
    },
  );

  it("does not depend on the order of the files, and with the same keys not on the run", async () => {
    const folder = "examples/lte-lab-b1-vxlan-mirred";
    const paths = readdirSync(folder)
      .filter((file) => file.includes(".pcap"))
      .map((file) => join(folder, file));
    const keys = { print: new Uint8Array(16).fill(1), sampling: new Uint8Array(16).fill(2) };
    const run = async (order: readonly string[], threads: number): Promise<unknown> => {
      const { document } = await scan({
        paths: order,
        declaration: loadDeclaration(join(folder, "network.yaml")),
        skipBad: false,
        identities: false,
        pseudonymKey: new Uint8Array(32).fill(3),
        copyKeys: keys,
        threads,
      });
      return { ...document, stats: null, captures: document.captures.toSorted((a, b) => (a.file < b.file ? -1 : 1)) };
    };
    const once = await run(paths, 1);
    expect(await run(paths.toReversed(), 1)).toEqual(once);
    expect(await run(paths, 2)).toEqual(once);
  });

  it.each(SCENARIOS)("lab %s", async (name) => {
    const scenario = findScenario(name);
    if (scenario === undefined) throw new Error(`the lab has no ${name}`);
    const folder = join(root, name);
    writeCase(scenario, "contract", folder);
    check(await documentOf(folder), folder, false);
  });
});
