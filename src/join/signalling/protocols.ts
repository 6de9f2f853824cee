import { DIAMETER } from "./diameter.ts";
import { GTPV1 } from "./gtpv1.ts";
import { GTPV2 } from "./gtpv2.ts";
import { PFCP } from "./pfcp.ts";
import type { SignallingProtocol } from "./protocol.ts";
import { S1AP } from "./s1ap.ts";
import { X2AP } from "./x2ap.ts";

/** Every protocol that is joined; the order says nothing. */
export const SIGNALLING_PROTOCOLS: readonly SignallingProtocol[] = [S1AP, X2AP, GTPV2, GTPV1, PFCP, DIAMETER];
