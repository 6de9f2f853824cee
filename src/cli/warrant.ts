/** `tapproof warrant key|seal|answer`: what an authority does with sealed entries; and the questions that a scan leaves in its case (docs/register.md). */
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { canonicalJson } from "#evidence/canonical-json.ts";
import { makeFolder } from "#evidence/log/durable.ts";
import { loadWarrantFields } from "#register/load.ts";
import { newAuthorityKey } from "#register/sealed/authority.ts";
import type { Question } from "#register/sealed/format.ts";
import { loadAuthorityKey, loadOpenings, loadQuestion, loadSealedRegister } from "#register/sealed/load.ts";
import { answerQuestions, sealWarrants } from "#register/sealed/seal.ts";
import { EXIT, UsageError } from "./errors.ts";

export interface WarrantArgs {
  readonly action: string;
  readonly files: readonly string[];
  readonly authority?: string;
  readonly key?: string;
  readonly sealed?: string;
  readonly openings?: string;
  readonly out?: string;
}

/** Name of the folder of a case that holds its questions, one file each. */
const QUESTIONS = "questions";

export async function warrantCommand(args: WarrantArgs, io: { readonly stdout: Writable }): Promise<number> {
  if (args.action === "key") makeKey(args, io);
  else if (args.action === "seal") seal(args, io);
  else if (args.action === "answer") await answer(args, io);
  else throw new UsageError(`warrant ${args.action}: no such action, expected key, seal or answer`);
  return EXIT.DONE;
}

function makeKey(args: WarrantArgs, io: { readonly stdout: Writable }): void {
  const folder = newFolder(needed(args, "out", "key"));
  const key = newAuthorityKey(needed(args, "authority", "key"));
  write(join(folder, "authority.key"), key);
  write(join(folder, "authority.json"), key.public);
  io.stdout.write(`${join(folder, "authority.key")}  keep it: it reads the questions and signs the answers\n`);
  io.stdout.write(`${join(folder, "authority.json")}  public keys, for anybody\n`);
}

function seal(args: WarrantArgs, io: { readonly stdout: Writable }): void {
  const [warrants, ...more] = args.files;
  if (warrants === undefined || more.length > 0) throw new UsageError("warrant seal: expected one register of warrants");
  const key = loadAuthorityKey(needed(args, "key", "seal"));
  const fields = loadWarrantFields(warrants);
  const folder = newFolder(needed(args, "out", "seal"));
  const { file, openings } = sealWarrants(fields, key, `${new Date().toISOString().slice(0, 19)}Z`);
  write(join(folder, "sealed.json"), file);
  write(join(folder, "openings.json"), { schema: "tapproof/openings/1", openings });
  io.stdout.write(`${join(folder, "sealed.json")}  ${file.entries.length} commitments, decoys among them: give it to the operator\n`);
  io.stdout.write(`${join(folder, "openings.json")}  keep it: without it no entry can be opened\n`);
}

async function answer(args: WarrantArgs, io: { readonly stdout: Writable }): Promise<void> {
  const key = loadAuthorityKey(needed(args, "key", "answer"));
  const register = loadSealedRegister(needed(args, "sealed", "answer"));
  const openings = loadOpenings(needed(args, "openings", "answer"));
  const out = needed(args, "out", "answer");
  if (existsSync(out)) throw new UsageError(`warrant answer: ${out} is there already, name a new file`);
  const questions = args.files.flatMap(questionFiles).map(loadQuestion);
  if (questions.length === 0) throw new UsageError("warrant answer: expected questions, or the folder questions/ of a case");
  const { file, unread } = await answerQuestions(questions, register, openings, key);
  write(out, file);
  const count = (kind: string): number => file.answers.filter((a) => a.answer === kind).length;
  io.stdout.write(`${out}  ${count("opening")} opened, ${count("not ours")} not ours, ${count("undecided")} undecided`);
  io.stdout.write(unread === 0 ? "\n" : `; ${unread} for another authority or another sealed register\n`);
}

function questionFiles(path: string): string[] {
  if (!existsSync(path)) throw new UsageError(`warrant answer: ${path}: no such file or folder`);
  if (!statSync(path).isDirectory()) return [path];
  const folder = readdirSync(path).includes(QUESTIONS) ? join(path, QUESTIONS) : path;
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => join(folder, name));
}

/**
 * Adds the questions of a scan to those of earlier ones, which stay: they may be about other captures, and nobody may have answered them yet.
 * Each has an id of its own; an answered one asked again is answered the same.
 */
export function writeQuestions(folder: { readonly path: string }, questions: readonly Question[]): void {
  const target = join(folder.path, QUESTIONS);
  makeFolder(target);
  for (const question of questions) write(join(target, `${question.id}.json`), question);
}

function needed(args: WarrantArgs, option: "authority" | "key" | "sealed" | "openings" | "out", action: string): string {
  const value = args[option];
  if (value === undefined || value === "") throw new UsageError(`warrant ${action}: --${option} is missing`);
  return value;
}

function newFolder(path: string): string {
  if (existsSync(path) && readdirSync(path).length > 0) throw new UsageError(`warrant: ${path} is not empty, name a new folder`);
  makeFolder(path);
  return path;
}

function write(path: string, value: object): void {
  writeFileSync(path, `${canonicalJson(value)}\n`, { mode: 0o600, flag: "wx" });
}
