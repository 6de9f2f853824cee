/**
 * A small reader of XML 1.0 (fifth edition) and Namespaces in XML 1.0, for documents that a stranger sent: no DTD, no
 * entity but the five predefined ones and character references, no processing instruction but the declaration.
 * Anything else is refused, which is what TS 103 221-1 clause 7.2.1 asks of a receiver as well.
 */
import { X1_LIMITS } from "./limits.ts";

export interface XmlElement {
  /** Local name and namespace; the empty string where there is none. */
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly { readonly name: string; readonly namespace: string; readonly value: string }[];
  readonly children: XmlElement[];
  /** Character data directly inside, joined. */
  text: string;
  /** Namespace that a prefix stands for here, for values that are qualified names (`xsi:type`). */
  readonly scope: Scope;
}

export type XmlProblem = "syntax" | "depth" | "count" | "dtd" | "namespace" | "entity";

interface Scope {
  readonly prefix: string;
  readonly uri: string;
  readonly outer: Scope | undefined;
}

const XML_SCOPE: Scope = { prefix: "xml", uri: "http://www.w3.org/XML/1998/namespace", outer: undefined };
export const XSI = "http://www.w3.org/2001/XMLSchema-instance";

const NAME = /[A-Za-z_\u00c0-\ud7ff][A-Za-z0-9_.\-\u00b7-\ud7ff]*/y;
const SPACE = /[ \t\r\n]*/y;

export function resolvePrefix(scope: Scope, prefix: string): string | undefined {
  for (let s: Scope | undefined = scope; s !== undefined; s = s.outer) if (s.prefix === prefix) return s.uri;
  return prefix === "" ? "" : undefined;
}

/** The document element, or why there is none. Time is proportional to the text. */
export function parseXml(text: string): { readonly root: XmlElement } | { readonly problem: XmlProblem; readonly at: number } {
  return new XmlReader(text).document();
}

interface Open {
  readonly element: XmlElement;
  readonly qualified: string;
}

class XmlReader {
  private readonly text: string;
  private at = 0;
  private elements = 0;
  private problem: XmlProblem = "syntax";

  constructor(text: string) {
    this.text = text;
  }

  document(): { readonly root: XmlElement } | { readonly problem: XmlProblem; readonly at: number } {
    const { text } = this;
    if (text.charCodeAt(0) === 0xfeff) this.at = 1;
    if (text.startsWith("<?xml", this.at)) {
      const close = text.indexOf("?>", this.at);
      if (close < 0) return this.fail();
      this.at = close + 2;
    }
    const stack: Open[] = [];
    let root: XmlElement | undefined;
    while (this.at < text.length) {
      const open = text.indexOf("<", this.at);
      const data = text.slice(this.at, open < 0 ? text.length : open);
      const top = stack.at(-1);
      if (data !== "") {
        const plain = this.unescape(data);
        if (plain === undefined) return this.fail();
        if (top !== undefined) top.element.text += plain;
        else if (plain.trim() !== "") return this.fail();
      }
      if (open < 0) break;
      this.at = open;
      if (text.startsWith("<!--", open)) {
        if (!this.skipPast("-->", 4)) return this.fail();
      } else if (text.startsWith("<![CDATA[", open)) {
        const close = text.indexOf("]]>", open);
        if (close < 0 || top === undefined) return this.fail();
        top.element.text += text.slice(open + 9, close);
        this.at = close + 3;
      } else if (text.startsWith("<!", open)) {
        return this.fail("dtd");
      } else if (text.startsWith("<?", open)) {
        return this.fail();
      } else if (text.startsWith("</", open)) {
        const close = text.indexOf(">", open);
        if (close < 0 || top === undefined || text.slice(open + 2, close).trimEnd() !== top.qualified) return this.fail();
        stack.pop();
        this.at = close + 1;
      } else {
        const started = this.startTag(top?.element.scope ?? XML_SCOPE);
        if (started === undefined) return this.fail(this.problem);
        if (top !== undefined) top.element.children.push(started.open.element);
        else if (root !== undefined) return this.fail();
        else root = started.open.element;
        if (!started.empty) {
          if (stack.length >= X1_LIMITS.depth) return this.fail("depth");
          stack.push(started.open);
        }
      }
    }
    return root === undefined || stack.length > 0 ? this.fail() : { root };
  }

