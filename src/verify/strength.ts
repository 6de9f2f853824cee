/**
 * What makes a run weaker than a whole scan, whatever its findings say: settings are part of how strong a finding is, and of how much it means that
 * nothing was found. Worded here, from numbers of the record: a verdict's first line says it.
 */
import type { Bundle } from "./bundle.ts";
import { CATALOGUE } from "./claims.ts";
import { asNumber, asObject, asObjects, asText } from "./records.ts";
import type { Weakness } from "./result.ts";

/** `version`: of the program that verifies; another one judges otherwise, and only that one can replay. */
export function weaknessesOf(b: Bundle, version: string | undefined): Weakness[] {
  const found: Weakness[] = [];
  const runs = b.of("coverage");
  for (const run of runs) {
    const sequence = asNumber(run.record["sequence"]);
    const [which, of] = runs.length === 1 ? ["", {}] : [` (run ${sequence})`, { run: sequence }];
    const say = (code: string, words: string, values: Weakness["values"] = {}): void =>
      void found.push({ code, run: sequence, words: `${words}${which}`, values: { ...values, ...of } });
    const settings = b.named(run.record["settings"], "settings", run).record;
    const options = asObject(settings["options"]);
    const sample = asNumber(options["sample"]);
    if (sample !== 1) say("sampled", `copies were searched for in one packet of ${sample}`, { sample });
    const octets = asNumber(options["copyBytes"]);
    if (octets === 0) say("no-copy-search", "copies were not searched for");
    else if (octets > 0) say("copy-budget", `the search for copies had ${octets} octets of memory`, { octets });
    const on = new Set(asObjects(settings["detectors"]).map((d) => asText(d["claim"])));
    for (const claim of Object.keys(CATALOGUE)) if (!on.has(claim)) say("detector-off", `${claim} was not looked for`, { claim });
    const scanned = asText(asObject(settings["tool"])["version"]);
    if (version !== undefined && scanned !== version && /^[0-9a-z.+-]{1,40}$/i.test(scanned))
      say("version", `scanned by version ${scanned}, this is ${version}`, { scanned, version });
    if (b.named(run.record["declaration"], "declaration", run).record["given"] === false) say("no-declaration", "no declaration was given");
  }
  return found;
}
