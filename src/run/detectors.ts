import type { DetectorFactory } from "#detect/detector.ts";
import { unwarrantedInterception } from "#detect/unwarranted-interception.ts";
import { covertCopy } from "#detect/covert-copy.ts";
import { covertChannel } from "#detect/covert-channel.ts";
import { ghostTunnel } from "#detect/ghost-tunnel.ts";
import { undeclaredPeer } from "#detect/undeclared-peer.ts";
import { undeclaredDuplication } from "#detect/undeclared-duplication.ts";
import { undeclaredTrace } from "#detect/undeclared-trace.ts";
import { ungrantedAccess } from "#detect/ungranted-access.ts";
import { unreasonedQuery } from "#detect/unreasoned-query.ts";
import { weakenedProtection } from "#detect/weakened-protection.ts";

/**
 * All detectors, by the claim they make. Adding one is a file in `detect/` and a line here. Copies are judged before product is: the latter says which warrants
 * in force nothing was seen of, and a copy that one covers is something.
 */
export const DETECTORS: readonly DetectorFactory[] = [
  covertCopy,
  (context) => unwarrantedInterception(context.register ?? null)(context),
  undeclaredDuplication,
  undeclaredTrace,
  unreasonedQuery,
  covertChannel,
  ghostTunnel,
  ungrantedAccess,
  undeclaredPeer,
  weakenedProtection,
];
