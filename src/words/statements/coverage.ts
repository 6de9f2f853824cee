import type { COVERAGE } from "#model/statements/coverage.ts";
import type { Messages } from "./messages.ts";

const BOUND_EN =
  "its own conversations sent {own, plural, one {# octet} other {# octets}}, which bound what could have left in them beside {octets, plural, one {# octet} other {# octets}} of subscribers' packets";
const BOUND_FR =
  "ses propres échanges ont émis {own, plural, one {# octet} other {# octets}}, ce qui borne ce qui a pu en sortir à côté de {octets, plural, one {# octet} other {# octets}} de paquets d'abonnés";

export const COVERAGE_WORDS: Messages<typeof COVERAGE> = {
  "gap.cut-frames": {
    en: "frames cut by the snap length, or the file ends inside a frame",
    fr: "trames tronquées à la captation, ou fichier terminé au milieu d'une trame",
  },
  "gap.encrypted": { en: "{what}: recognised, cannot be read", fr: "{what} : reconnu, illisible" },
  "gap.not-decoded": {
    en: "{what}: recognised, not decoded by this version",
    fr: "{what} : reconnu, non décodé par cette version",
  },
  "gap.fault": { en: "{what}", fr: "{what}" },
  "gap.checksum-refused": {
    en: "packets with a wrong checksum from senders whose others are right: their receivers discarded them, and they were not read",
    fr: "paquets à la somme de contrôle fausse, d'émetteurs dont les autres sont justes : leurs destinataires les ont écartés, et ils n'ont pas été lus",
  },
  "gap.checksum-doubtful": {
    en: "packets whose checksum was not right though others of their senders were: read as streams of their own",
    fr: "paquets à la somme de contrôle fausse alors que d'autres de leurs émetteurs étaient justes : lus comme des flux à part",
  },
  "gap.contradiction-sctp": {
    en: "SCTP chunks with a number that another chunk had: both were read",
    fr: "blocs SCTP portant le numéro d'un autre : les deux ont été lus",
  },
  "gap.contradiction-tcp": {
    en: "TCP segments that claim places where other octets were read, or begin or go on elsewhere: both were read",
    fr: "segments TCP qui prétendent à une place où d'autres octets ont été lus, ou qui commencent ou se poursuivent ailleurs : les deux ont été lus",
  },
  "gap.contradiction-reopened": {
    en: "TCP streams that went on after their end or reset",
    fr: "flux TCP qui se sont poursuivis après leur fin ou leur réinitialisation",
  },
  "gap.contradiction-fragments": {
    en: "IP fragments that claim places where others were: each datagram with a right checksum was read",
    fr: "fragments IP qui prétendent à une place déjà prise : chaque datagramme à la somme de contrôle juste a été lu",
  },
  "gap.fragments-incomplete": {
    en: "IP datagrams whose fragments were not all seen",
    fr: "datagrammes IP dont tous les fragments n'ont pas été vus",
  },
  "gap.fragments-unusable": {
    en: "IP fragments that break their rules, or were cut by the capture",
    fr: "fragments IP contraires à leurs règles, ou tronqués par la captation",
  },
  "gap.flows-forgotten": {
    en: "flows forgotten early because too many were open",
    fr: "flux oubliés avant terme, car trop étaient ouverts",
  },
  "gap.tunnels-forgotten": {
    en: "uses of tunnels told early because too many were open",
    fr: "usages de tunnels rapportés avant terme, car trop étaient ouverts",
  },
  "gap.streams-forgotten": {
    en: "directions of TCP connections and SCTP associations let go early because too many were open",
    fr: "sens de connexions TCP et d'associations SCTP abandonnés avant terme, car trop étaient ouverts",
  },
  "gap.identities-forgotten": {
    en: "identities forgotten because too many were known",
    fr: "identités oubliées, car trop étaient connues",
  },
  "gap.tunnel-ends-forgotten": {
    en: "tunnel ends forgotten because too many were known",
    fr: "extrémités de tunnel oubliées, car trop étaient connues",
  },
  "gap.channels-unmeasured": {
    en: "packets with octets where none belong that were not measured because too many senders had such",
    fr: "paquets portant des octets là où il n'en faut pas, non mesurés car trop d'émetteurs en avaient",
  },
  "gap.frames-refused": {
    en: "frames not listed because the frame budget was used up",
    fr: "trames non énumérées, car la limite était atteinte",
  },
  "gap.detector-failed": {
    en: "the detector of {detector} failed and was left out: {error}",
    fr: "le détecteur de {detector} est tombé en panne et a été écarté : {error}",
  },
  "gap.empty-capture": {
    en: "{file} is empty, as a capture is that has just been opened",
    fr: "{file} est vide, comme une capture qui vient d'être ouverte",
  },
  "gap.duplicate-capture": {
    en: "{file} holds the same octets as {same, select, yes {another of that name} other {{kept}}}, which was read: one observation, counted once",
    fr: "{file} contient les mêmes octets que {same, select, yes {une autre du même nom} other {{kept}}}, qui a été lue : une seule observation, comptée une fois",
  },
  "gap.unusable-capture": { en: "{file}: {problem}; {remedy}", fr: "{file} : {problem} ; {remedy}" },
  "gap.record-skipped": {
    en: "a record claims an impossible length; reading went on {octets, plural, one {# octet} other {# octets}} later",
    fr: "un enregistrement annonce une longueur impossible ; la lecture a repris {octets, plural, one {# octet} other {# octets}} plus loin",
  },
  "gap.record-rest-lost": {
    en: "a record claims an impossible length; the last {octets, plural, one {# octet} other {# octets}} could not be read",
    fr: "un enregistrement annonce une longueur impossible ; {octets, plural, one {le dernier octet n'a pu être lu} other {les # derniers octets n'ont pu être lus}}",
  },
  "gap.block-skipped": {
    en: "a block states an impossible length; reading went on {octets, plural, one {# octet} other {# octets}} later",
    fr: "un bloc annonce une longueur impossible ; la lecture a repris {octets, plural, one {# octet} other {# octets}} plus loin",
  },
  "gap.block-rest-lost": {
    en: "a block states an impossible length; the last {octets, plural, one {# octet} other {# octets}} could not be read",
    fr: "un bloc annonce une longueur impossible ; {octets, plural, one {le dernier octet n'a pu être lu} other {les # derniers octets n'ont pu être lus}}",
  },
  "gap.section-version": {
    en: "a section has format version {version, number}, which is not defined yet; it was skipped",
    fr: "une section est d'une version de format {version, number} qui n'est pas encore définie ; elle a été sautée",
  },
  "gap.unknown-interface": {
    en: "blocks name interfaces that the file does not describe",
    fr: "des blocs nomment des interfaces que le fichier ne décrit pas",
  },
  "gap.drops-interface": {
    en: "the capturing interface says that it lost {packets, plural, one {# packet} other {# packets}}",
    fr: "l'interface de captation dit avoir perdu {packets, plural, one {# paquet} other {# paquets}}",
  },
  "gap.drops-packets": {
    en: "the packets' drop counts say that {packets, plural, one {# packet was} other {# packets were}} lost",
    fr: "d'après le compte porté par les paquets, {packets, plural, one {# paquet a été perdu} other {# paquets ont été perdus}}",
  },
  "gap.truncated-file": {
    en: "the capture ends inside a record, {octets, plural, one {# octet} other {# octets}} after the last whole one",
    fr: "la capture s'arrête au milieu d'un enregistrement, {octets, plural, one {# octet} other {# octets}} après le dernier entier",
  },
  "gap.compression": {
    en: "{problem}; what could be decompressed was read",
    fr: "{problem} ; ce qui a pu être décomprimé a été lu",
  },
  "gap.live-lost": {
    en: "{packets, plural, one {# packet} other {# packets}} of the link never reached Tapproof: {program} or the kernel lost them",
    fr: "{packets, plural, one {# paquet} other {# paquets}} du lien ne sont jamais parvenus à Tapproof : {program} ou le noyau les a perdus",
  },
  "gap.live-dropped": {
    en: "{packets, plural, one {# packet was} other {# packets were}} dropped unread because the analysis was behind",
    fr: "{packets, plural, one {# paquet a été écarté} other {# paquets ont été écartés}} sans être lus parce que l'analyse était en retard",
  },
  "gap.live-shed": {
    en: "{packets, plural, one {# user packet was} other {# user packets were}} left out by a consistent sample (down to one in {rate, number}) because the analysis was behind; all signalling was read",
    fr: "{packets, plural, one {# paquet d'usager a été laissé} other {# paquets d'usagers ont été laissés}} de côté par un échantillonnage cohérent (jusqu'à un sur {rate, number}) parce que l'analyse était en retard ; toute la signalisation a été lue",
  },
  "gap.mirror-unknown": {
    en: "{datagrams, plural, one {# datagram} other {# datagrams}} of a mirror held no frame of a known wrapping",
    fr: "{datagrams, plural, one {# datagramme} other {# datagrammes}} d'un miroir ne contenaient aucune trame d'un emballage connu",
  },
  "gap.source-ended": {
    en: "{source} ended and was not watched from then on: {reason}",
    fr: "{source} a pris fin et n'a plus été observé ensuite : {reason}",
  },
  "gap.fleet-refused": {
    en: "{records, plural, one {# record that says it is} other {# records that say they are}} from sensor {sensor} {records, plural, one {was} other {were}} refused: {reason, select, oversized {too long} version {of an unknown version} malformed {not in the form of a record} signature {the signature does not hold} clock {the sensor's clock is too far off the broker's} name {signed with another key than the sensor of that name has} network {of another network} other {beyond what is kept apart}}",
    fr: "{records, plural, one {# enregistrement qui se dit} other {# enregistrements qui se disent}} de la sonde {sensor} {records, plural, one {a été refusé} other {ont été refusés}} : {reason, select, oversized {trop long} version {version inconnue} malformed {pas la forme d'un enregistrement} signature {la signature est fausse} clock {l'horloge de la sonde est trop loin de celle du courtier} name {signé d'une autre clé que celle de la sonde de ce nom} network {d'un autre réseau} other {au-delà de ce qui est distingué}}",
  },
  "gap.fleet-missing": {
    en: "{records, plural, one {# record} other {# records}} of sensor {sensor} never arrived",
    fr: "{records, plural, one {# enregistrement} other {# enregistrements}} de la sonde {sensor} {records, plural, one {n'est jamais arrivé} other {ne sont jamais arrivés}}",
  },
  "gap.fleet-dropped": {
    en: "sensor {sensor} dropped {facts, plural, one {# fact} other {# facts}} because its spool was full or a fact did not fit into a record",
    fr: "la sonde {sensor} a abandonné {facts, plural, one {# fait} other {# faits}} parce que sa file d'attente était pleine ou qu'un fait ne tenait pas dans un enregistrement",
  },
  "gap.fleet-open": {
    en: "sensor {sensor} has not said that its input has ended: what it tells at the end is missing",
    fr: "la sonde {sensor} n'a pas dit que son entrée est terminée : ce qu'elle dit à la fin manque",
  },
  "gap.fleet-again": {
    en: "sensor {sensor} was started again on the same captures; the earlier start is left out",
    fr: "la sonde {sensor} a été relancée sur les mêmes captures ; le premier lancement est laissé de côté",
  },
  "gap.fleet-declaration": {
    en: "sensor {sensor} has another declaration of the network than the one judged by",
    fr: "la sonde {sensor} a une autre déclaration du réseau que celle d'après laquelle on juge",
  },
  "gap.fleet-unread": {
    en: "{facts, plural, one {# fact} other {# facts}} of sensor {sensor} could not be read",
    fr: "{facts, plural, one {# fait} other {# faits}} de la sonde {sensor} {facts, plural, one {n'a pas pu être lu} other {n'ont pas pu être lus}}",
  },
  "gap.fleet-elsewhere": {
    en: "no record of this network was judged here: no sensor sent any, or another member of the group reads them",
    fr: "aucun enregistrement de ce réseau n'a été jugé ici : aucune sonde n'en a envoyé, ou un autre membre du groupe les lit",
  },
  "gap.further": { en: "further gaps of this capture, together", fr: "autres lacunes de cette capture, ensemble" },

  "unseen.tables": { en: "Not shown here: {what}.", fr: "Non montré ici : {what}." },
  "unseen.no-packet": { en: "No packet was read.", fr: "Aucun paquet n'a été lu." },
  "unseen.no-s1ap": {
    en: "No S1AP was seen: tunnels of the radio access cannot be told from ghosts, and NAS security is not judged.",
    fr: "Aucun S1AP n'a été observé : les tunnels de l'accès radio ne se distinguent pas de tunnels fantômes, et la sécurité NAS n'est pas jugée.",
  },
  "unseen.no-session-signalling": {
    en: "No session signalling of the core (S11, S5/S8, Sx/N4, Gn) was seen.",
    fr: "Aucune signalisation de session du cœur (S11, S5/S8, Sx/N4, Gn) n'a été observée.",
  },
  "unseen.no-s6a": {
    en: "No S6a was seen: queries about subscribers at the HSS are not judged.",
    fr: "Aucun S6a n'a été observé : les interrogations du HSS au sujet d'abonnés ne sont pas jugées.",
  },
  "unseen.copies-not-searched": {
    en: "Copies of subscriber traffic were not searched for, as asked.",
    fr: "Les copies de trafic d'abonnés n'ont pas été recherchées, comme demandé.",
  },
  "unseen.copies-across": {
    en: "Copies are found where one sensor saw both the original and the copy; {sensors, number} sensors told of this network, and they were not compared with one another.",
    fr: "Les copies sont trouvées là où une même sonde a vu l'original et la copie ; {sensors, number} sondes ont observé ce réseau, et elles n'ont pas été comparées entre elles.",
  },
  "unseen.copies-late": {
    en: "Copies delayed by more than {seconds, number} s would be missed: the table of prints was full ({used, number} of {budget, number} MiB for prints used).",
    fr: "Des copies retardées de plus de {seconds, number} s échapperaient : la table des empreintes était pleine ({used, number} Mio sur {budget, number}).",
  },
  "unseen.copies-before": {
    en: "Copies of what passed before the captures began would be missed; nothing that passed since was forgotten ({used, number} of {budget, number} MiB for prints used).",
    fr: "Des copies de ce qui est passé avant le début des captures échapperaient ; rien de ce qui est passé depuis n'a été oublié (empreintes : {used, number} Mio sur {budget, number}).",
  },
  "unseen.copies-sampled": {
    en: "One packet in {sample, number} was searched for copies: copies of few packets would be missed.",
    fr: "Un paquet sur {sample, number} a été examiné à la recherche de copies : des copies de peu de paquets échapperaient.",
  },
  "unseen.copies-ways": {
    en: "{packets, plural, one {# packet} other {# packets}} on further ways than the search can tell apart {packets, plural, one {was} other {were}} not searched for copies.",
    fr: "{packets, plural, one {# paquet} other {# paquets}}, sur plus de chemins que la recherche n'en distingue, {packets, plural, one {n'a pas été examiné} other {n'ont pas été examinés}}.",
  },
  "unseen.balanced": {
    en: `No copy left {element} readable on its path: each of {packets, number} subscribers' packets that left had entered on its links, all of them tapped; ${BOUND_EN}.`,
    fr: `Aucune copie lisible n'a quitté {element} sur son chemin : chacun des {packets, number} paquets d'abonnés sortis était entré par ses liens, tous observés ; ${BOUND_FR}.`,
  },
  "unseen.unbalanced": {
    en: `{parentless, number} of {packets, number} subscribers' packets that left {element} ({excess, plural, one {# octet} other {# octets}}) had not entered on its links, although all of them are tapped; ${BOUND_EN}.`,
    fr: `{parentless, number} des {packets, number} paquets d'abonnés sortis de {element} ({excess, plural, one {# octet} other {# octets}}) n'étaient pas entrés par ses liens, pourtant tous observés ; ${BOUND_FR}.`,
  },
};
