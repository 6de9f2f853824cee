/** What belongs to the case as a whole: coverage, replies, custody, glossary. */
import type { GapRecord } from "#findings/document.ts";
import type { CaseData, LoggedEntry } from "#report/case-data.ts";
import type { CaseMetaWithReplies, DraftState } from "#report/draft.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { table, type Cell } from "./drawing.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";
import { sentence, unseenCoded, whyCoded } from "./sentences.ts";

/** Faults of decoders are codes (protocol, kind, field), not sentences. */
function gapReason(g: GapRecord, voice: Voice): Markup {
  return g.code === "gap.fault" ? ml`<code>${g.why}</code>` : sentence(whyCoded(g), voice);
}

export function coverageSection(data: CaseData, selection: Selection, voice: Voice): Markup {
  const words = voice.words.report.coverage;
  const { captures, coverage } = data.document;
  const clock = (t: string | null): string => (t === null ? "" : t.slice(0, 19).replace("T", " "));
  const undecided = coverage.undecided.map((u): Cell[] => [
    voice.words.claims[u.claim].name,
    voice.number(u.count),
    sentence(whyCoded(u), voice),
  ]);
  const counts = [
    selection.covered !== null && selection.covered > 0 ? voice.words.report.unseen.covered(selection.covered) : "",
    selection.withheld > 0 ? voice.words.report.unseen.withheld(selection.withheld) : "",
  ].filter((t) => t !== "");
  return ml`<section class="part" id="coverage">
    <h2>${words.title}</h2>
    ${table(
      words.captures,
      captures.map((c) => [
        c.file,
        c.points === undefined ? c.point : c.points.join(", "),
        voice.number(c.packets),
        clock(c.first),
        clock(c.last),
        voice.number(c.truncated),
        voice.number(c.malformed),
      ]),
      { numeric: [2, 5, 6], kind: "small" },
    )}
    ${
      coverage.notSeen.length > 0
        ? ml`<h3>${words.notSeen}</h3>
            <ul>
              ${unseenCoded(coverage).map((l) => ml`<li class="unseen-line">${sentence(l, voice)}</li>`)}
            </ul>`
        : EMPTY
    }
    ${
      coverage.gaps.length > 0
        ? ml`<h3>${words.gaps}</h3>
            ${table(
              words.gapColumns,
              coverage.gaps.map((g) => [
                voice.words.report.gapKind(g.kind),
                g.point ?? words.everywhere,
                voice.number(g.count),
                gapReason(g, voice),
              ]),
              { numeric: [2], kind: "small" },
            )}`
        : ml`<p>${voice.words.report.unseen.none}</p>`
    }
    ${
      undecided.length > 0
        ? ml`<h3>${words.undecided}</h3>
            ${table(words.undecidedColumns, undecided, { numeric: [1], kind: "small" })}`
        : EMPTY
    }
    ${counts.length > 0 ? ml`<p>${counts.join(" ")}</p>` : EMPTY}
    <h3>${words.hashes}</h3>
    <dl class="facts">
      ${captures.map(
        (c) =>
          ml`<dt>${c.file}</dt>
            <dd><code>${c.sha256}</code></dd>`,
      )}
    </dl>
  </section>`;
}

export function repliesSection(meta: CaseMetaWithReplies, draft: DraftState, voice: Voice): Markup {
  const words = voice.words.report.replies;
  const shown = (meta.replies ?? []).filter((r) => draft.vendors.some((v) => v.id === r.vendor));
  if (shown.length === 0) return EMPTY;
  const name = (id: string): string => draft.vendors.find((v) => v.id === id)?.name ?? id;
  return ml`<section class="part" id="replies">
    <h2>${words.title}</h2>
    ${shown.map(
      (r) =>
        ml`<p>${words.received(name(r.vendor), voice.moment(r.at))}</p>
          <div class="reply">${linesOf(r.text)}</div>
          <p class="note">${words.hash} <code>${r.sha256}</code></p>`,
    )}
  </section>`;
}

/** A reply keeps its lines: each is escaped alone. */
function linesOf(text: string): Markup {
  return ml`${text.split(/\r\n|\r|\n/).map((line) => ml`${line}<br />`)}`;
}

/** Entries of the custody section; the log has them all. */
const ENTRIES = 60;

export function custodySection(data: CaseData, voice: Voice): Markup {
  const words = voice.words.report.custody;
  const { meta, document, declaration, log } = data;
  const scans = meta.runs.map((run): [string, Cell, Cell] => [
    run.at,
    `Tapproof ${meta.tool.version}`,
    `${words.scan(run.captures.length)}${run.identitiesReason === null ? "" : `; ${words.identities(run.identitiesReason)}`}`,
  ]);
  const rows = [...scans, ...log.flatMap((entry) => custodyRow(entry, data, voice))].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const at = declaration?.sealed?.at ?? null;
  const basis = basisText(data) ?? words.noBasis;
  return ml`<section id="custody">
    <h2>${words.title}</h2>
    <dl class="facts">
      <dt>${words.basis}</dt>
      <dd>${basis}</dd>
      <dt>${words.declaration}</dt>
      <dd>${document.declaration === null ? words.noDeclaration : ml`<code>${document.declaration}</code>${at === null ? "" : `, ${words.sealed(at)}`}`}</dd>
    </dl>
    ${table(
      words.columns,
      rows.slice(0, ENTRIES).map(([when, who, what]) => [when.slice(0, 19).replace("T", " "), who, what]),
      { kind: "small" },
    )}
    ${log.length > 0 ? ml`<p class="note">${words.log(log.length)}</p><pre>${data.checkpoint.split("\n").map((line) => ml`${line}<br />`)}</pre>` : EMPTY}
  </section>`;
}

/** Custody, intake, hand-overs and replies as the log has them. */
function custodyRow({ type, value }: LoggedEntry, data: CaseData, voice: Voice): [string, Cell, Cell][] {
  const words = voice.words.report.custody;
  const text = (name: string): string => (typeof value[name] === "string" ? value[name] : "");
  const vendor = data.declaration?.vendors.find((v) => v.id === text("vendor"))?.name ?? text("vendor");
  if (type === "custody")
    return [[text("at"), text("by"), [words.action(text("action")), text("note")].filter((t) => t !== "").join("; ")]];
  if (type === "intake") return [[text("at"), text("by"), words.intake(text("capture").slice(0, 12), text("place"))]];
  if (type !== "reply") return [];
  return [[text("at"), vendor, text("kind") === "reply" ? words.replied(vendor) : words.handedOver(vendor, Number(value["days"]))]];
}

/** Law, authority and purpose as the newest custody entry states them, else what the scan was told; null where nobody stated any. */
export function basisText(data: CaseData): string | null {
  // why somebody opened identities is no ground of the case
  const basis = data.log.findLast(
    (e) =>
      e.type === "custody" &&
      e.value["action"] !== "showed-identities" &&
      typeof e.value["basis"] === "object" &&
      e.value["basis"] !== null,
  )?.value["basis"];
  if (basis === undefined) return data.meta.basis;
  const { law, authority, purpose } = basis as Record<string, unknown>;
  return [law, authority, purpose].filter((t) => typeof t === "string").join("; ");
}

export function glossarySection(voice: Voice): Markup {
  const { glossary } = voice.words.report;
  return ml`<section id="words">
    <h2>${glossary.title}</h2>
    <dl class="glossary">
      ${glossary.entries.map(
        ([word, means]) =>
          ml`<dt>${word}</dt>
            <dd>${means}</dd>`,
      )}
    </dl>
  </section>`;
}
