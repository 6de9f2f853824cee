/** Bundles of whole cases: each holds at every level and in both verifiers, is the same on another machine, and opens what was asked for and no more. */
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleCommand, challengeCommand } from "#cli/bundle.ts";
import { scanCommand } from "#cli/scan.ts";
import { verifyCommand } from "#cli/verify.ts";
import { loadDeclaration } from "#declaration/load.ts";
import { bundlePath } from "#evidence/bundle/assemble.ts";
import { loadSigner } from "#evidence/keys/key-store.ts";
import { formatVerifierKey, KEY_TYPE } from "#evidence/keys/note-key.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, readCaseLog } from "#evidence/log/case-log.ts";
import { keepSealed } from "#evidence/log/sealed.ts";
import { cosign } from "#evidence/note/cosignature.ts";
import { parseNote } from "#evidence/note/note.ts";
import { readCase } from "#report/case-data.ts";
import { addSignature, makeSeal, pointsHash, type SealParty } from "#evidence/seal/declaration-seal.ts";
import { loadRegister } from "#register/load.ts";
import { replayOn } from "#run/seal/replay.ts";
import { verifyBundle, type VerifyResult } from "#verify/verify.ts";
import {
  capturesIn,
  KEY,
  labSource,
  makeCase,
  networkIn,
  removeTemporary,
  sharedSources,
  temporaryFolder,
  warrantsIn,
  type Made,
  type Source,
} from "./make.ts";
import { pythonAtHand, verifyInPython } from "./python.ts";

afterAll(removeTemporary);

function failures(result: VerifyResult): string[] {
  return result.checks.filter((c) => c.status === "failed").map((c) => `${c.code} ${c.part ?? ""} ${c.detail}`);
}

async function replayed(made: Made, source: Source): Promise<VerifyResult> {
  const warrants = warrantsIn(source.folder);
  return verifyBundle(made.octets, { key: KEY, replay: replayOn([source.folder], warrants === undefined ? null : loadRegister(warrants)) });
}

/** One of each kind of act and carrier, and some that must stay silent. */
const LAB = [
  "clean-x2-handover",
  "copy-gre-ip",
  "copy-zstd-stream",
  "copy-content-recut-base64",
  "copy-esp",
  "copy-next-hop",
  "copy-outer-fragments",
  "copy-two-receivers",
  "channel-icmp",
  "dupl-hijack",
  "x1-and-x3",
  "x3-mediation-no-warrant",
  "access-ssh-support",
  "ghost-after-delete",
  "query-air-bulk",
  "twin-copy-nat-in-line",
];

const python = pythonAtHand();

describe("every bundle holds at every level, in both verifiers", () => {
  const sources = [
    ...sharedSources().map((s) => ({ name: s.name, at: () => s })),
    ...LAB.map((name) => ({ name, at: () => labSource(name) })),
  ];
  for (const { name, at } of sources) {
    it(
      name,
      async () => {
        const source = at();
        const made = await makeCase(source);
        const result = await replayed(made, source);
        expect(failures(result)).toEqual([]);
        expect(result).toMatchObject({ level: "L3", passed: true, origin: { status: "checked" } });
        if (!python) return;
        const second = verifyInPython(made.octets, { key: KEY });
        expect(second.checks.filter((c) => c.status === "failed")).toEqual([]);
        expect(second).toMatchObject({ status: 0, level: "L2", origin: "passed" });
        // Of the checks that both make, each says the same of the same bundle.
        for (const check of second.checks.filter((c) => c.status === "passed")) {
          expect(
            result.checks.find((c) => c.code === check.code),
            check.code,
          ).toBeDefined();
        }
      },
      60_000,
    );
  }
});

