/**
 * The simulated evolved packet core: it knows which messages a procedure consists of, in which order and with
 * which delays, and puts them on the wires. Scenarios change single steps through the options.
 */
import type { Random } from "#lab/random.ts";
import * as dia from "#lab/wire/diameter.ts";
import * as gtp from "#lab/wire/gtpv2.ts";
import * as nas from "#lab/wire/nas.ts";
import { cat, type Octets, zeros } from "#lab/wire/octets.ts";
import * as px from "#lab/wire/pfcp.ts";
import * as s1 from "#lab/wire/s1ap.ts";
import { Association, type SendOptions } from "./association.ts";
import type { Cables } from "./cables.ts";
import type { Enb, Layout } from "./layout.ts";
import { drawSubscriber, type Subscriber } from "./subscriber.ts";

export interface AttachOptions {
  readonly ciphering?: number;
  readonly integrity?: number;
  /** Adds an IE or AVP to the step of that name. */
  readonly trace?: Partial<Record<"contextSetup" | "createSession" | "updateLocation", s1.Trace>>;
  /** The default PFCP rules, changed: returns the IEs of Session Establishment after F-SEID. */
  readonly rules?: (s: Subscriber, base: PfcpRules) => Octets[];
  readonly emergency?: boolean;
  /** An ordinary attach whose PDN connection is for an emergency (TS 24.301 §6.5.1.2, request type 4). */
  readonly emergencyPdn?: boolean;
  /** Labels of the steps' frames. */
  readonly labels?: Partial<Record<AttachStep, string>>;
  readonly sctp?: Partial<Record<AttachStep, SendOptions>>;
  /** PFCP answers: rejected, or none. */
  readonly pfcpAnswer?: "rejected" | "none";
}

type AttachStep = "smc" | "contextSetup" | "createSession" | "establishment" | "updateLocation" | "initial";

export interface PfcpRules {
  readonly pdrUp: px.Pdr;
  readonly pdrDown: px.Pdr;
  readonly farUp: px.Far;
  readonly farDown: px.Far;
}

export class Core {
  readonly layout: Layout;
  readonly cables: Cables;
  readonly random: Random;
  readonly subscribers: Subscriber[] = [];
  readonly s1: Map<Enb, Association> = new Map();
  readonly s6a: Association;
  private gtpSequence: number;
  private pfcpSequence: number;
  private s5Sequence: number;

  constructor(layout: Layout, cables: Cables, random: Random) {
    this.layout = layout;
    this.cables = cables;
    this.random = random;
    this.gtpSequence = random.int(1, 60_000);
    this.pfcpSequence = random.int(1, 60_000);
    this.s5Sequence = random.int(1, 60_000);
    this.s6a = new Association(cables, "s6a", layout.mme.at.s6a ?? "", layout.hss.at.s6a ?? "", {
      cport: random.int(49_152, 65_000),
      sport: 3868,
      ppid: 46,
    });
    for (const enb of layout.enbs) {
      const cport = random.chance(0.5) ? 36_412 : random.int(40_000, 60_000);
      this.s1.set(enb, new Association(cables, "s1c", enb.at.s1c ?? "", layout.mme.at.s1c ?? "", { cport, sport: 36_412, ppid: 18 }));
    }
  }

  assoc(enb: Enb): Association {
    const a = this.s1.get(enb);
    if (a === undefined) throw new Error("eNB without association");
    return a;
  }

