/** The field's own terms, explained to a minister. */
interface Term {
  readonly word: string;
  readonly meaning: string;
}

const en = {
  indication: { word: "Indication", meaning: "Something that deserves a person's look. It is not evidence by itself." },
  corroborated: {
    word: "Corroborated",
    meaning: "Strong evidence with one gap: a test that these captures did not allow, or two independent signs that agree.",
  },
  proven: {
    word: "Proven",
    meaning:
      "64 bits of evidence or more, or a breach read directly from complete packets; and every innocent explanation that can be named was tested and excluded. What it still rests on is listed under the premises.",
  },
  bits: {
    word: "Bits of evidence",
    meaning:
      "How unlikely it is that unrelated traffic agrees this well by accident. Each bit halves the chance: 10 bits are 1 in 1,024; 64 bits are 1 in 18 billion billion. It is not the chance that the accused is innocent.",
  },
  threshold: { word: "64-bit threshold", meaning: "Below it, agreement by accident is not excluded well enough to speak of proof." },
  element: { word: "Element", meaning: "The machine of the network at which the act was observed. It is not thereby the guilty one." },
  receiver: { word: "Receiver", meaning: "The address to which the data went, or that asked for it." },
  basis: {
    word: "Basis",
    meaning:
      "How the act is tied to the element: by the address in the packets, by the link it left on, or by having all of the element's links in view.",
  },
  premise: {
    word: "Premise",
    meaning:
      "What the finding rests on that its arithmetic does not cover, such as where the taps were placed. If a premise is wrong, the finding may be wrong.",
  },
  standing: {
    word: "Standing",
    meaning:
      "Who vouches for the declaration and the tap map: given by a user, attested by signature before the first packet, or witnessed by outside parties.",
  },
  excluded: { word: "Excluded", meaning: "Tested, and the captures contradict it." },
  supported: { word: "Supported", meaning: "Tested, and the captures speak for it. The finding cannot be proven while this stands." },
  untestable: { word: "Untestable", meaning: "These captures could not have shown it either way." },
  act: { word: "Act", meaning: "How far it went: an order was sent; it was accepted; its effect was seen." },
  pseudonym: {
    word: "Pseudonym",
    meaning:
      "A keyed code in place of a subscriber's identity. The same person has the same code within a case; nobody without the key can tell who it is.",
  },
  point: { word: "Point", meaning: "One place where packets were seen: a capture file, or one interface of a file." },
  gap: {
    word: "Not seen",
    meaning:
      "What the captures could not show: times without packets, cut packets, links that were not tapped. Absence of a finding there says nothing.",
  },
  undecided: {
    word: "Undecided",
    meaning: "Something was seen that could be judged neither lawful nor unlawful with what is known. It accuses nobody.",
  },
  complete: { word: "Complete", meaning: "The tap map says that all traffic of this link was captured, in both directions." },
  declared: { word: "Declared", meaning: "The network's declaration or a warrant explains it." },
  undeclared: { word: "Undeclared", meaning: "Nothing in the declaration, and no warrant, explains it." },
  warrant: { word: "Warrant", meaning: "A lawful authority to intercept one target, with a scope and a period." },
  grant: { word: "Grant", meaning: "A permission for a party to manage an element, with a period." },
  bundle: { word: "Bundle", meaning: "One file with everything that a stranger needs to check the findings offline." },
  checkpoint: {
    word: "Checkpoint",
    meaning: "A signed statement of the log's size and root hash. Whoever keeps one notices if the log is rewritten later.",
  },
  witness: {
    word: "Witness",
    meaning:
      "An outside party that signs the log's root, so that nobody can say later that it was sealed at another time. It sees no content.",
  },
  captured: {
    word: "Captured (claimed)",
    meaning: "The time that the capturing machine wrote beside the packets. Nobody outside vouches for it.",
  },
  sealed: { word: "Sealed (witnessed)", meaning: "From this time on a change would be noticed: an outside party has signed the root." },
  L1: { word: "L1, integrity", meaning: "Every byte of the bundle is covered by a signature and unchanged." },
  L2: { word: "L2, arithmetic", meaning: "The bits of each finding were computed again from the disclosed table of matches." },
  L3: { word: "L3, replay", meaning: "The findings were made again from the full captures." },
  held: { word: "Held", meaning: "The condition was observed and kept." },
  broken: { word: "Broken", meaning: "A finding contradicts the condition." },
  notObservable: { word: "Not observable", meaning: "These captures could not have shown a breach. This is no acquittal." },
  custody: { word: "Custody log", meaning: "Who did what with the case and when, appended only, every entry covered by the signed root." },
  masked: {
    word: "Masked",
    meaning: "Octets of the subscriber's content and identity are not shown; that they are equal in both packets is.",
  },
  way: { word: "Way of the data", meaning: "The path that the subscriber's packets take, and the branch on which the copy left." },
} satisfies Record<string, Term>;
export type TermName = keyof typeof en;

