/**
 * Messages of EPS mobility and session management (3GPP TS 24.301 release 17, §8.2, §8.3, §9.8): names, mandatory parts, and the
 * optional elements whose length no octet states.
 */

/** How a mandatory field is laid out: that many octets, or length octet and value (LV), or two length octets and value (LV-E). */
export type FieldFormat = number | "lv" | "lve";

export interface MandatoryField {
  readonly name: string;
  readonly format: FieldFormat;
}

export interface MessageLayout {
  readonly name: string;
  readonly mandatory: readonly MandatoryField[];
  /** Type 3 elements (TV): identifier → octets including the identifier. All others are TLV, TLV-E (0x70 … 0x7f) or one octet (0x80 …), TS 24.007 §11.2.4. */
  readonly fixed: ReadonlyMap<number, number>;
}

const P_TMSI_SIGNATURE = [0x19, 4] as const;
const LAST_VISITED_TAI = [0x52, 6] as const;
const DRX = [0x5c, 3] as const;
const LAI = [0x13, 6] as const;
const ADDITIONAL_INFORMATION_REQUESTED = [0x17, 2] as const;
const NONCE = [0x55, 5] as const;
const EMM_CAUSE = [0x53, 2] as const;
const ESM_CAUSE = [0x58, 2] as const;
const T3402 = [0x17, 2] as const;
const T3423 = [0x59, 2] as const;
const LLC_SAPI = [0x32, 2] as const;

function layout(
  name: string,
  mandatory: readonly (readonly [string, FieldFormat])[] = [],
  fixed: readonly (readonly [number, number])[] = [],
): MessageLayout {
  return { name, mandatory: mandatory.map(([field, format]) => ({ name: field, format })), fixed: new Map(fixed) };
}

/** Half octets that share an octet are one field of one octet: the first-named lies in bits 1 to 4. */
export const EMM_MESSAGES: ReadonlyMap<number, MessageLayout> = new Map([
  [
    65,
    layout(
      "Attach request",
      [
        ["attachType", 1],
        ["identity", "lv"],
        ["capability", "lv"],
        ["esm", "lve"],
      ],
      [P_TMSI_SIGNATURE, LAST_VISITED_TAI, DRX, LAI, ADDITIONAL_INFORMATION_REQUESTED],
    ),
  ],
  [
    66,
    layout(
      "Attach accept",
      [
        ["result", 1],
        ["t3412", 1],
        ["tais", "lv"],
        ["esm", "lve"],
      ],
      [LAI, EMM_CAUSE, T3402, T3423],
    ),
  ],
  [67, layout("Attach complete", [["esm", "lve"]])],
  [68, layout("Attach reject", [["cause", 1]])],
  // The network's request has no identity: see `DETACH_BY_NETWORK`.
  [
    69,
    layout("Detach request", [
      ["detachType", 1],
      ["identity", "lv"],
    ]),
  ],
  [70, layout("Detach accept")],
  [
    72,
    layout(
      "Tracking area update request",
      [
        ["updateType", 1],
        ["identity", "lv"],
      ],
      [P_TMSI_SIGNATURE, NONCE, LAST_VISITED_TAI, DRX, LAI, ADDITIONAL_INFORMATION_REQUESTED],
    ),
  ],
  [73, layout("Tracking area update accept", [["result", 1]], [[0x5a, 2], LAI, EMM_CAUSE, T3402, T3423])],
  [74, layout("Tracking area update complete")],
  [75, layout("Tracking area update reject", [["cause", 1]])],
  [
    76,
    layout("Extended service request", [
      ["serviceType", 1],
      ["tmsi", "lv"],
    ]),
  ],
  [77, layout("Control plane service request", [["serviceType", 1]])],
  [78, layout("Service reject", [["cause", 1]], [[0x5b, 2]])],
  [79, layout("Service accept")],
  [80, layout("GUTI reallocation command", [["guti", "lv"]])],
  [81, layout("GUTI reallocation complete")],
  [
    82,
    layout("Authentication request", [
      ["keySet", 1],
      ["rand", 16],
      ["autn", "lv"],
    ]),
  ],
  [83, layout("Authentication response", [["res", "lv"]])],
  [84, layout("Authentication reject")],
  [85, layout("Identity request", [["identityType", 1]])],
  [86, layout("Identity response", [["mobileIdentity", "lv"]])],
  [92, layout("Authentication failure", [["cause", 1]])],
  [
    93,
    layout(
      "Security mode command",
      [
        ["algorithms", 1],
        ["keySet", 1],
        ["replayed", "lv"],
      ],
      [NONCE, [0x56, 5]],
    ),
  ],
  [94, layout("Security mode complete")],
  [95, layout("Security mode reject", [["cause", 1]])],
  [96, layout("EMM status", [["cause", 1]])],
  [
    97,
    layout(
      "EMM information",
      [],
      [
        [0x46, 2],
        [0x47, 8],
      ],
    ),
  ],
  [98, layout("Downlink NAS transport", [["nasContainer", "lv"]])],
  [99, layout("Uplink NAS transport", [["nasContainer", "lv"]])],
  [
    100,
    layout(
      "CS service notification",
      [["pagingIdentity", 1]],
      [
        [0x61, 2],
        [0x62, 2],
      ],
    ),
  ],
  [
    104,
    layout("Downlink generic NAS transport", [
      ["containerType", 1],
      ["genericContainer", "lve"],
    ]),
  ],
  [
    105,
    layout("Uplink generic NAS transport", [
      ["containerType", 1],
      ["genericContainer", "lve"],
    ]),
  ],
]);

