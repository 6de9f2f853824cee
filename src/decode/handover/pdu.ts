/**
 * Handover interfaces HI2 and HI3:
 * ETSI TS 102 232-1 (PS-PDU: clause 5.2 header fields, annex A the module), 3GPP TS 33.108 (content headers and IRI
 * records of all its modules, `domains.ts`); TS 101 671 annex D (TimeStamp, PartyInformation).
 *
 * The GPRS ULIC header version 0 (TS 33.108 C.1.2) is not read: it has the form of a GTP version 0 T-PDU with flow
 * label 0 and no N-PDU number (GSM 09.60 clause 6), so that nothing in it tells product from an ordinary tunnel.
 */
import type { BerValue } from "#decode/ber/cursor.ts";
import { nextZero } from "#bytes/zero.ts";
import { berHeader, childrenOf, contextTag, isValue, readBer, TagClass } from "#decode/ber/cursor.ts";
import { berInteger, berIntegerText, generalizedTime, hexText, oidText, printable, textOrHex } from "#decode/ber/values.ts";
import type { Fault } from "#model/fault.ts";
import type { HandoverMessage, Probe, ProductKind } from "#model/interception.ts";
import { identityLists } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { CONTENT_HEADERS, ETSI_IRI, IRI_HEADERS, IRI_VERSION_TAG, type ContentHeader, type IriHeader } from "#decode/carried/domains.ts";
import { HANDOVER_LIMITS, LIID_OCTETS } from "./limits.ts";
import { noFacts, readPayload, type PayloadFacts } from "#decode/carried/payload.ts";

/** {itu-t(0) identified-organization(4) etsi(0) securityDomain(2) lawfulIntercept(2)} as BER octets. */
const LAWFUL_INTERCEPT = [0x04, 0x00, 0x02, 0x02] as const;

/** Next arc of the domain: 5 li-ps, 4 threeGPP, 1 HI2 of TS 101 671. */
const Arc = { HI2_ETSI: 1, THREE_GPP: 4, LI_PS: 5 } as const;

export type Family = HandoverMessage["family"];

interface Shape {
  readonly family: Family;
  /** The value that holds the header fields: pSHeader, ULIC-header, or the IRI parameters. */
  readonly headerAt: number;
  readonly content?: ContentHeader;
  readonly iri?: IriHeader;
}

/**
 * Whether a handover PDU can start at `at`, by what must stand there:
 * ```
 * PS-PDU   30 L  A1 L  80 07 04 00 02 02 05 01 vv  81 L liid  82 02 country  A3 …
 * content  30 L  A1 L  80 L  04 00 02 02 04 xx …  [81 01 version]  [82 L liid]  83 L correlation …  (tags: CONTENT_HEADERS)
 * IRI      [30 L]  A1..A4 L  80 L  04 00 02 02 (01|04 xx) …  [97 01 version]  81 L liid  A3 …  (tags: IRI_HEADERS)
 * ```
 */
