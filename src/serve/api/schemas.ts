/**
 * Every request and response of the web API, once: the server validates with these, `/api/openapi.json` is made from them, and `types.ts`
 * gives the client their types (no code). Times are RFC 3339 UTC; octets and packets are integers; nothing here holds payload in clear or,
 * unless the case was made with `--identities`, an identity.
 */
import { z } from "zod";
import { CLAIMS, GRADES } from "#model/finding.ts";

const text = z.string();
const time = z.string().meta({ description: "RFC 3339, UTC" });
const count = z.int().min(0);
const nullable = <T extends z.ZodType>(type: T) => type.nullable();
/** Octets and packets of a case of a whole country stay below 2^53. */
const octets = z.number().min(0).meta({ description: "octets" });

export const claim = z.enum(CLAIMS);
export const grade = z.enum(GRADES);
export const dataKind = z.enum(["content", "metadata", "location", "identity", "credentials"]);
/** What people have made of a finding. */
export const triageState = z.enum(["new", "examining", "confirmed", "explained", "closed"]);
/**
 * What a session may do beyond looking: comment and triage; save a declaration; make cases, upload and scan; open identities, with a reason;
 * see what is about interception.
 */
export const RIGHTS = ["annotate", "declare", "scan", "identities", "li-cleared"] as const;
export type Right = (typeof RIGHTS)[number];
export const byGrade = z.object({ indication: count, corroborated: count, proven: count });

/** What, where, what to do: of every answer that is not 2xx. */
export const errorBody = z.object({
  error: z.object({
    code: text.meta({ description: "closed list, see docs/web.md: not-found, bad-request, forbidden, …" }),
    what: text,
    where: text,
    todo: text,
  }),
});

// ---- session

export const session = z.object({
  version: text,
  /** Send it back as `x-tapproof-csrf` with everything that is no GET. */
  csrf: text,
  /** Of an account (`--users`); null where everybody shares the server. */
  role: nullable(z.enum(["reader", "analyst"])),
  rights: z.array(z.enum(RIGHTS)),
  /** Under which name comments and triage are recorded; an account's name, else changed with PUT /session. */
  author: text,
  loopback: z.boolean(),
  /** What this server can do; a view says plainly what is not there. */
  features: z.object({
    upload: z.boolean(),
    casework: z.boolean(),
    verify: z.boolean(),
    bundle: z.boolean(),
    report: z.boolean(),
    dossier: z.boolean(),
    tacList: z.boolean(),
    warrants: z.boolean(),
  }),
});
export const sessionChange = z.strictObject({ author: z.string().trim().min(1).max(100) });
export const login = z.strictObject({ token: z.string().min(1).max(200), author: z.string().trim().min(1).max(100) });

// ---- cases

export const caseSummary = z.object({
  /** In paths: `/cases/{id}/…`. The id `all` joins every open case where a path allows it. */
  id: text,
  name: text,
  network: nullable(text),
  country: nullable(text),
  created: nullable(time),
  basis: nullable(text),
  captures: count,
  packets: count,
  bytes: octets,
  first: nullable(time),
  last: nullable(time),
  grades: byGrade,
  findings: count,
  /** Findings about interception that this role may not see. */
  withheld: count,
  declared: z.boolean(),
  /** The declaration is a machine's draft that nobody has reviewed. */
  unreviewed: z.boolean(),
  /** Nothing was scanned into it yet. */
  empty: z.boolean(),
  identitiesShown: z.boolean(),
});
export const caseList = z.object({ cases: z.array(caseSummary) });
export const newCase = z.strictObject({ name: z.string().trim().min(1).max(80), basis: z.string().trim().max(500).optional() });

/** Code of a statement and its values (docs/statements.md), from which the page renders its own language. */
const statementCode = text.optional();
const statementValues = z.record(z.string(), z.unknown()).optional();
const coded = { code: statementCode, values: statementValues };
const codedSummary = { summaryCode: statementCode, values: statementValues };
const codedReason = { code: statementCode, becauseCode: statementCode, becauseValues: statementValues };

