/**
 * The same octets under two names are one observation, not two: a copy of a capture must not double what was seen. Found before reading, by
 * content; files of different size are not even looked at.
 */
import { createHash } from "node:crypto";
import { closeSync, createReadStream, openSync, readSync, statSync } from "node:fs";

/** Octets compared at the beginning and the end before a whole file is read for it. */
const PROBE_BYTES = 65_536;

export interface Duplicate {
  readonly path: string;
  /** Holds the same octets, and is read. */
  readonly kept: string;
}

/**
 * Files among `paths` that hold the same octets as another. Of such a group the first is kept that `prefer` wants, else the first. What
 * cannot be read is no duplicate: opening it says why.
 */
export async function findDuplicates(paths: readonly string[], prefer: (path: string) => boolean): Promise<Duplicate[]> {
  let groups: string[][] = [[...paths]];
  for (const keyOf of [sizeOf, probe, sha256]) {
    const finer: string[][] = [];
    for (const group of groups) finer.push(...(await split(group, keyOf)));
    groups = finer;
  }
  return groups.flatMap((group) => {
    const kept = group.find(prefer) ?? (group[0] as string);
    return group.filter((path) => path !== kept).map((path) => ({ path, kept }));
  });
}

/** Groups of two and more that share a key. */
async function split(
  group: readonly string[],
  keyOf: (path: string) => string | undefined | Promise<string | undefined>,
): Promise<string[][]> {
  const byKey = new Map<string, string[]>();
  for (const path of group) {
    const key = await keyOf(path);
    if (key === undefined) continue;
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [path]);
    else same.push(path);
  }
  return [...byKey.values()].filter(({ length }) => length > 1);
}

function sizeOf(path: string): string | undefined {
  if (path === "-") return undefined;
  try {
    const { size } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0 };
    // a pipe has no size, and can be read only once
    return size === 0 ? undefined : String(size);
  } catch {
    return undefined;
  }
}

function probe(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    const octets = Buffer.alloc(2 * PROBE_BYTES);
    const size = statSync(path).size;
    const head = readSync(file, octets, 0, PROBE_BYTES, 0);
    const tail = readSync(file, octets, head, PROBE_BYTES, Math.max(0, size - PROBE_BYTES));
    return createHash("sha256")
      .update(octets.subarray(0, head + tail))
      .digest("hex");
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

async function sha256(path: string): Promise<string | undefined> {
  const digest = createHash("sha256");
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) digest.update(chunk as Uint8Array);
  } catch {
    return undefined;
  }
  return digest.digest("hex");
}
