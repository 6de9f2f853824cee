/**
 * Diameter: RFC 6733 (base), with RFC 7155, 8506 and the 3GPP applications S6a/S6d, S13 (TS 29.272), Cx (29.229), Sh (29.329),
 * Gx (29.212), Rx (29.214), Gy (32.299), SWx (29.273), SLg (29.172), SLh (29.173), S6c/SGd (29.338), S6m/S6t (29.336), T6a (29.128).
 */
import { ownCopy } from "#decode/digits/own-copy.ts";
import { readPlmn } from "#decode/digits/plmn.ts";
import type { TraceReference } from "#decode/digits/trace.ts";
import type { Fault } from "#model/fault.ts";
import { type Avp, avpAddress, avpIdentity, avpText, avpU32, eachAvp, findAvp, readAvps } from "./avp.ts";
import { applicationName, commandName } from "./commands.ts";
import { VENDOR_3GPP } from "./dictionary.ts";
import { type Identities, noteIdentity } from "./identities.ts";
import type { DiameterLocation, DiameterMessage, DiameterTrace, LcsClient, MonitoringEvent } from "./message.ts";
import { avpEcgi, readLocation, readUserLocation } from "./place.ts";
import { readTrace, traceReference } from "./trace.ts";
import { APPLICATION, COMMAND, diameterLength, END_TO_END, FLAG_REQUEST, FLAGS, HEADER, HOP_BY_HOP, LENGTH, u24, u32 } from "./wire.ts";

export interface DiameterResult {
  readonly message: DiameterMessage | undefined;
  readonly fault: Fault | undefined;
}

/**
 * Reads the message in `source[start, end)`, copying its octets. Without a readable header the answer is a fault; whatever else
 * is wrong is in the message's `faults`, and what was read before it is kept. `cut`: octets after `end` were sent but not captured.
 */
export function decodeDiameter(source: Uint8Array, start: number, end: number, cut = false): DiameterResult {
  const had = end - start;
  const bad = (code: Fault["code"], field: string, offset: number, needed: number): DiameterResult => ({
    message: undefined,
    fault: { layer: "diameter", code, field, offset, needed, had },
  });
  if (had < HEADER) return bad(cut ? "cut" : "short", "header", 0, HEADER);
  if (source[start] !== 1) return bad("version", "version", 0, 1);
  const length = diameterLength(source, start, end);
  if (length <= 0) return bad("value", "header", 0, HEADER);
  if (length > had && !cut) return bad("length", "message length", LENGTH, length);
  const bytes = ownCopy(source, start, start + Math.min(length, had));
  return { message: read(bytes, length), fault: undefined };
}

function read(bytes: Uint8Array, length: number): DiameterMessage {
  const faults: Fault[] = [];
  const flags = bytes[FLAGS] as number;
  const request = (flags & FLAG_REQUEST) !== 0;
  const command = u24(bytes, COMMAND);
  const application = u32(bytes, APPLICATION);
  const avps = readAvps(bytes, HEADER, bytes.length, bytes.length < length, faults);
  const found = gather(bytes, avps, application);
  const text = (code: number): string | undefined => {
    const avp = findAvp(avps, code);
    return avp === undefined ? undefined : avpText(bytes, avp);
  };
  const identity = (code: number): string | undefined => {
    const avp = findAvp(avps, code);
    return avp === undefined ? undefined : avpIdentity(bytes, avp);
  };
  const resultCode = avpU32(bytes, findAvp(avps, RESULT_CODE));
  const experimental = findAvp(avps, EXPERIMENTAL_RESULT);
  const experimentalResult =
    experimental === undefined
      ? undefined
      : {
          vendor: avpU32(bytes, findAvp(experimental.children, VENDOR_ID)) ?? 0,
          code: avpU32(bytes, findAvp(experimental.children, EXPERIMENTAL_RESULT_CODE)) ?? 0,
        };
  const result = resultCode ?? experimentalResult?.code;
  return {
    protocol: "diameter",
    type: command,
    name: commandName(command, request),
    request,
    application,
    applicationName: applicationName(application),
    flags,
    hopByHop: u32(bytes, HOP_BY_HOP),
    endToEnd: u32(bytes, END_TO_END),
    bytes,
    avps,
    sessionId: text(SESSION_ID),
    originHost: identity(ORIGIN_HOST),
    originRealm: identity(ORIGIN_REALM),
    destinationHost: identity(DESTINATION_HOST),
    destinationRealm: identity(DESTINATION_REALM),
    routeRecord: avps.filter((a) => a.code === ROUTE_RECORD && a.vendor === 0).map((a) => avpText(bytes, a)),
    userName: text(USER_NAME),
    resultCode,
    experimentalResult,
    success: request || result === undefined ? undefined : result >= 2000 && result < 3000,
    ...found,
    inner: [],
    faults,
  };
}

