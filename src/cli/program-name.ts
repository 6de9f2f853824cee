/** How this program was called, for the lines that say what to type next. */
import { delimiter, dirname, join, relative, resolve } from "node:path";

export interface Call {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `process.argv[1]`: the script as it was named, a link not followed. */
  readonly script: string | undefined;
  readonly folder: string;
}

/**
 * `tapproof` where the shell finds it by that name; `npx tapproof` where npm started it, whose own folders only npm's children see; else the
 * script, as it can be typed from here.
 */
export function programName({ env, script, folder }: Call): string {
  if (env["npm_command"] !== undefined || env["npm_lifecycle_event"] !== undefined) return "npx tapproof";
  // On a machine with an older Node the entry starts itself again, and says what it was.
  const named = env["TAPPROOF_CALLED_AS"] ?? script;
  if (named === undefined || !/(?:^|[\\/])tapproof(?:\.cjs)?$/.test(named)) return "tapproof";
  const path = resolve(folder, named);
  const searched = (env["PATH"] ?? "").split(delimiter).some((entry) => entry !== "" && resolve(folder, entry) === dirname(path));
  if (searched && path.endsWith("tapproof")) return "tapproof";
  const short = relative(folder, path);
  // the one that npm installed here
  if (short === join("node_modules", ".bin", "tapproof")) return "npx tapproof";
  const shown = short.length < path.length && !short.startsWith("..") ? short : path;
  return `node ${/^[\w./@+-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", `'\\''`)}'`}`;
}

/** As above, of this process: for hints. */
export function asTyped(env: Call["env"]): string {
  return programName({ env, script: process.argv[1], folder: process.cwd() });
}
