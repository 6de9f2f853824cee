/** Collects every named limit of the source: `export const …limits = {…}` objects and `MAX_…` constants, each with the comment above it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface Limit {
  /** Path from the repository's root. */
  readonly file: string;
  readonly name: string;
  /** The value as the source writes it, and what it comes to where it is a number. */
  readonly source: string;
  readonly value: number | undefined;
  /** The comment above it, in one line; empty where there is none. */
  readonly meaning: string;
}

const OBJECT = /^export const (\w*limits|\w*LIMITS)(?:: (\w+))? = \{/i;
const CONSTANT = /^(?:export )?const (MAX_\w+|MOST_\w+) = ([^;]+);/;
const ENTRY = /^\s+(\w+): (.+?),?\s*$/;
const ONE_LINE = /^export const \w+(?:: \w+)? = \{ (.+) \}(?: as const)?;$/;

export function collectLimits(root: string): Limit[] {
  return readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .sort()
    .flatMap((name) => limitsOf(`src/${name}`, readFileSync(join(root, "src", name), "utf8")));
}

export function limitsOf(file: string, text: string): Limit[] {
  const lines = text.split("\n");
  const found: Limit[] = [];
  lines.forEach((line, at) => {
    const constant = CONSTANT.exec(line);
    if (constant !== null) found.push(limit(file, constant[1] as string, constant[2] as string, commentAbove(lines, at)));
    const object = OBJECT.exec(line);
    if (object === null) return;
    const oneLine = ONE_LINE.exec(line);
    if (oneLine !== null) {
      for (const entry of (oneLine[1] as string).split(", ")) {
        const [name, value] = entry.split(": ");
        found.push(limit(file, name as string, value as string, commentAbove(lines, at)));
      }
      return;
    }
    const documented = object[2] === undefined ? new Map<string, string>() : membersOf(lines, object[2]);
    // One comment may speak of several entries that follow one another.
    let above = "";
    for (let i = at + 1; i < lines.length && !(lines[i] as string).startsWith("}"); i++) {
      const entry = ENTRY.exec(lines[i] as string);
      if (entry === null || /^\s*(\*|\/)/.test(lines[i] as string)) continue;
      const name = entry[1] as string;
      found.push(limit(file, name, entry[2] as string, (above = commentAbove(lines, i) || (documented.get(name) ?? "") || above)));
    }
  });
  return found;
}

function limit(file: string, name: string, source: string, meaning: string): Limit {
  const plain = source.replaceAll("_", "");
  return { file, name, source, value: product(plain) ?? shifted(plain), meaning };
}

/** The comment that ends on the line before `at`, as one line. */
function commentAbove(lines: readonly string[], at: number): string {
  let end = at - 1;
  if (!/\*\/\s*$/.test(lines[end] ?? "")) return "";
  const body: string[] = [];
  for (; end >= 0; end--) {
    const line = lines[end] as string;
    body.unshift(line.replace(/^\s*(\/\*\*?|\*(?!\/))?\s?/, "").replace(/\s*\*\/\s*$/, ""));
    if (/^\s*\/\*/.test(line)) break;
  }
  return body.join(" ").replaceAll(/\s+/g, " ").trim();
}

/** Comments on the members of an interface of the same file. */
function membersOf(lines: readonly string[], name: string): Map<string, string> {
  const members = new Map<string, string>();
  const start = lines.findIndex((line) => new RegExp(`^export interface ${name}\\b`).test(line));
  for (let i = start + 1; start >= 0 && i < lines.length && lines[i] !== "}"; i++) {
    const member = /^\s+readonly (\w+)\??:/.exec(lines[i] as string);
    if (member !== null) members.set(member[1] as string, commentAbove(lines, i));
  }
  return members;
}

/** `64 * 1024`, `2 ** 16`, `1e6`: a number, or numbers multiplied. */
function product(text: string): number | undefined {
  const factors = text.split(/\s\*\s/).map((factor) => {
    const power = /^(\d+) \*\* (\d+)$/.exec(factor.trim());
    return power === null ? (/^[0-9.e]+$/.test(factor.trim()) ? Number(factor) : NaN) : Number(power[1]) ** Number(power[2]);
  });
  const value = factors.reduce((a, b) => a * b, 1);
  return Number.isFinite(value) ? value : undefined;
}

/** `32 << 20`. */
function shifted(text: string): number | undefined {
  const parts = /^(\d+) << (\d+)$/.exec(text.trim());
  return parts === null ? undefined : Number(parts[1]) * 2 ** Number(parts[2]);
}
