import { randomBytes } from "node:crypto";
import { constants, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { Enclosure } from "#detect/covert-copy/enclosure.ts";
import { CopyPaths } from "#detect/covert-copy/paths.ts";
import type { PointInfo } from "#model/point.ts";
import { state, type Statement } from "#model/statement.ts";
import { CopyTracker } from "#sense/copies/tracker.ts";
import type { Inflate } from "#sense/prints/scan.ts";
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
    passed: pipeline.passed,
    inflate,
    ...(sample === undefined ? {} : { sample }),
    ...(budgetBytes === undefined ? {} : { budgetBytes }),
  });
}

/** What the search could not have seen, for `coverage.notSeen`. */
export function copiesNotSeen(search: CopyTracker): Statement[] {
  const c = search.coverage();
  const room = { used: Math.ceil(c.tableBytes / MEBIBYTE), budget: Math.ceil(c.budgetBytes / MEBIBYTE) };
  return [
    Number.isFinite(c.horizonMicros)
      ? state("unseen.copies-late", { seconds: Math.floor(c.horizonMicros / 1e6), ...room })
      : state("unseen.copies-before", room),
    ...(c.sample > 1 ? [state("unseen.copies-sampled", { sample: c.sample })] : []),
    ...(c.legsDropped > 0 ? [state("unseen.copies-ways", { packets: c.legsDropped })] : []),
  ];
}

/**
 * Conservation, for elements whose links are all tapped whole: what left without a parent, and how much could have left unseen at most: "no copy left
 * here" is worth what it is bounded by.
 */
export function conservationNotes(search: CopyTracker, declaration: DeclarationLookup | null, enclosure: Enclosure): Statement[] {
  if (declaration === null || search.conservation.dropped > 0 || search.coverage().sample > 1) return [];
  const { functions } = declaration.declaration;
  return search.conservation.balances().flatMap((b) => {
    const name = functions[b.element]?.name;
    if (name === undefined || !enclosure.balances(name) || b.packetsOut === 0) return [];
    const flow = { element: name, packets: b.packetsOut, own: enclosure.ownOctets(name), octets: b.octetsOut };
    return [
      b.parentless === 0
        ? state("unseen.balanced", flow)
        : state("unseen.unbalanced", { ...flow, parentless: b.parentless, excess: b.excess }),
    ];
  });
}

const MEBIBYTE = 1024 * 1024;

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
