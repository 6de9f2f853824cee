import type { IdentifierKind, TargetIdentifier } from "#model/interception.ts";
import { imsiOfNai } from "./nai.ts";

/**
 * Folding of target identifiers: the same person is named by different elements in X1 (TS 103 221-1 table 4),
 * X2/X3 attributes 17 and 18 (TS 103 221-2 clauses 5.3.18, 5.3.19), handover IRI and the register of warrants.
 */

/** Element names of TS 103 221-1 and TS 103 280 (lower case, no prefix) and the register's own kinds. */
const KINDS: Readonly<Record<string, IdentifierKind>> = {
  imsi: "imsi",
  supiimsi: "imsi",
  e164number: "msisdn",
  internationale164: "msisdn",
  gpsimsisdn: "msisdn",
  msisdn: "msisdn",
  teluri: "msisdn",
  tel: "msisdn",
  imei: "imei",
  imeicheckdigit: "imei",
  imeisv: "imei",
  peiimei: "imei",
  peiimeicheckdigit: "imei",
  peiimeisv: "imei",
  pei: "imei",
  ipv4address: "ip",
  ipv6address: "ip",
  ipv4cidr: "ip",
  ipv6cidr: "ip",
  ip: "ip",
  sipuri: "sip",
  impu: "sip",
  sip: "sip",
  sips: "sip",
  nai: "nai",
  impi: "nai",
  supinai: "nai",
  gpsinai: "nai",
  emailaddress: "nai",
  internationalizedemailaddress: "nai",
};

/** The wire chooses the name: `constructor` is none of the table's. */
function kindOf(name: string): IdentifierKind | undefined {
  return Object.hasOwn(KINDS, name) ? KINDS[name] : undefined;
}

/** Digits that must agree for two IMEIs or IMEISVs to be one device: TAC and serial number (TS 23.003 §6.2). */
const IMEI_DIGITS = 14;
/** Longer values are no identifier but somebody's idea of a buffer. */
const MOST_CHARACTERS = 256;

/** `element` as the message spells it; the value is trimmed and folded. An unknown element keeps its name, kind `other`. */
export function foldTarget(element: string, text: string): TargetIdentifier {
  const value = text.trim().slice(0, MOST_CHARACTERS);
  let name = element.toLowerCase();
  let bare = value;
  // TS 23.501 5.9.2 and 5.9.8: SUPI and GPSI are an IMSI or MSISDN, or a network access identifier.
  if (name === "supi" || name === "gpsi") {
    bare = value.replace(/^(imsi|nai|msisdn|extid)-/i, "");
    name = bare.includes("@") ? "nai" : name === "supi" ? "imsi" : "msisdn";
  }
  const kind = kindOf(name) ?? "other";
  // A user name may be an address, or carry an IMSI: then it is that.
  const address = kind === "nai" ? canonicalAddress(bare) : undefined;
  if (address !== undefined) return { kind: "ip", value: address, element, sent: value };
  const imsi = kind === "nai" ? imsiOfNai(bare) : undefined;
  if (imsi !== undefined) return { kind: "imsi", value: imsi, element, sent: value };
  return { kind, value: foldValue(kind, bare), element, sent: value };
}

/** Text without an element name: a URI-like prefix decides; digits alone decide nothing and stay `other`. */
export function foldBareTarget(text: string): TargetIdentifier {
  const value = text.trim().slice(0, MOST_CHARACTERS);
  const m = /^([a-z0-9]{2,16})[:-](.+)$/i.exec(value);
  if (m !== null && kindOf((m[1] as string).toLowerCase()) !== undefined) return foldTarget(m[1] as string, m[2] as string);
  if (m !== null && /^(supi|gpsi)$/i.test(m[1] as string)) return foldTarget(m[1] as string, m[2] as string);
  if (canonicalAddress(value) !== undefined) return foldTarget("ip", value);
  if (/^\+[0-9]{5,15}$/.test(value)) return foldTarget("msisdn", value);
  return { kind: "other", value: value.toLowerCase(), element: "", sent: value };
}

