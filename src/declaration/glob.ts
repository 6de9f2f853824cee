/**
 * Globs of `points[].match`: `*` any characters, `?` one, `[abc]`, `[a-z]`, `[!a]`; letters differ by case.
 * Two-pointer matching: linear in the text for each star, no backtracking explosion.
 */
export function globMatches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let starP = -1;
  let starT = 0;
  while (t < text.length) {
    const used = p < pattern.length && pattern[p] !== "*" ? matchOne(pattern, p, text.charAt(t)) : 0;
    if (used > 0) {
      p += used;
      t++;
    } else if (p < pattern.length && pattern[p] === "*") {
      starP = p++;
      starT = t;
    } else if (starP >= 0) {
      p = starP + 1;
      t = ++starT;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Characters of the pattern that matched one character of text, 0 where it does not match. */
function matchOne(pattern: string, at: number, char: string): number {
  const c = pattern[at];
  if (c === "?") return 1;
  if (c === "[") {
    const end = pattern.indexOf("]", at + 2);
    if (end > 0) return inClass(pattern.slice(at + 1, end), char) ? end - at + 1 : 0;
  }
  return c === char ? 1 : 0;
}

function inClass(body: string, char: string): boolean {
  const negated = body.startsWith("!") || body.startsWith("^");
  let found = false;
  for (let i = negated ? 1 : 0; i < body.length; i++) {
    const low = body.charAt(i);
    if (body[i + 1] === "-" && i + 2 < body.length) {
      found ||= char >= low && char <= body.charAt(i + 2);
      i += 2;
    } else found ||= char === low;
  }
  return found !== negated;
}
