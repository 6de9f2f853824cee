/**
 * TLS 1.2 and 1.3 as a passive reader with the connection's secrets sees it: RFC 5246, RFC 8446; secrets by RFC 9850.
 *
 * Both directions are read from their first octet: records are numbered, so a loss ends the reading. Without secrets, with a suite that is
 * not read, or after a loss, the direction says so once and is let go.
 */
import { Pending } from "#bytes/pending.ts";
import type { TlsKeys } from "#model/tls-keys.ts";
import { isVersion13, readHello, u16, type Hello } from "./hello.ts";
import { concat, nextSecret13, SUITES, trafficKey12, trafficKey13, type Suite, type TrafficKey } from "./key-schedule.ts";
import { TLS_LIMITS } from "./limits.ts";

/** record: type 1 | version 2 | length 2 | fragment (RFC 8446 §5.1). */
const HEADER = 5;
const LENGTH = 3;
/** RFC 5246 §6.2.3: 2^14 octets and 2,048 of expansion. */
const MAX_FRAGMENT = 16_384 + 2_048;
const TAG = 16;
const EXPLICIT_NONCE = 8;

const CHANGE_CIPHER_SPEC = 20;
const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const FINISHED = 20;
const KEY_UPDATE = 24;

/** Takes the plain text of one direction. `octets` are the receiver's to keep. */
export interface TlsSink<O> {
  plain(octets: Uint8Array, origin: O): void;
  /** Why the direction is not read, or not further: said once. */
  unreadable(why: string): void;
}

interface Parameters {
  readonly suite: Suite;
  readonly tls13: boolean;
  readonly clientRandom: Uint8Array;
  readonly serverRandom: Uint8Array;
}

/** What both directions share. */
export class TlsConnection<O> {
  readonly keys: TlsKeys;
  parameters: Parameters | undefined;
  /** Why there are none, once that is known. */
  refused: string | undefined;
  private clientRandom: Uint8Array | undefined;
  private readonly directions: TlsDirection<O>[] = [];

  constructor(keys: TlsKeys) {
    this.keys = keys;
  }

  open(sink: TlsSink<O>): TlsDirection<O> {
    const direction = new TlsDirection(this, sink);
    this.directions.push(direction);
    return direction;
  }

  hello(hello: Hello): void {
    if (hello.kind === "client") {
      this.clientRandom = hello.random;
      return;
    }
    const suite = SUITES.get(hello.suite);
    if (this.clientRandom === undefined) this.refused = "tls without its beginning";
    else if (suite === undefined) this.refused = `tls cipher suite 0x${hello.suite.toString(16).padStart(4, "0")}`;
    else
      this.parameters = {
        suite,
        tls13: isVersion13(hello.version),
        clientRandom: this.clientRandom,
        serverRandom: hello.random,
      };
    // The client may have sent records that only now can be read.
    for (const direction of this.directions) direction.proceed();
  }
}

/** One direction of a connection. */
export class TlsDirection<O> {
  private readonly connection: TlsConnection<O>;
  private readonly sink: TlsSink<O>;
  private readonly waiting = new Pending<O>();
  private fromClient = false;
  private helloSeen = false;
  private going = true;
  private busy = false;
  /** TLS 1.2: set by ChangeCipherSpec. */
  private ciphered = false;
  private key: TrafficKey | undefined;
  private secret: Uint8Array | undefined;
  private sequence = 0;

  constructor(connection: TlsConnection<O>, sink: TlsSink<O>) {
    this.connection = connection;
    this.sink = sink;
  }

  /** Octets in stream order; answers whether it wants more. */
  data(bytes: Uint8Array, start: number, end: number, origin: O): boolean {
    if (!this.going) return false;
    this.waiting.append(bytes, start, end, origin);
    this.proceed();
    if (this.going && this.waiting.size > TLS_LIMITS.waitingOctets) this.stop("tls whose other direction was not seen");
    return this.going;
  }

  gap(): boolean {
    if (this.going) this.stop("tls after a loss");
    return false;
  }

  /** Reads every whole record that waits. */
  proceed(): void {
    if (this.busy) return;
    this.busy = true;
    while (this.going && this.record());
    this.busy = false;
  }

  private stop(why: string): void {
    this.going = false;
    this.waiting.clear();
    this.sink.unreadable(why);
  }

  /** One record; false where more octets, or the other direction's hello, must come first. */
  private record(): boolean {
    const w = this.waiting;
    if (w.size < HEADER) return false;
    const b = w.bytes;
    const at = w.start;
    const type = b[at] as number;
    const length = u16(b, at + LENGTH);
    if (type < CHANGE_CIPHER_SPEC || type > APPLICATION_DATA || b[at + 1] !== 3 || length > MAX_FRAGMENT) {
      this.stop("tls record out of step");
      return false;
    }
    if (w.size < HEADER + length) return false;
    const end = at + HEADER + length;
    const { parameters, refused } = this.connection;
    if (this.isPlain(type)) {
      if (type === HANDSHAKE) this.handshake(b, at + HEADER, end);
      else if (type === CHANGE_CIPHER_SPEC && parameters?.tls13 !== true) this.ciphered = true;
      w.consume(HEADER + length);
      return true;
    }
    if (refused !== undefined) {
      this.stop(refused);
      return false;
    }
    if (parameters === undefined) return false;
    // TLS 1.3 sends a ChangeCipherSpec for middleboxes' sake, which means nothing (RFC 8446 §D.4).
    if (parameters.tls13 && type === CHANGE_CIPHER_SPEC) {
      w.consume(HEADER + length);
      return true;
    }
    const origin = w.originsOf(HEADER + length).at(-1) as O;
    const opened = parameters.tls13 ? this.open13(parameters, b, at, end) : this.open12(parameters, type, b, at, end);
    if (opened === undefined) return false;
    w.consume(HEADER + length);
    if (opened.type === APPLICATION_DATA) this.sink.plain(opened.octets, origin);
    else if (opened.type === HANDSHAKE && parameters.tls13) this.inner(parameters, opened.octets);
    return true;
  }

