/** The vendor dossier as a page: a part for each vendor and network, its conditions by form, with evidence or coverage. */
import type { ConditionResult, ConditionStatus, Dossier, DossierEntry, Watch } from "#report/dossier.ts";
import { missingPoints, reasonText } from "#report/dossier-text.ts";
import type { Voice } from "#report/voice.ts";
import { documentOf } from "./document.ts";
import { definitions, gradeMark, table, type Cell } from "./drawing.ts";
import { EMPTY, join, ml, type Markup } from "./markup.ts";
import { capital, sentence, summaryCoded } from "./sentences.ts";

export function dossierPage(made: Dossier, version: string, voice: Voice): string {
  const words = voice.words.dossier;
  const entries = made.entries.map((e, i) => entrySection(e, i, voice));
  const body = ml`${definitions()}
    <main>${entries.length === 0 ? ml`<p>${words.nothing}</p>` : entries}</main>
    <footer><p class="note">${voice.words.report.colophon(version)}</p></footer>`;
  return documentOf({ language: voice.language, title: words.title, version, body, script: null });
}

function entrySection(e: DossierEntry, i: number, voice: Voice): Markup {
  const words = voice.words.dossier;
  const { held, broken, notObservable } = e.tally;
  const period = e.first === null || e.last === null ? "" : words.watched(voice.moment(e.first), voice.moment(e.last));
  return ml`<section class="${i === 0 ? "" : "part sheet"}">
    <p class="kicker"><span>${words.kicker}${e.network === null ? "" : ` · ${words.network(e.network)}`}</span><span>${period}</span></p>
    <h1>${e.vendor === null ? words.noVendor : e.vendor.name}</h1>
    <p class="lead">${e.unreviewed ? voice.words.report.lead.draft : ""}${words.lead(held, broken, notObservable)}</p>
    ${broken > 0 ? ml`<p class="attribution">${words.blame}</p>` : EMPTY}
    <p class="note">${words.means}</p>
    <p class="meta">${words.functions(e.functions.map((f) => `${f.name} (${f.roles.join(" ")})`).join(", "))}. ${words.cases(e.cases.join(", "))}. ${words.standing(voice.words.report.standing[e.standing].name)}.</p>
    ${table(
      words.columns,
      [...e.conditions].sort((a, b) => rank(a) - rank(b)).map((c) => row(c, voice)),
    )}
    ${e.outside.length > 0 ? ml`<p class="note">${words.outside(e.outside.join(", "))}.</p>` : EMPTY}
  </section>`;
}

/** Broken first: what a reader must not miss. */
function rank(c: ConditionResult): number {
  return ["broken", "held", "not observable"].indexOf(c.status);
}

function row(c: ConditionResult, voice: Voice): Cell[] {
  const words = voice.words.dossier;
  const points = missingPoints(c, voice);
  const evidence = [...c.findings, ...c.open].map((f) => {
    return ml`<p>${gradeMark(f.grade)}<span class="claim">${capital(voice.words.claims[f.claim].name)}</span>, ${voice.words.grades[f.grade]}. ${sentence(summaryCoded(f), voice)} <span class="note">${f.case}, ${words.finding} <code>${f.id.slice(0, 12)}</code></span></p>`;
  });
  const reasons = [
    ...c.reasons.map((r) => capital(reasonText(r, voice))),
    ...(points.length > 0 ? [words.missing(points.join("; "))] : []),
  ];
  return [
    ml`${c.statement[voice.language]}<br /><code>${c.id}</code>`,
    ml`<span class="nowrap">${mark(c.status)}${words[c.status]}</span>`,
    join(reasons.map((r) => ml`<p>${r}.</p>`)),
    evidence.length > 0 ? join(evidence) : coverage(c.coverage, voice),
  ];
}

/** Interfaces on which something was watched, each with the functions seen there. */
function coverage(watched: readonly Watch[], voice: Voice): Markup {
  if (watched.length === 0) return ml`–`;
  const faces = new Map<string, Set<string>>();
  for (const w of watched) {
    const functions = faces.get(w.interface) ?? new Set<string>();
    if (w.element !== null) functions.add(w.element);
    faces.set(w.interface, functions);
  }
  const list = [...faces].map(([face, functions]) =>
    functions.size === 0 ? face : `${face} (${[...functions].slice(0, 12).join(", ")}${functions.size > 12 ? " …" : ""})`,
  );
  return ml`<span class="note">${voice.words.dossier.coverage} ${list.join(", ")}</span>`;
}

function mark(status: ConditionStatus): Markup {
  if (status === "broken")
    return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><rect x="1.5" y="1.5" width="11" height="11" class="fill-found" /></svg>`;
  if (status === "held")
    return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><circle cx="7" cy="7" r="5.2" class="outcome-filled" /></svg>`;
  return ml`<svg class="outcome" viewBox="0 0 14 14" width="14" height="14" aria-hidden="true"><rect x="1.5" y="1.5" width="11" height="11" class="outcome-hatched" /></svg>`;
}
