/**
 * What IKEv2 agrees on where it can be read (RFC 7296 §3.1, §3.2, §3.3): the SA payloads of IKE_SA_INIT stand in clear; those of later exchanges lie in the encrypted payload (§3.14), which is read
 * where the IKE SA itself was agreed without encryption. What a request offers is an offer; what its answer repeats is chosen: one proposal with one transform a type (§2.7).
 *
 *   SPI 8 | SPI 8 | next payload 1 | version 1 | exchange 1 | flags 1 | message id 4 | length 4 | payloads { next 1 | flags 1 | length 2 | … }
 *   proposal: last 1 | reserved 1 | length 2 | number 1 | protocol 1 | SPI size 1 | transforms 1 | SPI | { last 1 | reserved 1 | length 2 | type 1 | reserved 1 | id 2 | attributes }
 */
/** What a chosen proposal lacks. */
export const IkeWeakness = { IKE_NULL: 1, IKE_NO_INTEGRITY: 2, ESP_NULL: 4, ESP_NO_INTEGRITY: 8 } as const;

const HEADER = 28;
const MAJOR_2 = 2;
const RESPONSE = 0x20;
const SA_PAYLOAD = 33;
const ENCRYPTED_PAYLOAD = 46;
const GENERIC = 4;
const PROPOSAL = 8;
const TRANSFORM = 8;
const Protocol = { IKE: 1, ESP: 3 } as const;
const Type = { ENCRYPTION: 1, INTEGRITY: 3 } as const;
/** ENCR_NULL, and ENCR_NULL_AUTH_AES_GMAC, which proves integrity and hides nothing (RFC 4543). */
const NULL_CIPHERS: ReadonlySet<number> = new Set([11, 21]);
/** Ciphers that prove integrity themselves (IANA "IKEv2 Parameters", transform type 1): CCM, GCM, GMAC, Camellia CCM, ChaCha20-Poly1305, AES with implicit IV, Kuznyechik and Magma MGM. */
const OWN_INTEGRITY: ReadonlySet<number> = new Set([14, 15, 16, 18, 19, 20, 21, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35]);
const NO_INTEGRITY = 0;
/** IKE SAs without encryption, and requests waiting for their answer, of one conversation; further ones are not followed. */
const MOST = 16;
/** Payloads of a message, and proposals or transforms of a payload, that are looked at. */
const MOST_ITEMS = 32;

interface Suite {
  protocol: number;
  encryption: number | undefined;
  integrity: number | undefined;
  /** Some type is named twice: an offer. */
  several: boolean;
}

export class IkeContent {
  /** `IkeWeakness` bits of what each side chose, the low address's first. */
  readonly chosen: [number, number] = [0, 0];
  /** The offer that was answered so was seen. */
  offerSeen = false;

  private readonly plain = new Set<string>();
  private readonly asked = new Set<string>();

  /** One datagram's payload, with the marker of RFC 3948 §2.2 or without. */
  look(bytes: Uint8Array, from: number, end: number, side: number): void {
    const at = u32(bytes, from, end) === 0 ? from + 4 : from;
    if (at + HEADER > end || (bytes[at + 17] as number) >> 4 !== MAJOR_2) return;
    const stop = at + u32(bytes, at + 24, end);
    if (stop > end) return;
    const initiator = `${u32(bytes, at, end)} ${u32(bytes, at + 4, end)}`;
    const response = ((bytes[at + 19] as number) & RESPONSE) !== 0;
    const exchange = `${initiator} ${bytes[at + 18] as number} ${u32(bytes, at + 20, end)}`;
    let next = bytes[at + 16] as number;
    let p = at + HEADER;
    for (let n = 0; next !== 0 && p + GENERIC <= stop && n < MOST_ITEMS; n++) {
      const length = u16(bytes, p + 2);
      if (length < GENERIC || p + length > stop) return;
      if (next === SA_PAYLOAD) this.agreement(bytes, p + GENERIC, p + length, response, initiator, exchange, side);
      if (next === ENCRYPTED_PAYLOAD) {
        // Null encryption has no IV (RFC 2410 §2.3): the payloads inside begin at once.
        if (!this.plain.has(initiator)) return;
        next = bytes[p] as number;
        p += GENERIC;
        continue;
      }
      next = bytes[p] as number;
      p += length;
    }
  }

  private agreement(
    bytes: Uint8Array,
    at: number,
    end: number,
    response: boolean,
    initiator: string,
    exchange: string,
    side: number,
  ): void {
    const suites = proposals(bytes, at, end);
    if (!response) {
      if (this.asked.size < MOST) this.asked.add(exchange);
      return;
    }
    const [only] = suites;
    if (only === undefined || suites.length > 1 || only.several) return;
    const weak = weaknessOf(only);
    if (weak === 0) return;
    if (only.protocol === Protocol.IKE && only.encryption !== undefined && NULL_CIPHERS.has(only.encryption) && this.plain.size < MOST)
      this.plain.add(initiator);
    this.chosen[side as 0 | 1] |= weak;
    this.offerSeen ||= this.asked.has(exchange);
  }
}

function weaknessOf({ protocol, encryption, integrity }: Suite): number {
  if (encryption === undefined || (protocol !== Protocol.IKE && protocol !== Protocol.ESP)) return 0;
  const ike = protocol === Protocol.IKE;
  let weak = 0;
  if (NULL_CIPHERS.has(encryption)) weak |= ike ? IkeWeakness.IKE_NULL : IkeWeakness.ESP_NULL;
  const unproven = integrity === undefined || integrity === NO_INTEGRITY;
  if (unproven && !OWN_INTEGRITY.has(encryption)) weak |= ike ? IkeWeakness.IKE_NO_INTEGRITY : IkeWeakness.ESP_NO_INTEGRITY;
  return weak;
}

function proposals(bytes: Uint8Array, from: number, end: number): Suite[] {
  const suites: Suite[] = [];
  for (let at = from; at + PROPOSAL <= end && suites.length < MOST_ITEMS;) {
    const length = u16(bytes, at + 2);
    if (length < PROPOSAL || at + length > end) break;
    const suite: Suite = { protocol: bytes[at + 5] as number, encryption: undefined, integrity: undefined, several: false };
    let t = at + PROPOSAL + (bytes[at + 6] as number);
    for (let n = 0; t + TRANSFORM <= at + length && n < MOST_ITEMS; n++) {
      const type = bytes[t + 4];
      const id = u16(bytes, t + 6);
      if (type === Type.ENCRYPTION) {
        suite.several ||= suite.encryption !== undefined;
        suite.encryption = id;
      } else if (type === Type.INTEGRITY) {
        suite.several ||= suite.integrity !== undefined;
        suite.integrity = id;
      }
      const octets = u16(bytes, t + 2);
      if (octets < TRANSFORM) break;
      t += octets;
    }
    suites.push(suite);
    if (bytes[at] === 0) break;
    at += length;
  }
  return suites;
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

/** Past `end`: 2^32, which no length or marker is. */
function u32(bytes: Uint8Array, at: number, end: number): number {
  return at + 4 > end ? 2 ** 32 : u16(bytes, at) * 65_536 + u16(bytes, at + 2);
}
