/** A strict reading of the report's HTML: balanced, quoted, no reference without its end, nothing that loads or runs but what its policy names. */
import { createHash } from "node:crypto";

const VOID = new Set(["meta", "br", "img", "link", "input", "hr"]);
/** Elements that may be written `<x />` because they are SVG. */
const SVG = new Set(["rect", "line", "path", "circle", "pattern", "marker", "stop"]);
const FORBIDDEN = [
  "img",
  "link",
  "iframe",
  "object",
  "embed",
  "video",
  "audio",
  "base",
  "form",
  "foreignobject",
  "use",
  "image",
  "a-script",
];

export interface HtmlReading {
  readonly problems: readonly string[];
  /** Text outside scripts and styles, entities decoded. */
  readonly text: string;
  readonly elements: ReadonlyMap<string, number>;
  readonly ids: ReadonlySet<string>;
  readonly policy: string;
}

export function readHtml(page: string): HtmlReading {
  const problems: string[] = [];
  const stack: string[] = [];
  const ids = new Set<string>();
  const wanted: string[] = [];
  const elements = new Map<string, number>();
  const texts: string[] = [];
  let policy = "";
  let at = 0;
  if (!page.startsWith("<!doctype html>")) problems.push("does not begin with a doctype");
  at = page.indexOf(">") + 1;
  while (at < page.length) {
    const next = page.indexOf("<", at);
    if (next < 0) {
      texts.push(page.slice(at));
      break;
    }
    texts.push(page.slice(at, next));
    const close = /^<\/([a-z][a-z0-9]*)\s*>/i.exec(page.slice(next, next + 60));
    if (close !== null) {
      const open = stack.pop();
      if (open !== close[1]) problems.push(`</${close[1]}> closes <${open}> at ${next}: ${page.slice(Math.max(0, next - 60), next + 20)}`);
      at = next + close[0].length;
      continue;
    }
    const tag = /^<([a-z][a-z0-9]*)((?:\s+[a-zA-Z_:][a-zA-Z0-9_:-]*(?:="[^"<>]*")?)*)\s*(\/?)>/i.exec(page.slice(next, next + 200_000));
    if (tag === null) {
      problems.push(`not a tag at ${next}: ${page.slice(next, next + 80)}`);
      at = next + 1;
      continue;
    }
    const name = (tag[1] ?? "").toLowerCase();
    elements.set(name, (elements.get(name) ?? 0) + 1);
    if (FORBIDDEN.includes(name)) problems.push(`<${name}> at ${next}`);
    const attributes = new Map(
      [...(tag[2] ?? "").matchAll(/([a-zA-Z_:][a-zA-Z0-9_:-]*)(?:="([^"]*)")?/g)].map((m) => [(m[1] ?? "").toLowerCase(), m[2] ?? ""]),
    );
    for (const [attribute, value] of attributes) {
      if (
        attribute.startsWith("on") ||
        attribute === "style" ||
        attribute === "src" ||
        attribute === "srcset" ||
        attribute === "xlink:href"
      )
        problems.push(`${attribute} on <${name}>`);
      if (attribute === "href" && !/^#[a-z0-9-]+$/.test(value)) problems.push(`href ${value}`);
      if (attribute === "href") wanted.push(value.slice(1));
      if (attribute === "aria-labelledby") wanted.push(value);
      if (attribute === "id") {
        if (ids.has(value)) problems.push(`id ${value} twice`);
        ids.add(value);
      }
      for (const url of value.matchAll(/url\(([^)]*)\)/g)) if (!/^#[a-z-]+$/.test(url[1] ?? "")) problems.push(`url ${url[1]}`);
    }
    if (name === "meta" && attributes.get("http-equiv") === "Content-Security-Policy") policy = decode(attributes.get("content") ?? "");
    at = next + tag[0].length;
    if (name === "script" || name === "style") {
      const end = page.indexOf(`</${name}>`, at);
      const content = page.slice(at, end);
      const hash = `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
      if (name === "style" && !policy.includes(`style-src ${hash}`)) problems.push("the style is not the one that the policy names");
      if (name === "script" && !attributes.has("type") && !policy.includes(`script-src ${hash}`))
        problems.push("a script that the policy does not name");
      if (name === "script" && attributes.has("type") && !/^application\/(octet-stream|json)$/.test(attributes.get("type") ?? ""))
        problems.push("a script of another type");
      if (name === "style" && /url\((?!data:font|#)/.test(content)) problems.push("the style loads something");
      if (name === "style" && /@import/.test(content)) problems.push("the style imports");
      at = end + name.length + 3;
      continue;
    }
    if (tag[3] === "/" && !VOID.has(name) && !SVG.has(name)) problems.push(`<${name} /> at ${next}`);
    if (tag[3] !== "/" && !VOID.has(name)) stack.push(name);
  }
  if (stack.length > 0) problems.push(`never closed: ${stack.join(" ")}`);
  for (const id of wanted) if (!ids.has(id)) problems.push(`#${id} is nowhere`);
  return { problems, text: decode(texts.join("")), elements, ids, policy };
}

function decode(text: string): string {
  return text
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#96;", "`")
    .replaceAll("&amp;", "&");
}
