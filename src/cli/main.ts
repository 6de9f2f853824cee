/** Entry of the command line: finds the command, hands it its options, and turns every end into an exit code. */
import { CommanderError, type Command } from "commander";
import { resolve } from "node:path";
import { COMMANDS, type CommandEntry, type CommandIo } from "./commands.ts";
import { errorText, EXIT, exitCodeOf, UsageError, visible } from "./errors.ts";
import { keepHeapSmall } from "#run/heap.ts";
import { takeRoom } from "#run/memory.ts";
import { ifInterrupted, onInterrupt } from "./interrupt.ts";
import { makeProgram } from "./program.ts";
import { asTyped } from "./program-name.ts";

/** Called by `bin/tapproof.cjs`. Sets the process's exit code; the process ends when its work does. */
export function start(): void {
  const { argv, env, stdin, stdout, stderr } = process;
  const debug = Boolean(env["TAPPROOF_DEBUG"]);
  // The reader of a pipe may leave early (`| head`): that is its right, and no error.
  for (const stream of [stdout, stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.DONE);
      throw error;
    });
  }
  const fail = (error: unknown): never => {
    stderr.write(errorText(error, debug, asTyped(env)));
    process.exit(exitCodeOf(error));
  };
  process.on("uncaughtException", fail);
  process.on("unhandledRejection", fail);
  onInterrupt(stderr);
  void run(argv.slice(2), { stdin, stdout, stderr, env }).then((code) => {
    process.exitCode = code;
  });
}

/** One call of the program; answers the exit code. */
export async function run(args: readonly string[], io: CommandIo, commands: readonly CommandEntry[] = COMMANDS): Promise<number> {
  let code: number = EXIT.DONE;
  const program = makeProgram(commands)
    .exitOverride()
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: () => undefined });
  program.commands.forEach((command, i) => {
    command.copyInheritedSettings(program).action(async (...given: unknown[]) => {
      const positional = given.slice(0, -2) as (string | string[] | undefined)[];
      const entry = commands[i] as CommandEntry;
      const { keys } = command.opts();
      // For this process and those that it starts: whoever writes a case's log asks where its secrets lie.
      if (typeof keys === "string") process.env["TAPPROOF_KEYS"] = resolve(keys);
      const { memory } = command.opts();
      if (typeof memory === "string") process.env["TAPPROOF_MEMORY"] = memory;
      setRoom(command);
      ifInterrupted(() => entry.interrupted ?? "nothing was written; run the same command again");
      code = await entry.run(positional, command.opts(), io);
    });
  });
  try {
    if (args.length === 0) throw new CommanderError(EXIT.USAGE, "tapproof.noCommand", "no command given");
    const named = args[0] as string;
    // Asking an unknown command for help would print the program's own, as if the command were there.
    const known = named.startsWith("-") || commands.some(({ name }) => name === named);
    await program.parseAsync(known ? [...args] : [named], { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, args, io, commands);
    io.stderr.write(errorText(error, Boolean(io.env["TAPPROOF_DEBUG"]), asTyped(io.env)));
    return exitCodeOf(error);
  }
  return code;
}

/** The command's process gets the memory that it was given; the search for copies its share, where the command has one and was not told another. */
function setRoom(command: Command): void {
  let copyOctets: number | undefined;
  try {
    copyOctets = takeRoom(process.env);
    if (copyOctets !== undefined) keepHeapSmall();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const searches = command.options.some(({ long }) => long === "--copy-memory");
  if (copyOctets !== undefined && searches && command.getOptionValue("copyMemory") === undefined)
    command.setOptionValue("copyMemory", Math.floor(copyOctets / (1024 * 1024)));
}

/** Help and version are no errors; anything else is one line: what, where, what to do. */
function usage(error: CommanderError, args: readonly string[], io: CommandIo, commands: readonly CommandEntry[]): number {
  if (error.exitCode === 0) return EXIT.DONE;
  const named = commands.find((c) => c.name === args[0]);
  const where = named === undefined ? "tapproof" : `tapproof ${named.name}`;
  const what = error.message
    .replace(/^error: /, "")
    .replaceAll(/\s*[\r\n]+\s*/g, " ")
    .replace(/\.$/, "");
  const typed = named === undefined ? asTyped(io.env) : `${asTyped(io.env)} ${named.name}`;
  io.stderr.write(`${where}: ${visible(what)}; '${typed} --help' lists what there is\n`);
  return EXIT.USAGE;
}
