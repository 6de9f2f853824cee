/**
 * Names of a finding's further facts (`details`) and of their values that are words, in the reader's language. A key that is not here is
 * shown as it stands: it is the key of `findings.json`.
 */
import { typesetText } from "./typeset.ts";
import type { Language } from "./words.ts";

interface DetailName {
  readonly en: string;
  readonly fr: string;
}

const NAMES: Readonly<Record<string, DetailName>> = {
  // where and when a copy was taken
  point: { en: "Point", fr: "Point" },
  transform: { en: "Form of the copy", fr: "Forme de la copie" },
  segment: { en: "Taken on the leg", fr: "Prise sur le tronçon" },
  segmentTtlDifference: { en: "TTL lost since that leg", fr: "TTL perdu depuis ce tronçon" },
  delayLowMicros: { en: "Delay, at least (µs)", fr: "Retard, au moins (µs)" },
  delayHighMicros: { en: "Delay, at most (µs)", fr: "Retard, au plus (µs)" },
  clockAheadLowMicros: { en: "Clock ahead, at least (µs)", fr: "Avance de l'horloge, au moins (µs)" },
  clockAheadHighMicros: { en: "Clock ahead, at most (µs)", fr: "Avance de l'horloge, au plus (µs)" },
  clocks: { en: "Clocks", fr: "Horloges" },
  order: { en: "Copy against original", fr: "Copie face à l'original" },
  sourceMac: { en: "Source MAC", fr: "MAC source" },
  destinationMac: { en: "Destination MAC", fr: "MAC de destination" },
  carriers: { en: "Carriers", fr: "Flux porteurs" },
  unmatchedPackets: { en: "Packets on the carrier without an original", fr: "Paquets du flux porteur sans original" },
  sample: { en: "Searched: one packet in", fr: "Examiné : un paquet sur" },
  instrument: { en: "Found by", fr: "Trouvé par" },
  perPairBits: { en: "Bits, for this pair alone", fr: "Bits, pour cette seule paire" },
  pairsTried: { en: "Pairs tried", fr: "Paires essayées" },
  overheadOctets: { en: "Octets added to each packet", fr: "Octets ajoutés à chaque paquet" },
  // exchanges, tunnels, channels
  flows: { en: "Flows", fr: "Flux" },
  octets: { en: "Octets", fr: "Octets" },
  sessions: { en: "Sessions", fr: "Sessions" },
  protocols: { en: "Protocols", fr: "Protocoles" },
  tunnels: { en: "Tunnels", fr: "Tunnels" },
  namedForOthers: { en: "Named for other sessions or other ends", fr: "Nommé pour d'autres sessions ou d'autres extrémités" },
  neverNamed: { en: "Never named by signalling", fr: "Jamais nommé par la signalisation" },
  afterRelease: { en: "Used after its release", fr: "Utilisé après sa libération" },
  places: { en: "Hidden in", fr: "Caché dans" },
  // grants
  grant: { en: "Grant exceeded", fr: "Autorisation dépassée" },
  grantFrom: { en: "Grant valid from", fr: "Autorisation valable du" },
  grantTo: { en: "Grant valid until", fr: "Autorisation valable jusqu'au" },
  firstExcess: { en: "First exceeded at", fr: "Dépassée la première fois le" },
  // orders
  farId: { en: "Forwarding rule (FAR)", fr: "Règle d'acheminement (FAR)" },
  teid: { en: "Tunnel (TEID)", fr: "Tunnel (TEID)" },
  liFunction: { en: "Names the LI function", fr: "Désigne la fonction d'interception légale" },
  kind: { en: "Kind of rule", fr: "Nature de la règle" },
  named: { en: "Destination as the rule names it", fr: "Destination telle que la règle la nomme" },
  traceReference: { en: "Trace reference", fr: "Référence de trace" },
  depth: { en: "Trace depth", fr: "Profondeur de trace" },
  job: { en: "MDT job", fr: "Travail MDT" },
  collectorName: { en: "Collector's name", fr: "Nom du collecteur" },
  interfaces: { en: "Interfaces", fr: "Interfaces" },
  orders: { en: "Orders", fr: "Ordres" },
  operations: { en: "Operations (X1)", fr: "Opérations (X1)" },
  reasons: { en: "Breaches", fr: "Manquements" },
  // questions
  procedures: { en: "Procedures", fr: "Procédures" },
  gsmaCategory: { en: "GSMA category", fr: "Catégorie GSMA" },
  gsma: { en: "GSMA document", fr: "Document GSMA" },
  attack: { en: "Technique (MITRE ATT&CK)", fr: "Technique (MITRE ATT&CK)" },
  answered: { en: "Answers that held the data", fr: "Réponses contenant la donnée" },
};

