/** One finding for the expert: facts, way, arithmetic, explanations, premises, witnesses, packets, frames. */
import { delayToTell } from "#findings/shown.ts";
import type { EvidenceRecord, FindingRecord } from "#findings/document.ts";
import type { CaseData } from "#report/case-data.ts";
import { detailName, detailValue } from "#words/detail-words.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { actText, attributionText, receiverStanding } from "#report/statements.ts";
import type { Voice } from "#report/voice.ts";
import { gradeMark, outcomeMark, table, type Cell } from "./drawing.ts";
import { EMPTY, ml, join, type Markup } from "./markup.ts";
import { rolesOf } from "./roles.ts";
import { becauseCoded, capital, explanationCoded, premiseCoded, sentence, summaryCoded, summaryOf } from "./sentences.ts";
import { stepLine } from "./step-line.ts";
import { way } from "./way.ts";

/** Frame numbers written out a capture; the rest is counted. The bundle and findings.json have up to 1,000. */
const FRAMES = 60;

export function findingSection(f: FindingRecord, number: number, data: CaseData, packets: Markup, voice: Voice): Markup {
  const words = voice.words.report;
  const id = `f${number}`;
  return ml`<section class="part" id="${id}">
    <h2>${words.finding(number)}${voice.colon} ${voice.words.claims[f.claim].name}</h2>
    <p>
      ${gradeMark(f.grade)}<span class="claim">${capital(voice.words.grades[f.grade])}</span>${voice.colon} ${words.gradeMeans[f.grade]}.
      ${summaryOf(f, voice)}
    </p>
    <p class="attribution">${attributionText(f, voice)}</p>
    <h3>${words.facts.title}</h3>
    ${facts(f, data, voice)} ${way(f, rolesOf(f, data), voice, `${id}-way`)}
    ${
      f.arithmetic.length > 0
        ? stepLine(f, voice, `${id}-sum`)
        : ml`<h3>${words.arithmetic.title}</h3>
            <p>${words.arithmetic.none}</p>`
    }
    <h3>${words.explanations.title}</h3>
    ${table(
      words.explanations.columns,
      f.ruledOut.map((e) => [
        ml`<span class="nowrap">${outcomeMark(e.status)}${words.explained[e.status]}</span>`,
        sentence(explanationCoded(e), voice),
        sentence(becauseCoded(e), voice),
      ]),
    )}
    <h3>${words.premises.title}</h3>
    <p class="note">${words.premises.note}</p>
    ${table(
      words.premises.columns,
      f.premises.map((p) => [words.premise[p.status], sentence(premiseCoded(p), voice)]),
    )}
    ${
      f.witnesses.length > 0
        ? ml`<h3>${words.witnesses.title}</h3>
            ${table(
              words.witnesses.columns,
              f.witnesses.map((w): Cell[] => [
                voice.words.claims[w.claim].name,
                ml`<span class="nowrap">${gradeMark(w.grade)}${voice.words.grades[w.grade]}</span>`,
                sentence(summaryCoded(w), voice),
              ]),
            )}`
        : EMPTY
    }
    ${packets}
    <h3>${words.frames.title}</h3>
    ${frames(f, data, voice)}
  </section>`;
}

function facts(f: FindingRecord, data: CaseData, voice: Voice): Markup {
  const words = voice.words.report.facts;
  const vendor = data.declaration?.vendors.find((v) => v.id === f.element.vendor)?.name ?? f.element.vendor;
  const rows: [string, Cell][] = [
    [
      words.element,
      ml`${elementName(f)}${f.element.name !== null && f.element.address !== null ? ml` <code>${f.element.address}</code>` : EMPTY}`,
    ],
    [words.basis, voice.words.report.basis[f.element.basis]],
  ];
  if (vendor !== null) rows.push([words.vendor, ml`${vendor} <span class="why">(${words.vendorNote})</span>`]);
  rows.push([words.receiver, receiver(f, voice)]);
  rows.push([words.act, actText(f, voice)]);
  if (f.transport.layers.length > 0)
    rows.push([words.transport, ml`<code>${f.transport.layers.join(" / ")}</code>${f.transport.encrypted ? `, ${words.encrypted}` : ""}`]);
  const delay = delayToTell(f);
  if (delay !== null) rows.push([words.delay, voice.delay(delay)]);
  rows.push([words.subscribers, subscribers(f, voice)]);
  if (f.data.length > 0) rows.push([words.data, voice.list(f.data.map((kind) => voice.words.data[kind]))]);
  rows.push([words.amount, [voice.packets(f.packets), voice.bytes(f.bytes)].filter((p) => p !== "").join(", ")]);
  rows.push([words.when, voice.span(f.first, f.last)]);
  if (f.bits > 0) rows.push([words.bits, voice.number(f.bits)]);
  rows.push([words.chance, f.chance === null ? words.direct : voice.chance(f.chance)]);
  const standing = voice.words.report.standing[f.standing];
  rows.push([words.standing, ml`${standing.name} <span class="why">(${standing.means})</span>`]);
  const details = Object.entries(f.details).filter(([, value]) => value !== "");
  if (details.length > 0)
    rows.push([
      words.details,
      join(
        details.map(([name, value]) => detail(name, value, voice)),
        "; ",
      ),
    ]);
  if (f.sources.length > 0) rows.push([words.sources, f.sources.join("; ")]);
  rows.push([words.id, ml`<code>${f.id}</code>`]);
  return ml`<dl class="facts">
    ${rows.map(
      ([name, value]) =>
        ml`<dt>${name}</dt>
          <dd>${value}</dd>`,
    )}
  </dl>`;
}

