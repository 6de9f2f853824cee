/**
 * One finding is told in six places: page (its API), report, terminal, exports, findings document, and the bundle as the verifier reads it. For
 * the example and a case of the lab for each claim, all say the same sentence, the same numbers, and draw on the same scale.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import type { CaseList, Finding } from "#serve/api/types.ts";
import { octetsSaid } from "#words/amounts.ts";
import { sentenceOf } from "#words/said.ts";
import { WORDS } from "#words/words.ts";
import { verifyBundle } from "#verify/verify.ts";
import { Page, settingsFor } from "../serve/cases.ts";
import { caseOf, CLAIM_CASES, COPY, env, removeAll, scratch } from "./cases.ts";

const LANGUAGES = ["en", "fr"] as const;

async function tapproof(...args: readonly string[]): Promise<string> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const out: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => out.push(chunk));
  stderr.resume();
  expect(await run(args, { stdin: new PassThrough(), stdout, stderr, env }), args.join(" ")).toBe(0);
  return Buffer.concat(out).toString("utf8");
}

/** What a reader sees of a page: no tags, entities read, one space. */
function seen(html: string): string {
  return html
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, " ")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll("&#39;", "'")
    .replaceAll("&quot;", '"')
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&")
    .replaceAll(/[\s\u00a0\u202f\u2009]+/g, " ");
}

const spaced = (text: string): string => text.replaceAll(/[\s\u00a0\u202f\u2009]+/g, " ");
/** An article begins small where a premise stands before the sentence. */
const uncapped = (text: string): string => text.slice(1);

/** Sentence of a finding in a language, from its code. */
function sentence(
  f: {
    readonly summary: string;
    readonly summaryCode?: string | undefined;
    readonly values?: Readonly<Record<string, unknown>> | undefined;
  },
  language: "en" | "fr",
): string {
  return spaced(sentenceOf({ text: f.summary, code: f.summaryCode, values: f.values }, language));
}

describe.each([COPY, ...CLAIM_CASES.filter((c) => !c.endsWith("clean-handover"))])("%s", (folder) => {
  let path = "";
  let page: Page;
  let caseId = "";
  let found: readonly FindingRecord[] = [];

  beforeAll(async () => {
    path = await caseOf(folder);
    found = (JSON.parse(readFileSync(join(path, "findings.json"), "utf8")) as FindingsDocument).findings;
    expect(found.length).toBeGreaterThan(0);
    page = await Page.on(settingsFor({ root: path, home: scratch("home"), remove: () => undefined }, { paths: [path], cleared: true }));
    caseId = (await page.get<CaseList>("/cases")).cases[0]?.id ?? "";
  }, 60_000);
  afterAll(() => page?.close());

  const shownBy = (id: string): Promise<Finding> => page.get(`/cases/${encodeURIComponent(caseId)}/findings/${id}`);

  it("page and findings document", async () => {
    for (const f of found) {
      const told = await shownBy(f.id);
      for (const language of LANGUAGES) expect(sentence(told, language)).toBe(sentence(f, language));
      expect([told.claim, told.grade, told.packets, told.bytes, told.subscribers.count, told.proof.bits, told.first, told.last]).toEqual([
        f.claim,
        f.grade,
        f.packets,
        f.bytes,
        f.subscribers.count,
        f.bits,
        f.first,
        f.last,
      ]);
      expect(told.proof.steps.at(-1)?.total ?? 0).toBe(f.arithmetic.at(-1)?.bits ?? 0);
    }
  });

  it("page and report", async () => {
    for (const language of LANGUAGES) {
      const report = await tapproof("report", path, "--lang", language, "--li-cleared", "--out", "-");
      const text = seen(report);
      const words = WORDS[language].report;
      for (const f of found) {
        const told = await shownBy(f.id);
        expect(text).toContain(uncapped(sentence(told, language)));
        const element = told.element.name ?? told.element.address ?? "";
        expect(text).toContain(spaced(told.place === null ? words.attributionOther(element) : words.attribution(told.place, element)));
        if (told.bytes > 0) expect(text).toContain(spaced(octetsSaid(told.bytes, language)));
        if (told.proof.steps.length > 0) expect(text.includes(words.arithmetic.rootScale)).toBe(told.proof.scale.kind === "root");
      }
      // a delay that nothing orders is told nowhere
      expect(text).not.toContain("−1 µs");
    }
  });

  it("terminal", async () => {
    const captures = readdirSync(folder)
      .filter((name) => /\.pcap(\.gz)?$/.test(name))
      .map((name) => join(folder, name));
    const warrants = join(folder, "warrants.yaml");
    const said = spaced(
      await tapproof(
        "scan",
        ...captures,
        "--network",
        join(folder, "network.yaml"),
        // bits depend a little on the keys that packets are printed under
        "--case-keys",
        join(path, "keys.json"),
        ...(existsSync(warrants) ? ["--warrants", warrants] : []),
      ),
    );
    for (const f of found) {
      expect(said).toContain(sentence(f, "en"));
      expect(said).toContain(f.id.slice(0, 12));
      if (f.bytes > 0) expect(said).toContain(octetsSaid(f.bytes, "en"));
      if (f.bits > 0) expect(said).toContain(`${f.bits} bits`);
    }
  });

  it("exports", async () => {
    for (const format of ["csv", "stix", "case", "ocsf", "misp", "eve", "syslog", "zeek"]) {
      const text = await tapproof("report", path, "--format", format, "--li-cleared", "--out", "-");
      const read = ["stix", "case", "ocsf", "misp"].includes(format) ? JSON.stringify(JSON.parse(text)) : text;
      const plain = spaced(format === "csv" ? read.replaceAll('""', '"') : read.replaceAll('\\"', '"'));
      for (const f of found) {
        expect(plain, format).toContain(spaced(f.summary));
        expect(plain, format).toContain(format === "misp" ? f.id.slice(0, 12) : f.id);
      }
    }
  });

  it("the bundle, as the verifier reads it", async () => {
    const out = join(scratch("bundle"), "x.tapproof");
    await tapproof("bundle", path, "--out", out);
    const { passed, contents } = await verifyBundle(readFileSync(out), { anySigner: true });
    expect(passed).toBe(true);
    const records = new Map((contents?.records ?? []).flatMap((r) => (r.type === "finding" ? [[r.record["id"], r.record] as const] : [])));
    expect(records.size).toBe(found.length);
    for (const f of found)
      expect(records.get(f.id)).toMatchObject({
        claim: f.claim,
        grade: f.grade,
        packets: f.packets,
        bytes: f.bytes,
        bits: f.bits,
        summaryCode: f.summaryCode,
      });
  });
});

afterAll(removeAll);
