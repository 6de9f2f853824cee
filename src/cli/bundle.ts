/**
 * `tapproof bundle DIR`: makes the bundle of a case again, of all findings or some, with what a person decided to open.
 * `tapproof challenge BUNDLE|DIR`: which matched pairs a public random value picks.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import type { Writable } from "node:stream";
import { bundleCase, bundlePath } from "#evidence/bundle/assemble.ts";
import { challengedPairs } from "#evidence/commit/challenge.ts";
import { addCustody } from "#evidence/custody/custody.ts";
import { loadSigner } from "#evidence/keys/key-store.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { openCaseLog, readCaseLog } from "#evidence/log/case-log.ts";
import { answerChallenge, carveFull, findingInCase, openOne, picksOf, type OpeningKind } from "#run/seal/open.ts";
import { readSources } from "#run/seal/seal.ts";
import { hashCaptures } from "#run/seal/replay.ts";
import { verifyBundle } from "#verify/verify.ts";
import type { FindingRecord } from "#findings/document.ts";
import { aboutInterception } from "#report/interception.ts";
import { octetsSaid } from "#words/amounts.ts";
import { account } from "./account.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { ifInterrupted } from "./interrupt.ts";
import { openCase, openCaseToWrite } from "./open-case.ts";
import { checkOutput } from "./output.ts";
import { asTyped } from "./program-name.ts";
import { ProgressLine } from "./progress.ts";

interface Io {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface BundleArgs {
  readonly directory: string;
  readonly out?: string;
  readonly findings: readonly string[];
  /** `subscriber N`, `identity N`, `packet N`. */
  readonly open: readonly string[];
  readonly challenge?: string;
  readonly pairs: number;
  readonly withPackets: boolean;
  readonly reason?: string;
  /** Who opens it; default: the account. */
  readonly by?: string;
  readonly captures: readonly string[];
  readonly signingKey?: string;
}

export async function bundleCommand(args: BundleArgs, io: Io): Promise<number> {
  const signer = (): Signer => loadSigner(args.signingKey, io.env);
  const folder = await openCaseToWrite(args.directory, io, signer);
  const wishes = openingsOf(args.open);
  const reason = (args.reason ?? "").trim();
  if ((wishes.length > 0 || args.withPackets || args.challenge !== undefined) && reason === "") {
    throw new UsageError("bundle: opening something needs --reason TEXT, which is recorded in the case's log");
  }
  if (!existsSync(`${folder.path}/log/checkpoint`)) {
    throw new UsageError(`bundle: ${args.directory}: this case has no log; scan again into a new case`);
  }
  if (args.out !== undefined) checkOutput(args.out);
  const progress = new ProgressLine(io.stderr, io.env);
  const log = openCaseLog(folder.path, signer());
  const by = args.by ?? account(io.env);
  const opened: number[] = [];
  ifInterrupted(() =>
    [
      "no bundle was written",
      ...(opened.length === 0 ? [] : [`what was opened (${opened.length}) stays recorded in the log of ${args.directory}`]),
      "run the same command again",
    ].join("; "),
  );
  try {
    if (wishes.length > 0 || args.withPackets || args.challenge !== undefined) {
      const captures = new Map([...Object.entries(readSources(folder.path)), ...(await hashCaptures(args.captures, progress))]);
      const of = findingInCase(log, args.findings[0]);
      const what = [
        ...wishes.map(({ kind, place }) => `${kind} ${place}`),
        ...(args.challenge === undefined ? [] : [`${args.pairs} pairs by challenge`]),
        ...(args.withPackets ? ["packets as captured"] : []),
      ];
      addCustody(log, {
        at: `${new Date().toISOString().slice(0, 19)}Z`,
        by,
        action: "opened-commitment",
        basis: { law: null, authority: null, purpose: reason },
        note: `finding ${of.finding.id.slice(0, 8)}: ${what.join(", ")}`,
      });
      for (const { kind, place } of wishes) opened.push(await openOne(folder.path, log, of, kind, place, reason, captures, progress));
      if (args.challenge !== undefined) {
        opened.push(await answerChallenge(log, folder.path, of, args.challenge, args.pairs, reason, captures, progress));
      }
      if (args.withPackets) opened.push(await carveFull(folder.path, log, of, reason, captures, progress));
    }
    const findings = args.findings.map((id) => findingInCase(log, id).finding.id);
    const path = args.out ?? bundlePath(folder.path);
    const choice = { opened, progress, ...(findings.length === 0 ? {} : { findings }) };
    const octets = bundleCase(folder.path, log, signer(), choice, path);
    progress.clear();
    io.stdout.write(`${path}\n`);
    const lawful = [...log.records("finding")].filter(
      ({ value }) =>
        aboutInterception(value as unknown as Pick<FindingRecord, "claim" | "witnesses">) &&
        (findings.length === 0 || findings.includes(String(value["id"]))),
    );
    if (lawful.length > 0) io.stderr.write("tapproof: this bundle tells of interception: for readers cleared for it alone\n");
    const done = opened.length === 0 ? "nothing opened" : `${opened.length} opened by ${by}, recorded in the case's log`;
    io.stderr.write(`tapproof: ${octetsSaid(octets.length, "en")}; ${visible(done)}\n`);
  } finally {
    progress.clear();
    ifInterrupted(null);
    log.close();
  }
  return EXIT.DONE;
}

