/**
 * Which ways a subscriber's packet may travel on: the path. Everything else is looked up.
 *
 * With a declaration: a plain packet on a link of a user plane; a carrier between ends of whom an entry says that content may
 * pass between them (an interface of fitting roles, a partner, a group that carries content, …). The far end must be
 * declared: an end that only signalling names explains nothing, because the suspect may have signalled it (docs/copies.md §3).
 * Without one: GTP-U is the path, and so are plain links; whatever else wraps a subscriber's packet is looked up.
 */
import { explainFlow, type Explained } from "#declaration/explain.ts";
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { PointInfo } from "#model/point.ts";
import type { CopyCarrier, CopyLeg } from "#model/copy.ts";
import { Port } from "#model/ports.ts";
import { FACES_PLAIN_SIDE, isOf } from "#declaration/role-groups.ts";

/** Interfaces on which no subscriber's plain packet belongs. An interface that is not named may be a user plane. */
const NO_SUBSCRIBERS = /^(oam|o&m|mgmt|management|oob|x1|x2|x3|hi[123]|s1-mme|s6a|s11|n2|n4|sx.?|gx|gy|rx)$/i;
/** Explanations that speak of the two ends of a carrier; others (a bystander's flow, ICMP) say nothing about what may be inside. */
const ABOUT_ENDS: ReadonlySet<string> = new Set([
  "interface",
  "own",
  "lawful",
  "partner",
  "group",
  "middlebox",
  "monitoring",
  "transfer",
  "service",
]);

/** What two declared functions say there needs no search, nor does S1AP or NGAP over SCTP; charging (GTP′) may carry files, and is searched. */
const CONTROL_PORTS: ReadonlySet<number> = new Set([Port.GTP_C, Port.PFCP, Port.DIAMETER]);

/** Interfaces on the plain side of the gateway (3GPP TS 23.401 §4.4.3.3, TS 23.501 §6.2.3). */
export const PLAIN_SIDE = /^(sgi|n6|gi)$/i;

export type Standing = "path" | "suspect" | "ignore";

export class CopyPaths {
  private readonly declaration: DeclarationLookup | null;
  private readonly points: readonly PointInfo[];
  private readonly parties = new Map<string, number>();

  constructor(declaration: DeclarationLookup | null, points: readonly PointInfo[]) {
    this.declaration = declaration;
    this.points = points;
  }

  /** For the copy search: asked once a leg. */
  verdict(leg: CopyLeg): Standing {
    if (leg.kind === "link") {
      const named = this.points[leg.point]?.interface;
      return named !== undefined && NO_SUBSCRIBERS.test(named) ? "suspect" : "path";
    }
    const inner = leg.carriers[leg.carriers.length - 1];
    const outer = leg.carriers[0];
    if (inner === undefined || outer === undefined) return "suspect";
    if (leg.kind === "flow") return this.control(outer) ? "ignore" : "suspect";
    if (this.declaration === null) return leg.carriers.every((c) => c.tunnel === "gtp-u" || c.tunnel === "") ? "path" : "suspect";
    // What explains a monitoring feed or product is told in the finding's terms, so those are looked up too.
    const outermost = this.explained(outer, leg.point);
    if (outermost === null || outermost.kind === "monitoring" || outermost.kind === "lawful") return "suspect";
    return leg.carriers.every((c) => this.explained(c, leg.point) !== null) ? "path" : "suspect";
  }

  /** For copies on ways that roles explain: whom an explained G-PDU tunnel leaves and enters. */
  branch(leg: CopyLeg): { readonly sender: number; readonly far: number; readonly partner: boolean } | undefined {
    const { declaration } = this;
    const outer = leg.carriers[0];
    if (declaration === null || leg.kind !== "tunnel" || leg.carriers.length !== 1 || outer?.tunnel !== "gtp-u") return undefined;
    const kind = this.explained(outer, leg.point)?.kind;
    if (kind !== "interface" && kind !== "partner") return undefined;
    const sender = this.party(outer.src);
    const far = this.party(outer.dst);
    return sender === undefined || far === undefined || sender.partner
      ? undefined
      : { sender: sender.number, far: far.number, partner: far.partner };
  }