export function probeHeader(bytes: Uint8Array, at: number, end: number): { answer: Probe; shape?: Shape } {
  if (at >= end) return { answer: "more" };
  const first = bytes[at] as number;
  if (first !== SEQUENCE && !isIriRecord(first)) return { answer: "no" };
  let inner = at;
  if (first === SEQUENCE) {
    const outer = berHeader(bytes, at, end);
    if ("problem" in outer) return { answer: outer.problem === "more" ? "more" : "no" };
    if (outer.length > HANDOVER_LIMITS.pduOctets) return { answer: "no" };
    inner = outer.content;
    if (inner >= end) return { answer: "more" };
    if (!isIriRecord(bytes[inner] as number)) return { answer: "no" };
  }
  const header = berHeader(bytes, inner, end);
  if ("problem" in header) return { answer: header.problem === "more" ? "more" : "no" };
  if (header.length > HANDOVER_LIMITS.pduOctets) return { answer: "no" };
  const c = header.content;
  // The object identifier: tag, length, at least the five octets that name the domain.
  if (c < end && !isDomain(bytes[c] as number)) return { answer: "no" };
  if (c + 1 < end && ((bytes[c + 1] as number) < 6 || (bytes[c + 1] as number) > 12)) return { answer: "no" };
  for (let i = 0; i < LAWFUL_INTERCEPT.length; i += 1)
    if (c + 2 + i < end && bytes[c + 2 + i] !== LAWFUL_INTERCEPT[i]) return { answer: "no" };
  if (c + 8 > end) return { answer: "more" };
  const arc = bytes[c + 6] as number;
  const next = bytes[c + 7] as number;
  const after = c + 2 + (bytes[c + 1] as number);
  if (after + 2 > end) return { answer: "more" };
  const domainTag = (bytes[c] as number) & 0x1f;
  if (arc === Arc.LI_PS && next === 1 && first === SEQUENCE && bytes[inner] === 0xa1 && domainTag === 0) {
    const secondLength = bytes[after + 1] as number;
    if (bytes[after] !== 0x81 || secondLength < 1 || secondLength > LIID_OCTETS) return { answer: "no" };
    const country = after + 2 + secondLength;
    if (country + 2 > end) return { answer: "more" };
    const ok = (bytes[country] === 0x82 && bytes[country + 1] === 2) || bytes[country] === 0xa3;
    return ok ? { answer: "yes", shape: { family: "ps-pdu", headerAt: inner } } : { answer: "no" };
  }
  const content = arc === Arc.THREE_GPP ? CONTENT_HEADERS.get(next) : undefined;
  if (content !== undefined) {
    if (first !== SEQUENCE || bytes[inner] !== (0xa0 | content.header) || domainTag !== content.domain) return { answer: "no" };
    const answer = contentHeaderAt(bytes, after, end, content);
    return answer === "yes" ? { answer, shape: { family: "ulic", headerAt: inner, content } } : { answer };
  }
  const iri = arc === Arc.THREE_GPP ? IRI_HEADERS.get(next) : arc === Arc.HI2_ETSI ? ETSI_IRI : undefined;
  if (iri === undefined || domainTag !== 0 || bytes[inner] === 0xa0) return { answer: "no" };
  const answer = iriHeaderAt(bytes, after, end, iri);
  return answer === "yes" ? { answer, shape: { family: "3gpp", headerAt: inner, iri } } : { answer };
}

/** What follows the domain in a header of content: a version of one octet where the module has one, LIID (optional), correlation. */
function contentHeaderAt(bytes: Uint8Array, from: number, end: number, h: ContentHeader): Probe {
  let at = from;
  if (h.version !== undefined) {
    if (bytes[at] !== (0x80 | h.version) || bytes[at + 1] !== 1) return "no";
    at += 3;
    if (at + 2 > end) return "more";
  }
  if (bytes[at] === (0x80 | h.liid)) return isLiid(bytes[at + 1] as number) ? "yes" : "no";
  return ((bytes[at] as number) & ~0x20) === (0x80 | h.correlation) && bytes[at + 1] !== 0 ? "yes" : "no";
}

/** What follows the domain in IRI-Parameters: a version (sometimes), LIID, then the communication identifier or the time. */
function iriHeaderAt(bytes: Uint8Array, from: number, end: number, h: IriHeader): Probe {
  let at = from;
  if (bytes[at] === (0x80 | IRI_VERSION_TAG) && bytes[at + 1] === 1) at += 3;
  if (at + 2 > end) return "more";
  if (bytes[at] !== (0x80 | h.liid) || !isLiid(bytes[at + 1] as number)) return "no";
  const time = at + 2 + (bytes[at + 1] as number);
  if (time >= end) return "more";
  return bytes[time] === 0xa2 || bytes[time] === 0xa3 ? "yes" : "no";
}

function isLiid(length: number): boolean {
  return length >= 1 && length <= LIID_OCTETS;
}

