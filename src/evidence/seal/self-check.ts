/**
 * The passive self-check of the points (`method.md` §5.9): does the traffic itself bear out what the tap map says of each point? Pure: what was seen is
 * counted by the run (`src/run/self-check.ts`) and judged here. Four things are looked at:
 *
 *   interface     reference points whose signalling or tunnels pass a point, against the declared interface
 *   directions    frames each way between the pair of MAC addresses that carries most; G-PDUs towards the core and towards the access
 *   links         the same pair of MAC addresses at two points that are declared as two links
 *   TTL, delay    packets seen at two points: whoever has the lower TTL is further along, and so may not be earlier by more than the clocks allow
 *
 * A contradiction takes the standing `attested` away. Silence proves nothing: too little traffic is `untestable`, and said.
 */
export interface PointTraffic {
  readonly point: string;
  readonly declared: {
    readonly interface: string | null;
    readonly direction: "ab" | "ba" | "both" | null;
    readonly link: string | null;
  } | null;
  readonly frames: number;
  /** Distinct ordered pairs of MAC addresses, up to a limit. */
  readonly macPairs: number;
  /** The unordered pair that carries most (a name: equal names are equal addresses), with frames each way (`forth`: the more). Null: no MAC addresses. */
  readonly busiest: { readonly pair: string; readonly forth: number; readonly back: number } | null;
  /** Reference points and how many messages or G-PDUs bore them out. */
  readonly references: Readonly<Record<string, number>>;
  /** G-PDUs by direction, of tunnels that signalling named. */
  readonly uplink: number;
  readonly downlink: number;
}

export interface PointPair {
  /** `a` is the point that had the higher TTL, or, with equal TTL, the name that sorts first. */
  readonly a: string;
  readonly b: string;
  readonly packets: number;
  /** TTL at `a` less TTL at `b`: the step that most packets show, and their share of 1,000. */
  readonly ttlStep: number;
  readonly ttlPermille: number;
  /** Time at `b` less time at `a`, microseconds. */
  readonly delayMicros: { readonly low: number; readonly median: number; readonly high: number };
}

export interface SelfCheck {
  readonly points: readonly PointTraffic[];
  readonly pairs: readonly PointPair[];
  readonly confirmed: readonly { readonly point: string; readonly what: string }[];
  readonly contradictions: readonly { readonly point: string; readonly what: string }[];
  readonly untestable: readonly { readonly point: string; readonly what: string }[];
}

export const SELF_CHECK_LIMITS = {
  /** Frames below which a direction that is missing means nothing. */
  directionFrames: 200,
  /** Of a thousand frames, how many the other way a one-way point may show (a mirror's own chatter). */
  strayPermille: 10,
  /** Packets that two points must share before their order is judged. */
  sharedPackets: 20,
  /** Microseconds by which clocks of two points may differ unnoticed (method.md §2: order inside the offset is unknown). */
  clockMicros: 50_000,
} as const;

/** Names of reference points by the interface that declarations write; spelling by case and dashes does not matter. */
const FAMILIES: readonly (readonly string[])[] = [
  ["s1", "s1mme", "s1u", "s1c"],
  ["n2"],
  ["n3", "n9"],
  ["s11", "s11u"],
  ["s5", "s8", "s5s8", "s5u", "s8u", "s5c", "s8c", "s5s8u", "s5s8c"],
  ["gn", "gp", "gngp"],
  ["s6a", "s6d", "s6"],
  ["sx", "sxa", "sxb", "n4", "sxn4"],
  ["x2", "x2u", "x2c", "xn"],
  ["gx", "rx", "gy", "gxrx"],
  ["gi", "sgi", "n6", "internet"],
];

