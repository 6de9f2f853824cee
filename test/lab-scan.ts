/** One scenario of the lab, scanned with its own declaration and register: for the small tests beside a rule. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadDeclaration } from "#declaration/load.ts";
import { findScenario } from "#lab/scenarios/catalogue.ts";
import type { Scenario } from "#lab/scenarios/scenario.ts";
import { writeCase } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan, type ScanResult } from "#run/scan.ts";

/** `named`: of the catalogue, or made for the test. */
export async function scanScenario(named: string | Scenario, seed: string, identities = true): Promise<ScanResult["document"]> {
  const scenario = typeof named === "string" ? findScenario(named) : named;
  if (scenario === undefined) throw new Error("no such scenario");
  const directory = mkdtempSync(join(tmpdir(), "tapproof-lab-"));
  try {
    writeCase(scenario, seed, directory);
    const files = readdirSync(directory);
    const warrants = files.find((file) => file.startsWith("warrants."));
    const { document } = await scan({
      paths: files.filter((file) => file.endsWith(".pcap")).map((file) => join(directory, file)),
      declaration: loadDeclaration(join(directory, "network.yaml")),
      register: warrants === undefined ? null : loadRegister(join(directory, warrants)),
      skipBad: false,
      identities,
    });
    return document;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
