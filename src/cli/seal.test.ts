/** The three commands around a case's log, as a person calls them. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { Signer } from "#evidence/keys/signer.ts";
import { openSeal } from "#evidence/seal/declaration-seal.ts";
import { run } from "./main.ts";
import { witnessCommand } from "./witness.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-seal-"));
const at = (name: string): string => join(folder, name);
const env = { TAPPROOF_HOME: at("home") };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

class Text extends Writable {
  text = "";
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

async function tapproof(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const [stdout, stderr] = [new Text(), new Text()];
  const code = await run(args, { stdin: Readable.from([]), stdout, stderr, env });
  return { code, out: stdout.text, err: stderr.text };
}

/** A case as a scan leaves it, as far as these commands look. */
function emptyCase(name: string, basis: string | null): string {
  mkdirSync(at(name), { mode: 0o700 });
  writeFileSync(join(at(name), "case.json"), JSON.stringify({ schema: "tapproof/case/1", created: "", tool: {}, basis, runs: [] }));
  return at(name);
}

async function witness<T>(logs: string, work: (url: string, key: string) => Promise<T>): Promise<T> {
  const [stdout, stderr] = [new Text(), new Text()];
  const stop = new AbortController();
  const running = witnessCommand(
    { logs, state: at(`state-${logs.length}-${Math.random()}`), port: 0, showKey: false, quiet: true },
    { stdout, stderr, env },
    stop.signal,
  );
  while (stdout.text === "") await new Promise((resolve) => setTimeout(resolve, 5));
  const { out } = await tapproof("witness", "--show-key");
  try {
    return await work(stdout.text.trim(), out.trim());
  } finally {
    stop.abort();
    expect(await running).toBe(0);
  }
}

describe("a case", () => {
  it("says that it is pending, is witnessed when asked, and keeps its witnesses", async () => {
    const dir = emptyCase("a", "audit");
    const alone = await tapproof("seal", dir);
    expect(alone.code).toBe(0);
    expect(alone.out).toContain("pending: 1 entries");
    await witness(at("home/tapproof.pub"), async (url, key) => {
      const sealed = await tapproof("seal", dir, "--witness", url, "--witness-key", key);
      expect(sealed.out).toMatch(/^witnessed: all 2 entries, sealed at \d{4}-/);
      expect(JSON.parse((await tapproof("seal", dir, "--json")).out)).toMatchObject({
        status: { state: "witnessed", size: 2, witnessedSize: 2 },
      });
      const other = Signer.generate("witness.example/other", 4).vkey;
      const changed = await tapproof("seal", dir, "--witness", url, "--witness-key", other);
      expect([changed.code, changed.err]).toEqual([2, expect.stringContaining("cannot be changed")]);
    });
    // The witness is gone: what was witnessed stays so, the call says that it was not answered.
    const gone = await tapproof("seal", dir);
    expect(gone.code).toBe(1);
    expect(gone.out).toContain("not cosigned  w1");
    expect(gone.out).toContain("witnessed: all 2 entries");
  });

  it("has its custody on record, with claimed and witnessed times apart", async () => {
    const dir = emptyCase("b", null);
    expect((await tapproof("custody", dir)).out).toBe("");
    expect((await tapproof("custody", dir, "--add", "opened", "--by", "A")).code).toBe(2);
    expect(
      (await tapproof("custody", dir, "--add", "opened", "--by", "A", "--law", "Art. 1", "--authority", "Court", "--purpose", "audit"))
        .code,
    ).toBe(0);
    writeFileSync(at("x.pcap"), "octets");
    const taken = await tapproof(
      "custody",
      dir,
      "--intake",
      at("x.pcap"),
      "--by",
      "B",
      "--place",
      "Paris",
      "--tool",
      "dumpcap",
      "--method",
      "tap",
      "--drops",
      "0",
      "--from",
      "C",
    );
    expect(taken.out).toContain("intake by B, handed over by C: ");
    expect(taken.out.match(/\(claimed\) {2}pending/g)).toHaveLength(2);
    for (const bad of [
      ["--add", "stole"],
      ["--add", "read", "--note", "imsi:208010000000001"],
      ["--intake", "nothing.pcap", "--place", "x", "--tool", "y"],
      ["--intake", at("x.pcap")],
      ["--add", "read", "--law", "x"],
    ]) {
      const refused = await tapproof("custody", dir, ...bad);
      expect(refused.code, bad.join(" ")).toBe(2);
      expect(refused.err.split("\n").filter((line) => line !== "")).toHaveLength(1);
      expect(refused.err).not.toContain("208010000000001");
    }
    expect(
      (await tapproof("custody", dir, "--json")).out
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).type),
    ).toEqual(["custody", "intake"]);
    expect((await tapproof("custody", dir, "--check")).code).toBe(0);
    expect((await tapproof("custody", dir, "--proof", "1")).out).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 1\n/);
    expect((await tapproof("custody", dir, "--proof", "9")).code).toBe(2);
    writeFileSync(join(dir, "log", "tile", "entries", "000.p", "3"), "x");
    const broken = await tapproof("custody", dir, "--check");
    expect(broken.code).toBe(1);
    expect(broken.out).toContain("tile/entries/000.p/3");
    expect((await tapproof("custody", at("nothing"))).code).toBe(2);
  });
});