export function selfCheck(points: readonly PointTraffic[], pairs: readonly PointPair[]): SelfCheck {
  const confirmed: { point: string; what: string }[] = [];
  const contradictions: { point: string; what: string }[] = [];
  const untestable: { point: string; what: string }[] = [];
  for (const traffic of points) {
    const { point, declared } = traffic;
    if (declared === null) continue;
    const say = (list: { point: string; what: string }[], what: string): void => void list.push({ point, what });
    checkInterface(traffic, declared.interface, say);
    checkDirection(traffic, declared.direction, say);
  }
  for (const [i, one] of points.entries()) {
    for (const two of points.slice(i + 1)) {
      const [a, b] = [one.declared?.link ?? null, two.declared?.link ?? null];
      if (a === null || b === null || one.busiest === null || one.busiest.pair !== two.busiest?.pair) continue;
      const what = `its frames run between the same two MAC addresses as those of ${two.point}`;
      if (a === b) confirmed.push({ point: one.point, what });
      else contradictions.push({ point: one.point, what: `${what}, and the tap map has them on two links` });
    }
  }
  for (const pair of pairs) {
    const what = `${pair.packets} packets shared with ${pair.b}`;
    if (pair.packets < SELF_CHECK_LIMITS.sharedPackets) untestable.push({ point: pair.a, what: `only ${what}: order not judged` });
    else if (pair.ttlStep > 0 && pair.ttlPermille >= 900 && pair.delayMicros.median < -SELF_CHECK_LIMITS.clockMicros) {
      contradictions.push({
        point: pair.a,
        what: `${what} have ${pair.ttlStep} hops more behind them there and yet were seen there ${-pair.delayMicros.median} µs earlier: clocks or names of the two are wrong`,
      });
    } else confirmed.push({ point: pair.a, what: `${what}: TTL step ${pair.ttlStep}, delay ${pair.delayMicros.median} µs` });
  }
  return { points, pairs, confirmed, contradictions, untestable };

  function checkInterface(
    traffic: PointTraffic,
    name: string | null,
    say: (list: { point: string; what: string }[], what: string) => void,
  ): void {
    const family = name === null ? undefined : FAMILIES.find((words) => words.includes(plain(name)));
    const seen = Object.keys(traffic.references).sort();
    if (name === null || family === undefined)
      return say(untestable, `interface ${name ?? "not declared"}: nothing is known that would show it`);
    if (seen.length === 0) return say(untestable, `interface ${name}: no signalling and no tunnel was seen`);
    if (seen.some((reference) => family.includes(plain(reference)))) return say(confirmed, `interface ${name}: ${seen.join(", ")}`);
    // Reference points that no declared family has say nothing about the interface.
    if (seen.some((reference) => FAMILIES.some((words) => words.includes(plain(reference))))) {
      return say(contradictions, `declared as ${name}, carries ${seen.join(", ")}`);
    }
    return say(untestable, `interface ${name}: only ${seen.join(", ")} was seen`);
  }

  function checkDirection(
    traffic: PointTraffic,
    direction: "ab" | "ba" | "both" | null,
    say: (list: { point: string; what: string }[], what: string) => void,
  ): void {
    const { busiest } = traffic;
    if (direction === null || busiest === null) return;
    const frames = busiest.forth + busiest.back;
    const backPermille = frames === 0 ? 0 : Math.floor((busiest.back * 1000) / frames);
    if (frames < SELF_CHECK_LIMITS.directionFrames) return say(untestable, `direction ${direction}: only ${frames} frames`);
    const oneWay = backPermille <= SELF_CHECK_LIMITS.strayPermille;
    if (direction === "both" && busiest.back === 0) return say(contradictions, "declared for both directions, only one was seen");
    if (direction !== "both" && !oneWay)
      return say(contradictions, `declared for one direction, ${busiest.back} of ${frames} frames go the other way`);
    const gpdus = traffic.uplink + traffic.downlink;
    if (direction === "both" && gpdus >= SELF_CHECK_LIMITS.directionFrames && (traffic.uplink === 0 || traffic.downlink === 0)) {
      return say(
        contradictions,
        `declared for both directions, all ${gpdus} tunnelled packets go ${traffic.uplink === 0 ? "towards the access" : "towards the core"}`,
      );
    }
    return say(confirmed, `direction ${direction}: ${busiest.forth} and ${busiest.back} frames`);
  }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}
