/** Options of the benchmarks: the usage line is what `--help` prints, and names the options that there are. */
import { parseArgs } from "node:util";

export interface BenchOptions {
  readonly positionals: readonly string[];
  text(name: string, otherwise: string): string;
  number(name: string, otherwise: number): number;
  flag(name: string): boolean;
}

/**
 * `usage` is the line after `node`: `bench/x.ts FILE [--rounds N] [--keep]`. Prints it and ends with 0 where `--help` is asked for, and with
 * 2 where an option is unknown, lacks its value, or a number is none.
 */
export function benchOptions(usage: string, args: readonly string[] = process.argv.slice(2)): BenchOptions {
  const options: Record<string, { type: "string" | "boolean" }> = { help: { type: "boolean" } };
  for (const [, name, value] of usage.matchAll(/\[--([a-z-]+)( [^\]]+)?\]/g))
    options[name as string] = { type: value === undefined ? "boolean" : "string" };
  const refuse = (why: string): never => {
    process.stderr.write(`${why}\nusage: node ${usage}\n`);
    process.exit(2);
  };
  const parsed = (() => {
    try {
      return parseArgs({ args: [...args], options, allowPositionals: / [A-Z]/.test(usage.split(" [--")[0] ?? "") || usage.includes("…]") });
    } catch (error) {
      return refuse(error instanceof Error ? error.message : String(error));
    }
  })();
  if (parsed.values["help"] === true) {
    process.stdout.write(`usage: node ${usage}\n`);
    process.exit(0);
  }
  const given = (name: string): string | undefined => {
    const value = parsed.values[name];
    return typeof value === "string" ? value : undefined;
  };
  return {
    positionals: parsed.positionals,
    text: (name, otherwise) => given(name) ?? otherwise,
    number: (name, otherwise) => {
      const n = Number(given(name) ?? otherwise);
      return Number.isFinite(n) ? n : refuse(`--${name} ${given(name) ?? ""}: expected a number`);
    },
    flag: (name) => parsed.values[name] === true,
  };
}
