/** What the server takes and keeps at most; each is a row of `docs/limits.md`. */
export const limits = {
  /** Octets of a JSON body. */
  jsonBody: 4 * 1024 * 1024,
  /** Octets of one uploaded capture, unless the server was started with `--max-upload`. */
  upload: 8_000_000_000,
  /** Octets of a bundle handed in for verification: it is held in memory. */
  bundle: 512 * 1024 * 1024,
  /** Uploads that wait for a scan, over all cases. */
  waitingUploads: 200,
  /** Scans that wait. One runs at a time. */
  waitingScans: 20,
  /** Finished scans that are remembered. */
  rememberedScans: 100,
  /** A scan that says nothing for so long is stopped. */
  scanSilenceMs: 10 * 60_000,
  /** Memory of a scan's process (V8 heap), MiB. */
  scanHeapMiB: 4096,
  /** Streams of events open at once. */
  eventStreams: 64,
  /** Sessions known at once; the oldest is forgotten. */
  sessions: 1000,
  /** Requests a minute from one address when not on loopback. */
  requestsPerMinute: 600,
  /** Failed logins a quarter of an hour from one address, and from all together. */
  failedLogins: 10,
  failedLoginsInAll: 200,
  /** Time to send the head of a request, and a whole request with a JSON body. */
  headersMs: 15_000,
  requestMs: 60_000,
  /** A body that sends nothing for so long is given up. */
  idleMs: 30_000,
  connections: 512,
  /** Nodes and edges of the drawing; what is beyond is counted. */
  drawnNodes: 400,
  drawnEdges: 1500,
  /** Rows read from a case's tables at once. */
  tableRows: 200_000,
  /** Subscribers listed in the exposure. */
  listedSubscribers: 1000,
  /** Octets of one finding in findings.json. */
  findingBytes: 8 * 1024 * 1024,
  /** Cases a server keeps open. */
  cases: 500,
} as const;
