/** What a scenario is: a name, one sentence, and a function that plays it. */
import { Case } from "#lab/case.ts";
import type { LayoutOptions } from "#lab/network/layout.ts";

export interface Scenario {
  readonly name: string;
  readonly claim: string;
  /** `positive`: something is to be found; `twin`: the same look, innocent; `clean`: ordinary life. */
  readonly kind: "positive" | "twin" | "clean";
  readonly description: string;
  readonly play: (seed: string) => Case;
}

export function scenario(
  name: string,
  kind: Scenario["kind"],
  claim: string,
  description: string,
  o: LayoutOptions,
  play: (c: Case) => void,
): Scenario {
  return {
    name,
    kind,
    claim,
    description,
    play: (seed) => {
      const c = new Case(name, seed, o);
      c.why = description;
      play(c);
      return c;
    },
  };
}