describe("a declaration", () => {
  const parties = ["op", "inst", "court"].map((name) => {
    const signer = Signer.generate(`${name}.example`);
    writeFileSync(at(`${name}.key`), signer.exportText(), { mode: 0o600 });
    writeFileSync(at(`${name}.pub`), `${signer.vkey}\n`);
    return name;
  });
  const network = at("network.yaml");
  writeFileSync(network, 'network: { name: Exampletel, country: FR, plmns: ["20801"] }\npoints: [{ match: "*sgi*", interface: SGi }]\n');
  const list = ["operator,accuser,Exampletel", "installer,neither,Tap Works", "third-party,neither,Expert"].flatMap((party, i) => [
    "--party",
    `${party},${at(`${parties[i] ?? ""}.pub`)}`,
  ]);

  it("is sealed by one party, signed by the others, and by nobody else", async () => {
    const seal = at("net.seal");
    const made = await tapproof("seal", "--network", network, ...list, "--points", network, "--out", seal, "--signing-key", at("op.key"));
    expect(made.code).toBe(0);
    expect(made.out).toContain("waits for    installer: Tap Works");
    expect((await tapproof("seal", "--network", network, ...list, "--out", seal, "--signing-key", at("op.key"))).code).toBe(2);
    expect((await tapproof("seal", "--sign", seal, "--network", network)).err).toContain("none of its parties");
    const other = at("other.yaml");
    writeFileSync(other, readFileSync(network, "utf8").replace("SGi", "S1-U"));
    expect((await tapproof("seal", "--sign", seal, "--network", other, "--signing-key", at("inst.key"))).err).toContain("not signed");
    expect((await tapproof("seal", "--sign", seal, "--network", network, "--signing-key", at("inst.key"))).code).toBe(0);
    expect((await tapproof("seal", "--sign", seal, "--signing-key", at("court.key"))).err).toContain("without --network");
    const opened = openSeal(readFileSync(seal));
    expect(opened.signed).toHaveLength(3);
    expect(opened.annexes[0]?.name).toBe("network.yaml");
  });

  it("refuses parties that are none, and calls that mean nothing", async () => {
    for (const bad of [
      ["seal"],
      ["seal", at("a"), "--network", network],
      ["seal", "--network", network, "--party", "boss,accuser,X,y"],
      ["seal", "--network", network, "--party", `operator,accuser,X,${at("op.pub")},more`],
      ["seal", "--network", network, "--party", `operator,nobody,X,${at("op.pub")}`],
      ["seal", "--sign", at("missing.seal")],
      ["witness"],
      ["witness", "--logs", at("missing")],
      ["witness", "--logs", network],
    ]) {
      const refused = await tapproof(...bad);
      expect(refused.code, bad.join(" ")).toBe(2);
      expect(refused.err.trim().split("\n")).toHaveLength(1);
    }
  });
});

it("secret keys are their owner's alone", () => {
  for (const name of ["signing.key", "witness.key"]) {
    expect(existsSync(at(`home/${name}`))).toBe(true);
    expect(statSync(at(`home/${name}`)).mode & 0o077).toBe(0);
  }
});
