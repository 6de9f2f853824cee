import { CAPS, type Cap, type Exceptions, UNCAPPED } from "./caps.ts";
import { ENCODINGS, LAYERS, MEETING_PLACES, NPM } from "./layers.ts";

interface Pattern {
  readonly group: readonly string[];
  readonly message: string;
}

interface Override {
  readonly files: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

const SPELLING: Pattern = {
  group: ["../*", "..", "../**"],
  message: "Across folders write #folder/file.ts, so that the direction is visible on the line.",
};
const TOP: Pattern = { group: ["#cli/**", "#lab/**"], message: "Nothing but cli imports lab, and nothing imports cli." };

/** The linter's settings, made from the table of layers and the caps. `protocols`: folders under `src/decode`. */
export function lintConfig(protocols: readonly string[], exceptions: Exceptions): object {
  return {
    $schema: "./node_modules/oxlint/configuration_schema.json",
    plugins: ["typescript", "import", "oxc", "unicorn"],
    categories: { correctness: "error", suspicious: "off", perf: "off" },
    rules: {
      "import/no-cycle": "error",
      "typescript/no-floating-promises": "error",
      "typescript/no-explicit-any": "error",
      eqeqeq: "error",
      "no-console": "off",
      "no-var": "error",
      "prefer-const": "error",
      ...Object.fromEntries((Object.keys(CAPS) as Cap[]).map((cap) => [cap, capped(cap, CAPS[cap].max)])),
    },
    ignorePatterns: ["dist", "node_modules", "coverage", "artifacts"],
    overrides: [
      ...LAYERS.map(layer),
      ...protocols.filter(isProtocol).map((folder) => protocol(folder, protocols)),
      cli,
      lab,
      web,
      ...Object.entries(exceptions).map(excepted),
      tests,
      uncapped,
    ],
  };
}

const FOLDERS = LAYERS.map(({ folder }) => folder);

function layer({ folder, may, pure, why }: (typeof LAYERS)[number]): Override {
  const patterns = [SPELLING, TOP, ...forbidden(folder, may, why), ...(pure === true ? PURE : [])];
  return { files: [`src/${folder}/**/*.ts`], rules: restricted(patterns) };
}

const PURE: readonly Pattern[] = [
  { group: ["node:*"], message: "This folder is pure: no Node import, so that it runs in a browser, a worker or another process." },
  { group: NPM, message: "This folder is pure: no npm import." },
];

function forbidden(folder: string, may: readonly string[], why: string): Pattern[] {
  const group = FOLDERS.filter((other) => other !== folder && !may.includes(other)).map((other) => `#${other}/**`);
  return group.length === 0 ? [] : [{ group, message: why }];
}

function isProtocol(folder: string): boolean {
  return !ENCODINGS.includes(folder) && !MEETING_PLACES.includes(folder);
}

/** An override replaces the one before it, so a protocol's repeats what holds for decode. */
function protocol(folder: string, protocols: readonly string[]): Override {
  const decode = LAYERS.find((l) => l.folder === "decode") as (typeof LAYERS)[number];
  const others = [
    ...protocols.filter((other) => other !== folder && !ENCODINGS.includes(other)).map((other) => `#decode/${other}/**`),
    "#decode/stack.ts",
  ];
  return {
    files: [`src/decode/${folder}/**/*.ts`],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            SPELLING,
            TOP,
            ...forbidden("decode", decode.may, decode.why),
            ...PURE,
            { group: others, message: "Protocols do not import one another; stack.ts is where they meet." },
          ],
        },
      ],
    },
  };
}

const cli: Override = { files: ["src/cli/**/*.ts"], rules: restricted([SPELLING]) };

const lab: Override = {
  files: ["lab/**/*.ts"],
  rules: restricted([
    {
      group: [...FOLDERS.filter((folder) => folder !== "model").map((folder) => `#${folder}/**`), "#cli/**"],
      message: "The lab has encoders of its own, so that no decoder is tested against itself.",
    },
  ]),
};

const web: Override = {
  files: ["web/**/*.ts", "web/**/*.tsx"],
  rules: restricted([
    {
      group: [
        ...FOLDERS.filter((f) => !["model", "serve", "verify", "words"].includes(f)).map((f) => `#${f}/**`),
        "#cli/**",
        "#lab/**",
        "node:*",
      ],
      message: "Pages know the server's types, the verifier and the words; nothing else.",
    },
  ]),
};

const tests: Override = { files: ["**/*.test.ts", "test/**", "bench/**", "tools/**"], rules: { "no-restricted-imports": "off" } };

const uncapped: Override = { files: UNCAPPED, rules: Object.fromEntries(Object.keys(CAPS).map((cap) => [cap, "off"])) };

function excepted([file, caps]: [string, Exceptions[string]]): Override {
  return { files: [file], rules: Object.fromEntries(Object.entries(caps).map(([cap, figure]) => [cap, capped(cap as Cap, figure)])) };
}

function capped(cap: Cap, max: number): unknown {
  return ["error", { ...CAPS[cap], max }];
}

function restricted(patterns: readonly Pattern[]): Record<string, unknown> {
  return { "no-restricted-imports": ["error", { patterns }] };
}