/** Tag of a domain: [0], or [1] in the GCSE header. */
function isDomain(octet: number): boolean {
  return octet === 0x80 || octet === 0x81;
}

/**
 * The first octet in `bytes[from, end)` where a PDU may begin; `end` where there is none. Searched for by the domain's second octet, which is 0: that is rare
 * in what is no handover, while each tag is a letter of something.
 */
export function firstPlace(bytes: Uint8Array, from: number, end: number): number {
  for (let zero = nextZero(bytes, from, end); zero < end; zero = nextZero(bytes, zero + 1, end)) {
    const at = placeAround(bytes, from, zero, end);
    if (at >= 0) return at;
  }
  return placeAtEnd(bytes, from, end);
}

/** Where a PDU may begin whose domain has its 0 at `zero`, or -1. */
export function placeAround(bytes: Uint8Array, from: number, zero: number, end: number): number {
  if (zero <= from || bytes[zero - 1] !== LAWFUL_INTERCEPT[0]) return -1;
  for (let at = Math.max(from, zero - BEFORE_ZERO); at < zero; at++) if (mayBegin(bytes, at, end)) return at;
  return -1;
}

/** Where a PDU may begin whose domain is not all there; `end` where there is none. */
export function placeAtEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let at = Math.max(from, end - BEFORE_ZERO); at < end; at++) if (mayBegin(bytes, at, end)) return at;
  return end;
}

/** False where `probeHeader` is sure to say no, told without an object. `at` lies before `end`. */
function mayBegin(bytes: Uint8Array, at: number, end: number): boolean {
  let inner = at;
  if (bytes[at] === SEQUENCE) {
    inner = contentAt(bytes, at, end);
    if (inner < 0) return false;
    if (inner >= end) return true;
  }
  if (!isIriRecord(bytes[inner] as number)) return false;
  const content = contentAt(bytes, inner, end);
  if (content < 0) return false;
  // The object identifier: tag, length, the domain.
  if (content < end && !isDomain(bytes[content] as number)) return false;
  if (content + 1 < end && ((bytes[content + 1] as number) < 6 || (bytes[content + 1] as number) > 12)) return false;
  for (let i = 0; i < LAWFUL_INTERCEPT.length && content + 2 + i < end; i++)
    if (bytes[content + 2 + i] !== LAWFUL_INTERCEPT[i]) return false;
  return true;
}

/** First content octet of a constructed value whose tag has one octet; `end` where its length is not all there, -1 where it has no such length (X.690 §8.1.3). */
function contentAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 1 >= end) return end;
  const lead = bytes[at + 1] as number;
  if (lead <= 0x80) return at + 2;
  const octets = lead & 0x7f;
  return octets > LENGTH_OCTETS_READ ? -1 : Math.min(end, at + 2 + octets);
}

const SEQUENCE = 0x30;
/** Length octets that `berHeader` reads. */
const LENGTH_OCTETS_READ = 4;
/** Octets of a PDU before the 0 of its domain, at most: two tags with their lengths, the identifier's tag and length, the domain's first octet. */
const BEFORE_ZERO = 2 * (2 + LENGTH_OCTETS_READ) + 3;

/** iRI-Begin, -End, -Continue, -Report records are [1] to [4], constructed; so are pSHeader and ULIC-header [1], and the header of circuit-switched voice [0]. */
function isIriRecord(octet: number): boolean {
  return octet >= 0xa0 && octet <= 0xa4;
}

