import { networkJsonSchema } from "#declaration/schema.ts";
import { warrantsJsonSchema } from "#register/fields.ts";

/** Published JSON Schemas by file name in `schemas/`. */
export function schemaFiles(): ReadonlyMap<string, string> {
  const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
  return new Map([
    ["network.schema.json", text(networkJsonSchema())],
    ["warrants.schema.json", text(warrantsJsonSchema())],
  ]);
}
