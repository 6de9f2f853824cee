import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

/** The CC0 cases: every finding that truth.json asks for is reported at its grade or better, and nothing that it forbids. */
const cases = [
  ...readdirSync("test/captures/claims-examples", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join("test/captures/claims-examples", entry.name)),
  "test/captures/lte-lab/a1-clean",
  "examples/lte-lab-b1-vxlan-mirred",
];

interface Truth {
  expect: {
    claim: string;
    minGrade: Grade;
    element: string;
    elementAlso?: string[];
    receiver: string | null;
    receiverAlso?: (string | null)[];
  }[];
  forbid: string[];
}

describe("claims of the example cases", () => {
  it.each(cases)("%s", async (directory) => {
    const truth = JSON.parse(readFileSync(join(directory, "truth.json"), "utf8")) as Truth;
    const warrants = join(directory, "warrants.yaml");
    const { document } = await scan({
      paths: readdirSync(directory)
        .filter((name) => /\.pcap(\.gz)?$/.test(name))
        .map((name) => join(directory, name)),
      declaration: loadDeclaration(join(directory, "network.yaml")),
      register: existsSync(warrants) ? loadRegister(warrants) : null,
      skipBad: false,
      identities: false,
    });
    expect(document.findings.map(({ claim }) => claim).filter((claim) => truth.forbid.includes(claim))).toEqual([]);
    for (const due of truth.expect) {
      const found = document.findings.find(({ claim }) => claim === due.claim);
      expect(found, due.claim).toBeDefined();
      expect(GRADES.indexOf(found?.grade ?? "indication")).toBeGreaterThanOrEqual(GRADES.indexOf(due.minGrade));
      expect([due.element, ...(due.elementAlso ?? [])]).toContain(found?.element.name);
      expect([due.receiver, ...(due.receiverAlso ?? [])]).toContain(found?.receiver?.address ?? null);
    }
    expect(document.findings).toHaveLength(truth.expect.length);
  });
});
