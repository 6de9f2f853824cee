/**
 * An attacker who subtracts: he has a whole case (database, findings document, the bundle's coverage) and looks for what a warrant covers in
 * what is left when all that was told is taken from what was read. `docs/register.md`, "What adds up to nothing", says what is claimed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pcapFileHeader, pcapRecord } from "#capture/write.ts";
import type { FindingsDocument } from "#findings/document.ts";
import { queryCase } from "#store/query.ts";
import { TABLES } from "#store/tables.ts";

const ENTRY = resolve(import.meta.dirname, "../../bin/tapproof.cjs");
const home = mkdtempSync(join(tmpdir(), "tapproof-subtraction-"));
const lab = join(home, "lab");

afterAll(() => rmSync(home, { recursive: true, force: true }));

function tapproof(...args: readonly string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [ENTRY, ...args], {
    encoding: "utf8",
    env: { ...process.env, TAPPROOF_HOME: join(home, "keys"), TAPPROOF_FROM_SOURCE: "1" },
  });
  if (status !== 0) throw new Error(`${args.join(" ")}: ${status} ${stderr}`);
}

interface Frame {
  readonly bytes: Buffer;
  readonly lawful: boolean;
}

/** Classic pcap as the lab writes it: 24 octets of header, 16 before each frame, little-endian. */
function framesOf(path: string, lawful: readonly string[]): { readonly header: Buffer; readonly frames: Frame[] } {
  const bytes = readFileSync(path);
  const ends = lawful.map((a) => Buffer.from(a.split(".").map(Number)));
  const frames: Frame[] = [];
  for (let at = 24; at + 16 <= bytes.length;) {
    const end = at + 16 + bytes.readUInt32LE(at + 8);
    const head = bytes.subarray(at + 16, Math.min(end, at + 106));
    frames.push({ bytes: bytes.subarray(at, end), lawful: ends.some((a) => head.includes(a)) });
    at = end;
  }
  return { header: bytes.subarray(0, 24), frames };
}

const left: Record<string, number> = {};

beforeAll(() => {
  tapproof("lab", "x3-beside-warranted", "--out", lab);
  const network = readFileSync(join(lab, "network.yaml"), "utf8");
  const [, administration = "", mediation = ""] = /administration: \[(.+?)\], mediation: \[(.+?)\]/.exec(network) ?? [];
  const agency = /receiver: "?([\d.]+)/.exec(readFileSync(join(lab, "warrants.yaml"), "utf8"))?.[1] ?? "";
  // the same network twice, whose covered product ends early in the second capture
  for (const [name, share] of [
    ["all", 1],
    ["less", 0.4],
  ] as const) {
    mkdirSync(join(home, name));
    let kept = 0;
    for (const file of readdirSync(lab).filter((f) => f.endsWith(".pcap"))) {
      const { header, frames } = framesOf(join(lab, file), [administration, mediation, agency]);
      const covered = frames.filter((f) => f.lawful);
      const first = new Set(covered.slice(0, Math.ceil(covered.length * share)));
      const shown = frames.filter((f) => !f.lawful || first.has(f));
      kept += shown.filter((f) => f.lawful).length;
      writeFileSync(join(home, name, file), Buffer.concat([header, ...shown.map((f) => f.bytes)]));
    }
    left[name] = kept;
    const captures = ["core.pcap", "s1.pcap", "sgi.pcap"].map((f) => join(home, name, f));
    const given = ["--network", join(lab, "network.yaml"), "--warrants", join(lab, "warrants.yaml")];
    tapproof(
      "scan",
      ...captures,
      ...given,
      "--case",
      join(home, `case-${name}`),
      ...(name === "all" ? [] : ["--case-keys", join(home, "case-all/keys.json")]),
    );
  }
}, 120_000);

async function rows(name: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await queryCase(join(home, `case-${name}`, "case.duckdb"), sql)).rows.map((row) => row.map(String));
}

test("two captures differ in what is covered", () => {
  expect(left["all"]).toBeGreaterThan(100);
  expect(left["less"]).toBeLessThan((left["all"] ?? 0) * 0.6);
});

describe("nothing told depends on how much was covered", () => {
  for (const table of Object.values(TABLES))
    test(`table ${table.name}`, async () => {
      // what a capture is, and which of its frames are evidence, is told truly
      const true_: Readonly<Record<string, readonly string[]>> = {
        captures: ["sha256", "packets", "bytes", "first", "last"],
        evidence: ["capture", "frame"],
        messages: ["frame"],
        // follows from the number of trials, see below: one bit more or less
        findings: ["bits"],
      };
      const columns = table.columns.map((c) => c.name).filter((c) => true_[table.name]?.includes(c) !== true);
      const sql = `SELECT ${columns.map((c) => `"${c}"`).join(", ")} FROM "${table.name}" ORDER BY ALL`;
      expect(await rows("less", sql)).toEqual(await rows("all", sql));
    });
});

