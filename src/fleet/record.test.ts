import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Signer } from "#evidence/keys/signer.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { Received } from "./received.ts";
import { readRecord, RECORD_VERSION, writeRecord, type RecordHeader } from "./record.ts";

const signer = Signer.generate();
const NOW = 1_700_000_000_000;
const header = (change: Partial<RecordHeader> = {}): RecordHeader => ({
  v: RECORD_VERSION,
  network: "n",
  sensor: "s",
  key: signer.vkey,
  tool: "0",
  declaration: "0".repeat(64),
  epoch: `${NOW}-${"0".repeat(16)}`,
  sequence: 0,
  clock: NOW,
  watermark: 1,
  dropped: { facts: 0, octets: 0, fromMicros: null, toMicros: null },
  spooled: 0,
  facts: 1,
  stamps: [[1, 0]],
  ...change,
});
const FACTS = ['{"v":1,"fact":{"kind":"gap"}}'];

describe("a record", () => {
  it("is read as it was written", () => {
    expect(readRecord(writeRecord(header(), FACTS, signer), NOW)).toEqual({ header: header(), facts: FACTS });
  });

  it("does not survive a changed octet", () => {
    const good = writeRecord(header(), FACTS, signer);
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const bad = Buffer.from(good);
        bad[at] = (bad[at] as number) ^ flip;
        const read = readRecord(bad, NOW);
        // What stands in the signature's own line may be written in several ways; what it covers may not.
        if (!("refused" in read)) expect(read).toEqual({ header: header(), facts: FACTS });
      }),
    );
  });

  it("never throws, whatever it is", () => {
    fc.assert(fc.property(fc.uint8Array(), (octets) => "refused" in readRecord(octets, NOW)));
  });

  it.each([
    ["version", { ...header(), v: 2 }],
    ["malformed", { ...header(), facts: 2 }],
    ["malformed", { ...header(), stamps: [] }],
    ["malformed", { ...header(), epoch: "x" }],
    ["clock", header({ clock: NOW - FLEET_LIMITS.clockSeconds * 1000 - 1 })],
    ["clock", header({ clock: NOW + FLEET_LIMITS.clockSeconds * 1000 + 1 })],
  ])("is refused: %s", (reason, bad) => {
    expect(readRecord(writeRecord(bad as unknown as RecordHeader, FACTS, signer), NOW)).toEqual({ refused: reason, sensor: "s" });
  });
});

describe("a network's records", () => {
  const received = (keys: ReadonlyMap<string, string> | null = null): Received => new Received({ network: "n", keys });

  it("count once, and a hole in their numbers is a hole", () => {
    const all = received();
    for (const sequence of [0, 1, 1, 0, 4]) all.take(writeRecord(header({ sequence }), FACTS, signer), NOW);
    expect([...all.streams.values()]).toMatchObject([{ next: 5, missing: 2, facts: 3 }]);
    expect(all.again).toBe(2);
    all.close();
  });

  it("take one key for a name", () => {
    const other = Signer.generate();
    const first = received();
    const listed = received(new Map([["s", other.vkey]]));
    for (const all of [first, listed]) {
      all.take(writeRecord(header(), FACTS, signer), NOW);
      all.take(writeRecord(header({ key: other.vkey, epoch: `${NOW}-${"1".repeat(16)}` }), FACTS, other), NOW);
    }
    expect([...first.streams.values()].map(({ key }) => key)).toEqual([signer.vkey]);
    expect([...listed.streams.values()].map(({ key }) => key)).toEqual([other.vkey]);
    for (const all of [first, listed]) {
      expect([...all.refused.values()]).toEqual([{ sensor: "s", reason: "name", count: 1 }]);
      all.close();
    }
  });

  it("are not another network's", () => {
    const all = received();
    all.take(writeRecord(header({ network: "m" }), FACTS, signer), NOW);
    expect([...all.refused.values()]).toEqual([{ sensor: "s", reason: "network", count: 1 }]);
    all.close();
  });
});
