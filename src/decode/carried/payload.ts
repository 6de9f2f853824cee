/**
 * What stands inside payloads of product (HI2, HI3, and X2/X3 that carry their records), whichever module defines them: user packets (TS 102 232-2 … -7), party
 * identities (TS 33.108 annex B, PartyInformation; TS 102 232-3 IPIRIContents; TS 33.128 TargetIdentifier), and the
 * relative object identifiers that name the module (TS 102 232-1 clause 6.2).
 *
 * Read by walking the BER tree with a budget: modules differ by version, and a table of all of them would lag.
 */
import type { BerValue } from "#decode/ber/cursor.ts";
import { childrenOf, contextTag, TagClass } from "#decode/ber/cursor.ts";
import { berInteger, isPrintable, oidText, printable } from "#decode/ber/values.ts";
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { CarriedContent, TargetIdentifier } from "#model/interception.ts";
import { foldTarget } from "#model/target.ts";
import { carriedContent } from "./content.ts";
import { ETSI_IRI, GCSE_IRI, IRI_HEADERS, TS33128_LOCATION, type Parties } from "./domains.ts";

/** What one payload may cost. Each limit says what happens past it. */
const PAYLOAD_LIMITS = {
  /** Levels and elements looked at inside one PDU's payload; past them, nothing deeper is read. */
  depth: 16,
  elements: 2048,
  /** User packets, targets and object identifiers taken from one PDU; past them, not listed. */
  contents: 64,
  targets: 32,
  oids: 16,
} as const;

export interface PayloadFacts {
  readonly contents: CarriedContent[];
  readonly targets: TargetIdentifier[];
  readonly others: TargetIdentifier[];
  readonly oids: string[];
  /** Whether a record says where the target is. */
  location: boolean;
}

export function noFacts(): PayloadFacts {
  return { contents: [], targets: [], others: [], oids: [], location: false };
}

interface Walk {
  readonly bytes: Uint8Array;
  /** Start of the PDU, from which offsets count. */
  readonly base: number;
  readonly facts: PayloadFacts;
  left: number;
  /** IRI-Parameters initiator (tag 4): 1 the originating party is the target, 2 the terminating one. */
  initiator: number | undefined;
  /** How the module that is being read names its parties. */
  parties: Parties;
}

/** Facts of everything between `from` and `to`. `wantContent`: whether user packets are looked for (CC, not IRI). */
export function readPayload(bytes: Uint8Array, from: number, to: number, base: number, wantContent: boolean): PayloadFacts {
  const facts = noFacts();
  const walk: Walk = { bytes, base, facts, left: PAYLOAD_LIMITS.elements, initiator: undefined, parties: ETSI_IRI.parties };
  visit(walk, from, to, 0, wantContent);
  return facts;
}

function visit(walk: Walk, from: number, to: number, depth: number, wantContent: boolean): void {
  if (depth > PAYLOAD_LIMITS.depth) return;
  const { values } = childrenOf(walk.bytes, from, to);
  readOid(walk, values);
  if (!wantContent) {
    readIpIri(walk, values);
    readTs33128Targets(walk, values);
    readTs33128Location(walk, values);
    readTs33108(walk, values);
    const initiator = contextTag(values, 4);
    if (initiator !== undefined && !initiator.constructed) walk.initiator = berInteger(walk.bytes, initiator.content, initiator.contentEnd);
  }
  for (const v of values) {
    if ((walk.left -= 1) < 0) return;
    if (!v.constructed) {
      if (wantContent) readContent(walk, v);
      continue;
    }
    if (!wantContent && isParty(walk, v)) readParty(walk, v);
    else visit(walk, v.content, v.contentEnd, depth + 1, wantContent);
  }
}

