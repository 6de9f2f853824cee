/** Changes one entry of a declaration's text and leaves every other character as people wrote it. */
import { isMap, isScalar, isSeq, parseDocument, type Node, type YAMLMap, type YAMLSeq } from "yaml";

export type ListName = "functions" | "services" | "operators" | "partners";
export type Entry = Readonly<Record<string, unknown>>;

/** The text cannot be read as YAML, so nothing in it can be found. */
export class UnreadableText extends Error {
  override readonly name = "UnreadableText";
}

function root(text: string): YAMLMap | null {
  const doc = parseDocument(text, { version: "1.2", prettyErrors: false });
  if (doc.errors.length > 0) throw new UnreadableText("the text is no YAML");
  if (doc.contents === null) return null;
  if (!isMap(doc.contents)) throw new UnreadableText("the text is no map");
  return doc.contents as YAMLMap;
}

function listIn(map: YAMLMap | null, name: ListName): YAMLSeq | null {
  const value = map?.items.find((pair) => isScalar(pair.key) && pair.key.value === name)?.value;
  return isSeq(value) ? value : null;
}

function span(node: unknown, text: string): readonly [number, number] {
  const range = (node as Node | null)?.range;
  if (range === null || range === undefined) throw new UnreadableText("an entry has no place");
  let end = range[1];
  while (end > range[0] && /\s/.test(text[end - 1] ?? "")) end--;
  return [range[0], end];
}

/** Entry `index` of a list as values; undefined where there is none. */
export function entryOf(text: string, name: ListName, index: number): Entry | undefined {
  const item = listIn(root(text), name)?.items[index];
  return isMap(item) ? (item.toJSON() as Entry) : undefined;
}

/** Fields that are undefined are taken out; those not named stay. */
export function changeEntry(text: string, name: ListName, index: number, change: Entry): string {
  const item = listIn(root(text), name)?.items[index];
  if (!isMap(item)) throw new UnreadableText("the entry is gone");
  const [from, to] = span(item, text);
  return `${text.slice(0, from)}${written({ ...(item.toJSON() as Entry), ...change })}${text.slice(to)}`;
}

export function addEntry(text: string, name: ListName, entry: Entry): string {
  const map = root(text);
  const line = `- ${written(entry)}`;
  const list = listIn(map, name);
  if (list === null) {
    const pair = map?.items.find((p) => isScalar(p.key) && p.key.value === name);
    if (pair !== undefined) {
      const [, end] = span(pair.key, text);
      const colon = text.indexOf(":", end) + 1;
      return `${text.slice(0, colon)}\n  ${line}${text.slice(colon)}`;
    }
    const gap = text === "" || text.endsWith("\n") ? "" : "\n";
    return `${text}${gap}${name}:\n  ${line}\n`;
  }
  const last = list.items.at(-1);
  if (list.flow === true) {
    const [from, to] = span(list, text);
    const kept = list.items.map((item) => {
      const [a, b] = span(item, text);
      return `\n  - ${text.slice(a, b)}`;
    });
    return `${text.slice(0, from).replace(/ +$/, "")}${kept.join("")}\n  ${line}${text.slice(to)}`;
  }
  const [start, end] = span(last, text);
  const lineStart = text.lastIndexOf("\n", start) + 1;
  const indent = /^ */.exec(text.slice(lineStart))?.[0] ?? "  ";
  // a comment behind the last entry stays with it
  const lineEnd = text.indexOf("\n", end);
  const at = lineEnd < 0 ? text.length : lineEnd;
  return `${text.slice(0, at)}\n${indent}${line}${text.slice(at)}`;
}

export function removeEntry(text: string, name: ListName, index: number): string {
  const list = listIn(root(text), name);
  const item = list?.items[index];
  if (list === null || item === undefined) throw new UnreadableText("the entry is gone");
  const [start, end] = span(item, text);
  if (list.flow === true || list.items.length === 1) {
    const [from, to] = span(list, text);
    const kept = list.items.flatMap((other, i) => (i === index ? [] : [text.slice(...span(other, text))]));
    const open = list.flow === true ? from : text.lastIndexOf(":", from) + 1;
    return `${text.slice(0, open)}${list.flow === true ? "" : " "}[${kept.join(", ")}]${text.slice(to)}`;
  }
  const lineStart = text.lastIndexOf("\n", start) + 1;
  const lineEnd = text.indexOf("\n", end);
  return `${text.slice(0, lineStart)}${lineEnd < 0 ? "" : text.slice(lineEnd + 1)}`;
}

/** One line, as the contract's example writes entries. */
function written(entry: Entry): string {
  const fields = Object.entries(entry).flatMap(([key, value]) =>
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0) ? [] : [`${key}: ${flow(value)}`],
  );
  return `{ ${fields.join(", ")} }`;
}

function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (typeof value === "object" && value !== null) return written(value as Entry);
  if (typeof value !== "string") return String(value);
  const plain = /^[A-Za-z_][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*$/.test(value) || /^\d{1,3}(\.\d{1,3}){3}(\/\d{1,2})?$/.test(value);
  return plain && !/^(y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(value) ? value : JSON.stringify(value);
}
