/**
 * Subscribers whom another network asks about as if they were there, while they go on being served here: keys or a registration fetched for somebody who never
 * left. A subscriber who crosses a border registers anew when back (attach, tracking area update, authentication by the own network); one who simply goes on did
 * not go. 3GPP TS 23.401 §5.3.
 */
import { scaled } from "#model/room.ts";
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { NasEpsMessage } from "#decode/nas-eps/message.ts";
import type { S1apMessage } from "#decode/s1ap/message.ts";
import type { DecodedMessage } from "#model/message.ts";
import type { MessageObservation } from "#model/observation.ts";
import { toMicros } from "#model/time.ts";

/** Clocks of two points, and messages under way, may differ by this much. */
export const MARGIN_MICROS = 5e6;
/** Later than this the subscriber may have been away and back by ways that were not captured. */
export const HORIZON_MICROS = 900e6;
/** Subscribers asked about by other networks; past it, new questions are not watched. */
const MAX_WATCHED = 50_000;
/** Subscribers whose last sign is remembered; past it, new ones are not, and count as not served here. */
const MAX_SERVED = 500_000;
/** Devices' contexts at once; past it all are forgotten, and those devices say nothing until they come anew. */
const MAX_CONTEXTS = 200_000;

/**
 * S1AP procedures in which the device itself has spoken: initial UE message, uplink NAS transport (TS 36.413 §8.6), and the answer to an initial context set-up, for which it
 * set up its radio bearers (§8.3.1); and NAS registrations: attach and tracking area update requests (TS 24.301 §9.8).
 */
const INITIAL_UE = 12;
const UPLINK_NAS = 13;
const CONTEXT_SETUP = 9;
const REGISTRATIONS: ReadonlySet<number> = new Set([65, 72]);
const AIR = 318;
const ULR = 316;

interface Watched {
  readonly askedMicros: number;
  outcome: "open" | "stayed" | "moved";
}

export class Presence {
  /** When each subscriber's device was last heard here, microseconds, by IMSI. */
  private readonly served = new Map<string, number>();
  private readonly watched = new Map<string, Watched[]>();
  /** By eNB and its id of the device: whether the context began with a registration. */
  private readonly contexts = new Map<string, boolean>();

  /** A device's own message, or the own network's registration of it. `imsi`: of the subscriber it is about, where known; `own`: sent by an own function. */
  observe({ observed: { message, origin } }: MessageObservation, imsi: string | undefined, own: boolean): void {
    const micros = toMicros(origin.time);
    if (message.protocol === "diameter") {
      const { request, type } = message as DiameterMessage;
      if (own && request && imsi !== undefined && (type === AIR || type === ULR)) this.settle(imsi, micros, "moved");
      return;
    }
    if (message.protocol !== "s1ap") return;
    const { type, kind, enbUeId } = message as S1apMessage;
    const heard = kind === "initiating" ? type === INITIAL_UE || type === UPLINK_NAS : kind === "successful" && type === CONTEXT_SETUP;
    if (!heard || enbUeId === undefined) return;
    // Who sends the initial message may show only later (by the bearers that are set up for it): what it wanted is kept until then.
    const context = `${origin.src} ${enbUeId}`;
    if (type === INITIAL_UE) {
      if (this.contexts.size >= MAX_CONTEXTS) this.contexts.clear();
      this.contexts.set(context, message.inner.some(isRegistration));
    }
    const registers = message.inner.some(isRegistration) || this.contexts.get(context);
    if (imsi === undefined || registers === undefined) return;
    if (this.served.size < scaled(MAX_SERVED) || this.served.has(imsi)) this.served.set(imsi, micros);
    this.settle(imsi, micros, registers ? "moved" : "stayed");
  }

  /** Another network asks about a subscriber as if it were there. Answers whether the subscriber turned out to stay here, when asked at the end. */
  ask(imsi: string, micros: number): (() => boolean) | undefined {
    const last = this.served.get(imsi);
    if (last === undefined || micros - last > HORIZON_MICROS || this.watched.size >= MAX_WATCHED) return undefined;
    const watched: Watched = { askedMicros: micros, outcome: "open" };
    const known = this.watched.get(imsi);
    if (known === undefined) this.watched.set(imsi, [watched]);
    else if (known.length < 64) known.push(watched);
    return () => watched.outcome === "stayed";
  }

  private settle(imsi: string, micros: number, outcome: "stayed" | "moved"): void {
    for (const watched of this.watched.get(imsi) ?? []) {
      if (watched.outcome !== "open" || micros < watched.askedMicros + (outcome === "stayed" ? MARGIN_MICROS : -MARGIN_MICROS)) continue;
      watched.outcome = micros > watched.askedMicros + HORIZON_MICROS ? "moved" : outcome;
    }
  }
}

function isRegistration(message: DecodedMessage): boolean {
  if (message.protocol !== "nas-eps") return false;
  return (message.type !== undefined && REGISTRATIONS.has(message.type)) || (message as NasEpsMessage).inner.some(isRegistration);
}
