/** Carries subscribers' packets along their path: S1-U, S5/S8 where the gateway is split, SGi. */
import type { Random } from "#lab/random.ts";
import { forwarded } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { udp } from "#lab/wire/ip.ts";
import type { Octets } from "#lab/wire/octets.ts";
import { gtpu } from "#lab/wire/tunnels.ts";
import type { Cables } from "./cables.ts";
import type { Layout } from "./layout.ts";
import { epochAt, type Subscriber } from "./subscriber.ts";

/** One subscriber packet passing the gateway. */
export interface Passage {
  readonly subscriber: Subscriber;
  readonly up: boolean;
  /** When the user-plane gateway handles it. */
  readonly at: number;
  /** As it is inside the S1-U tunnel, and as it is on SGi. */
  readonly inner: Octets;
  readonly outside: Octets;
  /** Its frame on SGi, and on S1-U. */
  readonly sgiFrame: Octets;
  readonly s1uFrame: Octets;
}

export class UserPlane {
  private readonly layout: Layout;
  private readonly cables: Cables;
  private readonly random: Random;
  /** Called for each packet: copies are made here. */
  readonly watchers: ((p: Passage) => void)[] = [];
  /** Changes a packet between S1-U and SGi (address translation, header enrichment). */
  translate: ((packet: Octets, up: boolean) => Octets) | undefined;

  constructor(layout: Layout, cables: Cables, random: Random) {
    this.layout = layout;
    this.cables = cables;
    this.random = random;
  }

  /** `packet`: as it leaves the user (up) or as it arrives on SGi (down). `at`: when it is first seen. */
  carry(s: Subscriber, up: boolean, at: number, packet: Octets, label?: string): void {
    const epoch = epochAt(s, at);
    if (epoch === undefined) return;
    const l = this.layout;
    const r = this.random;
    const split = l.kind === "split" ? 0.0003 + r.unit() * 0.0002 : 0;
    const work = 0.0003 + r.unit() * 0.0003;
    const sgw = l.sgwU.at.s1u ?? "";
    const enb = epoch.enb.at.s1u ?? "";
    const inner = up ? packet : forwarded(packet);
    let outside = up ? forwarded(packet) : packet;
    if (this.translate !== undefined) outside = this.translate(outside, up);
    const s1uAt = up ? at : at + work + split;
    const sgiAt = up ? at + work + split : at;
    const t = up ? epoch.up : epoch.down;
    const outer = udp(up ? enb : sgw, up ? sgw : enb, 2152, 2152, gtpu(t.teid, inner), { id: this.cables.nextId() });
    const s1uFrame = ethernet(this.cables.link("s1u", up ? enb : sgw, up ? sgw : enb), outer);
    this.cables.frame("s1u", s1uAt, s1uFrame, label);
    if (l.kind === "split") {
      const a = l.sgwU.at.s5 ?? "";
      const b = l.pgwU.at.s5 ?? "";
      const teid = up ? s.s5PgwU.teid : s.s5SgwU.teid;
      this.cables.udp("s5", at + work, up ? a : b, up ? b : a, 2152, 2152, gtpu(teid, inner), label);
    }
    const sgi = l.pgwU.at.sgi ?? "";
    const link = { src: this.cables.mac(up ? sgi : "router/sgi"), dst: this.cables.mac(up ? "router/sgi" : sgi) };
    const sgiFrame = ethernet(link, outside);
    this.cables.frame("sgi", sgiAt, sgiFrame, label);
    const passage = { subscriber: s, up, at: at + work * 0.8, inner, outside, sgiFrame, s1uFrame };
    for (const w of this.watchers) w(passage);
  }
}
