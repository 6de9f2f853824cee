/** Diameter dialogues of others than MME and HSS: location servers, application servers, agents, strangers. */
import type { Case } from "#lab/case.ts";
import * as dia from "#lab/wire/diameter.ts";
import { cat, type Octets, text, u16, u32, address } from "#lab/wire/octets.ts";
import { tcpTalk } from "#lab/wire/tcp-talk.ts";
import { Association } from "./association.ts";
import type { NetworkFunction } from "./layout.ts";

export interface Asker {
  readonly address: string;
  readonly host: string;
  readonly realm: string;
}

export interface Question {
  readonly application: number;
  readonly command: number;
  readonly request: readonly Octets[];
  readonly answer: readonly Octets[];
  readonly result?: number;
  /** Route-Record of an agent in between. */
  readonly via?: string;
}

/** A connection between an asker and a function of the core, over SCTP or TCP. */
export class DiameterPeer {
  private readonly c: Case;
  private readonly asker: Asker;
  private readonly asked: NetworkFunction;
  private readonly sctp: Association;

  constructor(c: Case, asker: Asker, asked: NetworkFunction, o: { askedAddress?: string } = {}) {
    this.c = c;
    this.asker = asker;
    this.asked = asked;
    this.sctp = new Association(c.cables, "s6a", asker.address, o.askedAddress ?? asked.at.s6a ?? "", {
      cport: c.random.int(49_152, 65_000),
      sport: 3868,
      ppid: 46,
    });
  }

  private build(q: Question): { request: Octets; answer: Octets } {
    const { core, layout } = this.c;
    const session = core.session(this.asker.host);
    const ids = { hop: this.c.random.u32(), end: this.c.random.u32(), command: q.command, application: q.application };
    const own = core.host(this.asked.name);
    const request = dia.diameter({ ...ids, request: true }, [
      ...dia.opening({
        session,
        application: q.application,
        originHost: this.asker.host,
        originRealm: this.asker.realm,
        destinationHost: own,
        destinationRealm: layout.realm,
        ...(q.via === undefined ? {} : { via: q.via }),
      }),
      ...q.request,
    ]);
    const answer = dia.diameter({ ...ids, request: false }, [
      ...dia.opening({ session, application: q.application, originHost: own, originRealm: layout.realm }, q.result ?? 2001),
      ...q.answer,
    ]);
    return { request, answer };
  }

  /** Capabilities Exchange, as peers do when they connect. */
  open(at: number): void {
    this.sctp.open(at);
    const side = (host: string, realm: string, own: string): Octets[] => [
      dia.avp(264, text(host)),
      dia.avp(296, text(realm)),
      dia.avp(257, cat(u16(1), address(own))),
      dia.avp(266, u32(dia.VENDOR_3GPP)),
      dia.avp(269, text("node")),
      dia.avp(258, u32(0xffff_ffff)),
    ];
    const ids = { hop: this.c.random.u32(), end: this.c.random.u32(), command: dia.Command.capabilities, application: 0, proxiable: false };
    const { core, layout } = this.c;
    this.sctp.send(true, at + 0.01, dia.diameter({ ...ids, request: true }, side(this.asker.host, this.asker.realm, this.asker.address)));
    this.sctp.send(
      false,
      at + 0.014,
      dia.diameter({ ...ids, request: false }, [
        dia.avp(268, u32(2001)),
        ...side(core.host(this.asked.name), layout.realm, this.asked.at.s6a ?? ""),
      ]),
    );
  }

  ask(at: number, q: Question, o: { label?: string; split?: number } = {}): void {
    const { request, answer } = this.build(q);
    const options = { stream: 1, ...(o.label === undefined ? {} : { label: o.label }) };
    this.sctp.send(true, at, request, { ...options, ...(o.split === undefined ? {} : { split: o.split }) });
    this.sctp.send(false, at + 0.02 + this.c.random.unit() * 0.02, answer, {
      ...options,
      ...(o.split === undefined ? {} : { split: o.split }),
    });
  }

  /** Several questions over TCP, messages joined and cut anywhere. */
  askByTcp(at: number, questions: readonly Question[], label: string, cuts: readonly number[]): void {
    const pairs = questions.map((q) => this.build(q));
    const segments = tcpTalk(
      {
        client: this.asker.address,
        server: this.asked.at.s6a ?? "",
        cport: this.c.random.int(33_000, 60_000),
        sport: 3868,
        start: at,
        rtt: 0.01,
        cuts,
        script: [
          { from: "client", data: cat(...pairs.map((p) => p.request)), label, after: 0.1 },
          { from: "server", data: cat(...pairs.map((p) => p.answer)), label, after: 0.05 },
        ],
        end: "none",
      },
      this.c.random,
    );
    this.c.cables.talk("s6a", segments);
  }
}
