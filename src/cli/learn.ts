/**
 * `tapproof learn CAPTURE... [--out FILE]`: a network declaration drafted from traffic, for a person to review (`contract.md` §2).
 *
 * Captures are read twice: once to learn, once with the strict draft, so that what the detectors still object to stands in
 * the draft's comments. Standard input can be read once; then only the first reading's objections are listed.
 */
import { existsSync, statSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Writable } from "node:stream";
import { emptyText, listCaptures } from "#capture/open.ts";
import { parseDeclaration } from "#declaration/load.ts";
import type { FlowObservation } from "#model/observation.ts";
import { scan } from "#run/scan.ts";
import { Draft, type Objection } from "./draft.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { checkOutput } from "./output.ts";
import { ProgressLine } from "./progress.ts";

export interface LearnArgs {
  readonly captures: readonly string[];
  readonly out?: string;
  readonly skipBad: boolean;
}

/** Flows kept for the draft; more are counted only. */
const MAX_FLOWS = 500_000;

interface LearnIo {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export async function learnCommand(args: LearnArgs, io: LearnIo): Promise<number> {
  if (args.out !== undefined && existsSync(args.out) && statSync(args.out).size > 0)
    throw new UsageError(`${args.out}: exists and is not empty; name a new file, so that no reviewed declaration is lost`);
  if (args.out !== undefined) checkOutput(args.out);
  const paths = await listCaptures(args.captures, (path) => void io.stderr.write(`tapproof: ${visible(emptyText(path))}\n`));
  const flows: FlowObservation[] = [];
  let beyond = 0;
  const progress = new ProgressLine(io.stderr, io.env ?? {});
  const settings = {
    paths,
    skipBad: args.skipBad,
    identities: false,
    progress,
  };
  progress.stage("learning", "octets");
  const first = await scan({
    ...settings,
    declaration: null,
    opened: () =>
      Promise.resolve((observation) => {
        if (observation.kind !== "flow") return;
        if (flows.length < MAX_FLOWS) flows.push(observation);
        else beyond++;
      }),
  });
  const draft = new Draft({
    files: paths.map((path) => (path === "-" ? "standard input" : basename(path))),
    knowledge: first.picture.knowledge,
    flows,
    flowsBeyond: beyond,
  });
  draft.object(first.document.findings.map(objection));
  if (!paths.includes("-")) {
    progress.stage("checking", "octets");
    const second = await scan({ ...settings, declaration: parseDeclaration(draft.strictText(), "draft") });
    const policy = draft.allowUniformNull(second.document.findings);
    draft.object(second.document.findings.filter((f) => !policy.has(f)).map(objection));
  }
  progress.clear();
  const text = draft.text();
  parseDeclaration(text, args.out ?? "draft");
  if (args.out === undefined) await new Promise<void>((resolve, reject) => io.stdout.write(text, (e) => (e ? reject(e) : resolve())));
  else {
    writeFileSync(args.out, text);
    io.stderr.write(`tapproof: ${args.out}: ${draft.counts()}; review it before use\n`);
  }
  return EXIT.DONE;
}

function objection(f: {
  readonly claim: string;
  readonly grade: string;
  readonly summary: string;
  readonly receiver: { readonly address: string | null } | null;
}): Objection {
  return { claim: f.claim, grade: f.grade, summary: f.summary, address: f.receiver?.address ?? null };
}
