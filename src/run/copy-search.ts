import { randomBytes } from "node:crypto";
import { constants, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { Enclosure } from "#detect/covert-copy/enclosure.ts";
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
  const used = `${Math.ceil(c.tableBytes / MEBIBYTE)} of ${Math.ceil(c.budgetBytes / MEBIBYTE)} MiB for prints used`;
  lines.push(
    Number.isFinite(c.horizonMicros)
      ? `Copies delayed by more than ${Math.floor(c.horizonMicros / 1e6)} s would be missed: the table of prints was full (${used}).`
      : `Copies of what passed before the captures began would be missed; nothing that passed since was forgotten (${used}).`,
  );
  if (c.sample > 1) lines.push(`One packet in ${c.sample} was searched for copies: copies of few packets would be missed.`);
  if (c.legsDropped > 0)
    lines.push(`${c.legsDropped} packets on further ways than the search can tell apart were not searched for copies.`);
  return lines;
}

/**
 * Conservation, for elements whose links are all tapped whole: what left without a parent, and how much could have left unseen at most. Sentences for
 * the coverage: "no copy left here" is worth what it is bounded by.
 */
export function conservationNotes(search: CopyTracker, declaration: DeclarationLookup | null, enclosure: Enclosure): string[] {
  if (declaration === null || search.conservation.dropped > 0 || search.coverage().sample > 1) return [];
  const { functions } = declaration.declaration;
  return search.conservation.balances().flatMap((b) => {
    const name = functions[b.element]?.name;
    if (name === undefined || !enclosure.balances(name) || b.packetsOut === 0) return [];
    const own = enclosure.ownOctets(name);
    const bound = `its own conversations sent ${own} octets, which bound what could have left in them beside ${b.octetsOut} octets of subscribers' packets`;
    return [
      b.parentless === 0
        ? `No copy left ${name} readable on its path: each of ${b.packetsOut} subscribers' packets that left had entered on its links, all of them tapped; ${bound}.`
        : `${b.parentless} of ${b.packetsOut} subscribers' packets that left ${name} (${b.excess} octets) had not entered on its links, although all of them are tapped; ${bound}.`,
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
