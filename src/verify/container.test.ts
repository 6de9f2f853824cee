/** The bundle as a file: what is signed, where each part lies, and nothing between or behind. */
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { checkHashes, limits, looksLikeBundle, MAGIC, parseContainer, type Container } from "./container.ts";
import { answer, primitives } from "./for-tests.ts";
import { utf8 } from "./octets.ts";

const SIGNATURE = "— k AAAAAAAA\n";
const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
const entry = (name: string, text: string): object => ({ bytes: utf8(text).length, name, sha256: sha(text) });
const listOf = (...parts: readonly unknown[]): string => JSON.stringify({ format: MAGIC, parts });
const file = (list: string, content = "", signatures = SIGNATURE): Uint8Array => utf8(`${MAGIC}\n${list}\n\n${signatures}${content}`);
const names = (octets: Uint8Array): string =>
  answer(() =>
    parseContainer(octets)
      .parts.map(({ name, octets: o }) => `${name}=${Buffer.from(o).toString()}`)
      .join(" "),
  );

describe("parts", () => {
  const list = listOf(entry("a", "one"), entry("b/c.json", "two"), entry("d", ""));
  it("lie one after the other, in the order of the list", () => {
    expect(names(file(list, "onetwo"))).toBe("a=one b/c.json=two d=");
    const made = parseContainer(file(list, "onetwo"));
    expect([made.byName("b/c.json")?.sha256, made.byName("x"), made.note.signatures.length]).toEqual([sha("two"), undefined, 1]);
  });
  it.each([
    ["an octet too many", file(list, "onetwoX"), "1 octets follow the last part"],
    ["an octet too few", file(list, "onetw"), "is missing or cut: the file ends inside it"],
    ["a part listed twice", file(listOf(entry("a", "one"), entry("a", "two")), "onetwo"), "is listed twice"],
  ])("refused: %s", (_, octets, why) => expect(names(octets)).toBe(`failed: ${why}`));

  it.each<[string, unknown]>([
    ["null", null],
    ["a list", []],
    ["a word", "a"],
    ["a member too many", { ...entry("a", ""), x: 1 }],
    ["a member too few", { bytes: 0, name: "a" }],
    ["octets below none", { ...entry("a", ""), bytes: -1 }],
    ["octets as text", { ...entry("a", ""), bytes: "0" }],
    ["a name that is a number", { ...entry("a", ""), name: 1 }],
    ["an empty name", entry("", "")],
    ["a name that begins with a point", entry(".a", "")],
    ["a name with a large letter", entry("aB", "")],
    ["a name with a large letter at its end", entry("aaB", "")],
    ["a name of 129 letters", entry("a".repeat(129), "")],
    ["a hash that is a number", { ...entry("a", ""), sha256: 1 }],
    ["a hash too long", { ...entry("a", ""), sha256: `${sha("")}0` }],
    ["a hash too short", { ...entry("a", ""), sha256: sha("").slice(1) }],
    ["a hash in large letters", { ...entry("a", ""), sha256: sha("").toUpperCase() }],
  ])("an entry that is %s is refused", (_, one) =>
    expect(names(file(listOf(one)))).toBe("failed: its list of parts has a malformed entry"),
  );

  it("a name may have 128 letters, digits, points, dashes and slashes", () => {
    const long = `0${"a./-".repeat(31)}bcd`;
    expect(long).toHaveLength(128);
    expect(names(file(listOf(entry(long, ""))))).toBe(`${long}=`);
  });
});

describe("the head", () => {
  it.each([
    ["ends before its fourth line feed", utf8(`${MAGIC}\n${listOf()}\n\n${SIGNATURE.slice(0, -1)}`), "ends before its four first lines do"],
    ["is empty", new Uint8Array(0), "ends before its four first lines do"],
    ["begins otherwise", utf8(`tapproof/bundle/2\n${listOf()}\n\n${SIGNATURE}`), `does not begin with ${MAGIC}`],
    [
      "has another format in its list",
      file(JSON.stringify({ format: "tapproof/bundle/2", parts: [] })),
      "its second line is not a list of parts",
    ],
    ["lists no list", file(JSON.stringify({ format: MAGIC, parts: {} })), "its second line is not a list of parts"],
    ["lists with a member too many", file(JSON.stringify({ format: MAGIC, parts: [], x: 1 })), "its second line is not a list of parts"],
    ["is a list alone", file("[]"), "its second line is not a list of parts"],
  ])("refused where it %s", (_, octets, why) => expect(names(octets)).toBe(`failed: ${why}`));

  it("is signed once: a second signature is an octet of no part", () => {
    expect(names(file(listOf(), "", SIGNATURE + SIGNATURE))).toBe(`failed: ${utf8(SIGNATURE).length} octets follow the last part`);
  });

  it("more parts than any are refused before they are looked at", () => {
    const many = `{"format":"${MAGIC}","parts":[${Array.from({ length: limits.parts + 1 }, () => "0").join()}]}`;
    expect(names(file(many))).toBe("failed: its second line is not a list of parts");
  });
});

it("what looks like a bundle is one, though it was damaged", () => {
  const whole = file(listOf(entry("a", "one")), "one");
  expect(looksLikeBundle(whole)).toBe(true);
  expect(looksLikeBundle(whole.subarray(3)), "its first octets are lost").toBe(true);
  expect(looksLikeBundle(utf8(`${MAGIC}\n{}`)), "its list is lost").toBe(true);
  for (const other of ["", MAGIC, `x${MAGIC}\n`, "{}"]) expect(looksLikeBundle(utf8(other)), other).toBe(false);
});

it("the first part whose octets are not those that were signed is named", async () => {
  const list = listOf(entry("a", "one"), entry("b", "two"), entry("c", "six"));
  const why = async (content: string): Promise<unknown> => {
    const made: Container = parseContainer(file(list, content));
    return checkHashes(made, primitives).then(
      () => "hold",
      (error: { part?: string; message: string }) => `${error.part} ${error.message}`,
    );
  };
  expect(await why("onetwosix")).toBe("hold");
  expect(await why("onetwXsiX")).toBe("b its octets are not those that were signed");
});
