/** Turns parsed modules into the table that `src/decode/per/table.ts` reads (its comment describes the rows). */
import type { Argument, Bound, Component, InformationObject, Modules, Range, Type } from "./syntax.ts";

type Row = readonly unknown[];

export interface Table {
  readonly source: string;
  /** IE id → name without `id-`. */
  readonly ids: readonly (readonly [number, string])[];
  /** Procedure code, name, type rows of the three messages (-1: none). */
  readonly procedures: readonly (readonly [number, string, number, number, number])[];
  /** Types asked for by name, for octet strings that hold one of them. */
  readonly named: Readonly<Record<string, number>>;
  readonly sets: readonly (readonly (readonly [number, number])[])[];
  readonly types: readonly Row[];
}

type Scope = ReadonlyMap<string, Argument>;
const NO_SCOPE: Scope = new Map();

/** `source` names document and version; `named` are types to be reachable by name. Throws on unresolved names. */
export function buildTable(modules: Modules, source: string, named: readonly string[]): Table {
  const builder = new Builder(modules);
  const procedures = builder.procedures();
  const namedRows = Object.fromEntries(
    named.map((name) => [name, builder.type({ kind: "reference", name, arguments: [], range: undefined }, NO_SCOPE)]),
  );
  return { source, ids: builder.ids(), procedures, named: namedRows, sets: builder.setRows, types: builder.rows };
}

class Builder {
  readonly rows: Row[] = [];
  readonly setRows: [number, number][][] = [];
  private readonly modules: Modules;
  private readonly rowIndex = new Map<string, number>();
  private readonly setIndex = new Map<string, number>();
  private readonly memo = new Map<string, number>();
  private readonly open = new Set<string>();

  constructor(modules: Modules) {
    this.modules = modules;
  }

  ids(): (readonly [number, string])[] {
    const ids: [number, string][] = [];
    // Ids of procedures and of IEs share the prefix; those of procedures are the ones that a procedure object uses.
    const procedureNames = new Set([...this.modules.objects.values()].map((object) => object.values.get("PROCEDURE CODE")));
    for (const [name, value] of this.modules.values) {
      if (name.startsWith("id-") && typeof value === "number" && !procedureNames.has(name)) ids.push([value, name.slice(3)]);
    }
    return ids.sort((a, b) => a[0] - b[0]);
  }

  procedures(): (readonly [number, string, number, number, number])[] {
    const procedures: [number, string, number, number, number][] = [];
    for (const object of this.modules.objects.values()) {
      const code = object.values.get("PROCEDURE CODE");
      if (code === undefined) continue;
      const message = (setting: string): number => {
        const type = object.types.get(setting);
        return type === undefined ? -1 : this.type(type, NO_SCOPE);
      };
      const name = code.replace(/^id-/, "");
      procedures.push([
        this.value(code, NO_SCOPE),
        name[0]!.toUpperCase() + name.slice(1),
        message("INITIATING MESSAGE"),
        message("SUCCESSFUL OUTCOME"),
        message("UNSUCCESSFUL OUTCOME"),
      ]);
    }
    return procedures.sort((a, b) => a[0] - b[0]);
  }

  /** Index of the row for a type. */
  type(type: Type, scope: Scope): number {
    switch (type.kind) {
      case "boolean":
      case "null":
      case "oid":
        return this.row([type.kind]);
      case "integer":
        return this.row(["int", ...this.bounds(type.range, scope)]);
      case "octets":
        return type.containing === undefined
          ? this.row(["octets", ...this.bounds(type.size, scope)])
          : this.row(["octets", ...this.bounds(type.size, scope), this.type(type.containing, scope)]);
      case "bits":
        return this.row(["bits", ...this.bounds(type.size, scope)]);
      case "string":
        return this.row(["string", type.alphabet === "UTF8String" ? 0 : 8, ...this.bounds(type.size, scope)]);
      case "enumerated":
        return this.row(["enum", type.extensible ? 1 : 0, type.root, type.additions]);
      case "sequence-of":
        return this.row(["list", ...this.bounds(type.size, scope), this.type(type.element, scope)]);
      case "choice":
        return this.row(["choice", type.extensible ? 1 : 0, this.alternatives(type.root, scope), this.alternatives(type.additions, scope)]);
      case "sequence":
        return (
          this.field(type.root, scope) ??
          this.row(["seq", type.extensible ? 1 : 0, this.components(type.root, scope), this.components(type.additions, scope)])
        );
      case "reference":
        return this.reference(type, scope);
      case "field":
        return this.classField(type);
    }
  }

