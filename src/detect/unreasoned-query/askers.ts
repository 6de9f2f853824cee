/** Who may ask what: the roles that 3GPP gives each procedure, and the entries of the declaration's `queries`. */
import { rolesOf } from "#declaration/roles.ts";
import type { DeclaredFunction, DeclaredQuery } from "#declaration/types.ts";
import type { Question, Topic } from "./questions.ts";
import { MOBILITY, SUBSCRIBER_DATA } from "#declaration/role-groups.ts";

const SERVICES = ["AS", "SMSC", "gsmSCF", "NEF", "SCEF", "AF"];

/** Functions that ask by each procedure (TS 23.002 §6, TS 23.271 §5, TS 23.682 §4). */
const ASKERS: Readonly<Record<string, readonly string[]>> = {
  "s6a-air": [...MOBILITY],
  "s6a-ulr": [...MOBILITY],
  "s6a-idr": [...SUBSCRIBER_DATA],
  "slg-plr": ["GMLC", "LMF"],
  "slh-rir": ["GMLC", "SLP"],
  "sh-udr": [...SERVICES, "S-CSCF", "E-CSCF", "GMLC", "BSF"],
  "sh-snr": [...SERVICES, "S-CSCF", "E-CSCF", "GMLC", "BSF"],
  "cx-lir": ["I-CSCF", "S-CSCF", "P-CSCF", "BSF", "AS"],
  "cx-mar": ["S-CSCF", "I-CSCF", "BSF", "AS"],
  "swx-mar": ["AAA", "ePDG", "TWAG", "AUSF"],
  "s6c-srr": ["SMSC", "SMSF", "AS", "MSC"],
  "s6m-sir": ["SCEF", "NEF", "SMSC"],
  "s6t-cir": ["SCEF", "NEF"],
  "gtp-identification": [...MOBILITY],
  "gtp-context": [...MOBILITY],
};

/** Whether a function's roles give it the procedure; undefined where a role is not known here. */
export function mayAsk(asker: DeclaredFunction, question: Question): boolean | undefined {
  const roles = asker.roles.map((role) => rolesOf(role));
  const askers = ASKERS[question.procedure] ?? [];
  if (roles.some((atoms) => atoms.some((atom) => askers.includes(atom)))) return true;
  return roles.length === 0 || roles.some((atoms) => atoms.length === 0) ? undefined : false;
}

/** `sh-udr`, `Sh UDR`, `SH_UDR`, `udr`, `sh`: people write procedures in many ways. */
function names(declared: string, procedure: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  const [reference = "", command = ""] = procedure.split("-");
  return [plain(procedure), reference, command].includes(plain(declared));
}

/** Words for data, and what each of them also allows: who may know the place may know the access and the state. */
const WORDS: readonly (readonly [RegExp, readonly Topic[]])[] = [
  [/^t?ads|domainselection|access/, ["tads"]],
  [/state|status|reachab|presence/, ["state", "tads"]],
  [/locat|position|place|cell|area/, ["location", "state", "tads"]],
  [/identit|imsi|msisdn|imei|number|rout|servingnode/, ["identity"]],
  [/profile|subscription|registration/, ["profile", "identity"]],
  [/credential|vector|authent|key/, ["credentials"]],
];

function topicsOf(word: string): readonly Topic[] | "any" {
  const plain = word.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  // A word that is not known here may mean anything: nobody is accused by it.
  return WORDS.find(([pattern]) => pattern.test(plain))?.[1] ?? "any";
}

/** `covered`: an entry allows it; `beyond`: entries for this procedure allow other data only; `silent`: no entry is about it. */
export function declaredQuery(entries: readonly DeclaredQuery[], question: Question): "covered" | "beyond" | "silent" {
  const about = entries.filter(({ procedures }) => procedures.length === 0 || procedures.some((name) => names(name, question.procedure)));
  if (about.length === 0) return "silent";
  const allowed = new Set<Topic>();
  for (const { data } of about) {
    if (data.length === 0) return "covered";
    for (const word of data) {
      const topics = topicsOf(word);
      if (topics === "any") return "covered";
      for (const topic of topics) allowed.add(topic);
    }
  }
  return question.topics.every((topic) => allowed.has(topic)) ? "covered" : "beyond";
}
