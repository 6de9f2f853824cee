import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadDeclaration } from "#declaration/load.ts";
import { evade, type Evasion, EVASIONS } from "#lab/evasion.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { type CaseTruth, score } from "#lab/score.ts";
import { loadRegister } from "#register/load.ts";
import { scan } from "#run/scan.ts";

/**
 * The sensor sees what the receiver accepted (`docs/evasion.md`): every case of the lab that turns on signalling, with decoys in its captures,
 * gives what it gives without them, and nobody else is accused. Each case meets some of the ways; with TAPPROOF_ALL_EVASIONS=1 all of them.
 */
const SIGNALLING: ReadonlySet<string> = new Set([
  "unwarranted-interception",
  "undeclared-duplication",
  "undeclared-trace",
  "unreasoned-query",
  "weakened-protection",
  "ungranted-access",
]);
const everything = process.env["TAPPROOF_ALL_EVASIONS"] !== undefined;
const cases = catalogue.filter(({ claim }) => claim !== undefined && SIGNALLING.has(claim));

/** Ways that leave the receiver's own choice, or the order of question and answer, open: a finding may be told with a lower grade and an act that is less far. */
const AMBIGUOUS: ReadonlySet<Evasion> = new Set(["same-place-short-lived", "reset-aside", "end-aside", "beginning-aside", "swapped"]);

describe("decoys hide nothing", () => {
  it.each(EVASIONS)("%s", { timeout: 300_000 }, async (evasion) => {
    const wrong: string[] = [];
    for (const [i, s] of cases.entries()) {
      if (everything || i % EVASIONS.length === EVASIONS.indexOf(evasion)) wrong.push(...(await play(s, evasion)));
    }
    expect(wrong).toEqual([]);
  });
});

async function play(s: (typeof catalogue)[number], evasion: Evasion): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), "tapproof-evasion-"));
  try {
    const files = s.play("evasion").finish();
    const yaml = Buffer.from(files.get("network.yaml") ?? []).toString();
    const pool = /subscribers: \{ addresses: \[(\d+\.\d+\.\d+)\./.exec(yaml)?.[1] ?? "";
    const inPool = (address: Uint8Array): boolean => address.subarray(0, 3).join(".") === pool;
    const paths: string[] = [];
    const numbers = new Map<string, readonly number[]>();
    for (const [name, content] of files) {
      const path = join(root, name);
      if (!name.endsWith(".pcap")) {
        writeFileSync(path, content);
        continue;
      }
      const evaded = evade(content, evasion, s.name, (src, dst) => inPool(src) || inPool(dst));
      writeFileSync(path, evaded.bytes);
      numbers.set(name, evaded.frames);
      paths.push(path);
    }
    const { document } = await scan({
      paths,
      declaration: loadDeclaration(join(root, "network.yaml")),
      register: files.has("warrants.yaml") ? loadRegister(join(root, "warrants.yaml")) : null,
      skipBad: false,
      identities: true,
    });
    const truth = JSON.parse(Buffer.from(files.get("truth.json") ?? []).toString()) as CaseTruth;
    const expected: CaseTruth = {
      ...truth,
      case: s.name,
      expect: truth.expect.map(({ grade, act, ...e }) => ({
        ...e,
        ...(AMBIGUOUS.has(evasion) ? { minGrade: "indication" as const } : { ...(grade && { grade }), ...(act && { act }) }),
        // A datagram in fragments has several frames, of which any may stand for it.
        framesMode: "any",
        frames: (e.frames ?? []).flatMap((frame) => {
          const last = numbers.get(e.file ?? "")?.[frame - 1] ?? frame;
          return [last, last - 1, last - 2, last - 3];
        }),
      })),
    };
    const scored = score([expected], new Map([[s.name, document]]));
    return [
      ...scored.misses.map(({ nearest }) => `${s.name}: missed${nearest === null ? "" : `, lacks ${nearest.lacks.join(", ")}`}`),
      ...scored.accusations.map(({ finding, why }) => `${s.name}: ${finding.claim} (${finding.grade}) ${why} ${finding.summary}`),
    ];
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
