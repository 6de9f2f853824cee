/** Walks a decoded X2AP message and gathers what tracking and detection need, wherever in the message it stands. */
import {
  bitNumber,
  component,
  enumOf,
  ieValue,
  isProtocolIe,
  isSequence,
  numberOf,
  octetNumber,
  octetsOf,
  textOf,
} from "#decode/per/access.ts";
import {
  causeOf,
  ecgiOf,
  globalEnbIdOf,
  gummeiOf,
  securityCapabilitiesOf,
  traceIdOf,
  transportAddresses,
} from "#decode/per/ran-elements.ts";
import type { PerValue, ProtocolIe, Sequence } from "#decode/per/value.ts";
import type { Ecgi, GlobalEnbId, Gummei } from "#model/mobility.ts";
import type { X2apMessage, X2Bearer, X2BearerEnd, X2TraceOrder } from "./message.ts";

/** Numbers of the X2AP IEs that the collector reads (TS 36.423 §9.3.7); the names of all are in the table. */
const Ie = {
  E_RABs_ToBeSetup_Item: 4,
  Cause: 5,
  New_eNB_UE_X2AP_ID: 9,
  Old_eNB_UE_X2AP_ID: 10,
  TargetCell_ID: 11,
  TraceActivation: 13,
  GlobalENB_ID: 21,
  GUMMEI_ID: 23,
  MDTConfiguration: 72,
  MeNB_UE_X2AP_ID: 111,
  SeNB_UE_X2AP_ID: 112,
  New_eNB_UE_X2AP_ID_Extension: 155,
  Old_eNB_UE_X2AP_ID_Extension: 156,
  MeNB_UE_X2AP_ID_Extension: 157,
  SeNB_UE_X2AP_ID_Extension: 158,
  E_RABs_ToBeSetupRetrieve_Item: 174,
  SgNB_UE_X2AP_ID: 207,
  TraceCollectionEntityURI: 405,
} as const;

interface Place {
  readonly erabId: number;
  readonly qci: number | undefined;
  /** Whether `uL-GTPtunnelEndpoint` is the serving gateway's end: so in the lists that set a UE context up, elsewhere it is for forwarding. */
  readonly contextSetup: boolean;
}

const TOP: Place = { erabId: -1, qci: undefined, contextSetup: false };

export class Collector {
  oldEnbUeId: number | undefined = undefined;
  newEnbUeId: number | undefined = undefined;
  oldEnbUeIdExtension: number | undefined = undefined;
  newEnbUeIdExtension: number | undefined = undefined;
  mmeUeId: number | undefined = undefined;
  cause: X2apMessage["cause"] = undefined;
  readonly bearers: X2Bearer[] = [];
  targetCell: Ecgi | undefined = undefined;
  globalEnbId: GlobalEnbId | undefined = undefined;
  gummei: Gummei | undefined = undefined;
  ueSecurityCapabilities: X2apMessage["ueSecurityCapabilities"] = undefined;
  trace: X2TraceOrder | undefined = undefined;

  message(ies: readonly ProtocolIe[]): void {
    for (const ie of ies) this.topElement(ie);
    for (const ie of ies) this.element(ie, TOP);
  }

  private topElement(ie: ProtocolIe): void {
    const value = ie.value;
    switch (ie.id) {
      case Ie.Old_eNB_UE_X2AP_ID:
      case Ie.MeNB_UE_X2AP_ID:
        this.oldEnbUeId = numberOf(value);
        return;
      case Ie.New_eNB_UE_X2AP_ID:
      case Ie.SeNB_UE_X2AP_ID:
      case Ie.SgNB_UE_X2AP_ID:
        this.newEnbUeId = numberOf(value);
        return;
      case Ie.Old_eNB_UE_X2AP_ID_Extension:
      case Ie.MeNB_UE_X2AP_ID_Extension:
        this.oldEnbUeIdExtension = numberOf(value);
        return;
      case Ie.New_eNB_UE_X2AP_ID_Extension:
      case Ie.SeNB_UE_X2AP_ID_Extension:
        this.newEnbUeIdExtension = numberOf(value);
        return;
      case Ie.Cause:
        this.cause = causeOf(value);
        return;
      case Ie.TargetCell_ID:
        this.targetCell = ecgiOf(value);
        return;
      case Ie.GlobalENB_ID:
        this.globalEnbId = globalEnbIdOf(value);
        return;
      case Ie.GUMMEI_ID:
        this.gummei = x2GummeiOf(value);
        return;
    }
  }

