/** CSV as RFC 4180 has it: quotes, doubled quotes, line breaks inside quotes, CRLF or LF. Positions are kept. */

export interface CsvCell {
  readonly text: string;
  /** 1-based, of the cell's first character. */
  readonly line: number;
  readonly column: number;
}

export type CsvResult =
  | { readonly rows: readonly (readonly CsvCell[])[] }
  | { readonly line: number; readonly column: number; readonly message: string };

/** Empty lines are skipped. Time is proportional to the text. */
export function readCsv(text: string): CsvResult {
  const rows: CsvCell[][] = [];
  let row: CsvCell[] = [];
  let i = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  let line = 1;
  let lineStart = i;
  while (i <= text.length) {
    const cellLine = line;
    const column = i - lineStart + 1;
    let value: string;
    if (text[i] === '"') {
      const parts: string[] = [];
      let from = i + 1;
      for (;;) {
        const quote = text.indexOf('"', from);
        if (quote < 0) return { line: cellLine, column, message: "a quote is not closed, expected CSV as in RFC 4180" };
        parts.push(text.slice(from, quote));
        for (let n = text.indexOf("\n", from); n >= 0 && n < quote; n = text.indexOf("\n", n + 1)) {
          line += 1;
          lineStart = n + 1;
        }
        from = quote + 1;
        if (text[from] !== '"') break;
        parts.push('"');
        from += 1;
      }
      value = parts.join("");
      i = from;
      const next = text[i];
      if (next !== undefined && next !== "," && next !== "\n" && !(next === "\r" && text[i + 1] === "\n")) {
        return { line, column: i - lineStart + 1, message: "text after a closing quote, expected a comma or the end of the line" };
      }
    } else {
      let end = i;
      while (end < text.length && text[end] !== "," && text[end] !== "\n") {
        if (text[end] === '"')
          return { line, column: end - lineStart + 1, message: "a quote inside a field, expected the whole field in quotes" };
        end += 1;
      }
      value = text.slice(i, text[end] !== "," && text[end - 1] === "\r" && end > i ? end - 1 : end);
      i = end;
    }
    row.push({ text: value, line: cellLine, column });
    if (text[i] === "\r") i += 1;
    if (text[i] === ",") {
      i += 1;
      continue;
    }
    if (row.length > 1 || (row[0] as CsvCell).text !== "") rows.push(row);
    row = [];
    i += 1;
    line += 1;
    lineStart = i;
  }
  return { rows };
}
