/**
 * A file of conditions: checkable statements about a vendor's equipment in a network, which negotiations can be about. YAML 1.2 or
 * JSON; `schemas/conditions.schema.json` is generated from here. `docs/report.md` explains every field.
 */
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { CLAIMS, GRADES } from "#model/finding.ts";
import { keysAt, unknownKeyText } from "#model/unknown-key.ts";

export const limits = {
  /** Octets of a conditions file: stops a wrong file from being parsed as text. */
  conditionsBytes: 1024 * 1024,
  /** Conditions in a file. */
  conditions: 500,
} as const;

/** The file of conditions cannot be used; the command line shows the message and ends with 2. */
export class ConditionsError extends Error {
  override readonly name = "ConditionsError";
  readonly exitCode = 2;
}

const bilingual = z.union([
  z.string().min(1).max(500),
  z.strictObject({ en: z.string().min(1).max(500), fr: z.string().min(1).max(500).optional() }),
]);

const need = z.strictObject({
  anyOf: z.array(z.string().min(1)).min(1).describe("Interfaces of which one must have been watched: S1-MME, S11, OAM, …"),
  complete: z
    .boolean()
    .default(false)
    .describe("Whether the tap map must say that all traffic of the link is captured: without it absence cannot be shown."),
});

const condition = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  statement: bilingual.describe("One sentence, in English or in both languages."),
  claims: z.array(z.enum(CLAIMS)).min(1).describe("Findings of these claims, or with witnesses of them, break the condition."),
  when: z
    .strictObject({
      data: z.array(z.enum(["content", "metadata", "location", "identity", "credentials"])).optional(),
      layers: z.array(z.string()).optional().describe("One of these layers in `transport.layers`: ssh, x3, …"),
      detail: z.record(z.string(), z.string()).optional().describe("`details` fields and a text that each must contain."),
    })
    .optional()
    .describe("Only findings like these."),
  breaks: z.enum(GRADES).default("corroborated").describe("Weakest grade that breaks the condition; weaker ones leave it open."),
  roles: z.array(z.string()).default([]).describe("3GPP functions that it concerns; none: all of the vendor's."),
  needs: z.array(need).default([]).describe("What must have been watched before it can be called held."),
  declared: z
    .array(z.enum(["grants", "lawful", "trace", "policy", "services", "extensions", "queries"]))
    .default([])
    .describe("Parts of the declaration that must be there and reviewed."),
  vendors: z.array(z.string()).optional().describe("Only these vendors."),
  networks: z.array(z.string()).optional().describe("Only these networks."),
});

export const conditionsSchema = z
  .strictObject({ schema: z.literal("tapproof/conditions/1"), title: bilingual.optional(), conditions: z.array(condition).min(1) })
  .describe("Checkable statements about a vendor's equipment in a network, read by `tapproof dossier --conditions FILE`.");

export type Conditions = z.infer<typeof conditionsSchema>;
export type Condition = Conditions["conditions"][number];

export function conditionsJsonSchema(): unknown {
  return { $id: "urn:tapproof:schema:conditions:1", ...z.toJSONSchema(conditionsSchema, { io: "input" }) };
}

/** Throws `ConditionsError`. `file` is only what errors name. */
export function parseConditions(text: string, file: string): Conditions {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 50 });
  } catch (error) {
    throw new ConditionsError(`${file}: ${(error as Error).message.split("\n")[0]}, expected YAML 1.2 or JSON`);
  }
  const parsed = conditionsSchema.safeParse(value);
  if (!parsed.success) {
    // a key that is mistyped is also one that is missing: what stands there tells more
    const issue = parsed.error.issues.find(({ code }) => code === "unrecognized_keys") ?? parsed.error.issues[0];
    throw new ConditionsError(`${file}${issue === undefined ? ": unusable" : told(issue)}, see schemas/conditions.schema.json`);
  }
  const ids = parsed.data.conditions.map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new ConditionsError(`${file}: two conditions have the id ${twice}, give each its own`);
  if (ids.length > limits.conditions)
    throw new ConditionsError(`${file}: holds ${ids.length} conditions, at most ${limits.conditions} are read`);
  return parsed.data;
}

function told(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const where = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String).join(".");
  const why = unknown === undefined ? issue.message : unknownKeyText(unknown, keysAt(conditionsJsonSchema(), issue.path));
  return `${where === "" ? "" : ` ${where}`}: ${why}`;
}

/** Throws `ConditionsError`. */
export function loadConditions(path: string): Conditions {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ConditionsError(`${path}: ${code === "ENOENT" ? "no such file" : (code ?? "unreadable")}, expected a file of conditions`);
  }
  if (bytes.length > limits.conditionsBytes || bytes.includes(0))
    throw new ConditionsError(`${path}: is not text, expected a file of conditions`);
  return parseConditions(bytes.toString("utf8"), path);
}
