/**
 * Verification of a bundle: a straight list of named checks, each with its code, in the order of docs/bundle-format.md.
 *
 * L1 integrity (`integrity.ts`), L2 arithmetic (`disclosed.ts`), L3 replay (`replay.ts`).
 */
import { attestedOf } from "./attested.ts";
import { Bundle, CheckList } from "./bundle.ts";
import { looksLikeBundle } from "./container.ts";
import { arithmeticChecks } from "./disclosed.ts";
import { integrityChecks } from "./integrity.ts";
import { spelledRoot } from "./note.ts";
import { primitivesWith } from "./primitives.ts";
import { replayChecks } from "./replay.ts";
import { weaknessesOf } from "./strength.ts";
import type { Contents, Level, Origin, VerifyOptions, VerifyResult } from "./result.ts";

export type * from "./result.ts";

export async function verifyBundle(octets: Uint8Array, options: VerifyOptions = {}): Promise<VerifyResult> {
  if (!looksLikeBundle(octets)) {
    return {
      bundle: false,
      level: "none",
      origin: { status: "not checked", name: "", key: "" },
      passed: false,
      checks: [],
      weaknesses: [],
      attested: [],
      contents: null,
    };
  }
  const bundle = new Bundle(octets, primitivesWith(options.primitives));
  const list = new CheckList();
  await integrityChecks(bundle, list, options);
  await arithmeticChecks(bundle, list, options);
  const origin = originOf(bundle, list, options);
  await replayChecks(bundle, list, options.replay, whyNotReplayed(list, origin));

  const replayed = list.checks.some((c) => c.level === "L3" && c.status === "passed") && list.holds("L3");
  const level: Level = !list.holds("L1") ? "none" : !list.holds("L2") ? "L1" : replayed ? "L3" : "L2";
  const failed = list.checks.some((c) => c.status === "failed");
  const passed = !failed && list.unmet.length === 0 && (origin.status === "checked" || options.anySigner === true);
  const weaknesses = list.holds("L1") ? weaknessesOf(bundle, options.version) : [];
  const attested = level === "L2" || level === "L3" ? attestedOf(bundle) : [];
  return { bundle: true, level, origin, passed, checks: list.checks, weaknesses, attested, contents: contentsOf(bundle, list) };
}

/** Captures are opened only for a bundle that is who it says and holds so far: what a stranger made up gives no work and no orders. */
function whyNotReplayed(list: CheckList, origin: Origin): string | undefined {
  if (origin.status === "wrong") return "because the origin is wrong";
  const failed = list.checks.find((c) => c.status === "failed");
  return failed === undefined ? undefined : `because ${failed.code} failed`;
}

function originOf(bundle: Bundle, list: CheckList, options: VerifyOptions): Origin {
  const check = list.checks.find((c) => c.code === "origin");
  const status = options.key === undefined ? "not checked" : check?.status === "passed" ? "checked" : "wrong";
  return { status, name: bundle.signer?.name ?? "", key: bundle.signer?.spelled ?? "" };
}

function contentsOf({ container, checkpoint, records }: Bundle, list: CheckList): Contents | null {
  if (container === undefined || checkpoint === undefined) return null;
  const witnesses = list.checks.find((c) => c.code === "witnesses" && c.status === "passed");
  return {
    log: { origin: checkpoint.origin, size: checkpoint.size, root: spelledRoot(checkpoint) },
    sealed: witnesses?.detail ?? null,
    records: records.map(({ index, type, sha256, record }) => ({ index, type, sha256, record })),
    parts: container.parts.map((p) => ({ name: p.name, bytes: p.octets.length, sha256: p.sha256 })),
  };
}
