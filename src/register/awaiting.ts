/**
 * Streams that no open entry of the register covers, while an authority holds sealed entries (docs/register.md): not an accusation, but a
 * question that only the authority can read. Pure; the keys and the encryption live in `sealed/`.
 */
import type { TargetIdentifier } from "#model/interception.ts";
import type { Instant } from "#model/time.ts";

/** What decides whether an entry covers a stream of product, or a task. */
export interface UncoveredStream {
  /** `x1`, `x2`, `x3`, `hi2`, `hi3`, a shim's name, or `copy`. */
  readonly interface: string;
  readonly element: string;
  readonly receiver: string;
  readonly receiverMediates: boolean;
  readonly kinds: readonly ("iri" | "cc")[];
  readonly targets: readonly TargetIdentifier[];
  /** Whom signalling says the carried packets belong to. */
  readonly joined: readonly TargetIdentifier[];
  readonly liids: readonly string[];
  readonly xid: string | undefined;
}

export interface AwaitingAuthority {
  /**
   * True while an authority that sealed entries before `from` has not said "not ours" of this stream for all of [from, to]: the stream is
   * then awaited, and a question is due. Times are the product's own where it states one.
   */
  awaits(stream: UncoveredStream, from: Instant, to: Instant, timeIsOwn: boolean): boolean;
}
