/** IKEv2 messages as far as their SA payloads stand in clear (RFC 7296 §3.1 to §3.4). */
import { cat, type Octets, u16, u32, u8 } from "./octets.ts";

export interface Transform {
  /** 1 encryption, 2 PRF, 3 integrity, 4 group, 5 ESN. */
  readonly type: number;
  readonly id: number;
  /** Key length attribute (§3.3.5). */
  readonly bits?: number;
}

export interface Proposal {
  /** 1 IKE, 3 ESP. */
  readonly protocol: number;
  readonly spi?: Octets;
  readonly transforms: readonly Transform[];
}

function saPayload(proposals: readonly Proposal[]): Octets {
  return cat(
    ...proposals.map((p, i) => {
      const transforms = p.transforms.map((t, n) => {
        const attribute = t.bits === undefined ? new Uint8Array(0) : cat(u16(0x800e), u16(t.bits));
        return cat(u8(n + 1 < p.transforms.length ? 3 : 0), u8(0), u16(8 + attribute.length), u8(t.type), u8(0), u16(t.id), attribute);
      });
      const spi = p.spi ?? new Uint8Array(0);
      const body = cat(u8(i + 1), u8(p.protocol), u8(spi.length), u8(transforms.length), spi, ...transforms);
      return cat(u8(i + 1 < proposals.length ? 2 : 0), u8(0), u16(4 + body.length), body);
    }),
  );
}

export const Payload = { sa: 33, ke: 34, nonce: 40, notify: 41, encrypted: 46 } as const;
export const Exchange = { init: 34, auth: 35 } as const;

export interface IkeMessage {
  readonly spis: readonly [Octets, Octets];
  readonly exchange: number;
  readonly response: boolean;
  readonly id: number;
  readonly payloads: readonly (readonly [type: number, body: Octets])[];
}

export function sa(...proposals: Proposal[]): readonly [number, Octets] {
  return [Payload.sa, saPayload(proposals)];
}

function chain(payloads: IkeMessage["payloads"]): Octets {
  return cat(...payloads.map(([, body], i) => cat(u8(payloads[i + 1]?.[0] ?? 0), u8(0), u16(4 + body.length), body)));
}

/** The encrypted payload of an IKE SA without encryption: payloads, pad length, checksum (§3.14). */
export function unhidden(payloads: IkeMessage["payloads"], checksum: Octets): Octets {
  const body = cat(chain(payloads), u8(0), checksum);
  return cat(u8(payloads[0]?.[0] ?? 0), u8(0), u16(4 + body.length), body);
}

/** `sealed`: stands behind the payloads as the encrypted one, header included. */
export function ike(m: IkeMessage, sealed?: Octets): Octets {
  const body = sealed ?? chain(m.payloads);
  const first = sealed === undefined ? (m.payloads[0]?.[0] ?? 0) : Payload.encrypted;
  const flags = (m.response ? 0x20 : 0x08) | 0;
  return cat(m.spis[0], m.spis[1], u8(first), u8(0x20), u8(m.exchange), u8(flags), u32(m.id), u32(28 + body.length), body);
}
