import { expect, it } from "vitest";
import { ANYBODY, LEAST_ASKED, OnBehalf } from "./on-behalf.ts";

const WHO = "imsi:208010000000001";

function asked(times: number, reasons: readonly number[] = []): boolean {
  const behalf = new OnBehalf();
  for (let i = 0; i < times; i++) behalf.ask(WHO, i * 60e6);
  for (const micros of reasons) behalf.reason(WHO, micros);
  return behalf.bare(WHO);
}

it("one place again and again for nothing that was seen", () => {
  expect(asked(LEAST_ASKED)).toBe(true);
  expect(asked(LEAST_ASKED - 1)).toBe(false);
});

it("a call, a message or an application near most of them is reason enough", () => {
  const near = Array.from({ length: 9 }, (_, i) => i * 60e6 - 1e6);
  expect(asked(9, near)).toBe(false);
  expect(asked(9, near.slice(0, 3))).toBe(false);
  expect(asked(9, near.slice(0, 1))).toBe(true);
  expect(asked(9, [9 * 60e6 + 60e6])).toBe(true);
});

it("a reason that names nobody known may be about anybody", () => {
  const behalf = new OnBehalf();
  for (let i = 0; i < 9; i++) {
    behalf.ask(WHO, i * 60e6);
    behalf.reason(ANYBODY, i * 60e6 - 1e6);
  }
  expect(behalf.bare(WHO)).toBe(false);
});
