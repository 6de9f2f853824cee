/** CASE 1.4 / UCO as JSON-LD: an investigation, the examination as an action, captures with their hashes, connections, and findings as assertions. */
import type { FindingRecord } from "#findings/document.ts";
import { elementName, receiverName } from "#report/selection.ts";
import { caveats, idOf, isIpv4, isIpv6, millis, TECHNIQUES, techniqueUrl, type ExportInput } from "./common.ts";

type Json = Readonly<Record<string, unknown>>;

const CONTEXT = {
  kb: "urn:tapproof:kb:",
  "case-investigation": "https://ontology.caseontology.org/case/investigation/",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  "uco-action": "https://ontology.unifiedcyberontology.org/uco/action/",
  "uco-core": "https://ontology.unifiedcyberontology.org/uco/core/",
  "uco-identity": "https://ontology.unifiedcyberontology.org/uco/identity/",
  "uco-observable": "https://ontology.unifiedcyberontology.org/uco/observable/",
  "uco-tool": "https://ontology.unifiedcyberontology.org/uco/tool/",
  "uco-types": "https://ontology.unifiedcyberontology.org/uco/types/",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

export function caseGraph(input: ExportInput): Json {
  const { data, selection, draft } = input;
  const graph = new Map<string, Json>();
  const add = (
    kind: string,
    key: readonly (string | number | null)[],
    type: string | readonly string[],
    properties: Json,
  ): { "@id": string } => {
    const id = `kb:${kind}-${idOf("case", kind, ...key)}`;
    if (!graph.has(id)) graph.set(id, { "@id": id, "@type": type, ...properties });
    return { "@id": id };
  };
  const time = (rfc3339: string): Json => ({ "@type": "xsd:dateTime", "@value": millis(rfc3339) });
  const integer = (n: number): Json => ({ "@type": "xsd:integer", "@value": String(n) });

  const tool = add("tool", ["tapproof"], "uco-tool:Tool", {
    "uco-core:name": "Tapproof",
    "uco-tool:version": data.document.tool.version,
    "uco-tool:toolType": "analysis of captures",
  });
  const captures = new Map(
    data.document.captures.map((c) => [
      c.sha256,
      add("file", [c.sha256], "uco-observable:File", {
        "uco-core:hasFacet": [
          facet("FileFacet", ["file", c.sha256], { "uco-observable:fileName": c.file }),
          facet("ContentDataFacet", ["content", c.sha256], {
            "uco-observable:hash": {
              "@id": `kb:hash-${idOf("case", "hash", c.sha256)}`,
              "@type": "uco-types:Hash",
              "uco-types:hashMethod": "SHA256",
              "uco-types:hashValue": { "@type": "xsd:hexBinary", "@value": c.sha256.toUpperCase() },
            },
          }),
        ],
      }),
    ]),
  );
  const address = (value: string | null): { "@id": string } | undefined => {
    if (value === null || (!isIpv4(value) && !isIpv6(value))) return undefined;
    const kind = isIpv6(value) ? "IPv6Address" : "IPv4Address";
    return add("address", [value], `uco-observable:${kind}`, {
      "uco-core:hasFacet": [facet(`${kind}Facet`, ["address", value], { "uco-observable:addressValue": value })],
    });
  };
  const assertions = selection.findings.map((f) => {
    const [from, to] = [address(f.element.address), address(f.receiver?.address ?? null)];
    const connection =
      from === undefined || to === undefined
        ? undefined
        : add("connection", [f.id], "uco-observable:NetworkConnection", {
            "uco-core:hasFacet": [
              facet("NetworkConnectionFacet", ["connection", f.id], {
                "uco-observable:src": inward(f) ? to : from,
                "uco-observable:dst": inward(f) ? from : to,
                "uco-observable:startTime": time(f.first),
                "uco-observable:endTime": time(f.last),
                ...((f.receiver?.port ?? 0) <= 0
                  ? {}
                  : { [inward(f) ? "uco-observable:sourcePort" : "uco-observable:destinationPort"]: integer(f.receiver?.port ?? 0) }),
              }),
            ],
          });
    const assertion = add("finding", [f.id], "uco-core:Assertion", {
      "uco-core:name": `${f.claim}, ${f.grade}: ${elementName(f)}${receiverName(f) === "" ? "" : ` -> ${receiverName(f)}`}`,
      "uco-core:statement": caveats(f, input),
      "uco-core:externalReference": [
        reference("tapproof", ["finding", f.id], f.id, undefined),
        ...TECHNIQUES[f.claim].map((t) => reference("MITRE ATT&CK", ["technique", f.id, t.id], t.id, techniqueUrl(t))),
      ],
    });
    return { assertion, connection };
  });
  const products = assertions.flatMap(({ assertion, connection }) => (connection === undefined ? [assertion] : [assertion, connection]));
  const provenance = add("provenance", [data.name, data.meta.created], "case-investigation:ProvenanceRecord", {
    "uco-core:name": "Captures as handed over, and what was found in them",
    "uco-core:object": [...captures.values(), ...products],
  });
  const actions = data.meta.runs.map((run, i) =>
    add("action", [data.name, data.meta.created, i], "case-investigation:InvestigativeAction", {
      "uco-core:name": `Examination ${i + 1}: ${run.captures.length} captures read`,
      "uco-action:endTime": time(run.at),
      "uco-action:instrument": tool,
      ...(captures.size === 0 ? {} : { "uco-action:object": [...captures.values()] }),
      "uco-action:result": provenance,
    }),
  );
  const investigation = add("investigation", [data.name, data.meta.created], "case-investigation:Investigation", {
    "uco-core:name": `${data.document.network ?? "a mobile network"}, case ${data.name}`,
    ...(data.meta.basis === null ? {} : { "case-investigation:focus": data.meta.basis }),
    "uco-core:description": `${selection.findings.length} findings${selection.withheld > 0 ? `, ${selection.withheld} withheld` : ""}${draft.isDraft ? "; draft: the reply period of a vendor named here has not ended" : ""}.`,
    "uco-core:object": [...actions, provenance, tool],
  });
  return {
    "@context": CONTEXT,
    "@graph": [
      {
        "@id": `kb:bundle-${idOf("case", "bundle", data.name, data.meta.created)}`,
        "@type": "uco-core:Bundle",
        "uco-core:object": [investigation, ...[...graph.keys()].filter((id) => id !== investigation["@id"]).map((id) => ({ "@id": id }))],
      },
      ...graph.values(),
    ],
  };
}

function inward(f: FindingRecord): boolean {
  return f.claim === "unreasoned-query" || f.claim === "ungranted-access";
}

function facet(type: string, key: readonly string[], properties: Json): Json {
  return { "@id": `kb:facet-${idOf("case", "facet", type, ...key)}`, "@type": `uco-observable:${type}`, ...properties };
}

function reference(context: string, key: readonly string[], id: string, url: string | undefined): Json {
  return {
    "@id": `kb:reference-${idOf("case", "reference", ...key)}`,
    "@type": "uco-core:ExternalReference",
    "uco-core:definingContext": context,
    "uco-core:externalIdentifier": id,
    ...(url === undefined ? {} : { "uco-core:referenceURL": { "@type": "xsd:anyURI", "@value": url } }),
  };
}
