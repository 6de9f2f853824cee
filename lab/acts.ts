/**
 * How far each scenario's act goes (contract §4, `act`), stated apart from what detectors say: a table that a person can check line by line. `sent`: an order or a
 * signal without its answer, or one that no protocol answers; `accepted`: the success answer is in the capture; `effected`: the traffic itself is.
 */
import type { Act, Claim } from "#model/finding.ts";

const USUAL: Readonly<Record<Claim, Act>> = {
  "unwarranted-interception": "effected",
  "undeclared-duplication": "accepted",
  "undeclared-trace": "sent",
  "unreasoned-query": "effected",
  "covert-copy": "effected",
  "covert-channel": "sent",
  "ghost-tunnel": "effected",
  "ungranted-access": "effected",
  "undeclared-peer": "effected",
  "weakened-protection": "accepted",
};

const OTHERWISE: Readonly<Record<string, Act>> = {
  // Orders, not product.
  "dupl-no-warrant": "accepted",
  "x1-no-warrant": "accepted",
  "x1-segmented": "accepted",
  "x1-undeclared-admf": "accepted",
  // Copies follow the order; no answer; refused.
  "dupl-effected": "effected",
  "dupl-unanswered": "sent",
  "dupl-rejected": "sent",
  // One way alone: nobody answered.
  "peer-udp-oneway": "sent",
  // Procedures with an answer, which is there.
  "trace-context-setup": "accepted",
  "trace-context-setup-split": "accepted",
  "trace-create-session": "accepted",
  "trace-handover-request": "accepted",
  "trace-insert-subscriber-data": "accepted",
  "trace-named-by-address": "accepted",
  "trace-pfcp": "accepted",
  "trace-service-request": "accepted",
  // The records flow.
  "trace-start-effected": "effected",
  // Refused.
  "query-unanswered": "sent",
  // The traffic is there in clear.
  "plaintext-on-protected-link": "effected",
  "esp-null-encryption": "effected",
};

export function actOf(scenario: string, claim: Claim): Act {
  return OTHERWISE[scenario] ?? USUAL[claim];
}
