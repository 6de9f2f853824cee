/** The authority's side: sealing entries before product flows, and answering questions about streams. */
import { randomBytes } from "node:crypto";
import type { TargetIdentifier } from "#model/interception.ts";
import { WarrantRegister, type Coverage } from "#register/covers.ts";
import { readMoment, toWarrant, type WarrantFields } from "#register/fields.ts";
import { compareInstants, type Instant } from "#model/time.ts";
import type { Warrant } from "#register/types.ts";
import { commitment, fileDigest, signed, streamDigest } from "./authority.ts";
import {
  DOMAIN,
  PAD_ENTRIES,
  type Answer,
  type AnswersFile,
  type AuthorityKey,
  type Opening,
  type Question,
  type QuestionContent,
  type SealedRegisterFile,
} from "./format.ts";
import { read } from "./question.ts";

/** `sealedAt`: RFC 3339, UTC. The openings stay with the authority; the file may be given to anybody. */
export function sealWarrants(
  warrants: readonly WarrantFields[],
  key: AuthorityKey,
  sealedAt: string,
): { readonly file: SealedRegisterFile; readonly openings: readonly Opening[] } {
  const openings = warrants.map((warrant) => ({ warrant, salt: randomBytes(32).toString("hex") }));
  const entries = openings.map(({ warrant, salt }) => commitment(warrant, salt));
  const padded = Math.max(1, Math.ceil(entries.length / PAD_ENTRIES)) * PAD_ENTRIES;
  while (entries.length < padded) entries.push(randomBytes(32).toString("hex"));
  entries.sort();
  const file = signed(key, DOMAIN.register, {
    schema: "tapproof/sealed-register/1" as const,
    by: key.public,
    sealedAt,
    entries,
  });
  return { file, openings };
}

/** Answers each question: with the opening of the entry that covers the stream at some time of it, else "not ours". */
export async function answerQuestions(
  questions: readonly Question[],
  register: SealedRegisterFile,
  openings: readonly Opening[],
  key: AuthorityKey,
): Promise<{ readonly file: AnswersFile; readonly unread: number }> {
  const digest = fileDigest(register);
  const answers: Answer[] = [];
  let unread = 0;
  for (const question of questions) {
    const content = question.register === digest ? await read(question, key) : undefined;
    if (content === undefined) unread++;
    else answers.push(answerTo(question.id, content, openings));
  }
  answers.sort((a, b) => (a.question < b.question ? -1 : 1));
  return { file: signed(key, DOMAIN.answers, { schema: "tapproof/answers/1" as const, by: key.public, answers }), unread };
}

function answerTo(question: string, content: QuestionContent, openings: readonly Opening[]): Answer {
  let open = false;
  for (const opening of openings) {
    const warrant = toWarrant(opening.warrant);
    if ("problem" in warrant) continue;
    const coverage = coverageOf(warrant, content);
    if (coverage === "covered") return { answer: "opening", question, opening };
    if (coverage === "undecidable") open = true;
  }
  if (open) return { answer: "undecided", question };
  const { blind, from, to } = content;
  return { answer: "not ours", question, blind, stream: streamDigest(content.stream, blind), from, to };
}

/** Whether the entry covers the stream, in every kind, at some time of it: what goes beyond is then judged as with any open entry. */
function coverageOf(warrant: Warrant, { stream, from, to, timeIsOwn }: QuestionContent): Coverage {
  const register = new WarrantRegister([warrant]);
  const began = readMoment(from) as Instant;
  const time = compareInstants(warrant.from, began) > 0 ? warrant.from : began;
  if (compareInstants(time, readMoment(to) as Instant) > 0) return "too-early";
  const answers = stream.kinds.map((kind) =>
    register.covers({
      targets: stream.targets as TargetIdentifier[],
      joined: stream.joined as TargetIdentifier[],
      liids: stream.liids,
      kind,
      time,
      timeIsOwn,
      receiver: stream.receiver,
      receiverMediates: stream.receiverMediates,
    }),
  );
  return answers.find((a) => a !== "covered" && a !== "undecidable") ?? answers.find((a) => a === "undecidable") ?? "covered";
}
