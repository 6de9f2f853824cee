/** C2SP tlog-policy, as far as a bundle needs it: which witnesses there are, and when their quorum is complete. */
import { parseKey, type Key } from "./note.ts";
import { hex } from "./octets.ts";
import { Failure, type Primitives } from "./result.ts";

export interface Policy {
  readonly witnesses: ReadonlyMap<string, Key>;
  /** In the order of their lines: a group names only what stands above it. */
  readonly groups: readonly { readonly name: string; readonly threshold: number; readonly members: readonly string[] }[];
  readonly quorum: string | null;
}

/** Octets of a policy, as its writer has it: groups are looked up in one another. */
const MOST_POLICY = 65_536;
/** Witnesses, and groups of them, of one policy: each witness is a signature to be checked, and groups are looked up in one another. */
const MOST_WITNESSES = 64;

export async function parsePolicy(spelled: string, primitives: Primitives, part: string): Promise<Policy> {
  const witnesses = new Map<string, Key>();
  const groups: Policy["groups"][number][] = [];
  let quorum: string | null | undefined;
  if (spelled.length > MOST_POLICY) throw bad(part);
  for (const line of spelled.split("\n")) {
    const [keyword, name = "", ...more] = line.split(/[ \t]+/).filter((word) => word !== "");
    if (keyword === undefined || keyword.startsWith("#") || keyword === "log") continue;
    if (witnesses.size > MOST_WITNESSES || groups.length > MOST_WITNESSES) throw bad(part);
    const known = (n: string): boolean => witnesses.has(n) || groups.some((g) => g.name === n);
    if (keyword === "witness" && !known(name)) witnesses.set(name, await parseKey(more[0] ?? "", primitives, part));
    else if (keyword === "group" && !known(name)) {
      const [rule = "", ...members] = more;
      const threshold = rule === "all" ? members.length : rule === "any" ? 1 : /^[0-9]{1,9}$/.test(rule) ? Number(rule) : 0;
      if (!members.every(known) || threshold < 1 || threshold > members.length) throw bad(part);
      if (new Set(members).size !== members.length) throw bad(part);
      groups.push({ name, threshold, members });
    } else if (keyword === "quorum" && quorum === undefined && (name === "none" || known(name))) quorum = name === "none" ? null : name;
    else throw bad(part);
  }
  if (quorum === undefined) throw bad(part);
  // One key under two names would be two witnesses of one hand.
  if (new Set([...witnesses.values()].map((key) => hex(key.publicKey))).size !== witnesses.size)
    throw new Failure("has a policy in which one key is two witnesses", part);
  return { witnesses, groups, quorum };
}

function bad(part: string): Failure {
  return new Failure("has a malformed policy", part);
}

/** The second at which the quorum was complete, by the witnesses' clocks; undefined where it is not, or none is asked for. */
export function quorumTime(policy: Policy, cosigned: ReadonlyMap<string, number>): number | undefined {
  const times = new Map(cosigned);
  for (const group of policy.groups) {
    const reached = group.members.flatMap((member) => times.get(member) ?? []).sort((a, b) => a - b);
    const complete = reached[group.threshold - 1];
    if (complete !== undefined) times.set(group.name, complete);
  }
  return policy.quorum === null ? undefined : times.get(policy.quorum);
}
