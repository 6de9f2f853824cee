import { expect, it } from "vitest";
import { IdentityRecords } from "./identity-records.ts";

function counted(...payloads: string[]): number {
  const records = new IdentityRecords();
  for (const payload of payloads) records.look(Buffer.from(payload), 0, payload.length);
  return records.identities;
}
const imsi = (n: number): string => `2080100000${String(10_000 + n)}`;
const rows = (of: (n: number) => string): string => Array.from({ length: 30 }, (_, n) => of(n)).join("\n");

it.each([
  ["rows of a file, columns named once", `imsi,ecgi,time\n${rows((n) => `${imsi(n)},${n * 7},2026`)}`, 30],
  ["rows whose cells have the usual form", rows((n) => `${imsi(n)};20801-0019b${String(n).padStart(2, "0")};1`), 30],
  ["JSON lines", rows((n) => `{"imsi":"${imsi(n)}","cell":${n}}`), 30],
  ["the same identity again", rows(() => `${imsi(1)} cell 5`), 1],
  ["identities without a place", rows((n) => `user ${imsi(n)} logged in`), 0],
  ["longer and shorter numbers", rows((n) => `cell ${imsi(n)}9 ${imsi(n).slice(1)}`), 0],
  ["digits inside a word", rows((n) => `cell x${imsi(n)}`), 0],
])("%s", (_, text, count) => expect(counted(text)).toBe(count));

it("a heading counts for the payloads that follow", () => expect(counted("imsi;cell\n208010000000001;1\n", "208010000000002;9\n")).toBe(2));
