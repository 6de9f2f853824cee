// Tables of codes and their names, as specifications print them.

/** A dense array indexes faster than a dictionary, and gives undefined for what the specification leaves spare. */
export function codeTable(entries: Readonly<Record<number, string>>): readonly (string | undefined)[] {
  const length = Math.max(...Object.keys(entries).map(Number)) + 1;
  return Array.from({ length }, (_, code) => entries[code]);
}
