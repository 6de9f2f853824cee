/** What the first page says of its making, and that no line of the map runs through a box. */
import { afterAll, describe, expect, it } from "vitest";
import { reportPage, type ReportOptions } from "#report/html/page.ts";
import { CLAIM_CASES, COPY, dataOf, removeAll } from "./cases.ts";
import { readHtml } from "./html-check.ts";

afterAll(removeAll);

const made: ReportOptions = {
  language: "en",
  liCleared: true,
  nowMillis: Date.parse("2027-01-01T12:30:00Z"),
  author: "A. Examiner",
  verifier: null,
};
const squeeze = (text: string): string => text.replaceAll(/\s+/g, " ");
const firstPage = (page: string): string => page.slice(0, page.indexOf('id="part2"'));

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const numbers = (text: string): number[] => [...text.matchAll(/-?\d+(?:\.\d+)?/g)].map(([n]) => Number(n));

/** Boxes and the straight pieces of lines of the map's drawing. */
function mapOf(page: string): { boxes: Box[]; pieces: (readonly [number, number, number, number])[] } {
  const figure = page.slice(page.indexOf('id="map"'));
  const svg = figure.slice(figure.indexOf("<svg"), figure.indexOf("</svg>"));
  const boxes = [...svg.matchAll(/<g class="box[^"]*">\s*<rect x="([^"]+)" y="([^"]+)" width="([^"]+)" height="([^"]+)"/g)].map(
    ([, x, y, width, height]) => ({ x: Number(x), y: Number(y), width: Number(width), height: Number(height) }),
  );
  const pieces = [...svg.matchAll(/<path d="([^"]+)" class="edge/g)].flatMap(([, d = ""]) => {
    const at = numbers(d);
    return Array.from({ length: at.length / 2 - 1 }, (_, i) => at.slice(2 * i, 2 * i + 4) as unknown as [number, number, number, number]);
  });
  return { boxes, pieces };
}

describe.each([...CLAIM_CASES, COPY])("%s", (folder) => {
  it("no line of the map runs through a box, and all are level or upright", async () => {
    const { boxes, pieces } = mapOf(reportPage(await dataOf(folder), made));
    expect(boxes.length).toBeGreaterThan(2);
    expect(pieces.length).toBeGreaterThan(2);
    const through = pieces.filter(([x0, y0, x1, y1]) =>
      boxes.some(
        (b) =>
          Math.max(x0, x1) > b.x + 1 &&
          Math.min(x0, x1) < b.x + b.width - 1 &&
          Math.max(y0, y1) > b.y + 1 &&
          Math.min(y0, y1) < b.y + b.height - 1,
      ),
    );
    expect(through).toEqual([]);
    expect(pieces.filter(([x0, y0, x1, y1]) => x0 !== x1 && y0 !== y1)).toEqual([]);
  });

  it("names author, moment, tool, basis and declaration before anything else", async () => {
    const data = await dataOf(folder);
    const text = squeeze(readHtml(firstPage(reportPage(data, made))).text);
    const before = text.slice(0, text.indexOf("If the declaration"));
    expect(before).toContain("Author A. Examiner");
    expect(before).toContain("Made on 1 January 2027, 12:30:00 UTC");
    expect(before).toContain(`Made with Tapproof ${data.document.tool.version}`);
    expect(before).toContain("Basis none stated");
    expect(before).toContain(`SHA-256 ${data.document.declaration?.slice(0, 12) ?? "?"}…`);
    expect(before).toContain("nobody else vouches for it; nothing in it is marked as unreviewed");
  });
});

it("says of a machine's draft that nobody has reviewed it, and what in it", async () => {
  const data = await dataOf(COPY);
  const declaration = { ...data.declaration, unreviewed: ["management"] } as typeof data.declaration;
  const text = squeeze(readHtml(firstPage(reportPage({ ...data, declaration }, made))).text);
  expect(text).toContain("a draft that nobody has reviewed (management)");
});

it("states the basis that the case was kept on", async () => {
  const data = await dataOf(COPY);
  const text = squeeze(readHtml(firstPage(reportPage({ ...data, meta: { ...data.meta, basis: "order 12/2026" } }, made))).text);
  expect(text).toContain("Basis order 12/2026");
});
