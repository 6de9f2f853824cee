/** The first page: what a minister or judge must know, in the order of their questions. */
import type { Selection } from "#report/selection.ts";
import type { DraftState } from "#report/draft.ts";
import type { CaseData } from "#report/case-data.ts";
import { attributionText } from "#report/statements.ts";
import type { Voice } from "#report/voice.ts";
import { sentenceOf } from "#words/said.ts";
import { basisText } from "./case-sections.ts";
import { gradeMark } from "./drawing.ts";
import { rolesOf } from "./roles.ts";
import { wayDrawing } from "./way.ts";
import { EMPTY, ml, join, type Markup } from "./markup.ts";
import { becauseCoded, capital, explanationCoded, sentence, summaryOf, summaryText, unseenCoded } from "./sentences.ts";
import { isUnreviewed } from "#declaration/unreviewed.ts";
import { restsOnDeclaration } from "#findings/as-declared.ts";
import type { FindingRecord } from "#findings/document.ts";
import { GRADES, type Grade } from "#model/finding.ts";

/** Findings told on the first page; the rest is counted. */
const TOLD = 4;
/** Lines of what was not watched. */
const UNSEEN = 4;

/** Who made the report, and when: what the case does not say. */
export interface Making {
  /** Null where nobody is named. */
  readonly author: string | null;
  readonly atMillis: number;
}

export interface FirstPage {
  readonly data: CaseData;
  readonly selection: Selection;
  readonly draft: DraftState;
  readonly making: Making;
  /** SHA-256 of this version's `verify.html`. */
  readonly verifyPage: string | null;
}

export function firstPage({ data, selection, draft, making, verifyPage }: FirstPage, voice: Voice): Markup {
  const words = voice.words.report;
  const { document } = data;
  const network = document.network ?? words.someNetwork;
  const any = selection.findings.length > 0;
  return ml`<header>
      <p class="kicker"><span>${words.kicker} · ${words.caseLine(data.name)}</span><span>${watchedPeriod(data, voice)}</span></p>
      <h1>${titleText(selection, network, voice)}</h1>
      ${made(data, selection, making, voice)}
      <div class="stamps">${selection.liCleared ? ml`<p class="stamp"><b>${words.liCleared}</b></p>` : EMPTY} ${draftStamp(draft, voice)}</div>
    </header>
    <p class="lead">${lead(data, selection, voice)}</p>
    ${any ? ml`<p class="attribution">${attributionText(selection.findings[0] as FindingRecord, voice)} ${words.attributionGeneral}</p>` : ml`<p>${selection.withheld > 0 ? words.withheldMeans : words.noneMeans}</p>`}
    ${selection.findings[0] === undefined || selection.findings.length > 1 ? EMPTY : ml`<div class="first-way">${wayDrawing(selection.findings[0], rolesOf(selection.findings[0], data), voice, "first-way")}</div>`}
    <dl class="answers">
      ${
        any
          ? ml`<dt>${words.first.found}</dt>
              <dd>${found(selection, voice)}</dd>`
          : ml`<dt>${words.first.watched}</dt>
              <dd>${watched(data, voice)}</dd>`
      }
      ${
        any
          ? ml`<dt>${words.first.sure}</dt>
              <dd>${sure(selection, voice)}</dd>`
          : EMPTY
      }
      ${
        any
          ? ml`<dt>${words.first.who}</dt>
              <dd>${who(selection, voice)}</dd>`
          : EMPTY
      }
      ${
        any
          ? ml`<dt>${words.first.else}</dt>
              <dd>${otherwise(selection, voice)}</dd>`
          : EMPTY
      }
      <dt>${words.first.unseen}</dt>
      <dd>${unseen(data, selection, voice)}</dd>
      <dt>${words.first.check}</dt>
      <dd>${check(data, voice, verifyPage)}</dd>
    </dl>`;
}

/** Author, date, tool, basis and declaration, on one small line each. */
function made(data: CaseData, selection: Selection, { author, atMillis }: Making, voice: Voice): Markup {
  const { made: words, custody } = voice.words.report;
  const rows: readonly (readonly [string, string])[] = [
    [words.author, author ?? words.noAuthor],
    [words.on, voice.moment(new Date(atMillis).toISOString())],
    [words.with, words.tool(data.document.tool.version)],
    [words.basis, basisText(data) ?? custody.noBasis],
    [words.declaration, declarationText(data, selection, voice)],
  ];
  return ml`<dl class="made">
    ${rows.map(
      ([name, text]) =>
        ml`<div>
          <dt>${name}</dt>
          <dd>${text}</dd>
        </div>`,
    )}
  </dl>`;
}

