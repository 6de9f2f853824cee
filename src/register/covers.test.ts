/** Whom a warrant names, at which edges it begins and ends, and to whom it lets deliver. */
import { describe, expect, it } from "vitest";
import { foldTarget } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { WarrantRegister, type Coverage, type CoverageQuestion } from "./covers.ts";
import { parseWarrants } from "./load.ts";

const IMSI = "262011234567890";
const register = (...entries: object[]): WarrantRegister =>
  new WarrantRegister(
    parseWarrants(
      JSON.stringify(
        entries.map((entry, i) => ({
          id: `W-${i}`,
          target: `imsi:${IMSI}`,
          scope: "both",
          from: "2026-01-01T00:00:00Z",
          to: "2026-02-01T00:00:00Z",
          receiver: "192.0.2.10",
          authority: "court",
          ...entry,
        })),
      ),
      "w.json",
    ),
  );
const day = (text: string): Instant => ({ sec: Date.parse(`${text}T00:00:00Z`) / 1000, nsec: 0 });
const asked = (made: WarrantRegister, more: Partial<CoverageQuestion> = {}): Coverage =>
  made.covers({
    targets: [foldTarget("imsi", IMSI)],
    joined: [],
    liids: [],
    kind: "cc",
    time: day("2026-01-15"),
    timeIsOwn: true,
    receiver: "192.0.2.10",
    receiverMediates: false,
    ...more,
  });

describe("who is named", () => {
  const byAddress = register({ target: "ip:10.1.1.1" });
  it("by address: another of the same family is another person, one of the other family may be the same", () => {
    const of = (address: string): Coverage => asked(byAddress, { targets: [foldTarget("ip", address)] });
    expect([of("10.1.1.1"), of("10.1.1.2"), of("2001:db8::1")]).toEqual(["covered", "unknown", "undecidable"]);
  });

  it("a kind that nobody knows contradicts nothing", () => {
    const strange = { kind: "other", value: "x", element: "", sent: "x" } as const;
    expect(asked(register({}), { targets: [strange] })).toBe("undecidable");
    expect(asked(register({}), { joined: [strange] })).toBe("covered");
  });

  it("by handover identifier, where both state one; a warrant without one is not told by it", () => {
    const nobody = { targets: [], liids: ["L1"] };
    expect(asked(register({ liid: "L1" }), nobody)).toBe("covered");
    expect(asked(register({ liid: "L2" }), nobody)).toBe("unknown");
    expect(asked(register({}), nobody), "the mapping was not seen").toBe("undecidable");
    expect(asked(register({ liid: "L1" }), { targets: [] }), "the product states none").toBe("undecidable");
  });
});

describe("to whom", () => {
  it.each([
    ["192.0.2.10", "192.0.2.10", "covered"],
    ["192.0.2.10", "192.0.2.11", "wrong-receiver"],
    ["192.0.2.0/28", "192.0.2.15", "covered"],
    ["192.0.2.0/28", "192.0.2.16", "wrong-receiver"],
    ["2001:db8::/64", "2001:db8::9", "covered"],
    ["2001:db8::/64", "2001:db8:0:1::9", "wrong-receiver"],
  ] as const)("a warrant for %s, product to %s: %s", (receiver, to, expected) => {
    const made = register({ receiver });
    expect(asked(made, { receiver: to })).toBe(expected);
    expect(made.namesReceiver(to)).toBe(expected === "covered");
  });

  it("one entry of several is enough to be entitled to something", () => {
    expect(register({}, { receiver: "192.0.2.99" }).namesReceiver("192.0.2.99")).toBe(true);
    expect(register().namesReceiver("192.0.2.99")).toBe(false);
  });
});

describe("the reason given where nothing covers", () => {
  it.each<[string, Partial<CoverageQuestion>, Coverage]>([
    ["the wrong receiver comes before the wrong time", { receiver: "192.0.2.99" }, "wrong-receiver"],
    ["the time is told where it alone is wrong", { time: day("2026-03-01") }, "too-late"],
    ["and which side of it", { time: day("2025-03-01") }, "too-early"],
    ["wrong receiver at the wrong time is told as the time", { receiver: "192.0.2.99", time: day("2026-03-01") }, "too-late"],
  ])("%s", (_, more, expected) => expect(asked(register({}), more)).toBe(expected));

  it("is that of the nearest miss, whichever entry comes first", () => {
    const scope = { scope: "iri" };
    const late = { to: "2026-01-02T00:00:00Z" };
    const both = { ...scope, receiver: "192.0.2.99" };
    for (const [entries, expected] of [
      [[scope, late], "out-of-scope"],
      [[late, scope], "out-of-scope"],
      [[late, { receiver: "192.0.2.99" }], "wrong-receiver"],
      [[both, late], "too-late"],
      [[late, both], "too-late"],
    ] as const)
      expect(asked(register(...entries)), JSON.stringify(entries)).toBe(expected);
  });

  it("of equals the first is kept", () => {
    const [early, late] = [{ from: "2026-01-20T00:00:00Z" }, { to: "2026-01-02T00:00:00Z" }];
    expect([asked(register(early, late)), asked(register(late, early))]).toEqual(["too-early", "too-late"]);
  });
});

describe("warrants that showed no product", () => {
  const silent = (from: string, to: string): number => register({}).silent(day(from), day(to));
  it("are those in force at any time of the run, its edges included", () => {
    expect(silent("2025-12-01", "2026-01-01")).toBe(1);
    expect(silent("2026-02-01", "2026-03-01")).toBe(1);
    expect(silent("2026-01-10", "2026-01-11")).toBe(1);
    expect(silent("2025-12-01", "2025-12-31")).toBe(0);
    expect(silent("2026-02-02", "2026-03-01")).toBe(0);
  });

  it("one that covered something is silent no longer, the others are", () => {
    const made = register({}, { target: "imsi:262010000000001" });
    expect(made.silent(day("2026-01-10"), day("2026-01-20"))).toBe(2);
    asked(made);
    expect(made.silent(day("2026-01-10"), day("2026-01-20"))).toBe(1);
  });
});

it("a record says how many entries there are of each scope, and no more", () => {
  const made = register({}, { scope: "iri" }, { scope: "iri" }, { scope: "cc" }, {}, {});
  expect([made.size, made.scopes]).toEqual([6, { iri: 2, cc: 1, both: 3 }]);
});
