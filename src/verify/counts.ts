/** L2: counts are those of their lists, and no finding has more than its run. */
import type { Bundle, LoggedRecord } from "./bundle.ts";
import type { JsonObject } from "./canonical.ts";
import { asNumber, asObject, asObjects, asText, asTexts } from "./records.ts";
import { Failure } from "./result.ts";

/** Octets of an IP packet at most: an IPv6 header and a payload of sixteen bits' length. */
const MOST_PACKET = 65_575;
/** Frames that one capture's list has. */
const MOST_FRAMES = 1000;
/** Pairs that a finding lays side by side. */
const MOST_PAIRS = 64;
/** Octets compared of each pair. */
const MOST_PAIR_OCTETS = 2048;

/** Number of members that were counted. */
export function countsOf(b: Bundle, run: LoggedRecord, f: LoggedRecord): number {
  const r = f.record;
  const no = (why: string, by: LoggedRecord = f): Failure => new Failure(why, by.part);
  const subscribers = asObject(r["subscribers"]);
  const pseudonyms = asTexts(subscribers["pseudonyms"]);
  const counted = asNumber(subscribers["count"]);
  if (counted !== pseudonyms.length || counted !== asTexts(subscribers["commitments"]).length)
    throw no("counts other subscribers than it lists");
  if (pseudonyms.some((p, i) => i > 0 && p <= (pseudonyms[i - 1] as string))) throw no("lists subscribers twice, or not in their order");
  const identities = asObject(r["identities"]);
  if (identities["count"] !== asTexts(identities["commitments"]).length) throw no("counts other identities than it lists");
  if (Number(identities["count"]) > 0 && counted === 0) throw no("has identities of no subscriber");

  const packets = asNumber(r["packets"]);
  // A segment of a stream may hold several packets of product; elsewhere a frame is one.
  const streamed = asTexts(asObject(r["transport"])["layers"]).some((layer) => layer === "tcp" || layer === "sctp");
  if (packets > asNumber(run.record[streamed ? "bytes" : "packets"])) throw no("has more packets than its run");
  if (asNumber(r["bytes"]) > packets * MOST_PACKET) throw no("has more octets than its packets can hold");
  const port = asObject(r["receiver"])["port"];
  if (typeof port === "number" && port > 65_535) throw no("names a port that there is not");

  const lists = [r, ...asObjects(r["witnesses"])].map((source) => asObjects(source["evidence"]));
  for (const list of lists) {
    if (list.length === 0) throw no("rests on no frame");
    if (new Set(list.map((e) => e["capture"])).size !== list.length) throw no("lists a capture twice");
    if (list.some((e) => (e["frames"] as readonly unknown[]).length > MOST_FRAMES))
      throw no(`lists more than ${MOST_FRAMES} frames of a capture`);
  }
  const own = lists[0] as readonly JsonObject[];
  const carved = b.named(r["carved"], "carved", f);
  const frames = asObjects(carved.record["frames"]);
  if (carved.record["framesTotal"] !== own.reduce((n, e) => n + asNumber(e["framesTotal"]), 0))
    throw no("counts other frames than its finding", carved);
  const roles = new Map(frames.map((place) => [spelled(place), place["role"]]));
  if (roles.size !== frames.length) throw no("has a frame twice", carved);
  const evidence = new Map(own.map((e) => [e["capture"], new Set(e["frames"] as readonly number[])]));
  if (frames.some((p) => p["role"] === "evidence" && !(evidence.get(p["capture"] as string)?.has(Number(p["frame"])) ?? false)))
    throw no("has a frame as evidence that its finding does not list", carved);

  const match = b.named(r["match"], "match", f);
  const pairs = asObjects(match.record["pairs"]);
  const copy = [r, ...asObjects(r["witnesses"])].some((c) => c["claim"] === "covert-copy");
  if (pairs.length + asNumber(match.record["pairsLeftOut"]) > (copy ? MOST_PAIRS : 0))
    throw no("has more pairs than a finding of its kind can have", match);
  if (new Set(pairs.map((p) => `${spelled(asObject(p["copy"]))} ${spelled(asObject(p["original"]))}`)).size !== pairs.length)
    throw no("has a pair twice", match);
  const sides = pairs.flatMap((p) => [asObject(p["copy"]), asObject(p["original"])]);
  if (sides.some((place) => !["copy", "original"].includes(asText(roles.get(spelled(place))))))
    throw no("has a pair whose frames were not carved", match);
  if (pairs.some((p) => asNumber(p["octets"]) > MOST_PAIR_OCTETS)) throw no("has a pair of more octets than are compared", match);
  return 5 + lists.length;
}

