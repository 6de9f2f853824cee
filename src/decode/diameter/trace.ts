import { readTraceReference, type TraceReference } from "#decode/digits/trace.ts";
import { addressInText } from "#model/host-address.ts";
import { type Avp, avpAddress, avpText, avpU32, findAvp } from "./avp.ts";
import { VENDOR_3GPP } from "./dictionary.ts";
import type { DiameterTrace } from "./message.ts";

const TRACE_COLLECTION_ENTITY = 1452;
const TRACE_REFERENCE = 1459;
const TRACE_DEPTH = 1462;
const TRACE_NE_TYPE_LIST = 1463;
const TRACE_INTERFACE_LIST = 1464;
const TRACE_EVENT_LIST = 1465;
const OMC_ID = 1466;
const MDT_CONFIGURATION = 1622;
const JOB_TYPE = 1623;

/** Trace-Reference (TS 29.272 §7.3.64): MCC and MNC 3 octets, trace id 3 octets. */
export function traceReference(bytes: Uint8Array, avp: Avp | undefined): TraceReference | undefined {
  return avp !== undefined && avp.length === 6 ? readTraceReference(bytes, avp.start) : undefined;
}

/** Trace-Data (TS 29.272 §7.3.59) from the group's members. */
export function readTrace(bytes: Uint8Array, group: Avp): DiameterTrace {
  const member = (code: number): Avp | undefined => findAvp(group.children, code, VENDOR_3GPP);
  const collector = member(TRACE_COLLECTION_ENTITY);
  const omc = member(OMC_ID);
  const mdt = member(MDT_CONFIGURATION);
  return {
    reference: traceReference(bytes, member(TRACE_REFERENCE)),
    depth: avpU32(bytes, member(TRACE_DEPTH)),
    // Type Address (RFC 6733 §4.3.1); some write the address as text.
    collector: collector === undefined ? undefined : (avpAddress(bytes, collector) ?? addressInText(avpText(bytes, collector))),
    omcId: omc === undefined ? undefined : nameOf(bytes, omc),
    neTypes: hexOf(bytes, member(TRACE_NE_TYPE_LIST)),
    interfaces: hexOf(bytes, member(TRACE_INTERFACE_LIST)),
    events: hexOf(bytes, member(TRACE_EVENT_LIST)),
    jobType: mdt === undefined ? undefined : avpU32(bytes, findAvp(mdt.children, JOB_TYPE, VENDOR_3GPP)),
    mdt: mdt !== undefined,
  };
}

/** Octets shown of a list: real ones are below twenty. */
const LIST_OCTETS = 64;

/** A name where the octets are printable, else what they are. */
function nameOf(bytes: Uint8Array, avp: Avp): string {
  const text = avpText(bytes, avp);
  return /^[!-~]{2,64}$/.test(text) ? text : hexOf(bytes, avp);
}

function hexOf(bytes: Uint8Array, avp: Avp | undefined): string {
  if (avp === undefined) return "";
  let text = "";
  for (let i = avp.start; i < avp.start + Math.min(avp.length, LIST_OCTETS); i++)
    text += (bytes[i] as number).toString(16).padStart(2, "0");
  return text;
}
