/** Ports that this program decides by, once (IANA's registry of service names and port numbers). What else speaks on a port is in `declaration/protocols.ts`. */
export const Port = {
  DNS: 53,
  IKE: 500,
  /** IKE and ESP behind a translator (RFC 3948). */
  IPSEC_NAT: 4500,
  /** 3GPP TS 29.274 §10.1.3. */
  GTP_C: 2123,
  /** 3GPP TS 29.281 §4.4.2. */
  GTP_U: 2152,
  /** 3GPP TS 32.295 §6.1.1; GTP version 0 stands there too (TS 09.60). */
  GTP_PRIME: 3386,
  /** RFC 6733 §2.1. */
  DIAMETER: 3868,
  /** Over TLS or DTLS as IANA assigned it. */
  DIAMETER_TLS: 5868,
  /** Over TLS or DTLS as the text of RFC 6733 prints it. */
  DIAMETER_TLS_PRINTED: 5658,
  /** 3GPP TS 29.244 §6.1. */
  PFCP: 8805,
  /** SCTP in UDP (RFC 6951). */
  SCTP_IN_UDP: 9899,
  /** 3GPP TS 36.412. */
  S1AP: 36_412,
  /** 3GPP TS 36.422. */
  X2AP: 36_422,
} as const;

export const DIAMETER_PORTS: ReadonlySet<number> = new Set([Port.DIAMETER, Port.DIAMETER_TLS, Port.DIAMETER_TLS_PRINTED]);

/** What core functions signal to one another over UDP and TCP, and S1AP, X2AP and NGAP where SCTP travels in UDP. */
export const SIGNALLING_PORTS: ReadonlySet<number> = new Set([Port.GTP_C, Port.GTP_PRIME, Port.PFCP, Port.SCTP_IN_UDP, ...DIAMETER_PORTS]);
