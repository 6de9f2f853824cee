/**
 * Writes the benchmark's captures: an S1-U/S11/S1-MME link of one network, made by a seeded generator, so that everybody measures
 * the same octets. Files go where the caller says (a temporary folder), never into the repository.
 *
 *   node bench/generate.ts OUT.pcap [--packets N] [--profile imix|small|gtpu] [--flow-packets N] [--seed N]
 *
 * `imix`: 2,700,000 packets, about 1.06 GB. 93 % G-PDUs (one in eight with a PDU session container, one in sixteen behind a VLAN
 * tag) of 20,000 subscribers, each set up by GTPv2-C before its first packet; 3 % GTPv2-C, 2 % S1AP in SCTP, 2 % copies in GRE.
 * `small`: the same with short packets only. `gtpu`: an S1-U link alone, from which all of it is missing but the G-PDUs.
 *
 * Users' flows (both directions of an inner 5-tuple) have 40 packets on average, four of a subscriber at a time. `--flow-packets 1` makes
 * every packet a flow of its own: the worst case for whoever keeps a table of them, here and in other tools.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { benchOptions } from "./options.ts";

export interface Profile {
  readonly packets: number;
  readonly sizes: "imix" | "small";
  /** False: G-PDUs alone. */
  readonly signalling: boolean;
  readonly seed: number;
  /** Packets of a user's flow, both directions, on average. */
  readonly flowPackets: number;
}

export const IMIX: Profile = { packets: 2_700_000, sizes: "imix", signalling: true, seed: 1, flowPackets: 40 };
export type ProfileName = "imix" | "small" | "gtpu";

export function profileNamed(name: ProfileName): Pick<Profile, "sizes" | "signalling"> {
  return { sizes: name === "small" ? "small" : "imix", signalling: name !== "gtpu" };
}
/** Subscribers; their share of traffic falls off with the cube, as a few heavy users make most of it. */
const SUBSCRIBERS = 20_000;
/** Shorter captures have fewer subscribers, so that the shares stay the same. */
const PACKETS_A_SUBSCRIBER = 135;
const ENODEBS = 200;
const SERVERS = 500;
/** Flows of one subscriber at a time; the first is UDP, the others TCP. */
const FLOWS_EACH = 4;
const PORT_GTPU = 2152;
const PORT_GTPC = 2123;
const START_SEC = 1_767_225_600;
/** Mean spacing, microseconds. */
const SPACING = 4;

/** xorshift32 (Marsaglia): the same numbers on every machine and Node version. */
class Random {
  #state: number;
  constructor(seed: number) {
    this.#state = seed | 0 || 1;
  }
  next(): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return x >>> 0;
  }
  below(n: number): number {
    return this.next() % n;
  }
  unit(): number {
    return this.next() / 4294967296;
  }
}

const BUFFER = 4 * 1024 * 1024;
const LARGEST = 2048;

class Writer {
  readonly bytes = new Uint8Array(BUFFER);
  readonly view = new DataView(this.bytes.buffer);
  at = 0;
  packets = 0;
  written = 0;
  #record = 0;
  #micros = 0;
  readonly #fd: number;

  constructor(path: string) {
    this.#fd = openSync(path, "w");
    this.view.setUint32(0, 0xa1b2c3d4, true);
    this.view.setUint16(4, 2, true);
    this.view.setUint16(6, 4, true);
    this.view.setUint32(16, 262_144, true);
    this.view.setUint32(20, 1, true);
    this.at = 24;
  }

  begin(stepMicros: number): void {
    if (this.at + LARGEST > BUFFER) this.flush();
    this.#micros += stepMicros;
    this.#record = this.at;
    this.at += 16;
  }

