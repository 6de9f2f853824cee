/**
 * The witness over HTTP (C2SP tlog-witness v1), on 127.0.0.1 unless told otherwise.
 *
 *   POST /add-checkpoint                  200 cosignature, 400, 403, 404, 409 with the size, 413, 422, 429, 503
 *   GET  /<sha256 of origin>/checkpoint   last cosigned head
 *   GET  /                                who this is: a convenience, a client must have the key from elsewhere
 *
 * TLS is for a proxy in front. There is no authentication but the log's signature, as the protocol has it; so requests are bounded
 * in size, time and number.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { WITNESS_LIMITS, type Witness, type WitnessAnswer } from "./witness.ts";

export const SERVER_LIMITS = {
  /** Connections at one time; further ones are closed. */
  connections: 256,
  /** Milliseconds for a whole request. */
  request: 10_000,
  /** Requests an address may make at once; further ones are answered 429. */
  burst: 60,
  /** Requests that an address regains a second. */
  perSecond: 10,
  /** Addresses remembered for the rate; more are forgotten, oldest first. */
  addresses: 10_000,
} as const;

export interface WitnessServerOptions {
  readonly host?: string;
  /** 0: any free port. */
  readonly port?: number;
  /** Seconds since the epoch. */
  readonly clock?: () => number;
  /** One line a request. */
  readonly journal?: (line: string) => void;
  /** Overrides `SERVER_LIMITS.burst` and `.perSecond`. */
  readonly rate?: { readonly burst: number; readonly perSecond: number };
}

export interface RunningWitness {
  readonly url: string;
  readonly server: Server;
  close(): Promise<void>;
}

export async function serveWitness(witness: Witness, options: WitnessServerOptions = {}): Promise<RunningWitness> {
  const clock = options.clock ?? ((): number => Date.now() / 1000);
  const rate = new Rate(options.rate ?? SERVER_LIMITS);
  const server = createServer({
    requestTimeout: SERVER_LIMITS.request,
    headersTimeout: SERVER_LIMITS.request,
    connectionsCheckingInterval: 2000,
    maxHeaderSize: 8192,
  });
  server.maxConnections = SERVER_LIMITS.connections;
  server.on("request", (request, response) => {
    void respond(request)
      .catch((): WitnessAnswer => plain(400, "the request broke off"))
      .then((made) => {
        send(response, made, request.method === "HEAD");
        options.journal?.(`${new Date(clock() * 1000).toISOString()} ${request.socket.remoteAddress ?? "-"} ${made.status} ${made.why}`);
      });
  });

  async function respond(request: IncomingMessage): Promise<WitnessAnswer> {
    if (!rate.allows(request.socket.remoteAddress ?? "", clock())) return plain(429, "too many requests");
    const path = (request.url ?? "/").split("?")[0] as string;
    if (path === "/add-checkpoint") {
      if (request.method !== "POST") return plain(405, "POST only");
      const body = await bodyOf(request);
      return body === undefined ? plain(413, "body too long") : witness.addCheckpoint(body, clock());
    }
    if (request.method !== "GET" && request.method !== "HEAD") return plain(405, "GET only");
    const monitored = /^\/([0-9a-f]{64})\/checkpoint$/.exec(path)?.[1];
    if (monitored !== undefined) return witness.checkpointOf(monitored);
    if (path === "/") return { ...plain(200, "about"), body: about(witness) };
    return plain(404, "not found");
  }

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, options.host ?? "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function about(witness: Witness): string {
  return [
    "Transparency log witness (C2SP tlog-witness). It cosigns heads of logs that its operator has listed, each consistent with the last.",
    `verifier key: ${witness.vkey}`,
    "Do not trust this key because this page says so: get it from the operator.",
    "",
  ].join("\n");
}

function plain(status: number, why: string): WitnessAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body: `${why}\n`, why };
}

function send(response: ServerResponse, made: WitnessAnswer, headOnly: boolean): void {
  const body = Buffer.from(made.body);
  response.writeHead(made.status, {
    "content-type": made.contentType,
    "content-length": body.length,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    // What is left of a body that was too long is not read.
    ...(made.status === 413 ? { connection: "close" } : {}),
    ...(made.status === 429 || made.status === 503 ? { "retry-after": "5" } : {}),
  });
  response.end(headOnly ? undefined : body);
}

/** Undefined where it is longer than it may be. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > WITNESS_LIMITS.body) return undefined;
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets > WITNESS_LIMITS.body) return undefined;
    chunks.push(chunk);
  }
  if (!request.complete) throw new Error("broken off");
  return Buffer.concat(chunks);
}

/** A token bucket an address. */
class Rate {
  readonly #rate: { readonly burst: number; readonly perSecond: number };
  readonly #buckets = new Map<string, { tokens: number; at: number }>();

  constructor(rate: { readonly burst: number; readonly perSecond: number }) {
    this.#rate = rate;
  }

  allows(address: string, now: number): boolean {
    const { burst, perSecond } = this.#rate;
    const known = this.#buckets.get(address);
    const tokens = known === undefined ? burst : Math.min(burst, known.tokens + Math.max(0, now - known.at) * perSecond);
    this.#buckets.delete(address);
    if (this.#buckets.size >= SERVER_LIMITS.addresses) this.#buckets.delete(this.#buckets.keys().next().value as string);
    this.#buckets.set(address, { tokens: Math.max(0, tokens - 1), at: now });
    return tokens >= 1;
  }
}
