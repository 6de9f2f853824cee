/**
 * A scenario while it is being played: network, traffic, what is declared and what is true. `finish` gives the files
 * of a case folder: captures, `network.yaml`, `warrants.*`, `truth.json` (formats of the contract, §3 and §5).
 */
import { type Act, type Claim, CLAIMS, type Grade } from "#model/finding.ts";
import { Random } from "#lab/random.ts";
import { actOf } from "./acts.ts";
import { Cables } from "./network/cables.ts";
import { Core } from "./network/core.ts";
import { addressesOf, drawLayout, functionsOf, type Layout, type LayoutOptions, type NetworkFunction } from "./network/layout.ts";
import { Recorder } from "./network/recorder.ts";
import type { Subscriber } from "./network/subscriber.ts";
import { Traffic } from "./network/traffic.ts";
import { UserPlane } from "./network/user-plane.ts";
import { keepalives, services } from "./network/background.ts";

export interface Expectation {
  readonly claim: Claim;
  readonly claimAlso?: readonly Claim[];
  /** Exactly this grade is due. */
  readonly minGrade: Grade;
  /** What is drawn decides between this grade and higher ones. */
  readonly atLeast?: true;
  /** How far the act went, where the table of `acts.ts` does not say. */
  readonly act?: Act;
  readonly element: NetworkFunction | string;
  readonly elementAlso?: readonly (NetworkFunction | string)[];
  readonly receiver: string | null;
  readonly receiverAlso?: readonly (string | null)[];
  readonly subscriber?: Subscriber | null;
  readonly data?: readonly string[];
  /** Label of the frames. */
  readonly label: string;
  readonly framesMode?: "all" | "any";
}

export interface Truth {
  case: string;
  expect: {
    claim: Claim;
    claimAlso?: readonly Claim[];
    minGrade: Grade;
    grade?: Grade;
    act?: Act;
    element: string;
    elementAlso?: string[];
    elementAddresses?: string[];
    receiver: string | null;
    receiverAlso?: readonly (string | null)[];
    subscriber: string | null;
    data: readonly string[];
    file: string;
    frames?: number[];
    framesMode: "all" | "any";
  }[];
  forbid: Claim[];
  allowAtMost?: Partial<Record<Claim, Grade>>;
  why: string;
}

/** Lines of `network.yaml`, keyed by section: a scenario adds or replaces flow-style YAML values. */
export interface Declared {
  functions: string[];
  services: string[];
  operators: string[];
  grants: string[];
  partners: string[];
  points: string[];
  lawful: { administration: string[]; mediation: string[]; monitoring: string[]; location: string[] };
  collectors: string[];
  protectedInterfaces: string[];
  policy: string;
  /** Further top-level lines (`monitoring: [...]`, `queries: [...]`). */
  more: string[];
}

export type Files = Map<string, Uint8Array>;

export class Case {
  readonly name: string;
  readonly random: Random;
  readonly layout: Layout;
  readonly recorder: Recorder;
  readonly cables: Cables;
  readonly core: Core;
  readonly plane: UserPlane;
  readonly traffic: Traffic;
  readonly declared: Declared;
  readonly expect: Expectation[] = [];
  /** Claims that a wider reading of the act may also give. */
  tolerate: Claim[] = [];
  allowAtMost: Partial<Record<Claim, Grade>> = {};
  /** Rows of the register: `[]` where it exists and is empty; null where the case has none. */
  warrants: string[] | null = null;
  why = "";

  constructor(name: string, seed: string, o: LayoutOptions = {}) {
    this.name = name;
    this.random = new Random(`${seed}/${name}`);
    this.layout = drawLayout(this.random.fork("layout"), o);
    this.recorder = new Recorder(this.layout.epoch);
    this.cables = new Cables(this.layout, this.recorder, this.random.fork("cables"));
    this.core = new Core(this.layout, this.cables, this.random.fork("core"));
    this.plane = new UserPlane(this.layout, this.cables, this.random.fork("plane"));
    this.traffic = new Traffic(this.plane, this.random.fork("traffic"));
    const l = this.layout;
    this.declared = {
      functions: [],
      services: [
        `{ name: dns-core, addresses: [${l.dns}], protocols: [dns] }`,
        `{ name: ntp-core, addresses: [${l.ntp}], protocols: [ntp] }`,
        `{ name: log-core, addresses: [${l.log}], protocols: [syslog] }`,
      ],
      operators: [`{ name: noc, addresses: [${l.nocRange}] }`],
      grants: [],
      partners: [],
      points: l.files.sgi === "" ? [] : [`{ match: "*sgi*", interface: SGi }`],
      lawful: { administration: [], mediation: [], monitoring: [], location: [] },
      collectors: [],
      protectedInterfaces: [],
      policy: "{ ciphering: { EEA0: emergency, NEA0: emergency }, integrity: { EIA0: emergency, NIA0: emergency } }",
      more: [],
    };
  }

  /** S1 setup, `count` attaches one after another, the elements' own life. Returns the time when all are attached. */
  begin(count: number, seconds = 40): number {
    this.core.start(0);
    let t = 2;
    for (let i = 0; i < count; i++)
      t = this.core.attach(this.core.newSubscriber(this.layout.enbs[i % this.layout.enbs.length]), t + 0.2 + this.random.unit());
    services(this.core, 0, seconds);
    keepalives(this.core, 0, seconds);
    return t + 0.5;
  }

