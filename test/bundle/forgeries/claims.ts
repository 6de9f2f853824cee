/** What a finding cannot have: counts unlike their lists, more than its run, explanations and witnesses that are none of its claim's, another's arithmetic. */
import type { Json, JsonRecord } from "../forge.ts";
import { at, lie, type Forgery } from "./forgery.ts";

const list = (record: JsonRecord, ...path: readonly (string | number)[]): Json[] => at(record, ...path) as unknown as Json[];
/** All that a record can say for itself. */
function proven(r: JsonRecord): void {
  Object.assign(r, { grade: "proven", witnesses: [] });
  for (const one of list(r, "ruledOut") as JsonRecord[]) one["status"] = "excluded";
}

const LATE = "2099-01-01T00:00:00.000000000Z";

export const claims: readonly Forgery[] = [
  lie("copy", "coverage", "coverage", "coverage of ten years: it begins before its first frame", (r) => {
    r["from"] = "2016-01-01T00:00:00.000000000Z";
  }),
  lie("copy", "coverage", "coverage", "coverage that goes on after its last frame", (r) => {
    r["to"] = LATE;
  }),
  lie("copy", "coverage", "coverage", "coverage without a time, so that no time is checked", (r) => {
    r["from"] = null;
  }),
  lie("copy", "coverage", "records", "coverage whose time is no time, so that no time is checked", (r) => {
    r["from"] = "";
  }),
  lie("copy", "coverage", "coverage", "a million extra packets", (r) => {
    r["packets"] = Number(r["packets"]) + 1_000_000;
  }),
  lie("copy", "coverage", "coverage", "drops that no gap tells of", (r) => {
    r["drops"] = 7;
  }),
  lie("copy", "coverage", "coverage", "encrypted content that no gap tells of", (r) => {
    r["encrypted"] = [{ what: "IPsec", count: 4 }];
  }),
  lie("copy", "coverage", "coverage", "a gap at a point that there is not", (r) => {
    r["gaps"] = [{ kind: "hole", point: "elsewhere", from: null, to: null, count: 1, why: "x" }];
  }),
  lie("copy", "coverage", "references", "a finding that is listed twice", (r) => {
    list(r, "findings").push(structuredClone(list(r, "findings")[0] as Json));
  }),
  lie("copy", "capture", "coverage", "a capture that ends before it begins", (r) => {
    [r["first"], r["last"]] = [r["last"] as Json, r["first"] as Json];
  }),
  lie("copy", "tap-map", "coverage", "a tap map of a capture that the run has not", (r) => {
    at(r, "points", 0)["capture"] = "ab".repeat(32);
  }),
  lie("copy", "tap-map", "coverage", "a tap map with a point of another name", (r) => {
    at(r, "points", 0)["name"] = "S1-U of the other town";
  }),
  lie("copy", "tap-map", "coverage", "a tap map that leaves a point out", (r) => {
    list(r, "points").pop();
  }),
  lie("product", "register", "coverage", "a register of more warrants than its scopes", (r) => {
    r["warrants"] = Number(r["warrants"]) + 3;
  }),
  lie("clean", "register", "coverage", "a register that was not there and has a hash", (r) => {
    Object.assign(r, { given: !r["given"] });
  }),
  lie("copy", "finding", "evidence", "a finding of 1999", (r) => {
    r["first"] = "1999-12-31T23:59:59.000000000Z";
  }),
  lie("copy", "finding", "evidence", "a finding that ends before it begins", (r) => {
    [r["first"], r["last"]] = [r["last"] as Json, r["first"] as Json];
  }),
  lie("copy", "finding", "counts", "a proof that rests on no frame", (r) => {
    r["evidence"] = [];
  }),
  lie("copy", "finding", "evidence", "a list of no frames", (r) => {
    at(r, "evidence", 0)["frames"] = [];
  }),
  lie("copy", "finding", "evidence", "frames that the capture does not have", (r) => {
    at(r, "evidence", 0)["frames"] = [1, 2, 9_999_999];
  }),
  lie("copy", "finding", "evidence", "frames in no order", (r) => {
    list(r, "evidence", 0, "frames").reverse();
  }),
  lie("copy", "finding", "counts", "a capture whose frames are listed twice", (r) => {
    list(r, "evidence").push(structuredClone(list(r, "evidence")[0] as Json));
  }),
  lie("copy", "finding", "counts", "123,456 subscribers", (r) => {
    at(r, "subscribers")["count"] = 123_456;
  }),
  lie("copy", "finding", "counts", "123,456 identities", (r) => {
    at(r, "identities")["count"] = 123_456;
  }),
  lie("copy", "finding", "counts", "a subscriber counted twice", (r) => {
    const s = at(r, "subscribers");
    for (const name of ["pseudonyms", "commitments"]) list(s, name).push(list(s, name)[0] as Json);
    s["count"] = list(s, "pseudonyms").length;
  }),
  lie("copy", "finding", "counts", "more packets than the run has", (r) => {
    r["packets"] = 50_000_000;
  }),
  lie("copy", "finding", "counts", "more octets than its packets can hold", (r) => {
    r["bytes"] = 2 ** 50;
  }),
  lie("copy", "finding", "counts", "a port that there is not", (r) => {
    at(r, "receiver")["port"] = 65_536;
  }),
  lie("copy", "carved", "counts", "more frames in all than the finding lists", (r) => {
    r["framesTotal"] = Number(r["framesTotal"]) + 1000;
  }),
  lie("copy", "carved", "counts", "a frame carved twice", (r) => {
    const frames = list(r, "frames");
    frames[1] = { ...(frames[0] as JsonRecord) };
  }),
  lie("product", "carved", "counts", "a frame carved as evidence that no finding lists", (r) => {
    const frames = list(r, "frames") as JsonRecord[];
    const free = Array.from({ length: 500 }, (_, i) => i + 1).find((n) => !frames.some((f) => f["frame"] === n)) as number;
    (frames[0] as JsonRecord)["frame"] = free;
  }),
  lie("copy", "match", "counts", "a pair told twice", (r) => {
    const pairs = list(r, "pairs");
    pairs[1] = structuredClone(pairs[0] as Json);
  }),
  lie("copy", "match", "counts", "pairs of frames that were not carved", (r) => {
    at(r, "pairs", 0, "copy")["frame"] = 1;
  }),
  lie("copy", "match", "counts", "a thousand pairs left out", (r) => {
    r["pairsLeftOut"] = 1000;
  }),
  lie("copy", "match", "pairs", "a pair of four octets", (r) => {
    at(r, "pairs", 0)["octets"] = 4;
  }),
  lie("copy", "match", "pairs", "a pair whose sides differ", (r) => {
    at(r, "pairs", 0)["copyCommitment"] = `${"A".repeat(43)}=`;
  }),
  lie("access", "match", "counts", "pairs left out of a finding that is no copy", (r) => {
    r["pairsLeftOut"] = 3;
  }),
  lie("copy", "match", "records", "the arithmetic says that the vendor confessed", (r) => {
    at(r, "arithmetic", 0)["because"] = "the vendor confessed";
  }),
  lie("copy", "match", "arithmetic", "9,999 bits beside a table of fewer", (r) => {
    at(r, "arithmetic", 1)["microbits"] = 9_999_000_000;
  }),
  lie("copy", "match", "arithmetic", "a step that is not in the table", (r) => {
    list(r, "arithmetic").splice(1, 0, { code: "confession", microbits: 64_000_000 });
  }),
  lie("copy", "match", "arithmetic", "a deduction that is left out", (r) => {
    list(r, "arithmetic").splice(0, 1);
  }),
  lie("access", "match", "arithmetic", "an arithmetic of a finding that was read directly", (r) => {
    r["arithmetic"] = [{ code: "score", microbits: 128_000_000 }];
  }),
  lie("copy", "match", "bits", "more matches than prints", (r) => {
    const flow = at(r, "table", "subscriber", "flows", 0);
    flow["offered"] = Number(flow["matches"]) - 1;
  }),
  lie("copy", "match", "bits", "fewer trials than the subscriber's own flows", (r) => {
    at(r, "table", "trials")["flows"] = 1;
  }),
  lie("copy", "match", "bits", "a carrier that offered fewer prints than matched", (r) => {
    at(r, "table")["offered"] = 1;
  }),
  lie("copy", "match", "bits", "prints wider than any", (r) => {
    at(r, "table")["printBits"] = 128;
  }),
  lie("copy", "finding", "bits", "a score that the table does not give", (r) => {
    Object.assign(r, { bits: 4000, chance: "2^-128" });
  }),
  lie("copy", "finding", "bits", "a chance that does not go with its bits", (r) => {
    r["chance"] = "2^-3";
  }),
  lie("copy", "finding", "claims", "an explanation that nobody tests: the vendor confessed", (r) => {
    list(r, "ruledOut").push({ explanation: "the vendor confessed", status: "excluded", because: "in writing" });
  }),
  lie("copy", "finding", "claims", "an explanation that is left out because it would not be excluded", (r) => {
    list(r, "ruledOut").shift();
  }),
  lie("copy", "finding", "claims", "an explanation told twice", (r) => {
    list(r, "ruledOut").push(structuredClone(list(r, "ruledOut")[0] as Json));
  }),
  lie("copy", "finding", "claims", "an explanation of another claim", (r) => {
    list(r, "ruledOut").push({ explanation: "an emergency call", status: "excluded", because: "none was seen" });
  }),
  lie("copy", "finding", "claims", "a copy of nothing", (r) => {
    r["data"] = [];
  }),
  lie("copy", "finding", "claims", "a witness that such a claim cannot have", (r) => {
    (list(r, "witnesses")[0] as JsonRecord)["claim"] = "unwarranted-interception";
  }),
  lie("copy", "finding", "claims", "a finding that is its own witness", (r) => {
    (list(r, "witnesses")[0] as JsonRecord)["claim"] = "covert-copy";
  }),
  lie("copy", "finding", "grades", "a proof with two explanations untestable", (r) => {
    for (const i of [0, 1]) at(r, "ruledOut", i)["status"] = "untestable";
  }),
  lie("copy", "finding", "grades", "a proof with an innocent explanation supported", (r) => {
    at(r, "ruledOut", 3)["status"] = "supported";
    r["witnesses"] = [];
  }),
  lie("rule", "finding", "grades", "an order that nobody accepted, proven", (r) => {
    if (r["claim"] !== "undeclared-duplication") return false;
    Object.assign(r, { act: "sent", grade: "proven", witnesses: [] });
    at(r, "ruledOut", 2)["status"] = "untestable";
    return true;
  }),
  lie("query", "finding", "grades", "a question that nobody declared, proven", (r) => {
    proven(r);
  }),
  lie("channel", "finding", "grades", "content beyond chance, proven", (r) => {
    proven(r);
  }),
  lie("access", "finding", "grades", "a session of which nothing shows that it was completed, proven", (r) => {
    proven(r);
    r["act"] = "sent";
  }),
  lie("copy", "finding", "finding-ids", "a pseudonym in place of the element, so that the id is not checked", (r) => {
    Object.assign(at(r, "element"), { name: null, address: "s:AbCdEfGhIjKlMn_-", vendor: null });
  }),
  lie("copy", "finding", "finding-ids", "another element than the id was made of", (r) => {
    Object.assign(at(r, "element"), { name: "mme-9", vendor: null });
  }),
  lie("copy", "finding", "finding-ids", "another receiver than the id was made of", (r) => {
    at(r, "receiver")["address"] = "192.0.2.222";
  }),
  lie("copy", "finding", "evidence", "an element without a name is given a vendor", (r) => {
    Object.assign(at(r, "element"), { name: null, vendor: null });
    at(r, "element")["vendor"] = "innocent";
  }),
  lie("copy", "finding", "standing", "attested without a seal", (r) => {
    r["standing"] = "attested";
  }),
  lie("copy", "declaration", "declaration", "a declaration that is not what its hash says", (r) => {
    at(r, "declaration", "network")["country"] = "XX";
  }),
];
