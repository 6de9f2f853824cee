/**
 * STIX 2.1 (OASIS Standard, 10 June 2021): a grouping (while the report is a draft) or a report, with an indicator, observed data and
 * infrastructure a finding. Identifiers are UUIDv5: of cyber-observables as §2.9 says, of the rest from what they stand for.
 */
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { FindingRecord } from "#findings/document.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { attributionText } from "#report/statements.ts";
import {
  caseTime,
  caveats,
  CONFIDENCE,
  idOf,
  isIpv4,
  isIpv6,
  millis,
  TECHNIQUES,
  techniqueUrl,
  uuid5,
  type ExportInput,
  type Technique,
} from "./common.ts";

type StixObject = Readonly<Record<string, unknown>> & { readonly type: string; readonly id: string };

/** Namespace of deterministic cyber-observable ids, STIX 2.1 §2.9. */
const SCO_NAMESPACE = "00abedb4-aa42-466c-9c01-fed23315a9b7";
const MOST = 999_999_999;

export function stixBundle(input: ExportInput): StixObject {
  return new Writer(input).bundle();
}

class Writer {
  readonly input: ExportInput;
  readonly objects = new Map<string, StixObject>();
  readonly time: string;
  readonly creator: string;

  constructor(input: ExportInput) {
    this.input = input;
    this.time = caseTime(input.data);
    this.creator = this.domain("identity", ["tapproof"], {
      name: "Tapproof",
      description: `Tapproof ${input.data.document.tool.version}, an instrument that reads captures`,
      identity_class: "system",
    });
  }

  bundle(): StixObject {
    const { data, selection, draft, voice } = this.input;
    const refs = selection.findings.flatMap((f) => this.finding(f));
    const name = `Tapproof: ${data.document.network ?? "a mobile network"}, case ${data.name}`;
    if (refs.length > 0) {
      const shared = {
        name,
        description: `${selection.findings.length} findings. Each note states premises and what the finding does not show.`,
        object_refs: [...new Set(refs)],
      };
      if (draft.isDraft) this.domain("grouping", ["case", data.name, data.meta.created], { ...shared, context: "suspicious-activity" });
      else
        this.domain("report", ["case", data.name, data.meta.created], {
          ...shared,
          report_types: ["observed-data", "indicator"],
          published: this.time,
        });
    }
    if (selection.withheld > 0)
      this.domain("note", ["withheld", data.name, data.meta.created], {
        content: voice.words.report.withheldNote(selection.withheld, refs.length > 0),
        object_refs: [this.creator],
      });
    const objects = [...this.objects.values()];
    return { type: "bundle", id: `bundle--${idOf("bundle", data.name, data.meta.created, canonicalJson(objects))}`, objects };
  }

  private finding(f: FindingRecord): string[] {
    const reference = {
      source_name: "tapproof",
      external_id: f.id,
      description: `${f.claim}, ${f.grade}, ${f.bits} bits, standing ${f.standing}`,
    };
    const from = this.address(f.element.address);
    const to = this.address(f.receiver?.address ?? null);
    const element = this.infrastructure(
      elementName(f),
      f.element.address,
      "element at which the act was observed; this is not attribution",
      "unknown",
    );
    const other =
      f.receiver === null
        ? undefined
        : this.infrastructure(
            receiverName(f),
            f.receiver.address,
            f.receiver.declared ? "declared receiver or party" : "receiver or party that nothing declared explains",
            "unknown",
          );
    const refs = [element, ...(other === undefined ? [] : [other])];
    const vendor = f.element.vendor === null ? undefined : this.vendor(f.element.vendor);
    if (vendor !== undefined)
      refs.push(
        vendor,
        this.relationship(
          element,
          "related-to",
          vendor,
          "declared as this vendor's equipment; does not show that the vendor acted or knew",
        ),
      );

    const observables = [from, to].filter((x) => x !== undefined);
    if (from !== undefined && to !== undefined) observables.push(this.traffic(f, from, to));
    if (f.receiver?.identity !== undefined && /^[a-z0-9.-]+\.[a-z]{2,}$/i.test(f.receiver.identity))
      observables.push(this.observable("domain-name", { value: f.receiver.identity }, { value: f.receiver.identity }));
    const observed =
      observables.length === 0
        ? undefined
        : this.domain("observed-data", ["observed", f.id], {
            first_observed: millis(f.first),
            last_observed: millis(f.last),
            number_observed: Math.min(MOST, Math.max(1, f.packets)),
            object_refs: observables,
            confidence: CONFIDENCE[f.grade],
            external_references: [reference],
          });
    if (observed !== undefined) refs.push(observed, ...observables);
    const techniques = TECHNIQUES[f.claim].map((t) => this.technique(t));
    refs.push(...techniques);
    const pattern = patternOf(f);
    if (pattern !== undefined) {
      const indicator = this.domain("indicator", ["indicator", f.id], {
        name: `${f.claim}: ${elementName(f)} and ${receiverName(f)}`,
        description: `${f.summary} ${attributionText(f, this.input.voice)}`,
        indicator_types: ["anomalous-activity"],
        pattern,
        pattern_type: "stix",
        valid_from: millis(f.first),
        confidence: CONFIDENCE[f.grade],
        external_references: [reference],
      });
      refs.push(indicator, ...techniques.map((t) => this.relationship(indicator, "indicates", t, "the act resembles this technique")));
      if (observed !== undefined) refs.push(this.relationship(indicator, "based-on", observed, undefined));
    }
    if (other !== undefined && f.receiver !== null)
      refs.push(this.relationship(element, "communicates-with", other, `${f.packets} packets, ${f.bytes} octets of subscribers, ${f.act}`));
    refs.push(
      this.domain("note", ["note", f.id], {
        abstract: `Finding ${f.id.slice(0, 12)}: ${f.claim}, ${f.grade}`,
        content: caveats(f, this.input),
        object_refs: [observed ?? element],
        external_references: [reference],
      }),
    );
    return refs;
  }

