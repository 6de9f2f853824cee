import { cpSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import { readCaseLog } from "#evidence/log/case-log.ts";
import { verifyBundle } from "#verify/verify.ts";
import { readHtml } from "./html-check.ts";
import { caseOf, CLAIM_CASES, COPY, env, INTERCEPTION, removeAll, scratch } from "./cases.ts";

afterAll(removeAll);

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function tapproof(...args: readonly string[]): Promise<Ran> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  stdout.on("data", (chunk: Buffer) => out.push(chunk));
  stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const code = await run(args, { stdin: new PassThrough(), stdout, stderr, env });
  return { code, out: Buffer.concat(out).toString("utf8"), err: Buffer.concat(err).toString("utf8") };
}

describe("report", () => {
  it("writes the page into the case, for its owner alone, and says where", async () => {
    const path = await caseOf(COPY);
    const ran = await tapproof("report", path);
    expect(ran).toMatchObject({ code: 0, out: `${join(path, "report.html")}\n` });
    expect(ran.err).toMatch(/^tapproof: a draft: acme must have the bundle/);
    expect(statSync(join(path, "report.html")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(path, "report.html"), "utf8")).toMatch(/^<!doctype html>/);
    expect((await tapproof("report", path, "--lang", "fr")).out).toBe(`${join(path, "report.fr.html")}\n`);
  });

  it.each(["stix", "case", "ocsf", "misp"])("--format %s prints JSON to standard output", async (format) => {
    const ran = await tapproof("report", await caseOf(COPY), "--format", format, "--out", "-");
    expect(ran.code).toBe(0);
    expect(() => JSON.parse(ran.out) as unknown).not.toThrow();
  });

  it("--format csv and parquet write files", async () => {
    const path = await caseOf(COPY);
    for (const format of ["csv", "parquet"]) expect((await tapproof("report", path, "--format", format)).code).toBe(0);
    expect(readFileSync(join(path, "report.csv"), "utf8").split("\r\n")).toHaveLength(3);
    expect(readFileSync(join(path, "report.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });

  it.each([
    [["report", "nowhere"], /is not a case/],
    [["report", "DIR", "--lang", "de"], /Allowed choices are en, fr/],
    [["report", "DIR", "--format", "doc"], /Allowed choices/],
    [["report", "DIR", "--format", "parquet", "--out", "-"], /cannot go to standard output/],
    [["report", "DIR", "--out", "/nonexistent/x.html"], /cannot be written \(ENOENT\)/],
    [["report", "DIR", "--reply", "/nonexistent"], /cannot be read/],
    [["report", "DIR", "--handed-over", "tomorrow"], /expected now, or a time/],
    [["report", "DIR", "--handed-over", "2999-01-01T00:00:00Z"], /lies in the future/],
    [["report", "DIR", "--handed-over", "2001-01-01T00:00:00Z"], /lies before the newest frame of the case/],
    [["report", "DIR", "--handed-over", "now", "--vendor", "nobody"], /no finding names this vendor, expected one of acme/],
  ] as const)("%j is refused in one line", async (args, message) => {
    const path = await caseOf(COPY);
    const ran = await tapproof(...args.map((a) => (a === "DIR" ? path : a)));
    expect(ran.code).toBe(2);
    expect(ran.err).toMatch(message);
    expect(ran.err.trimEnd().split("\n")).toHaveLength(1);
  });

  it("says where the case's database cannot be read", async () => {
    const copy = join(scratch("damaged"), "case");
    cpSync(await caseOf(COPY), copy, { recursive: true });
    writeFileSync(join(copy, "case.duckdb"), "no database");
    expect((await tapproof("report", copy)).code).toBe(0);
    expect(readFileSync(join(copy, "report.html"), "utf8")).toContain("The case&#39;s database could not be read");
  });

  it("says that findings about interception were left out", async () => {
    const ran = await tapproof("report", await caseOf(INTERCEPTION), "--format", "csv", "--out", "-");
    expect(ran.err).toContain("1 finding about interception left out; --li-cleared shows them");
    expect(ran.out.trimEnd().split("\r\n")).toHaveLength(1);
  });
});

describe("the accused", () => {
  it("has the bundle, replies, and both are in the case, its log and its next bundle", async () => {
    const path = await caseOf(CLAIM_CASES.find((c) => c.endsWith("covert-copy")) ?? "");
    const reply = join(scratch("reply"), "reply.txt");
    writeFileSync(reply, "We know of no such rule.\n<script>alert(1)</script>\n");
    expect((await tapproof("report", path, "--handed-over", "2026-07-06T00:00:00Z", "--reply-days", "10")).code).toBe(0);
    expect((await tapproof("report", path, "--reply", reply)).err).toContain("recorded in the case's log");
    const page = readFileSync(join(path, "report.html"), "utf8");
    expect(page).toContain("had the bundle and replied");
    expect(page).toContain("We know of no such rule.<br");
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toContain('class="stamp"');
    const log = readCaseLog(path);
    expect([...(log?.records("reply") ?? [])].map((e) => e.value["kind"])).toEqual(["hand-over", "reply"]);
    log?.close();
    const out = join(scratch("bundle"), "x.tapproof");
    expect((await tapproof("bundle", path, "--out", out)).code).toBe(0);
    const result = await verifyBundle(readFileSync(out), { anySigner: true });
    expect(result.passed).toBe(true);
    expect(result.contents?.records.filter((r) => r.type === "reply").map((r) => r.record["kind"])).toEqual(["hand-over", "reply"]);
  });

  it("replies in text, not in anything", async () => {
    const path = await caseOf(COPY);
    const file = join(scratch("reply"), "reply.bin");
    for (const [octets, message] of [
      [Buffer.from([0xff, 0xfe]), /not UTF-8 text/],
      [Buffer.from("a\u0000b"), /is not text/],
      [Buffer.alloc(300 * 1024, 97), /at most 256 KiB/],
    ] as const) {
      writeFileSync(file, octets);
      const ran = await tapproof("report", path, "--reply", file);
      expect(ran.code).toBe(2);
      expect(ran.err).toMatch(message);
    }
  });
});

describe("dossier", () => {
  it("prints conditions per vendor, in both languages", async () => {
    const path = await caseOf(COPY);
    const en = await tapproof("dossier", path);
    expect(en.code).toBe(0);
    expect(en.out).toContain("Acme Networks (acme), network lab");
    expect(en.out).toMatch(/■ broken +no-copy/);
    expect(Math.max(...en.out.split("\n").map((l) => l.length))).toBeLessThanOrEqual(100);
    expect((await tapproof("dossier", path, "--lang", "fr")).out).toMatch(/■ enfreinte +no-copy/);
  });

  it("--json is one document; several cases of one network are judged together", async () => {
    const [a, b] = [await caseOf(COPY), await caseOf(INTERCEPTION)];
    const made = JSON.parse((await tapproof("dossier", a, b, "--json")).out) as {
      schema: string;
      entries: { vendor: { id: string } | null; network: string; conditions: { reasons: { text: string }[] }[] }[];
    };
    expect(made.schema).toBe("tapproof/dossier/1");
    expect(new Set(made.entries.map((e) => e.network)).size).toBe(2);
    for (const e of made.entries) for (const c of e.conditions) for (const r of c.reasons) expect(r.text.length).toBeGreaterThan(10);
  });

  it("--format html is a page under the same policy as the report", async () => {
    const ran = await tapproof("dossier", await caseOf(COPY), await caseOf(INTERCEPTION), "--format", "html", "--lang", "fr");
    const page = readHtml(ran.out);
    expect(page.problems).toEqual([]);
    expect(page.policy).toContain("script-src 'none'");
    expect(page.text).toContain("Si la déclaration et le plan de captation sont exacts");
    expect(page.text).toContain("constat relatif à l'interception est réservé");
  });

  it("judges by a file of conditions, and refuses one that it cannot read", async () => {
    const path = await caseOf(COPY);
    const file = join(scratch("conditions"), "c.yaml");
    writeFileSync(
      file,
      "schema: tapproof/conditions/1\nconditions:\n  - { id: only-this, statement: { en: No copies., fr: Pas de copies. }, claims: [covert-copy] }\n",
    );
    const ran = await tapproof("dossier", path, "--conditions", file, "--vendor", "ACME");
    expect(ran.out).toMatch(/broken +only-this/);
    expect(ran.out).not.toContain("access-by-ticket");
    writeFileSync(file, "conditions: []");
    const refused = await tapproof("dossier", path, "--conditions", file);
    expect(refused).toMatchObject({ code: 2, out: "" });
    const nobody = await tapproof("dossier", path, "--vendor", "nobody");
    expect({ code: nobody.code, out: nobody.out }).toEqual({ code: 2, out: "" });
  });
});
