/**
 * What a verifier says beside its checks, by code, in both languages: what makes a run weaker than a whole scan, and what rests on whoever sealed
 * it. English is the verifier's own (`src/verify`, which imports nothing); a test holds them together. Imports nothing: `verify.html` carries it.
 */

/** Numbers of a bundle, as its verifier tells them. */
export type VerdictValues = Readonly<Record<string, string | number>>;
type Weaker = (values: VerdictValues, claim: (code: string) => string) => string;

interface Verdict {
  readonly weaknesses: Readonly<Record<string, Weaker>>;
  readonly attested: Readonly<Record<string, string>>;
  readonly run: (n: string | number) => string;
}

const en: Verdict = {
  weaknesses: {
    sampled: (v) => `copies were searched for in one packet of ${v["sample"]}`,
    "no-copy-search": () => "copies were not searched for",
    "copy-budget": (v) => `the search for copies had ${v["octets"]} octets of memory`,
    "detector-off": (v, claim) => `${claim(String(v["claim"]))} was not looked for`,
    version: (v) => `scanned by version ${v["scanned"]}, this is ${v["version"]}`,
    "no-declaration": () => "no declaration was given",
  },
  attested: {
    captures: "that the captures are what went over the wires",
    "capture-names": "what the captures are called",
    declaration: "that the declaration is the operator's",
    register: "that the register is the one that was in force",
    gaps: "gaps of captures that were not read",
    beacon: "the public random value of the time",
    "print-keys": "that the keys of prints were drawn by chance",
    "copy-memory": "how much memory the search for copies had left",
    pseudonyms: "pseudonyms and commitments that were not opened",
    openings: "reasons and times of what was opened",
    seal: "times and parties of the seal",
    intake: "who handed the captures over, and when",
    reply: "what the accused answered",
  },
  run: (n) => ` (run ${n})`,
};

const fr: Verdict = {
  weaknesses: {
    sampled: (v) => `les copies n'ont été cherchées que dans un paquet sur ${v["sample"]}`,
    "no-copy-search": () => "les copies n'ont pas été cherchées",
    "copy-budget": (v) => `la recherche de copies disposait de ${v["octets"]} octets de mémoire`,
    "detector-off": (v, claim) => `non recherché : ${claim(String(v["claim"]))}`,
    version: (v) => `examen fait par la version ${v["scanned"]}, celle-ci est la ${v["version"]}`,
    "no-declaration": () => "aucune déclaration n'a été fournie",
  },
  attested: {
    captures: "que les captures sont bien ce qui a circulé",
    "capture-names": "le nom des captures",
    declaration: "que la déclaration est celle de l'opérateur",
    register: "que le registre est celui qui était en vigueur",
    gaps: "les lacunes des captures qui n'ont pas été lues",
    beacon: "la valeur aléatoire publique du moment",
    "print-keys": "que les clés des empreintes ont été tirées au hasard",
    "copy-memory": "la mémoire qui restait à la recherche de copies",
    pseudonyms: "les pseudonymes et engagements qui n'ont pas été ouverts",
    openings: "les motifs et les dates de ce qui a été ouvert",
    seal: "les dates et les parties du scellé",
    intake: "qui a remis les captures, et quand",
    reply: "ce que la partie mise en cause a répondu",
  },
  run: (n) => ` (examen ${n})`,
};

const VERDICTS = { en, fr } as const;

/** In the language; the verifier's own words where a newer verifier knows more. `claim` names a claim. */
export function weaknessSaid(
  { code, words, values }: { readonly code: string; readonly words: string; readonly values: VerdictValues },
  language: "en" | "fr",
  claim: (code: string) => string = (known) => known,
): string {
  const { weaknesses, run } = VERDICTS[language];
  if (!Object.hasOwn(weaknesses, code)) return words;
  const said = (weaknesses[code] as Weaker)(values, claim);
  return values["run"] === undefined ? said : `${said}${run(values["run"])}`;
}

export function attestedSaid({ code, words }: { readonly code: string; readonly words: string }, language: "en" | "fr"): string {
  const { attested } = VERDICTS[language];
  return Object.hasOwn(attested, code) ? (attested[code] as string) : words;
}
