import type { COPY } from "#model/statements/copy.ts";
import type { Messages } from "./messages.ts";

const KNOWN_EN =
  "{known, select, declared {, which the declaration does not allow to receive it} undeclared {, which nothing in the declaration explains} other {}}";
const KNOWN_FR =
  "{known, select, declared {, que la déclaration n'autorise pas à le recevoir} undeclared {, que rien dans la déclaration n'explique} other {}}";
const WENT_EN = "{originals, select, gone {, while the originals went on to their destinations} other {}}";
const WENT_FR = "{originals, select, gone {, tandis que les originaux poursuivaient leur route} other {}}";
const DELAY_EN =
  "copies were captured between {low, number, ::scale/0.000001 .000000} s and {high, number, ::scale/0.000001 .000000} s after their originals";
const DELAY_FR =
  "les copies ont été captées entre {low, number, ::scale/0.000001 .000000} s et {high, number, ::scale/0.000001 .000000} s après leurs originaux";
const ORDER_EN = "that a packet was seen twice does not depend on which was seen first";
const ORDER_FR = "qu'un paquet ait été vu deux fois ne dépend pas de l'ordre";

export const COPY_WORDS: Messages<typeof COPY> = {
  "copy.summary": {
    en: `{packets, plural, one {# packet} other {# packets}} of {subscribers, plural, =1 {one subscriber} other {# subscribers}} {packets, plural, one {was} other {were}} copied {by, select, inferred {(most likely by {element})} other {by {element}}} to {receiver}${KNOWN_EN}${WENT_EN}.`,
    fr: `{packets, plural, one {# paquet} other {# paquets}} {subscribers, plural, =1 {d'un abonné} other {de # abonnés}} {packets, plural, one {a été copié} other {ont été copiés}} {by, select, inferred {(très probablement par {element})} other {par {element}}} vers {receiver}${KNOWN_FR}${WENT_FR}.`,
  },
  "copy.summary-rhythm": {
    en: `An encrypted flow from {element} to {receiver}${KNOWN_EN} follows the traffic of {subscribers, plural, =1 {one subscriber} other {# subscribers}} packet by packet ({packets, plural, one {# packet} other {# packets}})${WENT_EN}.`,
    fr: `Un flux chiffré de {element} vers {receiver}${KNOWN_FR} suit paquet par paquet le trafic {subscribers, plural, =1 {d'un abonné} other {de # abonnés}} ({packets, plural, one {# paquet} other {# paquets}})${WENT_FR}.`,
  },
  "premise.tap-map": {
    en: "Each capture was taken where the declaration or its name says, and shows what passed there.",
    fr: "Chaque capture a été prise là où la déclaration ou son nom l'indique, et montre ce qui y est passé.",
  },
  "premise.carrier-declaration": {
    en: "The declaration is complete as far as this carrier is concerned: no entry that ought to explain it is missing.",
    fr: "La déclaration est complète pour ce flux porteur : aucune entrée qui devrait l'expliquer ne manque.",
  },
  "premise.capture-integrity": {
    en: "The captures were not fabricated or altered before they were sealed.",
    fr: "Les captures n'ont été ni fabriquées ni modifiées avant d'être scellées.",
  },
  "premise.decoder": {
    en: "Headers were read as their specifications say; another reader (Wireshark) shows the same packets in the frames listed.",
    fr: "Les en-têtes ont été lus comme le veulent leurs spécifications ; un autre lecteur (Wireshark) montre les mêmes paquets dans les trames indiquées.",
  },
  "premise.print-key": {
    en: "The key of the prints was not known to whoever wrote the traffic.",
    fr: "La clé des empreintes n'était pas connue de qui a produit le trafic.",
  },
  "premise.one-network": {
    en: "The captures are of one network and one time.",
    fr: "Les captures proviennent d'un même réseau et d'une même période.",
  },
  "premise.enclosed": {
    en: "Every link of the element is tapped whole, as declared: the original entered, the copy left, and no copy entered.",
    fr: "Chaque lien de l'équipement est observé en entier, selon la déclaration : l'original est entré, la copie est sortie, et aucune copie n'est entrée.",
  },

  "explanation.forwarded": {
    en: "load balancer, address translation, tunnel or re-route: the packet was moved, not copied",
    fr: "répartiteur de charge, traduction d'adresses, tunnel ou réacheminement : le paquet a été déplacé, non copié",
  },
  "copy.no-original-went-on": {
    en: "no original was seen to reach its destination another way: one packet in, one packet out is forwarding",
    fr: "aucun original n'a été vu atteindre autrement sa destination : un paquet entré, un paquet sorti, c'est de l'acheminement",
  },
  "copy.originals-partly-shown": {
    en: "for {missing, number} of {packets, plural, one {# packet} other {# packets}} these points do not show that the original went on",
    fr: "pour {missing, number} paquets sur {packets, number}, ces points ne montrent pas que l'original a poursuivi sa route",
  },
  "copy.originals-went-on": {
    en: "the originals of {shown, number} of {packets, plural, one {# packet} other {# packets}} were seen to go on towards their destination, or were answered another way",
    fr: "les originaux de {shown, number} paquets sur {packets, number} ont été vus poursuivre vers leur destination, ou ont reçu réponse par un autre chemin",
  },
  "explanation.on-path": {
    en: "proxy, performance enhancer or cache: the receiver takes part in the subscriber's traffic",
    fr: "serveur proxy, accélérateur ou cache : le destinataire prend part au trafic de l'abonné",
  },
  "copy.brought-to-element": {
    en: "the packets are brought to {receiver} in a tunnel, and what follows is their forwarding",
    fr: "les paquets sont apportés à {receiver} dans un tunnel, et la suite est leur acheminement",
  },
  "copy.came-back": {
    en: "{packets, plural, one {# packet} other {# packets}} came back from {receiver} and {packets, plural, one {was} other {were}} delivered: it is on the path",
    fr: "{packets, plural, one {# paquet est revenu} other {# paquets sont revenus}} de {receiver} et {packets, plural, one {a été délivré} other {ont été délivrés}} : il est sur le chemin",
  },
  "copy.far-end": { en: "the far end", fr: "l'extrémité distante" },
  "copy.both-directions-go": {
    en: "what a subscriber sent and what it received both go to the receiver: no path does that",
    fr: "ce qu'un abonné a envoyé et ce qu'il a reçu vont tous deux au destinataire : aucun chemin ne fait cela",
  },
  "copy.answers-would-not-show": {
    en: "no conversation at this point was seen both ways: what comes back, if anything does, would not show",
    fr: "aucun échange n'a été vu dans les deux sens en ce point : un retour, s'il y en a un, n'apparaîtrait pas",
  },
  "copy.nothing-delivered": {
    en: "nothing that the receiver sent was seen to reach a subscriber",
    fr: "rien de ce qu'a émis le destinataire n'a été vu atteindre un abonné",
  },
  "explanation.own-relay": {
    en: "the subscriber's own relay (VPN, TURN, hairpin, call between subscribers)",
    fr: "le relais propre de l'abonné (VPN, TURN, renvoi en épingle, appel entre abonnés)",
  },
  "copy.receiver-is-subscriber": { en: "the receiver is a subscriber", fr: "le destinataire est un abonné" },
  "copy.sender-is-subscriber": { en: "the sender is a subscriber", fr: "l'émetteur est un abonné" },
  "copy.unchanged-to-next-hop": {
    en: "the packets were sent on unchanged, to another next hop than the originals",
    fr: "les paquets ont été envoyés inchangés vers un autre prochain saut que les originaux",
  },
  "copy.passes-content-on": {
    en: "one end of the carrier is the other end of the subscriber's own conversation: it passes its content on",
    fr: "une extrémité du flux porteur est l'autre bout de la conversation de l'abonné : elle en transmet le contenu",
  },
  "copy.receiver-is-destination": {
    en: "the receiver is also a destination of the subscriber's own traffic",
    fr: "le destinataire est aussi une destination du trafic propre de l'abonné",
  },
  "copy.sender-is-element": {
    en: "the carrier begins at {sender}, an element of the network, and its far end is not a destination of the subscriber's own traffic",
    fr: "le flux porteur part de {sender}, équipement du réseau, et son extrémité distante n'est pas une destination du trafic propre de l'abonné",
  },
  "copy.ends-are-no-destination": {
    en: "neither end of the carrier is a subscriber, and the far end is not a destination of the subscriber's own traffic",
    fr: "aucune extrémité du flux porteur n'est un abonné, et l'extrémité distante n'est pas une destination du trafic propre de l'abonné",
  },
  "explanation.tap-artefact": {
    en: "tap artefact: the same frame mirrored twice, two taps, RSPAN, flooding",
    fr: "artefact d'observation : même trame reflétée deux fois, deux points d'observation, RSPAN, inondation",
  },
  "copy.own-header": {
    en: "the copies travel in a header of their own, from {from} to {to}",
    fr: "les copies voyagent sous un en-tête qui leur est propre, de {from} à {to}",
  },
  "copy.no-link-layer": { en: "the link layer was not captured", fr: "la couche liaison n'a pas été captée" },
  "copy.same-macs": {
    en: "original and copy have the same source and destination MAC",
    fr: "original et copie ont les mêmes adresses MAC",
  },
  "copy.other-next-hop": {
    en: "the copies were sent to {mac}, the originals to another next hop",
    fr: "les copies ont été envoyées à {mac}, les originaux à un autre prochain saut",
  },
  "explanation.clocks": { en: "order and clocks of the points", fr: "ordre et horloges des points d'observation" },
  "copy.order-does-not-matter": { en: ORDER_EN, fr: ORDER_FR },
  "copy.order-one-clock": { en: `${ORDER_EN}; ${DELAY_EN}, by one clock`, fr: `${ORDER_FR} ; ${DELAY_FR}, à la même horloge` },
  "copy.order-clocks-compared": {
    en: `${ORDER_EN}; ${DELAY_EN}, one clock being {aheadLow, number, ::scale/0.000001 .000000} s to {aheadHigh, number, ::scale/0.000001 .000000} s ahead of the other, as packets seen by both show`,
    fr: `${ORDER_FR} ; ${DELAY_FR}, une horloge avançant sur l'autre de {aheadLow, number, ::scale/0.000001 .000000} s à {aheadHigh, number, ::scale/0.000001 .000000} s, comme le montrent des paquets vus des deux`,
  },
  "copy.order-clocks-unknown": {
    en: `${ORDER_EN}; ${DELAY_EN}, by clocks that nothing compares`,
    fr: `${ORDER_FR} ; ${DELAY_FR}, selon des horloges que rien ne compare`,
  },
  "explanation.micro-loop": { en: "micro-loop or path flap", fr: "micro-boucle ou instabilité de route" },
  "copy.loop-wraps-nothing": {
    en: "a loop does not wrap packets in a header towards another host",
    fr: "une boucle n'enveloppe pas les paquets vers un autre hôte",
  },
  "copy.hop-to-hop": {
    en: "the packets go from hop to hop and lose TTL: they are forwarded",
    fr: "les paquets vont de saut en saut et perdent du TTL : ils sont acheminés",
  },
  "copy.no-plain-original": {
    en: "no original was seen on a plain link, so that hops cannot be compared",
    fr: "aucun original n'a été vu sur un lien nu : les sauts ne peuvent être comparés",
  },
  "copy.two-next-hops": {
    en: "original and copy leave for two next hops, and the packets do not go from one to the other",
    fr: "original et copie partent vers deux sauts différents, et les paquets ne vont pas de l'un à l'autre",
  },
  "explanation.retransmission": { en: "retransmission", fr: "retransmission" },
  "copy.retransmission-next-hop": {
    en: "a retransmission goes to the same next hop; equal inputs were counted once",
    fr: "une retransmission va au même prochain saut ; les entrées égales n'ont été comptées qu'une fois",
  },
  "copy.retransmission-destination": {
    en: "a retransmission goes to the same destination; equal inputs were counted once",
    fr: "une retransmission va à la même destination ; les entrées égales n'ont été comptées qu'une fois",
  },
  "explanation.3gpp-leg": {
    en: "a leg of the 3GPP user plane (S1-U, S5/S8, N3/N9, forwarding, dual connectivity, redundant paths)",
    fr: "un tronçon du plan usager 3GPP (S1-U, S5/S8, N3/N9, renvoi, double connectivité, chemins redondants)",
  },
  "copy.no-declaration-of-ends": {
    en: "without a declaration, nothing says which ends belong to the network",
    fr: "sans déclaration, rien ne dit quelles extrémités appartiennent au réseau",
  },
  "copy.device-elsewhere": {
    en: "roles fit, but the devices' own packets come from where the originals go, none from {receiver}, and no message names it for them",
    fr: "les rôles concordent, mais les paquets des appareils viennent de là où vont les originaux, aucun de {receiver}, et aucun message ne le désigne pour eux",
  },
  "copy.fitting-roles": {
    en: "both ends are declared functions of fitting roles",
    fr: "les deux extrémités sont des fonctions déclarées aux rôles concordants",
  },
  "copy.not-in-tunnel": {
    en: "the packets are not in a tunnel of the user plane",
    fr: "les paquets ne sont pas dans un tunnel du plan usager",
  },
  "copy.not-a-function": {
    en: "{address} is not a declared function (as declared)",
    fr: "{address} n'est pas une fonction déclarée (selon la déclaration)",
  },
  "copy.no-fitting-interface": {
    en: "{name} is declared, but no interface of its roles carries this (as declared)",
    fr: "{name} est déclaré, mais aucune interface de ses rôles ne porte cela (selon la déclaration)",
  },
  "explanation.icmp-quote": { en: "an ICMP error that quotes the packet", fr: "une erreur ICMP qui cite le paquet" },
  "copy.quote-elsewhere": {
    en: "its destination is not the source of the quoted packets",
    fr: "sa destination n'est pas la source des paquets cités",
  },
  "copy.not-icmp": { en: "the carrier is not ICMP", fr: "le flux porteur n'est pas de l'ICMP" },
  "explanation.mirror": {
    en: "high-availability mirror, middlebox or transfer that may carry content",
    fr: "miroir de haute disponibilité, équipement intermédiaire ou transfert admis à porter du contenu",
  },
  "copy.declared-by": { en: "declared: {entry}", fr: "déclaré : {entry}" },
  "copy.no-entry-for-content": {
    en: "no entry lets content pass from {from} to {to} (as declared)",
    fr: "aucune entrée ne laisse passer du contenu entre {from} et {to} (selon la déclaration)",
  },
  "copy.there": { en: "there", fr: "là" },
  "explanation.monitoring": { en: "declared monitoring, warrant or mediation", fr: "supervision déclarée, mandat ou médiation" },
  "copy.no-scope": { en: "{entry} covers the flow but states no scope", fr: "{entry} couvre le flux mais n'en énonce pas l'objet" },
  "copy.lawful-not-covered": {
    en: "the far end is a lawful address, but no warrant covers these subscribers, this time and this receiver",
    fr: "l'extrémité distante est une adresse légale, mais aucun mandat ne couvre ces abonnés, ce moment et ce destinataire",
  },
  "copy.no-monitoring-entry": {
    en: "no entry for monitoring, and no lawful address, covers this carrier (as declared)",
    fr: "aucune entrée de supervision ni adresse légale ne couvre ce flux porteur (selon la déclaration)",
  },
  "explanation.encrypted-leg": {
    en: "an encrypted leg of the path (IPsec of the backhaul, an enterprise's or subscriber's VPN, ePDG)",
    fr: "un tronçon chiffré du chemin (IPsec de collecte, VPN d'entreprise ou d'abonné, ePDG)",
  },
  "copy.payload-came-back": {
    en: "{back, plural, one {# packet} other {# packets}} with payload came back for {forth, number}: the far end takes part",
    fr: "{back, plural, one {# paquet porteur de charge est revenu} other {# paquets porteurs de charge sont revenus}} pour {forth, number} : l'extrémité distante prend part à l'échange",
  },
  "copy.one-direction-carries-both": {
    en: "what a subscriber sent and what it received both travel in one direction of the carrier, and next to nothing comes back ({back, number} of {forth, number})",
    fr: "ce qu'un abonné a émis et ce qu'il a reçu voyagent dans le même sens du flux porteur, et presque rien ne revient ({back, number} sur {forth, number})",
  },
  "copy.one-direction-followed": {
    en: "only one direction of the subscribers' traffic is followed, as on a leg whose other direction is not seen",
    fr: "un seul sens du trafic d'abonnés est suivi, comme sur un tronçon dont l'autre sens n'est pas observé",
  },
  "explanation.records": {
    en: "records about the traffic (logs, charging, flow export), not the traffic",
    fr: "des enregistrements sur le trafic (journaux, taxation, export de flux), non le trafic",
  },
  "copy.octets-in-records": {
    en: "{share, number} % of the carrier's octets lie in messages as long as the packets they follow, of {sizes, plural, one {# length} other {# different lengths}}",
    fr: "{share, number} % des octets du flux porteur sont dans des messages aussi longs que les paquets qu'ils suivent, de {sizes, plural, one {# longueur} other {# longueurs différentes}}",
  },
  "explanation.busy-hour": {
    en: "a bulk transfer or a busy hour at the same time",
    fr: "un transfert en masse ou une heure chargée au même moment",
  },
  "copy.bursts-by-chance": {
    en: "shifted in time, and for other subscribers, at most {share, number, ::scale/0.01 .00} % of the bursts are followed",
    fr: "décalées dans le temps, et pour d'autres abonnés, {share, number, ::scale/0.01 .00} % des rafales au plus sont suivies",
  },

  "step.trials": { en: "trials", fr: "essais" },
  "copy.trials": {
    en: "M = {flows, number} subscriber flows × {carriers, number} carriers × {transforms, number} transforms",
    fr: "M = {flows, number} flux d'abonnés × {carriers, number} flux porteurs × {transforms, number} transformations",
  },
  "step.first-flow": { en: "session-unique bits of the first flow", fr: "bits propres à la session, premier flux" },
  "copy.credits": { en: "{parts}", fr: "{parts}" },
  "copy.credit-sequence": { en: "TCP sequence numbers {bits, number}", fr: "numéros de séquence TCP {bits, number}" },
  "copy.credit-cipher": {
    en: "ciphertext after a handshake that was seen {bits, number}",
    fr: "texte chiffré après un établissement observé {bits, number}",
  },
  "copy.credit-random": { en: "TLS random {bits, number}", fr: "aléa TLS {bits, number}" },
  "copy.credit-dns-id": { en: "DNS id {bits, number}", fr: "identifiant DNS {bits, number}" },
  "copy.credit-dns-id-port": { en: "DNS id and port {bits, number}", fr: "identifiant DNS et port {bits, number}" },
  "copy.credit-ssrc": {
    en: "RTP SSRC, with the timestamp and sequence number where they begin at random, {bits, number}",
    fr: "SSRC RTP, avec l'horodatage et le numéro de séquence s'ils commencent au hasard, {bits, number}",
  },
  "step.carrier-tries": { en: "tries of the carrier", fr: "essais du flux porteur" },
  "copy.tries": {
    en: "log2 of the {prints, plural, one {# print} other {# prints}} it offered",
    fr: "log2 {prints, plural, one {de l'empreinte présentée} other {des # empreintes présentées}}",
  },
  "step.further-flows": { en: "further flows of the same subscriber", fr: "autres flux du même abonné" },
  "copy.further-flows": {
    en: "{flows, plural, one {# flow} other {# flows, each}} less {tenths, number, ::scale/0.1 .0} bits for the carrier's {prints, number} tries and its choice among the subscriber's {offered, number} flows",
    fr: "{flows, plural, one {# flux, diminué} other {# flux, chacun diminué}} de {tenths, number, ::scale/0.1 .0} bits pour les {prints, number} essais du flux porteur et le choix parmi les {offered, number} flux de l'abonné",
  },
  "step.plain-content": { en: "plain content", fr: "contenu en clair" },
  "copy.plain-content": {
    en: "share of other subscribers' flows that hold it, less each choice; at most {most, number} bits together",
    fr: "part des flux d'autres abonnés qui le contiennent, diminuée de chaque choix ; {most, number} bits au plus en tout",
  },
  "step.source-bound": { en: "source bound", fr: "borne de source" },
  "copy.source-bound": { en: "sum of the above; not below 0", fr: "somme de ce qui précède ; jamais sous 0" },
  "step.hash-bound": { en: "hash bound", fr: "borne de hachage" },
  "copy.hash-bound": {
    en: "{matches, plural, one {# distinct match} other {# distinct matches}}, {ours, number} prints against {theirs, number} of {width, number} bits; {whole, number} of them agreed in both prints",
    fr: "{matches, plural, one {# concordance distincte} other {# concordances distinctes}}, {ours, number} empreintes contre {theirs, number}, de {width, number} bits ; {whole, number} d'entre elles par les deux empreintes",
  },
  "step.score": { en: "score", fr: "total" },
  "copy.score": { en: "the smaller bound, rounded down", fr: "la plus petite des bornes, arrondie par défaut" },
  "step.sampling": { en: "sampling", fr: "échantillonnage" },
  "copy.sampling": {
    en: "one packet in {sample, number} was looked at, by a key of its own: the print loses no bits",
    fr: "un paquet sur {sample, number} a été examiné, selon une clé propre : l'empreinte ne perd aucun bit",
  },
  "step.bursts": { en: "bursts followed, for this pair alone", fr: "rafales suivies, pour cette seule paire" },
  "copy.bursts": {
    en: "second half: {followed, number} of {bursts, number} bursts of one subscriber's {direction, select, uplink {uplink} other {downlink}} were followed; by chance at most {share, number, ::scale/0.01 .00} % are (shifted in time, and against everybody else who was active)",
    fr: "seconde moitié : {followed, number} rafales {direction, select, uplink {montantes} other {descendantes}} d'un abonné sur {bursts, number} ont été suivies ; par hasard, {share, number, ::scale/0.01 .00} % au plus le sont (décalées dans le temps, et face à tous les autres alors actifs)",
  },
  "step.family": { en: "family", fr: "famille" },
  "copy.family": {
    en: "{pairs, plural, one {# pair of carrier and train was tried} other {# pairs of carrier and train were tried}}",
    fr: "{pairs, plural, one {# paire de flux porteur et de train a été essayée} other {# paires de flux porteur et de train ont été essayées}}",
  },
  "copy.score-rhythm": {
    en: "rounded down; at most {most, number}: bursts are a model",
    fr: "arrondi par défaut ; {most, number} au plus : les rafales sont un modèle",
  },

  "undecided.copy-no-register": {
    en: "copies to a lawful address, and no register of warrants was given",
    fr: "copies vers une adresse légale, sans registre des mandats fourni",
  },
  "undecided.copy-unmapped": {
    en: "copies to a lawful address whose subscriber no message seen maps to the register",
    fr: "copies vers une adresse légale, dont aucun message observé ne rattache l'abonné au registre",
  },
  "undecided.copy-awaiting": {
    en: "copies to a lawful address that sealed entries may cover: awaiting authority",
    fr: "copies vers une adresse légale que des entrées scellées peuvent couvrir : dans l'attente de l'autorité",
  },
  "undecided.copy-forked": {
    en: "subscribers' packets that one function sends to two ends at a time: which of them the devices are at, or whether a handover forwards them, was not seen",
    fr: "paquets d'abonnés qu'une fonction envoie à la fois à deux extrémités : on n'a pas vu à laquelle se trouvent les appareils, ni si un transfert intercellulaire les achemine",
  },
  "undecided.copy-one-way": {
    en: "encrypted flows with the rhythm of subscribers' packets, at points that could not show what comes back: a leg of the path looks the same",
    fr: "flux chiffrés au rythme des paquets d'abonnés, à des points qui ne pourraient montrer ce qui revient : un tronçon du chemin aurait le même aspect",
  },
};
