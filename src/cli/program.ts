/** The commander program that the rows of `commands.ts` make: `--help`, shell completion and manual pages are three readings of it. */
import { Command } from "commander";
import { VERSION } from "#run/version.ts";
import type { CommandEntry } from "./commands.ts";

export function makeProgram(entries: readonly CommandEntry[]): Command {
  const program = new Command("tapproof")
    .description("Finds access to subscriber data on a 4G/5G core that nobody authorised, and proves it.")
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showSuggestionAfterError(true)
    .addHelpText("after", "\n'tapproof COMMAND --help' shows a command's arguments and options.");
  for (const entry of entries) {
    entry.define(program.command(entry.name).description(entry.summary).helpOption("-h, --help", "show help").allowExcessArguments(false));
  }
  return program;
}