function openingsOf(words: readonly string[]): { kind: OpeningKind; place: number }[] {
  const flat = words.flatMap((word) => word.trim().split(/[:\s]+/));
  const wishes: { kind: OpeningKind; place: number }[] = [];
  for (let i = 0; i < flat.length; i += 2) {
    const [kind, place] = [flat[i], flat[i + 1]];
    if ((kind !== "subscriber" && kind !== "identity" && kind !== "packet") || place === undefined || !/^\d{1,9}$/.test(place)) {
      throw new UsageError(`bundle: --open ${words.join(" ")}: expected subscriber N, identity N or packet N, counted from 0`);
    }
    wishes.push({ kind, place: Number(place) });
  }
  return wishes;
}

export interface ChallengeArgs {
  /** A bundle, or a case folder. */
  readonly of: string;
  readonly random: string;
  readonly pairs: number;
  readonly finding?: string;
  readonly json: boolean;
}

export async function challengeCommand(args: ChallengeArgs, io: Io): Promise<number> {
  const { id, match, total, picked } =
    statSync(args.of, { throwIfNoEntry: false })?.isDirectory() === true ? fromCase(args, io) : await fromBundle(args);
  if (args.json) io.stdout.write(`${JSON.stringify({ finding: id, match, random: args.random, of: total, pairs: picked })}\n`);
  else {
    io.stdout.write(`finding ${id}\npairs   ${picked.join(" ")}   of ${total}\n`);
    const passes = (share: number): string => `${(100 * (1 - share) ** picked.length).toFixed(2)} %`;
    io.stdout.write(`A bundle in which a tenth (half) of the pairs is false passes with at most ${passes(0.1)} (${passes(0.5)}).\n`);
    io.stdout.write(
      `The custodian answers: ${asTyped(io.env)} bundle DIR --finding ${id.slice(0, 12)} --challenge ${args.random} --pairs ${args.pairs} --reason TEXT\n`,
    );
  }
  return EXIT.DONE;
}

interface Draw {
  readonly id: string;
  readonly match: string;
  readonly total: number;
  readonly picked: readonly number[];
}

function fromCase(args: ChallengeArgs, io: Io): Draw {
  const log = readCaseLog(openCase(args.of, io).path);
  if (log === undefined) throw new UsageError(`challenge: ${args.of}: this case has no log; scan again into a new case`);
  const of = findingInCase(log, args.finding);
  return { id: of.finding.id, match: of.matchRecord, total: of.match.pairs.length, picked: picksOf(of, args.random, args.pairs) };
}

async function fromBundle(args: ChallengeArgs): Promise<Draw> {
  const octets = existsSync(args.of) ? readFileSync(args.of) : undefined;
  const result = octets === undefined ? undefined : await verifyBundle(octets, { anySigner: true });
  if (result === undefined || result.contents === null)
    throw new UsageError(`challenge: ${args.of}: is neither a bundle nor a case; name one of the two`);
  const { records } = result.contents;
  const pairsOf = (r: (typeof records)[number]): number => ((r.record["pairs"] as readonly unknown[] | undefined) ?? []).length;
  const matches = records.filter(
    (r) => r.type === "match" && pairsOf(r) > 0 && (args.finding === undefined || String(r.record["finding"]).startsWith(args.finding)),
  );
  const match = matches.at(-1);
  if (match === undefined || new Set(matches.map((m) => m.record["finding"])).size > 1) {
    throw new UsageError(
      `challenge: ${args.of}: ${matches.length === 0 ? "no finding with pairs to open" : "several findings; name one with --finding"}`,
    );
  }
  const total = pairsOf(match);
  return {
    id: String(match.record["finding"]),
    match: match.sha256,
    total,
    picked: challengedPairs(match.sha256, args.random, args.pairs, total),
  };
}
