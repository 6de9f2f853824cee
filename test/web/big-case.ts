/**
 * A country's case, made from scanned ones: their findings are multiplied over many elements, receivers, times and subscribers, with ids as the
 * program computes them, and written through the program's own writers. What a finding says stays as a scan said it.
 */
import { createHash, createHmac } from "node:crypto";
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { declarationHash } from "#declaration/load.ts";
import type { Declaration, DeclaredFunction } from "#declaration/types.ts";
import { findingId } from "#findings/assemble.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { GRADES } from "#model/finding.ts";
import { CaseFolder, type CaseMeta } from "#store/case-folder.ts";
import { CaseWriter } from "#store/database.ts";

const SITES = ["Paris", "Lyon", "Lille", "Brest", "Nice", "Metz", "Nantes", "Dijon"];
const VENDORS = ["acme", "borealis", "cinder", "delphi"];
const BEGAN = Date.parse("2026-01-01T00:00:00Z");
const YEAR_MS = 365 * 86_400_000;
const FRAMES = 3;

export interface BigCase {
  readonly findings: number;
  readonly elements: number;
  /** The network; without, gateways and base stations named by number. */
  readonly functions?: readonly DeclaredFunction[];
}

/** Reference points between roles, each function with a few of the other role. */
const POINTS: readonly (readonly [string, string, string])[] = [
  ["MME", "HSS", "S6a"],
  ["MME", "SGW", "S11"],
  ["SGW", "PGW", "S5"],
  ["PGW", "PCRF", "Gx"],
  ["MME", "SMSC", "SGd"],
  ["HSS", "DRA", "S6a"],
];

/** Writes the case to `out`; `sources` are cases that `scan` wrote. */
export async function writeBigCase(sources: readonly string[], out: string, size: BigCase): Promise<void> {
  const documents = sources.map((path) => JSON.parse(readFileSync(join(path, "findings.json"), "utf8")) as FindingsDocument);
  const models = documents.flatMap((d) => d.findings);
  if (models.length === 0) throw new Error("the source cases hold no finding");
  const declaration = declare(
    JSON.parse(readFileSync(join(sources[0] as string, "declaration.json"), "utf8")) as Declaration,
    size.functions ?? numbered(size.elements),
  );
  const folder = CaseFolder.check(out, false);
  folder.create();
  const first = documents[0] as FindingsDocument;
  const head = { ...first, network: declaration.network.name, declaration: declarationHash(declaration) };
  writeFindings(join(out, "findings.json"), head, models, declaration.functions, size.findings);
  folder.writeJson("declaration", declaration);
  const meta: CaseMeta = {
    schema: "tapproof/case/1",
    created: "2026-01-01T00:00:00.000Z",
    tool: first.tool,
    basis: "test of scale",
    runs: [],
  };
  folder.writeJson("meta", meta);
  copyFileSync(join(sources[0] as string, "keys.json"), join(out, "keys.json"));
  await writeTables(folder.file("database"), declaration.functions);
  folder.protect();
}

function numbered(elements: number): DeclaredFunction[] {
  return Array.from({ length: elements }, (_, i): DeclaredFunction => {
    const gateway = i < elements / 50;
    return {
      name: gateway ? `spgw-${i + 1}` : `enb-${i + 1}`,
      roles: gateway ? ["SGW", "PGW"] : ["eNB"],
      vendor: VENDORS[i % VENDORS.length] as string,
      site: SITES[i % SITES.length] as string,
      addresses: [addressOf(i)],
      plmns: [],
      slices: [],
      dnns: [],
      identities: [],
    };
  });
}

function declare(from: Declaration, functions: readonly DeclaredFunction[]): Declaration {
  const vendors = VENDORS.map((id) => ({ id, name: `${id[0]?.toUpperCase()}${id.slice(1)} Networks`, country: null }));
  return { ...from, network: { ...from.network, name: "country" }, vendors, functions: [...functions], grants: [], operators: [] };
}

const addressOf = (i: number): string => `10.${100 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`;