function foldValue(kind: IdentifierKind, value: string): string {
  switch (kind) {
    case "imsi":
      return value.replaceAll(/[^0-9]/g, "");
    case "msisdn":
      return telephoneDigits(value);
    case "imei":
      return value.replaceAll(/[^0-9]/g, "").slice(0, IMEI_DIGITS);
    case "ip":
      return canonicalPrefixText(value) ?? value.toLowerCase();
    case "sip":
      return foldSip(value);
    default:
      return value.toLowerCase();
  }
}

/** RFC 3966: visual separators and the leading `+` carry no meaning here; parameters go. */
function telephoneDigits(value: string): string {
  return (value.replace(/^tel:/i, "").split(";")[0] as string).replaceAll(/[^0-9]/g, "");
}

/** RFC 3261 §19.1.4: scheme, password, port, parameters and headers go; what stays is compared without case. */
function foldSip(value: string): string {
  if (/^tel:/i.test(value)) return `tel:${telephoneDigits(value)}`;
  const bare = value
    .replace(/^<|>$/g, "")
    .replace(/^sips?:/i, "")
    .split(/[;?]/)[0] as string;
  const at = bare.lastIndexOf("@");
  const user = at < 0 ? "" : (bare.slice(0, at).split(":")[0] as string);
  const host = at < 0 ? bare : bare.slice(at + 1);
  const plain = host.startsWith("[") ? host : (host.split(":")[0] as string);
  return (at < 0 ? plain : `${user}@${plain}`).toLowerCase();
}

/** Address text in canonical form (dotted quad, RFC 5952), or undefined where it is none. */
export function canonicalAddress(text: string): string | undefined {
  if (!text.includes(":")) {
    const v4 = quad(text);
    return v4 === undefined ? undefined : v4.join(".");
  }
  const groups = groupsOf(text);
  return groups === undefined ? undefined : formatGroups(groups);
}

/** As `canonicalAddress`, and with `/length` where it is not a whole address; host bits stay. */
export function canonicalPrefixText(text: string): string | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return canonicalAddress(text);
  const address = canonicalAddress(text.slice(0, slash));
  const tail = text.slice(slash + 1);
  if (address === undefined || !/^(0|[1-9][0-9]{0,2})$/.test(tail)) return undefined;
  const full = address.includes(":") ? 128 : 32;
  const length = Number(tail);
  if (length > full) return undefined;
  return length === full ? address : `${address}/${length}`;
}

function quad(text: string): number[] | undefined {
  if (!/^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$/.test(text)) return undefined;
  const octets = text.split(".").map(Number);
  return octets.every((o) => o <= 255) ? octets : undefined;
}

function groupsOf(text: string): number[] | undefined {
  if (text.length > 45) return undefined;
  let rest = text;
  let tail: number[] = [];
  const lastColon = rest.lastIndexOf(":");
  if (rest.includes(".", lastColon)) {
    const v4 = quad(rest.slice(lastColon + 1));
    if (v4 === undefined) return undefined;
    tail = [(v4[0] as number) * 256 + (v4[1] as number), (v4[2] as number) * 256 + (v4[3] as number)];
    rest = rest.slice(0, lastColon + 1);
    if (!rest.endsWith("::")) rest = rest.slice(0, -1);
  }
  const halves = rest.split("::");
  if (halves.length > 2) return undefined;
  const lists = halves.map((h) => (h === "" ? [] : h.split(":")));
  for (const list of lists) if (!list.every((g) => /^[0-9a-f]{1,4}$/i.test(g))) return undefined;
  const head = (lists[0] as string[]).map((g) => Number.parseInt(g, 16));
  const end = (lists[1] ?? []).map((g) => Number.parseInt(g, 16)).concat(tail);
  if (halves.length === 1) {
    const all = head.concat(end);
    return all.length === 8 ? all : undefined;
  }
  const zeros = 8 - head.length - end.length;
  return zeros < 1 ? undefined : [...head, ...Array.from({ length: zeros }, () => 0), ...end];
}

