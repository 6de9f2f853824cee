import { givenMemory } from "#run/memory.ts";
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import type { Grade } from "#model/finding.ts";
import type { ScanResult } from "#run/scan.ts";
import { octetsSaid } from "#words/amounts.ts";
import { WORDS } from "#words/words.ts";
import { visible } from "./errors.ts";
import { COLUMNS, wrap } from "./wrap.ts";

export interface SummaryOptions {
  readonly colour: boolean;
  readonly casePath: string | undefined;
  readonly network: string | undefined;
  /** Columns of the screen; at least 80 and at most 120 are used. Undefined in a pipe: 80. */
  readonly columns?: number | undefined;
  /** How the program is called; default `tapproof`. */
  readonly program?: string;
  /** Path of the bundle that a third party can verify. */
  readonly bundle?: string | undefined;
  /** File of the key that checks it; unknown where the caller brought a signing key. */
  readonly verifierKey?: string | undefined;
}

/** Grades by form before colour (`look.md`): outlined, half-filled, filled. */
const FORMS: Readonly<Record<Grade, string>> = { indication: "□", corroborated: "◧", proven: "■" };
/** How many of each are shown; the rest is counted, with where it stands. */
const SHOWN = { captures: 12, findings: 20, elements: 12, gaps: 8, undecided: 8, open: 3 } as const;

/** One screen: what was read, who is on the network, what was found and how sure, what was not seen, what to do next. */
export function summaryText(result: ScanResult, options: SummaryOptions): string {
  const paint = new Paint(options.colour, Math.min(COLUMNS.most, Math.max(COLUMNS.least, options.columns ?? COLUMNS.least)));
  const { document } = result;
  return [
    ...read(document, paint),
    ...network(result, options, paint),
    ...findings(document, (result.picture.declaration?.declaration.unreviewed.length ?? 0) > 0, paint),
    ...unseen(document, paint),
    ...next(document, options, paint),
    "",
  ].join("\n");
}

class Paint {
  readonly columns: number;
  private readonly on: boolean;
  constructor(on: boolean, columns: number) {
    this.on = on;
    this.columns = columns;
  }
  heading(text: string): string {
    return this.on ? `\u001b[1m${text}\u001b[0m` : text;
  }
  /** What nobody authorised. */
  alarm(text: string): string {
    return this.on ? `\u001b[31m${text}\u001b[0m` : text;
  }
  /** What is declared. */
  declared(text: string): string {
    return this.on ? `\u001b[34m${text}\u001b[0m` : text;
  }
  quiet(text: string): string {
    return this.on ? `\u001b[90m${text}\u001b[0m` : text;
  }
}

function read(document: FindingsDocument, paint: Paint): string[] {
  const lines = ["", paint.heading("Read")];
  const name = 21 + Math.min(24, paint.columns - COLUMNS.least);
  for (const c of document.captures.slice(0, SHOWN.captures)) {
    const trouble = [c.truncated > 0 ? `${count(c.truncated)} cut` : "", c.malformed > 0 ? `${count(c.malformed)} malformed` : ""].filter(
      Boolean,
    );
    const period = c.first === null || c.last === null ? "no packets" : `${span(c.first, c.last)} UTC`;
    // a point that nobody declared is called as its file
    const point = c.point === c.file || c.file.startsWith(`${c.point}.`) ? "" : clip(visible(c.point), 8);
    lines.push(`  ${clip(visible(c.file), name).padEnd(name)} ${point.padEnd(8)} ${count(c.packets).padStart(11)}  ${period}`);
    if (trouble.length > 0) lines.push(paint.quiet(`    ${trouble.join(", ")}`));
  }
  const rest = document.captures.slice(SHOWN.captures);
  if (rest.length > 0) {
    const packets = rest.reduce((sum, c) => sum + c.packets, 0);
    lines.push(paint.quiet(`  and ${plural(rest.length, "more capture")} with ${plural(packets, "packet")}: --json lists them`));
  }
  const { seconds, packetsPerSecond, peakMemoryBytes } = document.stats;
  lines.push(paint.quiet(`  ${seconds.toFixed(2)} s, ${count(packetsPerSecond)} packets/s, ${memoryText(peakMemoryBytes)}`));
  return lines;
}

