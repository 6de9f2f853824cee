import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog } from "#evidence/log/case-log.ts";
import { sealCase, stampedOctets, storedTimestamps } from "#evidence/seal/seal-case.ts";
import { parseNote } from "#evidence/note/note.ts";
import { readAuthorities, stamp } from "./client.ts";
import { readDer, writeOid, writeInteger } from "./der.ts";
import { timestampRequest } from "./request.ts";
import { verifyTimestamp } from "./response.ts";

const folder = mkdtempSync(join(tmpdir(), "tapproof-tsa-"));
const at = (name: string): string => join(folder, name);
const openssl = (...args: string[]): Buffer => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
const present = spawnSync("openssl", ["version"]).status === 0;
if (!present) console.warn("SKIPPED: openssl is not installed, so RFC 3161 is not tested against it");

/** An authority made on the spot: a CA, and a time stamper of each kind of key; and one whose certificate is for other uses too. */
function makeAuthority(): void {
  writeFileSync(
    at("openssl.cnf"),
    `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = Test Root\n[ca]\nbasicConstraints = critical,CA:true\n[tsa]\nextendedKeyUsage = critical,timeStamping\n[loose]\nextendedKeyUsage = timeStamping,codeSigning\n` +
      `[tsa_config]\nserial = ${at("serial")}\ncrypto_device = builtin\nsigner_digest = sha256\ndefault_policy = 1.2.3.4.1\nother_policies = 1.2.3.4.5\ndigests = sha256, sha384, sha512\naccuracy = secs:1\nordering = no\ntsa_name = yes\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n`,
  );
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-days",
    "30",
    "-config",
    "openssl.cnf",
    "-extensions",
    "ca",
  );
  openssl(
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-keyout",
    "other.key",
    "-out",
    "other.pem",
    "-days",
    "30",
    "-config",
    "openssl.cnf",
    "-extensions",
    "ca",
    "-subj",
    "/CN=Other Root",
  );
  for (const [name, ...kind] of [
    ["rsa", "rsa:2048"],
    ["ec", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"],
    ["loose", "rsa:2048"],
    ["expired", "rsa:2048"],
  ] as const) {
    openssl(
      "req",
      "-newkey",
      ...kind,
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-config",
      "openssl.cnf",
      "-subj",
      `/CN=Test TSA ${name}`,
    );
    openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.pem",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-days",
      name === "expired" ? "-1" : "20",
      "-out",
      `${name}.pem`,
      "-extfile",
      "openssl.cnf",
      "-extensions",
      name === "loose" ? "loose" : "tsa",
    );
  }
  // The root of the same key and name, as it was: its time is over.
  openssl("req", "-new", "-key", "ca.key", "-out", "ca.csr", "-config", "openssl.cnf");
  openssl(
    "x509",
    "-req",
    "-in",
    "ca.csr",
    "-signkey",
    "ca.key",
    "-days",
    "-1",
    "-out",
    "old.pem",
    "-extfile",
    "openssl.cnf",
    "-extensions",
    "ca",
  );
  writeFileSync(at("serial"), "0A");
}

function replyTo(request: Uint8Array, name: string): Buffer {
  writeFileSync(at("request.tsq"), request);
  openssl(
    "ts",
    "-reply",
    "-config",
    "openssl.cnf",
    "-section",
    "tsa_config",
    "-queryfile",
    "request.tsq",
    "-signer",
    `${name}.pem`,
    "-inkey",
    `${name}.key`,
    "-out",
    "reply.tsr",
    "-chain",
    "ca.pem",
  );
  return readFileSync(at("reply.tsr"));
}

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

const data = Buffer.from("what is stamped\n");
const nonce = Uint8Array.of(0x80, 1, 2, 3, 4, 5, 6, 7);

