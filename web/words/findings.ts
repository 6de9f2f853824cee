import type { TriageState } from "#serve/api/types.ts";

const states: Readonly<Record<TriageState, string>> = {
  new: "new",
  examining: "being examined",
  confirmed: "confirmed",
  explained: "explained",
  closed: "closed",
};
const filters = {
  grade: "Grade",
  claim: "Claim",
  state: "State",
  element: "Element",
  receiver: "Receiver",
  vendor: "Vendor",
  data: "Data",
  network: "Network",
  assignee: "Assigned to",
};

const en = {
  title: "Findings",
  states,
  filters,
  lede: (total: string, all: string) =>
    total === all ? `${all} in all.` : `${total} of ${all} ${total === "1" ? "fits" : "fit"} the filters.`,
  search: "Search",
  searchHint: "words, claim:covert-copy grade:proven element:epc",
  saved: "Saved filters",
  saveAs: "Save these as",
  save: "Save",
  forget: (name: string) => `Forget ${name}`,
  hiddenMarks: (n: string) =>
    n === "1"
      ? "1 marked finding is hidden by the filters and is not acted upon."
      : `${n} marked findings are hidden by the filters and are not acted upon.`,
  noneOpen: (n: string) => `Nothing that you may see; ${n} withheld, for the role li-cleared.`,
  filter: "Filters",
  clear: "Clear filters",
  from: "From (UTC)",
  to: "Until (UTC)",
  sort: "Order",
  sorts: {
    grade: "strongest first",
    last: "latest first",
    first: "earliest first",
    bytes: "most data first",
    subscribers: "most subscribers first",
    bits: "most bits first",
  },
  none: "No finding fits these filters.",
  noneAtAll: "This case has no finding. The overview says what was watched and what was not seen.",
  list: "Findings",
  mark: "Mark",
  markAll: "Mark all read so far",
  unmark: "Take marks away",
  marked: (n: string) => `${n} marked`,
  setState: "State",
  keep: "leave as it is",
  assign: "Assign to",
  assignHint: "name; “-” takes it away",
  reason: "Reason",
  apply: "Apply",
  reasonHint: "goes into the custody log",
  applied: (n: string) => `${n} changed, recorded in the custody log.`,
  to_: "to",
  by: "by",
  more: (n: string) => `and ${n} more`,
  subscribers: (n: number) => (n === 1 ? "1 subscriber" : `${n} subscribers`),
  bits: (n: string) => `${n} bits`,
  withheld: (n: string) =>
    n === "1"
      ? "1 finding about interception is shown to the role li-cleared only."
      : `${n} findings about interception are shown to the role li-cleared only.`,
  nobody: "nobody",
  keys: "j and k move, Enter opens, x marks",
};

const fr: typeof en = {
  title: "Constats",
  states: { new: "nouveau", examining: "à l'étude", confirmed: "confirmé", explained: "expliqué", closed: "clos" },
  filters: {
    grade: "Degré",
    claim: "Allégation",
    state: "État",
    element: "Équipement",
    receiver: "Destinataire",
    vendor: "Fournisseur",
    data: "Données",
    network: "Réseau",
    assignee: "Confié à",
  },
  lede: (total, all) =>
    total === all ? `${all} en tout.` : `${total} sur ${all} ${total === "0" || total === "1" ? "répond" : "répondent"} aux filtres.`,
  search: "Chercher",
  searchHint: "mots, claim:covert-copy grade:prouvé element:epc",
  saved: "Filtres enregistrés",
  saveAs: "Enregistrer sous",
  save: "Enregistrer",
  forget: (name) => `Oublier ${name}`,
  hiddenMarks: (n) =>
    n === "1"
      ? "1 constat marqué est masqué par les filtres ; rien n'y est changé."
      : `${n} constats marqués sont masqués par les filtres ; rien n'y est changé.`,
  noneOpen: (n) => `Rien que vous puissiez voir ; ${n} ${n === "1" ? "réservé" : "réservés"} au rôle li-cleared.`,
  filter: "Filtres",
  clear: "Ôter les filtres",
  from: "Depuis (UTC)",
  to: "Jusqu'à (UTC)",
  sort: "Ordre",
  sorts: {
    grade: "les plus solides d'abord",
    last: "les plus récents d'abord",
    first: "les plus anciens d'abord",
    bytes: "les plus volumineux d'abord",
    subscribers: "le plus d'abonnés d'abord",
    bits: "le plus de bits d'abord",
  },
  none: "Aucun constat ne répond à ces filtres.",
  noneAtAll: "Ce dossier ne contient aucun constat. La vue d'ensemble dit ce qui a été surveillé et ce qui n'a pas été observé.",
  list: "Constats",
  mark: "Marquer",
  markAll: "Marquer tout ce qui est lu",
  unmark: "Ôter les marques",
  marked: (n) => (n === "1" ? "1 marqué" : `${n} marqués`),
  setState: "État",
  keep: "laisser tel quel",
  assign: "Confier à",
  assignHint: "nom ; « - » retire",
  reason: "Motif",
  apply: "Appliquer",
  reasonHint: "consigné au journal de conservation",
  applied: (n) => (n === "1" ? "1 modifié, consigné" : `${n} modifiés, consignés`) + " au journal de conservation.",
  to_: "vers",
  by: "par",
  more: (n) => (n === "1" ? "et 1 autre" : `et ${n} autres`),
  subscribers: (n) => (n < 2 ? `${n} abonné` : `${n} abonnés`),
  bits: (n) => `${n} bits`,
  withheld: (n) =>
    n === "1"
      ? "1 constat d'interception n'est montré qu'au rôle li-cleared."
      : `${n} constats d'interception ne sont montrés qu'au rôle li-cleared.`,
  nobody: "personne",
  keys: "j et k pour se déplacer, Entrée pour ouvrir, x pour marquer",
};

export const findings = { en, fr };
