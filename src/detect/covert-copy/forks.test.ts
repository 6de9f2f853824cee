import { describe, expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { DetectorContext } from "#detect/detector.ts";
import type { CopyFlow, CopyLeg, CopyObservation } from "#model/copy.ts";
import type { TunnelObservation } from "#model/observation.ts";
import { Answers, FORWARDING_MICROS, withoutPath } from "./forks.ts";

const [GATEWAY, HOME, OTHER, UE, SERVER] = ["10.0.0.2", "10.0.0.11", "10.0.0.12", "172.16.0.7", "198.51.100.1"];
const declaration = new Lookup(
  parseDeclaration(
    `
network: { name: Exampletel }
functions:
  - { name: spgw-1, roles: [SGW, PGW], addresses: [${GATEWAY}] }
  - { name: enb-1, roles: [eNB], addresses: [${HOME}] }
  - { name: enb-2, roles: [eNB], addresses: [${OTHER}, 10.0.0.13] }
subscribers: { addresses: [172.16.0.0/24] }
`,
    "n.yaml",
  ).declaration,
);

const leg = (src: string, dst: string): CopyLeg =>
  ({ kind: "tunnel", carriers: [{ src, dst, protocol: 17, srcPort: 2152, dstPort: 2152, tunnel: "gtp-u" }] }) as unknown as CopyLeg;
const flow = (more: Partial<CopyFlow> = {}): CopyFlow =>
  ({ uplink: false, remoteAddress: SERVER, packets: 40, ...more }) as unknown as CopyFlow;

function copy(flows: CopyFlow[], originals: [string, string, number][], lasts = FORWARDING_MICROS): CopyObservation {
  const subscriber = { address: UE, packets: 40, bytes: 4000, firstMicros: 0, lastMicros: lasts, flows };
  return {
    carrier: leg(GATEWAY, OTHER),
    originals: originals.map(([src, dst, packets]) => ({ leg: leg(src, dst), packets })),
    subscribers: [subscriber],
  } as unknown as CopyObservation;
}

class Bench {
  undecided = 0;
  readonly context: DetectorContext;
  readonly answers: Answers;

  /** `from`: whence the device's packets come; `signalled`: some message named a tunnel there. */
  constructor(from: readonly string[], signalled = false) {
    this.context = {
      declaration,
      isUser: (address: string) => declaration.isSubscriber(address),
      subscriberAt: (address: string) => `ip:${address}`,
      servedBetween: () => signalled,
      rolesAt: (address: string) => declaration.functionAt(address)?.roles ?? [],
      undecided: ({ count }: { count: number }) => void (this.undecided += count),
    } as unknown as DetectorContext;
    this.answers = new Answers(this.context);
    for (const source of from) this.answers.note({ source, innerAddresses: [UE, SERVER], firstMicros: 0 } as unknown as TunnelObservation);
  }
  of(o: CopyObservation): boolean {
    return withoutPath(o, this.context, [this.answers]) !== undefined;
  }
}

const original: [string, string, number] = [GATEWAY, HOME, 40];

describe("a gateway sends a subscriber's packets to two base stations", () => {
  it("one of which the device is not at", () => expect(new Bench([HOME]).of(copy([flow()], [original]))).toBe(true));
  it("both of which it answers from: it moved, and the other address of a function is that function", () => {
    expect(new Bench([HOME, OTHER]).of(copy([flow()], [original]))).toBe(false);
    expect(new Bench([HOME, "10.0.0.13"]).of(copy([flow()], [original]))).toBe(false);
  });
  it("to which signalling led", () => expect(new Bench([HOME], true).of(copy([flow()], [original]))).toBe(false));
  it("for no longer than a handover forwards: undecided", () => {
    const bench = new Bench([HOME]);
    expect(bench.of(copy([flow()], [original], FORWARDING_MICROS - 1))).toBe(false);
    expect(bench.undecided).toBe(1);
  });
  it("of which neither is seen to answer: undecided", () => {
    const bench = new Bench([]);
    expect(bench.of(copy([flow()], [original]))).toBe(false);
    expect(bench.undecided).toBe(1);
  });
  it("one of which brings back what it could not deliver", () => {
    expect(new Bench([HOME]).of(copy([flow()], [original, [HOME, GATEWAY, 30]]))).toBe(false);
    // What it brings of the other direction is the device's own.
    expect(new Bench([HOME]).of(copy([flow(), flow({ uplink: true, packets: 5 })], [original, [HOME, GATEWAY, 5]]))).toBe(true);
  });
  it("as another subscriber is the other end", () => {
    expect(new Bench([HOME]).of(copy([flow({ remoteAddress: "172.16.0.9" })], [original]))).toBe(false);
  });
});
