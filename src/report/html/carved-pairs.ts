/**
 * Copies and originals of a finding, as its match record pairs them, with the octets that were carved for them. Read from the case folder;
 * the octets are the masked ones that the bundle carries (docs/bundle-format.md), and are used only where their hash is the recorded one.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaseData } from "#report/case-data.ts";

export interface CarvedSide {
  readonly capture: string;
  readonly frame: number;
  /** Octets on the wire; 0 where the frame was not carved. */
  readonly wire: number;
  /** The head of the frame as carved: headers, with what identifies subscribers masked. */
  readonly head: Uint8Array;
}

export interface CarvedPair {
  readonly original: CarvedSide;
  readonly copy: CarvedSide;
  /** Octets of equal content that both commit to. */
  readonly octets: number;
  readonly commitment: string;
}

interface Carved {
  readonly wire: number;
  readonly head: Uint8Array;
}

/** Pairs of the newest match record of this finding; empty where the case has none. */
export function carvedOf(data: CaseData, finding: string): CarvedPair[] {
  const match = data.log.findLast((e) => e.type === "match" && e.value["finding"] === finding)?.value;
  const pairs = Array.isArray(match?.["pairs"]) ? (match["pairs"] as readonly unknown[]) : [];
  if (pairs.length === 0) return [];
  const frames = carvedFrames(data, finding);
  return pairs.flatMap((p) => {
    const { copy, original, octets, copyCommitment, originalCommitment } = p as Record<string, unknown>;
    const [a, b] = [sideOf(original, frames), sideOf(copy, frames)];
    if (a === undefined || b === undefined || typeof copyCommitment !== "string" || copyCommitment !== originalCommitment) return [];
    return [{ original: a, copy: b, octets: Number(octets), commitment: copyCommitment }];
  });
}

function sideOf(value: unknown, frames: ReadonlyMap<string, Carved>): CarvedSide | undefined {
  const { capture, frame } = (value ?? {}) as Record<string, unknown>;
  if (typeof capture !== "string" || typeof frame !== "number") return undefined;
  const carved = frames.get(`${capture} ${frame}`);
  return { capture, frame, wire: carved?.wire ?? 0, head: carved?.head ?? new Uint8Array(0) };
}

/** By capture and frame number. */
function carvedFrames(data: CaseData, finding: string): ReadonlyMap<string, Carved> {
  const found = new Map<string, Carved>();
  for (const { value } of data.log.filter((e) => e.type === "carved" && e.value["finding"] === finding)) {
    const file = value["file"] as { readonly sha256?: unknown } | null;
    const listed = value["frames"];
    if (typeof file?.sha256 !== "string" || !/^[0-9a-f]{64}$/.test(file.sha256) || !Array.isArray(listed)) continue;
    const path = join(data.path, "carved", `${file.sha256}.pcapng`);
    if (!existsSync(path)) continue;
    const octets = readFileSync(path);
    if (createHash("sha256").update(octets).digest("hex") !== file.sha256) continue;
    const packets = packetsOf(octets);
    listed.forEach((place: unknown, i) => {
      const { capture, frame } = (place ?? {}) as Record<string, unknown>;
      const packet = packets[i];
      if (packet !== undefined) found.set(`${String(capture)} ${String(frame)}`, packet);
    });
  }
  return found;
}

const ENHANCED_PACKET = 6;

/** Enhanced packet blocks of a little-endian pcapng that this program wrote; stops at the first block that does not fit. */
function packetsOf(octets: Uint8Array): Carved[] {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength);
  const packets: Carved[] = [];
  for (let at = 0; at + 12 <= octets.length;) {
    const length = view.getUint32(at + 4, true);
    if (length < 12 || at + length > octets.length) break;
    if (view.getUint32(at, true) === ENHANCED_PACKET && length >= 32) {
      const captured = view.getUint32(at + 20, true);
      if (28 + captured > length) break;
      packets.push({ wire: view.getUint32(at + 24, true), head: octets.subarray(at + 28, at + 28 + captured) });
    }
    at += length;
  }
  return packets;
}