  private startTag(outer: Scope): { readonly open: Open; readonly empty: boolean } | undefined {
    this.elements += 1;
    if (this.elements > X1_LIMITS.elements) return this.refuse("count");
    this.at += 1;
    const qualified = this.qualifiedName();
    if (qualified === undefined) return undefined;
    const raw: { name: string; value: string }[] = [];
    let scope = outer;
    for (;;) {
      const before = this.at;
      this.space();
      const c = this.text[this.at];
      if (c === ">" || c === "/") break;
      if (this.at === before) return undefined;
      if (raw.length >= X1_LIMITS.attributes) return this.refuse("count");
      const attribute = this.attribute();
      if (attribute === undefined || raw.some((r) => r.name === attribute.name)) return undefined;
      raw.push(attribute);
      if (attribute.name === "xmlns") scope = { prefix: "", uri: attribute.value, outer: scope };
      else if (attribute.name.startsWith("xmlns:")) scope = { prefix: attribute.name.slice(6), uri: attribute.value, outer: scope };
    }
    const empty = this.text[this.at] === "/";
    if (empty) this.at += 1;
    if (this.text[this.at] !== ">") return undefined;
    this.at += 1;
    const [prefix, name] = split(qualified);
    const namespace = resolvePrefix(scope, prefix);
    if (namespace === undefined) return this.refuse("namespace");
    const attributes: { name: string; namespace: string; value: string }[] = [];
    for (const r of raw) {
      if (r.name === "xmlns" || r.name.startsWith("xmlns:")) continue;
      const [p, n] = split(r.name);
      const ns = p === "" ? "" : resolvePrefix(scope, p);
      if (ns === undefined) return this.refuse("namespace");
      attributes.push({ name: n, namespace: ns, value: r.value });
    }
    return { open: { element: { name, namespace, attributes, children: [], text: "", scope }, qualified }, empty };
  }

  private attribute(): { name: string; value: string } | undefined {
    const name = this.qualifiedName();
    if (name === undefined) return undefined;
    this.space();
    if (this.text[this.at] !== "=") return undefined;
    this.at += 1;
    this.space();
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return undefined;
    const close = this.text.indexOf(quote, this.at + 1);
    if (close < 0) return undefined;
    const inside = this.text.slice(this.at + 1, close);
    if (inside.includes("<")) return undefined;
    const value = this.unescape(inside);
    if (value === undefined) return undefined;
    this.at = close + 1;
    return { name, value };
  }

  private qualifiedName(): string | undefined {
    const first = this.match(NAME);
    if (first === "") return undefined;
    if (this.text[this.at] !== ":") return first;
    this.at += 1;
    const second = this.match(NAME);
    return second === "" ? undefined : `${first}:${second}`;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const m = pattern.exec(this.text);
    if (m === null) return "";
    this.at += m[0].length;
    return m[0];
  }

  private space(): void {
    this.match(SPACE);
  }

  private skipPast(mark: string, from: number): boolean {
    const close = this.text.indexOf(mark, this.at + from);
    if (close < 0) return false;
    this.at = close + mark.length;
    return true;
  }

  /** Undefined where a reference is none of the five entities and no character. */
  private unescape(data: string): string | undefined {
    if (!data.includes("&")) return data;
    let bad = false;
    const out = data.replaceAll(/&([^;&]{0,12})(;?)/g, (_, name: string, end: string) => {
      const value = end === ";" ? character(name) : undefined;
      if (value === undefined) bad = true;
      return value ?? "";
    });
    if (bad) this.problem = "entity";
    return bad ? undefined : out;
  }

  private refuse(problem: XmlProblem): undefined {
    this.problem = problem;
    return undefined;
  }

  private fail(problem: XmlProblem = this.problem): { readonly problem: XmlProblem; readonly at: number } {
    return { problem, at: this.at };
  }
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", apos: "'", quot: '"' };

function character(reference: string): string | undefined {
  if (!reference.startsWith("#")) return Object.hasOwn(ENTITIES, reference) ? ENTITIES[reference] : undefined;
  const hexadecimal = reference[1] === "x";
  const digits = reference.slice(hexadecimal ? 2 : 1);
  if (!(hexadecimal ? /^[0-9a-fA-F]{1,6}$/ : /^[0-9]{1,7}$/).test(digits)) return undefined;
  const code = Number.parseInt(digits, hexadecimal ? 16 : 10);
  return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : undefined;
}

function split(qualified: string): [prefix: string, name: string] {
  const colon = qualified.indexOf(":");
  return colon < 0 ? ["", qualified] : [qualified.slice(0, colon), qualified.slice(colon + 1)];
}

export function childrenNamed(e: XmlElement, name: string): XmlElement[] {
  return e.children.filter((c) => c.name === name);
}

export function child(e: XmlElement | undefined, name: string): XmlElement | undefined {
  return e?.children.find((c) => c.name === name);
}

export function childText(e: XmlElement | undefined, name: string): string | undefined {
  const text = child(e, name)?.text.trim();
  return text === undefined || text === "" ? undefined : text;
}
