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
