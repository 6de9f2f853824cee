/** All scenarios, by claim. */
import { clean } from "./clean.ts";
import { copies } from "./copies.ts";
import { ghostTunnel } from "./ghost-tunnel.ts";
import type { Scenario } from "./scenario.ts";
import { undeclaredPeer } from "./undeclared-peer.ts";
import { ungrantedAccess } from "./ungranted-access.ts";
import { weakenedProtection } from "./weakened-protection.ts";

export const catalogue: readonly Scenario[] = [
  ...clean,
  ...copies,
  ...undeclaredPeer,
  ...ungrantedAccess,
  ...ghostTunnel,
  ...weakenedProtection,
];

export function findScenario(name: string): Scenario | undefined {
  return catalogue.find((s) => s.name === name);
}
