/** Detectors' sentences in the page's language; one that the language lacks is shown in English and marked as such. */
import type { FindingRecord, FindingsDocument } from "#findings/document.ts";
import { inLanguage, type Coded } from "#words/said.ts";
import { elementName, receiverName } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { ml, type Markup } from "./markup.ts";

export function sentence(said: Coded, voice: Voice, raised = false): Markup {
  const known = inLanguage(said, voice.language);
  const shown = raised ? capital(known ?? said.text) : (known ?? said.text);
  if (known !== undefined) return ml`${shown}`;
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
  const known = inLanguage(summaryCoded(f), voice.language);
  if (known !== undefined) return known;
  return voice.words.report.claimSentence[f.claim]({
    element: elementName(f),
    receiver: receiverName(f) || voice.words.report.facts.unknown,
    packets: voice.packets(f.packets),
    subscribers: voice.subscribers(f.subscribers.count),
    nSubscribers: f.subscribers.count,
  });
}

// A record has its sentences by code and values; these pick those of one sentence.

export function summaryCoded(f: Pick<FindingRecord, "summary" | "summaryCode" | "values">): Coded {
  return { text: f.summary, code: f.summaryCode, values: f.values };
}

export function explanationCoded(e: FindingRecord["ruledOut"][number]): Coded {
  return { text: e.explanation, code: e.code };
}

export function becauseCoded(e: FindingRecord["ruledOut"][number] | FindingRecord["arithmetic"][number]): Coded {
  return { text: e.because, code: e.becauseCode, values: e.becauseValues };
}

export function premiseCoded(p: FindingRecord["premises"][number]): Coded {
  return { text: p.statement, code: p.code, values: p.values };
}

export function whyCoded(line: { readonly why: string; readonly code?: string; readonly values?: unknown }): Coded {
  return { text: line.why, code: line.code, values: line.values };
}

/** Lines of what was not seen. */
export function unseenCoded({ notSeen, notSeenCodes }: FindingsDocument["coverage"]): Coded[] {
  return notSeen.map((text, i) => ({ text, code: notSeenCodes?.[i]?.code, values: notSeenCodes?.[i]?.values }));
}
