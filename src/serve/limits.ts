/** What the server takes and keeps at most; each is a row of `docs/limits.md`. */
export const limits = {
  /** Octets of a JSON body; more is refused (`too-large`). */
  jsonBody: 4 * 1024 * 1024,
  /** Octets of one uploaded capture, unless `--max-upload` says otherwise; more is refused and nothing of it is kept. */
  upload: 8_000_000_000,
  /** Octets of a bundle handed in for verification: it is held in memory; more is refused. */
  bundle: 512 * 1024 * 1024,
  /** Uploads that wait for a scan, over all cases; further ones are refused. */
  waitingUploads: 200,
  /** Scans that wait; one runs at a time, further ones are refused. */
  waitingScans: 20,
  /** Scans of one account that wait or run; further ones are refused. */
  scansOfOne: 5,
  /** Declarations, bundles and reports that are worked on at the same time. */
  workRunning: 2,
  /** Declarations, bundles and reports that wait for that; further ones are refused. */
  workWaiting: 50,
  /** Declarations, bundles and reports of one account that wait or are worked on; further ones are refused. */
  workOfOne: 4,
  /** Milliseconds to read a declaration; then its thread is ended, and it is refused. */
  declarationMs: 15_000,
  /** Memory of the thread that reads a declaration (V8 heap), MiB; past it the thread is ended, and the declaration is refused. */
  declarationHeapMiB: 512,
  /** Milliseconds to verify a bundle; then its thread is ended, and it is refused. */
  verifyMs: 120_000,
  /** Memory of the thread that verifies a bundle (V8 heap, the bundle itself apart), MiB; past it the thread is ended. */
  verifyHeapMiB: 2048,
  /** Milliseconds a report or draft may take; then its process is ended. */
  programMs: 10 * 60_000,
  /** Findings of one scan that alerts are sent of, the strongest; the rest is on the page. */
  alertsOfScan: 1000,
  /** Scans that are remembered; the oldest that ended are forgotten. */
  rememberedScans: 100,
  /** Milliseconds after which a scan that says nothing is stopped. */
  scanSilenceMs: 10 * 60_000,
  /** Memory of a scan's process (V8 heap), MiB; past it the process ends, and the scan has failed. */
  scanHeapMiB: 4096,
  /** Streams of events open at once; further ones are closed at once. */
  eventStreams: 64,
  /** Streams of events of one account; further ones are closed at once. */
  eventStreamsOfOne: 16,
  /** Sessions of one account; its oldest is forgotten. */
  sessionsOfOne: 50,
  /** Sessions known at once; the oldest is forgotten. */
  sessions: 1000,
  /** Requests a minute from one address when not on loopback; further ones are refused (`too-many`). */
  requestsPerMinute: 600,
  /** Wrong tokens a quarter of an hour from one address; then it is refused. */
  failedLogins: 10,
  /** Wrong tokens a quarter of an hour from all addresses together; then nobody can log in. */
  failedLoginsInAll: 200,
  /** Milliseconds to send the head of a request; then the connection is closed. */
  headersMs: 15_000,
  /** Milliseconds to send a whole JSON body; then the connection is closed. */
  requestMs: 60_000,
  /** Milliseconds after which an upload that sends nothing is given up. */
  idleMs: 30_000,
  /** Connections open at once; further ones are closed. */
  connections: 512,
  /** Nodes of the drawing; those beyond stand together as one of their kind, and are counted. */
  drawnNodes: 400,
  /** Edges of the drawing, undeclared ones first; those beyond are left out. */
  drawnEdges: 1500,
  /** Rows read from a case's tables at once; where there were more, the overview says so. */
  tableRows: 200_000,
  /** Subscribers and receivers listed in the exposure; totals count all. */
  listedSubscribers: 1000,
  /** Rows of each list that the explorer shows at once; totals count all, and a narrower search shows the rest. */
  exploredRows: 200,
  /** Findings listed in each part of a comparison of two cases, the strongest; totals count all. */
  comparedRows: 50,
  /** Octets of one finding in findings.json; a case with a larger one is not opened. */
  findingBytes: 8 * 1024 * 1024,
  /** Cases that a server keeps open; more are refused at its start. */
  cases: 500,
} as const;
