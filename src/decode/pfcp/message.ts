// PFCP, 3GPP TS 29.244 (Release 17/18): what a decoded message offers. Clause numbers below are of that document.
import type { TraceReference } from "#decode/digits/trace.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";

/** One information element as it lies in `PfcpMessage.bytes` (§8.1.1): a view, never a copy. */
export interface PfcpIe {
  readonly type: number;
  /** Vendor IEs (type 32768 and above) name their enterprise; its two octets are not part of `start`/`length`. */
  readonly enterprise: number | undefined;
  /** Offset and octets of the value, from the start of `PfcpMessage.bytes`. */
  readonly start: number;
  readonly length: number;
  /** Elements of a grouped IE, in order; empty for others. */
  readonly children: readonly PfcpIe[];
}

/** §7.2.2. */
export interface PfcpHeader {
  readonly sequence: number;
  readonly priority: number | undefined;
  readonly followOn: boolean;
  readonly length: number;
  /** Header octets: 8 or 16. */
  readonly octets: number;
  /** Spare bits: 0 in honest messages. */
  readonly spare: number;
}

/** F-SEID, IE 57 (§8.2.37): names a session, no tunnel. `seid` is hexadecimal, 16 digits. */
export interface Fseid {
  readonly seid: string;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** F-TEID, IE 21 (§8.2.3). With CHOOSE there is no TEID and no address: the user plane picks them. */
export interface PfcpFteid {
  readonly choose: boolean;
  readonly chooseId: number | undefined;
  readonly teid: number | undefined;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
}

/** UE IP Address, IE 93 (§8.2.62). */
export interface UeIpAddress {
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  /** S/D flag: the address is the packet's destination. */
  readonly destination: boolean;
  readonly choose: boolean;
  readonly prefixLength: number | undefined;
}

/** SDF Filter, IE 23 (§8.2.5). */
export interface SdfFilter {
  /** IPFilterRule text, as in RFC 6733 §4.3.1. */
  readonly flowDescription: string | undefined;
  readonly tosTrafficClass: number | undefined;
  readonly spi: number | undefined;
  readonly flowLabel: number | undefined;
  readonly filterId: number | undefined;
}

/** PDI, IE 2 (§7.5.2.2-2). */
export interface Pdi {
  /** 0 Access, 1 Core, 2 SGi-LAN/N6-LAN, 3 CP-function, 4 5G VN internal (§8.2.2). */
  readonly sourceInterface: number | undefined;
  readonly fteids: readonly PfcpFteid[];
  readonly networkInstance: string | undefined;
  readonly ueIpAddresses: readonly UeIpAddress[];
  readonly sdfFilters: readonly SdfFilter[];
  readonly applicationId: string | undefined;
  readonly qfis: readonly number[];
  readonly trafficEndpointIds: readonly number[];
}

/** Create PDR 1, Update PDR 9, Created PDR 8, Updated PDR 256. */
export interface Pdr {
  readonly id: number | undefined;
  readonly precedence: number | undefined;
  readonly pdi: Pdi | undefined;
  /** Description octet of Outer Header Removal (§8.2.64): 0 GTP-U/UDP/IPv4, … */
  readonly outerHeaderRemoval: number | undefined;
  readonly farId: number | undefined;
  readonly urrIds: readonly number[];
  readonly qerIds: readonly number[];
  readonly marId: number | undefined;
  readonly activatedRules: readonly string[];
  readonly deactivatedRules: readonly string[];
  /** Created PDR: the local F-TEIDs that the user plane chose. */
  readonly fteids: readonly PfcpFteid[];
  readonly ueIpAddresses: readonly UeIpAddress[];
}

/** Outer Header Creation, IE 84 (§8.2.56): where packets are sent to. */
export interface OuterHeaderCreation {
  /** 16-bit description: 0x0100 GTP-U/UDP/IPv4, 0x0200 GTP-U/UDP/IPv6, 0x0400 UDP/IPv4, 0x0800 UDP/IPv6, 0x1000 IPv4, 0x2000 IPv6, 0x4000 C-TAG, 0x8000 S-TAG. */
  readonly description: number;
  readonly teid: number | undefined;
  readonly ipv4: string | undefined;
  readonly ipv6: string | undefined;
  readonly port: number | undefined;
  readonly cTag: number | undefined;
  readonly sTag: number | undefined;
}

/** Redirect Information, IE 38 (§8.2.20). */
export interface RedirectInformation {
  /** 0 IPv4, 1 IPv6, 2 URL, 3 SIP URI, 4 IPv4 and IPv6. */
  readonly addressType: number;
  readonly address: string;
  readonly otherAddress: string | undefined;
}

/** Header Enrichment, IE 98 (§8.2.67): the name is kept, the value's octets only counted (it may identify a subscriber). */
export interface HeaderEnrichment {
  readonly headerType: number;
  readonly name: string;
  readonly valueOctets: number;
}

/** (Update) Forwarding Parameters 4/11, (Update) Duplicating Parameters 5/105, Redundant Transmission Forwarding Parameters 270. */
export interface ForwardingParameters {
  /** 0 Access, 1 Core, 2 SGi-LAN/N6-LAN, 3 CP-function, 4 LI Function, 5 5G VN internal (§8.2.24). */
  readonly destinationInterface: number | undefined;
  readonly networkInstance: string | undefined;
  readonly outerHeaderCreation: OuterHeaderCreation | undefined;
  readonly forwardingPolicy: string | undefined;
  readonly redirectInformation: RedirectInformation | undefined;
  readonly headerEnrichment: readonly HeaderEnrichment[];
  readonly linkedTrafficEndpointId: number | undefined;
  /** PFCPSMReq-Flags (IE 49) where they stand in Update Forwarding Parameters: 0x01 drop buffered, 0x02 send end markers, … */
  readonly smReqFlags: number | undefined;
  readonly transportLevelMarking: number | undefined;
}

/** Bits of `Far.applyAction` (§8.2.26): octet 5 is the low byte, octet 6 the high one. */
export const ApplyAction = {
  DROP: 0x01,
  FORW: 0x02,
  BUFF: 0x04,
  NOCP: 0x08,
  DUPL: 0x10,
  IPMA: 0x20,
  IPMD: 0x40,
  DFRT: 0x80,
  EDRT: 0x0100,
  BDPN: 0x0200,
  DDPN: 0x0400,
  FSSM: 0x0800,
  MBSU: 0x1000,
} as const;

/** Create FAR 3, Update FAR 10. */
export interface Far {
  readonly id: number | undefined;
  readonly applyAction: number | undefined;
  readonly forwarding: ForwardingParameters | undefined;
  /** One for each (Update) Duplicating Parameters. */
  readonly duplicating: readonly ForwardingParameters[];
  readonly redundantTransmission: readonly ForwardingParameters[];
  /** Add MBS Unicast Parameters (IE 302): multicast content replicated to each of these, innocent where it is MBS. */
  readonly mbsUnicast: readonly ForwardingParameters[];
  readonly barId: number | undefined;
  /** Vendor IEs inside this FAR: unreviewed behaviour. */
  readonly vendorIes: readonly PfcpIe[];
}

/** Create Traffic Endpoint 127, Update 129, Created 128. */
export interface TrafficEndpoint {
  readonly id: number | undefined;
  readonly fteids: readonly PfcpFteid[];
  readonly networkInstance: string | undefined;
  readonly ueIpAddresses: readonly UeIpAddress[];
}

/** User ID, IE 141 (§8.2.101). */
export interface UserId {
  readonly imsi: string | undefined;
  readonly imei: string | undefined;
  readonly msisdn: string | undefined;
  readonly nai: string | undefined;
  readonly supi: string | undefined;
  readonly gpsi: string | undefined;
  readonly pei: string | undefined;
}

/** Trace Information, IE 152 (§8.2.109). Lists as hexadecimal. */
export interface PfcpTraceInformation {
  readonly reference: TraceReference;
  readonly triggeringEvents: string;
  readonly depth: number | undefined;
  readonly interfaces: string;
  readonly collector: string | undefined;
}

/** Application ID with its PFDs (IEs 58, 59, 61). */
export interface ApplicationPfds {
  readonly applicationId: string | undefined;
  readonly flowDescriptions: readonly string[];
  readonly urls: readonly string[];
  readonly domainNames: readonly string[];
}

export interface PfcpMessage extends DecodedMessage {
  readonly protocol: "pfcp";
  readonly type: number;
  readonly header: PfcpHeader;
  /** The message's own octets, header included: a copy that outlives the frame. */
  readonly bytes: Uint8Array;
  readonly ies: readonly PfcpIe[];
  /** Octets of `bytes` after the last readable element; 0 in honest messages. */
  readonly trailingOctets: number;
  /** Octets of the datagram that no message covers. */
  readonly uncoveredOctets: number;
  /** Those of them that were captured, own copy; undefined where there are none. */
  readonly uncovered: Uint8Array | undefined;

