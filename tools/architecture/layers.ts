/**
 * The import rule as a table: data flows down it. `write.ts` turns it into the overrides of `.oxlintrc.json`;
 * `architecture.test.ts` plants violations and checks that each row still bites.
 */

export interface Layer {
  /** Folder under `src/`. */
  readonly folder: string;
  /** Folders under `src/` that it may import, besides its own. */
  readonly may: readonly string[];
  /** No Node or npm import: runs in a browser, a worker or another process. */
  readonly pure?: true;
  /** Shown to whoever breaks the rule. */
  readonly why: string;
}

export const LAYERS: readonly Layer[] = [
  { folder: "model", may: [], pure: true, why: "model holds the nouns every stage shares; it imports nothing." },
  { folder: "bytes", may: ["model"], pure: true, why: "bytes knows no protocol." },
  { folder: "capture", may: ["model", "bytes"], why: "capture hands frames on; it knows no protocol." },
  {
    folder: "decode",
    may: ["model", "bytes"],
    pure: true,
    why: "Data flows one way: decode comes before sense, join, detect and everything after.",
  },
  {
    folder: "live",
    may: ["model", "bytes", "capture", "decode"],
    why: "live hands frames on as capture does; it decodes only as far as it takes to unwrap a mirror and to choose what to leave out.",
  },
  { folder: "declaration", may: ["model", "bytes"], why: "The declaration knows nothing of traffic." },
  { folder: "register", may: ["model", "bytes", "evidence"], why: "The register knows nothing of traffic." },
  {
    folder: "sense",
    may: ["model", "bytes", "decode", "declaration"],
    pure: true,
    why: "What stands at the wire tells facts and asks no signalling: sense comes before stream, join and everything after.",
  },
  {
    folder: "stream",
    may: ["model", "bytes"],
    pure: true,
    why: "The stream carries facts; it knows neither who tells them nor who takes them.",
  },
  {
    folder: "join",
    may: ["model", "bytes", "decode"],
    pure: true,
    why: "What is joined is joined from facts alone: join sees no packet and comes before detect.",
  },
  {
    folder: "detect",
    may: ["model", "bytes", "decode", "declaration", "register"],
    pure: true,
    why: "A detector stands on observations alone.",
  },
  { folder: "words", may: ["model"], why: "Sentences depend on nouns only." },
  { folder: "findings", may: ["model", "evidence", "words"], why: "Findings are put together from drafts only." },
  { folder: "verify", may: [], why: "The verifier stands alone, so that a stranger can read it and a browser can run it." },
  {
    folder: "evidence",
    may: ["model", "bytes", "capture", "findings"],
    why: "Evidence seals records; it judges nothing and must stay readable alone.",
  },
  {
    folder: "store",
    may: ["model", "findings", "evidence"],
    why: "The store keeps rows and files, and asks evidence where a case's keys lie; it judges nothing.",
  },
  {
    folder: "run",
    may: [
      "live",
      "model",
      "bytes",
      "capture",
      "decode",
      "declaration",
      "register",
      "sense",
      "stream",
      "join",
      "detect",
      "words",
      "findings",
      "evidence",
      "store",
    ],
    why: "run joins the stages; it shows nothing.",
  },
  {
    folder: "fleet",
    may: ["model", "bytes", "capture", "declaration", "register", "sense", "stream", "join", "findings", "evidence", "live", "run"],
    why: "fleet carries facts from sensors to correlators; it decodes and judges nothing itself.",
  },
  {
    folder: "bounded",
    may: ["model", "evidence", "verify", "declaration", "register", "run", "capture"],
    why: "bounded gives a stranger's work to a process with an end to its time and memory; it judges and shows nothing.",
  },
  {
    folder: "report",
    may: ["model", "words", "findings", "evidence", "store", "verify", "declaration"],
    why: "A report renders what a case holds; it sees no packet.",
  },
  {
    folder: "serve",
    may: ["model", "words", "findings", "evidence", "store", "verify", "declaration", "register", "report", "run", "capture", "bounded"],
    why: "The server shows cases and starts scans; it decodes nothing itself.",
  },
];

/** Folders under `src/decode` that are encodings or carriers, which protocols may use. */
export const ENCODINGS: readonly string[] = ["ber", "per", "digits", "carried"];

/** Folders under `src/decode` where protocols meet. */
export const MEETING_PLACES: readonly string[] = ["control", "packet"];

/** What only a command line, a server or a build needs. */
export const NPM: readonly string[] = [
  "zod",
  "yaml",
  "fastify",
  "@fastify/*",
  "commander",
  "@duckdb/*",
  "react",
  "react-dom",
  "react/*",
  "react-dom/*",
  "cli-table3",
  "@noble/*",
  "playwright-core",
  "@platformatic/*",
  "postgres",
];
