import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeFrame, decodeReassembled } from "./decode.ts";
import { FragmentReassembler } from "./fragments.ts";
import * as layout from "./layout.ts";
import { limits } from "./limits.ts";
import { IpFlag, Layer, LAYER_COUNT, LAYER_NAMES, PACKET_FAULT_CODES, PacketView } from "./view.ts";

const hex = (text: string): Uint8Array =>
  Uint8Array.from(text.replace(/\s/g, "").match(/../g) ?? [], (octet) => Number.parseInt(octet, 16));
const text = (b: Uint8Array): string => Buffer.from(b).toString("hex");
const h16 = (n: number): string => n.toString(16).padStart(4, "0");

/** Headers written by hand, so that the decoder is not tested against an encoder of its own. */
const ETH = "020000000002020000000001";
const ip4 = (protocol: number, payload: string, extra = "4000", src = "0a000001", dst = "0a000002", id = 1): string =>
  `4500${h16(20 + payload.length / 2)}${h16(id)}${extra}40${protocol.toString(16).padStart(2, "0")}0000${src}${dst}${payload}`;
const udp = (port: number, payload: string): string => `1388${h16(port)}${h16(8 + payload.length / 2)}0000${payload}`;
const frame4 = (packet: string): string => `${ETH}0800${packet}`;
const INNER = ip4(17, udp(53, "00112233445566778899"), "4000", "64400002", "08080808", 77);
const INNER_FRAME = `${ETH}0800${INNER}`;
const gtp = (inner: string): string => `30ff${h16(inner.length / 2)}00000007${inner}`;

function decode(packet: string | Uint8Array, linkType = 1, original?: number): PacketView {
  const bytes = typeof packet === "string" ? hex(packet) : packet;
  const v = new PacketView();
  decodeFrame(v, bytes, 0, bytes.length, original ?? bytes.length, linkType);
  return v;
}
const kinds = (v: PacketView): string => Array.from({ length: v.layerCount }, (_, i) => LAYER_NAMES[v.layerKind[i]!]).join(" ");
const inner = "ipv4 udp";

