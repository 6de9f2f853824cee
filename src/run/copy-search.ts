import { randomBytes } from "node:crypto";
import { constants, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import { CopyPaths } from "#detect/covert-copy/paths.ts";
import type { PointInfo } from "#detect/detector.ts";
import { CopyTracker } from "#track/copies/tracker.ts";
import type { Inflate } from "#track/prints/scan.ts";
import type { Pipeline } from "./pipeline.ts";

/** The two keys of a run, independent of one another; kept with the case until they are opened or forgotten (`method.md` §5.1). */
export interface CopyKeys {
  readonly print: Uint8Array;
  readonly sampling: Uint8Array;
}

export function drawCopyKeys(): CopyKeys {
  return { print: randomBytes(16), sampling: randomBytes(16) };
}

/** The copy search of a run, fed by the pipeline. `sample`: one packet in so many; `budgetBytes`: default 1 GiB. */
export function copySearch(
  pipeline: Pipeline,
  declaration: DeclarationLookup | null,
  points: readonly PointInfo[],
  keys: CopyKeys,
  sample?: number,
  budgetBytes?: number,
): CopyTracker {
  return new CopyTracker({
    printKey: keys.print,
    samplingKey: keys.sampling,
    judge: new CopyPaths(declaration, points),
    isSubscriber: pipeline.isSubscriber,
    inflate,
    ...(sample === undefined ? {} : { sample }),
    ...(budgetBytes === undefined ? {} : { budgetBytes }),
  });
}

/** What the search could not have seen, in sentences for `coverage.notSeen`. */
export function copiesNotSeen(search: CopyTracker): string[] {
  const c = search.coverage();
  const lines: string[] = [];
  if (Number.isFinite(c.horizonMicros)) {
    lines.push(`Copies delayed by more than ${Math.floor(c.horizonMicros / 1e6)} s would be missed: the table of prints was full.`);
  }
  if (c.sample > 1) lines.push(`One packet in ${c.sample} was searched for copies: copies of few packets would be missed.`);
  if (c.legsDropped > 0)
    lines.push(`${c.legsDropped} packets on further ways than the search can tell apart were not searched for copies.`);
  return lines;
}

/** A cut member gives what there is of it. */
const inflate: Inflate = (kind, bytes, limit) => {
  try {
    if (kind === "zstd") return zstdDecompressSync(bytes, { maxOutputLength: limit, finishFlush: constants.ZSTD_e_flush });
    const options = { maxOutputLength: limit, finishFlush: constants.Z_SYNC_FLUSH };
    return kind === "gzip" ? gunzipSync(bytes, options) : inflateSync(bytes, options);
  } catch {
    return null;
  }
};
