import type { DecodedMessage } from "#model/message.ts";
import type { Guti, Tai } from "#model/mobility.ts";

/** EEA/EIA bit maps as NAS sends them: 0x80 algorithm 0, 0x40 algorithm 1, 0x20 algorithm 2, 0x10 algorithm 3 (TS 24.301 §9.9.3.34, §9.9.3.36). */
export interface AlgorithmSet {
  readonly eea: number;
  readonly eia: number;
}

/** NAS security algorithms (TS 24.301 §9.9.3.23): 0 null, 1 SNOW 3G, 2 AES, 3 ZUC. */
export interface SelectedAlgorithms {
  readonly ciphering: number;
  readonly integrity: number;
}

export type NasIdentityKind = "imsi" | "imei" | "imeisv" | "tmsi" | "guti" | "none";

/** One information element after the mandatory part, kept whole. */
export interface NasElement {
  /** Information element identifier as sent (half-octet identifiers: 0x80, 0x90, …). */
  readonly iei: number;
  readonly name: string;
  readonly value: Uint8Array;
}

/**
 * One EMM or ESM message. A security-protected message is given as the plain message inside it; `type` is undefined and
 * `ciphered` true where that cannot be read. A message nested in a container is in `inner`.
 */
export interface NasEpsMessage extends DecodedMessage {
  readonly protocol: "nas-eps";
  readonly layer: "emm" | "esm" | "other";
  /** Security header type of the message as sent (TS 24.301 §9.3.1): 0 plain, 1 integrity, 2 and ciphered, 3 with new context, 4 both, 5, 12 service request. */
  readonly securityHeader: number;
  /** Message authentication code (unsigned 32 bits) and sequence number where protected. */
  readonly mac: number | undefined;
  readonly sequence: number | undefined;
  readonly elements: readonly NasElement[];

  /** EPS bearer identity and procedure transaction identity (ESM). */
  readonly bearerId: number | undefined;
  readonly transactionId: number | undefined;
  /** Default bearer that a dedicated one belongs to. */
  readonly linkedBearerId: number | undefined;

  readonly cause: number | undefined;
  /** EPS attach type, EPS update type or detach type, by message. */
  readonly attachType: number | undefined;
  readonly updateType: number | undefined;
  readonly detachType: number | undefined;
  /** True for an emergency attach, an emergency PDN connectivity request, or an attach for emergency bearer services only. */
  readonly emergency: boolean;

  /** What an Identity Request asks for. */
  readonly requestedIdentity: NasIdentityKind | undefined;
  /** The kind of the mobile identity that the message carries in its main identity element. */
  readonly identity: NasIdentityKind | undefined;
  /** GUTI by which the UE names itself (requests), or that it is given (accept, reallocation). */
  readonly guti: Guti | undefined;
  /** Where the message names the UE by its M-TMSI alone (extended service request); unsigned 32 bits. */
  readonly mTmsi: number | undefined;
  /** Tracking areas of the TAI list (accept). */
  readonly tais: readonly Tai[];
  readonly lastVisitedTai: Tai | undefined;

  /** Security Mode Command. */
  readonly selectedAlgorithms: SelectedAlgorithms | undefined;
  /** UE network capability: what the UE itself offers (attach and tracking area update requests). */
  readonly offered: AlgorithmSet | undefined;
  /** UE security capabilities as the network repeats them (Security Mode Command). */
  readonly replayed: AlgorithmSet | undefined;
  /** Security Mode Command asks for the IMEISV. */
  readonly imeisvRequested: boolean;

  /** 1 IPv4, 2 IPv6, 3 both, 4 unused, 5 non-IP, 6 Ethernet; asked for or given. */
  readonly pdnType: number | undefined;
  /** IPv6 interface identifier of the PDN address, 16 hexadecimal digits; the prefix comes later by router advertisement. */
  readonly interfaceId: string | undefined;
  readonly qci: number | undefined;
  /** Protocol configuration options as sent (request or answer), without the header. */
  readonly protocolConfiguration: Uint8Array | undefined;
}
