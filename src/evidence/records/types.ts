/**
 * Records of a scan (docs/bundle-format.md): what a stranger gets to check. Whole numbers only (`method.md` §5.8); no clock of ours, no path,
 * nothing random, so that two machines with the same inputs and keys write the same octets. A reference is the SHA-256 (hex) of the canonical
 * JSON of the record named.
 */
import type { StatementValues } from "#findings/document.ts";
import type { CodeAndValues } from "#findings/said.ts";
import type { MatchTable } from "#model/match.ts";

export const RECORD_SCHEMA = "tapproof/record/1";

/** SHA-256, 64 hex digits. */
export type Hash = string;

/** Code of what was tested or counted; code and values of the reason (docs/statements.md). */
interface CodedReason {
  readonly code?: string;
  readonly becauseCode?: string;
  readonly becauseValues?: StatementValues;
}

interface RecordBase {
  readonly schema: typeof RECORD_SCHEMA;
}

export interface CaptureIntake extends RecordBase {
  readonly type: "capture";
  /** Base name, or `-`: tap maps match it. */
  readonly file: string;
  readonly sha256: Hash;
  readonly packets: number;
  readonly bytes: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly truncated: number;
  readonly malformed: number;
  readonly points: readonly string[];
}

export interface TapMap extends RecordBase {
  readonly type: "tap-map";
  readonly points: readonly {
    /** SHA-256 of the capture. */
    readonly capture: Hash;
    readonly name: string;
    readonly interface: string | null;
    readonly complete: boolean;
  }[];
}

export interface DeclarationState extends RecordBase {
  readonly type: "declaration";
  readonly given: boolean;
  readonly sha256: Hash | null;
  readonly network: string | null;
  readonly declaration: object | null;
}

/** Of the register nothing but that it was there, how large it was, and a hash that only the case's key can make. */
export interface RegisterState extends RecordBase {
  readonly type: "register";
  readonly given: boolean;
  readonly keyedHash: Hash | null;
  readonly warrants: number;
  readonly scopes: { readonly iri: number; readonly cc: number; readonly both: number };
}

export interface Settings extends RecordBase {
  readonly type: "settings";
  readonly tool: { readonly name: string; readonly version: string };
  /** Hash over the program's own stages from model to findings: what replays with another one is another program. */
  readonly program: Hash;
  readonly options: { readonly sample: number; readonly copyBytes: number; readonly tlsKeys: boolean };
  readonly detectors: readonly { readonly claim: string; readonly settings: Readonly<Record<string, number | string>> }[];
}

/** Keys of one run (hex): of prints, and of the sample. In a bundle only where a finding rests on them. */
export interface PrintKeys extends RecordBase {
  readonly type: "print-keys";
  readonly run: number;
  readonly print: string;
  readonly sampling: string;
}

export interface CoverageStatement extends RecordBase {
  readonly type: "coverage";
  /** Place among the coverage records of the case, and the one before. */
  readonly sequence: number;
  readonly previous: Hash | null;
  readonly captures: readonly Hash[];
  readonly tapMap: Hash;
  readonly declaration: Hash;
  readonly register: Hash;
  readonly settings: Hash;
  readonly printKeys: Hash;
  readonly from: string | null;
  readonly to: string | null;
  readonly packets: number;
  readonly bytes: number;
  readonly truncated: number;
  readonly malformed: number;
  readonly drops: number;
  readonly undecoded: number;
  readonly encrypted: readonly { readonly what: string; readonly count: number }[];
  readonly gaps: readonly {
    readonly kind: string;
    readonly point: string | null;
    readonly from: string | null;
    readonly to: string | null;
    readonly count: number;
    readonly why: string;
    readonly code?: string;
    readonly values?: StatementValues;
  }[];
  readonly undecided: readonly ({ readonly claim: string; readonly why: string; readonly count: number } & CodeAndValues)[];
  readonly coveredInterceptions: number;
  /** Streams that only an authority can read (docs/register.md). */
  readonly awaitingAuthority: number;
  readonly notSeen: readonly string[];
  /** Codes and values of `notSeen`, line by line. */
  readonly notSeenCodes?: readonly (CodeAndValues | null)[];
  /** What no capture of this kind can show. */
  readonly blindSpots: readonly string[];
  /** Newest public random value at the time of watching ("not before"); null where none is configured. */
  readonly beacon: string | null;
  /** Empty: nothing was found, and that is what this record says. */
  readonly findings: readonly { readonly id: Hash; readonly record: Hash }[];
}

