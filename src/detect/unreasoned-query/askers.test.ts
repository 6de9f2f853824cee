import { describe, expect, it } from "vitest";
import type { DeclaredFunction, DeclaredQuery } from "#declaration/types.ts";
import { declaredQuery, mayAsk } from "./askers.ts";
import type { Question, Topic } from "./questions.ts";

const question = (procedure: string, ...topics: Topic[]): Question => ({
  procedure,
  topics,
  category: 1,
  document: "FS.19",
  source: "",
});
const entry = (procedures: string[], data: string[]): DeclaredQuery => ({ asker: ["tas-1"], procedures, data, purpose: null });
const role = (...roles: string[]): DeclaredFunction => ({
  name: "f",
  roles,
  vendor: null,
  site: null,
  addresses: [],
  plmns: [],
  slices: [],
  dnns: [],
  identities: [],
});

describe("declared queries", () => {
  it.each([
    ["T-ADS covers T-ADS", ["tads"], ["tads"], "covered"],
    ["T-ADS does not cover the place", ["tads"], ["location"], "beyond"],
    ["both in one request need both", ["tads"], ["tads", "location"], "beyond"],
    ["who may know the place may know the state", ["location"], ["state"], "covered"],
    ["who may know the state may not know the place", ["user state"], ["location"], "beyond"],
    ["several entries add up", ["tads", "location"], ["tads", "location"], "covered"],
    ["a number is an identity", ["MSISDN"], ["identity"], "covered"],
    ["vectors are credentials", ["authentication vectors"], ["credentials"], "covered"],
    ["no word: any data", [], ["location"], "covered"],
    ["a word that is not known accuses nobody", ["whatever"], ["location"], "covered"],
  ] as const)("%s", (_, data, topics, answer) => {
    expect(declaredQuery([entry(["sh-udr"], [...data])], question("sh-udr", ...topics))).toBe(answer);
  });

  it.each([
    ["sh-udr", "covered"],
    ["Sh UDR", "covered"],
    ["SH_UDR", "covered"],
    ["udr", "covered"],
    ["sh", "covered"],
    ["slg-plr", "silent"],
  ] as const)("procedure written as %s", (written, answer) => {
    expect(declaredQuery([entry([written], ["location"])], question("sh-udr", "location"))).toBe(answer);
  });

  it("an entry without procedures is about all of them; none is about nothing", () => {
    expect(declaredQuery([entry([], ["location"])], question("slg-plr", "location"))).toBe("covered");
    expect(declaredQuery([], question("slg-plr", "location"))).toBe("silent");
  });
});

describe("roles", () => {
  it.each([
    ["MME", "s6a-air", true],
    ["MME/SGSN", "s6a-ulr", true],
    ["HSS", "s6a-idr", true],
    ["TAS", "sh-udr", true],
    ["GMLC", "slg-plr", true],
    ["eNB", "slg-plr", false],
    ["SGW", "s6a-air", false],
    ["Widget", "slg-plr", undefined],
  ] as const)("%s asks %s: %s", (name, procedure, answer) => {
    expect(mayAsk(role(name), question(procedure, "location"))).toBe(answer);
  });

  it("a role that is not known beside one that does not fit leaves it open", () => {
    expect(mayAsk(role("eNB", "Widget"), question("slg-plr", "location"))).toBeUndefined();
  });
});