/** `[0]` or `[1]` RELATIVE-OID or OBJECT IDENTIFIER that starts a module's contents. */
function readOid(walk: Walk, values: readonly BerValue[]): void {
  const first = values[0];
  if (first === undefined || first.constructed || first.tagClass !== TagClass.CONTEXT || first.tag > 1) return;
  const { bytes } = walk;
  const at = first.content;
  const octets = first.contentEnd - at;
  if (octets < 4 || octets > 12 || walk.facts.oids.length >= PAYLOAD_LIMITS.oids) return;
  // {threeGPP(4) ts33128(19) …}, {li-ps(5) …} relative to {0 4 0 2 2}, or the whole {0 4 0 2 2 …}.
  const absolute = bytes[at] === 4 && bytes[at + 1] === 0 && bytes[at + 2] === 2 && bytes[at + 3] === 2;
  const relative = bytes[at] === 5 || (bytes[at] === 4 && (bytes[at + 1] as number) >= 1 && (bytes[at + 1] as number) <= 20);
  if (!absolute && !relative) return;
  const text = oidText(bytes, at, first.contentEnd, !absolute);
  if (text === undefined) return;
  const full = absolute ? text : `0.4.0.2.2.${text}`;
  if (!walk.facts.oids.includes(full)) walk.facts.oids.push(full);
}

/** IRI-Parameters of TS 33.108 or TS 101 671: where the target is, and the parties of the module that names them its own way. */
function readTs33108(walk: Walk, values: readonly BerValue[]): void {
  const { bytes, facts } = walk;
  const [first] = values;
  if (first === undefined || first.constructed || first.tagClass !== TagClass.CONTEXT || first.tag !== 0) return;
  const c = first.content;
  if (first.contentEnd - c < 6 || bytes[c] !== 4 || bytes[c + 1] !== 0 || bytes[c + 2] !== 2 || bytes[c + 3] !== 2) return;
  const arc = bytes[c + 5] as number;
  const header = bytes[c + 4] === 4 ? IRI_HEADERS.get(arc) : bytes[c + 4] === 1 ? ETSI_IRI : undefined;
  if (header === undefined) return;
  walk.parties = header.parties;
  facts.location ||= header.locations.some(([outer, inner]) => {
    const place = contextTag(values, outer);
    if (place === undefined || inner === undefined) return place !== undefined && place.contentEnd > place.content;
    return contextTag(childrenOf(bytes, place.content, place.contentEnd).values, inner) !== undefined;
  });
  const parties = bytes[c + 4] === 4 && arc === GCSE_IRI ? contextTag(values, 3) : undefined;
  if (parties !== undefined) readGcseParties(walk, parties);
}

/** SET OF GcsePartyIdentity { [1] imei, [2] imsi, [3] iMPU, … }: whose group communication it is. */
function readGcseParties(walk: Walk, parties: BerValue): void {
  const { bytes, facts } = walk;
  for (const party of childrenOf(bytes, parties.content, parties.contentEnd).values) {
    if (!party.constructed) continue;
    const parts = childrenOf(bytes, party.content, party.contentEnd).values;
    for (const [tag, name] of [
      [1, "imei"],
      [2, "imsi"],
    ] as const) {
      const v = contextTag(parts, tag);
      const length = v === undefined ? 0 : v.contentEnd - v.content;
      if (v === undefined || v.constructed || length < 3 || length > 8 || facts.targets.length >= PAYLOAD_LIMITS.targets) continue;
      facts.targets.push(foldTarget(name, readTbcd(bytes, v.content, v.contentEnd)));
    }
  }
}

/** XIRIPayload and IRIPayload { [1] OID {4 19 (1|3) …}, [2] event CHOICE { … } }: whether the event holds a place. */
function readTs33128Location(walk: Walk, values: readonly BerValue[]): void {
  const { bytes, facts } = walk;
  const [oid] = values;
  if (oid === undefined || oid.constructed || oid.tag !== 1) return;
  // Whole ({0 4 0 2 2 4 19 …}), or relative to {0 4 0 2 2}.
  const c = bytes[oid.content] === 4 && bytes[oid.content + 1] === 0 ? oid.content + 4 : oid.content;
  if (c + 2 > oid.contentEnd || bytes[c] !== 4 || bytes[c + 1] !== 19) return;
  const event = contextTag(values, 2);
  const choice = event?.constructed === true ? childrenOf(bytes, event.content, event.contentEnd).values[0] : undefined;
  const place = choice === undefined ? undefined : TS33128_LOCATION.get(choice.tag);
  if (choice === undefined || place === undefined) return;
  if (place === 0 || contextTag(childrenOf(bytes, choice.content, choice.contentEnd).values, place) !== undefined) facts.location = true;
}

