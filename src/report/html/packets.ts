/**
 * Copies beside their originals, octet by octet, from the bundle's carved packets: what is masked there is hatched here, and equal
 * commitments stand for equal content. Nothing is read from the captures.
 */
import type { FindingRecord } from "#findings/document.ts";
import type { CaseData } from "#report/case-data.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { carvedOf, type CarvedPair } from "./carved-pairs.ts";
import { figure, svg, table } from "./drawing.ts";
import { EMPTY, ml, join, type Markup } from "./markup.ts";

/** Pairs drawn octet by octet, and pairs listed. */
const DRAWN = 2;
const LISTED = 8;
/** Octets of each packet drawn. */
const OCTETS = 96;
const COLUMNS = 24;

export function packetPairs(data: CaseData, selection: Selection, f: FindingRecord, voice: Voice, id: string): Markup {
  if (data.bundle === null || selection.withheld > 0) return EMPTY;
  const words = voice.words.report.packets;
  const pairs = carvedOf(data, f.id);
  if (pairs.length === 0) return EMPTY;
  const file = (sha: string): string => data.document.captures.find((c) => c.sha256 === sha)?.file ?? sha.slice(0, 12);
  const rows = pairs
    .slice(0, LISTED)
    .map((p) => [
      ml`${words.frame(file(p.original.capture), p.original.frame)}`,
      ml`${words.frame(file(p.copy.capture), p.copy.frame)}`,
      voice.number(p.octets),
      ml`<code>${p.commitment.slice(0, 16)}…</code> ${words.same}`,
    ]);
  const drawings = pairs
    .filter((p) => p.original.octets.length > 0 && p.copy.octets.length > 0)
    .slice(0, DRAWN)
    .map((p, i) => draw(p, file, voice, `${id}${i}`));
  return figure(
    id,
    words.title,
    join(drawings),
    ml`${table([words.original, words.copy, "octets", words.columns[3] ?? ""], rows, { numeric: [2], kind: "small" })}
      <p class="note">${words.note}</p>`,
  );
}

/** Two blocks of octets, original above copy, the stretch that is committed to framed in both. */
function draw(pair: CarvedPair, file: (sha: string) => string, voice: Voice, id: string): Markup {
  const words = voice.words.report.packets;
  const cell = 26;
  const line = 18;
  const left = 92;
  const block = (title: string, side: CarvedPair["copy"], top: number): { markup: Markup; bottom: number } => {
    const octets = side.octets.slice(0, OCTETS);
    const cells = octets.map((octet, i) => {
      const [x, y] = [left + (i % COLUMNS) * cell, top + 20 + Math.floor(i / COLUMNS) * line];
      const masked = side.masked[i] === true;
      return ml`<rect
          x="${x}"
          y="${y}"
          width="${cell - 1}"
          height="${line - 2}"
          class="${masked ? "masked" : "plain"}"
        />${masked ? EMPTY : ml`<text x="${x + cell / 2 - 0.5}" y="${y + 12}" class="octets middle">${octet.toString(16).padStart(2, "0")}</text>`}`;
    });
    const rows = Math.ceil(octets.length / COLUMNS);
    const more = side.length > octets.length ? ` … ${voice.number(side.length - octets.length)}` : "";
    return {
      markup: ml`<text x="0" y="${top + 12}" class="box-label">${title}</text
        ><text x="${left}" y="${top + 12}" class="tick"
          >${words.frame(file(side.capture), side.frame)}, ${voice.number(side.length)} octets${more === "" ? "" : ` (${more} )`}</text
        >${cells}`,
      bottom: top + 24 + rows * line,
    };
  };
  const first = block(words.original, pair.original, 0);
  const second = block(words.copy, pair.copy, first.bottom + 8);
  return svg(720, second.bottom, id, words.alt, [first.markup, second.markup]);
}