  private element(ie: ProtocolIe, place: Place): void {
    if (ie.id === Ie.TraceActivation) this.traceActivation(ie.value);
    const contextSetup = place.contextSetup || ie.id === Ie.E_RABs_ToBeSetup_Item || ie.id === Ie.E_RABs_ToBeSetupRetrieve_Item;
    this.walk(ie.value, ie.name, contextSetup === place.contextSetup ? place : { ...place, contextSetup });
  }

  /** `name` is that of the component or IE that holds `value`. */
  private walk(value: PerValue, name: string, place: Place): void {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (Array.isArray(value)) {
      for (const element of value as readonly PerValue[]) this.walk(element, name, place);
      return;
    }
    if (isProtocolIe(value)) return this.element(value, place);
    if (!isSequence(value)) return;
    const here = this.item(value, name, place);
    for (const inner in value) {
      const part = value[inner]!;
      if (typeof part === "object") this.walk(part, inner, here);
    }
  }

  private item(value: Sequence, name: string, place: Place): Place {
    this.mmeUeId ??= numberOf(value["mME-UE-S1AP-ID"]);
    this.ueSecurityCapabilities ??= securityCapabilitiesOf(value);
    if (value["gTP-TEID"] !== undefined) this.pair(value, name, place);
    const erabId = numberOf(value["e-RAB-ID"]);
    if (erabId === undefined) return place;
    const qos = Object.keys(value).find((key) => key.endsWith("QoS-Parameters"));
    return { ...place, erabId, qci: numberOf(component(qos === undefined ? undefined : value[qos], "qCI")) };
  }

  private pair(value: Sequence, name: string, place: Place): void {
    const teid = octetNumber(value["gTP-TEID"], 4);
    if (teid === undefined) return;
    const end = endOf(name, place.contextSetup);
    for (const address of transportAddresses(value["transportLayerAddress"])) {
      this.bearers.push({ teid, address, erabId: place.erabId, end, qci: place.qci });
    }
  }

  private traceActivation(value: PerValue): void {
    const id = traceIdOf(component(value, "eUTRANTraceID"));
    if (id === undefined) return;
    const extensions = component(value, "iE-Extensions");
    const mdt = ieValue(extensions, Ie.MDTConfiguration);
    this.trace = {
      ...id,
      interfaces: bitNumber(component(value, "interfacesToTrace")),
      depth: enumOf(component(value, "traceDepth")),
      collector: transportAddresses(component(value, "traceCollectionEntityIPAddress")),
      collectorUri: textOf(ieValue(extensions, Ie.TraceCollectionEntityURI)),
      mdt: isSequence(mdt) ? mdt : undefined,
    };
  }
}

/** By the names that TS 36.423 gives its GTP tunnel endpoints (§9.1.1, §9.1.3, §9.1.4). */
function endOf(name: string, contextSetup: boolean): X2BearerEnd {
  if (name.startsWith("s1-UL")) return "sgw";
  if (name.startsWith("s1-DL")) return "enb";
  if (/^(?:secondary)?-?(?:meNB|seNB|sgNB)/i.test(name)) return "x2-u";
  if (/^uL/i.test(name)) return contextSetup ? "sgw" : "ul-forwarding";
  return "dl-forwarding";
}

/** X2AP nests the group of MMEs that S1AP spells out. */
function x2GummeiOf(value: PerValue): Gummei | undefined {
  const group = component(value, "gU-Group-ID");
  const code = octetsOf(component(value, "mME-Code"), 1);
  const parts: Record<string, PerValue> = {};
  const plmn = component(group, "pLMN-Identity");
  const groupId = component(group, "mME-Group-ID");
  if (plmn === undefined || groupId === undefined || code === undefined) return undefined;
  parts["pLMN-Identity"] = plmn;
  parts["mME-Group-ID"] = groupId;
  parts["mME-Code"] = code;
  return gummeiOf(parts);
}