  /** 1 request accepted (§8.2.1). */
  readonly cause: number | undefined;
  /** Header SEID as 16 hexadecimal digits; undefined in node messages. */
  readonly seid: string | undefined;
  /** F-SEID of the message: the CP's in requests, the UP's in establishment responses. */
  readonly fseids: readonly Fseid[];
  readonly cpFSeid: Fseid | undefined;
  readonly upFSeid: Fseid | undefined;
  /** Node ID (IE 60): address or FQDN. */
  readonly nodeId: string | undefined;
  readonly createPdr: readonly Pdr[];
  readonly updatePdr: readonly Pdr[];
  readonly removePdr: readonly number[];
  readonly createdPdr: readonly Pdr[];
  readonly createFar: readonly Far[];
  readonly updateFar: readonly Far[];
  readonly removeFar: readonly number[];
  readonly qerIds: readonly number[];
  readonly urrIds: readonly number[];
  readonly barIds: readonly number[];
  readonly createTrafficEndpoint: readonly TrafficEndpoint[];
  readonly updateTrafficEndpoint: readonly TrafficEndpoint[];
  readonly removeTrafficEndpoint: readonly number[];
  readonly userIds: readonly UserId[];
  readonly traces: readonly PfcpTraceInformation[];
  /** Predefined rules named anywhere in the message; the rule itself is not on the wire. */
  readonly activatedRules: readonly string[];
  readonly deactivatedRules: readonly string[];
  readonly pfds: readonly ApplicationPfds[];
  readonly recoveryTimeStamp: number | undefined;
  /** Every vendor IE at any depth. */
  readonly vendorIes: readonly PfcpIe[];
}

/** What one datagram gave: messages with the follow-on flag come one after the other (§7.2.1A). */
export interface PfcpDatagram {
  readonly messages: readonly PfcpMessage[];
  readonly faults: readonly Fault[];
}