function detail(key: string, value: string | number | boolean, voice: Voice): Markup {
  const name = detailName(key, voice.language);
  const text = detailValue(key, value, voice.language);
  return ml`${name === undefined ? ml`<code>${key}</code>` : name}${voice.colon} ${text === undefined ? ml`<code>${String(value)}</code>` : text}`;
}

function receiver(f: FindingRecord, voice: Voice): Markup {
  const words = voice.words.report.facts;
  if (f.receiver === null) return ml`${words.none}`;
  const { name, address, port, identity, via } = f.receiver;
  const parts = [
    name === null ? EMPTY : ml`${name}`,
    identity === undefined ? EMPTY : ml`<code>${identity}</code>`,
    address === null ? EMPTY : ml`<code>${address}${port === null ? "" : `:${port}`}</code>`,
    ml`${receiverStanding(f, voice)}`,
    via === undefined ? EMPTY : ml`${words.via} <code>${via}</code>`,
  ];
  return join(
    parts.filter((p) => p !== EMPTY),
    ", ",
  );
}

function subscribers(f: FindingRecord, voice: Voice): Markup {
  const { count, pseudonyms, identities } = f.subscribers;
  if (count === 0) return ml`${voice.words.report.facts.none}`;
  const shown = pseudonyms.slice(0, 8);
  const names =
    shown.length > 0
      ? ml`${voice.colon}
        ${join(
          shown.map((p) => ml`<code>${p}</code>`),
          ", ",
        )}${pseudonyms.length > shown.length ? " …" : ""}`
      : EMPTY;
  const clear =
    identities !== undefined && identities.length > 0
      ? ml`. ${voice.words.report.facts.identities}${voice.colon}
        ${join(
          identities.slice(0, 20).map((p) => ml`<code>${p}</code>`),
          ", ",
        )}`
      : EMPTY;
  return ml`${voice.number(count)}${names}${clear}`;
}

/** `13–25, 31`: runs of frame numbers, and a display filter that finds them. */
function frames(f: FindingRecord, data: CaseData, voice: Voice): Markup {
  const words = voice.words.report.frames;
  const file = (sha: string): string => data.document.captures.find((c) => c.sha256 === sha)?.file ?? sha.slice(0, 12);
  const runs = f.evidence.map((e) => ({ e, list: runsOf(e.frames) }));
  const first = runs[0];
  return ml`${table(
    words.columns,
    runs.map(({ e, list }) => [file(e.capture), voice.number(e.framesTotal), numbers(e, list, voice)]),
    { numeric: [1], kind: "small" },
  )}
  ${
    first === undefined || first.list.length === 0
      ? EMPTY
      : ml`<p class="note">
          ${words.filter} (${file(first.e.capture)}):
          <code
            >frame.number in
            {${first.list
              .slice(0, 24)
              .map(([a, b]) => (a === b ? `${a}` : `${a}..${b}`))
              .join(", ")}}</code
          >
        </p>`
  }`;
}

function numbers(e: EvidenceRecord, list: readonly (readonly [number, number])[], voice: Voice): string {
  const shown = list.slice(0, FRAMES);
  const text = shown.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
  const told = shown.reduce((n, [a, b]) => n + b - a + 1, 0);
  const rest = e.framesTotal - told;
  return rest > 0 ? `${text} … ${voice.words.report.frames.more(rest)}` : text;
}

export function runsOf(frames: readonly number[]): (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last !== undefined && frame === last[1] + 1) last[1] = frame;
    else runs.push([frame, frame]);
  }
  return runs;
}

export function titleOf(f: FindingRecord, voice: Voice): string {
  const to = receiverName(f);
  return `${voice.words.claims[f.claim].name}${voice.colon} ${elementName(f)}${to === "" ? "" : ` → ${to}`}`;
}
