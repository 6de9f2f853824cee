/** X2AP (TS 36.423): handover request, its acknowledge and the release of the old context. */
import { address, cat, type Octets, plmnOctets, u16, u32, u8 } from "./octets.ts";
import { ie, pdu, PerWriter, singleContainers } from "./per.ts";
import { type Cell, ecgi, type Tunnel, visitedCell } from "./s1ap.ts";

const per = (): PerWriter => new PerWriter();

/** UE-X2AP-ID ::= INTEGER (0..4095) */
function ueId(n: number): Octets {
  return per().integer(n, 0, 4095).done();
}

export interface X2Context {
  readonly mmeUe: number;
  readonly plmn: string;
  readonly group: number;
  readonly code: number;
  readonly bearer: number;
  readonly uplink: Tunnel;
  readonly key: Octets;
}

/** UE-ContextInformation (§9.1.1.1) and the rest of HANDOVER REQUEST. */
export function x2HandoverRequest(oldUe: number, target: Cell, source: Cell, c: X2Context): Octets {
  const item = per().bits(0, 1).bits(0, 2).bits(0, 1).bits(c.bearer, 4);
  item.bits(0, 3).integer(9, 0, 255).bits(0, 2).bits(8, 4).bits(0, 1).bits(1, 1);
  item.bits(0, 2).transportAddress(address(c.uplink.address)).raw(u32(c.uplink.teid));
  const list = singleContainers([ie(4, "ignore", item.done())]);
  const head = per().bits(0, 1).bits(0, 4);
  head.integer(c.mmeUe, 0, 0xffff_ffff);
  head.bits(0, 2).bits(0, 1).bits(0xe000, 16).bits(0, 1).bits(0xe000, 16);
  head.bits(0, 2).raw(c.key).bits(1, 3);
  head.bits(0, 2).integer(100_000_000, 0, 10_000_000_000).integer(50_000_000, 0, 10_000_000_000);
  head.raw(list);
  const context = head.raw(per().octetString(Uint8Array.of(0x80)).done()).done();
  const gummei = cat(per().bits(0, 2).bits(0, 2).raw(plmnOctets(c.plmn)).done(), u16(c.group), u8(c.code));
  const history = visitedCell(per(), source).done();
  return pdu(0, 0, "reject", [
    ie(10, "reject", ueId(oldUe)),
    ie(5, "ignore", per().bits(0, 1).bits(0, 2).bits(0, 1).bits(0, 5).done()),
    ie(11, "reject", ecgi(target)),
    ie(23, "reject", gummei),
    ie(14, "reject", context),
    ie(15, "ignore", history),
  ]);
}

export function x2HandoverAcknowledge(oldUe: number, newUe: number, bearer: number, forwarding: Tunnel): Octets {
  const w = per().bits(0, 1).bits(0, 1).bits(1, 1).bits(0, 1).bits(0, 1).bits(bearer, 4);
  w.bits(0, 2).transportAddress(address(forwarding.address)).raw(u32(forwarding.teid));
  const rrc = per().octetString(Uint8Array.of(0x80)).done();
  return pdu(1, 0, "reject", [
    ie(10, "ignore", ueId(oldUe)),
    ie(9, "ignore", ueId(newUe)),
    ie(1, "ignore", singleContainers([ie(0, "ignore", w.done())])),
    ie(12, "ignore", rrc),
  ]);
}

export function x2ContextRelease(oldUe: number, newUe: number): Octets {
  return pdu(0, 5, "ignore", [ie(10, "reject", ueId(oldUe)), ie(9, "reject", ueId(newUe))]);
}