  private vendor(id: string): string {
    const declared = this.input.data.declaration?.vendors.find((v) => v.id === id);
    return this.domain("identity", ["vendor", id], {
      name: declared?.name ?? id,
      identity_class: "organization",
      description: "vendor, as the declaration names it",
    });
  }

  private infrastructure(name: string, address: string | null, description: string, kind: string): string {
    const sco = this.address(address);
    const id = this.domain("infrastructure", ["infrastructure", name, address], { name, description, infrastructure_types: [kind] });
    if (sco !== undefined) this.relationship(id, "consists-of", sco, undefined);
    return id;
  }

  private technique(t: Technique): string {
    return this.domain("attack-pattern", ["technique", t.id], {
      name: t.name,
      external_references: [
        { source_name: t.domain === "mobile" ? "mitre-mobile-attack" : "mitre-attack", external_id: t.id, url: techniqueUrl(t) },
      ],
    });
  }

  private relationship(source: string, kind: string, target: string, description: string | undefined): string {
    return this.domain("relationship", ["relationship", source, kind, target], {
      relationship_type: kind,
      source_ref: source,
      target_ref: target,
      ...(description === undefined ? {} : { description }),
    });
  }

  private domain(type: string, key: readonly (string | null)[], properties: Readonly<Record<string, unknown>>): string {
    const id = `${type}--${idOf(type, ...key)}`;
    const by = this.creator === undefined ? {} : { created_by_ref: this.creator };
    if (!this.objects.has(id))
      this.objects.set(id, { type, spec_version: "2.1", id, ...by, created: this.time, modified: this.time, ...properties });
    return id;
  }

  private address(address: string | null): string | undefined {
    if (address === null) return undefined;
    if (isIpv4(address)) return this.observable("ipv4-addr", { value: address }, { value: address });
    return isIpv6(address) ? this.observable("ipv6-addr", { value: address }, { value: address }) : undefined;
  }

  private traffic(f: FindingRecord, from: string, to: string): string {
    const inward = f.claim === "unreasoned-query" || f.claim === "ungranted-access";
    const [src_ref, dst_ref] = inward ? [to, from] : [from, to];
    const port = f.receiver?.port ?? null;
    const protocols = [isIpv6(f.element.address ?? "") ? "ipv6" : "ipv4", ...f.transport.layers.map((l) => l.toLowerCase())];
    const ids = {
      start: millis(f.first),
      end: millis(f.last),
      src_ref,
      dst_ref,
      ...(port === null || port <= 0 ? {} : inward ? { src_port: port } : { dst_port: port }),
      protocols,
    };
    return this.observable("network-traffic", ids, { ...ids, is_active: false, src_packets: f.packets });
  }

  private observable(type: string, contributing: Readonly<Record<string, unknown>>, properties: Readonly<Record<string, unknown>>): string {
    const id = `${type}--${uuid5(SCO_NAMESPACE, canonicalJson(contributing))}`;
    if (!this.objects.has(id)) this.objects.set(id, { type, spec_version: "2.1", id, ...properties });
    return id;
  }
}

/** A pattern only where something undeclared has an address or a name: what is declared must not be hunted. */
function patternOf(f: FindingRecord): string | undefined {
  if (f.receiver === null || f.receiver.declared) return undefined;
  const { address, identity } = f.receiver;
  const quote = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  if (address !== null && isIpv4(address)) return `[ipv4-addr:value = ${quote(address)}]`;
  if (address !== null && isIpv6(address)) return `[ipv6-addr:value = ${quote(address)}]`;
  return identity === undefined ? undefined : `[domain-name:value = ${quote(identity)}]`;
}
