/** Floods: as many new things as anybody who writes the traffic likes, made on the fly and fed to the engine. */
import { Lookup } from "#declaration/lookup.ts";
import { parseDeclaration } from "#declaration/load.ts";
import type { FrameBatch } from "#model/frame.ts";
import { drawCopyKeys } from "#run/copy-search.ts";
import { gapsOf } from "#run/coverage.ts";
import { JudgeEngine } from "#run/engine/judge.ts";
import { SenseEngine } from "#run/engine/sense.ts";
import { Services } from "#run/engine/services.ts";
import { PointTable } from "#run/points.ts";
import { JoinedKnowledge } from "#join/knowledge.ts";
import { dns } from "#lab/wire/applications.ts";
import { Application, Command, diameter, opening, userName } from "#lab/wire/diameter.ts";
import { createSessionRequest, createSessionResponse, Interface } from "#lab/wire/gtpv2.ts";
import { ip, Protocol, tcp, udp } from "#lab/wire/ip.ts";
import { ethernet } from "#lab/wire/link.ts";
import { cat, zeros, type Octets } from "#lab/wire/octets.ts";
import { Action, createFar, createPdr, Destination, fseid, nodeId, outerHeader, Pfcp, pfcp } from "#lab/wire/pfcp.ts";
import { dataChunk, sctp } from "#lab/wire/sctp.ts";
import { gtpu } from "#lab/wire/tunnels.ts";

const ENB = "10.0.1.1";
const MME = "10.0.0.1";
const SGW_C = "10.0.0.2";
const SGW_U = "10.0.1.2";
const SMF = "10.0.0.3";
const HSS = "10.0.0.4";
const CELL = { plmn: "20801", tac: 1, cell: 0x1234501, enbId: 0x12345 } as const;

