/**
 * Walks through identities: an asker that is entitled to ask about somebody asks about everybody. One test for every query protocol, on what ordinary life does not do
 * together: identities in numeric order or at one stride, a large share that does not exist, and nothing that follows (no Update Location after Authentication
 * Information, no short message after its routing, no positioning after the routing of one).
 *
 * Roamers who authenticate again are asked in any order, exist, and many register; provisioning and checks go by who calls, and by numbers that exist.
 */
import type { DiameterMessage } from "#decode/diameter/message.ts";

export const WALK_LIMITS = {
  /** Askers and procedures watched; past it new ones are not. */
  walks: 4_096,
  /** Identities of one of them; later ones are not looked at. */
  identities: 4_096,
} as const;

/** Fewer identities than this are no walk. */
export const LEAST_IDENTITIES = 20;
/** Share of steps upwards (or downwards), or at one stride, from which identities are in order: of twenty at random, one list in a hundred thousand has so many. */
const IN_ORDER = 0.95;
const AT_STRIDE = 0.5;
/** Share of answers "unknown" from which numbers are tried: mistyped and ported ones are a few in a hundred. */
const UNKNOWN_SHARE = 0.25;
/** Share of identities after which the procedure follows, above which asking has its ordinary reason. */
const FOLLOWED_SHARE = 0.05;
/** The same where its sequels cannot be joined to its questions. */
const OWN_SEQUELS_SHARE = 0.25;
/** What belongs to a question follows within this time. */
export const FOLLOW_MICROS = 120e6;

/** DIAMETER_ERROR_USER_UNKNOWN (TS 29.229 §6.2.2.1, TS 29.272 §7.4.3.1) and its siblings of other applications (TS 29.338 §7.3, TS 29.172 §7.5). */
const USER_UNKNOWN: ReadonlySet<number> = new Set([5001, 5550, 4201]);

const S6A = 16_777_251;
const SGD = 16_777_313;
const SLG = 16_777_255;
const SWX = 16_777_265;
/** What follows each question: application and commands. A question that is not listed has no sequel on these interfaces. */
const SEQUELS: Readonly<Record<string, readonly [application: number, commands: readonly number[]]>> = {
  "s6a-air": [S6A, [316]],
  "s6c-srr": [SGD, [8_388_646, 8_388_645]],
  "slh-rir": [SLG, [8_388_620]],
  "swx-mar": [SWX, [301]],
};

export interface WalkAnswer {
  readonly success: boolean | undefined;
  readonly result: number | undefined;
  /** Identities that the answer holds. */
  readonly names: readonly string[];
  readonly micros: number;
}

class Walk {
  readonly procedure: string;
  /** Numbers in the order in which they were first asked about, and when. */
  readonly asked = new Map<string, number>();
  /** Names that answers gave for those: a number was asked about, and what follows names the IMSI. */
  readonly also = new Map<string, number>();
  answers = 0;
  unknown = 0;
  followed = 0;
  /** Sequels of the asker's own, about whomever. */
  sequels = 0;
  constructor(procedure: string) {
    this.procedure = procedure;
  }
}

export class Walks {
  private readonly walks = new Map<string, Walk>();
  /** Sequels seen at all, of anybody: where a procedure's never are, its absence says nothing. */
  private readonly sequels = new Set<string>();

  /** A question about an identity by somebody who may ask; whether it is still remembered. */
  ask(asker: string, procedure: string, identity: string, micros: number): boolean {
    const key = `${asker} ${procedure}`;
    let walk = this.walks.get(key);
    if (walk === undefined) {
      if (this.walks.size >= WALK_LIMITS.walks) return false;
      this.walks.set(key, (walk = new Walk(procedure)));
    }
    if (walk.asked.has(identity)) return true;
    if (walk.asked.size >= WALK_LIMITS.identities) return false;
    walk.asked.set(identity, micros);
    return true;
  }

  answer(asker: string, procedure: string, message: WalkAnswer): void {
    const walk = this.walks.get(`${asker} ${procedure}`);
    if (walk === undefined) return;
    walk.answers++;
    for (const name of message.names) if (walk.also.size < WALK_LIMITS.identities) walk.also.set(name, message.micros);
    if (message.success !== true && message.result !== undefined && USER_UNKNOWN.has(message.result)) walk.unknown++;
  }

  /** Any Diameter request: it may be what a question was for. */
  follow(message: DiameterMessage, identities: readonly string[], micros: number, asker: string): void {
    for (const [procedure, [application, commands]] of Object.entries(SEQUELS)) {
      if (message.application !== application || !commands.includes(message.type)) continue;
      this.sequels.add(procedure);
      const own = this.walks.get(`${asker} ${procedure}`);
      if (own !== undefined) own.sequels++;
      for (const walk of this.walks.values()) {
        if (walk.procedure !== procedure) continue;
        for (const identity of identities) {
          const asked = walk.asked.get(identity) ?? walk.also.get(identity);
          if (asked === undefined || micros < asked || micros > asked + FOLLOW_MICROS) continue;
          walk.followed++;
          break;
        }
      }
    }
  }

  /** What speaks for a walk; undefined where it is none. */
  judge(
    asker: string,
    procedure: string,
  ): { readonly identities: number; readonly ordered: boolean; readonly unknown: boolean } | undefined {
    const walk = this.walks.get(`${asker} ${procedure}`);
    if (walk === undefined || walk.asked.size < LEAST_IDENTITIES) return undefined;
    if (walk.followed > FOLLOWED_SHARE * walk.asked.size) return undefined;
    // Its sequels may name people otherwise than its questions do: that there are many is enough.
    if (walk.sequels > OWN_SEQUELS_SHARE * walk.asked.size) return undefined;
    const ordered = isOrdered([...walk.asked.keys()]);
    const unknown = walk.answers >= LEAST_IDENTITIES && walk.unknown >= UNKNOWN_SHARE * walk.answers;
    // Where no sequel of this kind was ever seen, or there is none, its absence is no sign of its own.
    const alone = this.sequels.has(procedure);
    const signs = (ordered ? 1 : 0) + (unknown ? 1 : 0) + (alone ? 1 : 0);
    return signs >= 2 && (ordered || unknown) ? { identities: walk.asked.size, ordered, unknown } : undefined;
  }
}

/** Whether numbers go up or down nearly always, or mostly by the same step. */
export function isOrdered(identities: readonly string[]): boolean {
  const numbers = identities.filter((text) => /^\d{5,15}$/.test(text)).map(Number);
  if (numbers.length < LEAST_IDENTITIES) return false;
  const steps = new Map<number, number>();
  let up = 0;
  for (let i = 1; i < numbers.length; i++) {
    const step = (numbers[i] as number) - (numbers[i - 1] as number);
    if (step > 0) up++;
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  const all = numbers.length - 1;
  return Math.max(up, all - up) >= IN_ORDER * all || Math.max(...steps.values()) >= AT_STRIDE * all;
}
