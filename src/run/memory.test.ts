import { afterEach, describe, expect, it } from "vitest";
import { giveRoom, scaled } from "#model/room.ts";
import { MEMORY_LIMITS, readMemory, splitMemory, takeRoom } from "./memory.ts";

const MIB = 1024 * 1024;
afterEach(() => giveRoom(1));

describe("memory of the process", () => {
  it("is written as sizes are", () => {
    expect(["512M", "512", "2G", "1.5 GiB", "1024MB"].map(readMemory)).toEqual([512 * MIB, 512 * MIB, 2048 * MIB, 1536 * MIB, 1024 * MIB]);
    expect(["", "-1G", "12Q", "255M", "0.1G", "1e9", "9999999999G"].map(readMemory)).toEqual(Array(7).fill(undefined));
  });

  it("is split so that no part goes beyond it, and more gives more of each", () => {
    let before = { copyOctets: -1, tables: -1 };
    for (let mib = 256; mib <= 8_192; mib += 128) {
      const split = splitMemory(mib * MIB);
      const all = MEMORY_LIMITS.ownOctets + split.copyOctets + split.tables * MEMORY_LIMITS.tablesOctets;
      expect(all).toBeLessThanOrEqual(mib * MIB);
      expect(split.copyOctets).toBeGreaterThan(before.copyOctets);
      expect(split.tables).toBeGreaterThanOrEqual(before.tables);
      before = split;
    }
    expect(before.tables).toBe(1);
  });

  it("lowers limits, none to nothing, and raises none", () => {
    expect(takeRoom({ TAPPROOF_MEMORY: "512M" })).toBe(splitMemory(512 * MIB).copyOctets);
    expect(scaled(1_000_000)).toBeLessThan(100_000);
    expect(scaled(1_000_000)).toBeGreaterThan(10_000);
    expect([scaled(2_000), scaled(100)]).toEqual([1_024, 100]);
  });

  it("is all there is where none is given; what is no size is refused", () => {
    takeRoom({ TAPPROOF_MEMORY: "512M" });
    expect(takeRoom({})).toBeUndefined();
    expect(scaled(1_000_000)).toBe(1_000_000);
    expect(() => takeRoom({ TAPPROOF_MEMORY: "much" })).toThrow("TAPPROOF_MEMORY much: expected a size");
  });
});
