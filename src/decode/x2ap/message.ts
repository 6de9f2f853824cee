import type { Criticality, ProtocolIe } from "#decode/per/value.ts";
import type { DecodedMessage, TunnelEnd } from "#model/message.ts";
import type { Ecgi, GlobalEnbId, Gummei } from "#model/mobility.ts";

/**
 * Whose end of a tunnel a transport pair is (TS 36.423 §9.2.1, GTP Tunnel Endpoint): `sgw` and `enb` are the ends of S1-U, the
 * latter also at a secondary node; forwarding ends are to where handover data is sent; `x2-u` are ends between two base
 * stations that serve one bearer together.
 */
export type X2BearerEnd = "sgw" | "enb" | "dl-forwarding" | "ul-forwarding" | "x2-u";

export interface X2Bearer extends TunnelEnd {
  /** -1 where the pair belongs to no E-RAB. */
  readonly erabId: number;
  readonly end: X2BearerEnd;
  readonly qci: number | undefined;
}

export interface X2apMessage extends DecodedMessage {
  readonly protocol: "x2ap";
  /** Procedure code. */
  readonly type: number;
  readonly kind: "initiating" | "successful" | "unsuccessful";
  readonly criticality: Criticality;
  readonly ies: readonly ProtocolIe[];

  /** UE X2AP ids without their extension (12 bits); in dual connectivity the master's is `old…`, the secondary's is `new…`. */
  readonly oldEnbUeId: number | undefined;
  readonly newEnbUeId: number | undefined;
  /** Further bits of the two ids, where an eNB serves more UEs than twelve bits number (§9.2.86). */
  readonly oldEnbUeIdExtension: number | undefined;
  readonly newEnbUeIdExtension: number | undefined;
  /** From the UE context information of a Handover Request: how the MME knows the UE. */
  readonly mmeUeId: number | undefined;
  readonly cause: { readonly group: string; readonly value: string | number } | undefined;
  readonly bearers: readonly X2Bearer[];
  readonly targetCell: Ecgi | undefined;
  readonly globalEnbId: GlobalEnbId | undefined;
  readonly gummei: Gummei | undefined;
  /** As in S1AP: 0x8000 EEA1/EIA1, 0x4000 EEA2/EIA2, 0x2000 EEA3/EIA3. */
  readonly ueSecurityCapabilities: { readonly encryption: number; readonly integrity: number } | undefined;
  /** Trace activation that a handover carries on; same fields as S1AP's. */
  readonly trace: X2TraceOrder | undefined;
  readonly unknownIes: readonly ProtocolIe[];
}

export interface X2TraceOrder {
  readonly plmn: string;
  readonly traceId: number;
  readonly recordingSession: number;
  readonly reference: string;
  readonly interfaces: number | undefined;
  readonly depth: string | number | undefined;
  readonly collector: readonly string[];
  readonly collectorUri: string | undefined;
  readonly mdt: unknown;
}
