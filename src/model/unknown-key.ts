/** A key that a file of settings may not hold, named with the one that was most likely meant. */
import { nearestAny } from "./nearest.ts";

/** `unknown key, expected network (known here: network, points)`; the caller says where it stands. The key itself may be a value, and is not repeated. */
export function unknownKeyText(key: string, known: readonly string[], what = "unknown key"): string {
  return `${what}, expected ${nearestAny(key, known) ?? "another"} (known here: ${known.join(", ")})`;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

/** Known keys of the map at a path of a document, from its JSON Schema. */
export function keysAt(schema: unknown, path: readonly PropertyKey[]): readonly string[] {
  let nodes: readonly SchemaNode[] = [schema as SchemaNode];
  for (const part of path) nodes = nodes.flatMap(branches).flatMap((node) => below(node, part));
  return [...new Set(nodes.flatMap(branches).flatMap((node) => Object.keys(node.properties ?? {})))].filter((key) => key !== "$schema");
}

function branches(node: SchemaNode): readonly SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branches), ...(node.oneOf ?? []).flatMap(branches)];
}

function below(node: SchemaNode, part: PropertyKey): readonly SchemaNode[] {
  const next =
    typeof part === "number"
      ? node.items
      : (node.properties?.[String(part)] ?? (typeof node.additionalProperties === "object" ? node.additionalProperties : undefined));
  return next === undefined ? [] : [next];
}