  /** S1 Setup of all eNBs and the PFCP association. */
  start(at = 0): void {
    const l = this.layout;
    for (const [i, enb] of l.enbs.entries()) {
      const t = at + i * 0.3;
      const a = this.assoc(enb);
      a.open(t);
      a.send(true, t + 0.024, s1.s1SetupRequest(enb.name, enb.cell));
      a.send(false, t + 0.034, s1.s1SetupResponse(l.mme.name, l.plmn, l.mmeGroup, l.mmeCode));
    }
    if (l.kind === "cups") {
      const sequence = this.pfcpSequence++;
      const cp = l.sgwC.at.sx ?? "";
      const up = l.sgwU.at.sx ?? "";
      const stamp = px.pie(96, Uint8Array.of(0xec, 1, 2, 3));
      this.pfcp(true, at + 0.1, px.pfcp(5, null, sequence, cat(px.nodeId(cp), stamp)));
      this.pfcp(
        false,
        at + 0.104,
        px.pfcp(6, null, sequence, cat(px.nodeId(up), px.causeAccepted(), stamp, px.pie(43, Uint8Array.of(0x10, 0)))),
      );
    }
  }

  pfcp(fromCp: boolean, at: number, message: Octets, label?: string): void {
    const cp = this.layout.sgwC.at.sx ?? "";
    const up = this.layout.sgwU.at.sx ?? "";
    this.cables.udp("sx", at, fromCp ? cp : up, fromCp ? up : cp, 8805, 8805, message, label);
  }

  s11(fromMme: boolean, at: number, message: Octets, label?: string): void {
    const mme = this.layout.mme.at.s11 ?? "";
    const sgw = this.layout.sgwC.at.s11 ?? "";
    this.cables.udp("s11", at, fromMme ? mme : sgw, fromMme ? sgw : mme, 2123, 2123, message, label);
  }

  s5c(fromSgw: boolean, at: number, message: Octets, label?: string): void {
    const sgw = this.layout.sgwC.at.s5 ?? "";
    const pgw = this.layout.pgwC.at.s5 ?? "";
    this.cables.udp("s5", at, fromSgw ? sgw : pgw, fromSgw ? pgw : sgw, 2123, 2123, message, label);
  }

  host(name: string): string {
    return `${name}.${this.layout.realm}`;
  }

  peers(fromMme: boolean, session: string): dia.Peers {
    const l = this.layout;
    const [origin, destination] = fromMme ? [l.mme.name, l.hss.name] : [l.hss.name, l.mme.name];
    return {
      session,
      application: dia.Application.s6a,
      originHost: this.host(origin),
      originRealm: l.realm,
      ...(fromMme ? { destinationHost: this.host(destination), destinationRealm: l.realm } : {}),
    };
  }

  session(host: string): string {
    return `${host};${this.random.u32()};${this.random.u32()};${this.random.int(1, 999_999)}`;
  }

  /** `ip`: an address that somebody else had before. */
  newSubscriber(enb?: Enb, ip?: string): Subscriber {
    const drawn = drawSubscriber(
      this.random,
      this.layout,
      this.subscribers.length * 3 + this.random.int(0, 2),
      enb ?? this.random.pick(this.layout.enbs),
    );
    const s = ip === undefined ? drawn : { ...drawn, ip };
    this.subscribers.push(s);
    return s;
  }

  /** NAS of an established security context; readable where EEA0 was chosen. */
  protect(s: Subscriber, up: boolean, header: number, plain: Octets, ciphering: number): Octets {
    const body = ciphering === 0 ? plain : this.random.bytes(plain.length);
    // A first octet that is no protocol discriminator, so that no reader takes ciphertext for clear text.
    if (ciphering !== 0) body[0] = ((body[0] ?? 0) & 0xf0) | 0x0c;
    return nas.secured(header, this.random.bytes(4), up ? s.nasUp++ : s.nasDown++, body);
  }

  private s6aExchange(at: number, command: number, request: Octets[], answer: Octets[], label?: string): number {
    const session = this.session(this.host(this.layout.mme.name));
    const ids = { hop: this.random.u32(), end: this.random.u32(), command, application: dia.Application.s6a };
    this.s6a.send(true, at, dia.diameter({ ...ids, request: true }, [...dia.opening(this.peers(true, session)), ...request]), {
      stream: 1,
    });
    const t = at + 0.006 + this.random.unit() * 0.004;
    this.s6a.send(false, t, dia.diameter({ ...ids, request: false }, [...dia.opening(this.peers(false, session), 2001), ...answer]), {
      stream: 1,
      ...(label === undefined ? {} : { label }),
    });
    return t;
  }

