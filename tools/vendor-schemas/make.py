"""Makes schemas/vendor from published packages: pip install stix2-validator pymisp case-utils ocsf-json-schema.

Each of these carries the schemas of its standard; schemas/vendor/README.md says which version and licence.
"""

import importlib.metadata
import importlib.util
import json
import pathlib

import rdflib
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

TARGET = pathlib.Path(__file__).resolve().parents[2] / "schemas" / "vendor"
OCSF = "1.8.0"
CASE = "1.4.0"
CLASSES = [  # what our export writes; their superclasses come along
    "uco-core/Bundle", "uco-core/Assertion", "uco-core/ExternalReference", "uco-core/Relationship", "uco-core/UcoObject",
    "uco-identity/Organization", "uco-tool/Tool", "uco-types/Hash", "uco-observable/ObservableObject", "uco-observable/FileFacet",
    "uco-observable/ContentDataFacet", "uco-observable/IPv4AddressFacet", "uco-observable/IPv6AddressFacet", "uco-observable/NetworkConnectionFacet",
    "uco-observable/IPv4Address", "uco-observable/IPv6Address", "uco-observable/File", "uco-observable/NetworkConnection",
    "case-investigation/Investigation", "case-investigation/InvestigativeAction", "case-investigation/ProvenanceRecord",
]


def package(name: str) -> pathlib.Path:
    return pathlib.Path(importlib.util.find_spec(name).origin).parent


def write(path: str, value: object) -> None:
    target = TARGET / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def stix() -> None:
    source = package("stix2validator") / "schemas-2.1" / "schemas"
    names = [str(p.relative_to(source).with_suffix("")) for p in sorted(source.rglob("*.json"))]
    for name in names:
        write(f"stix-2.1/{name}.json", json.loads((source / f"{name}.json").read_text()))


def ocsf() -> None:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=OCSF))
    write(f"ocsf-{OCSF}-detection_finding.json", schema.get_class_schema("detection_finding", profiles=[]))


def misp() -> None:
    write("misp-event.json", json.loads((package("pymisp") / "data" / "schema.json").read_text()))
    types = json.loads((package("pymisp") / "data" / "describeTypes.json").read_text())["result"]
    write("misp-types.json", {"types": types["types"], "categories": types["categories"], "category_type_mappings": types["category_type_mappings"]})


def case() -> None:
    graph = rdflib.Graph().parse(package("case_utils") / "ontology" / f"case-{CASE}.ttl", format="turtle")
    sh = rdflib.Namespace("http://www.w3.org/ns/shacl#")
    classes: dict[str, object] = {}

    def add(iri: rdflib.URIRef) -> None:
        if str(iri) in classes:
            return
        supers = sorted(str(s) for s in graph.objects(iri, rdflib.RDFS.subClassOf) if isinstance(s, rdflib.URIRef))
        properties: dict[str, object] = {}
        for shape in graph.objects(iri, sh.property):
            path = graph.value(shape, sh.path)
            if not isinstance(path, rdflib.URIRef):
                continue
            one = properties.setdefault(str(path), {})
            for key in ("datatype", "class", "nodeKind", "minCount", "maxCount"):
                value = graph.value(shape, sh[key])
                if value is not None:
                    one[key] = value.toPython() if key.endswith("Count") else str(value)
        classes[str(iri)] = {"subClassOf": supers, "properties": properties}
        for s in supers:
            if "ontology" in s:
                add(rdflib.URIRef(s))

    roots = {"uco-": "https://ontology.unifiedcyberontology.org/uco/", "case-": "https://ontology.caseontology.org/case/"}
    for name in CLASSES:
        prefix = "uco-" if name.startswith("uco-") else "case-"
        iri = rdflib.URIRef(roots[prefix] + name.removeprefix(prefix))
        if (iri, rdflib.RDF.type, rdflib.OWL.Class) not in graph:
            raise SystemExit(f"{iri} is no class of CASE {CASE}")
        add(iri)
    write(f"case-{CASE}-shapes.json", {"version": CASE, "classes": classes})


stix()
ocsf()
misp()
case()
for name in ("stix2-validator", "pymisp", "case-utils", "ocsf-json-schema"):
    print(name, importlib.metadata.version(name))
