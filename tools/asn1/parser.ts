/** Reads ASN.1 modules into `Modules`. All modules of one protocol share one name space, so IMPORTS only repeat names. */
import { tokenize, type Token } from "./lexer.ts";
import type { Argument, Bound, Component, InformationObject, Modules, Range, SetElement, Type } from "./syntax.ts";

/** Settings of an information object whose value is a type; all others are names or numbers. Longest first. */
const TYPE_SETTINGS = [
  "INITIATING MESSAGE",
  "SUCCESSFUL OUTCOME",
  "UNSUCCESSFUL OUTCOME",
  "FIRST TYPE",
  "SECOND TYPE",
  "EXTENSION",
  "TYPE",
];
const VALUE_SETTINGS = ["PROCEDURE CODE", "FIRST CRITICALITY", "SECOND CRITICALITY", "CRITICALITY", "PRESENCE", "ID"];
const STRINGS = new Set(["PrintableString", "VisibleString", "UTF8String", "IA5String", "NumericString"]);

export function newModules(): Modules {
  return { types: new Map(), values: new Map(), objects: new Map(), sets: new Map(), classes: new Set() };
}

/** Adds the assignments of one file (one module or several) to `into`. Throws on what the subset does not cover. */
export function parseModules(text: string, file: string, into: Modules): void {
  new Parser(tokenize(text), file, into).file();
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly name: string;
  private readonly into: Modules;
  private at = 0;

  constructor(tokens: readonly Token[], name: string, into: Modules) {
    this.tokens = tokens;
    this.name = name;
    this.into = into;
  }

  file(): void {
    while (this.at < this.tokens.length) {
      while (this.next() !== "BEGIN");
      if (this.peek() === "IMPORTS" || this.peek() === "EXPORTS") while (this.next() !== ";");
      while (this.peek() !== "END") this.assignment();
      this.expect("END");
    }
  }

  private assignment(): void {
    const name = this.next();
    if (/^[a-z]/.test(name)) return this.valueAssignment(name);
    if (this.peek() === "::=" && this.peek(1) === "CLASS") {
      this.into.classes.add(name);
      this.at += 2;
      this.skipBraces();
      if (this.take("WITH")) {
        this.expect("SYNTAX");
        this.skipBraces();
      }
      return;
    }
    if (this.peek() !== "::=" && this.peek() !== "{") {
      this.next();
      this.expect("::=");
      this.into.sets.set(name, this.objectSet());
      return;
    }
    const parameters = this.peek() === "{" ? this.parameters() : [];
    this.expect("::=");
    this.into.types.set(name, { name, parameters, type: this.type() });
  }

  private valueAssignment(name: string): void {
    const type = this.next();
    this.expect("::=");
    if (this.peek() === "{") {
      if (type === "OBJECT") return this.skipBraces();
      this.into.objects.set(name, this.object());
    } else this.into.values.set(name, this.bound() ?? this.fail("a value"));
  }

  /** `{INTEGER : lowerBound, S1AP-PROTOCOL-IES : IEsSetParam}` → names of the parameters. */
  private parameters(): string[] {
    const names: string[] = [];
    this.expect("{");
    do {
      this.next();
      this.expect(":");
      names.push(this.next());
    } while (this.take(","));
    this.expect("}");
    return names;
  }

  private objectSet(): SetElement[] {
    const elements: SetElement[] = [];
    this.expect("{");
    while (!this.take("}")) {
      if (this.take("...") || this.take("|") || this.take(",")) continue;
      if (this.peek() === "{") elements.push({ object: this.object() });
      else elements.push({ reference: this.next() });
    }
    return elements;
  }

  private object(): InformationObject {
    const values = new Map<string, string>();
    const types = new Map<string, Type>();
    this.expect("{");
    while (!this.take("}")) {
      const typeSetting = TYPE_SETTINGS.find((setting) => this.takeWords(setting));
      if (typeSetting !== undefined) {
        types.set(typeSetting, this.type());
        continue;
      }
      const valueSetting = VALUE_SETTINGS.find((setting) => this.takeWords(setting));
      if (valueSetting === undefined) this.fail("a setting of an information object");
      else values.set(valueSetting, this.next());
    }
    return { values, types };
  }

  private type(): Type {
    const word = this.next();
    switch (word) {
      case "INTEGER":
        if (this.peek() === "{") this.skipBraces();
        return { kind: "integer", range: this.constraint().range };
      case "BOOLEAN":
        return { kind: "boolean" };
      case "NULL":
        return { kind: "null" };
      case "OBJECT":
        this.expect("IDENTIFIER");
        return { kind: "oid" };
      case "OCTET": {
        this.expect("STRING");
        const { size, containing } = this.constraint();
        return { kind: "octets", size, containing };
      }
      case "BIT":
        this.expect("STRING");
        if (this.peek() === "{") this.skipBraces();
        return { kind: "bits", size: this.constraint().size };
      case "ENUMERATED":
        return this.enumerated();
      case "CHOICE":
        return this.components("choice");
      case "SEQUENCE": {
        if (this.peek() === "{") return this.components("sequence");
        const size = this.peek() === "OF" ? undefined : this.peek() === "SIZE" ? this.sizeClause() : this.constraint().size;
        this.expect("OF");
        return { kind: "sequence-of", size, element: this.type() };
      }
      default:
        if (STRINGS.has(word)) return { kind: "string", alphabet: word, size: this.constraint().size };
        return this.reference(word);
    }
  }

  private reference(name: string): Type {
    if (!/^[A-Z]/.test(name)) this.fail(`a type instead of ${name}`);
    if (this.take(".")) {
      const field = this.next();
      let set: string | undefined;
      if (this.take("(")) {
        this.expect("{");
        set = this.next();
        this.expect("}");
        if (this.peek() === "{") this.skipBraces();
        this.expect(")");
      }
      return { kind: "field", className: name, field, set };
    }
    const args: Argument[] = [];
    if (this.take("{")) {
      while (!this.take("}")) {
        if (this.take(",")) continue;
        if (this.take("{")) {
          args.push({ kind: "set", name: this.next() });
          this.expect("}");
        } else args.push({ kind: "value", value: this.bound() ?? this.fail("an argument") });
      }
    }
    return { kind: "reference", name, arguments: args, range: this.peek() === "(" ? this.constraint().range : undefined };
  }

  private enumerated(): Type {
    const root: string[] = [];
    const additions: string[] = [];
    let extensible = false;
    this.expect("{");
    while (!this.take("}")) {
      if (this.take(",")) continue;
      if (this.take("...")) {
        extensible = true;
        continue;
      }
      (extensible ? additions : root).push(this.next());
      // PER numbers the enumeration by value; the modules number theirs in textual order, so `(0)` may be passed over.
      if (this.take("(")) {
        this.next();
        this.expect(")");
      }
    }
    return { kind: "enumerated", root, additions, extensible };
  }

  private components(kind: "sequence" | "choice"): Type {
    const root: Component[] = [];
    const additions: Component[] = [];
    let markers = 0;
    this.expect("{");
    while (!this.take("}")) {
      if (this.take(",")) continue;
      if (this.take("...")) {
        markers += 1;
        continue;
      }
      const name = this.next();
      if (name === "[[") this.fail("no extension addition group");
      const type = this.type();
      let optional = this.take("OPTIONAL");
      if (this.take("DEFAULT")) {
        this.next();
        optional = true;
      }
      // A second marker ends the additions and the root goes on (X.680 §25.4).
      (markers === 1 ? additions : root).push({ name, type, optional });
    }
    return { kind, root, additions, extensible: markers > 0 };
  }

  /** Zero or more parenthesised constraints. */
  private constraint(): { range?: Range | undefined; size: Range | undefined; containing: Type | undefined } {
    let range: Range | undefined;
    let size: Range | undefined;
    let containing: Type | undefined;
    while (this.take("(")) {
      if (this.peek() === "SIZE") size = this.sizeClause();
      else if (this.take("CONTAINING")) containing = this.type();
      else range = this.range();
      this.expect(")");
    }
    return { range, size, containing };
  }

  private sizeClause(): Range {
    this.expect("SIZE");
    this.expect("(");
    const range = this.range();
    this.expect(")");
    return range;
  }

  /** Unions are widened to their hull, which is what PER sees (X.691 §10.3.4, 10.3.8); ranges behind the marker only say "extensible". */
  private range(): Range {
    let low: Bound | undefined;
    let high: Bound | undefined;
    let first = true;
    let extensible = false;
    while (this.peek() !== ")") {
      if (this.take("|") || this.take(",")) continue;
      if (this.take("...")) {
        extensible = true;
        continue;
      }
      const a = this.bound();
      const b = this.take("..") ? this.bound() : a;
      if (extensible) continue;
      if (first) [low, high] = [a, b];
      else {
        if (typeof low === "number" && typeof a === "number") low = Math.min(low, a);
        if (typeof high === "number" && typeof b === "number") high = Math.max(high, b);
        if (typeof high === "number" && b === undefined) high = undefined;
      }
      first = false;
    }
    return { low, high, extensible };
  }

  /** MIN and MAX are undefined. */
  private bound(): Bound | undefined {
    const word = this.next();
    if (word === "MIN" || word === "MAX") return undefined;
    return /^-?[0-9]/.test(word) ? Number(word) : word;
  }

  private skipBraces(): void {
    this.expect("{");
    for (let depth = 1; depth > 0;) {
      const word = this.next();
      if (word === "{") depth += 1;
      else if (word === "}") depth -= 1;
    }
  }

  private takeWords(words: string): boolean {
    const list = words.split(" ");
    if (list.some((word, i) => this.peek(i) !== word)) return false;
    this.at += list.length;
    return true;
  }

  private peek(ahead = 0): string | undefined {
    return this.tokens[this.at + ahead]?.text;
  }

  private next(): string {
    const token = this.tokens[this.at];
    if (token === undefined) return this.fail("more text");
    this.at += 1;
    return token.text;
  }

  private take(word: string): boolean {
    if (this.peek() !== word) return false;
    this.at += 1;
    return true;
  }

  private expect(word: string): void {
    if (!this.take(word)) this.fail(word);
  }

  private fail(expected: string): never {
    const token = this.tokens[this.at];
    throw new Error(`${this.name}:${token?.line ?? "end"}: expected ${expected}, found ${token?.text ?? "the end"}`);
  }
}
