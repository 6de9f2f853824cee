/**
 * Several captures as one sequence in time order: the points of one network are correlated together, so that the order must not
 * depend on the order of the arguments. Each capture is taken in its own order (frames inside a file may be out of order).
 */
import type { FrameBatch } from "#model/frame.ts";
import type { Instant } from "#model/time.ts";
import { findDuplicates, type Duplicate } from "./duplicates.ts";
import type { HashThread } from "./hash-thread.ts";
import { limits } from "./limits.ts";
import { captureName, openRecords } from "./open.ts";
import { CaptureError, PointRegistry, type CaptureReader } from "./reader.ts";
import type { RecordReader } from "./records.ts";

/** Frames `from … to - 1` of `batch`, all of capture `reader`. Valid until it returns (or its promise settles). */
export type RunHandler = (batch: FrameBatch, from: number, to: number, reader: CaptureReader) => void | Promise<void>;

/** A capture under way: the frame at `at` is the next it offers. */
interface Head {
  readonly reader: CaptureReader;
  readonly rank: number;
  batch: FrameBatch;
  at: number;
}

/** A capture that is not begun yet, because the others have not reached its first frame. */
interface Waiting {
  readonly reader: CaptureReader;
  readonly rank: number;
  readonly first: Instant | null;
}

/** Readers of captures that need not be files: what `firstTime` can be asked of. */
export interface MergeInput {
  readonly reader: CaptureReader;
  /** Time of the first frame, where it is known before reading; null begins the capture at once. */
  readonly first: Instant | null;
}

/**
 * Opens all captures of a run, sorted by base name and then by path, so that capture and point indexes, too, do not depend on the
 * order of the arguments. A path named twice is opened once. Throws the CaptureError of the first unusable one, unless `onBad` is given;
 * then throws where no capture at all can be used.
 */
export async function openCaptures(
  paths: readonly string[],
  options: {
    readonly registry?: PointRegistry;
    readonly hash?: boolean;
    /** Captures that are called otherwise than their files, by path; those of one name then stay in the order of `paths`. */
    readonly names?: ReadonlyMap<string, string>;
    readonly hashThread?: HashThread;
    readonly onBad?: (error: CaptureError) => void;
    /** The same octets under several names are read once, under the first name that `prefer` wants, else the first; the others are told. */
    readonly once?: { readonly prefer: (path: string) => boolean; readonly told: (duplicate: Duplicate) => void };
  } = {},
): Promise<MergeInput[]> {
  const registry = options.registry ?? new PointRegistry();
  const { names } = options;
  const nameOf = (path: string): string => names?.get(path) ?? captureName(path);
  const byPath = names === undefined ? compareText : () => 0;
  const sorted = [...new Set(paths)].sort((a, b) => compareText(nameOf(a), nameOf(b)) || byPath(a, b));
  for (const duplicate of options.once === undefined ? [] : await findDuplicates(sorted, options.once.prefer)) {
    sorted.splice(sorted.indexOf(duplicate.path), 1);
    options.once?.told(duplicate);
  }
  // Many captures share what one may use: a block each while they overlap in time.
  const blockBytes = sorted.length > 8 ? limits.blockBytes / 8 : limits.blockBytes;
  const inputs: MergeInput[] = [];
  let firstBad: CaptureError | undefined;
  for (const path of sorted) {
    let reader: RecordReader;
    try {
      reader = await openRecords(path, {
        capture: inputs.length,
        registry,
        blockBytes,
        hash: options.hash ?? true,
        ...(names === undefined ? {} : { name: nameOf(path) }),
        ...(options.hashThread === undefined ? {} : { hashThread: options.hashThread }),
      });
    } catch (error) {
      if (!(error instanceof CaptureError) || options.onBad === undefined) {
        for (const { reader: opened } of inputs) await opened.close();
        throw error;
      }
      firstBad ??= error;
      options.onBad(error);
      continue;
    }
    inputs.push({ reader, first: reader.firstTime() });
  }
  if (firstBad !== undefined && inputs.length === 0) throw nothingLeft(sorted.length, firstBad);
  return inputs;
}

/** Going on without what cannot be used needs something to go on with. */
export function nothingLeft(captures: number, first: CaptureError): CaptureError {
  if (captures === 1) return first;
  const { what, where, whatToDo } = first;
  return new CaptureError(`none of the ${captures} captures can be used; the first, ${where}: ${what}`, "", whatToDo);
}

