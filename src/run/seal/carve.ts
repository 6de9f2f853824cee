/**
 * Carving: the captures are read once more, by frame number, and the packets of each finding are put into a pcapng file of their own, masked
 * (`mask-packet.ts`). On the way every frame is committed to whole, and copies are laid beside their originals.
 *
 * Memory: masked headers (at most a few hundred octets a frame) and, for pairs, the first octets of both sides. Reading stops at the last
 * frame that is needed.
 */
import { statSync } from "node:fs";
import { openCaptures } from "#capture/merge.ts";
import { CaptureError, PointRegistry } from "#capture/reader.ts";
import { pcapngInterface, pcapngPacket, pcapngSection } from "#capture/write.ts";
import { decodeFrame } from "#decode/packet/decode.ts";
import { PacketView } from "#decode/packet/view.ts";
import { FindingCommitments, SHORTEST_CONTENT } from "#evidence/commit/commitments.ts";
import type { FramePlace } from "#evidence/records/types.ts";
import type { KeptFrame } from "#live/rolling-buffer.ts";
import type { FrameBatch, Point } from "#model/frame.ts";
import type { Progress } from "#model/progress.ts";
import { Breath } from "#run/breath.ts";
import { PacketMask, type Masks } from "./mask-packet.ts";

export const CARVE_LIMITS = {
  /** Frames carved of one finding's evidence; its pairs come on top. */
  framesEach: 256,
  /** Frames carved in one run; findings further down get what is left. */
  frames: 20_000,
  /** Octets kept and compared of a copy and its original. */
  pairOctets: 2048,
  /** Octets of an original that are looked for in its copy. */
  soughtOctets: 64,
} as const;

export interface CarveWish {
  readonly finding: string;
  /** Frames by capture index, as the finding lists them. */
  readonly evidence: readonly { readonly capture: number; readonly frames: readonly number[] }[];
  readonly pairs: readonly { readonly copy: Place; readonly original: Place }[];
  readonly masks: Masks;
}

interface Place {
  readonly capture: number;
  readonly frame: number;
}

export type Role = "evidence" | "copy" | "original";

export interface CarvedFinding {
  /** Null where no frame was carved. */
  readonly pcapng: Uint8Array | null;
  readonly frames: readonly (FramePlace & { readonly role: Role; readonly commitment: string })[];
  readonly pairs: readonly {
    readonly copy: FramePlace;
    readonly original: FramePlace;
    readonly octets: number;
    readonly copyCommitment: string;
    readonly originalCommitment: string;
  }[];
  /** Why not all frames were carved; null where all were. */
  readonly why: string | null;
}

export interface CarveCapture {
  /** Undefined where it cannot be read again (standard input). */
  readonly path: string | undefined;
  readonly sha256: string;
  /** Names of its points, by their order in the file. */
  readonly names?: readonly string[];
  /** Where it was live: the frames that were kept, by number, and its points. */
  readonly kept?: () => { readonly frames: readonly KeptFrame[]; readonly points: readonly Point[] };
}

interface Taken {
  readonly place: Place;
  readonly role: Role;
  readonly bytes: Uint8Array;
  readonly original: number;
  readonly sec: number;
  readonly nsec: number;
  readonly point: number;
  readonly linkType: number;
  readonly commitment: string;
}

/** One finding while the captures are read. */
class Work {
  readonly wish: CarveWish;
  readonly roles = new Map<string, Role>();
  readonly taken: Taken[] = [];
  readonly sides = new Map<string, { readonly frame: Uint8Array; readonly payload: Uint8Array }>();
  readonly mask: PacketMask;
  readonly commitments: FindingCommitments | null;
  wanted = 0;
  readonly paired = new Set<string>();
  readonly full: boolean;
  readonly captures: readonly CarveCapture[];

  constructor(wish: CarveWish, captures: readonly CarveCapture[], saltKey: Uint8Array | null, full: boolean) {
    this.wish = wish;
    this.captures = captures;
    this.full = full;
    this.mask = new PacketMask(wish.masks);
    this.commitments = saltKey === null ? null : new FindingCommitments(saltKey, wish.finding);
  }
}

export interface CarveOptions {
  /** Full frames instead of masked ones: only where a person asked and said why. */
  readonly full?: boolean;
  readonly progress?: Progress;
}

/**
 * Answers what was carved, in the order of the wishes. Without a salt key nothing is committed to (replay needs the packets alone).
 * A capture that cannot be read again leaves its frames out, and says so.
 */
