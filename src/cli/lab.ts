/** `tapproof lab SCENARIO --out DIR`: labelled captures for tests, and the list of scenarios (contract §2). */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { catalogue, findScenario } from "#lab/scenarios/catalogue.ts";
import { makeFolder } from "#evidence/log/durable.ts";
import { writeCase, writeSuite } from "#lab/suite.ts";

export interface LabArgs {
  /** A scenario's name, `all`, or undefined with `list`. */
  readonly scenario: string | undefined;
  readonly out: string | undefined;
  /** The same seed gives the same octets on every machine. */
  readonly seed: string;
  readonly list: boolean;
  readonly json: boolean;
}

export interface LabIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Answers the exit code: 0 done, 2 unknown scenario or unusable folder. */
export function labCommand(args: LabArgs, io: LabIo): number {
  const refuse = (why: string): number => {
    io.stderr.write(`tapproof: ${why}\n`);
    return 2;
  };
  if (args.list || args.scenario === undefined) {
    if (args.scenario === undefined && !args.list) return refuse("lab: name a scenario, or `all`; --list shows them");
    const rows = catalogue.map(({ name, kind, claim, description }) => ({ name, kind, claim, description }));
    if (args.json) io.stdout.write(`${JSON.stringify(rows)}\n`);
    else for (const r of rows) io.stdout.write(`${r.name.padEnd(34)}${r.kind.padEnd(10)}${r.description}\n`);
    return 0;
  }
  if (args.out === undefined) return refuse(`lab ${args.scenario}: --out DIR is missing; say where to write`);
  if (existsSync(args.out) && readdirSync(args.out).length > 0) return refuse(`${args.out}: is not empty; name a new folder`);
  if (args.scenario === "all") {
    makeFolder(args.out);
    const names = writeSuite(args.seed, args.out);
    io.stdout.write(`${names.length} cases in ${args.out}\n`);
    return 0;
  }
  const scenario = findScenario(args.scenario);
  if (scenario === undefined)
    return refuse(`lab: no scenario ${args.scenario}; did you mean ${nearestNames(args.scenario)}? --list shows all`);
  makeFolder(args.out);
  for (const file of writeCase(scenario, args.seed, args.out)) io.stdout.write(`${join(args.out, file)}\n`);
  return 0;
}

/** The three names that share most letter pairs with what was asked for. */
function nearestNames(asked: string): string {
  const pairs = (s: string): Set<string> => new Set(Array.from({ length: Math.max(0, s.length - 1) }, (_, i) => s.slice(i, i + 2)));
  const wanted = pairs(asked);
  const shared = (name: string): number => [...pairs(name)].filter((p) => wanted.has(p)).length;
  return catalogue
    .map((s) => s.name)
    .toSorted((a, b) => shared(b) - shared(a) || a.localeCompare(b))
    .slice(0, 3)
    .join(", ");
}