  end(): void {
    const length = this.at - this.#record - 16;
    const view = this.view;
    view.setUint32(this.#record, START_SEC + Math.floor(this.#micros / 1e6), true);
    view.setUint32(this.#record + 4, this.#micros % 1e6, true);
    view.setUint32(this.#record + 8, length, true);
    view.setUint32(this.#record + 12, length, true);
    this.packets++;
  }

  u8(v: number): void {
    this.bytes[this.at++] = v;
  }
  u16(v: number): void {
    this.view.setUint16(this.at, v);
    this.at += 2;
  }
  u32(v: number): void {
    this.view.setUint32(this.at, v);
    this.at += 4;
  }

  flush(): void {
    writeSync(this.#fd, this.bytes, 0, this.at);
    this.written += this.at;
    this.at = 0;
  }

  close(): void {
    this.flush();
    closeSync(this.#fd);
  }
}

function ethernet(w: Writer, from: number, to: number, vlan: number): void {
  w.u16(0x0200);
  w.u32(to);
  w.u16(0x0200);
  w.u32(from);
  if (vlan > 0) {
    w.u16(0x8100);
    w.u16(vlan);
  }
  w.u16(0x0800);
}

/** Header of 20 octets with its checksum. */
function ipv4(w: Writer, length: number, id: number, ttl: number, protocol: number, src: number, dst: number): void {
  const at = w.at;
  w.u16(0x4500);
  w.u16(length);
  w.u16(id & 0xffff);
  w.u16(0x4000);
  w.u8(ttl);
  w.u8(protocol);
  w.u16(0);
  w.u32(src);
  w.u32(dst);
  let sum = 0;
  for (let p = at; p < at + 20; p += 2) sum += w.view.getUint16(p);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  w.view.setUint16(at + 10, ~sum & 0xffff);
}

function udp(w: Writer, src: number, dst: number, payload: number): void {
  w.u16(src);
  w.u16(dst);
  w.u16(8 + payload);
  w.u16(0);
}

const enbAddress = (i: number): number => 0x0a010000 + 1 + i;
const serverAddress = (i: number): number => 0xc6336400 + ((i * 7919) & 0xff) + ((i >> 8) << 16);
const ueAddress = (i: number): number => 0x64400000 + 2 + i;
const SGW = 0x0a020001;
const SGW_C = 0x0a020002;
const MME = 0x0a030001;
const COLLECTOR = 0xcb007109;
const ENB_MAC = 0x10000001;
const CORE_MAC = 0x20000001;
const uplinkTeid = (i: number): number => 0x10000000 + i * 16 + 1;
const downlinkTeid = (i: number): number => (0x80000000 + i * 16 + 1) >>> 0;

/** What the flows of all subscribers are doing, by `subscriber * FLOWS_EACH + flow`. */
class Flows {
  readonly server = new Uint16Array(SUBSCRIBERS * FLOWS_EACH);
  readonly port = new Uint16Array(SUBSCRIBERS * FLOWS_EACH);
  readonly left = new Uint32Array(SUBSCRIBERS * FLOWS_EACH);
  readonly sequence = new Uint32Array(SUBSCRIBERS * FLOWS_EACH);
  readonly #mean: number;
  #port = 0;

  constructor(mean: number) {
    this.#mean = mean;
  }

  /** Counts one packet of a flow, which begins anew where it had its last. */
  packet(at: number, random: Random): void {
    if (this.left[at] === 0) {
      this.left[at] = this.#mean === 1 ? 1 : 1 + random.below(2 * this.#mean - 1);
      this.server[at] = random.below(SERVERS);
      this.port[at] = 32_768 + (this.#port++ & 0x3fff);
      this.sequence[at] = random.next();
    }
    this.left[at] = this.left[at]! - 1;
  }
}

/** The last inner packets, from which the copies are taken. */
interface Inner {
  at: number;
  length: number;
}

export function generate(path: string, profile: Profile): { packets: number; bytes: number; copies: number } {
  const random = new Random(profile.seed);
  const pool = new Uint8Array(1 << 20);
  for (let i = 0; i < pool.length; i += 4) new DataView(pool.buffer).setUint32(i, random.next());
  const w = new Writer(path);
  const subscribers = Math.max(8, Math.min(SUBSCRIBERS, Math.floor(profile.packets / PACKETS_A_SUBSCRIBER)));
  const seen = new Uint8Array(SUBSCRIBERS);
  /** Chunks sent so far, by eNB: each has an association of its own. */
  const chunks = new Uint32Array(ENODEBS);
  const flows = new Flows(profile.flowPackets);
  const copy = new Uint8Array(LARGEST);
  const last: Inner = { at: 0, length: 0 };
  let signalling = 0;
  let copies = 0;
  let id = 1;
  while (w.packets < profile.packets) {
    const kind = random.below(100);
    if (kind < 93 || last.length === 0 || !profile.signalling) {
      const u = random.unit();
      const subscriber = Math.floor(subscribers * u * u * u);
      if (seen[subscriber] === 0 && profile.signalling) {
        seen[subscriber] = 1;
        setUp(w, subscriber, random);
        signalling += 4;
      }
      gPdu(w, random, pool, subscriber, flows, profile.sizes, id++, last, copy);
    } else if (kind < 96) {
      // Set-ups make most of the 3 %; what is missing to it are echoes.
      if (signalling > 0) signalling--;
      else echo(w, random.below(2) === 0, id++);
    } else if (kind < 98) s1ap(w, random, pool, random.below(subscribers), chunks);
    else {
      greCopy(w, copy, last.length, id++);
      copies++;
    }
  }
  w.close();
  return { packets: w.packets, bytes: w.written, copies };
}

function gPdu(
  w: Writer,
  random: Random,
  pool: Uint8Array,
  subscriber: number,
  flows: Flows,
  sizes: "imix" | "small",
  id: number,
  last: Inner,
  copy: Uint8Array,
): void {
  const choice = random.below(12);
  const inner =
    sizes === "small" ? 40 + random.below(36) : choice < 7 ? 52 + random.below(24) : choice < 11 ? 560 + random.below(32) : 1400;
  const up = random.below(3) === 0;
  const extension = random.below(8) === 0;
  const vlan = random.below(16) === 0 ? 100 + (subscriber & 7) : 0;
  const enb = enbAddress(subscriber % ENODEBS);
  const gtp = (extension ? 16 : 8) + inner;
  w.begin(1 + random.below(2 * SPACING - 1));
  if (up) ethernet(w, ENB_MAC + (subscriber % ENODEBS), CORE_MAC, vlan);
  else ethernet(w, CORE_MAC, ENB_MAC + (subscriber % ENODEBS), vlan);
  ipv4(w, 28 + gtp, id, 64, 17, up ? enb : SGW, up ? SGW : enb);
  udp(w, PORT_GTPU, PORT_GTPU, gtp);
  w.u8(extension ? 0x34 : 0x30);
  w.u8(255);
  w.u16(gtp - 8);
  w.u32(up ? uplinkTeid(subscriber) : downlinkTeid(subscriber));
  if (extension) {
    w.u32(0x00000085);
    w.u16(up ? 0x0110 : 0x0100);
    w.u16(0x0900);
  }
  const at = w.at;
  const flow = subscriber * FLOWS_EACH + random.below(FLOWS_EACH);
  flows.packet(flow, random);
  const server = serverAddress(flows.server[flow]!);
  const ue = ueAddress(subscriber);
  const tcp = flow % FLOWS_EACH !== 0;
  ipv4(w, inner, id * 3, up ? 63 : 52, tcp ? 6 : 17, up ? ue : server, up ? server : ue);
  const uePort = flows.port[flow]!;
  w.u16(up ? uePort : 443);
  w.u16(up ? 443 : uePort);
  if (tcp) {
    const next = flows.sequence[flow]!;
    flows.sequence[flow] = next + inner - 40;
    w.u32(next);
    w.u32(next ^ 0x5a5a5a5a);
    w.u32(0x50187fff);
    w.u32(0);
  } else {
    w.u16(inner - 20);
    w.u16(0);
  }
  const rest = inner - (w.at - at);
  const from = random.below(pool.length - LARGEST);
  w.bytes.set(pool.subarray(from, from + rest), w.at);
  w.at += rest;
  last.at = at;
  last.length = inner;
  copy.set(w.bytes.subarray(at, at + inner));
  w.end();
}

function greCopy(w: Writer, copy: Uint8Array, length: number, id: number): void {
  w.begin(1);
  ethernet(w, CORE_MAC, CORE_MAC + 1, 0);
  ipv4(w, 24 + length, id, 64, 47, SGW, COLLECTOR);
  w.u32(0x00000800);
  const at = w.at;
  w.bytes.set(copy.subarray(0, length), at);
  w.at += length;
  // One hop further: time to live falls by one, the checksum rises by 0x0100 (RFC 1624).
  w.bytes[at + 8] = w.bytes[at + 8]! - 1;
  let sum = w.view.getUint16(at + 10) + 0x0100;
  sum = (sum & 0xffff) + (sum >>> 16);
  w.view.setUint16(at + 10, sum);
  w.end();
}

/** `transaction`: the sequence number, which a request and its answer share (TS 29.274 §7.6). */
function gtpc(w: Writer, toSgw: boolean, type: number, teid: number, transaction: number, body: readonly number[]): void {
  const length = 12 + body.length;
  w.begin(50);
  ethernet(w, toSgw ? ENB_MAC - 1 : CORE_MAC, toSgw ? CORE_MAC : ENB_MAC - 1, 0);
  ipv4(w, 28 + length, type, 64, 17, toSgw ? MME : SGW_C, toSgw ? SGW_C : MME);
  udp(w, PORT_GTPC, PORT_GTPC, length);
  w.u8(0x48);
  w.u8(type);
  w.u16(length - 4);
  w.u32(teid);
  w.u32((transaction & 0xffffff) << 8);
  for (const octet of body) w.u8(octet);
  w.end();
}

const bytes32 = (v: number): number[] => [(v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255];
const ie = (type: number, instance: number, value: readonly number[]): number[] => [
  type,
  value.length >> 8,
  value.length & 255,
  instance,
  ...value,
];
const fteid = (kind: number, instance: number, teid: number, address: number): number[] =>
  ie(87, instance, [0x80 | kind, ...bytes32(teid), ...bytes32(address)]);

/** Create Session and Modify Bearer with their answers (TS 29.274 §7.2.1, 7.2.2, 7.2.7, 7.2.8): both ends of the bearer become known. */
function setUp(w: Writer, subscriber: number, random: Random): void {
  const digits = `00101${String(subscriber).padStart(10, "0")}`;
  const imsi: number[] = [];
  for (let i = 0; i < 15; i += 2) imsi.push(Number(digits[i]) | ((i + 1 < 15 ? Number(digits[i + 1]) : 15) << 4));
  const mmeTeid = 0x40000000 + subscriber;
  const sgwTeid = 0x50000000 + subscriber;
  const ebi = ie(73, 0, [5]);
  gtpc(w, true, 32, 0, 2 * subscriber, [
    ...ie(1, 0, imsi),
    ...ie(82, 0, [6]),
    ...fteid(10, 0, mmeTeid, MME),
    ...ie(71, 0, [8, ...Buffer.from("internet")]),
    ...ie(99, 0, [1]),
    ...ie(93, 0, [...ebi, ...ie(80, 0, [0x7c, 9, ...Array.from({ length: 20 }, () => random.below(2))])]),
  ]);
  gtpc(w, false, 33, mmeTeid, 2 * subscriber, [
    ...ie(2, 0, [16, 0]),
    ...fteid(11, 0, sgwTeid, SGW_C),
    ...ie(79, 0, [1, ...bytes32(ueAddress(subscriber))]),
    ...ie(93, 0, [...ebi, ...ie(2, 0, [16, 0]), ...fteid(1, 0, uplinkTeid(subscriber), SGW)]),
  ]);
  gtpc(
    w,
    true,
    34,
    sgwTeid,
    2 * subscriber + 1,
    ie(93, 0, [...ebi, ...fteid(0, 0, downlinkTeid(subscriber), enbAddress(subscriber % ENODEBS))]),
  );
  gtpc(w, false, 35, mmeTeid, 2 * subscriber + 1, [...ie(2, 0, [16, 0]), ...ie(93, 0, [...ebi, ...ie(2, 0, [16, 0])])]);
}

function echo(w: Writer, request: boolean, id: number): void {
  w.begin(SPACING);
  ethernet(w, request ? ENB_MAC - 1 : CORE_MAC, request ? CORE_MAC : ENB_MAC - 1, 0);
  ipv4(w, 28 + 13, id, 64, 17, request ? MME : SGW_C, request ? SGW_C : MME);
  udp(w, PORT_GTPC, PORT_GTPC, 13);
  w.u8(0x40);
  w.u8(request ? 1 : 2);
  w.u16(9);
  w.u32((id & 0xffffff) << 8);
  w.u32(0x03000100);
  w.u8(7);
  w.end();
}

/** UplinkNASTransport (TS 36.413 §9.1.7.3) with a ciphered NAS message, in one SCTP DATA chunk (RFC 9260 §3.3.1, PPID 18). */
function s1ap(w: Writer, random: Random, pool: Uint8Array, subscriber: number, chunks: Uint32Array): void {
  const nas = 12 + random.below(40);
  const value = 3 + (4 + 5) + (4 + 4) + (4 + 1 + nas) + (4 + 8) + (4 + 6);
  const pdu = 4 + value;
  const padding = (4 - (pdu & 3)) & 3;
  const enb = subscriber % ENODEBS;
  w.begin(SPACING);
  ethernet(w, ENB_MAC + enb, CORE_MAC, 0);
  ipv4(w, 20 + 12 + 16 + pdu + padding, subscriber, 64, 132, enbAddress(enb), MME);
  w.u16(36_412);
  w.u16(36_412);
  w.u32(0x1000 + enb);
  w.u32(0);
  w.u16(0x0003);
  w.u16(16 + pdu);
  const chunk = chunks[enb]!++;
  w.u32(chunk);
  w.u16(1);
  w.u16(chunk & 0xffff);
  w.u32(18);
  w.u16(0x000d);
  w.u8(0x40);
  w.u8(value);
  w.u16(0x0000);
  w.u8(5);
  w.u32(0x00000005);
  w.u8(0xc0);
  w.u32(0x01000000 + subscriber);
  w.u32(0x00080004);
  w.u32(0x80000000 + subscriber);
  w.u16(26);
  w.u8(0);
  w.u8(nas + 1);
  w.u8(nas);
  const from = random.below(pool.length - LARGEST);
  w.u8(0x27);
  w.bytes.set(pool.subarray(from, from + nas - 1), w.at);
  w.at += nas - 1;
  w.u32(0x00644008);
  w.u32(0x0000f110);
  w.u32(0x00001000 + enb * 16);
  w.u32(0x00434006);
  w.u32(0x0000f110);
  w.u16(1);
  for (let i = 0; i < padding; i++) w.u8(0);
  w.end();
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = benchOptions("bench/generate.ts OUT.pcap [--packets N] [--profile imix|small|gtpu] [--flow-packets N] [--seed N]");
  const [out, ...more] = options.positionals;
  const profile = (["imix", "small", "gtpu"] as const).find((name) => name === options.text("profile", "imix"));
  if (out === undefined || more.length > 0 || profile === undefined)
    throw new Error("expected one file to write, and a profile among imix, small, gtpu; --help says more");
  const result = generate(out, {
    packets: options.number("packets", IMIX.packets),
    ...profileNamed(profile),
    seed: options.number("seed", IMIX.seed),
    flowPackets: options.number("flow-packets", IMIX.flowPackets),
  });
  console.log(JSON.stringify(result));
}
