// The rule model: PDR, FAR and their parameters from grouped elements, 3GPP TS 29.244 §7.5.2 … §7.5.4.
// Every reader also feeds the message's identity lists, so that each element is read once.
import { append, appendText, appendTunnelEnd, isUnspecified, NONE } from "#decode/digits/identities.ts";
import type { Draft } from "./elements.ts";
import type { ApplicationPfds, Far, ForwardingParameters, Pdi, Pdr, PfcpFteid, PfcpIe, TrafficEndpoint, UeIpAddress } from "./message.ts";
import {
  readForwardingPolicy,
  readFteid,
  readHeaderEnrichment,
  readNetworkInstance,
  readNumber,
  readOuterHeaderCreation,
  readPfdContents,
  readRedirectInformation,
  readSdfFilter,
  readUeIpAddress,
  readWholeText,
} from "./values.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Element types (table 8.1.2-1) that this file takes apart. */
export const Ie = {
  PDI: 2,
  FORWARDING_PARAMETERS: 4,
  DUPLICATING_PARAMETERS: 5,
  UPDATE_FORWARDING_PARAMETERS: 11,
  SOURCE_INTERFACE: 20,
  F_TEID: 21,
  NETWORK_INSTANCE: 22,
  SDF_FILTER: 23,
  APPLICATION_ID: 24,
  PRECEDENCE: 29,
  TRANSPORT_LEVEL_MARKING: 30,
  REDIRECT_INFORMATION: 38,
  FORWARDING_POLICY: 41,
  DESTINATION_INTERFACE: 42,
  APPLY_ACTION: 44,
  PFCPSMREQ_FLAGS: 49,
  PDR_ID: 56,
  PFD_CONTEXT: 59,
  PFD_CONTENTS: 61,
  URR_ID: 81,
  OUTER_HEADER_CREATION: 84,
  BAR_ID: 88,
  UE_IP_ADDRESS: 93,
  OUTER_HEADER_REMOVAL: 95,
  HEADER_ENRICHMENT: 98,
  UPDATE_DUPLICATING_PARAMETERS: 105,
  ACTIVATE_PREDEFINED_RULES: 106,
  DEACTIVATE_PREDEFINED_RULES: 107,
  FAR_ID: 108,
  QER_ID: 109,
  QFI: 124,
  TRAFFIC_ENDPOINT_ID: 131,
  MAR_ID: 170,
  REDUNDANT_TRANSMISSION_FORWARDING: 270,
  ADD_MBS_UNICAST_PARAMETERS: 302,
} as const;

/** F-TEID: into `teids` where it names an end. */
export function takeFteid(message: Draft, ie: PfcpIe): PfcpFteid | undefined {
  const fteid = readFteid(message, ie);
  if (fteid?.teid !== undefined) {
    if (fteid.ipv4 !== undefined) message.teids = appendTunnelEnd(message.teids, fteid.teid, fteid.ipv4);
    if (fteid.ipv6 !== undefined) message.teids = appendTunnelEnd(message.teids, fteid.teid, fteid.ipv6);
  }
  return fteid;
}

/** UE IP Address: into `ueAddresses` unless the user plane is to choose it. */
export function takeUeIpAddress(message: Draft, ie: PfcpIe): UeIpAddress | undefined {
  const address = readUeIpAddress(message, ie);
  for (const text of [address?.ipv4, address?.ipv6]) {
    if (text !== undefined && !isUnspecified(text)) message.ueAddresses = appendText(message.ueAddresses, text);
  }
  return address;
}

export function takeOuterHeaderCreation(message: Draft, ie: PfcpIe): ForwardingParameters["outerHeaderCreation"] {
  const creation = readOuterHeaderCreation(message, ie);
  if (creation?.teid !== undefined) {
    if (creation.ipv4 !== undefined) message.teids = appendTunnelEnd(message.teids, creation.teid, creation.ipv4);
    if (creation.ipv6 !== undefined) message.teids = appendTunnelEnd(message.teids, creation.teid, creation.ipv6);
  }
  return creation;
}

/** `visit` sees the elements that no rule reader takes apart, so that identities in them are found too. */
export type Visit = (ie: PfcpIe) => void;

