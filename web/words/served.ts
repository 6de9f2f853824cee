/** Sentences that the server writes about what it shows, in French; in English they stay as they come. */
export const SERVED_FR: Readonly<Record<string, string>> = {
  "for the role li-cleared": "réservé au rôle li-cleared",
  "A scan is writing into the case; the path shows again when it is done.":
    "Une analyse écrit dans le dossier ; le chemin réapparaîtra quand elle aura fini.",
  "No packet of this finding was carved.": "Aucun paquet de ce constat n'a été extrait.",
  "No packets of this finding were carved when the case was sealed.":
    "Aucun paquet de ce constat n'a été extrait quand le dossier a été scellé.",
  "Nothing was recorded in this case yet; scan with evidence, or comment on a finding, and the log begins.":
    "Rien n'a encore été consigné dans ce dossier ; le journal commence à la première analyse avec preuves, ou au premier commentaire.",
  "The carved file is too large to show here; download it.": "Le fichier extrait est trop grand pour être montré ici ; téléchargez-le.",
  "The case's database could not be read; the path shows only what the finding itself says.":
    "La base du dossier n'a pu être lue ; le chemin ne montre que ce que dit le constat lui-même.",
  "This act is an exchange with the element itself; no subscriber's path is drawn.":
    "Cet acte est un échange avec l'équipement lui-même ; aucun chemin d'abonné n'est dessiné.",
  "Where the element stands on the path is inferred: no tunnel of this subscriber that signalling set up ends at it.":
    "La place de l'équipement sur le chemin est déduite : aucun tunnel de cet abonné, établi par la signalisation, n'y aboutit.",
};