export interface FrameList {
  /** SHA-256 of the capture. */
  readonly capture: Hash;
  readonly frames: readonly number[];
  readonly framesTotal: number;
}

export interface Finding extends RecordBase {
  readonly type: "finding";
  readonly id: Hash;
  readonly claim: string;
  readonly grade: string;
  readonly network: string | null;
  readonly summary: string;
  readonly summaryCode?: string;
  readonly values?: StatementValues;
  readonly element: {
    readonly name: string | null;
    readonly address: string | null;
    readonly vendor: string | null;
    readonly basis: string;
  };
  readonly receiver: {
    readonly name: string | null;
    readonly address: string | null;
    readonly port: number | null;
    readonly declared: boolean;
    readonly identity?: string;
    readonly via?: string;
  } | null;
  readonly act: string;
  readonly transport: { readonly layers: readonly string[]; readonly encrypted: boolean; readonly delayMicros: number | null };
  readonly subscribers: { readonly count: number; readonly pseudonyms: readonly string[]; readonly commitments: readonly string[] };
  readonly identities: { readonly count: number; readonly commitments: readonly string[] };
  readonly data: readonly string[];
  readonly packets: number;
  readonly bytes: number;
  readonly first: string;
  readonly last: string;
  readonly bits: number;
  /** `2^-n`, null where a breach was read directly. */
  readonly chance: string | null;
  readonly standing: string;
  readonly premises: readonly ({ readonly id: string; readonly statement: string; readonly status: string } & CodeAndValues)[];
  readonly evidence: readonly FrameList[];
  readonly ruledOut: readonly ({ readonly explanation: string; readonly status: string; readonly because: string } & CodedReason)[];
  readonly witnesses: readonly {
    readonly claim: string;
    readonly grade: string;
    readonly summary: string;
    readonly summaryCode?: string;
    readonly values?: StatementValues;
    readonly evidence: readonly FrameList[];
  }[];
  readonly sources: readonly string[];
  readonly details: Readonly<Record<string, string | number | boolean>>;
  readonly match: Hash;
  readonly carved: Hash;
}

export interface FramePlace {
  readonly capture: Hash;
  readonly frame: number;
}

export interface Match extends RecordBase {
  readonly type: "match";
  readonly finding: Hash;
  /** Steps of the arithmetic; `microbits` is a millionth of a bit. */
  readonly arithmetic: readonly { readonly code: string; readonly microbits: number }[];
  readonly table: MatchTable | null;
  /** Copy and original of equal content, `octets` of it compared, committed to by content: the two commitments are equal. */
  readonly pairs: readonly {
    readonly copy: FramePlace;
    readonly original: FramePlace;
    readonly octets: number;
    readonly copyCommitment: string;
    readonly originalCommitment: string;
  }[];
  /** Matched pairs that are not laid side by side: too short, wrapped so that the octets differ, or not read again. */
  readonly pairsLeftOut: number;
}

export interface Carved extends RecordBase {
  readonly type: "carved";
  readonly finding: Hash;
  readonly file: { readonly bytes: number; readonly sha256: Hash } | null;
  /** Why no packets, or not all, were carved. */
  readonly why: string | null;
  readonly framesTotal: number;
  /** In the order of the file's packets. */
  readonly frames: readonly (FramePlace & { readonly role: "evidence" | "copy" | "original"; readonly commitment: string })[];
}

/** Packets as they were captured: only where a person asked, and said why. */
export interface CarvedFull extends RecordBase {
  readonly type: "carved-full";
  readonly finding: Hash;
  readonly file: { readonly bytes: number; readonly sha256: Hash };
  readonly frames: number;
  readonly reason: string;
}

export interface Opening extends RecordBase {
  readonly type: "opening";
  readonly finding: Hash;
  readonly class: "subscriber" | "identity" | "frame";
  readonly index: number;
  /** Base64. */
  readonly salt: string;
  readonly content: string;
  readonly reason: string;
}

export interface Challenge extends RecordBase {
  readonly type: "challenge";
  readonly finding: Hash;
  readonly match: Hash;
  readonly random: string;
  readonly wanted: number;
  readonly pairs: readonly {
    readonly pair: number;
    readonly copySalt: string;
    readonly originalSalt: string;
    readonly content: string;
    readonly originalContent: string;
  }[];
  readonly reason: string;
}

export type EvidenceRecord =
  | CaptureIntake
  | TapMap
  | DeclarationState
  | RegisterState
  | Settings
  | PrintKeys
  | CoverageStatement
  | Finding
  | Match
  | Carved
  | CarvedFull
  | Opening
  | Challenge;
