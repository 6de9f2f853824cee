/**
 * Carriers that cannot be read and follow a subscriber by time and length (`method.md` §2; docs/copies.md §7): family-wise significance, and the
 * innocent explanations that only such carriers have. Rhythm alone is never `proven`.
 */
import type { CopyObservation, CopyRhythm, CopyTrain } from "#model/copy.ts";
import type { ArithmeticStep, Explanation } from "#model/finding.ts";
import { state } from "#model/statement.ts";
import type { Score } from "./bits.ts";

export const rhythmSettings = {
  /** Family-wise bits below which a pair is not told at all: one in 16,384 runs. */
  leastBits: 14,
  otherDirectionBits: 8,
  otherDirectionShare: 0.7,
  otherDirectionEvents: 0.1,
  /** A model of bursts says no more than this, however small a number it gives. */
  mostBits: 40,
  /** Distinct lengths among the packets followed: records about packets have few. */
  leastSizes: 8,
  /** Packets with payload back per packet forth, from which the far end takes part in the exchange. */
  answering: 0.1,
} as const;

/** -log2 of the family-wise error of one train's test: every pair of carrier and train ever tried pays. */
export function familyBits(rhythm: CopyRhythm, train: CopyTrain): number {
  return train.pairBits - Math.log2(Math.max(1, rhythm.pairs));
}

/** The observation with those subscribers alone whose trains are followed beyond chance; undefined where there is none. */
export function significant(o: CopyObservation, rhythm: CopyRhythm): CopyObservation | undefined {
  const addresses = new Set(rhythm.trains.filter((t) => familyBits(rhythm, t) >= rhythmSettings.leastBits).map((t) => t.address));
  // The other direction of a subscriber who is followed is one test, not one of a family; or what the first one left over of the carrier fits it.
  const trains = rhythm.trains.filter(
    (t) =>
      addresses.has(t.address) &&
      (t.pairBits >= rhythmSettings.otherDirectionBits ||
        (t.followed >= rhythmSettings.otherDirectionShare * t.bursts && t.packets >= rhythmSettings.otherDirectionEvents * rhythm.events)),
  );
  const subscribers = o.subscribers.filter((s) => addresses.has(s.address));
  if (subscribers.length === 0) return undefined;
  return {
    ...o,
    subscribers,
    packets: subscribers.reduce((n, s) => n + s.packets, 0),
    bytes: subscribers.reduce((n, s) => n + s.bytes, 0),
    rhythm: { ...rhythm, trains },
  };
}

export function scoreRhythm(rhythm: CopyRhythm): Score {
  const best = rhythm.trains.reduce((a, b) => (b.pairBits > a.pairBits ? b : a));
  const family = familyBits(rhythm, best);
  const bits = Math.max(0, Math.min(rhythmSettings.mostBits, Math.floor(family)));
  const steps: ArithmeticStep[] = [
    {
      label: state("step.bursts"),
      bits: best.pairBits,
      because: state("copy.bursts", {
        followed: best.followed,
        bursts: best.bursts,
        direction: best.uplink ? "uplink" : "downlink",
        share: Math.round(10_000 * best.chanceShare),
      }),
    },
    { label: state("step.family"), bits: -Math.log2(Math.max(1, rhythm.pairs)), because: state("copy.family", { pairs: rhythm.pairs }) },
    { label: state("step.score"), bits, because: state("copy.score-rhythm", { most: rhythmSettings.mostBits }) },
  ];
  return { bits, hash: 0, source: family, steps };
}

/** Explanations that only a carrier which cannot be read has. */
export function rhythmExplanations(rhythm: CopyRhythm, seenBothWays: boolean): Explanation[] {
  return [pathLeg(rhythm, seenBothWays), records(rhythm), busy(rhythm)];
}

/** A leg of a path carries a subscriber's packets one way and the answers the other way; a copy goes one way with both. */
function pathLeg(rhythm: CopyRhythm, seenBothWays: boolean): Explanation {
  const explanation = state("explanation.encrypted-leg");
  const { forward, reverse, trains } = rhythm;
  if (reverse >= forward * rhythmSettings.answering) {
    return {
      explanation,
      status: "supported",
      because: state("copy.payload-came-back", { back: reverse, forth: forward }),
    };
  }
  if (!seenBothWays) {
    return {
      explanation,
      status: "untestable",
      because: state("copy.answers-would-not-show"),
    };
  }
  const up = new Set(trains.filter((t) => t.uplink).map((t) => t.address));
  if (trains.some((t) => !t.uplink && up.has(t.address))) {
    return {
      explanation,
      status: "excluded",
      because: state("copy.one-direction-carries-both", { back: reverse, forth: forward }),
    };
  }
  return {
    explanation,
    status: "untestable",
    because: state("copy.one-direction-followed"),
  };
}

function records({ octets, explained, trains }: CopyRhythm): Explanation {
  const explanation = state("explanation.records");
  const sizes = Math.max(...trains.map((t) => t.sizes));
  const share = octets === 0 ? 0 : explained / octets;
  const said = state("copy.octets-in-records", { share: Math.round(100 * share), sizes });
  if (share < 0.25 || sizes < rhythmSettings.leastSizes) return { explanation, status: "supported", because: said };
  return { explanation, status: share < 0.5 ? "untestable" : "excluded", because: said };
}

function busy({ trains }: CopyRhythm): Explanation {
  const share = Math.max(...trains.map((t) => t.chanceShare));
  return {
    explanation: state("explanation.busy-hour"),
    status: "excluded",
    because: state("copy.bursts-by-chance", { share: Math.round(10_000 * share) }),
  };
}
