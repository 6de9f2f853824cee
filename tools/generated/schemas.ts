import { factJsonSchema } from "./fact-schema.ts";
import { recordJsonSchema } from "#fleet/record.ts";
import { wordJsonSchema } from "#fleet/word.ts";
import { networkJsonSchema } from "#declaration/schema.ts";
import { warrantsJsonSchema } from "#register/fields.ts";
import { conditionsJsonSchema } from "#report/conditions.ts";

/** Published JSON Schemas by file name in `schemas/`. */
export function schemaFiles(root: string): ReadonlyMap<string, string> {
  const text = (schema: object): string => `${JSON.stringify(schema, null, 2)}\n`;
  return new Map([
    ["fact.schema.json", text(factJsonSchema(root))],
    ["fleet-record.schema.json", text(recordJsonSchema())],
    ["fleet-word.schema.json", text(wordJsonSchema())],
    ["network.schema.json", text(networkJsonSchema())],
    ["conditions.schema.json", text(conditionsJsonSchema() as object)],
    ["warrants.schema.json", text(warrantsJsonSchema())],
  ]);
}
