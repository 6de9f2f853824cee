/**
 * Carriers that cannot be read and follow a subscriber by time and length (`method.md` §2; docs/copies.md §7): family-wise significance, and the
 * innocent explanations that only such carriers have. Rhythm alone is never `proven`.
 */
import type { CopyObservation, CopyRhythm, CopyTrain } from "#model/copy.ts";
import type { ArithmeticStep, Explanation } from "#model/finding.ts";
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
      label: "bursts followed, for this pair alone",
      bits: best.pairBits,
      because:
        `second half: ${best.followed} of ${best.bursts} bursts of one subscriber's ${best.uplink ? "uplink" : "downlink"} were followed; ` +
        `by chance at most ${(100 * best.chanceShare).toFixed(2)} % are (shifted in time, and against everybody else who was active)`,
    },
    { label: "family", bits: -Math.log2(Math.max(1, rhythm.pairs)), because: `${rhythm.pairs} pairs of carrier and train were tried` },
    { label: "score", bits, because: `rounded down; at most ${rhythmSettings.mostBits}: bursts are a model` },
  ];
  return { bits, hash: 0, source: family, steps };
}

/** Explanations that only a carrier which cannot be read has. */
export function rhythmExplanations(rhythm: CopyRhythm, seenBothWays: boolean): Explanation[] {
  return [pathLeg(rhythm, seenBothWays), records(rhythm), busy(rhythm)];
}

/** A leg of a path carries a subscriber's packets one way and the answers the other way; a copy goes one way with both. */
function pathLeg(rhythm: CopyRhythm, seenBothWays: boolean): Explanation {
  const explanation = "an encrypted leg of the path (IPsec of the backhaul, an enterprise's or subscriber's VPN, ePDG)";
  const { forward, reverse, trains } = rhythm;
  if (reverse >= forward * rhythmSettings.answering) {
    return {
      explanation,
      status: "supported",
      because: `${reverse} packets with payload came back for ${forward}: the far end takes part`,
    };
  }
  if (!seenBothWays) {
    return {
      explanation,
      status: "untestable",
      because: "no conversation at this point was seen both ways: what comes back, if anything does, would not show",
    };
  }
  const up = new Set(trains.filter((t) => t.uplink).map((t) => t.address));
  if (trains.some((t) => !t.uplink && up.has(t.address))) {
    return {
      explanation,
      status: "excluded",
      because: `what a subscriber sent and what it received both travel in one direction of the carrier, and next to nothing comes back (${reverse} of ${forward})`,
    };
  }
  return {
    explanation,
    status: "untestable",
    because: "only one direction of the subscribers' traffic is followed, as on a leg whose other direction is not seen",
  };
}

function records({ octets, explained, trains }: CopyRhythm): Explanation {
  const explanation = "records about the traffic (logs, charging, flow export), not the traffic";
  const sizes = Math.max(...trains.map((t) => t.sizes));
  const share = octets === 0 ? 0 : explained / octets;
  const said = `${Math.round(100 * share)} % of the carrier's octets lie in messages as long as the packets they follow, of ${sizes} different lengths`;
  if (share < 0.25 || sizes < rhythmSettings.leastSizes) return { explanation, status: "supported", because: said };
  return { explanation, status: share < 0.5 ? "untestable" : "excluded", because: said };
}

function busy({ trains }: CopyRhythm): Explanation {
  const share = Math.max(...trains.map((t) => t.chanceShare));
  return {
    explanation: "a bulk transfer or a busy hour at the same time",
    status: "excluded",
    because: `shifted in time, and for other subscribers, at most ${(100 * share).toFixed(2)} % of the bursts are followed`,
  };
}
