// GTP′, charging data transfer: 3GPP TS 32.295 §6 (earlier TS 32.015), and GTPv0, TS 09.60, which shares its port.
// What a decoded message offers.
import type { Fault } from "#model/fault.ts";
import type { DecodedMessage } from "#model/message.ts";

export interface GtpPrimeHeader {
  /** 0, 1 or 2. */
  readonly version: number;
  /** PT flag: false GTP′, true GTPv0 (session signalling of the first GPRS networks). */
  readonly gtp: boolean;
  readonly sequence: number;
  readonly length: number;
  /** GTPv0: tunnel identifier, IMSI and NSAPI as TBCD digits. */
  readonly tid: string | undefined;
  /** Header octets: 6, or 20 (version 0 without the short-header bit, and GTPv0). */
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
  readonly recovery: number | undefined;
  /** Packet Transfer Command (IE 126): 1 send, 2 possibly duplicated, 3 cancel, 4 release. */
  readonly transferCommand: number | undefined;
  /** Addresses that Charging Gateway Address (251), Address of Recommended Node (254) and GSN Address (133) name. */
  readonly nodeAddresses: readonly string[];
  /** Data records in a Data Record Packet (IE 252): how many, and octets. The records themselves are not kept. */
  readonly records: { readonly count: number; readonly octets: number } | undefined;
  readonly privateExtensions: readonly { readonly enterprise: number | undefined; readonly start: number; readonly length: number }[];
  /** Octets of `bytes` after the last readable element; 0 in honest messages. */
  readonly trailingOctets: number;
  readonly uncoveredOctets: number;
  /** Those of them that were captured, own copy; undefined where there are none. */
  readonly uncovered: Uint8Array | undefined;
}

export interface GtpPrimeDatagram {
  readonly messages: readonly GtpPrimeMessage[];
  readonly faults: readonly Fault[];
}
