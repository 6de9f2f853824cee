import type { UseFact } from "#model/fact.ts";
import type { FrameList, TunnelObservation } from "#model/observation.ts";
import { signalling, type TunnelEnds } from "./tunnel-ends.ts";

const NO_FRAMES: FrameList = { capture: -1, frames: [], total: 0 };

/**
 * Joins a use with what signalling says of its end. Only when the use is told, since a packet may be captured before the message that announced its
 * tunnel.
 */
export function joinUse(ends: TunnelEnds, use: UseFact): TunnelObservation {
  const signalled = ends.find(use.end.address, use.end.teid);
  const user = signalled === undefined ? "unknown" : ends.user(signalled, use.end.address, use.source);
  const end = ends.surroundings(use.end.address);
  const source = ends.surroundings(use.source);
  return {
    kind: "tunnel",
    end: use.end,
    source: use.source,
    point: use.point,
    withinTunnel: use.withinTunnel,
    packets: use.packets,
    bytes: use.bytes,
    firstMicros: use.firstMicros,
    lastMicros: use.lastMicros,
    frames: signalled === undefined || user === "other" ? use.frames : NO_FRAMES,
    innerAddresses: use.innerAddresses,
    signalled: signalled === undefined ? undefined : signalling(signalled, user),
    // Only while the end stays down: one that was set up again later carried somebody's packets rightly.
    afterRelease: signalled?.releasedMicros === undefined ? undefined : use.late,
    setupSeen: { end: end.setup, source: source.setup },
    missingSince: { end: end.missingSince, source: source.missingSince },
    signalledSince: { end: end.namedSince, source: source.namedSince },
    signalledNeighbours: { end: end.ends, source: source.ends },
  };
}
