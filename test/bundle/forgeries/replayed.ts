/** Lies that contradict nothing in the bundle: only who has the captures can tell them. Each passes L1 and L2. */
import { hash } from "node:crypto";
import { boundsOf } from "#verify/arithmetic.ts";
import type { Json as VerifierJson } from "#verify/canonical.ts";
import type { Json, JsonRecord } from "../forge.ts";
import { partsIn, resign } from "../resign.ts";
import { at, changed, type Cases, type Forgery } from "./forgery.ts";

type Edit = (record: JsonRecord) => void;

/** The first record of each type named, changed. */
function several(
  octets: Buffer,
  edits: Readonly<Record<string, Edit>>,
  more: readonly { type: string; record: JsonRecord }[] = [],
): Buffer {
  const left = new Map(Object.entries(edits));
  const made = resign(octets, {
    more,
    record: (type, record) => {
      left.get(type)?.(record);
      left.delete(type);
      return record;
    },
  });
  if (left.size > 0) throw new Error(`the case has no ${[...left.keys()].join(", ")}`);
  return made;
}

function told(about: keyof Cases, check: string, words: string, edits: Readonly<Record<string, Edit>>): Forgery {
  return { lie: words, check, make: (cases) => several(cases[about].octets, edits) };
}

function first(octets: Buffer, type: string): JsonRecord {
  for (const { name, octets: part } of partsIn(octets)) {
    if (!name.startsWith("records/")) continue;
    const record = JSON.parse(Buffer.from(part).toString()) as JsonRecord;
    if (record["type"] === type) return record;
  }
  throw new Error(`no ${type} record`);
}

const list = (record: JsonRecord, name: string): Json[] => record[name] as Json[];
const number = (record: JsonRecord, name: string): number => record[name] as number;
const more =
  (name: string, by: number): Edit =>
  (r) => {
    r[name] = number(r, name) + by;
  };

/** What somebody who makes the commitment himself can open: any content at all. */
function commitment(kind: string, content: string): { readonly commitment: string; readonly opening: JsonRecord } {
  const salt = Buffer.alloc(32, 5);
  const octets = Buffer.concat([Buffer.from(`tapproof/commitment/1\n${kind}\n`), salt, Buffer.from(content)]);
  return {
    commitment: hash("sha256", octets, "base64"),
    opening: { salt: salt.toString("base64"), content: Buffer.from(content).toString("base64") },
  };
}

function opened(about: keyof Cases, kind: "identity" | "subscriber" | "frame", words: string, content: string): Forgery {
  return {
    lie: words,
    check: "replay-openings",
    make: (cases) => {
      const { octets } = cases[about];
      const made = commitment(kind, content);
      const put = (of: JsonRecord): void => {
        list(of, "commitments")[0] = made.commitment;
      };
      return several(
        octets,
        kind === "frame"
          ? { carved: (r) => void ((list(r, "frames")[0] as JsonRecord)["commitment"] = made.commitment) }
          : { finding: (r) => put(at(r, kind === "identity" ? "identities" : "subscribers")) },
        [
          {
            type: "opening",
            record: {
              schema: "tapproof/record/1",
              type: "opening",
              finding: first(octets, "finding")["id"] as string,
              class: kind,
              index: 0,
              reason: "asked by the court",
              ...made.opening,
            },
          },
        ],
      );
    },
  };
}

/** Every pair of content that nobody sent, and the challenge answered, whatever it picks. */
function inventedPairs(cases: Cases): Buffer {
  const made = commitment("payload", "the vendor sent this, I swear it");
  const finding = first(cases.copy.octets, "finding");
  const invent: Edit = (r) => {
    for (const pair of list(r, "pairs") as JsonRecord[])
      Object.assign(pair, { octets: 32, copyCommitment: made.commitment, originalCommitment: made.commitment });
    // One pair is left, so that whatever is drawn is this one.
    r["pairsLeftOut"] = list(r, "pairs").length - 1;
    r["pairs"] = list(r, "pairs").slice(0, 1);
  };
  const { salt, content } = made.opening;
  let match = "";
  const forged = several(cases.copy.octets, { match: invent });
  for (const { name, octets } of partsIn(forged))
    if (name.startsWith("records/") && (JSON.parse(Buffer.from(octets).toString()) as JsonRecord)["type"] === "match")
      match = hash("sha256", octets, "hex");
  return several(forged, {}, [
    {
      type: "challenge",
      record: {
        schema: "tapproof/record/1",
        type: "challenge",
        finding: finding["id"] as string,
        match,
        random: "8d2f0c",
        wanted: 1,
        pairs: [
          {
            pair: 0,
            copySalt: salt as string,
            originalSalt: salt as string,
            content: content as string,
            originalContent: content as string,
          },
        ],
        reason: "asked by the defence",
      },
    },
  ]);
}

