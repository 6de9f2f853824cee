/** The dossier's reasons as sentences of a language. */
import type { ConditionResult, Reason } from "./dossier.ts";
import type { Voice } from "./voice.ts";

export function reasonText(r: Reason, voice: Voice): string {
  const words = voice.words.dossier.reason;
  const either = (names: readonly string[]): string => names.join(` ${voice.words.report.or} `);
  switch (r.code) {
    case "broken-by":
      return words["broken-by"](r.findings, voice.words.grades[r.strongest]);
    case "nothing-found":
      return words["nothing-found"](r.watched.join(", "));
    case "not-watched":
      return words["not-watched"](either(r.anyOf), r.elements.join(", "));
    case "not-complete":
      return words["not-complete"](either(r.anyOf));
    case "no-declaration":
      return words["no-declaration"]();
    case "not-declared":
      return words["not-declared"](r.part);
    case "unreviewed":
      return words.unreviewed(r.part);
    case "open":
      return words.open(r.findings);
    case "undecided":
      return words.undecided(r.count);
    case "withheld":
      return words.withheld(r.findings);
    case "detector-failed":
      return words["detector-failed"](r.count);
    case "lost-packets":
      return words["lost-packets"](r.count);
    case "reservation-lost":
      return words["reservation-lost"](r.count);
  }
}

/** What points would have to be there before the condition can be judged. */
export function missingPoints(c: Pick<ConditionResult, "reasons">, voice: Voice): string[] {
  return c.reasons.flatMap((r) => {
    if (r.code === "not-watched") return [`${r.anyOf.join(" / ")}${r.elements.length === 0 ? "" : ` (${r.elements.join(", ")})`}`];
    return r.code === "not-complete" ? [`${r.anyOf.join(" / ")} (${voice.words.dossier.complete})`] : [];
  });
}
