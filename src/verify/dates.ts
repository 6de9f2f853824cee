/** L2: what is done with captures (intake, hand-over, reply) is dated after their newest frame. */
import { NotChecked, type Bundle } from "./bundle.ts";
import { asText } from "./records.ts";
import { Failure } from "./result.ts";

/** RFC 3339 in UTC, as people's records have it; whole seconds of such times are in the order of their texts. */
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?Z$/;

export function datesOf(b: Bundle): string {
  const captures = new Map(b.of("capture").map((c) => [asText(c.record["sha256"]), asText(c.record["last"])]));
  let dated = 0;
  let newest = "";
  for (const r of b.records) {
    if (r.type === "coverage" && asText(r.record["to"]) > newest) newest = asText(r.record["to"]);
    if (r.type !== "intake" && r.type !== "reply") continue;
    const at = asText(r.record["at"]);
    if (!INSTANT.test(at)) throw new Failure("is dated with what is not a time", r.part);
    const since = r.type === "intake" ? (captures.get(asText(r.record["capture"])) ?? "") : newest;
    if (at.slice(0, 19) < since.slice(0, 19)) throw new Failure("is dated before the newest frame that it is about", r.part);
    dated++;
  }
  if (dated === 0) throw new NotChecked("nothing is dated: no intake, hand-over or reply");
  return `${dated}`;
}