  private reference(type: Type & { kind: "reference" }, scope: Scope): number {
    const assignment = this.modules.types.get(type.name);
    if (assignment === undefined) throw new Error(`type ${type.name} is not defined`);
    if (type.range !== undefined) {
      if (assignment.type.kind !== "integer") throw new Error(`a range on ${type.name}, which is no INTEGER`);
      return this.type({ kind: "integer", range: type.range }, scope);
    }
    const inner = new Map<string, Argument>();
    assignment.parameters.forEach((name, i) => {
      const argument = type.arguments[i];
      if (argument === undefined) throw new Error(`${type.name}: argument ${name} is missing`);
      inner.set(name, this.resolve(argument, scope));
    });
    const key = `${type.name}${JSON.stringify([...inner])}`;
    const known = this.memo.get(key);
    if (known !== undefined) return known;
    if (this.open.has(key)) throw new Error(`type ${type.name} contains itself`);
    this.open.add(key);
    const index = this.type(assignment.type, inner);
    this.open.delete(key);
    this.memo.set(key, index);
    return index;
  }

  private resolve(argument: Argument, scope: Scope): Argument {
    if (argument.kind === "set") return scope.get(argument.name) ?? argument;
    return typeof argument.value === "string"
      ? (scope.get(argument.value) ?? { kind: "value", value: this.value(argument.value, scope) })
      : argument;
  }

  /** The information object fields of TS 36.413 §9.3.6: an element whose type hangs on its id. */
  private field(components: readonly Component[], scope: Scope): number | undefined {
    const fields = components.map((component) => (component.type.kind === "field" ? component.type : undefined));
    const setName = fields[0]?.set;
    if (setName === undefined || fields[0]?.field !== "&id") return undefined;
    const argument = scope.get(setName);
    const set = argument?.kind === "set" ? argument.name : setName;
    const names = fields.map((field) => field?.field).join(" ");
    if (names === "&id &firstCriticality &FirstValue &secondCriticality &SecondValue") {
      return this.row(["pair", this.set(set, "FIRST TYPE"), this.set(set, "SECOND TYPE")]);
    }
    if (names === "&id &criticality &Value" || names === "&id &criticality &Extension") {
      const isPrivate = fields[0].className.endsWith("-PRIVATE-IES");
      return isPrivate ? this.row(["private"]) : this.row(["ie", this.set(set, names.endsWith("Value") ? "TYPE" : "EXTENSION")]);
    }
    throw new Error(`unknown information object field ${names}`);
  }

  /** A class field that stands outside of such an element, `CLASS.&id`: its type is that of the class, which all protocols define alike. */
  private classField(type: Type & { kind: "field" }): number {
    const name = type.field === "&id" ? "ProtocolIE-ID" : type.field === "&procedureCode" ? "ProcedureCode" : undefined;
    if (name === undefined) throw new Error(`class field ${type.field} outside of an information object field`);
    return this.type({ kind: "reference", name, arguments: [], range: undefined }, NO_SCOPE);
  }

  private set(name: string, setting: string): number {
    const key = `${name} ${setting}`;
    const known = this.setIndex.get(key);
    if (known !== undefined) return known;
    const index = this.setRows.push([]) - 1;
    this.setIndex.set(key, index);
    const row = this.setRows[index]!;
    for (const object of this.objects(name)) {
      const id = object.values.get("ID");
      const type = object.types.get(setting);
      if (id === undefined || type === undefined) throw new Error(`set ${name}: an object without ID or ${setting}`);
      row.push([this.value(id, NO_SCOPE), this.type(type, NO_SCOPE)]);
    }
    row.sort((a, b) => a[0] - b[0]);
    return index;
  }

  private objects(name: string): InformationObject[] {
    const elements = this.modules.sets.get(name);
    if (elements === undefined) throw new Error(`object set ${name} is not defined`);
    return elements.flatMap((element) => {
      if ("object" in element) return [element.object];
      const object = this.modules.objects.get(element.reference);
      return object === undefined ? this.objects(element.reference) : [object];
    });
  }

  private components(components: readonly Component[], scope: Scope): (readonly [string, number, number])[] {
    return components.map((component) => [component.name, this.type(component.type, scope), component.optional ? 1 : 0]);
  }

  private alternatives(components: readonly Component[], scope: Scope): (readonly [string, number])[] {
    return components.map((component) => [component.name, this.type(component.type, scope)]);
  }

  private bounds(range: Range | undefined, scope: Scope): [number | null, number | null, number] {
    if (range === undefined) return [null, null, 0];
    return [this.bound(range.low, scope), this.bound(range.high, scope), range.extensible ? 1 : 0];
  }

  private bound(bound: Bound | undefined, scope: Scope): number | null {
    if (bound === undefined) return null;
    return typeof bound === "number" ? bound : this.value(bound, scope);
  }

  private value(name: string, scope: Scope): number {
    const argument = scope.get(name);
    const value = argument?.kind === "value" ? argument.value : this.modules.values.get(name);
    if (value === undefined) throw new Error(`value ${name} is not defined`);
    return typeof value === "number" ? value : this.value(value, scope);
  }

  private row(row: Row): number {
    const key = JSON.stringify(row);
    const known = this.rowIndex.get(key);
    if (known !== undefined) return known;
    const index = this.rows.push(row) - 1;
    this.rowIndex.set(key, index);
    return index;
  }
}
