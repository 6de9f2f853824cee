/** Whose data, which kind, how much, to whom, where, since when: over one case or all. */
import { codeOf, english } from "#findings/said.ts";
import { state, type Statement } from "#model/statement.ts";
import { GRADES, type Grade } from "#model/finding.ts";
import type { Exposure } from "#serve/api/types.ts";
import { DATA_KINDS, type FindingIndex } from "#serve/cases/finding-index.ts";
import type { OpenCase } from "#serve/cases/open-case.ts";
import { limits } from "#serve/limits.ts";
import { readCase } from "#store/query.ts";

const SLICES = 60;

interface Sum {
  findings: number;
  packets: number;
  bytes: number;
  subscribers: number;
  first: string;
  last: string;
  data: number;
}

type Found = ReturnType<FindingIndex["each"]> extends Generator<infer T> ? T : never;

export async function exposureOf(cases: readonly OpenCase[], index: FindingIndex, cleared: boolean): Promise<Exposure> {
  const receivers = new Map<string, Sum & { grade: Grade; of: Found; networks: Set<string>; elements: Set<string> }>();
  const networks = new Map<string, Sum & { network: string; caseId: string }>();
  const byId = new Map(cases.map((c) => [c.id, c]));
  const spans: { from: number; to: number; bytes: number }[] = [];
  let findings = 0;
  let bytes = 0;
  let packets = 0;
  for (const f of index.each(cleared)) {
    // an act that showed nobody's data to anybody is no exposure
    if (f.data === 0) continue;
    findings++;
    bytes += f.bytes;
    packets += f.packets;
    spans.push({ from: Date.parse(f.first), to: Date.parse(f.last), bytes: f.bytes });
    const network = f.network ?? byId.get(f.caseId)?.name ?? "";
    const inNetwork = networks.get(`${f.caseId}`) ?? { ...EMPTY, network, caseId: f.caseId };
    add(inNetwork, f);
    networks.set(f.caseId, inNetwork);
    if (f.receiver === null) continue;
    const known = receivers.get(f.receiver) ?? {
      ...EMPTY,
      grade: f.grade,
      of: f,
      networks: new Set<string>(),
      elements: new Set<string>(),
    };
    add(known, f);
    if (GRADES.indexOf(f.grade) > GRADES.indexOf(known.grade)) known.grade = f.grade;
    known.networks.add(network);
    if (f.element !== null) known.elements.add(f.element);
    receivers.set(f.receiver, known);
  }
  const rows = [...receivers].map(([key, r]) => {
    const where = placeOf(byId.get(r.of.caseId), r.of.receiverAddress);
    return {
      ...shown(r),
      key,
      name: r.of.receiver === r.of.receiverAddress ? null : r.of.receiver,
      address: r.of.receiverAddress,
      identity: r.of.receiverAddress === null ? r.of.receiver : null,
      declared: where.declared,
      country: where.country,
      because: english(where.because),
      ...codeOf(where.because),
      grade: r.grade,
      networks: [...r.networks].sort(),
      elements: [...r.elements].sort().slice(0, 50),
    };
  });
  rows.sort((a, b) => b.bytes - a.bytes || b.findings - a.findings || (a.key < b.key ? -1 : 1));
  const people = await subscribersOf(cases, index, cleared);
  const home = (caseId: string): string | null => byId.get(caseId)?.lookup?.declaration.network.country ?? null;
  const countries = new Map<string, { row: Exposure["countries"][number]; receivers: Set<string> }>();
  for (const r of rows) {
    const known = countries.get(r.country ?? "") ?? {
      row: { country: r.country, receivers: 0, findings: 0, packets: 0, bytes: 0, subscribers: 0, first: r.first, last: r.last, data: [] },
      receivers: new Set<string>(),
    };
    const { row } = known;
    row.findings += r.findings;
    row.packets += r.packets;
    row.bytes += r.bytes;
    row.subscribers = Math.max(row.subscribers, r.subscribers);
    row.first = row.first < r.first ? row.first : r.first;
    row.last = row.last > r.last ? row.last : r.last;
    row.data = DATA_KINDS.filter((kind) => row.data.includes(kind) || r.data.includes(kind));
    known.receivers.add(r.key);
    row.receivers = known.receivers.size;
    countries.set(r.country ?? "", known);
  }
  return {
    totals: { subscribers: people.total, receivers: rows.length, packets, bytes, findings, networks: networks.size },
    receivers: rows.slice(0, limits.listedSubscribers),
    subscribers: people.rows,
    subscribersTotal: people.total,
    networks: [...networks.values()].map((n) => ({ ...shown(n), network: n.network, case: n.caseId, country: home(n.caseId) })),
    countries: [...countries.values()].map((c) => c.row).sort((a, b) => b.bytes - a.bytes),
    arcs: rows.slice(0, 500).map((r) => ({
      from: home(receivers.get(r.key)?.of.caseId ?? ""),
      to: r.country,
      receiver: r.key,
      bytes: r.bytes,
      findings: r.findings,
      grade: r.grade,
    })),
    overTime: overTime(spans),
  };
}

