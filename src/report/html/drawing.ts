/** Pieces that the drawings share: hatching for what was not seen, grades by form, captions, tables with the same content. */
import type { Grade } from "#model/finding.ts";
import { EMPTY, ml, join, type Markup } from "./markup.ts";

/** Definitions that drawings refer to; once a page. */
export function definitions(): Markup {
  return ml`<svg class="defs" width="0" height="0" aria-hidden="true" focusable="false">
    <defs>
      <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <rect width="6" height="6" class="hatch-ground" />
        <line x1="0" y1="0" x2="0" y2="6" class="hatch-line" />
      </pattern>
      <marker
        id="arrow-found"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="11"
        markerHeight="11"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0 L10 5 L0 10 z" class="fill-found" />
      </marker>
      <marker
        id="arrow-plain"
        viewBox="0 0 10 10"
        refX="9"
        refY="5"
        markerWidth="9"
        markerHeight="9"
        markerUnits="userSpaceOnUse"
        orient="auto"
      >
        <path d="M0 0 L10 5 L0 10 z" class="fill-plain" />
      </marker>
    </defs>
  </svg>`;
}

/** Outlined, half-filled, filled: indication, corroborated, proven (`look.md`). */
export function gradeMark(grade: Grade): Markup {
  const fill = grade === "proven" ? ml`<rect x="1.5" y="1.5" width="11" height="11" class="fill-found" />` : EMPTY;
  const half = grade === "corroborated" ? ml`<rect x="1.5" y="1.5" width="5.5" height="11" class="fill-found" />` : EMPTY;
  return ml`<svg class="grade-mark" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
    ${fill}${half}
    <rect x="1.5" y="1.5" width="11" height="11" class="grade-outline" />
  </svg>`;
}

/** A mark for the outcome of a test: a filled, hatched or open disc. */
export function outcomeMark(status: "excluded" | "supported" | "untestable"): Markup {
  if (status === "excluded")
    return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <path d="M3 3 L11 11 M11 3 L3 11" class="outcome-line" />
    </svg>`;
  if (status === "untestable")
    return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
      <circle cx="7" cy="7" r="5" class="outcome-hatched" />
    </svg>`;
  return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true">
    <circle cx="7" cy="7" r="5" class="outcome-filled" />
  </svg>`;
}

export function figure(id: string, title: string, drawing: Markup, table: Markup): Markup {
  return ml`<figure class="drawing" id="${id}" aria-labelledby="${id}-t">
    <figcaption id="${id}-t">${title}</figcaption>
    ${drawing} ${table}
  </figure>`;
}

/** An `svg` with its text alternative. */
export function svg(width: number, height: number, id: string, alternative: string, inside: readonly Markup[]): Markup {
  return ml`<svg
    class="chart"
    viewBox="-2 -2 ${width + 4} ${height + 4}"
    role="img"
    aria-labelledby="${id}-alt"
    preserveAspectRatio="xMinYMin meet"
  >
    <title id="${id}-alt">${alternative}</title>
    ${join(inside, "\n")}
  </svg>`;
}

export type Cell = string | number | Markup | null;

/** A table of so few rows stays on one page of paper. */
const WHOLE = 14;

/** Columns named in `numeric` (by position) are set flush right in tabular figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  options: { readonly numeric?: readonly number[]; readonly mono?: readonly number[]; readonly kind?: string } = {},
): Markup {
  const kind = (i: number): string =>
    [options.numeric?.includes(i) === true ? "num" : "", options.mono?.includes(i) === true ? "mono" : ""].filter(Boolean).join(" ");
  const cell = (value: Cell, i: number): Markup => ml`<td class="${kind(i)}">${value}</td>`;
  return ml`<div class="table-frame${rows.length <= WHOLE ? " whole" : ""}">
    <table class="${options.kind ?? ""}">
      <thead>
        <tr>
          ${head.map((h, i) => ml`<th scope="col" class="${options.numeric?.includes(i) === true ? "num" : ""}">${h}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            ml`<tr>
              ${row.map(cell)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Text in a drawing, cut where it would not fit; the table beside the drawing has it whole. */
export function clip(text: string, characters: number): string {
  const all = Array.from(text);
  return all.length <= characters ? text : `${all.slice(0, characters - 1).join("")}…`;
}

/** Text over several lines of at most so many characters; at most `lines` lines. */
export function fold(text: string, characters: number, lines: number): string[] {
  const out: string[] = [];
  for (const word of text.split(" ")) {
    const last = out.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= characters) out[out.length - 1] = `${last} ${word}`;
    else out.push(clip(word, characters));
  }
  if (out.length <= lines) return out;
  return [...out.slice(0, lines - 1), clip(out.slice(lines - 1).join(" "), characters)];
}
