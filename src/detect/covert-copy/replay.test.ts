/** Whole captures through pipeline, copy search and detector: what must be found, and what must stay silent. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { PointRegistry } from "#capture/reader.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { covertCopy } from "#detect/covert-copy.ts";
import { catalogue } from "#lab/scenarios/catalogue.ts";
import { writeCase } from "#lab/suite.ts";
import type { FindingDraft } from "#model/finding.ts";
import type { Observation } from "#model/observation.ts";
import { RunContext } from "#run/context.ts";
import { JudgeEngine } from "#run/engine/judge.ts";
import { copySearch, drawCopyKeys } from "#run/copy-search.ts";
import { Pipeline } from "#run/pipeline.ts";
import { PointTable } from "#run/points.ts";
import type { CopyTracker } from "#sense/copies/tracker.ts";

async function findings(paths: readonly string[], network: string | null, sample = 1): Promise<readonly FindingDraft[]> {
  const registry = new PointRegistry();
  const inputs = await openCaptures(paths, { registry });
  const readers = inputs.map(({ reader }) => reader);
  const lookup = network === null ? null : new Lookup(loadDeclaration(network).declaration);
  const points = new PointTable(lookup);
  let search: CopyTracker | undefined;
  const others: Observation[] = [];
  const judge = new JudgeEngine({ declaration: lookup, register: null, points: points.infos, seed: 1 });
  judge.record((o) => void ((o.kind === "flow" || o.kind === "tunnel") && others.push(o)));
  const pipeline = new Pipeline(
    lookup,
    points,
    1,
    (fact) => judge.take(fact),
    judge.advice,
    (p) => (search = copySearch(p, lookup, points.infos, drawCopyKeys(), sample)),
  );
  const detector = covertCopy(new RunContext(lookup, points.infos, judge.picture.knowledge));
  const linkTypes = new Int32Array(64);
  await mergeCaptures(inputs, (batch, from, to, reader) => {
    for (const point of registry.points.slice(points.infos.length)) {
      const owner = readers[point.capture];
      points.add(point, owner?.file ?? "", (owner?.points.length ?? 1) > 1, (batch.sec[from] ?? 0) * 1e6);
      linkTypes[point.index] = point.linkType;
    }
    pipeline.batch(batch, from, to, reader.capture, linkTypes);
  });
  pipeline.finish();
  search?.finish();
  for (const o of [...others, ...(search?.observations() ?? [])]) detector.observe(o);
  return detector.findings();
}

const capturesOf = (directory: string): string[] =>
  readdirSync(directory)
    .filter((f) => /\.pcap(ng)?(\.gz)?$/.test(f))
    .sort()
    .map((f) => join(directory, f));
const SHARED = "../shared/captures";
const here = existsSync(SHARED);
if (!here) console.warn(`covert-copy: ${SHARED} is absent, real captures are NOT tested`);

describe.skipIf(!here)("real captures", () => {
  test("a kernel's VXLAN mirror: one finding, 992 copies of two subscribers, proven", async () => {
    const directory = join(SHARED, "lte-lab/b1-vxlan-mirred");
    const found = await findings(capturesOf(directory), join(directory, "network.yaml"));
    expect(found).toHaveLength(1);
    const [f] = found;
    expect(f).toMatchObject({ grade: "proven", packets: 992, data: ["content"], act: "effected" });
    expect(f?.element.name).toBe("epc");
    expect(f?.receiver).toMatchObject({ address: "203.0.113.77", port: 4789, declared: false });
    expect(f?.subscribers).toEqual(["imsi:001010123456780", "imsi:001010123456789"]);
    expect(f?.details?.["segment"]).toBe("SGi");
    expect(f?.chance).toBe(2 ** -128);
  });

  test("the clean recording stays silent", async () => {
    const directory = join(SHARED, "lte-lab/a1-clean");
    expect(await findings(capturesOf(directory), join(directory, "network.yaml"))).toEqual([]);
  });

  for (const name of readdirSync(here ? join(SHARED, "claims-examples") : ".")) {
    const directory = join(SHARED, "claims-examples", name);
    if (!existsSync(join(directory, "truth.json"))) continue;
    test(`example ${name}`, async () => {
      const found = await findings(capturesOf(directory), join(directory, "network.yaml"));
      // X3 content is a copy too: the interception finding takes this draft as its witness.
      const due = name === "covert-copy" || name === "unwarranted-interception" ? 1 : 0;
      expect(found.map((f) => f.grade)).toEqual(Array.from({ length: due }, () => "proven"));
    });
  }

  for (const files of [
    ["telekom_n3_gtpu.pcap", "telekom_n6_same_traffic.pcap"],
    ["magma_gx_gy_combined_04.pcapng"],
    ["magma_inbound_roaming_s8_01.pcapng"],
    ["open5gs_srsenb_lte_attach.pcapng"],
    ["open5gs_volte_nonipsec_to_ipsec_call.pcapng"],
    ["ntnu_x2_handover_lte.pcap"],
  ]) {
    test(`the same packets on the legs of their path: ${files.join(" and ")}`, async () => {
      expect(
        await findings(
          files.map((f) => join(SHARED, f)),
          null,
        ),
      ).toEqual([]);
    });
  }
});

const ORDER = ["indication", "corroborated", "proven"];

/** What a warrant covers is asked of whole scans (`covered.test.ts`); there is no register here. */
const NEEDS_REGISTER: ReadonlySet<string> = new Set(["copy-beside-warrant", "copy-passed-on"]);

describe("lab", () => {
  for (const s of catalogue.filter((c) => /cop(y|ies)|clean|everyday/.test(c.name) && !NEEDS_REGISTER.has(c.name))) {
    test(s.name, async () => {
      const directory = mkdtempSync(join(tmpdir(), "copies-"));
      try {
        const files = writeCase(s, "replay", directory);
        const truth = JSON.parse(readFileSync(join(directory, "truth.json"), "utf8")) as {
          expect: { claim: string; minGrade: string; receiver: string | null; element: string; elementAlso?: string[] }[];
          allowAtMost?: Record<string, string>;
        };
        const network = files.find((f) => f.startsWith("network."));
        const found = [...(await findings(capturesOf(directory), network === undefined ? null : join(directory, network)))];
        for (const due of truth.expect.filter((e) => e.claim === "covert-copy")) {
          const at = found.findIndex((f) => due.receiver === null || f.receiver?.address === due.receiver);
          expect(at, `missed: ${due.element} > ${due.receiver ?? ""}`).toBeGreaterThanOrEqual(0);
          const [f] = found.splice(at, 1);
          expect([due.element, ...(due.elementAlso ?? [])]).toContain(f?.element.name ?? f?.element.address);
          expect(ORDER.indexOf(f?.grade ?? "")).toBeGreaterThanOrEqual(ORDER.indexOf(due.minGrade));
        }
        const most = ORDER.indexOf(truth.allowAtMost?.["covert-copy"] ?? "");
        if (truth.expect.every((e) => e.claim === "covert-copy")) {
          expect(found.filter((f) => ORDER.indexOf(f.grade) > most).map((f) => f.summary)).toEqual([]);
        }
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    });
  }
});
