/**
 * Places that the network's own subscriber data function asks the serving node for. Nearly always somebody asked it (Sh, SLg, a call or a short message, which page
 * the device), and these points may not show who. One subscriber's place again and again, with none of that near it, is something else.
 */
export const BEHALF_LIMITS = {
  /** Subscribers asked about; past it new ones are not watched. */
  subscribers: 50_000,
  /** Times kept of each, of both kinds; later ones are not. */
  times: 64,
  /** Times of reasons that name nobody known; later ones are not kept. */
  unnamed: 4_096,
} as const;

/** Fewer questions about one subscriber are daily life. */
export const LEAST_ASKED = 6;
/** Share of them that must have nothing near. */
const BARE_SHARE = 0.8;
/** What a question is asked for lies this near to it. */
const NEAR_MICROS = 15e6;

/** Whom a reason is about that names nobody known here: an answer, or a number that no signalling joins to an IMSI. */
export const ANYBODY = "";

export class OnBehalf {
  private readonly asked = new Map<string, number[]>();
  private readonly reasons = new Map<string, number[]>();

  ask(subscriber: string, micros: number): void {
    note(this.asked, subscriber, micros);
  }

  /** Sh, SLg or a page about a subscriber. */
  reason(subscriber: string, micros: number): void {
    note(this.reasons, subscriber, micros);
  }

  /** Whether this subscriber's place was asked again and again for nothing that was seen. */
  bare(subscriber: string): boolean {
    const asked = this.asked.get(subscriber) ?? [];
    if (asked.length < LEAST_ASKED) return false;
    // A reason that names nobody whom signalling joins to this subscriber may be about anybody.
    const reasons = [...(this.reasons.get(subscriber) ?? []), ...(this.reasons.get(ANYBODY) ?? [])];
    const bare = asked.filter((micros) => !reasons.some((other) => Math.abs(other - micros) <= NEAR_MICROS));
    return bare.length >= LEAST_ASKED && bare.length >= BARE_SHARE * asked.length;
  }
}

function note(into: Map<string, number[]>, subscriber: string, micros: number): void {
  const known = into.get(subscriber);
  if (known !== undefined) {
    if (known.length < (subscriber === ANYBODY ? BEHALF_LIMITS.unnamed : BEHALF_LIMITS.times)) known.push(micros);
  } else if (into.size < BEHALF_LIMITS.subscribers) into.set(subscriber, [micros]);
}
