/** L3: the detectors, run again by the caller on the full captures, must find the same. What a key enters (pseudonyms, commitments) is left out. */
import { NotChecked, type Bundle, type CheckList, type LoggedRecord } from "./bundle.ts";
import { writeCanonical, type Json, type JsonObject } from "./canonical.ts";
import { asObject, asObjects, asText, asTexts } from "./records.ts";
import { Failure, type Replay, type ReplayAnswer, type ReplayRequest } from "./result.ts";

/** Members of a finding record that depend on the case's keys or on other records. */
const KEYED = ["subscribers", "identities", "match", "carved", "standing"] as const;

export async function replayChecks(b: Bundle, list: CheckList, replay: Replay | undefined, refused?: string): Promise<void> {
  const runs = b.of("coverage");
  let answer: ReplayAnswer | undefined;
  const need = (): ReplayAnswer => {
    if (answer === undefined) throw new NotChecked("the captures were not replayed");
    return answer;
  };
  await list.check("replay", "L3", "The captures given are those that were scanned", async () => {
    if (replay === undefined) throw new NotChecked("no captures were given");
    if (refused !== undefined) throw new NotChecked(`nothing was replayed, ${refused}`, true);
    answer = await replay(requestOf(b, runs));
    for (const [i, run] of runs.entries()) {
      const its = answer.runs[i];
      if (its === undefined) throw new Failure("was not replayed", run.part);
      const missing = its.missing[0];
      if (missing !== undefined) {
        answer = undefined;
        throw new Failure(`names the capture ${missing}, which is not among the files given`, run.part);
      }
      if (its.impossible !== undefined) {
        answer = undefined;
        throw new Failure(`cannot be replayed: ${its.impossible}`, run.part);
      }
    }
    return `${runs.reduce((n, r) => n + asTexts(r.record["captures"]).length, 0)} captures, hash for hash`;
  });
  await list.check("replay-settings", "L3", "The program that replays has the same thresholds and detectors", () => {
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      const settings = b.named(run.record["settings"], "settings", run);
      const differs = firstDifference(settings.record, theirs.settings as JsonObject);
      if (differs !== undefined) throw new Failure(`differs from this program: ${differs}`, settings.part);
    }
    return `program ${asText(b.of("settings").at(-1)?.record["program"]).slice(0, 16)}…`;
  });
  await list.check("replay-findings", "L3", "The same findings, and no other, come out", () => {
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      const listed = asObjects(run.record["findings"]);
      const found = new Map(theirs.findings.map((f) => [f.id, f]));
      for (const { id, record } of listed) {
        const again = found.get(asText(id));
        if (again === undefined) throw new Failure(`finding ${asText(id)} does not come out again`, run.part);
        found.delete(asText(id));
        count++;
        if (!b.has(asText(record))) continue;
        const f = b.named(record, "finding", run);
        const differs = firstDifference(withoutKeyed(f.record), withoutKeyed(again.record as JsonObject));
        if (differs !== undefined) throw new Failure(`comes out differently: ${differs}`, f.part);
        if (asObject(f.record["subscribers"])["count"] !== asObject((again.record as JsonObject)["subscribers"])["count"]) {
          throw new Failure("concerns another number of subscribers", f.part);
        }
      }
      const extra = [...found.keys()][0];
      if (extra !== undefined) throw new Failure(`does not list finding ${extra}, which comes out`, run.part);
    }
    return count === 0 ? "no finding" : `${count}`;
  });
  await list.check("replay-carved", "L3", "Carved packets, cut again from the captures, are the same octets", () => {
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      for (const again of theirs.findings) {
        const listed = asObjects(run.record["findings"]).find((f) => f["id"] === again.id);
        if (listed === undefined || !b.has(asText(listed["record"]))) continue;
        const f = b.named(listed["record"], "finding", run);
        const carved = b.named(f.record["carved"], "carved", f);
        const file = carved.record["file"] === null ? null : asObject(carved.record["file"])["sha256"];
        // What came over standard input could not be read again when it was carved; anything else could.
        const piped = asTexts(run.record["captures"]).some((c) => b.named(c, "capture", run).record["file"] === "-");
        if (file === null && again.packets !== null && !piped)
          throw new Failure("leaves out the packets that the captures hold", carved.part);
        if (file === null) continue;
        if (again.packets !== file) throw new Failure("is not what the captures hold", `carved/${again.id}.pcapng`);
        count++;
      }
    }
    if (count === 0) throw new NotChecked("no packets were carved");
    return `${count} files`;
  });
}

function requestOf(b: Bundle, runs: readonly LoggedRecord[]): ReplayRequest {
  return {
    runs: runs.map((run) => {
      const register = b.named(run.record["register"], "register", run).record;
      return {
        captures: asTexts(run.record["captures"]).map((hash) => {
          const { file, sha256 } = b.named(hash, "capture", run).record;
          return { file: asText(file), sha256: asText(sha256) };
        }),
        declaration: b.named(run.record["declaration"], "declaration", run).record["declaration"] ?? null,
        register: { given: register["given"] === true, warrants: Number(register["warrants"]) },
        settings: b.named(run.record["settings"], "settings", run).record,
        printKeys: printKeysOf(b, run),
        findings: asObjects(run.record["findings"]).flatMap(({ id, record }) => {
          if (!b.has(asText(record))) return [];
          const finding = b.named(record, "finding", run);
          const carved = b.named(finding.record["carved"], "carved", finding);
          return [
            {
              id: asText(id),
              record: finding.record,
              packets: carved.record["file"] === null ? null : asText(asObject(carved.record["file"])["sha256"]),
            },
          ];
        }),
      };
    }),
  };
}

function printKeysOf(b: Bundle, run: LoggedRecord): ReplayRequest["runs"][number]["printKeys"] {
  if (!b.has(asText(run.record["printKeys"]))) return null;
  const { print, sampling } = b.named(run.record["printKeys"], "print-keys", run).record;
  return { print: asText(print), sampling: asText(sampling) };
}

function withoutKeyed(record: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !(KEYED as readonly string[]).includes(name)));
}

/** Path of the first member that differs, with both values; undefined where all is the same. */
export function firstDifference(a: Json | undefined, b: Json | undefined, path = ""): string | undefined {
  if (a === undefined || b === undefined) return a === b ? undefined : `${path} is there only once`;
  if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
    return a === b ? undefined : `${path}: ${shown(a)}, now ${shown(b)}`;
  }
  const left = a as JsonObject;
  const right = b as JsonObject;
  for (const name of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort()) {
    const differs = firstDifference(left[name], right[name], path === "" ? name : `${path}.${name}`);
    if (differs !== undefined) return differs;
  }
  return undefined;
}

function shown(value: Json): string {
  const text = writeCanonical(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
