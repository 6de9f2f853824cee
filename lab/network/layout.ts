/** A network drawn at random: functions with addresses, services, subscribers' pool, capture files. */
import type { Random } from "#lab/random.ts";
import type { Cell } from "#lab/wire/s1ap.ts";

type Kind = "combined" | "split" | "cups";

/** The wires that taps sit on; several may end in one capture file. */
export type Segment = "s1c" | "s1u" | "s11" | "s6a" | "s5" | "sx" | "x2" | "sgi" | "oam";

export interface NetworkFunction {
  readonly name: string;
  readonly roles: string[];
  readonly vendor: string;
  readonly site: string;
  /** By segment; a declared function lists them all. */
  readonly at: Partial<Record<Segment, string>>;
}

export interface Enb extends NetworkFunction {
  readonly cell: Cell;
}

export interface Layout {
  readonly kind: Kind;
  readonly name: string;
  readonly country: string;
  readonly plmn: string;
  readonly vendors: { id: string; name: string; country: string }[];
  readonly enbs: Enb[];
  readonly mme: NetworkFunction;
  readonly hss: NetworkFunction;
  /** SGW (or the combined gateway, or the CUPS control plane). */
  readonly sgwC: NetworkFunction;
  readonly pgwC: NetworkFunction;
  readonly sgwU: NetworkFunction;
  readonly pgwU: NetworkFunction;
  readonly mmeGroup: number;
  readonly mmeCode: number;
  readonly pool: string;
  /** Subscribers' addresses are of IPv6, in this /48. */
  readonly prefix: string | undefined;
  readonly dns: string;
  readonly ntp: string;
  readonly log: string;
  /** /28 of the operations centre, and two hosts in it. */
  readonly nocRange: string;
  readonly noc: string;
  readonly noc2: string;
  readonly apn: string;
  readonly realm: string;
  readonly files: Record<Segment, string>;
  readonly epoch: number;
  /** Second and third octet of the core's own /16, for scenarios that add functions. */
  readonly core: number;
  readonly services: number[];
}

export interface LayoutOptions {
  readonly kind?: Kind;
  readonly enbs?: number;
  /** A tap of its own for management traffic. */
  readonly oam?: boolean;
  readonly sgi?: boolean;
  /** Each subscriber gets a /64. */
  readonly ipv6?: boolean;
  /** Fixed day, for periods. */
  readonly epoch?: number;
}

const OPERATORS = [
  "Telnova",
  "Meridia Mobile",
  "Corvia Telecom",
  "Norlink",
  "Sudatel",
  "Arcadia Networks",
  "Vantage Mobile",
  "Ostrava Tel",
  "Lumen Radio",
  "Quadrant",
];
const VENDORS = [
  "Aldermoor Networks",
  "Bexley Radio",
  "Carrow Systems",
  "Dunmore Core",
  "Estrel Telecom",
  "Fenwick Packet",
  "Galton Wireless",
  "Haldane Networks",
];
const SITES = ["North", "South", "East", "Quay", "Hill", "Mill", "Station"];
const COUNTRIES: [string, string, number][] = [
  ["FR", "208", 2],
  ["DE", "262", 2],
  ["IT", "222", 2],
  ["ES", "214", 2],
  ["PL", "260", 2],
  ["SE", "240", 2],
  ["US", "310", 3],
  ["CA", "302", 3],
  ["SG", "525", 2],
  ["BR", "724", 2],
];

