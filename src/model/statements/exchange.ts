/** Statements of the declaration about flows, and of undeclared-peer and ungranted-access. */
export const EXCHANGE = {
  "flow.subscriber-elsewhere": { interface: "text" },
  "flow.unreviewed": {},
  "flow.no-fitting-interface": { protocol: "text" },
  "flow.not-for-protocol": { who: "text", protocol: "text" },
  /** `weakness`: `none`, `refused`, `icmp`, `routing` or `oneway`. */
  "flow.undeclared": { address: "text", weakness: "word" },
  "flow.over-tcp": {},
  "flow.over-udp": {},
  "flow.over-sctp": {},
  "flow.ip-protocol": { protocol: "text" },
  "flow.management": {},
  /** `from` and `to`: RFC 3339 of the grant's period, empty where it has no such bound; `at`: of the first excess. */
  "flow.grant-other-time": { who: "text", element: "text", grant: "text", from: "text", to: "text", bounds: "word", at: "text" },
  "flow.first-excess": { grant: "text" },
  "flow.grant-other-protocol": { who: "text", element: "text", grant: "text", protocols: "list", protocol: "text" },
  "flow.grant-other-function": { who: "text", element: "text", functions: "list" },
  "flow.no-grant": { who: "text", element: "text" },

  /** `direction`: `both`, `sent` (by the element) or `received`. `protocols` may be empty; `spoken`: `known` or `unknown`. */
  "peer.summary": { element: "text", peer: "text", direction: "word", spoken: "word", protocols: "list", because: "text" },
  "peer.lists-subscribers": { identities: "number", entry: "text" },
  "premise.peer-declaration": {},
  "explanation.declared-host": {},
  "explanation.stray": {},
  "peer.both-sent": {},
  "peer.one-way": {},
  "explanation.subscribers-own": {},
  "peer.not-a-subscriber": {},
  "undecided.peer-unanswered": {},
  "undecided.pairs-forgotten": {},

  "access.summary": { party: "text", element: "text", protocols: "text", because: "text" },
  "access.management-port": {},
  "premise.grants": {},
  "explanation.grant": {},
  "access.handshake-completed": {},
  "access.no-handshake": {},
  "explanation.other-protocol": {},
  "access.content-is": { protocols: "text" },
  "access.content-unknown": {},
  "undecided.access-refused": {},
} as const;