/** A primitive that is a user packet by its own account of its length, or media of a frame that TS 102 232-5 names. */
function readContent(walk: Walk, v: BerValue): void {
  const { bytes, base, facts } = walk;
  if (facts.contents.length >= PAYLOAD_LIMITS.contents) return;
  if (v.contentEnd - v.content < 12) return;
  const multimedia = facts.oids.some((o) => o.startsWith("0.4.0.2.2.5.5.6.2"));
  const kind = contentKind(bytes, v.content, v.contentEnd, multimedia);
  if (kind !== undefined) facts.contents.push(carriedContent(kind, bytes, v.content, v.contentEnd, base));
}

function contentKind(bytes: Uint8Array, at: number, end: number, multimedia: boolean): CarriedContent["kind"] | undefined {
  const length = end - at;
  const first = bytes[at] as number;
  const u16 = (i: number): number => ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
  if (first >> 4 === 4 && (first & 15) >= 5 && length >= 20) {
    const total = u16(at + 2);
    if (total >= (first & 15) * 4 && total <= length) return "ipv4";
  }
  if (first >> 4 === 6 && length >= 40 && u16(at + 4) + 40 <= length) return "ipv6";
  // GTP-U (TS 29.281 §5.1): version 1, G-PDU, length of what follows the first 8 octets.
  if (first >> 5 === 1 && (first & 0x10) !== 0 && bytes[at + 1] === 0xff && u16(at + 2) + 8 === length) return "gtp-u";
  // Two bits are no sign: RTP only where the module is multimedia content (TS 102 232-5, {li-ps(5) 5 6 2}).
  if (multimedia && first >> 6 === 2 && length > 12) return "rtp";
  if (
    isPrintable(bytes, at, Math.min(end, at + 12)) &&
    /^(SIP\/2\.0 |[A-Z]{3,9} sips?:)/.test(printable(bytes, at, Math.min(end, at + 20)))
  ) {
    return "sip";
  }
  return undefined;
}

/**
 * PartyInformation: SEQUENCE { [0] party-Qualifier, [1] partyIdentity { [1] imei 8, [3] imsi 3..8, [6] msISDN 1..9,
 * [8] sip-uri, [9] tel-uri, … }, … }
 */
function isParty(walk: Walk, v: BerValue): boolean {
  const { bytes } = walk;
  // Cheap look before the children are read: a qualifier of one octet, then a constructed [1].
  const c = v.content;
  return bytes[c] === 0x80 && bytes[c + 1] === 1 && bytes[c + 3] === 0xa1 && c + 5 <= v.contentEnd;
}

function readParty(walk: Walk, v: BerValue): void {
  const { bytes, facts } = walk;
  const parts = childrenOf(bytes, v.content, v.contentEnd).values;
  const qualifier = bytes[v.content + 2] as number;
  const identity = contextTag(parts, 1);
  if (identity === undefined) return;
  // 0 and 1 are the ends of a call, of which the initiator says who is ours.
  const { parties, initiator } = walk;
  const ours = parties.calls && ((qualifier === 0 && initiator === 1) || (qualifier === 1 && initiator === 2));
  const into = ours || qualifier === parties.target ? facts.targets : facts.others;
  for (const p of childrenOf(bytes, identity.content, identity.contentEnd).values) {
    if (p.constructed || p.tagClass !== TagClass.CONTEXT || into.length >= PAYLOAD_LIMITS.targets) continue;
    const name = parties.identities.get(p.tag);
    const found = name === undefined ? undefined : partyIdentity(bytes, p, name);
    if (found !== undefined && found.value !== "") into.push(found);
  }
}

function partyIdentity(bytes: Uint8Array, p: BerValue, name: string): TargetIdentifier | undefined {
  const length = p.contentEnd - p.content;
  switch (name) {
    case "imei":
      return length === 8 ? foldTarget(name, readTbcd(bytes, p.content, p.contentEnd)) : undefined;
    case "imsi":
      return length >= 3 && length <= 8 ? foldTarget(name, readTbcd(bytes, p.content, p.contentEnd)) : undefined;
    case "msisdn":
      // AddressString (TS 29.002 §17.7.8): nature and plan in the first octet.
      return length >= 2 && length <= 9 ? foldTarget(name, readTbcd(bytes, p.content + 1, p.contentEnd)) : undefined;
    default:
      return foldTarget(name, printable(bytes, p.content, p.contentEnd));
  }
}

