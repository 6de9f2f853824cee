// X2 Application Protocol, 3GPP TS 36.423 release 18: elementary procedures §8, messages §9.1, IEs §9.2, ASN.1 §9.3.
// Carried by SCTP, port 36422, payload protocol identifier 27 (TS 36.422).
import { isFault, readPdu } from "#decode/per/pdu.ts";
import { loadTable, type PerTable } from "#decode/per/table.ts";
import type { Fault } from "#model/fault.ts";
import type { TunnelEnd } from "#model/message.ts";
import { Collector } from "./collect.ts";
import type { X2apMessage } from "./message.ts";
import { TABLE } from "./table.ts";

let table: PerTable | undefined;

/**
 * Decodes `bytes[start, end)` as one X2AP PDU; `cut` says that octets of the PDU are missing at its end.
 *
 * Returns a fault where not even the head can be read; all other faults are in the message. The message holds its own copy of
 * the octets it refers to.
 */
export function decodeX2ap(bytes: Uint8Array, start: number, end: number, cut = false): X2apMessage | Fault {
  table ??= loadTable(TABLE);
  // A copy, also of a Buffer, whose own `slice` would be a view.
  const octets = new Uint8Array(bytes.subarray(start, end));
  const pdu = readPdu(table, "x2ap", octets, 0, octets.length, cut);
  if (isFault(pdu)) return pdu;
  const found = new Collector();
  found.message(pdu.ies);
  return {
    protocol: "x2ap",
    type: pdu.procedureCode,
    name: pdu.procedure,
    kind: pdu.outcome,
    imsi: [],
    msisdn: [],
    imei: [],
    teids: distinctEnds(found.bearers),
    ueAddresses: [],
    apn: [],
    inner: [],
    faults: pdu.faults,
    criticality: pdu.criticality,
    ies: pdu.ies,
    oldEnbUeId: found.oldEnbUeId,
    newEnbUeId: found.newEnbUeId,
    oldEnbUeIdExtension: found.oldEnbUeIdExtension,
    newEnbUeIdExtension: found.newEnbUeIdExtension,
    mmeUeId: found.mmeUeId,
    cause: found.cause,
    bearers: found.bearers,
    targetCell: found.targetCell,
    globalEnbId: found.globalEnbId,
    gummei: found.gummei,
    ueSecurityCapabilities: found.ueSecurityCapabilities,
    trace: found.trace,
    unknownIes: pdu.unknown,
  };
}

function distinctEnds(bearers: readonly TunnelEnd[]): TunnelEnd[] {
  const ends: TunnelEnd[] = [];
  for (const { teid, address } of bearers) {
    if (!ends.some((end) => end.teid === teid && end.address === address)) ends.push({ teid, address });
  }
  return ends;
}