describe("tunnels", () => {
  const cases: [string, string, string, number][] = [
    ["VLAN in VLAN", `${ETH}88a80064810000c80800${INNER}`, "ethernet vlan vlan ipv4 udp", 0],
    ["MPLS", `${ETH}8847000640ff000650ff${INNER}`.replace("000650ff", "000651ff"), "ethernet mpls mpls ipv4 udp", 0],
    ["pseudowire with control word", `${ETH}8847000641ff00000000${INNER_FRAME}`, `ethernet mpls pw ethernet ${inner}`, 0],
    ["pseudowire without control word", `${ETH}8847000641ff${INNER_FRAME}`, `ethernet mpls ethernet ${inner}`, 0],
    ["PPPoE", `${ETH}886411000005${h16(2 + INNER.length / 2)}0021${INNER}`, `ethernet pppoe ppp ${inner}`, 0],
    ["GTP-U", frame4(ip4(17, udp(2152, gtp(INNER)))), `ethernet ipv4 udp gtp-u ${inner}`, 7],
    ["GTP-U with Ethernet inside", frame4(ip4(17, udp(2152, gtp(INNER_FRAME)))), `ethernet ipv4 udp gtp-u ethernet ${inner}`, 7],
    ["GTP-U on another port", frame4(ip4(17, udp(999, gtp(INNER)))), "ethernet ipv4 udp gtp-u ipv4 udp", 7],
    ["GRE with key and sequence", frame4(ip4(47, `30000800000000aa00000001${INNER}`)), `ethernet ipv4 gre ${inner}`, 0xaa],
    ["GRE tap", frame4(ip4(47, `00006558${INNER_FRAME}`)), `ethernet ipv4 gre ethernet ${inner}`, 0],
    [
      "GRE version 1, PPP",
      frame4(ip4(47, `3001880b${h16(2 + INNER.length / 2)}0009000000010021${INNER}`)),
      `ethernet ipv4 gre ppp ${inner}`,
      9,
    ],
    ["ERSPAN I", frame4(ip4(47, `000088be${INNER_FRAME}`)), `ethernet ipv4 gre erspan1 ethernet ${inner}`, 0],
    ["ERSPAN II", frame4(ip4(47, `100088be00000001106418050000002a${INNER_FRAME}`)), `ethernet ipv4 gre erspan2 ethernet ${inner}`, 5],
    [
      "ERSPAN III",
      frame4(ip4(47, `100022eb00000001206400051122334400000000${INNER_FRAME}`)),
      `ethernet ipv4 gre erspan3 ethernet ${inner}`,
      5,
    ],
    ["VXLAN", frame4(ip4(17, udp(4789, `0800000000002a00${INNER_FRAME}`))), `ethernet ipv4 udp vxlan ethernet ${inner}`, 42],
    ["VXLAN-GPE", frame4(ip4(17, udp(4790, `0c00000100002a00${INNER}`))), `ethernet ipv4 udp vxlan-gpe ${inner}`, 42],
    [
      "GENEVE with an option",
      frame4(ip4(17, udp(6081, `0200655800002a000102030111223344${INNER_FRAME}`))),
      `ethernet ipv4 udp geneve ethernet ${inner}`,
      42,
    ],
    ["TZSP", frame4(ip4(17, udp(37_008, `0100000101${INNER_FRAME}`))), `ethernet ipv4 udp tzsp ethernet ${inner}`, 0],
    ["jmirror", frame4(ip4(17, udp(30_030, `4000000100000007${INNER}`))), `ethernet ipv4 udp jmirror ${inner}`, 1],
    ["GRE in UDP", frame4(ip4(17, udp(4754, `00000800${INNER}`))), `ethernet ipv4 udp gre ${inner}`, 0],
    ["IP in IP", frame4(ip4(4, INNER)), `ethernet ipv4 ipip ${inner}`, 0],
    ["L2TPv2", frame4(ip4(17, udp(1701, `000200030004ff030021${INNER}`))), `ethernet ipv4 udp l2tpv2 ppp ${inner}`, 0x30004],
    ["L2TPv3 with a cookie", frame4(ip4(115, `0000001111223344${INNER_FRAME}`)), `ethernet ipv4 l2tpv3 ethernet ${inner}`, 0x11],
  ];
  it.each(cases)("%s", (_name, packet, layers, id) => {
    const v = decode(packet);
    expect(kinds(v)).toBe(layers);
    expect(v.fault).toBe(0);
    const last = v.ipCount - 1;
    expect(text(v.bytes.subarray(v.ipSrc[last], v.ipSrc[last]! + 4))).toBe("64400002");
    expect(v.dstPort[last]).toBe(53);
    expect(v.payloadEnd[last]! - v.payloadStart[last]!).toBe(10);
    if (last > 0) expect(v.tunnelId[last - 1]).toBe(id);
  });

  it.each(cases)("%s cut at every length keeps to the frame and is no malformed frame", (_name, packet) => {
    const bytes = hex(packet);
    for (let cut = 0; cut < bytes.length; cut++) {
      const v = decode(bytes.slice(0, cut), 1, bytes.length);
      expect(v.malformed()).toBe(false);
      expectInside(v);
    }
  });

  it.each(cases)("%s survives flipped octets", (_name, packet) => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 4 }), (flips) => {
        const bytes = hex(packet);
        for (const [at, value] of flips) bytes[at % bytes.length] = value;
        expectInside(decode(bytes));
      }),
      { numRuns: 200, seed: 1 },
    );
  });
});

function expectInside(v: PacketView): void {
  expect(v.layerCount).toBeLessThanOrEqual(limits.layers);
  for (let i = 0; i < v.ipCount; i++) {
    for (const at of [v.ipStart, v.ipEnd, v.ipPayload, v.payloadStart, v.payloadEnd]) {
      expect(at[i]).toBeGreaterThanOrEqual(v.start);
      expect(at[i]).toBeLessThanOrEqual(v.end);
    }
    expect(v.payloadEnd[i]).toBeGreaterThanOrEqual(v.payloadStart[i]!);
  }
}

it("survives any octets on any link type", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(0, 1, 9, 50, 101, 108, 113, 228, 229, 276, 12_345), (bytes, link) => {
      expectInside(decode(bytes, link));
    }),
    { numRuns: 2000, seed: 2 },
  );
});

