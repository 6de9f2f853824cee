import type { CHANNEL } from "#model/statements/channel.ts";
import type { Messages } from "./messages.ts";

const END_EN = "{labelled, select, yes { ({label})} other {}}{random, select, yes {, which look random} text {, which hold text} other {}}";
const END_FR =
  "{labelled, select, yes { ({label})} other {}}{random, select, yes {, d'apparence aléatoire} text {, qui portent du texte} other {}}";
const RANDOM_EN = "{random, select, yes {, which looks random} other {}}";
const RANDOM_FR = "{random, select, yes {, d'apparence aléatoire} other {}}";

const place = (enOne: string, enOther: string, frOne: string, frOther: string): { readonly en: string; readonly fr: string } => ({
  en: `{packets, plural, one {# ${enOne}} other {# ${enOther}}}${END_EN}`,
  fr: `{packets, plural, one {# ${frOne}} other {# ${frOther}}}${END_FR}`,
});

export const CHANNEL_WORDS: Messages<typeof CHANNEL> = {
  "channel.summary": { en: "{from} sent {to} {signs}.", fr: "{from} a envoyé à {to} : {signs}." },
  "channel.summary-both": {
    en: "{element} and {receiver} exchanged {signs}.",
    fr: "{element} et {receiver} ont échangé : {signs}.",
  },
  "channel.extension": {
    en: "{messages, plural, one {# message} other {# messages}} whose private extension (enterprise {enterprise}) holds fresh random-looking data each time",
    fr: "{messages, plural, one {# message} other {# messages}} dont l'extension privée (entreprise {enterprise}) porte chaque fois des données nouvelles, d'apparence aléatoire",
  },
  "channel.extension-not-constant": {
    en: "{messages, plural, one {# message} other {# messages}} whose private extension (enterprise {enterprise}) holds fresh random-looking data each time, although it is declared as constant",
    fr: "{messages, plural, one {# message} other {# messages}} dont l'extension privée (entreprise {enterprise}), déclarée constante, porte chaque fois des données nouvelles, d'apparence aléatoire",
  },
  "channel.behind-message": {
    en: `{messages, plural, one {# message} other {# messages}} with data behind the message${RANDOM_EN}`,
    fr: `{messages, plural, one {# message suivi} other {# messages suivis}} de données${RANDOM_FR}`,
  },
  "channel.behind-element": {
    en: `{messages, plural, one {# message} other {# messages}} with data behind the last element${RANDOM_EN}`,
    fr: `{messages, plural, one {# message portant} other {# messages portant}} des données derrière le dernier élément${RANDOM_FR}`,
  },
  "channel.avp-padding": {
    en: "{avps, plural, one {# AVP whose padding holds} other {# AVPs whose padding holds}} random-looking data in place of zeros",
    fr: "{avps, number} AVP dont le remplissage porte, au lieu de zéros, des données d'apparence aléatoire",
  },
  "channel.spare": {
    en: "{messages, plural, one {# message} other {# messages}} whose spare octet holds data",
    fr: "{messages, plural, one {# message} other {# messages}} dont l'octet de réserve porte des données",
  },
  "channel.echo": {
    en: `{messages, plural, one {# GTP echo} other {# GTP echoes}} with content that does not belong there ({what})${RANDOM_EN}`,
    fr: `{messages, plural, one {# écho GTP} other {# échos GTP}} au contenu qui n'y a pas sa place ({what})${RANDOM_FR}`,
  },
  "channel.echo-behind-message": { en: "octets behind the message", fr: "octets derrière le message" },
  "channel.echo-behind-elements": { en: "octets behind its elements", fr: "octets derrière ses éléments" },
  "channel.echo-element": { en: "element {type}", fr: "élément {type}" },
  "channel.echo-version": { en: "a version that the port does not speak", fr: "une version que le port ne parle pas" },
  "channel.names": {
    en: "{names, plural, one {# DNS name} other {# DNS names}} below {domain}, hardly one asked twice, whose labels hold {octets, number} dense octets each",
    fr: "{names, plural, one {# nom DNS} other {# noms DNS}} sous {domain}, presque aucun demandé deux fois, dont les étiquettes portent {octets, number} octets denses chacune",
  },
  "channel.one-domain": { en: "one domain", fr: "un même domaine" },
  "channel.place.frame-padding": place(
    "short frame whose padding holds data in place of zeros",
    "short frames whose padding holds data in place of zeros",
    "trame courte dont le remplissage porte des données au lieu de zéros",
    "trames courtes dont le remplissage porte des données au lieu de zéros",
  ),
  "channel.place.frame-trailer": place(
    "frame with data behind its packet",
    "frames with data behind their packet",
    "trame portant des données derrière son paquet",
    "trames portant des données derrière leur paquet",
  ),
  "channel.place.udp-surplus": place(
    "packet with data behind its UDP datagram",
    "packets with data behind their UDP datagram",
    "paquet portant des données derrière son datagramme UDP",
    "paquets portant des données derrière leur datagramme UDP",
  ),
  "channel.place.gtp-u-surplus": place(
    "datagram with data behind its G-PDU",
    "datagrams with data behind their G-PDU",
    "datagramme portant des données derrière son G-PDU",
    "datagrammes portant des données derrière leur G-PDU",
  ),
  "channel.place.gtp-u-extension": place(
    "GTP-U message with an extension header of unassigned type",
    "GTP-U messages with an extension header of unassigned type",
    "message GTP-U portant un en-tête d'extension de type non attribué",
    "messages GTP-U portant un en-tête d'extension de type non attribué",
  ),
  "channel.place.gtp-echo": place(
    "GTP echo request whose length contradicts its datagram",
    "GTP echo requests whose length contradicts their datagram",
    "demande d'écho GTP dont la longueur contredit le datagramme",
    "demandes d'écho GTP dont la longueur contredit le datagramme",
  ),
  "channel.place.icmp-echo": place(
    "ICMP echo request whose content is new each time and follows no pattern",
    "ICMP echo requests whose content is new each time and follows no pattern",
    "demande d'écho ICMP dont le contenu est nouveau chaque fois et ne suit aucun motif",
    "demandes d'écho ICMP dont le contenu est nouveau chaque fois et ne suit aucun motif",
  ),
  "channel.place.icmp-reply": place(
    "ICMP echo reply that holds something other than what was asked",
    "ICMP echo replies that hold something other than what was asked",
    "réponse d'écho ICMP qui porte autre chose que la demande",
    "réponses d'écho ICMP qui portent autre chose que la demande",
  ),
  "channel.place.sctp-payload": place(
    "user message under an unassigned payload protocol identifier, on an association that otherwise carries known ones",
    "user messages under an unassigned payload protocol identifier, on an association that otherwise carries known ones",
    "message sous un identifiant de protocole non attribué, sur une association qui en porte par ailleurs de connus",
    "messages sous un identifiant de protocole non attribué, sur une association qui en porte par ailleurs de connus",
  ),
  "channel.place.sctp-padding": place(
    "SCTP packet whose chunk padding holds data in place of zeros",
    "SCTP packets whose chunk padding holds data in place of zeros",
    "paquet SCTP dont le remplissage des blocs porte des données au lieu de zéros",
    "paquets SCTP dont le remplissage des blocs porte des données au lieu de zéros",
  ),
  "channel.place.sctp-chunk": place(
    "SCTP chunk of unassigned type, or padding chunk with data",
    "SCTP chunks of unassigned type, or padding chunks with data",
    "bloc SCTP de type non attribué, ou bloc de remplissage portant des données",
    "blocs SCTP de type non attribué, ou blocs de remplissage portant des données",
  ),
  "premise.extensions": {
    en: "The declaration lists every documented private extension.",
    fr: "La déclaration énumère toutes les extensions privées documentées.",
  },
  "explanation.constant-extension": {
    en: "a documented extension of constant content",
    fr: "une extension documentée au contenu constant",
  },
  "channel.new-each-time": { en: "the content is new each time", fr: "le contenu est nouveau chaque fois" },
  "channel.not-listed": {
    en: "this enterprise is not listed, and the content is new each time",
    fr: "cette entreprise n'est pas énumérée, et le contenu est nouveau chaque fois",
  },
  "explanation.scanner": { en: "a scanner, or a faulty implementation", fr: "un balayage, ou une réalisation fautive" },
  "channel.odd-echo-met": {
    en: "an odd echo is met on real networks, too",
    fr: "un écho singulier se rencontre aussi sur de vrais réseaux",
  },
  "explanation.random-feature": {
    en: "compressed or encrypted data of an undocumented feature",
    fr: "données comprimées ou chiffrées d'une fonction non documentée",
  },
  "channel.looks-random": {
    en: "it looks as random as hidden data does",
    fr: "elles ont le même aspect aléatoire que des données cachées",
  },
  "explanation.odd-feature": {
    en: "an undocumented but harmless feature",
    fr: "une fonction non documentée mais sans malice",
  },
  "channel.meaning-unknown": { en: "what the content means is not known", fr: "le sens du contenu est inconnu" },
  "explanation.driver-leak": {
    en: "memory that a network driver leaks into its padding",
    fr: "de la mémoire qu'un pilote réseau laisse fuir dans son remplissage",
  },
  "channel.leak-unknown": { en: "what it would leak is not known", fr: "ce qu'il laisserait fuir est inconnu" },
  "explanation.hash-look-ups": {
    en: "look-ups keyed by a hash (reputation, content networks)",
    fr: "des recherches par empreinte (réputation, réseaux de contenu)",
  },
  "channel.names-look-random": {
    en: "such names look as random as data do",
    fr: "de tels noms ont le même aspect aléatoire que des données",
  },
  "explanation.names-for-subscribers": {
    en: "names asked on behalf of subscribers",
    fr: "des noms demandés pour le compte d'abonnés",
  },
  "channel.asker-answers-nobody": {
    en: "the asker is an element, and answers nobody's DNS questions itself",
    fr: "le demandeur est un équipement, qui ne répond lui-même aux questions DNS de personne",
  },
  "explanation.long-names": {
    en: "reverse look-ups and 3GPP's own long names",
    fr: "les recherches inverses et les longs noms propres au 3GPP",
  },
  "channel.domain-not-theirs": { en: "the domain belongs to neither", fr: "le domaine n'est pas des leurs" },
  "explanation.earlier-frames": {
    en: "pieces of earlier frames in a buffer that was not cleared",
    fr: "des restes de trames antérieures dans un tampon non effacé",
  },
  "channel.not-in-earlier-frames": {
    en: "no frame seen at this point held what stands there",
    fr: "aucune trame vue en ce point ne contenait ce qui s'y trouve",
  },
  "explanation.tap-trailer": {
    en: "a trailer that tap or switch appends",
    fr: "une queue ajoutée par le point d'observation ou le commutateur",
  },
  "channel.others-have-none": {
    en: "other frames of the same point have none",
    fr: "d'autres trames du même point n'en ont pas",
  },
  "explanation.udp-options": { en: "UDP options (RFC 9868)", fr: "des options UDP (RFC 9868)" },
  "channel.no-options": {
    en: "options have kinds and lengths; this has no structure",
    fr: "les options ont des types et des longueurs ; ceci n'a pas de structure",
  },
  "explanation.ping": { en: "an ordinary ping", fr: "un ping ordinaire" },
  "channel.not-a-ping": {
    en: "its content is a time stamp and a pattern, or the same each time; this is neither",
    fr: "son contenu est un horodatage et un motif, ou toujours le même ; ceci n'est ni l'un ni l'autre",
  },
  "explanation.cut-reply": { en: "a reply that was cut short", fr: "une réponse tronquée" },
  "channel.not-cut": {
    en: "the replies are as long as the requests, or longer",
    fr: "les réponses sont aussi longues que les demandes, ou plus longues",
  },
  "explanation.octet-order": {
    en: "a known identifier in the wrong octet order",
    fr: "un identifiant connu dans le mauvais ordre d'octets",
  },
  "channel.neither-order": {
    en: "neither order gives an assigned one",
    fr: "aucun des deux ordres n'en donne un d'attribué",
  },
  "explanation.other-association": {
    en: "an association of another protocol",
    fr: "une association d'un autre protocole",
  },
  "channel.known-messages": {
    en: "the same two ends exchange known messages",
    fr: "les deux mêmes extrémités échangent des messages connus",
  },
};
