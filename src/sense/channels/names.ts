import { REGISTRY_LABELS } from "#sense/server-name.ts";
import { entropyOf, HashSet32, hashOf } from "#bytes/content-measure.ts";

/**
 * Names that an address of the network asks for in DNS (RFC 1035), by registered domain: data leave in the labels below it, and come back in the answers.
 */
export const NAME_LIMITS = {
  /** (asker, domain) pairs at one time; past it new ones are not measured. */
  domains: 5_000,
  /** Names below one domain that are told apart; later ones only count as asked. */
  distinct: 1_024,
} as const;

const HEADER = 12;
const RESPONSE = 0x80;
/** Octets of a name (RFC 1035 §2.3.4); a longer one is none. */
const MAX_NAME = 255;
const COMPRESSED = 0xc0;

/** Domains below which names are long and many by their nature: reverse look-ups (RFC 3596, RFC 6116) and 3GPP's own tree (TS 23.003 §19). */
const ORDINARY = [".arpa", ".3gppnetwork.org", ".gprs", ".local"];

/** What one asker asked below one domain. */
export class DomainMeasure {
  readonly domain: string;
  queries = 0;
  /** Queries whose names were compared with those before them. */
  compared = 0;
  responses = 0;
  /** Octets of labels below the domain, over all distinct names. */
  labelOctets = 0;
  longest = 0;
  /** Octets of answers, headers and questions not counted. */
  answerOctets = 0;
  private readonly counts = new Uint32Array(256);
  private readonly seen = new HashSet32(NAME_LIMITS.distinct);
  private lastHash = 0;

  constructor(domain: string) {
    this.domain = domain;
  }

  get distinct(): number {
    return this.seen.size;
  }

  get entropy(): number {
    return entropyOf(this.counts);
  }

  /** `bytes[0, length)`: the labels below the domain, lower case, with dots. */
  ask(bytes: Uint8Array, length: number): void {
    this.queries++;
    if (this.seen.size >= NAME_LIMITS.distinct) return;
    const hash = hashOf(bytes, 0, length);
    // The same name at once again is one question: A and AAAA, a frame seen twice, a retransmission.
    if (hash === this.lastHash) return;
    this.lastHash = hash;
    this.compared++;
    if (!this.seen.add(hash)) return;
    this.labelOctets += length;
    if (length > this.longest) this.longest = length;
    for (let i = 0; i < length; i++) {
      const octet = bytes[i] as number;
      if (octet !== DOT) this.counts[octet] = (this.counts[octet] as number) + 1;
    }
  }
}

const DOT = 46;

/** A DNS message's first question; rewritten by each `read`. */
export class Question {
  response = false;
  /** Lower-case name with dots, and how many octets of it lie below the domain. */
  readonly name: Uint8Array = new Uint8Array(MAX_NAME + 1);
  length = 0;
  below = 0;
  domain = "";
  /** Octets after the question. */
  rest = 0;

  /** False where the octets are no DNS message with a question, or the domain is an ordinary one. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    if (end - start < HEADER + 6) return false;
    const questions = ((bytes[start + 4] as number) << 8) | (bytes[start + 5] as number);
    if (questions !== 1 || ((bytes[start + 2] as number) & 0x78) !== 0) return false;
    this.response = ((bytes[start + 2] as number) & RESPONSE) !== 0;
    let at = start + HEADER;
    let length = 0;
    for (;;) {
      if (at >= end) return false;
      const label = bytes[at++] as number;
      if (label === 0) break;
      if (label >= COMPRESSED || at + label > end || length + label + 1 > MAX_NAME) return false;
      if (length > 0) this.name[length++] = DOT;
      for (let i = 0; i < label; i++) {
        const octet = bytes[at + i] as number;
        this.name[length++] = octet >= 65 && octet <= 90 ? octet + 32 : octet;
      }
      at += label;
    }
    if (at + 4 > end || length === 0) return false;
    this.length = length;
    this.rest = end - at - 4;
    return this.divide();
  }

  private divide(): boolean {
    let text = "";
    for (let i = 0; i < this.length; i++) text += String.fromCharCode(this.name[i] as number);
    if (ORDINARY.some((ending) => text.endsWith(ending))) return false;
    const labels = text.split(".");
    const top = labels.at(-1) ?? "";
    const deeper = top.length === 2 && REGISTRY_LABELS.has(labels.at(-2) ?? "");
    this.domain = labels.slice(deeper ? -3 : -2).join(".");
    this.below = Math.max(0, text.length - this.domain.length - 1);
    return true;
  }
}
