/**
 * What a correlator has of one network: the facts of each boot of each sensor, once each and in the sensor's order, in files of its own. Nothing is thrown for
 * a record that cannot be taken: it is counted under the sensor's name and the reason.
 */
import { appendFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FLEET_LIMITS } from "./limits.ts";
import { readRecord, type RecordEnd, type RecordHeader } from "./record.ts";
import type { Refusal } from "./signed.ts";

/** One boot of one sensor. */
export interface SensorStream {
  readonly sensor: string;
  readonly key: string;
  readonly epoch: string;
  readonly declaration: string;
  /** Lines `micros capture fact`; micros is `-` after the end of the input. */
  readonly file: string;
  /** The number that the next record should have. */
  next: number;
  missing: number;
  facts: number;
  watermark: number | null;
  dropped: RecordHeader["dropped"];
  spooled: number;
  captures: readonly string[];
  readonly points: Map<number, NonNullable<RecordHeader["points"]>[number]>;
  end: RecordEnd | null;
  /** Sensor's clock less broker's, milliseconds, as of the last record. */
  clockOffsetMs: number;
  /** When its last facts came, by this process's clock. */
  factAtMs: number;
  /** When the broker appended its last record, milliseconds since 1970. */
  brokerMs: number;
  readonly tool: string;
}

export interface ReceivedSettings {
  readonly network: string;
  /** Verifier keys by sensor; null takes the first key that a name comes with, and no other after it. */
  readonly keys: ReadonlyMap<string, string> | null;
}

export class Received {
  readonly streams = new Map<string, SensorStream>();
  /** Refused records by `sensor` and reason. */
  readonly refused = new Map<string, { readonly sensor: string; readonly reason: Refusal; count: number }>();
  /** Records that had come before. */
  again = 0;
  /** Records taken. */
  taken = 0;
  private readonly settings: ReceivedSettings;
  private readonly keys = new Map<string, string>();
  private readonly folder: string;

  constructor(settings: ReceivedSettings) {
    this.settings = settings;
    this.folder = mkdtempSync(join(tmpdir(), "tapproof-correlate-"));
  }

  /** A record as it lies in the topic; `brokerMs`: when the broker appended it. */
  take(octets: Uint8Array, brokerMs: number): void {
    const read = readRecord(octets, brokerMs);
    if ("refused" in read) {
      this.refuse(read.sensor ?? "?", read.refused);
      return;
    }
    const { header, facts } = read;
    const { sensor, epoch, key } = header;
    if (header.network !== this.settings.network) return this.refuse(sensor, "network");
    const known = this.settings.keys === null ? this.keys.get(sensor) : this.settings.keys.get(sensor);
    if (known === undefined ? this.settings.keys !== null : known !== key) return this.refuse(sensor, "name");
    if (this.keys.size < FLEET_LIMITS.streams) this.keys.set(sensor, key);
    const id = `${sensor}\n${epoch}`;
    let stream = this.streams.get(id);
    if (stream === undefined) {
      if (this.streams.size >= FLEET_LIMITS.streams) return this.refuse(sensor, "limit");
      stream = this.begin(header);
      this.streams.set(id, stream);
    }
    if (header.sequence < stream.next) {
      this.again++;
      return;
    }
    this.keep(stream, header, facts, brokerMs);
  }

  /** Lets go of everything taken. */
  forget(): void {
    this.streams.clear();
    this.refused.clear();
    this.taken = 0;
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private begin({ sensor, key, tool, epoch, declaration, dropped }: RecordHeader): SensorStream {
    return {
      sensor,
      key,
      tool,
      epoch,
      declaration,
      file: join(this.folder, `${this.streams.size}.facts`),
      next: 0,
      missing: 0,
      facts: 0,
      watermark: null,
      dropped,
      spooled: 0,
      captures: [],
      points: new Map(),
      end: null,
      clockOffsetMs: 0,
      factAtMs: Date.now(),
      brokerMs: 0,
    };
  }

  private keep(stream: SensorStream, header: RecordHeader, facts: readonly string[], brokerMs: number): void {
    stream.missing += header.sequence - stream.next;
    stream.next = header.sequence + 1;
    stream.facts += facts.length;
    stream.watermark = header.watermark;
    stream.dropped = header.dropped;
    stream.spooled = header.spooled;
    stream.clockOffsetMs = header.clock - brokerMs;
    stream.brokerMs = brokerMs;
    if (facts.length > 0) stream.factAtMs = Date.now();
    if (header.captures !== undefined) stream.captures = header.captures;
    for (const point of header.points ?? []) stream.points.set(point.index, point);
    if (header.end !== undefined) stream.end = header.end;
    let text = "";
    for (const [i, fact] of facts.entries()) {
      const [micros, capture] = header.stamps[i] as [number | null, number];
      text += `${micros ?? "-"} ${capture} ${fact}\n`;
    }
    if (text !== "") appendFileSync(stream.file, text, { mode: 0o600 });
    this.taken++;
  }

  private refuse(sensor: string, reason: Refusal): void {
    const room = this.refused.size < FLEET_LIMITS.refusals;
    const name = room || this.refused.has(`${sensor}\n${reason}`) ? sensor : "*";
    const key = `${name}\n${reason}`;
    const line = this.refused.get(key) ?? { sensor: name, reason, count: 0 };
    line.count++;
    this.refused.set(key, line);
  }
}
