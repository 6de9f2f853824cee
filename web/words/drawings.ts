/** Words in drawings, and the text alternatives of drawings. */
import type { NetworkNode } from "#serve/api/types.ts";

const kinds: Readonly<Record<NetworkNode["kind"], string>> = {
  function: "function",
  service: "declared service",
  operator: "declared party",
  lawful: "lawful interception",
  partner: "partner",
  monitoring: "monitoring",
  receiver: "receiver of a finding",
  unknown: "undeclared",
  more: "elements",
};

const en = {
  kinds,
  bands: ["Registers, policy", "Control plane", "User plane"] as readonly string[],
  bandsShort: ["Registers", "Control", "User"] as readonly string[],
  severalSites: "several sites",
  from: (place: string) => `from ${place}`,
  opens: (n: string) => `Opens: ${n} elements`,
  larger: "Larger",
  smaller: "Smaller",
  whole: "As at first",
  moveHint: "Drag, or arrow keys; Ctrl and wheel, two fingers, + and − change the size.",
  strangers: (n: string) => (n === "1" ? "1 address" : `${n} addresses`),
  noPart: "no known part",
  hosts: (n: string) => (n === "1" ? "1 declared host" : `${n} declared hosts`),
  undeclared: "undeclared",
  findings: (n: number) => (n === 1 ? "1 finding" : `${n} findings`),
  networkAlt: (nodes: number, lines: number, undeclared: number) =>
    `The network: ${nodes} ${nodes === 1 ? "function or peer" : "functions and peers"}, ${lines} ${lines === 1 ? "line" : "lines"} between them, ${undeclared} of them undeclared. The tables beside the drawing hold the same.`,
  proofAlt: (bits: string, steps: number) =>
    `${bits} bits of evidence, added up in ${steps} ${steps === 1 ? "step" : "steps"} against a threshold of 64. The table below holds the same.`,
  threshold: "64 bits",
  bits: "bits",
  sqrt: "square-root scale",
  hashBound: "upper bound by print collisions",
  score: "score",
  wayAlt: (path: string, branch: string | null) =>
    branch === null ? `Way of the data: ${path}.` : `Way of the data: ${path}. A copy leaves to ${branch}.`,
  to: "to",
  encrypted: "encrypted",
  timeAlt: "Timeline on one axis. The table below holds the same.",
  lanes: { order: "Order", effect: "Effect", evidence: "Seen", subscriber: "Subscriber", coverage: "Captured", gap: "Not seen" },
  worldAlt: (arcs: number, unknown: number) =>
    `World map: ${arcs} ${arcs === 1 ? "arc" : "arcs"} from the network's country to receivers; ${unknown} ${unknown === 1 ? "receiver" : "receivers"} whose country nobody declared.`,
  unknownCountry: "country not declared",
  within: "within the country",
  tooSmall: (countries: string) => `Too small for this map: ${countries}. The tables name them.`,
};

const fr: typeof en = {
  kinds: {
    function: "fonction",
    service: "service déclaré",
    operator: "partie déclarée",
    lawful: "interception légale",
    partner: "partenaire",
    monitoring: "supervision",
    receiver: "destinataire d'un constat",
    unknown: "non déclaré",
    more: "équipements",
  },
  bands: ["Registres, règles", "Plan de contrôle", "Plan usager"],
  bandsShort: ["Registres", "Contrôle", "Usager"],
  severalSites: "plusieurs sites",
  from: (place) => `dès ${place}`,
  opens: (n) => `Ouvrir : ${n} équipements`,
  larger: "Agrandir",
  smaller: "Réduire",
  whole: "Comme au début",
  moveHint: "Faire glisser, ou flèches du clavier ; Ctrl et molette, deux doigts, + et − changent la taille.",
  strangers: (n) => (n === "1" ? "1 adresse" : `${n} adresses`),
  noPart: "sans rôle connu",
  hosts: (n) => (n === "1" ? "1 hôte déclaré" : `${n} hôtes déclarés`),
  undeclared: "non déclaré",
  findings: (n) => (n < 2 ? `${n} constat` : `${n} constats`),
  networkAlt: (nodes, lines, undeclared) =>
    `Le réseau : ${nodes} ${nodes < 2 ? "fonction ou correspondant" : "fonctions et correspondants"}, ${lines} ${lines < 2 ? "ligne" : "lignes"} entre eux, dont ${undeclared} non déclarée${undeclared < 2 ? "" : "s"}. Les tableaux voisins disent la même chose.`,
  proofAlt: (bits, steps) =>
    `${bits} bits de preuve, additionnés en ${steps} ${steps < 2 ? "étape" : "étapes"}, face au seuil de 64. Le tableau ci-dessous dit la même chose.`,
  threshold: "64 bits",
  bits: "bits",
  sqrt: "échelle en racine carrée",
  hashBound: "borne due aux collisions d'empreintes",
  score: "résultat",
  wayAlt: (path, branch) =>
    branch === null ? `Chemin des données : ${path}.` : `Chemin des données : ${path}. Une copie sort vers ${branch}.`,
  to: "vers",
  encrypted: "chiffré",
  timeAlt: "Chronologie sur un seul axe. Le tableau ci-dessous dit la même chose.",
  lanes: { order: "Ordre", effect: "Effet", evidence: "Observé", subscriber: "Abonné", coverage: "Capté", gap: "Non observé" },
  worldAlt: (arcs, unknown) =>
    `Carte du monde : ${arcs} ${arcs < 2 ? "arc" : "arcs"} du pays du réseau aux destinataires ; ${unknown} ${unknown < 2 ? "destinataire" : "destinataires"} dont nul n'a déclaré le pays.`,
  unknownCountry: "pays non déclaré",
  within: "dans le pays",
  tooSmall: (countries) => `Trop petits pour cette carte : ${countries}. Les tableaux les nomment.`,
};

export const drawings = { en, fr };
