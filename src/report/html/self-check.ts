/**
 * The page's own check of the bundle it carries: a button, a place for the answer, the bundle as base64 in a data block that no browser
 * executes, and the verifier. A convenience: a forged page can lie, and says so itself.
 */
import type { CaseData } from "#report/case-data.ts";
import { bundleLacking } from "#report/reader.ts";
import type { Selection } from "#report/selection.ts";
import type { Voice } from "#report/voice.ts";
import { EMPTY, ml, Markup } from "./markup.ts";

/** Octets of a bundle that a page carries; a larger one is checked as a file. */
const LARGEST = 24 * 1024 * 1024;

export interface SelfCheck {
  readonly body: Markup;
  readonly data: Markup;
  readonly script: string | null;
}

/** `data` is the case as it stands, not as this reader sees it: the bundle is the whole's. */
export function selfCheck(data: CaseData, { reader, withheld }: Selection, verifier: string | null, voice: Voice): SelfCheck {
  const words = voice.words.report.check;
  if (data.bundle === null) return { body: EMPTY, data: EMPTY, script: null };
  // A bundle holds every finding; what this page leaves out must not travel in it.
  const { declaration, log } = data;
  const closed = bundleLacking({ declaration, coverage: data.document.coverage, hidden: withheld, log }, reader) !== null;
  const reason = closed ? words.notCarried : data.bundle.bytes.length > LARGEST ? words.tooLarge : null;
  if (reason !== null || verifier === null)
    return { body: reason === null ? EMPTY : ml`<p class="note">${reason}</p>`, data: EMPTY, script: null };
  const labels = JSON.stringify({
    running: words.running,
    level: words.level,
    origin: words.origin,
    passed: words.passed,
    failed: words.failed,
    "not checked": words.notChecked,
    checked: words.passed,
    wrong: words.failed,
    couldNot: words.couldNot,
  });
  return {
    body: ml`<section class="screen" id="self-check" aria-live="polite">
      <p class="note">${words.page} ${words.offline}</p>
      <p><button type="button" id="check-run">${words.run}</button> <span id="check-head" class="meta"></span></p>
      <div class="table-frame">
        <table class="small outcomes" id="check-list" hidden>
          <tbody></tbody>
        </table>
      </div>
    </section>`,
    data: new Markup(
      `<script type="application/octet-stream" id="check-bundle">${Buffer.from(data.bundle.bytes).toString("base64")}</script>` +
        `<script type="application/json" id="check-words">${labels.replaceAll("<", "\\u003c")}</script>`,
    ),
    script: verifier,
  };
}
