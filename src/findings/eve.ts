/** A finding as a line of EVE JSON, the event format of Suricata that many collectors read: `event_type` alert, with the whole finding under `tapproof`. */
import type { FindingRecord } from "./document.ts";

/** Severity as EVE counts it: 1 is the gravest. */
const SEVERITY = { proven: 1, corroborated: 2, indication: 3 } as const;

/** One line without its end. `timestamp` is the finding's last packet, where it has one. */
export function eveLine(finding: FindingRecord): string {
  const { element, receiver } = finding;
  return JSON.stringify({
    timestamp: (finding.last ?? new Date().toISOString()).replace(/Z$/, "+0000"),
    event_type: "alert",
    src_ip: element.address ?? undefined,
    dest_ip: receiver?.address ?? undefined,
    dest_port: receiver?.port ?? undefined,
    alert: {
      action: "allowed",
      signature: `tapproof ${finding.claim}`,
      category: finding.claim,
      severity: SEVERITY[finding.grade],
      metadata: { grade: [finding.grade], element: [element.name ?? element.address ?? ""], finding: [finding.id] },
    },
    tapproof: finding,
  });
}
