import { ACCESS, isOf } from "#declaration/role-groups.ts";
import type { TunnelObservation } from "#model/observation.ts";
import type { DetectorContext } from "./detector.ts";

export const UNANNOUNCED_LIMITS = {
  /** Addresses kept; past it an exchange with anybody is at most an indication, since the peer may be a subscriber. */
  addresses: 100_000,
} as const;

/**
 * Addresses that lived inside tunnels whose set-up nobody saw: subscribers whose sessions are older than the capture, or whose signalling was not
 * tapped. Believed only between declared functions of which one is a base station's side, since that says which address is the subscriber's:
 * the source of what goes up, the destination of what comes down (3GPP TS 23.401 §4.7.2.2).
 */
export class UnannouncedUsers {
  private readonly known = new Set<string>();
  full = false;

  /** What is added later is not known to the copy's origin. */
  copy(): UnannouncedUsers {
    const copy = new UnannouncedUsers();
    for (const address of this.known) copy.known.add(address);
    copy.full = this.full;
    return copy;
  }

  note(use: TunnelObservation, context: DetectorContext): void {
    if (use.signalled !== undefined || use.withinTunnel || use.innerAddresses.length < 2) return;
    const { declaration } = context;
    const from = declaration?.functionAt(use.source);
    const to = declaration?.functionAt(use.end.address);
    if (from === undefined || to === undefined) return;
    const up = isOf(from.roles, ACCESS);
    if (up === isOf(to.roles, ACCESS)) return;
    if (wouldHaveBeenSeen(use)) return;
    const user = use.innerAddresses[up ? 0 : 1] as string;
    if (this.known.size < UNANNOUNCED_LIMITS.addresses) this.known.add(user);
    else this.full ||= !this.known.has(user);
  }

  has(address: string): boolean {
    return this.known.has(address);
  }
}

/** The association that announces tunnels began in view before the use, and nothing of it is missing: no session is older, so that a packet made up inside a tunnel hides nobody. */
function wouldHaveBeenSeen({ setupSeen, missingSince, firstMicros }: TunnelObservation): boolean {
  const since = Math.min(setupSeen.end ?? Infinity, setupSeen.source ?? Infinity);
  return since < firstMicros && missingSince.end === undefined && missingSince.source === undefined;
}
