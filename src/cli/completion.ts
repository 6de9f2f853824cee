/** `tapproof completion SHELL`: what bash, zsh or fish need to complete commands, options and their words; file names where neither fits. */
import type { Command, Option } from "commander";
import type { Writable } from "node:stream";
import { EXIT } from "./errors.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

export function completionCommand(shell: Shell, program: Command, io: { readonly stdout: Writable }): number {
  io.stdout.write(completionScript(shell, program));
  return EXIT.DONE;
}

export function completionScript(shell: Shell, program: Command): string {
  return { bash, zsh, fish }[shell](program);
}

const optionsOf = (command: Command): readonly Option[] => command.createHelp().visibleOptions(command);
const flagsOf = ({ short, long }: Option): readonly string[] => [short, long].filter((flag) => flag !== undefined);
const takesValue = (option: Option): boolean => option.required || option.optional;

/** Words that the command's first argument may be, where it is not a file (`bash`, `key`): commander's choices. */
const words = (command: Command): readonly string[] => command.registeredArguments[0]?.argChoices ?? [];

function bash(program: Command): string {
  const { commands } = program;
  const cases = commands.map((command) => {
    const options = optionsOf(command);
    const chosen = options.filter(({ argChoices }) => argChoices !== undefined);
    return [
      `    ${command.name()})`,
      `      case "$previous" in`,
      ...chosen.map(
        (option) =>
          `        ${flagsOf(option).join("|")}) COMPREPLY=($(compgen -W "${option.argChoices?.join(" ")}" -- "$current")); return ;;`,
      ),
      ...valued(options, (flags) => `        ${flags.join("|")}) return ;;`),
      `      esac`,
      `      case "$current" in -*) COMPREPLY=($(compgen -W "${options.flatMap(flagsOf).join(" ")}" -- "$current")); return ;; esac`,
      ...(words(command).length === 0 ? [] : [`      COMPREPLY=($(compgen -W "${words(command).join(" ")}" -- "$current"))`]),
      `      ;;`,
    ].join("\n");
  });
  return `# bash completion of tapproof; made from its commands (tapproof completion bash)
_tapproof() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD - 1]}"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "${[...commands.map((command) => command.name()), ...optionsOf(program).flatMap(flagsOf)].join(" ")}" -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
  esac
}
complete -o default -o bashdefault -F _tapproof tapproof
`;
}

/** Options whose value is a file or free text: the shell's own completion of files takes over. */
function valued(options: readonly Option[], line: (flags: readonly string[]) => string): string[] {
  const flags = options.filter((option) => takesValue(option) && option.argChoices === undefined).flatMap(flagsOf);
  return flags.length === 0 ? [] : [line(flags)];
}

function zsh(program: Command): string {
  /** Inside single quotes, where `_arguments` reads brackets and colons itself. */
  const text = (words: string): string => words.replaceAll(/[[\]:\\]/g, "\\$&").replaceAll("'", "'\\''");
  const spec = (option: Option): string => {
    const flags = flagsOf(option);
    const value = takesValue(option) ? `:value:${option.argChoices === undefined ? "_files" : `(${option.argChoices.join(" ")})`}` : "";
    const names = flags.length > 1 ? `'(${flags.join(" ")})'{${flags.join(",")}}` : `'${flags[0] ?? ""}'`;
    return `      ${names}'[${text(option.description)}]${value}'`;
  };
  const cases = program.commands.map((command) =>
    [
      `    ${command.name()})`,
      `      _arguments -s \\`,
      ...optionsOf(command).map((option) => `  ${spec(option)} \\`),
      `        '*:argument:${words(command).length === 0 ? "_files" : `(${words(command).join(" ")})`}'`,
      `      ;;`,
    ].join("\n"),
  );
  return `#compdef tapproof
# zsh completion of tapproof; made from its commands (tapproof completion zsh)
_tapproof() {
  local -a commands
  commands=(
${program.commands.map((command) => `    '${command.name()}:${text(command.description())}'`).join("\n")}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${cases.join("\n")}
  esac
}
if [ "$funcstack[1]" = "_tapproof" ]; then _tapproof "$@"; else compdef _tapproof tapproof; fi
`;
}

function fish(program: Command): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const option = (command: string, of: Option): string => {
    const flags = [of.short?.replace(/^-/, "-s "), of.long?.replace(/^--/, "-l ")].filter((flag) => flag !== undefined).join(" ");
    const value = !takesValue(of) ? "" : of.argChoices === undefined ? " -r -F" : ` -x -a ${quoted(of.argChoices.join(" "))}`;
    return `complete -c tapproof -n '__fish_seen_subcommand_from ${command}' ${flags}${value} -d ${quoted(of.description)}`;
  };
  return `# fish completion of tapproof; made from its commands (tapproof completion fish)
${program.commands
  .flatMap((command) => [
    `complete -c tapproof -n '__fish_use_subcommand' -f -a ${command.name()} -d ${quoted(command.description())}`,
    ...(words(command).length === 0
      ? []
      : [`complete -c tapproof -n '__fish_seen_subcommand_from ${command.name()}' -f -a ${quoted(words(command).join(" "))}`]),
    ...optionsOf(command).map((of) => option(command.name(), of)),
  ])
  .join("\n")}
`;
}
