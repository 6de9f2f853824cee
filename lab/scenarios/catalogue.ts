/** All scenarios, by claim. */
import { addressPassing } from "./address-passing.ts";
import { bulkRecords } from "./bulk-records.ts";
import { clean } from "./clean.ts";
import { copies } from "./copies.ts";
import { copyForks } from "./copy-forks.ts";
import { copyTwins } from "./copy-twins.ts";
import { covertChannel } from "./covert-channel.ts";
import { covertPlaces } from "./covert-places.ts";
import { ghostTunnel } from "./ghost-tunnel.ts";
import { ikeAgreements } from "./ike.ts";
import { interception } from "./interception.ts";
import { logins } from "./logins.ts";
import { plainContent } from "./plain-content.ts";
import { queryBulk } from "./query-bulk.ts";
import type { Scenario } from "./scenario.ts";
import { undeclaredDuplication } from "./undeclared-duplication.ts";
import { undeclaredPeer } from "./undeclared-peer.ts";
import { undeclaredTrace } from "./undeclared-trace.ts";
import { ungrantedAccess } from "./ungranted-access.ts";
import { unreasonedQuery } from "./unreasoned-query.ts";
import { weakenedProtection } from "./weakened-protection.ts";

export const catalogue: readonly Scenario[] = [
  ...clean,
  ...copies,
  ...copyTwins,
  ...copyForks,
  ...plainContent,
  ...covertChannel,
  ...covertPlaces,
  ...undeclaredPeer,
  ...bulkRecords,
  ...undeclaredDuplication,
  ...undeclaredTrace,
  ...unreasonedQuery,
  ...queryBulk,
  ...interception,
  ...addressPassing,
  ...logins,
  ...ungrantedAccess,
  ...ghostTunnel,
  ...weakenedProtection,
  ...ikeAgreements,
];

export function findScenario(name: string): Scenario | undefined {
  return catalogue.find((s) => s.name === name);
}
