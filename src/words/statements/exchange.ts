import type { EXCHANGE } from "#model/statements/exchange.ts";
import type { Messages } from "./messages.ts";

export const EXCHANGE_WORDS: Messages<typeof EXCHANGE> = {
  "flow.subscriber-elsewhere": {
    en: "plain subscriber traffic on {interface}, where none belongs",
    fr: "trafic d'abonné en clair sur {interface}, où il n'a pas sa place",
  },
  "flow.unreviewed": {
    en: "the declaration leaves management access unreviewed",
    fr: "la déclaration laisse l'accès d'administration sans relecture",
  },
  "flow.no-fitting-interface": {
    en: "the declared roles of both give them no interface that speaks {protocol}",
    fr: "les rôles déclarés des deux ne leur donnent aucune interface qui parle {protocol}",
  },
  "flow.not-for-protocol": { en: "{who} is declared, but not for {protocol}", fr: "{who} est déclaré, mais pas pour {protocol}" },
  "flow.undeclared": {
    en: "{address} is undeclared{weakness, select, refused {; it was refused} icmp {; only ICMP was seen} routing {; neighbouring routers speak this} oneway {; no payload both ways was seen} other {}}",
    fr: "{address} n'est pas déclaré{weakness, select, refused { ; l'échange a été refusé} icmp { ; seul de l'ICMP a été observé} routing { ; des routeurs voisins parlent ainsi} oneway { ; aucune charge utile n'a été vue dans les deux sens} other {}}",
  },
  "flow.over-tcp": { en: "this over TCP", fr: "cet usage de TCP" },
  "flow.over-udp": { en: "this over UDP", fr: "cet usage d'UDP" },
  "flow.over-sctp": { en: "this over SCTP", fr: "cet usage de SCTP" },
  "flow.ip-protocol": { en: "IP protocol {protocol}", fr: "le protocole IP {protocol}" },
  "flow.management": { en: "management", fr: "l'administration" },
  "flow.grant-other-time": {
    en: "the grant of {who} for {element} ({grant}) does not cover this time: it is valid {bounds, select, both {from {from} to {to}} from {from {from}} to {until {to}} other {at any time}}, and was first exceeded at {at}",
    fr: "l'autorisation donnée à {who} pour {element} ({grant}) ne couvre pas ce moment : elle vaut {bounds, select, both {du {from} au {to}} from {à partir du {from}} to {jusqu'au {to}} other {en tout temps}}, et a été dépassée une première fois le {at}",
  },
  "flow.first-excess": {
    en: "the period of grant {grant} was first exceeded",
    fr: "la période de l'autorisation {grant} a été dépassée une première fois",
  },
  "flow.grant-other-protocol": {
    en: "the grant of {who} for {element} ({grant}) does not list {protocol}: it allows {protocols}",
    fr: "l'autorisation donnée à {who} pour {element} ({grant}) ne mentionne pas {protocol} : elle permet {protocols}",
  },
  "flow.grant-other-function": {
    en: "no grant of {who} covers {element}: its grants cover {functions}",
    fr: "aucune autorisation donnée à {who} ne couvre {element} : ses autorisations couvrent {functions}",
  },
  "flow.no-grant": { en: "no grant lets {who} manage {element}", fr: "aucune autorisation ne permet à {who} d'administrer {element}" },

  "peer.summary": {
    en: "{element} {direction, select, both {exchanged traffic with} sent {sent traffic to} other {received traffic from}} {peer}{spoken, select, known { by {protocols}} other {}}; {because}.",
    fr: "{element} {direction, select, both {a échangé du trafic avec} sent {a envoyé du trafic à} other {a reçu du trafic de}} {peer}{spoken, select, known { par {protocols}} other {}} ; {because}.",
  },
  "peer.lists-subscribers": {
    en: "what it carries lists {identities} subscribers with their cells, which its entry ({entry}) does not let it carry",
    fr: "ce qu'il transporte énumère {identities} abonnés avec leurs cellules, ce que son entrée ({entry}) ne permet pas",
  },
  "premise.peer-declaration": {
    en: "The declaration names every host that this element may talk to.",
    fr: "La déclaration nomme tout hôte auquel cet équipement peut parler.",
  },
  "explanation.declared-host": {
    en: "a declared function, service, partner or party",
    fr: "une fonction, un service, un partenaire ou un intervenant déclarés",
  },
  "explanation.stray": { en: "a scan that was refused, or a stray packet", fr: "un balayage refusé, ou un paquet égaré" },
  "peer.both-sent": { en: "both sides sent payload", fr: "les deux côtés ont envoyé de la charge utile" },
  "peer.one-way": { en: "payload went one way only", fr: "la charge utile n'est allée que dans un sens" },
  "explanation.subscribers-own": { en: "a subscriber's own traffic", fr: "le trafic propre d'un abonné" },
  "peer.not-a-subscriber": {
    en: "the address on the core's side is an element's, not a subscriber's",
    fr: "l'adresse du côté du cœur est celle d'un équipement, non d'un abonné",
  },
  "undecided.pairs-forgotten": {
    en: "pairs of an element and a peer left out because too many were known: those that said least",
    fr: "couples d'un équipement et d'un correspondant écartés car trop étaient connus : ceux qui ont le moins échangé",
  },
  "undecided.peer-in-tunnel": {
    en: "exchanges of an element with addresses that live inside tunnels whose set-up was not seen: subscribers of older sessions, most likely",
    fr: "échanges d'un équipement avec des adresses vues dans des tunnels dont l'établissement n'a pas été observé : sans doute des abonnés de sessions plus anciennes",
  },
  "peer.may-be-subscriber": {
    en: "so many tunnels had no set-up in view that the peer may be a subscriber",
    fr: "tant de tunnels sont apparus sans établissement observé que le correspondant peut être un abonné",
  },
  "undecided.peer-unanswered": {
    en: "approaches by undeclared hosts that no element answered",
    fr: "approches d'hôtes non déclarés auxquelles aucun équipement n'a répondu",
  },

  "access.summary": {
    en: "{party} had management access to {element} by {protocols}; {because}.",
    fr: "{party} a administré {element} par {protocols} ; {because}.",
  },
  "access.management-port": { en: "a management port", fr: "un port d'administration" },
  "premise.grants": {
    en: "The grants list every permission to manage this element.",
    fr: "Les autorisations d'accès énumèrent tout droit d'administrer cet équipement.",
  },
  "explanation.grant": {
    en: "a grant for this party, function, protocol and time",
    fr: "une autorisation pour cet intervenant, cette fonction, ce protocole et ce moment",
  },
  "access.handshake-completed": {
    en: "the handshake completed and data went both ways",
    fr: "l'établissement a abouti et des données sont allées dans les deux sens",
  },
  "access.no-handshake": { en: "no completed handshake was seen", fr: "aucun établissement abouti n'a été observé" },
  "explanation.other-protocol": {
    en: "another protocol on a management port",
    fr: "un autre protocole sur un port d'administration",
  },
  "access.content-is": { en: "the content is {protocols}", fr: "le contenu est du {protocols}" },
  "access.content-unknown": { en: "the content could not be recognised", fr: "le contenu n'a pu être reconnu" },
  "undecided.access-refused": {
    en: "attempts at management that were refused or never answered",
    fr: "tentatives d'administration refusées ou restées sans réponse",
  },
};
