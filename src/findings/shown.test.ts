import { describe, expect, it } from "vitest";
import { delayToTell, onSubscribersWay, placeOfAct, placeOnScale, scaleFor, stepsToShow } from "./shown.ts";

const step = (bits: number, code = "step.first-flow") => ({ label: "", bits, because: "", code });

describe("the scale of the arithmetic", () => {
  it("is linear while the threshold is to be seen on it, then that of square roots", () => {
    expect(scaleFor(70, [])).toMatchObject({ kind: "linear", low: 0, high: 89.6, ticks: [0, 20, 40, 60, 80] });
    const large = scaleFor(1328, stepsToShow([step(1341), step(-13)]));
    expect(large).toMatchObject({ kind: "root", high: 1341, ticks: [0, 100, 400, 900] });
    expect(placeOnScale(large, 0)).toBe(0);
    expect(placeOnScale(large, 1341)).toBe(1);
    expect(placeOnScale(large, 64)).toBeGreaterThan(0.2);
  });

  it("begins below nought where deductions come first", () => {
    const steps = stepsToShow([step(-12), step(40), step(28, "step.source-bound"), step(28, "step.score")]);
    expect(steps.map((s) => [s.kind, s.total])).toEqual([
      ["deduction", -12],
      ["credit", 28],
      ["bound", 28],
      ["score", 28],
    ]);
    expect(scaleFor(28, steps).low).toBe(-12);
  });
});

it("tells no delay where nothing orders the copy and its original", () => {
  const transport = { layers: [], encrypted: false, delaySeconds: -0.000001 };
  expect(delayToTell({ transport, details: { order: "unknown" } })).toBeNull();
  expect(delayToTell({ transport: { ...transport, delaySeconds: 0.0004 }, details: { order: "after" } })).toBe(0.0004);
});

it("says of a copy where the copy passed, not where its originals did", () => {
  const details = { point: "OAM", segment: "SGi" };
  expect(placeOfAct({ claim: "covert-copy", witnesses: [], details })).toBe("OAM");
  expect(placeOfAct({ claim: "undeclared-peer", witnesses: [], details })).toBeNull();
});

it("draws no subscriber's way through a function of interception", () => {
  expect(onSubscribersWay("unwarranted-interception", ["MDF"])).toBe(false);
  expect(onSubscribersWay("unwarranted-interception", ["SGW", "PGW"])).toBe(true);
  expect(onSubscribersWay("ungranted-access", ["PGW"])).toBe(false);
});