const EMPTY: Sum = { findings: 0, packets: 0, bytes: 0, subscribers: 0, first: "", last: "", data: 0 };

function add(sum: Sum, f: Found): void {
  sum.findings++;
  sum.packets += f.packets;
  sum.bytes += f.bytes;
  // how far two findings are about the same people is not known here: the largest is the least there are
  sum.subscribers = Math.max(sum.subscribers, f.subscribers);
  sum.first = sum.first === "" || f.first < sum.first ? f.first : sum.first;
  sum.last = f.last > sum.last ? f.last : sum.last;
  sum.data |= f.data;
}

function shown(s: Sum): Pick<Exposure["networks"][number], "findings" | "packets" | "bytes" | "subscribers" | "first" | "last" | "data"> {
  return {
    findings: s.findings,
    packets: s.packets,
    bytes: s.bytes,
    subscribers: s.subscribers,
    first: s.first,
    last: s.last,
    data: DATA_KINDS.filter((_, k) => ((s.data >> k) & 1) === 1),
  };
}

/** As far as the declaration knows it; an address alone says nothing of a country. */
function placeOf(
  of: OpenCase | undefined,
  address: string | null,
): { readonly country: string | null; readonly because: Statement; readonly declared: boolean } {
  const lookup = of?.lookup ?? null;
  if (lookup === null || address === null)
    return { country: null, because: state(lookup === null ? "declaration.none" : "receiver.identity-only"), declared: false };
  const f = lookup.functionAt(address);
  if (f !== undefined)
    return {
      country: lookup.declaration.network.country,
      because: state("receiver.in-network", { entry: `functions/${f.name}` }),
      declared: true,
    };
  const declared = lookup.isDeclared(address);
  const partner = lookup.partnerAt(address);
  const partners = partner === undefined ? null : countryOfPlmn(partner.plmns[0]);
  const place = partners === null ? lookup.placeAt(address) : undefined;
  if (place !== undefined)
    return {
      country: place.country,
      because: state("receiver.by-table", { prefix: place.prefix, operator: place.operator ?? place.country ?? "?" }),
      declared,
    };
  if (partner !== undefined) {
    return {
      country: partners,
      because: state(partners === null ? "receiver.no-plmn" : "receiver.by-plmn", { entry: `partners/${partner.name}` }),
      declared: true,
    };
  }
  if (declared) return { country: null, because: state("receiver.no-country"), declared: true };
  return { country: null, because: state("receiver.unknown"), declared: false };
}