const fr: Readonly<Record<TermName, Term>> = {
  indication: { word: "Indice", meaning: "Quelque chose qui mérite un examen humain. Ce n'est pas une preuve à soi seul." },
  corroborated: {
    word: "Corroboré",
    meaning:
      "Un faisceau solide, avec une lacune : une vérification que ces captures ne permettaient pas, ou deux signes indépendants qui concordent.",
  },
  proven: {
    word: "Prouvé",
    meaning:
      "Au moins 64 bits de preuve, ou un manquement lu directement dans des paquets complets ; et toute explication innocente connue a été éprouvée puis écartée. Ce sur quoi le constat repose encore figure parmi les prémisses.",
  },
  bits: {
    word: "Bits de preuve",
    meaning:
      "À quel point il est improbable que des trafics sans rapport concordent ainsi par hasard. Chaque bit divise la chance par deux : 10 bits, une chance sur 1 024 ; 64 bits, une sur 18 milliards de milliards. Ce n'est pas la probabilité que le mis en cause soit innocent.",
  },
  threshold: { word: "Seuil de 64 bits", meaning: "En deçà, la coïncidence n'est pas assez écartée pour parler de preuve." },
  element: { word: "Équipement", meaning: "La machine du réseau où l'acte a été observé. Elle n'est pas pour autant la coupable." },
  receiver: { word: "Destinataire", meaning: "L'adresse où les données sont allées, ou celle qui les a demandées." },
  basis: {
    word: "Rattachement",
    meaning: "Ce qui relie l'acte à l'équipement : l'adresse portée par les paquets, le lien de sortie, ou la vue sur tous ses liens.",
  },
  premise: {
    word: "Prémisse",
    meaning:
      "Ce sur quoi le constat repose sans que son calcul le couvre, par exemple l'emplacement des points de captation. Si une prémisse est fausse, le constat peut l'être.",
  },
  standing: {
    word: "Portée",
    meaning:
      "Qui répond de la déclaration et du plan de captation : fournis par un utilisateur, attestés par signature avant le premier paquet, ou attestés par des tiers.",
  },
  excluded: { word: "Écartée", meaning: "Éprouvée, et les captures la contredisent." },
  supported: { word: "Plausible", meaning: "Éprouvée, et les captures parlent pour elle. Tant qu'elle tient, rien n'est prouvé." },
  untestable: { word: "Invérifiable", meaning: "Ces captures ne pouvaient la montrer ni dans un sens ni dans l'autre." },
  act: { word: "Acte", meaning: "Jusqu'où c'est allé : ordre envoyé, ordre accepté, effet observé." },
  pseudonym: {
    word: "Pseudonyme",
    meaning:
      "Un code à clé en place de l'identité d'un abonné. La même personne a le même code dans un dossier ; sans la clé, nul ne sait qui c'est.",
  },
  point: { word: "Point", meaning: "Un lieu où des paquets ont été vus : un fichier de capture, ou une interface d'un fichier." },
  gap: {
    word: "Non observé",
    meaning:
      "Ce que les captures ne pouvaient montrer : instants sans paquets, paquets tronqués, liens non captés. N'y avoir rien constaté ne dit rien.",
  },
  undecided: {
    word: "Indécis",
    meaning: "Quelque chose a été vu qui, avec ce que l'on sait, ne peut être jugé ni licite ni illicite. Cela n'accuse personne.",
  },
  complete: { word: "Complet", meaning: "Selon le plan de captation, tout le trafic de ce lien a été capté, dans les deux sens." },
  declared: { word: "Déclaré", meaning: "La déclaration du réseau ou un mandat l'explique." },
  undeclared: { word: "Non déclaré", meaning: "Rien dans la déclaration, et aucun mandat, ne l'explique." },
  warrant: { word: "Mandat", meaning: "Titre légal d'intercepter une cible, avec un objet et une période." },
  grant: { word: "Autorisation", meaning: "Permission donnée à une partie d'administrer un équipement, avec une période." },
  bundle: { word: "Liasse", meaning: "Un seul fichier, avec tout ce qu'il faut à un inconnu pour vérifier les constats hors ligne." },
  checkpoint: {
    word: "Point de contrôle",
    meaning: "Déclaration signée de la taille du journal et de son empreinte racine. Qui en conserve un verra si le journal est réécrit.",
  },
  witness: {
    word: "Témoin",
    meaning: "Un tiers qui signe la racine du journal, pour que nul ne prétende ensuite à une autre date. Il ne voit aucun contenu.",
  },
  captured: {
    word: "Capté (selon l'appareil)",
    meaning: "L'heure que la machine de capture a inscrite près des paquets. Aucun tiers n'en répond.",
  },
  sealed: { word: "Scellé (attesté)", meaning: "Depuis cette heure, un changement se verrait : un tiers a signé la racine." },
  L1: { word: "L1, intégrité", meaning: "Chaque octet de la liasse est couvert par une signature et inchangé." },
  L2: { word: "L2, calcul", meaning: "Les bits de chaque constat ont été recalculés d'après la table des concordances." },
  L3: { word: "L3, rejeu", meaning: "Les constats ont été refaits d'après les captures complètes." },
  held: { word: "Respectée", meaning: "La condition a été observée et tenue." },
  broken: { word: "Enfreinte", meaning: "Un constat contredit la condition." },
  notObservable: { word: "Non observable", meaning: "Ces captures n'auraient pas pu montrer un manquement. Ce n'est pas un acquittement." },
  custody: {
    word: "Journal de conservation",
    meaning: "Qui a fait quoi du dossier, et quand ; on n'y fait qu'ajouter, et la racine signée couvre chaque entrée.",
  },
  masked: {
    word: "Masqué",
    meaning: "Les octets du contenu et de l'identité de l'abonné ne sont pas montrés ; leur égalité dans les deux paquets l'est.",
  },
  way: { word: "Chemin des données", meaning: "Le trajet des paquets de l'abonné, et l'embranchement par où la copie est sortie." },
};

export const terms = { en, fr };
