/**
 * What a request asks about a subscriber, and what its answer gave away.
 * 3GPP TS 29.272 (S6a), TS 29.328/29.329 (Sh), TS 29.228/29.229 (Cx), TS 29.172 (SLg), TS 29.173 (SLh), TS 29.336 (S6m, S6t), TS 29.338 (S6c), TS 29.273 (SWx), TS 29.274, TS 29.060.
 */
import type { DiameterMessage } from "#decode/diameter/message.ts";
import type { Gtpv1Message } from "#decode/gtpv1/message.ts";
import type { Gtpv2Message } from "#decode/gtpv2/message.ts";
import type { DataKind } from "#model/finding.ts";
import type { ObservedMessage } from "#model/message.ts";

/** Kinds of answer, as `queries[].data` of the declaration names them. `profile`: subscription data; `tads`: over which access a call goes out. */
export type Topic = "tads" | "state" | "location" | "identity" | "profile" | "credentials";

export interface Question {
  /** Interface and command: `slg-plr`, as `queries[].procedures` names them. */
  readonly procedure: string;
  readonly topics: readonly Topic[];
  /** GSMA category as publicly described: 1 never crosses networks, 2 only from the home network of an inbound roamer, 3 from where the subscriber is. */
  readonly category: 1 | 2 | 3;
  /** GSMA document of the interface. */
  readonly document: "FS.19" | "FS.20";
  readonly source: string;
}

const S6A = 16_777_251;
const SH = 16_777_217;
const CX = 16_777_216;
const SLG = 16_777_255;
const SLH = 16_777_291;
const S6C = 16_777_312;
const S6M = 16_777_310;
const S6T = 16_777_345;
const SWX = 16_777_265;
const IDR = 319;

/** IDR-Flags (TS 29.272 §7.3.103). */
const IDR_TOPICS: readonly (readonly [number, Topic])[] = [
  [0x02, "tads"],
  [0x04, "state"],
  [0x08, "location"],
  [0x10, "location"],
];
/** Sh Data-Reference (TS 29.328 table 7.6.1). What tells nothing of person or place is left out. */
const SH_TOPICS: Readonly<Record<number, Topic>> = {
  10: "identity",
  11: "state",
  14: "location",
  15: "state",
  17: "identity",
  25: "state",
  26: "tads",
  31: "location",
  32: "identity",
  33: "identity",
  34: "identity",
};

type Fixed = readonly [application: number, command: number, procedure: string, topic: Topic, category: 1 | 2 | 3, source: string];
const COMMANDS: readonly Fixed[] = [
  [S6A, 318, "s6a-air", "credentials", 3, "3GPP TS 29.272 §5.2.3"],
  [S6A, 316, "s6a-ulr", "profile", 3, "3GPP TS 29.272 §5.2.1"],
  [SLG, 8_388_620, "slg-plr", "location", 2, "3GPP TS 29.172 §7.3"],
  [SLH, 8_388_622, "slh-rir", "identity", 2, "3GPP TS 29.173 §6.2"],
  [CX, 302, "cx-lir", "identity", 1, "3GPP TS 29.229 §6.1.5"],
  [CX, 303, "cx-mar", "credentials", 1, "3GPP TS 29.229 §6.1.7"],
  [SWX, 303, "swx-mar", "credentials", 3, "3GPP TS 29.273 §8.2.2.1"],
  [S6C, 8_388_647, "s6c-srr", "identity", 3, "3GPP TS 29.338 §5.3.2"],
  [S6M, 8_388_641, "s6m-sir", "identity", 1, "3GPP TS 29.336 §7.2.3"],
];

const GTPV2_IDENTIFICATION = 128;
const GTPV2_CONTEXT = 130;
const GTPV1_IDENTIFICATION = 48;
const GTPV1_CONTEXT = 50;

export function questionOf({ message }: ObservedMessage): Question | undefined {
  switch (message.protocol) {
    case "diameter":
      return diameterQuestion(message as DiameterMessage);
    case "gtpv2":
      if (message.type === GTPV2_IDENTIFICATION) return gtp("gtp-identification", ["identity"], "3GPP TS 29.274 §7.3.8");
      if (message.type === GTPV2_CONTEXT) return gtp("gtp-context", ["identity", "credentials"], "3GPP TS 29.274 §7.3.5");
      return undefined;
    case "gtpv1":
      if (message.type === GTPV1_IDENTIFICATION) return gtp("gtp-identification", ["identity"], "3GPP TS 29.060 §7.5.1");
      if (message.type === GTPV1_CONTEXT) return gtp("gtp-context", ["identity", "credentials"], "3GPP TS 29.060 §7.5.3");
      return undefined;
    default:
      return undefined;
  }
}

