/**
 * How much of a function one head can hold: a cap on its branches (McCabe's complexity), lines and parameters. What stood above when the caps came is
 * listed in `exceptions.json` by file with the figure it may not pass; the list only shrinks (`node tools/architecture/write.ts` lowers it, and
 * `architecture.test.ts` fails while it is higher than the code needs).
 */
export const CAPS = {
  complexity: { max: 25 },
  "max-lines-per-function": { max: 100, skipBlankLines: true, skipComments: true },
  "max-params": { max: 8 },
} as const;

export type Cap = keyof typeof CAPS;

/** By file and cap: the highest figure of a function in it, where that passes the cap. */
export type Exceptions = Readonly<Record<string, Readonly<Partial<Record<Cap, number>>>>>;

/** Tests describe; their length is no burden. */
export const UNCAPPED = ["**/*.test.ts", "test/**"];
const IS_TEST = /\.test\.ts$|^test\//;

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
}

/** What the linter says passes the caps, as exceptions. `diagnostics`: of a run with the caps alone, without exceptions. */
export function needed(diagnostics: readonly Diagnostic[]): Exceptions {
  const found = new Map<string, Map<Cap, number>>();
  for (const { code, message, filename } of diagnostics) {
    if (IS_TEST.test(filename)) continue;
    const cap = (Object.keys(CAPS) as Cap[]).find((name) => code === `eslint(${name})`);
    const figure = /complexity of (\d+)|\((\d+)\)/.exec(message.replaceAll(/`[^`]*`/g, ""));
    if (cap === undefined || figure === null) throw new Error(`the linter says what is not understood here: ${code} ${message}`);
    const file = found.get(filename) ?? new Map<Cap, number>();
    file.set(cap, Math.max(file.get(cap) ?? 0, Number(figure[1] ?? figure[2])));
    found.set(filename, file);
  }
  const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted(found).map(([file, caps]) => [file, Object.fromEntries(sorted(caps))]));
}

/** The lower of what is listed and what is needed; what is needed and not listed is left out, for the linter to refuse. */
export function shrunk(listed: Exceptions, now: Exceptions): Exceptions {
  return Object.fromEntries(
    Object.entries(listed).flatMap(([file, caps]) => {
      const still = Object.entries(caps).flatMap(([cap, figure]) => {
        const today = now[file]?.[cap as Cap];
        return today === undefined ? [] : [[cap, Math.min(today, figure)] as const];
      });
      return still.length === 0 ? [] : [[file, Object.fromEntries(still)] as const];
    }),
  );
}
