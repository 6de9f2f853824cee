/**
 * Seals a case: sends the head of its log to the witnesses of its policy and, where one is configured, to a time-stamping authority, and
 * keeps what they answered beside the log. Until the quorum has answered the case is `pending`; nothing here ever turns a claimed time
 * into a witnessed one.
 *
 *   log/sealed/<size>                signed note: the head, the log's signature, cosignatures
 *   log/sealed/<size>.<id>.tsr       RFC 3161 reply over `stampedOctets` of that head; <id> tells authorities apart
 */
import { hash, type X509Certificate } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EvidenceError } from "#evidence/evidence-error.ts";
import type { VerifierKey } from "#evidence/keys/note-key.ts";
import type { Signer } from "#evidence/keys/signer.ts";
import type { CaseLog, LogStatus } from "#evidence/log/case-log.ts";
import { writeWhole } from "#evidence/log/durable.ts";
import { keepSealed, sealedPath } from "#evidence/log/sealed.ts";
import { formatNote, parseNote, type Note } from "#evidence/note/note.ts";
import { stamp } from "#evidence/timestamp/client.ts";
import { verifyTimestamp, type Timestamp } from "#evidence/timestamp/response.ts";
import { requestCosignature, type WitnessTarget } from "#evidence/witness/client.ts";

export interface SealSettings {
  /** Default: the witnesses of the log's policy that have an address. */
  readonly witnesses?: readonly WitnessTarget[];
  /** Address of an RFC 3161 service. */
  readonly tsa?: string;
  readonly tsaAuthorities?: readonly X509Certificate[];
}

export interface SealOutcome {
  readonly status: LogStatus;
  readonly witnesses: readonly { readonly name: string; readonly cosigned: boolean; readonly why: string }[];
  readonly timestamp: Timestamp | null;
}

/** Failures of single witnesses are in the outcome; a witness that has seen another history throws `log-rolled-back`. */
export async function sealCase(log: CaseLog, signer: Signer, settings: SealSettings = {}): Promise<SealOutcome> {
  const { head, size } = log.alone(() => {
    const note = log.checkpoint();
    keepSealed(log.folder, note, []);
    return { head: note, size: log.size };
  });
  const earlier = log.sealed();
  const policy = log.policy();
  const targets = settings.witnesses ?? policy.witnesses.flatMap(({ name, key, url }) => (url === undefined ? [] : [{ name, key, url }]));
  const answers = await Promise.all(
    targets.map(async (target) => {
      const mine = earlier.findLast((sealed) =>
        sealed.cosignatures.some(({ key }) => key.name === target.key.name && key.id === target.key.id),
      );
      try {
        return { target, signature: await requestCosignature(log, head, signer, target, mine?.checkpoint.size) };
      } catch (error) {
        if (!(error instanceof EvidenceError) || error.code === "log-rolled-back") throw error;
        return { target, why: error.message };
      }
    }),
  );
  const cosignatures = answers.flatMap((answer) => ("signature" in answer && answer.signature !== undefined ? [answer.signature] : []));
  log.alone(() => keepSealed(log.folder, head, cosignatures));
  let timestamp: Timestamp | null = null;
  if (settings.tsa !== undefined) {
    const made = await stamp(stampedOctets(parseNote(head), log.key), settings.tsa, settings.tsaAuthorities ?? []);
    writeWhole(`${sealedPath(log.folder, size)}.${hash("sha256", settings.tsa, "hex").slice(0, 8)}.tsr`, made.reply);
    timestamp = made.timestamp;
  }
  return {
    status: log.status(),
    witnesses: answers.map((answer) => ({
      name: answer.target.name,
      cosigned: "signature" in answer,
      why: "signature" in answer ? "cosigned" : (answer.why ?? ""),
    })),
    timestamp,
  };
}

/**
 * What a time stamp is over: the note as the log alone signed it. So the stamp shows that the log's *signature* was there at that time, which still
 * means something when the log's key is stolen later.
 */
export function stampedOctets(note: Note, logKey: VerifierKey): Uint8Array {
  const own = note.signatures.filter(({ name, id }) => name === logKey.name && id === logKey.id).slice(0, 1);
  return Buffer.from(formatNote({ text: note.text, signatures: own }));
}

export interface StoredTimestamp {
  readonly size: number;
  readonly file: string;
  readonly timestamp: Timestamp | null;
  /** Why it does not hold; null where it does. */
  readonly problem: string | null;
}

/** Time stamps kept with a case, verified again (the nonce is not kept: it only mattered for the answer to be fresh). */
export function storedTimestamps(log: CaseLog, authorities: readonly X509Certificate[] = []): StoredTimestamp[] {
  const folder = join(log.folder, "log", "sealed");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .flatMap((file) => {
      const size = /^([1-9][0-9]{0,15})\.[0-9a-f]{8}\.tsr$/.exec(file)?.[1];
      return size === undefined ? [] : [{ file, size: Number(size) }];
    })
    .sort((a, b) => a.size - b.size || (a.file < b.file ? -1 : 1))
    .map(({ file, size }) => {
      try {
        const data = stampedOctets(parseNote(readFileSync(sealedPath(log.folder, size), "utf8")), log.key);
        return {
          file,
          size,
          timestamp: verifyTimestamp(readFileSync(join(folder, file)), { data, nonce: undefined, authorities }),
          problem: null,
        };
      } catch (error) {
        return { file, size, timestamp: null, problem: error instanceof Error ? error.message : "unreadable" };
      }
    });
}