/** One PDU, of which `bytes[start, end)` is there; `whole`: whether that is all of it. Its start was found plausible. */
export function readPdu(bytes: Uint8Array, start: number, end: number, whole: boolean): HandoverMessage | undefined {
  const { shape } = probeHeader(bytes, start, end);
  if (shape === undefined) return undefined;
  const outer = berHeader(bytes, start, end);
  if ("problem" in outer) return undefined;
  const faults: Fault[] = [];
  if (!whole) faults.push({ layer: "handover", code: "incomplete", field: "PDU", offset: 0, needed: outer.length, had: end - start });
  const header = readBer(bytes, shape.headerAt, end);
  const headerEnd = isValue(header) ? header.value.contentEnd : end;
  const at = berHeader(bytes, shape.headerAt, end);
  const headerStart = "problem" in at ? end : at.content;
  const fields = childrenOf(bytes, headerStart, headerEnd);
  if (fields.problem !== undefined && whole) faults.push(berFault(fields.problem, fields.at - start));
  const rest = isValue(header) ? header.value.end : end;
  switch (shape.family) {
    case "ps-pdu":
      return psPdu(bytes, start, end, rest, fields.values, faults);
    case "ulic":
      return ulic(bytes, start, end, rest, fields.values, faults, shape.content as ContentHeader);
    default:
      // A sequence of records is one PDU: whom any of them names, it names.
      return iriRecord(
        bytes,
        start,
        shape.headerAt,
        bytes[start] === SEQUENCE ? end : headerEnd,
        fields.values,
        faults,
        shape.iri as IriHeader,
      );
  }
}

function berFault(problem: string, offset: number): Fault {
  const code = problem === "more" ? "length" : problem === "depth" ? "depth" : problem === "count" ? "count" : "encoding";
  return { layer: "handover", code, field: "header", offset, needed: -1, had: -1 };
}

/** Payload ::= CHOICE, TS 102 232-1 annex A. */
const PAYLOADS = ["IRI", "CC", "TRI", "HI1", "Encryption container", "3GPP HI1", "ILHI", "HI4"] as const;
const PayloadChoice = { IRI: 0, CC: 1, TRI: 2 } as const;
/** TRIPayload ::= CHOICE: those that only keep a delivery alive or checked. */
const TRI_NAMES: Readonly<Record<number, string>> = {
  0: "integrity check",
  1: "test PDU",
  2: "padding PDU",
  3: "keep-alive",
  4: "keep-alive response",
  5: "first segment",
  6: "last segment",
  7: "CIN reset",
  8: "operator LEA message",
};

function psPdu(bytes: Uint8Array, start: number, end: number, rest: number, fields: readonly BerValue[], faults: Fault[]): HandoverMessage {
  const payload = berHeader(bytes, rest, end);
  let choice = -1;
  let triKind: number | undefined;
  let facts: PayloadFacts = noFacts();
  let direction: number | undefined;
  let ownTime: Instant | undefined;
  if (!("problem" in payload) && payload.id.tagClass === TagClass.CONTEXT && payload.id.tag === 2) {
    const inside = berHeader(bytes, payload.content, end);
    if (!("problem" in inside) && inside.id.tagClass === TagClass.CONTEXT) {
      choice = inside.id.tag;
      const to = inside.length >= 0 ? Math.min(end, inside.content + inside.length) : end;
      if (choice === PayloadChoice.TRI) triKind = innerTag(bytes, inside.content, to);
      else facts = readPayload(bytes, inside.content, to, start, choice === PayloadChoice.CC);
      const first = childrenOf(bytes, inside.content, to, 1).values[0];
      if (first !== undefined && choice <= PayloadChoice.CC) {
        const parts = childrenOf(bytes, first.content, first.contentEnd).values;
        const zero = contextTag(parts, 0);
        if (choice === PayloadChoice.CC && zero !== undefined) direction = berInteger(bytes, zero.content, zero.contentEnd);
        ownTime = timeOf(bytes, contextTag(parts, 3), contextTag(parts, 1));
      }
    }
  }
  const product: ProductKind =
    choice === PayloadChoice.IRI ? "iri" : choice === PayloadChoice.CC ? "cc" : choice === PayloadChoice.TRI ? "keepalive" : "other";
  const cid = contextTag(fields, 3);
  const cidParts = cid === undefined ? [] : childrenOf(bytes, cid.content, cid.contentEnd).values;
  const network = contextTag(cidParts, 0);
  const networkParts = network === undefined ? [] : childrenOf(bytes, network.content, network.contentEnd).values;
  const cin = contextTag(cidParts, 1);
  const sequence = contextTag(fields, 4);
  return {
    protocol: choice === PayloadChoice.CC ? "hi3" : "hi2",
    type: choice,
    name: `PS-PDU ${PAYLOADS[choice] ?? `payload ${choice}`}${triKind === undefined ? "" : ` ${TRI_NAMES[triKind] ?? triKind}`}`,
    ...common(facts, faults),
    family: "ps-pdu",
    product,
    domain: oid(bytes, contextTag(fields, 0)),
    liid: text(bytes, contextTag(fields, 1)),
    authorisationCountry: text(bytes, contextTag(fields, 2)),
    deliveryCountry: text(bytes, contextTag(cidParts, 2)),
    operatorId: text(bytes, contextTag(networkParts, 0)),
    networkElementId: text(bytes, contextTag(networkParts, 1)),
    communicationId: cin === undefined ? undefined : berIntegerText(bytes, cin.content, cin.contentEnd),
    sequence: sequence === undefined ? undefined : berInteger(bytes, sequence.content, sequence.contentEnd),
    productTime: timeOf(bytes, contextTag(fields, 7), contextTag(fields, 5)) ?? ownTime,
    interceptionPointId: text(bytes, contextTag(fields, 6)),
    towards: direction === 0 ? "from-target" : direction === 1 ? "to-target" : "unknown",
    triKind,
  };
}

