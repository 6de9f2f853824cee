import type { QUERY } from "#model/statements/query.ts";
import type { Messages } from "./messages.ts";

export const QUERY_WORDS: Messages<typeof QUERY> = {
  "query.summary": {
    en: "{asker} asked {element} for the {topics} of {subscribers, plural, =0 {subscribers} =1 {a subscriber} other {# subscribers}}{answered, select, yes { and was answered} other {}}; {because}.",
    fr: "{asker} a demandé à {element} les données suivantes {subscribers, plural, =0 {d'abonnés} =1 {d'un abonné} other {de # abonnés}} : {topics}{answered, select, yes {, et a obtenu réponse} other {}} ; {because}.",
  },
  "query.topics": { en: "{topics}", fr: "{topics}" },
  "query.topic.tads": { en: "access domain", fr: "domaine d'accès" },
  "query.topic.state": { en: "state", fr: "état" },
  "query.topic.location": { en: "location", fr: "localisation" },
  "query.topic.identity": { en: "identity", fr: "identité" },
  "query.topic.profile": { en: "subscription", fr: "abonnement" },
  "query.topic.credentials": { en: "authentication keys", fr: "clés d'authentification" },
  "query.beyond-entry": {
    en: "{name} is declared for other data than {topics}",
    fr: "{name} est déclaré pour d'autres données que celles-ci : {topics}",
  },
  "query.no-part": {
    en: "{name} ({roles}) has no role in which it asks {procedure}",
    fr: "{name} ({roles}) n'a aucun rôle dans lequel demander {procedure}",
  },
  "query.borrowed-name": {
    en: "it comes in the name of {name}, but neither from its address nor through a declared agent",
    fr: "la demande vient au nom de {name}, mais ni de son adresse ni par un agent déclaré",
  },
  "query.undeclared-asker": {
    en: "{asker} is not declared as somebody who may ask",
    fr: "{asker} n'est pas déclaré comme pouvant interroger",
  },
  "query.undeclared-behind-agent": {
    en: "{asker}, which asks through {agent}, is undeclared",
    fr: "{asker}, qui interroge par {agent}, n'est pas déclaré",
  },
  "query.walks": {
    en: "it walks through identities, and what such a question is asked for does not follow",
    fr: "elle parcourt des identités l'une après l'autre, et ce pour quoi une telle question se pose ne suit pas",
  },
  "query.again-and-again": {
    en: "it asks again and again where one subscriber is, with no call, message, positioning or application near it that would ask for this",
    fr: "elle demande sans cesse où se trouve un même abonné, sans appel, message, positionnement ni application à proximité qui le demanderait",
  },
  "query.never-crosses": {
    en: "{partner} is another network, and this query never crosses networks",
    fr: "{partner} est un autre réseau, et cette interrogation ne franchit jamais les réseaux",
  },
  "query.not-its-subscriber": {
    en: "the subscriber is not one of {partner}",
    fr: "l'abonné n'appartient pas à {partner}",
  },
  "query.other-network": {
    en: "it speaks for network {plmn}, which does not belong to {partner}",
    fr: "la demande parle pour le réseau {plmn}, qui n'appartient pas à {partner}",
  },
  "query.stayed-here": {
    en: "{partner} asks as if the subscriber were there, but the subscriber went on being served here",
    fr: "{partner} interroge comme si l'abonné était chez lui, alors qu'il restait servi ici",
  },
  "premise.query-declaration": {
    en: "The declaration names every function, agent, partner and service that may ask.",
    fr: "La déclaration nomme toute fonction, tout agent, partenaire ou service qui peut interroger.",
  },
  "premise.query-identity": {
    en: "The asker is who its Diameter identity or address says; both can be forged.",
    fr: "Le demandeur est bien celui que dit son identité Diameter ou son adresse ; l'une et l'autre peuvent être falsifiées.",
  },
  "explanation.declared-asker": {
    en: "a declared function, service, agent or partner",
    fr: "une fonction, un service, un agent ou un partenaire déclarés",
  },
  "explanation.procedure": {
    en: "a procedure in progress (call routing, SMS, emergency, registration)",
    fr: "une procédure en cours (acheminement d'appel, SMS, urgence, enregistrement)",
  },
  "query.no-such-part": { en: "no entry gives this asker such a role", fr: "aucune entrée ne donne ce rôle à ce demandeur" },
  "query.answers-held": {
    en: "{answers, plural, one {# answer held} other {# answers held}} what was asked for",
    fr: "{answers, plural, one {# réponse contenait} other {# réponses contenaient}} ce qui était demandé",
  },
  "query.no-data-seen": {
    en: "no answer with the data was seen",
    fr: "aucune réponse contenant la donnée n'a été observée",
  },
  "undecided.query-cut": {
    en: "queries through an agent in messages that were cut before they name the asker",
    fr: "interrogations par un agent, dans des messages tronqués avant le nom du demandeur",
  },
  "undecided.query-on-behalf": {
    en: "locations that the network's own subscriber data function asked for: these points do not show on whose behalf",
    fr: "positions demandées par la fonction de données d'abonnés du réseau : pour le compte de qui, ces points ne le montrent pas",
  },
};