function gtp(procedure: string, topics: readonly Topic[], source: string): Question {
  return { procedure, topics, category: 3, document: "FS.20", source };
}

function diameterQuestion(message: DiameterMessage): Question | undefined {
  if (!message.request) return undefined;
  const { application, type } = message;
  const known = COMMANDS.find(([a, c]) => a === application && c === type);
  if (known !== undefined) {
    const [, , procedure, topic, category, source] = known;
    return { procedure, topics: [topic], category, document: "FS.19", source };
  }
  if (application === S6A && type === IDR) {
    const flags = message.idrFlags ?? 0;
    return asks(
      "s6a-idr",
      [...new Set(IDR_TOPICS.filter(([bit]) => (flags & bit) !== 0).map(([, topic]) => topic))],
      2,
      "3GPP TS 29.272 §7.3.103",
    );
  }
  if (application === SH && (type === 306 || type === 308)) {
    const topics = new Set(message.dataReferences.map((reference) => SH_TOPICS[reference]).filter((topic) => topic !== undefined));
    return asks(type === 306 ? "sh-udr" : "sh-snr", [...topics], 1, "3GPP TS 29.329 §6.3.4");
  }
  if (
    application === S6T &&
    message.monitoringEvents.some((event) => event.type === undefined || MONITORING_TOPICS[event.type] !== undefined)
  ) {
    const topics = message.monitoringEvents.map(({ type: event }) => (event === undefined ? "location" : MONITORING_TOPICS[event]));
    return asks("s6t-cir", [...new Set(topics.filter((topic) => topic !== undefined))], 2, "3GPP TS 29.336 §8.4.2");
  }
  return undefined;
}

/** Monitoring-Type (TS 29.336 §8.4.7): what a standing order reports. */
const MONITORING_TOPICS: Readonly<Record<number, Topic>> = {
  0: "state",
  1: "state",
  2: "location",
  3: "identity",
  4: "location",
  5: "state",
  6: "state",
};

function asks(procedure: string, topics: readonly Topic[], category: 1 | 2 | 3, source: string): Question | undefined {
  return topics.length === 0 ? undefined : { procedure, topics, category, document: "FS.19", source };
}

const DATA: Readonly<Record<Topic, DataKind>> = {
  tads: "metadata",
  state: "metadata",
  location: "location",
  identity: "identity",
  profile: "identity",
  credentials: "credentials",
};

/** What an answer gave away; empty where it refused or held nothing. */
export function disclosedBy({ message }: ObservedMessage, question: Question): readonly DataKind[] {
  switch (message.protocol) {
    case "gtpv2": {
      const { cause, mmContexts } = message as Gtpv2Message;
      if (cause === undefined || cause < 16 || cause > 63) return [];
      return mmContexts.length > 0 ? ["credentials", "identity"] : ["identity"];
    }
    case "gtpv1": {
      const { cause } = message as Gtpv1Message;
      return cause !== undefined && cause >= 128 && cause <= 191 ? ["identity"] : [];
    }
    case "diameter":
      return diameterDisclosed(message as DiameterMessage, question);
    default:
      return [];
  }
}

function diameterDisclosed(message: DiameterMessage, question: Question): readonly DataKind[] {
  if (message.success !== true) return [];
  switch (question.procedure) {
    case "s6a-idr":
    case "slg-plr": {
      const place: DataKind[] = message.locations.length > 0 ? ["location"] : [];
      return message.userState ? [...place, "metadata"] : place;
    }
    case "s6a-air":
      return message.vectors > 0 ? ["credentials"] : [];
    case "s6a-ulr":
      return message.subscriptionData ? ["identity"] : [];
    case "slh-rir":
      return message.servingNodes.length > 0 || message.imsi.length > 0 ? ["identity"] : [];
    default:
      return [...new Set(question.topics.map((topic) => DATA[topic]))];
  }
}
