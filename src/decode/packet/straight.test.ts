import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, it } from "vitest";
import { openCapture } from "#capture/open.ts";
import { i32 } from "#bytes/read.ts";
import { LinkType } from "#model/frame.ts";
import { decodeFrame, decodeFrameByStep } from "./decode.ts";
import {
  GPDU_END,
  GPDU_INNER,
  GPDU_INNER_DST,
  GPDU_INNER_SRC,
  GPDU_OUTER,
  GPDU_OUTER_DST,
  GPDU_OUTER_PORT,
  GPDU_OUTER_SRC,
  GPDU_PAYLOAD,
  GPDU_PORTS,
  GPDU_PROTOCOL,
  GPDU_TEID,
  GPDU_VLAN,
  GPDU_WORDS,
  straightGpdu,
} from "./gpdu.ts";
import { IpFlag, PacketView } from "./view.ts";

const LEVEL = [
  "ipStart",
  "ipVersion",
  "ipSrc",
  "ipDst",
  "ipProtocol",
  "ipPayload",
  "ipEnd",
  "ipLength",
  "ipFlags",
  "fragmentOffset",
  "fragmentId",
  "ipMac",
  "ipVlan",
  "ipLayer",
  "l4",
  "srcPort",
  "dstPort",
  "payloadStart",
  "payloadEnd",
  "payloadLength",
  "tcpFlags",
  "tunnelKind",
  "gtpType",
] as const;
const TUNNEL = ["tunnelStart", "tunnelId", "tunnelPayload"] as const;
const GTP = ["gtpFlags", "gtpExtension", "gtpExtensionStart", "gtpEnd"] as const;
const WHOLE = [
  "start",
  "end",
  "original",
  "linkType",
  "cut",
  "layerCount",
  "mac",
  "vlanCount",
  "vlan0",
  "vlan1",
  "etherType",
  "ipCount",
  "fragmentLevel",
  "quoteStart",
  "quoteEnd",
  "fault",
  "faultLayer",
  "faultOffset",
  "mirrorCut",
  "stretch",
] as const;

const a = new PacketView();
const b = new PacketView();
/** Frames of which the straight way read every header. */
let same = 0;

/** First field in which both ways differ, or undefined. */
function difference(bytes: Uint8Array, offset: number, captured: number, original: number, linkType: number): string | undefined {
  // What an entry must say is also said where it was said before: fill with what no frame gives.
  a.n.fill(-7_777);
  b.n.fill(-8_888);
  decodeFrame(a, bytes, offset, captured, original, linkType);
  decodeFrameByStep(b, bytes, offset, captured, original, linkType);
  for (const field of WHOLE) if (a[field] !== b[field]) return `${field}: ${a[field]} for ${b[field]}`;
  for (let i = 0; i < a.layerCount; i++) {
    if (a.layerKind[i] !== b.layerKind[i] || a.layerStart[i] !== b.layerStart[i] || a.layerId[i] !== b.layerId[i]) return `layer ${i}`;
  }
  for (let i = 0; i < a.ipCount; i++) {
    for (const field of LEVEL) if (a[field][i] !== b[field][i]) return `${field}[${i}]: ${a[field][i]} for ${b[field][i]}`;
    if (a.tunnelKind[i] !== 0) for (const field of TUNNEL) if (a[field][i] !== b[field][i]) return `${field}[${i}]`;
    if (a.gtpType[i] !== -1) for (const field of GTP) if (a[field][i] !== b[field][i]) return `${field}[${i}]`;
  }
  same++;
  return linkType === LinkType.ETHERNET && captured >= original ? rowDifference(bytes, offset, captured) : undefined;
}

const row = new Int32Array(GPDU_WORDS);
/** Frames that `straightGpdu` took. */
let rows = 0;

