/**
 * ETSI TS 103 221-1 (read to V1.10.1; schema namespace `http://uri.etsi.org/03221/X1/2017/10`): X1, the tasking of
 * network elements by the administration function. Clause 6 the operations, 6.2.1.2 TaskDetails, 6.3.1.2
 * DestinationDetails, 6.7 error responses, 7.2 the encoding in XML over HTTP. Identifiers: TS 103 280.
 */
import type { Fault } from "#model/fault.ts";
import type { TargetIdentifier, X1Destination, X1Message, X1Task } from "#model/interception.ts";
import { canonicalAddress, foldTarget, identityLists } from "#model/target.ts";
import type { Instant } from "#model/time.ts";
import { X1_LIMITS } from "./limits.ts";
import { TOP_LEVEL_ERROR, UNKNOWN_OPERATION, X1_OPERATIONS } from "./operations.ts";
import type { XmlElement } from "./xml.ts";
import { child, childrenNamed, childText, parseXml, resolvePrefix, XSI } from "./xml.ts";

/** Later schema versions keep the path and change the date; all are read. */
const NAMESPACE = /^http:\/\/uri\.etsi\.org\/03221\/X1\/\d{4}\/\d{2}$/;
/** Octets that every X1 document holds, whatever its prefixes. */
const MARK = "uri.etsi.org/03221/X1/";

/** Whether a body may be X1: cheap, before it is parsed. */
export function mayBeX1(text: string): boolean {
  return text.includes(MARK);
}

/** Messages of one HTTP body; empty where it is no X1 document. `faults` says what was wrong with one that is. */
export function readX1(text: string): { readonly messages: X1Message[]; readonly faults: Fault[] } {
  const parsed = parseXml(text);
  if ("problem" in parsed) {
    const code = parsed.problem === "depth" ? "depth" : parsed.problem === "count" ? "count" : "encoding";
    return { messages: [], faults: [{ layer: "x1", code, field: parsed.problem, offset: parsed.at, needed: -1, had: text.length }] };
  }
  const { root } = parsed;
  if (!NAMESPACE.test(root.namespace)) return { messages: [], faults: [] };
  if (root.name === "X1TopLevelErrorResponse") return { messages: [readMessage(root, "TopLevelError", false)], faults: [] };
  const request = root.name === "X1Request" || root.name === "RequestContainer";
  const list = root.children.filter((c) => c.name === "x1RequestMessage" || c.name === "x1ResponseMessage").slice(0, X1_LIMITS.messages);
  const messages = list.map((m) => {
    const name = typeOf(m) ?? child(m, "messageType")?.text ?? "";
    return readMessage(m, name, m.name === "x1RequestMessage" || (request && m.name !== "x1ResponseMessage"));
  });
  return { messages, faults: [] };
}

/** Local part of `xsi:type`, where its prefix stands for the X1 namespace (or for none). */
function typeOf(e: XmlElement): string | undefined {
  const type = e.attributes.find((a) => a.name === "type" && (a.namespace === XSI || a.namespace === ""))?.value.trim();
  if (type === undefined) return undefined;
  const colon = type.indexOf(":");
  if (colon < 0) return type;
  return resolvePrefix(e.scope, type.slice(0, colon)) === undefined ? undefined : type.slice(colon + 1);
}

function readMessage(e: XmlElement, type: string, request: boolean): X1Message {
  const error = type === "ErrorResponse" || type === "TopLevelError" || child(e, "errorInformation") !== undefined;
  const answered = type === "ErrorResponse" ? (childText(e, "requestMessageType") ?? "") : type;
  const operation = answered.replace(/(Request|Response)$/, "");
  const code = childText(child(e, "errorInformation"), "errorCode");
  const tasks = tasksOf(e);
  const destinations = destinationsOf(e);
  const targets = tasks.flatMap((t) => t.targets);
  const faults: Fault[] = [];
  if (type === "") faults.push({ layer: "x1", code: "value", field: "xsi:type", offset: -1, needed: -1, had: -1 });
  return {
    protocol: "x1",
    type:
      type === "TopLevelError"
        ? TOP_LEVEL_ERROR
        : ((Object.hasOwn(X1_OPERATIONS, operation) ? X1_OPERATIONS[operation] : undefined) ?? UNKNOWN_OPERATION),
    name: type === "" ? "X1 message of no stated type" : type,
    request,
    operation,
    outcome: request ? "request" : error ? "error" : "ok",
    errorCode: code !== undefined && /^[0-9]{1,9}$/.test(code) ? Number(code) : undefined,
    ...identityLists(targets),
    teids: [],
    ueAddresses: targets.filter((t) => t.kind === "ip" && !t.value.includes("/")).map((t) => t.value),
    apn: [],
    inner: [],
    faults,
    admfIdentifier: childText(e, "admfIdentifier"),
    neIdentifier: childText(e, "neIdentifier"),
    messageTime: dateTime(childText(e, "messageTimestamp")),
    version: childText(e, "version"),
    transactionId: childText(e, "x1TransactionId")?.toLowerCase(),
    tasks,
    xIds: childrenNamed(e, "xId").map((x) => x.text.trim().toLowerCase()),
    destinations,
    dIds: childrenNamed(e, "dId").map((x) => x.text.trim().toLowerCase()),
  };
}

