/** S1AP handover by the core (TS 36.413 §8.4): required, request, acknowledge, command, notify. */
import { address, cat, type Octets, plmnOctets, u32, u8 } from "./octets.ts";
import { ie, pdu, PerWriter, singleContainers } from "./per.ts";
import {
  ambr,
  capabilities,
  Cause,
  type Cell,
  ecgi,
  globalEnb,
  ids,
  qos,
  securityContext,
  tai,
  visitedCell,
  type Trace,
  traceActivation,
  type Tunnel,
  type UeIds,
} from "./s1ap.ts";

const per = (): PerWriter => new PerWriter();

/** An RRC container with the empty critical extension: the shortest well-formed one (TS 36.331). */
const emptyRrc = Uint8Array.of(0x80);

/** SourceeNB-ToTargeteNB-TransparentContainer: RRC container, target cell, one visited cell. */
function sourceToTarget(target: Cell, from: Cell): Octets {
  const w = per().bits(0, 1).bits(0, 3).octetString(emptyRrc);
  w.bits(0, 2).raw(plmnOctets(target.plmn)).align().bits(target.cell, 28);
  visitedCell(w, from);
  return per().octetString(w.done()).done();
}

function targetToSource(): Octets {
  return per()
    .octetString(per().bits(0, 1).bits(0, 1).raw(per().octetString(emptyRrc).done()).done())
    .done();
}

export function handoverRequired(u: UeIds, target: Cell, source: Cell): Octets {
  const id = cat(per().bits(0, 1).bits(0, 2).bits(0, 2).done(), globalEnb(target).subarray(1), tai(target).subarray(1));
  return pdu(0, 0, "reject", [
    ...ids(u),
    ie(1, "reject", u8(0)),
    ie(2, "ignore", Cause.s1HandoverDesirable),
    ie(4, "reject", id),
    ie(104, "reject", sourceToTarget(target, source)),
  ]);
}

export function handoverRequest(
  mme: number,
  bearer: number,
  uplink: Tunnel,
  target: Cell,
  source: Cell,
  o: { eea: number; eia: number; nextHop: Octets; trace?: Trace },
): Octets {
  const w = per().bits(0, 2).bits(0, 1).bits(bearer, 4).transportAddress(address(uplink.address)).raw(u32(uplink.teid));
  const item = qos(w, 9).done();
  const ies = [
    ie(0, "reject", per().integer(mme, 0, 0xffff_ffff).done()),
    ie(1, "reject", u8(0)),
    ie(2, "ignore", Cause.s1HandoverDesirable),
    ie(66, "reject", ambr(100_000_000, 50_000_000)),
    ie(53, "reject", singleContainers([ie(27, "reject", item)])),
    ie(104, "reject", sourceToTarget(target, source)),
    ie(107, "reject", capabilities(o.eea, o.eia)),
  ];
  if (o.trace !== undefined) ies.push(traceActivation(o.trace));
  ies.push(ie(40, "reject", securityContext(2, o.nextHop)));
  return pdu(0, 1, "reject", ies);
}

/** `forwarding`: where the target wants the source's undelivered downlink packets. */
export function handoverRequestAcknowledge(u: UeIds, bearer: number, downlink: Tunnel, forwarding?: Tunnel): Octets {
  const has = forwarding === undefined ? 0 : 1;
  const w = per().bits(0, 1).bits(has, 1).bits(has, 1).bits(0, 3).bits(0, 1).bits(bearer, 4);
  w.transportAddress(address(downlink.address)).raw(u32(downlink.teid));
  if (forwarding !== undefined) w.transportAddress(address(forwarding.address)).raw(u32(forwarding.teid));
  return pdu(1, 1, "reject", [
    ...ids(u, "ignore"),
    ie(18, "ignore", singleContainers([ie(20, "ignore", w.done())])),
    ie(123, "reject", targetToSource()),
  ]);
}

export function handoverCommand(u: UeIds, bearer: number, forwarding?: Tunnel): Octets {
  const ies = [...ids(u), ie(1, "reject", u8(0))];
  if (forwarding !== undefined) {
    const w = per().bits(0, 1).bits(1, 1).bits(1, 1).bits(0, 3).bits(0, 1).bits(bearer, 4);
    w.transportAddress(address(forwarding.address)).raw(u32(forwarding.teid));
    ies.push(ie(12, "ignore", singleContainers([ie(14, "ignore", w.done())])));
  }
  ies.push(ie(123, "reject", targetToSource()));
  return pdu(1, 0, "reject", ies);
}

export function handoverNotify(u: UeIds, c: Cell): Octets {
  return pdu(0, 2, "ignore", [...ids(u), ie(100, "ignore", ecgi(c)), ie(67, "ignore", tai(c))]);
}