export async function carve(
  captures: readonly CarveCapture[],
  wishes: readonly CarveWish[],
  saltKey: Uint8Array | null,
  { full = false, progress }: CarveOptions = {},
): Promise<CarvedFinding[]> {
  let budget: number = CARVE_LIMITS.frames;
  const needed = captures.map(() => new Map<number, Work[]>());
  const works = wishes.map((wish) => {
    const work = new Work(wish, captures, saltKey, full);
    const want = (place: Place, role: Role): void => {
      const key = `${place.capture} ${place.frame}`;
      const known = work.roles.get(key);
      if (known === undefined && budget === 0) return;
      if (known === undefined) {
        budget--;
        const frames = needed[place.capture];
        frames?.set(place.frame, [...(frames.get(place.frame) ?? []), work]);
      }
      if (known === undefined || known === "evidence") work.roles.set(key, role);
    };
    for (const { copy, original } of wish.pairs) {
      want(copy, "copy");
      want(original, "original");
      for (const side of [copy, original]) work.paired.add(`${side.capture} ${side.frame}`);
    }
    let left: number = CARVE_LIMITS.framesEach;
    for (const { capture, frames } of wish.evidence) {
      work.wanted += frames.length;
      for (const frame of frames.slice(0, left)) want({ capture, frame }, "evidence");
      left = Math.max(0, left - frames.length);
    }
    return work;
  });
  const unread = new Set<number>();
  const names = new Map<number, Point>();
  const sizes = captures.map(({ path }, i) => (path === undefined || needed[i]?.size === 0 ? 0 : sizeOf(path)));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  let before = 0;
  progress?.stage("carving packets", "octets");
  for (const [index, frames] of needed.entries()) {
    if (frames.size === 0) continue;
    const capture = captures[index];
    const far = (position: number): void => progress?.show(before + position, total);
    if (capture?.kept !== undefined) takeKept(capture.kept(), index, frames, names);
    else if (capture?.path === undefined || !(await readAgain(capture.path, index, frames, names, far))) unread.add(index);
    before += sizes[index] ?? 0;
  }
  return works.map((work) => finish(work, captures, names, unread));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Points of several captures keep apart by this factor. */
const POINTS = 65_536;

async function readAgain(
  path: string,
  capture: number,
  needed: ReadonlyMap<number, readonly Work[]>,
  names: Map<number, Point>,
  far: (position: number) => void,
): Promise<boolean> {
  const registry = new PointRegistry();
  const last = Math.max(...needed.keys());
  const view = new PacketView();
  const breath = new Breath();
  try {
    const [input] = await openCaptures([path], { registry, hash: false });
    if (input === undefined) return false;
    const { reader } = input;
    try {
      for (let batch = await reader.next(); batch !== null; batch = await reader.next()) {
        for (let i = 0; i < batch.count; i++) {
          const works = needed.get(batch.firstFrame + i);
          if (works === undefined) continue;
          const point = registry.points[batch.point[i] as number];
          if (point === undefined) continue;
          names.set(capture * POINTS + point.index, point);
          for (const work of works) take(work, view, batch, i, { capture, frame: batch.firstFrame + i }, point);
        }
        if (batch.firstFrame + batch.count > last) break;
        far(reader.position);
        await breath.due();
      }
    } finally {
      await reader.close();
    }
    return true;
  } catch (error) {
    if (error instanceof CaptureError) return false;
    throw error;
  }
}

/** Frames of a live capture that were kept while they were there; the others are gone. */
function takeKept(
  { frames, points }: ReturnType<NonNullable<CarveCapture["kept"]>>,
  capture: number,
  needed: ReadonlyMap<number, readonly Work[]>,
  names: Map<number, Point>,
): void {
  const view = new PacketView();
  for (const { frame, bytes, original, sec, nsec, point: index } of frames) {
    const local = points.findIndex((point) => point.index === index);
    const known = points[local];
    if (known === undefined) continue;
    const point = { ...known, index: local };
    names.set(capture * POINTS + local, point);
    const batch: FrameBatch = {
      bytes,
      count: 1,
      offset: Int32Array.of(0),
      captured: Int32Array.of(bytes.length),
      original: Int32Array.of(original),
      sec: Float64Array.of(sec),
      nsec: Int32Array.of(nsec),
      point: Int32Array.of(local),
      firstFrame: frame,
    };
    for (const work of needed.get(frame) ?? []) take(work, view, batch, 0, { capture, frame }, point);
  }
}

function take(work: Work, view: PacketView, batch: FrameBatch, i: number, place: Place, point: Point): void {
  const key = `${place.capture} ${place.frame}`;
  const offset = batch.offset[i] as number;
  const captured = batch.captured[i] as number;
  const original = batch.original[i] as number;
  const frame = batch.bytes.subarray(offset, offset + captured);
  decodeFrame(view, batch.bytes, offset, captured, original, point.linkType);
  const bytes = work.full ? frame.slice() : work.mask.apply(view).slice();
  work.taken.push({
    place,
    role: work.roles.get(key) ?? "evidence",
    bytes,
    original,
    sec: batch.sec[i] as number,
    nsec: batch.nsec[i] as number,
    point: place.capture * POINTS + point.index,
    linkType: point.linkType,
    commitment: work.commitments?.byPlace("frame", `${work.captures[place.capture]?.sha256 ?? ""} ${place.frame}`, frame).commitment ?? "",
  });
  if (work.paired.has(key) && work.commitments !== null) {
    const level = view.ipCount - 1;
    const from = level < 0 ? 0 : (view.payloadStart[level] as number);
    const to = level < 0 ? 0 : (view.payloadEnd[level] as number);
    work.sides.set(key, {
      frame: frame.slice(0, 2 * CARVE_LIMITS.pairOctets),
      payload: batch.bytes.slice(from, Math.min(to, from + CARVE_LIMITS.pairOctets)),
    });
  }
}

function finish(
  work: Work,
  captures: readonly CarveCapture[],
  names: ReadonlyMap<number, Point>,
  unread: ReadonlySet<number>,
): CarvedFinding {
  const placeOf = ({ capture, frame }: Place): FramePlace => ({ capture: captures[capture]?.sha256 ?? "", frame });
  const { finding, pairs, evidence } = work.wish;
  // In time order a copy stands beside its original.
  work.taken.sort((a, b) => a.sec - b.sec || a.nsec - b.nsec || a.place.capture - b.place.capture || a.place.frame - b.place.frame);
  const interfaces = [...new Set(work.taken.map((t) => t.point))];
  const blocks: Uint8Array[] = [
    pcapngSection(
      "tapproof",
      `Packets of finding ${finding}${work.full ? ", as captured" : ": identities are numbers, payload is cut off"}.`,
    ),
    ...interfaces.map((point) =>
      pcapngInterface({
        linkType: names.get(point)?.linkType ?? 1,
        name: captures[Math.floor(point / POINTS)]?.names?.[point % POINTS],
        snapLength: 0,
        comment: `capture ${captures[Math.floor(point / POINTS)]?.sha256 ?? ""}`,
      }),
    ),
    ...work.taken.map((t) =>
      pcapngPacket(
        interfaces.indexOf(t.point),
        { bytes: t.bytes, offset: 0, captured: t.bytes.length, original: t.original, sec: t.sec, nsec: t.nsec },
        [`${t.role}, frame ${t.place.frame} of capture ${captures[t.place.capture]?.sha256 ?? ""}`],
      ),
    ),
  ];
  const left = evidence.reduce((n, e) => n + e.frames.length, 0) - work.taken.filter((t) => t.role !== "original").length;
  const reasons = [
    ...(evidence.some((e) => unread.has(e.capture)) ? ["a capture could not be read again"] : []),
    ...(left > 0 && unread.size === 0
      ? [`at most ${CARVE_LIMITS.framesEach} frames a finding and ${CARVE_LIMITS.frames} a run are carved`]
      : []),
    ...(work.taken.length === 0 && work.wanted === 0 ? ["the finding lists no frame"] : []),
  ];
  return {
    pcapng: work.taken.length === 0 ? null : Buffer.concat(blocks),
    frames: work.taken.map((t) => ({ ...placeOf(t.place), role: t.role, commitment: t.commitment })),
    pairs: pairs.flatMap(({ copy, original }, i) => {
      const same = sideBySide(work, copy, original);
      if (same === undefined || work.commitments === null) return [];
      return [
        {
          copy: placeOf(copy),
          original: placeOf(original),
          octets: same.octets,
          copyCommitment: work.commitments.byContent("payload", `copy ${i}`, same.copy).commitment,
          originalCommitment: work.commitments.byContent("payload", `original ${i}`, same.original).commitment,
        },
      ];
    }),
    why: reasons.length === 0 ? null : reasons.join("; "),
  };
}

export interface SideBySide {
  readonly octets: number;
  readonly copy: Uint8Array;
  readonly original: Uint8Array;
}

/**
 * Content that both frames hold: the original's innermost payload, found again in the copy by its first octets, as far as both go on alike.
 * Undefined where that is too short to tell anything, or where the copy wraps it so that the octets differ (base64, compression).
 */
export function contentOfBoth(copyFrame: Uint8Array, originalPayload: Uint8Array): SideBySide | undefined {
  const within = Buffer.from(copyFrame.buffer, copyFrame.byteOffset, copyFrame.length);
  if (originalPayload.length < SHORTEST_CONTENT) return undefined;
  let at = within.indexOf(originalPayload.subarray(0, CARVE_LIMITS.soughtOctets));
  // The copier may have cut the packet: then less of it is there.
  if (at < 0) at = within.indexOf(originalPayload.subarray(0, SHORTEST_CONTENT));
  if (at < 0) return undefined;
  let octets = 0;
  while (octets < originalPayload.length && at + octets < copyFrame.length && copyFrame[at + octets] === originalPayload[octets]) octets++;
  return { octets, copy: copyFrame.slice(at, at + octets), original: originalPayload.slice(0, octets) };
}

function sideBySide(work: Work, copy: Place, original: Place): SideBySide | undefined {
  const copySide = work.sides.get(`${copy.capture} ${copy.frame}`);
  const originalSide = work.sides.get(`${original.capture} ${original.frame}`);
  return copySide === undefined || originalSide === undefined ? undefined : contentOfBoth(copySide.frame, originalSide.payload);
}