/** TS 102 232-3 IPIRI: { [0] OID {5 3 … 1}, [1] { [0] accessEventType, [1] targetUsername, [4] targetIPAddress, … } } */
function readIpIri(walk: Walk, values: readonly BerValue[]): void {
  const { bytes, facts } = walk;
  const [oid, contents] = values;
  if (oid === undefined || contents === undefined || oid.constructed || !contents.constructed || contents.tag !== 1) return;
  if (bytes[oid.content] !== 5 || bytes[oid.content + 1] !== 3) return;
  const parts = childrenOf(bytes, contents.content, contents.contentEnd).values;
  const user = contextTag(parts, 1);
  if (user !== undefined && !user.constructed) facts.targets.push(foldTarget("nai", printable(bytes, user.content, user.contentEnd)));
  const address = contextTag(parts, 4);
  const text = address?.constructed === true ? ipAddress(bytes, address) : undefined;
  if (text !== undefined) facts.targets.push(foldTarget("ip", text));
}

/** IPAddress { [1] iP-type, [2] iP-value { [1] binary | [2] text }, … } (TS 101 671 annex D.5). */
function ipAddress(bytes: Uint8Array, v: BerValue): string | undefined {
  const value = contextTag(childrenOf(bytes, v.content, v.contentEnd).values, 2);
  if (value === undefined || !value.constructed) return undefined;
  const choice = childrenOf(bytes, value.content, value.contentEnd).values[0];
  if (choice === undefined) return undefined;
  const length = choice.contentEnd - choice.content;
  if (choice.tag === 1 && length === 4) return readIpv4(bytes, choice.content);
  if (choice.tag === 1 && length === 16) return readIpv6(bytes, choice.content);
  return choice.tag === 2 ? printable(bytes, choice.content, choice.contentEnd) : undefined;
}

/**
 * TS 33.128 IRIPayload { [1] RELATIVE-OID {4 19 … 3}, [2] event, [3] SEQUENCE OF { [1] TargetIdentifier, … } };
 * TargetIdentifier: 1 SUPI (1 IMSI, 2 NAI), 2 IMSI, 3 PEI, 4 IMEI, 5 GPSI (1 MSISDN, 2 NAI), 6 MSISDN, 7 NAI, 8 IPv4, 9 IPv6.
 */
function readTs33128Targets(walk: Walk, values: readonly BerValue[]): void {
  const { bytes, facts } = walk;
  const [oid] = values;
  if (oid === undefined || oid.constructed || oid.tag !== 1 || bytes[oid.content] !== 4 || bytes[oid.content + 1] !== 19) return;
  const list = contextTag(values, 3);
  if (list === undefined || !list.constructed) return;
  for (const item of childrenOf(bytes, list.content, list.contentEnd).values) {
    const identifier = item.constructed ? contextTag(childrenOf(bytes, item.content, item.contentEnd).values, 1) : undefined;
    if (identifier === undefined || !identifier.constructed) continue;
    const choice = childrenOf(bytes, identifier.content, identifier.contentEnd).values[0];
    if (choice === undefined || facts.targets.length >= PAYLOAD_LIMITS.targets) continue;
    const found = ts33128Identifier(bytes, choice);
    if (found !== undefined) facts.targets.push(found);
  }
}

const TS33128_NAMES: Readonly<Record<number, string>> = { 1: "supi", 2: "imsi", 3: "pei", 4: "imei", 5: "gpsi", 6: "msisdn", 7: "nai" };

function ts33128Identifier(bytes: Uint8Array, choice: BerValue): TargetIdentifier | undefined {
  const leaf = choice.constructed ? childrenOf(bytes, choice.content, choice.contentEnd).values[0] : choice;
  if (leaf === undefined || leaf.constructed) return undefined;
  const length = leaf.contentEnd - leaf.content;
  if (choice.tag === 8 && length === 4) return foldTarget("ipv4Address", readIpv4(bytes, leaf.content));
  if (choice.tag === 9 && length === 16) return foldTarget("ipv6Address", readIpv6(bytes, leaf.content));
  const name = TS33128_NAMES[choice.tag];
  return name === undefined ? undefined : foldTarget(name, printable(bytes, leaf.content, leaf.contentEnd));
}
