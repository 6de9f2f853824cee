/** The vendor dossier's sentences in French: written, not translated word for word. */
import type { dossierEn } from "./dossier-en.ts";

const PARTS: Readonly<Record<string, string>> = { grants: "autorisations", policy: "politique" };

export const dossierFr: typeof dossierEn = {
  title: "Bilan fournisseur",
  held: "respectée",
  broken: "enfreinte",
  "not observable": "non observable",
  network: (name) => `réseau ${name}`,
  noVendor: "fonctions sans fournisseur déclaré",
  functions: (list) => `Fonctions : ${list}`,
  cases: (list) => `Dossiers : ${list}`,
  watched: (from, to) => `Observé du ${from} au ${to}`,
  standing: (name) => `Prémisses : ${name}`,
  tally: (held, broken, not) =>
    `${held} respectée${held < 2 ? "" : "s"}, ${broken} enfreinte${broken < 2 ? "" : "s"}, ${not} non observable${not < 2 ? "" : "s"}`,
  outside: (list) => `Sans objet pour ces fonctions : ${list}`,
  complete: "complet",
  withheld: "réservé aux lecteurs habilités à l'interception",
  finding: "constat",
  more: (n) => (n < 2 ? `et ${n} autre : --format json les donne tous` : `et ${n} autres : --format json les donne tous`),
  open: "en suspens",
  missing: (list) => `Points nécessaires : ${list}`,
  kicker: "Bilan fournisseur",
  lead: (held, broken, not) =>
    `Si la déclaration et le plan de captation sont exacts, ${held < 2 ? `${held} condition a été respectée` : `${held} conditions ont été respectées`}, ${broken < 2 ? `${broken} enfreinte` : `${broken} enfreintes`}, et ${not < 2 ? `${not} n'a pu être observée` : `${not} n'ont pu être observées`}.`,
  means:
    "Respectée : rien n'a été relevé contre elle, et ce qui aurait montré un manquement était observé. Enfreinte : un constat s'y oppose. Non observable : ni l'un ni l'autre ne peut être dit, pour le motif indiqué.",
  blame:
    "Une condition enfreinte dit ce qui a été observé sur l'équipement de ce fournisseur. Elle ne montre ni qui l'a provoqué, ni que le fournisseur le savait.",
  columns: ["Condition", "État", "Motif", "Constats, ou ce qui était observé"],
  coverage: "observé :",
  nothing: "Aucun fournisseur de ce nom ne figure dans ces dossiers.",
  reason: {
    "broken-by": (n, grade) => `enfreinte par ${n < 2 ? `${n} constat` : `${n} constats`}, le plus fort : ${grade}`,
    "nothing-found": (watched) => (watched === "" ? "rien n'a été relevé contre elle" : `rien n'a été relevé contre elle sur ${watched}`),
    open: (n) => (n < 2 ? `${n} constat plus faible attend un jugement humain` : `${n} constats plus faibles attendent un jugement humain`),
    undecided: (n) => (n < 2 ? `${n} cas n'a pu être tranché` : `${n} cas n'ont pu être tranchés`),
    "not-watched": (anyOf, elements) => (elements === "" ? `non observé : ${anyOf}` : `non observé sur ${anyOf} : ${elements}`),
    "not-complete": (anyOf) => `le plan de captation ne dit pas que tout ${anyOf} a été capté : une absence ne peut être montrée`,
    "no-declaration": () => "aucune déclaration n'a été fournie à laquelle la confronter",
    "not-declared": (part) => `la déclaration n'a pas de ${PARTS[part] ?? part}`,
    unreviewed: (part) => `nul n'a relu les ${PARTS[part] ?? part} déclarées`,
    withheld: (n) =>
      n < 2
        ? `${n} constat relatif à l'interception est réservé aux lecteurs habilités`
        : `${n} constats relatifs à l'interception sont réservés aux lecteurs habilités`,
    "detector-failed": (n) => (n < 2 ? "un détecteur est tombé en panne" : `${n} détecteurs sont tombés en panne`),
    "lost-packets": (n) => `${n} paquets ou enregistrements ont été perdus : une absence ne peut être montrée`,
    "reservation-lost": (n) => `sous réserve : ${n} paquets ou enregistrements ont été perdus`,
  },
};
