/**
 * L2: what a claim can have. Which innocent explanations belong to it, and which of them are always tested; what data it is about; which claims can
 * stand as its witnesses. `tools/verify/records.json` has the same as data, and a test holds both against the program.
 */
import type { Bundle, LoggedRecord } from "./bundle.ts";
import { asObjects, asText, asTexts } from "./records.ts";
import { Failure } from "./result.ts";

interface Claim {
  /** Tested of every finding of this claim. */
  readonly always: readonly string[];
  /** Tested where there is something to test. */
  readonly also?: readonly string[];
  readonly data?: readonly string[];
}

/** In the order of precedence: of several claims about one act the first is the finding, the others are its witnesses. */
export const CATALOGUE: Readonly<Record<string, Claim>> = {
  "unwarranted-interception": {
    always: ["a warrant covers it"],
    also: ["declared mediation or monitoring", "product that waited in a buffer", "a keep-alive or test", "an order that was refused"],
  },
  "undeclared-duplication": {
    always: [
      "a declared delivery function, probe or group member",
      "handover, service request or another end that signalling names",
      "a rule that was refused",
    ],
    also: ["a user plane or base station of the network that the declaration forgot"],
  },
  "undeclared-trace": {
    always: ["a declared trace job or bulk optimisation", "an order that was refused"],
  },
  "unreasoned-query": {
    always: [
      "a declared function, service, agent or partner",
      "a procedure in progress (call routing, SMS, emergency, registration)",
      "a question that was refused",
    ],
  },
  "covert-copy": {
    always: [
      "load balancer, address translation, tunnel or re-route: the packet was moved, not copied",
      "proxy, performance enhancer or cache: the receiver takes part in the subscriber's traffic",
      "the subscriber's own relay (VPN, TURN, hairpin, call between subscribers)",
      "tap artefact: the same frame mirrored twice, two taps, RSPAN, flooding",
      "order and clocks of the points",
      "micro-loop or path flap",
      "retransmission",
      "a leg of the 3GPP user plane (S1-U, S5/S8, N3/N9, forwarding, dual connectivity, redundant paths)",
      "an ICMP error that quotes the packet",
      "high-availability mirror, middlebox or transfer that may carry content",
      "declared monitoring, warrant or mediation",
    ],
    also: [
      "an encrypted leg of the path (IPsec of the backhaul, an enterprise's or subscriber's VPN, ePDG)",
      "records about the traffic (logs, charging, flow export), not the traffic",
      "a bulk transfer or a busy hour at the same time",
    ],
    data: ["content"],
  },
  "covert-channel": {
    always: [],
    also: [
      "a documented extension of constant content",
      "compressed or encrypted data of an undocumented feature",
      "names asked on behalf of subscribers",
      "reverse look-ups and 3GPP's own long names",
      "look-ups keyed by a hash (reputation, content networks)",
      "a scanner, or a faulty implementation",
      "a trailer that tap or switch appends",
      "UDP options (RFC 9868)",
      "an ordinary ping",
      "a reply that was cut short",
      "a known identifier in the wrong octet order",
      "an association of another protocol",
      "an undocumented but harmless feature",
      "memory that a network driver leaks into its padding",
      "pieces of earlier frames in a buffer that was not cleared",
    ],
  },
  "ghost-tunnel": {
    always: [
      "signalling before the capture's start",
      "handover forwarding between eNBs",
      "signalling on a link that was not captured, or in a hole that left no trace",
    ],
    data: ["content"],
  },
  "ungranted-access": {
    always: ["a grant for this party, function, protocol and time", "an attempt that was refused", "another protocol on a management port"],
  },
  "undeclared-peer": {
    always: ["a declared function, service, partner or party", "a scan that was refused, or a stray packet", "a subscriber's own traffic"],
  },
  "weakened-protection": { always: ["an emergency call", "a device that offers nothing better", "a command that the device refused"] },
};

const ORDER = Object.keys(CATALOGUE);

/** Number of explanations of this finding. */
export function claimOf(_: Bundle, f: LoggedRecord): number {
  const claim = asText(f.record["claim"]);
  const { always, also = [], data = [] } = CATALOGUE[claim] as Claim;
  const told = asObjects(f.record["ruledOut"]).map((e) => asText(e["explanation"]));
  if (new Set(told).size !== told.length) throw new Failure("lists an explanation twice", f.part);
  const unknown = told.findIndex((e) => !always.includes(e) && !also.includes(e));
  if (unknown >= 0) throw new Failure(`its explanation ${unknown + 1} is none that is tested of ${claim}`, f.part);
  const omitted = always.find((e) => !told.includes(e));
  if (omitted !== undefined) throw new Failure(`leaves out an explanation that is always tested of ${claim}: ${omitted}`, f.part);
  const had = asTexts(f.record["data"]);
  if (new Set(had).size !== had.length) throw new Failure("lists a kind of data twice", f.part);
  const without = data.find((kind) => !had.includes(kind));
  if (without !== undefined) throw new Failure(`is ${claim} and names no ${without}`, f.part);
  for (const witness of asObjects(f.record["witnesses"])) {
    const by = asText(witness["claim"]);
    // What protection a link lacks is no other view of an act.
    if (ORDER.indexOf(by) <= ORDER.indexOf(claim) || by === "weakened-protection")
      throw new Failure(`has ${by} as a witness, which ${claim} cannot have`, f.part);
  }
  return told.length;
}
