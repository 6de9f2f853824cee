import { expect, test } from "vitest";
import type { CopyFlow, CopyObservation, CopySubscriber } from "#model/copy.ts";
import { byHolder } from "./holders.ts";

const flow = (matches: number, cipher: number): CopyFlow =>
  ({ matches, credits: { sequence: 0, cipher, random: 0, dns: 0, ssrc: 0, plain: null } }) as CopyFlow;
const one = (address: string, packets: number, frames: number[], flows: CopyFlow[]): CopySubscriber => ({
  address,
  packets,
  bytes: packets * 100,
  firstMicros: packets,
  lastMicros: packets + 10,
  frames: { capture: 0, frames, total: frames.length },
  flowsOffered: 2,
  printsOffered: 20,
  flows,
  flowsMatched: flows.length,
});

test("two addresses that one subscriber holds are one, others stay apart", () => {
  const o = {
    subscribers: [one("2001:db8::2", 5, [4, 6], [flow(5, 8)]), one("10.0.0.1", 4, [9], []), one("2001:db8::1", 3, [5], [flow(3, 256)])],
  } as unknown as CopyObservation;
  const { subscribers } = byHolder(o, (address) => (address.includes(":") ? "imsi:1" : address));
  expect(subscribers.map(({ address }) => address)).toEqual(["2001:db8::2", "10.0.0.1"]);
  expect(subscribers[0]).toMatchObject({ packets: 8, bytes: 800, firstMicros: 3, lastMicros: 15, flowsOffered: 4, printsOffered: 40 });
  expect(subscribers[0]?.frames).toEqual({ capture: 0, frames: [4, 5, 6], total: 3 });
  expect(subscribers[0]?.flows.map(({ credits }) => credits.cipher)).toEqual([256, 8]);
});
