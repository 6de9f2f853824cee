/** What the PER interpreter makes of each ASN.1 type. Names inside values are spelled as the ASN.1 module spells them. */

/** BIT STRING; bits are left-aligned in `bytes`, the unused low bits of the last octet are 0. */
export interface BitString {
  readonly bits: number;
  readonly bytes: Uint8Array;
}

/** CHOICE; an alternative beyond the table is named by its number, `#9`, and its value is the open type's octets. */
export interface Choice {
  readonly choice: string;
  readonly value: PerValue;
}

/** SEQUENCE. Components that are absent have no key. Extension additions beyond the table are kept as `#0`, `#1`, … with their octets. */
export interface Sequence {
  readonly [component: string]: PerValue;
}

/**
 * INTEGER → number (text above 2^53); ENUMERATED → name, or number where the table does not know it; BOOLEAN → boolean;
 * NULL → null; OCTET STRING → octets; character strings and OBJECT IDENTIFIER → text; SEQUENCE OF → array;
 * a container of information objects → array of `ProtocolIe`.
 */
export type PerValue =
  | number
  | string
  | boolean
  | null
  | Uint8Array
  | BitString
  | Choice
  | Sequence
  | readonly PerValue[]
  | readonly ProtocolIe[]
  | ProtocolIe;

export type Criticality = "reject" | "ignore" | "notify";

/** One element of a ProtocolIE-Container, ProtocolExtensionContainer or PrivateIE-Container. */
export interface ProtocolIe {
  /** -1 for a private IE that is identified by an object identifier; `name` is then the identifier. */
  readonly id: number;
  /** As the specification spells it (`id-eNB-UE-S1AP-ID` without `id-`); `#777` where the tables do not have the number. */
  readonly name: string;
  readonly criticality: Criticality;
  /** The octets themselves where the id is unknown at this place, or where they could not be decoded (then a fault is counted). */
  readonly value: PerValue;
  /** False where `value` is just the octets, or where a part of it could not be read. */
  readonly decoded: boolean;
}
