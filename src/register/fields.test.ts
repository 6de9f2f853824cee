/** Times and targets of a warrant: at their edges, and one beyond. */
import { describe, expect, it } from "vitest";
import { parseWarrants, RegisterError } from "./load.ts";
import { readMoment, targetProblem, toWarrant, type WarrantFields } from "./fields.ts";

const seconds = (text: string): number => {
  const moment = readMoment(text);
  return typeof moment === "object" ? moment.sec : Number.NaN;
};

describe("a point in time", () => {
  it.each([
    ["2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-01-01t00:00:00z", "2026-01-01T00:00:00Z"],
    ["2026-01-01 00:00Z", "2026-01-01T00:00:00Z"],
    ["2026-12-31T23:59:59Z", "2026-12-31T23:59:59Z"],
    ["2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"],
    ["2026-01-01T05:30:00+05:30", "2026-01-01T00:00:00Z"],
    ["2025-12-31T20:15:30-03:45", "2026-01-01T00:00:30Z"],
    ["2026-01-01T00:00:00+23:59", "2025-12-31T00:01:00Z"],
  ])("%s is %s", (text, same) => expect(seconds(text)).toBe(Date.parse(same) / 1000));

  it.each([
    ["2026-01-01T00:00:00.5Z", 500_000_000],
    ["2026-01-01T00:00:00.000000001Z", 1],
    ["2026-01-01T00:00:00Z", 0],
  ])("%s keeps its nanoseconds", (text, nsec) => expect(readMoment(text)).toMatchObject({ nsec }));

  it.each(["2026-01-01", "2026-01-01T00:00:00", "2026-01-01 12:00"])("%s has no zone", (text) => expect(readMoment(text)).toBe("no-zone"));

  it.each([
    "2026-00-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+00:60",
    "2026-01-01T00:00:00.0000000001Z",
    "x2026-01-01",
    "2026-01-01x",
    "",
  ])("%s is none", (text) => expect(readMoment(text)).toBeUndefined());
});

describe("a target", () => {
  it.each([
    "imsi:262011",
    `imsi:${"1".repeat(15)}`,
    "IMSI:262011234567890",
    "msisdn:+494012345",
    "imei:35349006987331",
    "imei:3534900698733190",
    "ip:10.0.0.1",
    "ip:2001:db8::/64",
    "supi:imsi-262011234567890",
    "supi:nai-a@b",
    "gpsi:msisdn-494012345",
    "sip:alice@example.org",
    "nai:alice@example.org",
  ])("%s is one", (text) => expect(targetProblem(text)).toBeUndefined());

  it.each([
    ["imsi:26201", "is not a valid IMSI"],
    [`imsi:${"1".repeat(16)}`, "is not a valid IMSI"],
    ["imsi:26201١٢٣٤", "is not a valid IMSI"],
    ["imei:3534900698733", "is not a valid IMEI"],
    ["ip:10.0.0.256", "is not a valid IP"],
    ["ip:10.0.0.0/33", "is not a valid IP"],
    ["nai:alice", "is not a valid NAI"],
    ["person:1", "expected imsi:…"],
    [":262011234567890", "expected imsi:…"],
    ["262011234567890", "expected imsi:…"],
    ["constructor:1", "expected imsi:…"],
  ])("%s: %s", (text, expected) => expect(targetProblem(text)).toContain(expected));
});

describe("fields that were checked", () => {
  const fields: WarrantFields = {
    id: "W-1",
    target: "IMSI:262011234567890",
    scope: "both",
    from: "2026-01-01T00:00:00Z",
    to: "2026-02-01T00:00:00Z",
    receiver: "192.0.2.0/28",
    authority: "court",
  };
  it("become a warrant, its target without the kind before it", () => {
    expect(toWarrant(fields)).toMatchObject({
      target: { kind: "imsi", value: "262011234567890" },
      receiver: "192.0.2.0/28",
      liid: undefined,
    });
    expect(toWarrant({ ...fields, target: "NAI:Alice@example.org" })).toMatchObject({
      target: { kind: "nai", value: "alice@example.org" },
    });
    expect(toWarrant({ ...fields, target: "ip:2001:DB8::1" })).toMatchObject({ target: { kind: "ip", value: "2001:db8::1" } });
    expect(toWarrant({ ...fields, target: "sip:alice@example.org:5060" })).toMatchObject({
      target: { kind: "sip", value: "alice@example.org" },
    });
  });
  it("may begin and end in one instant, and not the other way round", () => {
    expect(toWarrant({ ...fields, to: fields.from })).not.toHaveProperty("problem");
    expect(toWarrant({ ...fields, to: "2025-12-31T23:59:59.999999999Z" })).toHaveProperty("problem");
  });
  it.each([
    ["empty", { id: "" }, "is empty, expected a name for the warrant"],
    ["201 characters long", { id: "x".repeat(201) }, "is longer than 200 characters"],
    ["a control character", { authority: "a\u0001" }, "holds control characters"],
    ["an identifier of 51 characters", { liid: "x".repeat(51) }, "is longer than 50 characters"],
  ])("are refused: %s", (_, more, expected) => {
    expect(() => parseWarrants(JSON.stringify([{ ...fields, ...more }]), "w.json")).toThrow(expected);
  });
  it.each([{ id: "x".repeat(200) }, { liid: "x".repeat(50) }])("stand at their longest", (more) => {
    expect(() => parseWarrants(JSON.stringify([{ ...fields, ...more }]), "w.json")).not.toThrow(RegisterError);
  });
});
