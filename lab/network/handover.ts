/** Service request, handover by X2 and by S1, with the forwarding tunnels that they use for a moment. */
import * as gtp from "#lab/wire/gtpv2.ts";
import * as nas from "#lab/wire/nas.ts";
import * as px from "#lab/wire/pfcp.ts";
import * as s1 from "#lab/wire/s1ap.ts";
import * as ho from "#lab/wire/s1ap-handover.ts";
import { endMarker } from "#lab/wire/tunnels.ts";
import * as x2 from "#lab/wire/x2ap.ts";
import { Association } from "./association.ts";
import type { Core } from "./core.ts";
import type { Enb } from "./layout.ts";
import type { Subscriber } from "./subscriber.ts";

const associations = new WeakMap<Core, Map<string, Association>>();

function x2Association(core: Core, from: Enb, to: Enb): Association {
  const of = associations.get(core) ?? new Map<string, Association>();
  associations.set(core, of);
  const key = `${from.name}>${to.name}`;
  const known = of.get(key);
  if (known !== undefined) return known;
  const made = new Association(core.cables, "x2", from.at.x2 ?? "", to.at.x2 ?? "", { cport: 36_422, sport: 36_422, ppid: 27 });
  of.set(key, made);
  return made;
}

export interface HandoverResult {
  /** When the downlink reaches the target. */
  readonly done: number;
  /** Where undelivered packets are forwarded to (X2-U, or by the gateway). */
  readonly forwarding: s1.Tunnel;
  readonly oldDownlink: s1.Tunnel;
  readonly oldEnb: Enb;
}

function endMarkers(core: Core, at: number, to: s1.Tunnel): void {
  const from = core.layout.sgwU.at.s1u ?? "";
  for (let i = 0; i < 3; i++) core.cables.udp("s1u", at + i * 0.0005, from, to.address, 2152, 2152, endMarker(to.teid));
}

function switchDownlink(core: Core, s: Subscriber, at: number): number {
  const n = core.nextGtp();
  core.s11(true, at, gtp.modifyBearerRequest(n, s.s11Sgw.teid, s.downlink, gtp.uli(s.enb.cell)));
  if (core.layout.kind === "cups") {
    core.modification(
      s,
      at + 0.001,
      px.updateFar({ id: 2, action: px.Action.forward, destination: px.Destination.access, outer: px.outerHeader("gtpu", s.downlink) }),
    );
  }
  core.s11(false, at + 0.005, gtp.modifyBearerResponse(n, s.s11Mme.teid, s.uplink));
  s.epochs.push({ from: at + 0.004, enb: s.enb, up: s.uplink, down: s.downlink });
  return at + 0.006;
}

/** `visible`: the X2 signalling itself is on the tapped wire. */
export function x2Handover(core: Core, s: Subscriber, target: Enb, at: number, o: { visible?: boolean } = {}): HandoverResult {
  const r = core.random;
  const l = core.layout;
  const oldEnb = s.enb;
  const oldDownlink = s.downlink;
  const forwarding = { address: target.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 };
  const [oldUe, newUe] = [r.int(1, 4000), r.int(1, 4000)];
  const link = x2Association(core, oldEnb, target);
  if (o.visible !== false) {
    const context = { mmeUe: s.mmeUe, plmn: l.plmn, group: l.mmeGroup, code: l.mmeCode, bearer: 5, uplink: s.uplink, key: r.bytes(32) };
    link.send(true, at, x2.x2HandoverRequest(oldUe, target.cell, oldEnb.cell, context), { stream: 1 });
    link.send(false, at + 0.004, x2.x2HandoverAcknowledge(oldUe, newUe, 5, forwarding), { stream: 1 });
  }
  s.enb = target;
  s.enbUe = r.int(1, 0xffffff);
  s.downlink = { address: target.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 };
  const a = core.assoc(target);
  const ids = { mme: s.mmeUe, enb: s.enbUe };
  a.send(true, at + 0.05, s1.pathSwitchRequest(ids, 5, s.downlink, target.cell, 0xe000, 0xe000), { stream: 2 });
  const t = switchDownlink(core, s, at + 0.054);
  endMarkers(core, t, oldDownlink);
  a.send(false, t + 0.002, s1.pathSwitchAcknowledge(ids, r.bytes(32)), { stream: 2 });
  if (o.visible !== false) link.send(false, t + 0.01, x2.x2ContextRelease(oldUe, newUe), { stream: 1 });
  return { done: t, forwarding, oldDownlink, oldEnb };
}

