/** Splits ASN.1 text (ITU-T X.680 §12) into the lexical items that the 3GPP modules use. */

export interface Token {
  readonly text: string;
  readonly line: number;
}

// Order matters: `::=` before `:`, `...` before `..` before `.`.
const ITEM =
  /(?<space>\s+)|(?<comment>--.*?(?:--|\r?\n|$))|(?<item>::=|\.\.\.|\.\.|\[\[|\]\]|&?[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)*|-?[0-9]+|"[^"]*"|'[0-9A-F]*'[BH]|[{}()[\],|:;.@])/gy;

/** Throws on text that is no ASN.1 item: the input is a specification, not traffic. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let line = 1;
  ITEM.lastIndex = 0;
  while (ITEM.lastIndex < text.length) {
    const at = ITEM.lastIndex;
    const match = ITEM.exec(text);
    if (match === null) throw new Error(`line ${line}: no ASN.1 item at ${JSON.stringify(text.slice(at, at + 20))}`);
    const item = match.groups?.["item"];
    if (item !== undefined) tokens.push({ text: item, line });
    for (const character of match[0]) if (character === "\n") line += 1;
  }
  return tokens;
}
