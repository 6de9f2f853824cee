/**
 * Where each module of 3GPP TS 33.108 puts the fields of its header, by the arc of its domain under {itu-t(0)
 * identified-organization(4) etsi(0) securityDomain(2) lawfulIntercept(2) threeGPP(4)}.
 *
 * The modules look alike and are not: annexes C.1.3 (UMTS), C.2 (EPS), F.2 (conference), G.2 (VoIP), H.2 (GCSE), J.2
 * (messaging), K.2 (voice) for content, B.3, B.3a, B.4, B.5, B.7, B.9, F.1, H.1, I.1, J.1 for IRI. Tags as an
 * independent ASN.1 compiler reads them (`test/oracle/handover/generate.py`).
 */

/** Context tags in the header of a piece of content; `version` stands only in the UMTS one. */
export interface ContentHeader {
  readonly name: string;
  /** The header itself, in the outer SEQUENCE; the payload follows with the next tag. */
  readonly header: number;
  readonly domain: number;
  readonly version: number | undefined;
  readonly liid: number;
  readonly correlation: number;
  readonly time: number;
  readonly sequence: number | undefined;
  readonly direction: number;
}

const PS: ContentHeader = {
  name: "ULIC CC",
  header: 1,
  domain: 0,
  version: undefined,
  liid: 2,
  correlation: 3,
  time: 4,
  sequence: 5,
  direction: 6,
};

export const CONTENT_HEADERS: ReadonlyMap<number, ContentHeader> = new Map([
  [2, { ...PS, version: 1 }],
  [9, PS],
  [11, { ...PS, name: "Conference CC" }],
  [12, { ...PS, name: "VoIP CC" }],
  [14, { ...PS, name: "GCSE CC", domain: 1 }],
  [17, { ...PS, name: "MMS CC", liid: 1, correlation: 2, time: 3, sequence: undefined, direction: 4 }],
  [18, { ...PS, name: "CS voice CC", header: 0, liid: 1, correlation: 2 }],
]);

/** Context tags in IRI-Parameters; `location`: fields that hold where the target is, outermost first. */
export interface IriHeader {
  readonly liid: number;
  readonly time: number;
  readonly correlation: number | undefined;
  /** Paths of context tags, one or two long. */
  readonly locations: readonly (readonly [number] | readonly [number, number])[];
  readonly parties: Parties;
}

/** PartyInformation { [0] party-Qualifier, [1] partyIdentity { … } } as one module has it. */
export interface Parties {
  /** The qualifier of the target. 0 and 1 are the ends of a call in the modules that know calls. */
  readonly target: number;
  readonly calls: boolean;
  /** Tags in partyIdentity, and what `foldTarget` calls them. */
  readonly identities: ReadonlyMap<number, string>;
}

const CALL: Parties = {
  target: 3,
  calls: true,
  identities: new Map([
    [1, "imei"],
    [3, "imsi"],
    [6, "msisdn"],
    [8, "sip"],
    [9, "tel"],
  ]),
};
const EPS: Parties = { ...CALL, identities: new Map([...CALL.identities, [10, "nai"], [13, "impi"]]) };

const EARLY: IriHeader = { liid: 1, time: 3, correlation: 18, locations: [[8]], parties: CALL };
const LATE: IriHeader = { ...EARLY, time: 2, correlation: undefined, locations: [] };
const WLAN: IriHeader = {
  liid: 2,
  time: 3,
  correlation: 9,
  locations: [],
  parties: {
    target: 1,
    calls: false,
    identities: new Map([
      [2, "imsi"],
      [3, "msisdn"],
      [7, "nai"],
    ]),
  },
};

const MMS: Parties = {
  target: 1,
  calls: false,
  identities: new Map([
    [1, "msisdn"],
    [4, "emailaddress"],
    [10, "imsi"],
  ]),
};

/** IRI of TS 101 671 (arc 1 under lawfulIntercept), which 33.108's first modules continue. */
export const ETSI_IRI: IriHeader = EARLY;

export const IRI_HEADERS: ReadonlyMap<number, IriHeader> = new Map([
  [1, EARLY],
  [3, { ...EARLY, correlation: undefined }],
  // wLANLocationData, wLANLocationInformation, geographicalCoordinates, civicAddress inside i-WLANinformation.
  [
    6,
    {
      ...WLAN,
      locations: [
        [11, 2],
        [11, 3],
        [11, 7],
        [11, 8],
      ],
    },
  ],
  [7, { ...WLAN, parties: { ...WLAN.parties, identities: new Map([[1, "imsi"]]) } }],
  // locationOfTheTarget, ePSlocationOfTheTarget, heNBLocation.
  [8, { ...EARLY, locations: [[8], [36, 23], [54]], parties: EPS }],
  [10, { ...LATE, correlation: 7 }],
  [13, { ...LATE, correlation: 7, locations: [[19]] }],
  [15, LATE],
  [16, { ...EARLY, correlation: 57, locations: [[4]], parties: MMS }],
]);

/** iRIversion, which TS 101 671 and the UMTS and CS modules put between domain and identifier. */
export const IRI_VERSION_TAG = 23;
/** threeGPP's GCSE module, whose parties are SEQUENCE { [1] imei, [2] imsi, … }. */
export const GCSE_IRI = 13;

/** Tag of `location` in each event of TS 33.128 (XIRIEvent, IRIEvent) that has one; 0: the event is a place itself. */
export const TS33128_LOCATION: ReadonlyMap<number, number> = new Map([
  ...([1, 2, 4, 5, 8, 59].map((event) => [event, 9]) as [number, number][]),
  ...([3, 12, 40, 62].map((event) => [event, 6]) as [number, number][]),
  ...([6, 9].map((event) => [event, 11]) as [number, number][]),
  ...([7, 64].map((event) => [event, 7]) as [number, number][]),
  ...([37, 39, 42, 58].map((event) => [event, 8]) as [number, number][]),
  ...([13, 38].map((event) => [event, 4]) as [number, number][]),
  ...([57, 60].map((event) => [event, 10]) as [number, number][]),
  [10, 19],
  [16, 0],
  [56, 1],
  [61, 12],
  [63, 5],
]);