  /** Attach with everything it takes; returns the time at which the bearer works. */
  attach(s: Subscriber, at: number, o: AttachOptions = {}): number {
    const l = this.layout;
    const a = this.assoc(s.enb);
    const r = this.random;
    const ids = { mme: s.mmeUe, enb: s.enbUe };
    const options = (step: AttachStep): SendOptions => ({
      stream: 2,
      ...o.sctp?.[step],
      ...(o.labels?.[step] === undefined ? {} : { label: o.labels[step] }),
    });
    const ciphering = o.ciphering ?? 2;
    const integrity = o.integrity ?? 2;
    let t = at;
    const request = nas.attachRequest(
      { imsi: s.imsi },
      s.capability,
      o.emergency === true ? { attachType: 6 } : { emergencyPdn: o.emergencyPdn === true },
    );
    a.send(true, t, s1.initialUe(s.enbUe, request, s.enb.cell, o.emergency === true ? { cause: "emergency" } : {}), options("initial"));
    t += 0.002;
    if (o.emergency !== true) {
      const vector = dia.avp3(1413, dia.vectorAvp(r.bytes(16), r.bytes(8), r.bytes(16), r.bytes(32)));
      t = this.s6aExchange(t, dia.Command.air, dia.airAvps(s.imsi, l.plmn), [vector]) + 0.008;
      a.send(false, t, s1.downlinkNas(ids, nas.authenticationRequest(r.bytes(16), r.bytes(16))), { stream: 2 });
      t += 0.05 + r.unit() * 0.1;
      a.send(true, t, s1.uplinkNas(ids, nas.authenticationResponse(r.bytes(8)), s.enb.cell), { stream: 2 });
      t += 0.003;
    }
    const command = nas.securityModeCommand(ciphering, integrity, nas.replayed(s.capability));
    a.send(
      false,
      t,
      s1.downlinkNas(ids, nas.secured(nas.Header.newContext, integrity === 0 ? zeros(4) : r.bytes(4), s.nasDown++, command)),
      options("smc"),
    );
    t += 0.03 + r.unit() * 0.03;
    a.send(
      true,
      t,
      s1.uplinkNas(ids, this.protect(s, true, nas.Header.cipheredNewContext, nas.securityModeComplete(s.imei), ciphering), s.enb.cell),
      { stream: 2 },
    );
    t += 0.003;
    if (o.emergency !== true) {
      const traced = o.trace?.updateLocation;
      const data = dia.subscriptionData(s.msisdn, l.apn, traced === undefined ? undefined : dia.traceData(traced));
      t =
        this.s6aExchange(
          t,
          dia.Command.ulr,
          dia.ulrAvps(s.imsi, l.plmn),
          [dia.avp3(1406, Uint8Array.of(0, 0, 0, 1)), data],
          o.labels?.updateLocation,
        ) + 0.005;
    }
    t = this.createSession(s, t, o);
    const accept = this.protect(s, false, nas.Header.ciphered, nas.attachAccept(l.plmn, s.enb.cell.tac, s.guti, s.ip, l.apn), ciphering);
    const setup = {
      bearer: 5,
      uplink: s.uplink,
      nas: accept,
      eea: 0xe000,
      eia: 0xe000,
      key: r.bytes(32),
      ...(o.trace?.contextSetup === undefined ? {} : { trace: o.trace.contextSetup }),
    };
    a.send(false, t, s1.initialContextSetupRequest(ids, setup), options("contextSetup"));
    t += 0.05 + r.unit() * 0.02;
    a.send(true, t, s1.initialContextSetupResponse(ids, 5, s.downlink), { stream: 2 });
    t += 0.02;
    a.send(true, t, s1.uplinkNas(ids, this.protect(s, true, nas.Header.ciphered, nas.attachComplete(), ciphering), s.enb.cell), {
      stream: 2,
    });
    return this.modifyBearer(s, t + 0.002);
  }

