/** Lines of at most so many characters, cut between words; a word that is longer stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  if (line !== "") lines.push(line);
  return lines;
}

/** Columns of the screen that text is set to; a pipe gets as many as a narrow terminal has. */
export function columnsOf(stdout: unknown): number {
  return Math.max(COLUMNS.least, Math.min(COLUMNS.most, (stdout as { columns?: number }).columns ?? COLUMNS.least));
}

/** Longer lines are hard to read, however wide the screen is. */
export const COLUMNS = { least: 80, most: 120 } as const;