/** Whose it is, who vouches for it, and whether a person has reviewed it. */
function declarationText({ document, declaration }: CaseData, { findings }: Selection, voice: Voice): string {
  const { made: words, standing } = voice.words.report;
  if (document.declaration === null) return words.none;
  const vouched = findings.find((f) => f.standing !== "given")?.standing;
  const seal = declaration?.sealed ?? null;
  const whose =
    vouched !== undefined
      ? standing[vouched].means.replace(/\.$/, "")
      : seal !== null && seal.by.length > 0
        ? words.sealedBy(voice.list(seal.by), seal.at === null ? null : voice.day(seal.at))
        : words.supplied;
  const parts = declaration?.unreviewed ?? [];
  const review = parts.length > 0 ? words.unreviewed(parts.join(", ")) : words.reviewed;
  return [words.of(document.network, document.declaration.slice(0, 12)), whose, review].join(voice.language === "fr" ? "\u202f; " : "; ");
}

/** What the report is about, as its findings allow. */
export function titleText(selection: Selection, network: string, voice: Voice): string {
  const words = voice.words.report;
  const { withheld } = selection;
  if (selection.findings.length === 0) return withheld > 0 ? words.titleWithheld(network, withheld) : words.titleNone(network);
  const count = (grade: Grade): number => selection.findings.filter((f) => f.grade === grade).length;
  const tally =
    words.lead.tally(count("proven"), count("corroborated"), count("indication")) + (withheld > 0 ? words.alsoWithheld(withheld) : "");
  // Indications accuse nobody: a title says more only where something is corroborated.
  if (selection.findings.every((f) => f.grade === "indication")) return words.titleIndications(tally, network);
  return `${selection.findings.some((f) => f.data.length > 0) ? words.title(network) : words.titleActs(network)} (${tally})`;
}

/** Standing and premises come first: a reader who stops after one sentence has read them. */
export function lead(data: CaseData, selection: Selection, voice: Voice): Markup {
  const { lead: words, standing } = voice.words.report;
  const first = selection.findings[0];
  const weakest = selection.findings.some((f) => f.standing === "given")
    ? "given"
    : selection.findings.some((f) => f.standing === "attested")
      ? "attested"
      : "witnessed";
  const premise =
    data.document.declaration === null
      ? words.ifNoDeclaration
      : first === undefined || weakest === "given"
        ? words.if
        : words.standing(standing[weakest].name);
  const draft = data.declaration !== null && isUnreviewed(data.declaration) ? words.draft : "";
  const { withheld } = selection;
  if (first === undefined && withheld > 0)
    return data.document.declaration === null
      ? ml`${capital(words.withheldNoDeclaration(withheld))}`
      : ml`${draft}${capital(words.withheld(withheld))}`;
  if (first === undefined)
    return data.document.declaration === null ? ml`${words.noneNoDeclaration}` : ml`${draft}${words.if}${words.none}`;
  const count = (grade: Grade): number => selection.findings.filter((f) => f.grade === grade).length;
  const several =
    selection.findings.length > 1 ? words.several(words.tally(count("proven"), count("corroborated"), count("indication"))) : "";
  return ml`${draft}${premise}${several}${continued(summaryText(first, voice))}`;
}