  subscriber(index: number): Subscriber {
    const s = this.core.subscribers[index];
    if (s === undefined) throw new Error(`scenario ${this.name}: no subscriber ${index}`);
    return s;
  }

  /** Grants the operations centre SSH and SNMP for the year around the capture. */
  grantNoc(functions: readonly NetworkFunction[], protocols = "[ssh, snmp]", period: [number, number] = [-200, 200]): void {
    const day = (n: number): string => new Date((this.layout.epoch + n * 86_400) * 1000).toISOString().replace(".000", "");
    const names = functions.map((f) => f.name).join(", ");
    this.declared.grants.push(
      `{ party: noc, functions: [${names}], protocols: ${protocols}, from: ${day(period[0])}, to: ${day(period[1])}, ticket: CHG-${this.random.int(1000, 9999)} }`,
    );
  }

  /** RFC 3339 time of a moment of the scenario. */
  time(at: number): string {
    return new Date((this.layout.epoch + Math.floor(at)) * 1000).toISOString().replace(".000", "");
  }

  networkYaml(): string {
    const l = this.layout;
    const d = this.declared;
    const fn = (f: NetworkFunction): string =>
      `{ name: ${f.name}, roles: [${f.roles.join(", ")}], vendor: ${f.vendor}, site: ${f.site}, addresses: [${addressesOf(f).join(", ")}] }`;
    const list = (key: string, items: readonly string[]): string =>
      items.length === 0 ? `${key}: []\n` : `${key}:\n${items.map((i) => `  - ${i}\n`).join("")}`;
    const location = d.lawful.location.length === 0 ? "" : `, location: [${d.lawful.location.join(", ")}]`;
    return [
      `network: { name: "${l.name}", country: ${l.country}, plmns: ["${l.plmn}"] }\n`,
      `vendors:\n${l.vendors.map((v) => `  ${v.id}: { name: "${v.name}", country: ${v.country} }\n`).join("")}`,
      list("functions", [...functionsOf(l).map(fn), ...d.functions]),
      list("points", d.points),
      `subscribers: { addresses: [${l.pool}.0/24] }\n`,
      list("services", d.services),
      list("operators", d.operators),
      list("grants", d.grants),
      `lawful: { administration: [${d.lawful.administration.join(", ")}], mediation: [${d.lawful.mediation.join(", ")}], monitoring: [${d.lawful.monitoring.join(", ")}]${location} }\n`,
      list("partners", d.partners),
      `trace: { collectors: [${d.collectors.join(", ")}] }\n`,
      `protected: [${d.protectedInterfaces.join(", ")}]\n`,
      `policy: ${d.policy}\n`,
      ...d.more.map((m) => `${m}\n`),
    ].join("");
  }

  truth(): Truth {
    const due = new Set(this.expect.flatMap((e) => [e.claim, ...(e.claimAlso ?? [])]));
    const nameOf = (e: NetworkFunction | string): string => (typeof e === "string" ? e : e.name);
    return {
      case: this.name,
      expect: this.expect.map((e) => {
        const found = this.recorder.frames(e.label);
        if (found === null) throw new Error(`scenario ${this.name}: no frame bears the label ${e.label}`);
        const elements = [e.element, ...(e.elementAlso ?? [])].filter((x) => typeof x !== "string");
        const frames = e.framesMode === "all" ? found.frames : found.frames.slice(0, 40);
        return {
          claim: e.claim,
          ...(e.claimAlso === undefined ? {} : { claimAlso: e.claimAlso }),
          minGrade: e.minGrade,
          ...(e.atLeast === true ? {} : { grade: e.minGrade }),
          act: e.act ?? actOf(this.name, e.claim),
          element: nameOf(e.element),
          ...(e.elementAlso === undefined ? {} : { elementAlso: e.elementAlso.map(nameOf) }),
          ...(elements.length === 0 ? {} : { elementAddresses: elements.flatMap(addressesOf).toSorted() }),
          receiver: e.receiver,
          ...(e.receiverAlso === undefined ? {} : { receiverAlso: e.receiverAlso }),
          subscriber: e.subscriber?.imsi ?? null,
          data: e.data ?? [],
          file: found.file,
          frames,
          framesMode: e.framesMode ?? "any",
        };
      }),
      forbid: CLAIMS.filter((c) => !due.has(c) && !this.tolerate.includes(c) && !(c in this.allowAtMost)),
      ...(Object.keys(this.allowAtMost).length === 0 ? {} : { allowAtMost: this.allowAtMost }),
      why: this.why,
    };
  }

  finish(): Files {
    const files: Files = new Map();
    for (const f of this.recorder.fileNames()) files.set(f, this.recorder.write(f));
    const put = (name: string, content: string): void => void files.set(name, new Uint8Array(Buffer.from(content)));
    put("network.yaml", this.networkYaml());
    if (this.warrants !== null) put("warrants.yaml", this.warrants.length === 0 ? "[]\n" : this.warrants.map((w) => `- ${w}\n`).join(""));
    put("truth.json", `${JSON.stringify(this.truth(), null, 1)}\n`);
    return files;
  }
}
