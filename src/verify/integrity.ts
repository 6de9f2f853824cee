/** L1, integrity: the file is what was signed, by whom, and every record stands in the log. */
import { NotChecked, type Bundle, type CheckList, type LoggedRecord } from "./bundle.ts";
import { parseCanonical, type Json, type JsonObject } from "./canonical.ts";
import { checkHashes, parseContainer, type Container } from "./container.ts";
import { included, leafHash, parseProof, rootOf } from "./merkle.ts";
import { cosignedAt, parseCheckpoint, parseKey, signedBy, type Checkpoint, type Key } from "./note.ts";
import { hex, sameOctets, text, utf8 } from "./octets.ts";
import { parsePolicy, quorumTime, type Policy } from "./policy.ts";
import { asObject, asObjects, asText, asTexts, checkShape } from "./records.ts";
import { Failure, type VerifyOptions } from "./result.ts";

/** Octets of a bundle beyond which nothing is read. */
const MOST_OCTETS = 4 * 1024 ** 3;
/** Policies of one log: the first that asks for witnesses stays. */
const MOST_POLICIES = 16;
/** Records of one bundle: each has a path of up to 63 hashes to be made. */
const MOST_RECORDS = 100_000;
/** Leaves up to which a bundle brings all of them. */
const MOST_LEAVES = 65_536;

export async function integrityChecks(b: Bundle, list: CheckList, options: VerifyOptions): Promise<void> {
  const { primitives } = b;
  const { sha256 } = primitives;
  await list.check(
    "form",
    "L1",
    "The file is one bundle, and nothing but it",
    () => {
      if (b.octets.length > MOST_OCTETS) throw new Failure("is too large");
      b.container = parseContainer(b.octets);
      return `${b.container.parts.length} parts`;
    },
    true,
  );
  await list.check(
    "parts",
    "L1",
    "Every part is octet for octet what the signed list says",
    async () => {
      const container = b.container as Container;
      await checkHashes(container, primitives);
      return `${container.parts.reduce((n, p) => n + p.octets.length, 0)} octets`;
    },
    true,
  );
  await list.check(
    "signature",
    "L1",
    "The list of parts is signed by the key that the bundle names",
    async () => {
      const spelled = text(b.part("signer.vkey").octets, "signer.vkey");
      if (!spelled.endsWith("\n")) throw new Failure("does not end with a line feed", "signer.vkey");
      const key = await parseKey(spelled, primitives, "signer.vkey");
      if (key.algorithm !== 1) throw new Failure("is not a key that signs bundles", "signer.vkey");
      if (!(await signedBy((b.container as Container).note, key, primitives))) throw new Failure("its signature does not hold", "head");
      b.signer = key;
      return `by ${key.name}`;
    },
    true,
  );
  await list.check("origin", "L1", "The signer is the one expected", async () => {
    if (options.key === undefined) throw new NotChecked("no key was given: anybody could have signed this");
    const expected = await parseKey(options.key, primitives, "the key given");
    const key = b.signer as Key;
    if (!sameOctets(expected.publicKey, key.publicKey) || expected.name !== key.name || expected.algorithm !== key.algorithm) {
      throw new Failure(`signed by ${key.spelled}, expected ${expected.spelled}`, "signer.vkey");
    }
    return expected.spelled;
  });
  await list.check(
    "names",
    "L1",
    "Every part is known, in its place, and none is missing",
    () => expectedNames(b.container as Container),
    true,
  );
  await list.check(
    "checkpoint",
    "L1",
    "The log's checkpoint is signed by the same key",
    async () => {
      const checkpoint = parseCheckpoint(b.part("log/checkpoint").octets, "log/checkpoint");
      if (!(await signedBy(checkpoint.note, b.signer as Key, primitives)))
        throw new Failure("is not signed by the signer", "log/checkpoint");
      b.checkpoint = checkpoint;
      return `${checkpoint.origin}, ${checkpoint.size} leaves`;
    },
    true,
  );
  await list.check("tree", "L1", "The list of all leaves gives the checkpoint's root", async () => {
    const part = (b.container as Container).byName("log/leaves");
    const { size, root } = b.checkpoint as Checkpoint;
    if (part === undefined && size <= MOST_LEAVES) throw new Failure("is missing", "log/leaves");
    if (part === undefined) throw new NotChecked("the log is too long for its leaves to be in the bundle");
    if (size > MOST_LEAVES) throw new Failure(`stands in the bundle of a log of more than ${MOST_LEAVES} leaves`, part.name);
    if (part.octets.length !== size * 32) throw new Failure(`holds ${part.octets.length / 32} leaves, the checkpoint ${size}`, part.name);
    const leaves = Array.from({ length: size }, (_, i) => part.octets.subarray(32 * i, 32 * i + 32));
    if (!sameOctets(await rootOf(leaves, primitives), root)) throw new Failure("does not give the root", part.name);
    b.leaves = leaves;
    return `${size} leaves`;
  });
  await list.check(
    "records",
    "L1",
    "Every record is canonical, of a known type, and well-formed",
    async () => {
      for (const part of (b.container as Container).parts) {
        const index = /^records\/([0-9]{8,15})\.json$/.exec(part.name)?.[1];
        if (index === undefined) continue;
        if (b.records.length === MOST_RECORDS) throw new Failure(`is beyond the ${MOST_RECORDS} records that are read`, part.name);
        const record = parseCanonical(part.octets, part.name) as JsonObject;
        const type = checkShape(record, part.name);
        b.add({ index: Number(index), type, sha256: hex(await sha256(part.octets)), part: part.name, record, octets: part.octets });
      }
      return `${b.records.length} records`;
    },
    true,
  );
  await list.check(
    "inclusion",
    "L1",
    "Every record stands in the log under this checkpoint",
    async () => {
      for (const r of b.records) await inLog(b, r);
      return `${b.records.length} proofs`;
    },
    true,
  );
  await list.check("policy", "L1", "The log begins with its origin, its key and its policy", () => {
    const first = b.records[0];
    if (first?.index !== 0 || first.type !== "origin") throw new Failure("is missing: the log's first leaf", "records/00000000.json");
    const { origin, key } = first.record;
    if (origin !== (b.checkpoint as Checkpoint).origin) throw new Failure("names another origin than the checkpoint", first.part);
    if (key !== (b.signer as Key).spelled) throw new Failure("names another key than the signer's", first.part);
    return asText(origin);
  });
  await list.check("references", "L1", "Records name one another rightly, and none stands alone", () => references(b), true);
  await list.check("completeness", "L1", "All findings of every run are here", () => completeness(b));
  await list.check("rollback", "L1", "The log still contains what was seen before", () => rollback(b, options));
  await list.check("witnesses", "L1", "Witnesses have cosigned the checkpoint", () => witnesses(b, options));
}

