/**
 * Hand-overs of the bundle to an accused vendor, and its replies: kept in case.json, and as records of type `reply` in the case's log, which every
 * bundle carries.
 */
import { createHash } from "node:crypto";
import { openCaseLog } from "#evidence/log/case-log.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import { CaseFolder } from "#store/case-folder.ts";
import { REPLY_DAYS, type CaseMetaWithReplies, type HandOver, type Reply } from "./draft.ts";

export const REPLY_SCHEMA = "tapproof/reply/1";

export const limits = {
  /** Octets of a reply: a statement, not a dossier; longer ones travel beside the case and are named by their hash. */
  replyBytes: 256 * 1024,
} as const;

/** The hand-over or reply cannot be recorded; the command line shows the message and ends with 2. */
export class ReplyError extends Error {
  override readonly name = "ReplyError";
  readonly exitCode = 2;
}

/** The vendor had the bundle at `at` (RFC 3339); its period begins. */
export function recordHandOver(path: string, signer: Signer, vendor: string, at: string, days = REPLY_DAYS): HandOver {
  const handOver: HandOver = { vendor, at, days };
  keep(path, signer, { kind: "hand-over", ...handOver }, (meta) => ({ ...meta, handOvers: [...(meta.handOvers ?? []), handOver] }));
  return handOver;
}

/** The reply's text as it came: UTF-8 without NUL. Throws `ReplyError`. */
export function recordReply(path: string, signer: Signer, vendor: string, at: string, octets: Uint8Array, file: string): Reply {
  if (octets.length > limits.replyBytes)
    throw new ReplyError(`${file}: a reply has at most ${limits.replyBytes / 1024} KiB; shorten it, and name the rest by its SHA-256`);
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    throw new ReplyError(`${file}: is not UTF-8 text; a reply is a text file`);
  }
  if (text.includes("\u0000")) throw new ReplyError(`${file}: is not text; a reply is a text file`);
  const reply: Reply = { vendor, at, sha256: createHash("sha256").update(octets).digest("hex"), text };
  keep(path, signer, { kind: "reply", ...reply }, (meta) => ({ ...meta, replies: [...(meta.replies ?? []), reply] }));
  return reply;
}

function keep(path: string, signer: Signer, record: object, change: (meta: CaseMetaWithReplies) => CaseMetaWithReplies): void {
  const folder = CaseFolder.open(path);
  const log = openCaseLog(path, signer);
  try {
    log.append("reply", { schema: REPLY_SCHEMA, type: "reply", ...record });
  } finally {
    log.close();
  }
  folder.writeJson("meta", change(folder.readJson<CaseMetaWithReplies>("meta")));
}
