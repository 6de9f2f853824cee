import type { Condition } from "#serve/api/types.ts";

const statuses: Readonly<Record<Condition["status"], string>> = { held: "held", broken: "broken", "not-observable": "not observable" };

const en = {
  title: "Vendors",
  lede: "What each vendor's equipment did, condition by condition. “Not observable” is no acquittal: these captures could not have shown a breach.",
  none: "The declaration names no vendor, so no dossier can be made.",
  vendor: "Vendor",
  country: "Country",
  networks: "Networks",
  functions: "Functions",
  held: "Held",
  broken: "Broken",
  notObservable: "Not observable",
  findings: "Findings",
  subscribers: "Subscribers",
  volume: "Volume",
  undeclared: (n: string) =>
    n === "1" ? "1 finding is at an element whose vendor nobody declared." : `${n} findings are at elements whose vendor nobody declared.`,
  compare: "Vendors side by side",
  compareOne: "One vendor is declared. With several, this table sets them side by side.",
  compareFew: "Figures count networks.",
  condition: "Condition",
  conditions: "Conditions",
  statuses,
  outcome: "Outcome",
  because: "Because",
  elements: "Its elements",
  element: "Element",
  case: "Case",
  roles: "Roles",
  site: "Site",
  observed: "Seen in traffic",
  yes: "yes",
  no: "not seen",
  all: "All vendors",
  draft:
    "A report that names a vendor stays a draft until the vendor has had the bundle for a set time; its reply becomes part of the bundle.",
  notConcerned: "concerns none of its functions",
  legend: "What the marks mean",
  sentence: "What was observed at its equipment. This does not show who caused it, or that the vendor knew.",
  networksWith: (n: string) => (n === "1" ? "1 network" : `${n} networks`),
};

const fr: typeof en = {
  title: "Fournisseurs",
  lede: "Ce qu'a fait l'équipement de chaque fournisseur, condition par condition. « Non observable » n'est pas un acquittement : ces captures n'auraient pas pu montrer un manquement.",
  none: "La déclaration ne nomme aucun fournisseur ; aucun dossier ne peut donc être établi.",
  vendor: "Fournisseur",
  country: "Pays",
  networks: "Réseaux",
  functions: "Fonctions",
  held: "Respectées",
  broken: "Enfreintes",
  notObservable: "Non observables",
  findings: "Constats",
  subscribers: "Abonnés",
  volume: "Volume",
  undeclared: (n) =>
    n === "1"
      ? "1 constat touche un élément dont nul n'a déclaré le fournisseur."
      : `${n} constats touchent des éléments dont nul n'a déclaré le fournisseur.`,
  compare: "Fournisseurs côte à côte",
  compareOne: "Un seul fournisseur est déclaré. S'il y en a plusieurs, ce tableau les met côte à côte.",
  compareFew: "Les chiffres comptent les réseaux.",
  condition: "Condition",
  conditions: "Conditions",
  statuses: { held: "respectée", broken: "enfreinte", "not-observable": "non observable" },
  outcome: "Issue",
  because: "Parce que",
  elements: "Ses éléments",
  element: "Élément",
  case: "Dossier",
  roles: "Rôles",
  site: "Site",
  observed: "Vu dans le trafic",
  yes: "oui",
  no: "non vu",
  all: "Tous les fournisseurs",
  draft:
    "Un rapport qui nomme un fournisseur reste un projet tant que celui-ci n'a pas eu la liasse durant un délai fixé ; sa réponse est jointe à la liasse.",
  notConcerned: "ne concerne aucune de ses fonctions",
  legend: "Ce que disent les signes",
  sentence: "Ce qui a été observé à son équipement. Cela ne montre ni qui l'a provoqué, ni que le fournisseur le savait.",
  networksWith: (n) => (n === "0" || n === "1" ? `${n} réseau` : `${n} réseaux`),
};

export const vendors = { en, fr };
