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
import { Draft } from "./draft.ts";
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
  const message = new Draft(pdu);
  const found = new Collector(message);
  found.gather();
  message.teids = distinctEnds(message.bearers);
  if (nas !== undefined) message.inner = nasMessages(pdu, message.nasPdus, nas);
  if (message.rerouted !== undefined && depth < MAX_REROUTED_DEPTH) {
    const rerouted = decode(message.rerouted, 0, message.rerouted.length, nas, false, depth + 1);
    if (!isFault(rerouted)) message.inner = append(message.inner, rerouted);
  }
  message.sourceToTarget = container(pdu, message, found.sourceToTarget, "SourceeNB-ToTargeteNB-TransparentContainer");
  message.targetToSource = container(pdu, message, found.targetToSource, "TargeteNB-ToSourceeNB-TransparentContainer");
  if (found.resetAll || found.resetUes.length > 0) message.reset = { all: found.resetAll, ues: found.resetUes };
  return message;
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
  message: S1apMessage,
  octets: Uint8Array | undefined,
  typeName: string,
): { readonly octets: Uint8Array; readonly decoded: PerValue | undefined } | undefined {
  if (octets === undefined) return undefined;
  // Handover Request Acknowledge states no handover type, so that its container stays undecoded here.
  return { octets, decoded: message.handoverType === "intralte" ? pdu.contained(typeName, octets) : undefined };
}

function distinctEnds(bearers: readonly TunnelEnd[]): readonly TunnelEnd[] {
  if (bearers.length === 0) return NONE;
  const ends: TunnelEnd[] = [];
  for (const { teid, address } of bearers) {
    if (!ends.some((end) => end.teid === teid && end.address === address)) ends.push({ teid, address });
  }
  return ends;
}
