/** How a sensor is, said every few seconds: what a hub shows of it. What cannot be sent is not kept: the next word says more. */
import type { Signer } from "#evidence/keys/signer.ts";
import { VERSION } from "#run/version.ts";
import { FLEET_LIMITS } from "./limits.ts";
import { Speaker, wordKey, type WordOf } from "./word.ts";

export type Present = Pick<WordOf<"status">, "watermark" | "frames" | "records" | "waiting" | "spooled" | "dropped" | "points" | "ended">;

export interface StatusSettings {
  readonly network: string;
  readonly sensor: string;
  /** SHA-256 of the declaration that the sensor has. */
  readonly declaration: string;
  readonly epoch: string;
  readonly signer: Signer;
  readonly send: { send(network: string, words: readonly { readonly key: string; readonly value: Buffer }[]): Promise<void> };
}

/** Points that one word lists, the newest. */
const LISTED = 200;

export class SensorStatus {
  private readonly settings: StatusSettings;
  private readonly speaker: Speaker;
  private atMs = -Infinity;
  private sending: Promise<void> | null = null;

  constructor(settings: StatusSettings) {
    this.settings = settings;
    const { network, sensor: by, epoch, signer } = settings;
    this.speaker = new Speaker({ network, by, tool: VERSION, epoch }, signer);
  }

  /** Says it where it is time to. */
  tell(present: () => Present): void {
    const now = performance.now();
    if (this.sending !== null || now - this.atMs < FLEET_LIMITS.statusMs) return;
    this.atMs = now;
    this.sending = this.send(present());
  }

  /** The last word. */
  async end(present: () => Present): Promise<void> {
    await this.sending;
    await this.send(present());
  }

  private async send(present: Present): Promise<void> {
    const { network, sensor, declaration, send } = this.settings;
    const said = { kind: "status", declaration, ...present, points: present.points.slice(-LISTED) } as const;
    try {
      await send.send(network, [{ key: wordKey(network, said, sensor), value: this.speaker.write(said, Date.now()) }]);
    } catch {
      // The hub sees that no word came.
    }
    this.sending = null;
  }
}
