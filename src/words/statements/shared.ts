import type { SHARED } from "#model/statements/shared.ts";
import type { Messages } from "./messages.ts";

export const SHARED_WORDS: Messages<typeof SHARED> = {
  "as-declared": { en: "as declared: {what}", fr: "selon la déclaration : {what}" },
  "name.unknown-element": { en: "an element", fr: "un équipement" },
  "name.unknown-next-hop": { en: "an unknown next hop", fr: "un prochain saut inconnu" },
  "name.mac": { en: "the host with MAC {mac}", fr: "l'hôte d'adresse MAC {mac}" },
  "name.with-address": { en: "{name} ({address})", fr: "{name} ({address})" },
  "name.unnamed-place": { en: "a place that the rule does not name", fr: "un lieu que la règle ne nomme pas" },
  "name.li-function": { en: "the LI function", fr: "la fonction d'interception légale" },
  "name.no-destination": { en: "no stated destination", fr: "aucune destination indiquée" },
  "name.unnamed-collector": { en: "an unnamed collector", fr: "un collecteur sans nom" },
  "premise.element-address": {
    en: "Packets that bear the element's address were sent and received by it.",
    fr: "Les paquets qui portent l'adresse de l'équipement ont été émis et reçus par lui.",
  },
  "premise.both-addresses": {
    en: "Packets that bear the addresses of the element and of the other party were sent and received by them.",
    fr: "Les paquets qui portent l'adresse de l'équipement et celle de l'autre partie ont été émis et reçus par eux.",
  },
  "premise.decoder-pfcp": { en: "The PFCP decoder read the rule correctly.", fr: "Le décodeur PFCP a lu la règle correctement." },
  "premise.decoder-order": { en: "The decoder read the order correctly.", fr: "Le décodeur a lu l'ordre correctement." },
  "answer.none-seen": { en: "no answer was seen", fr: "aucune réponse n'a été observée" },
  "answer.no-success-seen": { en: "no success answer was seen", fr: "aucune réponse favorable n'a été observée" },
  "answer.success-seen": { en: "the success answer was seen", fr: "la réponse favorable a été observée" },
  "answer.accepted-by-user-plane": { en: "the user plane accepted the request", fr: "le plan usager a accepté la demande" },
  "answer.not-answered-by-protocol": {
    en: "the protocol does not answer this order, and no failure was seen",
    fr: "le protocole ne répond pas à cet ordre, et aucun échec n'a été observé",
  },
  "declaration.none": { en: "no declaration was given", fr: "aucune déclaration n'a été fournie" },
  "receiver.identity-only": { en: "only an identity is known", fr: "seule une identité est connue" },
  "receiver.in-network": { en: "{entry} is in the network", fr: "{entry} est dans le réseau" },
  "receiver.no-plmn": { en: "{entry} has no known PLMN", fr: "{entry} n'a pas de PLMN connu" },
  "receiver.by-plmn": { en: "{entry}, by its PLMN", fr: "{entry}, d'après son PLMN" },
  "receiver.by-table": {
    en: "{prefix} in the operator's own table ({operator})",
    fr: "{prefix} dans la table de l'opérateur ({operator})",
  },
  "receiver.no-country": { en: "declared, without a country", fr: "déclaré, sans pays" },
  "receiver.unknown": { en: "the declaration does not know this address", fr: "la déclaration ne connaît pas cette adresse" },
  "register.none": { en: "no register of warrants was given", fr: "aucun registre des mandats n'a été fourni" },
  "explanation.refused.access": { en: "an attempt that was refused", fr: "une tentative refusée" },
  "explanation.refused.command": { en: "a command that the device refused", fr: "une commande que le terminal a refusée" },
  "explanation.refused.order": { en: "an order that was refused", fr: "un ordre refusé" },
  "explanation.refused.question": { en: "a question that was refused", fr: "une demande refusée" },
  "explanation.refused.rule": { en: "a rule that was refused", fr: "une règle refusée" },
};