/** `indirect`: forwarding goes by the gateway (Create Indirect Data Forwarding Tunnel), else straight between the eNBs. */
export function s1Handover(
  core: Core,
  s: Subscriber,
  target: Enb,
  at: number,
  o: { indirect?: boolean; trace?: s1.Trace; label?: string } = {},
): HandoverResult {
  const r = core.random;
  const oldEnb = s.enb;
  const oldDownlink = s.downlink;
  const source = core.assoc(oldEnb);
  const to = core.assoc(target);
  const oldIds = { mme: s.mmeUe, enb: s.enbUe };
  const atTarget = { address: target.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 };
  const forwarding = o.indirect === true ? { address: core.layout.sgwU.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 } : atTarget;
  source.send(true, at, ho.handoverRequired(oldIds, target.cell, oldEnb.cell), { stream: 2 });
  const request = { eea: 0xe000, eia: 0xe000, nextHop: r.bytes(32), ...(o.trace === undefined ? {} : { trace: o.trace }) };
  to.send(false, at + 0.004, ho.handoverRequest(s.mmeUe, 5, s.uplink, target.cell, oldEnb.cell, request), {
    stream: 2,
    ...(o.label === undefined ? {} : { label: o.label }),
  });
  s.enb = target;
  s.enbUe = r.int(1, 0xffffff);
  s.downlink = { address: target.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 };
  const ids = { mme: s.mmeUe, enb: s.enbUe };
  to.send(true, at + 0.02, ho.handoverRequestAcknowledge(ids, 5, s.downlink, atTarget), { stream: 2 });
  if (o.indirect === true) {
    const n = core.nextGtp();
    core.s11(true, at + 0.022, gtp.createIndirectRequest(n, s.s11Sgw.teid, atTarget));
    core.s11(false, at + 0.026, gtp.createIndirectResponse(n, s.s11Mme.teid, forwarding));
  }
  source.send(false, at + 0.028, ho.handoverCommand(oldIds, 5, forwarding), { stream: 2 });
  to.send(true, at + 0.09, ho.handoverNotify(ids, target.cell), { stream: 2 });
  const t = switchDownlink(core, s, at + 0.093);
  endMarkers(core, t, oldDownlink);
  source.send(false, t + 0.02, s1.contextReleaseCommand(oldIds, s1.Cause.successfulHandover), { stream: 2 });
  source.send(true, t + 0.03, s1.contextReleaseComplete(oldIds), { stream: 2 });
  return { done: t, forwarding, oldDownlink, oldEnb };
}

/** After a release: paging (for downlink) and service request bring the bearer back with new eNB ends. */
export function serviceRequest(
  core: Core,
  s: Subscriber,
  at: number,
  o: { paged?: boolean; contextLabel?: string; trace?: s1.Trace } = {},
): number {
  const r = core.random;
  const a = core.assoc(s.enb);
  let t = at;
  if (o.paged === true) {
    a.send(false, t, s1.paging(r.int(0, 1023), s.guti.code, s.guti.tmsi, s.enb.cell), { stream: 0 });
    t += 0.3;
  }
  s.enbUe = r.int(1, 0xffffff);
  s.mmeUe = r.u32();
  s.downlink = { address: s.enb.at.s1u ?? "", teid: (r.u32() | 1) >>> 0 };
  const ids = { mme: s.mmeUe, enb: s.enbUe };
  a.send(
    true,
    t,
    s1.initialUe(s.enbUe, nas.serviceRequest(1, s.nasUp++, r.bytes(2)), s.enb.cell, {
      cause: o.paged === true ? "mt-Access" : "mo-Data",
      sTmsi: s.guti,
    }),
    { stream: 2 },
  );
  const setup = {
    bearer: 5,
    uplink: s.uplink,
    eea: 0xe000,
    eia: 0xe000,
    key: r.bytes(32),
    ...(o.trace === undefined ? {} : { trace: o.trace }),
  };
  a.send(false, t + 0.006, s1.initialContextSetupRequest(ids, setup), {
    stream: 2,
    ...(o.contextLabel === undefined ? {} : { label: o.contextLabel }),
  });
  a.send(true, t + 0.05, s1.initialContextSetupResponse(ids, 5, s.downlink), { stream: 2 });
  return core.modifyBearer(s, t + 0.053);
}
