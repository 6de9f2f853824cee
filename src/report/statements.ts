/** Statements that stand beside every finding, wherever it is shown. */
import type { FindingRecord } from "#findings/document.ts";
import { placeOfAct } from "#findings/shown.ts";
import { elementName } from "./selection.ts";
import type { Voice } from "./voice.ts";
import { CLAIM_TRAITS } from "#model/claim-traits.ts";

/** The fixed statement of method §3; for acts other than copies in words that fit them. */
export function attributionText(f: FindingRecord, voice: Voice): string {
  const words = voice.words.report;
  const place = placeOfAct(f);
  return place === null ? words.attributionOther(elementName(f)) : words.attribution(place, elementName(f));
}

/** Told to be done, and not seen to be done. */
export function onlyOrdered(f: Pick<FindingRecord, "claim" | "act">): boolean {
  return f.act !== "effected" && CLAIM_TRAITS[f.claim].told;
}

/** How far the act went, in words that fit orders and traffic alike. */
export function actText(f: Pick<FindingRecord, "claim" | "act">, voice: Voice): string {
  const words = voice.words.report;
  return f.act === "effected" || CLAIM_TRAITS[f.claim].told ? words.act[f.act] : words.actSeen;
}

/** Whether the declaration knows the receiver, and entitles it to this. */
export function receiverStanding(f: Pick<FindingRecord, "receiver">, voice: Voice): string {
  const { facts } = voice.words.report;
  if (f.receiver?.declared === true) return facts.declaredAs;
  return f.receiver?.name === null || f.receiver === null ? facts.undeclared : facts.notForThis;
}
