/**
 * The commands of `contract.md` §2: their arguments and options, and where their work is. A command's module is imported
 * when the command runs, so that `--help` and a small decode start at once. One row a command; a command without a module
 * has no row.
 */
import { InvalidArgumentError, Option, type Command } from "commander";
import type { Readable, Writable } from "node:stream";

export interface CommandIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Answers the exit code. */
type Run = (
  positional: readonly (string | readonly string[] | undefined)[],
  options: Readonly<Record<string, unknown>>,
  io: CommandIo,
) => Promise<number>;

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  define(command: Command): Command;
  readonly run: Run;
}

const CAPTURES = "captures (pcap, pcapng, gzip or zstd), directories of captures, or - for standard input";

export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "decode",
    summary: "print control-plane messages, one a line",
    define: (c) =>
      c
        .argument("<capture...>", CAPTURES)
        .option("--json", "one JSON object a line")
        .option("--identities", "show identities in clear (default: pseudonyms)")
        .option("--skip-bad", "go on without inputs that cannot be used"),
    run: async ([captures], options, io) => {
      const { decodeCommand } = await import("./decode.ts");
      return decodeCommand(
        {
          captures: list(captures),
          json: options["json"] === true,
          identities: options["identities"] === true,
          skipBad: options["skipBad"] === true,
        },
        io,
      );
    },
  },
];

export function list(value: string | readonly string[] | undefined): readonly string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : value;
}

/** A whole number within bounds, for an option's value. */
export function wholeNumber(low: number, high: number): (value: string) => number {
  return (value) => {
    const n = Number(value);
    if (!/^\d{1,15}$/.test(value) || n < low || n > high) throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}.`);
    return n;
  };
}

/** One of a few words. */
export function oneOf(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices([...words]);
}
