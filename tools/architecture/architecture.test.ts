import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CAPS } from "./caps.ts";
import { lintConfig } from "./config.ts";
import { ENCODINGS, LAYERS } from "./layers.ts";
import { listed, neededNow } from "./shrink.ts";
import { protocolFolders } from "./write.ts";

it("the linter's settings are those of the table", () => {
  const committed: unknown = JSON.parse(readFileSync(".oxlintrc.json", "utf8"));
  expect(committed, "run `node tools/architecture/write.ts`").toEqual(lintConfig(protocolFolders(), listed()));
});

it("what passes the caps is listed, and the list only shrinks", () => {
  expect(listed(), "lower: run `node tools/architecture/shrink.ts`; higher: take the function apart").toEqual(neededNow());
});

/** A small tree in which each file breaks one rule, and one that breaks none. */
const PLANTED = new Map<string, { readonly code: string; readonly message: string | null }>();

function plant(file: string, code: string, message: string | null): void {
  PLANTED.set(file, { code: `${code}\n`, message });
}

const folders = LAYERS.map(({ folder }) => folder);
for (const { folder, may, pure, why } of LAYERS) {
  for (const other of folders) {
    if (other === folder) continue;
    plant(
      `src/${folder}/imports-${other}.ts`,
      `import { x } from "#${other}/x.ts";\nexport const y = x;`,
      may.includes(other) ? null : why,
    );
  }
  plant(`src/${folder}/imports-cli.ts`, `import { x } from "#cli/x.ts";\nexport const y = x;`, "nothing imports cli");
  plant(`src/${folder}/climbs.ts`, `import { x } from "../x/x.ts";\nexport const y = x;`, "Across folders write #folder/file.ts");
  if (pure === true) {
    plant(`src/${folder}/node.ts`, `import { x } from "node:fs";\nexport const y = x;`, "no Node import");
    plant(`src/${folder}/npm.ts`, `import { x } from "zod";\nexport const y = x;`, "no npm import");
  }
}
plant(
  "src/decode/pfcp/other-protocol.ts",
  'import { x } from "#decode/gtpv2/x.ts";\nexport const y = x;',
  "Protocols do not import one another",
);
for (const encoding of ENCODINGS) {
  plant(`src/decode/pfcp/${encoding}.ts`, `import { x } from "#decode/${encoding}/x.ts";\nexport const y = x;`, null);
}
plant("lab/decoder.ts", 'import { x } from "#decode/x.ts";\nexport const y = x;', "encoders of its own");
plant("web/tracker.ts", 'import { x } from "#sense/x.ts";\nexport const y = x;', "Pages know the server's types");
plant("src/model/ring-a.ts", 'import { b } from "./ring-b.ts";\nexport const a = (): unknown => b;', "Dependency cycle");
plant("src/model/ring-b.ts", 'import { a } from "./ring-a.ts";\nexport const b = (): unknown => a;', "Dependency cycle");

const branches = (n: number): string => `export function f(x: number): number {\n${"  if (x > 1) return x;\n".repeat(n)}  return 0;\n}`;
plant("src/model/many-branches.ts", branches(CAPS.complexity.max), `Maximum allowed is ${CAPS.complexity.max}`);
plant("src/model/few-branches.ts", branches(CAPS.complexity.max - 1), null);
plant(
  "src/model/long.ts",
  `export function f(): void {\n${"  f();\n".repeat(CAPS["max-lines-per-function"].max)}}`,
  `Maximum allowed is ${CAPS["max-lines-per-function"].max}`,
);
plant(
  "src/model/parameters.ts",
  `export const many = (${"abcdefghi"
    .split("")
    .map((name) => `${name}: number`)
    .join(", ")}): number => a + b + c + d + e + f + g + h + i;`,
  `Maximum allowed is ${CAPS["max-params"].max}`,
);

describe("planted violations", () => {
  const root = mkdtempSync(join(tmpdir(), "tapproof-planted-"));
  const found = new Map<string, string>();

  beforeAll(() => {
    for (const [file, { code }] of PLANTED) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), code);
    }
    symlinkSync(resolve("node_modules"), join(root, "node_modules"));
    writeFileSync(join(root, ".oxlintrc.json"), readFileSync(".oxlintrc.json"));
    const run = spawnSync(resolve("node_modules/.bin/oxlint"), ["-f", "json"], { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
    const { diagnostics } = JSON.parse(run.stdout) as { diagnostics: { filename: string; message: string; help?: string }[] };
    for (const d of diagnostics) found.set(d.filename, `${found.get(d.filename) ?? ""}${d.message} ${d.help ?? ""}`);
  });
  afterAll(() => rmSync(root, { recursive: true }));

  it.each([...new Set([...PLANTED.keys()].map(dirname))])(
    "in %s: each is refused with its reason, and what is allowed passes",
    (folder) => {
      for (const [file, { message }] of PLANTED) {
        if (dirname(file) !== folder) continue;
        if (message === null) expect(found.get(file), file).toBeUndefined();
        else expect(found.get(file) ?? "", file).toContain(message);
      }
    },
  );
});
