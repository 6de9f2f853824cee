/**
 * A bundle that nobody opened shows no identity and no payload: its octets are searched for every identity that the captures hold, in every encoding we
 * can think of; and a program that knows all IMSIs, and the bundle, cannot tell who is in it.
 */
import { spawnSync } from "node:child_process";
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { decodeCommand } from "#cli/decode.ts";
import { mergeCaptures, openCaptures } from "#capture/merge.ts";
import { PointRegistry } from "#capture/reader.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { pseudonym } from "#findings/assemble.ts";
import { FindingCommitments } from "#evidence/commit/commitments.ts";
import { addressText } from "#bytes/address.ts";
import { capturesIn, labSource, makeCase, networkIn, removeTemporary, sharedSources, type Made, type Source } from "./make.ts";

afterAll(removeTemporary);

/** The same keys in every run: a chance hit of four octets among hashes would come and go otherwise. */
const key = (n: number): string => Buffer.alloc(32, n).toString("base64");
const KEYS = JSON.stringify({ pseudonyms: key(1), prints: key(2), sampling: key(3), salts: key(4), nonces: key(5) });

interface Identity {
  readonly what: string;
  readonly text: string;
  /** As octets on the wire, where that differs from the text. */
  readonly binary: readonly Buffer[];
}

async function identitiesIn(source: Source, made: Made): Promise<Identity[]> {
  const found = new Map<string, Identity>();
  const add = (what: string, text: string, binary: readonly Buffer[] = []): void =>
    void found.set(`${what} ${text}`, { what, text, binary });
  const known = networkIn(source.folder) === undefined ? "" : readFileSync(networkIn(source.folder) as string, "utf8");
  for (const line of await decoded(capturesIn(source.folder))) {
    const m = JSON.parse(line) as {
      imsi?: string;
      msisdn?: string;
      imei?: string;
      teids?: { teid: number }[];
      ueAddresses?: string[];
      apn?: string;
    };
    for (const what of ["imsi", "msisdn", "imei"] as const) {
      const digits = m[what];
      if (digits !== undefined) add(what, digits, [tbcd(digits), tbcd(`${digits}f`), bcd(digits)]);
    }
    for (const { teid } of m.teids ?? []) add("teid", String(teid), [u32(teid, true), u32(teid, false)]);
    for (const address of m.ueAddresses ?? []) add("user address", address, [octetsOf(address)]);
  }
  for (const s of made.result.picture.knowledge.subscribers()) {
    for (const cell of [s.ecgi, s.tai]) if (cell !== undefined) add("cell", cell, [Buffer.from(cell.slice(-7).padStart(8, "0"), "hex")]);
    for (const address of s.ueAddresses) add("user address", address, [octetsOf(address)]);
  }
  for (const { what, octets } of temporaryIdentities(capturesIn(source.folder))) add(what, octets.toString("hex"), [octets]);
  const { findings } = made.result.document;
  const ends = new Set(findings.flatMap((f) => [f.element.address, f.receiver?.address]));
  // Who is accused of what is in clear: that is what a finding is.
  const declared = known + findings.map((f) => JSON.stringify([f.element, f.receiver])).join("");
  const { picture } = made.result;
  await eachPacket(capturesIn(source.folder), (view) => {
    for (let level = 0; level < view.ipCount; level++) {
      const version = view.ipVersion[level] as number;
      const pair = [view.ipSrc[level], view.ipDst[level]].map((at) => addressText(view.bytes, at as number, version));
      const inner = level > 0 || pair.some((a) => picture.isUser(a));
      for (const address of pair)
        if (inner && !declared.includes(address) && !ends.has(address)) add("inner address", address, [octetsOf(address)]);
    }
    const level = view.ipCount - 1;
    if (level < 0) return;
    const payload = Buffer.from(view.bytes.subarray(view.payloadStart[level] as number, view.payloadEnd[level] as number));
    // A time that a log line states is a time that a record states.
    const windows = [0, 16, payload.length - 16].filter((at) => at >= 0).map((at) => payload.subarray(at, at + 16));
    const own = windows.filter((w) => w.length === 16 && new Set(w).size > 9 && !/\d\d[T:]\d\d/.test(w.toString("latin1")));
    if (own.length > 0) found.set(`payload ${found.size}`, { what: "payload", text: "", binary: own });
    for (const name of payload
      .toString("latin1")
      .match(/(?:sips?:[\w.+-]+@)?(?:[a-z0-9-]{2,40}\.){1,4}(?:org|com|net|example|test|arpa|invalid)(?![\w.-])/gi) ?? []) {
      if (!declared.includes(name)) add("name", name);
    }
    for (const name of dnsNames(payload))
      if (!declared.includes(name))
        add("name", name, [Buffer.concat(name.split(".").flatMap((l) => [Buffer.of(l.length), Buffer.from(l)]))]);
  });
  return [...found.values()];
}

