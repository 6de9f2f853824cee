/** The strongest grade that a record bears: each rule of docs/bundle-format.md §7, and one step beyond it. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "./canonical.ts";
import { allowedGrade, GRADES } from "./grades.ts";

const excluded = { status: "excluded", code: "explanation.other" };
const untestable = { status: "untestable", code: "explanation.other" };
const copy: JsonObject = { claim: "covert-copy", bits: 64, act: "effected", packets: 9, ruledOut: [excluded], witnesses: [] };
const of = (more: JsonObject, declared = true): string => GRADES[allowedGrade({ ...copy, ...more }, declared).grade] as string;

describe("a copy", () => {
  it.each([
    [64, "proven"],
    [63, "corroborated"],
    [20, "corroborated"],
    [19, "indication"],
  ])("of %i bits", (bits, expected) => expect(of({ bits })).toBe(expected));
  it.each([
    [0, "proven"],
    [1, "corroborated"],
    [2, "indication"],
  ])("with %i explanations untestable", (n, expected) =>
    expect(of({ ruledOut: [excluded, ...Array.from({ length: n }, () => untestable)] })).toBe(expected),
  );
});

describe("any claim", () => {
  const trace = { claim: "undeclared-trace", bits: 0 };
  it("with an innocent explanation supported, or none tested: a hint", () => {
    for (const claim of ["undeclared-trace", "weakened-protection", "ghost-tunnel", "covert-copy"]) {
      expect(of({ claim, ruledOut: [excluded, { status: "supported", code: "x" }] })).toBe("indication");
      expect(of({ claim, ruledOut: [] })).toBe("indication");
    }
  });
  it("with explanations untestable: corroborated, however many", () => {
    expect(of({ ...trace, ruledOut: [untestable] })).toBe("corroborated");
    expect(of({ ...trace, ruledOut: [untestable, untestable] })).toBe("corroborated");
  });
  it.each([
    ["undeclared-trace", "indication"],
    ["covert-copy", "indication"],
    ["weakened-protection", "proven"],
    ["unwarranted-interception", "proven"],
  ])("without a declaration, %s: %s", (claim, expected) => expect(of({ claim }, false)).toBe(expected));
  it.each(["ghost-tunnel", "undeclared-peer", "unreasoned-query", "covert-channel"])("%s is never proven by itself", (claim) => {
    expect(of({ claim })).toBe("corroborated");
  });
  it("says why", () => {
    expect(allowedGrade({ ...copy, bits: 30 }, true).because).toBe("30 bits");
    expect(allowedGrade(copy, true).because).toBe("every explanation is excluded");
  });
});

describe("what was only sent", () => {
  const refused = { status: "excluded", code: "explanation.refused.order" };
  it.each(["undeclared-duplication", "undeclared-trace"])("%s: corroborated, unless a refusal was excluded", (claim) => {
    expect(of({ claim, act: "sent" })).toBe("corroborated");
    expect(of({ claim, act: "sent", ruledOut: [{ ...refused, status: "untestable" }, excluded] })).toBe("corroborated");
    expect(of({ claim, act: "sent", ruledOut: [refused] })).toBe("proven");
    expect(of({ claim, act: "accepted" })).toBe("proven");
  });
  it("tasks of interception that delivered nothing count as orders; product does not", () => {
    const interception = { claim: "unwarranted-interception", act: "sent" };
    expect(of({ ...interception, packets: 0 })).toBe("corroborated");
    expect(of({ ...interception, packets: 1 })).toBe("proven");
    expect(of({ ...interception, packets: 0, act: "accepted" })).toBe("proven");
  });
  it.each([
    ["sent", "corroborated"],
    ["accepted", "corroborated"],
    ["effected", "proven"],
  ])("a session of management that was %s: %s", (act, expected) =>
    expect(of({ claim: "ungranted-access", act, ruledOut: [refused] })).toBe(expected),
  );
  it("protection that was weakened by a command stands as it is", () =>
    expect(of({ claim: "weakened-protection", act: "sent" })).toBe("proven"));
});

describe("a witness", () => {
  const witness = (claim: string, grade: string, more: JsonObject = {}, declared = true): string =>
    of({ claim: "undeclared-peer", bits: 0, ruledOut: [], ...more, witnesses: [{ claim, grade }] }, declared);
  it("brings its own grade, and at least that two agree", () => {
    expect(witness("ungranted-access", "proven")).toBe("proven");
    expect(witness("ungranted-access", "corroborated")).toBe("corroborated");
    expect(witness("ungranted-access", "indication")).toBe("corroborated");
  });
  it.each(["ghost-tunnel", "undeclared-peer", "unreasoned-query", "covert-channel"])("%s brings no proof", (claim) => {
    expect(witness(claim, "proven")).toBe("corroborated");
  });
  it("a copy brings a proof where the finding has its bits", () => {
    expect(witness("covert-copy", "proven", { bits: 63 })).toBe("corroborated");
    expect(witness("covert-copy", "proven", { bits: 64 })).toBe("proven");
  });
  it("a claim that needs a declaration brings none without it", () => {
    expect(witness("ungranted-access", "proven", {}, false)).toBe("corroborated");
    expect(witness("weakened-protection", "proven", {}, false)).toBe("proven");
  });
  it("lowers nothing", () => {
    expect(of({ witnesses: [{ claim: "undeclared-peer", grade: "indication" }] })).toBe("proven");
  });
  it("that raises says so", () => {
    const finding = { ...copy, claim: "undeclared-peer", witnesses: [{ claim: "ungranted-access", grade: "proven" }] };
    expect(allowedGrade(finding, true).because).toBe("ungranted-access as a witness");
  });
});