describe.skipIf(!present)("RFC 3161 with an authority made on the spot", () => {
  let roots: X509Certificate[] = [];
  let others: X509Certificate[] = [];
  beforeAll(() => {
    makeAuthority();
    roots = readAuthorities(readFileSync(at("ca.pem"), "utf8"));
    others = readAuthorities(readFileSync(at("other.pem"), "utf8"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("openssl reads our request as it is meant", () => {
    writeFileSync(at("request.tsq"), timestampRequest(data, nonce));
    const text = openssl("ts", "-query", "-in", "request.tsq", "-text").toString();
    expect(text).toContain("Hash Algorithm: sha256");
    expect(text).toContain("Nonce: 0x8001020304050607");
    expect(text).toContain("Certificate required: yes");
  });

  it("refuses a stamp by a certificate that was no longer valid then, with or without authorities to lead to", () => {
    const reply = replyTo(timestampRequest(data, nonce), "expired");
    for (const authorities of [roots, []])
      expect(code(() => verifyTimestamp(reply, { data, nonce, authorities }))).toBe("timestamp-refused");
    expect(() => verifyTimestamp(reply, { data, nonce, authorities: [] })).toThrow("its certificate was not valid then");
  });

  it("refuses a stamp whose authority leads only to a root that was no longer valid then", () => {
    const reply = replyTo(timestampRequest(data, nonce), "rsa");
    const old = readAuthorities(readFileSync(at("old.pem"), "utf8"));
    expect(verifyTimestamp(reply, { data, nonce, authorities: roots }).chain).toBe("checked");
    expect(code(() => verifyTimestamp(reply, { data, nonce, authorities: old }))).toBe("timestamp-refused");
  });

  for (const name of ["rsa", "ec"]) {
    it(`${name}: verified here and by openssl`, () => {
      const reply = replyTo(timestampRequest(data, nonce), name);
      const made = verifyTimestamp(reply, { data, nonce, authorities: roots });
      expect(made.chain).toBe("checked");
      expect(made.policy).toBe("1.2.3.4.1");
      expect(made.authority).toContain(`Test TSA ${name}`);
      expect(Math.abs(Date.parse(made.time) - Date.now())).toBeLessThan(60_000);
      writeFileSync(at("data"), data);
      expect(openssl("ts", "-verify", "-data", "data", "-in", "reply.tsr", "-CAfile", "ca.pem").toString()).toContain("Verification: OK");
      expect(verifyTimestamp(reply, { data, nonce: undefined, authorities: [] }).chain).toBe("not checked");
      expect(code(() => verifyTimestamp(reply, { data: Buffer.from("else"), nonce, authorities: roots }))).toBe("timestamp-refused");
      expect(code(() => verifyTimestamp(reply, { data, nonce: Uint8Array.of(1), authorities: roots }))).toBe("timestamp-refused");
      expect(code(() => verifyTimestamp(reply, { data, nonce, authorities: others }))).toBe("timestamp-refused");
    });
  }

  it("a certificate for other uses too is refused", () => {
    // openssl ts -reply itself refuses such a signer, so the token is made by cms.
    const reply = spawnSync(
      "openssl",
      [
        "ts",
        "-reply",
        "-config",
        "openssl.cnf",
        "-section",
        "tsa_config",
        "-queryfile",
        "request.tsq",
        "-signer",
        "loose.pem",
        "-inkey",
        "loose.key",
        "-out",
        "loose.tsr",
      ],
      { cwd: folder },
    );
    if (reply.status === 0) {
      expect(code(() => verifyTimestamp(readFileSync(at("loose.tsr")), { data, nonce, authorities: roots }))).toBe("timestamp-refused");
    }
  });

  it("a refusal is a refusal", () => {
    // Status 2, rejection: SEQUENCE { SEQUENCE { INTEGER 2 } }
    const rejection = Uint8Array.of(0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02);
    expect(code(() => verifyTimestamp(rejection, { data, nonce, authorities: [] }))).toBe("timestamp-refused");
  });

  it("cut anywhere, or any octet changed: refused, or the change lies where nothing is claimed", () => {
    const reply = replyTo(timestampRequest(data, nonce), "ec");
    const expected = { data, nonce, authorities: roots };
    const good = verifyTimestamp(reply, expected);
    for (let cut = 0; cut < reply.length; cut++) {
      expect(["timestamp-malformed", "timestamp-refused"]).toContain(code(() => verifyTimestamp(reply.subarray(0, cut), expected)));
    }
    let accepted = 0;
    for (let i = 0; i < reply.length; i++) {
      const changed = Buffer.from(reply);
      changed[i] = (changed[i] as number) ^ 0x01;
      try {
        // Unsigned parts (algorithm parameters, certificates that are not needed) may change; what is stated may not.
        expect(verifyTimestamp(changed, expected)).toEqual(good);
        accepted++;
      } catch (error) {
        expect(["timestamp-malformed", "timestamp-refused"]).toContain((error as EvidenceError).code);
      }
    }
    expect(accepted).toBeLessThan(reply.length / 2);
  });

  it("seals a case, and the stored stamp verifies again by both", async () => {
    const server: Server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        response.writeHead(200, { "content-type": "application/timestamp-reply" });
        response.end(replyTo(Buffer.concat(chunks), "rsa"));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const caseFolder = at("case");
    const signer = Signer.generate();
    const log = openCaseLog(caseFolder, signer);
    const outcome = await sealCase(log, signer, { tsa: url, tsaAuthorities: roots });
    expect(outcome.timestamp?.chain).toBe("checked");
    // A time stamp is no witness: the state stays what it is.
    expect(outcome.status.state).toBe("pending");
    const [stored] = storedTimestamps(log, roots);
    expect(stored?.problem).toBeNull();
    expect(stored?.timestamp?.time).toBe(outcome.timestamp?.time);
    writeFileSync(at("head"), stampedOctets(parseNote(log.checkpoint()), log.key));
    expect(
      openssl(
        "ts",
        "-verify",
        "-data",
        "head",
        "-in",
        join(caseFolder, "log", "sealed", stored?.file ?? ""),
        "-CAfile",
        "ca.pem",
      ).toString(),
    ).toContain("OK");
    writeFileSync(join(caseFolder, "log", "sealed", stored?.file ?? ""), "x");
    expect(storedTimestamps(log, roots)[0]?.problem).toContain("time stamp");
    log.close();
    await expect(stamp(data, "ftp://example.org", [])).rejects.toThrow("http");
    server.close();
    await expect(stamp(data, url, [])).rejects.toThrow("127.0.0.1");
  });
});

it("DER: no other spelling, nothing after the end, no hang", () => {
  for (const bad of [
    [],
    [0x30],
    [0x30, 0x80, 0, 0],
    [0x30, 0x81, 0x01, 0],
    [0x30, 0x82, 0x00, 0x80],
    [0x30, 0x85, 1, 1, 1, 1, 1],
    [0x30, 0x02, 0x05],
    [0x05, 0x00, 0x00],
    [0x1f, 0x81, 0x00],
  ]) {
    expect(code(() => readDer(Uint8Array.from(bad)))).toBe("timestamp-malformed");
  }
  expect(Buffer.from(writeOid("2.16.840.1.101.3.4.2.1")).toString("hex")).toBe("0609608648016503040201");
  expect(Buffer.from(writeInteger(Uint8Array.of(0, 0, 0x80))).toString("hex")).toBe("02020080");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(["timestamp-malformed", "timestamp-refused"]).toContain(
        code(() => verifyTimestamp(bytes, { data, nonce: undefined, authorities: [] })),
      );
    }),
    { numRuns: 2000, seed: 4 },
  );
  expect(code(() => readAuthorities("nothing"))).toBe("timestamp-malformed");
});