  private rules(s: Subscriber): PfcpRules {
    return {
      pdrUp: { id: 1, precedence: 101, source: "access", fteid: s.uplink, far: 1 },
      pdrDown: { id: 2, precedence: 102, source: "core", ue: s.ip, far: 2 },
      farUp: { id: 1, action: px.Action.forward, destination: px.Destination.core },
      farDown: { id: 2, action: px.Action.buffer | px.Action.notify },
    };
  }

  private createSession(s: Subscriber, at: number, o: AttachOptions): number {
    const l = this.layout;
    const sequence = this.gtpSequence++;
    const traced = o.trace?.createSession;
    const request = { imsi: s.imsi, msisdn: s.msisdn, imei: s.imei, apn: l.apn, cell: s.enb.cell, pgw: s.s5PgwC };
    this.s11(
      true,
      at,
      gtp.createSessionRequest(sequence, {
        ...request,
        sender: s.s11Mme,
        senderInterface: gtp.Interface.s11Mme,
        ...(traced === undefined ? {} : { extra: gtp.traceInformation(traced) }),
      }),
      o.labels?.createSession,
    );
    let t = at + 0.002;
    if (l.kind === "split") {
      const n = this.s5Sequence++;
      this.s5c(
        true,
        t,
        gtp.createSessionRequest(n, { ...request, sender: s.s5SgwC, senderInterface: gtp.Interface.s5SgwC, userPlane: s.s5SgwU }),
      );
      t += 0.004;
      this.s5c(
        false,
        t,
        gtp.createSessionResponse(n, s.s5SgwC.teid, s.ip, {
          pgw: s.s5PgwC,
          ends: [{ type: gtp.Interface.s5PgwU, tunnel: s.s5PgwU, instance: 2 }],
        }),
      );
      t += 0.002;
    }
    if (l.kind === "cups") {
      const n = this.pfcpSequence++;
      const base = this.rules(s);
      const rules = o.rules?.(s, base) ?? [
        px.createPdr(base.pdrUp),
        px.createPdr(base.pdrDown),
        px.createFar(base.farUp),
        px.createFar(base.farDown),
      ];
      const ies = cat(
        px.nodeId(l.sgwC.at.sx ?? ""),
        px.fseid(s.seidCp, l.sgwC.at.sx ?? ""),
        ...rules,
        px.pie(113, Uint8Array.of(1)),
        px.userId(s.imsi, s.imei, s.msisdn),
      );
      this.pfcp(true, t, px.pfcp(px.Pfcp.establishmentRequest, 0n, n, ies), o.labels?.establishment);
      t += 0.0015;
      if (o.pfcpAnswer !== "none") {
        const accepted = o.pfcpAnswer !== "rejected";
        this.pfcp(
          false,
          t,
          px.pfcp(
            px.Pfcp.establishmentResponse,
            s.seidCp,
            n,
            cat(
              px.nodeId(l.sgwU.at.sx ?? ""),
              px.causeAccepted(accepted ? 1 : 64),
              accepted ? px.fseid(s.seidUp, l.sgwU.at.sx ?? "") : zeros(0),
            ),
          ),
        );
      }
      t += 0.0035;
    }
    const ends = [
      { type: gtp.Interface.s1uSgw, tunnel: s.uplink, instance: 0 },
      ...(l.kind === "split" ? [{ type: gtp.Interface.s5PgwU, tunnel: s.s5PgwU, instance: 3 }] : []),
    ];
    this.s11(false, t, gtp.createSessionResponse(sequence, s.s11Mme.teid, s.ip, { sgw: s.s11Sgw, pgw: s.s5PgwC, ends }));
    return t + 0.005;
  }

