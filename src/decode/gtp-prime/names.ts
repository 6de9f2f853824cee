// Message types (3GPP TS 32.295 table 6.2.1, TS 29.060 table 1; version 0: TS 09.60 table 1) and information elements
// (TS 32.295 table 6.2.1a).
import { codeTable } from "#decode/digits/code-table.ts";

/** Message type to name. 16 … 53 and 255 occur in version 0, which shares UDP port 3386 (TS 09.60). */
export const MESSAGE_NAMES: readonly (string | undefined)[] = codeTable({
  1: "Echo Request",
  2: "Echo Response",
  3: "Version Not Supported",
  4: "Node Alive Request",
  5: "Node Alive Response",
  6: "Redirection Request",
  7: "Redirection Response",
  16: "Create PDP Context Request",
  17: "Create PDP Context Response",
  18: "Update PDP Context Request",
  19: "Update PDP Context Response",
  20: "Delete PDP Context Request",
  21: "Delete PDP Context Response",
  22: "Initiate PDP Context Activation Request",
  23: "Initiate PDP Context Activation Response",
  24: "Delete AA PDP Context Request",
  25: "Delete AA PDP Context Response",
  26: "Error Indication",
  27: "PDU Notification Request",
  28: "PDU Notification Response",
  29: "PDU Notification Reject Request",
  30: "PDU Notification Reject Response",
  31: "Supported Extension Header Notification",
  32: "Send Routing Information for GPRS Request",
  33: "Send Routing Information for GPRS Response",
  34: "Failure Report Request",
  35: "Failure Report Response",
  36: "Note MS GPRS Present Request",
  37: "Note MS GPRS Present Response",
  48: "Identification Request",
  49: "Identification Response",
  50: "SGSN Context Request",
  51: "SGSN Context Response",
  52: "SGSN Context Acknowledgement",
  53: "Forward Relocation Request",
  240: "Data Record Transfer Request",
  241: "Data Record Transfer Response",
  255: "G-PDU",
});

/** Information element type to name. */
export const IE_NAMES: readonly (string | undefined)[] = codeTable({
  1: "Cause",
  14: "Recovery",
  126: "Packet Transfer Command",
  127: "Charging ID",
  249: "Sequence Numbers Of Released Packets",
  250: "Sequence Numbers Of Cancelled Packets",
  251: "Charging Gateway Address",
  252: "Data Record Packet",
  253: "Requests Responded",
  254: "Address Of Recommended Node",
  255: "Private Extension",
});

/** The name, or the number where the specification has none: an unknown type keeps its number. */
export function messageName(type: number): string {
  return MESSAGE_NAMES[type] ?? `GTP' message ${type}`;
}

export function ieName(type: number): string {
  return IE_NAMES[type] ?? `IE ${type}`;
}
