/** One sentence a claim, written in each language, for readers of a language in which the detector said nothing. */
import type { Claim } from "#model/finding.ts";

export interface ClaimFacts {
  readonly element: string;
  readonly receiver: string;
  readonly packets: string;
  readonly subscribers: string;
  readonly nSubscribers: number;
}
export type ClaimSentences = Readonly<Record<Claim, (f: ClaimFacts) => string>>;

export const CLAIM_SENTENCES_EN: ClaimSentences = {
  "covert-copy": (f) => `${f.element} sent copies of ${f.packets} of ${f.subscribers} to ${f.receiver}, which nothing declared explains.`,
  "unwarranted-interception": (f) =>
    `${f.element} delivered intercepted data of ${f.subscribers} to ${f.receiver} without a warrant that covers it.`,
  "undeclared-duplication": (f) => `${f.element} was told to duplicate the packets of ${f.subscribers} to ${f.receiver}.`,
  "undeclared-trace": (f) => `${f.element} was told to trace ${f.subscribers} and to deliver to ${f.receiver}.`,
  "ghost-tunnel": (f) => `${f.element} exchanged ${f.packets} of user traffic with ${f.receiver} in a tunnel that no signalling set up.`,
  "undeclared-peer": (f) => `${f.element} exchanged traffic with ${f.receiver}, which the declaration does not explain.`,
  "ungranted-access": (f) => `${f.receiver} had management access to ${f.element} without a grant that covers it.`,
  "unreasoned-query": (f) => `${f.receiver} asked ${f.element} about ${f.subscribers}, for no reason that was declared or seen.`,
  "covert-channel": (f) => `${f.element} sent data to ${f.receiver} hidden in fields that should carry little or none.`,
  "weakened-protection": (f) => `${f.element} let traffic of ${f.subscribers} go without the protection it ought to have.`,
};

export const CLAIM_SENTENCES_FR: ClaimSentences = {
  "covert-copy": (f) =>
    `${f.element} a envoyé à ${f.receiver}, que rien de déclaré n'explique, la copie de ${f.packets} de ${f.subscribers}.`,
  "unwarranted-interception": (f) =>
    `${f.element} a livré à ${f.receiver} des données interceptées de ${f.subscribers} sans mandat qui les couvre.`,
  "undeclared-duplication": (f) => `${f.element} a reçu l'ordre de dupliquer vers ${f.receiver} les paquets de ${f.subscribers}.`,
  "undeclared-trace": (f) => `${f.element} a reçu l'ordre de tracer ${f.subscribers} et de livrer à ${f.receiver}.`,
  "ghost-tunnel": (f) =>
    `${f.element} a échangé avec ${f.receiver} ${f.packets} de trafic d'usager dans un tunnel qu'aucune signalisation n'a établi.`,
  "undeclared-peer": (f) => `${f.element} a échangé du trafic avec ${f.receiver}, que la déclaration n'explique pas.`,
  "ungranted-access": (f) => `${f.receiver} a administré ${f.element} sans autorisation qui couvre cet accès.`,
  "unreasoned-query": (f) => `${f.receiver} a interrogé ${f.element} au sujet de ${f.subscribers}, sans motif déclaré ni observé.`,
  "covert-channel": (f) =>
    `${f.element} a envoyé à ${f.receiver} des données cachées dans des champs qui ne devraient rien porter, ou presque.`,
  "weakened-protection": (f) => `${f.element} a laissé le trafic de ${f.subscribers} sans la protection qui lui est due.`,
};