function network(result: ScanResult, options: SummaryOptions, paint: Paint): string[] {
  const { knowledge } = result.picture;
  const byName = new Map<string, { roles: Set<string>; addresses: Set<string>; declared: boolean }>();
  for (const element of knowledge.elements()) {
    const shown = result.picture.element(element.address);
    const key = shown.name ?? element.address;
    const known = byName.get(key) ?? { roles: new Set<string>(), addresses: new Set<string>(), declared: shown.name !== null };
    for (const role of element.roles.keys()) known.roles.add(role);
    known.addresses.add(element.address);
    byName.set(key, known);
  }
  let subscribers = 0;
  for (const s of knowledge.subscribers()) if (s.imsi !== undefined || s.ueAddresses.length > 0) subscribers++;
  const title =
    result.document.network === null
      ? "On the network (roles inferred from what was spoken)"
      : `On the network: ${visible(result.document.network)}`;
  const lines = ["", paint.heading(title)];
  const rows = [...byName].sort(([, a], [, b]) => roleRank(a.roles) - roleRank(b.roles));
  for (const [name, { roles, addresses, declared }] of rows.slice(0, SHOWN.elements)) {
    const left = `  ${clip([...roles].join("+"), 22).padEnd(22)} ${clip(visible(name), 20).padEnd(20)}`;
    lines.push(`${declared ? paint.declared(left) : left} ${clip([...addresses].join(" "), paint.columns - 46)}`);
  }
  if (rows.length > SHOWN.elements) {
    const where =
      options.casePath === undefined
        ? "--case DIR keeps them"
        : `${options.program ?? "tapproof"} query ${visible(options.casePath)} "SELECT * FROM elements"`;
    lines.push(paint.quiet(`  and ${count(rows.length - SHOWN.elements)} more: ${where}`));
  }
  lines.push(
    paint.quiet(
      `  ${count(subscribers)} subscribers, ${count(knowledge.counts().uses)} tunnels in use, ${count(knowledge.counts().messages)} control messages`,
    ),
  );
  return lines;
}

function roleRank(roles: ReadonlySet<string>): number {
  const order = ["eNB", "MME", "HSS", "SGW-C", "PGW-C", "CP", "SGW-U", "PGW-U", "UP", "SGSN", "GGSN", "PCRF"];
  return Math.min(...[...roles].map((role) => (order.includes(role) ? order.indexOf(role) : order.length)), order.length);
}

function findings(document: FindingsDocument, unreviewed: boolean, paint: Paint): string[] {
  const { findings: found } = document;
  const lines = [
    "",
    paint.heading(found.length === 0 ? "Found nothing that the declaration does not explain" : `Found: ${tallyOf(found)}`),
  ];
  if (found.length === 0 && document.declaration === null)
    lines[1] = paint.heading("Found nothing; without a declaration little can be judged");
  if (unreviewed) for (const line of wrap(WORDS.en.report.lead.draft.trim(), paint.columns - 2)) lines.push(paint.quiet(`  ${line}`));
  if (found.length > 0) {
    const { lead } = WORDS.en.report;
    const premise = document.declaration === null ? lead.ifNoDeclaration : lead.if;
    for (const line of wrap(premise.trim().replace(/,$/, ":"), paint.columns - 2)) lines.push(paint.quiet(`  ${line}`));
  }
  for (const finding of found.slice(0, SHOWN.findings)) lines.push(...findingLines(finding, paint));
  if (found.length > SHOWN.findings)
    lines.push(paint.quiet(`  and ${count(found.length - SHOWN.findings)} more: --json, or the case, has them all`));
  return lines;
}

/** By grade: a number alone would count indications as what was proven. */
function tallyOf(found: readonly FindingRecord[]): string {
  const count = (grade: Grade): number => found.filter((f) => f.grade === grade).length;
  return WORDS.en.report.lead.tally(count("proven"), count("corroborated"), count("indication"));
}

function findingLines(f: FindingRecord, paint: Paint): string[] {
  const head = `  ${FORMS[f.grade]} ${f.grade.padEnd(12)} ${f.claim}`;
  const bits = f.bits > 0 ? `${f.bits} bits` : "";
  const lines = [`${paint.alarm(head)}${bits === "" ? "" : `   ${bits}`}`];
  for (const line of wrap(visible(f.summary), paint.columns - 6)) lines.push(`      ${line}`);
  const receiver = f.receiver === null ? "" : `to ${visible(f.receiver.name ?? f.receiver.identity ?? f.receiver.address ?? "?")}`;
  const amount = [
    f.subscribers.count > 0 ? plural(f.subscribers.count, "subscriber") : "",
    plural(f.packets, "packet"),
    f.bytes > 0 ? octetsSaid(f.bytes, "en") : "",
  ].filter(Boolean);
  const facts = [receiver, amount.join(", "), span(f.first, f.last)].filter(Boolean).join("; ");
  for (const line of wrap(facts, paint.columns - 6)) lines.push(paint.quiet(`      ${line}`));
  const frames = f.evidence.map((e) => `${document(e.capture)} ${e.framesTotal}`).length;
  const total = f.evidence.reduce((sum, e) => sum + e.framesTotal, 0);
  const first = f.evidence[0]?.frames[0];
  if (first !== undefined)
    lines.push(
      paint.quiet(`      ${plural(total, "frame")} in ${plural(frames, "capture")}, first: frame ${first}; finding ${f.id.slice(0, 12)}`),
    );
  for (const witness of f.witnesses) lines.push(paint.quiet(`      also: ${witness.claim} (${witness.grade})`));
  const open = f.ruledOut.filter((explanation) => explanation.status !== "excluded");
  for (const e of open.slice(0, SHOWN.open))
    lines.push(...hung(`${WORDS.en.report.explained[e.status]}: ${visible(e.explanation)}`, "      ", paint));
  if (open.length > SHOWN.open) lines.push(paint.quiet(`      and ${open.length - SHOWN.open} more that could not be excluded`));
  return lines;
}

