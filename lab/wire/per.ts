/** Aligned Packed Encoding Rules (ITU-T X.691), as much as S1AP and X2AP need, written bit by bit. */
import { type Octets, u16, u8 } from "./octets.ts";
import { cat } from "./octets.ts";

export class PerWriter {
  private readonly octets: number[] = [];
  private used = 0;

  bits(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) {
      if (this.used === 0) this.octets.push(0);
      const bit = Math.floor(value / 2 ** i) & 1;
      const last = this.octets.length - 1;
      this.octets[last] = (this.octets[last] ?? 0) | (bit << (7 - this.used));
      this.used = (this.used + 1) & 7;
    }
    return this;
  }

  align(): this {
    this.used = 0;
    return this;
  }

  /** Octet-aligned octets without a length. */
  raw(value: Octets): this {
    this.align();
    for (const o of value) this.octets.push(o);
    return this;
  }

  /** Constrained whole number (§11.5.7): bit field up to 255 values, one octet for 256, two up to 64K, else length and octets. */
  integer(value: number, low: number, high: number): this {
    const range = high - low + 1;
    const v = value - low;
    if (range <= 255) return this.bits(v, Math.ceil(Math.log2(range)));
    if (range === 256) return this.raw(u8(v));
    if (range <= 65_536) return this.raw(u16(v));
    const octetsOf = (n: number): number[] => {
      const out: number[] = [];
      for (let rest = n; rest > 0 || out.length === 0; rest = Math.floor(rest / 256)) out.unshift(rest % 256);
      return out;
    };
    const value8 = octetsOf(v);
    const longest = octetsOf(range - 1).length;
    this.bits(value8.length - 1, Math.ceil(Math.log2(longest)));
    return this.raw(Uint8Array.from(value8));
  }

  /** Unconstrained length determinant (§11.9), below 16K. */
  length(n: number): this {
    return this.raw(n < 128 ? u8(n) : u16(0x8000 | n));
  }

  octetString(value: Octets): this {
    return this.length(value.length).raw(value);
  }

  /** TransportLayerAddress ::= BIT STRING (SIZE (1..160, ...)). */
  transportAddress(value: Octets): this {
    return this.bits(0, 1)
      .integer(value.length * 8, 1, 160)
      .raw(value);
  }

  done(): Octets {
    return Uint8Array.from(this.octets);
  }
}

export const Criticality = { reject: 0x00, ignore: 0x40, notify: 0x80 } as const;

export interface ProtocolIe {
  readonly id: number;
  readonly criticality: number;
  readonly value: Octets;
}

export function ie(id: number, criticality: keyof typeof Criticality, value: Octets): ProtocolIe {
  return { id, criticality: Criticality[criticality], value };
}

function field(i: ProtocolIe): Octets {
  return cat(u16(i.id), u8(i.criticality), new PerWriter().octetString(i.value).done());
}

/** ProtocolIE-Container in an extensible SEQUENCE. */
function container(ies: readonly ProtocolIe[]): Octets {
  return cat(u8(0), u16(ies.length), ...ies.map(field));
}

/** A SEQUENCE (SIZE (1..max)) OF ProtocolIE-SingleContainer, max at most 256. */
export function singleContainers(items: readonly ProtocolIe[]): Octets {
  return cat(u8(items.length - 1), ...items.map(field));
}

/** S1AP-PDU / X2AP-PDU. */
export function pdu(kind: 0 | 1 | 2, procedure: number, criticality: keyof typeof Criticality, ies: readonly ProtocolIe[]): Octets {
  return cat(u8(kind << 5), u8(procedure), u8(Criticality[criticality]), new PerWriter().octetString(container(ies)).done());
}