function spelled(place: JsonObject): string {
  return `${asText(place["capture"])} ${asNumber(place["frame"])}`;
}

/** What a run says of its captures, points and register is what those records say. */
export function coverageOf(b: Bundle, run: LoggedRecord): void {
  const no = (why: string): Failure => new Failure(why, run.part);
  const captures = asTexts(run.record["captures"]).map((hash) => b.named(hash, "capture", run).record);
  for (const name of ["packets", "bytes", "truncated", "malformed"]) {
    const sum = captures.reduce((n, c) => n + Number(c[name]), 0);
    if (sum !== run.record[name]) throw no(`states ${asNumber(run.record[name])} ${name}, its captures have ${sum}`);
  }
  if (new Set(captures.map((c) => c["sha256"])).size !== captures.length) throw no("counts a capture twice");
  const times = (name: string): string[] => captures.flatMap((c) => (c[name] === null ? [] : [asText(c[name])])).sort();
  if (run.record["from"] !== (times("first")[0] ?? null)) throw no("does not begin with its first frame");
  if (run.record["to"] !== (times("last").at(-1) ?? null)) throw no("does not end with its last frame");
  for (const c of captures) {
    if ((c["first"] === null) !== (c["last"] === null) || asText(c["first"]) > asText(c["last"]))
      throw no("has a capture that ends before it begins");
    if ((c["first"] === null) !== (c["packets"] === 0)) throw no("has a capture whose times and packets contradict each other");
  }
  const named = new Map(captures.map((c) => [c["sha256"], new Set(asTexts(c["points"]))]));
  const points = asObjects(b.named(run.record["tapMap"], "tap-map", run).record["points"]);
  const seen = new Map([...named.keys()].map((sha256): [unknown, Set<string>] => [sha256, new Set()]));
  for (const point of points) {
    const name = asText(point["name"]);
    if (!(named.get(point["capture"] as string)?.has(name) ?? false)) throw no("has a tap map with a point that none of its captures has");
    seen.get(point["capture"])?.add(name);
  }
  for (const c of captures) {
    const missing = c["packets"] !== 0 && asTexts(c["points"]).some((name) => !(seen.get(c["sha256"])?.has(name) ?? false));
    if (missing) throw no("has a point that its tap map leaves out");
  }
  const gaps = asObjects(run.record["gaps"]);
  const counted = (kind: string): number => gaps.reduce((n, gap) => n + (gap["kind"] === kind ? asNumber(gap["count"]) : 0), 0);
  for (const name of ["drops", "undecoded"]) if (run.record[name] !== counted(name)) throw no(`counts other ${name} than its gaps`);
  const encrypted = asObjects(run.record["encrypted"]);
  if (encrypted.reduce((n, e) => n + asNumber(e["count"]), 0) !== counted("encrypted"))
    throw no("counts other encrypted content than its gaps");
  // What a capture lost as a whole is told at its own name.
  const known = new Set([...points.map((p) => p["name"]), ...captures.map((c) => c["file"])]);
  for (const gap of gaps) {
    if (gap["point"] !== null && !known.has(gap["point"] as string)) throw no("has a gap at a point that it has not");
    if (gap["from"] !== null && gap["to"] !== null && asText(gap["from"]) > asText(gap["to"]))
      throw no("has a gap that ends before it begins");
  }
  const register = b.named(run.record["register"], "register", run).record;
  const scopes = asObject(register["scopes"]);
  const all = ["iri", "cc", "both"].reduce((n, scope) => n + asNumber(scopes[scope]), 0);
  if (all !== register["warrants"]) throw no("has a register whose scopes are not its warrants");
  if ((register["given"] === true) !== (register["keyedHash"] !== null) || (register["given"] === false && all > 0))
    throw no("has a register that contradicts itself");
}