describe("faults", () => {
  const code = (v: PacketView): string => `${LAYER_NAMES[v.faultLayer]} ${PACKET_FAULT_CODES[v.fault]}`;
  it.each([
    ["header length below 5", frame4(INNER).replace("08004500", "08004300"), "ipv4 length"],
    ["total length beyond the frame", frame4(INNER.replace(/^4500..../, "45000fff")), "ipv4 length"],
    ["UDP length below 8", frame4(ip4(17, "1388003500070000")), "udp length"],
    ["UDP length beyond its packet", frame4(ip4(17, "1388003500ff0000")), "udp length"],
    ["TCP offset below 5", frame4(ip4(6, "0050005000000001000000014000000000000000")), "tcp length"],
    ["GRE too short", frame4(ip4(47, "2000")), "gre short"],
  ])("%s", (_name, packet, expected) => {
    const v = decode(packet);
    expect(code(v)).toBe(expected);
    expect(v.malformed()).toBe(true);
    expect(v.faultCounts.reduce((a, b) => a + b)).toBe(1);
  });

  it("a super-frame with length 0 reaches to the end", () => {
    const v = decode(frame4(INNER.replace(/^4500..../, "45000000")));
    expect(v.ipFlags[0]! & IpFlag.SUPER).toBe(IpFlag.SUPER);
    expect(v.dstPort[0]).toBe(53);
    expect(v.fault).toBe(0);
  });

  it("packets nested too deep are a fault, with what came before kept", () => {
    let packet = INNER;
    for (let i = 0; i < 20; i++) packet = ip4(4, packet);
    const v = decode(frame4(packet));
    expect(v.ipCount).toBe(limits.ipLevels);
    expect(code(v)).toBe("ipv4 depth");
  });

  it("UDP on a tunnel's port that is no tunnel stays opaque", () => {
    for (const port of [2152, 4789, 4790, 6081, 4754, 37_008, 1701, 30_030, 3544, 3386]) {
      const v = decode(frame4(ip4(17, udp(port, "fffefdfcfbfaf9f8f7f6f5f4"))));
      expect(kinds(v)).toBe("ethernet ipv4 udp");
      expect(v.malformed()).toBe(false);
    }
  });

  it("a packet quoted by an ICMP error is marked, not entered", () => {
    const v = decode(frame4(ip4(1, `0303000000000000${INNER}`)));
    expect(v.ipCount).toBe(1);
    expect(v.quoteStart).toBe(14 + 20 + 8);
  });
});

