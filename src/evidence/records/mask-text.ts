import type { StatementValues } from "#findings/document.ts";
import type { StatementText, StatementValue } from "#model/statement.ts";

/**
 * Keeps subscribers' identities out of the sentences and facts of a record, whichever detector wrote them. Detectors are not meant to put
 * them there; this is the net below.
 */
export interface Known {
  /** A subscriber's address. */
  isUser(address: string): boolean;
  /** IMSI, MSISDN, IMEI of anybody, digits only. */
  isIdentity(digits: string): boolean;
  /** Names that may stand: declared ones, those of captures and points. */
  mayName(name: string): boolean;
  pseudonym(identity: string): string;
}

/** TAC and serial number: what tells a device (3GPP TS 23.003 §6.2); check digit and software version vary. */
const DEVICE_DIGITS = 14;

/** Whose digits are kept out: exact ones, and devices in each of their spellings (IMEI with and without check digit, IMEISV). */
export class KnownIdentities {
  readonly #known = new Set<string>();

  add(digits: string): void {
    this.#known.add(digits);
  }

  addDevice(imei: string): void {
    this.#known.add(imei).add(`device ${imei.slice(0, DEVICE_DIGITS)}`);
  }

  has(digits: string): boolean {
    if (this.#known.has(digits)) return true;
    return (
      digits.length >= DEVICE_DIGITS && digits.length <= DEVICE_DIGITS + 2 && this.#known.has(`device ${digits.slice(0, DEVICE_DIGITS)}`)
    );
  }
}

const MASKED = "(masked)";
/** Characters of a record's text: a longer one is cut. */
const LONGEST_TEXT = 16_384;

/** Text of a record has no control characters; what came over the wire may. */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, "\ufffd")
    .slice(0, LONGEST_TEXT)
    .toWellFormed();
}

const IPV4 = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g;
const IPV6 = /(?<![\w:.])(?:[0-9a-f]{1,4}:|:)(?:[0-9a-f]{0,4}:){1,6}[0-9a-f.]{0,15}(?![\w:])/gi;
const DIGITS = /(?<![\d.])\d{6,17}(?!\d)/g;
/** Two labels and more, the last of letters; an e-mail-like user part goes with it. */
const NAME = /(?:[\w.+-]+@)?(?<![\w.-])(?:[a-z0-9_-]{1,63}\.)+[a-z]{2,63}(?![\w-])/gi;
/** Facts that are an identity by their own name. */
const IDENTIFYING =
  /teid|cell|ecgi|ncgi|\btai\b|guti|tmsi|imsi|imei|msisdn|supi|gpsi|sni|server|domain|host|uri|apn|dnn|seid|query|label|inner|named/i;

export class Masking {
  readonly #known: Known;

  constructor(known: Known) {
    this.#known = known;
  }

  address(address: string | null): string | null {
    return address !== null && this.#known.isUser(address) ? this.#known.pseudonym(`ip:${address}`) : address;
  }

  text(text: string): string {
    return oneLine(text)
      .replaceAll(NAME, (name) => (this.#known.mayName(name) ? name : MASKED))
      .replaceAll(IPV6, (address) => this.address(address) as string)
      .replaceAll(IPV4, (address) => this.address(address) as string)
      .replaceAll(DIGITS, (digits) => (this.#known.isIdentity(digits) ? MASKED : digits));
  }

  /** Texts within a statement's values, however deep; numbers are counts. */
  values(values: StatementValues): StatementValues {
    const one = (value: StatementValue): StatementValue => {
      if (typeof value === "number") return value;
      if (typeof value === "string") return this.text(value);
      if ("code" in value) return { code: value.code, values: this.values(value.values) };
      return value.map((part) => one(part) as StatementText);
    };
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, one(value)]));
  }

  details(details: Readonly<Record<string, string | number | boolean>>): Record<string, string | number | boolean> {
    const shown: Record<string, string | number | boolean> = {};
    for (const [name, value] of Object.entries(details)) {
      if (typeof value === "boolean") shown[name] = value;
      else if (IDENTIFYING.test(name)) shown[name] = value === "" ? "" : MASKED;
      else if (typeof value === "string") shown[name] = this.text(value);
      // A fraction is a fact for people; a record holds whole numbers (`method.md` §5.8).
      else shown[name] = Number.isSafeInteger(value) ? (this.#known.isIdentity(String(value)) ? MASKED : value) : String(value);
    }
    return shown;
  }
}
