import { describe, expect, it } from "vitest";
import type { MessageObservation } from "#model/observation.ts";
import { SignallingHoles } from "./holes.ts";

const MME = "10.0.0.1";
const SGW = "10.0.0.2";
const PFCP_RESPONSE = 53;

function said(
  sequence: number,
  seconds: number,
  o: { type?: number; protocol?: string; dst?: string; inTunnel?: boolean } = {},
): MessageObservation {
  return {
    kind: "message",
    observed: {
      message: { protocol: o.protocol ?? "gtpv2", type: o.type ?? 32, header: { sequence } },
      origin: { src: MME, dst: o.dst ?? SGW, time: { sec: seconds, nsec: 0 }, inTunnel: o.inTunnel ?? false },
    },
  } as unknown as MessageObservation;
}

function since(told: readonly MessageObservation[], of = SGW): number | undefined {
  const holes = new SignallingHoles((address) => (address === "10.9.0.2" ? SGW : address));
  for (const one of told) holes.observe(one);
  return holes.since(of);
}

describe("numbers that leap", () => {
  it("tell of a hole, from the last request that was heard", () => {
    expect(since([said(7, 1), said(8, 2), said(12, 9)])).toBe(2e6);
    expect(since([said(7, 1), said(8, 2), said(12, 9, { type: 1 })], MME)).toBe(2e6);
    expect(since([said(7, 1), said(8, 2), said(12, 9)], "10.9.0.2")).toBe(2e6);
  });
  it("say nothing where none leap, a number is repeated, overtaken or runs over", () => {
    expect(since([said(7, 1), said(8, 2), said(9, 3), said(9, 4), said(8, 5)])).toBeUndefined();
    expect(since([said(7, 1), said(8, 2), said(10, 3), said(9, 4), said(11, 5)])).toBeUndefined();
    expect(since([said(0xfffffe, 1), said(0xffffff, 2), said(0, 3), said(1, 4)])).toBeUndefined();
  });
  it("say nothing of nodes that do not count, of others, of answers, of subscribers' own traffic", () => {
    expect(since([said(7, 1), said(90, 2), said(300, 3), said(301, 4)])).toBeUndefined();
    expect(since([said(7, 1), said(8, 2), said(12, 3)], "10.0.0.3")).toBeUndefined();
    expect(since([said(7, 1), said(8, 2), said(12, 3, { type: 33 })])).toBeUndefined();
    expect(since([said(7, 1), said(8, 2), said(12, 3, { inTunnel: true })])).toBeUndefined();
    expect(since([said(7, 1), said(8, 2), said(12, 3, { protocol: "pfcp", type: PFCP_RESPONSE })])).toBeUndefined();
  });
  it("a counter that begins anew is no loss", () => {
    expect(since([said(7, 1), said(8, 2), said(900_000, 3), said(900_001, 4)])).toBeUndefined();
  });
});