/** The order that docs/bundle-format.md prescribes; every record has its proof behind it. */
function expectedNames(container: Container): string {
  const names = container.parts.map((p) => p.name);
  let at = 0;
  const take = (name: string): boolean => names[at] === name && ++at > 0;
  for (const name of ["signer.vkey", "log/checkpoint"]) if (!take(name)) throw new Failure("is missing or not in its place", name);
  take("log/witnessed");
  take("log/leaves");
  let last = -1;
  for (let match = pattern(names[at]); match !== null; match = pattern(names[at])) {
    const index = Number(match);
    if (index <= last || match !== String(index).padStart(8, "0")) throw new Failure("is not in its place", names[at]);
    last = index;
    at++;
    const proof = `proofs/${match}.tlog-proof`;
    if (!take(proof)) throw new Failure("is missing or not in its place", proof);
  }
  for (const folder of ["carved", "carved-full"]) {
    let previous = "";
    while (new RegExp(`^${folder}/[0-9a-f]{64}\\.pcapng$`).test(names[at] ?? "")) {
      if ((names[at] as string) <= previous) throw new Failure("is not in its place", names[at]);
      previous = names[at] as string;
      at++;
    }
  }
  if (at < names.length) throw new Failure("is unknown, or not in its place", names[at]);
  return `${names.length} parts`;

  function pattern(name: string | undefined): string | null {
    return /^records\/([0-9]{8,15})\.json$/.exec(name ?? "")?.[1] ?? null;
  }
}

async function inLog(b: Bundle, r: LoggedRecord): Promise<void> {
  const name = `proofs/${String(r.index).padStart(8, "0")}.tlog-proof`;
  const proof = parseProof(b.part(name).octets, name);
  const checkpoint = b.checkpoint as Checkpoint;
  if (!sameOctets(proof.checkpoint, b.part("log/checkpoint").octets)) throw new Failure("is a proof under another checkpoint", name);
  if (proof.index !== r.index) throw new Failure("is a proof for another place in the log", name);
  const leaf = asObject(parseCanonical(proof.leaf, name));
  if (Object.keys(leaf).join() !== "nonce,record,type" || !/^[0-9a-f]{32}$/.test(asText(leaf["nonce"])))
    throw new Failure("its leaf is malformed", name);
  if (leaf["record"] !== r.sha256 || leaf["type"] !== r.type) throw new Failure("is the leaf of another record", name);
  const hash = await leafHash(proof.leaf, b.primitives);
  if (!(await included(hash, r.index, checkpoint.size, proof.hashes, checkpoint.root, b.primitives)))
    throw new Failure("does not lead to the root", name);
  const listed = b.leaves?.[r.index];
  if (b.leaves !== undefined && (listed === undefined || !sameOctets(listed, hash)))
    throw new Failure("is not the leaf that is listed", name);
}

