/**
 * The null curve of the search for copies (docs/copies.md §4): a million packets of which none is a copy of another, as alike as unrelated traffic can be,
 * and how many bits each pair of a subscriber and a carrier gets.
 *
 *   node bench/null.ts [--packets N] [--seed N]
 *
 * Half are 2,000 subscribers' packets in GTP-U. Half are on carriers that nothing explains: a VXLAN tunnel whose inner packets have addresses of the same
 * pool, the same servers, ports, DNS names, HTTP heads, zeros, bare acknowledgements and TLS records (handshakes seen); UDP datagrams and a stream of random
 * octets; ESP in bursts. Only random numbers differ, as between strangers.
 */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseDeclaration } from "#declaration/load.ts";
import { scoreSubscriber } from "#detect/covert-copy/bits.ts";
import { familyBits } from "#detect/covert-copy/rhythm.ts";
import type { CopyObservation } from "#model/copy.ts";
import { scan } from "#run/scan.ts";
import { benchOptions } from "./options.ts";

const options = benchOptions("bench/null.ts [--packets N] [--seed N]");
const packets = options.number("packets", 1_000_000);
const seed = options.number("seed", 1);
const SUBSCRIBERS = 2000;

let state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) | 1;
function next(): number {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return state >>> 0;
}
const below = (n: number): number => next() % n;

const buffer = new Uint8Array(1 << 22);
const view = new DataView(buffer.buffer);
let at = 0;
let micros = 0;
let written = 0;
let fd = 0;

function record(build: () => void): void {
  if (at > buffer.length - 4096) {
    writeSync(fd, buffer, 0, at);
    at = 0;
  }
  const begin = at;
  at += 16;
  build();
  micros += below(40);
  view.setUint32(begin, 1_700_000_000 + Math.floor(micros / 1e6), true);
  view.setUint32(begin + 4, micros % 1e6, true);
  view.setUint32(begin + 8, at - begin - 16, true);
  view.setUint32(begin + 12, at - begin - 16, true);
  written++;
}

const u8 = (v: number): void => void (buffer[at++] = v);
const u16 = (v: number): void => {
  view.setUint16(at, v & 0xffff);
  at += 2;
};
const u32 = (v: number): void => {
  view.setUint32(at, v >>> 0);
  at += 4;
};
const fill = (octets: Uint8Array): void => {
  buffer.set(octets, at);
  at += octets.length;
};
const noise = (length: number): void => {
  for (let i = 0; i < length; i++) buffer[at++] = next() >>> 9;
};

const MACS = Uint8Array.of(2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 8, 0);
const ENB = 0x0a00_0001;
const SGW = 0x0a00_0101;
const PROBE = 0xcb00_7132;

/** Length and checksum are set by `end`. */
function ipv4(protocol: number, src: number, dst: number): () => void {
  const begin = at;
  u32(0x4500_0000);
  u16(next());
  u16(0);
  u8(60);
  u8(protocol);
  u16(0);
  u32(src);
  u32(dst);
  return () => {
    view.setUint16(begin + 2, at - begin);
    let sum = 0;
    for (let i = 0; i < 20; i += 2) sum += view.getUint16(begin + i);
    sum = (sum & 0xffff) + (sum >>> 16);
    view.setUint16(begin + 10, ~((sum & 0xffff) + (sum >>> 16)));
  };
}

function udp(src: number, dst: number, body: () => void): void {
  const begin = at;
  u16(src);
  u16(dst);
  u16(0);
  u16(0);
  body();
  view.setUint16(begin + 4, at - begin);
}

interface Flow {
  readonly kind: number;
  readonly user: number;
  readonly server: number;
  readonly port: number;
  seqUp: number;
  seqDown: number;
  sent: number;
}

const NAMES = ["www.example.org", "cdn.example.net"].map((name) => {
  const labels = name.split(".").flatMap((label) => [label.length, ...new TextEncoder().encode(label)]);
  return Uint8Array.from([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, ...labels, 0, 0, 1, 0, 1]);
});
const HEAD = new TextEncoder().encode("GET /index.html HTTP/1.1\r\nHost: www.example.org\r\nAccept: */*\r\n\r\n");

function newFlow(): Flow {
  return {
    kind: below(5),
    user: 0x6440_0000 + 1 + below(SUBSCRIBERS),
    server: 0xc633_6400 + below(40),
    port: 1024 + below(60_000),
    seqUp: next(),
    seqDown: next(),
    sent: 0,
  };
}