describe("what is left after subtraction", () => {
  test("is no number: at every capture that held interception something ordinary tells no amount", async () => {
    const told = await rows(
      "all",
      `SELECT c.file, count(f.packets) - count(*) < 0 FROM captures c JOIN points p USING (run, capture) JOIN flows f USING (run, point)
       GROUP BY ALL ORDER BY 1`,
    );
    expect(told).toEqual([
      ["core.pcap", "true"],
      ["s1.pcap", "true"],
    ]);
    // what is told exactly nowhere: amounts there are powers of two
    const [[odd] = []] = await rows(
      "all",
      `SELECT count(*) FROM (SELECT packets AS n, point FROM flows UNION ALL SELECT packets, point FROM tunnels) WHERE point < 2 AND n > 0 AND bit_count(n) <> 1`,
    );
    expect(odd).toBe("0");
  });

  test("no second goes by whose octets were counted there", async () => {
    expect(await rows("all", `SELECT DISTINCT point FROM volumes`)).toEqual([["2"]]);
  });

  test("no message stands between two frames that are not told", async () => {
    const [[shown] = []] = await rows(
      "all",
      "SELECT count(*) FROM messages m WHERE capture < 2 AND frame IS NOT NULL AND frame NOT IN (SELECT frame FROM evidence)",
    );
    expect(shown).toBe("0");
  });

  test("the document says how large the captures are, and nothing else but the number of trials depends on them", () => {
    const read = (name: string): FindingsDocument =>
      JSON.parse(readFileSync(join(home, `case-${name}`, "findings.json"), "utf8")) as FindingsDocument;
    const without = (d: FindingsDocument): unknown => ({
      ...d,
      captures: d.captures.map(({ file, point }) => ({ file, point })),
      // trials count every flow offered, covered ones among them, or chance would be understated: the only other number that knows of them
      findings: d.findings.map((f) => ({
        ...f,
        arithmetic: [],
        bits: null,
        chance: null,
        evidence: f.evidence.map((e) => e.framesTotal),
        witnesses: f.witnesses.length,
      })),
      stats: null,
    });
    expect(without(read("less"))).toEqual(without(read("all")));
    const frames = framesOf(join(home, "all", "s1.pcap"), []).frames.length;
    expect(read("all").captures.find((c) => c.file === "s1.pcap")?.packets).toBe(frames);
  });
});

test("a capture without interception tells everything", async () => {
  const [[flows, volumes] = []] = await rows(
    "all",
    `SELECT (SELECT count(*) FROM flows WHERE point = 2 AND packets IS NULL), (SELECT count(*) FROM volumes WHERE point = 2)`,
  );
  expect(flows).toBe("0");
  expect(Number(volumes)).toBeGreaterThan(3);
});

test("a user's address inside a tunnel inside his tunnel is a pseudonym", async () => {
  const ip = (src: string, dst: string, protocol: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(20);
    head.set([0x45, 0]);
    head.writeUInt16BE(20 + payload.length, 2);
    head.set([64, protocol], 8);
    head.set([...src.split("."), ...dst.split(".")].map(Number), 12);
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += head.readUInt16BE(i);
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
    head.writeUInt16BE(~sum & 0xffff, 10);
    return Buffer.concat([head, payload]);
  };
  const udp = (port: number, payload: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt16BE(port, 0);
    head.writeUInt16BE(port, 2);
    head.writeUInt16BE(8 + payload.length, 4);
    return Buffer.concat([head, payload]);
  };
  const gtpu = (teid: number, payload: Buffer): Buffer => {
    const head = Buffer.from([0x30, 0xff, 0, 0, 0, 0, 0, 0]);
    head.writeUInt16BE(payload.length, 2);
    head.writeUInt32BE(teid, 4);
    return Buffer.concat([head, payload]);
  };
  const innermost = ip("172.31.9.9", "198.51.100.7", 17, udp(5000, Buffer.alloc(40, 7)));
  const within = ip("172.31.7.7", "198.51.100.66", 17, udp(2152, gtpu(0x77, innermost)));
  const outer = ip("10.77.0.1", "10.77.0.2", 17, udp(2152, gtpu(0x11, within)));
  const frame = Buffer.concat([Buffer.from("02000000000102000000000208 00".replaceAll(" ", ""), "hex"), outer]);
  const path = join(home, "nested.pcap");
  const record = (sec: number): Uint8Array =>
    pcapRecord({ sec, nsec: 0, bytes: frame, offset: 0, captured: frame.length, original: frame.length });
  writeFileSync(path, Buffer.concat([pcapFileHeader(1), ...[1_700_000_000, 1_700_000_001].map(record)]));
  // nobody declared who the users are, and no signalling was seen
  tapproof("scan", path, "--case", join(home, "case-nested"));
  const tunnels = await rows("nested", "SELECT source, address FROM tunnels ORDER BY teid");
  expect(tunnels[0]).toEqual(["10.77.0.1", "10.77.0.2"]);
  expect(tunnels[1]?.every((cell) => String(cell).startsWith("s:"))).toBe(true);
  const raw = readFileSync(join(home, "case-nested", "case.duckdb")).toString("latin1");
  expect(["172.31.7.7", "172.31.9.9", "198.51.100.66"].filter((a) => raw.includes(a))).toEqual([]);
});