function references(b: Bundle): string {
  const used = new Set<string>();
  const use = (sha256: Json | undefined, type: string, by: LoggedRecord): LoggedRecord => {
    const found = b.named(sha256, type, by);
    used.add(found.sha256);
    return found;
  };
  const runs = b.of("coverage");
  if (runs.length === 0) throw new Failure("is missing: no coverage record", "records");
  let previous: LoggedRecord | undefined;
  for (const run of runs) {
    used.add(run.sha256);
    if (run.record["sequence"] !== (previous === undefined ? 0 : Number(previous.record["sequence"]) + 1))
      throw new Failure("is not the next coverage record", run.part);
    if (run.record["previous"] !== (previous?.sha256 ?? null)) throw new Failure("does not name the coverage record before it", run.part);
    previous = run;
    for (const capture of asTexts(run.record["captures"])) use(capture, "capture", run);
    use(run.record["tapMap"], "tap-map", run);
    use(run.record["declaration"], "declaration", run);
    use(run.record["register"], "register", run);
    use(run.record["settings"], "settings", run);
    if (b.has(asText(run.record["printKeys"]))) use(run.record["printKeys"], "print-keys", run);
    const ids = new Set<string>();
    for (const { id, record } of asObjects(run.record["findings"])) {
      if (ids.has(asText(id))) throw new Failure(`lists finding ${asText(id)} twice`, run.part);
      ids.add(asText(id));
      if (!b.has(asText(record))) continue;
      const finding = use(record, "finding", run);
      if (finding.record["id"] !== id) throw new Failure("is listed under another id", finding.part);
      for (const [name, type] of [
        ["match", "match"],
        ["carved", "carved"],
      ] as const) {
        const detail = use(finding.record[name], type, finding);
        if (detail.record["finding"] !== id) throw new Failure("belongs to another finding", detail.part);
      }
    }
  }
  const loose = new Set(["capture", "tap-map", "declaration", "register", "settings", "print-keys", "finding", "match", "carved"]);
  const seen = new Set<string>();
  for (const r of b.records) {
    if (!loose.has(r.type)) continue;
    if (!used.has(r.sha256)) throw new Failure("is named by no other record", r.part);
    if (seen.has(r.sha256)) throw new Failure("is a record that the bundle holds already", r.part);
    seen.add(r.sha256);
  }
  const known = new Set(b.of("finding").map((f) => f.record["id"]));
  for (const r of [...b.of("opening"), ...b.of("challenge"), ...b.of("carved-full")]) {
    if (!known.has(r.record["finding"] as string)) throw new Failure("belongs to no finding of the bundle", r.part);
  }
  return `${runs.length} run${runs.length === 1 ? "" : "s"}, ${known.size} finding${known.size === 1 ? "" : "s"}`;
}

function completeness(b: Bundle): string {
  let listed = 0;
  let here = 0;
  for (const run of b.of("coverage")) {
    for (const { record } of asObjects(run.record["findings"])) {
      listed++;
      if (b.has(asText(record))) here++;
    }
  }
  if (here < listed) throw new NotChecked(`a selection: ${here} of ${listed} findings are in this bundle`);
  return listed === 0 ? "no finding, with its coverage" : `${listed} of ${listed}`;
}

async function rollback(b: Bundle, options: VerifyOptions): Promise<string> {
  if (options.checkpoint === undefined) throw new NotChecked("could not check rollback: no earlier checkpoint was given");
  const earlier = parseCheckpoint(utf8(options.checkpoint), "the checkpoint given");
  const now = b.checkpoint as Checkpoint;
  if (earlier.origin !== now.origin) throw new Failure(`is of another log (${earlier.origin})`, "the checkpoint given");
  if (!(await signedBy(earlier.note, b.signer as Key, b.primitives)))
    throw new Failure("is not signed by the signer", "the checkpoint given");
  if (earlier.size > now.size)
    throw new Failure(`rolled back: it has ${now.size} leaves, ${earlier.size} were seen before`, "log/checkpoint");
  if (earlier.size === now.size) {
    if (!sameOctets(earlier.root, now.root)) throw new Failure("forked: another root at the same size was seen before", "log/checkpoint");
    return "the same checkpoint";
  }
  if (b.leaves !== undefined) {
    const then = await rootOf(b.leaves.slice(0, earlier.size), b.primitives);
    if (!sameOctets(then, earlier.root)) throw new Failure("forked: its first leaves are not those that were seen before", "log/leaves");
    return `continues the log from ${earlier.size} leaves`;
  }
  throw new NotChecked(
    "could not check rollback: the log is too long for its leaves to be in the bundle; ask for a consistency proof",
    true,
  );
}

