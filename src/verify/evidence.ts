/** L2: what a finding points at is there to be looked at: frames of captures of its own run, copies beside other frames, vendors that the declaration has. */
import type { Bundle, LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { asObject, asObjects, asText, asTexts } from "./records.ts";
import { Failure } from "./result.ts";

interface Run {
  /** By SHA-256 of the capture. */
  readonly packets: ReadonlyMap<string, number>;
  /** Name and vendor of each declared function and host. */
  readonly vendors: ReadonlySet<string>;
}

const runs = new WeakMap<LoggedRecord, Run>();

/** Made once a run: a bundle may have many findings, and a run many captures and functions. */
function runOf(b: Bundle, run: LoggedRecord): Run {
  const known = runs.get(run);
  if (known !== undefined) return known;
  const packets = new Map<string, number>();
  for (const hash of asTexts(run.record["captures"])) {
    const { sha256, packets: count } = b.named(hash, "capture", run).record;
    packets.set(asText(sha256), Number(count));
  }
  const declared = asObject(b.named(run.record["declaration"], "declaration", run).record["declaration"]);
  const entries = [declared["functions"], declared["hosts"]].flatMap((list) => asObjects(list));
  const named = entries.filter((e) => typeof e["name"] === "string" && typeof e["vendor"] === "string");
  const made = { packets, vendors: new Set(named.map((e) => `${asText(e["name"])}\n${asText(e["vendor"])}`)) };
  runs.set(run, made);
  return made;
}

/** Number of frames that the finding lists. */
export function evidenceOf(b: Bundle, run: LoggedRecord, f: LoggedRecord): number {
  const { packets } = runOf(b, run);
  const holds = ({ capture, frame }: JsonObject): boolean => {
    const most = packets.get(asText(capture));
    return most !== undefined && Number(frame) >= 1 && Number(frame) <= most;
  };
  let listed = 0;
  for (const list of [f.record, ...asObjects(f.record["witnesses"])].flatMap((r) => asObjects(r["evidence"]))) {
    const { capture } = list;
    const frames = list["frames"] as readonly number[];
    const total = Number(list["framesTotal"]);
    if (!frames.every((frame, i) => holds({ capture: capture ?? null, frame }) && (i === 0 || frame > (frames[i - 1] as number))))
      throw new Failure("lists frames that no capture of its run has, or not in their order", f.part);
    if (frames.length === 0 || total < frames.length || total > (packets.get(asText(capture)) ?? 0))
      throw new Failure("states a number of frames that its captures do not bear", f.part);
    listed += frames.length;
  }
  const { from, to } = run.record;
  const { first, last } = f.record;
  if (!within(asText(first), asText(last), asText(from), asText(to))) throw new Failure("lies outside the time that was watched", f.part);
  const match = b.named(f.record["match"], "match", f);
  for (const { copy, original } of asObjects(match.record["pairs"])) {
    const [one, two] = [asObject(copy), asObject(original)];
    if (!holds(one) || !holds(two)) throw new Failure("pairs frames that no capture of its run has", match.part);
    // One frame is as like itself as can be.
    if (one["capture"] === two["capture"] && one["frame"] === two["frame"]) throw new Failure("pairs a frame with itself", match.part);
  }
  const carved = b.named(f.record["carved"], "carved", f);
  if (!asObjects(carved.record["frames"]).every(holds)) throw new Failure("lists frames that no capture of its run has", carved.part);
  return listed;
}

/**
 * Times of one spelling are in the order of their texts. Findings count microseconds, captures nanoseconds: only whole seconds are held
 * against each other, and the next one where the last frame was rounded up to it. A run without a frame holds no finding.
 */
function within(first: string, last: string, from: string, to: string): boolean {
  const second = (time: string): string => time.slice(0, 19);
  if (from === "" || to === "" || first > last || second(first) < second(from)) return false;
  const roundedUp = last.endsWith(".000000000Z") && Date.parse(`${second(last)}Z`) - Date.parse(`${second(to)}Z`) === 1000;
  return second(last) <= second(to) || roundedUp;
}

/** A vendor is accused only where the run's declaration says that the element is its. */
export function attributionOf(b: Bundle, run: LoggedRecord, f: LoggedRecord): void {
  const { name, vendor } = asObject(f.record["element"]);
  if (vendor === null) return;
  if (!runOf(b, run).vendors.has(`${asText(name)}\n${asText(vendor)}`) || name === null)
    throw new Failure("names a vendor that the declaration does not give its element", f.part);
}
