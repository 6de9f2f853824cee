/** A subscription and the state of its session in the simulated core. */
import type { Random } from "#lab/random.ts";
import type { Guti } from "#lab/wire/nas.ts";
import type { Tunnel } from "#lab/wire/s1ap.ts";
import type { Enb, Layout } from "./layout.ts";

/** From `from` on, packets of this session use these tunnels. */
export interface Epoch {
  readonly from: number;
  readonly enb: Enb;
  /** S1-U, towards the gateway and towards the eNB. */
  readonly up: Tunnel;
  readonly down: Tunnel;
}

export interface Subscriber {
  readonly imsi: string;
  readonly msisdn: string;
  readonly imei: string;
  readonly ip: string;
  /** An address that the device made in its /64, and uses from then on (RFC 8981). */
  temporary: string | undefined;
  readonly guti: Guti;
  readonly capability: Uint8Array;
  enb: Enb;
  mmeUe: number;
  enbUe: number;
  /** Control-plane ends: MME and SGW on S11, SGW and PGW on S5. */
  readonly s11Mme: Tunnel;
  readonly s11Sgw: Tunnel;
  readonly s5SgwC: Tunnel;
  readonly s5PgwC: Tunnel;
  readonly s5SgwU: Tunnel;
  readonly s5PgwU: Tunnel;
  readonly seidCp: bigint;
  readonly seidUp: bigint;
  /** S1-U end of the gateway. */
  readonly uplink: Tunnel;
  downlink: Tunnel;
  nasUp: number;
  nasDown: number;
  readonly epochs: Epoch[];
}

export function drawSubscriber(random: Random, l: Layout, index: number, enb: Enb): Subscriber {
  const teid = (address: string): Tunnel => ({ address, teid: (random.u32() | 1) >>> 0 });
  const seid = (): bigint => BigInt(`0x${random.hex(16)}`) | 1n;
  const digits = 15 - l.plmn.length;
  const s11 = l.sgwC.at.s11 ?? "";
  const s5SgwC = l.sgwC.at.s5 ?? s11;
  const s5PgwC = l.pgwC.at.s5 ?? s11;
  return {
    imsi: l.plmn + random.digits(digits),
    msisdn: `${random.pick(["33", "49", "39", "34", "46"])}6${random.digits(8)}`,
    imei: `35${random.digits(14)}`,
    ip: l.prefix === undefined ? `${l.pool}.${10 + index}` : `${l.prefix}:${(16 + index).toString(16)}::1`,
    temporary: undefined,
    guti: { plmn: l.plmn, group: l.mmeGroup, code: l.mmeCode, tmsi: random.u32() },
    capability: Uint8Array.of(0xf0, 0x70, 0xc0, 0x40),
    enb,
    mmeUe: random.u32(),
    enbUe: random.int(1, 0xffffff),
    s11Mme: teid(l.mme.at.s11 ?? ""),
    s11Sgw: teid(s11),
    s5SgwC: teid(s5SgwC),
    s5PgwC: teid(s5PgwC),
    s5SgwU: teid(l.sgwU.at.s5 ?? ""),
    s5PgwU: teid(l.pgwU.at.s5 ?? ""),
    seidCp: seid(),
    seidUp: seid(),
    uplink: teid(l.sgwU.at.s1u ?? ""),
    downlink: teid(enb.at.s1u ?? ""),
    nasUp: 0,
    nasDown: 0,
    epochs: [],
  };
}

export function epochAt(s: Subscriber, at: number): Epoch | undefined {
  return s.epochs.findLast((e) => e.from <= at);
}