const USER_NAME = 1;
const SESSION_ID = 263;
const ORIGIN_HOST = 264;
const VENDOR_ID = 266;
const RESULT_CODE = 268;
const ROUTE_RECORD = 282;
const DESTINATION_REALM = 283;
const DESTINATION_HOST = 293;
const ORIGIN_REALM = 296;
const EXPERIMENTAL_RESULT = 297;
const EXPERIMENTAL_RESULT_CODE = 298;

type Found = Pick<
  DiameterMessage,
  | "imsi"
  | "msisdn"
  | "imei"
  | "teids"
  | "ueAddresses"
  | "apn"
  | "publicIdentities"
  | "visitedPlmn"
  | "idrFlags"
  | "ulrFlags"
  | "dsrFlags"
  | "cancellationType"
  | "requestedVectors"
  | "vectors"
  | "subscriptionData"
  | "ratType"
  | "traces"
  | "traceReferences"
  | "locations"
  | "userLocation"
  | "userState"
  | "monitoringEvents"
  | "monitoringReports"
  | "dataReferences"
  | "currentLocation"
  | "slgLocationType"
  | "lcsClient"
  | "locationEvent"
  | "servingNodes"
>;

/** AVPs of 3GPP that a field is read from, wherever they stand. */
const Code = {
  USER_LOCATION_INFO: 22,
  DATA_REFERENCE: 703,
  CURRENT_LOCATION: 707,
  RAT_TYPE: 1032,
  LCS_NAME_STRING: 1238,
  LCS_CLIENT_TYPE: 1241,
  LOCATION_ESTIMATE: 1242,
  SUBSCRIPTION_DATA: 1400,
  ULR_FLAGS: 1405,
  VISITED_PLMN_ID: 1407,
  NUMBER_OF_REQUESTED_VECTORS: 1410,
  E_UTRAN_VECTOR: 1414,
  UTRAN_VECTOR: 1415,
  GERAN_VECTOR: 1416,
  CANCELLATION_TYPE: 1420,
  DSR_FLAGS: 1421,
  TRACE_DATA: 1458,
  TRACE_REFERENCE: 1459,
  SGSN_NUMBER: 1489,
  IDR_FLAGS: 1490,
  USER_STATE: 1499,
  MME_LOCATION_INFORMATION: 1600,
  SGSN_LOCATION_INFORMATION: 1601,
  MME_NAME: 2402,
  MSC_NUMBER: 2403,
  GMLC_ADDRESS: 2405,
  SGSN_NAME: 2409,
  SLG_LOCATION_TYPE: 2500,
  LCS_EPS_CLIENT_NAME: 2501,
  AGE_OF_LOCATION_ESTIMATE: 2514,
  SLG_ECGI: 2517,
  LOCATION_EVENT: 2518,
  MONITORING_EVENT_CONFIGURATION: 3122,
  MONITORING_EVENT_REPORT: 3123,
  SCEF_REFERENCE_ID: 3124,
  SCEF_ID: 3125,
  SCEF_REFERENCE_ID_FOR_DELETION: 3126,
  MONITORING_TYPE: 3127,
} as const;

/** Entries kept of each list: more than that many orders in one message are counted by the AVP tree alone. */
const LIST_LIMIT = 64;

