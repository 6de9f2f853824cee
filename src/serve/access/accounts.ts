/**
 * Who may use a server that several people share, and what each of them may do. The file holds no token, only its SHA-256: whoever reads it
 * cannot log in. A token is drawn, not thought up (`openssl rand -hex 24`), so that a plain hash cannot be turned back.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { keysAt, unknownKeyText } from "#model/unknown-key.ts";
import { RIGHTS, type Right } from "#serve/api/schemas.ts";

/** What an account may do beyond looking. `identities` and `li-cleared` come with no role: they are named one by one. */
const ROLES = {
  reader: [],
  analyst: ["annotate", "declare", "scan"],
} as const satisfies Readonly<Record<string, readonly Right[]>>;
export type Role = keyof typeof ROLES;

export interface Account {
  readonly name: string;
  readonly role: Role;
  readonly rights: ReadonlySet<Right>;
  /** SHA-256 of the token's octets. */
  readonly digest: Buffer;
}

/** Users that a file of users may name; a longer one is refused. */
export const MAX_ACCOUNTS = 1000;
/** Octets of a file of users; a larger one is refused. */
const MAX_BYTES = 1024 * 1024;

const file = z.strictObject({
  users: z
    .array(
      z.strictObject({
        name: z.string().trim().min(1).max(100),
        role: z.enum(["reader", "analyst"]),
        identities: z.boolean().default(false),
        liCleared: z.boolean().default(false),
        tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, "is not a SHA-256 in lower-case hexadecimal"),
      }),
    )
    .min(1)
    .max(MAX_ACCOUNTS),
});

/** A file of accounts that cannot be used: what is wrong, and where. */
export class AccountsError extends Error {}

export function loadAccounts(path: string): readonly Account[] {
  let text: string;
  try {
    if (statSync(path).size > MAX_BYTES) throw new AccountsError(`${path}: is larger than ${MAX_BYTES} octets`);
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof AccountsError) throw error;
    throw new AccountsError(`${path}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "unreadable"})`, { cause: error });
  }
  return parseAccounts(text, path);
}

export function parseAccounts(text: string, name: string): readonly Account[] {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    throw new AccountsError(`${name}: is not YAML`, { cause: error });
  }
  const result = file.safeParse(value);
  if (!result.success) {
    // a key that is mistyped is also one that is missing: what stands there tells more
    const issue = result.error.issues.find(({ code }) => code === "unrecognized_keys") ?? result.error.issues[0];
    throw new AccountsError(`${name}${issue === undefined ? ": does not fit" : told(issue)}`);
  }
  const accounts = result.data.users.map((u): Account => ({
    name: u.name,
    role: u.role,
    rights: new Set<Right>([
      ...ROLES[u.role],
      ...(u.identities ? (["identities"] as const) : []),
      ...(u.liCleared ? (["li-cleared"] as const) : []),
    ]),
    digest: Buffer.from(u.tokenSha256, "hex"),
  }));
  const once = (what: string, of: (a: Account) => string): void => {
    if (new Set(accounts.map(of)).size < accounts.length) throw new AccountsError(`${name}: two users have the same ${what}`);
  };
  once("name", (a) => a.name);
  once("token", (a) => a.digest.toString("hex"));
  return accounts;
}

function told(issue: z.core.$ZodIssue): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const where = [...issue.path, ...(unknown === undefined ? [] : [unknown])].map(String).join(".");
  const why = unknown === undefined ? issue.message : unknownKeyText(unknown, keysAt(z.toJSONSchema(file, { io: "input" }), issue.path));
  return `${where === "" ? "" : ` ${where}`}: ${why}`;
}

/** Whose token this is. Every account is compared, so that the time taken says nothing of which one fits. */
export function accountOf(accounts: readonly Account[], token: string): Account | undefined {
  const digest = createHash("sha256").update(token).digest();
  let found: Account | undefined;
  for (const account of accounts) if (timingSafeEqual(account.digest, digest)) found = account;
  return found;
}

/** Everybody who uses a server without accounts: one person, or people who share its token. */
export function sharedRights(cleared: boolean): ReadonlySet<Right> {
  return new Set(RIGHTS.filter((right) => right !== "li-cleared" || cleared));
}
