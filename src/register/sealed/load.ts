/** Reads the files of sealed entries: size, form, signature. Errors name the file and the field, never what stands there. */
import { readFileSync, statSync } from "node:fs";
import { z } from "zod";
import { keysAt, unknownKeyText } from "#model/unknown-key.ts";
import { RegisterError } from "#register/load.ts";
import { signatureHolds } from "./authority.ts";
import {
  answersSchema,
  authorityKeySchema,
  authoritySchema,
  DOMAIN,
  limits,
  openingsSchema,
  questionSchema,
  sealedRegisterSchema,
  type AnswersFile,
  type Authority,
  type AuthorityKey,
  type Opening,
  type Question,
  type SealedRegisterFile,
} from "./format.ts";

export function loadSealedRegister(path: string): SealedRegisterFile {
  const file = checked(path, sealedRegisterSchema, "a sealed register (tapproof warrant seal)");
  if (file.entries.some((entry, i) => i > 0 && entry <= (file.entries[i - 1] as string)))
    throw refused(path, "entries", "are not in ascending order, each once");
  if (!signatureHolds(file.by, DOMAIN.register, file)) throw refused(path, "signature", "is not the authority's over this file");
  return file;
}

export function loadAnswers(path: string): AnswersFile {
  const file = checked(path, answersSchema, "an authority's answers (tapproof warrant answer)");
  if (!signatureHolds(file.by, DOMAIN.answers, file)) throw refused(path, "signature", "is not the authority's over this file");
  return file;
}

export function loadAuthorityKey(path: string): AuthorityKey {
  const mode = modeOf(path);
  if (mode !== undefined && (mode & 0o077) !== 0)
    throw refused(path, "", "may be read by others than its owner, expected mode 600 (chmod 600)");
  return checked(path, authorityKeySchema, "an authority's key (tapproof warrant key)");
}

/** An authority's public keys: what it hands out as `authority.json`. */
export function loadAuthority(path: string): Authority {
  return checked(path, authoritySchema, "an authority's public keys (authority.json of tapproof warrant key)");
}

export function loadOpenings(path: string): readonly Opening[] {
  return checked(path, openingsSchema, "openings (tapproof warrant seal)").openings;
}

export function loadQuestion(path: string): Question {
  return checked(path, questionSchema, "a question (a file of a case's folder questions/)");
}

function modeOf(path: string): number | undefined {
  try {
    return statSync(path).mode;
  } catch {
    return undefined;
  }
}

function checked<S extends z.ZodType>(path: string, schema: S, what: string): z.infer<S> {
  let text: string;
  try {
    if (statSync(path).size > limits.fileBytes) throw refused(path, "", `is larger than ${limits.fileBytes} octets, expected ${what}`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof RegisterError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? "unreadable";
    throw refused(path, "", `${code === "ENOENT" ? "no such file" : code}, expected ${what}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused(path, "", `is not JSON, expected ${what}`);
  }
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  // a key that is mistyped is also one that is missing: what stands there tells more
  const issue = read.error.issues.find(({ code }) => code === "unrecognized_keys") ?? read.error.issues[0];
  const where = issue?.path.join(".") ?? "";
  if (issue?.code === "unrecognized_keys") {
    const known = keysAt(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }), issue.path);
    throw refused(path, where, `${unknownKeyText(issue.keys[0] ?? "", known)}; this file should be ${what}`);
  }
  throw refused(path, where, `is not as it should be, expected ${what}`);
}

function refused(file: string, field: string, message: string): RegisterError {
  return new RegisterError([{ file, line: 0, column: 0, field, message }]);
}
