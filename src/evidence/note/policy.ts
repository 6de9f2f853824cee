/**
 * C2SP tlog-policy: which logs are accepted, and which witnesses must have cosigned a checkpoint.
 *
 *   log <vkey> [<url>]
 *   witness <name> <vkey> [<url>]
 *   group <name> all|any|<k> <name>...       names of lines before
 *   quorum <name>|none                       exactly one
 */
import { EvidenceError } from "#evidence/evidence-error.ts";
import { formatVerifierKey, KEY_TYPE, parseVerifierKey, type VerifierKey } from "#evidence/keys/note-key.ts";
import type { VerifiedSignature } from "./note.ts";

export const POLICY_LIMITS = {
  /** Octets of a policy file; the specification asks for at least 32 logs, witnesses and groups. */
  octets: 65_536,
  /** Log lines; more are an error. */
  logs: 256,
  /** Witness lines; more are an error: all their cosignatures must fit into one note. */
  witnesses: 64,
  /** Group lines; more are an error. */
  groups: 64,
} as const;

export interface PolicyWitness {
  readonly name: string;
  readonly key: VerifierKey;
  /** Submission prefix (C2SP tlog-witness). */
  readonly url: string | undefined;
}

export interface PolicyGroup {
  readonly name: string;
  readonly threshold: number;
  readonly members: readonly string[];
}

export interface Policy {
  readonly logs: readonly { readonly key: VerifierKey; readonly url: string | undefined }[];
  readonly witnesses: readonly PolicyWitness[];
  readonly groups: readonly PolicyGroup[];
  /** Name of a witness or group; null: no witness is asked for. */
  readonly quorum: string | null;
}

export const NO_WITNESS: Policy = { logs: [], witnesses: [], groups: [], quorum: null };

/** Throws `policy-malformed` with the number of the line. */
export function parsePolicy(source: string): Policy {
  const fail = (line: number, why: string): never => {
    throw new EvidenceError("policy-malformed", `policy: line ${line}: ${why}`);
  };
  if (source.length > POLICY_LIMITS.octets) fail(0, `longer than ${POLICY_LIMITS.octets} octets`);
  const logs: { key: VerifierKey; url: string | undefined }[] = [];
  const witnesses: PolicyWitness[] = [];
  const groups: PolicyGroup[] = [];
  const names = new Set<string>();
  const members = new Set<string>();
  let quorum: string | null | undefined;
  for (const [index, line] of source.split("\n").entries()) {
    const at = index + 1;
    for (let i = 0; i < line.length; i++) if (line.charCodeAt(i) < 0x20 && line[i] !== "\t") fail(at, "holds a control character");
    const words = line.split(/[ \t]+/).filter((word) => word !== "");
    const [keyword, first = "", ...more] = words;
    if (keyword === undefined || keyword.startsWith("#")) continue;
    const define = (name: string): void => {
      if (name === "" || name === "none" || names.has(name)) fail(at, `the name "${name}" is missing, taken or reserved`);
      names.add(name);
    };
    if (keyword === "log") {
      if (first === "" || more.length > 1) fail(at, "expected log <vkey> [<url>]");
      const key = keyOf(first, at);
      if (key.type !== KEY_TYPE.note) fail(at, "this is a witness's key");
      if (logs.some((log) => sameKey(log.key, key))) fail(at, "the same key stands in another log line");
      if (logs.push({ key, url: more[0] }) > POLICY_LIMITS.logs) fail(at, `more than ${POLICY_LIMITS.logs} logs`);
    } else if (keyword === "witness") {
      const [vkey = "", url, ...excess] = more;
      if (vkey === "" || excess.length > 0) fail(at, "expected witness <name> <vkey> [<url>]");
      define(first);
      const key = keyOf(vkey, at);
      if (key.type !== KEY_TYPE.cosignature) fail(at, "this is not a witness's key (signature type 4)");
      if (witnesses.some((witness) => sameKey(witness.key, key))) fail(at, "the same key stands in another witness line");
      if (witnesses.push({ name: first, key, url }) > POLICY_LIMITS.witnesses) fail(at, `more than ${POLICY_LIMITS.witnesses} witnesses`);
    } else if (keyword === "group") {
      const [rule = "", ...list] = more;
      define(first);
      for (const member of list) {
        if (member === first || !names.has(member)) fail(at, `"${member}" is not defined above`);
        if (members.has(member)) fail(at, `"${member}" belongs to a group already`);
        members.add(member);
      }
      const threshold = rule === "all" ? list.length : rule === "any" ? 1 : /^[1-9][0-9]{0,3}$/.test(rule) ? Number(rule) : 0;
      if (threshold < 1 || threshold > list.length) fail(at, "expected all, any or a number up to that of the members, then members");
      if (groups.push({ name: first, threshold, members: list }) > POLICY_LIMITS.groups)
        fail(at, `more than ${POLICY_LIMITS.groups} groups`);
    } else if (keyword === "quorum") {
      if (first === "" || more.length > 0) fail(at, "expected quorum <name>|none");
      if (quorum !== undefined) fail(at, "a second quorum");
      if (first !== "none" && !names.has(first)) fail(at, `"${first}" is not defined above`);
      quorum = first === "none" ? null : first;
    } else fail(at, `"${keyword}" is not one of log, witness, group, quorum`);
  }
  if (quorum === undefined) return fail(source.split("\n").length, "no quorum line");
  return { logs, witnesses, groups, quorum };

  function keyOf(text: string, line: number): VerifierKey {
    try {
      return parseVerifierKey(text);
    } catch (error) {
      return fail(line, error instanceof Error ? error.message : "malformed key");
    }
  }
}

