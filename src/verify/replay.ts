/**
 * L3: the program, run again by the caller on the full captures, must write the same records, member for member. What a key enters (pseudonyms,
 * commitments) is left out or matched by its counterpart; what no replay can make again is named by `attested.ts`.
 */
import { NotChecked, type Bundle, type CheckList, type LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { asNumber, asObject, asObjects, asText, asTexts } from "./records.ts";
import { carvedPart, coveragePart, findingPart, groupsOf, matchPart, without } from "./replayed-parts.ts";
import { Failure, type Opened, type Replay, type ReplayAnswer, type ReplayedRecords, type ReplayRequest } from "./result.ts";
import { Counterparts, firstDifference } from "./same.ts";

type Found = ReplayAnswer["runs"][number]["findings"][number];

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
      const [was, is] = [
        asText(asObject(settings.record["tool"])["version"]),
        asText(asObject((theirs.settings as JsonObject)["tool"])["version"]),
      ];
      if (was !== is)
        throw new Failure(`was made by version ${was.slice(0, 40)}, this is ${is}: replay with version ${was.slice(0, 40)}`, settings.part);
      const differs = firstDifference(settings.record, theirs.settings as JsonObject);
      if (differs !== undefined) throw new Failure(`differs from this program: ${differs}`, settings.part);
    }
    return `program ${asText(b.of("settings").at(-1)?.record["program"]).slice(0, 16)}…`;
  });
  // Who is one subscriber in a run of the bundle is one in its replay, through all its records.
  const pseudonyms = runs.map(() => new Counterparts());
  await list.check("replay-runs", "L3", "Captures, points, register and coverage are those that come out", () => {
    let members = 0;
    for (const [i, { records }] of need().runs.entries()) {
      if (records === undefined) throw new NotChecked("the captures were not replayed");
      members += sameRun(b, runs[i] as LoggedRecord, records, pseudonyms[i] as Counterparts);
    }
    return `${members} records`;
  });
  await list.check("replay-findings", "L3", "The same findings, and no other, come out", () => {
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      const found = new Map(theirs.findings.map((f) => [f.id, f]));
      for (const { id } of asObjects(run.record["findings"])) {
        if (!found.delete(asText(id))) throw new Failure(`finding ${asText(id)} does not come out again`, run.part);
        count++;
      }
      const extra = [...found.keys()][0];
      if (extra !== undefined) throw new Failure(`does not list finding ${extra}, which comes out`, run.part);
      const here = pairs(b, run, theirs.findings);
      for (const { f, again } of here) {
        const differs = firstDifference(findingPart(f.record), findingPart(again.record as JsonObject), pseudonyms[i]);
        if (differs !== undefined) throw new Failure(`comes out differently: ${differs}`, f.part);
      }
      const shared = firstDifference(
        groupsOf(here.map(({ f }) => f.record)),
        groupsOf(here.map(({ again }) => again.record as JsonObject)),
      );
      if (shared !== undefined) throw new Failure(`has findings that share other subscribers: ${shared}`, run.part);
    }
    return count === 0 ? "no finding" : `${count}`;
  });
  await list.check("replay-match", "L3", "Match tables, arithmetic and pairs are those that come out", () => {
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      for (const { f, again } of pairs(b, runs[i] as LoggedRecord, theirs.findings)) {
        const match = b.named(f.record["match"], "match", f);
        const differs = firstDifference(matchPart(match.record), matchPart(again.match as JsonObject), pseudonyms[i]);
        if (differs !== undefined) throw new Failure(`comes out differently: ${differs}`, match.part);
        count++;
      }
    }
    if (count === 0) throw new NotChecked("there is no finding");
    return `${count}`;
  });
  await list.check("replay-carved", "L3", "Carved packets, cut again from the captures, are the same octets", () => {
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      // What came over standard input could not be read again when it was carved; anything else could.
      const piped = asTexts(run.record["captures"]).some((c) => b.named(c, "capture", run).record["file"] === "-");
      for (const { f, again } of pairs(b, run, theirs.findings)) {
        const carved = b.named(f.record["carved"], "carved", f);
        const file = carved.record["file"] === null ? null : asObject(carved.record["file"])["sha256"];
        if (file === null && piped) continue;
        if (file === null && again.packets !== null) throw new Failure("leaves out the packets that the captures hold", carved.part);
        if (file !== null && again.packets !== file) throw new Failure("is not what the captures hold", `carved/${again.id}.pcapng`);
        const differs = firstDifference(carvedPart(carved.record), carvedPart(again.carved as JsonObject), pseudonyms[i]);
        if (differs !== undefined) throw new Failure(`comes out differently: ${differs}`, carved.part);
        if (file !== null) count++;
      }
    }
    if (count === 0) throw new NotChecked("no packets were carved");
    return `${count} files`;
  });
  await list.check("replay-openings", "L3", "What was opened (identities, frames, pairs) is what the captures hold", () => {
    const answers = new Map<string, { readonly f: LoggedRecord; readonly opened: readonly Opened[]; readonly holds: boolean[] }>();
    let count = 0;
    for (const [i, theirs] of need().runs.entries()) {
      const run = runs[i] as LoggedRecord;
      for (const { f, again } of pairs(b, run, theirs.findings)) {
        const opened = openedOf(b, f);
        for (const r of b.of("carved-full").filter((full) => full.record["finding"] === again.id)) {
          // Of several runs each has frames of its own: one must have these.
          const known = answers.get(`full ${r.part}`) ?? { f: r, opened: [], holds: [false] };
          known.holds[0] ||= asObject(r.record["file"])["sha256"] === again.full;
          answers.set(`full ${r.part}`, known);
        }
        if (opened.length === 0) continue;
        const known = answers.get(again.id) ?? { f, opened, holds: opened.map(() => false) };
        for (const k of opened.keys()) known.holds[k] ||= again.opened[k] === true;
        answers.set(again.id, known);
      }
    }
    for (const { f, opened, holds } of answers.values()) {
      const wrong = holds.indexOf(false);
      const what = opened[wrong];
      if (wrong >= 0 && what === undefined) throw new Failure("holds other packets than the captures", f.part);
      if (what !== undefined) throw new Failure(`has ${what.kind} ${what.index} opened as what the captures do not hold`, f.part);
      const told = opened.flatMap((o) => (o.kind === "identity" || o.kind === "subscriber" ? [`${o.kind} ${o.content} ${o.index}`] : []));
      const once = new Set(told.map((t) => t.slice(0, t.lastIndexOf(" "))));
      if (once.size < new Set(told).size) throw new Failure("has one identity opened in two places", f.part);
      count += holds.length;
    }
    if (count === 0) throw new NotChecked("nothing was opened");
    return `${count}`;
  });
}

