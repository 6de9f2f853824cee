import type { Basis, Claim, DataKind, Explanation, FindingReceiver, Grade, Act, Premise, Standing } from "#model/finding.ts";
import type { Statement } from "#model/statement.ts";

/** `scan --json` (`contract.md` §4). Fields beyond the contract's are marked; readers may ignore them. */
export const FINDINGS_SCHEMA = "tapproof/findings/1";

/**
 * The values of a statement (`src/model/statement.ts`), as they stand beside its code and its English: another language is rendered from them. Absent where
 * there are none.
 */
export type StatementValues = Statement["values"];

export interface CaptureRecord {
  readonly file: string;
  readonly sha256: string;
  readonly point: string;
  readonly packets: number;
  readonly bytes: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly truncated: number;
  readonly malformed: number;
  /** Where the file has several. */
  readonly points?: readonly string[];
}

export interface EvidenceRecord {
  /** SHA-256 of the capture file as given. */
  readonly capture: string;
  readonly frames: readonly number[];
  readonly framesTotal: number;
}

export interface WitnessRecord {
  readonly claim: Claim;
  readonly grade: Grade;
  readonly summary: string;
  readonly summaryCode?: string;
  readonly values?: StatementValues;
  readonly evidence: readonly EvidenceRecord[];
}

export interface PremiseRecord {
  readonly id: string;
  readonly statement: string;
  readonly status: Premise["status"];
  /** Code and values of the statement. */
  readonly code?: string;
  readonly values?: StatementValues;
}

export interface ExplanationRecord {
  readonly explanation: string;
  readonly status: Explanation["status"];
  readonly because: string;
  /** Code of the explanation: what was tested. None of these has values. */
  readonly code?: string;
  readonly becauseCode?: string;
  readonly becauseValues?: StatementValues;
}

export interface StepRecord {
  readonly label: string;
  readonly bits: number;
  readonly because: string;
  /** Code of the label; none of these has values. */
  readonly code?: string;
  readonly becauseCode?: string;
  readonly becauseValues?: StatementValues;
}

export interface FindingRecord {
  readonly id: string;
  readonly claim: Claim;
  readonly grade: Grade;
  /** In English; `summaryCode` and `values` give it in any language. */
  readonly summary: string;
  readonly summaryCode?: string;
  readonly values?: StatementValues;
  readonly element: {
    readonly name: string | null;
    readonly address: string | null;
    readonly vendor: string | null;
    readonly basis: Basis;
  };
  readonly receiver: FindingReceiver | null;
  readonly act: Act;
  readonly transport: { readonly layers: readonly string[]; readonly encrypted: boolean; readonly delaySeconds: number | null };
  readonly subscribers: { readonly count: number; readonly pseudonyms: readonly string[]; readonly identities?: readonly string[] };
  readonly data: readonly DataKind[];
  readonly packets: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
  readonly bits: number;
  readonly chance: number | null;
  readonly standing: Standing;
  readonly premises: readonly PremiseRecord[];
  readonly evidence: readonly EvidenceRecord[];
  readonly ruledOut: readonly ExplanationRecord[];
  readonly witnesses: readonly WitnessRecord[];
  readonly sources: readonly string[];
  /** Beyond the contract: the steps of the arithmetic, and facts for people. */
  readonly arithmetic: readonly StepRecord[];
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface GapRecord {
  readonly kind: string;
  readonly point: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly count: number;
  readonly why: string;
  readonly code?: string;
  readonly values?: StatementValues;
}

export interface UndecidedRecord {
  readonly claim: Claim;
  readonly why: string;
  readonly code?: string;
  readonly values?: StatementValues;
  readonly count: number;
}

/** What one receiver got, over all findings that name it. `bytes`: subscribers' content, as in findings. */
export interface ExposedReceiver {
  /** Declared name, identity or address, as the findings' ids have it; null where no receiver is known. */
  readonly receiver: string | null;
  readonly address: string | null;
  readonly findings: number;
  readonly pseudonyms: readonly string[];
  readonly data: readonly DataKind[];
  readonly packets: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}

/** What left of one subscriber, as far as the findings count it by subscriber. */
export interface ExposedSubscriber {
  readonly pseudonym: string;
  readonly receivers: readonly string[];
  readonly findings: number;
  readonly data: readonly DataKind[];
  readonly packets: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
}

export interface FindingsDocument {
  readonly schema: typeof FINDINGS_SCHEMA;
  readonly tool: { readonly name: "tapproof"; readonly version: string };
  readonly network: string | null;
  readonly captures: readonly CaptureRecord[];
  readonly findings: readonly FindingRecord[];
  /** SHA-256 of the declaration's canonical form, or null. */
  readonly declaration: string | null;
  readonly coverage: {
    readonly gaps: readonly GapRecord[];
    readonly undecided: readonly UndecidedRecord[];
    readonly coveredInterceptions: number;
    /** Streams of interception that no open entry covers while an authority holds sealed ones; absent where none were given. */
    readonly awaitingAuthority?: number;
    readonly notSeen: readonly string[];
    /** Beyond the contract: codes and values of `notSeen`, line by line (null for a line of an earlier version). */
    readonly notSeenCodes?: readonly ({ readonly code: string; readonly values?: StatementValues } | null)[];
  };
  readonly exposure: {
    readonly subscribers: number;
    readonly bytes: number;
    readonly receivers: readonly string[];
    /** Beyond the contract: who got how much of whom, and whose data left (absent in documents of earlier versions). */
    readonly perReceiver?: readonly ExposedReceiver[];
    readonly perSubscriber?: readonly ExposedSubscriber[];
  };
  readonly stats: { readonly seconds: number; readonly packetsPerSecond: number; readonly peakMemoryBytes: number };
}
