/** Every sentence that cli, report and web share, in English. French (`fr.ts`) has the same keys: the compiler checks it. */
import type { Claim, DataKind, Grade } from "#model/finding.ts";
import { dossierEn } from "./dossier-en.ts";
import { reportEn } from "./report-en.ts";

const claims: Readonly<Record<Claim, { readonly name: string; readonly asserts: string }>> = {
  "covert-copy": {
    name: "covert copy",
    asserts: "Subscriber traffic was copied to a place that neither the forwarding path nor a warrant explains.",
  },
  "unwarranted-interception": {
    name: "unwarranted interception",
    asserts: "Lawful-interception product or tasking without a valid warrant, beyond its scope or period, or to an undeclared receiver.",
  },
  "undeclared-duplication": {
    name: "undeclared duplication",
    asserts: "A user-plane rule duplicates a subscriber's packets to an undeclared receiver.",
  },
  "undeclared-trace": { name: "undeclared trace", asserts: "Subscriber tracing delivers to an undeclared collector." },
  "ghost-tunnel": { name: "ghost tunnel", asserts: "User traffic runs in a tunnel that no signalling set up." },
  "undeclared-peer": {
    name: "undeclared peer",
    asserts: "An element exchanges traffic with an address that the declaration does not explain.",
  },
  "ungranted-access": { name: "ungranted access", asserts: "Somebody managed an element without a grant that covers it." },
  "unreasoned-query": {
    name: "unreasoned query",
    asserts: "A location or identity query about a subscriber that no procedure in progress and no declared service explains.",
  },
  "covert-channel": { name: "covert channel", asserts: "Data was hidden in fields that should carry none or little." },
  "weakened-protection": { name: "weakened protection", asserts: "Traffic that ought to be protected is not." },
};
const grades: Readonly<Record<Grade, string>> = { indication: "indication", corroborated: "corroborated", proven: "proven" };
const data: Readonly<Record<DataKind, string>> = {
  content: "content",
  metadata: "metadata",
  location: "location",
  identity: "identity",
  credentials: "credentials",
};

export const en = {
  claims,
  grades,
  data,
  ifRight: "If the declaration and tap map are right, ",
  subscribers: (n: number) => (n === 1 ? "1 subscriber" : `${n} subscribers`),
  packets: (n: number) => (n === 1 ? "1 packet" : `${n} packets`),
  notSeen: "not seen",
  report: reportEn,
  dossier: dossierEn,
};
