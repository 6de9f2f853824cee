import type { PROTECTION } from "#model/statements/protection.ts";
import type { Messages } from "./messages.ts";

const NULL_EN =
  "{algorithm, select, EEA0 {null ciphering (EEA0)} NEA0 {null ciphering (NEA0)} EIA0 {null integrity (EIA0)} NIA0 {null integrity (NIA0)} other {a null algorithm}}";
const NULL_FR =
  "{algorithm, select, EEA0 {chiffrement nul (EEA0) choisi} NEA0 {chiffrement nul (NEA0) choisi} EIA0 {intégrité nulle (EIA0) choisie} NIA0 {intégrité nulle (NIA0) choisie} other {algorithme nul choisi}}";

const IKE_EN =
  "{what, select, ikeEncryption {null encryption chosen for IKE itself} ikeIntegrity {no integrity chosen for IKE itself} espEncryption {null encryption chosen for ESP (by IKE)} other {no integrity chosen for ESP (by IKE)}}";
const IKE_FR =
  "{what, select, ikeEncryption {chiffrement nul choisi pour IKE même} ikeIntegrity {absence d'intégrité choisie pour IKE même} espEncryption {chiffrement nul choisi pour ESP (par IKE)} other {absence d'intégrité choisie pour ESP (par IKE)}}";

export const PROTECTION_WORDS: Messages<typeof PROTECTION> = {
  "protection.summary": {
    en: "{element} weakened protection{subscribers, plural, =0 {} one { for # subscriber} other { for # subscribers}}: {reasons}.",
    fr: "{element} a affaibli la protection{subscribers, plural, =0 {} =1 { d'un abonné} other { de # abonnés}} : {reasons}.",
  },
  "protection.null-for-capable": {
    en: `${NULL_EN} chosen for a device that offers better`,
    fr: `${NULL_FR} pour un terminal qui offre mieux`,
  },
  "protection.null-against-policy": {
    en: `${NULL_EN} chosen where the declared policy says "{policy}"`,
    fr: `${NULL_FR} là où la politique déclarée dit « {policy, select, never {jamais} emergency {urgence seulement} other {{policy}}} »`,
  },
  "protection.lowered": {
    en: "security capabilities given to the eNB lowered below what the device offered",
    fr: "capacités de sécurité annoncées à l'eNB abaissées sous celles du terminal",
  },
  "protection.plain": {
    en: "plain traffic on {interface}, which is declared as protected",
    fr: "trafic en clair sur {interface}, déclaré comme protégé",
  },
  "protection.null-esp": {
    en: "ESP with null encryption on {interface}, which is declared as protected",
    fr: "ESP sans chiffrement sur {interface}, déclaré comme protégé",
  },
  "protection.ike": { en: IKE_EN, fr: IKE_FR },
  "protection.ike-protected": {
    en: `${IKE_EN} on {interface}, which is declared as protected`,
    fr: `${IKE_FR} sur {interface}, déclaré comme protégé`,
  },
  "name.function": { en: "a function", fr: "une fonction" },
  "premise.no-policy": {
    en: "No policy was declared: the function's own choices for others are the measure.",
    fr: "Aucune politique n'a été déclarée : les choix de la fonction pour d'autres servent de mesure.",
  },
  "premise.policy": {
    en: "The declared policy says what this network must use.",
    fr: "La politique déclarée dit ce que ce réseau doit employer.",
  },
  "premise.nas-decoders": {
    en: "The S1AP and NAS decoders read these messages correctly.",
    fr: "Les décodeurs S1AP et NAS ont lu ces messages correctement.",
  },
  "explanation.emergency": { en: "an emergency call", fr: "un appel d'urgence" },
  "protection.no-emergency": {
    en: "no emergency attach, connection or establishment cause was seen for these subscribers",
    fr: "aucun rattachement, aucune connexion ni cause d'urgence n'a été observé pour ces abonnés",
  },
  "explanation.incapable": { en: "a device that offers nothing better", fr: "un terminal qui n'offre rien de mieux" },
  "protection.offered-better": {
    en: "the devices offered better algorithms",
    fr: "les terminaux offraient de meilleurs algorithmes",
  },
  "protection.went-on": {
    en: "the procedure went on after the command",
    fr: "la procédure s'est poursuivie après la commande",
  },
  "undecided.protection-unbegun": {
    en: "null algorithms that emergencies may have, for devices whose context began outside what was captured",
    fr: "algorithmes nuls, admis pour les urgences, sur des terminaux dont le contexte a commencé hors de ce qui a été capté",
  },
  "undecided.protection-behind-gateway": {
    en: "plain flows of protected interfaces that may lie behind a declared security gateway",
    fr: "flux en clair d'interfaces protégées qui peuvent se trouver derrière une passerelle de sécurité déclarée",
  },
};