describe("two machines", () => {
  it("write the same records, octet for octet, from the same captures and keys; and the same bundle", async () => {
    const source = labSource("copy-bundled");
    const key = (n: number): string => Buffer.alloc(32, n).toString("base64");
    const keys = JSON.stringify({ pseudonyms: key(1), prints: key(2), sampling: key(3), salts: key(4), nonces: key(5) });
    const one = await makeCase(source, keys);
    // Elsewhere: another folder, other names of folders, another day.
    const elsewhere = { name: "elsewhere", folder: temporaryFolder() };
    for (const file of readdirSync(source.folder)) copyFileSync(join(source.folder, file), join(elsewhere.folder, file));
    const two = await makeCase(elsewhere, keys, "another-name");
    const records = (made: Made): string[] =>
      readdirSync(join(made.folder, "records"))
        .sort()
        .map((f) => readFileSync(join(made.folder, "records", f), "utf8"));
    expect(records(two)).toEqual(records(one));
    expect(two.octets.equals(one.octets)).toBe(true);
  });

  it("the command line, with --case-keys: the whole bundle is the same", async () => {
    const source = labSource("copy-vxlan");
    const home = temporaryFolder();
    const made: string[] = [];
    for (const name of ["a", "b"]) {
      const folder = join(temporaryFolder(), "case");
      const keys = made.length === 0 ? {} : { caseKeys: join(made[0] as string, "keys.json") };
      const args = {
        captures: [source.folder],
        network: networkIn(source.folder) as string,
        case: folder,
        append: false,
        json: true,
        skipBad: false,
        identities: false,
        beacon: "drand 4242 8f3c",
        ...keys,
      };
      expect(await scanCommand(args, io(home).io), name).toBe(0);
      made.push(folder);
    }
    const [a, b] = made.map((folder) => readFileSync(bundlePath(folder)));
    const { contents } = await verifyBundle(a as Buffer, { anySigner: true });
    expect(contents?.records.find((r) => r.type === "coverage")?.record["beacon"]).toBe("drand 4242 8f3c");
    expect(a?.equals(b as Buffer)).toBe(true);
  }, 60_000);
});

function io(home: string): {
  io: { stdin: PassThrough; stdout: PassThrough; stderr: PassThrough; env: Record<string, string> };
  text: () => string;
} {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  return {
    io: { stdin: new PassThrough(), stdout, stderr: new PassThrough().resume(), env: { TAPPROOF_HOME: home } },
    text: () => Buffer.concat(chunks).toString(),
  };
}

/** A policy that asks for a witness, in the log of a case whose signer lies in a home folder; answers the new head. */
function appendAs(folder: string, env: Record<string, string>, policy: string): string {
  const log = openCaseLog(folder, loadSigner(undefined, env));
  log.append("policy", { policy });
  const head = log.checkpoint();
  log.close();
  return head;
}

describe("standing", () => {
  const source = sharedSources().find((s) => s.name === "covert-copy");
  it.skipIf(source === undefined)(
    "attested: declaration and tap map sealed by three parties before the first frame; not when the seal is younger",
    async () => {
      if (source === undefined) return;
      const home = temporaryFolder();
      const network = join(temporaryFolder(), "network.yaml");
      const text = readFileSync(networkIn(source.folder) as string, "utf8");
      writeFileSync(network, text.replace("points:\n", 'points:\n  - { match: "*core*" }\n'));
      const { declaration, sha256 } = loadDeclaration(network);
      const signers = ["operator", "installer", "court"].map((name, i) => Signer.fromSeed(`${name}.example`, Buffer.alloc(32, 20 + i)));
      const [operator, installer, court] = signers as [Signer, Signer, Signer];
      const parties: readonly SealParty[] = [
        { name: "Operator", role: "operator", side: "accuser", key: operator.key },
        { name: "Tap Works", role: "installer", side: "neither", key: installer.key },
        { name: "Court", role: "third-party", side: "neither", key: court.key },
      ];
      for (const [at, standing] of [
        ["2026-01-01T00:00:00Z", "attested"],
        ["2026-11-01T00:00:00Z", "given"],
      ] as const) {
        const now = Date.parse(at);
        const text = {
          at,
          network: declaration.network.name,
          declaration: sha256,
          points: pointsHash(declaration.points),
          annexes: [],
          parties,
        };
        const seal = join(temporaryFolder(), "network.seal");
        writeFileSync(seal, addSignature(addSignature(makeSeal(text, operator, now), installer, now), court, now));
        const folder = join(temporaryFolder(), "case");
        const args = {
          captures: [source.folder],
          network,
          seal,
          case: folder,
          append: false,
          json: true,
          skipBad: false,
          identities: false,
        };
        expect(await scanCommand(args, io(home).io)).toBe(0);
        const octets = readFileSync(bundlePath(folder));
        const result = await verifyBundle(octets, { anySigner: true, replay: replayOn([source.folder], null) });
        expect(failures(result)).toEqual([]);
        const why = JSON.stringify(result.contents?.records.find((r) => r.type === "seal")?.record["missing"]);
        const stands = result.contents?.records.filter((r) => r.type === "finding").map((r) => r.record["standing"]);
        expect(stands, why).toEqual([standing]);
        // Cosigned later: the same findings are witnessed for whoever reads the case, and what was only given stays so.
        expect((await readCase(folder)).document.findings.map((f) => f.standing)).toEqual([standing]);
        const cosigner = Signer.fromSeed("witness.example", Buffer.alloc(32, 41), KEY_TYPE.cosignature);
        const head = appendAs(folder, { TAPPROOF_HOME: home }, `witness w ${formatVerifierKey(cosigner.key)}\nquorum w\n`);
        expect((await readCase(folder)).document.findings.map((f) => f.standing)).toEqual([standing]);
        keepSealed(folder, head, [cosign(parseNote(head).text, cosigner, 1_800_000_000)]);
        const later = standing === "attested" ? "witnessed" : "given";
        expect((await readCase(folder)).document.findings.map((f) => f.standing)).toEqual([later]);
        if (python) expect(verifyInPython(octets, { anySigner: true })).toMatchObject({ status: 0, level: "L2" });
      }
    },
    60_000,
  );
});

