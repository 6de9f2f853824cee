import type { Bounds } from "./work.ts";

export const limits = {
  /** Seconds for L1 and L2 of a bundle; longer, and the bundle is called not verified. */
  verifySeconds: 60,
  /** MiB of JavaScript objects for a bundle; more ends the verification. */
  verifyHeap: 1024,
  /** MiB of the process that verifies a bundle, the bundle itself included; more ends it. */
  verifyMemory: 2048,
  /** Seconds for the check of a declaration; longer, and it is called unusable. */
  declarationSeconds: 10,
  /** MiB of JavaScript objects for the check of a declaration. */
  declarationHeap: 384,
  /** MiB of the process that checks a declaration. */
  declarationMemory: 768,
} as const;

export const VERIFY_BOUNDS: Bounds = {
  seconds: limits.verifySeconds,
  silenceSeconds: Infinity,
  heapMiB: limits.verifyHeap,
  memoryMiB: limits.verifyMemory,
};

export const DECLARATION_BOUNDS: Bounds = {
  seconds: limits.declarationSeconds,
  silenceSeconds: Infinity,
  heapMiB: limits.declarationHeap,
  memoryMiB: limits.declarationMemory,
};
