import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS } from "./commands.ts";
import { completionScript, SHELLS, type Shell } from "./completion.ts";
import { manualPages } from "./manual.ts";
import { makeProgram } from "./program.ts";

const program = makeProgram(COMMANDS);
const folder = mkdtempSync(join(tmpdir(), "tapproof-completion-"));
const has = (name: string, ...args: string[]): boolean => spawnSync(name, args).status === 0;

function written(shell: Shell): string {
  const file = join(folder, shell === "zsh" ? "_tapproof" : `tapproof.${shell}`);
  writeFileSync(file, completionScript(shell, program));
  return file;
}

/** What bash offers for the words; the last one is being typed. */
function offered(...words: string[]): string[] {
  const script = `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }; _tapproof; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr, status } = spawnSync("bash", ["-u", "-c", script, "bash", written("bash"), "tapproof", ...words], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("bash", () => {
  it("offers every command", () => expect(offered("")).toEqual(expect.arrayContaining(COMMANDS.map(({ name }) => name))));
  it.each([
    [["sc"], ["scan", "score"]],
    [["scan", "--net"], ["--network"]],
    [
      ["scan", "--fail-on", ""],
      ["indication", "corroborated", "proven"],
    ],
    [["report", "--lang", "f"], ["fr"]],
    // what is a file is the shell's own to complete
    [["scan", "--network", ""], []],
    [["scan", "s"], []],
    [["completion", "z"], ["zsh"]],
  ])("%j: %j", (words, answer) => expect(offered(...words)).toEqual(answer));
});

const parsers: Record<Shell, readonly string[]> = { bash: ["bash", "-n"], zsh: ["zsh", "-n"], fish: ["fish", "-n"] };
describe.each(SHELLS)("%s", (shell) => {
  const [command = "", ...args] = parsers[shell];
  const here = has(command, "-c", "true");
  if (!here) console.warn(`SKIPPED: ${shell} is absent, its completion was not read by it`);
  it.skipIf(!here)("reads the script", () => {
    const { status, stdout, stderr } = spawnSync(command, [...args, written(shell)], { encoding: "utf8" });
    expect([status, stdout, stderr]).toEqual([0, "", ""]);
  });
  it("names every command and long option", () => {
    const script = completionScript(shell, program);
    for (const { name } of COMMANDS) expect(script).toContain(name);
    for (const command of program.commands)
      for (const { long } of command.options) expect(script).toContain(shell === "fish" ? `-l ${long?.slice(2) ?? ""} ` : (long ?? ""));
  });
});

const fish = has("fish", "-c", "true");
it.skipIf(!fish)("fish offers options with what they are for", () => {
  const { stdout } = spawnSync("fish", ["-N", "-c", `source ${written("fish")}; complete -C 'tapproof scan --fail-'`], {
    encoding: "utf8",
  });
  expect(stdout).toMatch(/^--fail-on\t/m);
});

describe("manual pages", () => {
  const pages = manualPages(program, "2026-01-01");
  const groff = has("groff", "--version");
  if (!groff) console.warn("SKIPPED: groff is absent, manual pages were not set");
  it("one for the program and one a command", () =>
    expect([...pages.keys()]).toEqual(["tapproof.1", ...COMMANDS.map(({ name }) => `tapproof-${name}.1`)]));
  it.skipIf(!groff).each([...pages.keys()])("%s is set by groff without a warning, and says what --help says", (name) => {
    const { stdout, stderr, status } = spawnSync("groff", ["-man", "-Tascii", "-P-c", "-ww", "-rLL=400n"], {
      input: pages.get(name) ?? "",
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([0, ""]);
    // overstrikes make bold and underlined
    // oxlint-disable-next-line no-control-regex -- a backspace is what overstriking is
    const shown = stdout.replaceAll(/.\x08/g, "").replaceAll(/\s+/g, " ");
    const command = program.commands.find((c) => `tapproof-${c.name()}.1` === name) ?? program;
    for (const option of command.options) {
      expect(shown).toContain(option.flags);
      expect(shown).toContain(option.description.replaceAll(/\s+/g, " ").replaceAll("…", "..."));
    }
  });
});
