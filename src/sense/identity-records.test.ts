import { expect, it } from "vitest";
import { pgwCdr } from "#lab/wire/cdr.ts";
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

const cdr = (n: number, placed: boolean): Uint8Array =>
  pgwCdr({
    imsi: imsi(n),
    msisdn: "33612345678",
    apn: "internet",
    chargingId: n,
    gateway: "10.0.0.1",
    ...(placed ? { place: Uint8Array.of(0x18, 2, 0xf8, 0x10, 0, 1, 2, 0xf8, 0x10, 0, 1, 2, 3) } : {}),
  });
const binary = (records: Uint8Array[]): number => {
  const all = new IdentityRecords();
  const bytes = Buffer.concat(records);
  all.look(bytes, 0, bytes.length);
  return all.identities;
};

it("charging records in BER count with their place, and not with another record's", () => {
  expect(binary(Array.from({ length: 30 }, (_, n) => cdr(n, true)))).toBe(30);
  expect(binary(Array.from({ length: 30 }, (_, n) => cdr(n, false)))).toBe(0);
  expect(binary([cdr(1, false), cdr(2, true), cdr(2, true)])).toBe(1);
});

it("random octets hold none, and no cut record is read past its end", () => {
  const record = cdr(1, true);
  for (let end = 0; end <= record.length; end++) binary([record.subarray(0, end)]);
  let x = 1;
  const noise = Uint8Array.from({ length: 200_000 }, () => ((x = (Math.imul(x, 1_103_515_245) + 12_345) | 0) >>> 16) & 255);
  expect(binary([noise])).toBe(0);
});