function innerTag(bytes: Uint8Array, at: number, end: number): number | undefined {
  const h = berHeader(bytes, at, end);
  return "problem" in h ? undefined : h.id.tag;
}

/**
 * CC-PDU { [1] header { domain, version (UMTS alone), LIID, correlation, TimeStamp, sequence, direction (1 from the target, 2 to it), … }, [2] payload };
 * the tags differ by module (`domains.ts`).
 */
function ulic(
  bytes: Uint8Array,
  start: number,
  end: number,
  rest: number,
  fields: readonly BerValue[],
  faults: Fault[],
  h: ContentHeader,
): HandoverMessage {
  const facts = rest < end ? readPayload(bytes, rest, end, start, true) : noFacts();
  const sequence = h.sequence === undefined ? undefined : contextTag(fields, h.sequence);
  const directionField = contextTag(fields, h.direction);
  const direction = directionField === undefined ? undefined : berInteger(bytes, directionField.content, directionField.contentEnd);
  const correlation = contextTag(fields, h.correlation);
  return {
    protocol: "hi3",
    type: PayloadChoice.CC,
    name: h.name,
    ...common(facts, faults),
    family: "ulic",
    product: "cc",
    domain: oid(bytes, contextTag(fields, h.domain)),
    liid: text(bytes, contextTag(fields, h.liid)),
    authorisationCountry: undefined,
    deliveryCountry: undefined,
    operatorId: undefined,
    networkElementId: undefined,
    communicationId: correlation === undefined ? undefined : textOrHex(bytes, correlation.content, correlation.contentEnd),
    sequence: sequence === undefined ? undefined : berInteger(bytes, sequence.content, sequence.contentEnd),
    productTime: timeStampChoice(bytes, contextTag(fields, h.time)),
    interceptionPointId: undefined,
    towards: direction === 1 ? "from-target" : direction === 2 ? "to-target" : "unknown",
    triKind: undefined,
  };
}

