/** The report's sentences in French: written, not translated word for word. */
import { CLAIM_SENTENCES_FR } from "./claim-sentences.ts";
import { sup, type reportEn } from "./report-en.ts";

export const reportFr: typeof reportEn = {
  basis: {
    address: "les paquets portent son adresse, qui peut être falsifiée",
    link: "les paquets sont sortis par un lien qui ne dessert que cet équipement",
    enclosed: "tous ses liens étaient observés : l'original est entré, la copie est sortie",
    inferred: "déduit du trafic : les paquets ne portent pas son adresse",
  },
  act: {
    sent: "ordonné ; aucune réponse n'a été observée",
    accepted: "ordonné et accepté ; l'effet n'a pas été observé",
    effected: "accompli ; le trafic lui-même a été observé",
  },
  actSeen: "envoyé ; vu sur le câble",
  standing: {
    given: { name: "fournies", means: "Un utilisateur a fourni la déclaration et le plan de captation ; nul autre ne s'en porte garant." },
    attested: {
      name: "attestées",
      means: "La déclaration et le plan de captation ont été scellés et signés avant la première trame captée.",
    },
    witnessed: {
      name: "confirmées",
      means: "La déclaration et le plan ont été scellés au préalable, et des témoins extérieurs ont signé le journal.",
    },
  },
  explained: { excluded: "exclue", supported: "étayée", untestable: "non vérifiable ici" },
  premise: { verified: "vérifiée", declared: "déclarée", assumed: "supposée" },
  // The noun is named, since claims are of either gender.
  gradeOf: (grade) => ({ indication: "simple indice", corroborated: "constat corroboré", proven: "constat prouvé" })[grade],
  gradeMeans: {
    indication: "mérite qu'une personne l'examine, sans plus",
    corroborated: "bien étayé ; un point reste ouvert",
    proven: "le hasard et les explications innocentes mises à l'épreuve sont écartés",
  },
  claimSentence: CLAIM_SENTENCES_FR,
  title: (network) => `Accès à des données d'abonnés que nul n'a autorisé : ${network}`,
  titleActs: (network) => `Actes que nul n'a autorisés : ${network}`,
  titleIndications: (tally, network) => `À examiner (${tally}) : ${network}`,
  titleNone: (network) => `Observé, et rien trouvé : ${network}`,
  kicker: "Rapport d'examen",
  watchedOn: (period) => `Observation : ${period}`,
  made: {
    author: "Auteur",
    noAuthor: "non indiqué",
    on: "Établi le",
    with: "Établi avec",
    tool: (version) => `Tapproof ${version}`,
    basis: "Fondement",
    declaration: "Déclaration",
    of: (network, hash) => `${network === null ? "" : `de ${network}, `}SHA-256 ${hash}…`,
    none: "aucune n'a été fournie",
    supplied: "fournie par qui a analysé les captures ; nul autre ne s'en porte garant",
    sealedBy: (parties, at) => `scellée${at === null ? "" : ` le ${at}`} par ${parties}`,
    sealed: "scellée avant la première trame captée",
    reviewed: "rien n'y est marqué comme non relu",
    unreviewed: (parts) => `un brouillon que personne n'a relu (${parts})`,
  },
  someNetwork: "un réseau mobile",
  caseLine: (name) => `Dossier ${name}`,
  period: (from, to) => `du ${from} au ${to}`,
  draft: {
    title: "Projet",
    pending: (vendors) =>
      `Ce rapport nomme ${vendors}. Il reste un projet tant que le fournisseur n'a pas reçu la liasse de preuves et disposé de son délai de réponse : ce délai n'a pas commencé.`,
    running: (vendors, until) =>
      `Ce rapport nomme ${vendors}. Il reste un projet jusqu'au ${until}, terme du délai de réponse du fournisseur.`,
    ended: (vendor, until, replied) =>
      replied
        ? `${vendor} a reçu la liasse de preuves et a répondu ; la réponse figure plus bas. Son délai s'est achevé le ${until}.`
        : `${vendor} a reçu la liasse de preuves ; son délai de réponse s'est achevé le ${until} sans réponse.`,
  },

  compare: {
    fresh: (n) => `Nouveau (${n})`,
    gone: (n) => `Relevé avant, plus maintenant (${n})`,
    stronger: (n) => `Renforcé (${n})`,
    weaker: (n) => `Affaibli (${n})`,
    same: (n) => (n < 2 ? `${n} constat reste tel quel.` : `${n} constats restent tels quels.`),
    more: (n) => (n < 2 ? `et ${n} autre : --json les donne tous` : `et ${n} autres : --json les donne tous`),
    otherNetwork: "Les deux dossiers portent sur des réseaux de noms différents : aucun constat ne peut être le même.",
    otherDeclaration:
      "Les deux ont été jugés d'après des déclarations différentes : ce qui est nouveau ou a disparu peut tenir à la déclaration.",
    notWatched: (points) => `Non observés la seconde fois : ${points}. Ce qui y fut relevé peut continuer.`,
    goneMeans: "Qu'un acte n'ait pas été relevé à nouveau ne montre pas qu'il a cessé : il peut ne pas avoir eu lieu pendant ces captures.",
  },

  titleWithheld: (network, n) => `Rien que vous puissiez voir ; ${n} ${n < 2 ? "constat réservé" : "constats réservés"} : ${network}`,
  alsoWithheld: (n) => ` ; ${n} ${n < 2 ? "réservé" : "réservés"}`,
  withheldNote: (n, any) =>
    `${any ? "" : "Rien que vous puissiez voir. "}${n} ${n < 2 ? "constat relatif à l'interception est réservé" : "constats relatifs à l'interception sont réservés"} aux lecteurs habilités.`,
  lead: {
    withheld: (n) => `rien n'a été relevé que vous puissiez voir ; ${n < 2 ? `${n} constat est réservé` : `${n} constats sont réservés`}.`,
    withheldNoDeclaration: (n) =>
      `Sans déclaration du réseau, on ne peut guère juger ; rien n'a été relevé que vous puissiez voir ; ${n < 2 ? `${n} constat est réservé` : `${n} constats sont réservés`}.`,
    if: "Si la déclaration et le plan de captation sont exacts, ",
    ifNoDeclaration: "Aucune déclaration du réseau n'a été fournie : rien, ici, ne dépasse l'indice. ",
    standing: (name) => `Sur des prémisses ${name}, `,
    tally: (proven, corroborated, indications) =>
      [
        proven === 0 ? "" : proven === 1 ? "1 prouvé" : `${proven} prouvés`,
        corroborated === 0 ? "" : corroborated === 1 ? "1 corroboré" : `${corroborated} corroborés`,
        indications === 0 ? "" : indications === 1 ? "1 indice" : `${indications} indices`,
      ]
        .filter((part) => part !== "")
        .join(", "),
    several: (tally) => `les constats sont : ${tally}. Le mieux étayé : `,
    draft:
      "La déclaration est un brouillon établi par une machine, que personne n'a relu : ce qu'elle décide est supposé, et rien n'est plus que corroboré. ",
    none: "rien n'a été relevé, dans ce qui a été observé, que la déclaration n'explique pas.",
    noneNoDeclaration: "Sans déclaration du réseau, on ne peut guère juger ; rien n'a été relevé.",
  },
  withheldMeans:
    "Ce rapport ne dit pas que rien n'a été relevé. Ce qui est réservé a trait à l'interception et s'adresse aux lecteurs habilités.",
  noneMeans: "Ce constat porte sur ce qui a été observé, et sur cela seul : ce qui ne l'a pas été est indiqué plus bas.",
  attribution: (place, element) =>
    `La copie est sortie au point ${place} de l'équipement ${element}. Cela ne montre ni qui l'a provoquée, ni que le fournisseur le savait.`,
  attributionOther: (element) => `L'acte a été observé à ${element}. Cela ne montre ni qui l'a provoqué, ni que le fournisseur le savait.`,
  attributionGeneral: "Aucun câble ne montre qui a configuré cela, dans quelle intention, ni si quelqu'un a lu les données.",
  first: {
    found: "Ce qui a été trouvé",
    sure: "Avec quelle certitude",
    who: "Qui est touché",
    else: "Ce que cela aurait pu être d'autre",
    unseen: "Ce qui n'a pas été observé",
    check: "Comment vérifier",
    watched: "Ce qui a été observé",
  },
  more: (n) => (n < 2 ? `${n} autre constat figure en seconde partie.` : `${n} autres constats figurent en seconde partie.`),
  sure: {
    bits: (grade, bits, power) =>
      `Degré : ${grade}. La probabilité qu'un trafic sans rapport concorde à ce point par hasard est d'au plus 2⁻${sup(power)} : ${bits} bits ont été comptés, il en faut 64.`,
    direct: (grade) =>
      `Degré : ${grade}. Le manquement a été lu directement dans des paquets complets et confronté à la déclaration ; aucune probabilité n'est calculée.`,
    directWeak: (grade, means) => `Degré : ${grade} ; ${means}.`,
    graded: (list) => `Degrés : ${list}.`,
    bitsSeveral: (n, power) =>
      `Pour ${n} d'entre eux, une probabilité a été calculée : un trafic sans rapport concorderait à ce point par hasard avec une probabilité d'au plus 2⁻${sup(power)}.`,
    directSeveral: (n) =>
      n < 2
        ? `${n} manquement a été lu directement dans des paquets complets et confronté à la déclaration.`
        : `${n} manquements ont été lus directement dans des paquets complets et confrontés à la déclaration.`,
    notInnocence: "C'est la probabilité du hasard, non celle de l'innocence de quelqu'un.",
    rests: (verified, declared, assumed) =>
      `Le constat repose sur ${verified + declared + assumed} prémisses (${[
        [verified, "vérifiée"],
        [declared, "déclarée"],
        [assumed, "supposée"],
      ]
        .filter(([n]) => n !== 0)
        .map(([n, name]) => count(Number(n), String(name)))
        .join(", ")}), énumérées avec lui.`,
  },
  who: {
    subscribers: (n) => (n === 0 ? "Aucune donnée d'abonné n'a été vue sortir par cet acte." : n === 1 ? "1 abonné" : `${n} abonnés`),
    pseudonyms: "Les abonnés paraissent sous pseudonyme ; leur identité n'est pas dans ce rapport.",
    data: (kinds) => `Nature des données : ${kinds}.`,
    amount: (packets, bytes) => `${packets}${bytes === "" ? "" : `, ${bytes}`}`,
    when: (from, to) => `Du ${from} au ${to}.`,
    at: (at) => `Le ${at}.`,
    receivers: (list) => `Destination : ${list}.`,
    parties: (list) => `L'autre partie : ${list}.`,
    inAll: (subscribers, bytes, receivers) =>
      `Au total ${subscribers}${bytes === "" ? "" : `, ${bytes} de contenu`}${receivers === 0 ? "" : receivers === 1 ? ", 1 destinataire" : `, ${receivers} destinataires`}.`,
  },
  elsewise: {
    summary: (excluded, declared, untestable) => {
      const parts = [
        excluded < 2
          ? `${excluded} explication innocente a été mise à l'épreuve et exclue`
          : `${excluded} explications innocentes ont été mises à l'épreuve et exclues`,
      ];
      if (declared > 0) parts.push(`dont ${declared} pour autant que la déclaration soit exacte`);
      if (untestable > 0)
        parts.push(
          untestable < 2 ? `${untestable} n'a pu être vérifiée en ces points` : `${untestable} n'ont pu être vérifiées en ces points`,
        );
      return `${parts.join(", ")}.`;
    },
    most: "Les plus vraisemblables :",
    open: "Non vérifiables, donc laissées ouvertes :",
    leading: "Pour le constat le mieux établi :",
    all: "Toutes figurent, motivées, en seconde partie.",
  },
  unseen: {
    none: "Aucune lacune n'a été constatée dans la captation. Les liens sans point d'observation restent des angles morts.",
    points: (list) => `Observés : ${list}.`,
    further: (n) => (n < 2 ? `${n} autre ligne figure en seconde partie.` : `${n} autres lignes figurent en seconde partie.`),
    gaps: (n) => (n < 2 ? `${n} lacune est détaillée en seconde partie.` : `${n} lacunes sont détaillées en seconde partie.`),
    undecided: (n) =>
      n < 2 ? `${n} cas n'a pu être tranché ; ce n'est pas un constat.` : `${n} cas n'ont pu être tranchés ; ce ne sont pas des constats.`,
    covered: (n) =>
      n < 2
        ? `${n} interception était couverte par un mandat ; rien d'autre n'en est conservé.`
        : `${n} interceptions étaient couvertes par des mandats ; rien d'autre n'en est conservé.`,
    withheld: (n) =>
      n < 2
        ? `${n} constat relatif à l'interception est retiré de ce rapport : il est réservé aux lecteurs habilités.`
        : `${n} constats relatifs à l'interception sont retirés de ce rapport : ils sont réservés aux lecteurs habilités.`,
  },
  check: {
    verify: "Chacun peut vérifier la liasse de preuves hors ligne, sans se fier à qui l'a établie :",
    byPage: "Ou dans tout navigateur, sans réseau : déposez-la sur verify.html, la page dont le SHA-256 est",
    noBundle: "Ce dossier ne contient pas encore de liasse de preuves ; les trames ci-dessous peuvent déjà être comparées aux captures.",
    frames: "Ouvrez les captures dans Wireshark et allez aux trames indiquées avec chaque constat ; comparez d'abord leur SHA-256.",
    page: "Cette page peut vérifier la liasse qu'elle contient. Ce n'est qu'une commodité : une page falsifiée peut mentir, la commande ne dépend pas d'elle.",
    run: "Vérifier la liasse dans cette page",
    running: "Vérification…",
    offline: "Rien n'est envoyé : la politique de la page interdit toute connexion.",
    notCarried:
      "La liasse n'est pas jointe à cette page : elle est signée d'un bloc, et une partie de son contenu revient à des lecteurs ayant d'autres droits. Vérifiez le fichier lui-même.",
    tooLarge: "La liasse est trop volumineuse pour être jointe à cette page. Vérifiez le fichier lui-même.",
    level: "Niveau atteint",
    origin: "Origine",
    failed: "échec",
    passed: "réussi",
    notChecked: "non vérifié",
    couldNot: "Ce navigateur n'a pu effectuer la vérification ; employez la commande.",
  },
  part2: "Seconde partie : pour l'expert",
  contents: "Table",
  finding: (n) => `Constat ${n}`,
  facts: {
    title: "L'acte",
    id: "Identifiant du constat",
    element: "Observé à",
    basis: "Pourquoi là",
    vendor: "Son fournisseur",
    vendorNote: "selon la déclaration ; observé sur son équipement, ce qui ne veut pas dire accompli par lui",
    receiver: "Destinataire",
    undeclared: "non déclaré",
    notForThis: "déclaré, mais pas pour cela",
    declaredAs: "déclaré",
    via: "passé par",
    act: "Jusqu'où",
    transport: "Porté par",
    encrypted: "chiffré",
    delay: "Retard sur l'original",
    subscribers: "Abonnés",
    data: "Nature des données",
    amount: "Quantité",
    when: "Observé",
    bits: "Bits",
    chance: "Probabilité du hasard",
    direct: "aucune : lecture directe",
    standing: "Valeur des prémisses",
    sources: "Spécifications",
    identities: "Identités",
    details: "Autres faits",
    none: "aucun",
    unknown: "inconnu",
  },
  way: {
    title: "Le chemin des données",
    alt: (element, receiver) =>
      `Dessin : le chemin du trafic des abonnés, et l'endroit où l'acte observé à ${element} s'en écarte vers ${receiver}.`,
    subscriber: "abonné",
    access: "accès radio",
    core: "cœur de réseau",
    outside: "réseau de paquets",
    ordered: "ordonné",
    columns: ["Tronçon", "Ce qui passe", "Statut"],
    regular: "le trafic de l'abonné, sur son chemin ordinaire",
    noReceiver: "aucun destinataire",
    asks: "interroge et obtient réponse",
    manages: "administre",
    unprotected: "sans protection",
    noSignalling: "aucune signalisation ne l'a établi",
  },
  arithmetic: {
    rootScale: "échelle en racine carrée",
    title: "Le calcul",
    alt: (bits) => `Dessin : les bits s'ajoutent pas à pas jusqu'à ${bits}, au regard d'un seuil de 64.`,
    threshold: "seuil : 64 bits",
    columns: ["Pas", "Quoi", "Bits", "Somme", "Motif"],
    bound: "borne",
    none: "Aucune probabilité du hasard n'est calculée pour ce constat : il a été lu directement, ou l'absence était bien couverte.",
    note: "Les bits comptent ce qui est propre à une session : chaque pas vers le haut divise d'autant de fois par deux la probabilité du hasard. Les déductions paient chaque essai effectué.",
  },
  explanations: { title: "Les explications innocentes, et leur sort", columns: ["Issue", "Explication", "Motif"] },
  premises: {
    title: "Ce sur quoi repose le constat",
    columns: ["Valeur", "Prémisse"],
    note: "Une prémisse fausse pèse plus que tout calcul : vérifiez-les d'abord.",
  },
  witnesses: { title: "Ce qui a vu le même acte", columns: ["Constat", "Degré", "Ce qu'il dit"] },
  frames: {
    title: "Trames",
    columns: ["Capture", "Trames", "Numéros (tels que Wireshark les affiche)"],
    more: (n) => `et ${n} autres`,
    filter: "Filtre Wireshark",
  },
  packets: {
    title: "Paquets côte à côte",
    alt: "Dessin : un paquet et sa copie à la même échelle : la copie porte une enveloppe ; le contenu des deux, masqué, est le même.",
    original: "Original",
    copy: "Copie",
    frame: (file, frame) => `${file}, trame ${frame}`,
    headers: "en-têtes",
    content: "contenu, masqué",
    envelope: "enveloppe",
    same: "le même contenu",
    equalOctets: "Octets égaux",
    commitment: "Engagement commun",
    more: (n) => (n < 2 ? `${n} autre paire figure dans la liasse de preuves.` : `${n} autres paires figurent dans la liasse de preuves.`),
    note: "Tels que la liasse de preuves les porte : les contenus sont retranchés, les adresses, ports et autres octets identifiant des abonnés sont remplacés ou nuls. Original et copie s'engagent sur leur contenu sous une clé propre à ce constat : des engagements égaux montrent un contenu égal, et rien d'autre.",
  },
  time: {
    title: "Le temps",
    alt: "Dessin : un même axe pour ce qui a été observé, l'activité des abonnés et le moment des actes ; hachuré là où rien n'était observé.",
    columns: ["Ligne", "De", "À", "Quoi"],
    coverage: "observé",
    notWatched: "non observé",
    activity: "trafic d'abonnés",
    act: "acte",
    order: "ordre",
    gap: "lacune",
    utc: "UTC",
  },
  map: {
    title: "Le réseau",
    alt: "Dessin : les fonctions à leur place 3GPP, le trafic déclaré fin et bleu, les actes relevés en vermillon.",
    columns: ["De", "À", "Interface ou protocole", "Quantité", "Statut"],
    declared: "déclaré",
    notDeclared: "non déclaré",
    found: "relevé",
    management: "exploitation et services",
    subscribers: "abonnés",
    control: "plan de commande",
    user: "plan usager",
    outside: "extérieur",
    more: (n) => `et ${n} autres`,
    messages: (n) => `${n} messages`,
    unreadable: "La base du dossier n'a pu être lue : ce dessin et le suivant montrent moins que ce qui a été vu.",
    legendDeclared: "trafic déclaré",
    legendFound: "ce que nul n'a autorisé ; l'épaisseur est le volume",
    legendOther: "observé, non jugé",
    legendOrdered: "ordonné, non vu passer",
  },
  coverage: {
    title: "Ce qui a été observé, et ce qui ne l'a pas été",
    captures: ["Capture", "Point", "Paquets", "De", "À", "Tronquées", "Malformées"],
    hashes: "SHA-256 des captures, telles que remises",
    gaps: "Lacunes",
    gapColumns: ["Nature", "Où", "Combien", "Pourquoi"],
    undecided: "Non tranché",
    undecidedColumns: ["Sujet", "Combien", "Pourquoi"],
    everywhere: "tout l'examen",
    notSeen: "Non observé",
  },
  custody: {
    title: "Conservation",
    basis: "Fondement (loi, autorité, finalité)",
    noBasis: "aucun n'est indiqué",
    columns: ["Quand", "Qui", "Quoi"],
    scan: (files) => (files < 2 ? `${files} capture analysée` : `${files} captures analysées`),
    identities: (reason) => `identités affichées, au motif : ${reason}`,
    declaration: "SHA-256 de la déclaration",
    noDeclaration: "aucune déclaration n'a été fournie",
    sealed: (at) => `scellée le ${at}`,
    log: (n) => `${n} enregistrements figurent au journal du dossier ; son point de contrôle :`,
    handedOver: (vendor, days) => `liasse de preuves remise à ${vendor}, ${days} jours pour répondre`,
    replied: (vendor) => `${vendor} a répondu`,
    intake: (capture, place) => `capture ${capture} reçue, prise à : ${place}`,
    action: (name) => CUSTODY_ACTIONS[name] ?? name.replaceAll("-", " "),
  },
  replies: {
    title: "Ce que dit le fournisseur",
    received: (vendor, at) => `${vendor}, reçu le ${at}. Reproduit tel quel.`,
    hash: "SHA-256",
  },
  glossary: {
    title: "Lexique",
    entries: [
      ["degré", "La force de ce qui a été relevé : indice, corroboré, prouvé. Il qualifie le calcul et les épreuves, non une personne."],
      ["bit", "Un bit divise par deux la probabilité du hasard. 64 bits : une chance sur environ 18 milliards de milliards."],
      [
        "déclaration",
        "La liste, par l'opérateur, de ce qu'est son réseau : fonctions, hôtes, autorisations, adresses légales. Ce qu'elle explique n'est pas un constat.",
      ],
      ["plan de captation", "Où chaque capture a été prise, et si elle montre tout ce qui passe sur ce lien."],
      ["équipement", "La fonction du réseau, ou l'adresse, où l'acte a été observé. Non un coupable."],
      ["destinataire", "Où les données sont allées, ou devaient aller."],
      ["prémisse", "Ce sur quoi repose un constat et que son calcul ne couvre pas."],
      ["copie clandestine", "Un paquet entre, deux ou plus sortent : l'original atteint sa destination, un second va ailleurs."],
      ["eNB, gNB", "Station radio d'un réseau 4G ou 5G : là où entre le trafic d'un terminal."],
      ["MME, AMF", "La fonction qui enregistre les terminaux et sait où ils se trouvent."],
      ["SGW, PGW, UPF", "Passerelles par lesquelles passe tout le trafic d'un abonné."],
      ["HSS, UDM", "Le registre des abonnés."],
      [
        "S1-U, SGi, S11, OAM…",
        "Noms de liens entre fonctions : S1-U porte le trafic des abonnés depuis la radio, SGi vers Internet, S11 sa signalisation ; OAM est l'exploitation.",
      ],
      ["GTP-U, VXLAN, GRE", "Enveloppes dans lesquelles des paquets voyagent à l'intérieur d'autres paquets."],
      ["trame", "Un paquet dans un fichier de capture, avec son numéro."],
      ["liasse de preuves", "Le fichier qui permet à un tiers de vérifier un dossier, hors ligne."],
    ],
  },
  colophon: (version) =>
    `Établi par Tapproof ${version} à partir du seul dossier. Le journal montre que rien n'a changé depuis le scellement, non qu'une capture n'a jamais été fabriquée : deux sondes en mains différentes, ou un contre-échantillon scellé remis à la partie mise en cause, en montrent davantage.`,
  liCleared: "Réservé aux lecteurs habilités à l'interception. Ne pas transmettre.",
  or: "ou",
  originalEnglish: "texte d'origine, en anglais",
  gapKind: (kind) => GAP_KINDS[kind] ?? kind.replaceAll("-", " "),
};