/** One spelling for one policy. */
export function formatPolicy(policy: Policy): string {
  const url = (text: string | undefined): string => (text === undefined ? "" : ` ${text}`);
  return [
    ...policy.logs.map((log) => `log ${formatVerifierKey(log.key)}${url(log.url)}`),
    ...policy.witnesses.map((witness) => `witness ${witness.name} ${formatVerifierKey(witness.key)}${url(witness.url)}`),
    ...policy.groups.map((group) => `group ${group.name} ${group.threshold} ${group.members.join(" ")}`),
    `quorum ${policy.quorum ?? "none"}`,
    "",
  ].join("\n");
}

/** Keys of all witnesses the policy names. */
export function witnessKeys(policy: Policy): VerifierKey[] {
  return policy.witnesses.map((witness) => witness.key);
}

/** Whether the cosignatures reach the quorum. `quorum none` is reached by nothing: a log that asks for no witness is never "witnessed". */
export function reachesQuorum(policy: Policy, cosigned: readonly VerifiedSignature[]): boolean {
  return quorumTime(policy, cosigned) !== undefined;
}

/** The earliest second at which the quorum was complete, by the witnesses' clocks; undefined where it is not reached. */
export function quorumTime(policy: Policy, cosigned: readonly VerifiedSignature[]): number | undefined {
  if (policy.quorum === null) return undefined;
  const times = new Map<string, number>();
  for (const { name, key } of policy.witnesses) {
    const found = cosigned.find((signature) => sameKey(signature.key, key) && signature.key.name === key.name);
    if (found?.timestamp !== undefined) times.set(name, found.timestamp);
  }
  // Groups name only what stands above them, so one pass in order is enough.
  for (const group of policy.groups) {
    const reached = group.members.flatMap((member) => times.get(member) ?? []).sort((a, b) => a - b);
    const complete = reached[group.threshold - 1];
    if (complete !== undefined) times.set(group.name, complete);
  }
  return times.get(policy.quorum);
}

function sameKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.type === b.type && Buffer.compare(a.publicKey, b.publicKey) === 0;
}