interface Pair {
  readonly f: LoggedRecord;
  readonly again: Found;
}

/** Findings of a run that are in the bundle, each with what came out again. */
function pairs(b: Bundle, run: LoggedRecord, found: readonly Found[]): Pair[] {
  const byId = new Map(found.map((f) => [f.id, f]));
  return asObjects(run.record["findings"]).flatMap(({ id, record }) => {
    const again = byId.get(asText(id));
    return again === undefined || !b.has(asText(record)) ? [] : [{ f: b.named(record, "finding", run), again }];
  });
}

/** Records that are about the run as a whole; answers how many. */
function sameRun(b: Bundle, run: LoggedRecord, theirs: ReplayedRecords, pseudonyms: Counterparts): number {
  const same = (record: LoggedRecord, ours: JsonObject, again: JsonObject): void => {
    const differs = firstDifference(ours, again, pseudonyms);
    if (differs !== undefined) throw new Failure(`comes out differently: ${differs}`, record.part);
  };
  const captures = asTexts(run.record["captures"]);
  const byHash = new Map(theirs.captures.map((c) => [c["sha256"], c as JsonObject]));
  for (const hash of captures) {
    const capture = b.named(hash, "capture", run);
    const again = byHash.get(asText(capture.record["sha256"]));
    if (again === undefined) throw new Failure("is not among the captures that were replayed", capture.part);
    same(capture, without(capture.record, "file"), without(again, "file"));
  }
  for (const [name, type, again] of [
    ["tapMap", "tap-map", theirs.tapMap],
    ["declaration", "declaration", theirs.declaration],
    ["register", "register", theirs.register],
  ] as const) {
    const record = b.named(run.record[name], type, run);
    same(record, without(record.record, "keyedHash"), without(again as JsonObject, "keyedHash"));
  }
  // Without the run's keys of prints other ones are drawn, and tables fill a little otherwise.
  const keyed = b.has(asText(run.record["printKeys"]));
  same(run, coveragePart(run.record, keyed), coveragePart(theirs.coverage as JsonObject, keyed));
  return captures.length + 4;
}

function openedOf(b: Bundle, f: LoggedRecord): Opened[] {
  const id = f.record["id"];
  return [
    ...b
      .of("opening")
      .flatMap(({ record: o }): Opened[] =>
        o["finding"] === id
          ? [{ kind: asText(o["class"]) as Opened["kind"], index: asNumber(o["index"]), content: asText(o["content"]) }]
          : [],
      ),
    ...b
      .of("challenge")
      .flatMap(({ record: c }) =>
        c["finding"] === id
          ? asObjects(c["pairs"]).map((p): Opened => ({ kind: "pair", index: asNumber(p["pair"]), content: asText(p["content"]) }))
          : [],
      ),
  ];
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
              full: b.of("carved-full").some((full) => full.record["finding"] === id),
              opened: openedOf(b, finding),
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
