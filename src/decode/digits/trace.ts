// Trace reference, 3GPP TS 32.422 §5.6: the PLMN of the network that ordered the trace, and a 3-octet trace id.
import { readPlmn } from "./plmn.ts";

export interface TraceReference {
  /** PLMN of the network that started the trace: another one than the own is worth a look. */
  readonly plmn: string;
  /** 24 bits. */
  readonly traceId: number;
}

/** PLMN 3, trace id 3. The caller has checked that six octets are there. */
export function readTraceReference(bytes: Uint8Array, at: number): TraceReference {
  const traceId = ((bytes[at + 3] ?? 0) << 16) | ((bytes[at + 4] ?? 0) << 8) | (bytes[at + 5] ?? 0);
  return { plmn: readPlmn(bytes, at), traceId };
}
