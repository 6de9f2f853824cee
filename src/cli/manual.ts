/** Manual pages (man(7)) of the program and of each command, made from what `--help` is made from. */
import type { Argument, Command, Option } from "commander";

/** Name of the file to its text: `tapproof.1`, `tapproof-scan.1`, ... `date` is the pages' own (ISO, day). */
export function manualPages(program: Command, date: string): ReadonlyMap<string, string> {
  const pages = new Map([["tapproof.1", overview(program, date)]]);
  for (const command of program.commands) pages.set(`tapproof-${command.name()}.1`, page(program, command, date));
  return pages;
}

function overview(program: Command, date: string): string {
  return sheet([
    head("TAPPROOF", date, program),
    section("NAME"),
    `tapproof \\- ${text(program.description())}`,
    section("SYNOPSIS"),
    ".B tapproof",
    ".I COMMAND",
    "[options]",
    section("COMMANDS"),
    ...program.commands.flatMap((command) => [".TP", `.BR tapproof\\-${text(command.name())} (1)`, text(command.description())]),
    section("OPTIONS"),
    ...options(program),
    section("EXIT STATUS"),
    ...[
      ["0", "done"],
      ["1", "done, and a finding reached --fail-on; or a check failed"],
      ["2", "bad usage, or input that could not be used at all"],
      ["3", "internal error"],
    ].flatMap(([code = "", what = ""]) => [".TP", `.B ${code}`, text(what)]),
    section("ENVIRONMENT"),
    ...[
      ["TAPPROOF_HOME", "folder of the installation's keys (default: $XDG_CONFIG_HOME/tapproof, ~/.config/tapproof)"],
      ["TAPPROOF_DEBUG", "with any value, shows where an internal error came from"],
      ["NO_COLOR", "with any value, no colours"],
    ].flatMap(([name = "", what = ""]) => [".TP", `.B ${text(name)}`, text(what)]),
  ]);
}

function page(program: Command, command: Command, date: string): string {
  const name = `tapproof-${command.name()}`;
  const args = command.registeredArguments;
  return sheet([
    head(name.toUpperCase(), date, program),
    section("NAME"),
    `${text(name)} \\- ${text(command.description())}`,
    section("SYNOPSIS"),
    `.B tapproof ${text(command.name())}`,
    "[options]",
    ...args.map((argument) => `.I ${text(argumentName(argument))}`),
    ...(args.length === 0 ? [] : [section("ARGUMENTS")]),
    ...args.flatMap((argument) => [".TP", `.I ${text(argumentName(argument))}`, text(argument.description)]),
    section("OPTIONS"),
    ...options(command),
    section("SEE ALSO"),
    ".BR tapproof (1)",
  ]);
}

function argumentName(argument: Argument): string {
  const name = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? name : `[${name}]`;
}

function options(command: Command): string[] {
  const help = command.createHelp();
  return help
    .visibleOptions(command)
    .flatMap((option: Option) => [".TP", `.B ${text(option.flags)}`, text(help.optionDescription(option))]);
}

const head = (title: string, date: string, program: Command): string =>
  `.TH ${text(title)} 1 ${date} "tapproof ${program.version() ?? ""}" "Tapproof"`;
const section = (title: string): string => `.SH ${title}`;
const sheet = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

/** A line of troff that shows the text as it is: hyphens that can be copied, no escape, no request by its first character. */
function text(words: string): string {
  const plain = words.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
  return /^[.']/.test(plain) ? `\\&${plain}` : plain;
}
