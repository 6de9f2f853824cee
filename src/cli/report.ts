/** `tapproof report DIR`: renders a case (`contract.md` §2); records when an accused vendor had the bundle, and its reply. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSigner } from "#evidence/keys/key-store.ts";
import { readCase, type CaseData } from "#report/case-data.ts";
import { draftState, type CaseMetaWithReplies } from "#report/draft.ts";
import { caseGraph } from "#report/exports/case-uco.ts";
import { exportInput } from "#report/exports/common.ts";
import { eveLines, syslogLines, zeekLog } from "#report/exports/log-lines.ts";
import { mispEvent } from "#report/exports/misp.ts";
import { ocsfFindings } from "#report/exports/ocsf.ts";
import { csvText, writeParquet } from "#report/exports/rows.ts";
import { stixBundle } from "#report/exports/stix.ts";
import { reportPage } from "#report/html/page.ts";
import { verifierScript } from "#report/html/verifier-script.ts";
import { verifyPageHash } from "#report/html/verify-page.ts";
import { printPdf } from "#report/pdf.ts";
import { recordHandOver, recordReply } from "#report/replies.ts";
import type { Reader } from "#report/reader.ts";
import { select } from "#report/selection.ts";
import type { CommandIo } from "./commands.ts";
import { account } from "./account.ts";
import { openCase } from "./open-case.ts";
import { EXIT, UsageError, visible } from "./errors.ts";
import { ifInterrupted } from "./interrupt.ts";
import { asTyped } from "./program-name.ts";
import { ProgressLine } from "./progress.ts";

export const REPORT_FORMATS = ["html", "pdf", "stix", "case", "ocsf", "misp", "eve", "syslog", "zeek", "csv", "parquet"] as const;
export type ReportFormat = (typeof REPORT_FORMATS)[number];

export interface ReportArgs {
  readonly directory: string;
  readonly lang: string;
  readonly format: string;
  /** File to write, `-` for standard output; default: in the case folder. */
  readonly out?: string;
  readonly liCleared: boolean;
  /** Pseudonyms alone, though the case holds identities in clear. */
  readonly withoutIdentities: boolean;
  /** Author on the first page; default: the account. */
  readonly by?: string;
  /** Vendor that a hand-over or reply is about. */
  readonly vendor?: string;
  /** When the vendor had the bundle: RFC 3339, or `now`. */
  readonly handedOver?: string;
  readonly replyDays?: number;
  /** File with the vendor's reply. */
  readonly reply?: string;
  readonly signingKey?: string;
}

type ReportIo = Pick<CommandIo, "stdout" | "stderr" | "env">;

const NAMES: Readonly<Record<ReportFormat, (lang: string) => string>> = {
  html: (lang) => (lang === "en" ? "report.html" : `report.${lang}.html`),
  pdf: (lang) => (lang === "en" ? "report.pdf" : `report.${lang}.pdf`),
  stix: () => "report.stix.json",
  case: () => "report.case.jsonld",
  ocsf: () => "report.ocsf.json",
  misp: () => "report.misp.json",
  eve: () => "report.eve.json",
  syslog: () => "report.syslog",
  zeek: () => "report.zeek.log",
  csv: () => "report.csv",
  parquet: () => "report.parquet",
};

export async function reportCommand(args: ReportArgs, io: ReportIo): Promise<number> {
  const now = Date.now();
  openCase(args.directory, io);
  if (args.handedOver !== undefined || args.reply !== undefined) await record(args, io, now);
  const format = args.format as ReportFormat;
  const out = args.out ?? join(args.directory, NAMES[format](args.lang));
  if (format === "parquet" && out === "-")
    throw new UsageError("report: a Parquet file cannot go to standard output, name one with --out FILE");
  const progress = new ProgressLine(io.stderr, io.env);
  ifInterrupted(() => `${out} was not written; run the same command again`);
  const data = await progress.during("reading the case", readCase(args.directory));
  if (format === "parquet") await writeParquet(exportInput(data, readerOf(args), now), out);
  else {
    const content = await progress.during(format === "pdf" ? "printing" : "writing the report", render(data, format, args, io, now));
    progress.clear();
    if (out === "-") await new Promise<void>((resolve, reject) => io.stdout.write(content, (error) => (error ? reject(error) : resolve())));
    else write(out, content);
  }
  progress.clear();
  ifInterrupted(null);
  if (out !== "-") io.stdout.write(`${out}\n`);
  notes(data, args, io, now);
  return EXIT.DONE;
}

