/**
 * Clocks of points against one another, from packets that both saw. A packet cannot arrive before it left: of those that pass A before B, the
 * quickest bounds how far B's clock is ahead; of those that pass B before A, the quickest bounds it from the other side (the argument of NTP, RFC
 * 5905 §8, without its assumption of symmetry). What lies between the bounds is not known.
 */
import type { CopyLeg } from "#model/copy.ts";

interface Crossing {
  readonly from: number;
  readonly to: number;
  readonly uplink: boolean;
  packets: number;
  least: number;
  ttlDelta: number;
}

export const limits = {
  /** Pairs of legs that are kept. */
  crossings: 4096,
  /** Packets of a pair that have to be seen before it bounds anything: one may be a coincidence of captures. */
  leastPackets: 3,
} as const;

/** Clock of one point less clock of another, microseconds: not below `low`, not above `high`; infinite where nothing bounds it. */
export interface ClockOffset {
  readonly low: number;
  readonly high: number;
}

export class Crossings {
  private readonly byPair = new Map<number, Crossing>();

  /** One packet was seen on leg `from`, and `delay` microseconds later, by the points' own clocks, on leg `to` of another point. */
  add(from: number, to: number, uplink: boolean, delay: number, ttlDelta: number): void {
    const key = (from * 65_536 + to) * 2 + (uplink ? 1 : 0);
    const known = this.byPair.get(key);
    if (known === undefined) {
      if (this.byPair.size < limits.crossings) this.byPair.set(key, { from, to, uplink, packets: 1, least: delay, ttlDelta });
      return;
    }
    known.packets++;
    if (delay < known.least) known.least = delay;
  }

  /** How far the clock of `point` is ahead of that of `other`. */
  offset(point: number, other: number, leg: (index: number) => CopyLeg): ClockOffset {
    if (point === other) return { low: 0, high: 0 };
    let low = Number.NEGATIVE_INFINITY;
    let high = Number.POSITIVE_INFINITY;
    for (const c of this.byPair.values()) {
      if (c.packets < limits.leastPackets) continue;
      const [a, b] = [leg(c.from), leg(c.to)];
      const forwards = a.point === other && b.point === point;
      if (!forwards && !(a.point === point && b.point === other)) continue;
      const first = precedes(a, b, c.uplink, c.ttlDelta);
      if (first === 0) continue;
      // least = clock(b) - clock(a) + time on the way, which is not below 0 where a comes first, not above 0 where b does.
      // `least` is the smallest of all: it bounds from above only where a comes first; the other case is told by pairs seen the other way round.
      if (first > 0) {
        if (forwards) high = Math.min(high, c.least);
        else low = Math.max(low, -c.least);
      }
    }
    return { low, high };
  }
}

/** 1 where a packet passes leg `a` before leg `b`, -1 after it, 0 where the legs do not tell. */
function precedes(a: CopyLeg, b: CopyLeg, uplink: boolean, ttlDelta: number): number {
  if (a.kind === "tunnel" && b.kind === "link") return uplink ? 1 : -1;
  if (a.kind === "link" && b.kind === "tunnel") return uplink ? -1 : 1;
  const [from, to] = [a.carriers[0], b.carriers[0]];
  if (from !== undefined && to !== undefined) {
    if (from.dst === to.src) return 1;
    if (to.dst === from.src) return -1;
  }
  return ttlDelta < 0 ? 1 : ttlDelta > 0 ? -1 : 0;
}
