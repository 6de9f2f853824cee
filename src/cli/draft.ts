/**
 * The draft of a declaration. What is declared and on what evidence: functions by what they said in signalling; subscriber pools
 * by what signalling assigned; time, name and log servers by recognised content. Management, content that was not recognised, and
 * whatever a detector objects to is never declared: it stands in comments as unexplained.
 */
import { PrefixTable } from "#declaration/address.ts";
import { explainFlow, type FlowQuestion } from "#declaration/explain.ts";
import { parseDeclaration } from "#declaration/load.ts";
import { Lookup } from "#declaration/lookup.ts";
import type { FindingRecord } from "#findings/document.ts";
import type { FlowObservation } from "#model/observation.ts";
import type { StatementText } from "#model/statement.ts";
import { say } from "#words/say.ts";
import type { Knowledge, KnownElement } from "#model/knowledge.ts";
import { visible } from "./errors.ts";

export interface DraftSource {
  readonly files: readonly string[];
  readonly knowledge: Knowledge;
  readonly flows: readonly FlowObservation[];
  readonly flowsBeyond: number;
}
export interface Objection {
  readonly claim: string;
  readonly grade: string;
  readonly summary: string;
  readonly address: string | null;
}

/** Content that a declared service may be drafted from: none of these manages anything. */
const SERVICES = new Set(["ntp", "dns", "syslog", "ptp", "dhcp", "dhcpv6", "radius"]);
/** PFCP alone does not tell which gateway: both, for a person to narrow. */
const PFCP_ROLES: Readonly<Record<string, readonly string[]>> = { CP: ["SGW-C", "PGW-C"], UP: ["SGW-U", "PGW-U"] };
const ICMP_ECHO = { v4: 8, v4Reply: 0, v6: 128, v6Reply: 129 } as const;
const SHOWN = 200;

interface Service {
  readonly address: string;
  readonly protocols: Set<string>;
  flows: number;
}

export class Draft {
  readonly #source: DraftSource;
  readonly #functions: readonly string[];
  readonly #pools: readonly string[];
  readonly #objections = new Map<string, Objection>();
  #policy: readonly string[] = [];

  constructor(source: DraftSource) {
    this.#source = source;
    this.#functions = functionLines([...source.knowledge.elements()]);
    this.#pools = pools(source.knowledge);
  }

  /** What detectors say: their receivers are never declared. */
  object(objections: readonly Objection[]): void {
    for (const o of objections) this.#objections.set(`${o.claim} ${o.address ?? ""} ${o.summary}`, o);
  }

