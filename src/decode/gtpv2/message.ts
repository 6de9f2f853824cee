// GTPv2-C, 3GPP TS 29.274 (Release 17/18): what a decoded message offers. Clause numbers below are of that document.
import type { Cgi, Ecgi, Lai, Rai, Tai } from "#decode/digits/place.ts";
import type { TraceReference } from "#decode/digits/trace.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";

/**
 * One information element as it lies in `Gtpv2Message.bytes` (§8.2.1): a view, never a copy.
 * Every element is listed, known or not, so that what carries nothing known can still be measured.
 */
export interface Gtpv2Ie {
  readonly type: number;
  readonly instance: number;
  /** Upper nibble of the instance octet, spare: 0 in honest messages. */
  readonly spare: number;
  /** Offset and octets of the value, from the start of `Gtpv2Message.bytes`. */
  readonly start: number;
  readonly length: number;
  /** Elements of a grouped IE, in order; empty for others. */
  readonly children: readonly Gtpv2Ie[];
}

/** §5.1. `teid` is undefined where the T flag is 0 (Echo, Version Not Supported). */
export interface Gtpv2Header {
  readonly piggybacked: boolean;
  readonly teid: number | undefined;
  readonly sequence: number;
  /** Message priority (MP flag), 0 … 15. */
  readonly priority: number | undefined;
  /** The length field: octets after the first four. */
  readonly length: number;
  /** Header octets: 8 or 12. */
  readonly octets: number;
  /** Spare bits of octet 1 and the last octet, OR-ed: 0 in honest messages. */
  readonly spare: number;
}

/** F-TEID, IE 87 (§8.22). */
export interface Fteid {
  /** 0 S1-U eNB, 1 S1-U SGW, 4/5 S5/S8-U SGW/PGW, 6/7 S5/S8-C SGW/PGW, 10/11 S11 MME/SGW, …; see `interfaceTypeName`. */
  readonly interfaceType: number;
  readonly teid: number;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly instance: number;
}

/** Bearer Context, IE 93 (§8.28); `instance` tells created, modified, to be removed, … (per message tables of §7). */
export interface BearerContext {
  readonly instance: number;
  readonly ebi: number | undefined;
  readonly cause: number | undefined;
  readonly qci: number | undefined;
  readonly chargingId: number | undefined;
  readonly fteids: readonly Fteid[];
}

/** PDN Connection, IE 109 (§8.39), in Context Response and Forward Relocation Request. */
export interface PdnConnection {
  readonly apn: string | undefined;
  readonly ebi: number | undefined;
  readonly ueAddresses: readonly string[];
  readonly fteids: readonly Fteid[];
  readonly bearers: readonly BearerContext[];
}

/** User Location Information, IE 86 (§8.21): the parts that are present. */
export interface UserLocation {
  readonly cgi?: Cgi;
  readonly sai?: Cgi;
  readonly rai?: Rai;
  readonly tai?: Tai;
  readonly ecgi?: Ecgi;
  readonly lai?: Lai;
  /** Macro and extended macro eNodeB ids (§8.21.7, §8.21.8), each with its PLMN. */
  readonly enb?: { readonly plmn: string; readonly id: number; readonly extended: boolean };
}

/** Trace Information, IE 96 (§8.31), or Extended Trace Information, IE 205 (§8.124): an order to trace. */
export interface TraceInformation {
  readonly reference: TraceReference;
  readonly extended: boolean;
  /** 0 minimum, 1 medium, 2 maximum, 3–5 the same without vendor extensions (TS 32.422 §5.3). */
  readonly depth: number | undefined;
  /** Trace collection entity; undefined where the field is absent or of no address length. */
  readonly collector: string | undefined;
  /** Hexadecimal of the lists as sent: triggering events, network element types, interfaces (TS 32.422 §5.1, §5.4, §5.5). */
  readonly triggeringEvents: string;
  readonly neTypes: string;
  readonly interfaces: string;
}

/** MDT Configuration, IE 162 (§8.84). */
export interface MdtConfiguration {
  readonly jobType: number;
  readonly start: number;
  readonly length: number;
}