/** Create PDR, Update PDR, Created PDR, Updated PDR. */
export function readPdr(message: Draft, group: PfcpIe, visit: Visit): Pdr {
  const pdr: Mutable<Pdr> = {
    id: undefined,
    precedence: undefined,
    pdi: undefined,
    outerHeaderRemoval: undefined,
    farId: undefined,
    urrIds: NONE,
    qerIds: NONE,
    marId: undefined,
    activatedRules: NONE,
    deactivatedRules: NONE,
    fteids: NONE,
    ueIpAddresses: NONE,
  };
  for (const ie of group.children) {
    switch (ie.type) {
      case Ie.PDR_ID:
        pdr.id ??= readNumber(message, ie, 2);
        break;
      case Ie.PRECEDENCE:
        pdr.precedence ??= readNumber(message, ie, 4);
        break;
      case Ie.PDI:
        pdr.pdi ??= readPdi(message, ie, visit);
        break;
      case Ie.OUTER_HEADER_REMOVAL:
        pdr.outerHeaderRemoval ??= readNumber(message, ie, 1);
        break;
      case Ie.FAR_ID:
        pdr.farId ??= readNumber(message, ie, 4);
        break;
      case Ie.URR_ID:
        pdr.urrIds = appendNumber(pdr.urrIds, readNumber(message, ie, 4));
        break;
      case Ie.QER_ID:
        pdr.qerIds = appendNumber(pdr.qerIds, readNumber(message, ie, 4));
        break;
      case Ie.MAR_ID:
        pdr.marId ??= readNumber(message, ie, 2);
        break;
      case Ie.ACTIVATE_PREDEFINED_RULES: {
        const name = readWholeText(message, ie);
        pdr.activatedRules = appendText(pdr.activatedRules, name);
        message.activatedRules = appendText(message.activatedRules, name);
        break;
      }
      case Ie.DEACTIVATE_PREDEFINED_RULES: {
        const name = readWholeText(message, ie);
        pdr.deactivatedRules = appendText(pdr.deactivatedRules, name);
        message.deactivatedRules = appendText(message.deactivatedRules, name);
        break;
      }
      case Ie.F_TEID:
        pdr.fteids = appendDefined(pdr.fteids, takeFteid(message, ie));
        break;
      case Ie.UE_IP_ADDRESS:
        pdr.ueIpAddresses = appendDefined(pdr.ueIpAddresses, takeUeIpAddress(message, ie));
        break;
      default:
        visit(ie);
    }
  }
  return pdr;
}

function readPdi(message: Draft, group: PfcpIe, visit: Visit): Pdi {
  const pdi: Mutable<Pdi> = {
    sourceInterface: undefined,
    fteids: NONE,
    networkInstance: undefined,
    ueIpAddresses: NONE,
    sdfFilters: NONE,
    applicationId: undefined,
    qfis: NONE,
    trafficEndpointIds: NONE,
  };
  for (const ie of group.children) {
    switch (ie.type) {
      case Ie.SOURCE_INTERFACE:
        pdi.sourceInterface ??= lowBits(readNumber(message, ie, 1), 0x0f);
        break;
      case Ie.F_TEID:
        pdi.fteids = appendDefined(pdi.fteids, takeFteid(message, ie));
        break;
      case Ie.NETWORK_INSTANCE:
        pdi.networkInstance ??= readNetworkInstance(message, ie);
        break;
      case Ie.UE_IP_ADDRESS:
        pdi.ueIpAddresses = appendDefined(pdi.ueIpAddresses, takeUeIpAddress(message, ie));
        break;
      case Ie.SDF_FILTER:
        pdi.sdfFilters = appendDefined(pdi.sdfFilters, readSdfFilter(message, ie));
        break;
      case Ie.APPLICATION_ID:
        pdi.applicationId ??= readWholeText(message, ie);
        break;
      case Ie.QFI:
        pdi.qfis = appendNumber(pdi.qfis, lowBits(readNumber(message, ie, 1), 0x3f));
        break;
      case Ie.TRAFFIC_ENDPOINT_ID:
        pdi.trafficEndpointIds = appendNumber(pdi.trafficEndpointIds, readNumber(message, ie, 1));
        break;
      default:
        visit(ie);
    }
  }
  return pdi;
}

/** Create FAR, Update FAR. */
export function readFar(message: Draft, group: PfcpIe, visit: Visit): Far {
  const far: Mutable<Far> = {
    id: undefined,
    applyAction: undefined,
    forwarding: undefined,
    duplicating: NONE,
    redundantTransmission: NONE,
    mbsUnicast: NONE,
    barId: undefined,
    vendorIes: vendorIesOf(group),
  };
  for (const ie of group.children) {
    switch (ie.type) {
      case Ie.FAR_ID:
        far.id ??= readNumber(message, ie, 4);
        break;
      case Ie.APPLY_ACTION:
        far.applyAction ??= readApplyAction(message, ie);
        break;
      case Ie.FORWARDING_PARAMETERS:
      case Ie.UPDATE_FORWARDING_PARAMETERS: {
        const parameters = readForwardingParameters(message, ie, visit);
        far.forwarding ??= parameters;
        break;
      }
      case Ie.DUPLICATING_PARAMETERS:
      case Ie.UPDATE_DUPLICATING_PARAMETERS:
        far.duplicating = append(far.duplicating, readForwardingParameters(message, ie, visit));
        break;
      case Ie.REDUNDANT_TRANSMISSION_FORWARDING:
        far.redundantTransmission = append(far.redundantTransmission, readForwardingParameters(message, ie, visit));
        break;
      case Ie.ADD_MBS_UNICAST_PARAMETERS:
        far.mbsUnicast = append(far.mbsUnicast, readForwardingParameters(message, ie, visit));
        break;
      case Ie.BAR_ID:
        far.barId ??= readNumber(message, ie, 1);
        break;
      default:
        visit(ie);
    }
  }
  return far;
}

