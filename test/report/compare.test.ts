import { expect, it } from "vitest";
import type { FindingsDocument } from "#findings/document.ts";
import { compare } from "#report/compare.ts";
import { COPY, dataOf, INTERCEPTION } from "./cases.ts";

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
