import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { findScenario } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

test.each([
  ["copy-login-ftp", true],
  ["copy-login-telnet", true],
  ["copy-vxlan", false],
  ["x3-login", true],
  ["x3-no-warrant", false],
])("%s: credentials are claimed where a login was seen, and only there", async (name, seen) => {
  const directory = mkdtempSync(join(tmpdir(), "login-"));
  const files = writeCase(findScenario(name)!, "login", directory);
  const { document } = await scan({
    paths: readdirSync(directory)
      .filter((f) => f.endsWith(".pcap"))
      .map((f) => join(directory, f)),
    declaration: loadDeclaration(join(directory, "network.yaml")),
    register: files.includes("warrants.yaml") ? loadRegister(join(directory, "warrants.yaml")) : null,
    skipBad: false,
    identities: false,
  });
  rmSync(directory, { recursive: true });
  expect(document.findings.some(({ data }) => data.includes("credentials"))).toBe(seen);
});