/** One packet of a conversation: TLS with its handshake, plain web, DNS, zeros, acknowledgements. */
function inner(f: Flow): void {
  const n = f.sent++;
  const up = n % 2 === 0;
  const tcp = f.kind < 2 || f.kind === 4;
  const end = ipv4(tcp ? 6 : 17, up ? f.user : f.server, up ? f.server : f.user);
  if (!tcp) {
    const [far, body] =
      f.kind === 2
        ? ([53, (): void => (u16(next()), fill(NAMES[below(2)] as Uint8Array))] as const)
        : ([5000, (): void => fill(new Uint8Array(160))] as const);
    udp(up ? (f.kind === 2 ? 1024 + below(60_000) : f.port) : far, up ? far : f.port, body);
    end();
    return;
  }
  const far = f.kind === 0 ? 443 : 80;
  u16(up ? f.port : far);
  u16(up ? far : f.port);
  u32(up ? f.seqUp : f.seqDown);
  u32(up ? f.seqDown : f.seqUp);
  u32(0x5018_01f6);
  u32(0);
  const begin = at;
  if (f.kind === 0) {
    if (n < 2) {
      fill(Uint8Array.of(0x16, 3, 1, 0, 60, up ? 1 : 2, 0, 0, 56, 3, 3));
      noise(54);
    } else {
      const size = 40 + below(700);
      fill(Uint8Array.of(0x17, 3, 3, size >> 8, size & 255));
      noise(size);
    }
  } else if (f.kind === 1) fill(HEAD);
  if (up) f.seqUp = (f.seqUp + at - begin) >>> 0;
  else f.seqDown = (f.seqDown + at - begin) >>> 0;
  end();
}

const mine: Flow[] = Array.from({ length: 6000 }, newFlow);
const theirs: Flow[] = Array.from({ length: 6000 }, newFlow);
function take(flows: Flow[]): Flow {
  const i = below(flows.length);
  const f = flows[i] as Flow;
  if (f.sent > 30) flows[i] = newFlow();
  return f;
}

const folder = mkdtempSync(join(tmpdir(), "tapproof-null-"));
const path = join(folder, "null.pcap");
fd = openSync(path, "w");
fill(Uint8Array.of(0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0));
let streamSeq = next();
let esp = 0;
while (written < packets) {
  const kind = below(100);
  record(() => {
    fill(MACS);
    if (kind < 50) {
      const f = take(mine);
      const up = f.sent % 2 === 0;
      const end = ipv4(17, up ? ENB : SGW, up ? SGW : ENB);
      udp(2152, 2152, () => {
        const head = at;
        u32(0x30ff_0000);
        u32(f.user);
        inner(f);
        view.setUint16(head + 2, at - head - 8);
      });
      end();
    } else if (kind < 85) {
      const end = ipv4(17, SGW, PROBE);
      udp(40_000 + below(1000), 4789, () => {
        u32(0x0800_0000);
        u32(77 << 8);
        fill(MACS);
        inner(take(theirs));
      });
      end();
    } else if (kind < 92) {
      const end = ipv4(17, SGW, PROBE + 1);
      udp(40_001, 9999, () => noise(100 + below(900)));
      end();
    } else if (kind < 96) {
      const end = ipv4(6, SGW, PROBE + 2);
      u16(40_002);
      u16(8443);
      u32(streamSeq);
      u32(1);
      u32(0x5018_01f6);
      u32(0);
      const size = 200 + below(1000);
      noise(size);
      streamSeq = (streamSeq + size) >>> 0;
      end();
    } else {
      const end = ipv4(50, SGW, PROBE + 3);
      u32(0x1234);
      u32(++esp);
      noise([44, 84, 300, 700, 1400][below(5)] as number);
      end();
    }
  });
}
writeSync(fd, buffer, 0, at);
closeSync(fd);

const declaration = parseDeclaration(
  `network: { name: Unrelated, country: FR, plmns: ["00101"] }
functions:
  - { name: enb-1, roles: [eNB], addresses: [10.0.0.1] }
  - { name: sgw-1, roles: [SGW, PGW], addresses: [10.0.1.1] }
subscribers: { addresses: [100.64.0.0/16] }
`,
  "null",
);
const seen: CopyObservation[] = [];
const { document } = await scan({
  paths: [path],
  declaration,
  register: null,
  skipBad: false,
  identities: false,
  opened: () => Promise.resolve((o) => void (o.kind === "copy" && seen.push(o))),
});
rmSync(folder, { recursive: true });

const curve = new Map<number, number>();
let pairs = 0;
let agreed = 0;
let highest = 0;
let windows = 0;
let highestRhythm = Number.NEGATIVE_INFINITY;
for (const o of seen) {
  if (o.rhythm !== undefined) {
    for (const t of o.rhythm.trains) highestRhythm = Math.max(highestRhythm, familyBits(o.rhythm, t));
    continue;
  }
  for (const s of o.subscribers) {
    const { bits } = scoreSubscriber(o, s);
    pairs++;
    agreed += s.flows.reduce((n, f) => n + f.matches, 0);
    windows += s.flows.reduce((n, f) => n + f.windows, 0);
    highest = Math.max(highest, bits);
    curve.set(bits, (curve.get(bits) ?? 0) + 1);
  }
}
console.log(
  JSON.stringify({
    seed,
    packets,
    pairsWithAnyMatch: pairs,
    printsAgreed: agreed,
    windowsAgreed: windows,
    curve: Object.fromEntries([...curve].sort(([a], [b]) => a - b)),
    highest,
    highestRhythmFamilyBits: Number.isFinite(highestRhythm) ? Math.round(highestRhythm * 10) / 10 : null,
    findings: document.findings.map((f) => `${f.claim} ${f.grade} ${f.element.name} > ${f.receiver?.address}`),
  }),
);
