// GTP′, charging data transfer: 3GPP TS 32.295 §6 (earlier TS 32.015). What a decoded message offers.
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";

export interface GtpPrimeHeader {
  /** 0, 1 or 2. */
  readonly version: number;
  readonly sequence: number;
  readonly length: number;
  /** Header octets: 6, or 20 (version 0 without the short-header bit). */
  readonly octets: number;
}

export interface GtpPrimeIe {
  readonly type: number;
  readonly start: number;
  readonly length: number;
}

export interface GtpPrimeMessage extends DecodedMessage {
  readonly protocol: "gtp-prime";
  readonly type: number;
  readonly header: GtpPrimeHeader;
  /** The message's own octets, header included: a copy that outlives the frame. */
  readonly bytes: Uint8Array;
  readonly ies: readonly GtpPrimeIe[];
  readonly cause: number | undefined;
  /** Packet Transfer Command (IE 126): 1 send, 2 possibly duplicated, 3 cancel, 4 release. */
  readonly transferCommand: number | undefined;
  /** Addresses that Node Address (251), Recommended Node Address (254) name. */
  readonly nodeAddresses: readonly string[];
  /** Data records in a Data Record Packet (IE 252): how many, and octets. The records themselves are not kept. */
  readonly records: { readonly count: number; readonly octets: number } | undefined;
  readonly trailingOctets: number;
  readonly uncoveredOctets: number;
}

export interface GtpPrimeDatagram {
  readonly messages: readonly GtpPrimeMessage[];
  readonly faults: readonly Fault[];
}