/** As `difference`, of the frame as one row of numbers (`gpdu.ts`), where it is one. */
function rowDifference(bytes: Uint8Array, offset: number, captured: number): string | undefined {
  // Nothing outside the frame is there to be read.
  const alone = bytes.slice(offset, offset + captured);
  if (!straightGpdu(alone, 0, captured, row, 0)) return undefined;
  rows++;
  const says: readonly (readonly [number, number])[] = [
    [b.ipCount, 2],
    [b.fault, 0],
    [b.fragmentLevel, -1],
    [b.gtpType[0]!, 255],
    [b.gtpType[1]!, -1],
    [b.tunnelKind[1]!, 0],
    [b.gtpEnd[0]!, offset + captured],
    [b.ipEnd[0]!, offset + captured],
    [b.ipEnd[1]!, offset + captured],
    [b.payloadEnd[1]!, offset + captured],
    [b.ipFlags[1]! & ~IpFlag.DONT_FRAGMENT, 0],
    [b.gtpExtension[0] === -1 || b.gtpExtension[0] === 0x85 ? 0 : 1, 0],
    [row[GPDU_TEID]!, b.tunnelId[0]! | 0],
    [row[GPDU_INNER_SRC]!, i32(bytes, b.ipSrc[1]!)],
    [row[GPDU_INNER_DST]!, i32(bytes, b.ipDst[1]!)],
    [row[GPDU_PORTS]!, (b.srcPort[1]! << 16) | b.dstPort[1]!],
    [row[GPDU_OUTER_SRC]!, i32(bytes, b.ipSrc[0]!)],
    [row[GPDU_OUTER_DST]!, i32(bytes, b.ipDst[0]!)],
    [row[GPDU_OUTER_PORT]!, b.srcPort[0]!],
    [b.dstPort[0]!, 2152],
    [row[GPDU_PROTOCOL]!, b.ipProtocol[1]!],
    [row[GPDU_VLAN]!, b.vlan0 & 0xfff],
    [row[GPDU_OUTER]! + offset, b.ipStart[0]!],
    [row[GPDU_INNER]! + offset, b.ipStart[1]!],
    [row[GPDU_PAYLOAD]! + offset, b.payloadStart[1]!],
    [row[GPDU_END]! + offset, b.end],
  ];
  const wrong = says.findIndex(([is, should]) => is !== should);
  return wrong < 0 ? undefined : `row, ${wrong}: ${says[wrong]!.join(" for ")}`;
}

const u8 = fc.nat(255);
const u16 = fc.nat(0xffff);
const be16 = (n: number): number[] => [n >> 8, n & 255];
const zeros = (n: number): number[] => Array.from({ length: n }, () => 0);

interface Shape {
  readonly vlan: number;
  readonly outer: readonly [number, number];
  readonly port: number;
  readonly flags: number;
  readonly extensions: readonly number[];
  readonly type: number;
  readonly version: number;
  readonly protocol: number;
  readonly control: number;
  readonly header: number;
  readonly body: readonly number[];
  readonly padding: number;
  readonly skew: readonly [number, number, number, number, number];
}

/** A frame of the stack; `skew` falsifies the five length fields. */
function build(s: Shape): Uint8Array {
  const [skewIp, skewUdp, skewGtp, skewInner, skewL4] = s.skew;
  const transport =
    s.protocol === 6
      ? [...be16(40_000), ...be16(443), ...zeros(8), ((5 + s.header) << 4) & 255, 0x18, ...zeros(6 + s.header * 4), ...s.body]
      : [...be16(40_000), ...be16(s.port === 2152 ? 53 : 2152), ...be16(8 + s.body.length + skewL4), 0, 0, ...s.body];
  const inner =
    s.version === 4
      ? [0x45, 0, ...be16(20 + transport.length + skewInner), 0, 1, ...be16(s.control), 64, s.protocol, ...zeros(10), ...transport]
      : [s.version << 4, 0, 0, 0, ...be16(transport.length + skewInner), s.protocol, 64, ...zeros(32), ...transport];
  const optional = (s.flags & 7) === 0 ? [] : [0, 1, 0, s.extensions.length === 0 ? 0 : 0x85];
  const chain = s.extensions.flatMap((size, i) => [
    size,
    ...zeros(Math.max(0, size * 4 - 2)),
    ...(size === 0 ? [] : [i + 1 < s.extensions.length ? 0x40 : 0]),
  ]);
  const gtp = [
    0x30 | s.flags,
    s.type,
    ...be16(optional.length + chain.length + inner.length + skewGtp),
    0,
    0,
    0,
    7,
    ...optional,
    ...chain,
    ...inner,
  ];
  const udp = [...be16(2152), ...be16(s.port), ...be16(8 + gtp.length + skewUdp), 0, 0, ...gtp];
  const [first, protocol] = s.outer;
  const ip = [first, 0, ...be16(20 + udp.length + skewIp), 0, 9, 0x40, 0, 64, protocol, ...zeros(10), ...udp];
  const tag = s.vlan < 0 ? [] : [0x81, 0, ...be16(s.vlan)];
  return Uint8Array.from([...zeros(12), ...tag, 8, 0, ...ip, ...zeros(s.padding)]);
}

