/** Sentences of the vendor dossier, in English. `dossier-fr.ts` has the same keys. */
export const dossierEn = {
  title: "Vendor dossier",
  held: "held",
  broken: "broken",
  "not observable": "not observable",
  network: (name: string) => `network ${name}`,
  noVendor: "functions without a declared vendor",
  functions: (list: string) => `Functions: ${list}`,
  cases: (list: string) => `Cases: ${list}`,
  watched: (from: string, to: string) => `Watched from ${from} to ${to}`,
  standing: (name: string) => `Premises: ${name}`,
  tally: (held: number, broken: number, not: number) => `${held} held, ${broken} broken, ${not} not observable`,
  outside: (list: string) => `Does not concern these functions: ${list}`,
  complete: "complete",
  withheld: "for readers cleared for interception",
  finding: "finding",
  more: (n: number) => `and ${n} more: --format json lists them all`,
  open: "open",
  missing: (list: string) => `Points needed: ${list}`,
  kicker: "Vendor dossier",
  lead: (held: number, broken: number, not: number) =>
    `If the declaration and tap map are right, ${held === 1 ? "1 condition held" : `${held} conditions held`}, ${broken === 1 ? "1 was broken" : `${broken} were broken`}, and ${not} could not be observed.`,
  means:
    "Held: nothing was found against it, and what would have shown a breach was watched. Broken: a finding stands against it. Not observable: neither can be said, for the reason given.",
  blame: "A broken condition says what was observed at this vendor's equipment. It does not show who caused it, or that the vendor knew.",
  columns: ["Condition", "Status", "Why", "Evidence, or what was watched"],
  coverage: "watched:",
  nothing: "No vendor of that name is in these cases.",
  reason: {
    "broken-by": (n: number, grade: string) => `broken by ${n === 1 ? "1 finding" : `${n} findings`}, the strongest ${grade}`,
    "nothing-found": (watched: string) => (watched === "" ? "nothing was found against it" : `nothing was found against it on ${watched}`),
    open: (n: number) => (n === 1 ? "1 weaker finding awaits a person's judgement" : `${n} weaker findings await a person's judgement`),
    undecided: (n: number) => (n === 1 ? "1 case could not be decided" : `${n} cases could not be decided`),
    "not-watched": (anyOf: string, elements: string) =>
      elements === "" ? `not watched: ${anyOf}` : `not watched on ${anyOf}: ${elements}`,
    "not-complete": (anyOf: string) => `the tap map does not say that all of ${anyOf} was captured, so absence cannot be shown`,
    "no-declaration": () => "no declaration was given to hold it against",
    "not-declared": (part: string) => `the declaration has no ${part}`,
    unreviewed: (part: string) => `nobody has reviewed the declared ${part}`,
    withheld: (n: number) =>
      n === 1
        ? "1 finding about interception is for readers cleared for it"
        : `${n} findings about interception are for readers cleared for it`,
    "detector-failed": (n: number) => (n === 1 ? "a detector failed" : `${n} detectors failed`),
    "lost-packets": (n: number) => `${n} packets or records were lost, so absence cannot be shown`,
    "reservation-lost": (n: number) => `with a reservation: ${n} packets or records were lost`,
  },
};
