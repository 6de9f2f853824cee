import { scaled } from "#model/room.ts";

export const ACT_LIMITS = {
  /** Pairs of an element and a peer that one detector of flows keeps; past it one that is worth little is forgotten, and counted as undecided. */
  pairs: 20_000,
} as const;

/** Acts looked at for the one that is worth least. */
const LOOKED_AT = 16;

/**
 * What a detector has against pairs, by key: bounded, since whoever writes the traffic may write any number of addresses. Where room is short, the one that is
 * worth least of the next few goes: a hand passes all in turn, so that nothing depends on a clock.
 */
export class BoundedActs<T> {
  /** Pairs that had to go. */
  forgotten = 0;
  private readonly places = new Map<string, number>();
  private readonly keys: string[] = [];
  private readonly acts: T[] = [];
  private readonly worth: (act: T) => number;
  private readonly limit: number;
  private hand = 0;

  constructor(worth: (act: T) => number, limit: number = ACT_LIMITS.pairs) {
    this.worth = worth;
    this.limit = scaled(limit);
  }

  get(key: string): T | undefined {
    const place = this.places.get(key);
    return place === undefined ? undefined : this.acts[place];
  }

  /** `key` must not be known. */
  add(key: string, act: T): void {
    const place = this.acts.length < this.limit ? this.acts.length : this.room();
    this.places.set(key, place);
    this.keys[place] = key;
    this.acts[place] = act;
  }

  values(): readonly T[] {
    return this.acts;
  }

  copy(copyAct: (act: T) => T): BoundedActs<T> {
    const copy = new BoundedActs<T>(this.worth, this.limit);
    copy.forgotten = this.forgotten;
    copy.hand = this.hand;
    this.acts.forEach((act, place) => {
      const key = this.keys[place] as string;
      copy.places.set(key, place);
      copy.keys.push(key);
      copy.acts.push(copyAct(act));
    });
    return copy;
  }

  private room(): number {
    let least = -1;
    for (let i = 0; i < LOOKED_AT; i++) {
      const place = this.hand;
      this.hand = (this.hand + 1) % this.acts.length;
      if (least < 0 || this.worth(this.acts[place] as T) < this.worth(this.acts[least] as T)) least = place;
    }
    this.forgotten++;
    this.places.delete(this.keys[least] as string);
    return least;
  }
}
