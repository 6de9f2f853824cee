/**
 * Walks a decoded S1AP message and gathers what tracking and detection need, wherever in the message it stands:
 * a transport pair, a trace activation or a NAS PDU counts in any IE, also in one that a later release adds.
 */
import { append, NONE } from "#decode/digits/identities.ts";
import { readTbcd } from "#decode/digits/tbcd.ts";
import {
  bitNumber,
  choiceOf,
  component,
  enumOf,
  ieValue,
  isProtocolIe,
  isSequence,
  listOf,
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
  plmnOf,
  securityCapabilitiesOf,
  sTmsiOf,
  taiOf,
  traceIdOf,
  transportAddresses,
} from "#decode/per/ran-elements.ts";
import type { PerValue, ProtocolIe, Sequence } from "#decode/per/value.ts";
import { Ie } from "./ids.ts";
import type { Draft } from "./draft.ts";
import type { BearerEnd, UeIdPair } from "./message.ts";

/** Where the walk stands: the E-RAB whose item it is in, and what the list says about its E-RABs. */
interface Place {
  readonly erabId: number;
  readonly qci: number | undefined;
  readonly end: BearerEnd;
  readonly fate: "released" | "failed" | undefined;
}

const TOP: Place = { erabId: -1, qci: undefined, end: "sgw", fate: undefined };

/** Lists whose transport pairs are ends at the eNB; all others are ends at the serving gateway (TS 36.413 §9.1.3, §9.1.4, §9.1.5). */
const ENB_LISTS: readonly number[] = [
  Ie.E_RABSetupListCtxtSURes,
  Ie.E_RABSetupListBearerSURes,
  Ie.E_RABAdmittedList,
  Ie.E_RABToBeSwitchedDLList,
  Ie.E_RABToBeModifiedListBearerModInd,
  Ie.E_RABNotToBeModifiedListBearerModInd,
];

const RELEASED_LISTS: readonly number[] = [
  Ie.E_RABToBeReleasedList,
  Ie.E_RABtoReleaseListHOCmd,
  Ie.E_RABReleaseListBearerRelComp,
  Ie.E_RABReleasedList,
  Ie.E_RABToBeReleasedListBearerModConf,
];

const FAILED_LISTS: readonly number[] = [
  Ie.E_RABFailedToSetupListHOReqAck,
  Ie.E_RABFailedToSetupListBearerSURes,
  Ie.E_RABFailedToModifyList,
  Ie.E_RABFailedToReleaseList,
  Ie.E_RABFailedToSetupListCtxtSURes,
  Ie.E_RABFailedToBeReleasedList,
  Ie.E_RABFailedToModifyListBearerModConf,
  Ie.E_RABFailedToResumeListResumeReq,
  Ie.E_RABFailedToResumeListResumeRes,
];

/** Which of these an IE is, by its id; 0: none. */
const ENB = 1;
const RELEASED = 2;
const FAILED = 3;
const LISTS = new Uint8Array(512);
for (const id of ENB_LISTS) LISTS[id] = ENB;
for (const id of RELEASED_LISTS) LISTS[id] = RELEASED;
for (const id of FAILED_LISTS) LISTS[id] = FAILED;

/** Components that `item` looks for. */
const ITEM_NAMES: ReadonlySet<string> = new Set(["e-RAB-ID", "gTP-TEID", "transportLayerAddress", "dL-gTP-TEID", "uL-GTP-TEID", "nAS-PDU"]);

export class Collector {
  sourceToTarget: Uint8Array | undefined = undefined;
  targetToSource: Uint8Array | undefined = undefined;
  resetAll = false;
  resetUes: readonly UeIdPair[] = NONE;
  private readonly message: Draft;

  /** Gathers into `message`, whose IEs are there. */
  constructor(message: Draft) {
    this.message = message;
  }

  gather(): void {
    const { ies } = this.message;
    for (const ie of ies) this.topElement(ie, ies);
    for (const ie of ies) this.element(ie, TOP);
  }