export const gap = z.object({
  kind: text,
  point: nullable(text),
  from: nullable(time),
  to: nullable(time),
  count,
  why: text,
  ...coded,
});
export const undecided = z.object({ claim, why: text, count, ...coded });
export const point = z.object({
  name: text,
  file: text,
  sha256: text,
  interface: nullable(text),
  complete: z.boolean(),
  packets: count,
  bytes: octets,
  first: nullable(time),
  last: nullable(time),
  truncated: count,
  malformed: count,
  gaps: z.array(gap),
  /** Octets seen per slice of the case's period (`activity.slices` of them); null where volumes were not kept. */
  activity: nullable(z.array(octets)),
});

/** Where a 3GPP figure puts a function: from left to right, control above user plane. */
export const tier = z.enum(["access", "core", "data", "edge", "management", "lawful", "outside"]);
export const plane = z.enum(["control", "user", "both", "management"]);
export const networkNode = z.object({
  id: text.meta({ description: "declared name, else address; several nodes of one kind: more:TIER" }),
  kind: z.enum(["function", "service", "operator", "lawful", "partner", "monitoring", "receiver", "unknown", "more"]),
  label: text,
  addresses: z.array(text),
  roles: z.array(text),
  vendor: nullable(text),
  vendorName: nullable(text),
  site: nullable(text),
  declared: z.boolean(),
  tier,
  plane,
  /** Grid place, stable for a case: columns from left (0) to right, rows from top (0) down. */
  column: count,
  row: count,
  findings: byGrade,
  /** Nodes this one stands for; 1 but for `more`. */
  stands: count,
});
export const networkEdge = z.object({
  id: text,
  a: text,
  b: text,
  /** S1-MME, S1-U, S11, …; for other traffic the protocols. */
  name: text,
  plane,
  /** `unjudged`: no declaration to judge by. */
  status: z.enum(["declared", "undeclared", "unjudged"]),
  messages: count,
  packets: count,
  bytes: octets,
  first: nullable(time),
  last: nullable(time),
  /** Ids, at most 20. */
  findings: z.array(text),
  grade: nullable(grade),
});
export const overview = z.object({
  case: caseSummary,
  captures: z.array(point),
  coverage: z.object({
    gaps: z.array(gap),
    undecided: z.array(undecided),
    notSeen: z.array(text),
    /** Of `notSeen`, line by line; null for a line without. */
    notSeenCodes: z.array(nullable(z.object(coded))),
    coveredInterceptions: nullable(count).meta({ description: "null: not for this role" }),
  }),
  counts: z.object({
    grades: byGrade,
    claims: z.array(z.object({ claim, grades: byGrade })),
    states: z.record(triageState, count),
    data: z.array(z.object({ kind: dataKind, findings: count })),
  }),
  network: z.object({
    nodes: z.array(networkNode),
    edges: z.array(networkEdge),
    /** Elements that are not drawn, because there are too many; `/elements` lists them all. */
    notDrawn: count,
    sites: z.array(text),
  }),
  activity: z.object({ from: nullable(time), to: nullable(time), slices: count }),
  exposure: z.object({ subscribers: count, bytes: octets, receivers: count }),
});

