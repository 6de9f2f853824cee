import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import { isOrdered, LEAST_IDENTITIES, Walks } from "./walk.ts";

const ASKER = "mme01.example";
const S6A = 16_777_251;
const ULR = 316;
const row = (n: number, stride = 1): string[] => Array.from({ length: n }, (_, i) => String(208_010_000_000_000 + i * stride));
/** The same in an order that looks drawn. */
const mixed = (n: number): string[] =>
  row(n).map((_, i) => String(208_010_000_000_000 + createHash("sha256").update(String(i)).digest().readUInt32BE(0)));

function walk(
  identities: readonly string[],
  o: { unknown?: number; registers?: (i: number) => boolean; sequelSeen?: boolean } = {},
): Walks {
  const walks = new Walks();
  const ulr = (imsi: string, at: number): void =>
    walks.follow({ application: S6A, type: ULR, request: true } as unknown as DiameterMessage, [imsi], at, ASKER);
  if (o.sequelSeen !== false) ulr("999", 0);
  for (const [i, imsi] of identities.entries()) {
    walks.ask(ASKER, "s6a-air", imsi, i * 1e6);
    const known = i >= identities.length * (o.unknown ?? 0);
    walks.answer(ASKER, "s6a-air", {
      success: known,
      result: known ? 2001 : 5001,
      names: [],
      micros: i * 1e6,
    });
    if (o.registers?.(i) === true) ulr(imsi, i * 1e6 + 5e5);
  }
  return walks;
}
const judged = (...of: Parameters<typeof walk>): boolean => walk(...of).judge(ASKER, "s6a-air") !== undefined;

describe("a walk through identities", () => {
  it.each([1, 7, -10])("goes at one stride (%s), and nothing follows", (stride) => expect(judged(row(30, stride))).toBe(true));

  it("tries numbers that do not exist, in any order, and nothing follows", () => expect(judged(mixed(40), { unknown: 0.4 })).toBe(true));

  it("shows by order and unknown numbers alone where the sequel is out of sight", () => {
    expect(judged(row(30), { unknown: 0.3, sequelSeen: false })).toBe(true);
    expect(judged(row(30), { sequelSeen: false })).toBe(false);
  });
});

describe("no walk", () => {
  it("of few", () => expect(judged(row(LEAST_IDENTITIES - 1))).toBe(false));
  it("where they register: a batch of new cards", () => expect(judged(row(40), { registers: (i) => i % 3 === 0 })).toBe(false));
  it("where what follows names the IMSI that the answer gave", () => {
    const walks = new Walks();
    for (let i = 0; i < 40; i++) {
      walks.ask(ASKER, "s6c-srr", String(33_699_000_000 + i), i * 1e6);
      walks.answer(ASKER, "s6c-srr", { success: true, result: 2001, names: [`2080100000000${10 + i}`], micros: i * 1e6 });
      walks.follow(
        { application: 16_777_313, type: 8_388_646 } as unknown as DiameterMessage,
        [`2080100000000${10 + i}`],
        i * 1e6 + 1,
        "another",
      );
    }
    expect(walks.judge(ASKER, "s6c-srr")).toBeUndefined();
  });
  it("where as many sequels come from the asker, whomever they name", () => {
    const walks = walk(row(40), { unknown: 0.4 });
    for (let i = 0; i < 12; i++) walks.follow({ application: S6A, type: ULR } as unknown as DiameterMessage, ["alias"], 1, ASKER);
    expect(walks.judge(ASKER, "s6a-air")).toBeUndefined();
  });
  it("in any order of numbers that exist: roamers who authenticate again", () => expect(judged(mixed(200))).toBe(false));
  it("of one subscriber asked about very often", () => expect(judged(Array.from({ length: 90 }, () => "208010000000001"))).toBe(false));
});

it("order is told from chance, and from names", () => {
  expect(isOrdered(row(25))).toBe(true);
  expect(isOrdered(row(25).toReversed())).toBe(true);
  expect(isOrdered(mixed(300))).toBe(false);
  expect(isOrdered(row(25).map((text) => `user-${text}`))).toBe(false);
});
