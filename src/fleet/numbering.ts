/** Captures and points of several sensors get numbers of one run, as one scan of all the captures would give them. */
import type { Fact } from "#model/fact.ts";
import type { PointInfo } from "#model/point.ts";
import type { SensorStream } from "./received.ts";

export interface Numbering {
  /** By stream, then by the sensor's own number. */
  readonly captures: readonly (readonly number[])[];
  readonly points: readonly (readonly number[])[];
  readonly infos: readonly PointInfo[];
  /** Where each capture of the run comes from. */
  readonly origins: readonly { readonly stream: number; readonly capture: number }[];
}

/** Captures by name, as `scan` sorts them; points by capture. */
export function numberAll(streams: readonly SensorStream[]): Numbering {
  const origins = streams
    .flatMap(({ captures }, stream) => captures.map((name, capture) => ({ stream, capture, name })))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.stream - b.stream || a.capture - b.capture));
  const captures: number[][] = streams.map(() => []);
  for (const [number, { stream, capture }] of origins.entries()) (captures[stream] as number[])[capture] = number;
  const infos: PointInfo[] = [];
  const points: number[][] = streams.map(() => []);
  for (const [number, { stream, capture }] of origins.entries()) {
    const own = [...(streams[stream]?.points.values() ?? [])]
      .filter((point) => point.capture === capture)
      .sort((a, b) => a.index - b.index);
    for (const { interface: declared, link, lossy, ...point } of own) {
      (points[stream] as number[])[point.index] = infos.length;
      infos.push({
        ...point,
        index: infos.length,
        capture: number,
        interface: declared,
        link,
        ...(lossy === undefined ? {} : { lossy }),
      });
    }
  }
  return { captures, points, infos, origins: origins.map(({ stream, capture }) => ({ stream, capture })) };
}

/**
 * The fact with the run's numbers. `capture` and `point` are numbers wherever they stand (docs/stream.md), but for the message itself, which is the
 * protocol's. Throws RangeError for a number that the sensor never told of.
 */
export function renumber(fact: Fact, captures: readonly number[], points: readonly number[]): Fact {
  const change = (value: unknown): unknown => {
    if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(change) : value;
    if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Set || value instanceof Map)
      return value;
    const made: Record<string, unknown> = {};
    for (const [name, member] of Object.entries(value)) {
      if (name === "capture" && typeof member === "number") made[name] = known(captures, member);
      else if (name === "point" && typeof member === "number") made[name] = known(points, member);
      else made[name] = name === "message" ? member : change(member);
    }
    return made;
  };
  return change(fact) as Fact;
}

/** Below 0 stands for none. */
function known(numbers: readonly number[], number: number): number {
  if (number < 0) return number;
  const given = numbers[number];
  if (given === undefined) throw new RangeError(`no such capture or point: ${number}`);
  return given;
}