/** A sentence that goes on after a comma or colon: an article begins small, a name or number stays. */
function continued(text: string): string {
  return /^(An?|The|Une?|Les?|La|L'|Des) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

function watchedPeriod(data: CaseData, voice: Voice): string {
  const times = data.document.captures.flatMap((c) => (c.first === null || c.last === null ? [] : [c.first, c.last])).sort();
  const [from, to] = [times[0], times.at(-1)];
  if (from === undefined || to === undefined) return "";
  const [a, b] = [voice.day(from), voice.day(to)];
  return voice.words.report.watchedOn(a === b ? a : voice.words.report.period(a, b));
}

export function draftStamp(draft: DraftState, voice: Voice): Markup {
  const words = voice.words.report.draft;
  if (draft.vendors.length === 0) return EMPTY;
  if (!draft.isDraft)
    return ml`<p class="meta">${draft.vendors.map((v) => words.ended(v.name, voice.day(v.until ?? ""), v.replied)).join(" ")}</p>`;
  const open = draft.vendors.filter((v) => v.open);
  const pending = open.filter((v) => v.until === null);
  const text =
    pending.length > 0
      ? words.pending(voice.list(pending.map((v) => v.name)))
      : words.running(
          voice.list(open.map((v) => v.name)),
          voice.day(
            open
              .map((v) => v.until ?? "")
              .sort()
              .at(-1) ?? "",
          ),
        );
  return ml`<p class="stamp"><b>${words.title}</b>${text}</p>`;
}

function found(selection: Selection, voice: Voice): Markup {
  const told = selection.findings.slice(0, TOLD);
  const alone = selection.findings.length === 1;
  const items = told.map(
    (f, i) =>
      ml`<li>
        ${gradeMark(f.grade)}<a href="#f${i + 1}" class="claim">${capital(voice.words.claims[f.claim].name)}</a>,
        ${voice.words.report.gradeOf(f.grade)}${alone ? "." : ml`. ${summaryOf(f, voice)}`}
      </li>`,
  );
  const rest = selection.findings.length - told.length;
  return ml`<ul class="found-list">
      ${items}
    </ul>
    ${rest > 0 ? ml`<p>${voice.words.report.more(rest)}</p>` : EMPTY}`;
}

function sure(selection: Selection, voice: Voice): Markup {
  const { sure: words, gradeMeans } = voice.words.report;
  const { findings } = selection;
  const premises = [...new Map(findings.flatMap((f) => f.premises).map((p) => [p.statement, p])).values()];
  const of = (status: string): number => premises.filter((p) => p.status === status).length;
  const counted = findings.filter((f) => f.chance !== null && f.bits > 0);
  const [first] = findings;
  const lines: string[] = [];
  if (findings.length === 1 && first !== undefined) {
    const grade = voice.words.grades[first.grade];
    if (counted.length > 0) lines.push(words.bits(grade, voice.number(first.bits), Math.min(128, first.bits)));
    else lines.push(first.grade === "proven" ? words.direct(grade) : words.directWeak(grade, gradeMeans[first.grade]));
  } else {
    const grades = [...GRADES].reverse().flatMap((g) => {
      const n = findings.filter((f) => f.grade === g).length;
      return n === 0 ? [] : [`${voice.words.grades[g]} (${voice.number(n)})`];
    });
    lines.push(words.graded(voice.list(grades)));
    if (counted.length > 0) lines.push(words.bitsSeveral(counted.length, Math.min(128, ...counted.map((f) => f.bits))));
    const direct = findings.filter((f) => f.grade === "proven" && !counted.includes(f)).length;
    if (direct > 0) lines.push(words.directSeveral(direct));
  }
  return ml`<p>${lines.join(" ")}</p>
    <p>${counted.length > 0 ? `${words.notInnocence} ` : ""}${words.rests(of("verified"), of("declared"), of("assumed"))}</p>`;
}

function who(selection: Selection, voice: Voice): Markup {
  const words = voice.words.report.who;
  const { exposure, findings } = selection;
  const kinds = [...new Set(findings.flatMap((f) => f.data))].map((kind) => voice.words.data[kind]);
  const first = findings.map((f) => f.first).sort()[0] ?? "";
  const last =
    findings
      .map((f) => f.last)
      .sort()
      .at(-1) ?? "";
  const some = exposure.subscribers > 0;
  const whole = some
    ? words.inAll(voice.subscribers(exposure.subscribers), voice.bytes(exposure.bytes), exposure.receivers.length)
    : words.subscribers(0);
  const receivers = exposure.receivers.slice(0, 5).map((r) => ml`<code>${r}</code>`);
  const list = join(receivers.map((r, i) => ml`${i === 0 ? "" : ", "}${r}`));
  const inward = findings.every((f) => f.claim === "unreasoned-query" || f.claim === "ungranted-access");
  const [before, after] = (inward ? words.parties : words.receivers)("\u0000").split("\u0000");
  const where = receivers.length === 0 ? EMPTY : ml` ${before ?? ""}${list}${exposure.receivers.length > 5 ? " …" : ""}${after ?? ""}`;
  return ml`<p>${whole} ${kinds.length > 0 ? words.data(voice.list(kinds)) : ""} ${voice.span(first, last)}${where} ${some ? words.pseudonyms : ""}</p>`;
}

function tallied(f: FindingRecord): { excluded: number; declared: number; open: FindingRecord["ruledOut"] } {
  const excluded = f.ruledOut.filter((e) => e.status === "excluded");
  return {
    excluded: excluded.length,
    declared: excluded.filter((e) => restsOnDeclaration(e)).length,
    open: f.ruledOut.filter((e) => e.status !== "excluded"),
  };
}

/** Explanations told; all of them stand in the second part. */
const EXPLANATIONS = 2;

/** What is open comes first; then, of the best supported finding, the likeliest of what was excluded. */
function otherwise(selection: Selection, voice: Voice): Markup {
  const words = voice.words.report.elsewise;
  const tallies = selection.findings.map(tallied);
  const sum = (of: (t: ReturnType<typeof tallied>) => number): number => tallies.reduce((n, t) => n + of(t), 0);
  const open = [...new Map(tallies.flatMap((t) => t.open).map((e) => [e.explanation, e])).values()].slice(0, EXPLANATIONS);
  const room = EXPLANATIONS - open.length;
  const excluded = (selection.findings[0]?.ruledOut ?? []).filter((e) => e.status === "excluded").slice(0, room);
  const ask = (text: string): string => (voice.language === "fr" ? `${text}\u202f?` : `${text}?`);
  const item = (e: FindingRecord["ruledOut"][number]): Markup =>
    ml`<li><b>${ask(capital(sentenceOf(explanationCoded(e), voice.language)))}</b> ${sentence(becauseCoded(e), voice, true)}.</li>`;
  const leading = selection.findings.length === 1 ? words.most : words.leading;
  return ml`<p>${words.summary(
    sum((t) => t.excluded),
    sum((t) => t.declared),
    sum((t) => t.open.length),
  )} ${words.all}</p>
    ${open.length > 0 ? ml`<p>${words.open}</p><ul>${open.map(item)}</ul>` : EMPTY}
    ${excluded.length > 0 ? ml`<p>${leading}</p><ul>${excluded.map(item)}</ul>` : EMPTY}`;
}

function watched(data: CaseData, voice: Voice): Markup {
  const points = data.document.captures.map((c) => `${c.point} (${voice.packets(c.packets)})`);
  return ml`<p>${voice.words.report.unseen.points(voice.list(points.slice(0, 12)))}</p>`;
}

function unseen(data: CaseData, selection: Selection, voice: Voice): Markup {
  const words = voice.words.report.unseen;
  const { coverage } = data.document;
  const { gaps, undecided, notSeen } = coverage;
  const { covered } = selection;
  const counts = [
    notSeen.length > UNSEEN ? words.further(notSeen.length - UNSEEN) : "",
    gaps.length > 0 ? words.gaps(gaps.length) : "",
    undecided.length > 0 ? words.undecided(undecided.reduce((n, u) => n + u.count, 0)) : "",
    covered !== null && covered > 0 ? words.covered(covered) : "",
    selection.withheld > 0 ? words.withheld(selection.withheld) : "",
  ].filter((t) => t !== "");
  const points = [...new Set(data.document.captures.map((c) => c.point))];
  const lines = unseenCoded(coverage)
    .slice(0, UNSEEN)
    .map((l) => ml`<li class="unseen-line">${sentence(l, voice)}</li>`);
  return ml`${selection.findings.length > 0 ? ml`<p>${words.points(voice.list(points.slice(0, 12)))}</p>` : EMPTY}
  ${
    lines.length > 0
      ? ml`<ul>
          ${lines}
        </ul>`
      : EMPTY
  }
  ${counts.length > 0 ? ml`<p>${counts.join(" ")}</p>` : lines.length === 0 ? ml`<p>${words.none}</p>` : EMPTY}`;
}

function check(data: CaseData, voice: Voice, verifyPage: string | null): Markup {
  const words = voice.words.report.check;
  return ml`${
    data.bundle === null
      ? ml`<p>${words.noBundle}</p>`
      : ml`<p>${words.verify}</p>
            <pre>tapproof verify ${data.bundle.name} --key tapproof.pub</pre>`
  }
    ${data.bundle === null || verifyPage === null ? EMPTY : ml`<p>${words.byPage} <code>${verifyPage}</code></p>`}
    <p>${words.frames}</p>`;
}
