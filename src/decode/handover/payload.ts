/**
 * What stands inside handover payloads, whichever module defines them: user packets (TS 102 232-2 … -7), party
 * identities (TS 33.108 annex B, PartyInformation; TS 102 232-3 IPIRIContents; TS 33.128 TargetIdentifier), and the
 * relative object identifiers that name the module (TS 102 232-1 clause 6.2).
 *
 * Read by walking the BER tree with a budget: modules differ by version, and a table of all of them would lag.
 */
import type { BerValue } from "#decode/ber/cursor.ts";
import { childrenOf, contextTag, TagClass } from "#decode/ber/cursor.ts";
import { berInteger, isPrintable, oidText, printable } from "#decode/ber/values.ts";
import { carriedContent } from "#decode/carried/content.ts";
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import type { CarriedContent, TargetIdentifier } from "#model/interception.ts";
import { foldTarget } from "#model/target.ts";
import { HANDOVER_LIMITS } from "./limits.ts";

export interface PayloadFacts {
  readonly contents: CarriedContent[];
  readonly targets: TargetIdentifier[];
  readonly others: TargetIdentifier[];
  readonly oids: string[];
}

interface Walk {
  readonly bytes: Uint8Array;
  /** Start of the PDU, from which offsets count. */
  readonly base: number;
  readonly facts: PayloadFacts;
  left: number;
  /** IRI-Parameters initiator (tag 4): 1 the originating party is the target, 2 the terminating one. */
  initiator: number | undefined;
}

/** Facts of everything between `from` and `to`. `wantContent`: whether user packets are looked for (CC, not IRI). */
export function readPayload(bytes: Uint8Array, from: number, to: number, base: number, wantContent: boolean): PayloadFacts {
  const facts: PayloadFacts = { contents: [], targets: [], others: [], oids: [] };
  const walk: Walk = { bytes, base, facts, left: HANDOVER_LIMITS.elements, initiator: undefined };
  visit(walk, from, to, 0, wantContent);
  return facts;
}

function visit(walk: Walk, from: number, to: number, depth: number, wantContent: boolean): void {
  if (depth > HANDOVER_LIMITS.depth) return;
  const { values } = childrenOf(walk.bytes, from, to);
  readOid(walk, values);
  if (!wantContent) {
    readIpIri(walk, values);
    readTs33128Targets(walk, values);
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
  if (octets < 4 || octets > 12 || walk.facts.oids.length >= HANDOVER_LIMITS.oids) return;
  // {threeGPP(4) ts33128(19) …}, {li-ps(5) …} relative to {0 4 0 2 2}, or the whole {0 4 0 2 2 …}.
  const absolute = bytes[at] === 4 && bytes[at + 1] === 0 && bytes[at + 2] === 2 && bytes[at + 3] === 2;
  const relative = bytes[at] === 5 || (bytes[at] === 4 && (bytes[at + 1] as number) >= 1 && (bytes[at + 1] as number) <= 20);
  if (!absolute && !relative) return;
  const text = oidText(bytes, at, first.contentEnd, !absolute);
  if (text === undefined) return;
  const full = absolute ? text : `0.4.0.2.2.${text}`;
  if (!walk.facts.oids.includes(full)) walk.facts.oids.push(full);
}

/** A primitive that is a user packet by its own account of its length, or media of a frame that TS 102 232-5 names. */
function readContent(walk: Walk, v: BerValue): void {
  const { bytes, base, facts } = walk;
  if (facts.contents.length >= HANDOVER_LIMITS.contents) return;
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
  // Qualifier 3 is the packet-switched target; 0 and 1 are the ends of a call, of which the initiator says who is ours.
  const target = qualifier === 3 || (qualifier === 0 && walk.initiator === 1) || (qualifier === 1 && walk.initiator === 2);
  const into = target ? facts.targets : facts.others;
  for (const p of childrenOf(bytes, identity.content, identity.contentEnd).values) {
    if (p.constructed || p.tagClass !== TagClass.CONTEXT || into.length >= HANDOVER_LIMITS.targets) continue;
    const found = partyIdentity(bytes, p);
    if (found !== undefined && found.value !== "") into.push(found);
  }
}

function partyIdentity(bytes: Uint8Array, p: BerValue): TargetIdentifier | undefined {
  const length = p.contentEnd - p.content;
  switch (p.tag) {
    case 1:
      return length === 8 ? foldTarget("imei", readTbcd(bytes, p.content, p.contentEnd)) : undefined;
    case 3:
      return length >= 3 && length <= 8 ? foldTarget("imsi", readTbcd(bytes, p.content, p.contentEnd)) : undefined;
    case 6:
      // AddressString (TS 29.002 §17.7.8): nature and plan in the first octet.
      return length >= 2 && length <= 9 ? foldTarget("msISDN", readTbcd(bytes, p.content + 1, p.contentEnd)) : undefined;
    case 8:
      return foldTarget("sip", printable(bytes, p.content, p.contentEnd));
    case 9:
      return foldTarget("tel", printable(bytes, p.content, p.contentEnd));
    default:
      return undefined;
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
    if (choice === undefined || facts.targets.length >= HANDOVER_LIMITS.targets) continue;
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
