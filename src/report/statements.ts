/** Statements that stand beside every finding, wherever it is shown. */
import type { FindingRecord } from "#findings/document.ts";
import { elementName } from "./selection.ts";
import type { Voice } from "./voice.ts";

/** The fixed statement of method §3; for acts other than copies in words that fit them. */
export function attributionText(f: FindingRecord, voice: Voice): string {
  const words = voice.words.report;
  const copies = f.claim === "covert-copy" || f.witnesses.some((w) => w.claim === "covert-copy");
  const place = typeof f.details["point"] === "string" ? f.details["point"] : "";
  return copies && place !== "" ? words.attribution(place, elementName(f)) : words.attributionOther(elementName(f));
}