  /** Modify Bearer with the eNB's end, and the downlink rule where the gateway is split; the bearer works afterwards. */
  modifyBearer(s: Subscriber, at: number): number {
    const sequence = this.gtpSequence++;
    this.s11(true, at, gtp.modifyBearerRequest(sequence, s.s11Sgw.teid, s.downlink));
    let t = at + 0.001;
    if (this.layout.kind === "cups") {
      this.modification(
        s,
        t,
        px.updateFar({ id: 2, action: px.Action.forward, destination: px.Destination.access, outer: px.outerHeader("gtpu", s.downlink) }),
      );
      t += 0.0022;
    }
    this.s11(false, t + 0.002, gtp.modifyBearerResponse(sequence, s.s11Mme.teid, s.uplink));
    s.epochs.push({ from: t + 0.003, enb: s.enb, up: s.uplink, down: s.downlink });
    return t + 0.004;
  }

  /** A PFCP Session Modification and its answer (`cause` 0: none). */
  modification(s: Subscriber, at: number, ies: Octets, o: { label?: string; cause?: number; before?: Octets } = {}): void {
    const n = this.pfcpSequence++;
    const message = px.pfcp(px.Pfcp.modificationRequest, s.seidUp, n, ies);
    this.pfcp(true, at, o.before === undefined ? message : cat(o.before, message), o.label);
    if (o.cause !== 0) this.pfcp(false, at + 0.0012, px.pfcp(px.Pfcp.modificationResponse, s.seidCp, n, px.causeAccepted(o.cause ?? 1)));
  }

  nextPfcp(): number {
    return this.pfcpSequence++;
  }

  nextGtp(): number {
    return this.gtpSequence++;
  }

  /** S1 release for inactivity: the downlink path goes away. */
  release(s: Subscriber, at: number): number {
    const a = this.assoc(s.enb);
    const ids = { mme: s.mmeUe, enb: s.enbUe };
    a.send(true, at, s1.contextReleaseRequest(ids), { stream: 2 });
    const n = this.gtpSequence++;
    this.s11(true, at + 0.002, gtp.releaseAccess(true, n, s.s11Sgw.teid));
    if (this.layout.kind === "cups") this.modification(s, at + 0.003, px.updateFar({ id: 2, action: px.Action.buffer | px.Action.notify }));
    this.s11(false, at + 0.006, gtp.releaseAccess(false, n, s.s11Mme.teid));
    a.send(false, at + 0.008, s1.contextReleaseCommand(ids), { stream: 2 });
    a.send(true, at + 0.02, s1.contextReleaseComplete(ids), { stream: 2 });
    return at + 0.022;
  }

  /** Detach: the session is deleted everywhere. */
  detach(s: Subscriber, at: number): number {
    const a = this.assoc(s.enb);
    const ids = { mme: s.mmeUe, enb: s.enbUe };
    a.send(true, at, s1.uplinkNas(ids, this.protect(s, true, nas.Header.ciphered, nas.detachRequest(s.guti), 2), s.enb.cell), {
      stream: 2,
    });
    const n = this.gtpSequence++;
    this.s11(true, at + 0.003, gtp.deleteSession(true, n, s.s11Sgw.teid));
    if (this.layout.kind === "split") {
      const m = this.s5Sequence++;
      this.s5c(true, at + 0.004, gtp.deleteSession(true, m, s.s5PgwC.teid));
      this.s5c(false, at + 0.006, gtp.deleteSession(false, m, s.s5SgwC.teid));
    }
    if (this.layout.kind === "cups") {
      const m = this.pfcpSequence++;
      this.pfcp(true, at + 0.004, px.pfcp(px.Pfcp.deletionRequest, s.seidUp, m, zeros(0)));
      this.pfcp(false, at + 0.0055, px.pfcp(px.Pfcp.deletionResponse, s.seidCp, m, px.causeAccepted()));
    }
    this.s11(false, at + 0.008, gtp.deleteSession(false, n, s.s11Mme.teid));
    a.send(false, at + 0.01, s1.contextReleaseCommand(ids, s1.Cause.detach), { stream: 2 });
    a.send(true, at + 0.03, s1.contextReleaseComplete(ids), { stream: 2 });
    return at + 0.03;
  }
}
