/**
 * Text that must fit: how wide it will be, before it is drawn. Widths are those of the page's own typefaces (Inter and IBM Plex Mono, read from
 * the font files), so that a drawing is laid out the same everywhere, without a browser.
 */

/** Advance widths of U+0020 to U+007E in hundredths of the size: the wider of Inter's regular and semi-bold. */
const INTER = [
  29, 33, 53, 65, 66, 101, 67, 33, 38, 38, 54, 68, 32, 47, 32, 38, 66, 43, 63, 64, 67, 62, 64, 58, 65, 64, 32, 33, 68, 68, 68, 55, 100, 73,
  66, 74, 73, 61, 60, 75, 75, 28, 58, 71, 57, 93, 76, 77, 65, 78, 66, 66, 67, 75, 73, 103, 72, 72, 66, 38, 38, 38, 49, 47, 36, 58, 63, 59,
  63, 60, 39, 63, 62, 27, 27, 57, 27, 91, 62, 61, 63, 63, 40, 55, 36, 62, 59, 84, 57, 59, 57, 46, 36, 46, 68,
];
/** Every character of IBM Plex Mono. */
const MONO = 60;
/** Accented Latin, which is as wide as its letters: the widest but W. */
const LATIN = 93;
/** Everything else: as wide as high, as in the scripts that a system's own typeface shows. */
const OTHER = 105;

/** Characters of a name that are looked at when it is cut; no drawing has room for more. */
const LONGEST = 200;

/** Pixels that a text takes at a size, at most. */
export function widthOf(text: string, size: number, mono = false): number {
  let sum = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const known = code >= 0x20 && code < 0x7f;
    sum += known ? (mono ? MONO : (INTER[code - 0x20] as number)) : code >= 0xa0 && code < 0x250 ? (mono ? MONO : LATIN) : OTHER;
  }
  return (sum * size) / 100;
}

/** Cut at its end where it is wider than `width`. */
export function fitEnd(text: string, width: number, size: number, mono = false): string {
  if (widthOf(text, size, mono) <= width) return text;
  const letters = Array.from(text.slice(0, LONGEST));
  while (letters.length > 0 && widthOf(`${letters.join("")}…`, size, mono) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/** Cut in its middle where it is wider than `width`: names of a network's elements differ in their ends. */
export function fitMiddle(text: string, width: number, size: number, mono = false): string {
  if (widthOf(text, size, mono) <= width) return text;
  const letters = Array.from(text.length > LONGEST ? text.slice(0, LONGEST / 2) + text.slice(-LONGEST / 2) : text);
  for (let kept = letters.length - 1; kept > 1; kept--) {
    const tail = Math.floor(kept * 0.45);
    const cut = `${letters.slice(0, kept - tail).join("")}…${tail === 0 ? "" : letters.slice(-tail).join("")}`;
    if (widthOf(cut, size, mono) <= width) return cut;
  }
  return "…";
}

/** Words on lines of so many pixels; a word that is wider is cut, and what needs more lines ends in an ellipsis. */
export function wrapTo(text: string, width: number, size: number, lines: number): string[] {
  const parts: string[] = [];
  for (const word of text.split(" ")) {
    const last = parts.at(-1);
    if (last !== undefined && widthOf(`${last} ${word}`, size) <= width) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  const shown = parts.length <= lines ? parts : [...parts.slice(0, lines - 1), `${parts[lines - 1] ?? ""}…`];
  return shown.map((part) => fitEnd(part, width, size));
}

export function short(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

/** Words on lines of so many characters; what does not fit ends in an ellipsis. */
export function wrap(text: string, characters: number, lines: number): string[] {
  const parts: string[] = [];
  for (const word of text.split(" ")) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + word.length + 1 <= characters) parts[parts.length - 1] = `${last} ${word}`;
    else parts.push(word);
  }
  if (parts.length <= lines) return parts;
  return [...parts.slice(0, lines - 1), `${parts[lines - 1] ?? ""}…`];
}
