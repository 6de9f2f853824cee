import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { compareCommand } from "#cli/compare.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { compare } from "#report/compare.ts";
import { caseOf, COPY, dataOf, INTERCEPTION, scratch } from "./cases.ts";

const changed = (d: FindingsDocument, over: Partial<FindingsDocument>): FindingsDocument => ({ ...d, ...over });

it("a scan compared with itself changes nothing", async () => {
  const { document } = await dataOf(COPY);
  expect(compare(document, document, true)).toMatchObject({
    fresh: [],
    gone: [],
    stronger: [],
    weaker: [],
    same: document.findings.length,
  });
});

it("says what is new, what has gone and from where nobody looked, what stands stronger", async () => {
  const { document } = await dataOf(COPY);
  const none = changed(document, { findings: [] });
  expect(compare(none, document, true).fresh.map((f) => f.id)).toEqual(document.findings.map((f) => f.id));
  const blind = changed(none, { captures: document.captures.slice(0, 1) });
  const gone = compare(document, blind, true);
  expect(gone.gone.map((f) => f.id)).toEqual(document.findings.map((f) => f.id));
  expect(gone.notWatched).toEqual(
    document.captures
      .slice(1)
      .map((c) => c.point)
      .sort(),
  );
  const weak = changed(document, { findings: document.findings.map((f) => ({ ...f, grade: "indication" as const })) });
  expect(compare(weak, document, true)).toMatchObject({ same: 0, weaker: [] });
  expect(compare(document, weak, true).weaker).toHaveLength(document.findings.length);
  expect(compare(document, changed(document, { network: "another", declaration: null }), true)).toMatchObject({
    otherNetwork: true,
    otherDeclaration: true,
  });
});

it("leaves findings about interception out, and counts them", async () => {
  const { document } = await dataOf(INTERCEPTION);
  const { fresh, withheld } = compare(changed(document, { findings: [] }), document, false);
  expect([fresh.length, withheld]).toEqual([0, document.findings.length]);
});

/** What the terminal prints of two cases. */
function printed(before: string, after: string, lang: string, liCleared: boolean): string {
  let out = "";
  const io = { stdout: { write: (text: string) => (out += text) }, stderr: { write: () => true } } as never;
  compareCommand({ before, after, lang, liCleared, json: false }, io);
  return out;
}

it("tells nobody that there is nothing where something is withheld, and counts it once", async () => {
  const folder = await caseOf(INTERCEPTION);
  const n = (await dataOf(INTERCEPTION)).document.findings.length;
  expect(printed(folder, folder, "en", false).replaceAll("\n", " ")).toBe(
    `Nothing that you may see. ${n} finding${n === 1 ? " is" : "s are"} withheld: about interception, for readers cleared for it. `,
  );
  expect(printed(folder, folder, "fr", false)).toMatch(/^Rien que vous puissiez voir\. \d+ constats? /);
  expect(printed(folder, folder, "en", true)).not.toContain("withheld");
});

it("says of a machine's draft first that nobody has reviewed it", async () => {
  const draft = join(scratch("draft"), "case");
  cpSync(await caseOf(COPY), draft, { recursive: true });
  const path = join(draft, "declaration.json");
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(readFileSync(path, "utf8")) as object), unreviewed: ["management"] }));
  expect(printed(draft, await caseOf(COPY), "en", false)).toMatch(/^The declaration is a draft made by a machine/);
});
