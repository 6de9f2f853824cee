import type { PerValue, ProtocolIe, Criticality, Sequence } from "#decode/per/value.ts";
import type { DecodedMessage, TunnelEnd } from "#model/message.ts";
import type { Ecgi, GlobalEnbId, Gummei, STmsi, Tai } from "#model/mobility.ts";

/**
 * Whose end of a tunnel a transport pair is. Forwarding ends are the ones to which handover data is sent:
 * `dl-forwarding` for downlink data, `ul-forwarding` for uplink data.
 */
export type BearerEnd = "sgw" | "enb" | "dl-forwarding" | "ul-forwarding";

/** One transport pair of one E-RAB. A pair with an IPv4 and an IPv6 address (160 bits) gives two of these. */
export interface Bearer extends TunnelEnd {
  readonly erabId: number;
  readonly end: BearerEnd;
  readonly qci: number | undefined;
}

/** TS 36.413 §9.2.1.3. */
export interface Cause {
  readonly group: string;
  /** Name as in the ASN.1 module, or the number of an unknown value. */
  readonly value: string | number;
}

/** Trace Activation or Cell Traffic Trace (TS 36.413 §9.2.1.4, §9.1.18; TS 32.422). */
export interface TraceOrder {
  /** PLMN of the trace reference. */
  readonly plmn: string;
  /** 24 bits. */
  readonly traceId: number;
  /** 16 bits. */
  readonly recordingSession: number;
  /** PLMN, trace id and recording session as sent: 8 octets, hexadecimal. */
  readonly reference: string;
  /** Undefined in Cell Traffic Trace. S1-MME 0x80, X2 0x40, Uu 0x20, F1-C 0x10, E1 0x08. */
  readonly interfaces: number | undefined;
  readonly depth: string | number | undefined;
  /** Address of the trace collection entity (both where both are carried); empty where it is not readable. */
  readonly collector: readonly string[];
  readonly collectorUri: string | undefined;
  /** MDT configuration as decoded (MDT-Configuration), where present. */
  readonly mdt: Sequence | undefined;
  readonly mdtNr: Uint8Array | undefined;
}

/** EEA/EIA the UE is said to support: bit i of 8 set = algorithm i (algorithm 0 is always supported and has no bit in S1AP). */
export interface UeSecurityCapabilities {
  /** 16 bits as sent: 0x8000 EEA1, 0x4000 EEA2, 0x2000 EEA3. */
  readonly encryption: number;
  /** 16 bits as sent: 0x8000 EIA1, 0x4000 EIA2, 0x2000 EIA3. */
  readonly integrity: number;
}

export interface LocationRequest {
  /** `direct`, `change-of-serve-cell`, `stop-change-of-serve-cell`, … or the number. */
  readonly event: string | number;
  readonly area: string | number;
}

export interface ServedGummeis {
  readonly plmns: readonly string[];
  readonly mmeGroupIds: readonly number[];
  readonly mmeCodes: readonly number[];
}

export interface UeIdPair {
  readonly mmeUeId: number | undefined;
  readonly enbUeId: number | undefined;
}

export interface S1apMessage extends DecodedMessage {
  readonly protocol: "s1ap";
  /** Procedure code. */
  readonly type: number;
  readonly kind: "initiating" | "successful" | "unsuccessful";
  readonly criticality: Criticality;
  /** The protocol IEs of the message in order of appearance, unknown ones with their number. */
  readonly ies: readonly ProtocolIe[];

  /** Unsigned 32 bits. */
  readonly mmeUeId: number | undefined;
  /** 24 bits. */
  readonly enbUeId: number | undefined;
  /** Path Switch Request names the UE by the id its source MME gave it. */
  readonly sourceMmeUeId: number | undefined;
  readonly cause: Cause | undefined;
  /** NAS PDUs as sent, in order of appearance; their decoded form is `inner`. */
  readonly nasPdus: readonly Uint8Array[];
  readonly bearers: readonly Bearer[];
  /** E-RABs that this message orders or reports released. */
  readonly releasedErabs: readonly number[];
  /** E-RABs that were not set up, not modified or not admitted. */
  readonly failedErabs: readonly number[];
  readonly tai: Tai | undefined;
  readonly ecgi: Ecgi | undefined;
  /** Tracking areas of a paging or a warning, and those an eNB serves (S1 Setup, configuration update). */
  readonly tais: readonly Tai[];
  readonly globalEnbId: GlobalEnbId | undefined;
  readonly targetEnbId: GlobalEnbId | undefined;
  readonly enbName: string | undefined;
  readonly mmeName: string | undefined;
  readonly servedGummeis: readonly ServedGummeis[];
  readonly gummei: Gummei | undefined;
  readonly sTmsi: STmsi | undefined;
  readonly ueSecurityCapabilities: UeSecurityCapabilities | undefined;
  readonly trace: TraceOrder | undefined;
  readonly locationRequest: LocationRequest | undefined;
  readonly handoverType: string | number | undefined;
  /** RRC establishment cause (`emergency`, `mo-Data`, …). */
  readonly establishmentCause: string | number | undefined;
  /** Transparent containers with their octets, and the decoded form where the tables have one. */
  readonly sourceToTarget: { readonly octets: Uint8Array; readonly decoded: PerValue | undefined } | undefined;
  readonly targetToSource: { readonly octets: Uint8Array; readonly decoded: PerValue | undefined } | undefined;
  /** Reset: every UE of the association, or the ones named; undefined in other messages. */
  readonly reset: { readonly all: boolean; readonly ues: readonly UeIdPair[] } | undefined;
  /** Reroute NAS Request carries an earlier S1AP message whole. */
  readonly rerouted: Uint8Array | undefined;
  /** IEs at any depth whose id the tables do not have at that place, and all private IEs. */
  readonly unknownIes: readonly ProtocolIe[];
}

/** What S1AP tells the NAS decoder about a PDU it carries. */
export interface NasContext {
  readonly direction: "uplink" | "downlink";
}

/** Decodes `bytes[start, end)` as one NAS PDU; wired in by the dispatch table so that protocols stay apart. */
export type NasDecoder = (bytes: Uint8Array, start: number, end: number, context: NasContext) => DecodedMessage;