export const element = z.object({
  id: text,
  addresses: z.array(text),
  roles: z.array(z.object({ role: text, because: text, seen: count })),
  vendor: nullable(text),
  vendorName: nullable(text),
  site: nullable(text),
  declared: z.boolean(),
  tier,
  findings: byGrade,
  packets: count,
  bytes: octets,
});
export const elementPage = z.object({ total: count, next: nullable(text), items: z.array(element) });
export const elementQuery = z.object({
  q: z.string().max(200).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

// ---- findings

const listed = <T extends z.ZodType>(what: T) =>
  z.preprocess((v) => (v === undefined ? undefined : typeof v === "string" ? v.split(",") : v), z.array(what).max(50).optional());
export const findingQuery = z.object({
  /** Several values: comma-separated or repeated. */
  claim: listed(claim),
  grade: listed(grade),
  state: listed(triageState),
  element: listed(z.string().max(300)),
  vendor: listed(z.string().max(300)),
  network: listed(z.string().max(300)),
  receiver: listed(z.string().max(300)),
  data: listed(dataKind),
  assignee: listed(z.string().max(100)),
  /** Findings whose period touches this one. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  /** Words that must stand in summary, element, receiver, vendor, or the beginning of the id. */
  q: z.string().max(200).optional(),
  sort: z.enum(["grade", "claim", "first", "last", "bits", "bytes", "packets", "subscribers", "element", "receiver"]).optional(),
  order: z.enum(["asc", "desc"]).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});

export const triage = z.object({
  state: triageState,
  assignee: nullable(text),
  comments: count,
  /** When state, assignee or comments last changed. */
  changed: nullable(time),
});
export const findingRow = z.object({
  id: text,
  case: text,
  network: nullable(text),
  claim,
  grade,
  summary: text,
  ...codedSummary,
  element: z.object({ name: nullable(text), address: nullable(text), vendor: nullable(text) }),
  receiver: nullable(z.object({ name: nullable(text), address: nullable(text), identity: nullable(text), port: nullable(count) })),
  subscribers: count,
  data: z.array(dataKind),
  packets: count,
  bytes: octets,
  first: time,
  last: time,
  bits: z.int(),
  triage,
});
/** Two cases of one network, by finding id: `before` is the other one. */
const comparedFindings = z.object({ total: count, items: z.array(findingRow) });
const comparedGrades = z.object({ total: count, items: z.array(z.object({ was: grade, finding: findingRow })) });
export const comparison = z.object({
  /** Null: no case was named, and none of the same network ended before. */
  before: nullable(text),
  fresh: comparedFindings,
  /** Found before and not now: no proof that it ended. */
  gone: comparedFindings,
  stronger: comparedGrades,
  weaker: comparedGrades,
  same: count,
  /** Points of the former that the later one did not watch. */
  notWatched: z.array(text),
  otherNetwork: z.boolean(),
  otherDeclaration: z.boolean(),
  withheld: count,
});
export const comparisonQuery = z.object({ before: z.string().min(1).max(200).optional() });
const facet = z.array(z.object({ value: text, count }));
export const findingPage = z.object({
  /** How many fit the filter, over all pages. */
  total: count,
  /** How many the case holds for this role. */
  all: count,
  withheld: count,
  next: nullable(text),
  items: z.array(findingRow),
  /** What each filter would leave, the other filters applied; at most 50 values each. Only with the first page. */
  facets: nullable(
    z.object({
      claim: facet,
      grade: facet,
      state: facet,
      element: facet,
      vendor: facet,
      network: facet,
      receiver: facet,
      data: facet,
      assignee: facet,
    }),
  ),
});

export const evidenceRef = z.object({
  capture: text.meta({ description: "SHA-256 of the capture as given" }),
  file: nullable(text),
  point: nullable(text),
  frames: z.array(count),
  framesTotal: count,
});
export const premise = z.object({ id: text, statement: text, status: z.enum(["verified", "declared", "assumed"]), ...coded });
export const explanation = z.object({
  explanation: text,
  status: z.enum(["excluded", "supported", "untestable"]),
  because: text,
  ...codedReason,
});
export const proofStep = z.object({
  label: text,
  bits: z.number(),
  because: text,
  ...codedReason,
  /** `credit` and `deduction` add up; `bound` and `score` state where the sum stands. */
  kind: z.enum(["credit", "deduction", "bound", "score"]),
  /** Sum after this step. */
  total: z.number(),
});
export const proof = z.object({
  bits: z.int(),
  threshold: count,
  chance: nullable(z.number()),
  /** Read from complete packets against the declaration: there is no arithmetic to show. */
  direct: z.boolean(),
  steps: z.array(proofStep),
  /** As the report draws it. `root`: distances are those of the square roots. */
  scale: z.object({ kind: z.enum(["linear", "root"]), low: z.number(), high: z.number(), ticks: z.array(z.number()) }),
});
export const wayStation = z.object({
  id: text,
  kind: z.enum(["subscriber", "cell", "element", "destination", "receiver"]),
  label: text,
  detail: nullable(text),
  address: nullable(text),
});
export const way = z.object({
  /** From the subscriber to where the data should have gone. */
  path: z.array(wayStation),
  /** Index in `path` of where it left; null where the act is no branch. */
  leavesAt: nullable(count),
  branch: nullable(
    z.object({
      to: wayStation,
      layers: z.array(text),
      encrypted: z.boolean(),
      delaySeconds: nullable(z.number()),
      packets: count,
      bytes: octets,
    }),
  ),
  /** What of this is read from signalling, what is only inferred. */
  notes: z.array(text),
});
export const comment = z.object({
  id: text,
  at: time,
  author: text,
  text,
  /** Sources cited: `frame 12 of s1.pcap`, `3GPP TS 29.281 §5.1`, another finding's id, … */
  cites: z.array(text),
  /** Place in the case's custody log. */
  logIndex: nullable(count),
});
export const historyEntry = z.object({
  at: time,
  author: text,
  kind: z.enum(["found", "state", "assignee", "comment", "report", "export", "opening"]),
  text: nullable(text),
  state: nullable(triageState),
  assignee: nullable(text),
  logIndex: nullable(count),
});
export const finding = z.object({
  id: text,
  case: text,
  network: nullable(text),
  claim,
  grade,
  summary: text,
  ...codedSummary,
  element: z.object({
    name: nullable(text),
    address: nullable(text),
    vendor: nullable(text),
    basis: z.enum(["address", "link", "enclosed", "inferred"]),
  }),
  vendorName: nullable(text),
  receiver: nullable(
    z.object({
      name: nullable(text),
      address: nullable(text),
      port: nullable(count),
      declared: z.boolean(),
      identity: text.optional(),
      via: text.optional(),
    }),
  ),
  act: z.enum(["sent", "accepted", "effected"]),
  transport: z.object({ layers: z.array(text), encrypted: z.boolean(), delaySeconds: nullable(z.number()) }),
  /** `identitiesKept`: the case holds so many in clear; `POST …/identities` opens them. */
  subscribers: z.object({ count, pseudonyms: z.array(text), identitiesKept: count }),
  data: z.array(dataKind),
  packets: count,
  bytes: octets,
  first: time,
  last: time,
  standing: z.enum(["given", "attested", "witnessed"]),
  premises: z.array(premise),
  evidence: z.array(evidenceRef),
  ruledOut: z.array(explanation),
  witnesses: z.array(z.object({ claim, grade, summary: text, ...codedSummary, evidence: z.array(evidenceRef) })),
  sources: z.array(text),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
  /** The point at which the act was seen leaving; null where none is told. */
  place: nullable(text),
  /** Seconds from original to copy; null where nothing orders the two (`transport` holds what the clocks showed). */
  delaySeconds: nullable(z.number()),
  proof,
  way,
  triage,
  comments: z.array(comment),
  history: z.array(historyEntry),
  /** Neighbours in the default order of the queue, for "next finding". */
  previous: nullable(text),
  next: nullable(text),
});

export const openIdentities = z.strictObject({ reason: z.string().trim().min(5).max(500) });
export const identities = z.object({
  identities: z.array(text).meta({ description: "`imsi:…`, `msisdn:…`, `imei:…`, `ip:…`" }),
  /** Place of the opening in the case's custody log. */
  logIndex: count,
});

/** One matched pair, masked: `hex` shows what may be shown, `··` stands for a masked octet. */
export const maskedPacket = z.object({
  capture: text,
  file: nullable(text),
  frame: count,
  at: nullable(time),
  length: count,
  layers: z.array(text),
  /** 16 octets a row. */
  rows: z.array(z.object({ offset: count, hex: z.array(text) })),
  /** Octet ranges [from, to) with a name: `ethernet`, `ipv4`, `payload`, … */
  fields: z.array(z.object({ name: text, from: count, to: count })),
});
export const packetPair = z.object({
  copy: maskedPacket,
  original: nullable(maskedPacket),
  /** Windows that are equal: octet ranges in copy and original. */
  equal: z.array(z.object({ copyFrom: count, originalFrom: count, length: count })),
});
export const packets = z.object({
  /** False: `why` says what is missing (no bundle yet, no carved part, …). */
  available: z.boolean(),
  why: nullable(text),
  total: count,
  pairs: z.array(packetPair),
});

// ---- explorer

const search = z.string().trim().max(200).optional();
const findingId = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .optional();
export const exploreQuery = z.object({
  /** An address, a function's name, a pseudonym, `teid:0x1a`; else words of an application, server name or access point name. */
  q: search,
  /** What is around this finding: its subscribers, and what its two ends exchange. Instead of `q`. */
  finding: findingId,
});
export const messageQuery = z.object({
  q: search,
  subscriber: z.string().max(100).optional(),
  /** Messages among this finding's evidence, and those around them in time of its ends and subscribers. */
  finding: findingId,
  cursor: z.string().max(20).optional(),
  limit: z.coerce.number().int().min(1).max(500).optional(),
});
/** An address with its declared name; a subscriber's address is a pseudonym. */
export const lifeline = z.object({ address: text, name: nullable(text) });
/** Amounts and times are null where they are not to be told (docs/register.md). */
export const explored = z.object({
  sessions: z.array(
    z.object({
      subscriber: text,
      first: nullable(time),
      last: nullable(time),
      apns: nullable(text),
      cell: lifeline,
      tac: nullable(text),
      emergency: z.boolean(),
      /** Ids of the findings about him. */
      findings: z.array(text),
    }),
  ),
  tunnels: z.array(
    z.object({
      source: lifeline,
      address: lifeline,
      teid: count,
      interface: nullable(text),
      subscriber: nullable(text),
      packets: nullable(count),
      bytes: nullable(octets),
      first: nullable(time),
      last: nullable(time),
    }),
  ),
  flows: z.array(
    z.object({
      initiator: lifeline,
      initiatorPort: count,
      responder: lifeline,
      responderPort: count,
      protocol: count,
      application: nullable(text),
      serverName: nullable(text),
      packets: nullable(count),
      bytes: nullable(octets),
      explained: nullable(text),
      first: nullable(time),
      last: nullable(time),
    }),
  ),
  /** How many fit; the lists show the first of them. */
  totals: z.object({ sessions: count, tunnels: count, flows: count }),
});
export const shownMessage = z.object({
  at: time,
  file: nullable(text),
  /** Null where frames of the capture are not to be told. */
  frame: nullable(count),
  from: text,
  to: text,
  protocol: text,
  name: text,
  subscriber: nullable(text),
  faults: count,
  /** Place in `items` of the question that this answers, where that is on the same page. */
  answers: nullable(count),
  /** Findings whose evidence has this frame. */
  findings: z.array(text),
});
export const messagePage = z.object({
  total: count,
  next: nullable(text),
  /** Ends of these messages, in the order in which they first speak. */
  lifelines: z.array(lifeline),
  items: z.array(shownMessage),
});
export const lookUp = z.strictObject({
  identity: z
    .string()
    .trim()
    .regex(/^(imsi|msisdn|imei|ip):[0-9A-Za-z.:]{1,64}$/),
  reason: z.string().trim().min(5).max(500),
});
export const lookedUp = z.object({
  /** Null: no finding is about such a subscriber. */
  subscriber: nullable(text),
  /** Place of the look-up in the case's custody log. */
  logIndex: count,
});

export const span = z.object({ from: time, to: time, label: text, packets: nullable(count), bytes: nullable(octets) });
export const lane = z.object({
  /** `evidence`: frames of an act whose effect was not seen. */
  kind: z.enum(["order", "effect", "evidence", "subscriber", "coverage", "gap"]),
  label: text,
  spans: z.array(span),
  marks: z.array(z.object({ at: time, label: text, ...coded, capture: nullable(text), frame: nullable(count) })),
});
export const timeline = z.object({ from: time, to: time, lanes: z.array(lane), more: count });

export const triageChange = z.strictObject({
  findings: z
    .array(z.string().regex(/^[0-9a-f]{64}$/))
    .min(1)
    .max(10_000),
  state: triageState.optional(),
  /** null takes the assignment away. */
  assignee: z.string().trim().min(1).max(100).nullable().optional(),
  reason: z.string().trim().max(2000).optional(),
});
export const triageResult = z.object({ changed: count, logIndex: nullable(count), triage: z.record(z.string(), triage) });
export const newComment = z.strictObject({
  text: z.string().trim().min(1).max(10_000),
  cites: z.array(z.string().trim().min(1).max(500)).max(50).optional(),
});

// ---- exposure

const amounts = { findings: count, packets: count, bytes: octets, subscribers: count, first: time, last: time, data: z.array(dataKind) };
export const exposure = z.object({
  totals: z.object({ subscribers: count, receivers: count, packets: count, bytes: octets, findings: count, networks: count }),
  receivers: z.array(
    z.object({
      ...amounts,
      key: text,
      name: nullable(text),
      address: nullable(text),
      identity: nullable(text),
      declared: z.boolean(),
      /** ISO 3166-1 as far as the declaration knows it, never guessed; null: not known. */
      country: nullable(text),
      because: text,
      ...coded,
      grade,
      networks: z.array(text),
      elements: z.array(text),
    }),
  ),
  subscribers: z.array(
    z.object({
      pseudonym: text,
      findings: count,
      receivers: count,
      data: z.array(dataKind),
      /** null: the finding says only how much left in all. */
      packets: nullable(count),
      bytes: nullable(octets),
      first: time,
      last: time,
    }),
  ),
  subscribersTotal: count,
  networks: z.array(z.object({ ...amounts, network: text, case: text, country: nullable(text) })),
  countries: z.array(z.object({ ...amounts, country: nullable(text), receivers: count })),
  /** From a network's country to a receiver's, for the map. */
  arcs: z.array(z.object({ from: nullable(text), to: nullable(text), receiver: text, bytes: octets, findings: count, grade })),
  overTime: z.object({
    from: nullable(time),
    to: nullable(time),
    sliceSeconds: z.number(),
    slices: z.array(z.object({ from: time, bytes: octets, findings: count })),
    /** `flows`: from the flows' own volumes; `spread`: spread evenly over each finding's period. */
    basis: z.enum(["flows", "spread"]),
  }),
});

// ---- register

const bar = z.object({ from: nullable(time), to: nullable(time) });
export const register = z.object({
  case: text,
  period: z.object({ from: nullable(time), to: nullable(time) }),
  /** Present only for `li-cleared`, and only where the server was started with `--warrants`; held in memory alone. */
  warrants: nullable(
    z.array(
      z.object({
        id: text,
        authority: nullable(text),
        scope: text,
        receiver: nullable(text),
        period: bar,
        state: text,
        sealed: z.boolean(),
      }),
    ),
  ),
  warrantsWhy: nullable(text),
  coveredInterceptions: nullable(count),
  grants: z.array(
    z.object({
      party: text,
      functions: z.array(text),
      protocols: z.array(text),
      ticket: nullable(text),
      period: bar,
      /** Management seen that this grant covers. */
      used: z.array(span),
    }),
  ),
  /** Management or interception that nothing covers. */
  /** All acts that nothing covers; the strongest are listed. */
  uncoveredTotal: count,
  uncovered: z.array(
    z.object({
      finding: text,
      claim,
      grade,
      summary: text,
      ...codedSummary,
      element: nullable(text),
      party: nullable(text),
      from: time,
      to: time,
    }),
  ),
  /** Grants that nothing used while the element was watched. */
  unused: z.array(z.object({ party: text, functions: z.array(text), why: text })),
  sealed: z.array(z.object({ at: nullable(time), by: z.array(text), what: text, hash: nullable(text) })),
});

// ---- vendors

export const vendorSummary = z.object({
  id: text,
  name: text,
  country: nullable(text),
  networks: z.array(text),
  cases: z.array(text),
  functions: count,
  findings: byGrade,
  conditions: z.object({ held: count, broken: count, notObservable: count }),
  subscribers: count,
  bytes: octets,
});
export const vendorList = z.object({ vendors: z.array(vendorSummary), undeclared: byGrade });
export const condition = z.object({
  id: text,
  claim: nullable(claim),
  statement: text,
  status: z.enum(["held", "broken", "not-observable"]),
  /** In the language asked for (`?lang=`). */
  because: text,
  findings: z.array(z.object({ id: text, case: text, grade, summary: text, ...codedSummary })),
});
export const vendorQuery = z.object({ lang: z.enum(["en", "fr"]).optional() });
export const vendor = z.object({
  vendor: vendorSummary,
  elements: z.array(
    z.object({ id: text, case: text, roles: z.array(text), site: nullable(text), observed: z.boolean(), findings: byGrade }),
  ),
  conditions: z.array(condition),
  /** `report`: as the dossier of `tapproof report` has it; `summary`: counted here. */
  source: z.enum(["report", "summary"]),
  sentence: text,
});

// ---- evidence

export const logEntry = z.object({ index: count, type: text, at: nullable(time), record: text, summary: text });
export const evidence = z.object({
  standing: text,
  log: z.object({
    present: z.boolean(),
    why: nullable(text),
    origin: nullable(text),
    size: count,
    root: nullable(text),
    /** The signed note, as it stands. */
    checkpoint: nullable(text),
    signer: nullable(text),
  }),
  checkpoints: z.array(z.object({ size: count, root: text, at: nullable(time), signatures: z.array(text) })),
  witnesses: z.array(z.object({ name: text, key: nullable(text), at: nullable(time), size: nullable(count), state: text })),
  entries: z.array(logEntry),
  entriesTotal: count,
  bundle: nullable(z.object({ file: text, bytes: octets, sha256: text, made: time })),
  /** The right that the reader lacks for the bundle; null where nothing is in the way, or there is none. */
  bundleLacks: nullable(z.enum(["li-cleared", "identities"])),
  captures: z.array(z.object({ file: text, sha256: text, point: text })),
  premises: z.array(premise),
});
export const entryPage = z.object({ total: count, next: nullable(text), items: z.array(logEntry) });
export const pageQuery = z.object({ cursor: z.string().max(500).optional(), limit: z.coerce.number().int().min(1).max(500).optional() });
/** As `#verify/result.ts` has it, without the bundle's contents. */
export const verifyResult = z.object({
  /** False: no bundle at all. */
  bundle: z.boolean(),
  level: z.enum(["none", "L1", "L2", "L3"]),
  origin: z.object({ status: z.enum(["checked", "not checked", "wrong"]), name: text, key: text }),
  passed: z.boolean(),
  checks: z.array(
    z.object({
      code: text,
      level: z.enum(["L1", "L2", "L3"]),
      name: text,
      status: z.enum(["passed", "failed", "not checked"]),
      detail: text,
      part: text.optional(),
    }),
  ),
  /** What makes a run weaker than a whole scan: code, values, and the verifier's own words. */
  weaknesses: z.array(
    z.object({ code: text, run: z.number(), words: text, values: z.record(z.string(), z.union([z.string(), z.number()])) }),
  ),
  /** What rests on whoever sealed it, also where everything is replayed. */
  attested: z.array(z.object({ code: text, words: text })),
});
export const verifyQuery = z.object({
  /** Verifier key of the expected signer (C2SP vkey); without it the origin stays `not checked`. */
  key: z.string().max(500).optional(),
});

// ---- handsets

export const handsets = z.object({
  /** Where type names come from; null: no list was given, types are shown by number. */
  tacList: nullable(text),
  subscribers: count,
  /** Subscribers whose device no signalling named. */
  unnamed: count,
  types: z.array(
    z.object({
      tac: text,
      manufacturer: nullable(text),
      model: nullable(text),
      devices: count,
    }),
  ),
  /** Services that subscribers' own devices name, by device type; types stand together, the one with most flows first. */
  services: z.array(
    z.object({
      /** Null: signalling named no device, or too few subscribers have the type for it to be told. */
      tac: nullable(text),
      manufacturer: nullable(text),
      model: nullable(text),
      /** Registrable part of the server's name; null for names beyond the limit. */
      name: nullable(text),
      sources: z.array(z.enum(["tls", "dns", "quic"])),
      /** At least so many different ones. */
      subscribers: count,
      flows: count,
    }),
  ),
  /** How many further rows there are. */
  servicesMore: count,
  /** False for a case that was made before such names were counted. */
  servicesKept: z.boolean(),
  /** Services that network elements talk to: another thing altogether. */
  elements: z.array(
    z.object({
      element: text,
      name: text,
      protocol: text,
      address: text,
      declared: z.boolean(),
      flows: count,
      packets: count,
      bytes: octets,
    }),
  ),
});

// ---- declaration

export const problem = z.object({
  severity: z.enum(["error", "warning"]),
  /** 1-based; 0 where the problem is not in the text. */
  line: count,
  column: count,
  field: text.meta({ description: "functions[2].addresses[0]; empty for the whole" }),
  message: text,
});
export const declarationFunction = z.object({
  index: count,
  name: text,
  roles: z.array(text),
  vendor: nullable(text),
  site: nullable(text),
  addresses: z.array(text),
  /** Line of the entry in `text`. */
  line: count,
  observed: z.boolean(),
  tier,
});
export const declaration = z.object({
  /** `used`: what the last scan judged by; `saved`: network.yaml of the case; `draft`: neither was there. */
  source: z.enum(["saved", "used", "draft", "none"]),
  text: text.meta({ description: "YAML" }),
  sha256: nullable(text),
  /** Hash of what the last scan judged by; another than `sha256` means: scan again to judge by this. */
  usedSha256: nullable(text),
  file: text,
  functions: z.array(declarationFunction),
  problems: z.array(problem),
});
export const declarationText = z.strictObject({ text: z.string().max(2_000_000) });
export const declarationCheck = z.object({
  ok: z.boolean(),
  sha256: nullable(text),
  problems: z.array(problem),
  functions: z.array(declarationFunction),
});
export const declarationDraft = z.strictObject({ uploads: z.array(z.string().max(100)).max(100).optional() });

// ---- uploads and scans

export const upload = z.object({ id: text, case: text, file: text, bytes: octets, sha256: text, at: time });
export const uploadList = z.object({ uploads: z.array(upload), scans: z.array(z.lazy(() => scanJob)), maxBytes: octets });
export const newScan = z.strictObject({
  uploads: z.array(z.string().max(100)).min(1).max(100),
  /** Go on without files that cannot be used. */
  skipBad: z.boolean().optional(),
  basis: z.string().trim().max(500).optional(),
});
export const scanJob = z.object({
  id: text,
  case: text,
  state: z.enum(["waiting", "running", "done", "failed", "stopped"]),
  files: z.array(text),
  /** Octets read, in all (-1: not known). */
  done: z.number(),
  total: z.number(),
  packets: count,
  began: nullable(time),
  ended: nullable(time),
  /** What went wrong, in one line. */
  why: nullable(text),
  findings: nullable(byGrade),
  /** How many are done before one that waits. */
  place: nullable(count),
});

/** What somebody waits for; place 0 is being worked on. */
export const queued = z.object({ kind: z.enum(["declaration", "verify", "report", "draft"]), place: count });
export const queue = z.object({ work: z.array(queued) });

/** Data of the server-sent events of `/events`; the SSE event name is `kind`. */
export const event = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("hello"), version: text }),
  /** The case changed: read again what you show of it. */
  z.object({ kind: z.literal("case"), case: text, what: z.enum(["findings", "triage", "comment", "declaration", "log", "created"]) }),
  z.object({ kind: z.literal("scan"), scan: scanJob }),
]);
