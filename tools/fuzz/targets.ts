/** Everything that reads what a stranger wrote. A target throws where the reader broke its word; errors that the reader promises are none. */
import { documents } from "./documents.ts";
import { packets } from "./packets.ts";
import { protocols } from "./protocols.ts";
import { proofs } from "./proofs.ts";

export interface Target {
  readonly name: string;
  /** Takes octets of a stranger's making. The array is the caller's, and is not kept. */
  readonly run: (input: Uint8Array) => void | Promise<void>;
  /** Inputs to begin with: payloads of transports, whole frames (`packets.ts` says how they are packed), capture files, or the target's own. */
  readonly seeds: "payloads" | "traffic" | "captures" | readonly Uint8Array[];
  /** Pieces of text that mean something in its format. */
  readonly words?: readonly Uint8Array[];
  /** Octets that an input may have; default 8192. */
  readonly longest?: number;
}

export const TARGETS: readonly Target[] = [...packets, ...protocols, ...documents, ...proofs];

export function targetNamed(name: string): Target {
  const target = TARGETS.find((one) => one.name === name);
  if (target === undefined) throw new Error(`no target ${name}, expected one of ${TARGETS.map((one) => one.name).join(", ")}`);
  return target;
}
