/** Detectors' sentences in the page's language; one that the language lacks is shown in English and marked as such. */
import type { FindingRecord } from "#findings/document.ts";
import { isSaid, said } from "#words/said.ts";
import { elementName, receiverName } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { ml, type Markup } from "./markup.ts";

export function sentence(text: string, voice: Voice, raised = false): Markup {
  const known = isSaid(text, voice.language);
  const shown = raised ? capital(said(text, voice.language)) : said(text, voice.language);
  if (known) return ml`${shown}`;
  return ml`<span lang="en" class="original" data-note="${voice.words.report.originalEnglish}">${shown}</span>`;
}

export function capital(text: string): string {
  const first = Array.from(text)[0] ?? "";
  return first.toUpperCase() + text.slice(first.length);
}

/** What was found, in one sentence: the detector's own, or the one of its claim where the language lacks that. */
export function summaryOf(f: FindingRecord, voice: Voice): Markup {
  return ml`${summaryText(f, voice)}`;
}

export function summaryText(f: FindingRecord, voice: Voice): string {
  if (isSaid(f.summary, voice.language)) return said(f.summary, voice.language);
  return voice.words.report.claimSentence[f.claim]({
    element: elementName(f),
    receiver: receiverName(f) || voice.words.report.facts.unknown,
    packets: voice.packets(f.packets),
    subscribers: voice.subscribers(f.subscribers.count),
    nSubscribers: f.subscribers.count,
  });
}
