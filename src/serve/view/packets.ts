/** Matched packets side by side, and the carved packets: both as the case's log records them, masked when they were carved. */
import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import type { FindingRecord } from "#findings/document.ts";
import type { MaskedPacket, Packets } from "#serve/api/types.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { Problem } from "#serve/problem.ts";
import { readCarved, type CarvedPacket } from "./carved-file.ts";

/** Pairs shown; the file has all of them. */
const MOST_PAIRS = 32;
const ROW = 16;
/** Masked octets shown after the headers, so that one sees that something was there. */
const MASKED_SHOWN = 48;
const MASKED = "··";
/** Octets of a carved file that is shown; a larger one can be downloaded only. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Carving {
  readonly sha256: string | null;
  readonly frames: readonly { readonly capture: string; readonly frame: number; readonly role: string }[];
  readonly pairs: readonly {
    readonly copy: { readonly capture: string; readonly frame: number };
    readonly original: { readonly capture: string; readonly frame: number };
    readonly octets: number;
  }[];
  readonly left: number;
  readonly why: string | null;
}

export async function packetsOf(of: OpenCase, finding: FindingRecord): Promise<Packets> {
  const carving = await carvingOf(of, finding.id);
  const path = carving === undefined || carving.sha256 === null ? null : carvedPath(of, carving.sha256);
  if (carving === undefined || path === null || !existsSync(path)) {
    const why =
      carving === undefined
        ? "No packets of this finding were carved when the case was sealed."
        : (carving.why ?? "No packet of this finding was carved.");
    return { available: false, why, total: 0, pairs: [] };
  }
  if (statSync(path).size > MOST_BYTES)
    return { available: false, why: "The carved file is too large to show here; download it.", total: 0, pairs: [] };
  const packets = readCarved(readFileSync(path));
  const at = new Map(carving.frames.map((f, i) => [`${f.capture} ${f.frame}`, packets[i]]));
  const files = new Map((of.document?.captures ?? []).map((c) => [c.sha256, c.file]));
  const shown = (place: { readonly capture: string; readonly frame: number }, packet: CarvedPacket): MaskedPacket =>
    masked(packet, place.capture, files.get(place.capture) ?? null, place.frame);
  const pairs = carving.pairs.slice(0, MOST_PAIRS).flatMap((p): Packets["pairs"] => {
    const copy = at.get(`${p.copy.capture} ${p.copy.frame}`);
    const original = at.get(`${p.original.capture} ${p.original.frame}`);
    if (copy === undefined || original === undefined) return [];
    const { length } = original;
    // content that goes to both packets' ends is equal from there backwards; else it begins where the headers end
    const whole = p.octets === length - original.bytes.length;
    const copyFrom = whole ? copy.length - p.octets : copy.bytes.length;
    return [
      {
        copy: shown(p.copy, copy),
        original: shown(p.original, original),
        equal: [{ copyFrom: Math.max(0, copyFrom), originalFrom: original.bytes.length, length: p.octets }],
      },
    ];
  });
  if (pairs.length > 0) return { available: true, why: carving.why, total: carving.pairs.length + carving.left, pairs };
  // nothing was matched: the evidence itself
  const alone = carving.frames.slice(0, MOST_PAIRS).flatMap((f): Packets["pairs"] => {
    const packet = at.get(`${f.capture} ${f.frame}`);
    return packet === undefined ? [] : [{ copy: shown(f, packet), original: null, equal: [] }];
  });
  return {
    available: alone.length > 0,
    why: carving.why,
    total: finding.evidence.reduce((sum, e) => sum + e.framesTotal, 0),
    pairs: alone,
  };
}

/** The carved packets as a file for Wireshark. */
export async function carvedOf(of: OpenCase, finding: FindingRecord): Promise<Readable> {
  const carving = await carvingOf(of, finding.id);
  const path = carving === undefined || carving.sha256 === null ? null : carvedPath(of, carving.sha256);
  if (path === null || !existsSync(path))
    throw new Problem("not-there-yet", "no packets of this finding were carved", of.name, `make a bundle with tapproof bundle ${of.name}`);
  return createReadStream(path);
}

function carvedPath(of: OpenCase, sha256: string): string | null {
  return /^[0-9a-f]{64}$/.test(sha256) ? join(of.folder.path, "carved", `${sha256}.pcapng`) : null;
}

function masked(packet: CarvedPacket, capture: string, file: string | null, frame: number): MaskedPacket {
  const known = packet.bytes.length;
  const until = Math.min(packet.length, known + MASKED_SHOWN);
  const rows: MaskedPacket["rows"] = [];
  for (let offset = 0; offset < until; offset += ROW) {
    const hex: string[] = [];
    for (let i = offset; i < Math.min(offset + ROW, until); i++)
      hex.push(i < known ? (packet.bytes[i] as number).toString(16).padStart(2, "0") : MASKED);
    rows.push({ offset, hex });
  }
  return {
    capture,
    file,
    frame,
    at: packet.at,
    length: packet.length,
    layers: [],
    rows,
    fields: [
      { name: "headers", from: 0, to: known },
      ...(packet.length > known ? [{ name: "payload", from: known, to: packet.length }] : []),
    ],
  };
}

interface Known {
  readonly size: number;
  readonly byFinding: ReadonlyMap<string, { carved?: number; match?: number }>;
}
const known = new WeakMap<OpenCase, Known>();

/** What the log records of a finding's packets; the newest run's. */
async function carvingOf(of: OpenCase, finding: string): Promise<Carving | undefined> {
  const log = of.records.reading();
  if (log === undefined) return undefined;
  let index = known.get(of);
  if (index?.size !== log.size) {
    index = await indexed(log);
    known.set(of, index);
  }
  const places = index.byFinding.get(finding);
  if (places?.carved === undefined) return undefined;
  const carved = log.entry(places.carved).value;
  const match = places.match === undefined ? {} : log.entry(places.match).value;
  const file = carved["file"] as { sha256?: unknown } | null;
  return {
    sha256: typeof file?.sha256 === "string" ? file.sha256 : null,
    frames: (Array.isArray(carved["frames"]) ? carved["frames"] : []) as Carving["frames"],
    pairs: (Array.isArray(match["pairs"]) ? match["pairs"] : []) as Carving["pairs"],
    left: typeof match["pairsLeftOut"] === "number" ? match["pairsLeftOut"] : 0,
    why: typeof carved["why"] === "string" ? carved["why"] : null,
  };
}

/** Where the log holds each finding's carving and matches. Takes turns with other requests. */
async function indexed(log: NonNullable<ReturnType<OpenCase["records"]["reading"]>>): Promise<Known> {
  const byFinding = new Map<string, { carved?: number; match?: number }>();
  const { size } = log;
  for (const type of ["carved", "match"] as const) {
    let seen = 0;
    for (const { index, value } of log.records(type)) {
      const finding = String(value["finding"]);
      byFinding.set(finding, { ...byFinding.get(finding), [type]: index });
      if (++seen % 200 === 0) await turn();
    }
  }
  return { size, byFinding };
}