/** IRI-Parameters of TS 33.108 and TS 101 671: domain, LIID, TimeStamp, partyInformation, … `from`, `to`: the record, or the sequence of records. */
function iriRecord(
  bytes: Uint8Array,
  start: number,
  from: number,
  to: number,
  fields: readonly BerValue[],
  faults: Fault[],
  h: IriHeader,
): HandoverMessage {
  const facts = readPayload(bytes, from, to, start, false);
  const correlation = h.correlation === undefined ? undefined : contextTag(fields, h.correlation);
  return {
    protocol: "hi2",
    type: PayloadChoice.IRI,
    name: "IRI record",
    ...common(facts, faults),
    family: "3gpp",
    product: "iri",
    domain: oid(bytes, contextTag(fields, 0)),
    liid: text(bytes, contextTag(fields, h.liid)),
    authorisationCountry: undefined,
    deliveryCountry: undefined,
    operatorId: undefined,
    networkElementId: undefined,
    communicationId: correlation === undefined ? undefined : hexText(bytes, correlation.content, correlation.contentEnd),
    sequence: undefined,
    productTime: timeStampChoice(bytes, contextTag(fields, h.time)),
    interceptionPointId: undefined,
    towards: "unknown",
    triKind: undefined,
  };
}

function common(facts: PayloadFacts, faults: readonly Fault[]) {
  return {
    ...identityLists(facts.targets),
    teids: [],
    ueAddresses: facts.targets.filter((t) => t.kind === "ip" && !t.value.includes("/")).map((t) => t.value),
    apn: [],
    inner: [],
    faults,
    xid: undefined,
    additionalXids: [],
    targets: facts.targets,
    otherTargets: facts.others,
    contents: facts.contents,
    contentOids: facts.oids,
    holdsLocation: facts.location,
  };
}

function text(bytes: Uint8Array, v: BerValue | undefined): string | undefined {
  return v === undefined || v.constructed ? undefined : textOrHex(bytes, v.content, v.contentEnd);
}

function oid(bytes: Uint8Array, v: BerValue | undefined): string {
  return (v === undefined ? undefined : oidText(bytes, v.content, v.contentEnd)) ?? "";
}

/** MicroSecondTimeStamp { [0] seconds, [1] microSeconds } where given, else GeneralizedTime that states its zone. */
function timeOf(bytes: Uint8Array, micro: BerValue | undefined, general: BerValue | undefined): Instant | undefined {
  if (micro?.constructed === true) {
    const parts = childrenOf(bytes, micro.content, micro.contentEnd).values;
    const s = contextTag(parts, 0);
    const us = contextTag(parts, 1);
    const sec = s === undefined ? undefined : berInteger(bytes, s.content, s.contentEnd);
    const micros = us === undefined ? 0 : berInteger(bytes, us.content, us.contentEnd);
    if (sec !== undefined && micros !== undefined && micros >= 0 && micros < 1_000_000) return { sec, nsec: micros * 1000 };
  }
  if (general === undefined || general.constructed) return undefined;
  const t = generalizedTime(bytes, general.content, general.contentEnd);
  return t === undefined || t.local ? undefined : t.time;
}

/** TimeStamp ::= CHOICE { [0] localTime { [0] GeneralizedTime, [1] season }, [1] UTCTime } (TS 101 671 D.5). */
function timeStampChoice(bytes: Uint8Array, v: BerValue | undefined): Instant | undefined {
  if (v?.constructed !== true) return undefined;
  const choice = childrenOf(bytes, v.content, v.contentEnd).values[0];
  if (choice === undefined) return undefined;
  if (choice.tag === 1 && !choice.constructed) return utcTime(printable(bytes, choice.content, choice.contentEnd));
  if (choice.tag !== 0 || !choice.constructed) return undefined;
  return timeOf(bytes, undefined, contextTag(childrenOf(bytes, choice.content, choice.contentEnd).values, 0));
}

/** UTCTime (X.680 clause 47): YYMMDDhhmm[ss](Z|±hhmm); 50 … 99 are 1950 … 1999. */
function utcTime(s: string): Instant | undefined {
  const m = /^(\d{2})(\d{10}|\d{8})(Z|[+-]\d{4})$/.exec(s);
  if (m === null) return undefined;
  const full = `${Number(m[1]) >= 50 ? "19" : "20"}${m[1]}${m[2]}${m[3]}`;
  const bytes = Uint8Array.from(full, (c) => c.charCodeAt(0));
  return generalizedTime(bytes, 0, bytes.length)?.time;
}