  /** Before keys are in use: hellos and the rest of a handshake in clear. A client that has said hello and now sends data waits for the server's. */
  private isPlain(type: number): boolean {
    const { parameters } = this.connection;
    if (parameters?.tls13 === true) return type === HANDSHAKE && this.key === undefined;
    return type !== APPLICATION_DATA && !this.ciphered;
  }

  private handshake(b: Uint8Array, from: number, end: number): void {
    for (let at = from, i = 0; at + 4 <= end && i < TLS_LIMITS.messages; i++) {
      const length = ((b[at + 1] as number) << 16) | u16(b, at + 2);
      const hello = this.helloSeen ? undefined : readHello(b, at, Math.min(end, at + 4 + length));
      if (hello !== undefined) {
        // A server may ask the client to begin again: only its own hello is final, so the client's last one counts.
        this.fromClient = hello.kind === "client";
        if (hello.kind === "server") this.helloSeen = true;
        this.connection.hello(hello);
      }
      at += 4 + length;
    }
  }

  private open12(p: Parameters, type: number, b: Uint8Array, at: number, end: number): { type: number; octets: Uint8Array } | undefined {
    const { keys } = this.connection;
    if (this.key === undefined) {
      const master = keys.secret("CLIENT_RANDOM", hexOf(p.clientRandom));
      if (master === undefined) {
        this.stop("tls without logged keys");
        return undefined;
      }
      this.key = trafficKey12(keys, p.suite, master, p.serverRandom, p.clientRandom, this.fromClient);
    }
    const gcm = p.suite.fixedOctets === 4;
    const from = at + HEADER + (gcm ? EXPLICIT_NONCE : 0);
    const plainOctets = end - from - TAG;
    if (plainOctets < 0) return this.damaged();
    const nonce = gcm ? concat(this.key.iv, b.subarray(at + HEADER, from)) : this.nonce(this.key.iv);
    const aad = concat(
      this.sequenceOctets(),
      Uint8Array.of(type, b[at + 1] as number, b[at + 2] as number, plainOctets >> 8, plainOctets & 255),
    );
    const octets = keys.open(p.suite.aead, this.key.key, nonce, aad, b.subarray(from, end));
    if (octets === undefined) return this.damaged();
    this.sequence++;
    return { type, octets };
  }

  private open13(p: Parameters, b: Uint8Array, at: number, end: number): { type: number; octets: Uint8Array } | undefined {
    const { keys } = this.connection;
    if (
      this.key === undefined &&
      !this.useSecret(p, this.fromClient ? "CLIENT_HANDSHAKE_TRAFFIC_SECRET" : "SERVER_HANDSHAKE_TRAFFIC_SECRET")
    )
      return undefined;
    const key = this.key as TrafficKey;
    const inner = keys.open(p.suite.aead, key.key, this.nonce(key.iv), b.subarray(at, at + HEADER), b.subarray(at + HEADER, end));
    if (inner === undefined) return this.damaged();
    this.sequence++;
    // RFC 8446 §5.4: the type is the last octet that is not zero.
    let last = inner.length - 1;
    while (last >= 0 && inner[last] === 0) last--;
    return last < 0 ? this.damaged() : { type: inner[last] as number, octets: inner.subarray(0, last) };
  }

  private useSecret(p: Parameters, label: string): boolean {
    const { keys } = this.connection;
    this.secret = keys.secret(label, hexOf(p.clientRandom));
    if (this.secret === undefined) {
      this.stop("tls without logged keys");
      return false;
    }
    this.key = trafficKey13(keys, p.suite, this.secret);
    this.sequence = 0;
    return true;
  }

  /** Handshake messages inside records: Finished and KeyUpdate change the key of what follows. */
  private inner(p: Parameters, b: Uint8Array): void {
    for (let at = 0, i = 0; at + 4 <= b.length && i < TLS_LIMITS.messages; i++) {
      const type = b[at];
      if (type === FINISHED) this.useSecret(p, this.fromClient ? "CLIENT_TRAFFIC_SECRET_0" : "SERVER_TRAFFIC_SECRET_0");
      if (type === KEY_UPDATE && this.secret !== undefined) {
        this.secret = nextSecret13(this.connection.keys, p.suite, this.secret);
        this.key = trafficKey13(this.connection.keys, p.suite, this.secret);
        this.sequence = 0;
      }
      at += 4 + (((b[at + 1] as number) << 16) | u16(b, at + 2));
    }
  }

  private damaged(): undefined {
    this.stop("tls that its logged keys do not open");
    return undefined;
  }

  /** RFC 8446 §5.3, RFC 7905 §2: the IV, XORed with the record's number. */
  private nonce(iv: Uint8Array): Uint8Array {
    const nonce = iv.slice();
    const number = this.sequenceOctets();
    for (let i = 0; i < 8; i++) nonce[i + 4] = (nonce[i + 4] as number) ^ (number[i] as number);
    return nonce;
  }

  private sequenceOctets(): Uint8Array {
    const out = new Uint8Array(8);
    for (let i = 7, rest = this.sequence; i >= 0; i--, rest = Math.floor(rest / 256)) out[i] = rest % 256;
    return out;
  }
}

function hexOf(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += octet.toString(16).padStart(2, "0");
  return text;
}
