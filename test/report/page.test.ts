import { afterAll, describe, expect, it } from "vitest";
import { reportPage, type ReportOptions } from "#report/html/page.ts";
import { verifierScript } from "#report/html/verifier-script.ts";
import { WORDS, type Language } from "#words/words.ts";
import { CLAIM_CASES, COPY, dataOf, HOSTILE, hostile, INTERCEPTION, removeAll } from "./cases.ts";
import { readHtml } from "./html-check.ts";

afterAll(removeAll);

const NOW = Date.parse("2027-01-01T00:00:00Z");
const options = (language: Language, over: Partial<ReportOptions> = {}): ReportOptions => ({
  language,
  liCleared: true,
  nowMillis: NOW,
  verifier: null,
  ...over,
});
const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ");

describe.each([...CLAIM_CASES, COPY])("%s", (folder) => {
  it.each(["en", "fr"] as const)("is sound HTML that loads nothing, in %s", async (language) => {
    const page = readHtml(reportPage(await dataOf(folder), options(language)));
    expect(page.problems).toEqual([]);
    expect(page.policy).toContain("default-src 'none'");
    expect(page.policy).not.toContain("unsafe");
  });

  it.each(["en", "fr"] as const)("begins with its premises and carries the statement on attribution, in %s", async (language) => {
    const data = await dataOf(folder);
    const text = squeeze(readHtml(reportPage(data, options(language))).text);
    const words = WORDS[language].report;
    const lead = text.indexOf(words.lead.if);
    expect(lead).toBeGreaterThan(0);
    expect(lead).toBeLessThan(1500);
    const statement =
      language === "en"
        ? /This does not show who caused it, or that its supplier knew\./
        : /Cela ne montre ni qui l'a provoquée?, ni que le fournisseur le savait\./;
    if (data.document.findings.length > 0) expect(text).toMatch(statement);
    // below `attested` nothing is called a proof
    expect(text).not.toMatch(/(?<!\p{L})(proofs?|preuve)(?!\p{L})/iu);
  });

  it("gives every drawing a text alternative and a table", async () => {
    const page = reportPage(await dataOf(folder), options("en"));
    for (const figure of page.split('<figure class="drawing"').slice(1)) {
      const inside = figure.slice(0, figure.indexOf("</figure>"));
      expect(inside).toContain('role="img"');
      expect(inside).toContain("<title id=");
      expect(inside).toContain("<table");
    }
  });

  it("has all of its detectors' sentences in French", async () => {
    expect(reportPage(await dataOf(folder), options("fr"))).not.toContain('class="original"');
  });

  it("is the same each time", async () => {
    expect(reportPage(await dataOf(folder), options("en"))).toBe(reportPage(await dataOf(folder), options("en")));
  });
});

it("French pages keep no English word of the catalogue", async () => {
  const texts = (words: unknown): string[] =>
    typeof words === "string" ? [words] : typeof words === "object" && words !== null ? Object.values(words).flatMap(texts) : [];
  const french = new Set(texts(WORDS.fr.report));
  const english = texts(WORDS.en.report).filter((t) => t.length > 14 && !french.has(t));
  const page = squeeze(readHtml(reportPage(await dataOf(COPY), options("fr"))).text);
  expect(english.filter((t) => page.includes(t))).toEqual([]);
});

describe("hostile words in every text", () => {
  it.each([COPY, INTERCEPTION])("do nothing in %s", async (folder) => {
    for (const language of ["en", "fr"] as const) {
      const source = reportPage(hostile(await dataOf(folder)), options(language));
      const page = readHtml(source);
      expect(page.problems).toEqual([]);
      for (const harmful of ["<script>alert", "<img", "<svg onload", "\u202e", "\u0000", "\u2028", 'javascript:alert(1)">'])
        expect(source).not.toContain(harmful);
      // shown as text, control characters spelt
      expect(page.text).toContain("<script>alert(1)</script>");
      expect(page.text).toContain("\\u202e");
    }
  });

  it("is text however long or odd", async () => {
    const data = await dataOf(COPY);
    const [f] = data.document.findings;
    if (f === undefined) throw new Error("no finding");
    for (const odd of ["x".repeat(50_000), "\ud800", "a\r\nb", "𝔘𝔫𝔦", "' OR 1=1", HOSTILE.repeat(50)]) {
      const findings = [{ ...f, summary: odd, element: { ...f.element, name: odd } }];
      expect(readHtml(reportPage({ ...data, document: { ...data.document, findings } }, options("fr"))).problems).toEqual([]);
    }
  });
});

describe("findings about interception", () => {
  it("are left out, with what would betray them, unless the reader is cleared", async () => {
    const data = await dataOf(INTERCEPTION);
    const secret = data.document.findings[0]?.receiver?.address ?? "?";
    for (const language of ["en", "fr"] as const) {
      const page = reportPage(data, options(language, { liCleared: false, verifier: "0" }));
      const text = squeeze(readHtml(page).text);
      expect(page).not.toContain(secret);
      expect(page).not.toContain(data.document.findings[0]?.id ?? "?");
      expect(page).not.toContain("check-bundle");
      expect(text).toContain(squeeze(WORDS[language].report.unseen.withheld(1)));
      for (const warrant of data.declaration?.lawful.monitoring ?? []) expect(text).not.toContain(warrant);
      expect(reportPage(data, options(language))).toContain(secret);
    }
  });
});

describe("a draft", () => {
  it("until the accused has had the bundle and its time", async () => {
    const data = await dataOf(COPY);
    const at = (handOvers: unknown): string =>
      squeeze(readHtml(reportPage({ ...data, meta: { ...data.meta, handOvers } as never }, options("en"))).text);
    expect(at([])).toContain("that time has not begun");
    expect(at([{ vendor: "acme", at: "2026-12-20T00:00:00Z", days: 30 }])).toContain("It stays a draft until 19 January 2027");
    expect(at([{ vendor: "acme", at: "2026-11-20T00:00:00Z", days: 30 }])).toContain(
      "its time to reply ended on 20 December 2026 without a reply",
    );
    expect(at([{ vendor: "other", at: "2026-01-01T00:00:00Z", days: 30 }])).toContain("that time has not begun");
  });
  it("never where no vendor is named", async () => {
    const clean = await dataOf(CLAIM_CASES.find((c) => c.includes("clean")) ?? "");
    expect(reportPage(clean, options("en", { liCleared: false }))).not.toContain('class="stamp"');
  });
});

it("carries the bundle, and a script that the policy names", async () => {
  const verifier = await verifierScript();
  expect(verifier).not.toBeNull();
  const data = await dataOf(COPY);
  const page = reportPage(data, options("en", { verifier }));
  expect(readHtml(page).problems).toEqual([]);
  const base64 = /id="check-bundle">([^<]*)</.exec(page)?.[1] ?? "";
  expect(Buffer.from(base64, "base64").equals(data.bundle?.bytes ?? Buffer.alloc(0))).toBe(true);
});

it("stays small with many findings", async () => {
  const data = await dataOf(COPY);
  const [f] = data.document.findings;
  if (f === undefined) throw new Error("no finding");
  const findings = Array.from({ length: 100 }, (_, i) => ({
    ...f,
    id: i.toString(16).padStart(64, "0"),
    receiver: { name: null, address: `203.0.113.${i}`, port: 1, declared: false },
  }));
  const page = reportPage({ ...data, document: { ...data.document, findings } }, options("en"));
  expect(readHtml(page).problems).toEqual([]);
  expect(page.length).toBeLessThan(6_000_000);
});
