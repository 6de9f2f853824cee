import { describe, expect, it } from "vitest";
import { Pending } from "./pending.ts";

describe("octets that wait", () => {
  it("knows which chunks carried a message", () => {
    const p = new Pending<number>(8);
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
    p.append(bytes, 0, 5, 1);
    p.append(bytes, 5, 9, 2);
    p.append(bytes, 9, 30, 3);
    expect(p.size).toBe(30);
    expect([...p.bytes.subarray(p.start, p.end)]).toEqual([...bytes.subarray(0, 30)]);
    expect(p.originsOf(5)).toEqual([1]);
    expect(p.originsOf(6)).toEqual([1, 2]);
    expect(p.originsOf(30)).toEqual([1, 2, 3]);
    p.consume(7);
    expect(p.originsOf(1)).toEqual([2]);
    expect(p.originsOf(2)).toEqual([2]);
    expect(p.originsOf(3)).toEqual([2, 3]);
    p.append(bytes, 30, 64, 4);
    expect([...p.bytes.subarray(p.start, p.end)]).toEqual([...bytes.subarray(7, 64)]);
    expect(p.originsOf(57)).toEqual([2, 3, 4]);
    p.consume(57);
    expect(p.size).toBe(0);
    expect(p.originsOf(0)).toEqual([]);
  });
});
