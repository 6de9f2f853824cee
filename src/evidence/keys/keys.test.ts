import { generateKeyPairSync } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { EvidenceError } from "#evidence/evidence-error.ts";
import { caseSecret, leafNonce, printKeyHash } from "./case-secrets.ts";
import { homeFolder, loadSigner, loadVerifierKey, loadWitnessSigner } from "./key-store.ts";
import { KEY_TYPE, verifyEd25519 } from "./note-key.ts";
import { Signer } from "./signer.ts";

const folders: string[] = [];
const fresh = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tapproof-keys-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

function code(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return error instanceof EvidenceError ? error.code : String(error);
  }
  return "no error";
}

describe("keys of the installation", () => {
  it("are made on first use, for their owner alone, and found again", () => {
    const home = join(fresh(), "home");
    const env = { TAPPROOF_HOME: home };
    const signer = loadSigner(undefined, env);
    expect(loadSigner(undefined, env).vkey).toBe(signer.vkey);
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, "signing.key")).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(home, "tapproof.pub"), "utf8")).toBe(`${signer.vkey}\n`);
    expect(loadVerifierKey(join(home, "tapproof.pub"))).toEqual(signer.key);
    expect(signer.name).toMatch(/^tapproof\/[0-9a-f]{16}$/);
    const witness = loadWitnessSigner(undefined, env);
    expect(witness.key.type).toBe(KEY_TYPE.cosignature);
    expect(Buffer.from(witness.key.publicKey)).not.toEqual(Buffer.from(signer.key.publicKey));
    expect(code(() => loadWitnessSigner(join(home, "signing.key"), env))).toBe("key-malformed");
    expect(code(() => loadSigner(join(home, "witness.key"), env))).toBe("key-malformed");
  });

  it("lie where the environment says", () => {
    expect(homeFolder({ TAPPROOF_HOME: "/a" })).toBe("/a");
    expect(homeFolder({ XDG_CONFIG_HOME: "/b", HOME: "/c" })).toBe("/b/tapproof");
    expect(homeFolder({ XDG_CONFIG_HOME: "relative", HOME: "/c" })).toBe("/c/.config/tapproof");
  });

  it("are refused where others may read them, or where they are none", () => {
    const folder = fresh();
    const path = join(folder, "k");
    writeFileSync(path, Signer.generate().exportText(), { mode: 0o600 });
    expect(code(() => loadSigner(path))).toBe("no error");
    chmodSync(path, 0o640);
    expect(code(() => loadSigner(path))).toBe("key-unsafe");
    expect(code(() => loadSigner(join(folder, "missing")))).toBe("key-malformed");
    expect(existsSync(join(folder, "missing"))).toBe(false);
    writeFileSync(path, "x".repeat(20_000));
    expect(code(() => loadSigner(path))).toBe("key-malformed");
    writeFileSync(join(folder, "file"), "");
    expect(code(() => loadSigner(undefined, { TAPPROOF_HOME: join(folder, "file", "home") }))).toBe("key-unsafe");
    mkdirSync(join(folder, "dir"));
    expect(code(() => loadSigner(join(folder, "dir")))).toBe("key-malformed");
  });

  it("come as PEM too", () => {
    const folder = fresh();
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    writeFileSync(join(folder, "key.pem"), privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    writeFileSync(join(folder, "pub.pem"), publicKey.export({ type: "spki", format: "pem" }));
    const signer = loadSigner(join(folder, "key.pem"));
    expect(loadVerifierKey(join(folder, "pub.pem"))).toEqual(signer.key);
    expect(loadVerifierKey(join(folder, "pub.pem"), "a.example").name).toBe("a.example");
    const message = Buffer.from("m");
    expect(verifyEd25519(signer.key.publicKey, message, signer.sign(message))).toBe(true);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
    writeFileSync(join(folder, "rsa.pem"), rsa.privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600 });
    writeFileSync(join(folder, "rsapub.pem"), rsa.publicKey.export({ type: "spki", format: "pem" }));
    expect(code(() => loadSigner(join(folder, "rsa.pem")))).toBe("key-malformed");
    expect(code(() => loadVerifierKey(join(folder, "rsapub.pem")))).toBe("key-malformed");
  });

  it("a key file holds one key", () => {
    const folder = fresh();
    const path = join(folder, "tapproof.pub");
    const { vkey } = Signer.generate();
    writeFileSync(path, `# of the operator\n\n${vkey}\n`);
    expect(code(() => loadVerifierKey(path))).toBe("no error");
    for (const text of ["", `${vkey}\n${vkey}\n`, "PRIVATE", `${vkey.slice(0, -1)}\n`]) {
      writeFileSync(path, text);
      expect(code(() => loadVerifierKey(path))).toBe("key-malformed");
    }
  });

  it("never print their secret by accident", () => {
    const signer = Signer.fromSeed("a", Buffer.from("0123456789abcdef0123456789abcdef"));
    const shown = `${JSON.stringify(signer)}${Object.keys(signer).join()}${inspect(signer, { depth: 9, showHidden: true })}`;
    expect(shown).not.toContain(Buffer.from("0123456789abcdef").toString("base64").slice(0, 12));
    expect(shown).not.toContain("0123456789abcdef");
  });
});

describe("secrets of a case", () => {
  it("are drawn independently, kept beside what is there, and found again", () => {
    const folder = fresh();
    const path = join(folder, "keys.json");
    writeFileSync(path, JSON.stringify({ pseudonyms: Buffer.alloc(32, 1).toString("base64") }));
    const salts = caseSecret(folder, "salts");
    const prints = caseSecret(folder, "prints");
    expect(Buffer.from(salts).equals(Buffer.from(prints))).toBe(false);
    expect(Buffer.from(caseSecret(folder, "salts")).equals(Buffer.from(salts))).toBe(true);
    expect(Buffer.from(caseSecret(folder, "pseudonyms")).equals(Buffer.alloc(32, 1))).toBe(true);
    expect(statSync(path).mode & 0o077).toBe(0);
    writeFileSync(path, JSON.stringify({ salts: "short" }));
    expect(code(() => caseSecret(folder, "salts"))).toBe("key-malformed");
    writeFileSync(path, "[");
    expect(code(() => caseSecret(folder, "salts"))).toBe("key-malformed");
  });

  it("nonces depend on place and record; print keys are stated by hash", () => {
    const secret = new Uint8Array(32);
    const all = [
      leafNonce(secret, 1, "a"),
      leafNonce(secret, 2, "a"),
      leafNonce(secret, 1, "b"),
      leafNonce(new Uint8Array(32).fill(1), 1, "a"),
    ];
    expect(new Set(all).size).toBe(4);
    expect(all[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(printKeyHash(secret)).toMatch(/^[0-9a-f]{64}$/);
  });
});
