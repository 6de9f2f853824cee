/** Statements of undeclared-duplication and undeclared-trace: orders to a function. */
export const ORDER = {
  /** `verb`: `copy`, `divert` or `dropped`. `known`: `undeclared`, `declared` (but not for this), `none` or `unnamed`. `subscribers` 0: not known how many. */
  "duplication.summary": { element: "text", verb: "word", subscribers: "number", receiver: "text", known: "word" },
  "name.user-plane": {},
  "premise.duplication-declaration": {},
  "explanation.declared-receiver": {},
  "duplication.not-declared-receiver": { receiver: "text" },
  "explanation.mobility": {},
  "duplication.end-not-signalled": {},
  "duplication.not-part-of-mobility": {},
  "explanation.forgotten-function": {},
  "duplication.signals-as": { roles: "list" },
  "duplication.no-signalling-seen": {},
  "undecided.duplication-uncovered": {},
  "undecided.duplication-by-name": { names: "list" },
  "undecided.duplication-half-declared": {},

  /** `refused`: `yes` or `no`. */
  "trace.summary": { element: "text", subscribers: "number", receiver: "text", known: "word", refused: "word" },
  "trace.was-refused": {},
  "premise.trace-declaration": {},
  "explanation.trace-job": {},
  "trace.not-a-collector": { receiver: "text" },
  "undecided.trace-named": {},
  "undecided.trace-half-declared": {},
} as const;