const dotted = (first: number, n: number): string => `${first}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;
const imsi = (n: number): string => `20801${String(n).padStart(10, "0")}`;
const inner = (n: number): Octets => udp(dotted(100, n), "198.51.100.7", 40_000, 53, zeros(24));

/** IP packets of the `n`th thing, which nobody has seen before. `i` counts packets: sequence numbers go on where things come again. */
type Flood = (n: number, i: number) => readonly Octets[];

export const FLOODS = {
  flows: (n) => [udp(dotted(10, n), "203.0.113.9", 1024 + (n & 0x3fff), 7000, zeros(32))],
  tunnels: (n) => [udp(ENB, SGW_U, 2152, 2152, gtpu(n + 1, inner(n)))],
  subscribers: (n) => {
    const sender = { address: MME, teid: n + 1 };
    const pgw = { address: SGW_C, teid: 0x4000_0000 + n };
    const request = createSessionRequest(n & 0xff_ffff, {
      imsi: imsi(n),
      msisdn: `336${String(n).padStart(8, "0")}`,
      imei: `35${String(n).padStart(14, "0")}`,
      cell: CELL,
      senderInterface: Interface.s11Mme,
      sender,
      pgw,
      apn: "internet",
    });
    const ends = [{ type: Interface.s1uSgw, tunnel: { address: SGW_U, teid: n + 1 }, instance: 0 }];
    const answer = createSessionResponse(n & 0xff_ffff, n + 1, dotted(100, n), { sgw: pgw, pgw, ends });
    return [udp(MME, SGW_C, 2123, 2123, request), udp(SGW_C, MME, 2123, 2123, answer)];
  },
  fragments: (n) => [ip(dotted(10, n), SGW_C, Protocol.UDP, zeros(64), { id: n & 0xffff, moreFragments: true })],
  streams: (n) => [tcp(dotted(10, n), HSS, { sport: 1024 + (n & 0x3fff), dport: 3868, seq: 1, ack: 1, flags: 0x18 }, zeros(40))],
  holes: (_, i) => [tcp(MME, HSS, { sport: 40_000, dport: 3868, seq: (i * 200) >>> 0, ack: 1, flags: 0x18 }, zeros(100))],
  names: (n) => [udp("10.0.0.9", "10.9.0.53", 40_000, 53, dns(n & 0xffff, `x${n}.example.org`))],
  orders: (n, i) => [
    udp(
      SMF,
      SGW_U,
      8805,
      8805,
      pfcp(
        Pfcp.modificationRequest,
        BigInt(n + 1),
        i & 0xff_ffff,
        createFar({
          id: 2,
          action: Action.forward | Action.duplicate,
          destination: Destination.core,
          duplicate: { destination: Destination.core, outer: outerHeader("gtpu", { address: dotted(203, n), teid: n + 1 }) },
        }),
      ),
    ),
  ],
  diameter: (n, i) => [
    sctpPacket(
      i,
      diameter({ request: true, command: Command.ulr, application: Application.s6a, hop: n, end: n }, [
        ...opening({
          session: `s;${n}`,
          application: Application.s6a,
          originHost: `mme-${n % 1000}`,
          originRealm: "realm",
          destinationHost: "hss",
        }),
        userName(imsi(n)),
      ]),
    ),
  ],
  pfcp: (n, i) => [
    udp(
      SMF,
      SGW_U,
      8805,
      8805,
      pfcp(
        Pfcp.establishmentRequest,
        0n,
        i & 0xff_ffff,
        cat(
          nodeId(SMF),
          fseid(BigInt(n + 1), SMF),
          createPdr({ id: 1, precedence: 1, source: "access", far: 1, fteid: { teid: n + 1, address: SGW_U } }),
        ),
      ),
    ),
  ],
} as const satisfies Record<string, Flood>;

export type FloodName = keyof typeof FLOODS;

function sctpPacket(i: number, message: Octets): Octets {
  return ip(MME, HSS, Protocol.SCTP, sctp(40_000, 3868, 1, [dataChunk((i + 1) >>> 0, 0, i & 0xffff, 46, 3, message)]));
}

export interface Flooded {
  readonly packets: number;
  /** CPU a packet, user and system, without making it. */
  readonly nanos: number;
  /** The same, of a thousand things that come again and again. */
  readonly ordinaryNanos: number;
  readonly peakMiB: number;
  readonly gaps: readonly { readonly kind: string; readonly code: string | undefined; readonly count: number }[];
}

const BATCH = 8_192;
const BATCH_OCTETS = 4 * 1024 * 1024;
const THINGS = 1_000;
const START = 1_767_225_600;
/** Microseconds between two packets: a link that is well used. */
const SPACING = 10;

const DECLARATION = new Lookup(
  parseDeclaration(
    JSON.stringify({
      network: { name: "Exampletel", country: "FR", plmns: ["20801"] },
      functions: [
        { name: "enb-1", roles: ["eNB"], addresses: [ENB] },
        { name: "mme-1", roles: ["MME"], addresses: [MME] },
        { name: "sgw-c-1", roles: ["SGW-C"], addresses: [SGW_C] },
        { name: "sgw-u-1", roles: ["SGW-U"], addresses: [SGW_U] },
        { name: "smf-1", roles: ["SMF"], addresses: [SMF] },
        { name: "hss-1", roles: ["HSS"], addresses: [HSS] },
        { name: "dns-client", roles: ["MME"], addresses: ["10.0.0.9"] },
      ],
    }),
    "network.json",
  ).declaration,
);

class Flooding {
  peakMiB = 0;
  packets = 0;
  private readonly judge: JudgeEngine;
  private readonly sense: SenseEngine;
  private readonly batch: FrameBatch;

  constructor(copyOctets: number) {
    const points = new PointTable(DECLARATION);
    points.add({ index: 0, capture: 0, interfaceId: 0, interfaceName: undefined, linkType: 1, snapLength: 0 }, "core.pcap", false, 0);
    this.judge = new JudgeEngine({ declaration: DECLARATION, register: null, points: points.infos, seed: 1 });
    this.sense = new SenseEngine({
      declaration: DECLARATION,
      points,
      seed: 1,
      tell: (fact) => this.judge.take(fact),
      advice: this.judge.advice,
      copies: { keys: drawCopyKeys(), budgetBytes: copyOctets },
      services: new Services(this.judge.tracker, 1),
      control: { asReceived: false },
    });
    this.batch = {
      bytes: new Uint8Array(BATCH_OCTETS),
      count: 0,
      offset: new Int32Array(BATCH),
      captured: new Int32Array(BATCH),
      original: new Int32Array(BATCH),
      sec: new Float64Array(BATCH),
      nsec: new Int32Array(BATCH),
      point: new Int32Array(BATCH),
      firstFrame: 1,
    };
  }

  /** Feeds `count` things; answers the CPU that feeding took, nanoseconds a packet. */
  feed(make: Flood, count: number, thing: (i: number) => number): number {
    const { batch } = this;
    let micros = 0;
    let packets = 0;
    for (let i = 0; i < count;) {
      batch.firstFrame += batch.count;
      batch.count = 0;
      for (let at = 0; i < count && batch.count + 4 < BATCH && at + 8_192 < BATCH_OCTETS; i++) {
        for (const packet of make(thing(i), i)) {
          const frame = ethernet({ src: "02:00:00:00:00:01", dst: "02:00:00:00:00:02" }, packet);
          batch.bytes.set(frame, at);
          const k = batch.count++;
          const time = (this.packets + k) * SPACING;
          batch.offset[k] = at;
          batch.captured[k] = batch.original[k] = frame.length;
          batch.sec[k] = START + Math.floor(time / 1e6);
          batch.nsec[k] = (time % 1e6) * 1000;
          at += frame.length;
        }
      }
      const before = process.cpuUsage();
      this.sense.feed(batch, 0, batch.count, 0, Int32Array.of(1));
      const { user, system } = process.cpuUsage(before);
      micros += user + system;
      packets += batch.count;
      this.packets += batch.count;
      this.peakMiB = Math.max(this.peakMiB, process.memoryUsage.rss() / 1024 / 1024);
    }
    return (micros * 1000) / packets;
  }

  /** The end of it: also judging a flood must end. */
  close(): Flooded["gaps"] {
    this.sense.close();
    this.judge.stock();
    this.peakMiB = Math.max(this.peakMiB, process.memoryUsage.rss() / 1024 / 1024);
    return gapsOf([], this.sense.gaps(), new JoinedKnowledge(this.judge.tracker), [], []).map((gap) => ({
      kind: gap.kind,
      code: gap.code,
      count: gap.count,
    }));
  }
}

/** `copyOctets`: room of the search for copies. */
export function flood(name: FloodName, count: number, copyOctets = 64 * 1024 * 1024): Flooded {
  const make: Flood = FLOODS[name];
  let ordinary: Flooding | null = new Flooding(copyOctets);
  const some = Math.min(count, 60_000);
  ordinary.feed(make, some, (i) => i % THINGS);
  const ordinaryNanos = ordinary.feed(make, some, (i) => i % THINGS);
  // Its memory is not the flood's.
  ordinary = null;
  const flooding = new Flooding(copyOctets);
  const nanos = flooding.feed(make, count, (i) => i);
  const gaps = flooding.close();
  return { packets: flooding.packets, nanos, ordinaryNanos, peakMiB: flooding.peakMiB, gaps };
}