  /** IEs that mean what they say only at the top of a message. */
  private topElement(ie: ProtocolIe, ies: readonly ProtocolIe[]): void {
    const value = ie.value;
    switch (ie.id) {
      case Ie.MME_UE_S1AP_ID:
        this.message.mmeUeId = numberOf(value);
        return;
      case Ie.ENB_UE_S1AP_ID:
        this.message.enbUeId = numberOf(value);
        return;
      case Ie.SourceMME_UE_S1AP_ID:
        this.message.sourceMmeUeId = numberOf(value);
        return;
      case Ie.UE_S1AP_IDs: {
        const ids = choiceOf(value);
        this.message.mmeUeId = numberOf(ids?.value) ?? numberOf(component(ids?.value, "mME-UE-S1AP-ID"));
        this.message.enbUeId = numberOf(component(ids?.value, "eNB-UE-S1AP-ID"));
        return;
      }
      case Ie.Cause:
        this.message.cause = causeOf(value);
        return;
      case Ie.ResetType:
        return this.reset(value);
      case Ie.HandoverType:
        this.message.handoverType = enumOf(value);
        return;
      case Ie.RRC_Establishment_Cause:
        this.message.establishmentCause = enumOf(value);
        return;
      case Ie.Source_ToTarget_TransparentContainer:
        this.sourceToTarget = octetsOf(value);
        return;
      case Ie.Target_ToSource_TransparentContainer:
        this.targetToSource = octetsOf(value);
        return;
      case Ie.S1_Message:
        this.message.rerouted = octetsOf(value);
        return;
      case Ie.TargetID:
        this.message.targetEnbId = globalEnbIdOf(component(choiceOf(value)?.value, "global-ENB-ID"));
        return;
      case Ie.Global_ENB_ID:
        this.message.globalEnbId = globalEnbIdOf(value);
        return;
      case Ie.ENBname:
        this.message.enbName = textOf(value);
        return;
      case Ie.MMEname:
        this.message.mmeName = textOf(value);
        return;
      case Ie.SupportedTAs:
        return this.supportedTas(value);
      case Ie.ServedGUMMEIs:
        return this.served(value);
      case Ie.GUMMEI_ID:
        this.message.gummei = gummeiOf(value);
        return;
      case Ie.S_TMSI:
        this.message.sTmsi = sTmsiOf(value);
        return;
      case Ie.UEPagingID: {
        const id = choiceOf(value);
        const imsi = id?.choice === "iMSI" ? octetsOf(id.value) : undefined;
        if (imsi !== undefined) this.message.imsi = append(this.message.imsi, readTbcd(imsi, 0, imsi.length));
        else this.message.sTmsi = sTmsiOf(id?.value);
        return;
      }
      case Ie.TAI:
        this.message.tai = taiOf(value);
        return;
      case Ie.EUTRAN_CGI:
        this.message.ecgi = ecgiOf(value);
        return;
      case Ie.UserLocationInformation:
        this.message.tai ??= taiOf(component(value, "tai"));
        this.message.ecgi ??= ecgiOf(component(value, "eutran-cgi"));
        return;
      case Ie.RequestType: {
        const event = enumOf(component(value, "eventType"));
        const area = enumOf(component(value, "reportArea"));
        if (event !== undefined && area !== undefined) this.message.locationRequest = { event, area };
        return;
      }
      case Ie.E_UTRAN_Trace_ID:
        return this.cellTrace(value, ies);
    }
  }

  /** IEs at any depth. */
  private element(ie: ProtocolIe, place: Place): void {
    switch (ie.id) {
      case Ie.TraceActivation:
        this.traceActivation(ie.value);
        return;
      case Ie.NAS_PDU:
        this.nasPdu(ie.value);
        return;
      case Ie.UESecurityCapabilities:
        this.message.ueSecurityCapabilities ??= securityCapabilitiesOf(ie.value);
        return;
      case Ie.TAIItem: {
        const tai = taiOf(component(ie.value, "tAI"));
        if (tai !== undefined) this.message.tais = append(this.message.tais, tai);
        return;
      }
      // In nearly every message of a UE, and they hold nothing but a place: walking them took as long as all else that is gathered.
      case Ie.TAI:
      case Ie.EUTRAN_CGI:
        if (isSequence(ie.value) && ie.value["iE-Extensions"] === undefined) return;
        break;
      default:
    }
    if (typeof ie.value !== "object") return;
    switch (LISTS[ie.id]) {
      case ENB:
        return this.walk(ie.value, { erabId: place.erabId, qci: place.qci, end: "enb", fate: place.fate });
      case RELEASED:
        return this.walk(ie.value, { erabId: place.erabId, qci: place.qci, end: place.end, fate: "released" });
      case FAILED:
        return this.walk(ie.value, { erabId: place.erabId, qci: place.qci, end: place.end, fate: "failed" });
      default:
        return this.walk(ie.value, place);
    }
  }

  private walk(value: PerValue, place: Place): void {
    if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
    if (Array.isArray(value)) {
      for (const element of value as readonly PerValue[]) this.walk(element, place);
      return;
    }
    if (isProtocolIe(value)) return this.element(value, place);
    if (!isSequence(value)) return;
    let here = place;
    for (const name in value) {
      // Most structures name none of these, and looking each of them up took a quarter of the walk.
      if (ITEM_NAMES.has(name)) {
        here = this.item(value, place);
        break;
      }
    }
    for (const name in value) {
      const inner = value[name]!;
      if (typeof inner === "object") this.walk(inner, here);
    }
  }

