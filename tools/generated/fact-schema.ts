/**
 * JSON Schema of a line of the stream of facts (`docs/stream.md`), made from the types of `src/model/fact.ts`, so that it cannot lag behind them. What
 * JSON lacks stands as the marks of `src/stream/codec.ts`. Members that only one protocol's messages have are not listed: a reader passes over
 * members that it does not know.
 */
import { createGenerator } from "ts-json-schema-generator";
import { FACT_VERSION } from "#stream/codec.ts";

type Node = { [member: string]: unknown };

const MARKS: Node = {
  Absent: { type: "object", properties: { $u: { const: 0 } }, required: ["$u"], additionalProperties: false },
  Octets: {
    type: "object",
    properties: { $b: { type: "string", contentEncoding: "base64" } },
    required: ["$b"],
    additionalProperties: false,
  },
  Number: {
    anyOf: [
      { type: "number" },
      {
        type: "object",
        properties: { $n: { enum: ["NaN", "Infinity", "-Infinity", "-0"] } },
        required: ["$n"],
        additionalProperties: false,
      },
    ],
  },
};
const ref = (name: string): Node => ({ $ref: `#/definitions/${name}` });

export function factJsonSchema(root: string): object {
  const made = createGenerator({
    path: `${root}/src/model/fact.ts`,
    tsconfig: `${root}/tsconfig.json`,
    type: "Fact",
    expose: "all",
    jsDoc: "extended",
    additionalProperties: true,
    skipTypeCheck: true,
  }).createSchema("Fact");
  const definitions = Object.fromEntries(
    Object.entries(made.definitions ?? {})
      .map(([name, schema]) => [plainName(name), marked(schema as Node)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: `urn:tapproof:schema:fact:${FACT_VERSION}`,
    title: "A line of Tapproof's stream of facts",
    type: "object",
    properties: { v: { const: FACT_VERSION }, fact: ref("Fact") },
    required: ["v", "fact"],
    definitions: { ...definitions, ...MARKS },
  };
}

/** `Readonly<Record<string,X>>` is no name that a reference can spell in every reader. */
function plainName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/_$/, "");
}

/** A type's schema as the codec writes its values. */
function marked(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(marked);
  if (typeof schema !== "object" || schema === null) return schema;
  const node = schema as Node;
  if (node["type"] === "number" && node["const"] === undefined && node["enum"] === undefined)
    return node["description"] === undefined ? ref("Number") : { description: node["description"], allOf: [ref("Number")] };
  if (typeof node["$ref"] === "string")
    return { $ref: `#/definitions/${plainName(decodeURIComponent(node["$ref"].slice("#/definitions/".length)))}` };
  const { properties } = node;
  if (properties === undefined) return Object.fromEntries(Object.entries(node).map(([name, member]) => [name, marked(member)]));
  const required = new Set(node["required"] as string[] | undefined);
  return {
    ...node,
    properties: Object.fromEntries(
      Object.entries(properties as Node).map(([name, member]) => [
        name,
        required.has(name) ? marked(member) : { anyOf: [marked(member), ref("Absent")] },
      ]),
    ),
  };
}