describe("on the command line", () => {
  const home = temporaryFolder();
  const source = labSource("copy-vxlan");
  const folder = join(temporaryFolder(), "net-case");
  const bundle = bundlePath(folder);
  const key = join(home, "tapproof.pub");
  const bundleArgs = { directory: folder, findings: [], open: [], pairs: 3, withPackets: false, captures: [] };
  const verifyArgs = { bundle, anySigner: false, witnesses: [], captures: [], sealed: [], answers: [], json: false };

  beforeAll(async () => {
    const args = {
      captures: [source.folder],
      network: networkIn(source.folder) as string,
      case: folder,
      append: false,
      json: false,
      skipBad: false,
      identities: false,
    };
    const out = io(home);
    expect(await scanCommand(args, out.io)).toBe(0);
    expect(out.text()).toContain(`tapproof verify ${bundle}`);
    expect(basename(bundle)).toBe("net-case.tapproof");
  }, 60_000);

  const verified = async (over: Partial<Parameters<typeof verifyCommand>[0]>): Promise<{ code: number; text: string }> => {
    const out = io(home);
    const code = await verifyCommand({ ...verifyArgs, ...over }, out.io);
    return { code, text: out.text() };
  };

  it("without a key the first line says so and the exit is 1; any signer, the right one, a wrong one", async () => {
    const unknown = await verified({});
    expect(unknown.code).toBe(1);
    expect(unknown.text.split("\n")[0]).toMatch(/^origin: not checked/);
    expect(await verified({ anySigner: true })).toMatchObject({ code: 0, text: expect.stringMatching(/^origin: not checked/) as string });
    expect(await verified({ key })).toMatchObject({ code: 0, text: expect.stringMatching(/^origin: tapproof\//) as string });
    const stranger = temporaryFolder();
    const { loadSigner } = await import("#evidence/keys/key-store.ts");
    loadSigner(undefined, { TAPPROOF_HOME: stranger });
    expect(await verified({ key: join(stranger, "tapproof.pub") })).toMatchObject({
      code: 1,
      text: expect.stringContaining("FAILED: origin") as string,
    });
    expect((await verified({ key, captures: [source.folder] })).text).toContain("level: L3");
    await expect(verified({ bundle: networkIn(source.folder) as string })).rejects.toMatchObject({ exitCode: 2 });
    await expect(verified({ bundle: "absent.tapproof" })).rejects.toMatchObject({ exitCode: 2 });
  });

  const opened = async (
    over: Partial<Parameters<typeof bundleCommand>[0]>,
  ): Promise<{ octets: Buffer; records: readonly { type: string; record: Readonly<Record<string, unknown>> }[] }> => {
    const out = join(temporaryFolder(), "opened.tapproof");
    expect(await bundleCommand({ ...bundleArgs, out, reason: "ordered by the court, ref 1", ...over }, io(home).io)).toBe(0);
    const octets = readFileSync(out);
    const result = await verifyBundle(octets, { anySigner: true });
    expect(failures(result)).toEqual([]);
    if (python) expect(verifyInPython(octets, { anySigner: true })).toMatchObject({ status: 0, level: "L2" });
    return { octets, records: result.contents?.records ?? [] };
  };

  it("opens one subscriber, one identity, one packet, and nothing else; each opening is in the log", async () => {
    const before = readFileSync(bundle);
    const content = (records: readonly { type: string; record: Readonly<Record<string, unknown>> }[]): string[] =>
      records.filter((r) => r.type === "opening").map((r) => Buffer.from(String(r.record["content"]), "base64").toString("latin1"));
    const subscriber = await opened({ open: ["subscriber", "0"] });
    const [imsi] = content(subscriber.records);
    expect(content(subscriber.records)).toHaveLength(1);
    expect(imsi).toMatch(/^imsi:\d{15}$/);
    expect(before.includes((imsi as string).slice(5))).toBe(false);
    const identity = await opened({ open: ["identity:1"] });
    expect(content(identity.records)).toHaveLength(1);
    expect(content(identity.records)[0]).toMatch(/^(imsi|imei|msisdn|ip):/);
    const packet = await opened({ open: ["packet", "2"] });
    const [frame] = content(packet.records);
    expect(content(packet.records)).toHaveLength(1);
    expect(capturesIn(source.folder).some((file) => readFileSync(file).includes(Buffer.from(frame as string, "latin1")))).toBe(true);
    const log = readCaseLog(folder);
    expect([...(log?.records("opening") ?? [])].map((e) => e.value["reason"])).toEqual(
      Array.from({ length: 3 }, () => "ordered by the court, ref 1"),
    );
    const custody = [...(log?.records("custody") ?? [])].map((e) => `${String(e.value["action"])} ${String(e.value["note"]).slice(18)}`);
    expect(custody).toEqual(["opened-commitment subscriber 0", "opened-commitment identity 1", "opened-commitment packet 2"]);
    // The bundle made without opening anything has none of it.
    const closed = await opened({});
    expect(content(closed.records)).toEqual([]);
    expect(closed.octets.includes(Buffer.from(String(imsi)).toString("base64"))).toBe(false);
    await expect(bundleCommand({ ...bundleArgs, open: ["subscriber", "0"] }, io(home).io)).rejects.toMatchObject({ exitCode: 2 });
    await expect(bundleCommand({ ...bundleArgs, open: ["subscriber", "9999"], reason: "x" }, io(home).io)).rejects.toMatchObject({
      exitCode: 2,
    });
    await expect(bundleCommand({ ...bundleArgs, open: ["everything"], reason: "x" }, io(home).io)).rejects.toMatchObject({ exitCode: 2 });
  }, 60_000);

  it("answers a challenge with the pairs that the random value picks", async () => {
    const drawn = io(home);
    await challengeCommand({ of: bundle, random: "drand-4711", pairs: 4, json: true }, drawn.io);
    const fromCase = io(home);
    await challengeCommand({ of: folder, random: "drand-4711", pairs: 4, json: true }, fromCase.io);
    const { pairs } = JSON.parse(drawn.text()) as { pairs: number[] };
    expect(JSON.parse(fromCase.text())).toMatchObject({ pairs });
    expect(new Set(pairs).size).toBe(4);
    const answered = await opened({ challenge: "drand-4711", pairs: 4 });
    const challenge = answered.records.find((r) => r.type === "challenge")?.record ?? {};
    expect((challenge["pairs"] as { pair: number }[]).map((p) => p.pair)).toEqual(pairs);
  });

  it("puts full packets in only where a person asked", async () => {
    const full = await opened({ withPackets: true });
    const part = (await verifyBundle(full.octets, { anySigner: true })).contents?.parts.find((p) => p.name.startsWith("carved-full/"));
    expect(part?.bytes).toBeGreaterThan(1000);
    expect(
      (await verifyBundle(readFileSync(bundle), { anySigner: true })).contents?.parts.some((p) => p.name.startsWith("carved-full/")),
    ).toBe(false);
  });

  it("carved packets open in tshark, without a malformed one, with comments", () => {
    const files = readdirSync(join(folder, "carved")).map((f) => join(folder, "carved", f));
    expect(files.length).toBeGreaterThan(0);
    const tshark = spawnSync("tshark", ["-r", files[0] as string, "-T", "fields", "-e", "frame.comment", "-e", "_ws.malformed"], {
      encoding: "utf8",
    });
    if (tshark.error !== undefined) return console.warn("bundle: tshark is absent, carved packets are NOT opened with it");
    const lines = tshark.stdout.trim().split("\n");
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) expect(line).toMatch(/^(copy|original|evidence), frame \d+ of capture [0-9a-f]{64}\s*$/);
  });

  it("a second scan in the same case: both runs are in the bundle, and replay", async () => {
    const again = {
      captures: capturesIn(source.folder).slice(0, 1),
      network: networkIn(source.folder) as string,
      case: folder,
      append: true,
      json: true,
      skipBad: false,
      identities: false,
    };
    const checkpoint = join(temporaryFolder(), "checkpoint");
    copyFileSync(join(folder, "log", "checkpoint"), checkpoint);
    expect(await scanCommand(again, io(home).io)).toBe(0);
    const both = await verified({ key, checkpoint, captures: [source.folder] });
    expect(both.text).toContain("2 runs");
    expect(both).toMatchObject({ code: 0 });
    if (python)
      expect(
        verifyInPython(readFileSync(bundle), { key: readFileSync(key, "utf8").trim(), checkpoint: readFileSync(checkpoint, "utf8") }),
      ).toMatchObject({ status: 0 });
    expect(existsSync(join(folder, "sources.json"))).toBe(true);
    mkdirSync(join(folder, "x"));
  }, 60_000);
});
