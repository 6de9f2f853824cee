/** What `verify.html` says, in two languages. Names of checks and their details are the verifier's own, in English, as the command prints them. */
import { typeset } from "#words/typeset.ts";
import type { Level, Origin, Status } from "#verify/verify.ts";

export interface VerifyWords {
  readonly language: "en" | "fr";
  readonly page: Readonly<
    Record<
      | "title"
      | "lead"
      | "pick"
      | "key"
      | "witnesses"
      | "parties"
      | "running"
      | "tooLarge"
      | "couldNot"
      | "noBundle"
      | "private"
      | "language"
      | "absence",
      string
    >
  >;
  readonly status: Readonly<Record<Status, string>>;
  readonly origin: Readonly<Record<Origin["status"], string>>;
  readonly level: Readonly<Record<Level, string>>;
  readonly signer: string;
  readonly weaker: string;
  readonly attested: string;
}

const PLAIN: Readonly<Record<"en" | "fr", VerifyWords>> = {
  en: {
    language: "en",
    page: {
      title: "Check a bundle",
      lead: "Drop a bundle (*.tapproof) here, or choose one. It is read by this page alone and sent nowhere.",
      pick: "Bundle",
      key: "Key of who is expected to have signed (tapproof.pub), received by a separate channel",
      witnesses: "Keys of witnesses that must have cosigned, if you know any",
      parties: "Keys of installer and third party of a seal, if you know them",
      running: "Checking…",
      tooLarge: "This bundle is too large for a page; use tapproof verify, or verify.py.",
      couldNot: "This browser could not check it.",
      noBundle: "this is not a bundle.",
      private:
        "This page makes no connection: its own policy forbids any. Compare its SHA-256 with the one in the documentation or a report.",
      language: "Français",
      absence:
        "That something is absent (no path, no warrant) is attested here; only a replay on the full captures (tapproof verify --captures) shows it.",
    },
    status: { passed: "holds", failed: "FAILED", "not checked": "open" },
    origin: {
      checked: "signed by the key given",
      "not checked": "origin not checked: anybody could have signed this",
      wrong: "NOT signed by the key given",
    },
    level: {
      none: "Not intact",
      L1: "L1: intact, but what it says does not follow",
      L2: "L2: intact, and what it says follows from what it discloses",
      L3: "L3",
    },
    signer: "Signed by",
    weaker: "Weaker than a whole scan",
    attested: "Attested only, no replay shows it",
  },
  fr: {
    language: "fr",
    page: {
      title: "Vérifier une liasse de preuves",
      lead: "Déposez ici une liasse de preuves (*.tapproof), ou choisissez-en une. Cette page seule la lit ; elle n'est envoyée nulle part.",
      pick: "Liasse de preuves",
      key: "Clé de qui doit l'avoir signée (tapproof.pub), obtenue par une autre voie que la liasse",
      witnesses: "Clés des témoins qui doivent l'avoir cosignée, si vous en connaissez",
      parties: "Clés de l'installateur et du tiers d'un scellé, si vous les connaissez",
      running: "Vérification…",
      tooLarge: "Cette liasse est trop volumineuse pour une page ; employez tapproof verify ou verify.py.",
      couldNot: "Ce navigateur n'a pas pu la vérifier.",
      noBundle: "ce n'est pas une liasse de preuves.",
      private:
        "Cette page n'ouvre aucune connexion : sa propre politique les interdit toutes. Comparez son SHA-256 à celui de la documentation ou d'un rapport.",
      language: "English",
      absence:
        "Qu'une chose soit absente (pas de chemin, pas de mandat) n'est ici qu'attesté ; seule la relecture des captures entières (tapproof verify --captures) le montre.",
    },
    status: { passed: "tient", failed: "ÉCHEC", "not checked": "ouvert" },
    origin: {
      checked: "signée par la clé indiquée",
      "not checked": "origine non vérifiée : n'importe qui a pu signer",
      wrong: "PAS signée par la clé indiquée",
    },
    level: {
      none: "Altérée",
      L1: "L1 : intacte, mais ce qu'elle affirme n'en découle pas",
      L2: "L2 : intacte, et ce qu'elle affirme découle de ce qu'elle montre",
      L3: "L3",
    },
    signer: "Signé par",
    weaker: "Plus faible qu'un examen complet",
    attested: "Seulement attesté, aucune relecture ne le montre",
  },
};

export const VERIFY_WORDS: Readonly<Record<"en" | "fr", VerifyWords>> = { en: PLAIN.en, fr: typeset(PLAIN.fr) };
