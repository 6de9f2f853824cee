/** Who is let in, by which name, how often, and with which rights: each rule at its edge. */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { limits } from "#serve/limits.ts";
import { accountOf, AccountsError, loadAccounts, MAX_ACCOUNTS, parseAccounts, sharedRights } from "./accounts.ts";
import { HostNames, isLoopback } from "./hosts.ts";
import { socketUser, userIn } from "./peer-user.ts";
import { Rate } from "./rate.ts";
import { accountKey, isCleared, readerOf, Sessions } from "./sessions.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-access-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const digest = (token: string): string => createHash("sha256").update(token).digest("hex");
const user = (name: string, more: object = {}): object => ({ name, role: "reader", tokenSha256: digest(name), ...more });
const file = (...users: object[]): string => JSON.stringify({ users });
const said = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof AccountsError) return error.message;
    throw error;
  }
  return "no error";
};

describe("accounts", () => {
  it("a role has its rights, and no more; what comes with none is named one by one", () => {
    const rights = (more: object): string[] => [...(parseAccounts(file(user("a", more)), "f")[0]?.rights ?? [])].sort();
    expect(rights({})).toEqual([]);
    expect(rights({ role: "analyst" })).toEqual(["annotate", "declare", "scan"]);
    expect(rights({ identities: true })).toEqual(["identities"]);
    expect(rights({ liCleared: true })).toEqual(["li-cleared"]);
  });
  it("a token is its owner's, wherever the owner stands", () => {
    const accounts = parseAccounts(file(user("a"), user("b"), user("c")), "f");
    expect(["a", "b", "c", "d", ""].map((token) => accountOf(accounts, token)?.name)).toEqual(["a", "b", "c", undefined, undefined]);
  });
  it.each<[string, string, RegExp]>([
    ["no YAML", "users: [", /^f: is not YAML/],
    ["an alias", "users: &a []\nmore: *a", /^f: is not YAML/],
    ["nobody", file(), /^f users: /],
    ["nothing", "", /^f: /],
    ["a role that is none", file(user("a", { role: "admin" })), /^f users.0.role: /],
    ["a key that is unknown", file(user("a", { admin: true })), /^f users.0.admin: unknown key/],
    ["a key that is unknown at the top", JSON.stringify({ users: [user("a")], more: 1 }), /^f more: unknown key/],
    ["a hash that is none", file(user("a", { tokenSha256: digest("a").toUpperCase() })), /^f users.0.tokenSha256: is not a SHA-256/],
    ["a name of blanks", file(user("  ", { tokenSha256: digest("x") })), /^f users.0.name: /],
    ["one name twice", file(user("a"), user(" a ", { tokenSha256: digest("b") })), /^f: two users have the same name/],
    ["one token twice", file(user("a"), user("b", { tokenSha256: digest("a") })), /^f: two users have the same token/],
    ["more users than a server has", file(...Array.from({ length: MAX_ACCOUNTS + 1 }, (_, i) => user(`u${i}`))), /^f users: /],
  ])("a file with %s is refused", (_, text, why) => expect(said(() => parseAccounts(text, "f"))).toMatch(why));
  it("a file is read up to a size; what cannot be read says why", () => {
    const path = join(folder, "users.yaml");
    writeFileSync(path, file(user("a")).padEnd(1024 * 1024));
    expect(loadAccounts(path)).toHaveLength(1);
    writeFileSync(path, file(user("a")).padEnd(1024 * 1024 + 1));
    expect(said(() => loadAccounts(path))).toContain("is larger than 1048576 octets");
    expect(said(() => loadAccounts(join(folder, "absent")))).toContain("absent: cannot be read (ENOENT)");
  });
  it("whoever shares a server has every right but that of cleared readers, unless all are", () => {
    expect(sharedRights(false).has("li-cleared")).toBe(false);
    expect(sharedRights(true).has("li-cleared")).toBe(true);
    expect([...sharedRights(true)].filter((right) => !sharedRights(false).has(right))).toEqual(["li-cleared"]);
  });
});

describe("names of the server", () => {
  const names = new HostNames("192.0.2.1", ["Tapproof.Example", "2001:db8::1"]);
  it.each([
    "127.0.0.1",
    "localhost:8080",
    "LOCALHOST",
    "[::1]:1",
    "192.0.2.1",
    "192.0.2.1:65535",
    "tapproof.example:443",
    "[2001:db8::1]:8080",
  ])("%s is one", (host) => expect(names.allows(host)).toBe(true));
  it.each([
    undefined,
    "",
    "attacker.example",
    "localhost.attacker.example",
    "localhost:123456",
    "localhost:",
    "localhost:80:80",
    "2001:db8::1",
    "192.0.2.2",
  ])("%s is none", (host) => expect(names.allows(host)).toBe(false));
  it("of a page: the server's own, whole", () => {
    for (const own of ["http://localhost:8080", "https://TAPPROOF.example"]) expect(names.allowsOrigin(own), own).toBe(true);
    for (const other of [
      "null",
      "localhost",
      "ftp://localhost",
      "http://localhost/",
      "http://localhost/x",
      "xhttp://localhost",
      "http://attacker.example",
    ])
      expect(names.allowsOrigin(other), other).toBe(false);
  });
  it("a server of an IPv6 address goes by it in brackets", () => expect(new HostNames("::", []).allows("[::]:80")).toBe(true));
  it("loopback is this machine's alone", () => {
    for (const own of ["localhost", "::1", "127.0.0.1", "127.255.255.254"]) expect(isLoopback(own), own).toBe(true);
    for (const other of ["0.0.0.0", "::", "128.0.0.1", "127.0.0.1.example", "x127.0.0.1", "localhost.example"])
      expect(isLoopback(other), other).toBe(false);
  });
});

