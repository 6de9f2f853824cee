/**
 * Network access identifiers that carry an IMSI: 3GPP TS 23.003 §19.3.2 root NAI, §19.3.3 decorated NAI; §13.3 private identity; §14.3 for WLAN.
 */
/** `method` digit, IMSI, realm; in front of it, in a decorated NAI, the realms that it passes: `homerealm!`. */
const NAI = /^(?:[^@]*!)?(\d{14,16})@([^@\s]+)$/;
/** Methods whose user part is the IMSI itself: EAP-AKA, EAP-SIM, EAP-AKA' (the others begin pseudonyms). */
const METHODS = new Set(["0", "1", "6"]);
const IMSI_MOST = 15;

/** The IMSI of a NAI in the form [method] IMSI "@" realm; undefined where it has another form. */
export function imsiOfNai(text: string): string | undefined {
  const found = NAI.exec(text.trim());
  if (found === null) return undefined;
  const [, digits = "", realm = ""] = found;
  const method = digits[0] ?? "";
  const rest = digits.slice(1);
  if (digits.length > IMSI_MOST) return METHODS.has(method) ? rest : undefined;
  // As many digits as an IMSI has at most: a method and a shorter IMSI only where the realm's own country code stands behind the first digit.
  const mcc = /(?:^|\.)mcc(\d{3})\.3gppnetwork\.org$/i.exec(realm)?.[1];
  const decorated = mcc !== undefined && METHODS.has(method) && rest.startsWith(mcc) && !digits.startsWith(mcc);
  return decorated ? rest : digits;
}
