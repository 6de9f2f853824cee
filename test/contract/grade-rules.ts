/**
 * The grades of `contract.md` §1 and `method.md` §2 and §3, written down a second time and independently of `src/detect` and `src/verify`: what
 * a finding must have to be called what it is called.
 */
export interface Graded {
  readonly claim: string;
  readonly grade: string;
  readonly act: string;
  readonly transport: { readonly encrypted: boolean };
  readonly bits: number;
  readonly chance: number | null;
  readonly premises: readonly { readonly id: string }[];
  readonly ruledOut: readonly { readonly explanation: string; readonly status: string }[];
  readonly witnesses: readonly { readonly claim: string; readonly grade: string }[];
}

const STRENGTH = ["indication", "corroborated", "proven"];
/** At most 2^-64 that unrelated traffic would agree so well. */
const PROVEN_BITS = 64;
/** A family-wise significance below 1e-6. */
const SIGNIFICANT_BITS = 20;

/** What alone carries `proven`: bits, or a breach that was read from messages. */
const BY_ARITHMETIC = new Set(["covert-copy"]);
const READ = new Set(["unwarranted-interception", "undeclared-duplication", "undeclared-trace", "ungranted-access", "weakened-protection"]);
/** Absence well covered, an asker that nobody declared, content beyond chance: corroborated, and never more by itself. */
const AT_MOST_CORROBORATED = new Set(["ghost-tunnel", "undeclared-peer", "unreasoned-query", "covert-channel"]);
/** A protocol that answers shows whether the order was accepted; Trace Start (S1AP, NGAP) has no answer, only a failure that was not seen. */
const WITHOUT_ANSWER = new Set(["undeclared-trace"]);
/** What is wrong whoever declared what: product without a register stays judged, and so does protection. */
const WITHOUT_DECLARATION = new Set(["unwarranted-interception", "weakened-protection", "covert-copy", "covert-channel"]);

/** What contradicts the rules, in words. `declared`: the run had a declaration. */
export function gradeFaults(found: Graded, declared: boolean): string[] {
  const faults: string[] = [];
  const say = (what: string, holds: boolean): void => {
    if (!holds) faults.push(what);
  };
  const { claim, grade, act, bits, chance, witnesses } = found;
  const count = (status: string): number => found.ruledOut.filter((e) => e.status === status).length;
  const [supported, untestable] = [count("supported"), count("untestable")];
  const strength = STRENGTH.indexOf(grade);
  // The finding stands for the act: its grade is the highest of what the detectors gave, and two that are independent corroborate one another.
  const lifted = Math.max(-1, ...witnesses.map((w) => STRENGTH.indexOf(w.grade)));
  say("grade is the highest", strength >= lifted);
  say("bits are never below 0, and whole", Number.isInteger(bits) && bits >= 0);
  say("a breach that was read has no chance, what was computed has one", (chance === null) === (bits === 0));
  for (const witness of witnesses)
    say(`${witness.claim} is never proven by itself`, !AT_MOST_CORROBORATED.has(witness.claim) || witness.grade !== "proven");
  if (grade === "proven") {
    say("proven names what it rests on", found.premises.length > 0);
    say("proven has tested innocent explanations", found.ruledOut.length > 0);
    say("proven leaves no explanation supported", supported === 0);
    say("proven leaves no explanation untestable", untestable === 0);
    const byWitness = lifted === 2;
    say("the claim can be proven", byWitness || BY_ARITHMETIC.has(claim) || READ.has(claim));
    say("proven by arithmetic needs 64 bits", byWitness || !BY_ARITHMETIC.has(claim) || (chance !== null && bits >= PROVEN_BITS));
    say("a copy shows multiplicity: it had its effect", byWitness || !BY_ARITHMETIC.has(claim) || act === "effected");
    say("rhythm alone is never proven", byWitness || !BY_ARITHMETIC.has(claim) || !found.transport.encrypted);
    say("an order that was answered or had its effect", byWitness || !READ.has(claim) || act !== "sent" || WITHOUT_ANSWER.has(claim));
    say("management that completed, with data both ways", claim !== "ungranted-access" || act === "effected");
    if (WITHOUT_ANSWER.has(claim) && act === "sent")
      say(
        "a failure was looked for",
        found.ruledOut.some((e) => e.status === "excluded" && /refus|fail/.test(e.explanation)),
      );
  }
  if (grade === "corroborated") {
    // Absence well covered, or two detectors that agree, are reasons of their own beside "one untestable explanation remains".
    const ownReason = AT_MOST_CORROBORATED.has(claim) || witnesses.length > 0;
    say("corroborated leaves at most one explanation untestable", untestable <= 1 || ownReason);
    say("corroborated leaves none supported", supported === 0);
    const reason =
      untestable === 1 ||
      bits >= SIGNIFICANT_BITS ||
      witnesses.length > 0 ||
      (act === "sent" && READ.has(claim)) ||
      AT_MOST_CORROBORATED.has(claim) ||
      claim === "ungranted-access" ||
      claim === "weakened-protection";
    say("corroborated has one of the contract's reasons", reason);
  }
  if (!declared)
    say("what needs a declaration is at most an indication without one", grade === "indication" || WITHOUT_DECLARATION.has(claim));
  return faults;
}
