import type { TUNNEL } from "#model/statements/tunnel.ts";
import type { Messages } from "./messages.ts";

export const TUNNEL_WORDS: Messages<typeof TUNNEL> = {
  "tunnel.summary": {
    en: "{element} {direction, select, both {exchanged user traffic with} sent {sent user traffic to} other {received user traffic from}} {far} in {tunnels, plural, one {# tunnel} other {# tunnels}} that {cause, select, never {no signalling set up} others {signalling set up for others} other {signalling had taken down}}.",
    fr: "{element} {direction, select, both {a échangé du trafic d'usager avec} sent {a envoyé du trafic d'usager à} other {a reçu du trafic d'usager de}} {far} dans {tunnels, plural, one {# tunnel} other {# tunnels}} {cause, select, never {qu'aucune signalisation n'a {tunnels, plural, one {établi} other {établis}}} others {que la signalisation avait {tunnels, plural, one {établi} other {établis}} pour d'autres} other {que la signalisation avait {tunnels, plural, one {libéré} other {libérés}}}}.",
  },
  "name.gateway": { en: "a gateway", fr: "une passerelle" },
  "name.address": { en: "an address", fr: "une adresse" },
  "premise.signalling-covered": {
    en: "All control messages of this association passed the capture points from its set-up on.",
    fr: "Tous les messages de commande de cette association sont passés par les points d'observation dès son établissement.",
  },
  "premise.tunnel-decoders": {
    en: "The decoders read every message that could have named this tunnel.",
    fr: "Les décodeurs ont lu tout message qui aurait pu nommer ce tunnel.",
  },
  "explanation.earlier-signalling": {
    en: "signalling before the capture's start",
    fr: "une signalisation antérieure au début de la capture",
  },
  "tunnel.release-seen": {
    en: "the tunnel's set-up and its release were seen",
    fr: "l'établissement et la libération du tunnel ont été observés",
  },
  "tunnel.others-named": {
    en: "the session's set-up was seen, and names other ends, which use the tunnels of this end",
    fr: "l'établissement de la session a été observé et nomme d'autres extrémités, qui utilisent les tunnels de celle-ci",
  },
  "tunnel.set-up-seen": {
    en: "the set-up of the control association was seen before the tunnel's first packet",
    fr: "l'établissement de l'association de commande a été observé avant le premier paquet du tunnel",
  },
  "tunnel.neighbours-seen": {
    en: "other tunnels of this end were being signalled before this one's first packet; those of an older session would not show",
    fr: "d'autres tunnels de cette extrémité étaient signalés avant le premier paquet de celui-ci ; ceux d'une session plus ancienne n'apparaîtraient pas",
  },
  "explanation.handover-forwarding": {
    en: "handover forwarding between eNBs",
    fr: "renvoi entre eNB lors d'un transfert intercellulaire",
  },
  "tunnel.end-is-gateway": { en: "{name} is not a base station", fr: "{name} n'est pas une station de base" },
  "tunnel.far-end-not-enb": {
    en: "nothing shows {far} to be a base station",
    fr: "rien ne montre que {far} soit une station de base",
  },
  "tunnel.both-ends-enb": {
    en: "both ends are base stations, and X2 may not have been captured",
    fr: "les deux extrémités sont des stations de base, et X2 peut ne pas avoir été capté",
  },
  "explanation.signalling-elsewhere": {
    en: "signalling on a link that was not captured, or in a hole that left no trace",
    fr: "une signalisation sur un lien non capté, ou perdue dans un trou de la capture qui n'a laissé aucune trace",
  },
  "tunnel.no-hole-seen": {
    en: "these points show no other control link and no leap in the numbers of SCTP, GTP-C and PFCP, and cannot show that there is none",
    fr: "ces points ne montrent pas d'autre lien de commande ni de saut dans les numéros de SCTP, GTP-C et PFCP, et ne peuvent montrer qu'il n'y en a pas",
  },
  "undecided.tunnel-unseen": {
    en: "tunnels whose signalling may lie before the capture's start, on links not captured, or in what the capture lost",
    fr: "tunnels dont la signalisation peut précéder la capture, passer par des liens non captés, ou figurer dans ce que la capture a perdu",
  },
};
