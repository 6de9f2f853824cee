/**
 * What was told of things that last (`model/fact.ts`, `Lasting`), until the last word on each: as facts, since what signalling says of them is joined whenever
 * somebody asks, and may be another by then.
 */
import { scaled } from "#model/room.ts";
import type { ChannelFact, Fact, FlowFact, UseFact } from "#model/fact.ts";

export const UNENDED_LIMITS = {
  /** Things of one kind held at one time; past it new ones are judged only when they have ended, and so are all tunnels. */
  things: 200_000,
} as const;

export class UnendedFacts {
  readonly flows = new Map<number, FlowFact>();
  readonly uses = new Map<number, UseFact>();
  readonly channels = new Map<number, ChannelFact>();
  /** False once something was left out. */
  complete = true;

  /** True where the fact is held, as not the last word on its thing. A last word takes away what was held. */
  hold(fact: Fact): boolean {
    switch (fact.kind) {
      case "flow":
        return this.put(this.flows, fact);
      case "use":
        return this.put(this.uses, fact);
      case "channel":
        return this.put(this.channels, fact);
      default:
        return false;
    }
  }

  private put<T extends FlowFact | UseFact | ChannelFact>(held: Map<number, T>, fact: T): boolean {
    // What an older point told has no such member, and was told once.
    if ((fact.ended as boolean | undefined) !== false) {
      held.delete(fact.id);
      return false;
    }
    if (held.size < scaled(UNENDED_LIMITS.things) || held.has(fact.id)) held.set(fact.id, fact);
    else this.complete = false;
    return true;
  }
}
