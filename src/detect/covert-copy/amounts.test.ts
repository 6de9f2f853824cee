/** How little is enough: the amounts that the issue of copies names, on networks that the lab draws anew. */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { copyPackets, wrapper } from "#lab/network/copier.ts";
import { stage } from "#lab/scenarios/copies.ts";
import { scenario } from "#lab/scenarios/scenario.ts";
import { writeCase } from "#lab/suite.ts";
import { scan, type ScanResult } from "#run/scan.ts";

/** The target's traffic is one encrypted download; the first `most` packets of at least `least` octets are copied in GRE, from the `after`th on. */
async function copied(
  most: number,
  least: number,
  octets: number,
  o: { samples?: readonly number[]; after?: number } = {},
): Promise<ScanResult["document"][]> {
  const s = scenario(`amount-${most}`, "positive", "covert-copy", "a download, of which some packets are copied", {}, (c) => {
    const at = stage(c);
    let n = 0;
    copyPackets(c, {
      exit: at.exit,
      to: at.to,
      wrap: wrapper(c, "gre-ip"),
      select: (p) => p.subscriber === at.target && p.outside.length >= least && ++n > (o.after ?? 0) && n <= most + (o.after ?? 0),
    });
    for (const u of c.core.subscribers) if (u !== at.target) c.traffic.mixture(u, at.t, 8);
    c.traffic.tls(at.target, at.t + 1, { down: octets });
    c.expect.push({ claim: "covert-copy", minGrade: "proven", element: at.element, receiver: at.to, label: "copy" });
  });
  const directory = mkdtempSync(join(tmpdir(), "amounts-"));
  try {
    writeCase(s, "amounts", directory);
    const documents: ScanResult["document"][] = [];
    for (const sample of o.samples ?? [1]) {
      const { document } = await scan({
        paths: readdirSync(directory)
          .filter((f) => f.endsWith(".pcap"))
          .map((f) => join(directory, f)),
        declaration: loadDeclaration(join(directory, "network.yaml")),
        skipBad: false,
        identities: false,
        sample,
      });
      documents.push(document);
    }
    return documents;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const copies = (document: ScanResult["document"] | undefined): { grade: string; packets: number }[] =>
  (document?.findings ?? []).filter(({ claim }) => claim === "covert-copy").map(({ grade, packets }) => ({ grade, packets }));

test("a hundred full-size packets of encrypted traffic are a proof", async () => {
  expect(copies((await copied(100, 1200, 240_000, { after: 20 }))[0])).toEqual([{ grade: "proven", packets: 100 }]);
});

test("so are five of them", async () => {
  expect(copies((await copied(5, 1200, 60_000, { after: 8 }))[0])).toEqual([{ grade: "proven", packets: 5 }]);
});

test("of a sample of one in 64, ten thousand packets are a proof; the finding's id is the same", { timeout: 60_000 }, async () => {
  const [all, sampled] = await copied(10_000, 1, 9_000_000, { samples: [1, 64] });
  const [whole] = copies(all);
  expect(whole?.grade).toBe("proven");
  expect(whole?.packets).toBeGreaterThan(9900);
  const [few] = copies(sampled);
  expect(few?.grade).toBe("proven");
  // Binomial: 156 of 10,000, six standard deviations either side.
  expect(few?.packets).toBeGreaterThan(80);
  expect(few?.packets).toBeLessThan(235);
  expect(sampled?.findings[0]?.id).toBe(all?.findings[0]?.id);
  expect(sampled?.coverage.notSeen.some((line) => line.includes("One packet in 64"))).toBe(true);
});

test("a sample may see too little of a hundred packets: it says what it looked at, and accuses nobody else", async () => {
  const [document] = await copied(100, 1200, 240_000, { samples: [64], after: 20 });
  expect(copies(document).length).toBeLessThanOrEqual(1);
  expect(document?.findings.filter(({ claim }) => claim !== "covert-copy" && claim !== "undeclared-peer")).toEqual([]);
});
