/** Information elements that S1AP, X2AP and NGAP define alike (TS 36.413, TS 36.423, TS 38.413 §9.2 and §9.3). */
import { readIpv4, readIpv6 } from "#decode/digits/address.ts";
import { readPlmn } from "#decode/digits/plmn.ts";
import type { Ecgi, GlobalEnbId, Gummei, STmsi, Tai } from "#model/mobility.ts";
import { bitNumber, bitsOf, choiceOf, component, enumOf, isSequence, octetNumber, octetsOf } from "./access.ts";
import type { PerValue } from "./value.ts";

const IPV4_BITS = 32;
const IPV6_BITS = 128;

/**
 * Transport Layer Address (TS 36.413 §9.2.2.1, TS 36.414 §5.3): 32 bits IPv4, 128 bits IPv6, 160 bits IPv4 followed by IPv6.
 * Any other length gives no address.
 */
export function transportAddresses(value: PerValue | undefined): string[] {
  const string = bitsOf(value);
  if (string === undefined) return [];
  if (string.bits === IPV4_BITS) return [readIpv4(string.bytes, 0)];
  if (string.bits === IPV6_BITS) return [readIpv6(string.bytes, 0)];
  if (string.bits === IPV4_BITS + IPV6_BITS) return [readIpv4(string.bytes, 0), readIpv6(string.bytes, IPV4_BITS / 8)];
  return [];
}

export function plmnOf(value: PerValue | undefined): string | undefined {
  const octets = octetsOf(value, 3);
  return octets === undefined ? undefined : readPlmn(octets, 0);
}

// Names are written out where every message asks for them: V8 then finds each where it was the last time, `component` searches anew (30 ns).
export function taiOf(value: PerValue | undefined): Tai | undefined {
  if (!isSequence(value)) return undefined;
  const plmn = plmnOf(value["pLMNidentity"]);
  const tac = octetNumber(value["tAC"], 2);
  return plmn === undefined || tac === undefined ? undefined : { plmn, tac };
}

export function ecgiOf(value: PerValue | undefined): Ecgi | undefined {
  if (!isSequence(value)) return undefined;
  // S1AP and X2AP disagree on the spelling.
  const plmn = plmnOf(value["pLMNidentity"] ?? value["pLMN-Identity"]);
  const eci = bitNumber(value["cell-ID"] ?? value["eUTRANcellIdentifier"]);
  return plmn === undefined || eci === undefined ? undefined : { plmn, eci };
}

const ENB_ID_KINDS: Readonly<Record<string, GlobalEnbId["kind"]>> = {
  "macroENB-ID": "macro",
  "homeENB-ID": "home",
  "macro-eNB-ID": "macro",
  "home-eNB-ID": "home",
  "short-macroENB-ID": "short-macro",
  "long-macroENB-ID": "long-macro",
  "short-Macro-eNB-ID": "short-macro",
  "long-Macro-eNB-ID": "long-macro",
};

export function globalEnbIdOf(value: PerValue | undefined): GlobalEnbId | undefined {
  const plmn = plmnOf(component(value, "pLMNidentity") ?? component(value, "pLMN-Identity"));
  const id = choiceOf(component(value, "eNB-ID"));
  const enbId = bitNumber(id?.value);
  if (plmn === undefined || id === undefined || enbId === undefined) return undefined;
  return { plmn, kind: ENB_ID_KINDS[id.choice] ?? "other", enbId };
}

export function gummeiOf(value: PerValue | undefined): Gummei | undefined {
  const plmn = plmnOf(component(value, "pLMN-Identity"));
  const mmeGroupId = octetNumber(component(value, "mME-Group-ID"), 2);
  const mmeCode = octetNumber(component(value, "mME-Code"), 1);
  if (plmn === undefined || mmeGroupId === undefined || mmeCode === undefined) return undefined;
  return { plmn, mmeGroupId, mmeCode };
}

export function sTmsiOf(value: PerValue | undefined): STmsi | undefined {
  const mmeCode = octetNumber(component(value, "mMEC"), 1);
  const mTmsi = octetNumber(component(value, "m-TMSI"), 4);
  return mmeCode === undefined || mTmsi === undefined ? undefined : { mmeCode, mTmsi };
}

/** 16 bits each, as sent. */
export function securityCapabilitiesOf(
  value: PerValue | undefined,
): { readonly encryption: number; readonly integrity: number } | undefined {
  const encryption = bitNumber(component(value, "encryptionAlgorithms"));
  const integrity = bitNumber(component(value, "integrityProtectionAlgorithms"));
  return encryption === undefined || integrity === undefined ? undefined : { encryption, integrity };
}

export function causeOf(value: PerValue | undefined): { readonly group: string; readonly value: string | number } | undefined {
  const choice = choiceOf(value);
  const cause = enumOf(choice?.value);
  return choice === undefined || cause === undefined ? undefined : { group: choice.choice, value: cause };
}

/** E-UTRAN Trace ID (TS 36.413 §9.2.1.4): trace reference of TS 32.422 §5.6 (PLMN 3, trace id 3), recording session reference 2. */
export function traceIdOf(
  value: PerValue | undefined,
): { readonly plmn: string; readonly traceId: number; readonly recordingSession: number; readonly reference: string } | undefined {
  const octets = octetsOf(value, 8);
  if (octets === undefined) return undefined;
  return {
    plmn: readPlmn(octets, 0),
    traceId: (octets[3]! << 16) | (octets[4]! << 8) | octets[5]!,
    recordingSession: (octets[6]! << 8) | octets[7]!,
    reference: Array.from(octets, (octet) => octet.toString(16).padStart(2, "0")).join(""),
  };
}