/** As tshark reads them: M-TMSI and 5G-TMSI, which every GUTI and S-TMSI ends with, and cell identities. */
const TEMPORARY: Readonly<Record<string, string>> = {
  "3gpp.tmsi": "tmsi",
  "nas_eps.emm.m_tmsi": "tmsi",
  "s1ap.m_TMSI": "tmsi",
  "gtpv2.tmsi": "tmsi",
  "nas_5gs.5g_tmsi": "tmsi",
  "ngap.fiveG_TMSI": "tmsi",
  "s1ap.cell_ID": "cell",
  "gtpv2.ecgi_eci": "cell",
  "ngap.NRCellIdentity": "cell",
};

let silent = false;

function temporaryIdentities(captures: readonly string[]): { what: string; octets: Buffer }[] {
  const fields = Object.keys(TEMPORARY);
  const found = captures.flatMap((capture) => {
    const words = ["-r", capture, "-T", "fields", "-E", "occurrence=a", ...fields.flatMap((f) => ["-e", f])];
    const run = spawnSync("tshark", words, { encoding: "utf8", maxBuffer: 1 << 28 });
    if (run.status !== 0 && !silent) {
      silent = true;
      console.warn("bundle: tshark is absent, GUTIs and cells as it reads them are NOT searched for");
    }
    return (run.stdout ?? "").split("\n").flatMap((line) =>
      line.split("\t").flatMap((cell, i) =>
        cell
          .split(",")
          .filter((value) => value !== "")
          .map((value) => ({ what: TEMPORARY[fields[i] as string] as string, octets: octetsOfField(value) })),
      ),
    );
  });
  return found.filter(({ octets }) => octets.length === 4);
}

/** `813368493`, `0x307b00ad`, `00:19:b0:10`. */
function octetsOfField(value: string): Buffer {
  if (/^[0-9a-f]{2}(:[0-9a-f]{2})+$/.test(value)) return Buffer.from(value.replaceAll(":", ""), "hex");
  const number = Number(value);
  return Number.isInteger(number) && number >= 0 && number < 2 ** 32 ? u32(number, true) : Buffer.alloc(0);
}

/** Runs of DNS labels (RFC 1035 §3.1) anywhere in a payload. */
function dnsNames(payload: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; at + 4 < payload.length; at++) {
    const labels: string[] = [];
    let i = at;
    for (let n = payload[i] as number; n > 0 && n < 64 && i + n < payload.length; n = payload[i] ?? 0) {
      const label = payload.subarray(i + 1, i + 1 + n).toString("latin1");
      if (!/^[a-z0-9-]+$/i.test(label)) break;
      labels.push(label);
      i += n + 1;
    }
    if (labels.length >= 2 && payload[i] === 0 && labels.join(".").length > 6) names.push(labels.join("."));
  }
  return names;
}