export function drawLayout(random: Random, o: LayoutOptions = {}): Layout {
  const kind = o.kind ?? random.pick(["combined", "split", "cups"] as const);
  const [country, mcc, mncDigits] = random.pick(COUNTRIES);
  const plmn = mcc + random.digits(mncDigits);
  const core = random.int(10, 240);
  const subnets = random.sample(
    Array.from({ length: 240 }, (_, i) => i + 5),
    10,
  );
  const used = new Set<string>();
  const host = (subnet: number): string => {
    for (;;) {
      const a = `10.${core}.${subnets[subnet]}.${random.int(10, 245)}`;
      if (used.has(a)) continue;
      used.add(a);
      return a;
    }
  };
  const [S1C, S1U, S11, S6A, S5, SX, SGI, OAM] = [0, 1, 2, 3, 4, 5, 6, 7] as const;
  const vendors = random
    .sample(VENDORS, 3)
    .map((name) => ({ id: (name.split(" ")[0] ?? name).toLowerCase(), name, country: random.pick(COUNTRIES)[0] }));
  const make = (name: string, roles: string[], at: Partial<Record<Segment, string>>): NetworkFunction => ({
    name,
    roles,
    at,
    vendor: random.pick(vendors).id,
    site: random.pick(SITES),
  });
  const oam = (): Partial<Record<Segment, string>> => (o.oam === true ? { oam: host(OAM) } : {});
  const tac = random.int(1, 65_000);
  const enbs = Array.from({ length: o.enbs ?? 2 }, (_, i): Enb => {
    const enbId = random.int(1, 0xfffff);
    const s1c = host(S1C);
    const at = { s1c, x2: s1c, s1u: host(S1U), ...oam() };
    return {
      ...make(`enb-${random.hex(3)}${"abcdef"[i]}`, ["eNB"], at),
      cell: { plmn, tac: tac + (random.chance(0.5) ? i : 0), enbId, cell: enbId * 256 + random.int(0, 255) },
    };
  });
  const mme = make("mme-1", ["MME"], { s1c: host(S1C), s11: host(S11), s6a: host(S6A), ...oam() });
  const hss = make("hss-1", ["HSS"], { s6a: host(S6A), ...oam() });
  let sgwC: NetworkFunction;
  let pgwC: NetworkFunction;
  let sgwU: NetworkFunction;
  let pgwU: NetworkFunction;
  if (kind === "combined") {
    sgwC =
      pgwC =
      sgwU =
      pgwU =
        make(random.pick(["spgw-1", "saegw-1", "epgw-1"]), ["SGW", "PGW"], { s11: host(S11), s1u: host(S1U), sgi: host(SGI), ...oam() });
  } else if (kind === "split") {
    sgwC = sgwU = make("sgw-1", ["SGW"], { s11: host(S11), s1u: host(S1U), s5: host(S5), ...oam() });
    pgwC = pgwU = make("pgw-1", ["PGW"], { s5: host(S5), sgi: host(SGI), ...oam() });
  } else {
    sgwC = pgwC = make("saegw-c", ["SGW-C", "PGW-C"], { s11: host(S11), sx: host(SX), ...oam() });
    sgwU = pgwU = make("saegw-u", ["SGW-U", "PGW-U"], { s1u: host(S1U), sx: host(SX), sgi: host(SGI), ...oam() });
  }
  const services = [random.int(60, 250), random.int(0, 255)];
  const service = (low: number, high: number): string => `10.${services.join(".")}.${random.int(low, high)}`;
  const mnc3 = plmn.slice(3).padStart(3, "0");
  const main = random.pick(["core.pcap", "core.pcap", "epc.pcap"]);
  const s1 = random.chance(0.3) ? "s1.pcap" : main;
  const noc = random.int(97, 103);
  return {
    kind,
    country,
    plmn,
    vendors,
    enbs,
    mme,
    hss,
    sgwC,
    pgwC,
    sgwU,
    pgwU,
    core,
    services,
    name: `${random.pick(OPERATORS)}`,
    mmeGroup: 0x8000 | random.int(1, 99),
    mmeCode: random.int(1, 250),
    pool: `100.${random.int(64, 127)}.${random.int(0, 255)}`,
    prefix: o.ipv6 === true ? `2001:db8:${core.toString(16)}` : undefined,
    dns: service(10, 29),
    ntp: service(30, 59),
    log: service(60, 90),
    nocRange: `10.${services.join(".")}.96/28`,
    noc: `10.${services.join(".")}.${noc}`,
    noc2: `10.${services.join(".")}.${noc + 4}`,
    apn: random.pick(["internet", "data.apn", "web.gprs", "mobile.data"]),
    realm: `epc.mnc${mnc3}.mcc${mcc}.3gppnetwork.org`,
    files: {
      s1c: s1,
      s1u: s1,
      x2: s1,
      s11: main,
      s6a: main,
      s5: main,
      sx: main,
      sgi: o.sgi === false ? "" : "sgi.pcap",
      oam: o.oam === true ? "oam.pcap" : main,
    },
    epoch: o.epoch ?? 1_783_000_000 + random.int(0, 9_000_000),
  };
}

/** Everything that bears addresses of the network, once. */
export function functionsOf(l: Layout): NetworkFunction[] {
  return [...new Set<NetworkFunction>([...l.enbs, l.mme, l.hss, l.sgwC, l.pgwC, l.sgwU, l.pgwU])];
}

export function addressesOf(f: NetworkFunction): string[] {
  return [...new Set(Object.values(f.at))];
}

/** The address a function talks to the outside with. */
export function outsideAddress(f: NetworkFunction): string {
  return f.at.oam ?? f.at.sgi ?? f.at.s11 ?? f.at.s6a ?? f.at.s1c ?? f.at.sx ?? f.at.s5 ?? "";
}
