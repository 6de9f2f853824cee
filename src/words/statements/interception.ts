import type { INTERCEPTION } from "#model/statements/interception.ts";
import type { Messages } from "./messages.ts";

export const INTERCEPTION_WORDS: Messages<typeof INTERCEPTION> = {
  "interception.delivered": {
    en: "{element} delivered intercepted {product, select, content {content} other {events}} ({interfaces}) to {receiver}{tasked, select, yes {, as it had been tasked to} other {}}; {breaches}.",
    fr: "{element} a livré {product, select, content {du contenu intercepté} other {des événements interceptés}} ({interfaces}) à {receiver}{tasked, select, yes {, comme il en avait reçu l'ordre} other {}} ; {breaches}.",
  },
  "interception.orders": {
    en: "{element} was given orders of lawful interception (X1) that concern {receiver}; {breaches}.",
    fr: "{element} a reçu des ordres d'interception légale (X1) qui concernent {receiver} ; {breaches}.",
  },
  "interception.rule": {
    en: "{element} was told to deliver the packets of {subscribers, plural, =0 {subscribers} =1 {a subscriber} other {# subscribers}} to {receiver}; {breaches}.",
    fr: "{element} a reçu l'ordre de livrer à {receiver} les paquets {subscribers, plural, =0 {d'abonnés} =1 {d'un abonné} other {de # abonnés}} ; {breaches}.",
  },
  "breach.no-warrant": { en: "no warrant names the person", fr: "aucun mandat ne désigne la personne" },
  "breach.out-of-scope": { en: "the warrant does not extend to content", fr: "le mandat ne s'étend pas au contenu" },
  "breach.iri-under-content-only": { en: "the warrant extends to content alone", fr: "le mandat ne s'étend qu'au contenu" },
  "breach.outside-period": { en: "it lies outside the warrant's period", fr: "cela sort de la période du mandat" },
  "breach.wrong-receiver": { en: "the warrant names another receiver", fr: "le mandat désigne un autre destinataire" },
  "breach.undeclared-receiver": { en: "the receiver is undeclared", fr: "le destinataire n'est pas déclaré" },
  "breach.undeclared-source": { en: "the function that delivers is undeclared", fr: "la fonction qui livre n'est pas déclarée" },
  "breach.undeclared-requester": {
    en: "the requester is not declared as administration",
    fr: "le demandeur n'est pas déclaré comme administration",
  },
  "breach.foreign-country": {
    en: "it bears a country code that is undeclared",
    fr: "cela porte un code de pays non déclaré",
  },
  "breach.passed-on": {
    en: "the address had passed to another person, whom no warrant names",
    fr: "l'adresse était passée à une autre personne, qu'aucun mandat ne désigne",
  },
  "breach.ended-task": { en: "the task had been ended", fr: "la tâche avait pris fin" },
  "premise.register": { en: "The register lists every warrant in force.", fr: "Le registre énumère tout mandat en vigueur." },
  "premise.lawful-declaration": {
    en: "The declaration lists every function that takes part in lawful interception.",
    fr: "La déclaration énumère toute fonction qui prend part à l'interception légale.",
  },
  "premise.product-clock": { en: "The time that the product states is right.", fr: "L'heure qu'indique le produit est exacte." },
  "explanation.warrant": { en: "a warrant covers it", fr: "un mandat le couvre" },
  "interception.no-entry-covers": {
    en: "as the register states: no entry covers person, scope, period and receiver together",
    fr: "selon le registre : aucune entrée ne couvre ensemble personne, objet, période et destinataire",
  },
  "explanation.mediation": { en: "declared mediation or monitoring", fr: "médiation ou centre de réception déclarés" },
  "interception.parties-listed": {
    en: "receivers, mediation and administration are listed",
    fr: "destinataires, médiation et administration sont énumérés",
  },
  "explanation.buffered": { en: "product that waited in a buffer", fr: "produit resté en attente dans un tampon" },
  "interception.own-time": {
    en: "periods were tested on the product's own time",
    fr: "les périodes ont été vérifiées sur l'heure propre du produit",
  },
  "interception.arrival-does-not-matter": {
    en: "the breach does not rest on the time of arrival",
    fr: "le manquement ne tient pas à l'heure d'arrivée",
  },
  "interception.only-arrival-known": {
    en: "some of the product states no time of its own, so that only its arrival is known",
    fr: "une partie du produit n'indique pas d'heure propre : seule son arrivée est connue",
  },
  "explanation.keep-alive": { en: "a keep-alive or test", fr: "un maintien de liaison ou un essai" },
  "interception.carries-product": { en: "the PDUs carry product", fr: "les PDU portent du produit" },
  "interception.concerns-tasks": { en: "the orders concern tasks", fr: "les ordres concernent des tâches" },
  "undecided.interception-mapping": {
    en: "product or tasking whose person no message seen maps to an identity of the register",
    fr: "produit ou ordre dont aucun message observé ne rattache la personne à une identité du registre",
  },
  "undecided.interception-register": {
    en: "product or tasking between declared functions, and no register of warrants was given",
    fr: "produit ou ordre entre fonctions déclarées, sans registre des mandats fourni",
  },
  "undecided.interception-mediation": {
    en: "product or tasking towards another receiver than the warrant's, where no declaration says who mediates",
    fr: "produit ou ordre vers un autre destinataire que celui du mandat, sans déclaration qui dise qui assure la médiation",
  },
  "undecided.interception-buffered": {
    en: "product that states no time of its own and arrived after a warrant's end",
    fr: "produit sans heure propre, arrivé après la fin d'un mandat",
  },
  "undecided.interception-overflow": {
    en: "product beyond the number of streams that are kept apart",
    fr: "produit au-delà du nombre de flux tenus séparés",
  },
  "undecided.interception-silent": {
    en: "warrants in force of which no product was seen (not an accusation: it may go another way)",
    fr: "mandats en vigueur dont aucun produit n'a été vu (sans mise en cause : il peut passer ailleurs)",
  },
};