async function decoded(captures: readonly string[]): Promise<string[]> {
  const stdout = new PassThrough();
  const chunks: Buffer[] = [];
  stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const io = { stdin: process.stdin, stdout, stderr: new PassThrough().resume(), env: {} };
  await decodeCommand({ captures, json: true, identities: true, skipBad: false }, io);
  return Buffer.concat(chunks)
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

async function eachPacket(paths: readonly string[], see: (view: PacketView) => void): Promise<void> {
  const registry = new PointRegistry();
  const view = new PacketView();
  await mergeCaptures(await openCaptures(paths, { registry }), (batch, from, to) => {
    for (let i = from; i < to; i++) {
      const linkType = registry.points[batch.point[i] as number]?.linkType ?? 1;
      decodeFrame(view, batch.bytes, batch.offset[i] as number, batch.captured[i] as number, batch.original[i] as number, linkType);
      see(view);
    }
  });
}

const tbcd = (digits: string): Buffer =>
  Buffer.from((digits.length % 2 === 0 ? digits : `${digits}f`).replaceAll(/(.)(.)/g, "$2$1"), "hex");
const bcd = (digits: string): Buffer => Buffer.from(digits.length % 2 === 0 ? digits : `${digits}f`, "hex");
function u32(n: number, big: boolean): Buffer {
  const out = Buffer.alloc(4);
  if (big) out.writeUInt32BE(n);
  else out.writeUInt32LE(n);
  return out;
}
function octetsOf(address: string): Buffer {
  if (!address.includes(":")) return Buffer.from(address.split(".").map(Number));
  const [head = "", tail = ""] = address.split("::");
  const groups = (text: string): number[] => (text === "" ? [] : text.split(":").map((g) => Number.parseInt(g, 16)));
  const [a, b] = [groups(head), groups(tail)];
  return Buffer.from([...a, ...Array.from({ length: 8 - a.length - b.length }, () => 0), ...b].flatMap((g) => [g >> 8, g & 255]));
}

/** A value that stands for itself, not for padding, counters and lengths: at least three octets that differ. */
function telling(octets: Buffer): boolean {
  return octets.length >= 4 && new Set(octets).size >= 3 && !(octets[0] === 0 && octets[1] === 0);
}

/** Everything that would show an identity: as it is, in hexadecimal, in base64 at each of its three alignments. */
function spellings(identity: Identity): Buffer[] {
  const { text, binary } = identity;
  const whole: Buffer[] = binary.filter(telling);
  if (text.length >= 6) whole.push(Buffer.from(text), Buffer.from(text, "utf16le"), Buffer.from(text, "utf16le").swap16());
  return whole.flatMap((octets) => [
    octets,
    Buffer.from(octets.toString("hex")),
    Buffer.from(octets.toString("hex").toUpperCase()),
    ...base64Of(octets),
  ]);
}

function base64Of(octets: Buffer): Buffer[] {
  if (octets.length < 6) return [];
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), octets])
      .toString("base64")
      .replaceAll("=", "");
    // Digits at the ends depend on what stands before and behind.
    const whole = text.slice(shift === 0 ? 0 : shift + 1, Math.floor(((shift + octets.length) * 8) / 6));
    return Buffer.from(whole);
  });
}

/** The places where it stands for itself: `172.16.0.2` does not stand in `172.16.0.23`, nor digits in a longer number. */
function shows(octets: Buffer, sought: Buffer): boolean {
  const character = (at: number): string => String.fromCharCode(octets[at] ?? 0);
  const within = /^[\d.:a-f]+$/.test(sought.toString("latin1")) ? /[\da-f.]/ : /[^\s\S]/;
  for (let at = octets.indexOf(sought); at >= 0; at = octets.indexOf(sought, at + 1)) {
    if (!within.test(character(at - 1)) && !within.test(character(at + sought.length))) return true;
  }
  return false;
}

const LAB = [
  "copy-vxlan",
  "copy-http-base64",
  "copy-gtpu",
  "copy-to-element",
  "dupl-effected",
  "trace-start",
  "ghost-never-signalled",
  "query-plr",
  "query-gtp-context",
  "x3-no-warrant",
  "channel-dns-tunnel",
  "null-ciphering",
];

