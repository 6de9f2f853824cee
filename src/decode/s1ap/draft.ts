import { NONE } from "#decode/digits/identities.ts";
import type { Pdu } from "#decode/per/pdu.ts";
import type { S1apMessage } from "./message.ts";

type Fields = { -readonly [K in keyof S1apMessage]: S1apMessage[K] };

/** A message under construction: one object for what is gathered and what is handed out. */
export class Draft implements Fields {
  readonly protocol = "s1ap";
  readonly type: number;
  readonly name: string;
  readonly kind: Fields["kind"];
  imsi: Fields["imsi"] = NONE;
  readonly msisdn: Fields["msisdn"] = NONE;
  readonly imei: Fields["imei"] = NONE;
  teids: Fields["teids"] = NONE;
  readonly ueAddresses: Fields["ueAddresses"] = NONE;
  readonly apn: Fields["apn"] = NONE;
  inner: Fields["inner"] = NONE;
  readonly faults: Fields["faults"];
  readonly criticality: Fields["criticality"];
  readonly ies: Fields["ies"];
  mmeUeId: Fields["mmeUeId"] = undefined;
  enbUeId: Fields["enbUeId"] = undefined;
  sourceMmeUeId: Fields["sourceMmeUeId"] = undefined;
  cause: Fields["cause"] = undefined;
  nasPdus: Fields["nasPdus"] = NONE;
  bearers: Fields["bearers"] = NONE;
  releasedErabs: Fields["releasedErabs"] = NONE;
  failedErabs: Fields["failedErabs"] = NONE;
  tai: Fields["tai"] = undefined;
  ecgi: Fields["ecgi"] = undefined;
  tais: Fields["tais"] = NONE;
  globalEnbId: Fields["globalEnbId"] = undefined;
  targetEnbId: Fields["targetEnbId"] = undefined;
  enbName: Fields["enbName"] = undefined;
  mmeName: Fields["mmeName"] = undefined;
  servedGummeis: Fields["servedGummeis"] = NONE;
  gummei: Fields["gummei"] = undefined;
  sTmsi: Fields["sTmsi"] = undefined;
  ueSecurityCapabilities: Fields["ueSecurityCapabilities"] = undefined;
  trace: Fields["trace"] = undefined;
  locationRequest: Fields["locationRequest"] = undefined;
  handoverType: Fields["handoverType"] = undefined;
  establishmentCause: Fields["establishmentCause"] = undefined;
  sourceToTarget: Fields["sourceToTarget"] = undefined;
  targetToSource: Fields["targetToSource"] = undefined;
  reset: Fields["reset"] = undefined;
  rerouted: Fields["rerouted"] = undefined;
  readonly unknownIes: Fields["unknownIes"];

  constructor(pdu: Pdu) {
    this.type = pdu.procedureCode;
    this.name = pdu.procedure;
    this.kind = pdu.outcome;
    this.faults = pdu.faults;
    this.criticality = pdu.criticality;
    this.ies = pdu.ies;
    this.unknownIes = pdu.unknown;
  }
}
