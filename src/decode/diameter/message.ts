// Diameter, RFC 6733, with the 3GPP applications of TS 29.230: what a decoded message offers. Clauses: TS 29.272 unless said.
import type { TraceReference } from "#decode/digits/trace.ts";
import type { DecodedMessage } from "#model/message.ts";
import type { Ecgi, Tai } from "#model/mobility.ts";
import type { Avp } from "./avp.ts";

/** Trace-Data (§7.3.59): an order to trace, in Subscription-Data (ULA, IDR), Gx, Sh or SWx. */
export interface DiameterTrace {
  /** PLMN and trace id; undefined where the AVP has not six octets. */
  readonly reference: TraceReference | undefined;
  /** 0 minimum, 1 medium, 2 maximum, 3–5 the same without vendor extensions. */
  readonly depth: number | undefined;
  /** Address of the trace collection entity. */
  readonly collector: string | undefined;
  /** OMC-Id as hexadecimal. */
  readonly omcId: string | undefined;
  /** Hexadecimal of the lists as sent: network element types, interfaces, events. */
  readonly neTypes: string;
  readonly interfaces: string;
  readonly events: string;
  /** MDT-Configuration: Job-Type 0 immediate MDT, 1 logged MDT, 2 trace only, 3 immediate MDT and trace, 4 RLF reports. */
  readonly jobType: number | undefined;
  readonly mdt: boolean;
}

/** EPS-Location-Information (§7.3.111 … 116), MME or SGSN part, or a location in an SLg answer: what it discloses. */
export interface DiameterLocation {
  readonly source: "mme" | "sgsn" | "slg";
  readonly ecgi: Ecgi | undefined;
  readonly tai: Tai | undefined;
  /** Cell, routing, location or service area of GERAN/UTRAN is present. */
  readonly area: boolean;
  /** Geographical or geodetic coordinates, or a Location-Estimate, are present. */
  readonly coordinates: boolean;
  /** Current-Location-Retrieved: the UE was paged for it. */
  readonly current: boolean;
  /** Minutes. */
  readonly ageMinutes: number | undefined;
}

/** Monitoring-Event-Configuration (TS 29.336 §8.4.2): a standing order to report. */
export interface MonitoringEvent {
  readonly scefId: string | undefined;
  readonly scefReference: number | undefined;
  /** References of orders that end. */
  readonly deleted: readonly number[];
  /** Monitoring-Type: 0 loss of connectivity, 1 UE reachability, 2 location reporting, 3 IMSI-IMEI change, 4 roaming status, … */
  readonly type: number | undefined;
}

/** LCS client of an SLg request (TS 29.172 §7.4, TS 32.299 §7.2.88). */
export interface LcsClient {
  /** 0 emergency services, 1 value added services, 2 PLMN operator services, 3 lawful interception. */
  readonly type: number | undefined;
  readonly name: string | undefined;
}

export interface DiameterMessage extends DecodedMessage {
  readonly protocol: "diameter";
  /** Command code. */
  readonly type: number;
  readonly request: boolean;
  readonly application: number;
  /** `S6a/S6d`, `Gx`, …; undefined where the application is unknown. */
  readonly applicationName: string | undefined;
  /** Command flags as sent: 0x80 request, 0x40 proxiable, 0x20 error, 0x10 potentially retransmitted. */
  readonly flags: number;
  readonly hopByHop: number;
  readonly endToEnd: number;
  /** The message's own octets, header included: a copy that outlives the frame. */
  readonly bytes: Uint8Array;
  readonly avps: readonly Avp[];

  readonly sessionId: string | undefined;
  readonly originHost: string | undefined;
  readonly originRealm: string | undefined;
  readonly destinationHost: string | undefined;
  readonly destinationRealm: string | undefined;
  readonly routeRecord: readonly string[];
  readonly userName: string | undefined;
  /** Public-Identity (Cx, Sh) and External-Identifier (S6t): `sip:…`, `tel:…`, `user@domain`. */
  readonly publicIdentities: readonly string[];
  /** Result-Code, or Experimental-Result-Code with its vendor. */
  readonly resultCode: number | undefined;
  readonly experimentalResult: { readonly vendor: number; readonly code: number } | undefined;
  /** True for an answer with a 2xxx result. */
  readonly success: boolean | undefined;

  readonly visitedPlmn: string | undefined;
  /** IDR-Flags (§7.3.103): 0x01 UE reachability, 0x02 T-ADS, 0x04 user state, 0x08 EPS location, 0x10 current location, 0x20 local time zone, 0x80 RAT type. */
  readonly idrFlags: number | undefined;
  readonly ulrFlags: number | undefined;
  readonly dsrFlags: number | undefined;
  readonly cancellationType: number | undefined;
  /** Vectors asked for (AIR), and vectors in the answer. */
  readonly requestedVectors: number | undefined;
  readonly vectors: number;
  /** Whether Subscription-Data is present. */
  readonly subscriptionData: boolean;
  readonly ratType: number | undefined;

  readonly traces: readonly DiameterTrace[];
  /** Trace references outside of Trace-Data: traces that are withdrawn (DSR). */
  readonly traceReferences: readonly TraceReference[];
  readonly locations: readonly DiameterLocation[];
  /** 3GPP-User-Location-Info (TS 29.061 §16.4.7.2, Gx/Gy) is present, with the cell and area it names. */
  readonly userLocation: { readonly ecgi: Ecgi | undefined; readonly tai: Tai | undefined } | undefined;
  /** Values of EPS-User-State and the like are present. */
  readonly userState: boolean;
  readonly monitoringEvents: readonly MonitoringEvent[];
  readonly monitoringReports: number;

  /** Sh: Data-Reference values (14 location, 15 user state, 17 MSISDN, 32 IMSI, 34 IMEISV, …) and Current-Location. */
  readonly dataReferences: readonly number[];
  readonly currentLocation: number | undefined;
  /** SLg: SLg-Location-Type (0 current, 1 current or last, 2 initial, 3 activate deferred, 4 cancel). */
  readonly slgLocationType: number | undefined;
  readonly lcsClient: LcsClient | undefined;
  readonly locationEvent: number | undefined;
  /** SLh: addresses and identities of the serving nodes in the answer. */
  readonly servingNodes: readonly string[];
}
