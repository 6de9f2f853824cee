import type { DetectorFactory } from "#detect/detector.ts";
import { ghostTunnel } from "#detect/ghost-tunnel.ts";
import { undeclaredPeer } from "#detect/undeclared-peer.ts";
import { ungrantedAccess } from "#detect/ungranted-access.ts";
import { weakenedProtection } from "#detect/weakened-protection.ts";

/** All detectors, by the claim they make. Adding one is a file in `detect/` and a line here. */
export const DETECTORS: readonly DetectorFactory[] = [ghostTunnel, ungrantedAccess, undeclaredPeer, weakenedProtection];
