/**
 * French for the sentences that detectors, the declaration and the run write. `{}` stands for what varies; `{1}`, `{2}` … put it in
 * its place, `{1:said}` translates it in turn, `{1:num}` writes a decimal comma,
 * `{1:must}` translates it or gives the phrase up. A test scans the example captures and finds no sentence that is missing here.
 */
export const PHRASES_FR: readonly (readonly [en: string, fr: string])[] = [
  // joints
  ["as declared: {}", "selon la déclaration : {1:said}"],
  ["{} (as declared)", "{1:said} (selon la déclaration)"],
  ["declared: {}", "déclaré : {1}"],

  // covert copy: what it says
  [
    "{} packets of one subscriber were copied by {} to {}, which nothing declared explains, while the originals went on to their destinations.",
    "{1} paquets d'un abonné ont été copiés par {2} vers {3:said}, que rien de déclaré n'explique, tandis que les originaux poursuivaient leur route.",
  ],
  [
    "{} packets of {} subscribers were copied by {} to {}, which nothing declared explains, while the originals went on to their destinations.",
    "{1} paquets de {2} abonnés ont été copiés par {3} vers {4:said}, que rien de déclaré n'explique, tandis que les originaux poursuivaient leur route.",
  ],
  ["an unknown next hop", "un prochain saut inconnu"],
  ["the host with MAC {}", "l'hôte d'adresse MAC {1}"],

  // covert copy: premises
  [
    "Each capture was taken where the declaration or its name says, and shows what passed there.",
    "Chaque capture a été prise là où la déclaration ou son nom l'indique, et montre ce qui y est passé.",
  ],
  [
    "The declaration is complete as far as this carrier is concerned: no entry that ought to explain it is missing.",
    "La déclaration est complète pour ce flux porteur : aucune entrée qui devrait l'expliquer ne manque.",
  ],
  [
    "The captures were not fabricated or altered before they were sealed.",
    "Les captures n'ont été ni fabriquées ni modifiées avant d'être scellées.",
  ],
  [
    "Headers were read as their specifications say; another reader (Wireshark) shows the same packets in the frames listed.",
    "Les en-têtes ont été lus comme le veulent leurs spécifications ; un autre lecteur (Wireshark) montre les mêmes paquets dans les trames indiquées.",
  ],
  [
    "The key of the prints was not known to whoever wrote the traffic.",
    "La clé des empreintes n'était pas connue de qui a produit le trafic.",
  ],
  ["The captures are of one network and one time.", "Les captures proviennent d'un même réseau et d'une même période."],

  // covert copy: explanations
  [
    "load balancer, address translation, tunnel or re-route: the packet was moved, not copied",
    "répartiteur de charge, traduction d'adresses, tunnel ou réacheminement : le paquet a été déplacé, non copié",
  ],
  [
    "no original was seen to reach its destination another way: one packet in, one packet out is forwarding",
    "aucun original n'a été vu atteindre autrement sa destination : un paquet entré, un paquet sorti, c'est de l'acheminement",
  ],
  [
    "for {} of {} packets these points do not show that the original went on",
    "pour {1} paquets sur {2}, ces points ne montrent pas que l'original a poursuivi sa route",
  ],
  [
    "the originals of {} of {} packets were seen to go on towards their destination, or were answered another way",
    "les originaux de {1} paquets sur {2} ont été vus poursuivre vers leur destination, ou ont reçu réponse par un autre chemin",
  ],
  [
    "proxy, performance enhancer or cache: the receiver takes part in the subscriber's traffic",
    "mandataire, accélérateur ou cache : le destinataire prend part au trafic de l'abonné",
  ],
  [
    "{} packets came back from {} and were delivered: it is on the path",
    "{1} paquets sont revenus de {2:said} et ont été délivrés : il est sur le chemin",
  ],
  ["the far end", "l'extrémité distante"],
  ["nothing that the receiver sent was seen to reach a subscriber", "rien de ce qu'a émis le destinataire n'a été vu atteindre un abonné"],
  [
    "the subscriber's own relay (VPN, TURN, hairpin, call between subscribers)",
    "le relais propre de l'abonné (VPN, TURN, renvoi en épingle, appel entre abonnés)",
  ],
  ["the receiver is a subscriber", "le destinataire est un abonné"],
  ["the sender is a subscriber", "l'émetteur est un abonné"],
  [
    "the packets left the network's own equipment unchanged, for another next hop",
    "les paquets sont sortis inchangés de l'équipement du réseau, vers un autre prochain saut",
  ],
  [
    "one end of the carrier is the other end of the subscriber's own conversation: it passes its content on",
    "une extrémité du flux porteur est l'autre bout de la conversation de l'abonné : elle en transmet le contenu",
  ],
  [
    "the receiver is also a destination of the subscriber's own traffic",
    "le destinataire est aussi une destination du trafic propre de l'abonné",
  ],
  [
    "the carrier begins at the network's own equipment, and its far end is no destination of the subscriber's",
    "le flux porteur part de l'équipement du réseau, et son extrémité distante n'est pas une destination de l'abonné",
  ],
  [
    "tap artefact: the same frame mirrored twice, two taps, RSPAN, flooding",
    "artefact de captation : même trame reflétée deux fois, deux captations, RSPAN, inondation",
  ],
  ["the copies travel in a header of their own, from {} to {}", "les copies voyagent sous un en-tête qui leur est propre, de {1} à {2}"],
  ["the link layer was not captured", "la couche liaison n'a pas été captée"],
  ["original and copy have the same source and destination MAC", "original et copie ont les mêmes adresses MAC"],
  [
    "the copies were sent to {}, the originals to another next hop",
    "les copies ont été envoyées à {1}, les originaux à un autre prochain saut",
  ],
  ["micro-loop or path flap", "micro-boucle ou instabilité de route"],
  ["a loop does not wrap packets in a header towards another host", "une boucle n'enveloppe pas les paquets vers un autre hôte"],
  [
    "the packets go from hop to hop and lose TTL: they are forwarded",
    "les paquets vont de saut en saut et perdent du TTL : ils sont acheminés",
  ],
  [
    "no original was seen on a plain link, so that hops cannot be compared",
    "aucun original n'a été vu sur un lien nu : les sauts ne peuvent être comparés",
  ],
  [
    "original and copy have the same TTL and leave the same hop for two next hops",
    "original et copie ont le même TTL et quittent le même saut pour deux sauts suivants",
  ],
  ["retransmission", "retransmission"],
  [
    "a retransmission goes to the same next hop; equal inputs were counted once",
    "une retransmission va au même prochain saut ; les entrées égales n'ont été comptées qu'une fois",
  ],
  [
    "a retransmission goes to the same destination; equal inputs were counted once",
    "une retransmission va à la même destination ; les entrées égales n'ont été comptées qu'une fois",
  ],
  [
    "a leg of the 3GPP user plane (S1-U, S5/S8, N3/N9, forwarding, dual connectivity, redundant paths)",
    "un tronçon du plan usager 3GPP (S1-U, S5/S8, N3/N9, renvoi, double connectivité, chemins redondants)",
  ],
  [
    "without a declaration nobody says which ends are the network's own",
    "sans déclaration, nul ne dit quelles extrémités appartiennent au réseau",
  ],
  ["both ends are declared functions of fitting roles", "les deux extrémités sont des fonctions déclarées aux rôles concordants"],
  ["the packets are not in a tunnel of the user plane", "les paquets ne sont pas dans un tunnel du plan usager"],
  ["{} is no declared function", "{1} n'est pas une fonction déclarée"],
  ["{} is declared, but no interface of its roles carries this", "{1} est déclarée, mais aucune interface de ses rôles ne porte cela"],
  ["an ICMP error that quotes the packet", "une erreur ICMP qui cite le paquet"],
  ["its destination is not the source of the quoted packets", "sa destination n'est pas la source des paquets cités"],
  ["the carrier is no ICMP", "le flux porteur n'est pas de l'ICMP"],
  [
    "high-availability mirror, middlebox or transfer that may carry content",
    "miroir de haute disponibilité, équipement intermédiaire ou transfert admis à porter du contenu",
  ],
  ["there is no declaration", "il n'y a pas de déclaration"],
  ["no entry lets content pass from {} to {}", "aucune entrée ne laisse passer du contenu entre {1} et {2}"],
  ["no entry lets content pass from {} to there", "aucune entrée ne laisse passer du contenu entre {1} et ce destinataire"],
  ["no entry lets content pass from there to {}", "aucune entrée ne laisse passer du contenu entre cet émetteur et {1}"],
  ["no entry lets content pass from there to there", "aucune entrée ne laisse passer ce contenu"],
  ["declared monitoring, warrant or mediation", "supervision déclarée, mandat ou médiation"],
  ["{} covers the flow but states no scope", "{1} couvre le flux mais n'énonce pas d'objet"],
  [
    "the far end is a lawful address, but no warrant covers these subscribers, this time and this receiver",
    "l'extrémité distante est une adresse légale, mais aucun mandat ne couvre ces abonnés, ce moment et ce destinataire",
  ],
  [
    "no entry for monitoring, and no lawful address, covers this carrier",
    "aucune entrée de supervision ni adresse légale ne couvre ce flux porteur",
  ],
  ["order and clocks of the points", "ordre et horloges des points"],
  ["that a packet was seen twice does not depend on which was seen first", "qu'un paquet ait été vu deux fois ne dépend pas de l'ordre"],
  [
    "that a packet was seen twice does not depend on which was seen first; copies were captured between {} s and {} s after their originals, by one clock",
    "qu'un paquet ait été vu deux fois ne dépend pas de l'ordre ; les copies ont été captées entre {1:num} s et {2:num} s après leurs originaux, à la même horloge",
  ],
  [
    "that a packet was seen twice does not depend on which was seen first; copies were captured between {} s and {} s after their originals, by clocks that nothing compares",
    "qu'un paquet ait été vu deux fois ne dépend pas de l'ordre ; les copies ont été captées entre {1:num} s et {2:num} s après leurs originaux, selon des horloges que rien ne compare",
  ],
  [
    "that a packet was seen twice does not depend on which was seen first; copies were captured between {} s and {} s after their originals, the one clock being {} s to {} s ahead of the other, as packets seen by both show",
    "qu'un paquet ait été vu deux fois ne dépend pas de l'ordre ; les copies ont été captées entre {1:num} s et {2:num} s après leurs originaux, une horloge avançant sur l'autre de {3:num} s à {4:num} s, comme le montrent des paquets vus des deux",
  ],
  // covert copy: arithmetic
  ["trials", "essais"],
  ["M = {} subscriber flows × {} carriers × {} transforms", "M = {1} flux d'abonnés × {2} flux porteurs × {3} transformations"],
  ["session-unique bits of the first flow", "bits propres à la session, premier flux"],
  ["tries of the carrier", "essais du flux porteur"],
  ["log2 of the {} prints it offered", "log2 des {1} empreintes qu'il a présentées"],
  ["further flows of the same subscriber", "autres flux du même abonné"],
  [
    "{} flows, each less {} bits for the carrier's {} tries and its choice among the subscriber's {} flows",
    "{1} flux, chacun diminué de {2:num} bits pour les {3} essais du flux porteur et le choix parmi les {4} flux de l'abonné",
  ],
  ["plain content", "contenu en clair"],
  [
    "share of other subscribers' flows that hold it, less each choice; at most {} bits together",
    "part des flux d'autres abonnés qui le contiennent, diminuée de chaque choix ; {1} bits au plus en tout",
  ],
  ["source bound", "borne de source"],
  ["sum of the above; not below 0", "somme de ce qui précède ; jamais sous 0"],
  ["hash bound", "borne de hachage"],
  ["{} distinct matches, {} prints against {} of {} bits", "{1} concordances distinctes, {2} empreintes contre {3}, de {4} bits"],
  [
    "{} distinct matches, {} prints against {} of {} bits; {} of them agreed in both prints",
    "{1} concordances distinctes, {2} empreintes contre {3}, de {4} bits ; {5} concordent par les deux empreintes",
  ],
  ["score", "total"],
  ["the smaller bound, rounded down", "la plus petite des bornes, arrondie par défaut"],
  ["sampling", "échantillonnage"],
  [
    "one packet in {} was looked at, by a key of its own: the print loses no bits",
    "un paquet sur {1} a été examiné, selon une clé propre : l'empreinte ne perd aucun bit",
  ],
  ["TCP sequence numbers {}", "numéros de séquence TCP {1}"],
  ["ciphertext after a handshake that was seen {}", "texte chiffré après un établissement observé {1}"],
  ["TLS random {}", "aléa TLS {1}"],
  ["DNS id {}", "identifiant DNS {1}"],
  ["DNS id and port {}", "identifiant DNS et port {1}"],
  ["RTP SSRC {}", "SSRC RTP {1}"],

  // covert channel
  [
    "{} sent {} messages to {} whose private extension (enterprise {}) holds fresh random-looking data each time.",
    "{1} a envoyé à {3} {2} messages dont l'extension privée (entreprise {4}) porte chaque fois des données nouvelles, d'apparence aléatoire.",
  ],
  ["The declaration lists every documented private extension.", "La déclaration énumère toutes les extensions privées documentées."],
  ["a documented extension of constant content", "une extension documentée au contenu constant"],
  [
    "this enterprise is not listed, and the content is new each time",
    "cette entreprise n'est pas énumérée, et le contenu est nouveau chaque fois",
  ],
  [
    "compressed or encrypted data of an undocumented vendor feature",
    "données comprimées ou chiffrées d'une fonction non documentée du fournisseur",
  ],
  ["it looks as random as hidden data does", "elles ont le même aspect aléatoire que des données cachées"],

  // ghost tunnel
  [
    "{} exchanged user traffic with {} in {} tunnel that no signalling set up.",
    "{1} a échangé du trafic d'usager avec {2} dans {3} tunnel qu'aucune signalisation n'a établi.",
  ],
  [
    "{} exchanged user traffic with {} in {} tunnels that no signalling set up.",
    "{1} a échangé du trafic d'usager avec {2} dans {3} tunnels qu'aucune signalisation n'a établis.",
  ],
  [
    "{} exchanged user traffic with {} in {} tunnel that signalling had taken down.",
    "{1} a échangé du trafic d'usager avec {2} dans {3} tunnel que la signalisation avait libéré.",
  ],
  [
    "{} exchanged user traffic with {} in {} tunnels that signalling had taken down.",
    "{1} a échangé du trafic d'usager avec {2} dans {3} tunnels que la signalisation avait libérés.",
  ],
  [
    "All control messages of this association passed the capture points from its set-up on.",
    "Tous les messages de commande de cette association sont passés par les points de captation dès son établissement.",
  ],
  [
    "The decoders read every message that could have named this tunnel.",
    "Les décodeurs ont lu tout message qui aurait pu nommer ce tunnel.",
  ],
  ["signalling before the capture's start", "une signalisation antérieure au début de la capture"],
  ["the tunnel's set-up and its release were seen", "l'établissement et la libération du tunnel ont été observés"],
  [
    "the set-up of the control association was seen before the tunnel's first packet",
    "l'établissement de l'association de commande a été observé avant le premier paquet du tunnel",
  ],
  [
    "other tunnels of this end were being signalled before this one's first packet; those of an older session would not show",
    "d'autres tunnels de cette extrémité étaient signalés avant le premier paquet de celui-ci ; ceux d'une session plus ancienne n'apparaîtraient pas",
  ],
  ["handover forwarding between eNBs", "renvoi entre eNB lors d'un transfert intercellulaire"],
  ["one end is a gateway, or the far end is no eNB", "une extrémité est une passerelle, ou l'extrémité distante n'est pas un eNB"],
  ["signalling on a link that was not captured", "une signalisation sur un lien non capté"],
  [
    "signalling on a link that was not captured, or in a hole that left no trace",
    "une signalisation sur un lien non capté, ou perdue dans un trou de la capture qui n'a laissé aucune trace",
  ],
  [
    "a user plane or base station of the network that the declaration forgot",
    "un plan usager ou une station de base du réseau que la déclaration a oublié",
  ],
  ["it takes part in signalling as {}", "il prend part à la signalisation en tant que {1}"],
  [
    "these points show no signalling of its own, and cannot show that there is none elsewhere",
    "ces points ne montrent aucune signalisation propre à lui, et ne peuvent montrer qu'il n'y en a pas ailleurs",
  ],
  [
    "what a subscriber sent and what it received both go to the receiver: no path does that",
    "ce qu'un abonné a envoyé et ce qu'il a reçu vont tous deux au destinataire : aucun chemin ne fait cela",
  ],
  [
    "encrypted flows with the rhythm of subscribers' packets, at points that could not show what comes back: a leg of the path looks the same",
    "flux chiffrés au rythme des paquets d'abonnés, à des points qui ne pourraient montrer ce qui revient : un tronçon du chemin aurait le même aspect",
  ],
  [
    "these points show no other control link and no leap in the numbers of SCTP, GTP-C and PFCP, and cannot show that there is none",
    "ces points ne montrent pas d'autre lien de commande ni de saut dans les numéros de SCTP, GTP-C et PFCP, et ne peuvent montrer qu'il n'y en a pas",
  ],
  [
    "these points show no other control link, and cannot show that there is none",
    "ces points ne montrent pas d'autre lien de commande, et ne peuvent montrer qu'il n'y en a pas",
  ],
  [
    "tunnels whose signalling may lie before the capture's start or on links not captured",
    "tunnels dont la signalisation peut précéder la capture ou passer par des liens non captés",
  ],

  // undeclared duplication
  [
    "{} was told to copy the packets of a subscriber to {}, which nobody declared.",
    "{1} a reçu l'ordre de copier les paquets d'un abonné vers {2:said}, que nul n'a déclaré.",
  ],
  [
    "{} was told to copy the packets of {} subscribers to {}, which nobody declared.",
    "{1} a reçu l'ordre de copier les paquets de {2:said} abonnés vers {3:said}, que nul n'a déclaré.",
  ],
  [
    "{} was told to divert the packets of a subscriber to {}, which nobody declared.",
    "{1} a reçu l'ordre de détourner les paquets d'un abonné vers {2:said}, que nul n'a déclaré.",
  ],
  [
    "{} was told to divert the packets of {} subscribers to {}, which nobody declared.",
    "{1} a reçu l'ordre de détourner les paquets de {2:said} abonnés vers {3:said}, que nul n'a déclaré.",
  ],
  [
    "{} was told to divert (drop and copy) the packets of a subscriber to {}, which nobody declared.",
    "{1} a reçu l'ordre de détourner (écarter et copier) les paquets d'un abonné vers {2:said}, que nul n'a déclaré.",
  ],
  [
    "{} was told to divert (drop and copy) the packets of {} subscribers to {}, which nobody declared.",
    "{1} a reçu l'ordre de détourner (écarter et copier) les paquets de {2:said} abonnés vers {3:said}, que nul n'a déclaré.",
  ],
  ["some", "plusieurs"],
  ["a place that the rule does not name", "un lieu que la règle ne nomme pas"],
  ["no destination given", "aucune destination donnée"],
  ["the LI function", "la fonction d'interception légale"],
  [
    "The declaration names every function, delivery function and probe that may receive user packets.",
    "La déclaration nomme toute fonction, fonction de livraison ou sonde admise à recevoir des paquets d'usagers.",
  ],
  ["The PFCP decoder read the rule rightly.", "Le décodeur PFCP a lu la règle correctement."],
  ["a declared delivery function, probe or group member", "une fonction de livraison, une sonde ou un membre de groupe déclarés"],
  ["{} is none of them", "{1:said} n'en est pas"],
  [
    "handover, service request or another end that signalling names",
    "transfert intercellulaire, demande de service ou autre extrémité que la signalisation nomme",
  ],
  ["no S1AP, X2AP or GTP message of this run names the end", "aucun message S1AP, X2AP ou GTP de cet examen ne nomme l'extrémité"],
  ["duplication is no part of these procedures (TS 29.244 §5.2.1)", "la duplication n'appartient pas à ces procédures (TS 29.244 §5.2.1)"],
  ["a rule that was refused", "une règle refusée"],
  ["the user plane accepted the request", "le plan usager a accepté la demande"],
  ["no success answer was seen", "aucune réponse favorable n'a été observée"],
  [
    "forwarding rules to undeclared ends of sessions whose other signalling was not captured",
    "règles d'acheminement vers des extrémités non déclarées, dans des sessions dont le reste de la signalisation n'a pas été capté",
  ],

  // undeclared peer
  ["{} exchanged traffic with {} by {}; {}.", "{1} a échangé du trafic avec {2} par {3} ; {4:said}."],
  ["{} exchanged traffic with {}; {}.", "{1} a échangé du trafic avec {2} ; {3:said}."],
  ["{} sent traffic to {} by {}; {}.", "{1} a envoyé du trafic à {2} par {3} ; {4:said}."],
  ["{} sent traffic to {}; {}.", "{1} a envoyé du trafic à {2} ; {3:said}."],
  ["nobody declared {}", "nul n'a déclaré {1}"],
  ["this over TCP", "cet usage de TCP"],
  ["this over UDP", "cet usage d'UDP"],
  ["this over SCTP", "cet usage de SCTP"],
  ["IP protocol {}", "le protocole IP {1}"],
  ["it was refused", "il a été refusé"],
  ["only ICMP was seen", "seul de l'ICMP a été observé"],
  ["neighbouring routers speak this", "des routeurs voisins parlent ainsi"],
  ["no payload both ways was seen", "aucune charge utile n'a été vue dans les deux sens"],
  [
    "the declared roles of both give them no interface that speaks {}",
    "les rôles déclarés des deux ne leur donnent aucune interface qui parle {1}",
  ],
  ["{} is declared, but not for {}", "{1} est déclaré, mais pas pour {2:said}"],
  ["plain subscriber traffic on {}, where none belongs", "trafic d'abonné en clair sur {1}, où il n'a pas sa place"],
  ["The declaration names every host that this element may talk to.", "La déclaration nomme tout hôte auquel cet élément peut parler."],
  [
    "Packets that bear the element's address were sent and received by it.",
    "Les paquets qui portent l'adresse de l'élément ont été émis et reçus par lui.",
  ],
  ["a declared function, service, partner or party", "une fonction, un service, un partenaire ou un intervenant déclarés"],
  ["a scan that was refused, or a stray packet", "un balayage refusé, ou un paquet égaré"],
  ["both sides sent payload", "les deux côtés ont envoyé de la charge utile"],
  ["payload went one way only", "la charge utile n'est allée que dans un sens"],
  ["a subscriber's own traffic", "le trafic propre d'un abonné"],
  [
    "the address on the core's side is an element's, not a subscriber's",
    "l'adresse du côté du cœur est celle d'un élément, non d'un abonné",
  ],
  ["approaches by undeclared hosts that no element answered", "approches d'hôtes non déclarés auxquelles aucun élément n'a répondu"],

  // undeclared trace
  [
    "{} was told to trace a subscriber and to deliver to {}, which no declaration names as a collector.",
    "{1} a reçu l'ordre de tracer un abonné et de livrer à {2:said}, qu'aucune déclaration ne nomme comme collecteur.",
  ],
  [
    "{} was told to trace {} subscribers and to deliver to {}, which no declaration names as a collector.",
    "{1} a reçu l'ordre de tracer {2:said} abonnés et de livrer à {3:said}, qu'aucune déclaration ne nomme comme collecteur.",
  ],
  ["an unnamed collector", "un collecteur sans nom"],
  ["The declaration names every trace collection entity.", "La déclaration nomme toute entité de collecte de traces."],
  ["The decoder read the order rightly.", "Le décodeur a lu l'ordre correctement."],
  ["a declared trace job or bulk optimisation", "un travail de trace déclaré, ou une optimisation en masse"],
  ["{} is no declared collector", "{1:said} n'est pas un collecteur déclaré"],
  ["an order that was refused", "un ordre refusé"],
  ["the success answer was seen", "la réponse favorable a été observée"],
  ["no answer was seen", "aucune réponse n'a été observée"],
  [
    "the protocol does not answer this order, and no failure was seen",
    "le protocole ne répond pas à cet ordre, et aucun échec n'a été observé",
  ],

  // ungranted access
  ["{} had management access to {} by {}; {}.", "{1} a administré {2} par {3:said} ; {4:said}."],
  ["a management port", "un port d'administration"],
  ["the grant of {} for {} does not cover this time", "l'autorisation donnée à {1} pour {2} ne couvre pas ce moment"],
  ["the grant of {} for {} does not list {}", "l'autorisation donnée à {1} pour {2} ne mentionne pas {3}"],
  ["no grant of {} covers {}", "aucune autorisation donnée à {1} ne couvre {2}"],
  ["no grant lets {} manage {}", "aucune autorisation ne permet à {1} d'administrer {2}"],
  ["The grants list every permission to manage this element.", "Les autorisations énumèrent tout droit d'administrer cet élément."],
  [
    "Packets that bear the element's and the party's address were sent and received by them.",
    "Les paquets qui portent l'adresse de l'élément et celle de l'intervenant ont été émis et reçus par eux.",
  ],
  [
    "a grant for this party, function, protocol and time",
    "une autorisation pour cet intervenant, cette fonction, ce protocole et ce moment",
  ],
  ["an attempt that was refused", "une tentative refusée"],
  ["the handshake completed and data went both ways", "l'établissement a abouti et des données sont allées dans les deux sens"],
  ["no completed handshake was seen", "aucun établissement abouti n'a été observé"],
  ["another protocol on a management port", "un autre protocole sur un port d'administration"],
  ["the content is {}", "le contenu est {1:said}"],
  ["the content could not be recognised", "le contenu n'a pu être reconnu"],
  ["attempts at management that were refused or never answered", "tentatives d'administration refusées ou restées sans réponse"],
  ["the declaration leaves management access unreviewed", "la déclaration laisse l'accès d'administration sans relecture"],

  // unreasoned query
  [
    "{} asked {} for the {} of a subscriber and was answered; {}.",
    "{1} a demandé à {2} la donnée « {3:said} » d'un abonné et a obtenu réponse ; {4:said}.",
  ],
  [
    "{} asked {} for the {} of {} subscribers and was answered; {}.",
    "{1} a demandé à {2} la donnée « {3:said} » de {4:said} abonnés et a obtenu réponse ; {5:said}.",
  ],
  ["{} asked {} for the {} of a subscriber; {}.", "{1} a demandé à {2} la donnée « {3:said} » d'un abonné ; {4:said}."],
  ["{} asked {} for the {} of {} subscribers; {}.", "{1} a demandé à {2} la donnée « {3:said} » de {4:said} abonnés ; {5:said}."],
  ["location", "localisation"],
  ["authentication keys", "clés d'authentification"],
  ["subscription", "abonnement"],
  ["state", "état"],
  ["access domain", "domaine d'accès"],
  ["{} and {}", "{1:must} et {2:must}"],
  ["identity", "identité"],
  ["credentials", "secrets d'authentification"],
  ["metadata", "métadonnées"],
  ["content", "contenu"],
  ["nobody declared {} as somebody who may ask", "nul n'a déclaré {1} comme pouvant interroger"],
  [
    "{} is another network, and this query never crosses networks",
    "{1} est un autre réseau, et cette interrogation ne franchit jamais les réseaux",
  ],
  ["the subscriber is none of {}'s", "l'abonné n'appartient pas à {1}"],
  [
    "The declaration names every function, agent, partner and service that may ask.",
    "La déclaration nomme toute fonction, tout agent, partenaire ou service qui peut interroger.",
  ],
  [
    "The asker is who its Diameter identity or address says; both can be forged.",
    "Le demandeur est bien celui que dit son identité Diameter ou son adresse ; l'une et l'autre peuvent être falsifiées.",
  ],
  ["a declared function, service, agent or partner", "une fonction, un service, un agent ou un partenaire déclarés"],
  [
    "a procedure in progress (call routing, SMS, emergency, registration)",
    "une procédure en cours (acheminement d'appel, SMS, urgence, enregistrement)",
  ],
  ["no entry gives this asker such a part", "aucune entrée ne donne ce rôle à ce demandeur"],
  ["a question that was refused", "une demande refusée"],
  ["{} answer held what was asked for", "{1} réponse contenait ce qui était demandé"],
  ["{} answers held what was asked for", "{1} réponses contenaient ce qui était demandé"],
  ["no answer with the data was seen", "aucune réponse contenant la donnée n'a été observée"],

  // interception
  [
    "{} delivered intercepted content ({}) to {}, as it had been tasked to; {}.",
    "{1} a livré du contenu intercepté ({2}) à {3}, comme il en avait reçu l'ordre ; {4:said}.",
  ],
  ["{} delivered intercepted content ({}) to {}; {}.", "{1} a livré du contenu intercepté ({2}) à {3} ; {4:said}."],
  [
    "{} delivered intercepted events ({}) to {}, as it had been tasked to; {}.",
    "{1} a livré des événements interceptés ({2}) à {3}, comme il en avait reçu l'ordre ; {4:said}.",
  ],
  ["{} delivered intercepted events ({}) to {}; {}.", "{1} a livré des événements interceptés ({2}) à {3} ; {4:said}."],
  [
    "{} was given orders of lawful interception (X1) that concern {}; {}.",
    "{1} a reçu des ordres d'interception légale (X1) qui concernent {2} ; {3:said}.",
  ],
  ["no warrant names the person", "aucun mandat ne désigne la personne"],
  ["the warrant does not extend to content", "le mandat ne s'étend pas au contenu"],
  ["the warrant extends to content alone", "le mandat ne s'étend qu'au contenu"],
  ["it lies outside the warrant's period", "cela sort de la période du mandat"],
  ["the warrant names another receiver", "le mandat désigne un autre destinataire"],
  ["nobody declared the receiver", "nul n'a déclaré le destinataire"],
  ["nobody declared the function that delivers", "nul n'a déclaré la fonction qui livre"],
  ["nobody declared the requester as administration", "nul n'a déclaré le demandeur comme administration"],
  ["it bears a country code that was not declared", "cela porte un indicatif de pays non déclaré"],
  ["the task had been ended", "la tâche avait pris fin"],
  [
    "product or tasking whose person no message seen maps to an identity of the register",
    "produit ou ordre dont aucun message observé ne rattache la personne à une identité du registre",
  ],
  [
    "product or tasking between declared functions, and no register of warrants was given",
    "produit ou ordre entre fonctions déclarées, sans registre des mandats fourni",
  ],
  [
    "product that states no time of its own and arrived after a warrant's end",
    "produit sans heure propre, arrivé après la fin d'un mandat",
  ],
  ["no register of warrants was given", "aucun registre des mandats n'a été fourni"],
  [
    "as the register states: no entry covers person, scope, period and receiver together",
    "selon le registre : aucune entrée ne couvre ensemble personne, objet, période et destinataire",
  ],
  ["no declaration was given", "aucune déclaration n'a été fournie"],
  ["receivers, mediation and administration are listed", "destinataires, médiation et administration sont énumérés"],
  ["a warrant covers it", "un mandat le couvre"],
  ["declared mediation or monitoring", "médiation ou centre d'exploitation déclarés"],
  ["product that waited in a buffer", "produit resté en attente dans un tampon"],
  ["periods were tested on the product's own time", "les périodes ont été vérifiées sur l'heure propre du produit"],
  ["the breach does not rest on the time of arrival", "le manquement ne tient pas à l'heure d'arrivée"],
  ["a keep-alive or test", "un maintien de liaison ou un essai"],
  ["the PDUs carry product", "les PDU portent du produit"],
  ["the orders concern tasks", "les ordres concernent des tâches"],
  ["The register lists every warrant in force.", "Le registre énumère tout mandat en vigueur."],
  [
    "The declaration lists every function that takes part in lawful interception.",
    "La déclaration énumère toute fonction qui prend part à l'interception légale.",
  ],
  [
    "Packets that bear the element's and the receiver's address were sent and received by them.",
    "Les paquets qui portent l'adresse de l'élément et celle du destinataire ont été émis et reçus par eux.",
  ],
  ["The time that the product states is right.", "L'heure qu'indique le produit est exacte."],
  ["product beyond the number of streams that are kept apart", "produit au-delà du nombre de flux tenus séparés"],
  [
    "warrants in force of which no product was seen (no accusation: it may go another way)",
    "mandats en vigueur dont aucun produit n'a été vu (sans mise en cause : il peut passer ailleurs)",
  ],
  ["copies to a lawful address, and no register of warrants was given", "copies vers une adresse légale, sans registre des mandats fourni"],
  [
    "copies to a lawful address whose subscriber no message seen maps to the register",
    "copies vers une adresse légale, dont aucun message observé ne rattache l'abonné au registre",
  ],
  [
    "copies to a lawful address that sealed entries may cover: awaiting authority",
    "copies vers une adresse légale que des entrées scellées peuvent couvrir : dans l'attente de l'autorité",
  ],

  // weakened protection
  ["{} weakened protection for 1 subscriber: {}.", "{1} a affaibli la protection d'un abonné : {2:said}."],
  ["{} weakened protection for {} subscriber: {}.", "{1} a affaibli la protection de {2} abonné : {3:said}."],
  ["{} weakened protection for {} subscribers: {}.", "{1} a affaibli la protection de {2} abonnés : {3:said}."],
  ["{} weakened protection: {}.", "{1} a affaibli la protection : {2:said}."],
  ["{} chosen for a device that offers better", "{1:said} choisi pour un terminal qui offre mieux"],
  ['{} chosen where the declared policy says "{}"', "{1:said} choisi là où la politique déclarée dit « {2:said} »"],
  ["null integrity ({}) chosen for a device that offers better", "intégrité nulle ({1}) choisie pour un terminal qui offre mieux"],
  [
    'null integrity ({}) chosen where the declared policy says "{}"',
    "intégrité nulle ({1}) choisie là où la politique déclarée dit « {2:said} »",
  ],
  ["null ciphering (EEA0)", "chiffrement nul (EEA0)"],
  ["null integrity (EIA0)", "intégrité nulle (EIA0)"],
  ["null ciphering (NEA0)", "chiffrement nul (NEA0)"],
  ["null integrity (NIA0)", "intégrité nulle (NIA0)"],
  ["emergency", "urgence seulement"],
  ["never", "jamais"],
  [
    "security capabilities given to the eNB lowered below what the device offered",
    "capacités de sécurité annoncées à l'eNB abaissées sous celles du terminal",
  ],
  ["plain traffic on {}, which is declared as protected", "trafic en clair sur {1}, déclaré comme protégé"],
  [
    "No policy was declared: the function's own choices for others are the measure.",
    "Aucune politique n'a été déclarée : les choix de la fonction pour d'autres servent de mesure.",
  ],
  ["The declared policy says what this network must use.", "La politique déclarée dit ce que ce réseau doit employer."],
  ["The S1AP and NAS decoders read these messages rightly.", "Les décodeurs S1AP et NAS ont lu ces messages correctement."],
  ["an emergency call", "un appel d'urgence"],
  [
    "no emergency attach, connection or establishment cause was seen for these subscribers",
    "aucun rattachement, aucune connexion ni cause d'urgence n'a été observé pour ces abonnés",
  ],
  ["a device that offers nothing better", "un terminal qui n'offre rien de mieux"],
  ["the devices offered better algorithms", "les terminaux offraient de meilleurs algorithmes"],
  ["a command that the device refused", "une commande que le terminal a refusée"],
  ["the procedure went on after the command", "la procédure s'est poursuivie après la commande"],
  [
    "plain flows of protected interfaces that may lie behind a declared security gateway",
    "flux en clair d'interfaces protégées qui peuvent se trouver derrière une passerelle de sécurité déclarée",
  ],

  // coverage
  ["No packet was read.", "Aucun paquet n'a été lu."],
  [
    "No S1AP was seen: tunnels of the radio access cannot be told from ghosts, NAS security not judged.",
    "Aucun S1AP n'a été observé : les tunnels de l'accès radio ne se distinguent pas de tunnels fantômes, la sécurité NAS n'est pas jugée.",
  ],
  [
    "No session signalling of the core (S11, S5/S8, Sx/N4, Gn) was seen.",
    "Aucune signalisation de session du cœur (S11, S5/S8, Sx/N4, Gn) n'a été observée.",
  ],
  [
    "No S6a was seen: queries about subscribers at the HSS are not judged.",
    "Aucun S6a n'a été observé : les interrogations du HSS au sujet d'abonnés ne sont pas jugées.",
  ],
  [
    "Copies delayed by more than {} s would be missed: the table of prints was full ({} of {} MiB for prints used).",
    "Des copies retardées de plus de {1} s échapperaient : la table des empreintes était pleine ({2} Mio sur {3}).",
  ],
  [
    "Copies of what passed before the captures began would be missed; nothing that passed since was forgotten ({} of {} MiB for prints used).",
    "Des copies de ce qui est passé avant le début des captures échapperaient ; rien de ce qui est passé depuis n'a été oublié (empreintes : {1} Mio sur {2}).",
  ],
  [
    "No copy left {} readable on its path: each of {} subscribers' packets that left had entered on its links, all of them tapped; its own conversations sent {} octets, which bound what could have left in them beside {} octets of subscribers' packets.",
    "Aucune copie lisible n'a quitté {1} sur son chemin : chacun des {2} paquets d'abonnés sortis était entré par ses liens, tous captés ; ses propres échanges ont émis {3} octets, ce qui borne ce qui a pu en sortir à côté de {4} octets de paquets d'abonnés.",
  ],
  [
    "{} of {} subscribers' packets that left {} ({} octets) had not entered on its links, although all of them are tapped; its own conversations sent {} octets, which bound what could have left in them beside {} octets of subscribers' packets.",
    "{1} des {2} paquets d'abonnés sortis de {3} ({4} octets) n'étaient pas entrés par ses liens, pourtant tous captés ; ses propres échanges ont émis {5} octets, ce qui borne ce qui a pu en sortir à côté de {6} octets de paquets d'abonnés.",
  ],
  [
    "One packet in {} was searched for copies: copies of few packets would be missed.",
    "Un paquet sur {1} a été examiné à la recherche de copies : des copies de peu de paquets échapperaient.",
  ],
  [
    "{} packets on further ways than the search can tell apart were not searched for copies.",
    "{1} paquets, sur plus de chemins que la recherche n'en distingue, n'ont pas été examinés.",
  ],
  [
    "frames cut by the snap length, or the file ends inside a frame",
    "trames tronquées à la captation, ou fichier terminé au milieu d'une trame",
  ],
  ["{}: recognised, cannot be read", "{1} : reconnu, illisible"],
  ["{}: recognised, not decoded by this version", "{1} : reconnu, non décodé par cette version"],
  ["IP datagrams whose fragments were not all seen", "datagrammes IP dont tous les fragments n'ont pas été vus"],
  [
    "IP fragments that break their rules, or were cut by the capture",
    "fragments IP contraires à leurs règles, ou tronqués par la captation",
  ],
  ["flows forgotten early because too many were open", "flux oubliés avant terme, car trop étaient ouverts"],
  ["conversations only counted because too many were open", "conversations seulement comptées, car trop étaient ouvertes"],
  ["identities forgotten because too many were known", "identités oubliées, car trop étaient connues"],
  ["tunnel ends forgotten because too many were known", "extrémités de tunnel oubliées, car trop étaient connues"],
  ["frames not listed because the frame budget was used up", "trames non énumérées, car la limite était atteinte"],

  // rhythm of encrypted copies
  [
    "An encrypted flow from {} to {}, which nothing declared explains, follows the traffic of one subscriber packet by packet ({} packets), while the originals went on to their destinations.",
    "Un flux chiffré de {1} vers {2:said}, que rien de déclaré n'explique, suit paquet par paquet le trafic d'un abonné ({3} paquets), tandis que les originaux poursuivaient leur route.",
  ],
  [
    "An encrypted flow from {} to {}, which nothing declared explains, follows the traffic of {} subscribers packet by packet ({} packets), while the originals went on to their destinations.",
    "Un flux chiffré de {1} vers {2:said}, que rien de déclaré n'explique, suit paquet par paquet le trafic de {3} abonnés ({4} paquets), tandis que les originaux poursuivaient leur route.",
  ],
  ["bursts followed, for this pair alone", "rafales suivies, pour cette seule paire"],
  [
    "second half: {} of {} bursts of one subscriber's uplink were followed",
    "seconde moitié : {1} rafales montantes d'un abonné sur {2} ont été suivies",
  ],
  [
    "second half: {} of {} bursts of one subscriber's downlink were followed",
    "seconde moitié : {1} rafales descendantes d'un abonné sur {2} ont été suivies",
  ],
  [
    "by chance at most {} % are (shifted in time, and against everybody else who was active)",
    "par hasard, {1:num} % au plus le sont (décalées dans le temps, et face à tous les autres alors actifs)",
  ],
  ["family", "famille"],
  ["{} pairs of carrier and train were tried", "{1} paires de flux porteur et de train ont été essayées"],
  ["rounded down; at most {}: bursts are a model", "arrondi par défaut ; {1} au plus : les rafales sont un modèle"],
  [
    "an encrypted leg of the path (IPsec of the backhaul, an enterprise's or subscriber's VPN, ePDG)",
    "un tronçon chiffré du chemin (IPsec de collecte, VPN d'entreprise ou d'abonné, ePDG)",
  ],
  [
    "{} packets with payload came back for {}: the far end takes part",
    "{1} paquets porteurs de charge sont revenus pour {2} : l'extrémité distante prend part à l'échange",
  ],
  [
    "what a subscriber sent and what it received both travel in one direction of the carrier, and next to nothing comes back ({} of {})",
    "ce qu'un abonné a émis et ce qu'il a reçu voyagent dans le même sens du flux porteur, et presque rien ne revient ({1} sur {2})",
  ],
  [
    "only one direction of the subscribers' traffic is followed, as on a leg whose other direction is not seen",
    "un seul sens du trafic d'abonnés est suivi, comme sur un tronçon dont l'autre sens n'est pas observé",
  ],
  [
    "records about the traffic (logs, charging, flow export), not the traffic",
    "des enregistrements sur le trafic (journaux, taxation, export de flux), non le trafic",
  ],
  [
    "{} % of the carrier's octets lie in messages as long as the packets they follow, of {} different lengths",
    "{1} % des octets du flux porteur sont dans des messages aussi longs que les paquets qu'ils suivent, de {2} longueurs différentes",
  ],
  ["a bulk transfer or a busy hour at the same time", "un transfert en masse ou une heure chargée au même moment"],
  [
    "shifted in time, and for other subscribers, at most {} % of the bursts are followed",
    "décalées dans le temps, et pour d'autres abonnés, {1:num} % des rafales au plus sont suivies",
  ],

  // covert channel: places
  ["{} sent {} {}.", "{1} a envoyé à {2} : {3:must}."],
  [
    "{} messages whose private extension (enterprise {}) holds fresh random-looking data each time",
    "{1} messages dont l'extension privée (entreprise {2}) porte chaque fois des données nouvelles, d'apparence aléatoire",
  ],
  [
    "{} messages whose private extension (enterprise {}) holds fresh random-looking data each time, although it is declared as constant",
    "{1} messages dont l'extension privée (entreprise {2}), déclarée constante, porte chaque fois des données nouvelles, d'apparence aléatoire",
  ],
  ["{} messages with data {}", "{1} messages portant des données {2:must}"],
  ["behind the message", "derrière le message"],
  ["behind the last element", "derrière le dernier élément"],
  ["it looks random", "d'apparence aléatoire"],
  ["{} AVPs whose padding holds data in place of zeros", "{1} AVP dont le remplissage porte des données au lieu de zéros"],
  ["{} messages whose spare octet holds data", "{1} messages dont l'octet de réserve porte des données"],
  ["{} GTP echo with content that does not belong there ({})", "{1} écho GTP au contenu qui n'y a pas sa place ({2:said})"],
  ["{} GTP echoes with content that does not belong there ({})", "{1} échos GTP au contenu qui n'y a pas sa place ({2:said})"],
  ["the header's spare octet", "l'octet de réserve de l'en-tête"],
  ["octets behind the message", "octets derrière le message"],
  ["octets behind its elements", "octets derrière ses éléments"],
  ["a version that the port does not speak", "une version que le port ne parle pas"],
  [
    "{} DNS names below {}, hardly one asked twice, whose labels hold {} dense octets each",
    "{1} noms DNS sous {2}, presque aucun demandé deux fois, dont les étiquettes portent {3} octets denses chacune",
  ],
  ["a scanner, or a faulty implementation", "un balayage, ou une réalisation fautive"],
  ["an odd echo is met on real networks, too", "un écho singulier se rencontre aussi sur de vrais réseaux"],
  ["look-ups keyed by a hash (reputation, content networks)", "des recherches par empreinte (réputation, réseaux de contenu)"],
  ["such names look as random as data do", "de tels noms ont le même aspect aléatoire que des données"],
  ["names asked on behalf of subscribers", "des noms demandés pour le compte d'abonnés"],
  [
    "the asker is an element, and answers nobody's DNS questions itself",
    "le demandeur est un élément, qui ne répond lui-même aux questions DNS de personne",
  ],
  ["reverse look-ups and 3GPP's own long names", "les recherches inverses et les longs noms propres au 3GPP"],
  ["the domain is none of theirs", "le domaine n'est pas des leurs"],
  [
    "{} short frames whose padding holds data in place of zeros",
    "{1} trames courtes dont le remplissage porte des données au lieu de zéros",
  ],
  ["{} frames with data behind their packet", "{1} trames portant des données derrière leur paquet"],
  ["a trailer that tap or switch appends", "une queue ajoutée par la captation ou le commutateur"],
  ["other frames of the same point have none", "d'autres trames du même point n'en ont pas"],
  ["{} packets with data behind their UDP datagram", "{1} paquets portant des données derrière leur datagramme UDP"],
  ["UDP options (RFC 9868)", "des options UDP (RFC 9868)"],
  ["options have kinds and lengths; this has no structure", "les options ont des types et des longueurs ; ceci n'a pas de structure"],
  ["{} datagrams with data behind their G-PDU", "{1} datagrammes portant des données derrière leur G-PDU"],
  [
    "{} GTP-U messages with an extension header of unassigned type",
    "{1} messages GTP-U portant un en-tête d'extension de type non attribué",
  ],
  [
    "{} ICMP echo requests whose content is new each time and follows no pattern",
    "{1} demandes d'écho ICMP dont le contenu est nouveau chaque fois et ne suit aucun motif",
  ],
  ["an ordinary ping", "un ping ordinaire"],
  [
    "its content is a time stamp and a pattern, or the same each time; this is neither",
    "son contenu est un horodatage et un motif, ou toujours le même ; ceci n'est ni l'un ni l'autre",
  ],
  ["{} ICMP echo replies that hold something else than what was asked", "{1} réponses d'écho ICMP qui portent autre chose que la demande"],
  ["a reply that was cut short", "une réponse tronquée"],
  ["the replies are as long as the requests, or longer", "les réponses sont aussi longues que les demandes, ou plus longues"],
  [
    "{} user messages under a payload protocol identifier that nobody assigned, on an association that otherwise carries known ones",
    "{1} messages sous un identifiant de protocole que nul n'a attribué, sur une association qui en porte par ailleurs de connus",
  ],
  ["a known identifier in the wrong octet order", "un identifiant connu dans le mauvais ordre d'octets"],
  ["neither order gives an assigned one", "aucun des deux ordres n'en donne un d'attribué"],
  ["an association of another protocol", "une association d'un autre protocole"],
  ["the same two ends exchange known messages", "les deux mêmes extrémités échangent des messages connus"],
  [
    "{} SCTP packets whose chunk padding holds data in place of zeros",
    "{1} paquets SCTP dont le remplissage des blocs porte des données au lieu de zéros",
  ],
  [
    "{} SCTP chunks of a type that nobody assigned, or padding chunks with data",
    "{1} blocs SCTP d'un type que nul n'a attribué, ou blocs de remplissage portant des données",
  ],
  ["an undocumented but harmless feature", "une fonction non documentée mais sans malice"],
  ["what the content means is not known", "le sens du contenu est inconnu"],
  ["memory that a network driver leaks into its padding", "de la mémoire qu'un pilote réseau laisse fuir dans son remplissage"],
  ["what it would leak is not known", "ce qu'il laisserait fuir est inconnu"],
  ["compressed or encrypted data of an undocumented feature", "données comprimées ou chiffrées d'une fonction non documentée"],

  // further reasons
  [
    "predefined rules activated by name alone ({}): what they do stands in the user plane, not on the wire",
    "règles prédéfinies activées par leur seul nom ({1}) : ce qu'elles font est écrit dans le plan usager, non sur le câble",
  ],
  [
    "duplication to a peer of which one address is declared and the other is not",
    "duplication vers un correspondant dont une adresse est déclarée et l'autre non",
  ],
  [
    "traces to a collector that is named, where the declaration lists collectors by address",
    "traces vers un collecteur désigné par un nom, alors que la déclaration les énumère par adresse",
  ],
  ["{} is declared for other data than {}", "{1} est déclaré pour d'autres données que {2:said}"],
  ["{} has no part in which it asks {}", "{1} n'a aucun rôle dans lequel demander {2}"],
  [
    "it comes in the name of {}, but not from its address nor through a declared agent",
    "elle vient au nom de {1}, mais ni de son adresse ni par un agent déclaré",
  ],
  ["nobody declared {}, which asks through {}", "nul n'a déclaré {1}, qui interroge par {2}"],
  ["it speaks for network {}, which is none of {}'s", "elle parle pour le réseau {1}, qui n'appartient pas à {2}"],
  [
    "{} asks as if the subscriber were there, who went on being served here",
    "{1} interroge comme si l'abonné était chez lui, alors qu'il restait servi ici",
  ],
  [
    "places asked by the own subscriber data function: on whose behalf, these points do not show",
    "positions demandées par la fonction de données d'abonnés du réseau : pour le compte de qui, ces points ne le montrent pas",
  ],
  [
    "Copies of subscriber traffic were not searched for, as asked.",
    "Les copies de trafic d'abonnés n'ont pas été recherchées, comme demandé.",
  ],
  ["the detector of {} failed and was left out: {}", "le détecteur de {1} est tombé en panne et a été écarté : {2}"],
  [
    "a record claims an impossible length; reading went on {} octets later",
    "un enregistrement annonce une longueur impossible ; la lecture a repris {1} octets plus loin",
  ],
  [
    "a record claims an impossible length; the last {} octets could not be read",
    "un enregistrement annonce une longueur impossible ; les {1} derniers octets n'ont pu être lus",
  ],
  [
    "a block states an impossible length; reading went on {} octets later",
    "un bloc annonce une longueur impossible ; la lecture a repris {1} octets plus loin",
  ],
  [
    "a block states an impossible length; the last {} octets could not be read",
    "un bloc annonce une longueur impossible ; les {1} derniers octets n'ont pu être lus",
  ],
  [
    "a section has format version {}, which nobody defined yet; it was passed over",
    "une section est d'une version de format {1} que nul n'a encore définie ; elle a été passée",
  ],
  ["blocks name interfaces that the file does not describe", "des blocs nomment des interfaces que le fichier ne décrit pas"],
  [
    "{} user messages under a payload protocol identifier that nobody assigned, on an association that otherwise carries known ones ({})",
    "{1} messages sous un identifiant de protocole que nul n'a attribué, sur une association qui en porte par ailleurs de connus ({2})",
  ],
  [
    "{} GTP-U messages with an extension header of unassigned type ({})",
    "{1} messages GTP-U portant un en-tête d'extension de type non attribué ({2})",
  ],
  [
    "{} SCTP chunks of a type that nobody assigned, or padding chunks with data ({})",
    "{1} blocs SCTP d'un type que nul n'a attribué, ou blocs de remplissage portant des données ({2})",
  ],
  [
    "tunnels whose signalling may lie before the capture's start, on links not captured, or in what the capture lost",
    "tunnels dont la signalisation peut précéder la capture, passer par des liens non captés, ou figurer dans ce que la capture a perdu",
  ],
  ["{} GTP echo requests whose length contradicts their datagram", "{1} demandes d'écho GTP dont la longueur contredit leur datagramme"],
  [
    "packets with octets where none belong that were not measured because too many senders had such",
    "paquets portant des octets là où il n'en faut pas, non mesurés car trop d'émetteurs en avaient",
  ],

  [
    "{} was told to deliver the packets of a subscriber to {}; {}.",
    "{1} a reçu l'ordre de livrer à {2} les paquets d'un abonné ; {3:must}.",
  ],
  [
    "{} was told to deliver the packets of {} subscribers to {}; {}.",
    "{1} a reçu l'ordre de livrer à {3} les paquets de {2:said} abonnés ; {4:must}.",
  ],
  [
    "Every link of the element is tapped whole, as declared: the original entered, the copy left, and no copy entered.",
    "Chaque lien de l'élément est capté en entier, selon la déclaration : l'original est entré, la copie est sortie, et aucune copie n'est entrée.",
  ],
  [
    "no conversation at this point was seen both ways: what comes back, if anything does, would not show",
    "aucun échange n'a été vu dans les deux sens en ce point : un retour, s'il y en a un, n'apparaîtrait pas",
  ],
  [
    "traces to a collector of which one address is declared and the other is not",
    "traces vers un collecteur dont une adresse est déclarée et l'autre non",
  ],
  [
    "queries through an agent in messages that were cut before they name the asker",
    "interrogations par un agent, dans des messages tronqués avant le nom du demandeur",
  ],
  [
    "null algorithms that emergencies may have, for devices whose context began outside what was captured",
    "algorithmes nuls, admis pour les urgences, sur des terminaux dont le contexte a commencé hors de ce qui a été capté",
  ],

  // what captures say of themselves
  ["the capturing interface says that it lost {} packets", "l'interface de captation dit avoir perdu {1} paquets"],
  ["the packets' drop counts say that it lost {} packets", "d'après le compte porté par les paquets, {1} paquets ont été perdus"],
  [
    "the capture ends inside a record, {} octets after the last whole one",
    "la capture s'arrête au milieu d'un enregistrement, {1} octets après le dernier entier",
  ],
  ["{}; what could be decompressed was read", "{1:must} ; ce qui a pu être décomprimé a été lu"],
  ["the zstd stream ends early", "le flux zstd s'arrête avant terme"],
  ["the gzip stream ends early", "le flux gzip s'arrête avant terme"],
  ["the zstd stream is damaged", "le flux zstd est endommagé"],
  ["the gzip stream is damaged", "le flux gzip est endommagé"],
  ["further gaps of this capture, together", "autres lacunes de cette capture, ensemble"],
  ["{}: {}; {}", "{1} : {2:must} ; {3:must}"],
  ["ends inside the file header", "s'arrête dans l'en-tête du fichier"],
  ["ends inside the section header", "s'arrête dans l'en-tête de section"],
  ["is pcap of version {}, which is not supported", "est du pcap de version {1}, que ce programme ne lit pas"],
  ["is pcapng of version {}, which is not supported", "est du pcapng de version {1}, que ce programme ne lit pas"],
  ["is no capture of a known type", "n'est pas une capture d'un type connu"],
  ["no such file", "fichier absent"],
  ["permission denied", "accès refusé"],
  ["cannot be read", "illisible"],
  ["cannot be read ({})", "illisible ({1})"],
  ["copy the file again", "recopiez le fichier"],
  ["check the path", "vérifiez le chemin"],
  ["check who may read it", "vérifiez qui peut le lire"],
  ["check the file and its device", "vérifiez le fichier et son support"],
  ["name a capture with at least its header", "donnez une capture qui ait au moins son en-tête"],
  [
    'pcap and pcapng are read, plain or compressed with gzip or zstd; convert others with "editcap -F pcapng"',
    "pcap et pcapng sont lus, bruts ou comprimés par gzip ou zstd ; convertissez les autres par « editcap -F pcapng »",
  ],

  // entries of the log
  ["{} packets of {} captures", "{1} paquets de {2} captures"],
  ["{} packets of {} capture", "{1} paquets de {2} capture"],
  ["carved of finding {}", "paquets extraits du constat {1}"],
  ["match of finding {}", "concordances du constat {1}"],
  ["opening of finding {}", "ouverture du constat {1}"],
  ["challenge of finding {}", "défi sur le constat {1}"],

  // whose a receiver is
  ["only an identity is known", "seule une identité est connue"],
  ["{} is in the network", "{1} est dans le réseau"],
  ["{} has no known PLMN", "{1} n'a pas de PLMN connu"],
  ["{}, by its PLMN", "{1}, d'après son PLMN"],
  ["declared, without a country", "déclaré, sans pays"],
  ["the declaration does not know this address", "la déclaration ne connaît pas cette adresse"],

  // tables of a case
  [
    "Not shown here: {}: more than {} rows; the largest are shown.",
    "Non montré ici : {1}, au-delà de {2} lignes ; les plus grandes sont montrées.",
  ],
  ["Not shown here: the case's database cannot be read: {}.", "Non montré ici : la base du dossier ne peut être lue ({1})."],
  ["Not shown here: {}: {}.", "Non montré ici : {1} ({2})."],
];