describe("nothing in clear", () => {
  const sources = [...sharedSources().map((s) => () => s), ...LAB.map((name) => () => labSource(name))];
  for (const [i, source] of sources.entries()) {
    it(`${i < sources.length - LAB.length ? source().name : LAB[i - sources.length + LAB.length]}`, async () => {
      const at = source();
      const made = await makeCase(at, KEYS);
      const identities = await identitiesIn(at, made);
      expect(identities.length).toBeGreaterThan(5);
      const { octets } = made;
      const shown = identities.filter((identity) => spellings(identity).some((sought) => shows(octets, sought)));
      expect(shown.map((s) => `${s.what} ${s.text === "" ? s.binary.map((b) => b.toString("latin1")).join("|") : s.text}`)).toEqual([]);
    }, 60_000);
  }
});

describe("an attacker who knows every IMSI", () => {
  it("learns of none whether it is in the bundle", async () => {
    const made = await makeCase(labSource("copy-all-subscribers"), KEYS);
    const inside = [...new Set(made.result.drafts.flatMap((d) => d.subscribers).filter((s) => s.startsWith("imsi:")))];
    expect(inside.length).toBeGreaterThan(1);
    const text = made.octets.toString("latin1");
    const tokens = new Set<string>(text.match(/[A-Za-z0-9+/_=-]{10,}/g) ?? []);
    // Everything in the bundle that could be a key or a salt, in every reading of it.
    const keys = [...tokens]
      .filter((t) => t.length <= 88)
      .flatMap((t) => [Buffer.from(t), Buffer.from(t, "base64"), Buffer.from(t, "hex")]);
    const ids = made.result.document.findings.map((f) => f.id);
    expect(hits(inside, [Buffer.alloc(0), ...keys], tokens)).toEqual([]);
    // The same program with the case's secrets finds everybody: it is not blind.
    expect(hits(inside, [Buffer.alloc(32, 1)], tokens)).toEqual(inside);
    const salted = new FindingCommitments(Buffer.alloc(32, 4), ids[0] as string);
    expect(tokens.has(salted.byPlace("subscriber", "0", Buffer.from(subscriberAt(made, 0))).commitment)).toBe(true);
  }, 60_000);
});

function subscriberAt(made: Made, index: number): string {
  const sorted = (made.result.drafts[0]?.subscribers ?? [])
    .map((k) => ({ k, p: pseudonym(Buffer.alloc(32, 1), k) }))
    .sort((a, b) => (a.p < b.p ? -1 : 1));
  return sorted[index]?.k ?? "";
}

/** Of the candidates those for which any hash that a careless design would have made stands in the bundle. */
function hits(candidates: readonly string[], keys: readonly Buffer[], tokens: ReadonlySet<string>): string[] {
  const stands = (digest: Buffer): boolean => {
    const forms = [digest.toString("hex"), digest.toString("base64"), digest.toString("base64url")];
    return forms.some((f) => tokens.has(f) || tokens.has(f.slice(0, 16)) || tokens.has(f.slice(0, 32)));
  };
  return candidates.filter((candidate) => {
    const digits = candidate.slice(5);
    const contents: Buffer[] = [...[candidate, digits, `subscriber\n${candidate}`].map((t) => Buffer.from(t)), tbcd(digits)];
    return contents.some((content) =>
      keys.some((k) => {
        const sha = (...pieces: Buffer[]): Buffer => createHash("sha256").update(Buffer.concat(pieces)).digest();
        return (
          stands(createHmac("sha256", k).update(content).digest()) ||
          stands(sha(k, content)) ||
          stands(sha(content, k)) ||
          stands(sha(Buffer.from("tapproof/commitment/1\nsubscriber\n"), k, content)) ||
          stands(sha(Buffer.from("tapproof/commitment/1\nidentity\n"), k, content))
        );
      }),
    );
  });
}
