import type { MatchTable } from "./match.ts";
import type { Statement } from "./statement.ts";

/** What a finding asserts, in the order of precedence of `contract.md` §4 ("one act, one finding"). */
export const CLAIMS = [
  "unwarranted-interception",
  "undeclared-duplication",
  "undeclared-trace",
  "unreasoned-query",
  "covert-copy",
  "covert-channel",
  "ghost-tunnel",
  "ungranted-access",
  "undeclared-peer",
  "weakened-protection",
] as const;
export type Claim = (typeof CLAIMS)[number];

/** Weakest first. */
export const GRADES = ["indication", "corroborated", "proven"] as const;
export type Grade = (typeof GRADES)[number];

export type DataKind = "content" | "metadata" | "location" | "identity" | "credentials";
export type Basis = "address" | "link" | "enclosed" | "inferred";
export type Act = "sent" | "accepted" | "effected";
export type Standing = "given" | "attested" | "witnessed";

export interface FindingElement {
  /** Declared name, or null where only an address is known. */
  readonly name: string | null;
  readonly address: string | null;
  readonly vendor: string | null;
  readonly basis: Basis;
}

export interface FindingReceiver {
  readonly name: string | null;
  readonly address: string | null;
  readonly port: number | null;
  readonly declared: boolean;
  /** Queries: Diameter host or global title of the asker, and what it came through. */
  readonly identity?: string;
  readonly via?: string;
}

export interface Premise {
  readonly id: string;
  readonly statement: Statement;
  readonly status: "verified" | "declared" | "assumed";
}

/** An innocent explanation and the outcome of its test (`method.md` §2). */
export interface Explanation {
  readonly explanation: Statement;
  readonly status: "excluded" | "supported" | "untestable";
  readonly because: Statement;
}

/** Frames of one capture that belong in the evidence. `frames` lists at most 1,000. */
export interface FrameEvidence {
  /** Index of the capture in this run; the output names it by SHA-256. */
  readonly capture: number;
  readonly frames: readonly number[];
  readonly framesTotal: number;
}

export interface Witness {
  readonly claim: Claim;
  readonly grade: Grade;
  readonly summary: Statement;
  readonly evidence: readonly FrameEvidence[];
}

/** One line of a finding's arithmetic, shown in the proof panel. `bits` may be negative (a deduction). */
export interface ArithmeticStep {
  readonly label: Statement;
  readonly bits: number;
  readonly because: Statement;
}

/**
 * What a detector yields; merging, pseudonyms and the id are added afterwards.
 * Subscribers are keys of the tracker (an IMSI in clear where it is known, else `ip:…`, `teid:…`).
 */
export interface FindingDraft {
  readonly claim: Claim;
  readonly grade: Grade;
  /** One sentence a non-specialist understands. */
  readonly summary: Statement;
  readonly element: FindingElement;
  readonly receiver: FindingReceiver | null;
  readonly act: Act;
  readonly transport: { readonly layers: readonly string[]; readonly encrypted: boolean; readonly delaySeconds: number | null };
  readonly subscribers: readonly string[];
  readonly data: readonly DataKind[];
  readonly packets: number;
  /** Subscriber IP octets (inner total length). */
  readonly bytes: number;
  /** Microseconds since the epoch, of the first and the last evidence. */
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly bits: number;
  /** Null for breaches read directly. */
  readonly chance: number | null;
  readonly premises: readonly Premise[];
  readonly evidence: readonly FrameEvidence[];
  readonly ruledOut: readonly Explanation[];
  /** Specification clauses: `3GPP TS 29.281 §5.1`. */
  readonly sources: readonly string[];
  readonly arithmetic: readonly ArithmeticStep[];
  /** From which `bits` can be computed again; absent where a breach was read directly. */
  readonly matchTable?: MatchTable;
  /** An order that would be `proven` had its acceptance been seen: its effect stands for the answer (`contract.md` §1). */
  readonly lacksAnswer?: boolean;
  /** Names of the declaration entries, points and decoders the finding rests on: two findings that share one are not independent. */
  readonly restsOn: readonly string[];
  /** Conversations that carried the act: `udp 10.0.0.1:4789 > 203.0.113.9:4789`; two findings that share one describe the same act. */
  readonly carriers?: readonly string[];
  /** Claim-specific facts for people (rule id, trace reference, …); never identities of subscribers, never payload. */
  readonly details?: Readonly<Record<string, string | number | boolean>>;
  readonly witnesses?: readonly Witness[];
  /** What left of each subscriber (`subscriber`: a key as in `subscribers`). */
  readonly exposed?: readonly {
    readonly subscriber: string;
    readonly packets: number;
    readonly bytes: number;
    readonly firstMicros: number;
    readonly lastMicros: number;
  }[];
  /** Copies and originals side by side (at most 64), for challenge openings: frames of captures of this run. */
  readonly matchedPairs?: readonly {
    readonly copy: { readonly capture: number; readonly frame: number };
    readonly original: { readonly capture: number; readonly frame: number };
  }[];
}