  /** A declared function, or a partner, by a number of this run's own. */
  private party(address: string): { readonly number: number; readonly partner: boolean } | undefined {
    const f = this.declaration?.functionAt(address);
    const name = f?.name ?? this.declaration?.partnerAt(address)?.name;
    if (name === undefined) return undefined;
    const key = `${f === undefined ? "partner" : "function"} ${name}`;
    const number = this.parties.get(key) ?? this.parties.size;
    this.parties.set(key, number);
    return { number, partner: f === undefined };
  }

  /** For conservation: the declared functions (by place in the declaration) that packets on this leg leave and enter. */
  ends(leg: CopyLeg): { readonly from: number; readonly to: number; readonly gateway: number } | undefined {
    const { declaration } = this;
    const point = this.points[leg.point];
    if (declaration === null || point?.complete !== true || leg.kind === "flow") return undefined;
    const { functions } = declaration.declaration;
    const place = (address: string | undefined): number => {
      const f = address === undefined ? undefined : declaration.functionAt(address);
      return f === undefined ? -1 : functions.findIndex(({ name }) => name === f.name);
    };
    if (leg.kind === "tunnel") return { from: place(leg.carriers[0]?.src), to: place(leg.carriers[0]?.dst), gateway: -1 };
    if (point.interface === undefined || !PLAIN_SIDE.test(point.interface)) return undefined;
    const gateways = functions.flatMap(({ roles }, i) => (isOf(roles, FACES_PLAIN_SIDE) ? [i] : []));
    return gateways.length === 1 ? { from: -1, to: -1, gateway: gateways[0] as number } : undefined;
  }

  /** The entry that lets this carrier carry subscribers' content, null where none does. */
  explained(c: CopyCarrier, point: number): Explained | null {
    const { declaration } = this;
    if (declaration === null) return null;
    const answer = explainFlow(declaration, {
      initiator: { address: c.src, port: Math.max(0, c.srcPort) },
      responder: { address: c.dst, port: Math.max(0, c.dstPort) },
      initiatorKnown: c.protocol === 17,
      protocol: c.protocol,
      application: undefined,
      icmp: undefined,
      interface: this.points[point]?.interface,
      refused: false,
      bothWays: true,
      firstMicros: Number.NEGATIVE_INFINITY,
      lastMicros: Number.POSITIVE_INFINITY,
    });
    if (answer.explained && ABOUT_ENDS.has(answer.kind) && answer.mayCarry.includes("content")) return answer;
    return this.feed(declaration, c);
  }

  /**
   * A monitoring entry for these two ends whose encapsulation is named in words of its own (`gre-udp`, `erspan-ii`): an unlucky
   * spelling must not make a declared probe a spy. Some word of it has to fit what the carrier is.
   */
  private feed(declaration: DeclarationLookup, c: CopyCarrier): Explained | null {
    const seen = new Set([
      c.tunnel,
      ...c.tunnel.split("-"),
      c.protocol === 17 ? "udp" : "",
      c.protocol === 47 ? "gre" : "",
      c.protocol === 4 ? "ipip" : "",
    ]);
    for (const { entry, end } of declaration.monitoring.text(c.dst)) {
      if (end !== "to") continue;
      if (entry.from.length > 0 && declaration.tableOf(entry.from).text(c.src).length === 0) continue;
      const words = (entry.encapsulation ?? "").toLowerCase().split(/[^a-z0-9]+/);
      if (entry.encapsulation !== null && !words.some((w) => w !== "" && [...seen].some((s) => s !== "" && (s === w || s.startsWith(w)))))
        continue;
      return { explained: true, kind: "monitoring", by: `monitoring/${entry.name}`, mayCarry: ["content"] };
    }
    return null;
  }

  private control(c: CopyCarrier): boolean {
    if (c.protocol === 132) return true;
    if (!CONTROL_PORTS.has(c.srcPort) && !CONTROL_PORTS.has(c.dstPort)) return false;
    const { declaration } = this;
    return declaration === null || (declaration.functionAt(c.src) !== undefined && declaration.functionAt(c.dst) !== undefined);
  }
}
