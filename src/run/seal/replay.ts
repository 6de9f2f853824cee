/** L3: scans the captures of a bundle again, as its records say, and tells what comes out (`verify` compares). */
import { createHash, hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { listCaptures } from "#capture/open.ts";
import { declarationHash } from "#declaration/load.ts";
import type { Declaration } from "#declaration/types.ts";
import type { WarrantRegister } from "#register/covers.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { scan } from "#run/scan.ts";
import { carve } from "./carve.ts";
import { capturesOf, findingRecords, maskingOf, pairUp, settingsOf, wishOf, type ScanOptions } from "./seal.ts";

/** The shape of `verify`'s request and answer; this stage does not import the verifier, nor the verifier this stage. */
interface Request {
  readonly runs: readonly {
    readonly captures: readonly { readonly file: string; readonly sha256: string }[];
    readonly declaration: unknown;
    readonly register: { readonly given: boolean; readonly warrants: number };
    readonly settings: Readonly<Record<string, unknown>>;
    readonly printKeys: { readonly print: string; readonly sampling: string } | null;
  }[];
}

interface Run {
  readonly missing: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly impossible?: string;
  readonly findings: readonly {
    readonly id: string;
    readonly record: Readonly<Record<string, unknown>>;
    readonly packets: string | null;
  }[];
}

/** `given`: captures, or directories of captures. */
export function replayOn(
  given: readonly string[],
  register: WarrantRegister | null,
  tlsKeys?: TlsKeys,
): (request: Request) => Promise<{ readonly runs: readonly Run[] }> {
  return async (request) => {
    const paths = await hashCaptures(given);
    const runs: Run[] = [];
    for (const run of request.runs) runs.push(await replayRun(run, paths, register, tlsKeys));
    return { runs };
  };
}

async function replayRun(
  run: Request["runs"][number],
  paths: ReadonlyMap<string, string>,
  register: WarrantRegister | null,
  tlsKeys: TlsKeys | undefined,
): Promise<Run> {
  const none = { settings: {}, findings: [] };
  const missing = run.captures.filter((c) => !paths.has(c.sha256)).map((c) => `${c.file} (${c.sha256.slice(0, 16)}…)`);
  if (missing.length > 0) return { ...none, missing };
  if (run.register.given && register === null)
    return { ...none, missing, impossible: "the run had a register of warrants; name it with --warrants" };
  if (run.register.given && register?.size !== run.register.warrants) {
    return {
      ...none,
      missing,
      impossible: `the run's register held ${run.register.warrants} warrants, the one given ${register?.size ?? 0}`,
    };
  }
  const options = run.settings["options"] as ScanOptions;
  const { sample, copyBytes } = options;
  if (options.tlsKeys && tlsKeys === undefined)
    return { ...none, missing, impossible: "the run had a TLS key log; name it with --tls-keys" };
  // Nothing is written, and no name from the bundle is ever a path: each capture is read where the reader keeps it, and only called as it was,
  // because tap maps match names.
  const names = new Map(run.captures.map(({ file, sha256 }) => [paths.get(sha256) as string, file]));
  if (names.size < run.captures.length) return { ...none, missing, impossible: "the run names one capture twice" };
  const declaration = run.declaration as Declaration | null;
  const result = await scan({
    paths: [...names.keys()],
    names,
    declaration: declaration === null ? null : { declaration, sha256: declarationHash(declaration) },
    register: run.register.given ? register : null,
    skipBad: false,
    identities: false,
    ...(run.printKeys === null
      ? {}
      : { copyKeys: { print: Buffer.from(run.printKeys.print, "hex"), sampling: Buffer.from(run.printKeys.sampling, "hex") } }),
    sample,
    ...(copyBytes < 0 ? {} : { copyBytes }),
    ...(options.tlsKeys && tlsKeys !== undefined ? { tlsKeys } : {}),
  });
  const found = pairUp(result);
  const carved = await carve(
    capturesOf(result),
    found.map(({ draft, finding }) => wishOf(result, draft, finding)),
    null,
  );
  const masking = maskingOf(result, declaration);
  const findings = found.map(({ draft, finding }, i) => {
    const packets = carved[i];
    if (packets === undefined) throw new Error("a finding was not carved");
    const { finding: record } = findingRecords(result, draft, finding, packets, new Uint8Array(32), masking);
    return {
      id: finding.id,
      record: record as unknown as Readonly<Record<string, unknown>>,
      packets: packets.pcapng === null ? null : hash("sha256", packets.pcapng, "hex"),
    };
  });
  return { missing, settings: settingsOf(result, options) as unknown as Record<string, unknown>, findings };
}

/** Captures, or directories of captures, by the SHA-256 of the file as given. */
export async function hashCaptures(given: readonly string[]): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of await listCaptures(given)) {
    const sha256 = createHash("sha256");
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) sha256.update(chunk as Uint8Array);
    found.set(sha256.digest("hex"), resolve(path));
  }
  return found;
}
