/**
 * The report: one HTML file that asks nothing of any other machine. Its policy allows its own style sheet and its own self-check by their
 * hashes, and no connection, no frame, no form, no image. The same case, author and moment give the same file.
 */
import type { CaseData } from "#report/case-data.ts";
import { draftState, type CaseMetaWithReplies } from "#report/draft.ts";
import { openData, select, withoutIdentities } from "#report/selection.ts";
import { Voice } from "#report/voice.ts";
import type { Language } from "#words/words.ts";
import { documentOf } from "./document.ts";
import { coverageSection, custodySection, glossarySection, repliesSection } from "./case-sections.ts";
import { definitions } from "./drawing.ts";
import { findingSection, titleOf } from "./finding-section.ts";
import { firstPage, titleText } from "./first-page.ts";
import { EMPTY, ml, type Markup } from "./markup.ts";
import { networkDrawing } from "./network-drawing.ts";
import { packetPairs } from "./packets.ts";
import { selfCheck } from "./self-check.ts";
import { timeLine } from "./time-line.ts";

export interface ReportOptions {
  readonly language: Language;
  readonly liCleared: boolean;
  /** Pseudonyms alone, though the case holds identities in clear. */
  readonly withoutIdentities?: boolean;
  /** When the report is made: stands on its first page, and decides whether a reply period has run. */
  readonly nowMillis: number;
  /** Who makes it; absent where nobody is named. */
  readonly author?: string;
  /** The self-check's script, bundled for a browser; null leaves it out. */
  readonly verifier: string | null;
  /** SHA-256 of the `verify.html` of this version; absent where it is not known. */
  readonly verifyPage?: string | null;
}

/** Text of `report.ml`. */
export function reportPage(whole: CaseData, options: ReportOptions): string {
  const voice = new Voice(options.language);
  const words = voice.words.report;
  const selection = select(options.withoutIdentities === true ? { ...whole, document: withoutIdentities(whole.document) } : whole, {
    liCleared: options.liCleared,
    identities: options.withoutIdentities !== true,
  });
  const data = openData(whole, selection);
  const meta = data.meta as CaseMetaWithReplies;
  const draft = draftState(meta, data.declaration, selection, options.nowMillis);
  const check = selfCheck(whole, selection, options.verifier, voice);
  const network = data.document.network ?? words.someNetwork;
  const sections = selection.findings.map((f, i) =>
    findingSection(f, i + 1, data, packetPairs(data, selection, f, voice, `f${i + 1}-pkt`), voice),
  );
  const replies = repliesSection(meta, draft, voice);
  const body = ml`${definitions()}
    <main>
      ${firstPage({ data, selection, draft, making: { author: options.author ?? null, atMillis: options.nowMillis }, verifyPage: options.verifyPage ?? null }, voice)} ${check.body}
      <section class="part" id="part2">
        <h2>${words.part2}</h2>
        ${contents(
          selection.findings.map((f) => titleOf(f, voice)),
          replies !== EMPTY,
          voice,
        )}
        ${networkDrawing(data, selection, voice, "map")} ${timeLine(data, selection, voice, "time")}
      </section>
      ${sections} ${coverageSection(data, selection, voice)} ${replies} ${custodySection(data, voice)}
      <div class="end">
        ${glossarySection(voice)}
        <footer><p class="note">${words.colophon(data.document.tool.version)}</p></footer>
      </div>
    </main>
    ${check.data}`;
  const title = titleText(selection, network, voice);
  return documentOf({
    language: options.language,
    title: `${draft.isDraft ? `${words.draft.title}${voice.colon} ` : ""}${title}`,
    version: data.document.tool.version,
    body,
    script: check.script,
  });
}

function contents(findings: readonly string[], replies: boolean, voice: Voice): Markup {
  const words = voice.words.report;
  const entries = [
    { id: "map", text: words.map.title },
    { id: "time", text: words.time.title },
    ...findings.map((text, i) => ({ id: `f${i + 1}`, text: `${words.finding(i + 1)}${voice.colon} ${text}` })),
    { id: "coverage", text: words.coverage.title },
    ...(replies ? [{ id: "replies", text: words.replies.title }] : []),
    { id: "custody", text: words.custody.title },
    { id: "words", text: words.glossary.title },
  ];
  return ml`<nav aria-label="${words.contents}">
    <ol>
      ${entries.map((e) => ml`<li><a href="#${e.id}">${e.text}</a></li>`)}
    </ol>
  </nav>`;
}