/** Mobile country codes (ITU-T E.212) of the countries in which partners are met most; others stay unknown, never guessed. */
const MCC: Readonly<Record<string, string>> = {
  "202": "GR",
  "204": "NL",
  "206": "BE",
  "208": "FR",
  "212": "MC",
  "213": "AD",
  "214": "ES",
  "216": "HU",
  "218": "BA",
  "219": "HR",
  "220": "RS",
  "222": "IT",
  "226": "RO",
  "228": "CH",
  "230": "CZ",
  "231": "SK",
  "232": "AT",
  "234": "GB",
  "235": "GB",
  "238": "DK",
  "240": "SE",
  "242": "NO",
  "244": "FI",
  "246": "LT",
  "247": "LV",
  "248": "EE",
  "250": "RU",
  "255": "UA",
  "257": "BY",
  "259": "MD",
  "260": "PL",
  "262": "DE",
  "266": "GI",
  "268": "PT",
  "270": "LU",
  "272": "IE",
  "274": "IS",
  "276": "AL",
  "278": "MT",
  "280": "CY",
  "282": "GE",
  "283": "AM",
  "284": "BG",
  "286": "TR",
  "293": "SI",
  "294": "MK",
  "295": "LI",
  "297": "ME",
  "302": "CA",
  "310": "US",
  "311": "US",
  "312": "US",
  "313": "US",
  "334": "MX",
  "400": "AZ",
  "401": "KZ",
  "404": "IN",
  "405": "IN",
  "410": "PK",
  "413": "LK",
  "415": "LB",
  "416": "JO",
  "418": "IQ",
  "419": "KW",
  "420": "SA",
  "422": "OM",
  "424": "AE",
  "425": "IL",
  "426": "BH",
  "427": "QA",
  "432": "IR",
  "440": "JP",
  "441": "JP",
  "450": "KR",
  "452": "VN",
  "454": "HK",
  "455": "MO",
  "456": "KH",
  "460": "CN",
  "461": "CN",
  "466": "TW",
  "502": "MY",
  "505": "AU",
  "510": "ID",
  "515": "PH",
  "520": "TH",
  "525": "SG",
  "530": "NZ",
  "602": "EG",
  "603": "DZ",
  "604": "MA",
  "605": "TN",
  "621": "NG",
  "639": "KE",
  "655": "ZA",
  "716": "PE",
  "722": "AR",
  "724": "BR",
  "730": "CL",
  "732": "CO",
};

function countryOfPlmn(plmn: string | undefined): string | null {
  return plmn === undefined ? null : (MCC[plmn.slice(0, 3)] ?? null);
}

/** Whose data left; how much of each, as far as findings tell it apart. */
async function subscribersOf(
  cases: readonly OpenCase[],
  index: FindingIndex,
  cleared: boolean,
): Promise<{ readonly rows: Exposure["subscribers"]; readonly total: number }> {
  const people = index.people(cleared, limits.listedSubscribers);
  const amounts = new Map<string, { packets: number; bytes: number }>();
  for (const c of cases) {
    if (!c.folder.has("database") || c.busy) continue;
    try {
      const { rows } = await readCase(c.folder.file("database"), (ask) =>
        ask(
          `SELECT e.subscriber, sum(e.packets)::DOUBLE, sum(e.bytes)::DOUBLE FROM exposed e JOIN findings f ON f.id = e.finding AND f.run = e.run
           WHERE ? OR f.claim <> 'unwarranted-interception' GROUP BY e.subscriber`,
          [cleared],
          limits.tableRows,
        ),
      );
      for (const [pseudonym, packets, bytes] of rows) amounts.set(String(pseudonym), { packets: Number(packets), bytes: Number(bytes) });
    } catch {
      // an older case without this table: what findings say in all stands beside
    }
  }
  const rows = people.rows.map((p) => ({
    ...p,
    data: [...p.data],
    packets: amounts.get(p.pseudonym)?.packets ?? null,
    bytes: amounts.get(p.pseudonym)?.bytes ?? null,
  }));
  rows.sort((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || b.findings - a.findings);
  return { rows, total: people.total };
}

/** Octets per slice, each finding's spread evenly over its period. */
function overTime(spans: readonly { readonly from: number; readonly to: number; readonly bytes: number }[]): Exposure["overTime"] {
  if (spans.length === 0) return { from: null, to: null, sliceSeconds: 0, slices: [], basis: "spread" };
  const from = spans.reduce((m, s) => Math.min(m, s.from), Infinity);
  const to = Math.max(
    from + 1000,
    spans.reduce((m, s) => Math.max(m, s.to), -Infinity),
  );
  const width = (to - from) / SLICES;
  const bytes = new Float64Array(SLICES);
  const findings = new Uint32Array(SLICES);
  for (const s of spans) {
    const begin = Math.min(SLICES - 1, Math.floor((s.from - from) / width));
    const end = Math.min(SLICES - 1, Math.floor((s.to - from) / width));
    for (let k = begin; k <= end; k++) {
      bytes[k] = (bytes[k] as number) + s.bytes / (end - begin + 1);
      findings[k] = (findings[k] as number) + 1;
    }
  }
  return {
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    sliceSeconds: width / 1000,
    slices: Array.from({ length: SLICES }, (_, k) => ({
      from: new Date(from + k * width).toISOString(),
      bytes: Math.round(bytes[k] as number),
      findings: findings[k] as number,
    })),
    basis: "spread",
  };
}