const skewed = fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: -60, max: 60 }) });
const shape = fc.record({
  vlan: fc.oneof(fc.constant(-1), u16),
  outer: fc.oneof(
    { weight: 8, arbitrary: fc.constant([0x45, 17] as const) },
    { weight: 1, arbitrary: fc.tuple(fc.constantFrom(0x45, 0x46, 0x44, 0x65), fc.constantFrom(17, 6, 47, 51, 132, 1)) },
  ),
  port: fc.oneof({ weight: 8, arbitrary: fc.constant(2152) }, { weight: 1, arbitrary: fc.constantFrom(53, 4789, 3386) }),
  flags: fc.oneof(fc.constant(0), fc.nat(15)),
  extensions: fc.oneof(fc.constant([]), fc.array(fc.nat(3), { maxLength: 18 })),
  type: fc.oneof({ weight: 8, arbitrary: fc.constant(255) }, { weight: 1, arbitrary: u8 }),
  version: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(4, 6) }, { weight: 1, arbitrary: fc.nat(15) }),
  protocol: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(6, 17) }, { weight: 1, arbitrary: u8 }),
  control: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 0x4000, 0x8000) }, { weight: 1, arbitrary: u16 }),
  header: fc
    .oneof({ weight: 4, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.integer({ min: -5, max: 10 }) })
    .map((h) => Math.max(0, h)),
  body: fc.array(u8, { maxLength: 80 }),
  padding: fc.oneof(fc.constant(0), fc.nat(20)),
  skew: fc.tuple(skewed, skewed, skewed, skewed, skewed),
});

it("reads the stack as the general steps do, whatever its lengths claim, cut anywhere, with any octet changed", () => {
  fc.assert(
    fc.property(shape, fc.nat(400), fc.array(fc.tuple(fc.nat(120), u8), { maxLength: 3 }), fc.nat(9), (s, cut, changes, offset) => {
      const frame = build(s);
      for (const [at, to] of changes) if (at < frame.length) frame[at] = to;
      const bytes = new Uint8Array(frame.length + offset);
      bytes.set(frame, offset);
      expect(difference(bytes, offset, frame.length, frame.length, 1)).toBeUndefined();
      // Cut by the snap length, and cut without a word of it (the frame is that short).
      const length = Math.min(cut, frame.length);
      expect(difference(bytes, offset, length, frame.length, 1)).toBeUndefined();
      expect(difference(bytes.slice(0, offset + length), offset, length, length, 1)).toBeUndefined();
    }),
    { numRuns: 4_000, seed: 1 },
  );
});

const CAPTURES = fileURLToPath(new URL("../../../../shared/captures/", import.meta.url));

function captures(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? captures(path) : /\.(pcapng|pcap|cap)(\.(gz|zst))?$/.test(entry.name) ? [path] : [];
  });
}

it("reads every frame of all captures as the general steps do", { timeout: 120_000 }, async () => {
  if (!existsSync(CAPTURES)) {
    console.warn(`NOT TESTED: ${CAPTURES} is not there; only made frames were compared`);
    return;
  }
  same = 0;
  rows = 0;
  for (const path of captures(CAPTURES)) {
    const reader = await openCapture(path, { hash: false });
    for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
      for (let i = 0; i < batch.count; i++) {
        const linkType = reader.points[batch.point[i]!]!.linkType;
        const found = difference(batch.bytes, batch.offset[i]!, batch.captured[i]!, batch.original[i]!, linkType);
        if (found !== undefined) expect.fail(`${path}, frame ${batch.firstFrame + i}: ${found}`);
      }
    }
  }
  expect(same).toBeGreaterThan(10_000);
  expect(rows).toBeGreaterThan(1_000);
});
