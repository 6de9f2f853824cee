import type { ORDER } from "#model/statements/order.ts";
import type { Messages } from "./messages.ts";

const OF_EN = "{subscribers, plural, =0 {subscribers} =1 {a subscriber} other {# subscribers}}";
const OF_FR = "{subscribers, plural, =0 {d'abonnés} =1 {d'un abonné} other {de # abonnés}}";

export const ORDER_WORDS: Messages<typeof ORDER> = {
  "duplication.summary": {
    en: `{element} was told to {verb, select, divert {divert} dropped {divert (drop and copy)} other {copy}} the packets of ${OF_EN} to {receiver}{known, select, undeclared {, which is undeclared} declared {, which the declaration does not allow to receive them} other {}}.`,
    fr: `{element} a reçu l'ordre de {verb, select, divert {détourner} dropped {détourner (écarter et copier)} other {copier}} les paquets ${OF_FR} vers {receiver}{known, select, undeclared {, qui n'est pas déclaré} declared {, que la déclaration n'autorise pas à les recevoir} other {}}.`,
  },
  "name.user-plane": { en: "a user plane", fr: "un plan usager" },
  "premise.duplication-declaration": {
    en: "The declaration names every function, delivery function and probe that may receive user packets.",
    fr: "La déclaration nomme toute fonction, fonction de livraison ou sonde admise à recevoir des paquets d'usagers.",
  },
  "explanation.declared-receiver": {
    en: "a declared delivery function, probe or group member",
    fr: "une fonction de livraison, une sonde ou un membre de groupe déclarés",
  },
  "duplication.not-declared-receiver": { en: "{receiver} is none of them", fr: "{receiver} n'en est pas" },
  "explanation.mobility": {
    en: "handover, service request or another end that signalling names",
    fr: "transfert intercellulaire, demande de service ou autre extrémité que la signalisation nomme",
  },
  "duplication.end-not-signalled": {
    en: "no S1AP, X2AP or GTP message of this run names the end",
    fr: "aucun message S1AP, X2AP ou GTP de cet examen ne nomme l'extrémité",
  },
  "duplication.not-part-of-mobility": {
    en: "duplication is not part of these procedures (TS 29.244 §5.2.1)",
    fr: "la duplication n'appartient pas à ces procédures (TS 29.244 §5.2.1)",
  },
  "explanation.forgotten-function": {
    en: "a user plane or base station of the network that the declaration forgot",
    fr: "un plan usager ou une station de base du réseau que la déclaration a oublié",
  },
  "duplication.signals-as": {
    en: "it takes part in signalling as {roles}",
    fr: "il prend part à la signalisation en tant que {roles}",
  },
  "duplication.no-signalling-seen": {
    en: "these points show no signalling of its own, and cannot show that there is none elsewhere",
    fr: "ces points ne montrent aucune signalisation propre à lui, et ne peuvent montrer qu'il n'y en a pas ailleurs",
  },
  "undecided.duplication-uncovered": {
    en: "forwarding rules to undeclared ends of sessions whose other signalling was not captured",
    fr: "règles d'acheminement vers des extrémités non déclarées, dans des sessions dont le reste de la signalisation n'a pas été capté",
  },
  "undecided.duplication-by-name": {
    en: "predefined rules activated by name alone ({names}): what they do is set in the user plane, not on the wire",
    fr: "règles prédéfinies activées par leur seul nom ({names}) : ce qu'elles font est écrit dans le plan usager, non sur le câble",
  },
  "undecided.duplication-half-declared": {
    en: "duplication to a peer of which one address is declared and the other is not",
    fr: "duplication vers un correspondant dont une adresse est déclarée et l'autre non",
  },

  "trace.summary": {
    en: `{element} was told to trace ${OF_EN} and to deliver to {receiver}{known, select, none {} other {, which no declaration names as a collector}}{refused, select, yes {, and refused} other {}}.`,
    fr: `{element} a reçu l'ordre de tracer {subscribers, plural, =0 {des abonnés} =1 {un abonné} other {# abonnés}} et de livrer à {receiver}{known, select, none {} other {, qu'aucune déclaration ne nomme comme collecteur}}{refused, select, yes { ; il a refusé} other {}}.`,
  },
  "trace.was-refused": {
    en: "it was refused: an attempt, and no trace",
    fr: "il a été refusé : une tentative, sans trace",
  },
  "premise.trace-declaration": {
    en: "The declaration names every trace collection entity.",
    fr: "La déclaration nomme toute entité de collecte de traces.",
  },
  "explanation.trace-job": {
    en: "a declared trace job or bulk optimisation",
    fr: "un travail de trace déclaré, ou une optimisation en masse",
  },
  "trace.not-a-collector": { en: "{receiver} is not a declared collector", fr: "{receiver} n'est pas un collecteur déclaré" },
  "undecided.trace-named": {
    en: "traces to a collector that is named, where the declaration lists collectors by address",
    fr: "traces vers un collecteur désigné par un nom, alors que la déclaration les énumère par adresse",
  },
  "undecided.trace-half-declared": {
    en: "traces to a collector of which one address is declared and the other is not",
    fr: "traces vers un collecteur dont une adresse est déclarée et l'autre non",
  },
};
