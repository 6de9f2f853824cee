/** The OpenAPI 3.1 description, made from the routes and schemas themselves. */
import { z } from "zod";
import { ROUTES, type Route } from "./routes.ts";
import { errorBody, event } from "./schemas.ts";

const JSON_TYPE = "application/json";

/** What each parameter of a path is. */
const PARAMETERS: Readonly<Record<string, string>> = {
  case: "id of a case; `all` joins the open cases where a path allows it",
  finding: "id of a finding, 64 hex digits",
  vendor: "id of a vendor",
  record: "SHA-256 of a record, hex",
  upload: "id of an upload",
  scan: "id of a scan",
};

export function openApi(version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, route] of Object.entries(ROUTES) as [string, Route][]) {
    (paths[`/api/v1${route.path}`] ??= {})[route.method.toLowerCase()] = operation(name, route);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Tapproof",
      version,
      description:
        "What `tapproof serve` answers. Everything that is not a GET needs the header `x-tapproof-csrf` with the session's token. Errors say what, where, and what to do.",
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: { Error: schemaOf(errorBody, "output"), Event: schemaOf(event, "output") },
      securitySchemes: {
        session: { type: "apiKey", in: "cookie", name: "tapproof_session_PORT" },
        csrf: { type: "apiKey", in: "header", name: "x-tapproof-csrf" },
      },
    },
  };
}

function operation(name: string, route: Route): Record<string, unknown> {
  const parameters: unknown[] = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => ({
    name: parameter,
    in: "path",
    required: true,
    description: PARAMETERS[parameter ?? ""],
    schema: { type: "string" },
  }));
  if (route.query !== undefined) {
    const schema = schemaOf(route.query, "input") as { properties?: Record<string, unknown>; required?: string[] };
    for (const [key, value] of Object.entries(schema.properties ?? {}))
      parameters.push({ name: key, in: "query", required: schema.required?.includes(key) ?? false, schema: value });
  }
  const answer =
    route.response !== undefined
      ? { [JSON_TYPE]: { schema: schemaOf(route.response, "output") } }
      : Object.fromEntries((route.file ?? []).map((type) => [type, { schema: { type: "string", format: "binary" } }]));
  return {
    operationId: name,
    summary: route.summary,
    ...(route.needs === undefined ? {} : { description: `Needs the right "${route.needs}".` }),
    parameters,
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemaOf(route.body, "input") } } } }),
    ...(route.octets === true
      ? { requestBody: { required: true, content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } } } }
      : {}),
    security: route.open === true ? [] : route.method === "GET" ? [{ session: [] }] : [{ session: [], csrf: [] }],
    responses: {
      "200": { description: "done", content: answer },
      default: { description: "not done", content: { [JSON_TYPE]: { schema: { $ref: "#/components/schemas/Error" } } } },
    },
  };
}

function schemaOf(type: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(type, { target: "draft-2020-12", io, unrepresentable: "any" }) as Record<
    string,
    unknown
  >;
  return schema;
}
