/**
 * tshark as an independent reader: addresses, protocols, ports, TEIDs, VLANs and network ids of every frame of every public capture, at every
 * level of tunnels. `testdata/tshark.json` keeps the SHA-256 of tshark's lines, so that the test needs no tshark; with
 * UPDATE_ORACLE=1 it is made anew, and a difference is shown line by line where tshark is installed.
 *
 * Left out: fragments (tshark enters the first one, we enter the reassembled datagram) and the TEIDs of control messages.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addressText } from "#bytes/address.ts";
import { openCapture } from "#capture/open.ts";
import { decodeFrame } from "./decode.ts";
import { Layer, PacketView } from "./view.ts";

const CAPTURES = "../shared/captures";
const GOLDEN = join(import.meta.dirname, "testdata/tshark.json");
const FIELDS = [
  "ip.src",
  "ip.dst",
  "ip.proto",
  "ipv6.src",
  "ipv6.dst",
  "udp.srcport",
  "udp.dstport",
  "tcp.srcport",
  "tcp.dstport",
  "sctp.srcport",
  "sctp.dstport",
  "gtp.teid",
  "vlan.id",
  "vxlan.vni",
  "geneve.vni",
  "erspan.spanid",
] as const;
const TEID = FIELDS.indexOf("gtp.teid");

function captures(dir: string): string[] {
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const path = join(dir, name);
      if (statSync(path).isDirectory()) return captures(path);
      return /\.(pcap|pcapng|cap)(\.gz)?$/.test(name) ? [path] : [];
    });
}

function tsharkLines(path: string): string[] {
  const off = ["ip.defragment:false", "ipv6.defragment:false", "tcp.desegment_tcp_streams:false", "sctp.reassembly:false"];
  const out = execFileSync(
    "tshark",
    [
      "-n",
      "-r",
      path,
      ...off.flatMap((o) => ["-o", o]),
      "-T",
      "fields",
      "-E",
      "occurrence=a",
      "-E",
      "separator=|",
      ...FIELDS.flatMap((f) => ["-e", f]),
    ],
    { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] },
  );
  return out.toString().split("\n").slice(0, -1);
}

function ourFields(v: PacketView, into: Map<string, string[]>): void {
  const add = (field: (typeof FIELDS)[number], value: string): void => void into.get(field)!.push(value);
  for (let l = 0; l < v.ipCount; l++) {
    const version = v.ipVersion[l]!;
    const src = addressText(v.bytes, v.ipSrc[l]!, version);
    const dst = addressText(v.bytes, v.ipDst[l]!, version);
    if (version === 4) {
      add("ip.src", src);
      add("ip.dst", dst);
      add("ip.proto", String(v.ipProtocol[l]));
    } else {
      add("ipv6.src", src);
      add("ipv6.dst", dst);
    }
    const transport = { 6: "tcp", 17: "udp", 132: "sctp" }[v.ipProtocol[l]!] as "tcp" | "udp" | "sctp" | undefined;
    if (transport === undefined || v.srcPort[l]! < 0) continue;
    add(`${transport}.srcport`, String(v.srcPort[l]));
    add(`${transport}.dstport`, String(v.dstPort[l]));
  }
  for (let k = 0; k < v.layerCount; k++) {
    const id = v.layerId[k]!;
    const kind = v.layerKind[k];
    if (kind === Layer.GTPU) add("gtp.teid", `0x${id.toString(16).padStart(8, "0")}`);
    else if (kind === Layer.VLAN) add("vlan.id", String(id));
    else if (kind === Layer.VXLAN) add("vxlan.vni", String(id));
    else if (kind === Layer.GENEVE) add("geneve.vni", `0x${id.toString(16).padStart(6, "0")}`);
    else if (kind === Layer.ERSPAN2 || kind === Layer.ERSPAN3) add("erspan.spanid", String(id));
  }
}

async function ourLines(path: string): Promise<{ lines: string[]; fragments: Set<number> }> {
  const reader = await openCapture(path, { hash: false });
  const view = new PacketView();
  const quoted = new PacketView();
  const lines: string[] = [];
  const fragments = new Set<number>();
  for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
    for (let i = 0; i < batch.count; i++) {
      const linkType = reader.points[batch.point[i]!]!.linkType;
      decodeFrame(view, batch.bytes, batch.offset[i]!, batch.captured[i]!, batch.original[i]!, linkType);
      const fields = new Map<string, string[]>(FIELDS.map((f) => [f, []]));
      ourFields(view, fields);
      if (view.quoteStart >= 0) {
        // tshark descends into what an ICMP error quotes.
        decodeFrame(quoted, view.bytes, view.quoteStart, view.quoteEnd - view.quoteStart, 65_536, 101);
        ourFields(quoted, fields);
      }
      if (view.fragmentLevel >= 0) fragments.add(lines.length);
      lines.push(FIELDS.map((f) => fields.get(f)!.join(",")).join("|"));
    }
  }
  return { lines, fragments };
}

/** TEIDs only where the frame has GTP-U's port; fragments left out. */
function comparable(lines: readonly string[], fragments: ReadonlySet<number>): string[] {
  return lines
    .map((line) => {
      const columns = line.split("|");
      const ports = `${columns[5]},${columns[6]}`.split(",");
      if (!ports.includes("2152")) columns[TEID] = "";
      return columns.join("|");
    })
    .filter((_, i) => !fragments.has(i));
}

const sha = (lines: readonly string[]): string => createHash("sha256").update(lines.join("\n")).digest("hex");

describe("the packet view agrees with tshark", () => {
  if (!existsSync(CAPTURES)) {
    console.warn(`SKIPPED: ${CAPTURES} is absent, nothing was compared with tshark`);
    it.skip("captures are absent");
    return;
  }
  const update = process.env["UPDATE_ORACLE"] === "1";
  const golden = (existsSync(GOLDEN) ? JSON.parse(readFileSync(GOLDEN, "utf8")) : {}) as Record<string, { frames: number; sha256: string }>;
  const tshark = spawnSync("tshark", ["--version"]).status === 0;
  for (const path of captures(CAPTURES)) {
    const name = path.slice(CAPTURES.length + 1);
    it(name, async () => {
      const { lines, fragments } = await ourLines(path);
      const ours = comparable(lines, fragments);
      if (update) golden[name] = { frames: lines.length, sha256: sha(comparable(tsharkLines(path), fragments)) };
      const expected = golden[name];
      if (expected === undefined) {
        console.warn(`SKIPPED: no golden entry for ${name}`);
        return;
      }
      expect(lines.length).toBe(expected.frames);
      if (sha(ours) !== expected.sha256 && tshark) expect(ours).toEqual(comparable(tsharkLines(path), fragments));
      expect(sha(ours)).toBe(expected.sha256);
    });
  }
  if (update) {
    it("golden file is written", () => {
      mkdirSync(join(import.meta.dirname, "testdata"), { recursive: true });
      writeFileSync(GOLDEN, `${JSON.stringify(golden, undefined, 1)}\n`);
    });
  }
});
