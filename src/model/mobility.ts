/**
 * How LTE names places and temporary subscriber identities: 3GPP TS 23.003 §2.8 (GUTI, S-TMSI), §19.4.2 (TAI, ECGI, eNB id).
 * PLMNs are texts of MCC and MNC digits, five or six of them: `20801`.
 */

/** Tracking area identity. */
export interface Tai {
  readonly plmn: string;
  /** 16 bits. */
  readonly tac: number;
}

/** E-UTRAN cell global identifier; the eNB id is the upper 20 of the 28 bits for a macro eNB. */
export interface Ecgi {
  readonly plmn: string;
  /** 28 bits. */
  readonly eci: number;
}

/** Globally unique MME identifier. */
export interface Gummei {
  readonly plmn: string;
  /** 16 bits. */
  readonly mmeGroupId: number;
  /** 8 bits. */
  readonly mmeCode: number;
}

/** Globally unique temporary identity. */
export interface Guti extends Gummei {
  /** Unsigned 32 bits. */
  readonly mTmsi: number;
}

/** The shortened GUTI used in paging and service requests. */
export interface STmsi {
  readonly mmeCode: number;
  /** Unsigned 32 bits. */
  readonly mTmsi: number;
}

export interface GlobalEnbId {
  readonly plmn: string;
  readonly kind: "macro" | "home" | "short-macro" | "long-macro" | "other";
  /** 18, 20, 21 or 28 bits, by kind. */
  readonly enbId: number;
}
