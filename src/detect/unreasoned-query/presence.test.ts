import { describe, expect, it } from "vitest";
import type { MessageObservation } from "#model/observation.ts";
import { Presence } from "./presence.ts";

const IMSI = "208010000000001";
const REGISTRATION = 72;

/** A message of a device, or a Diameter request; only what is looked at. */
function seen(protocol: string, type: number, second: number, more: object = {}): MessageObservation {
  return {
    kind: "message",
    observed: {
      message: { protocol, type, kind: "initiating", enbUeId: 7, request: true, inner: [], ...more },
      origin: { src: "10.0.0.1", time: { sec: second, nsec: 0 } },
    },
    subscriber: undefined,
    answers: undefined,
  } as unknown as MessageObservation;
}
const nas = (type: number): object => ({ inner: [{ protocol: "nas-eps", type, inner: [] }] });
const initial = (second: number, type: number): MessageObservation => seen("s1ap", 12, second, nas(type));
const contextSetup = (second: number): MessageObservation => seen("s1ap", 9, second, { kind: "successful" });
const SERVICE_REQUEST = 77;

/** The device is heard at second 10; another network asks at second 60. */
function asked(): { presence: Presence; stayed: () => boolean } {
  const presence = new Presence();
  presence.observe(initial(10, SERVICE_REQUEST), IMSI, false);
  return { presence, stayed: presence.ask(IMSI, 60e6) ?? ((): never => expect.unreachable()) };
}

describe("a subscriber of whom another network says that it is there", () => {
  it("stayed where its device goes on", () => {
    const { presence, stayed } = asked();
    expect(stayed()).toBe(false);
    presence.observe(initial(90, SERVICE_REQUEST), IMSI, false);
    expect(stayed()).toBe(true);
  });

  it("stayed where only the bearers show whose device it is", () => {
    const { presence, stayed } = asked();
    presence.observe(initial(90, SERVICE_REQUEST), undefined, false);
    presence.observe(contextSetup(91), IMSI, false);
    expect(stayed()).toBe(true);
  });

  it.each([
    ["registers anew", initial(90, REGISTRATION)],
    ["is registered anew by the own network", seen("diameter", 316, 90)],
  ] as const)("moved where it %s before it goes on", (_, registration) => {
    const { presence, stayed } = asked();
    presence.observe(registration, IMSI, registration.observed.message.protocol === "diameter");
    presence.observe(initial(120, SERVICE_REQUEST), IMSI, false);
    expect(stayed()).toBe(false);
  });

  it("moved where the context that its bearers belong to began with a registration", () => {
    const { presence, stayed } = asked();
    presence.observe(initial(90, REGISTRATION), undefined, false);
    presence.observe(contextSetup(91), IMSI, false);
    expect(stayed()).toBe(false);
  });

  it("is not judged by messages within the margin of the clocks, nor much later", () => {
    const near = asked();
    near.presence.observe(initial(62, SERVICE_REQUEST), IMSI, false);
    expect(near.stayed()).toBe(false);
    const late = asked();
    late.presence.observe(initial(4_000, SERVICE_REQUEST), IMSI, false);
    expect(late.stayed()).toBe(false);
  });

  it("is not judged where it was never heard here, or long ago", () => {
    const presence = new Presence();
    expect(presence.ask(IMSI, 60e6)).toBeUndefined();
    presence.observe(initial(10, SERVICE_REQUEST), IMSI, false);
    expect(presence.ask(IMSI, 5_000e6)).toBeUndefined();
  });
});