/** Private Extension, IE 255 (§8.67): where its content lies in `bytes`. */
export interface PrivateExtension {
  /** IANA enterprise number, undefined where fewer than two octets are there. */
  readonly enterprise: number | undefined;
  /** The octets after the enterprise number. */
  readonly start: number;
  readonly length: number;
}

/** GUTI, IE 117 (§8.47). */
export interface Guti {
  readonly plmn: string;
  readonly mmeGroupId: number;
  readonly mmeCode: number;
  readonly mTmsi: number;
}

/** MM Context, IEs 103 … 108 (§8.38): the security context that moves with the subscriber. Keys are never kept. */
export interface MmContext {
  readonly type: number;
  readonly securityMode: number;
  readonly ksi: number | undefined;
  /** NAS algorithms in use, EPS contexts only: 0 EEA0/EIA0, 1 …, 7. */
  readonly integrityAlgorithm: number | undefined;
  readonly cipheringAlgorithm: number | undefined;
}

export interface Gtpv2Message extends DecodedMessage {
  readonly protocol: "gtpv2";
  readonly type: number;
  readonly header: Gtpv2Header;
  /** The message's own octets, header included: a copy that outlives the frame. All offsets point into it. */
  readonly bytes: Uint8Array;
  readonly ies: readonly Gtpv2Ie[];
  /** Octets of `bytes` after the last readable element; 0 in honest messages. */
  readonly trailingOctets: number;
  /** Octets of the datagram after the last message that its length fields do not cover. */
  readonly uncoveredOctets: number;
  /** Those of them that were captured, own copy; undefined where there are none. */
  readonly uncovered: Uint8Array | undefined;

  /** The message-level Cause (IE 2): 16 request accepted, 17 partially, … */
  readonly cause: number | undefined;
  readonly recovery: number | undefined;
  /** F-TEIDs of the message itself; those of bearers and PDN connections stand there (all are in `teids`). */
  readonly fteids: readonly Fteid[];
  /** Bearer contexts of the message itself; those of PDN connections stand there. */
  readonly bearers: readonly BearerContext[];
  readonly pdnConnections: readonly PdnConnection[];
  /** Message-level EBIs (linked EBI and others). */
  readonly ebis: readonly number[];
  readonly userLocation: UserLocation | undefined;
  readonly servingNetwork: string | undefined;
  /** 1 UTRAN, 2 GERAN, 3 WLAN, 6 EUTRAN, 8 NB-IoT, 10 NR, … (§8.17). */
  readonly ratType: number | undefined;
  readonly pdnType: number | undefined;
  readonly guti: Guti | undefined;
  readonly tmsi: number | undefined;
  readonly pTmsi: number | undefined;
  /** Names of the Indication flags that are set (IE 77, §8.12): `UIMSI` is an unauthenticated IMSI, `HI` a handover, … */
  readonly indications: readonly string[];
  /** NAS message that IE 116 carries: 0 complete attach request, 1 complete TAU request (§8.46). */
  readonly completeRequest: { readonly kind: number; readonly start: number; readonly length: number } | undefined;
  /** F-Containers (IE 118, §8.48) and transparent containers: where their contents lie. */
  readonly containers: readonly { readonly ie: number; readonly kind: number; readonly start: number; readonly length: number }[];
  readonly traces: readonly TraceInformation[];
  /** Trace Reference (IE 115), as in Trace Session Deactivation. */
  readonly traceReferences: readonly TraceReference[];
  readonly mdt: readonly MdtConfiguration[];
  readonly mmContexts: readonly MmContext[];
  readonly privateExtensions: readonly PrivateExtension[];
  /** Addresses of nodes other than F-TEIDs name: IP Address (74), FQ-CSID (132), PCO (P-CSCF, DNS), … */
  readonly otherAddresses: readonly { readonly ie: number; readonly what: string; readonly address: string }[];
  /** Node names: FQDN (136), Node Identifier (176). */
  readonly nodeNames: readonly string[];
}

/** What one datagram gave: piggybacked messages come one after the other (§5.5.1). */
export interface Gtpv2Datagram {
  readonly messages: readonly Gtpv2Message[];
  /** Why a message is not in `messages`: its length contradicts the datagram, its version is another. */
  readonly faults: readonly Fault[];
}