async function render(
  data: CaseData,
  format: Exclude<ReportFormat, "parquet">,
  args: ReportArgs,
  io: ReportIo,
  now: number,
): Promise<string | Uint8Array> {
  if (format === "html" || format === "pdf") {
    const language = args.lang === "fr" ? "fr" : "en";
    const page = reportPage(data, {
      language,
      liCleared: args.liCleared,
      withoutIdentities: args.withoutIdentities,
      nowMillis: now,
      author: args.by ?? account(io.env),
      verifier: format === "pdf" ? null : await verifierScript(),
      verifyPage: await verifyPageHash(),
    });
    return format === "pdf" ? printPdf(page, io.env) : page;
  }
  const input = exportInput(data, readerOf(args), now);
  if (format === "csv") return csvText(input);
  if (format === "eve") return eveLines(input);
  if (format === "syslog") return syslogLines(input);
  if (format === "zeek") return zeekLog(input);
  const value =
    format === "stix"
      ? stixBundle(input)
      : format === "case"
        ? caseGraph(input)
        : format === "ocsf"
          ? ocsfFindings(input)
          : mispEvent(input);
  return `${JSON.stringify(value, null, 2)}\n`;
}

function write(out: string, content: string | Uint8Array): void {
  try {
    writeFileSync(out, content, { mode: 0o600 });
  } catch (error) {
    const { code = "error" } = error as NodeJS.ErrnoException;
    const why = code === "ENOSPC" || code === "EDQUOT" ? "no space is left on the disk; free some, or" : `cannot be written (${code}),`;
    throw new UsageError(`report: ${out}: ${why} name another with --out FILE`);
  }
}

/** Whoever makes a report from the case's folder holds the case: what it shows is for whom he makes it. */
function readerOf(args: ReportArgs): Reader {
  return { liCleared: args.liCleared, identities: !args.withoutIdentities };
}

/** What a reader of the file must know, said to whoever made it. */
function notes(data: CaseData, args: ReportArgs, io: ReportIo, now: number): void {
  const selection = select(data, readerOf(args));
  const draft = draftState(data.meta as CaseMetaWithReplies, data.declaration, selection, now);
  if (selection.withheld > 0)
    io.stderr.write(
      `tapproof: ${selection.withheld} finding${selection.withheld === 1 ? "" : "s"} about interception left out; --li-cleared shows them\n`,
    );
  const open = draft.vendors.filter((v) => v.open).map((v) => v.id);
  if (open.length > 0)
    io.stderr.write(
      `tapproof: a draft: ${visible(open.join(", "))} must have the bundle and time to reply; --handed-over now --vendor NAME begins it\n`,
    );
}

/** A hand-over, a reply, or both. */
async function record(args: ReportArgs, io: ReportIo, now: number): Promise<void> {
  const data = await readCase(args.directory);
  const vendor = vendorOf(data, args.vendor);
  const signer = loadSigner(args.signingKey, io.env);
  if (args.handedOver !== undefined) {
    const at = args.handedOver === "now" ? now : Date.parse(args.handedOver);
    if (!Number.isFinite(at))
      throw new UsageError(`report: --handed-over ${args.handedOver}: expected now, or a time such as 2026-01-31T12:00:00Z`);
    if (at > now) throw new UsageError(`report: --handed-over ${args.handedOver}: lies in the future`);
    const newest = newestFrame(data);
    // no bundle verifies that says so: what is done with captures is dated after their newest frame
    if (at < newest)
      throw new UsageError(
        `report: --handed-over ${args.handedOver}: lies before the newest frame of the case, expected ${new Date(newest).toISOString()} or later`,
      );
    recordHandOver(args.directory, signer, vendor, new Date(at).toISOString(), args.replyDays);
  }
  if (args.reply !== undefined) {
    let octets: Uint8Array;
    try {
      octets = readFileSync(args.reply);
    } catch (error) {
      throw new UsageError(
        `report: ${args.reply}: cannot be read (${(error as NodeJS.ErrnoException).code ?? "error"}), name the file with the vendor's reply`,
      );
    }
    recordReply(args.directory, signer, vendor, new Date(now).toISOString(), octets, args.reply);
  }
  io.stderr.write(`tapproof: recorded in the case's log; "${asTyped(io.env)} bundle ${args.directory}" makes a bundle that carries it\n`);
}

/** Milliseconds, rounded down: a hand-over in the same second is not before it. */
function newestFrame({ document }: CaseData): number {
  const times = document.captures.flatMap((c) => (c.last === null ? [] : [Date.parse(c.last)]));
  return times.reduce((newest, at) => Math.max(newest, Math.floor(at / 1000) * 1000), 0);
}

function vendorOf(data: CaseData, named: string | undefined): string {
  const ids = [...new Set(data.document.findings.map((f) => f.element.vendor).filter((v) => v !== null))].sort();
  const match = ids.find((id) => id === named || data.declaration?.vendors.find((v) => v.id === id)?.name === named);
  if (named !== undefined && match === undefined)
    throw new UsageError(`report: --vendor ${named}: no finding names this vendor, expected one of ${ids.join(", ") || "(none)"}`);
  if (ids.length === 0)
    throw new UsageError("report: no finding of this case names a vendor: there is nobody to hand it over to, or to reply");
  const vendor = match ?? (ids.length === 1 ? ids[0] : undefined);
  if (vendor === undefined) throw new UsageError(`report: --vendor NAME is needed, one of ${ids.join(", ")}`);
  return vendor;
}
