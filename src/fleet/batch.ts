/** Facts of one boot of a sensor, gathered into records of up to 64 KiB or 200 ms. */
import type { Fact } from "#model/fact.ts";
import type { PointInfo } from "#model/point.ts";
import { encodeFact } from "#stream/codec.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { RECORD_VERSION, type RecordEnd, type RecordHeader } from "./record.ts";
import type { Sender, Unsent } from "./sender.ts";

/** Who sends; the same in every record of a boot. */
export type Origin = Pick<RecordHeader, "network" | "sensor" | "key" | "tool" | "declaration" | "epoch">;

export class Batch {
  private readonly origin: Origin;
  private readonly sender: Sender;
  private readonly points: readonly PointInfo[];
  private readonly captures: () => readonly string[];
  private facts: string[] = [];
  private stamps: [number | null, number][] = [];
  private octets = 0;
  private sequence = 0;
  private pointsTold = 0;
  private capturesTold = 0;
  private since = 0;

  /** `points` may grow. `captures`: names of all captures so far, by number. */
  constructor(origin: Origin, sender: Sender, points: readonly PointInfo[], captures: () => readonly string[]) {
    this.origin = origin;
    this.sender = sender;
    this.points = points;
    this.captures = captures;
  }

  /** `micros`: time of the frame at hand, null after the end of the input; `capture`: that frame's. */
  add(fact: Fact, micros: number | null, capture: number): void {
    const line = encodeFact(fact);
    const length = Buffer.byteLength(line);
    // A third is left for the header, which has a stamp for each fact.
    if (length > FLEET_LIMITS.recordBytes * 0.6) {
      this.sender.drop([[micros, capture]], length, 1);
      return;
    }
    if (this.octets > 0 && this.octets + length > FLEET_LIMITS.batchBytes) this.send(micros);
    if (this.octets === 0) this.since = performance.now();
    this.facts.push(line);
    this.stamps.push([micros, capture]);
    this.octets += length + 1;
  }

  /** Sends what has waited long enough. `micros`: nothing earlier will be told. */
  tick(micros: number): void {
    if (this.octets > 0 && performance.now() - this.since >= FLEET_LIMITS.batchMs) this.send(micros);
  }

  /** Sends what there is, with the watermark. */
  send(watermark: number | null, end?: RecordEnd): void {
    const { origin, points } = this;
    const names = this.captures();
    const told = end === undefined ? points.slice(this.pointsTold) : points;
    const header: Unsent = {
      v: RECORD_VERSION,
      ...origin,
      sequence: this.sequence,
      watermark,
      facts: this.facts.length,
      stamps: this.stamps,
      ...(told.length > 0 ? { points: told.map((info) => ({ ...info })) } : {}),
      ...(names.length > this.capturesTold ? { captures: [...names] } : {}),
      ...(end === undefined ? {} : { end }),
    };
    // The first and the last record hold what all others stand on.
    if (this.sender.put(header, this.facts, end !== undefined || told.length > 0)) {
      this.sequence++;
      this.pointsTold = points.length;
      this.capturesTold = names.length;
    }
    this.facts = [];
    this.stamps = [];
    this.octets = 0;
  }
}
