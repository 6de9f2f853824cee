/**
 * Where our reading and tshark's differ on purpose. Each entry says for which captures, on which side, what, and why; a difference that no
 * entry covers fails the check.
 */
import type { Difference } from "./summary.ts";

export interface KnownDifference {
  readonly capture: RegExp;
  readonly side: Difference["side"];
  readonly protocol: string;
  readonly what: RegExp;
  readonly entry: RegExp;
  readonly reason: string;
}

export const KNOWN: readonly KnownDifference[] = [
  {
    capture: /./,
    side: "only tshark",
    protocol: "gtpv2",
    what: /^ueAddresses$/,
    entry: /^(0\.0\.0\.0|::)$/,
    reason: "A PDN Address Allocation of zeros asks for an address (TS 29.274 §8.14); it is none, so we list none.",
  },
  {
    capture: /^open5gs_volte_/,
    side: "only tshark",
    protocol: "diameter",
    what: /^msisdn$/,
    entry: /^tel:/,
    reason: "A Subscription-Id of type END_USER_E164 that holds a `tel:` URI (not what RFC 8506 §8.47 says): we list the digits alone.",
  },
  {
    capture: /^open5gs_volte_/,
    side: "only ours",
    protocol: "diameter",
    what: /^msisdn$/,
    entry: /^\d+$/,
    reason: "The other side of the line before.",
  },
  {
    capture: /^ndpi_diameter/,
    side: "only ours",
    protocol: "diameter",
    what: /^msisdn$/,
    entry: /^919080000016$/,
    reason:
      "Subscription-Id-Data stands before Subscription-Id-Type; AVPs may come in any order (RFC 6733 §3.2), tshark needs the type first.",
  },
  {
    capture: /^sipgate_x2/,
    side: "only ours",
    protocol: "x2",
    what: /^msisdn$/,
    entry: /^494012345678$/,
    reason: "The matched target identifier (TS 103 221-2 §5.3.18) is XML text, which tshark shows as octets.",
  },
  {
    capture: /^magma_gx_gy_/,
    side: "only tshark",
    protocol: "diameter",
    what: /^imei$/,
    entry: /^\\x/,
    reason: "User-Equipment-Info-Value holds octets 0 … 9, neither digits as text nor TBCD: no IMEI that anybody could compare.",
  },
  {
    capture: /^ndpi_gtp_false_positive/,
    side: "only tshark",
    protocol: "gtpv1",
    what: /^message$/,
    entry: /^6 gtpv1 3$/,
    reason: "Length 0 with flags that ask for four more header octets: the length contradicts the datagram (counted as a fault).",
  },
  {
    capture: /^ndpi_gtp_false_positive/,
    side: "only tshark",
    protocol: "gtpv2",
    what: /^message$/,
    entry: /^7 gtpv2 1$/,
    reason: "Length 0 leaves no room for the sequence number (TS 29.274 §5.1), 322 octets follow: no GTPv2 (counted as a fault).",
  },
];

/** The entry that explains a difference, or undefined. */
export function explanation(capture: string, d: Difference): KnownDifference | undefined {
  return KNOWN.find(
    (k) => k.side === d.side && k.protocol === d.protocol && k.capture.test(capture) && k.what.test(d.what) && k.entry.test(d.entry),
  );
}
