import { describe, expect, it } from "vitest";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { udp } from "#lab/wire/ip.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import { LinkType } from "#model/frame.ts";
import { InnerElements } from "./inner-elements.ts";

const declaration = (range: string): Lookup =>
  new Lookup(
    parseDeclaration(
      `network: { name: N, country: FR, plmns: ["20801"] }\nfunctions:\n  - { name: mme-1, roles: [MME], addresses: [${range}] }\nsubscribers: { addresses: [100.64.0.0/24, "2001:db8:7::/48"] }\n`,
      "network.yaml",
    ).declaration,
  );

function found(range: string, src: string, dst: string): string | undefined {
  const look = declaration(range);
  const inner = new InnerElements(look, (bytes, at, length) => look.isSubscriberBytes(bytes, at, length));
  const frame = udp("10.1.0.1", "10.2.0.1", 2152, 2152, gtpu(7, udp(src, dst, 1000, 161, new Uint8Array(30))));
  const view = new PacketView();
  decodeFrame(view, frame, 0, frame.length, frame.length, LinkType.RAW);
  return inner.find(view, 1) ? `${inner.view.srcPort[0]} ${inner.view.dstPort[0]} ${inner.view.ipCount}` : undefined;
}

describe("packets in bearers between subscribers and elements", () => {
  it("are found either way, in single addresses, ranges, and IPv6", () => {
    for (const range of ["10.9.0.1", "10.9.0.0/30", "10.0.0.0/8"]) {
      expect(found(range, "100.64.0.5", "10.9.0.1")).toBe("1000 161 1");
      expect(found(range, "10.9.0.1", "100.64.0.5")).toBe("1000 161 1");
    }
    expect(found('"2001:db8:9::1"', "2001:db8:7::5", "2001:db8:9::1")).toBe("1000 161 1");
  });
  it("all else is the subscriber's: other hosts, other subscribers, a source that is nobody's device", () => {
    for (const [src, dst] of [
      ["100.64.0.5", "198.51.100.1"],
      ["100.64.0.5", "100.64.0.6"],
      ["198.51.100.1", "10.9.0.1"],
      ["10.9.0.1", "198.51.100.1"],
    ] as const)
      expect(found("10.9.0.1", src, dst)).toBeUndefined();
  });
});
