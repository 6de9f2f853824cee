import { readTbcd } from "#decode/digits/tbcd.ts";
import { type Avp, avpAddress, avpPrefix, avpText, avpU32, findAvp } from "./avp.ts";
import { Application } from "./commands.ts";
import { VENDOR_3GPP } from "./dictionary.ts";
import { readIpv4 } from "#decode/digits/address.ts";
import { imsiOfNai } from "#model/nai.ts";

/** What a message says of its subscriber: values in order of appearance, each once. */
export interface Identities {
  readonly imsi: string[];
  readonly msisdn: string[];
  readonly imei: string[];
  readonly ueAddresses: string[];
  readonly apn: string[];
  readonly publicIdentities: string[];
}

// Codes without a vendor, then of 3GPP.
const USER_NAME = 1;
const FRAMED_IP_ADDRESS = 8;
const CALLED_STATION_ID = 30;
const FRAMED_IPV6_PREFIX = 97;
const SUBSCRIPTION_ID = 443;
const SUBSCRIPTION_ID_DATA = 444;
const SUBSCRIPTION_ID_TYPE = 450;
const USER_EQUIPMENT_INFO_VALUE = 460;
const SERVICE_SELECTION = 493;
const IMSI_3GPP = 1;
const IMEISV_3GPP = 20;
const PUBLIC_IDENTITY = 601;
const MSISDN = 701;
const SERVED_PARTY_IP_ADDRESS = 848;
const PDP_ADDRESS = 1227;
const IMEI = 1402;
const EXT_PDP_ADDRESS = 1621;
const A_MSISDN = 1643;
const EXTERNAL_IDENTIFIER = 3111;

const SUBSCRIPTION_E164 = 0;
const SUBSCRIPTION_IMSI = 1;

/** Applications in which User-Name is the IMSI (TS 29.272 §7.3, 29.172, 29.173, 29.273 SWx, 29.336, 29.338, 29.128). */
const IMSI_APPLICATIONS: ReadonlySet<number> = new Set([
  Application.S6A,
  Application.S13,
  Application.SLG,
  Application.SLH,
  Application.SWX,
  Application.S7A,
  Application.S6M,
  Application.S6C,
  Application.SGD,
  Application.S6T,
  Application.T6A,
]);

const REALM_3GPP = /\.mcc\d{3}\.3gppnetwork\.org$/i;
const IMSI_DIGITS = /^\d{6,15}$/;
/** Digits, as RFC 8506 §8.47 wants them, with a plus sign or in a `tel:` URI (RFC 3966), as they are met. */
const MSISDN_DIGITS = /^(?:tel:)?\+?(\d{3,15})(?:;.*)?$/i;
const IMEI_DIGITS = /^\d{14,16}$/;

/** Takes what one AVP says. `group` is the AVP that holds it. */
export function noteIdentity(bytes: Uint8Array, avp: Avp, group: Avp | undefined, application: number, into: Identities): void {
  if (avp.vendor === 0) noteIetf(bytes, avp, group, application, into);
  else if (avp.vendor === VENDOR_3GPP) note3gpp(bytes, avp, into);
}

function noteIetf(bytes: Uint8Array, avp: Avp, group: Avp | undefined, application: number, into: Identities): void {
  switch (avp.code) {
    case USER_NAME:
      addUserName(avpText(bytes, avp), application, into);
      return;
    case SUBSCRIPTION_ID_DATA: {
      if (group === undefined || group.code !== SUBSCRIPTION_ID || group.vendor !== 0) return;
      const type = avpU32(bytes, findAvp(group.children, SUBSCRIPTION_ID_TYPE));
      const text = avpText(bytes, avp);
      if (type === SUBSCRIPTION_IMSI && IMSI_DIGITS.test(text)) add(into.imsi, text);
      else if (type === SUBSCRIPTION_E164) addMsisdn(text, into);
      return;
    }
    case FRAMED_IP_ADDRESS:
      if (avp.length === 4) add(into.ueAddresses, readIpv4(bytes, avp.start));
      return;
    case FRAMED_IPV6_PREFIX: {
      const prefix = avpPrefix(bytes, avp);
      if (prefix !== undefined) add(into.ueAddresses, prefix.address);
      return;
    }
    case CALLED_STATION_ID:
    case SERVICE_SELECTION:
      if (avp.length > 0) add(into.apn, avpText(bytes, avp));
      return;
    case USER_EQUIPMENT_INFO_VALUE:
      addEquipment(bytes, avp, into);
      return;
    default:
  }
}

function note3gpp(bytes: Uint8Array, avp: Avp, into: Identities): void {
  switch (avp.code) {
    case IMSI_3GPP: {
      const text = avpText(bytes, avp);
      if (IMSI_DIGITS.test(text)) add(into.imsi, text);
      return;
    }
    case MSISDN:
    case A_MSISDN: {
      // TBCD without a type-of-number octet (TS 29.329 §6.3.2).
      const digits = readTbcd(bytes, avp.start, avp.start + avp.length);
      if (digits !== "") add(into.msisdn, digits);
      return;
    }
    case IMEI:
    case IMEISV_3GPP:
      addEquipment(bytes, avp, into);
      return;
    case PUBLIC_IDENTITY:
    case EXTERNAL_IDENTIFIER:
      add(into.publicIdentities, avpText(bytes, avp));
      return;
    case SERVED_PARTY_IP_ADDRESS:
    case PDP_ADDRESS:
    case EXT_PDP_ADDRESS: {
      const address = avpAddress(bytes, avp);
      if (address !== undefined) add(into.ueAddresses, address);
      return;
    }
    default:
  }
}

function addUserName(text: string, application: number, into: Identities): void {
  if (IMSI_APPLICATIONS.has(application) && IMSI_DIGITS.test(text)) {
    add(into.imsi, text);
    return;
  }
  // Elsewhere a User-Name of digits may be an account of anybody's: only a realm of 3GPP's (TS 23.003 §13.3, §19.2) makes it an IMSI there.
  if (!IMSI_APPLICATIONS.has(application) && !REALM_3GPP.test(text)) return;
  const imsi = imsiOfNai(text);
  if (imsi !== undefined) add(into.imsi, imsi);
}

function addMsisdn(text: string, into: Identities): void {
  const digits = MSISDN_DIGITS.exec(text)?.[1];
  if (digits !== undefined) add(into.msisdn, digits);
}

/** IMEI or IMEISV: digits as text, or TBCD in seven or eight octets (both are met; TS 29.061 §16.4.7.2, RFC 8506 §8.53). */
function addEquipment(bytes: Uint8Array, avp: Avp, into: Identities): void {
  const text = avp.length >= 14 ? avpText(bytes, avp) : readTbcd(bytes, avp.start, avp.start + avp.length);
  if (IMEI_DIGITS.test(text)) add(into.imei, text);
}

/** Values kept of each kind; keeps the search for repetitions from growing with the square of a hostile message. */
const VALUES = 128;

function add(list: string[], value: string): void {
  if (list.length < VALUES && !list.includes(value)) list.push(value);
}
