/** OCSF 1.8.0, Detection Finding (class 2004): one event a finding. */
import type { FindingRecord } from "#findings/document.ts";
import type { Grade } from "#model/finding.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { caseTime, caveats, CONFIDENCE, idOf, isIpv4, isIpv6, TECHNIQUES, techniqueUrl, type ExportInput } from "./common.ts";

type Json = Readonly<Record<string, unknown>>;

export const OCSF_VERSION = "1.8.0";
const CLASS = 2004;
/** `severity_id`: 2 low, 3 medium, 4 high; by the strength of the evidence, since harm is for people to judge. */
const SEVERITY: Readonly<Record<Grade, readonly [number, string]>> = {
  indication: [2, "Low"],
  corroborated: [3, "Medium"],
  proven: [4, "High"],
};
const CONFIDENCE_ID: Readonly<Record<Grade, readonly [number, string]>> = {
  indication: [1, "Low"],
  corroborated: [2, "Medium"],
  proven: [3, "High"],
};

export function ocsfFindings(input: ExportInput): Json[] {
  return input.selection.findings.map((f) => event(f, input));
}

function event(f: FindingRecord, input: ExportInput): Json {
  const { data } = input;
  const [severity_id, severity] = SEVERITY[f.grade];
  const [confidence_id, confidence] = CONFIDENCE_ID[f.grade];
  const vendor = data.declaration?.vendors.find((v) => v.id === f.element.vendor)?.name ?? f.element.vendor;
  return {
    activity_id: 1,
    activity_name: "Create",
    category_uid: 2,
    category_name: "Findings",
    class_uid: CLASS,
    class_name: "Detection Finding",
    type_uid: CLASS * 100 + 1,
    type_name: "Detection Finding: Create",
    time: Date.parse(caseTime(data)),
    start_time: epoch(f.first),
    end_time: epoch(f.last),
    count: Math.min(Math.max(1, f.packets), 2 ** 31 - 1),
    severity_id,
    severity,
    confidence_id,
    confidence,
    confidence_score: CONFIDENCE[f.grade],
    status_id: 1,
    status: "New",
    message: caveats(f, input),
    metadata: {
      version: OCSF_VERSION,
      uid: idOf("ocsf", f.id),
      product: { name: "Tapproof", vendor_name: "Tapproof", version: data.document.tool.version, lang: "en" },
      labels: [`standing:${f.standing}`, ...(input.draft.isDraft ? ["draft"] : [])],
    },
    finding_info: {
      uid: f.id,
      title: `${input.voice.words.claims[f.claim].name}: ${elementName(f)}${receiverName(f) === "" ? "" : ` → ${receiverName(f)}`}`,
      desc: f.summary,
      types: [f.claim],
      created_time: Date.parse(caseTime(data)),
      first_seen_time: epoch(f.first),
      last_seen_time: epoch(f.last),
      data_sources: data.document.captures.filter((c) => f.evidence.some((e) => e.capture === c.sha256)).map((c) => c.file),
      analytic: { type_id: 1, type: "Rule", name: f.claim, version: data.document.tool.version },
      attacks: TECHNIQUES[f.claim].map((t) => {
        const [base, sub] = t.id.split(".");
        const src = { src_url: techniqueUrl(t) };
        return {
          tactic: { uid: t.tacticId, name: t.tactic },
          technique: sub === undefined ? { uid: base, name: t.name, ...src } : { uid: base, name: "Automated Exfiltration" },
          ...(sub === undefined ? {} : { sub_technique: { uid: t.id, name: t.name, ...src } }),
        };
      }),
    },
    evidences: [
      {
        src_endpoint: endpoint(elementName(f), f.element.address, null),
        ...(f.receiver === null ? {} : { dst_endpoint: endpoint(receiverName(f), f.receiver.address, f.receiver.port) }),
        data: {
          finding: f.id,
          act: f.act,
          layers: f.transport.layers,
          bits: f.bits,
          packets: f.packets,
          octets: f.bytes,
          frames: f.evidence.map((e) => ({ capture: e.capture, framesTotal: e.framesTotal, first: e.frames.slice(0, 100) })),
        },
      },
    ],
    observables: observables(f),
    resources: [{ name: elementName(f), type: "network function", ...(vendor === null ? {} : { labels: [`vendor:${vendor}`] }) }],
    unmapped: { network: data.document.network ?? "", premises: f.premises, ruledOut: f.ruledOut, subscribers: f.subscribers.count },
  };
}

function endpoint(name: string, address: string | null, port: number | null): Json {
  return {
    name,
    ...(address !== null && (isIpv4(address) || isIpv6(address)) ? { ip: address } : {}),
    ...(port !== null && port > 0 ? { port } : {}),
  };
}

function observables(f: FindingRecord): Json[] {
  const ips = [
    ["evidences[0].src_endpoint.ip", f.element.address],
    ["evidences[0].dst_endpoint.ip", f.receiver?.address ?? null],
  ] as const;
  return ips.flatMap(([name, value]) =>
    value !== null && (isIpv4(value) || isIpv6(value)) ? [{ name, type_id: 2, type: "IP Address", value }] : [],
  );
}

function epoch(rfc3339: string): number {
  return Date.parse(rfc3339.replace(/(\.\d{3})\d+/, "$1"));
}
