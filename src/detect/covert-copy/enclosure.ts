/**
 * Elements whose links are all tapped, so that what leaves must have entered (`method.md` §1, §3). All links: the declared ones that end at the
 * element; where none is declared, every point at which one of its addresses was seen, and each address at one of them. Each such point has to be
 * declared `complete`, and its capture must have lost and cut nothing.
 */
import type { DeclarationLookup } from "#declaration/lookup.ts";
import type { PointInfo } from "#model/point.ts";
import type { FlowObservation, Observation } from "#model/observation.ts";
import { PLAIN_SIDE } from "./paths.ts";
import { CORE_USER_PLANE, FACES_PLAIN_SIDE, isOf } from "#declaration/role-groups.ts";

interface Seen {
  readonly points: Set<number>;
  readonly addresses: Set<string>;
  /** Octets of payload that the element sent in conversations of its own, whatever they are. */
  own: number;
}

export class Enclosure {
  private readonly declaration: DeclarationLookup | null;
  private readonly points: readonly PointInfo[];
  private readonly seen = new Map<string, Seen>();
  /** As `Seen.own`, of flows that last: as of the last stock. */
  private lasting = new Map<string, number>();

  constructor(declaration: DeclarationLookup | null, points: readonly PointInfo[]) {
    this.declaration = declaration;
    this.points = points;
  }

  observe(observation: Observation): void {
    if (this.declaration === null) return;
    if (observation.kind === "flow") {
      for (const side of [observation.initiator, observation.responder]) {
        const seen = this.at(side.address, observation.point);
        if (seen !== undefined && !observation.layers.includes("gtp-u")) seen.own += side.payloadBytes;
      }
    } else if (observation.kind === "tunnel") {
      this.at(observation.end.address, observation.point);
      this.at(observation.source, observation.point);
    }
  }

  /** Flows that last, as far as they got; those of the stock before are forgotten. */
  stock(flows: readonly FlowObservation[]): void {
    this.lasting = new Map();
    for (const { initiator, responder, layers, point } of flows) {
      for (const { address, payloadBytes } of [initiator, responder]) {
        const name = this.declaration?.functionAt(address)?.name;
        if (name === undefined) continue;
        this.at(address, point);
        if (!layers.includes("gtp-u")) this.lasting.set(name, (this.lasting.get(name) ?? 0) + payloadBytes);
      }
    }
  }

  private at(address: string, point: number): Seen | undefined {
    const name = this.declaration?.functionAt(address)?.name;
    if (name === undefined) return undefined;
    let seen = this.seen.get(name);
    if (seen === undefined) this.seen.set(name, (seen = { points: new Set(), addresses: new Set(), own: 0 }));
    seen.points.add(point);
    seen.addresses.add(address);
    return seen;
  }

  /** Points that enclose the element, undefined where it is not enclosed. Ask when the input has ended. */
  around(name: string): ReadonlySet<number> | undefined {
    const seen = this.seen.get(name);
    const declared = this.declaration?.declaration;
    const element = declared?.functions.find((f) => f.name === name);
    if (seen === undefined || declared === undefined || element === undefined) return undefined;
    const whole = (point: number): boolean => this.points[point]?.complete === true && this.points[point]?.lossy !== true;
    const links = declared.links.filter(({ a, b }) => isAt(a, name) || isAt(b, name));
    if (links.length > 0) {
      const around = new Set<number>();
      for (const { a, b } of links) {
        const taps = this.points.filter(({ link }) => link !== undefined && (link === a || link === b));
        if (taps.length === 0 || !taps.every(({ index }) => whole(index))) return undefined;
        for (const { index } of taps) around.add(index);
      }
      return around;
    }
    const addresses = element.addresses.filter((address) => !address.includes("/"));
    if (addresses.length !== element.addresses.length || !addresses.every((address) => seen.addresses.has(address))) return undefined;
    return [...seen.points].every(whole) ? seen.points : undefined;
  }

  /**
   * Whether subscribers' packets can be balanced there: a node of the core's user plane (a base station has a radio side that no tap sees), and one that
   * faces the plain side only where that is tapped, too.
   */
  balances(name: string): boolean {
    const roles = this.declaration?.declaration.functions.find((f) => f.name === name)?.roles ?? [];
    const around = this.around(name);
    if (around === undefined || !isOf(roles, CORE_USER_PLANE)) return false;
    if (!isOf(roles, FACES_PLAIN_SIDE)) return true;
    return this.points.some((p) => p.complete && p.lossy !== true && p.interface !== undefined && PLAIN_SIDE.test(p.interface));
  }

  ownOctets(name: string): number {
    return (this.seen.get(name)?.own ?? 0) + (this.lasting.get(name) ?? 0);
  }

  /** Whether the point taps a link that serves this element alone. */
  linkOf(point: number, name: string): boolean {
    const link = this.points[point]?.link;
    if (link === undefined) return false;
    if (isAt(link, name)) return true;
    return this.declaration?.declaration.links.some(({ a, b }) => (link === a && isAt(b, name)) || (link === b && isAt(a, name))) ?? false;
  }
}

/** `spgw-1/eth2` is an end at `spgw-1`. */
function isAt(end: string, name: string): boolean {
  return end === name || end.startsWith(`${name}/`);
}
