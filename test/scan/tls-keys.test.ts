/** X1 inside TLS, as real TLS stacks speak it (Node's, over a loopback proxy that records), read with a key log; tshark reads the same. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectTcp, createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable, Writable } from "node:stream";
import { connect, createServer } from "node:tls";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "#cli/main.ts";
import { Random } from "#lab/random.ts";
import { pcap } from "#lab/wire/pcap.ts";
import { tcpTalk, type Line } from "#lab/wire/tcp-talk.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-tls-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const hasTshark = spawnSync("tshark", ["--version"]).status === 0;
if (!hasOpenssl) console.warn("SKIPPED: openssl is missing, no certificate can be made: TLS with a key log is not tested");
if (!hasTshark) console.warn("SKIPPED: tshark is missing: TLS with a key log is not compared with it");

const XML = `<?xml version="1.0"?><X1Request xmlns="http://uri.etsi.org/03221/X1/2017/10" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><x1RequestMessage xsi:type="ActivateTaskRequest"><admfIdentifier>admf</admfIdentifier><neIdentifier>ne-1</neIdentifier><messageTimestamp>2026-01-01T00:00:00Z</messageTimestamp><version>v1.6.1</version><x1TransactionId>3741800e-971b-4aa9-85f4-466d2b1adc7f</x1TransactionId><taskDetails><xId>29f28e1c-f230-486a-a860-f5a784ab9172</xId><targetIdentifiers><targetIdentifier><imsi>262011234567890</imsi></targetIdentifier></targetIdentifiers><deliveryType>X2andX3</deliveryType><listOfDIDs><dId>19867c20-8c94-473e-b9cd-8b72b7b05fd4</dId></listOfDIDs></taskDetails></x1RequestMessage></X1Request>`;
const REQUEST = `POST /X1/NE HTTP/1.1\r\nHost: ne-1\r\nContent-Type: application/xml\r\nContent-Length: ${XML.length}\r\n\r\n${XML}`;
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

interface Recorded {
  readonly capture: string;
  readonly keys: string;
}

/** Speaks `rounds` requests and answers over TLS, and writes what the proxy between the two saw as a capture. */
async function record(name: string, options: { version: "TLSv1.2" | "TLSv1.3"; ciphers: string }, rounds = 3): Promise<Recorded> {
  const script: Line[] = [];
  let log = "";
  const { version, ciphers } = options;
  const common = { minVersion: version, maxVersion: version, ciphers } as const;
  const server = createServer({ ...common, key: readFileSync(join(folder, "key.pem")), cert: readFileSync(join(folder, "cert.pem")) });
  server.on("keylog", (line: Buffer) => (log += line.toString("latin1")));
  server.on("secureConnection", (socket) => {
    let got = "";
    socket.on("data", (data: Buffer) => {
      got += data.toString("latin1");
      while (got.length >= REQUEST.length) {
        got = got.slice(REQUEST.length);
        socket.write(ANSWER);
      }
    });
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const proxy = createTcpServer((near) => {
    const far = connectTcp((server.address() as AddressInfo).port, "127.0.0.1");
    const pipe = (from: "client" | "server") => (data: Buffer) => {
      script.push({ from, data: Uint8Array.from(data) });
      (from === "client" ? far : near).write(data);
    };
    near.on("data", pipe("client"));
    far.on("data", pipe("server"));
    for (const socket of [near, far]) socket.on("error", () => undefined);
    near.on("close", () => far.destroy());
  });
  await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
  const socket = connect({ ...common, port: (proxy.address() as AddressInfo).port, host: "127.0.0.1", rejectUnauthorized: false });
  let answers = "";
  await new Promise<void>((resolve, reject) => {
    socket.on("secureConnect", () => socket.write(REQUEST));
    socket.on("error", reject);
    socket.on("data", (data: Buffer) => {
      answers += data.toString("latin1");
      const done = Math.floor(answers.length / ANSWER.length);
      if (done >= rounds) resolve();
      else socket.write(REQUEST);
    });
  });
  socket.destroy();
  proxy.close();
  server.close();
  const talk = tcpTalk(
    {
      client: "10.8.0.1",
      server: "10.0.0.2",
      cport: 40_000,
      sport: 8443,
      start: 1_767_225_600,
      rtt: 0.01,
      script,
      end: "fin",
      cuts: [700, 33, 1400, 5],
    },
    new Random(name),
  );
  const records = talk.map(({ at, packet }) => ({ nanos: BigInt(Math.round(at * 1e9)), bytes: packet }));
  const paths = { capture: join(folder, `${name}.pcap`), keys: join(folder, `${name}.keys`) };
  writeFileSync(paths.capture, pcap(records, { linkType: 101 }));
  writeFileSync(paths.keys, `# keys of a test\n${log}`);
  return paths;
}

async function decode(...args: string[]): Promise<Record<string, unknown>[]> {
  let out = "";
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out += chunk.toString();
      done();
    },
  });
  const stderr = new Writable({ write: (_chunk, _encoding, done) => done() });
  const code = await run(["decode", "--json", "--identities", ...args], { stdin: Readable.from([]), stdout, stderr, env: {} });
  expect(code).toBe(0);
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