/** Values that are words, by key: names of the wire (procedures, places, algorithms) stay as the specification writes them. */
const VALUES: Readonly<Record<string, Readonly<Record<string, DetailName>>>> = {
  transform: {
    "as is": { en: "as is", fr: "telle quelle" },
    encrypted: { en: "encrypted", fr: "chiffrée" },
    "content cut anew": { en: "content cut anew", fr: "contenu redécoupé" },
  },
  order: {
    unknown: { en: "cannot be told", fr: "ne se laisse pas dire" },
    after: { en: "after it", fr: "après lui" },
    before: { en: "before it", fr: "avant lui" },
  },
  clocks: {
    "not compared: no packets seen at both points bound their difference": {
      en: "not compared: no packets seen at both points bound their difference",
      fr: "non comparées : aucun paquet vu aux deux points ne borne leur écart",
    },
  },
  instrument: { rhythm: { en: "rhythm", fr: "rythme" } },
  kind: { duplicate: { en: "duplicate", fr: "duplication" }, divert: { en: "divert", fr: "détournement" } },
  named: { "the LI function": { en: "the LI function", fr: "la fonction d'interception légale" } },
  teid: { "-1": { en: "none", fr: "aucun" } },
  farId: { "-1": { en: "not stated", fr: "non indiquée" } },
  reasons: {
    "no-warrant": { en: "no warrant", fr: "pas de mandat" },
    "out-of-scope": { en: "outside the scope", fr: "hors de l'objet" },
    "iri-under-content-only": { en: "events under a warrant for content alone", fr: "événements sous un mandat limité au contenu" },
    "outside-period": { en: "outside the period", fr: "hors période" },
    "wrong-receiver": { en: "not the warrant's receiver", fr: "autre destinataire que celui du mandat" },
    "undeclared-receiver": { en: "undeclared receiver", fr: "destinataire non déclaré" },
    "undeclared-source": { en: "undeclared source", fr: "source non déclarée" },
    "undeclared-requester": { en: "undeclared requester", fr: "demandeur non déclaré" },
    "foreign-country": { en: "foreign country code", fr: "indicatif de pays étranger" },
    "null-for-capable": { en: "null algorithm for a device that offers better", fr: "algorithme nul pour un terminal qui offre mieux" },
    "null-against-policy": { en: "null algorithm against the policy", fr: "algorithme nul contraire à la politique" },
    lowered: { en: "capabilities lowered", fr: "capacités abaissées" },
    plain: { en: "plain traffic on a protected interface", fr: "trafic en clair sur une interface protégée" },
    "ended-task": { en: "task ended before", fr: "tâche déjà close" },
  },
};

const TRUTH: Readonly<Record<"true" | "false", DetailName>> = { true: { en: "yes", fr: "oui" }, false: { en: "no", fr: "non" } };

/** Undefined for a key that has no name. */
export function detailName(key: string, language: Language): string | undefined {
  const name = Object.hasOwn(NAMES, key) ? NAMES[key]?.[language] : undefined;
  return name !== undefined && language === "fr" ? typesetText(name) : name;
}

/** The value as the language writes it; undefined where it stays as it is. */
export function detailValue(key: string, value: string | number | boolean, language: Language): string | undefined {
  if (typeof value === "boolean") return TRUTH[`${value}`][language];
  if (key === "overheadOctets" && typeof value === "string") return overhead(value, language);
  const words = Object.hasOwn(VALUES, key) ? VALUES[key] : undefined;
  if (words === undefined) return undefined;
  const one = (text: string): string | undefined => (Object.hasOwn(words, text) ? words[text]?.[language] : undefined);
  const whole = one(String(value));
  if (whole !== undefined) return whole;
  const parts = String(value).split(", ");
  if (parts.some((part) => one(part) !== undefined)) return parts.map((part) => one(part) ?? part).join(", ");
  return undefined;
}

function overhead(text: string, language: Language): string | undefined {
  const range = /^(-?\d+) to (-?\d+)$/.exec(text);
  if (range === null) return undefined;
  const [, low = "", high = ""] = range;
  return low === high ? low : language === "fr" ? `${low} à ${high}` : text;
}