/** *Sealed (witnessed)*: the head that the quorum of the log's policy, or a witness the caller names, has cosigned. Otherwise it is pending. */
async function witnesses(b: Bundle, options: VerifyOptions): Promise<string> {
  const part = (b.container as Container).byName("log/witnessed");
  const given: Key[] = [];
  for (const spelled of options.witnesses ?? []) given.push(await parseKey(spelled, b.primitives, "the witness's key"));
  if (part === undefined) {
    if (given.length > 0) throw new Failure("is missing: no witness has cosigned a head of this log", "log/witnessed");
    throw new NotChecked("pending: no quorum of witnesses has cosigned");
  }
  const head = parseCheckpoint(part.octets, part.name);
  const now = b.checkpoint as Checkpoint;
  if (head.origin !== now.origin || head.size > now.size) throw new Failure("is a head of another log", part.name);
  if (!(await signedBy(head.note, b.signer as Key, b.primitives))) throw new Failure("is not signed by the signer", part.name);
  if (b.leaves === undefined) throw new NotChecked("the log is too long for its leaves to be in the bundle", given.length > 0);
  if (!sameOctets(await rootOf(b.leaves.slice(0, head.size), b.primitives), head.root))
    throw new Failure("is a head of another log", part.name);
  const policy = await policyOf(b);
  const newest = newestFrame(b, head.size);
  const signer = hex((b.signer as Key).publicKey);
  const seen = async (key: Key): Promise<number | undefined> => {
    if (hex(key.publicKey) === signer) throw new Failure("is cosigned by the signer's own key, which is not a witness", part.name);
    const time = await cosignedAt(head.note, key, b.primitives);
    if (time !== undefined && time + CLOCKS < newest)
      throw new Failure("is cosigned before the newest frame that it is to witness", part.name);
    return time;
  };
  const times = new Map<string, number>();
  for (const [name, key] of policy.witnesses) {
    const time = await seen(key);
    if (time !== undefined) times.set(name, time);
  }
  const complete = quorumTime(policy, times);
  const told = new Map(given.map((key) => [hex(key.publicKey), key]));
  for (const key of told.values()) {
    if ((await seen(key)) === undefined) throw new Failure(`is not cosigned by ${key.spelled}`, part.name);
  }
  if (complete === undefined && given.length === 0) throw new Failure("lacks the quorum of the log's policy", part.name);
  const when = complete === undefined ? "" : `, complete at ${new Date(complete * 1000).toISOString().slice(0, 19)}Z`;
  const others = [...times.keys()].map((name) => policy.witnesses.get(name) as Key).filter((key) => !told.has(hex(key.publicKey)));
  const spelled = (keys: Iterable<Key>): string => [...keys].map((key) => key.spelled).join(", ");
  return [
    `the first ${head.size} of ${now.size} leaves${when}`,
    ...(told.size > 0 ? [`witnessed by: ${spelled(told.values())}`] : []),
    ...(others.length > 0
      ? [`by keys that only the log's own policy names, so that nobody says they are independent: ${spelled(others)}`]
      : []),
  ].join("; ");
}

/** Seconds by which the clocks of a capture and of a witness may differ. */
const CLOCKS = 60;

/** Seconds since the epoch of the newest frame of the runs that stand in the first `size` leaves. */
function newestFrame(b: Bundle, size: number): number {
  const ends = b.of("coverage").flatMap((run) => (run.index < size && run.record["to"] !== null ? [asText(run.record["to"])] : []));
  const newest = ends.sort().at(-1);
  return newest === undefined ? 0 : Date.parse(`${newest.slice(0, 19)}Z`) / 1000;
}

/** The first policy in the log that asks for witnesses. */
async function policyOf(b: Bundle): Promise<Policy> {
  let policy: Policy = { witnesses: new Map(), groups: [], quorum: null };
  if (b.of("policy").length > MOST_POLICIES) throw new Failure(`holds more than ${MOST_POLICIES} policies`, "records");
  for (const r of b.records) {
    if ((r.type === "origin" || r.type === "policy") && policy.quorum === null)
      policy = await parsePolicy(asText(r.record["policy"]), b.primitives, r.part);
  }
  return policy;
}