describe("a share of attempts in a window", () => {
  it("is spent at its last, and each key has its own", () => {
    const rate = new Rate(3, 1000);
    expect([1, 2, 3, 4].map(() => rate.allow("a", 10_000))).toEqual([true, true, true, false]);
    expect([rate.spent("a", 10_000), rate.spent("b", 10_000), rate.allow("b", 10_000)]).toEqual([true, false, true]);
  });
  it("that is spent counts nothing more", () => {
    const rate = new Rate(1, 1000);
    rate.allow("a", 10_000);
    for (let i = 0; i < 10; i++) rate.allow("a", 10_500);
    expect([rate.allow("a", 10_999), rate.allow("a", 12_000)]).toEqual([false, true]);
  });
  it("of the window before counts by what is left of it", () => {
    const rate = new Rate(4, 1000);
    for (let i = 0; i < 4; i++) rate.allow("a", 10_000);
    expect([rate.spent("a", 11_000), rate.spent("a", 11_001)], "at once the whole, then less").toEqual([true, false]);
    expect([rate.allow("a", 11_250), rate.allow("a", 11_250)]).toEqual([true, false]);
    expect(rate.allow("a", 11_500), "half of four, and one").toBe(true);
    expect(rate.spent("a", 13_000), "two windows later nothing").toBe(false);
  });
  it("asked alone counts nothing", () => {
    const rate = new Rate(1, 1000);
    for (let i = 0; i < 5; i++) expect(rate.spent("a", 10_000)).toBe(false);
  });
});

describe("sessions", () => {
  const none = new Set<never>();
  it("are found by their own cookie, of this server's port", () => {
    const sessions = new Sessions(() => 8080);
    const made = sessions.begin(none, "a");
    const cookie = sessions.cookie(made, false);
    expect(cookie).toBe(`tapproof_session_8080=${made.id}; Path=/; HttpOnly; SameSite=Strict`);
    expect(sessions.cookie(made, true)).toBe(`${cookie}; Secure`);
    const [pair = ""] = cookie.split(";");
    expect([sessions.find(pair), sessions.find(`x=1; ${pair}; y=2`)]).toEqual([made, made]);
    for (const other of [undefined, "", pair.replace("8080", "8081"), `${pair}x`, "tapproof_session_8080="])
      expect(sessions.find(other), other).toBeUndefined();
    expect(made.id).not.toBe(made.csrf);
  });
  it("past their number the oldest ends; of one account its own oldest, and nobody else's", () => {
    const sessions = new Sessions(() => 1);
    const pairOf = (made: ReturnType<Sessions["begin"]>): string => sessions.cookie(made, false).split(";")[0] as string;
    const shared = sessions.begin(none, "a");
    const own = Array.from({ length: limits.sessionsOfOne + 1 }, () => sessions.begin(none, "a", "reader"));
    expect(own.map((made) => sessions.find(pairOf(made)) !== undefined)).toEqual([false, ...own.slice(1).map(() => true)]);
    expect(sessions.find(pairOf(shared)), "of the same name, and no account").toBe(shared);
    const rest = Array.from({ length: limits.sessions }, () => sessions.begin(none, "b"));
    expect(sessions.find(pairOf(shared))).toBeUndefined();
    expect(sessions.find(pairOf(rest[0] ?? expect.unreachable()))).toBeDefined();
  });
  it("say whose work it is, and what a case may tell", () => {
    const session = { id: "i", csrf: "c", author: "a", rights: new Set(["identities"] as const), role: null };
    expect([accountKey(session), accountKey({ ...session, role: "reader" })]).toEqual(["session i", "account a"]);
    expect([isCleared(session), readerOf(session)]).toEqual([false, { liCleared: false, identities: true }]);
    expect(readerOf({ ...session, rights: new Set(["li-cleared"] as const) })).toEqual({ liCleared: true, identities: false });
  });
});

describe("whose socket it is", () => {
  const line = (local: string, uid: string): string =>
    `   0: ${local} 00000000:0000 0A 00000000:00000000 00:00000000 00000000 ${uid}        0 1\n`;
  it.each([
    ["IPv4", line("0100007F:1F90", "1000"), "127.0.0.1", 1000],
    ["IPv4 in the table of IPv6", line("0000000000000000FFFF00000100007F:1F90", "7"), "127.0.0.1", 7],
    ["IPv6", line("00000000000000000000000001000000:1F90", "0"), "::1", 0],
    ["behind another's line", line("0100007F:1F91", "5") + line("0100007F:1F90", "6"), "127.0.0.1", 6],
    ["of another port", line("0100007F:1F91", "1000"), "127.0.0.1", undefined],
    ["of another address", line("0200007F:1F90", "1000"), "127.0.0.1", undefined],
    ["whose user is no number", line("0100007F:1F90", "x"), "127.0.0.1", undefined],
    ["of an address that is not this machine's", line("0100007F:1F90", "1000"), "2001:db8::1", undefined],
  ])("%s", (_, table, address, uid) => expect(userIn(table, address, "1F90")).toBe(uid));
  it("nobody's at a port where nothing listens", () => {
    for (const address of ["127.0.0.1", "::ffff:127.0.0.1", "::1"]) expect(socketUser(address, 1), address).toBeUndefined();
  });
});
