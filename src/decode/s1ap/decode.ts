// S1 Application Protocol, 3GPP TS 36.413 release 18: elementary procedures §8, messages §9.1, IEs §9.2, ASN.1 §9.3.
// Carried by SCTP, port 36412, payload protocol identifier 18 (TS 36.412).
import { append, NONE } from "#decode/digits/identities.ts";
import { ownCopy } from "#decode/digits/own-copy.ts";
import { isFault, readPdu, type Pdu } from "#decode/per/pdu.ts";
import { loadTable, type PerTable } from "#decode/per/table.ts";
import type { PerValue } from "#decode/per/value.ts";
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage, TunnelEnd } from "#model/message.ts";
import { Collector } from "./collect.ts";
import type { NasDecoder, S1apMessage } from "./message.ts";
import { TABLE } from "./table.ts";

const InitialUEMessage = 12;
const UplinkNASTransport = 13;

/** Reroute NAS Request carries a message that carries no further one. */
const MAX_REROUTED_DEPTH = 1;

let table: PerTable | undefined;

/**
 * Decodes `bytes[start, end)` as one S1AP PDU. `nas` decodes the NAS PDUs inside; without it `inner` stays empty.
 * `cut` says that octets of the PDU are missing at its end.
 *
 * Returns a fault where not even the head can be read; all other faults are in the message. The message holds its own copy of
 * the octets it refers to.
 */
export function decodeS1ap(bytes: Uint8Array, start: number, end: number, nas?: NasDecoder, cut = false): S1apMessage | Fault {
  return decode(bytes, start, end, nas, cut, 0);
}

function decode(
  bytes: Uint8Array,
  start: number,
  end: number,
  nas: NasDecoder | undefined,
  cut: boolean,
  depth: number,
): S1apMessage | Fault {
  table ??= loadTable(TABLE);
  const octets = ownCopy(bytes, start, end);
  const pdu = readPdu(table, "s1ap", octets, 0, octets.length, cut);
  if (isFault(pdu)) return pdu;
  const found = new Collector();
  found.message(pdu.ies);
  let inner: readonly DecodedMessage[] = nas === undefined ? NONE : nasMessages(pdu, found.nasPdus, nas);
  if (found.rerouted !== undefined && depth < MAX_REROUTED_DEPTH) {
    const rerouted = decode(found.rerouted, 0, found.rerouted.length, nas, false, depth + 1);
    if (!isFault(rerouted)) inner = append(inner, rerouted);
  }
  return {
    protocol: "s1ap",
    type: pdu.procedureCode,
    name: pdu.procedure,
    kind: pdu.outcome,
    imsi: found.imsi,
    msisdn: NONE,
    imei: NONE,
    teids: distinctEnds(found.bearers),
    ueAddresses: NONE,
    apn: NONE,
    inner,
    faults: pdu.faults,
    criticality: pdu.criticality,
    ies: pdu.ies,
    mmeUeId: found.mmeUeId,
    enbUeId: found.enbUeId,
    sourceMmeUeId: found.sourceMmeUeId,
    cause: found.cause,
    nasPdus: found.nasPdus,
    bearers: found.bearers,
    releasedErabs: found.releasedErabs,
    failedErabs: found.failedErabs,
    tai: found.tai,
    ecgi: found.ecgi,
    tais: found.tais,
    globalEnbId: found.globalEnbId,
    targetEnbId: found.targetEnbId,
    enbName: found.enbName,
    mmeName: found.mmeName,
    servedGummeis: found.servedGummeis,
    gummei: found.gummei,
    sTmsi: found.sTmsi,
    ueSecurityCapabilities: found.ueSecurityCapabilities,
    trace: found.trace,
    locationRequest: found.locationRequest,
    handoverType: found.handoverType,
    establishmentCause: found.establishmentCause,
    sourceToTarget: container(pdu, found, found.sourceToTarget, "SourceeNB-ToTargeteNB-TransparentContainer"),
    targetToSource: container(pdu, found, found.targetToSource, "TargeteNB-ToSourceeNB-TransparentContainer"),
    reset: found.resetAll || found.resetUes.length > 0 ? { all: found.resetAll, ues: found.resetUes } : undefined,
    rerouted: found.rerouted,
    unknownIes: pdu.unknown,
  };
}

function nasMessages(pdu: Pdu, nasPdus: readonly Uint8Array[], nas: NasDecoder): readonly DecodedMessage[] {
  if (nasPdus.length === 0) return NONE;
  const uplink = pdu.procedureCode === InitialUEMessage || pdu.procedureCode === UplinkNASTransport;
  const context = uplink ? UPLINK : DOWNLINK;
  return nasPdus.map((octets) => nas(octets, 0, octets.length, context));
}

const UPLINK = { direction: "uplink" } as const;
const DOWNLINK = { direction: "downlink" } as const;

/** Transparent containers have the eNB's form only in a handover within LTE; else they are those of the other system. */
function container(
  pdu: Pdu,
  found: Collector,
  octets: Uint8Array | undefined,
  typeName: string,
): { readonly octets: Uint8Array; readonly decoded: PerValue | undefined } | undefined {
  if (octets === undefined) return undefined;
  // Handover Request Acknowledge states no handover type, so that its container stays undecoded here.
  return { octets, decoded: found.handoverType === "intralte" ? pdu.contained(typeName, octets) : undefined };
}

function distinctEnds(bearers: readonly TunnelEnd[]): readonly TunnelEnd[] {
  if (bearers.length === 0) return NONE;
  const ends: TunnelEnd[] = [];
  for (const { teid, address } of bearers) {
    if (!ends.some((end) => end.teid === teid && end.address === address)) ends.push({ teid, address });
  }
  return ends;
}