/**
 * Tasks of a message: `taskDetails` in requests, and in responses of GetTaskDetails, GetAllDetails and the like
 * inside `taskResponseDetails` (in lists of any name).
 */
function tasksOf(e: XmlElement): X1Task[] {
  return find(e, "taskDetails").map(readTask);
}

function destinationsOf(e: XmlElement): X1Destination[] {
  return find(e, "destinationDetails").map(readDestination);
}

/** Descendants of this name, at most three levels down, not inside one another. */
function find(e: XmlElement, name: string, levels = 4): XmlElement[] {
  if (levels === 0) return [];
  return e.children.flatMap((c) => (c.name === name ? [c] : find(c, name, levels - 1))).slice(0, X1_LIMITS.messages);
}

function readTask(e: XmlElement): X1Task {
  const targets: TargetIdentifier[] = [];
  for (const t of child(e, "targetIdentifiers")?.children ?? []) {
    if (targets.length >= X1_LIMITS.targets) break;
    for (const id of t.children) {
      // A value of further elements (an extension, a range) has no text of its own that could be compared.
      if (id.children.length > 0) targets.push({ kind: "other", value: "", element: id.name, sent: "" });
      else targets.push(foldTarget(id.name, id.text));
    }
  }
  return {
    xId: childText(e, "xId")?.toLowerCase() ?? "",
    targets,
    deliveryType: childText(e, "deliveryType"),
    dIds: dIdList(e),
    mediation: (child(e, "listOfMediationDetails")?.children ?? []).slice(0, X1_LIMITS.targets).map((m) => ({
      liid: childText(m, "LIID") ?? childText(m, "lIID") ?? "",
      start: dateTime(childText(m, "StartTime") ?? childText(m, "startTime")),
      end: dateTime(childText(m, "EndTime") ?? childText(m, "endTime")),
      dIds: dIdList(m),
    })),
    productId: childText(e, "productID")?.toLowerCase(),
  };
}

function dIdList(e: XmlElement): string[] {
  return (child(e, "listOfDIDs")?.children ?? []).slice(0, X1_LIMITS.targets).map((d) => d.text.trim().toLowerCase());
}

function readDestination(e: XmlElement): X1Destination {
  const end = child(child(e, "deliveryAddress"), "ipAddressAndPort");
  const address = child(end, "address");
  const text = childText(address, "IPv4Address") ?? childText(address, "IPv6Address") ?? childText(end, "address");
  const portElement = child(end, "port");
  const port = childText(portElement, "TCPPort") ?? childText(portElement, "UDPPort") ?? portElement?.text.trim();
  return {
    dId: childText(e, "dId")?.toLowerCase() ?? "",
    address: text === undefined ? undefined : canonicalAddress(text),
    port: port !== undefined && /^[0-9]{1,5}$/.test(port) ? Number(port) : undefined,
    deliveryType: childText(e, "deliveryType"),
  };
}

/** xs:dateTime with zone (TS 103 280 QualifiedMicrosecondDateTime). */
export function dateTime(text: string | undefined): Instant | undefined {
  const m = text === undefined ? null : /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(Z|[+-]\d{2}:\d{2})$/.exec(text);
  if (m === null) return undefined;
  const ms = Date.parse(`${m[1]}${m[3]}`);
  if (Number.isNaN(ms)) return undefined;
  return { sec: ms / 1000, nsec: Number((m[2] ?? "").slice(0, 9).padEnd(9, "0")) };
}
