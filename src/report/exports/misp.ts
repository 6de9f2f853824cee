/** A MISP event (MISP core format): attributes and, a finding, a comment with its premises. Nothing is marked for detection that is declared. */
import type { FindingRecord } from "#findings/document.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { caseTime, caveats, idOf, isIpv4, isIpv6, TECHNIQUES, type ExportInput } from "./common.ts";

type Json = Readonly<Record<string, unknown>>;

export function mispEvent(input: ExportInput): Json {
  const { data, selection, draft, voice } = input;
  const { withheld } = selection;
  const time = caseTime(data);
  const strongest = selection.findings[0]?.grade;
  return {
    Event: {
      uuid: idOf("misp", data.name, data.meta.created),
      info: `Tapproof: ${data.document.network ?? "a mobile network"}, case ${data.name}${draft.isDraft ? " (draft)" : ""}${withheld > 0 ? ` (${voice.words.report.withheldNote(withheld, selection.findings.length > 0)})` : ""}`,
      date: time.slice(0, 10),
      timestamp: seconds(time),
      // 1 high, 2 medium, 3 low, 4 undefined: by the strongest evidence; harm is for people to judge
      threat_level_id: strongest === "proven" ? "1" : strongest === "corroborated" ? "2" : strongest === "indication" ? "3" : "4",
      // 0 initial, 2 complete
      analysis: draft.isDraft ? "0" : "2",
      // 0: this organisation only; whoever imports it decides on more
      distribution: "0",
      published: false,
      Tag: [
        { name: "tlp:red", colour: "#cc0033" },
        { name: 'workflow:state="draft"', colour: "#0088cc" },
        ...[
          ...new Set(
            selection.findings.flatMap((f) => TECHNIQUES[f.claim].map((t) => `misp-galaxy:mitre-attack-pattern="${t.name} - ${t.id}"`)),
          ),
        ].map((name) => ({ name, colour: "#064d00" })),
      ].filter((t) => draft.isDraft || !t.name.startsWith("workflow:")),
      Attribute: selection.findings.flatMap((f) => attributes(f, input)),
    },
  };
}

function attributes(f: FindingRecord, input: ExportInput): Json[] {
  const timestamp = seconds(caseTime(input.data));
  const make = (type: string, category: string, value: string, to_ids: boolean, comment: string): Json => ({
    uuid: idOf("misp-attribute", f.id, type, value),
    type,
    category,
    value,
    to_ids,
    comment,
    distribution: "0",
    timestamp,
    disable_correlation: false,
  });
  const about = `${f.claim}, ${f.grade}; seen ${f.first.slice(0, 19)}Z to ${f.last.slice(0, 19)}Z; finding ${f.id.slice(0, 12)}`;
  const out: Json[] = [];
  const { address, port, declared, identity } = f.receiver ?? { address: null, port: null, declared: true, identity: undefined };
  if (address !== null && (isIpv4(address) || isIpv6(address))) {
    const with_ = port !== null && port > 0;
    out.push(
      make(
        with_ ? "ip-dst|port" : "ip-dst",
        "Network activity",
        with_ ? `${address}|${port}` : address,
        !declared,
        `${declared ? "declared" : "undeclared"} receiver or party: ${about}`,
      ),
    );
  }
  if (identity !== undefined) out.push(make("text", "Other", identity, false, `identity of the asker: ${about}`));
  out.push(
    make(
      "text",
      "Internal reference",
      `element: ${elementName(f)}${f.element.address === null ? "" : ` (${f.element.address})`}`,
      false,
      `where the act was observed, not who is responsible: ${about}`,
    ),
  );
  out.push(
    make("comment", "Internal reference", caveats(f, input), false, `${about}${receiverName(f) === "" ? "" : `; to ${receiverName(f)}`}`),
  );
  for (const e of f.evidence)
    out.push(make("sha256", "Payload delivery", e.capture, false, `capture with ${e.framesTotal} frames of evidence: ${about}`));
  return out;
}

function seconds(rfc3339: string): string {
  return String(Math.floor(Date.parse(rfc3339) / 1000));
}
