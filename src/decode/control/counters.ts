import type { Fault } from "#model/fault.ts";
import { CONTROL_LIMITS } from "./limits.ts";

/** What the control plane's dispatch met and could not, or not wholly, read. */
export class ControlCounters {
  /** Faults by `protocol code field`: the ones that left no message, and the ones inside messages. */
  readonly faults = new Map<string, number>();
  /** What was recognised and cannot be read because it is encrypted: `diameter tls`, `diameter dtls`. */
  readonly encrypted = new Map<string, number>();
  /** Recognised and not decoded by this version: `ngap`, `m3ua`, `sctp ppid 99`, … */
  readonly unsupported = new Map<string, number>();

  fault(fault: Fault): void {
    // Fields may hold numbers from the wire: past the limit only layer and code are told apart.
    const full = `${fault.layer} ${fault.code} ${fault.field}`;
    bump(this.faults, this.faults.size < CONTROL_LIMITS.faultKinds || this.faults.has(full) ? full : `${fault.layer} ${fault.code}`);
  }
}

export function bump(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