function count(n: number, adjective: string): string {
  return `${n} ${adjective}${n < 2 ? "" : "s"}`;
}

const GAP_KINDS: Readonly<Record<string, string>> = {
  "cut-frames": "trames tronquées",
  "truncated-file": "fichier tronqué",
  corrupt: "altéré",
  drops: "pertes",
  "unknown-interface": "interface inconnue",
  "unsupported-section": "section non prise en charge",
  compression: "compression",
  encrypted: "chiffré",
  "not-decoded": "non décodé",
  undecoded: "indéchiffrable",
  limit: "limite",
  detector: "détecteur en panne",
  "bad-input": "entrée inutilisable",
  skipped: "entrée écartée",
};

const CUSTODY_ACTIONS: Readonly<Record<string, string>> = {
  opened: "ouvert",
  scanned: "analysé",
  read: "lu",
  "showed-identities": "identités affichées",
  exported: "exporté",
  "made-bundle": "liasse de preuves établie",
  "opened-commitment": "engagement ouvert",
  "handed-over": "remis",
  received: "reçu",
  copied: "copié",
  "sent-to-accused": "envoyé à la partie mise en cause",
  "received-reply": "réponse reçue",
  published: "publié",
  closed: "clos",
  deleted: "détruit",
  other: "autre",
};
