/** The operator's side: sealed registers of authorities, their answers, and the questions that a run leaves. */
import type { TargetIdentifier } from "#model/interception.ts";
import type { Instant } from "#model/time.ts";
import { compareInstants, toRfc3339 } from "#model/time.ts";
import { canonicalJson } from "#evidence/canonical-json.ts";
import type { AwaitingAuthority, UncoveredStream } from "#register/awaiting.ts";
import { readMoment, toWarrant } from "#register/fields.ts";
import type { Warrant } from "#register/types.ts";
import { commitment, fileDigest, streamDigest } from "./authority.ts";
import { limits, type Answer, type AnswersFile, type Question, type SealedRegisterFile, type Stream } from "./format.ts";
import { ask, newBlind, questionId } from "./question.ts";

type NotOurs = Extract<Answer, { answer: "not ours" }>;

interface Held {
  readonly file: SealedRegisterFile;
  readonly digest: string;
  readonly sealedAt: Instant;
  readonly notOurs: readonly NotOurs[];
  /** By canonical stream: asked once a run, for the whole time seen. */
  readonly due: Map<string, { readonly stream: Stream; from: Instant; to: Instant; timeIsOwn: boolean }>;
}

/** Sealed entries of all authorities: which streams they may cover, and what is asked about those. One run long. */
export class SealedRegisters implements AwaitingAuthority {
  private readonly held: readonly Held[];
  private readonly network: string | null;
  /** Entries that authorities have opened: from now on entries like any other. */
  readonly opened: readonly Warrant[];
  /** Streams past the limit of questions. */
  unasked = 0;

  /** Files must have been checked (`load.ts`). `network`: the declaration's name. */
  constructor(files: readonly SealedRegisterFile[], answers: readonly AnswersFile[], network: string | null) {
    this.network = network;
    const all = answers.flatMap(({ by, answers: list }) => list.map((a) => ({ by: by.signing, a })));
    this.held = files.map((file) => ({
      file,
      digest: fileDigest(file),
      sealedAt: readMoment(file.sealedAt) as Instant,
      notOurs: all.flatMap(({ by, a }) => (a.answer === "not ours" && by === file.by.signing ? [a] : [])),
      due: new Map(),
    }));
    this.opened = answers.flatMap(({ by, answers: list }) =>
      list.flatMap((a) => (a.answer === "opening" && this.committed(by.signing, a) ? openedWarrant(a) : [])),
    );
  }

  private committed(by: string, { opening }: Extract<Answer, { answer: "opening" }>): boolean {
    const entry = commitment(opening.warrant, opening.salt);
    return this.held.some(({ file }) => file.by.signing === by && file.entries.includes(entry));
  }

  awaits(uncovered: UncoveredStream, from: Instant, to: Instant, timeIsOwn: boolean): boolean {
    const stream = streamOf(uncovered, this.network);
    const text = canonicalJson(stream);
    let awaited = false;
    for (const held of this.held) {
      // An entry sealed after the product began commits to nothing about it.
      if (compareInstants(held.sealedAt, from) > 0) continue;
      if (held.notOurs.some((a) => denies(a, stream, from, to) && a.question === questionId(held.digest, a.blind))) continue;
      awaited = true;
      const due = held.due.get(text);
      if (due !== undefined) {
        if (compareInstants(from, due.from) < 0) due.from = from;
        if (compareInstants(to, due.to) > 0) due.to = to;
      } else if (held.due.size < limits.questions) held.due.set(text, { stream, from, to, timeIsOwn });
      else this.unasked++;
    }
    return awaited;
  }

  /** One sealed question a stream and authority, in no order that tells anything. */
  async questions(): Promise<Question[]> {
    const asked: Question[] = [];
    for (const { file, due } of this.held) {
      for (const { stream, from, to, timeIsOwn } of due.values()) {
        asked.push(await ask(file, { blind: newBlind(), stream, from: toRfc3339(from), to: toRfc3339(to), timeIsOwn }));
      }
    }
    return asked.sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

function denies(answer: NotOurs, stream: Stream, from: Instant, to: Instant): boolean {
  const [first, last] = [readMoment(answer.from) as Instant, readMoment(answer.to) as Instant];
  return compareInstants(first, from) <= 0 && compareInstants(last, to) >= 0 && streamDigest(stream, answer.blind) === answer.stream;
}

function openedWarrant({ opening }: Extract<Answer, { answer: "opening" }>): Warrant[] {
  const warrant = toWarrant(opening.warrant);
  return "problem" in warrant ? [] : [warrant];
}

function streamOf(s: UncoveredStream, network: string | null): Stream {
  return {
    network,
    interface: s.interface,
    element: s.element,
    receiver: s.receiver,
    receiverMediates: s.receiverMediates,
    kinds: [...s.kinds].sort(),
    targets: sorted(s.targets),
    joined: sorted(s.joined),
    liids: [...new Set(s.liids)].sort(),
    xid: s.xid ?? null,
  };
}

function sorted(targets: readonly TargetIdentifier[]): TargetIdentifier[] {
  const unique = new Map(targets.map((t) => [`${t.kind}:${t.value}`, { kind: t.kind, value: t.value, element: t.element, sent: t.sent }]));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, t]) => t);
}