function document(hash: string): string {
  return hash.slice(0, 8);
}

function unseen(doc: FindingsDocument, paint: Paint): string[] {
  const { gaps, undecided, notSeen, coveredInterceptions, awaitingAuthority = 0 } = doc.coverage;
  const lines = ["", paint.heading("Not seen")];
  for (const line of notSeen)
    for (const [i, part] of wrap(visible(line), paint.columns - 4).entries()) lines.push(`  ${i === 0 ? "░ " : "  "}${part}`);
  for (const g of gaps.slice(0, SHOWN.gaps))
    lines.push(...hung(`░ ${count(g.count)} × ${visible(g.why)}${g.point === null ? "" : ` (${visible(g.point)})`}`, "  ", paint));
  if (gaps.length > SHOWN.gaps) lines.push(paint.quiet(`  ░ and ${plural(gaps.length - SHOWN.gaps, "more gap")}: --json lists them`));
  for (const u of undecided.slice(0, SHOWN.undecided))
    lines.push(...hung(`? undecided: ${count(u.count)} × ${u.claim}: ${visible(u.why)}`, "  ", paint));
  if (undecided.length > SHOWN.undecided)
    lines.push(paint.quiet(`  ? and ${plural(undecided.length - SHOWN.undecided, "more line")} of what is undecided: --json lists them`));
  if (coveredInterceptions > 0)
    lines.push(paint.quiet(`  ${plural(coveredInterceptions, "interception")} covered by warrants; nothing else is kept of them`));
  if (awaitingAuthority > 0)
    lines.push(
      paint.quiet(
        `  ? ${plural(awaitingAuthority, "stream")} awaiting authority: sealed entries may cover it, only their authority can tell`,
      ),
    );
  if (lines.length === 2) lines.push(paint.quiet("  no gap was noticed"));
  return lines;
}

function next(doc: FindingsDocument, options: SummaryOptions, paint: Paint): string[] {
  const lines = ["", paint.heading("Next")];
  const program = options.program ?? "tapproof";
  if (options.network === undefined) lines.push(`  ${program} learn CAPTURE... --out network.yaml   draft a declaration to review`);
  if (options.casePath === undefined) lines.push("  --case DIR   keep the observations and the evidence");
  else {
    lines.push(`  ${program} report ${visible(options.casePath)}`);
    lines.push(`  ${program} query ${visible(options.casePath)} "SELECT * FROM findings"`);
    if (options.bundle !== undefined) {
      lines.push(`  ${program} verify ${visible(options.bundle)} --key ${visible(options.verifierKey ?? "VERIFIER-KEY")}`);
      const advice = "The bundle holds what a third party needs. Send the verifier key by a separate channel.";
      for (const line of wrap(advice, paint.columns - 2)) lines.push(`  ${line}`);
    }
  }
  void doc;
  return lines;
}

/** A line and what it needs more, set in by two. */
function hung(text: string, indent: string, paint: Paint): string[] {
  return wrap(text, paint.columns - indent.length - 2).map((line, i) => paint.quiet(`${indent}${i === 0 ? "" : "  "}${line}`));
}

function count(n: number): string {
  return n.toLocaleString("en-GB");
}
function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? "" : "s"}`;
}
/** From when to when; over several days the seconds give way to the other date. */
function span(first: string, last: string): string {
  const day = first.slice(0, 10);
  if (day === last.slice(0, 10)) return `${day} ${first.slice(11, 19)} – ${last.slice(11, 19)}`;
  return `${day} ${first.slice(11, 16)} – ${last.slice(5, 10)} ${last.slice(11, 16)}`;
}
function clip(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

/** The most that the process had, and what it was given. */
function memoryText(peak: number): string {
  const given = givenMemory(process.env);
  const octets = (n: number): string => `${Math.round(n / 2 ** 20)} MiB`;
  return given === undefined ? octets(peak) : `${octets(peak)} of the ${octets(given)} given`;
}
