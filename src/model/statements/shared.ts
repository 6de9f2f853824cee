/** Statements that several detectors make: names, premises, and joints. */
export const SHARED = {
  /** Excluded by the declaration alone. */
  "as-declared": { what: "text" },
  "name.unknown-element": {},
  "name.unknown-next-hop": {},
  "name.mac": { mac: "text" },
  "name.with-address": { name: "text", address: "text" },
  "name.unnamed-place": {},
  "name.li-function": {},
  "name.no-destination": {},
  "name.unnamed-collector": {},
  "premise.element-address": {},
  "premise.both-addresses": {},
  "premise.decoder-pfcp": {},
  "premise.decoder-order": {},
  "answer.none-seen": {},
  "answer.no-success-seen": {},
  "answer.success-seen": {},
  "answer.accepted-by-user-plane": {},
  "answer.not-answered-by-protocol": {},
  "declaration.none": {},
  /** Why a receiver is placed in a country. */
  "receiver.identity-only": {},
  "receiver.in-network": { entry: "text" },
  "receiver.no-plmn": { entry: "text" },
  "receiver.by-plmn": { entry: "text" },
  /** `operator`: the country, where the table names nobody. */
  "receiver.by-table": { prefix: "text", operator: "text" },
  "receiver.no-country": {},
  "receiver.unknown": {},
  "register.none": {},
  /** Explanations by which something that was asked for did not happen: excluded, it was accepted (`src/verify/grades.ts`). */
  "explanation.refused.access": {},
  "explanation.refused.command": {},
  "explanation.refused.order": {},
  "explanation.refused.question": {},
  "explanation.refused.rule": {},
} as const;