/** Apply Action §8.2.26: one octet in older releases, two in newer ones; the element's length tells, not the release. */
function readApplyAction(message: Draft, ie: PfcpIe): number | undefined {
  const first = readNumber(message, ie, 1);
  if (first === undefined || ie.length < 2) return first;
  return first | (message.bytes[ie.start + 1]! << 8);
}

function readForwardingParameters(message: Draft, group: PfcpIe, visit: Visit): ForwardingParameters {
  const parameters: Mutable<ForwardingParameters> = {
    destinationInterface: undefined,
    networkInstance: undefined,
    outerHeaderCreation: undefined,
    forwardingPolicy: undefined,
    redirectInformation: undefined,
    headerEnrichment: NONE,
    linkedTrafficEndpointId: undefined,
    smReqFlags: undefined,
    transportLevelMarking: undefined,
  };
  for (const ie of group.children) {
    switch (ie.type) {
      case Ie.DESTINATION_INTERFACE:
        parameters.destinationInterface ??= lowBits(readNumber(message, ie, 1), 0x0f);
        break;
      case Ie.NETWORK_INSTANCE:
        parameters.networkInstance ??= readNetworkInstance(message, ie);
        break;
      case Ie.OUTER_HEADER_CREATION: {
        const creation = takeOuterHeaderCreation(message, ie);
        parameters.outerHeaderCreation ??= creation;
        break;
      }
      case Ie.FORWARDING_POLICY:
        parameters.forwardingPolicy ??= readForwardingPolicy(message, ie);
        break;
      case Ie.REDIRECT_INFORMATION:
        parameters.redirectInformation ??= readRedirectInformation(message, ie);
        break;
      case Ie.HEADER_ENRICHMENT:
        parameters.headerEnrichment = appendDefined(parameters.headerEnrichment, readHeaderEnrichment(message, ie));
        break;
      case Ie.TRAFFIC_ENDPOINT_ID:
        parameters.linkedTrafficEndpointId ??= readNumber(message, ie, 1);
        break;
      case Ie.PFCPSMREQ_FLAGS:
        parameters.smReqFlags ??= readNumber(message, ie, 1);
        break;
      case Ie.TRANSPORT_LEVEL_MARKING:
        parameters.transportLevelMarking ??= readNumber(message, ie, 2);
        break;
      default:
        visit(ie);
    }
  }
  return parameters;
}

/** Create, Created, Update Traffic Endpoint. */
export function readTrafficEndpoint(message: Draft, group: PfcpIe, visit: Visit): TrafficEndpoint {
  const endpoint: Mutable<TrafficEndpoint> = { id: undefined, fteids: NONE, networkInstance: undefined, ueIpAddresses: NONE };
  for (const ie of group.children) {
    switch (ie.type) {
      case Ie.TRAFFIC_ENDPOINT_ID:
        endpoint.id ??= readNumber(message, ie, 1);
        break;
      case Ie.F_TEID:
        endpoint.fteids = appendDefined(endpoint.fteids, takeFteid(message, ie));
        break;
      case Ie.NETWORK_INSTANCE:
        endpoint.networkInstance ??= readNetworkInstance(message, ie);
        break;
      case Ie.UE_IP_ADDRESS:
        endpoint.ueIpAddresses = appendDefined(endpoint.ueIpAddresses, takeUeIpAddress(message, ie));
        break;
      default:
        visit(ie);
    }
  }
  return endpoint;
}

/** Application ID's PFDs: application, PFD contexts, PFD contents (§7.4.3.1). */
export function readApplicationPfds(message: Draft, group: PfcpIe): ApplicationPfds {
  let applicationId: string | undefined;
  const flowDescriptions: string[] = [];
  const urls: string[] = [];
  const domainNames: string[] = [];
  for (const ie of group.children) {
    if (ie.type === Ie.APPLICATION_ID) applicationId ??= readWholeText(message, ie);
    if (ie.type !== Ie.PFD_CONTEXT) continue;
    for (const inner of ie.children) {
      if (inner.type !== Ie.PFD_CONTENTS) continue;
      const contents = readPfdContents(message, inner);
      flowDescriptions.push(...contents.flowDescriptions);
      urls.push(...contents.urls);
      domainNames.push(...contents.domainNames);
    }
  }
  return { applicationId, flowDescriptions, urls, domainNames };
}

function vendorIesOf(group: PfcpIe): readonly PfcpIe[] {
  let found: readonly PfcpIe[] = NONE;
  for (const ie of group.children) {
    if (ie.enterprise !== undefined) found = append(found, ie);
    for (const inner of ie.children) if (inner.enterprise !== undefined) found = append(found, inner);
  }
  return found;
}

export function appendDefined<T>(list: readonly T[], value: T | undefined): readonly T[] {
  return value === undefined ? list : append(list, value);
}

export function appendNumber(list: readonly number[], value: number | undefined): readonly number[] {
  return value === undefined ? list : append(list, value);
}

function lowBits(value: number | undefined, mask: number): number | undefined {
  return value === undefined ? undefined : value & mask;
}