function gather(bytes: Uint8Array, avps: readonly Avp[], application: number): Found {
  const identities: Identities = { imsi: [], msisdn: [], imei: [], ueAddresses: [], apn: [], publicIdentities: [] };
  const traces: DiameterTrace[] = [];
  const traceReferences: TraceReference[] = [];
  const locations: DiameterLocation[] = [];
  const monitoringEvents: MonitoringEvent[] = [];
  const dataReferences: number[] = [];
  const servingNodes: string[] = [];
  const first = new Map<number, Avp>();
  let vectors = 0;
  let monitoringReports = 0;
  let userLocation: Found["userLocation"];
  let clientName: string | undefined;

  eachAvp(avps, (avp, group) => {
    noteIdentity(bytes, avp, group, application, identities);
    if (avp.vendor !== VENDOR_3GPP) return;
    if (!first.has(avp.code)) first.set(avp.code, avp);
    switch (avp.code) {
      case Code.TRACE_DATA:
        if (traces.length < LIST_LIMIT) traces.push(readTrace(bytes, avp));
        break;
      case Code.TRACE_REFERENCE: {
        if (group?.code === Code.TRACE_DATA) break;
        const reference = traceReference(bytes, avp);
        if (reference !== undefined && traceReferences.length < LIST_LIMIT) traceReferences.push(reference);
        break;
      }
      case Code.MME_LOCATION_INFORMATION:
      case Code.SGSN_LOCATION_INFORMATION:
        if (locations.length < LIST_LIMIT) {
          locations.push(readLocation(bytes, avp, avp.code === Code.MME_LOCATION_INFORMATION ? "mme" : "sgsn"));
        }
        break;
      case Code.E_UTRAN_VECTOR:
      case Code.UTRAN_VECTOR:
      case Code.GERAN_VECTOR:
        vectors++;
        break;
      case Code.MONITORING_EVENT_CONFIGURATION:
        if (monitoringEvents.length < LIST_LIMIT) monitoringEvents.push(readMonitoringEvent(bytes, avp));
        break;
      case Code.MONITORING_EVENT_REPORT:
        monitoringReports++;
        break;
      case Code.DATA_REFERENCE: {
        const value = avpU32(bytes, avp);
        if (value !== undefined && dataReferences.length < LIST_LIMIT) dataReferences.push(value);
        break;
      }
      case Code.USER_LOCATION_INFO:
        userLocation ??= readUserLocation(bytes, avp);
        break;
      case Code.LCS_NAME_STRING:
        if (group?.code === Code.LCS_EPS_CLIENT_NAME || clientName === undefined) clientName = avpText(bytes, avp);
        break;
      case Code.MME_NAME:
      case Code.SGSN_NAME:
        if (servingNodes.length < LIST_LIMIT) servingNodes.push(avpText(bytes, avp));
        break;
      case Code.GMLC_ADDRESS: {
        const address = avpAddress(bytes, avp);
        if (address !== undefined && servingNodes.length < LIST_LIMIT) servingNodes.push(address);
        break;
      }
      default:
    }
  });

  const number = (code: number): number | undefined => avpU32(bytes, first.get(code));
  const estimate = first.get(Code.LOCATION_ESTIMATE);
  const slgEcgi = first.get(Code.SLG_ECGI);
  if (estimate !== undefined || slgEcgi !== undefined) {
    locations.push({
      source: "slg",
      ecgi: avpEcgi(bytes, slgEcgi),
      tai: undefined,
      area: false,
      coordinates: estimate !== undefined,
      current: number(Code.AGE_OF_LOCATION_ESTIMATE) === 0,
      ageMinutes: number(Code.AGE_OF_LOCATION_ESTIMATE),
    });
  }
  const visited = first.get(Code.VISITED_PLMN_ID);
  const clientType = number(Code.LCS_CLIENT_TYPE);
  const lcsClient: LcsClient | undefined =
    clientType === undefined && clientName === undefined ? undefined : { type: clientType, name: clientName };
  return {
    ...identities,
    teids: [],
    visitedPlmn: visited !== undefined && visited.length === 3 ? readPlmn(bytes, visited.start) : undefined,
    idrFlags: number(Code.IDR_FLAGS),
    ulrFlags: number(Code.ULR_FLAGS),
    dsrFlags: number(Code.DSR_FLAGS),
    cancellationType: number(Code.CANCELLATION_TYPE),
    requestedVectors: number(Code.NUMBER_OF_REQUESTED_VECTORS),
    vectors,
    subscriptionData: first.has(Code.SUBSCRIPTION_DATA),
    ratType: number(Code.RAT_TYPE),
    traces,
    traceReferences,
    locations,
    userLocation,
    userState: first.has(Code.USER_STATE),
    monitoringEvents,
    monitoringReports,
    dataReferences,
    currentLocation: number(Code.CURRENT_LOCATION),
    slgLocationType: number(Code.SLG_LOCATION_TYPE),
    lcsClient,
    locationEvent: number(Code.LOCATION_EVENT),
    servingNodes,
  };
}

function readMonitoringEvent(bytes: Uint8Array, group: Avp): MonitoringEvent {
  const scef = findAvp(group.children, Code.SCEF_ID, VENDOR_3GPP);
  return {
    scefId: scef === undefined ? undefined : avpText(bytes, scef),
    scefReference: avpU32(bytes, findAvp(group.children, Code.SCEF_REFERENCE_ID, VENDOR_3GPP)),
    deleted: group.children
      .filter((a) => a.code === Code.SCEF_REFERENCE_ID_FOR_DELETION && a.vendor === VENDOR_3GPP)
      .slice(0, LIST_LIMIT)
      .map((a) => avpU32(bytes, a) ?? 0),
    type: avpU32(bytes, findAvp(group.children, Code.MONITORING_TYPE, VENDOR_3GPP)),
  };
}
