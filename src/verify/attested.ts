/** What no replay makes again: it stands on the word of whoever sealed it, and a reader of *L3* is told so by name. */
import type { Bundle } from "./bundle.ts";
import { asObject, asObjects, asText, asTexts } from "./records.ts";
import type { Attested } from "./result.ts";

/** Gaps of what was never read or ended otherwise than the captures that travel with the hashes: files that are not in the bundle, a detector that broke. */
export const ATTESTED_GAPS: readonly string[] = ["duplicate-capture", "empty-capture", "unusable-capture", "detector"];

/** Only what this bundle has, in a fixed order. */
export function attestedOf(b: Bundle): Attested[] {
  const runs = b.of("coverage");
  const has = (type: string): boolean => b.of(type).length > 0;
  const all: readonly (readonly [boolean, string, string])[] = [
    [true, "captures", "that the captures are what went over the wires"],
    [has("capture"), "capture-names", "what the captures are called"],
    [b.of("declaration").some((d) => d.record["given"] === true), "declaration", "that the declaration is the operator's"],
    [b.of("register").some((r) => r.record["given"] === true), "register", "that the register is the one that was in force"],
    [
      runs.some((r) => asObjects(r.record["gaps"]).some((gap) => ATTESTED_GAPS.includes(asText(gap["kind"])))),
      "gaps",
      "gaps of captures that were not read",
    ],
    [runs.some((r) => r.record["beacon"] !== null), "beacon", "the public random value of the time"],
    [has("print-keys"), "print-keys", "that the keys of prints were drawn by chance"],
    [runs.some((r) => !b.has(asText(r.record["printKeys"]))), "copy-memory", "how much memory the search for copies had left"],
    [
      b.of("finding").some((f) => asTexts(asObject(f.record["subscribers"])["pseudonyms"]).length > 0),
      "pseudonyms",
      "pseudonyms and commitments that were not opened",
    ],
    [has("opening") || has("challenge") || has("carved-full"), "openings", "reasons and times of what was opened"],
    [has("seal"), "seal", "times and parties of the seal"],
    [has("intake"), "intake", "who handed the captures over, and when"],
    [has("reply"), "reply", "what the accused answered"],
  ];
  return all.flatMap(([there, code, words]) => (there ? [{ code, words }] : []));
}