function writeFindings(
  path: string,
  head: FindingsDocument,
  models: readonly FindingRecord[],
  functions: readonly DeclaredFunction[],
  count: number,
): void {
  const file = openSync(path, "w", 0o600);
  const { findings: _, ...rest } = head;
  const text = JSON.stringify({ ...rest, findings: [] });
  const cut = text.lastIndexOf("[]");
  writeSync(file, text.slice(0, cut + 1));
  let buffer: string[] = [];
  for (let i = 0; i < count; i++) {
    buffer.push(
      `${i === 0 ? "" : ","}${JSON.stringify(multiplied(models[i % models.length] as FindingRecord, i, functions, head.network))}`,
    );
    if (buffer.length === 2000) {
      writeSync(file, buffer.join(""));
      buffer = [];
    }
  }
  writeSync(file, `${buffer.join("")}${text.slice(cut + 1)}`);
  closeSync(file);
}

/** The same act elsewhere: another element, receiver, time, and other people. */
function multiplied(model: FindingRecord, i: number, functions: readonly DeclaredFunction[], network: string | null): FindingRecord {
  const at = functions[(i * 7919) % functions.length] as DeclaredFunction;
  const element = { ...model.element, name: at.name, address: at.addresses[0] ?? null, vendor: at.vendor };
  const address = `203.0.${113 + (i % 100)}.${(i >> 3) % 250}`;
  const receiver = model.receiver === null ? null : { ...model.receiver, name: null, address, port: 1024 + (i % 60_000) };
  const shift = Math.floor((((i * 2_654_435_761) % 2 ** 32) / 2 ** 32) * YEAR_MS);
  const length = Date.parse(model.last) - Date.parse(model.first);
  const time = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000000Z`;
  const people = model.subscribers.pseudonyms.map(
    (_, k) =>
      `s:${createHmac("sha256", "scale")
        .update(`${i % 20_000} ${k}`)
        .digest("base64url")
        .slice(0, 16)}`,
  );
  // the id as the program computes it, of what is asserted about whom; the number makes equal assertions differ
  const id = createHash("sha256")
    .update(`${findingId({ claim: model.claim, element, receiver } as Parameters<typeof findingId>[0], network)} ${i}`)
    .digest("hex");
  const from = model.element.name ?? model.element.address ?? "";
  const to = model.receiver?.name ?? model.receiver?.address ?? "";
  return {
    ...model,
    id,
    grade: GRADES[(i * 31) % 3] as FindingRecord["grade"],
    summary: model.summary.replaceAll(from, at.name).replaceAll(to === "" ? "\u0000" : to, address),
    element,
    receiver,
    subscribers: { count: people.length, pseudonyms: people },
    packets: model.packets + (i % 1000),
    bytes: model.bytes + (i % 1000) * 700,
    first: time(BEGAN + shift),
    last: time(BEGAN + shift + length),
    bits: model.bits + (i % 64),
    evidence: model.evidence.map((e) => ({ ...e, frames: e.frames.slice(0, FRAMES) })),
    witnesses: model.witnesses.map((w) => ({ ...w, evidence: w.evidence.map((e) => ({ ...e, frames: e.frames.slice(0, FRAMES) })) })),
  };
}

async function writeTables(path: string, functions: readonly DeclaredFunction[]): Promise<void> {
  const writer = await CaseWriter.open(path);
  const having = (role: string) => functions.filter((f) => f.roles.includes(role));
  const gateways = having("SGW");
  const controllers = having("MME").length > 0 ? having("MME") : gateways;
  const micros = BEGAN * 1000;
  functions.forEach((f, i) => {
    const address = f.addresses[0] as string;
    for (const role of f.roles) writer.row("elements", [address, f.name, f.vendor, true, role, "spoke on S1", 10]);
    if (!f.roles.includes("eNB")) return;
    const gateway = gateways[i % gateways.length]?.addresses[0] as string;
    const controller = controllers[i % controllers.length]?.addresses[0] as string;
    writer.row("reference_points", [address, controller, "S1-MME", 20 + (i % 50)]);
    writer.row("tunnels", [0, address, gateway, i, "S1-U", null, 1000 + i, (1000 + i) * 800, micros, micros + 1e9, null]);
  });
  for (const [from, to, name] of POINTS)
    for (const [i, a] of having(from).entries())
      for (const b of having(to).filter((_, k) => k % 3 === i % 3))
        if (a !== b) writer.row("reference_points", [a.addresses[0] as string, b.addresses[0] as string, name, 100 + i]);
  writer.row("captures", [0, "country.pcap", "0".repeat(64), 1_000_000, 800_000_000, micros, micros + 1e9, 0, 0]);
  await writer.close();
}
