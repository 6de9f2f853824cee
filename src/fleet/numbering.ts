/** Captures and points of several sensors get numbers of one run, as one scan of all the captures would give them. */
import type { Fact } from "#model/fact.ts";
import type { PointInfo } from "#model/point.ts";
import { FLEET_LIMITS } from "./limits.ts";
import type { SensorStream } from "./received.ts";

export class Numbering {
  /** Where each capture of the run comes from. */
  readonly origins: { readonly stream: SensorStream; readonly capture: number }[] = [];
  readonly infos: PointInfo[] = [];
  private readonly numbers = new Map<SensorStream, { readonly index: number; readonly captures: number[]; readonly points: number[] }>();

  /** Gives numbers to what has none yet: captures by name, as `scan` sorts them; points by capture. */
  extend(streams: readonly SensorStream[]): void {
    const fresh = streams
      .flatMap((stream) => stream.captures.slice(this.of(stream).captures.length).map((name, i) => ({ stream, name, i })))
      .map(({ stream, name, i }) => ({ stream, name, capture: this.of(stream).captures.length + i }))
      .sort((a, b) =>
        a.name < b.name ? -1 : a.name > b.name ? 1 : this.of(a.stream).index - this.of(b.stream).index || a.capture - b.capture,
      );
    for (const { stream, capture } of fresh) {
      this.of(stream).captures[capture] = this.origins.length;
      this.origins.push({ stream, capture });
    }
    for (const stream of streams) if (stream.points.size > this.counted(stream)) this.addPoints();
  }

  /** By the sensor's own numbers. */
  of(stream: SensorStream): { readonly index: number; readonly captures: readonly number[] & number[]; readonly points: number[] } {
    let known = this.numbers.get(stream);
    if (known === undefined) this.numbers.set(stream, (known = { index: this.numbers.size, captures: [], points: [] }));
    return known;
  }

  private counted(stream: SensorStream): number {
    return this.of(stream).points.reduce((sum) => sum + 1, 0);
  }

  private addPoints(): void {
    for (const [number, { stream, capture }] of this.origins.entries()) {
      const { points } = this.of(stream);
      const own = [...stream.points.values()]
        .filter((point) => point.capture === capture && points[point.index] === undefined)
        .sort((a, b) => a.index - b.index);
      for (const { interface: declared, link, lossy, ...point } of own) {
        points[point.index] = this.infos.length;
        this.infos.push({
          ...point,
          index: this.infos.length,
          capture: number,
          interface: declared,
          link,
          ...(lossy === undefined ? {} : { lossy }),
        });
      }
    }
  }

  /**
   * The fact with the run's numbers. `capture` and `point` are numbers wherever they stand (docs/stream.md), but for the message itself, which is the
   * protocol's; what lasts has a number of its sensor's own, too. Throws RangeError for a number that the sensor never told of.
   */
  renumber(fact: Fact, stream: SensorStream): Fact {
    const { index, captures, points } = this.of(stream);
    const made = renumbered(fact, captures, points) as Fact;
    return made.kind === "flow" || made.kind === "use" || made.kind === "channel"
      ? { ...made, id: made.id * FLEET_LIMITS.streams + index }
      : made;
  }
}

function renumbered(value: unknown, captures: readonly number[], points: readonly number[]): unknown {
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map((one) => renumbered(one, captures, points)) : value;
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Set || value instanceof Map)
    return value;
  const made: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === "capture" && typeof member === "number") made[name] = known(captures, member);
    else if (name === "point" && typeof member === "number") made[name] = known(points, member);
    else made[name] = name === "message" ? member : renumbered(member, captures, points);
  }
  return made;
}

/** Below 0 stands for none. */
function known(numbers: readonly number[], number: number): number {
  if (number < 0) return number;
  const given = numbers[number];
  if (given === undefined) throw new RangeError(`no such capture or point: ${number}`);
  return given;
}