  /** What a SEQUENCE says about an E-RAB, whichever item it is. */
  private item(value: Sequence, place: Place): Place {
    const erabId = numberOf(value["e-RAB-ID"]);
    let here = place;
    if (erabId !== undefined) {
      const qos = value["e-RABlevelQoSParameters"] ?? value["e-RABlevelQosParameters"] ?? value["e-RABLevelQoSParameters"];
      here = { ...place, erabId, qci: numberOf(component(qos, "qCI")) };
      if (place.fate === "released") this.message.releasedErabs = appendOnce(this.message.releasedErabs, erabId);
      else if (place.fate === "failed") this.message.failedErabs = appendOnce(this.message.failedErabs, erabId);
    }
    if (value["gTP-TEID"] !== undefined) this.pair(value["transportLayerAddress"], value["gTP-TEID"], here.end, here);
    else if (value["transportLayerAddress"] !== undefined) {
      // E-RAB Modification Indication names the eNB's end `dL`, Transport Information (E-RAB Modify Request) the gateway's `uL`.
      this.pair(value["transportLayerAddress"], value["dL-GTP-TEID"], "enb", here);
      this.pair(value["transportLayerAddress"], value["uL-GTP-TEID"], "sgw", here);
    }
    this.pair(value["dL-transportLayerAddress"], value["dL-gTP-TEID"], "dl-forwarding", here);
    this.pair(value["uL-TransportLayerAddress"], value["uL-GTP-TEID"], "ul-forwarding", here);
    this.nasPdu(value["nAS-PDU"]);
    return here;
  }

  private pair(address: PerValue | undefined, teidOctets: PerValue | undefined, end: BearerEnd, place: Place): void {
    const teid = octetNumber(teidOctets, 4);
    if (teid === undefined) return;
    for (const text of transportAddresses(address)) {
      this.message.bearers = append(this.message.bearers, { teid, address: text, erabId: place.erabId, end, qci: place.qci });
    }
  }

  private nasPdu(value: PerValue | undefined): void {
    const nas = octetsOf(value);
    if (nas !== undefined) this.message.nasPdus = append(this.message.nasPdus, nas);
  }

  /** Cell Traffic Trace spreads the order over IEs of its own; Deactivate Trace and Trace Failure Indication name the trace alone. */
  private cellTrace(traceId: PerValue, ies: readonly ProtocolIe[]): void {
    const id = traceIdOf(traceId);
    if (id === undefined) return;
    this.message.trace = {
      ...id,
      interfaces: undefined,
      depth: undefined,
      collector: transportAddresses(ieValue(ies, Ie.TraceCollectionEntityIPAddress)),
      collectorUri: textOf(ieValue(ies, Ie.TraceCollectionEntityURI)),
      mdt: undefined,
      mdtNr: undefined,
    };
  }

  private traceActivation(value: PerValue): void {
    const id = traceIdOf(component(value, "e-UTRAN-Trace-ID"));
    if (id === undefined) return;
    const extensions = component(value, "iE-Extensions");
    const mdt = ieValue(extensions, Ie.MDTConfiguration);
    this.message.trace = {
      ...id,
      interfaces: bitNumber(component(value, "interfacesToTrace")),
      depth: enumOf(component(value, "traceDepth")),
      collector: transportAddresses(component(value, "traceCollectionEntityIPAddress")),
      collectorUri: textOf(ieValue(extensions, Ie.TraceCollectionEntityURI)),
      mdt: isSequence(mdt) ? mdt : undefined,
      mdtNr: octetsOf(ieValue(extensions, Ie.MDTConfigurationNR)),
    };
  }

  private supportedTas(value: PerValue): void {
    for (const item of listOf(value)) {
      const tac = octetNumber(component(item, "tAC"), 2);
      if (tac === undefined) continue;
      for (const octets of listOf(component(item, "broadcastPLMNs"))) {
        const plmn = plmnOf(octets);
        if (plmn !== undefined) this.message.tais = append(this.message.tais, { plmn, tac });
      }
    }
  }

  private served(value: PerValue): void {
    const defined = <T>(list: readonly (T | undefined)[]): T[] => list.filter((element) => element !== undefined);
    for (const item of listOf(value)) {
      this.message.servedGummeis = append(this.message.servedGummeis, {
        plmns: defined(listOf(component(item, "servedPLMNs")).map(plmnOf)),
        mmeGroupIds: defined(listOf(component(item, "servedGroupIDs")).map((id) => octetNumber(id, 2))),
        mmeCodes: defined(listOf(component(item, "servedMMECs")).map((code) => octetNumber(code, 1))),
      });
    }
  }

  private reset(value: PerValue): void {
    const type = choiceOf(value);
    this.resetAll = type?.choice === "s1-Interface";
    for (const item of listOf(type?.value)) {
      const ids = isProtocolIe(item) ? item.value : undefined;
      const pair = { mmeUeId: numberOf(component(ids, "mME-UE-S1AP-ID")), enbUeId: numberOf(component(ids, "eNB-UE-S1AP-ID")) };
      this.resetUes = append(this.resetUes, pair);
    }
  }
}

function appendOnce(list: readonly number[], value: number): readonly number[] {
  return list.includes(value) ? list : append(list, value);
}
