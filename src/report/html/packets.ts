/**
 * Copies beside their originals: envelope, headers, content as bars on one scale, the masked content hatched and marked with its commitment;
 * beneath, the headers as octets. From what the bundle carries; nothing is read from the captures.
 */
import type { FindingRecord } from "#findings/document.ts";
import type { CaseData } from "#report/case-data.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { carvedOf, type CarvedPair, type CarvedSide } from "./carved-pairs.ts";
import { clip, figure, svg, table } from "./drawing.ts";
import { EMPTY, ml, join, type Markup } from "./markup.ts";

/** Pairs drawn, pairs listed, octets of a head shown. */
const DRAWN = 1;
const LISTED = 10;
const OCTETS = 160;

export function packetPairs(data: CaseData, selection: Selection, f: FindingRecord, voice: Voice, id: string): Markup {
  const pairs = carvedOf(data, f.id);
  if (pairs.length === 0) return EMPTY;
  const words = voice.words.report.packets;
  const file = (sha: string): string => data.document.captures.find((c) => c.sha256 === sha)?.file ?? sha.slice(0, 12);
  const where = (side: CarvedSide): string => words.frame(file(side.capture), side.frame);
  const rows = pairs
    .slice(0, LISTED)
    .map((p) => [where(p.original), where(p.copy), voice.number(p.octets), ml`<code>${p.commitment.slice(0, 20)}…</code>`]);
  const shown = pairs.filter((p) => p.original.wire > 0 && p.copy.wire > 0).slice(0, DRAWN);
  const drawings = shown.map((p, i) => ml`${draw(p, f, where, voice, `${id}${i}`)}${heads(p, where, voice)}`);
  const rest = pairs.length - LISTED;
  return figure(
    id,
    words.title,
    join(drawings),
    ml`${table([words.original, words.copy, words.equalOctets, words.commitment], rows, { numeric: [2], kind: "small" })}
    <p class="note">${rest > 0 ? `${words.more(rest)} ` : ""}${words.note}</p>`,
  );
}

const WIDTH = 720;
const LEFT = 96;
const HEIGHT = 26;
/** Narrowest a part may be drawn, so that a header of few octets can be seen beside a full payload. */
const NARROWEST = 96;

interface Part {
  readonly label: string;
  readonly octets: number;
  readonly kind: "envelope" | "plain" | "masked";
}

/** Both bars end together: the content that is equal stands under itself. */
function draw(p: CarvedPair, f: FindingRecord, where: (side: CarvedSide) => string, voice: Voice, id: string): Markup {
  const words = voice.words.report.packets;
  const own = Math.max(0, p.original.wire - p.octets);
  const envelope = Math.max(0, p.copy.wire - p.octets - own);
  const label = (name: string, octets: number): string => `${name}, ${voice.number(octets)}`;
  const content: Part = { label: label(words.content, p.octets), octets: p.octets, kind: "masked" };
  const headers: Part = { label: label(words.headers, own), octets: own, kind: "plain" };
  const wrap: Part[] =
    envelope === 0 ? [] : [{ label: label(f.transport.layers.join("/") || words.envelope, envelope), octets: envelope, kind: "envelope" }];
  const widths = (parts: readonly Part[]): number[] =>
    parts.map((part) => (part.kind === "masked" ? WIDTH - LEFT - (wrap.length + 1) * (NARROWEST + 44) : NARROWEST + 44));
  const bar = (title: string, side: CarvedSide, parts: readonly Part[], top: number): Markup => {
    const all = widths(parts);
    let x = WIDTH - all.reduce((a, b) => a + b, 0);
    const boxes = parts.map((part, i) => {
      const width = all[i] ?? 0;
      const at = x;
      x += width;
      return ml`<rect x="${at}" y="${top}" width="${width}" height="${HEIGHT}" class="slice ${part.kind}" /><text x="${at + width / 2}" y="${top + 17}" class="slice-label middle halo">${clip(part.label, Math.floor(width / 5.6))}</text>`;
    });
    return ml`<text x="0" y="${top + 11}" class="box-label">${title}</text><text x="0" y="${top + 25}" class="tick">${where(side).split(", ").at(-1) ?? ""}</text>${boxes}`;
  };
  const contentX = WIDTH - (widths([content])[0] ?? 0);
  const [first, second] = [2, 62];
  return svg(WIDTH, second + HEIGHT + 4, id, words.alt, [
    bar(words.original, p.original, [headers, content], first),
    bar(words.copy, p.copy, [...wrap, headers, content], second),
    ml`<line x1="${contentX + 24}" x2="${contentX + 24}" y1="${first + HEIGHT}" y2="${second}" class="equal" />
      <text x="${contentX + 34}" y="${(first + HEIGHT + second) / 2 + 4}" class="branch-label">= ${clip(words.same, 40)} <tspan class="octets">${p.commitment.slice(0, 14)}…</tspan></text>`,
  ]);
}

/** The carved heads of both, sixteen octets a line. */
function heads(p: CarvedPair, where: (side: CarvedSide) => string, voice: Voice): Markup {
  const words = voice.words.report.packets;
  const block = (title: string, side: CarvedSide): Markup =>
    ml`<div><p class="note">${title}${voice.colon} ${where(side)}</p><pre class="hex">${hexLines(side.head)}</pre></div>`;
  return ml`<div class="pair">${block(words.original, p.original)}${block(words.copy, p.copy)}</div>`;
}

function hexLines(head: Uint8Array): Markup {
  const lines: Markup[] = [];
  for (let at = 0; at < Math.min(head.length, OCTETS); at += 16) {
    const octets = [...head.subarray(at, at + 16)].map((o) => o.toString(16).padStart(2, "0")).join(" ");
    lines.push(ml`<span class="offset">${at.toString(16).padStart(4, "0")}</span>  ${octets}`);
  }
  return join(lines, "\n");
}
