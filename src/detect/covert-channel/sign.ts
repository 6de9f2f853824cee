import { state, type Statement } from "#model/statement.ts";
import type { ContentSummary, FrameList } from "#model/observation.ts";

/** Something found in a place that should carry little: who sent it to whom, what was measured, and how it may be explained. */
export interface Sign {
  /** One place, one kind: `icmp-echo`, `extension 4242`, … */
  readonly place: string;
  readonly source: string;
  readonly destination: string;
  readonly points: readonly number[];
  /** Random beyond chance, in a place where the sender alone decides what stands. */
  readonly strong: boolean;
  /** Ends a sentence that begins with who sent to whom. */
  readonly what: Statement;
  /** Innocent explanations that stay open, and those that the measurement excludes. */
  readonly open: readonly { readonly explanation: Statement; readonly because: Statement }[];
  readonly excluded: readonly { readonly explanation: Statement; readonly because: Statement }[];
  readonly layers: readonly string[];
  readonly sources: readonly string[];
  readonly packets: number;
  readonly octets: number;
  readonly firstMicros: number;
  readonly lastMicros: number;
  readonly frames: readonly FrameList[];
}

export const contentSettings = {
  /** Fewer contents or octets than this are never called random, whatever they look like. */
  contents: 8,
  octets: 512,
  /** Share of contents that must differ from all others. */
  distinctShare: 0.9,
} as const;

export function isFresh(content: ContentSummary): boolean {
  return content.compared >= contentSettings.contents && content.distinct >= contentSettings.distinctShare * content.compared;
}

/** New each time, and spread as if drawn at random: what structures, text, counters and constants are not. */
export function isRandom(content: ContentSummary): boolean {
  return isFresh(content) && content.octets >= contentSettings.octets && content.uniform !== undefined;
}

/** New each time and perhaps random, but too little of it to say so. */
export function mayBeRandom(content: ContentSummary): boolean {
  return isFresh(content) && content.spread;
}

export const LOOKS_RANDOM = {
  explanation: state("explanation.random-feature"),
  because: state("channel.looks-random"),
} as const;