/**
 * Hands all frames of all captures to `handle`, earliest first; frames of equal time by the place of their capture in `inputs`.
 * One capture alone is handed through batch by batch. Ends when all are read; every reader then has its final statistics.
 */
export async function mergeCaptures(inputs: readonly MergeInput[], handle: RunHandler): Promise<void> {
  const only = inputs.length === 1 ? inputs[0]!.reader : undefined;
  if (only !== undefined) {
    for (let batch = await only.next(); batch !== null; batch = await only.next()) {
      const done = handle(batch, 0, batch.count, only);
      if (done !== undefined) await done;
    }
    return;
  }
  const waiting: Waiting[] = inputs.map(({ reader, first }, rank) => ({ reader, rank, first }));
  waiting.sort((a, b) => compareFirst(a.first, b.first) || a.rank - b.rank);
  let begun = 0;
  const heads: Head[] = [];
  for (;;) {
    // Begin every capture whose first frame is due, so that its frames take part in the comparison below.
    while (begun < waiting.length && due(waiting[begun]!, heads[0])) {
      const { reader, rank } = waiting[begun++]!;
      const batch = await reader.next();
      if (batch !== null) insert(heads, { reader, rank, batch, at: 0 });
    }
    const head = heads[0];
    if (head === undefined) return;
    const to = runEnd(head, heads, waiting[begun]);
    const done = handle(head.batch, head.at, to, head.reader);
    if (done !== undefined) await done;
    head.at = to;
    if (to === head.batch.count) {
      const batch = await head.reader.next();
      if (batch === null) {
        removeFirst(heads);
        continue;
      }
      head.batch = batch;
      head.at = 0;
    }
    sink(heads, 0);
  }
}

/** True where the capture may hold a frame that is not later than the earliest at hand. */
function due(capture: Waiting, earliest: Head | undefined): boolean {
  if (earliest === undefined || capture.first === null) return true;
  return compareTime(capture.first.sec, capture.first.nsec, earliest) <= 0;
}

/** First frame of the head's batch that must wait for another capture. At least one frame is free to go. */
function runEnd(head: Head, heads: readonly Head[], next: Waiting | undefined): number {
  const { batch } = head;
  let sec = Number.POSITIVE_INFINITY;
  let nsec = 0;
  let rank = Number.POSITIVE_INFINITY;
  const bound = (s: number, n: number, r: number): void => {
    if (s > sec || (s === sec && (n > nsec || (n === nsec && r > rank)))) return;
    sec = s;
    nsec = n;
    rank = r;
  };
  // In a binary heap the second smallest is one of the root's children.
  for (const child of [heads[1], heads[2]]) {
    if (child !== undefined) bound(child.batch.sec[child.at]!, child.batch.nsec[child.at]!, child.rank);
  }
  if (next !== undefined && next.first !== null) bound(next.first.sec, next.first.nsec, next.rank);
  let i = head.at + 1;
  while (i < batch.count) {
    const s = batch.sec[i]!;
    if (s > sec) break;
    if (s === sec) {
      const n = batch.nsec[i]!;
      if (n > nsec || (n === nsec && head.rank > rank)) break;
    }
    i++;
  }
  return i;
}

function compareTime(sec: number, nsec: number, head: Head): number {
  return sec - head.batch.sec[head.at]! || nsec - head.batch.nsec[head.at]!;
}

function before(a: Head, b: Head): boolean {
  const order = compareTime(a.batch.sec[a.at]!, a.batch.nsec[a.at]!, b) || a.rank - b.rank;
  return order < 0;
}

/** `heads` is a binary heap, earliest first. */
function insert(heads: Head[], added: Head): void {
  let i = heads.push(added) - 1;
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(heads[i]!, heads[parent]!)) return;
    swap(heads, i, parent);
    i = parent;
  }
}

function sink(heads: Head[], from: number): void {
  for (let i = from; ;) {
    const left = 2 * i + 1;
    if (left >= heads.length) return;
    const right = left + 1;
    const child = right < heads.length && before(heads[right]!, heads[left]!) ? right : left;
    if (!before(heads[child]!, heads[i]!)) return;
    swap(heads, i, child);
    i = child;
  }
}

function removeFirst(heads: Head[]): void {
  const last = heads.pop()!;
  if (heads.length === 0) return;
  heads[0] = last;
  sink(heads, 0);
}

function swap(heads: Head[], i: number, j: number): void {
  const kept = heads[i]!;
  heads[i] = heads[j]!;
  heads[j] = kept;
}

function compareFirst(a: Instant | null, b: Instant | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  return a.sec - b.sec || a.nsec - b.nsec;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
