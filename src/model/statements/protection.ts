/** Statements of weakened-protection. */
export const PROTECTION = {
  /** `subscribers` 0: none is concerned in particular. */
  "protection.summary": { element: "text", subscribers: "number", reasons: "clauses" },
  /** `algorithm`: `EEA0`, `EIA0`, `NEA0` or `NIA0`. */
  "protection.null-for-capable": { algorithm: "word" },
  /** `policy`: as declared. */
  "protection.null-against-policy": { algorithm: "word", policy: "word" },
  "protection.lowered": {},
  "protection.plain": { interface: "text" },
  "protection.null-esp": { interface: "text" },
  /** `what`: `ikeEncryption`, `ikeIntegrity`, `espEncryption` or `espIntegrity`. */
  "protection.ike": { what: "word" },
  "protection.ike-protected": { what: "word", interface: "text" },
  "name.function": {},
  "premise.no-policy": {},
  "premise.policy": {},
  "premise.nas-decoders": {},
  "explanation.emergency": {},
  "protection.no-emergency": {},
  "explanation.incapable": {},
  "protection.offered-better": {},
  "protection.went-on": {},
  "undecided.protection-unbegun": {},
  "undecided.protection-behind-gateway": {},
} as const;