describe("fragments", () => {
  const datagram = udp(2152, gtp(INNER));
  const first = frame4(ip4(17, datagram.slice(0, 48), "2000"));
  const second = frame4(ip4(17, datagram.slice(48), "0003"));
  const take = (r: FragmentReassembler, packet: string, n: number, sec = 0) => r.add(decode(packet), sec, 0, [n]);

  it("versions of fragments that claim one place are within the budget of octets", () => {
    const r = new FragmentReassembler();
    // First halves of UDP datagrams, never whole; then others in the place of each, and nothing new that would make room.
    for (const fill of ["00", "11", "22"])
      for (let id = 1; id <= 900; id++) take(r, frame4(ip4(17, udp(2123, fill.repeat(16_376)), "2000", "0a000001", "0a000002", id)), id);
    expect(r.heldBytes).toBeLessThanOrEqual(limits.fragmentBytes);
    expect(r.stats.conflicts).toBeGreaterThan(100);
    r.expire(Infinity);
    expect(r.heldBytes).toBe(0);
  });

  it.each([
    [0, 1],
    [1, 0],
  ])("come together in order %i %i, and the tunnel inside is entered", (a, b) => {
    const r = new FragmentReassembler();
    const packets = [first, second];
    expect(take(r, packets[a]!, a + 1)).toBeNull();
    const whole = take(r, packets[b]!, b + 1)!;
    expect(whole.frames).toEqual([1, 2]);
    const v = new PacketView();
    decodeReassembled(v, whole.bytes, whole.length, whole.linkType, whole.level);
    expect(kinds(v)).toBe(`ethernet ipv4 udp gtp-u ${inner}`);
    expect(v.fault).toBe(0);
    expect(r.heldBytes).toBe(0);
  });

  it("inside a tunnel come together too", () => {
    const wrap = (packet: string): string => frame4(ip4(17, udp(2152, gtp(packet))));
    const r = new FragmentReassembler();
    const big = udp(53, "ab".repeat(40));
    take(r, wrap(ip4(17, big.slice(0, 64), "2000", "64400002", "08080808")), 5);
    const whole = take(r, wrap(ip4(17, big.slice(64), "0004", "64400002", "08080808")), 9)!;
    const v = new PacketView();
    decodeReassembled(v, whole.bytes, whole.length, whole.linkType, whole.level);
    expect([v.ipCount, v.dstPort[1], v.payloadEnd[1]! - v.payloadStart[1]!, v.tunnelId[0], v.fault]).toEqual([2, 53, 40, 7, 0]);
  });

  // Halves that would fit one another: users choose their own addresses and identifications, so that those of two tunnels may well be equal.
  describe("of one datagram by all that they say, on different ways, never mix:", () => {
    const whole = udp(53, "ab".repeat(40));
    const half = (which: 0 | 1, protocol = 17): string =>
      which === 0
        ? ip4(protocol, whole.slice(0, 64), "2000", "64400002", "08080808")
        : ip4(protocol, whole.slice(64), "0004", "64400002", "08080808");
    const inTunnel = (teid: string, packet: string, src = "0a000001"): string =>
      frame4(ip4(17, udp(2152, gtp(packet).replace("00000007", teid)), "4000", src));
    const vlan = (id: string, packet: string): string => `${ETH}8100${id}0800${packet}`;
    const cases: readonly (readonly [string, string, string])[] = [
      ["two tunnels", inTunnel("00000007", half(0)), inTunnel("00000008", half(1))],
      ["one tunnel id of two senders", inTunnel("00000007", half(0)), inTunnel("00000007", half(1), "0a000009")],
      ["two VLANs", vlan("0064", half(0)), vlan("0065", half(1))],
      ["a tunnel and the plain link", inTunnel("00000007", half(0)), frame4(half(1))],
      ["two protocols of IPv4", frame4(half(0)), frame4(half(1, 132))],
    ];
    it.each(cases)("%s", (_, one, other) => {
      const r = new FragmentReassembler();
      expect([take(r, one, 1), take(r, other, 2)]).toEqual([null, null]);
      expect([r.stats.completed, r.stats.conflicts]).toEqual([0, 0]);
    });
    it("two taps", () => {
      const r = new FragmentReassembler();
      expect([r.add(decode(frame4(half(0))), 0, 0, [1]), r.add(decode(frame4(half(1))), 0, 1, [2])]).toEqual([null, null]);
      expect(r.add(decode(frame4(half(1))), 0, 0, [3])).not.toBeNull();
    });
  });

  it("that contradict one another never mix; repeats are ignored", () => {
    const r = new FragmentReassembler();
    take(r, first, 1);
    expect(take(r, first, 2)).toBeNull();
    expect(r.stats.conflicts).toBe(0);
    take(r, frame4(ip4(17, `${"ff".repeat(24)}`, "2000")), 3);
    expect(r.stats.conflicts).toBe(1);
  });

  it("are given up by age and number", () => {
    const r = new FragmentReassembler();
    for (let i = 0; i < limits.fragmentDatagrams + 50; i++) {
      r.add(decode(frame4(ip4(17, datagram.slice(0, 48), "2000", "0a000001", "0a000002", i))), 0, 0, [i]);
    }
    expect(r.stats.incomplete).toBe(50);
    r.expire(limits.fragmentSeconds + 1);
    expect([r.stats.incomplete, r.heldBytes]).toEqual([limits.fragmentDatagrams + 50, 0]);
  });
});

it("the arrays of the view do not overlap, and every layer has a name", () => {
  expect(LAYER_COUNT).toBe(Object.keys(Layer).length);
  const starts = Object.entries(layout).filter(([name]) => name.startsWith("AT_"));
  const sorted = starts.map(([, at]) => at).sort((a, b) => a - b);
  for (let i = 3; i < sorted.length; i++) expect(sorted[i]! - sorted[i - 1]!).toBeGreaterThanOrEqual(limits.ipLevels);
  expect([sorted[1], sorted[2], sorted[3]]).toEqual([limits.layers, 2 * limits.layers, 3 * limits.layers]);
  expect(layout.VIEW_NUMBERS).toBeGreaterThanOrEqual(sorted.at(-1)! + limits.ipLevels);
});
