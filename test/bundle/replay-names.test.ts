/** A name in a bundle is never a path: whatever a capture record calls its file, a replay writes nothing and reads only what its user gave. */
import { existsSync, mkdirSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { replayOn } from "#run/seal/replay.ts";
import { formatVerifierKey } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { verifyBundle, type Check, type ReplayRequest } from "#verify/verify.ts";
import { forge } from "./forge.ts";
import { capturesIn, KEY, labSource, makeCase, removeTemporary, temporaryFolder, type Made, type Source } from "./make.ts";
import { pythonAtHand, verifyInPython } from "./python.ts";

let source: Source;
let made: Made;

beforeAll(async () => {
  source = labSource("copy-vxlan");
  made = await makeCase(source);
}, 60_000);
afterAll(removeTemporary);

const HARD = ["../../x/y", "/tmp/planted.pcap", "..", ".", "", "a/b.pcap", "..\\..\\x", "C:\\x.pcap", "a\u0000b", "a\nb", "x".repeat(256)];

const l3 = (checks: readonly Check[]): readonly Check[] => checks.filter(({ level }) => level === "L3");

describe("what a capture record calls its file", () => {
  it.each(HARD)("%j is no name: both verifiers refuse it, and nothing is replayed", async (file) => {
    const forged = forge(made, (type, record) => (type === "capture" ? { ...record, file } : record));
    const replay = vi.fn<ReturnType<typeof replayOn>>();
    const result = await verifyBundle(forged, { key: KEY, replay });
    expect(result).toMatchObject({ level: "none", passed: false });
    expect(result.checks.find((c) => c.status === "failed")).toMatchObject({
      code: "records",
      part: expect.stringMatching(/^records\//) as string,
    });
    expect(replay).not.toHaveBeenCalled();
    if (pythonAtHand()) expect(verifyInPython(forged, { key: KEY }).checks.find((c) => c.status === "failed")?.code).toBe("records");
  });

  it.each([...HARD, "0.pcap", "config"])("%j makes no file or folder even where no verifier stood before the replay", async (file) => {
    const request = await requestOf(made);
    // Deep enough that `../../x` would still be seen.
    const root = temporaryFolder();
    const own = join(root, "a", "b", "tmp");
    mkdirSync(own, { recursive: true });
    vi.stubEnv("TMPDIR", own);
    const before = readdirSync(root, { recursive: true });
    const hard: ReplayRequest = {
      runs: request.runs.map((run) => ({ ...run, captures: run.captures.map((c) => ({ ...c, file })) })),
    };
    // A name that two captures share is no harm either: they are told apart by what they hold.
    await replayOn(capturesIn(source.folder), null)(hard);
    expect(readdirSync(root, { recursive: true })).toEqual(before);
    expect(existsSync("/tmp/planted.pcap")).toBe(false);
    vi.unstubAllEnvs();
  });

  it("captures are found by what they hold: renamed and put into another folder, they replay, and the tap map still fits their names", async () => {
    const elsewhere = temporaryFolder();
    const copy = labSource("copy-vxlan");
    for (const [i, path] of capturesIn(copy.folder).entries()) renameSync(path, join(elsewhere, `${9 - i}.pcap`));
    const folder = join(elsewhere, "sub");
    mkdirSync(folder);
    const result = await verifyBundle((await makeCase(source)).octets, { key: KEY, replay: replayOn([elsewhere], null) });
    expect(result.checks.filter((c) => c.status === "failed")).toEqual([]);
    expect(result.level).toBe("L3");
  }, 60_000);
});

describe("nothing is replayed", () => {
  const stranger = formatVerifierKey(Signer.fromSeed("test.example/tapproof", Buffer.alloc(32, 9)).key);

  it("after an origin that is wrong", async () => {
    const replay = vi.fn<ReturnType<typeof replayOn>>();
    const result = await verifyBundle(made.octets, { key: stranger, replay });
    expect(replay).not.toHaveBeenCalled();
    expect(result).toMatchObject({ passed: false, origin: { status: "wrong" } });
    expect(l3(result.checks).every((c) => c.status === "not checked")).toBe(true);
    expect(l3(result.checks)[0]?.detail).toBe("nothing was replayed, because the origin is wrong");
  });

  it("after a check of L1 or L2 that failed", async () => {
    const replay = vi.fn<ReturnType<typeof replayOn>>();
    const forged = forge(made, (type, record) => (type === "coverage" ? { ...record, packets: Number(record["packets"]) + 1 } : record));
    const result = await verifyBundle(forged, { key: KEY, replay });
    expect(replay).not.toHaveBeenCalled();
    expect(result).toMatchObject({ passed: false, level: "L1" });
    expect(l3(result.checks)[0]?.detail).toBe("nothing was replayed, because coverage failed");
  });

  it("while a reader who accepts any signer may replay what holds", async () => {
    const replay = vi.fn(replayOn(capturesIn(source.folder), null));
    expect(await verifyBundle(made.octets, { anySigner: true, replay })).toMatchObject({ level: "L3", passed: true });
    expect(replay).toHaveBeenCalledOnce();
  }, 60_000);
});

async function requestOf(of: Made): Promise<ReplayRequest> {
  let seen: ReplayRequest | undefined;
  await verifyBundle(of.octets, {
    key: KEY,
    replay: (request) => {
      seen = request;
      return Promise.resolve({ runs: [] });
    },
  });
  if (seen === undefined) throw new Error("no replay was asked for");
  return seen;
}