const SUITES = [
  { name: "tls13-aes128", version: "TLSv1.3", ciphers: "TLS_AES_128_GCM_SHA256" },
  { name: "tls13-aes256", version: "TLSv1.3", ciphers: "TLS_AES_256_GCM_SHA384" },
  { name: "tls13-chacha", version: "TLSv1.3", ciphers: "TLS_CHACHA20_POLY1305_SHA256" },
  { name: "tls12-aes128", version: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" },
  { name: "tls12-aes256", version: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" },
  { name: "tls12-chacha", version: "TLSv1.2", ciphers: "ECDHE-ECDSA-CHACHA20-POLY1305" },
] as const;

describe.skipIf(!hasOpenssl)("X1 in TLS", () => {
  const recorded = new Map<string, Recorded>();
  beforeAll(async () => {
    const made = spawnSync("openssl", [
      "req",
      "-x509",
      "-newkey",
      "ec",
      "-pkeyopt",
      "ec_paramgen_curve:P-256",
      "-nodes",
      "-subj",
      "/CN=ne-1",
      "-days",
      "2",
      "-keyout",
      join(folder, "key.pem"),
      "-out",
      join(folder, "cert.pem"),
    ]);
    expect(made.status).toBe(0);
    for (const { name, ...options } of SUITES) recorded.set(name, await record(name, options));
  });

  it.each(SUITES.map(({ name }) => name))("%s: every task is read with the keys, none without", async (name) => {
    const { capture, keys } = recorded.get(name) as Recorded;
    const lines = await decode(capture, "--tls-keys", keys);
    expect(lines.filter((line) => line["protocol"] === "x1" && line["imsi"] === "262011234567890")).toHaveLength(3);
    expect(await decode(capture)).toEqual([]);
  });

  it.skipIf(!hasTshark).each(SUITES.map(({ name }) => name))("%s: tshark reads as many requests with the same keys", (name) => {
    const { capture, keys } = recorded.get(name) as Recorded;
    const args = [
      "-r",
      capture,
      "-o",
      `tls.keylog_file:${keys}`,
      "-d",
      "tcp.port==8443,tls",
      "-Y",
      "http.request",
      "-T",
      "fields",
      "-e",
      "http.request.uri",
    ];
    const tshark = spawnSync("tshark", args, { encoding: "utf8" });
    expect(
      tshark.stdout
        .trim()
        .split("\n")
        .flatMap((line) => line.split(",")),
    ).toEqual(["/X1/NE", "/X1/NE", "/X1/NE"]);
  });

  it("keys of another connection open nothing, and nothing is made up", async () => {
    const [one, other] = [recorded.get("tls13-aes128") as Recorded, recorded.get("tls12-aes128") as Recorded];
    expect(await decode(one.capture, "--tls-keys", other.keys)).toEqual([]);
    const wrong = join(folder, "wrong.keys");
    writeFileSync(wrong, readFileSync(one.keys, "latin1").replace(/[0-9a-f]{8}(?=\n)/g, "00000000"));
    expect(await decode(one.capture, "--tls-keys", wrong)).toEqual([]);
  });

  it("damage anywhere ends the reading and never throws", async () => {
    const { capture, keys } = recorded.get("tls13-aes128") as Recorded;
    const octets = readFileSync(capture);
    const random = new Random("damage");
    for (let i = 0; i < 60; i++) {
      const damaged = Buffer.from(octets);
      const at = random.int(24, octets.length - 1);
      damaged[at] = (damaged[at] as number) ^ (1 << random.int(0, 7));
      const path = join(folder, "damaged.pcap");
      writeFileSync(path, damaged);
      expect((await decode(path, "--tls-keys", keys)).length).toBeLessThanOrEqual(3);
    }
  });
});

it("a file without secrets is refused in one line", async () => {
  const path = join(folder, "no.keys");
  writeFileSync(path, "nothing here\n");
  let err = "";
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      err += chunk.toString();
      done();
    },
  });
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() });
  expect(await run(["decode", "x.pcap", "--tls-keys", path], { stdin: Readable.from([]), stdout, stderr, env: {} })).toBe(2);
  expect(err).toContain("holds no secret");
});