  /**
   * A null algorithm that the network chose for everybody is how it is set; where others got better it stays a finding (that is
   * what the detector's grade says). Answers the findings that become policy.
   */
  allowUniformNull<F extends Weakness>(findings: readonly F[]): ReadonlySet<F> {
    const uniform = findings.filter((f) => f.claim === "weakened-protection" && f.grade === "indication" && nullAlgorithms(f).length > 0);
    this.#policy = [...new Set(uniform.flatMap(nullAlgorithms))].toSorted();
    for (const [key, o] of this.#objections) if (uniform.some((f) => f.summary === o.summary)) this.#objections.delete(key);
    return new Set(uniform);
  }

  /** Judges management: for the second reading. */
  strictText(): string {
    return this.#declared().join("\n");
  }

  text(): string {
    const lines = this.#declared();
    const unexplained = this.#unexplained();
    return [
      "# Drafted by tapproof learn from traffic. Review every line: a draft says what was seen, not what is permitted.",
      ...this.#source.files.map((f) => `# read: ${visible(f)}`),
      ...(this.#source.flowsBeyond > 0 ? [`# ${this.#source.flowsBeyond} more flows were seen than a draft keeps`] : []),
      "",
      ...lines,
      "",
      "# Who may manage what cannot be learned from traffic. While this line stands, management is neither explained nor a finding;",
      "# list operators and grants, then take it out.",
      "unreviewed: [management]",
      "operators: []",
      "grants: []",
      "",
      ...(unexplained.length === 0
        ? ["# Unexplained: nothing"]
        : ["# Unexplained: seen, and not declared above. Find out what each of these is.", ...unexplained]),
      "",
    ].join("\n");
  }

  counts(): string {
    const functions = this.#functions.filter((l) => l.startsWith("  - ")).length;
    return `${functions} functions, ${this.#services().length} services, ${this.#unexplained().length} unexplained`;
  }

  #declared(): string[] {
    const services = this.#services();
    const plmns = [...this.#source.knowledge.plmns()].toSorted((a, b) => b[1] - a[1]).filter(([p]) => /^\d{5,6}$/.test(p));
    return [
      ...plmns.slice(0, 8).map(([p, n]) => `# PLMN ${p} named by ${n} messages of the network`),
      `network: { name: draft, plmns: [${plmns
        .slice(0, 8)
        .map(([p]) => JSON.stringify(p))
        .join(", ")}] }`,
      "",
      ...(this.#functions.length === 0
        ? ["functions: []"]
        : ["# One line an address: join those of one node, and name its vendor.", "functions:", ...this.#functions]),
      "",
      ...(this.#pools.length === 0
        ? []
        : [
            "# Prefixes around addresses that signalling gave to subscribers.",
            `subscribers: { addresses: [${this.#pools.map((p) => JSON.stringify(p)).join(", ")}] }`,
          ]),
      ...(services.length === 0
        ? ["services: []"]
        : [
            "services:",
            ...services.map(
              (s) =>
                `  - { name: ${[...s.protocols].join("-")}-${slug(s.address)}, addresses: [${JSON.stringify(s.address)}], protocols: [${[...s.protocols].join(", ")}] } # recognised by content in ${s.flows} flows`,
            ),
          ]),
      ...(this.#policy.length === 0
        ? []
        : [
            `# Chosen for every subscriber seen: ${this.#policy.join(", ")}. Is that meant?`,
            `policy: { ${[
              ["ciphering", policy(this.#policy, "E")],
              ["integrity", policy(this.#policy, "I")],
            ]
              .flatMap(([kind, rows]) => (rows === "" ? [] : [`${kind}: { ${rows} }`]))
              .join(", ")} }`,
          ]),
    ];
  }

  /** Peers of elements that speak nothing but harmless, recognised protocols, and that no detector objects to. */
  #services(): readonly Service[] {
    const look = this.#lookup();
    const accused = new Set([...this.#objections.values()].map((o) => o.address));
    const services = new Map<string, Service>();
    const suspect = new Set<string>();
    for (const flow of this.#source.flows) {
      const answer = explainFlow(look, question(flow));
      if (answer.explained) continue;
      const peer = answer.peer.address;
      const spoken = isEcho(flow)
        ? "icmp"
        : flow.application !== undefined && SERVICES.has(flow.application)
          ? flow.application
          : undefined;
      const known = services.get(peer) ?? { address: peer, protocols: new Set<string>(), flows: 0 };
      if (spoken === undefined) suspect.add(peer);
      else {
        known.protocols.add(spoken);
        known.flows++;
        services.set(peer, known);
      }
    }
    return [...services.values()].filter((s) => !suspect.has(s.address) && !accused.has(s.address) && !look.isDeclared(s.address));
  }

  #lookup(withServices = false): Lookup {
    const base = ["network: { name: draft }", this.#functions.length === 0 ? "" : "functions:", ...this.#functions];
    if (this.#pools.length > 0) base.push(`subscribers: { addresses: [${this.#pools.map((p) => JSON.stringify(p)).join(", ")}] }`);
    return new Lookup(parseDeclaration(withServices ? this.strictText() : base.join("\n"), "draft").declaration);
  }

  #unexplained(): string[] {
    const look = this.#lookup(true);
    const seen = new Map<string, number>();
    for (const flow of this.#source.flows) {
      const answer = explainFlow(look, question(flow));
      // two hosts that no signalling showed: what they say to each other, too, is for a person to see
      const aside = answer.explained && answer.kind === "bystander" && !isEcho(flow) && !SERVICES.has(flow.application ?? "");
      if (answer.explained && !aside) continue;
      const what = `${flow.initiator.address} > ${flow.responder.address}${flow.responder.port > 0 ? ` port ${flow.responder.port}` : ""}: ${flow.application ?? (isEcho(flow) ? "icmp echo" : `IP protocol ${flow.protocol}, content not recognised`)}`;
      const why = answer.explained ? "no element that signalling showed takes part" : say(answer.because, "en");
      const key = `${what}; ${why}`;
      if (seen.size < 100_000 || seen.has(key)) seen.set(key, (seen.get(key) ?? 0) + 1);
    }
    const rows = [...seen].map(([text, n]) => `# - ${visible(text)} (${n} flow${n === 1 ? "" : "s"})`);
    const objections = [...this.#objections.values()].map((o) => `# - detector ${o.claim} (${o.grade}): ${visible(o.summary)}`);
    const all = [...objections, ...rows];
    return all.length <= SHOWN ? all : [...all.slice(0, SHOWN), `# - and ${all.length - SHOWN} more`];
  }
}

function functionLines(elements: readonly KnownElement[]): readonly string[] {
  const used = new Set<string>();
  const order = (e: KnownElement): string => [...e.roles.keys()].toSorted().join();
  return elements
    .filter((e) => e.roles.size > 0 && !onlyAsks(e))
    .toSorted((a, b) => order(a).localeCompare(order(b)) || a.address.localeCompare(b.address))
    .flatMap((e) => {
      const roles = [...new Set([...e.roles.keys()].flatMap((r) => (PFCP_ROLES[r] === undefined ? [r] : narrowed(PFCP_ROLES[r], e))))];
      const stem = slug([...e.names][0] ?? "") || `${slug(roles[0] ?? "function")}-${slug(e.address)}`;
      let name = stem;
      for (let i = 2; used.has(name); i++) name = `${stem}-${i}`;
      used.add(name);
      return [
        ...[...e.roles].map(
          ([role, because]) =>
            `  # ${role}: ${visible(because.because)}, ${because.count} times, first in frame ${because.frame}${because.ownWord ? " (its own word: confirm)" : ""}`,
        ),
        `  - { name: ${JSON.stringify(name)}, roles: [${roles.map((r) => JSON.stringify(r)).join(", ")}], addresses: [${JSON.stringify(e.address)}] }`,
      ];
    });
}

/**
 * Whoever asks is a location server, a gateway or an application server by its own word only. Inside private address space
 * (RFC 1918, RFC 6598, RFC 4193) the draft takes that word, for a person to confirm; a public address stays unexplained.
 */
function onlyAsks(e: KnownElement): boolean {
  const byOwnWord = [...e.roles.values()].every((r) => r.ownWord);
  return byOwnWord && PRIVATE.text(e.address).length === 0;
}
const PRIVATE = new PrefixTable(
  ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "fc00::/7", "::1"].map((p) => [p, true] as const),
);

/** What other signalling said of this address is better than what PFCP leaves open. */
function narrowed(open: readonly string[], e: KnownElement): readonly string[] {
  const known = open.filter((r) => e.roles.has(r) || e.roles.has(r.slice(0, 3)));
  return known.length > 0 ? known : open;
}

function slug(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
}

/** /24 and /64 around each address; many neighbours become one /16 or /48. */
function pools(knowledge: Knowledge): readonly string[] {
  const narrow = new Set<string>();
  for (const s of knowledge.subscribers()) {
    for (const a of s.ueAddresses)
      narrow.add(
        a.includes(":") ? `${a.split("::")[0]?.split(":").slice(0, 4).join(":") ?? ""}::/64` : `${a.split(".").slice(0, 3).join(".")}.0/24`,
      );
  }
  if (narrow.size <= 64) return [...narrow].toSorted();
  const wide = new Set(
    [...narrow].map((p) =>
      p.includes(":") ? `${p.split(":").slice(0, 3).join(":")}::/48` : `${p.split(".").slice(0, 2).join(".")}.0.0/16`,
    ),
  );
  return [...wide].toSorted();
}

function policy(names: readonly string[], kind: "E" | "I"): string {
  return names
    .filter((n) => n[1] === kind)
    .map((n) => `${n}: allowed`)
    .join(", ");
}

function isEcho(flow: FlowObservation): boolean {
  const type = flow.icmp?.type;
  if (flow.protocol === 1) return type === ICMP_ECHO.v4 || type === ICMP_ECHO.v4Reply;
  return flow.protocol === 58 && (type === ICMP_ECHO.v6 || type === ICMP_ECHO.v6Reply);
}

function question(flow: FlowObservation): FlowQuestion {
  return {
    initiator: { address: flow.initiator.address, port: flow.initiator.port },
    responder: { address: flow.responder.address, port: flow.responder.port },
    initiatorKnown: flow.beginningSeen,
    protocol: flow.protocol,
    application: flow.application,
    icmp: flow.icmp,
    interface: undefined,
    refused: flow.tcp.refused,
    bothWays: flow.initiator.payloadPackets > 0 && flow.responder.payloadPackets > 0,
    firstMicros: flow.firstMicros,
    lastMicros: flow.lastMicros,
  };
}

type Weakness = Pick<FindingRecord, "claim" | "grade" | "summary" | "values">;

/** Null algorithms among the reasons of a finding on weakened protection: `EEA0`, `EIA0`, … */
function nullAlgorithms({ values }: Weakness): string[] {
  const reasons = values?.["reasons"];
  if (!Array.isArray(reasons)) return [];
  return (reasons as readonly StatementText[]).flatMap((reason) => {
    const algorithm = typeof reason === "string" ? undefined : reason.values["algorithm"];
    return typeof algorithm === "string" ? [algorithm] : [];
  });
}
