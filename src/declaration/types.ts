/**
 * The network declaration (`network.yaml`) as the program uses it: checked, every list present, addresses in
 * canonical form, periods also as microseconds. Plain data: it can be hashed, stored, and handed to a worker.
 */
import type { Grade } from "#model/finding.ts";

/** What a declared flow may carry of subscribers' (`mayCarry`); the default is `none`. */
export type Carriage = "none" | "signalling" | "usage" | "content";
export type AlgorithmPolicy = "allowed" | "emergency" | "never";
export type PointDirection = "ab" | "ba" | "both";
export type PointMethod = "tap" | "span" | "broker" | "host";

/** `from` and `to` are inclusive and exact; microseconds since the epoch, null where the side is open. */
export interface Period {
  readonly from: string | null;
  readonly to: string | null;
  readonly fromMicros: number | null;
  readonly toMicros: number | null;
}

/** A range of addresses, and where it is: as the operator says. */
export interface DeclaredPlace {
  readonly prefix: string;
  /** ISO 3166-1, two letters, upper case. */
  readonly country: string | null;
  readonly operator: string | null;
}

export interface DeclaredNetwork {
  readonly name: string;
  readonly country: string | null;
  readonly plmns: readonly string[];
}

export interface Vendor {
  /** The key that `functions[].vendor` names. */
  readonly id: string;
  readonly name: string;
  readonly country: string | null;
}

export interface DeclaredFunction {
  readonly name: string;
  readonly roles: readonly string[];
  readonly vendor: string | null;
  readonly site: string | null;
  readonly addresses: readonly string[];
  readonly plmns: readonly string[];
  readonly slices: readonly string[];
  readonly dnns: readonly string[];
  /** Diameter hosts, FQDNs, NF instance ids, global titles. */
  readonly identities: readonly string[];
}

export interface DeclaredPoint {
  readonly match: string;
  readonly interface: string | null;
  readonly link: string | null;
  readonly direction: PointDirection | null;
  readonly method: PointMethod | null;
  /** Both directions of all traffic of this link are captured. */
  readonly complete: boolean;
  readonly snaplen: number | null;
  readonly clock: string | null;
}

export interface DeclaredExtension {
  readonly enterprise: number;
  readonly functions: readonly string[];
  readonly content: string | null;
}

export interface DeclaredService {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly protocols: readonly string[];
  readonly mayCarry: readonly Carriage[];
}

export interface DeclaredOperator {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface Grant extends Period {
  readonly party: string;
  readonly functions: readonly string[];
  readonly protocols: readonly string[];
  readonly ticket: string | null;
}

export interface Lawful {
  readonly administration: readonly string[];
  readonly mediation: readonly string[];
  readonly monitoring: readonly string[];
  readonly location: readonly string[];
  readonly gateways: readonly string[];
  /** Names or addresses of providers that intercept on the network's behalf. */
  readonly providers: readonly string[];
  readonly countries: readonly string[];
  readonly profile: string | null;
  readonly buffer: string | null;
  /** Whose sealed entries count: name, and signing key (Ed25519, base64). Absent where none is named, so that earlier declarations keep their hash. */
  readonly authorities?: readonly { readonly name: string; readonly key: string }[];
}

export interface Partner {
  readonly name: string;
  readonly plmns: readonly string[];
  readonly addresses: readonly string[];
  readonly realms: readonly string[];
  readonly globalTitles: readonly string[];
  readonly via: readonly string[];
  readonly kind: string | null;
  readonly agreement: string | null;
}

export interface DeclaredLink {
  readonly a: string;
  readonly b: string;
  readonly vlans: readonly number[];
}

export interface DeclaredHost {
  readonly name: string;
  readonly runs: readonly string[];
  readonly vendor: string | null;
  readonly addresses: readonly string[];
}

export interface DeclaredGroup {
  readonly kind: string;
  readonly members: readonly string[];
  readonly virtual: readonly string[];
  readonly carries: readonly string[];
}

export interface Middlebox {
  readonly name: string | null;
  readonly kind: string;
  readonly addresses: readonly string[];
  readonly inside: readonly string[];
  readonly outside: readonly string[];
  readonly payload: string | null;
}

export interface Monitoring {
  readonly name: string;
  readonly kind: string | null;
  /** Addresses, or names of functions and hosts. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly encapsulation: string | null;
  /** Null where the entry states none: then a finding that it covers is an indication (`method.md` §2). */
  readonly scope: string | null;
  readonly purpose: string | null;
}

export interface SignallingNode {
  readonly name: string;
  readonly kind: string;
  readonly addresses: readonly string[];
  readonly realms: readonly string[];
  readonly identities: readonly string[];
  /** Rewrites origins (topology hiding). */
  readonly hides: boolean;
}

export interface DeclaredQuery {
  /** Name of a function, service, signalling node or partner, or an identity of one. */
  readonly asker: readonly string[];
  readonly procedures: readonly string[];
  readonly data: readonly string[];
  readonly purpose: string | null;
}

export interface Transfer {
  readonly kind: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly protocols: readonly string[];
  readonly mayCarry: readonly Carriage[];
}

export interface TraceDeclaration {
  readonly collectors: readonly string[];
  readonly plmns: readonly string[];
  readonly jobs: readonly string[];
}

export interface Declaration {
  readonly network: DeclaredNetwork;
  readonly vendors: readonly Vendor[];
  readonly functions: readonly DeclaredFunction[];
  readonly points: readonly DeclaredPoint[];
  readonly extensions: readonly DeclaredExtension[];
  readonly subscribers: { readonly addresses: readonly string[] };
  readonly services: readonly DeclaredService[];
  readonly operators: readonly DeclaredOperator[];
  readonly grants: readonly Grant[];
  readonly lawful: Lawful;
  readonly partners: readonly Partner[];
  readonly trace: TraceDeclaration;
  readonly protected: readonly string[];
  readonly links: readonly DeclaredLink[];
  readonly hosts: readonly DeclaredHost[];
  readonly groups: readonly DeclaredGroup[];
  readonly middleboxes: readonly Middlebox[];
  readonly monitoring: readonly Monitoring[];
  readonly signalling: readonly SignallingNode[];
  readonly queries: readonly DeclaredQuery[];
  readonly transfers: readonly Transfer[];
  /** Where addresses are, by the operator's own table: it declares and permits nothing. Absent where none is given, so that no hash changes. */
  readonly places?: readonly DeclaredPlace[];
  /** Null where the declaration has no `policy`: then null algorithms are judged by what others get. */
  readonly policy: {
    readonly ciphering: Readonly<Record<string, AlgorithmPolicy>>;
    readonly integrity: Readonly<Record<string, AlgorithmPolicy>>;
  } | null;
  /**
   * What a person has not looked at yet, so that it is neither explained nor a finding. `management`: who may manage what. `learn`
   * writes it into its drafts; whoever completes the grants takes it out.
   */
  readonly unreviewed: readonly string[];
  readonly sealed: { readonly by: readonly string[]; readonly at: string | null } | null;
}

/** What lawful address something is; the first that fits in this order. */
export type LawfulRole = "administration" | "mediation" | "monitoring" | "location" | "gateways" | "providers";

/** Highest grade that a finding about something may have; null: it may not be a finding at all. */
export type Ceiling = Grade | null;
