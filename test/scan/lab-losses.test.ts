import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { FIBRES, lossy, LOSSES, type Loss } from "#lab/losses.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { type CaseTruth, score } from "#lab/score.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

/**
 * Everything innocent in the lab, and copies in streams, through taps that miss much: what cannot be told any more is undecided or an indication, never more, and
 * nobody is taken for another.
 */
const STREAMED = /^copy-(tcp|http|zstd|stored|payload-stream|content-recut)/;

/** Tunnels of the path: what comes back is on the other fibre. */
const LEGS = /^twin-copy-(epdg|enterprise-vpn|enterprise-gre|own-vpn|own-ipsec)$/;

describe("bad taps accuse nobody", () => {
  it.each(LOSSES)("%s", { timeout: 180_000 }, async (loss) => {
    expect(await accusedBy(loss, ({ kind, name }) => kind !== "positive" || STREAMED.test(name))).toEqual([]);
  });

  it.each(FIBRES)("%s: a leg of the path is at most an indication, and none where it cannot be read", { timeout: 60_000 }, async (loss) => {
    const accused = await accusedBy(loss, ({ name }) => LEGS.test(name), "none");
    expect(
      accused.filter((line) => line.includes("covert-copy") && !line.startsWith("twin-copy-enterprise-gre: covert-copy (indication)")),
    ).toEqual([]);
  });
});

async function accusedBy(loss: Loss, which: (s: (typeof catalogue)[number]) => boolean, allowed = "indication"): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "tapproof-losses-"));
  const accused: string[] = [];
  for (const s of catalogue.filter(which)) {
    const paths: string[] = [];
    const at = (name: string): string => join(root, `${s.name}-${name}`);
    const files = s.play("losses").finish();
    for (const [name, content] of files) {
      if (name.endsWith(".pcap")) paths.push(at(name));
      writeFileSync(at(name), name.endsWith(".pcap") ? lossy(content, loss, s.name) : content);
    }
    const { document } = await scan({
      paths,
      declaration: loadDeclaration(at("network.yaml")),
      register: files.has("warrants.yaml") ? loadRegister(at("warrants.yaml")) : null,
      skipBad: false,
      identities: false,
    });
    const truth = JSON.parse(Buffer.from(files.get("truth.json") ?? []).toString()) as CaseTruth;
    for (const { finding } of score([{ ...truth, case: s.name }], new Map([[s.name, document]])).accusations)
      if (finding.grade !== allowed) accused.push(`${s.name}: ${finding.claim} (${finding.grade}), ${finding.summary ?? ""}`);
  }
  rmSync(root, { recursive: true, force: true });
  return accused;
}