/** A table that gives another score, and steps, chance and score that follow from it. */
function retold(r: { match: JsonRecord; finding: JsonRecord }, change: Edit): void {
  change(r.match["table"] as JsonRecord);
  const { steps, hash: bound, source } = boundsOf(r.match["table"] as VerifierJson, "match");
  const bits = Math.floor(Math.min(bound, source));
  r.match["arithmetic"] = [...steps, { code: "score", bits }].map((s) => ({ code: s.code, microbits: Math.round(s.bits * 1e6) }));
  Object.assign(r.finding, { bits, chance: `2^-${Math.min(bits, 128)}` });
}

function tableLie(words: string, change: Edit): Forgery {
  return {
    lie: words,
    check: "replay-match",
    make: (cases) => {
      const match = first(cases.copy.octets, "match");
      return several(cases.copy.octets, {
        match: (r) => {
          retold({ match: r, finding: {} }, change);
          Object.assign(match, { table: r["table"] as Json });
        },
        finding: (r) => retold({ match: structuredClone(match), finding: r }, () => undefined),
      });
    },
  };
}

export const replayed: readonly Forgery[] = [
  told("copy", "replay-runs", "coverage of ten years", {
    capture: (r) => void (r["first"] = "2014-01-01T00:00:00.000000000Z"),
    coverage: (r) => void (r["from"] = "2014-01-01T00:00:00.000000000Z"),
  }),
  told("copy", "replay-runs", "a million extra packets", { capture: more("packets", 1e6), coverage: more("packets", 1e6) }),
  told("copy", "replay-runs", "extra octets", { capture: more("bytes", 1), coverage: more("bytes", 1) }),
  told("clean", "replay-runs", "frames called malformed that were not", { capture: more("malformed", 7), coverage: more("malformed", 7) }),
  told("clean", "replay-runs", "frames called cut that were whole", { capture: more("truncated", 1), coverage: more("truncated", 1) }),
  told("cut", "replay-runs", "no gaps", { coverage: (r) => void (r["gaps"] = []) }),
  told("clean", "replay-runs", "a gap that was none", {
    coverage: (r) => void (r["gaps"] = [{ kind: "limit", point: null, from: null, to: null, count: 9, why: "9 tunnels were forgotten" }]),
  }),
  told("clean", "replay-runs", "five covered interceptions", { coverage: more("coveredInterceptions", 5) }),
  told("clean", "replay-runs", "streams that wait for an authority", { coverage: more("awaitingAuthority", 3) }),
  told("clean", "replay-runs", "nothing that was not seen", {
    coverage: (r) => {
      r["notSeen"] = [];
      if (r["notSeenCodes"] !== undefined) r["notSeenCodes"] = [];
    },
  }),
  told("clean", "replay-runs", "something undecided that was never asked", {
    coverage: (r) => void (r["undecided"] = [{ claim: "covert-copy", why: "the clocks differ", count: 1 }]),
  }),
  told("clean", "replay-runs", "a blind spot that is not one of the program's", {
    coverage: (r) => void list(r, "blindSpots").pop(),
  }),
  told("copy", "replay-runs", "a point called complete that is not, or the other way about", {
    "tap-map": (r) => {
      for (const point of list(r, "points") as JsonRecord[]) point["complete"] = point["complete"] !== true;
    },
  }),
  opened("copy", "identity", "an invented IMSI, opened", "001010123456789"),
  opened("copy", "subscriber", "an invented subscriber, opened", "imsi:001010123456789"),
  opened("copy", "frame", "an invented frame, opened", "a frame that no capture holds"),
  { lie: "all pairs invented, and a challenge answered", check: "replay-openings", make: inventedPairs },
  told("copy", "replay-match", "a pair of frames that match nothing", {
    match: (r) => {
      const pairs = list(r, "pairs") as JsonRecord[];
      const [one, two] = [pairs[0] as JsonRecord, pairs[1] as JsonRecord];
      [one["original"], two["original"]] = [two["original"] as Json, one["original"] as Json];
    },
  }),
  told("copy", "replay-match", "a pair told as left out that was not", {
    match: (r) => {
      list(r, "pairs").pop();
      more("pairsLeftOut", 1)(r);
    },
  }),
  told("product", "replay", "a register of more warrants than it had", {
    register: (r) => {
      more("warrants", 1)(r);
      more("both", 1)(at(r, "scopes"));
    },
  }),
  told("copy", "replay-match", "more of a pair compared than was", {
    match: (r) => void ((list(r, "pairs")[0] as JsonRecord)["octets"] = 1999),
  }),
  tableLie("arithmetic of fewer trials than were made", (t) => {
    const trials = t["trials"] as JsonRecord;
    trials["transforms"] = Math.max(1, number(trials, "transforms") - 1);
    trials["carriers"] = number(trials, "carriers") + 1;
  }),
  told("copy", "replay-findings", "the vendor confessed", {
    finding: (r) => void ((list(r, "ruledOut")[0] as JsonRecord)["because"] = "the vendor confessed"),
  }),
  told("copy", "replay-findings", "a frame in the evidence that has nothing to do with it", {
    finding: (r) => {
      const one = list(r, "evidence")[0] as JsonRecord;
      const frames = list(one, "frames") as number[];
      const free = Array.from({ length: frames.length + 1 }, (_, i) => i + 1).find((n) => !frames.includes(n)) as number;
      one["frames"] = [...frames, free].sort((a, b) => a - b);
      one["framesTotal"] = number(one, "framesTotal") + 1;
    },
    carved: more("framesTotal", 1),
  }),
  told("copy", "replay-findings", "a thousand identities", {
    finding: (r) =>
      void (r["identities"] = {
        count: 1000,
        commitments: Array.from({ length: 1000 }, (_, i) => commitment("identity", `${i}`).commitment),
      }),
  }),
  told("copy", "replay-findings", "a subscriber more", {
    finding: (r) => {
      const who = at(r, "subscribers");
      const pseudonyms = list(who, "pseudonyms") as string[];
      who["count"] = number(who, "count") + 1;
      who["pseudonyms"] = [...pseudonyms, "s:AbCdEfGhIjKlMn_-"].sort((a, b) => (a < b ? -1 : 1));
      who["commitments"] = [...list(who, "commitments"), commitment("subscriber", "x").commitment];
    },
  }),
  told("copy", "replay-findings", "fewer octets copied", { finding: more("bytes", -1) }),
  told("copy", "replay-findings", "a delay that nobody measured", {
    finding: (r) => void (at(r, "transport")["delayMicros"] = 123),
  }),
  told("copy", "replay-findings", "a premise called established that is not so", {
    finding: (r) => void ((list(r, "premises")[0] as JsonRecord)["statement"] = "the operator saw it himself"),
  }),
  told("copy", "replay-findings", "a milder grade", { finding: (r) => void (r["grade"] = "corroborated") }),
  told("access", "replay-findings", "a receiver that was declared", { finding: (r) => void (at(r, "receiver")["declared"] = true) }),
  told("rule", "replay-findings", "facts that no message states", { finding: (r) => void (at(r, "details")["confessed"] = true) }),
  told("copy", "replay-carved", "an original called evidence's copy", {
    carved: (r) => {
      const frames = list(r, "frames") as JsonRecord[];
      for (const frame of frames) if (frame["role"] !== "evidence") frame["role"] = frame["role"] === "copy" ? "original" : "copy";
    },
  }),
  told("copy", "replay-carved", "a reason why packets are missing that are not", {
    carved: (r) => void (r["why"] = "a capture could not be read again"),
  }),
  told("clean", "replay", "a sample that no scan takes", { settings: (r) => void (at(r, "options")["sample"] = 1e12) }),
  told("clean", "replay", "memory that no scan has", { settings: (r) => void (at(r, "options")["copyBytes"] = Number.MAX_SAFE_INTEGER) }),
  told("clean", "replay-settings", "another version of the program", { settings: (r) => void (at(r, "tool")["version"] = "9.9.9") }),
  told("clean", "replay-settings", "a detector that was off", { settings: (r) => void list(r, "detectors").splice(0, 1) }),
  {
    lie: "a declaration that no file could hold",
    check: "replay",
    make: (cases) =>
      changed(cases.clean, "declaration", (r) => {
        const declaration = r["declaration"] as JsonRecord;
        (list(declaration, "functions")[0] as JsonRecord)["addresses"] = ["10.0.0.0/8", { toString: null }];
        r["sha256"] = hash("sha256", sorted(declaration), "hex");
      }),
  },
];

function sorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.keys(value)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${sorted(value[name] as Json)}`)
    .join(",")}}`;
}
