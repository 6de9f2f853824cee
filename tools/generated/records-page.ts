/** `docs/bundle-records.md`: the types of all members of all records, as `tools/verify/records.json` has them for the second verifier. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

type Shape = string | null | readonly Shape[] | { readonly [name: string]: Shape };

const KINDS: Readonly<Record<string, string>> = {
  t: "text",
  m: "lines",
  f: "base name",
  w: "word",
  q: "code",
  z: "time",
  p: "address",
  s: "pseudonym",
  n: "whole number from 0",
  i: "whole number",
  b: "true or false",
  d: "facts",
  o: "object",
  h: "64 hex digits",
  k: "32 hex digits",
  c: "base64 of 32 octets",
  a: "base64",
};

interface Data {
  readonly types: Readonly<Record<string, Readonly<Record<string, Shape>>>>;
  readonly claims: Readonly<
    Record<string, { readonly always: readonly string[]; readonly also?: readonly string[]; readonly data?: readonly string[] }>
  >;
}

export function recordsPage(root: string, prose: string): string {
  const { types, claims } = JSON.parse(readFileSync(join(root, "tools/verify/records.json"), "utf8")) as Data;
  const tables = Object.entries(types).map(([type, members]) => {
    const schema =
      "schema" in members ? (members["schema"] === null ? "none" : `\`${word(members["schema"] ?? "")}\``) : "`tapproof/record/1`";
    const lines = Object.entries(members)
      .filter(([name]) => name !== "schema")
      .flatMap(([name, shape]) => rows(name, shape));
    return `## \`${type}\`\n\n\`schema\`: ${schema}\n\n| member | kind |\n| --- | --- |\n${lines.join("\n")}\n`;
  });
  const told = Object.entries(claims).map(
    ([claim, { always, also = [], data = [] }]) =>
      `| \`${claim}\` | ${always.join("; ") || "none"} | ${also.join("; ") || "none"} | ${data.join(", ") || "any"} |`,
  );
  const list = `| claim | always tested | tested where there is something to test | data it has |\n| --- | --- | --- | --- |\n${told.join("\n")}\n`;
  return prose.replace("{{records}}", tables.join("\n")).replace("{{claims}}", list);
}

/** A line for each member, inner ones by their path: `[]` is an entry of a list. */
function rows(path: string, shape: Shape): string[] {
  const optional = path.replace(/(^|\.)\+/, "$1") !== path;
  const name = path.replace(/(^|\.)\+/g, "$1");
  const line = (kind: string): string => `| \`${name}\` | ${kind}${optional ? "; may be left out" : ""} |`;
  if (typeof shape === "string") {
    const nullable = shape.endsWith("?");
    const bare = nullable ? shape.slice(0, -1) : shape;
    return [
      line(
        `${
          KINDS[bare] ??
          `one of ${bare
            .split("|")
            .map((w) => `\`${w}\``)
            .join(", ")}`
        }${nullable ? ", or null" : ""}`,
      ),
    ];
  }
  if (Array.isArray(shape)) {
    const [of] = shape as readonly Shape[];
    return typeof of === "string" ? rows(`${path}[]`, of) : [line("list"), ...rows(`${path}[]`, of ?? "t").slice(1)];
  }
  const members = shape as { readonly [name: string]: Shape };
  const inner = members["or null"];
  if (inner !== undefined) return [line("object, or null"), ...rows(path, inner).slice(1)];
  return [line("object"), ...Object.entries(members).flatMap(([member, of]) => rows(`${name}.${member}`, of))];
}

function word(shape: Shape): string {
  return typeof shape === "string" ? shape : "";
}
