/** The self-check as one script for a browser: as the build made it, or bundled now where the program runs from its source. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Null where it can be had neither way: the report then goes without a self-check. */
export async function verifierScript(): Promise<string | null> {
  for (const place of ["../self-check.js", "./self-check.js"]) {
    const built = fileURLToPath(new URL(place, import.meta.url));
    if (existsSync(built)) return tidy(readFileSync(built, "utf8"));
  }
  const source = fileURLToPath(new URL("./self-check-browser.ts", import.meta.url));
  if (!existsSync(source)) return null;
  try {
    const { build } = await import("esbuild");
    const result = await build({ ...selfCheckBuild(source), write: false, logLevel: "silent" });
    return tidy(result.outputFiles[0]?.text ?? "");
  } catch {
    return null;
  }
}

/** How the self-check is bundled: by `tools/build`, and by a run from source. */
export function selfCheckBuild(entry: string): {
  readonly entryPoints: string[];
  readonly bundle: true;
  readonly format: "iife";
  readonly platform: "browser";
  readonly target: string[];
  readonly minify: true;
  readonly charset: "ascii";
  readonly legalComments: "none";
} {
  return {
    entryPoints: [entry],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: ["es2022"],
    minify: true,
    charset: "ascii",
    legalComments: "none",
  };
}

/** A script in a page ends where `</script` stands, wherever that is, and its hash covers every octet between the tags. */
export function tidy(script: string): string {
  return script.trim().replaceAll(/<(?=\/script|!--)/gi, "\\x3c");
}