/** §8.2.11.2: detach request from the network. */
export const DETACH_BY_NETWORK = layout("Detach request", [["detachType", 1]], [EMM_CAUSE]);

export const ESM_MESSAGES: ReadonlyMap<number, MessageLayout> = new Map([
  [
    193,
    layout(
      "Activate default EPS bearer context request",
      [
        ["qos", "lv"],
        ["apn", "lv"],
        ["pdnAddress", "lv"],
      ],
      [LLC_SAPI, ESM_CAUSE],
    ),
  ],
  [194, layout("Activate default EPS bearer context accept")],
  [195, layout("Activate default EPS bearer context reject", [["cause", 1]])],
  [
    197,
    layout(
      "Activate dedicated EPS bearer context request",
      [
        ["linkedBearer", 1],
        ["qos", "lv"],
        ["tft", "lv"],
      ],
      [LLC_SAPI],
    ),
  ],
  [198, layout("Activate dedicated EPS bearer context accept")],
  [199, layout("Activate dedicated EPS bearer context reject", [["cause", 1]])],
  [201, layout("Modify EPS bearer context request", [], [LLC_SAPI])],
  [202, layout("Modify EPS bearer context accept")],
  [203, layout("Modify EPS bearer context reject", [["cause", 1]])],
  [205, layout("Deactivate EPS bearer context request", [["cause", 1]])],
  [206, layout("Deactivate EPS bearer context accept")],
  [208, layout("PDN connectivity request", [["requestAndPdnType", 1]])],
  [209, layout("PDN connectivity reject", [["cause", 1]])],
  [210, layout("PDN disconnect request", [["linkedBearer", 1]])],
  [211, layout("PDN disconnect reject", [["cause", 1]])],
  [
    212,
    layout("Bearer resource allocation request", [
      ["linkedBearer", 1],
      ["tft", "lv"],
      ["qos", "lv"],
    ]),
  ],
  [213, layout("Bearer resource allocation reject", [["cause", 1]])],
  [
    214,
    layout(
      "Bearer resource modification request",
      [
        ["linkedBearer", 1],
        ["tft", "lv"],
      ],
      [ESM_CAUSE],
    ),
  ],
  [215, layout("Bearer resource modification reject", [["cause", 1]])],
  [217, layout("ESM information request")],
  [218, layout("ESM information response")],
  [219, layout("Notification", [["notification", "lv"]])],
  [220, layout("ESM dummy message")],
  [232, layout("ESM status", [["cause", 1]])],
  [233, layout("Remote UE report")],
  [234, layout("Remote UE report response")],
  [235, layout("ESM data transport", [["userData", "lve"]])],
]);

