// Indication flags, 3GPP TS 29.274 §8.12, figure 8.12-1: octets in order, bit 8 first.

const FLAGS: readonly (readonly string[])[] = [
  ["DAF", "DTF", "HI", "DFI", "OI", "ISRSI", "ISRAI", "SGWCI"],
  ["SQCI", "UIMSI", "CFSI", "CRSI", "PS", "PT", "SI", "MSV"],
  ["RetLoc", "PBIC", "SRNI", "S6AF", "S4AF", "MBMDT", "ISRAU", "CCRSI"],
  ["CPRAI", "ARRL", "PPOFF", "PPON/PPEI", "PPSI", "CSFBI", "CLII", "CPSR"],
  ["NSI", "UASI", "DTCI", "BDWI", "PSCI", "PCRI", "AOSI", "AOPI"],
  ["ROAAI", "EPCOSI", "CPOPCI", "PMTSMI", "S11TF", "PNSI", "UNACCSI", "WPMSI"],
  ["5GSNN26", "REPREFI", "5GSIWKI", "EEVRSI", "LTEMUI", "LTEMPI", "ENBCRSI", "TSPCMI"],
  ["CSRMFI", "MTEDTN", "MTEDTA", "N5GNMI", "5GCNRS", "5GCNRI", "5SRHOI", "ETHPDN"],
  ["NSPUSI", "PGWRNSI", "RPPCSI", "PGWCHI", "SISSME", "NSENBI", "IDFUPF", "EMCI"],
];

/** Names of the flags that are set; flags that the table does not know are named by octet and bit (`octet 10 bit 3`). */
export function readIndications(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const names: string[] = [];
  // Sixteen octets: nine are defined, and an element of 64 KiB must not become half a million names.
  const stop = Math.min(end, start + 16);
  for (let at = start; at < stop; at++) {
    const octet = bytes[at]!;
    if (octet === 0) continue;
    for (let bit = 0; bit < 8; bit++) {
      if (octet & (0x80 >>> bit)) names.push(FLAGS[at - start]?.[bit] ?? `octet ${at - start + 1} bit ${8 - bit}`);
    }
  }
  return names;
}
