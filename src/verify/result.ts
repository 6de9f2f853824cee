/**
 * What the verifier takes and what it answers. This folder imports nothing outside itself, so that it can be read, copied and run
 * (Node, browser) without the program whose output it judges. The format is docs/bundle-format.md.
 */

/** Cryptographic primitives. A caller may inject others where WebCrypto lacks Ed25519 (older browsers) or is slow (Node's own hash). */
export interface Primitives {
  readonly sha256: (octets: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Ed25519 (RFC 8032): whether `signature` (64 octets) by `publicKey` (32 octets) holds for `message`. */
  readonly ed25519: (publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array) => boolean | Promise<boolean>;
}

export type Level = "none" | "L1" | "L2" | "L3";
export type Status = "passed" | "failed" | "not checked";

export interface Check {
  /** Stable; tests and programs match codes, never sentences. The list is in docs/bundle-format.md. */
  readonly code: string;
  readonly level: "L1" | "L2" | "L3";
  readonly name: string;
  readonly status: Status;
  readonly detail: string;
  /** The part of the bundle that failed. */
  readonly part?: string;
}

/** What `replay` has to do: the runs that the bundle's records describe. */
export interface ReplayRequest {
  readonly runs: readonly ReplayRun[];
}
export interface ReplayRun {
  /** Base name (tap maps match it) and SHA-256 of the file as given. */
  readonly captures: readonly { readonly file: string; readonly sha256: string }[];
  /** Null where the run had none. */
  readonly declaration: unknown;
  /** The record's keyed hash tells whether the right register was given only to who has the case's key; counts tell anybody. */
  readonly register: { readonly given: boolean; readonly warrants: number };
  /** The settings record as it stands in the bundle. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Keys of prints and of the sample (hex); null where no finding rests on them. */
  readonly printKeys: { readonly print: string; readonly sampling: string } | null;
  readonly findings: readonly {
    readonly id: string;
    readonly record: Readonly<Record<string, unknown>>;
    /** SHA-256 of the redacted carved packets; null where none were carved. */
    readonly packets: string | null;
    /** Whether packets as captured travel along. */
    readonly full: boolean;
    /** What was opened of it: the replay answers whether the captures hold it (`content`: base64). */
    readonly opened: readonly Opened[];
  }[];
}

/** Content that a custodian opened; `index` is its place among the finding's frames, pairs, identities or subscribers. */
export interface Opened {
  readonly kind: "frame" | "identity" | "subscriber" | "pair";
  readonly index: number;
  readonly content: string;
}

/** What came out. Findings carry the fields of a finding record that no key enters. */
export interface ReplayAnswer {
  readonly runs: readonly {
    /** Captures that were not among the files given. */
    readonly missing: readonly string[];
    /** The settings record of the program that replayed, given the same options. */
    readonly settings: Readonly<Record<string, unknown>>;
    /** Records of the run as this program makes them; absent where it was not replayed. */
    readonly records?: ReplayedRecords;
    /** Why the run could not be replayed at all (for example: needs the register of warrants). */
    readonly impossible?: string;
    readonly findings: readonly {
      readonly id: string;
      readonly record: Readonly<Record<string, unknown>>;
      readonly packets: string | null;
      readonly match: Readonly<Record<string, unknown>>;
      readonly carved: Readonly<Record<string, unknown>>;
      /** SHA-256 of the packets as captured, where they were asked for. */
      readonly full: string | null;
      /** In the order of the request: whether the captures hold it. Empty where nothing was asked. */
      readonly opened: readonly boolean[];
    }[];
  }[];
}

/** Keys differ from those of the case: what they make (pseudonyms, commitments, keyed hashes) does, too. */
export interface ReplayedRecords {
  readonly captures: readonly Readonly<Record<string, unknown>>[];
  readonly tapMap: Readonly<Record<string, unknown>>;
  readonly declaration: Readonly<Record<string, unknown>>;
  readonly register: Readonly<Record<string, unknown>>;
  readonly coverage: Readonly<Record<string, unknown>>;
}
export type Replay = (request: ReplayRequest) => Promise<ReplayAnswer>;

export interface VerifyOptions {
  /** Verifier key of the expected signer (`name+hash+base64`, C2SP signed-note). */
  readonly key?: string;
  /** The caller accepts whoever signed; the origin stays `not checked`. */
  readonly anySigner?: boolean;
  /** A checkpoint of the same log that was seen before (signed note): the bundle's log must contain it. */
  readonly checkpoint?: string;
  /** Verifier keys of witnesses whose cosignatures count. */
  readonly witnesses?: readonly string[];
  /** Verifier keys of the installer and the parties of a seal whom the caller knows to be independent of the accuser. */
  readonly parties?: readonly string[];
  /** Replays the detectors on the full captures (L3). */
  readonly replay?: Replay;
  /** Version of the program that verifies: a run of another one is told. */
  readonly version?: string;
  readonly primitives?: Partial<Primitives>;
}

export interface Origin {
  readonly status: "checked" | "not checked" | "wrong";
  /** Name and key of who signed, as the bundle says; empty where it could not be read. */
  readonly name: string;
  readonly key: string;
}

/** What the bundle holds, for people; only as trustworthy as the checks say. */
export interface Contents {
  readonly log: { readonly origin: string; readonly size: number; readonly root: string };
  /** Detail of the check `witnesses` where it passed: *sealed (witnessed)*; null while it is pending. */
  readonly sealed: string | null;
  readonly records: readonly {
    readonly index: number;
    readonly type: string;
    readonly sha256: string;
    readonly record: Readonly<Record<string, unknown>>;
  }[];
  readonly parts: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

/** Something that makes a run weaker than a whole scan. `code` is stable; `words` are the verifier's own. */
export interface Weakness {
  readonly code: string;
  readonly run: number;
  readonly words: string;
  /** What the words are made of, for other languages; `run` where the bundle has several. */
  readonly values: Readonly<Record<string, string | number>>;
}

/** What stands on the word of whoever sealed it, also where everything was replayed. `code` is stable; `words` are the verifier's own. */
export interface Attested {
  readonly code: string;
  readonly words: string;
}

export interface VerifyResult {
  /** False: the file is no bundle at all, and nothing else was looked at. */
  readonly bundle: boolean;
  readonly level: Level;
  readonly origin: Origin;
  /** Nothing failed, everything that the caller asked for could be checked, and the origin was checked or the caller accepts any signer. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Detectors that were off, copies that were not searched for, sampling, another version: part of the verdict. Empty below L1. */
  readonly weaknesses: readonly Weakness[];
  /** What no replay can make again, and so rests on whoever sealed it, also where everything was replayed. Empty below L2. */
  readonly attested: readonly Attested[];
  readonly contents: Contents | null;
}

/** A check that did not hold. `part` names what is wrong. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly part: string | undefined;
  constructor(detail: string, part?: string) {
    super(detail);
    this.part = part;
  }
}