/** Names of optional elements, for people; identifiers mean different things in EMM and ESM, and some even between messages. */
export const EMM_ELEMENTS: Readonly<Record<number, string>> = {
  0x10: "TMSI based NRI container",
  0x11: "Mobile station classmark 2",
  0x13: "Location area identification",
  0x16: "T3402 value",
  0x17: "T3402 value / additional information requested",
  0x19: "Old P-TMSI signature",
  0x20: "Mobile station classmark 3",
  0x23: "MS identity",
  0x28: "Paging restriction",
  0x29: "UE request type",
  0x30: "Authentication failure parameter",
  0x31: "MS network capability",
  0x32: "N1 UE network capability",
  0x34: "Emergency number list / UE radio capability ID availability",
  0x35: "WUS assistance information",
  0x36: "DRX parameter in NB-S1 mode",
  0x38: "IMSI offset",
  0x40: "Supported codecs",
  0x43: "Full name for network",
  0x45: "Short name for network",
  0x46: "Local time zone",
  0x47: "Universal time and local time zone",
  0x49: "Network daylight saving time",
  0x4a: "Equivalent PLMNs",
  0x4f: "HashMME",
  0x50: "GUTI",
  0x52: "Last visited registered TAI",
  0x53: "EMM cause",
  0x54: "TAI list",
  0x55: "NonceUE / replayed nonceUE",
  0x56: "NonceMME",
  0x57: "EPS bearer context status",
  0x58: "UE network capability",
  0x59: "T3423 value",
  0x5a: "T3412 value",
  0x5b: "T3442 value",
  0x5c: "DRX parameter",
  0x5d: "Voice domain preference and UE's usage setting",
  0x5e: "T3412 extended value",
  0x5f: "T3346 value",
  0x60: "CLI",
  0x61: "SS code",
  0x62: "LCS indicator",
  0x63: "LCS client identity",
  0x64: "EPS network feature support",
  0x65: "DCN-ID / additional information",
  0x66: "UE radio capability ID",
  0x68: "Header compression configuration status",
  0x6a: "T3324 value",
  0x6b: "T3448 value",
  0x6c: "T3447 value",
  0x6d: "UE status",
  0x6e: "Extended DRX parameters",
  0x6f: "UE additional security capability",
  0x78: "ESM message container",
  0x79: "Replayed NAS message container",
  0x7a: "Extended emergency number list",
  0x7c: "Ciphering key data",
  0x80: "GPRS ciphering key sequence number",
  0x90: "TMSI status",
  0xa0: "UE radio capability information update needed / extended EMM cause",
  0xb0: "Non-current native NAS key set identifier / CSFB response",
  0xc0: "IMEISV request / MS network feature support / network policy",
  0xd0: "Device properties / non-3GPP NW provided policies",
  0xe0: "Old GUTI type / SMS services status",
  0xf0: "Additional update type or result",
};

export const ESM_ELEMENTS: Readonly<Record<number, string>> = {
  0x27: "Protocol configuration options",
  0x28: "Access point name",
  0x30: "Negotiated QoS",
  0x32: "Negotiated LLC SAPI",
  0x33: "NBIFOM container",
  0x34: "Packet flow identifier",
  0x36: "TFT",
  0x37: "Back-off timer value",
  0x58: "ESM cause",
  0x5b: "New EPS QoS / required traffic flow QoS",
  0x5c: "Extended EPS QoS",
  0x5d: "Transaction identifier",
  0x5e: "APN-AMBR",
  0x5f: "Extended APN-AMBR",
  0x66: "Header compression configuration",
  0x6b: "Re-attempt indicator",
  0x6e: "Serving PLMN rate control",
  0x79: "Remote UE context connected",
  0x7a: "Remote UE context disconnected",
  0x7b: "Extended protocol configuration options",
  0x80: "Radio priority",
  0x90: "Control plane only indication",
  0xb0: "Connectivity type",
  0xc0: "Device properties / WLAN offload indication",
  0xd0: "ESM information transfer flag",
  0xf0: "Release assistance indication",
};