function formatGroups(groups: readonly number[]): string {
  if (groups.slice(0, 5).every((g) => g === 0) && groups[5] === 0xffff) {
    const [a, b] = [groups[6] as number, groups[7] as number];
    return `::ffff:${a >> 8}.${a & 255}.${b >> 8}.${b & 255}`;
  }
  let best = -1;
  let bestLength = 1;
  for (let i = 0; i < 8; i += 1) {
    let j = i;
    while (j < 8 && groups[j] === 0) j += 1;
    if (j - i > bestLength) [best, bestLength] = [i, j - i];
    if (j > i) i = j;
  }
  const hex = (part: readonly number[]): string => part.map((g) => g.toString(16)).join(":");
  return best < 0 ? hex(groups) : `${hex(groups.slice(0, best))}::${hex(groups.slice(best + bestLength))}`;
}

/** Whether two folded identifiers name the same person. Bare digits (`other`) match any kind made of digits. */
export function sameTarget(a: TargetIdentifier, b: TargetIdentifier): boolean {
  if (a.kind === b.kind) return a.kind === "ip" ? sameAddress(a.value, b.value) : a.value === b.value;
  if (a.kind === "other") return matchesBare(a.value, b);
  if (b.kind === "other") return matchesBare(b.value, a);
  return false;
}

function matchesBare(bare: string, other: TargetIdentifier): boolean {
  const digits = bare.replace(/^\+/, "");
  if (!/^[0-9]{5,16}$/.test(digits)) return bare === other.value;
  if (other.kind === "imei") return digits.length >= IMEI_DIGITS && digits.slice(0, IMEI_DIGITS) === other.value;
  return digits === other.value;
}

/** What a subscriber holds of IPv6 (3GPP TS 23.401 §5.3.1.2.2): addresses in it are one person's. */
const HELD_BITS = 64;

/** Equal, or one is a prefix that contains the other, or both are IPv6 addresses in one /64 that a subscriber could hold. */
function sameAddress(a: string, b: string): boolean {
  if (a === b) return true;
  const single = !a.includes("/") && !b.includes("/");
  if (single && !(a.includes(":") && b.includes(":"))) return false;
  const [pa, pb] = [bitsOf(a), bitsOf(b)];
  if (pa === undefined || pb === undefined || pa.full !== pb.full) return false;
  // Of one link alone, mapped from IPv4, or unspecified: such say nothing of a holder.
  if (single && /^(1111111010|0{64})/.test(pa.bits)) return false;
  const n = single ? HELD_BITS : Math.min(pa.length, pb.length);
  return pa.bits.slice(0, n) === pb.bits.slice(0, n);
}

function bitsOf(text: string): { bits: string; length: number; full: number } | undefined {
  const [address, length] = text.split("/");
  const v6 = (address as string).includes(":");
  const words = v6 ? groupsOf(address as string) : quad(address as string);
  if (words === undefined) return undefined;
  const width = v6 ? 16 : 8;
  const full = v6 ? 128 : 32;
  const bits = words.map((w) => w.toString(2).padStart(width, "0")).join("");
  return { bits, length: length === undefined ? full : Number(length), full };
}

/** IMSI, MSISDN, IMEI lists of a message from the targets it names, in order, without duplicates. */
export function identityLists(targets: readonly TargetIdentifier[]): { imsi: string[]; msisdn: string[]; imei: string[] } {
  const pick = (kind: IdentifierKind): TargetIdentifier[] => targets.filter((t) => t.kind === kind && t.value !== "");
  const unique = (values: readonly string[]): string[] => [...new Set(values)];
  return {
    imsi: unique(pick("imsi").map((t) => t.value)),
    msisdn: unique(pick("msisdn").map((t) => t.value)),
    // `contract.md` §4: as sent, 14 to 16 digits.
    imei: unique(pick("imei").map((t) => t.sent.replaceAll(/[^0-9]/g, ""))),
  };
}
