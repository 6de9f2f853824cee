/**
 * Product of interception as an independent ASN.1 compiler encodes it (test/oracle/handover/generate.py, pycrate with the modules of TS 33.108 and TS 33.128):
 * whose it is, when, in which order, what it carries, and whether it says where somebody is.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readPayload } from "#decode/carried/payload.ts";
import { toRfc3339 } from "#model/time.ts";
import { readPdu } from "./pdu.ts";
import { HandoverStream, probe, readDatagram } from "./recognise.ts";

const FOLDER = join(import.meta.dirname, "../../../test/oracle/handover");

interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly expect: {
    readonly protocol?: string;
    readonly family?: string;
    readonly liid?: string | null;
    readonly sequence?: number;
    readonly towards?: string;
    readonly content?: string;
    readonly time?: string;
    readonly imsi?: string;
    readonly location?: boolean;
  };
}

const { vectors } = JSON.parse(readFileSync(join(FOLDER, "vectors.json"), "utf8")) as { vectors: Vector[] };
const handovers = vectors.filter((v) => !v.name.startsWith("x2-"));

describe("records of pycrate", () => {
  it.each(handovers.map((v) => [v.name, v] as const))("%s", (_, v) => {
    const bytes = Buffer.from(v.hex, "hex");
    const due = v.expect;
    expect(probe(bytes, 0, bytes.length)).toBe("yes");
    expect(readDatagram(bytes, 0, bytes.length)).toHaveLength(1);
    const m = readPdu(bytes, 0, bytes.length, true);
    if (m === undefined) throw new Error("not read");
    expect(m.faults).toEqual([]);
    expect(m.protocol).toBe(due.protocol);
    if (due.liid !== undefined) expect(m.liid ?? null).toBe(due.liid);
    if (due.sequence !== undefined) expect(m.sequence).toBe(due.sequence);
    if (due.towards !== undefined) expect(m.towards).toBe(due.towards);
    if (due.time !== undefined) expect(m.productTime && toRfc3339(m.productTime)).toBe(due.time);
    if (due.imsi !== undefined) expect(m.imsi).toEqual([due.imsi]);
    if (due.location !== undefined) expect(m.holdsLocation).toBe(due.location);
    if (due.content === undefined) return;
    expect(m.contents).toHaveLength(1);
    const [c] = m.contents;
    expect(c && bytes.subarray(c.offset, c.offset + c.length).toString("hex")).toBe(due.content);
  });

  it.each(vectors.filter((v) => v.name.startsWith("x2-")).map((v) => [v.name, v] as const))("%s", (_, v) => {
    const bytes = Buffer.from(v.hex, "hex");
    expect(readPayload(bytes, 0, bytes.length, 0, false).location).toBe(v.expect.location);
  });

  it("are found in a stream however it is cut, and cut short say nothing more", () => {
    const all = Buffer.concat(handovers.map((v) => Buffer.from(v.hex, "hex")));
    for (const piece of [1, 7, 64, 1400]) {
      const names: string[] = [];
      const sink = { message: (m: { name: string }): void => void names.push(m.name), fault: (): void => void names.push("fault") };
      const stream = new HandoverStream<number>(sink, { fromStart: true });
      for (let at = 0; at < all.length; at += piece) stream.data(all, at, Math.min(all.length, at + piece), at);
      expect(names).toHaveLength(handovers.length);
      expect(names).not.toContain("fault");
    }
    for (const v of handovers) {
      const bytes = Buffer.from(v.hex, "hex");
      for (let n = 0; n < bytes.length; n++) expect(readDatagram(bytes, 0, n)).toEqual([]);
    }
  });
});

const PYTHON = process.env["TAPPROOF_PYCRATE"] ?? "python3";
const hasPycrate = spawnSync(PYTHON, ["-c", "import pycrate_asn1dir"]).status === 0;
if (!hasPycrate) console.warn("SKIPPED: pycrate is missing (pip install pycrate==0.8.1): its golden vectors were read, not made again");

it.skipIf(!hasPycrate)("pycrate still makes these vectors", { timeout: 60_000 }, () => {
  const run = spawnSync(PYTHON, [join(FOLDER, "generate.py")], { encoding: "utf8" });
  expect(run.status, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toEqual(JSON.parse(readFileSync(join(FOLDER, "vectors.json"), "utf8")));
});
