/** The same in French: written, not translated word for word. */
import { dossierFr } from "./dossier-fr.ts";
import type { en } from "./en.ts";
import { reportFr } from "./report-fr.ts";

export const fr: typeof en = {
  claims: {
    "covert-copy": {
      name: "copie clandestine",
      asserts: "Le trafic d'abonnés a été copié vers un lieu que ni le chemin d'acheminement ni un mandat n'explique.",
    },
    "unwarranted-interception": {
      name: "interception sans mandat",
      asserts:
        "Produit ou ordre d'interception légale sans mandat valable, hors de son objet ou de sa période, ou vers un destinataire non déclaré.",
    },
    "undeclared-duplication": {
      name: "duplication non déclarée",
      asserts: "Une règle du plan usager duplique les paquets d'un abonné vers un destinataire non déclaré.",
    },
    "undeclared-trace": { name: "trace non déclarée", asserts: "Le traçage d'un abonné est livré à un collecteur non déclaré." },
    "ghost-tunnel": { name: "tunnel fantôme", asserts: "Du trafic d'usager passe dans un tunnel qu'aucune signalisation n'a établi." },
    "undeclared-peer": {
      name: "correspondant non déclaré",
      asserts: "Un équipement échange du trafic avec une adresse que la déclaration n'explique pas.",
    },
    "ungranted-access": {
      name: "accès sans autorisation",
      asserts: "Un équipement a été administré sans autorisation qui couvre cet accès.",
    },
    "unreasoned-query": {
      name: "interrogation sans motif",
      asserts: "Une demande de localisation ou d'identité d'un abonné qu'aucune procédure en cours ni aucun service déclaré n'explique.",
    },
    "covert-channel": {
      name: "canal caché",
      asserts: "Des données ont été cachées dans des champs qui ne devraient rien porter, ou presque.",
    },
    "weakened-protection": { name: "protection affaiblie", asserts: "Du trafic qui devrait être protégé ne l'est pas." },
  },
  grades: { indication: "indice", corroborated: "corroboré", proven: "prouvé" },
  data: {
    content: "contenu",
    metadata: "métadonnées",
    location: "localisation",
    identity: "identité",
    credentials: "identifiants d'accès",
  },
  ifRight: "Si la déclaration et le plan de captation sont exacts, ",
  // in French zero is singular
  subscribers: (n) => (n < 2 ? `${n} abonné` : `${n} abonnés`),
  packets: (n) => (n < 2 ? `${n} paquet` : `${n} paquets`),
  notSeen: "non observé",
  report: reportFr,
  dossier: dossierFr,
};
